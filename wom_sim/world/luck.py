"""Luck: every random number is a pure function of (seed, purpose, who, whom, day).

The generator is Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"), a
bijection of 128-bit counters under a 64-bit key. The counter holds who, whom, day and block; the key holds
the seed. A block yields four words, so a *purpose* is block x 4 + lane and two purposes never share a number.
There is no stream and no "next": order, threads and engine cannot matter. The policy never enters.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import inlined, near_rule, rule

_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)
_UNIT = 2.0**-32


class Purpose(IntEnum):
    """What a number is for: block x 4 + lane. Lanes of one block come from one evaluation."""

    REACTION = 4
    RETELL = 5
    CALL = 6
    DEFEND = 7
    VICTIM_TALK = 8
    VICTIM_CALL = 9
    VICTIM_POST = 10
    VICTIM_AUDIENCE = 11
    HEARER_POST = 12
    HEARER_AUDIENCE = 13
    STRANGERS = 14
    LASTS = 15
    TELL = 16
    STOP = 17
    STRANGER = 20
    STRANGER_DELAY = 22
    READER = 24
    READS = 26
    LEAVE = 28
    JOIN = 32
    FOLLOW = 36
    PICKUP = 40
    BROADCAST = 44
    AGREE = 48
    MAIL = 49
    WRONG = 50
    SPARED = 51
    REPLICATION = 52
    INSTEAD = 56
    LEAK = 60
    APPEAL = 61
    REFUSED = 62
    COMMUNITY = 64
    HOUSEHOLD = 68
    PERSON = 76
    PERSON_EXTRA = 80
    PERSON_SHAPE = 84
    PLACE = 88
    CLOSE = 92
    ACQUAINTANCES = 96
    TOWN = 100
    FAR = 104
    FAR_PARTNER = 108
    CHRONIC = 112
    SETTLES = 113
    STORY = 116
    DISCOVERED = 118
    ANNOUNCED = 119
    TASTE = 120
    ANECDOTE = 124
    REPORTED = 128
    OF_NOTE = 132
    IS_THERE = 133
    OBEYED = 136
    OBEYED_WHEN = 137
    AUTHORITY = 140
    COMPLAINS = 144
    COMPLAINS_WHEN = 145
    FOLLOWERS = 148
    PASSED_ON = 150
    MODERATES = 160
    CONVERTS = 162
    TENURE = 163
    ANNIVERSARY = 164
    RESAMPLED = 168
    SETTLED_IN = 169
    TERM = 170
    DEALT = 171
    GIVES_WAY = 172
    MEETS = 176


REACTION, RETELL, CALL, DEFEND = 4, 5, 6, 7
BLOCK_HEARER, BLOCK_VICTIM, BLOCK_TALKER, BLOCK_TELL = 1, 2, 3, 4
BLOCK_STRANGER, BLOCK_READER, BLOCK_LEAVE, BLOCK_JOIN = 5, 6, 7, 8
BLOCK_FOLLOW, BLOCK_PICKUP, BLOCK_BROADCAST, BLOCK_POLICY = 9, 10, 11, 12
BLOCK_SETTLES = 28
BLOCK_STORY, BLOCK_TASTE, BLOCK_ANECDOTE, BLOCK_REPORTED = 29, 30, 31, 32
BLOCK_OBEYED, BLOCK_AUTHORITY, BLOCK_COMPLAINS, BLOCK_AUDIENCE = 34, 35, 36, 37
BLOCK_MEETS = 44


@inlined
def _rounds(x0: int, x1: int, x2: int, x3: int, seed: int) -> tuple[int, int, int, int]:
    """Return the words of ``philox``; all arguments are ``numpy.uint64``, the first four below 2^32."""
    k0 = seed & _LOW
    k1 = seed >> _32
    for _ in range(10):
        a = _M0 * x0
        b = _M1 * x2
        x0 = (b >> _32) ^ x1 ^ k0
        x1 = b & _LOW
        x2 = (a >> _32) ^ x3 ^ k1
        x3 = a & _LOW
        k0 = (k0 + _W0) & _LOW
        k1 = (k1 + _W1) & _LOW
    return x0, x1, x2, x3


@rule
def philox(c0: int, c1: int, c2: int, c3: int, seed: int) -> tuple[int, int, int, int]:
    """Return the four 32-bit words of Philox4x32-10 for a counter and a 64-bit key.

    >>> [f"{int(w):08x}" for w in philox(0, 0, 0, 0, 0)]
    ['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8']
    """
    return _rounds(
        np.uint64(c0) & _LOW, np.uint64(c1) & _LOW, np.uint64(c2) & _LOW, np.uint64(c3) & _LOW, np.uint64(seed)
    )


@rule
def first_words(
    seed: int, block: int, who: int, others: tuple[NDArray[np.uint32], int], day: int, out: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """Return the first word of a block for one person and many others, written to ``out``.

    ``others`` is (numbers, bits by which they are shifted right). Without calls in the loop the processor makes
    several words at a time; one by one they take four times as long.
    """
    numbers, shift = others
    key, me, occasion, kind = np.uint64(seed), np.uint64(who) & _LOW, np.uint64(day) & _LOW, np.uint64(block)
    bits = np.uint64(shift)
    for k in range(numbers.size):
        word, _, _, _ = _rounds(me, np.uint64(numbers[k]) >> bits, occasion, kind, key)
        out[k] = word
    return out


@rule
def four_words(seed: int, block: int, people: NDArray[np.uint32], out: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the four words of a block for each of many people (a column each), written to ``out``.

    Words of one lane stand side by side, so that the processor makes eight at a time: 1.6 ns a block instead of 9.
    """
    key, kind, zero = np.uint64(seed), np.uint64(block), np.uint64(0)
    for k in range(people.size):
        w0, w1, w2, w3 = _rounds(np.uint64(people[k]), zero, zero, kind, key)
        out[0, k] = w0
        out[1, k] = w1
        out[2, k] = w2
        out[3, k] = w3
    return out


