"""Kernels read a lent tuple where it lies, and find in it what Python finds in the tuple itself."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

import numpy as np
import pytest
from numba.core.runtime import _nrt_python, rtsys

from wom_sim._compile import kernel, part
from wom_sim._lent import Lent, growing, lent, replacing, taking
from wom_sim.world.records import record_type

ROW = record_type([("day", np.int16), ("harm", np.float64)])


class Inner(NamedTuple):
    weights: np.ndarray
    share: float
    size: int


class Outer(NamedTuple):
    rows: np.ndarray
    seed: np.uint64
    inner: Inner
    table: np.ndarray
    none: np.ndarray


def outer(days: int = 3) -> Outer:
    rows = np.zeros(days, dtype=ROW)
    rows["day"], rows["harm"] = np.arange(days), 0.5
    inner = Inner(np.array([1.0, 2.0]), 0.25, -7)
    return Outer(rows, np.uint64(2**64 - 1), inner, np.arange(24.0).reshape(2, 3, 4), np.zeros((0, 2), dtype=np.uint32))


@growing("entries")
class Growing(NamedTuple):
    entries: np.ndarray
    used: np.ndarray


replace_entries, take_entries = replacing("entries"), taking("entries")


@part
def make_room(values: Any, more: int) -> None:
    if values.used[0] + more > values.entries.size:
        bigger = np.empty(2 * (values.used[0] + more), dtype=np.int64)
        for k in range(values.used[0]):
            bigger[k] = values.entries[k]
        replace_entries(values, bigger)


@kernel
def fill(values: Any, many: int) -> Any:
    for k in range(many):
        make_room(values, 1)
        values.entries[values.used[0]] = k * k
        values.used[0] += 1
    return take_entries(values)


@kernel
def churn(values: Any, times: int, size: int) -> None:
    """Replace the array again and again; each but the last must be given back."""
    for _ in range(times):
        replace_entries(values, np.empty(size, dtype=np.int64))
    take_entries(values)


@part
def _of_inner(inner: Any) -> Any:
    return inner.weights.sum(), inner.share, inner.size


@kernel
def read(values: Any) -> Any:
    total, share, size = _of_inner(values.inner)
    last = values.rows[values.rows.size - 1]
    return last.day, last.harm, values.seed, total, share, size, values.table[1, 2, 3], values.table[1].sum()


@kernel
def shapes(values: Any) -> Any:
    table = values.table
    return table.size, table.shape, table.strides, table.itemsize, values.none.shape, values.none.size


@kernel
def write(values: Any, many: int) -> None:
    for k in range(many):
        values.rows[k % values.rows.size].harm += values.inner.weights[1]
        values.table[0, 0, 0] += 1.0


def test_every_field_is_what_it_is_in_python():
    values = outer()
    assert read(lent(values)) == (2, 0.5, 2**64 - 1, 3.0, 0.25, -7, 23.0, values.table[1].sum())


def test_an_array_keeps_its_shape_and_steps():
    values = outer()
    table = values.table
    assert shapes(lent(values)) == (24, (2, 3, 4), table.strides, 8, (0, 2), 0)


def test_what_a_kernel_writes_is_in_the_arrays_that_were_lent():
    values = outer()
    write(lent(values), 7)
    assert values.rows["harm"].tolist() == [0.5 + 2.0 * 3, 0.5 + 2.0 * 2, 0.5 + 2.0 * 2]
    assert values.table[0, 0, 0] == 7.0


def test_the_same_code_serves_tuples_that_differ_in_length():
    if os.environ.get("NUMBA_DISABLE_JIT") == "1":
        pytest.skip("nothing is compiled")
    assert read(lent(outer(3)))[0] == 2
    compiled = len(read.overloads)
    assert read(lent(outer(5)))[0] == 4
    frozen = outer(6)
    frozen.rows.setflags(write=False)
    assert read(lent(frozen))[0] == 5
    assert len(read.overloads) == compiled


def test_a_lent_tuple_keeps_its_arrays():
    held = Lent(Outer(*outer()))
    again = [np.full(2, 9.0) for _ in range(100)]  # would lie where arrays lay that nobody keeps
    assert read(held)[3] == 3.0
    assert len(again) == 100


def test_an_array_that_grows_while_it_is_lent_is_taken_at_the_end():
    first = Growing(np.zeros(2, dtype=np.int64), np.zeros(1, dtype=np.int64))
    grown = fill(lent(first), 1000)
    assert grown[:1000].tolist() == [k * k for k in range(1000)]
    assert first.entries.tolist() == [0, 1]  # what was lent has been left behind
    again = Growing(np.zeros(2, dtype=np.int64), np.zeros(1, dtype=np.int64))
    assert fill(lent(again), 2).tolist() == [0, 1]  # there was room enough
    assert grown[:1000].tolist() == [k * k for k in range(1000)]


def test_arrays_that_were_replaced_are_given_back():
    if os.environ.get("NUMBA_DISABLE_JIT") == "1":
        pytest.skip("Python counts by itself")
    values = Growing(np.zeros(2, dtype=np.int64), np.zeros(1, dtype=np.int64))
    churn(lent(values), 1, 10)
    _nrt_python.memsys_enable_stats()
    before = rtsys.get_allocation_stats()
    churn(lent(values), 50, 10)
    after = rtsys.get_allocation_stats()
    assert after.alloc - before.alloc == after.free - before.free


def test_fields_of_other_types_have_another_type():
    one, other = Lent(Inner(np.zeros(2), 0.0, 1)), Lent(Inner(np.zeros(2, dtype=np.float32), 0.0, 1))
    assert one._numba_type_ != other._numba_type_
    assert one._numba_type_ is Lent(Inner(np.ones(9), 1.0, 2))._numba_type_


@pytest.mark.parametrize(
    ("values", "error", "says"),
    [
        (Inner(np.zeros((4, 4))[:, 1], 0.5, 1), ValueError, "must lie in one piece"),
        (Inner("weights", 0.5, 1), TypeError, "str cannot be lent to a kernel"),
        (Inner(np.zeros(1), True, 1), TypeError, "bool cannot be lent to a kernel"),
        (Inner(np.zeros(1), 0.5, 2**70), OverflowError, ""),
    ],
)
def test_what_cannot_be_lent_is_refused(values: Inner, error: type[Exception], says: str):
    with pytest.raises(error, match=says):
        Lent(values)


def test_a_field_that_is_not_there_is_told():
    if os.environ.get("NUMBA_DISABLE_JIT") == "1":
        pytest.skip("nothing is compiled")

    @kernel
    def ask(values: Any) -> Any:
        return values.wages

    with pytest.raises(Exception, match="wages"):
        ask(lent(outer()))
