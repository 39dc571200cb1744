"""A short part of the long torture: a few cases of each kind of hostile input; and that the harness can fail."""

from __future__ import annotations

import os
import random
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "experiments" / "torture"))

import crew  # noqa: E402
import page  # noqa: E402
import spoil  # noqa: E402
import stock  # noqa: E402
from judge import CODES, HANG, LOST, RAN, RAW, REFUSED, Case, InProcess, judge  # noqa: E402
from kinds import kinds  # noqa: E402

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked")
FEW = {
    "scenario files": 40, "values of keys": 60, "scenarios that are run": 4, "study files": 15, "files of ties": 40,
    "customer tables": 25, "folders of results": 30, "command lines": 12, "questions and answers": 40,
    "policies of others": 8,
}  # fmt: skip
"""So many of each kind here; templates and processes of their own take seconds each, and are left to the long run."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """Well formed inputs, and the results that take least."""
    folder = tmp_path_factory.mktemp("torture")
    stock.build(folder / "stock", ("comparison", "run", "worlds", "study", "break-even", "explanation", "base"))
    return folder


@pytest.fixture(scope="module")
def made(workspace):
    from wom_sim.cli import assembly

    kept = assembly.app
    yield {kind.name: kind for kind in kinds(workspace / "stock")}
    assembly.app = kept


@pytest.mark.science
@pytest.mark.parametrize("name", FEW)
def test_hostile_input_is_taken_in_words(made, workspace, tmp_path, name, monkeypatch):
    import kinds as module

    there = {path.name for path in (workspace / "stock" / "results").iterdir()}
    monkeypatch.setattr(module, "READERS", {k: v for k, v in module.READERS.items() if k in there})
    tally = crew.watch(made[name], range(FEW[name]), 2, tmp_path / "work", tmp_path / "kept")
    assert tally.cases == FEW[name] and not tally.said, "\n".join(tally.said)
    assert tally.counts[RAN] + tally.counts[REFUSED] == FEW[name]


@pytest.mark.science
def test_a_case_is_the_same_again(made, tmp_path):
    kind = made["values of keys"]
    first, again = (kind.make(random.Random("1 x 7"), tmp_path).arguments for _ in range(2))
    assert first == again


# -- that it sees what it is there for -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "err", "what"),
    [
        (0, "", RAN), (4, "it is wrong", REFUSED), (4, "", RAW), (9, "words", RAW), (4, "x: 'NoneType' object", RAW),
        (1, "Traceback (most recent call last):", RAW), (4, "this is a fault of wom_sim, not of what", RAW),
        (0, "file.py:3: RuntimeWarning: overflow", RAW), (4, "IndexError: list index out of range", RAW),
    ],
)  # fmt: skip
def test_an_end_that_must_not_be_is_seen(tmp_path, code, err, what):
    assert judge(Case(["x"]), lambda case: (code, "", err), tmp_path).what == what


def test_what_is_left_behind_is_seen(tmp_path):
    def half(case):
        (tmp_path / ".x.part").write_text("half")
        return 4, "", "it is wrong"

    def changed(case):
        (tmp_path / "mine").write_text("theirs")
        return 4, "", "it is wrong"

    assert judge(Case(["x"]), half, tmp_path).what == LOST
    (tmp_path / ".x.part").unlink()
    (tmp_path / "mine").write_text("mine")
    assert judge(Case(["x"], keeps=tmp_path), changed, tmp_path).what == LOST
    assert judge(Case(["x"], must=frozenset({4})), lambda case: (0, "", ""), tmp_path).what == LOST


def _busy(case):
    ends = time.process_time() + 60
    while time.process_time() < ends:
        pass
    return 0, "", ""


@pytest.mark.parametrize(("run", "what"), [(lambda case: os._exit(3), RAW), (_busy, HANG)], ids=["crash", "hang"])
def test_a_worker_that_dies_or_hangs_is_counted_and_the_others_go_on(tmp_path, monkeypatch, run, what):
    monkeypatch.setattr(crew, "SLOW", 0.5)

    def ends(case):
        return run(case) if case.arguments == ["2"] else (0, "", "")

    numbers = iter(range(100))
    kind = crew.Kind("some", lambda luck, place: Case([place.name]), 1, ends)
    kind.make = lambda luck, place: Case([str(next(numbers))])
    tally = crew.watch(kind, range(5), 1, tmp_path / "work", tmp_path / "kept", workers=1)
    assert tally.cases == 5
    assert tally.counts == Counter({RAN: 4, what: 1}) or (what == RAW and tally.counts[RAW] >= 1)
    assert list((tmp_path / "kept").iterdir()), "what went wrong is kept"


def test_spoiling_spoils():
    luck = random.Random(1)
    whole = stock.TINY.encode()
    assert sum(spoil.toml(stock.TINY, luck) != whole for _ in range(50)) > 40
    assert sum(spoil.content(whole, luck) != whole for _ in range(50)) > 40
    assert len({spoil.table(stock.TIES["names.csv"], luck) for _ in range(50)}) > 40


def test_the_command_in_this_process_is_that_of_a_user(made, tmp_path):
    (tmp_path / "tiny.toml").write_text(stock.TINY)
    code, out, _ = InProcess()(Case(["validate", str(tmp_path / "tiny.toml")]))
    assert code == 0 and "330 people; letter, exit" in out
    code, _, err = InProcess()(Case(["validate", str(tmp_path / "none.toml")]))
    assert code == 4 in CODES and "no such file" in err


def test_the_page_is_written_between_its_markers(tmp_path):
    lines = {
        "a": {"table": "inputs", "kind": "files of ties", "cases": 3, "counts": {RAN: 1, REFUSED: 2}},
        "b": {"table": "inputs", "kind": "files of ties", "cases": 1, "counts": {RAW: 1}},
        "c": {"table": "kills", "kind": "compare", "cases": 5, "counts": {"same": 3, RAN: 1}},
    }
    rows = page.rows_of(lines)
    assert "| files of ties | 4 | 1 | 2 | 1 | 0 | 0 |" in rows.text
    assert rows.wrong == 1
    file = tmp_path / "page.md"
    file.write_text(f"before\n{page.FIRST}\nold\n{page.LAST}\nafter\n")
    page.write(rows, file)
    text = file.read_text()
    assert text.startswith("before\n") and text.endswith("after\n") and "old" not in text and rows.text[0] in text
    with pytest.raises(ValueError, match="markers"):
        page.write(rows, Path(__file__))
