"""What this machine can do just now: nanoseconds a random read or a block of luck, gigabytes a second of copying.

An *independent* read does not wait for the one before it, so that many are under way at once: it is the limit for
work that meets people in any order. A *dependent* read does wait, as when following a chain. A *block* of luck is one
evaluation of Philox, four numbers: one by one, as for somebody who is met, or many at a time, as when people are built.

python -m benchmarks.probe
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numba
import numpy as np

from benchmarks.measure import Row, emit
from wom_sim.world.luck import philox, words_in_row

_REPEATS = 5
_READS = 2_000_000
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_HALF = np.uint64(32)

SMALL, STATE, PEOPLE = 16 * 2**20, 73_000_000 * 16, 73_000_000 * 36
"""Bytes: the state of a million people, of 73 million people, and the rows of 73 million people."""


@numba.njit
def _place(k: np.uint64, rows: np.uint64) -> np.uint64:
    """Return a random row: a hash of ``k``, scaled without a division."""
    mixed = (k * _SPREAD) ^ ((k * _SPREAD) >> _HALF)
    return (((mixed * _MIX) >> _HALF) * rows) >> _HALF


@numba.njit
def independent(table: np.ndarray, reads: int, first: int) -> np.uint64:
    """Return the sum of one 32-bit word of ``reads`` random rows."""
    rows, total = np.uint64(table.shape[0]), np.uint64(0)
    for k in range(reads):
        total += np.uint64(table[_place(np.uint64(first + k), rows), 0])
    return total


@numba.njit
def independent_pairs(table: np.ndarray, reads: int, first: int) -> np.uint64:
    """Return the sum of both halves of ``reads`` random rows of two words."""
    rows, total = np.uint64(table.shape[0]), np.uint64(0)
    for k in range(reads):
        row = _place(np.uint64(first + k), rows)
        total += table[row, 0] + table[row, 1]
    return total


@numba.njit
def dependent(table: np.ndarray, reads: int, first: int) -> np.uint64:
    """Return where a chain of ``reads`` random rows ends; which comes next depends on what was read."""
    rows, at = np.uint64(table.shape[0]), np.uint64(first)
    for k in range(reads):
        at = _place(at + np.uint64(table[_place(at, rows), 0]) + np.uint64(k), rows)
    return at


def nanoseconds_a_read(kernel: Callable[..., np.uint64], table: np.ndarray, reads: int) -> float:
    """Return the median nanoseconds of CPU a read, over several repeats at other places."""
    kernel(table, 10, 0)
    took = []
    for repeat in range(_REPEATS):
        began = time.process_time()
        kernel(table, reads, 1 + repeat * reads)
        took.append(1e9 * (time.process_time() - began) / reads)
    return statistics.median(took)


@numba.njit
def blocks_one_by_one(number: int, room: np.ndarray) -> np.ndarray:
    """Make so many blocks of luck, each by itself."""
    for k in range(number):
        words = philox(k, 0, 0, 19, np.uint64(7))
        room[0, k % room.shape[1]] = words[0] ^ words[1] ^ words[2] ^ words[3]
    return room


@numba.njit
def blocks_in_row(number: int, room: np.ndarray) -> np.ndarray:
    """Make so many blocks of luck, as many at a time as there is room for."""
    at_a_time = room.shape[1]
    for first in range(0, number, at_a_time):
        words_in_row(np.uint64(7), 19, (first, 1), (0, 0), min(at_a_time, number - first), room)
    return room


def nanoseconds_a_block(kernel: Callable[..., np.ndarray]) -> float:
    """Return the median nanoseconds of CPU a block of luck, over several repeats."""
    room = np.zeros((4, 256), dtype=np.uint32)
    kernel(10, room)
    took = []
    for _ in range(_REPEATS):
        began = time.process_time()
        kernel(_READS, room)
        took.append(1e9 * (time.process_time() - began) / _READS)
    return statistics.median(took)


def luck() -> list[Row]:
    """Return nanoseconds a block of luck."""
    made = {"one by one": blocks_one_by_one, "many at a time": blocks_in_row}
    return [
        Row("probe", f"block of luck, {how}", count=nanoseconds_a_block(kernel), unit="ns a block")
        for how, kernel in made.items()
    ]


def copy_speed(size: int) -> float:
    """Return the gigabytes that are copied in a second of CPU (each byte read and written counts once)."""
    source, target = np.ones(size // 8), np.empty(size // 8)
    target[:] = 0.0
    took = []
    for _ in range(_REPEATS):
        began = time.process_time()
        np.copyto(target, source)
        took.append(source.nbytes / 1e9 / (time.process_time() - began))
    return statistics.median(took)


def reads(size: int, width: int) -> list[Row]:
    """Return nanoseconds a random read in ``size`` bytes of rows of ``width`` bytes."""
    table = np.ones((size // width, width // 4), dtype=np.uint32)
    took = {"4 bytes, independent": nanoseconds_a_read(independent, table, _READS)}
    if width == 16:
        took["16 bytes, independent"] = nanoseconds_a_read(independent_pairs, table.view(np.uint64), _READS)
    took["4 bytes, dependent"] = nanoseconds_a_read(dependent, table, _READS // 8)
    where = f"a row of {width} bytes, {size / 2**30:.2g} GiB in all"
    return [Row("probe", f"{what}, of {where}", count=each, unit="ns a read") for what, each in took.items()]


def rows(large: bool) -> list[Row]:
    """Return what was measured: a million people's worth and, if ``large``, the whole market's."""
    sizes = [(SMALL, 16), *([(STATE // 4, 4), (STATE, 16), (PEOPLE, 36)] if large else [])]
    found = [row for size, width in sizes for row in reads(size, width)]
    return [*found, *luck(), Row("probe", "copy", count=copy_speed(2**29 if large else 2**27), unit="GB a second")]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="only what a million people need")
    emit(rows(not parser.parse_args().small))


if __name__ == "__main__":
    main()
