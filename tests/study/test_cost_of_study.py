"""What a study will take, from what a probe found: arithmetic written out, and the words."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.study import cost_of_study as module
from wom_sim.study.cost_of_study import Estimate, Probe, _short, _size, _Took, estimate
from wom_sim.study.manifest_queries import Counts, Left
from wom_sim.study.sweep import How
from wom_sim.words import ENGLISH

GIB = 2.0**30
COUNTS = Counts(rows=500, done=30, pending=100, failed=2, aside=0)
PROBE = Probe(12, {"a": 0.5, "b": 2.0}, 10.0, 3 * GIB)
LEFT = Left(COUNTS, 7, {"a": 60, "b": 40})
NOTHING_OWN = SimpleNamespace(plugins=SimpleNamespace(indicators=()))
STUDY = SimpleNamespace(outputs=["x"] * 4, points=SimpleNamespace(columns=("k", "l")), scenario=NOTHING_OWN)


@pytest.fixture(autouse=True)
def disk(monkeypatch):
    monkeypatch.setattr(module, "free_bytes", lambda folder: 8 * GIB)


@pytest.mark.parametrize(
    ("where", "workers", "built", "start", "size"), [("threads", 2, 7, 4.0, 3.0), ("processes", 10, 10, 8.0, 30.0)]
)
def test_the_time_and_memory_that_a_study_takes(tmp_path, where, workers, built, start, size):
    found = estimate(STUDY, LEFT, How(where, workers, 1, 1 * GIB), PROBE, tmp_path)
    each = (60 * 0.5 + 40 * 2.0) / 100
    middle = (100 * each + built * 10.0) / workers + start
    assert found.run_seconds == pytest.approx(each)
    assert found.seconds == pytest.approx((middle / 1.5, middle * 1.5))
    assert found.bytes == size * GIB
    assert found.disk == pytest.approx(100 * (260 + 9 * len(INDICATORS)) + 500 * 2 * 9 * (4 + 2 + 3))
    assert found.free == 8 * GIB
    assert (found.left, found.probe, found.how.where) == (LEFT, PROBE, where)


def test_a_single_run_takes_at_least_building_and_itself(tmp_path):
    one = Left(Counts(1, 0, 1, 0, 0), 1, {"b": 1})
    found = estimate(STUDY, one, How("threads", 8, 1, 4 * GIB), PROBE, tmp_path)
    assert found.seconds == pytest.approx(((12.0 + 4.0) / 1.5, (12.0 + 4.0) * 1.5))
    assert found.bytes == 4 * GIB


def test_without_a_probe_there_is_no_time(tmp_path):
    found = estimate(STUDY, LEFT, How("threads", 2, 1, 1 * GIB), None, tmp_path)
    assert (found.seconds, found.run_seconds, found.bytes) == ((0.0, 0.0), 0.0, 1 * GIB)
    assert "time" not in found.text()


def made(counts, probe=PROBE, where="threads"):
    how = How(where, 2, 1, GIB)
    return Estimate(Left(counts, 7, {}), how, probe, 0.25, (30.0, 6000.0), 1.5 * GIB, 3 * 2.0**20, 8.2 * GIB)


def test_an_estimate_in_words():
    assert made(COUNTS).text() == (
        "132 runs for 500 rows of the table (rows that say the same share a run), 30 done, 2 failed, 100 to do\n"
        "time: about 30 s to 1.7 h, 2 at a time (threads); a run takes 250.0 ms, people and ties 10.0 s, 7 times "
        "(probe of 12 runs)\n"
        "memory: about 1.5 GiB\n"
        "disk: about 3.0 MiB (8.2 GiB free)"
    )
    assert made(Counts(1, 0, 1, 0, 2000)).text().splitlines()[:2] == [
        "1 run, 0 done, 0 failed, 1 to do",
        "2,000 runs of former plans or models are kept aside, not in the table",
    ]
    assert made(Counts(3, 3, 0, 0, 5)).text() == "3 runs, 3 done, 0 failed, 0 to do"


@pytest.mark.parametrize(
    ("value", "text"),
    [(2.5 * GIB, "2.5 GiB"), (GIB, "1.0 GiB"), (GIB - 2**20, "1023.0 MiB"), (2.0**20, "1.0 MiB"), (2048.0, "2 KiB"),
     (3.0, "1 KiB")],
)  # fmt: skip
def test_sizes(value, text):
    assert _size(value, ENGLISH) == text


def test_short_times():
    assert [_short(s, ENGLISH) for s in (0.0123, 0.9999, 1.0, 12.34)] == ["12.3 ms", "999.9 ms", "1.0 s", "12.3 s"]


def test_the_first_run_of_a_policy_counts_only_if_it_is_long():
    took = _Took(("a", "b"))
    took.note("a", 0.4, False)
    assert not took.complete
    took.note("a", 1.0, False)
    took.note("b", 1.5, False)
    assert not took.complete
    took.note("a", 0.2, True)
    took.note("a", 0.4, True)
    assert took.complete
    found = took.probe([1.0, 3.0])
    assert found.run_seconds == pytest.approx({"a": 0.3, "b": 1.5})
    assert (found.runs, found.world_seconds) == (3, 2.0)
    assert found.bytes > 1e6
