"""Which runs a worker gets next, step by step, on a manifest of a few worlds; and parts on disk."""

from __future__ import annotations

import numpy as np
import pytest

from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.study import parts
from wom_sim.study.execute_processes import _how
from wom_sim.study.manifest import Manifest
from wom_sim.study.manifest_queries import Due
from wom_sim.study.queue import Queue, _Group
from wom_sim.study.runs import Planned


def key(n):
    return bytes([n]) * 4


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Three worlds: of 3, 2 and 1 runs. Planned row by row, as worlds that are planned together have no order."""
    monkeypatch.setattr("wom_sim.study.manifest.PAGE", 1)
    rows, n = [], 0
    for world, runs in enumerate((3, 2, 1)):
        for r in range(runs):
            rows.append(Planned(r % 2 + 2 * world, 0, r, key(n), bytes([65 + world])))
            n += 1
    manifest = Manifest(tmp_path / "manifest.sqlite")
    manifest.set_plan(sorted(rows), ("letter",), [(k,) for k in range(6)], {})
    yield manifest
    manifest.close()


def queue_of(manifest, most_worlds=2):
    return Queue(manifest, lambda point: f"scenario {point}", most_worlds)


def taken(job):
    return None if job is None else (job.chunk.world, [run.replication for run in job.runs])


def test_a_worker_stays_on_its_world_and_then_takes_one_that_nobody_is_on(made):
    queue = queue_of(made, 3)
    assert taken(queue.next_job("one"))[0] == b"A"
    assert taken(queue.next_job("two"))[0] == b"B"
    assert taken(queue.next_job("one"))[0] == b"A"
    assert taken(queue.next_job("one"))[0] == b"A"
    assert taken(queue.next_job("one"))[0] == b"C"
    assert taken(queue.next_job("one"))[0] == b"B", "no world is left of its own"
    assert queue.next_job("one") is None
    assert queue.next_job("two") is None


def test_where_memory_is_short_a_worker_joins_the_world_with_most_left(made):
    queue = queue_of(made, 1)
    assert [taken(queue.next_job(worker))[0] for worker in ("one", "two", "three")] == [b"A"] * 3
    assert queue.next_job("one") is None, "there is room for no other world while somebody is on the first"
    assert queue.next_job("two") is None
    assert taken(queue.next_job("three"))[0] == b"B"
    assert taken(queue.next_job("one"))[0] == b"B"


def test_a_job_says_what_is_to_be_run(made):
    queue = queue_of(made)
    assert queue.depth == 1
    first = queue.next_job("one")
    queue.finished(first, 0.1)  # ten runs a second: ten at a time
    assert queue.depth == 2
    job = queue.next_job("one")
    assert [run.point for run in job.runs] == [0, 1]
    assert job.chunk.scenarios == ("scenario 0", "scenario 1")
    assert [(run.scenario, run.policy, run.replication) for run in job.chunk.runs] == [
        (0, "letter", 2), (1, "letter", 1),
    ]  # fmt: skip
    assert [run.number for run in job.chunk.runs] == [run.number for run in job.runs]


def test_how_many_runs_are_handed_out_at_once_follows_from_what_they_take(made):
    queue = queue_of(made)
    job = queue.next_job("one")
    assert queue._chunk_size() == 1
    queue.finished(job, 0.1)
    assert queue._chunk_size() == 10
    queue.finished(job, 1.1)  # .7 x .1 + .3 x 1.1 = .4 seconds
    assert queue._chunk_size() == 2
    assert queue._seconds_a_run == pytest.approx(0.4)
    assert queue.depth == 2
    queue.finished(job, 1.0)  # .58
    assert queue.depth == 1
    queue.finished(job, 90.0)
    assert queue._chunk_size() == 1
    fast = queue_of(made)
    fast.finished(job, 1e-9)
    assert fast._chunk_size() == 5000


def test_runs_of_a_dead_worker_come_first_and_what_killed_it_alone(made):
    queue = queue_of(made)
    first = queue.next_job("one")
    queue.finished(first, 0.01)
    job = queue.next_job("one")
    dead, other = job.runs
    queue.gone("one")
    queue.give_back(job, [other, dead._replace(attempts=1)])
    assert [run.number for run in queue.next_job("two").runs] == [other.number]
    again = queue.next_job("two")
    assert [(run.number, run.attempts) for run in again.runs] == [(dead.number, 1)]
    assert taken(queue.next_job("two"))[0] == b"B"


def test_runs_of_a_world_that_was_closed_are_handed_out_again(made):
    queue = queue_of(made, 1)
    jobs = [queue.next_job("one") for _ in range(6)]
    assert queue.next_job("one") is None
    queue.give_back(jobs[0], jobs[0].runs)
    back = queue.next_job("two")
    assert (back.chunk.world, back.world, [r.number for r in back.runs]) == (
        b"A",
        jobs[0].world,
        [jobs[0].runs[0].number],
    )
    assert queue.next_job("two") is None


def test_a_group_counts_what_is_left():
    runs = [Due(n, key(n), 0, "letter", n, 0) for n in range(5)]
    group = _Group(7, b"A", 5, iter(runs))
    assert [run.number for run in group.take(2)] == [0, 1]
    assert group.left == 3
    group.again.extend([runs[0]._replace(attempts=2), runs[1]])
    assert [run.number for run in group.take(9)] == [0]
    assert [run.number for run in group.take(9)] == [1, 2, 3, 4]
    assert group.take(9) == []


# -- parts ---------------------------------------------------------------------------------------------------


def test_parts_are_written_read_and_found_by_place(tmp_path):
    first, second = (np.arange(3.0 * len(INDICATORS)).reshape(3, -1) + shift for shift in (0.0, 1000.0))
    parts.write_part(tmp_path, 1, [key(n) for n in range(3)], first)
    parts.write_part(tmp_path, 12, [key(n) for n in range(3)], second)
    assert parts.path_of(tmp_path, 12) == tmp_path / "parts" / "000012.parquet"
    assert (parts.read_part(tmp_path, 12) == second).all()
    found = parts.read_places(parts.PartCache(tmp_path, {}), [(12, 2), (1, 0), (12, 0)])
    assert (found == np.stack([second[2], first[0], second[0]])).all()
    assert parts.read_places(parts.PartCache(tmp_path, {}), []).shape == (0, len(INDICATORS))
    (tmp_path / "parts" / "000002.parquet").touch()
    (tmp_path / "parts" / "half.tmp").touch()
    assert parts.remove_orphans(tmp_path, [1, 12]) == 2
    assert sorted(file.name for file in (tmp_path / "parts").iterdir()) == ["000001.parquet", "000012.parquet"]
    assert parts.remove_orphans(tmp_path / "none", []) == 0


@pytest.mark.parametrize(
    ("code", "text"),
    [(0, "ended with status 0"), (3, "ended with status 3"), (-9, "killed by SIGKILL"), (-250, "killed by signal 250")],
)
def test_how_a_process_ended(code, text):
    assert _how(code) == text
