"""A run is repeated only where it is the same run: the tie file, the scenario and the model are what they were."""

from __future__ import annotations

import io
import json
import random
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from daily import few
from pptx import Presentation
from unsealed import unseal

from wom_sim.cli import main
from wom_sim.present import replay as present_replay
from wom_sim.present.material import Material
from wom_sim.present.pictures import drawn, setting_for
from wom_sim.results import provenance
from wom_sim.results.folder import opened
from wom_sim.results.replay import CannotReplayError, check_same, run_again
from wom_sim.scenario import inputs, load_scenario, parameters
from wom_sim.words import LANGUAGES, Words

SCENARIO = """
name = "net town"
question = "q"
[population]
customers = 1500
[choose]
limit = 60
[run]
replications = 3
days = 60
[behaviour.leaving]
beta = 3
[network]
kind = "file"
path = "ties.csv"
tie = "close"
[[policies]]
name = "bulk letter"
use = "bulk_letter"
"""
STUDY = """
name = "s"
question = "q"
scenario = "net.toml"
policies = ["bulk letter"]
replications = 1
seed = 1
outputs = ["net_value"]
design = {kind = "grid"}
factors = [{key = "choose.limit", values = [10, 20]}]
"""


def ties(file: Path, seed: int) -> None:
    """Write ties, other ones for another seed."""
    draw = random.Random(seed)
    pairs = "".join(f"{draw.randrange(1500)},{draw.randrange(1500)}\n" for _ in range(6000))
    file.write_text("a,b\n" + pairs)


def command(*arguments) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    return int(ended.value.code or 0)