@rule
def words_in_row(
    seed: int, block: int, who: tuple[int, int], whom: tuple[int, int], number: int, out: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """Return the four words of a block for ``number`` people or occasions in a row, as columns written to ``out``.

    ``who`` and ``whom`` are (the first, what each is more than the one before); the day is 0.
    """
    key, kind, zero = np.uint64(seed), np.uint64(block), np.uint64(0)
    me, you = np.uint64(who[0]), np.uint64(whom[0])
    more, further = np.uint64(who[1]), np.uint64(whom[1])
    for k in range(number):
        c0, c1 = (me + np.uint64(k) * more) & _LOW, (you + np.uint64(k) * further) & _LOW
        w0, w1, w2, w3 = _rounds(c0, c1, zero, kind, key)
        out[0, k] = w0
        out[1, k] = w1
        out[2, k] = w2
        out[3, k] = w3
    return out


@near_rule
def _words(who: int, whom: int, day: int, block: int, seed: int) -> tuple[int, int, int, int]:
    """Call ``philox`` with one set of types, so that it is compiled once."""
    return philox(np.uint64(who), np.uint64(whom), np.uint64(day), np.uint64(block), np.uint64(seed))


@near_rule
def unit(word: int) -> float:
    """Return a 32-bit word as a number in the open interval (0, 1)."""
    return (np.float64(word) + 0.5) * _UNIT


@near_rule
def four(seed: int, block: int, who: int, whom: int, day: int) -> tuple[float, float, float, float]:
    """Return the uniform numbers of a block's four purposes at the price of one."""
    w0, w1, w2, w3 = _words(who, whom, day, block, seed)
    return unit(w0), unit(w1), unit(w2), unit(w3)


@rule
def _lane(words: tuple[int, int, int, int], lane: int) -> float:
    """Return the uniform number of one of a block's four words."""
    if lane == 0:
        return unit(words[0])
    if lane == 1:
        return unit(words[1])
    return unit(words[2]) if lane == 2 else unit(words[3])


@rule
def uniform(seed: int, purpose: int, who: int, whom: int, day: int) -> float:
    """Return the uniform number in (0, 1) for this purpose, person, other person (or occasion) and day.

    ``seed`` is a ``numpy.uint64``, 0 .. 2^64-1; ``who`` and ``whom`` 0 .. 2^32-1.
    """
    return _lane(_words(who, whom, day, purpose >> 2, seed), purpose & 3)


@rule
def monthly(seed: int, block: int, who: int, month: int) -> float:
    """Return the uniform number in (0, 1) of a person's ``month``; four months share one evaluation."""
    return _lane(_words(who, 0, month >> 2, block, seed), month & 3)


@rule
def choice(word0: int, word1: int, n: int) -> int:
    """Return an index in 0 .. n-1 from two words (53 bits, so that no index is visibly favoured)."""
    mixed = (np.uint64(word0) << np.uint64(21)) ^ (np.uint64(word1) >> np.uint64(11))
    index = np.int64(np.float64(mixed) * 2.0**-53 * n)
    return min(index, n - 1)


@rule
def stranger(seed: int, block: int, who: int, occasion: int, code: int, pool: int) -> tuple[int, float]:
    """Return a random person of the pool, and a uniform number for when they meet."""
    w0, w1, w2, _ = _words(who, occasion, code, block, seed)
    return choice(w0, w1, pool), unit(w2)


@rule
def _seed_words(seed: int, number: int) -> tuple[int, int]:
    w0, w1, _, _ = _words(number, 0, 0, 13, seed)
    return w0, w1


def replication_seed(seed: int, replication: int) -> int:
    """Return the 64-bit luck seed of a replication. Seed 0 is a seed like any other."""
    high, low = _seed_words(np.uint64(seed), replication)
    return (int(high) << 32) | int(low)
