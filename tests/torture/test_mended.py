"""Faults that the long torture has found, each held by the smallest input that shows it."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from wom_sim._tables import csv_text
from wom_sim.cli.mishaps import in_words, said
from wom_sim.intake import mapping, read_sheet
from wom_sim.intake.base import FileError
from wom_sim.intake.sheets import Asked
from wom_sim.networks import tie_graph
from wom_sim.present.deck_stage import Stage as DeckStage
from wom_sim.present.deck_stage import TemplateError
from wom_sim.results.errors import DamagedError, FolderError
from wom_sim.results.files import BEGINNING, NEXT, Stage
from wom_sim.results.folder import kind_of, opened, read_json


@pytest.fixture
def result(tmp_path) -> Path:
    folder = tmp_path / "result"
    with Stage(folder) as stage:
        (stage.place / "daily.csv").write_text("day\n1\n")
        stage.finish({"kind": "run", "files": ["daily.csv"]})
    return folder


@pytest.mark.parametrize("instead", ["folder", "device"])
def test_what_stands_in_the_place_of_a_file_is_damage(result, instead):
    (result / "daily.csv").unlink()
    if instead == "folder":
        (result / "daily.csv").mkdir()
    elif Path("/dev/null").exists():
        (result / "daily.csv").symlink_to("/dev/null")
    else:
        pytest.skip("there is no /dev/null")
    with pytest.raises(DamagedError, match=r"daily\.csv: is not as it was written"):
        opened(result)


def test_what_is_nested_too_deeply_is_damage_and_not_the_end(result):
    (result / "run.json").write_text("[" * 100_000)
    assert kind_of(result) is not None
    with pytest.raises(DamagedError, match=r"run\.json: cannot be read"):
        opened(result)
    with pytest.raises(FolderError, match="cannot be read"):
        read_json(result / "run.json")


def _zip(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def _parts(whole: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"])
def test_a_damaged_part_of_an_excel_file_is_said(tmp_path, part):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["customer", "revenue"])
    book.active.append(["a", 12])
    whole = io.BytesIO()
    book.save(whole)
    parts = _parts(whole.getvalue())
    file = tmp_path / "plain.xlsx"
    file.write_bytes(_zip(parts))
    assert read_sheet.read(str(file), Asked()).columns["revenue"].tolist() == [12]
    file.write_bytes(_zip(parts | {part: parts[part].replace(b'"', b'"\x00', 1)}))
    with pytest.raises(FileError, match="damaged or another packed file"):
        read_sheet.read(str(file), Asked())


@pytest.mark.parametrize(
    ("text", "words"), [("as_of = " + "1" * 5000, "too many digits"), ("as_of = " + "[" * 5000, "nested too deeply")]
)
def test_a_mapping_that_python_will_not_read_is_said(tmp_path, text, words):
    file = tmp_path / "mapping.toml"
    file.write_text(text)
    with pytest.raises(FileError, match=words):
        mapping.load(file, {})


@pytest.mark.parametrize(
    ("name", "columns", "words"),
    [
        ("customer", "[]", "given none; allowed: one column"), ("household", "[]", "allowed: one or more columns"),
        ("revenue", '["a", "b"]', "given 'a', 'b'; allowed: one column"), ("household", '["a", "b"]', ""),
        ("customer", '["a"]', ""),
    ],
)  # fmt: skip
def test_a_meaning_has_one_column_but_for_an_address(tmp_path, name, columns, words):
    file = tmp_path / "mapping.toml"
    file.write_text(f"[columns.{name}]\ncolumn = {columns}\n")
    if not words:
        assert mapping.load(file, ["a", "b"]).columns[name].names[0] == "a"
        return
    with pytest.raises(FileError, match=rf"columns\.{name}\.column: .*{words}"):
        mapping.load(file, ["a", "b"])


def test_a_graph_that_its_reader_stumbles_over_is_said_without_words_of_python(tmp_path, monkeypatch):
    file = tmp_path / "a.gml"

    def stumbles(form, text):
        raise IndexError("string index out of range")

    monkeypatch.setattr(tie_graph, "_graph", stumbles)
    with pytest.raises(tie_graph.TieFileError, match=r"a\.gml: cannot be read as GML: it is damaged or cut off$"):
        tie_graph.read_graph(file, "GML", "")


@pytest.mark.parametrize("written", [0, 1])
def test_a_search_that_is_killed_as_it_begins_is_in_nobodys_way(tmp_path, monkeypatch, written):
    from wom_sim.study import recommend_folder

    folder, real, left = recommend_folder.Folder(tmp_path / "out"), recommend_folder.write_text_atomically, [written]

    def killed(path, text):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        real(path, text)

    monkeypatch.setattr(recommend_folder, "write_text_atomically", killed)
    monkeypatch.setattr(recommend_folder, "settings", lambda question: {})
    monkeypatch.setattr(recommend_folder, "to_toml", str)
    question = SimpleNamespace(scenario="")
    with folder.alone(), pytest.raises(KeyboardInterrupt):
        folder.begin(question, resume=False, overwrite=False)
    left[0] = 2
    with folder.alone():
        folder.begin(question, resume=False, overwrite=False)
        names = {path.name for path in folder.place.iterdir()}
        assert {"scenario.toml", "search.json"} <= names and BEGINNING not in names


def test_worlds_that_are_no_file_are_said_and_nothing_is_left_behind(result):
    from wom_sim.study.worlds_folder import WorldsFolder

    (result / "replications.parquet").mkdir()
    worlds = WorldsFolder.__new__(WorldsFolder)
    worlds.path = worlds.place = result
    with pytest.raises(DamagedError, match=r"replications\.parquet: is no file"):
        worlds._aside()
    assert not (result / NEXT).exists()


@pytest.mark.parametrize("part", ["ppt/slideLayouts/_rels/slideLayout2.xml.rels", "ppt/slideMasters/slideMaster1.xml"])
def test_a_template_in_which_something_is_missing_is_refused(tmp_path, part):
    from pptx import Presentation

    whole = io.BytesIO()
    Presentation().save(whole)
    parts = _parts(whole.getvalue())
    file = tmp_path / "brand.pptx"
    file.write_bytes(_zip(parts))
    DeckStage(file)
    file.write_bytes(_zip({name: content for name, content in parts.items() if name != part}))
    with pytest.raises(TemplateError, match=r"brand\.pptx is (damaged|not a PowerPoint file)") as told:
        DeckStage(file)
    assert not re.search("KeyError|rId|relationship|lxml", str(told.value))


class WordlessError(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


def test_an_error_that_cannot_be_printed_is_named():
    from wom_sim.plugins.limit import PluginError, called

    def fails() -> None:
        raise WordlessError

    with pytest.raises(
        PluginError, match="the policy 'theirs' of another package cannot be carried out: WordlessError"
    ):
        called("theirs", "carried out", fails)
    assert said(WordlessError()) == "WordlessError"
    assert "WordlessError" in in_words(WordlessError())


@pytest.mark.parametrize("name", ["daily.csv", "charts"])
def test_what_is_in_the_way_of_a_new_result_is_kept_aside(result, name):
    (result / "daily.csv").unlink()
    if name == "daily.csv":
        (result / name).mkdir()
        (result / name / "mine.txt").write_text("mine")
    else:
        (result / name).write_text("mine")
    with Stage(result) as stage:
        (stage.place / "charts").mkdir()
        (stage.place / "charts" / "a.csv").write_text("a\n")
        (stage.place / "daily.csv").write_text("day\n2\n")
        stage.finish({"kind": "run", "files": ["daily.csv", "charts/a.csv"]})
    assert (result / "daily.csv").read_text() == "day\n2\n" and (result / "charts" / "a.csv").read_text() == "a\n"
    aside = result / f"{name}.aside1"
    assert (aside / "mine.txt" if aside.is_dir() else aside).read_text() == "mine"
    assert opened(result).missing() == [] and not (result / ".adding").exists()


@pytest.mark.parametrize("written", [0, 1, 2, 3])
def test_a_run_over_worlds_that_is_killed_as_it_begins_is_in_nobodys_way(tmp_path, written):
    from wom_sim.results.files import beginning
    from wom_sim.results.folder import check_owner

    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(KeyboardInterrupt), beginning(out, ["scenario.toml", "worlds.parquet"]):
        for name in ("scenario.toml", "worlds.parquet", "started.json")[:written]:
            (out / name).write_text("{}")
        raise KeyboardInterrupt
    if written < 3:
        check_owner(out, "worlds", again=False)
    else:
        assert kind_of(out).name == "worlds"
    (out / "mine.txt").write_text("mine")
    if written < 3:
        with pytest.raises(FolderError, match=r"holds other files \(mine\.txt\)"):
            check_owner(out, "worlds", again=False)


def test_a_file_of_ties_of_one_cell_is_said(tmp_path, capsys):
    from wom_sim.cli import main

    (tmp_path / "ties.csv").write_text("\ufeff1\u00a0000", encoding="utf-8")
    (tmp_path / "town.toml").write_text(
        'name = "x"\n[population]\ncustomers = 60\n[choose]\nlimit = 2\n[network]\nkind = "file"\n'
        'path = "ties.csv"\n[[policies]]\nname = "letter"\nuse = "bulk_letter"\n'
    )
    with pytest.raises(SystemExit) as end:
        main(["validate", str(tmp_path / "town.toml")])
    told = capsys.readouterr().err
    assert end.value.code == 4 and "ties.csv" in told and "fault of wom_sim" not in told


# -- an import that is cut short ------------------------------------------------------------------------------


TABLE = "customer,revenue,calls\na1,12.5,3\na2,8.25,0\n"


@pytest.fixture
def imported(tmp_path, monkeypatch):
    from wom_sim.cli import main

    monkeypatch.chdir(tmp_path)
    (tmp_path / "first.csv").write_text(TABLE)
    (tmp_path / "second.csv").write_text(TABLE.replace("a1", "b1"))

    def run(name: str) -> int:
        with pytest.raises(SystemExit) as end:
            main(["import", name, "--out", "base"])
        return end.value.code

    assert run("first.csv") == 0
    return run


def ids(folder: Path) -> list[str]:
    import pandas as pd

    return pd.read_parquet(folder / "customers.parquet")["customer"].tolist()


@pytest.mark.parametrize("moves", [0, 1, 2])
def test_an_import_that_is_cut_short_keeps_the_earlier_base(imported, tmp_path, monkeypatch, moves):
    done, real = [], Path.rename

    def rename(self, target):
        done.append(self.name)
        if len(done) == moves + 1:
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    code = imported("second.csv")
    monkeypatch.setattr(Path, "rename", real)
    assert code == (0 if moves == 2 else 130)
    assert ids(tmp_path / "base") == (["b1", "a2"] if moves == 2 else ["a1", "a2"])
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_the_next_import_puts_back_what_a_kill_has_left_between_two_moves(imported, tmp_path):
    from wom_sim.intake.base import beside

    beside(tmp_path / "base").mkdir()
    (tmp_path / "base").rename(beside(tmp_path / "base") / "old")
    assert imported("no_such.csv") == 4
    assert imported("second.csv") == 0
    assert ids(tmp_path / "base") == ["b1", "a2"]
    assert not beside(tmp_path / "base").exists()


def test_a_second_import_into_the_same_place_is_refused(imported, tmp_path, capsys):
    from wom_sim.intake.base import beside
    from wom_sim.results.lock import Writing

    beside(tmp_path / "base").mkdir()
    with Writing(beside(tmp_path / "base")):
        assert imported("second.csv") == 4
    assert "base is being written by process" in capsys.readouterr().err
    assert ids(tmp_path / "base") == ["a1", "a2"]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("difference", "much", r"text in the column difference, allowed: numbers"),
        ("verdict", "", r"allowed in the column verdict: better, worse, undecided"),
        ("parameter", 3.0, r"does not say which number was varied"),
    ],
)
def test_a_break_even_that_holds_something_else_is_damage_in_words(tmp_path, column, value, words):
    from wom_sim import load_scenario
    from wom_sim.present.told_folder import read_told, turning
    from wom_sim.scenario import to_toml

    row = {"policy": "bulk letter", "against": "keep", "parameter": "behaviour.leaving.retold", "value": 1.0,
           "second": "", "value2": "", "difference": 2.0, "low": 1.0, "high": 3.0,
           "verdict": "better"} | {column: value}  # fmt: skip
    with Stage(tmp_path / "out") as stage:
        (stage.place / "breakeven.csv").write_text(csv_text(pd.DataFrame([row])))
        (stage.place / "breakeven_line.csv").write_text("value,low,high\n")
        (stage.place / "scenario.toml").write_text(to_toml(load_scenario("scenarios/first_look.toml")))
        files = ["breakeven.csv", "breakeven_line.csv", "scenario.toml"]
        stage.finish({"kind": "break-even", "files": files})
    with pytest.raises(FolderError, match=words):
        turning(read_told(tmp_path / "out"))