@pytest.fixture
def run(capsys):
    """Run a command; return exit code, output, errors."""

    def one(*arguments):
        capsys.readouterr()
        code = command(*arguments)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return one


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A project with a scenario, its tie file, a comparison of it with events and one without; only to be read."""
    place = tmp_path_factory.mktemp("made") / "project"
    (place / "nets").mkdir(parents=True)
    (place / "net.toml").write_text(SCENARIO.replace("ties.csv", "nets/ties.csv"))
    ties(place / "nets" / "ties.csv", 1)
    assert command("compare", place / "net.toml", "--no-charts", "--out", place / "results" / "res") == 0
    assert command("compare", place / "net.toml", "--events", "--no-charts", "--out", place / "results" / "logged") == 0
    for name in ("res", "logged"):  # without hashes, since tests change what the scenario in it says
        unseal(place / "results" / name)
    return place


@pytest.fixture
def project(made, tmp_path):
    """A copy of the project that may be changed, whose results name its own tie file."""
    place = tmp_path / "project"
    shutil.copytree(made, place)
    for name in ("res", "logged"):
        scenario = place / "results" / name / "scenario.toml"
        scenario.write_text(scenario.read_text().replace(str(made), str(place)))
    return place


REPLAYS = {
    "explain": ["explain", "{res}"],
    "animate": ["animate", "{res}", "--out", "{out}/film.gif"],
    "cascade": ["chart", "{res}", "cascade", "--out", "{out}"],
    "value": ["chart", "{res}", "value", "--out", "{out}"],
}


def asked(name: str, place: Path, res: str = "res") -> list[str]:
    values = {"res": str(place / "results" / res), "out": str(place / "out")}
    return [part.format(**values) for part in REPLAYS[name]]


# -- changed since -------------------------------------------------------------------------------------------


@pytest.mark.science
@pytest.mark.parametrize("name", REPLAYS)
def test_what_is_repeated_is_refused_where_the_tie_file_has_changed(run, project, name):
    ties(project / "nets" / "ties.csv", 2)
    code, out, err = run(*asked(name, project))
    assert (code, out) == (4, "")
    assert str(project / "nets" / "ties.csv") in " ".join(err.split())
    assert "is not what it was when the result was made" in " ".join(err.split())
    assert "Traceback" not in err
    assert not (project / "out").exists()


@pytest.mark.science
@pytest.mark.parametrize("name", REPLAYS)
def test_with_the_log_kept_nothing_need_be_repeated(run, project, name, monkeypatch):
    monkeypatch.setattr("wom_sim.present.animation.MOST_FRAMES", 3)
    ties(project / "nets" / "ties.csv", 2)
    assert run(*asked(name, project, "logged"))[0] == 0


@pytest.mark.parametrize("name", REPLAYS)
def test_where_nothing_has_changed_it_is_repeated(run, project, name, monkeypatch):
    monkeypatch.setattr("wom_sim.present.animation.MOST_FRAMES", 3)
    assert run(*asked(name, project))[0] == 0


def test_the_other_reasons_are_named(project, monkeypatch):
    folder = project / "results" / "res"
    check_same(opened(folder))
    (folder / "scenario.toml").write_text((folder / "scenario.toml").read_text().replace("limit = 60", "limit = 61"))
    with pytest.raises(CannotReplayError, match=r"scenario\.toml was changed since the result was made"):
        check_same(opened(folder))
    (project / "nets" / "ties.csv").unlink()
    with pytest.raises(CannotReplayError, match=r"ties\.csv \(network\.path\), which it was made with, is not there"):
        check_same(opened(folder))
    monkeypatch.setattr(provenance, "version_of", lambda scenario: "0123456789abcdef")
    with pytest.raises(CannotReplayError, match=r"made by another version of the model \(wom_sim "):
        check_same(opened(folder))


@pytest.mark.parametrize("name", REPLAYS)
def test_what_is_repeated_is_refused_by_another_model(run, project, name, monkeypatch):
    monkeypatch.setattr(provenance, "version_of", lambda scenario: "0123456789abcdef")
    code, out, err = run(*asked(name, project))
    assert (code, out) == (4, "")
    assert "was made by another version of the model" in " ".join(err.split())


def test_a_run_that_does_not_give_what_is_stored_is_refused(project):
    found = opened(project / "results" / "res")
    runs = pd.read_parquet(found.path / "replications.parquet")
    wanted = [("bulk letter", 1)]
    assert next(run_again(found.scenario, wanted, runs)).policy == "bulk letter"
    row = (runs["policy"] == "bulk letter") & (runs["replication"] == 1)
    runs.loc[row, "reached"] += 1
    with pytest.raises(CannotReplayError, match="bulk letter, replication 1, does not give the stored reached again"):
        next(run_again(found.scenario, wanted, runs))


@pytest.mark.science
@pytest.mark.parametrize("lang", few(LANGUAGES))
def test_the_report_leaves_out_what_would_be_repeated_and_says_so(run, project, lang):
    folder = project / "results" / "res"
    assert run("report", folder, "--lang", lang, "--out", project / "before.html")[0] == 0
    ties(project / "nets" / "ties.csv", 2)
    assert run("report", folder, "--lang", lang, "--out", project / "after.html")[0] == 0
    before, after = ((project / f"{when}.html").read_text() for when in ("before", "after"))
    words, file = Words(lang), project / "nets" / "ties.csv"
    names = [words.say("report.quoted", name=words.say(f"chart.kind.{kind}")) for kind in ("value", "cascade")]
    why = words.say("changed.file", file=file, key="network.path")
    said = words.say("report.chart.left_out", charts=words.listed(names), why=why)
    assert said in after and said not in before
    assert before.count("<figure>") == after.count("<figure>") + 2


def test_the_deck_repeats_nothing(run, project):
    folder = project / "results" / "res"
    texts = []
    for seed in (1, 2):
        ties(project / "nets" / "ties.csv", seed)
        assert run("deck", folder, "--out", project / f"{seed}.pptx")[0] == 0
        slides = Presentation(io.BytesIO((project / f"{seed}.pptx").read_bytes())).slides
        texts.append([shape.text_frame.text for s in slides for shape in s.shapes if shape.has_text_frame])
    assert texts[0] == texts[1]


def test_why_a_chart_is_left_out_is_known_in_every_language(project):
    (project / "nets" / "ties.csv").unlink()
    found = Material(project / "results" / "res")
    left = [each for each in drawn(found, setting_for(found), ["cascade", "value", "reached"]) if each.figure is None]
    assert [each.name for each in left] == ["cascade", "value"]
    said = {lang: {each.replay.say(Words(lang)) for each in left} for lang in LANGUAGES}
    assert all(len(texts) == 1 for texts in said.values())
    assert len(set.union(*said.values())) == len(LANGUAGES)


def test_too_many_people_is_said_in_every_language(project, monkeypatch):
    monkeypatch.setattr(present_replay, "MOST_PEOPLE", 1_000)
    found = Material(project / "results" / "res")
    (left,) = drawn(found, setting_for(found), ["cascade"])
    assert left.replay is not None
    assert "1,500 people are more than 1,000" in left.replay.say(Words("en"))
    assert "1.500 mensen zijn er meer dan 1.000" in left.replay.say(Words("nl"))


# -- moved ---------------------------------------------------------------------------------------------------


@pytest.mark.science
def test_a_result_that_moves_with_its_tie_file_is_as_good_as_before(run, made, project, tmp_path):
    told = run("explain", made / "results" / "res", "--json")[1]
    away = tmp_path / "another machine" / "data"
    shutil.copytree(made, away)  # its results name the files of the project that it was copied from
    scenario = away / "results" / "res" / "scenario.toml"
    scenario.write_text(scenario.read_text().replace(str(made), "/a/machine/that/is/not/here"))
    assert opened(away / "results" / "res").scenario.network.path == str(away / "nets" / "ties.csv")
    code, out, _ = run("explain", away / "results" / "res", "--json")
    assert (code, out) == (0, told)
    more = ("--add-replications", "1", "--no-charts", "--out", away / "results" / "res")
    assert run("compare", away / "net.toml", *more)[0] == 0


ELSEWHERE = ("/a/machine/that/is/not/here", "C:\\\\Users\\\\me\\\\town")


@pytest.mark.parametrize("machine", ELSEWHERE)
@pytest.mark.parametrize("place", ["ties.csv", "../ties.csv", "../../ties.csv", "../../nets/ties.csv"])
def test_the_tie_file_may_lie_beside_the_result_or_above_it(made, tmp_path, place, machine):
    folder = tmp_path / "a" / "b" / "res"
    shutil.copytree(made / "results" / "res", folder)
    text = (folder / "scenario.toml").read_text()
    back = "\\\\" if machine.startswith("C:") else "/"
    there = f"{machine}{back}nets{back}ties.csv"
    (folder / "scenario.toml").write_text(text.replace(f"{made}/nets/ties.csv", there))
    with pytest.raises(CannotReplayError, match="is not there"):
        check_same(opened(folder))
    (folder / place).parent.mkdir(exist_ok=True)
    ties(folder / place, 2)
    with pytest.raises(CannotReplayError, match="is not there"):
        check_same(opened(folder))
    ties(folder / place, 1)
    check_same(opened(folder))


@pytest.mark.science
def test_a_result_that_moves_alone_is_still_shown(run, made, tmp_path):
    folder = tmp_path / "res"
    shutil.copytree(made / "results" / "res", folder)
    text = (folder / "scenario.toml").read_text()
    (folder / "scenario.toml").write_text(text.replace(str(made), "/a/machine/that/is/not/here"))
    for arguments in (("report", folder), ("deck", folder), ("chart", folder, "reached", "ledger")):
        code, _, err = run(*arguments)
        assert code == 0, err
    assert "/a/machine/that/is/not/here/nets/ties.csv" in (folder / "report.html").read_text()
    code, _, err = run("explain", folder)
    assert (code, "which it was made with, is not there" in " ".join(err.split())) == (4, True)


# -- going on ------------------------------------------------------------------------------------------------

GOING_ON = {
    "replications": (["compare", "net.toml", "--no-charts", "--out", "D"],
                     ["compare", "net.toml", "--add-replications", "1", "--no-charts", "--out", "D"]),
    "worlds": (["compare", "net.toml", "--worlds", "3", "--out", "D"], ["compare", "net.toml", "--resume", "--out",
               "D"]),
    "more worlds": (["compare", "net.toml", "--worlds", "3", "--out", "D"], ["compare", "net.toml", "--add-worlds", "2",
                    "--out", "D"]),
    "search": (["recommend", "net.toml", "--trials", "2", "--fresh", "2", "--out", "D"],
               ["recommend", "net.toml", "--trials", "2", "--fresh", "2", "--resume", "--out", "D"]),
}  # fmt: skip


@pytest.fixture
def begun(run, tmp_path, monkeypatch):
    """Return a function that begins something of the net town and returns the command that goes on with it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.toml").write_text(SCENARIO.replace("customers = 1500", "customers = 1500\nprospects = 0"))
    ties(tmp_path / "ties.csv", 1)

    def begin(name):
        first, more = GOING_ON[name]
        code, _, err = run(*first)
        assert code == 0, err
        return more

    return begin


