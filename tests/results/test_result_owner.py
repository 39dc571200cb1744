"""Whose a folder is: one rule for every command, both ways; and nothing of a former result is left or read."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from small import two_policies

from wom_sim.cli import main
from wom_sim.results import files
from wom_sim.results.files import STAGE, Stage, forget_shown, note_shown
from wom_sim.results.folder import KINDS, FolderError, check_owner, claim, kind_of, opened

MARKS = {
    "study": ("study.toml", ""),
    "search": ("search.json", "{}"),
    "worlds": ("started.json", "{}"),
    "comparison": ("run.json", '{"files": ["summary.csv"]}'),
    "run": ("run.json", '{"kind": "run", "files": []}'),
    "fit": ("calibration.csv", "world,key,place\n"),
    "pilot": ("pilots.json", "{}"),
    "break-even": ("breakeven_line.csv", "value\n"),
    "explanation": ("explain.json", "{}"),
}
STUDY = """
name = "s"
question = "q"
scenario = "town.toml"
policies = ["letter"]
replications = 2
seed = 1
outputs = ["net_value"]
design = {kind = "grid"}

[[factors]]
key = "choose.limit"
values = [5, 10]
"""
WRITERS = {
    "compare": ("comparison", ["compare", "town.toml", "--overwrite"]),
    "compare --worlds": ("worlds", ["compare", "town.toml", "--worlds", "3", "--overwrite"]),
    "sweep plan": ("study", ["sweep", "plan", "study.toml", "--no-probe"]),
    "sweep run": ("study", ["sweep", "run", "study.toml"]),
    "recommend": ("search", ["recommend", "town.toml", "--trials", "2", "--overwrite"]),
    "break-even": ("break-even", ["break-even", "town.toml", "--policy", "exit", "--parameter", "payment",
                                  "--low", "0", "--high", "100", "--overwrite"]),
    "run": ("run", ["run", "town.toml"]),
    "explain": ("explanation", ["explain", "town.toml"]),
}  # fmt: skip


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with a scenario and a study, in which commands are run."""
    (tmp_path / "town.toml").write_text(two_policies(1500, 60, 60))
    (tmp_path / "study.toml").write_text(STUDY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capsys, here):
    """Run a command; return exit code, output, errors."""

    def command(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([str(each) for each in arguments])
        printed = capsys.readouterr()
        return ended.value.code or 0, printed.out, printed.err

    return command


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def holding(folder: Path, kind: str) -> Path:
    """A folder that holds a result of a kind, as far as anybody can see from outside."""
    folder.mkdir()
    name, text = MARKS[kind]
    (folder / name).write_text(text)
    (folder / "scenario.toml").write_text("# the scenario of the result that is here\n")
    return folder


# -- the rule ------------------------------------------------------------------------------------------------


def test_every_kind_is_known_by_its_mark(tmp_path):
    assert set(MARKS) == {kind.name for kind in KINDS}
    for kind in MARKS:
        found = kind_of(holding(tmp_path / kind, kind))
        assert found is not None and found.name == kind
    assert kind_of(tmp_path / "none") is None


@pytest.mark.parametrize("owner", MARKS)
@pytest.mark.parametrize("kind", MARKS)
def test_a_result_is_not_written_into_that_of_another_kind(tmp_path, owner, kind):
    folder = holding(tmp_path / "there", owner)
    if owner == kind:
        claim(folder, kind, again=True)
        with pytest.raises(FolderError, match="already holds"):
            claim(folder, kind, again=False)
        return
    with pytest.raises(FolderError, match=f"holds {next(k.words for k in KINDS if k.name == owner)}, not "):
        claim(folder, kind, again=True)


@pytest.mark.parametrize("kind", MARKS)
def test_files_of_somebody_else_are_left_alone(tmp_path, kind):
    (tmp_path / "scenario.toml").write_text("mine")
    with pytest.raises(FolderError, match=r"holds other files \(scenario.toml\); give a new or an empty folder"):
        check_owner(tmp_path, kind, again=True)
    (tmp_path / "scenario.toml").unlink()
    (tmp_path / ".DS_Store").write_text("of the system")
    check_owner(tmp_path, kind, again=False)


@pytest.mark.parametrize("owner", MARKS)
@pytest.mark.parametrize("command", WRITERS)
def test_every_command_keeps_to_it(run, here, command, owner):
    kind, arguments = WRITERS[command]
    if kind == owner:
        pytest.skip("its own")
    before = content(holding(here / "there", owner))
    code, out, err = run(*arguments, "--out", "there")
    words = next(k.words for k in KINDS if k.name == owner)
    assert (code, out) == (4, "")
    assert f"--out: there holds {words}" in err
    assert "Traceback" not in err
    assert content(here / "there") == before


@pytest.mark.parametrize("command", WRITERS)
def test_no_command_writes_over_files_that_are_not_results(run, here, command):
    (here / "mine").mkdir()
    (here / "mine" / "scenario.toml").write_text("mine")
    code, out, err = run(*WRITERS[command][1], "--out", "mine")
    assert (code, out) == (4, "")
    assert "--out: mine holds other files (scenario.toml)" in err
    assert content(here / "mine") == {"scenario.toml": b"mine"}


def test_merged_and_repeated_runs_keep_to_it_too(run, here):
    assert run("sweep", "run", "study.toml", "--out", "study")[0] == 0
    before = content(holding(here / "there", "comparison"))
    for arguments in (("merge", "study"), ("replay", "0/letter/0", "--in", "study")):
        code, _, err = run("sweep", *arguments, "--out", "there")
        assert (code, "holds a comparison, not " in err) == (4, True), err
    assert content(here / "there") == before
    code, _, err = run("sweep", "replay", "0/letter/0", "--in", "study", "--out", "study")
    assert (code, "holds a study, not a single run" in err) == (4, True)


def test_a_comparison_does_not_take_the_folder_of_a_study_nor_a_study_that_of_a_comparison(run, here):
    """Both made by the commands themselves."""
    assert run("sweep", "run", "study.toml", "--out", "study")[0] == 0
    assert run("compare", "town.toml", "--replications", "2", "--no-charts", "--out", "compared")[0] == 0
    before = {name: content(here / name) for name in ("study", "compared")}
    code, _, err = run("compare", "town.toml", "--overwrite", "--out", "study")
    assert (code, "--out: study holds a study, not a comparison" in err) == (4, True)
    code, _, err = run("sweep", "run", "study.toml", "--out", "compared")
    assert (code, "--out: compared holds a comparison, not a study" in err) == (4, True)
    assert {name: content(here / name) for name in ("study", "compared")} == before


@pytest.mark.science
def test_charts_do_not_go_where_their_data_would_replace_tables(run, here):
    assert run("compare", "town.toml", "--replications", "2", "--no-charts", "--out", "compared")[0] == 0
    before = content(here / "compared")
    code, _, err = run("chart", "compared", "ledger", "--out", "compared")
    assert (code, "--out: compared holds a comparison; give another folder, such as compared/charts" in err) == (
        4,
        True,
    )
    assert content(here / "compared") == before
    for _ in range(2):  # the data beside a chart give no folder away
        assert run("chart", "compared", "ledger", "--out", "drawn")[0] == 0


@pytest.mark.science
def test_pictures_and_pages_of_one_result_do_not_replace_those_of_another(run, here):
    for name in ("one", "other"):
        assert run("compare", "town.toml", "--replications", "2", "--out", name)[0] == 0
    assert run("report", "other")[0] == 0
    before = content(here / "other")
    for arguments in (
        ("chart", "one", "ledger", "--out", "other/charts"),
        ("report", "one", "--out", "other/report.html"),
    ):
        code, _, err = run(*arguments)
        assert (code, f"is a file of the result in {here / 'other'}; give another name" in err) == (4, True), err
    assert content(here / "other") == before
    assert run("report", "one", "--out", "other/of_one.html")[0] == 0, "a name that is not taken is nobody's"
    assert run("report", "other")[0] == 0, "its own may be written anew"


def test_a_folder_in_which_an_earlier_version_mixed_two_results_is_refused(run, here):
    folder = holding(here / "there", "study")
    (folder / "run.json").write_text('{"files": []}')
    with pytest.raises(FolderError, match="holds a study and a comparison, one written over the other"):
        opened(folder)
    code, _, err = run("report", "there")
    assert (code, "one written over the other by an earlier version" in err) == (4, True)


# -- nothing of the former result ----------------------------------------------------------------------------


@pytest.mark.science
def test_what_the_newer_comparison_did_not_make_is_gone(run, here):
    """The field case: attribution and events of the former run, then without them under another policy."""
    first = ["compare", "town.toml", "--replications", "2"]
    assert run(*first, "--attribution", "--events", "--out", "D")[0] == 0
    assert run("report", "D")[0] == run("chart", "D")[0] == run("deck", "D")[0] == 0
    assert run("explain", "D", "--out", "D")[0] == 0
    former = set(content(here / "D"))
    assert {"attribution.csv", "events.parquet", "report.html", "charts/fan.png", "explain.json"} <= former
    (here / "D" / "notes.txt").write_text("mine")
    edited = here / "D" / "deck.pptx"
    edited.write_bytes(edited.read_bytes() + b"edited by hand")
    code, _, err = run(*first, "--set", 'policies=[{name="other", use="paid_exit"}]', "--overwrite", "--out", "D")
    assert code == 0, err
    there = set(content(here / "D"))
    listed = set(json.loads((here / "D" / "run.json").read_text())["files"])
    assert there == listed | {"run.json", "notes.txt", "deck.pptx"}
    assert not {"attribution.csv", "origins.parquet", "events.parquet"} & there
    assert run("report", "D")[0] == 0
    assert "What brought it about" not in (here / "D" / "report.html").read_text()


@pytest.mark.science
def test_a_table_that_run_json_does_not_list_is_not_read(run, here):
    assert run("compare", "town.toml", "--replications", "2", "--attribution", "--out", "D")[0] == 0
    assert run("compare", "town.toml", "--replications", "2", "--out", "E")[0] == 0
    (here / "E" / "attribution.csv").write_bytes((here / "D" / "attribution.csv").read_bytes())
    from wom_sim.present.result_folder import read

    assert "attribution" in read(here / "D").extra
    assert "attribution" not in read(here / "E").extra


@pytest.mark.science
def test_an_interrupted_overwrite_leaves_the_former_result_as_it_was(run, here, monkeypatch):
    assert run("compare", "town.toml", "--replications", "2", "--events", "--out", "D")[0] == 0
    before = content(here / "D")

    def interrupted(*_, **__):
        assert (here / "D" / STAGE / "summary.csv").is_file(), "not before something was written"
        raise KeyboardInterrupt

    monkeypatch.setattr("wom_sim.present.pictures.write_pictures", interrupted)
    more = ("--events", "--overwrite", "--out", "D")
    code, _, err = run("compare", "town.toml", "--replications", "3", *more)
    assert (code, "nothing was written" in err) == (130, True)
    assert content(here / "D") == before


@pytest.mark.science
def test_runs_that_are_added_make_pages_of_fewer_runs_go(run, here):
    assert run("compare", "town.toml", "--replications", "2", "--out", "D")[0] == 0
    assert run("report", "D")[0] == 0
    assert run("compare", "town.toml", "--add-replications", "1", "--out", "D")[0] == 0
    assert not (here / "D" / "report.html").exists()
    assert pd.read_parquet(here / "D" / "replications.parquet")["replication"].nunique() == 3


@pytest.mark.parametrize("moves", range(6))
def test_a_move_that_was_cut_short_is_finished_by_whoever_comes_next(tmp_path, monkeypatch, moves):
    """The power fails after so many files have taken their place."""
    folder = tmp_path / "D"

    def write(*names):
        with Stage(folder) as stage:
            for name in names:
                (stage.place / name).parent.mkdir(parents=True, exist_ok=True)
                (stage.place / name).write_text(f"of {len(names)}")
            stage.finish({"kind": "comparison", "files": list(names)})

    write("a.csv", "b.csv", "charts/old.png", "c.csv")
    (folder / "report.html").write_text("page")
    note_shown(folder, [folder / "report.html"])
    real, done = Path.replace, []

    def failing(self, target):
        if STAGE in self.parts and self.parent.name in (STAGE, "charts"):
            if len(done) == moves:
                raise SystemExit("no power")
            done.append(self.name)
        return real(self, target)

    monkeypatch.setattr(files, "write_text_atomically", lambda path, text: path.write_text(text))
    monkeypatch.setattr(Path, "replace", failing)
    if moves < 5:
        with pytest.raises(SystemExit):
            write("a.csv", "b.csv", "charts/new.png", "d.csv")
    else:
        write("a.csv", "b.csv", "charts/new.png", "d.csv")
    monkeypatch.undo()
    found = opened(folder)
    assert found.files == ["a.csv", "b.csv", "charts/new.png", "d.csv"]
    kept = content(folder)
    assert set(kept) == {"run.json", *found.files}
    assert {kept[name] for name in found.files} == {b"of 4"}


def test_a_page_that_was_changed_by_hand_stays(tmp_path):
    for name in ("report.html", "deck.pptx"):
        (tmp_path / name).write_text("as written")
    elsewhere = tmp_path.parent / "elsewhere.html"
    elsewhere.write_text("as written")
    note_shown(tmp_path, [tmp_path / "report.html", tmp_path / "deck.pptx", elsewhere])
    (tmp_path / "deck.pptx").write_text("with a slide of my own")
    forget_shown(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["deck.pptx"]
    assert elsewhere.is_file()


def test_what_lies_outside_is_never_removed(tmp_path):
    (tmp_path / "D").mkdir()
    (tmp_path / "mine.txt").write_text("mine")
    files.remove(tmp_path / "D", ["../mine.txt", str(tmp_path / "mine.txt")])
    assert (tmp_path / "mine.txt").is_file()
