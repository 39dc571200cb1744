"""What a fit says of itself goes with its draws, and is told where worlds are drawn from them; misfits are refused."""

from __future__ import annotations

import html
import io
import json
import re
import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from daily import few
from pptx import Presentation
from small import FIRST, first_look
from test_fit import written

from wom_sim.present.deck import deck
from wom_sim.present.report import report
from wom_sim.present.result_folder import read
from wom_sim.scenario import ScenarioError, load_scenario
from wom_sim.scenario.posterior import DRAWS, JUDGED, Judged, cautions, posterior_of
from wom_sim.scenario.uncertain import doubts, not_drawn
from wom_sim.study.compare_worlds import compare_worlds
from wom_sim.study.store import write_parquet
from wom_sim.study.worlds_drawn import posterior_as_data, said_of_posterior
from wom_sim.words import LANGUAGES, Words

BETA, CHI, LAG = "behaviour.leaving.beta", "behaviour.leaving.chi", "media.outlets.forum.lag"
SOUND = Judged("A letter of then", (), 0.9, 200, (0.85, 0.95))
STRANGE = Judged("A letter of then", ("posts 7-14", "national"), 0.9, 200, (0.85, 0.95))
UNSURE = Judged("A letter of then", (), 0.715, 200, (0.85, 0.95))
BOTH = Judged("Een brief van toen", ("posts 7-14",), 0.715, 200, (0.85, 0.95))


def draws(folder, judged=SOUND, keys=(BETA, CHI)):
    """Write a file of draws, as a fit leaves it, and return the folder."""
    folder.mkdir(exist_ok=True)
    luck = np.random.default_rng(5)
    table = pd.DataFrame({key: luck.uniform(0.2, 0.4, 200) for key in keys})
    write_parquet(folder / DRAWS, table, None if judged is None else {JUDGED: judged.text()})
    return folder


def scenario_of(folder, *more):
    return load_scenario(FIRST, [*first_look(2), f'worlds.posterior="{folder.as_posix()}"', *more])


def sets_of(folder, *more):
    asked = [*first_look(2), f'worlds.posterior="{folder.as_posix()}"', *more]
    return [part for each in asked for part in ("--set", each)]


