"""Ties: from a list and back, and the invariants that ``check`` keeps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wom_sim.world.network import (
    ACQUAINTANCE,
    CLASS_BITS,
    CLASS_NAMES,
    CLOSE,
    HOUSEHOLD,
    Network,
    append_isolated,
    check,
    edges,
    from_edges,
)


def network(start: list[int], ties: list[tuple[int, int]], pool: int | None = None) -> Network:
    """Build a network by hand: row starts, and (neighbour, class) pairs."""
    packed = [(who << CLASS_BITS) | kind for who, kind in ties]
    size = len(start) - 1 if pool is None else pool
    return Network(np.array(start, dtype=np.uint32), np.array(packed, dtype=np.uint32), size)


def of(n: int, listed: list[tuple[int, int, int]]) -> Network:
    table = np.array(listed, dtype=np.int64).reshape(-1, 3)
    return from_edges(n, table[:, 0], table[:, 1], table[:, 2])


def as_list(graph: Network) -> list[tuple[int, int, int]]:
    return list(zip(*(part.tolist() for part in edges(graph)), strict=True))


TRIANGLE = of(4, [(2, 0, CLOSE), (0, 1, HOUSEHOLD), (1, 2, ACQUAINTANCE)])


@st.composite
def tie_lists(draw):
    n = draw(st.integers(1, 12))
    person = st.integers(0, n - 1)
    return n, draw(st.lists(st.tuples(person, person, st.integers(0, 2)), max_size=40))


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(tie_lists())
def test_ties_of_a_list(case):
    n, listed = case
    closest: dict[tuple[int, int], int] = {}
    for a, b, kind in listed:
        if a != b:
            pair = (min(a, b), max(a, b))
            closest[pair] = min(kind, closest.get(pair, kind))
    graph = of(n, listed)
    check(graph)
    assert graph.size == graph.pool == n
    assert as_list(graph) == sorted((*pair, kind) for pair, kind in closest.items())


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(tie_lists())
def test_round_trip(case):
    graph = of(*case)
    again = from_edges(graph.size, *edges(graph))
    assert again.start.tobytes() == graph.start.tobytes()
    assert again.ties.tobytes() == graph.ties.tobytes()


def test_rows():
    assert TRIANGLE.neighbours(0).tolist() == [1, 2]
    assert [CLASS_NAMES[kind] for kind in TRIANGLE.classes(0)] == ["household", "close"]
    assert TRIANGLE.neighbours(3).tolist() == []
    assert TRIANGLE.degrees().tolist() == [2, 2, 2, 0]
    assert TRIANGLE.start.dtype == TRIANGLE.ties.dtype == np.uint32


@pytest.mark.parametrize("tie", [(0, 4), (4, 0), (-1, 0), (0, -1)])
def test_a_tie_to_nobody_is_refused(tie):
    with pytest.raises(ValueError, match="between people 0 to 3"):
        of(4, [(0, 1, CLOSE), (*tie, CLOSE)])


@pytest.mark.parametrize(
    ("fault", "broken"),
    [
        ("start does not end", network([0, 1, 1], [(1, CLOSE), (0, CLOSE)])),
        ("start does not end", network([0, 1, 3], [(1, CLOSE), (0, CLOSE)])),
        ("leads to nobody", network([0, 1, 2], [(2, CLOSE), (0, CLOSE)])),
        ("tied to themselves", network([0, 1, 2], [(0, CLOSE), (1, CLOSE)])),
        ("not ascending", network([0, 2, 3, 4], [(2, CLOSE), (1, CLOSE), (0, CLOSE), (0, CLOSE)])),
        ("not ascending", network([0, 2, 4], [(1, HOUSEHOLD), (1, CLOSE), (0, HOUSEHOLD), (0, CLOSE)])),
        ("not symmetric", network([0, 1, 1], [(1, CLOSE)])),
        ("not symmetric", network([0, 1, 2], [(1, CLOSE), (0, HOUSEHOLD)])),
        ("not symmetric", network([0, 1, 2, 3], [(1, CLOSE), (2, CLOSE), (0, CLOSE)])),
        ("negative", network([0, 2, 1, 2], [(1, CLOSE), (0, CLOSE)])),
    ],
)
def test_check_names_the_fault(fault, broken):
    with pytest.raises(ValueError, match=fault):
        check(broken)


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(network([0, 1, 2], [(1, 3), (0, 3)]), id="a class of tie that does not exist"),
        pytest.param(network([0, 1, 2], [(1, CLOSE), (0, CLOSE)], pool=7), id="strangers who do not exist"),
    ],
)
def test_check_finds_what_kernels_rely_on(broken):
    with pytest.raises(ValueError):
        check(broken)


def test_check_passes_what_is_right():
    check(TRIANGLE)
    check(of(1, []))
    check(network([0, 1, 2], [(1, ACQUAINTANCE), (0, ACQUAINTANCE)]))


def test_isolated_people_are_added_at_the_end():
    more = append_isolated(TRIANGLE, 3)
    check(more)
    assert more.size == 7
    assert more.pool == 4, "nobody meets them as strangers"
    assert as_list(more) == as_list(TRIANGLE)
    assert more.degrees().tolist() == [2, 2, 2, 0, 0, 0, 0]
    assert more.start.dtype == np.uint32
    assert append_isolated(TRIANGLE, 0).start.tobytes() == TRIANGLE.start.tobytes()
