"""Small keyed tools for building worlds: shuffles, normal and log-normal numbers, threads; no generator."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import kernel, rule
from wom_sim.world.luck import unit, words_in_row

_STEPS = 64
"""So many blocks of luck are made at a time."""


@rule
def normal_pair(u: float, v: float) -> tuple[float, float]:
    """Return two independent standard normal numbers from two uniform ones (Box & Muller 1958)."""
    r = math.sqrt(-2.0 * math.log(u))
    angle = 2.0 * math.pi * v
    return r * math.cos(angle), r * math.sin(angle)


@rule
def normal(u: float, v: float) -> float:
    """Return the first of ``normal_pair``."""
    return math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * v)


@rule
def lognormal(mean: float, spread: float, z: float) -> float:
    """Return a log-normal number of the given mean from a standard normal ``z``."""
    return mean * math.exp(spread * z - 0.5 * spread * spread)


@kernel
def order_of(luck: NDArray[np.float64], number: int, keys: tuple[NDArray[np.int64], NDArray[np.int64]]) -> None:
    """Write the places of the first ``number`` of some uniform numbers, the lowest first, to the front of ``keys[0]``.

    Uniform numbers are nearly where they belong once each is put into its share of the line. Equal ones are in the
    order in which Numba's ``argsort`` leaves them, as they always were. ``keys[1]`` is room for ``number`` + 1.
    """
    order, count = keys
    count[: number + 1] = 0
    for h in range(number):
        count[int(luck[h] * number) + 1] += 1
    for b in range(number):
        count[b + 1] += count[b]
    for h in range(number):
        share = int(luck[h] * number)
        order[count[share]] = h
        count[share] += 1
    equal = False
    for a in range(1, number):
        h = order[a]
        b = a
        while b > 0 and luck[order[b - 1]] > luck[h]:
            order[b] = order[b - 1]
            b -= 1
        order[b] = h
        equal = equal or (b > 0 and luck[order[b - 1]] == luck[h])
    if equal:
        order[:number] = np.argsort(luck[:number])


@kernel
def shuffle(items: NDArray[np.uint16], n: int, seed: int, block: int, who: int) -> None:
    """Shuffle the first ``n`` items in place; the order is a function of (seed, block, who) and n.

    Each block of luck serves four steps. It is made for many steps at a time.
    """
    luck = np.empty((4, _STEPS), dtype=np.uint32)
    j = np.int64(n) - 1
    step = np.int64(0)
    while j > 0:
        blocks = min(np.int64(_STEPS), (j + 3) // 4)
        words = words_in_row(seed, block, (who, 0), (step, 1), blocks, luck)
        step += blocks
        for k in range(blocks):
            for lane in range(4):
                if j <= 0:
                    break
                u = unit(words[lane, k])
                other = int(u * (j + 1))
                held = items[j]
                items[j] = items[other]
                items[other] = held
                j -= 1


def in_threads(work: Callable[[int, int], object], total: int, workers: int | None = None) -> Sequence[object]:
    """Call ``work(first, last)`` over consecutive ranges that cover 0 .. total, side by side in threads.

    What is computed must not depend on how the ranges are cut. Returns the results in order.
    """
    threads = workers or min(8, os.cpu_count() or 1)
    pieces = min(total, threads * 4)
    if threads <= 1 or pieces <= 1:
        return [work(0, total)]
    cuts = [total * k // pieces for k in range(pieces + 1)]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, cuts[:-1], cuts[1:]))
