"""What is planned: conversations, posts, calls, bills, ends of service, complaints: each in the bucket of its day.

A bucket is a chain of chunks of ``CHUNK`` entries, so that writing and reading go along memory. One pool of chunks
serves all; a chunk used up is used again. Nothing grows while a phase runs: ``live`` asks for room (``make_room``)
before, so the phases work on arrays that stay where they are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import inlined, part
from wom_sim._lent import growing, replacing, taking

CONVERSATION, POST, CALL, BILL, END, COMPLAINT = range(6)
KINDS = 6
CHUNK = 32
NIL = np.uint32(0xFFFFFFFF)
_USED, _FREE, _FREE_COUNT = 0, 1, 2


@growing("entries", "after")
class Calendar(NamedTuple):
    """Buckets (kind x day) and the pool of chunks.

    ``entries`` (chunks x CHUNK rows of 3 numbers: two and a packed third), ``after`` (the next chunk of a chain),
    ``heads`` (first chunk of a bucket), ``counts`` (entries of a bucket), ``marks`` (chunks used, first free chunk,
    number of free chunks). The first two grow.
    """

    entries: NDArray[np.uint32]
    after: NDArray[np.uint32]
    heads: NDArray[np.uint32]
    counts: NDArray[np.int64]
    marks: NDArray[np.int64]


Pool = tuple[NDArray[np.uint32], NDArray[np.uint32]]
"""The ``entries`` and ``after`` of a calendar, which may serve one after the other."""


def new_pool(chunks: int = 64) -> Pool:
    """Return a pool of so many chunks; the system hands out their memory when it is first written."""
    return np.empty((chunks * CHUNK, 3), dtype=np.uint32), np.empty(chunks, dtype=np.uint32)


def new_calendar(days: int, pool: Pool) -> Calendar:
    """Return an empty calendar; whatever was in the pool is forgotten."""
    return Calendar(
        *pool,
        np.full((KINDS, days), NIL, dtype=np.uint32), np.zeros((KINDS, days), dtype=np.int64),
        np.array([0, int(NIL), 0], dtype=np.int64),
    )  # fmt: skip


_replace_entries, _replace_after = replacing("entries"), replacing("after")
_take_entries, _take_after = taking("entries"), taking("after")


@part
def make_room(calendar: Calendar, entries: int) -> None:
    """Let the calendar, perhaps grown, have room for so many more entries in whatever buckets."""
    chunks = calendar.after.size
    needed = entries // CHUNK + min(entries, calendar.heads.size)  # full chunks, and one begun in each bucket
    free = chunks - calendar.marks[_USED] + calendar.marks[_FREE_COUNT]
    if free >= needed:
        return
    larger = 2 * chunks + needed
    bigger = np.empty((larger * CHUNK, 3), dtype=np.uint32)
    chains = np.empty(larger, dtype=np.uint32)
    used = calendar.marks[_USED]
    for k in range(used * CHUNK):
        for number in range(3):
            bigger[k, number] = calendar.entries[k, number]
    for k in range(used):
        chains[k] = calendar.after[k]
    _replace_entries(calendar, bigger)
    _replace_after(calendar, chains)


@part
def give_up(calendar: Calendar) -> None:
    """Give the memory back by which the calendar has grown; it is not used any more."""
    _take_entries(calendar)
    _take_after(calendar)


@inlined
def schedule(calendar: Calendar, kind: int, day: int, a: int, b: int, meta: int) -> None:
    """Plan something for ``day``; what lies beyond the last day is forgotten."""
    if day < calendar.heads.shape[1]:
        count = calendar.counts[kind, day]
        if count % CHUNK == 0:
            _open_chunk(calendar, np.int64(kind), np.int64(day))
        at = np.int64(calendar.heads[kind, day]) * CHUNK + count % CHUNK
        calendar.entries[at, 0] = a
        calendar.entries[at, 1] = b
        calendar.entries[at, 2] = meta
        calendar.counts[kind, day] = count + 1


@part
def _open_chunk(calendar: Calendar, kind: int, day: int) -> None:
    chunk = calendar.marks[_FREE]
    if chunk != NIL:
        calendar.marks[_FREE] = calendar.after[chunk]
        calendar.marks[_FREE_COUNT] -= 1
    else:
        chunk = calendar.marks[_USED]
        calendar.marks[_USED] = chunk + 1
    calendar.after[chunk] = calendar.heads[kind, day]
    calendar.heads[kind, day] = chunk


@inlined
def due(calendar: Calendar, kind: int, day: int) -> int:
    """Return how many entries wait for ``day``."""
    return calendar.counts[kind, day]


@inlined
def first_chunk(calendar: Calendar, kind: int, day: int) -> tuple[int, int, int]:
    """Return (chunk, its first entry, one past its last entry) of the bucket of a day; the chunk is NIL if empty."""
    chunk = np.int64(calendar.heads[kind, day])
    filled = (calendar.counts[kind, day] - 1) % CHUNK + 1
    return chunk, chunk * CHUNK, chunk * CHUNK + filled


@inlined
def next_chunk(calendar: Calendar, chunk: int) -> tuple[int, int, int]:
    """Return the same of the next chunk, which is full."""
    after = np.int64(calendar.after[chunk])
    return after, after * CHUNK, after * CHUNK + CHUNK


@part
def release(calendar: Calendar, kind: int, day: int) -> None:
    """Give the chunks of a day that is over back to the pool."""
    chunk = np.int64(calendar.heads[kind, day])
    if chunk == NIL:
        return
    last, number = chunk, 1
    while calendar.after[last] != NIL:
        last = np.int64(calendar.after[last])
        number += 1
    calendar.after[last] = np.uint32(calendar.marks[_FREE])
    calendar.marks[_FREE] = chunk
    calendar.marks[_FREE_COUNT] += number
    calendar.heads[kind, day] = NIL
    calendar.counts[kind, day] = 0


@part
def entries_due(calendar: Calendar, kind: int, day: int) -> NDArray[np.uint32]:
    """Return the entries of a day side by side, and release the bucket."""
    found = np.empty((due(calendar, kind, day), 3), dtype=np.uint32)
    entries, number = calendar.entries, 0
    chunk, at, end = first_chunk(calendar, kind, day)
    while chunk != NIL:
        for k in range(at, end):
            for word in range(3):
                found[number, word] = entries[k, word]
            number += 1
        chunk, at, end = next_chunk(calendar, chunk)
    release(calendar, kind, day)
    return found


@part
def people_due(calendar: Calendar, kind: int, day: int) -> NDArray[np.int64]:
    """Return the first number of every entry of a day, ascending, and release the bucket."""
    found = np.empty(due(calendar, kind, day), dtype=np.int64)
    number = 0
    chunk, at, end = first_chunk(calendar, kind, day)
    while chunk != NIL:
        for k in range(at, end):
            found[number] = calendar.entries[k, 0]
            number += 1
        chunk, at, end = next_chunk(calendar, chunk)
    release(calendar, kind, day)
    found.sort()
    return found


# What a conversation or post carries, packed: channel (3 bits), praise (1), story (8), code (11), news (9).


@inlined
def pack(channel: int, praise: int, story: int, code: int, news: int) -> int:
    """Return the packed third number of an entry."""
    return channel | (praise << 3) | (story << 4) | (code << 12) | (news << 23)


@inlined
def unpack(meta: int) -> tuple[int, bool, int, int, int]:
    """Return (channel, praise, story, code, news)."""
    m = np.int64(meta)
    return m & 7, ((m >> 3) & 1) == 1, (m >> 4) & 255, (m >> 12) & 2047, (m >> 23) & 511
