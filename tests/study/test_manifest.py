"""The manifest by hand: a plan of a few runs, and what becomes of each."""

from __future__ import annotations

import errno
import sqlite3

import pytest

from wom_sim.study import manifest_queries as module
from wom_sim.study.manifest import MOST_ATTEMPTS, Manifest
from wom_sim.study.manifest_queries import Counts, Due, Left, Outcome
from wom_sim.study.runs import Planned

POLICIES = ("letter", "exit")
NORTH, SOUTH = b"north", b"south"


def key(n):
    return bytes([n]) * 4


# a run of the letter serves both points, as the second number is not one that it uses
PLAN = [
    Planned(0, 0, 0, key(1), NORTH), Planned(0, 1, 0, key(2), NORTH), Planned(1, 0, 0, key(1), NORTH),
    Planned(1, 1, 0, key(3), SOUTH),
]  # fmt: skip


@pytest.fixture
def manifest(tmp_path):
    made = Manifest(tmp_path / "manifest.sqlite")
    made.set_plan(PLAN, POLICIES, [(10, "a"), (20, "b")], {"name": "small"})
    yield made
    made.close()


def test_a_plan_is_runs_that_may_serve_several_rows(manifest):
    assert manifest.counts() == Counts(rows=4, done=0, pending=3, failed=0, aside=0)
    assert manifest.counts().runs == 3
    assert manifest.left() == Left(manifest.counts(), 2, {"letter": 1, "exit": 2})
    assert manifest.cells(0, 1) == {0: [10, "a"], 1: [20, "b"]}
    assert manifest.cells(1, 5) == {1: [20, "b"]}
    assert (manifest.meta("name"), manifest.meta("policies"), manifest.meta("format")) == (
        "small", '["letter", "exit"]', "1",
    )  # fmt: skip
    assert (manifest.meta("none such"), manifest.meta("none such", "else")) == ("", "else")
    manifest.set_meta(name="large", more="1")
    assert (manifest.meta("name"), manifest.meta("more")) == ("large", "1")


def test_worlds_come_one_after_the_other_with_their_runs(manifest):
    first = manifest.next_world(-1)
    assert first is not None
    world, name, count = first
    assert {NORTH: 2, SOUTH: 1}[name] == count
    second = manifest.next_world(world)
    assert second is not None
    assert {name, second[1]} == {NORTH, SOUTH}
    assert manifest.next_world(second[0]) is None
    north = world if name == NORTH else second[0]
    one, two = manifest.due(north)
    assert one == Due(one.number, key(1), 0, "letter", 0, 0)
    assert two == Due(two.number, key(2), 0, "exit", 0, 0)
    assert one.number < two.number


def test_many_runs_of_a_world_are_read_in_pages(manifest, monkeypatch):
    monkeypatch.setattr(module, "PAGE", 3)
    monkeypatch.setattr("wom_sim.study.manifest.PAGE", 3)
    manifest.set_plan([Planned(0, 0, r, key(20 + r), NORTH) for r in range(10)], POLICIES, [(1,)], {})
    world = manifest.next_world(-1)[0]
    assert [run.replication for run in manifest.due(world)] == list(range(10))


def numbers(manifest):
    """The numbers of the runs by key."""
    return manifest.numbers_due([key(n) for n in range(9)])


def test_what_is_done_is_in_a_part_and_what_failed_has_its_error(manifest):
    of = numbers(manifest)
    assert set(of) == {key(1), key(2), key(3)}
    assert manifest.next_part() == 1
    done = [Outcome(of[key(2)], 2.0, "one"), Outcome(of[key(1)], 0.5, "other")]
    manifest.acknowledge(4, done, [Outcome(of[key(3)], 0.25, "one", "it broke")])
    assert manifest.counts() == Counts(rows=4, done=2, pending=0, failed=1, aside=0)
    assert (manifest.parts(), manifest.next_part()) == ([4], 5)
    assert list(manifest.places(2)) == [[(0, 0, 0, 4, 1), (0, 1, 0, 4, 0)], [(1, 0, 0, 4, 1)]]
    assert list(manifest.results(9)) == [[(key(2), 4, 0, 2.0, "one"), (key(1), 4, 1, 0.5, "other")]]
    assert list(manifest.results(1)) == [[(key(2), 4, 0, 2.0, "one")], [(key(1), 4, 1, 0.5, "other")]]
    assert list(manifest.failures()) == [(1, "exit", 0, "03030303", 1, "it broke")]
    assert list(manifest.failures(0)) == []
    assert manifest.speed() == (2, 2.5)
    assert manifest.hosts() == {"one": 1, "other": 1}
    assert numbers(manifest) == {key(3): of[key(3)]}
    manifest.acknowledge(None, [], [Outcome(of[key(1)], 9.0, "one", "too late")])
    assert manifest.counts().done == 2, "what is done stays done"


