"""What report and deck of a study say to do next: of what is not known, what the firm chooses, what is an edge."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from daily import few
from pptx import Presentation
from small_runs import ROOT

from wom_sim.present.publish import page_of, slides_of
from wom_sim.present.study_folder import read_study
from wom_sim.present.study_story import StudyStory
from wom_sim.study.analysis import analyse
from wom_sim.study.sweep import sweep
from wom_sim.words import LANGUAGES, Words

TOWN = """
extends = "{first_look}"
name = "Town"
[population]
customers = 900
prospects = 90
[run]
days = 60
[choose]
limit = 20
[behaviour.leaving]
chi = {{low = 0.1, mode = 0.2, high = 0.5}}
"""
STUDY = """
name = "what decides"
question = "What decides?"
scenario = "town.toml"
policies = ["bulk letter"]
replications = 6
seed = 5
outputs = ["net_value", "lost_profitable"]
design = {{{design}}}
[[factors]]
key = "choose.limit"
low = 5
high = 40
[[factors]]
key = "policies.paid exit.payment"
low = 10.0
high = 1000.0
[[factors]]
key = "money.cost_per_call"
low = 4.0
high = 20.0
"""
DESIGNS = {
    "sobol": 'kind = "sobol", samples = 16', "morris": 'kind = "morris", samples = 8',
    "lhs": 'kind = "latin_hypercube", samples = 40', "one_at_a_time": 'kind = "one_at_a_time"',
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder of a study of each design, in which nobody uses one factor; each is made once, and only read."""
    done: dict[str, Path] = {}

    def of(design):
        if design not in done:
            place = tmp_path_factory.mktemp(design)
            (place / "town.toml").write_text(TOWN.format(first_look=ROOT / "scenarios" / "first_look.toml"))
            (place / "study.toml").write_text(STUDY.format(design=DESIGNS[design]))
            sweep(place / "study.toml", out=place / "out", workers=1)
            analyse(place / "out")
            done[design] = place / "out"
        return done[design]

    return of


def story(folder, lang="en"):
    return StudyStory(read_study(folder), Words(lang))


def shown(folder, lang):
    """All the text of report and deck."""
    slides = Presentation(io.BytesIO(slides_of(read_study(folder), lang))).slides
    said = [shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame]
    return page_of(read_study(folder), lang).replace("\xa0", " "), " ".join(said).replace("\xa0", " ")


NOT_USED = {"en": "not used by any policy of this study", "nl": "door geen enkel beleid van deze studie gebruikt"}
NAMED = {"en": "“Paid exit: payment”", "nl": "‘Betaald vertrek: betaling’"}
HELD = {"en": "held at their central values in every run: “How far a departure draws others after it” 0.2", "nl": "op de middelste waarde gehouden"}  # noqa: E501


@pytest.mark.parametrize(
    ("design", "lang"),
    [
        pytest.param(design, lang, marks=() if (design, lang) == ("lhs", "en") else pytest.mark.science)
        for design in DESIGNS
        for lang in LANGUAGES
    ],
)
def test_a_factor_that_nobody_uses_is_said_and_never_the_first_to_find_out(made, design, lang):
    told = story(made(design), lang)
    steps = " ".join(told.steps())
    assert ": payment" not in steps and ": betaling" not in steps
    assert f"{NAMED[lang]}: {NOT_USED[lang]}" in " ".join(told.found_out())
    for text in shown(made(design), lang):
        assert NOT_USED[lang] in text and HELD[lang] in text


@pytest.mark.science
def test_the_table_of_effects_says_that_it_is_not_used(made):
    table = story(made("sobol")).effects()
    cells = {row[0].below: row[1] for row in table.rows}
    assert cells["policies.paid exit.payment"] == ("$0", "not used")
    assert list(cells)[-1] == "policies.paid exit.payment"
    assert cells["money.cost_per_call"].below != "not used"


@pytest.mark.parametrize("design", ["sobol", "morris", "lhs", "one_at_a_time"])
def test_what_the_firm_chooses_is_not_told_as_something_to_find_out(made, design):
    steps = story(made(design)).steps()
    unknown = "Find out “What a service call costs” first: of what is not known, it moves the result most"
    choice = "Choose “How many are let go at most” with care: it is the firm's own choice, and moves the result most"
    assert steps[0] in (unknown, choice)
    assert not any(step.startswith("Find out") and step != unknown for step in steps)


def test_a_choice_that_moves_the_result_most_is_told_as_a_choice(made, tmp_path):
    folder = Path(shutil.copytree(made("lhs"), tmp_path / "copy"))
    path = folder / "analysis" / "effects.csv"
    table = pd.read_csv(path)
    mine = table["factor"] == "choose.limit"
    table.loc[mine, "swing"] = 1e9
    table.loc[mine, "swing_beyond_chance"] = True
    table.to_csv(path, index=False)
    english, dutch = story(folder).steps(), story(folder, "nl").steps()
    assert english[0] == "Choose “How many are let go at most” with care: it is the firm's own choice, and moves the result most"  # noqa: E501
    assert dutch[0] == "Kies ‘Hoeveel klanten hoogstens moeten gaan’ met zorg: dat bepaalt het bedrijf zelf, en het beweegt de uitkomst het meest"  # noqa: E501
    table.loc[mine, "swing_beyond_chance"] = False
    table.to_csv(path, index=False)
    assert not any("let go at most" in step for step in story(folder).steps()), "what chance may show is not told"
    table.loc[mine, "swing"] = 1.0
    table.loc[table["factor"] == "money.cost_per_call", "swing_beyond_chance"] = True
    table.to_csv(path, index=False)
    assert story(folder).steps()[0].startswith("Find out “What a service call costs” first")


def edge(folder, limit):
    """The steps on an edge if the best point has this limit."""
    design = pd.read_csv(folder / "design.csv")
    design.loc[0, "choose.limit"] = limit
    design.to_csv(folder / "design.csv", index=False)
    points = pd.read_csv(folder / "analysis" / "points.csv")
    points.loc[points["point"] == 0, "mean"] = 1e12
    points.to_csv(folder / "analysis" / "points.csv", index=False)
    return [step for step in story(folder).steps() if "edge" in step]


def test_the_best_at_the_edge_of_what_was_tried_is_not_told_as_the_best_there_is(made, tmp_path):
    folder = Path(shutil.copytree(made("lhs"), tmp_path / "copy"))
    path = folder / "analysis" / "effects.csv"
    pd.read_csv(path).assign(swing_beyond_chance=True).to_csv(path, index=False)
    assert edge(folder, 50) == [
        "“How many are let go at most” does best at 50, the edge of what was tried: try beyond it before calling that the best value"  # noqa: E501
    ]
    assert edge(folder, 20) == []
    assert edge(folder, 0) == [], "below 0 there is nothing to try"


@pytest.mark.parametrize("lang", few(LANGUAGES))
def test_what_is_missing_is_said_on_page_and_slide(made, tmp_path, lang):
    folder = Path(shutil.copytree(made("sobol"), tmp_path / "copy"))
    path = folder / "analysis" / "analysis.json"
    noted = json.loads(path.read_text())
    noted |= {"missing": {"bulk letter": 7}, "left_out": noted["left_out"] | {"sobol": "7 points have no run"}}
    path.write_text(json.dumps(noted))
    wanted = {
        "en": ("7 of 80 points have no run of the bulk letter", "Shares of variance (Sobol indices) could not be"),
        "nl": ("7 van 80 punten hebben geen doorrekening van", "Aandelen van de variantie (Sobol-indices) waren niet"),
    }[lang]
    for text in shown(folder, lang):
        for words in wanted:
            assert words in text