def content():
    """Every file but the databases, which are tidied up when nobody reads them any more."""
    return {p: p.read_bytes() for p in Path("D").rglob("*") if p.is_file() and ".sqlite" not in p.name}


@pytest.mark.parametrize("name", GOING_ON)
@pytest.mark.parametrize("what", few(["ties", "model", "nothing"]))
def test_two_models_or_two_networks_are_never_mixed(run, begun, tmp_path, monkeypatch, name, what):
    more = begun(name)
    before = content()
    said = {"ties": "ties.csv (network.path) is not what it was", "model": "another version of the model (wom_sim "}
    if what == "ties":
        ties(tmp_path / "ties.csv", 2)
    if what == "model":
        monkeypatch.setattr(provenance, "version_of", lambda scenario: "0123456789abcdef")
    code, out, err = run(*more)
    if what == "nothing":
        assert code == 0, err
        return
    assert (code, out) == (4, "")
    assert said[what] in " ".join(err.split())
    assert "Traceback" not in err
    assert content() == before


@pytest.mark.parametrize("lost", ["model", "code"])
def test_worlds_of_an_earlier_version_are_refused_in_words(run, begun, lost):
    """Such a folder notes a fingerprint of the compiled sources and no version of the model, or nothing at all."""
    begun("worlds")
    started = json.loads(Path("D/started.json").read_text())
    del started["model"]
    if lost == "model":
        started = {"fingerprint": started["fingerprint"], "code": "0123456789abcdef"}
    Path("D/started.json").write_text(json.dumps(started))
    code, _, err = run("compare", "net.toml", "--resume", "--out", "D")
    assert (code, "was made by another version of the model" in " ".join(err.split())) == (4, True)


