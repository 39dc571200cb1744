"""The bench: graphs, rows, tables, processes that fail. What it measures is not tested, because it is measured."""

import csv
import io
import random
from dataclasses import replace

import numpy as np
import pytest

from benchmarks import apart, measure, probe, report
from benchmarks.graph import load, of_pairs, random_graph, rows_of, save
from benchmarks.measure import Row
from benchmarks.peers.mesa_cascade import Cascade

ROW = Row("part", "what", people=10, runs=3, cpu=2.0, wall=4.0, count=1e9, unit="people", note="a, b")


def test_a_row_gives_nanoseconds_for_each():
    assert ROW.each == pytest.approx(2.0)
    assert replace(ROW, count=0.0).each is None
    assert replace(ROW, cpu=None).each is None


def test_tables_hold_every_figure_beside_its_probe():
    parts = {"part": [Row("probe", "read", count=7.0, unit="ns a read"), ROW]}
    machine = {"processor": "one", "commit": "abc"}
    lines = list(csv.DictReader(io.StringIO(report.table(machine, parts))))
    assert len(lines) == 1
    assert (lines[0]["cpu"], lines[0]["note"], lines[0]["commit"]) == ("2.0", "a, b", "abc")
    assert lines[0]["probe"] == "read: 7 ns a read"
    text = report.markdown(machine, parts)
    assert "7 ns a read (read)" in text
    assert "| what | 10 | 3 | 2 | 4 | 1,000,000,000 | people | 2 |" in text


def test_graph_has_no_loops_or_repetitions_and_survives_a_file(tmp_path):
    graph = of_pairs(4, np.array([0, 1, 2, 2]), np.array([1, 0, 2, 3]))
    assert list(zip(graph.first, graph.second, strict=True)) == [(0, 1), (2, 3)]
    start, ties = rows_of(graph)
    assert (start.tolist(), ties.tolist()) == ([0, 1, 2, 3, 4], [1, 0, 3, 2])
    save(graph, tmp_path / "graph.npz")
    again = load(tmp_path / "graph.npz")
    assert again.people == 4
    assert np.array_equal(again.second, graph.second)


def test_random_graph_is_the_same_for_the_same_seed():
    one, two, other = (random_graph(300, 6.0, seed) for seed in (1, 1, 2))
    assert np.array_equal(one.first, two.first)
    assert not np.array_equal(one.first, other.first)
    assert one.ties / 300 == pytest.approx(6.0, rel=0.05)


def test_mesa_cascade_reaches_all_or_none_at_the_ends_of_the_scale():
    path = of_pairs(50, np.arange(49), np.arange(1, 50))
    model = Cascade(path)
    assert model.run([0], 1.0, 1) == 50
    assert model.run([0, 7], 0.0, 1) == 2


def test_a_process_that_fails_says_so():
    with pytest.raises(apart.FailedError, match="status 2"):
        apart.rows_of("cascade", ["--no-such-option"])


@pytest.mark.parametrize("kernel", [probe.independent, probe.dependent])
def test_probe_reads_inside_the_table_and_the_whole_of_it(kernel):
    """Rows are found by a hash: every one of a small table must come up, and none outside it."""
    rows = 97
    seen = {int(probe._place(np.uint64(k), np.uint64(rows))) for k in range(5_000)}
    assert seen == set(range(rows))
    assert kernel(np.ones((rows, 4), dtype=np.uint32), 1_000, random.Random(1).randrange(10**6)) >= 0


def test_independent_probe_reads_as_often_as_it_says():
    table = np.ones((50, 4), dtype=np.uint32)
    assert probe.independent(table, 1_000, 3) == 1_000
    assert probe.independent_pairs(table.view(np.uint64), 10, 3) == 20 * (2**32 + 1)


def test_peak_memory_is_that_of_this_process():
    before = measure.peak_memory()
    held = np.ones(2**25)
    assert measure.peak_memory() >= before
    assert measure.peak_memory() > held.nbytes / 2**30


def test_both_probes_of_luck_make_the_same_blocks():
    one, many = np.zeros((4, 32), dtype=np.uint32), np.zeros((4, 32), dtype=np.uint32)
    probe.blocks_one_by_one(70, one)
    probe.blocks_in_row(70, many)
    assert len(set(one[0].tolist())) == 32
    assert np.array_equal(np.bitwise_xor.reduce(many, axis=0), one[0])
