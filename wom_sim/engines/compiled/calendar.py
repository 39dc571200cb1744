"""What is planned: conversations, posts, calls, bills and ends of service, each waiting in the bucket of its day.

One pool of nodes serves all; a node used up is used again. Growing returns a new calendar, so every call
reads ``calendar = schedule(calendar, ...)``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import inlined, part

CONVERSATION, POST, CALL, BILL, END = range(5)
KINDS = 5
NIL = np.uint32(0xFFFFFFFF)
_USED, _FREE = 0, 1


class Calendar(NamedTuple):
    """``nodes`` (k x 4, uint32): two numbers, a packed third, and the next node; ``heads`` (kind x day)."""

    nodes: NDArray[np.uint32]
    heads: NDArray[np.uint32]
    marks: NDArray[np.int64]


def new_calendar(days: int) -> Calendar:
    """Return an empty calendar."""
    marks = np.array([0, int(NIL)], dtype=np.int64)
    return Calendar(np.empty((1024, 4), dtype=np.uint32), np.full((KINDS, days), NIL, dtype=np.uint32), marks)


@inlined
def schedule(calendar: Calendar, kind: int, day: int, a: int, b: int, meta: int) -> Calendar:
    """Plan something for ``day``; what lies beyond the last day is forgotten. Returns the calendar, perhaps grown."""
    if day >= calendar.heads.shape[1]:
        return calendar
    return _insert(calendar, np.int64(kind), np.int64(day), np.int64(a), np.int64(b), np.int64(meta))


@part
def _insert(calendar: Calendar, kind: int, day: int, a: int, b: int, meta: int) -> Calendar:
    nodes, heads, marks = calendar
    free = marks[_FREE]
    if free != NIL:
        node = free
        marks[_FREE] = nodes[node, 3]
    else:
        node = marks[_USED]
        if node == nodes.shape[0]:
            nodes = _grown(nodes)
        marks[_USED] = node + 1
    nodes[node, 0] = a
    nodes[node, 1] = b
    nodes[node, 2] = meta
    nodes[node, 3] = heads[kind, day]
    heads[kind, day] = node
    return Calendar(nodes, heads, marks)


@part
def _grown(nodes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    bigger = np.empty((2 * nodes.shape[0], 4), dtype=np.uint32)
    bigger[: nodes.shape[0]] = nodes
    return bigger


@part
def release(calendar: Calendar, kind: int, day: int) -> None:
    """Give the nodes of a day that is over back to the pool."""
    node = calendar.heads[kind, day]
    if node == NIL:
        return
    last = node
    while calendar.nodes[last, 3] != NIL:
        last = calendar.nodes[last, 3]
    calendar.nodes[last, 3] = np.uint32(calendar.marks[_FREE])
    calendar.marks[_FREE] = node
    calendar.heads[kind, day] = NIL


# What a conversation or post carries, packed: channel (3 bits), praise (1), story (8), code (11), news (9).


@inlined
def pack(channel: int, praise: int, story: int, code: int, news: int) -> int:
    """Return the packed third number of a node."""
    return channel | (praise << 3) | (story << 4) | (code << 12) | (news << 23)


@inlined
def unpack(meta: int) -> tuple[int, bool, int, int, int]:
    """Return (channel, praise, story, code, news)."""
    m = np.int64(meta)
    return m & 7, ((m >> 3) & 1) == 1, (m >> 4) & 255, (m >> 12) & 2047, (m >> 23) & 511