def test_a_run_of_a_study_names_the_file_that_has_changed(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.toml").write_text(SCENARIO)
    (tmp_path / "study.toml").write_text(STUDY)
    ties(tmp_path / "ties.csv", 1)
    assert run("sweep", "run", "study.toml", "--out", "st")[0] == 0
    assert run("sweep", "replay", "0/bulk letter/0", "--in", "st", "--out", "again")[0] == 0
    ties(tmp_path / "ties.csv", 2)
    code, _, err = run("sweep", "replay", "0/bulk letter/0", "--in", "st")
    assert code == 4
    assert f"{tmp_path / 'ties.csv'}, which it reads, is not what it was" in " ".join(err.split())


# -- every file ----------------------------------------------------------------------------------------------


def test_every_key_that_names_a_file_is_an_input(made):
    """A key whose name or meaning is of a file must be among those whose content is noted and compared."""
    named = {
        p.key
        for p in parameters()
        if p.key.split(".")[-1] in ("path", "file")
        or re.search(r"\bfiles?\b", p.meaning.replace("population.file", ""))
    }
    assert named == set(inputs.KEYS)
    scenario = load_scenario(made / "net.toml")
    assert inputs.inputs_of(scenario) == {"network.path": made / "nets" / "ties.csv"}
    noted = json.loads((made / "results" / "res" / "run.json").read_text())["inputs"]
    assert noted["network.path"]["sha256"] == inputs.content_of(made / "nets" / "ties.csv")


@pytest.mark.science
def test_a_result_of_an_earlier_version_is_shown_and_not_repeated(run, project):
    """It notes neither its kind nor the files that it was made with."""
    folder = project / "results" / "res"
    noted = unseal(folder)
    older = {name: value for name, value in noted.items() if name not in ("kind", "inputs")} | {"model": "0" * 16}
    (folder / "run.json").write_text(json.dumps(older))
    assert run("report", folder)[0] == 0
    assert run("chart", folder, "reached")[0] == 0
    code, _, err = run("explain", folder)
    said = f"another version of the model (wom_sim {noted['wom_sim']}, {'0' * 16})"
    assert (code, said in " ".join(err.split())) == (4, True)