def test_failed_runs_are_tried_again_when_asked_for(manifest):
    of = numbers(manifest)
    manifest.acknowledge(None, [], [Outcome(of[key(3)], 0.25, "one", "it broke"), Outcome(of[key(2)], 1, "one", "too")])
    assert manifest.retry_failed() == 2
    assert manifest.counts() == Counts(rows=4, done=0, pending=3, failed=0, aside=0)
    assert manifest.find("0303")[0]["error"] is None
    assert manifest.retry_failed() == 0
    south = next(w for w in (1, 2) if [run.key for run in manifest.due(w)] == [key(3)])
    assert next(manifest.due(south)).attempts == 0


def test_a_run_that_takes_its_worker_with_it_is_given_up_after_three_attempts(manifest):
    of = numbers(manifest)
    both = [of[key(1)], of[key(2)]]
    for _ in range(MOST_ATTEMPTS - 1):
        assert manifest.worker_died(iter(both), "it died") == []
    assert manifest.counts().failed == 0
    assert manifest.worker_died(both[:1], "it died") == both[:1]
    assert list(manifest.failures()) == [(0, "letter", 0, "01010101", 3, "it died")]
    assert manifest.counts().pending == 2
    assert manifest.worker_died(both[:1], "again") == [], "it is no longer pending"
    assert next(manifest.failures())[4:] == (3, "it died")


def test_another_plan_keeps_what_was_done_and_drops_what_was_not(manifest):
    of = numbers(manifest)
    manifest.acknowledge(1, [Outcome(of[key(1)], 1.0, "one")], [])
    manifest.set_plan(
        [Planned(0, 0, 0, key(3), SOUTH), Planned(0, 0, 1, key(5), SOUTH)], ("a",), [(7,)], {"name": "new"}
    )
    assert manifest.counts() == Counts(rows=2, done=0, pending=2, failed=0, aside=1)
    assert (manifest.meta("name"), manifest.meta("policies"), manifest.cells(0, 9)) == ("new", '["a"]', {0: [7]})
    assert manifest.find("02") == []
    assert manifest.find("01")[0]["planned"] == 0
    manifest.set_plan(PLAN, POLICIES, [(10,), (20,)], {})
    assert manifest.counts() == Counts(rows=4, done=1, pending=2, failed=0, aside=0)
    assert manifest.count_planned([key(1), key(3), key(5), key(9)]) == 2
    assert manifest.speed() == (1, 1.0)


def test_a_run_is_found_by_key_or_by_row(manifest):
    of = numbers(manifest)
    manifest.acknowledge(2, [Outcome(of[key(1)], 1.5, "one")], [])
    assert manifest.find("0101") == [
        {"key": "01010101", "point": 0, "policy": "letter", "replication": 0, "state": "done", "seconds": 1.5,
         "error": None, "part": 2, "place": 0, "planned": 1}
    ]  # fmt: skip
    assert manifest.find("FF") == []
    assert manifest.find_row(1, "letter", 0) == "01010101"
    assert manifest.find_row(1, "exit", 0) == "03030303"
    assert manifest.find_row(1, "exit", 1) is None
    assert manifest.find_row(1, "none such", 0) is None


def test_states_are_copied_for_a_look_ahead(manifest, tmp_path):
    of = numbers(manifest)
    manifest.acknowledge(2, [Outcome(of[key(1)], 1.5, "one")], [Outcome(of[key(2)], 1.0, "one", "it broke")])
    other = Manifest(tmp_path / "other.sqlite")
    other.set_plan(PLAN, POLICIES, [(10,), (20,)], {})
    other.copy_states(manifest)
    assert other.counts() == Counts(rows=4, done=1, pending=1, failed=1, aside=0)
    other.close()


def test_a_plan_that_breaks_off_changes_nothing(manifest):
    def broken():
        yield Planned(0, 0, 0, key(7), NORTH)
        raise KeyError("gone")

    with pytest.raises(KeyError):
        manifest.set_plan(broken(), ("x",), [], {"name": "broken"})
    assert manifest.counts() == Counts(rows=4, done=0, pending=3, failed=0, aside=0)
    assert manifest.meta("name") == "small"


@pytest.mark.parametrize(
    ("said", "number"), [("database or disk is full", errno.ENOSPC), ("disk I/O error", errno.EIO)]
)
def test_a_disk_that_cannot_be_written_is_said(manifest, said, number):
    with pytest.raises(OSError, match=f"the manifest cannot be written: {said}") as failed, manifest._transaction():
        raise sqlite3.OperationalError(said)
    assert failed.value.errno == number


def test_a_manifest_that_is_only_read_is_not_made(tmp_path, manifest):
    with pytest.raises(sqlite3.OperationalError):
        Manifest(tmp_path / "none.sqlite", writable=False)
    assert not (tmp_path / "none.sqlite").exists()
    reader = Manifest(tmp_path / "manifest.sqlite", writable=False)
    assert reader.counts() == manifest.counts()
    with pytest.raises(sqlite3.OperationalError):
        reader.set_meta(name="else")
    reader.close()


def test_batches():
    assert list(module.batches(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(module.batches([], 2)) == []