def plain(text):
    """A text without marks and line ends; of a page, what one reads."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text))).replace("\xa0", " ")


# -- what the file says of itself ----------------------------------------------------------------------------


@pytest.mark.parametrize("judged", [SOUND, STRANGE, UNSURE, BOTH, Judged("s", (), None, 0, (0.85, 0.95))])
def test_a_judgement_comes_back_from_the_file_as_it_was(tmp_path, judged):
    assert posterior_of(scenario_of(draws(tmp_path / "fit", judged))).judged == judged


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"scenario": "x"}', "no json", "null", '{"scenario":1,"sure":3}'])
def test_a_judgement_that_cannot_be_read_is_none(tmp_path, text):
    write_parquet(tmp_path / DRAWS, pd.DataFrame({BETA: [0.1, 0.2]}), {JUDGED: text})
    assert posterior_of(scenario_of(tmp_path)).judged is None


@pytest.mark.parametrize(
    ("judged", "english", "dutch"),
    [
        (SOUND, [], []),
        (STRANGE, ["cannot show this within its ranges: posts 7-14 and national"], ["niet kan laten zien: posts 7-14"]),
        (UNSURE, ["in 71.5 % of the tries on 200 worlds"], ["in 71,5 % van de proeven op 200 werelden"]),
        (BOTH, ["not to be trusted", "with caution"], ["niet te vertrouwen", "wees voorzichtig"]),
        (None, ["carries no judgement"], ["draagt geen oordeel"]),
    ],
)
def test_what_a_fit_says_of_itself_is_said_in_both_languages(judged, english, dutch):
    for lang, wanted in (("en", english), ("nl", dutch)):
        said = cautions(judged, Words(lang))
        assert len(said) == len(wanted)
        assert all(part in sentence for part, sentence in zip(wanted, said, strict=True)), said


@pytest.mark.parametrize(("share", "said"), [(0.85, 0), (0.95, 0), (0.849, 1), (0.951, 1)])
def test_intervals_are_doubted_where_the_fit_doubts_them(share, said):
    assert len(cautions(SOUND.__class__("s", (), share, 200, (0.85, 0.95)), Words())) == said


# -- told where worlds are drawn -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """A run over worlds drawn from a fit that does not trust itself; with what the command said."""
    folder = tmp_path_factory.mktemp("told")
    draws(folder / "fit", BOTH, (BETA, CHI, "no.such.key"))
    asked = ["compare", FIRST, *sets_of(folder / "fit", f"{CHI}=0.3"), "--worlds", "8", "--out", str(folder / "out")]
    result = subprocess.run([sys.executable, "-m", "wom_sim", *asked], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return folder, result


def test_the_screen_and_run_json_tell_it(judged):
    folder, result = judged
    told = json.loads((folder / "out" / "run.json").read_text())["posterior"]
    assert Judged.of(told["judged"]) == BOTH
    assert told["not_drawn"] == {"no_number": ["no.such.key"], "stated": [CHI]}
    for where in (plain(result.stdout), plain(result.stderr)):
        assert "“Een brief van toen”, says of itself that the model cannot show this" in where
        assert "in 71.5 % of the tries" in where and "take what was learned with caution" in where
        assert "this is not drawn here: " in where and "no.such.key (no number of this scenario)" in where


@pytest.mark.parametrize("lang", few(LANGUAGES))
def test_the_report_tells_it_beside_what_was_drawn_and_so_does_the_deck(judged, lang):
    found = read(judged[0] / "out")
    page = report(found, lang)
    assumed = plain(page[page.index('<section id="assumed"') : page.index('<section id="repeat"')])
    wanted = {
        "en": ("Posts, day 7 to 13", "not to be trusted", "with caution", "no number of this scenario"),
        "nl": ("Berichten online, dag 7 tot en met 13", "niet te vertrouwen", "wees voorzichtig", "geen getal van dit"),
    }[lang]
    assert all(text in assumed for text in wanted), assumed
    slides = Presentation(io.BytesIO(deck(found, lang))).slides
    notes = " ".join(plain(slide.notes_slide.notes_text_frame.text) for slide in slides)
    assert all(text in notes for text in wanted)


@pytest.mark.science
def test_worlds_judged_anew_tell_it_once_more(judged, command):
    folder, _ = judged
    sets = sets_of(folder / "fit", f"{CHI}=0.3")
    code, out, _ = command("compare", FIRST, *sets, "--resume", "--out", folder / "out")
    assert code == 0 and "says of itself" in plain(out)


def test_a_notebook_tells_it(judged):
    found = compare_worlds(scenario_of(judged[0] / "fit"), 4, workers=1)
    assert "says of itself" in repr(found._shown())


def test_of_a_sound_fit_nothing_is_said_and_without_one_nothing_is_noted(tmp_path):
    told = posterior_as_data(scenario_of(draws(tmp_path / "fit")))
    assert told["not_drawn"] == {} and said_of_posterior(told, Words()) == []
    assert posterior_as_data(load_scenario(FIRST, first_look(2))) is None and said_of_posterior(None, Words()) == []


@pytest.mark.science
def test_a_real_fit_that_finds_what_was_seen_strange_is_told_by_who_draws_from_it(tmp_path, command):
    code, said, _ = command(
        "fit", written(tmp_path, posts=99_999), "--out", tmp_path / "fit", "--worlds", 200, "--check", 0
    )
    assert code == 0 and "The model cannot show this within its ranges: posts, extra_left." in said
    assert json.loads((tmp_path / "fit" / "run.json").read_text())["strange"] == ["posts", "extra_left"]
    (tmp_path / "alone").mkdir()
    shutil.copy(tmp_path / "fit" / DRAWS, tmp_path / "alone" / DRAWS)  # the file alone is handed on
    code, out, _ = command("compare", FIRST, *sets_of(tmp_path / "alone"), "--worlds", 4, "--json")
    assert code == 0 and json.loads(out)["posterior"]["judged"]["strange"] == ["posts", "extra_left"]


# -- what of it is not used ----------------------------------------------------------------------------------


def test_keys_that_nothing_uses_are_told_by_their_reason(tmp_path):
    folder = draws(tmp_path / "fit", SOUND, (BETA, CHI, LAG, "a.b"))
    scenario = scenario_of(folder, f"{CHI}=0.3", f'worlds.fixed=["{LAG}"]')
    assert not_drawn(scenario) == {"stated": [CHI, LAG], "no_number": ["a.b"]}
    said = said_of_posterior(posterior_as_data(scenario), Words())
    assert said == [
        f"Of what worlds.posterior knows, this is not drawn here: {CHI} and {LAG} (stated here, given as a "
        "distribution or held fixed); a.b (no number of this scenario)."
    ]


def test_where_nothing_of_it_is_drawn_that_is_said_and_nothing_of_the_fit(tmp_path):
    scenario = scenario_of(draws(tmp_path / "fit", STRANGE), f"{CHI}=0.3", f"{BETA}=0.3")
    (said,) = said_of_posterior(posterior_as_data(scenario), Words())
    assert said.startswith("Nothing of what worlds.posterior knows is drawn here, so that it changes nothing: ")
    idle = scenario_of(draws(tmp_path / "idle", SOUND, (BETA, "behaviour.calling.after_price")))
    assert not_drawn(idle) == {"idle": ["behaviour.calling.after_price"]}


def test_a_file_of_no_number_of_the_scenario_is_refused_and_nothing_is_written(tmp_path, command):
    folder = draws(tmp_path / "fit", SOUND, [f"no.key_{k}" for k in range(7)])
    with pytest.raises(ScenarioError, match=r"draws no\.key_0, .*no\.key_4, \.\.\.: none of it is a number"):
        doubts(scenario_of(folder))
    code, _, said = command("compare", FIRST, *sets_of(folder), "--worlds", 4, "--out", tmp_path / "out")
    assert code == 4 and "worlds.posterior" in said and not (tmp_path / "out").exists()


# -- a damaged file ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["compare", "fit", "pilot"])
def test_a_damaged_file_leaves_no_folder_behind(tmp_path, command, kind):
    folder = draws(tmp_path / "fit")
    (folder / DRAWS).write_bytes((folder / DRAWS).read_bytes()[:200])
    asked = {
        "compare": ["compare", FIRST, *sets_of(folder), "--worlds", 4],
        "fit": ["fit", written(tmp_path), "--worlds", 200, "--set", f'worlds.posterior="{folder.as_posix()}"'],
        "pilot": ["pilot", FIRST, *sets_of(folder), "--customers", 5, "--worlds", 100],
    }[kind]
    code, _, said = command(*asked, "--out", tmp_path / "out" / "deep")
    assert code == 4 and "worlds.posterior" in said and "cannot be read" in said
    assert not (tmp_path / "out").exists()


def test_a_damaged_file_leaves_a_finished_result_as_it_was(judged, command, tmp_path):
    folder = draws(tmp_path / "fit")
    (folder / DRAWS).write_bytes(b"PAR1 and no more")
    out = shutil.copytree(judged[0] / "out", tmp_path / "out")
    before = {p.relative_to(out): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    code, _, _ = command("compare", FIRST, *sets_of(folder), "--worlds", 4, "--overwrite", "--out", out)
    assert code == 4 and {p.relative_to(out): p.read_bytes() for p in out.rglob("*") if p.is_file()} == before


# -- the Dutch report ----------------------------------------------------------------------------------------

ENGLISH = re.compile(
    r"\b(the|and|with|which|from|that|not|nobody|everyone|drawn|learned|within|each|this|they|would|worlds|policies|"
    r"month|fit|trusted|behind|number|unknown)\b(?!\.)"
)
"""Words that stand in no Dutch sentence; before a full stop without a space they begin a key."""


def of_a_page(page, tags):
    """The texts of a page between tags of these kinds; not those of numbers without a range, which are folded away."""
    page = re.sub(r"<(style|script|pre|svg|details)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return [plain(text) for _, text in re.findall(rf"<({tags})\b[^>]*>(.*?)</\1>", page, flags=re.DOTALL)]


@pytest.mark.science
def test_a_dutch_report_of_worlds_from_a_past_is_dutch_and_whole(judged):
    found = read(judged[0] / "out")
    page = report(found, "nl")
    texts = [text for text in of_a_page(page, "p|h1|h2|h3|th|caption") if found.scenario.question not in text]
    assert len(texts) > 60
    assert [text for text in texts if ENGLISH.search(re.sub(r"[\w\[\]]+\.[\w.\[\]]+", "", text))] == [], "but for keys"
    assert [text for text in of_a_page(report(found, "en"), "p") if ENGLISH.search(text)], "the pattern finds English"
    for missing in (r"\{[a-z_]*\}", r"\bNone\b", r"\bnan\b", r"\b(?<!\.)report\.[a-z]", r"\b(?<!\.)posterior\.[a-z]"):
        assert [text for text in of_a_page(page, "p|h1|h2|h3|th|td|caption") if re.search(missing, text)] == [], missing


@pytest.mark.science
def test_the_row_of_a_number_from_a_past_is_dutch(judged):
    page = report(read(judged[0] / "out"), "nl")
    assumed = page[page.index('<section id="assumed"') : page.index('<section id="repeat"')]
    lines = re.findall(r"<tr>.*?</tr>", assumed, re.DOTALL)
    rows = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", line, re.DOTALL) for line in lines]
    (row,) = [row for row in rows if any("geleerd" in cell for cell in row)]
    name, where, why = (plain(cell).strip() for cell in row[:3])
    table = pd.read_parquet(judged[0] / "fit" / DRAWS)[BETA].quantile([0.05, 0.5, 0.95])
    low, middle, high = (f"{value:.3g}".replace(".", ",") for value in table)
    assert BETA in name and name != BETA
    assert where == f"{low} tot {high} in negen van tien trekkingen, de helft onder {middle}"
    assert why == "geleerd uit het verleden"
    drawn = assumed[: assumed.index("</table>")]
    names = [plain(row[0]) for row in rows[: drawn.count("<tr>")]]
    assert not [name for name in names if re.search(r"\b(Share of|Spread of|Chance that)\b", name)]


@pytest.mark.science
def test_the_table_of_what_decides_names_the_choice_among_all_in_dutch(judged):
    page = plain(report(read(judged[0] / "out"), "nl"))
    assert "All policies" not in page and "all policies" not in page


@pytest.mark.science
@pytest.mark.parametrize("lang", few(LANGUAGES))
def test_a_report_needs_no_draws_to_tell_of_them(judged, tmp_path, lang):
    out = shutil.copytree(judged[0] / "out", tmp_path / "elsewhere" / "out")
    there = report(read(out), lang)
    away = judged[0] / "away"
    (judged[0] / "fit").rename(away)
    try:
        gone = report(read(out), lang)
        assert deck(read(out), lang)
    finally:
        away.rename(judged[0] / "fit")
    learned = {"en": "learned from the past", "nl": "geleerd uit het verleden"}[lang]
    assert gone.count(learned) == there.count(learned) == 1
    section = '<section id="assumed"'
    assert gone[gone.index(section) :][:20_000] == there[there.index(section) :][:20_000]
