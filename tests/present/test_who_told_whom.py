"""The tree of who told whom, from logs that are written down."""

from __future__ import annotations

import numpy as np

from wom_sim.present.tree import tree_of
from wom_sim.world import trace as tr


def log(*rows):
    made = np.zeros(len(rows), dtype=tr.LOG_TYPE)
    for k, (day, event, person, channel, source) in enumerate(rows):
        made[k]["day"], made[k]["event"], made[k]["person"] = day, event, person
        made[k]["source"] = tr.source_of(channel, source)
    return made


def rows_of(events, outlets=("forum",)):
    table = tree_of(events, list(outlets))
    return [tuple(row) for row in table[["node", "parent", "channel", "day"]].itertuples(index=False)], table


def test_who_reads_a_person_of_note_whom_nobody_told_is_in_the_picture():
    """7 comments on day 2 and hears of it on day 5 only: the readers are of 7, and 7 stands among those who hear."""
    events = log(
        (0, tr.TOLD, 1, tr.FIRM, 0), (1, tr.HEARD, 2, tr.BY_CLOSE, 1), (2, tr.HEARD, 3, tr.BY_POST, 7),
        (2, tr.HEARD, 4, tr.BY_POST, 7), (3, tr.HEARD, 5, tr.BY_CLOSE, 3), (5, tr.HEARD, 7, tr.BY_CLOSE, 2),
    )  # fmt: skip
    found, table = rows_of(events)
    assert ("outlet of person 7", "firm", "outlet", 2) in found
    assert ("person 3", "outlet of person 7", "post", 2) in found
    assert ("person 4", "outlet of person 7", "post", 2) in found
    assert ("person 5", "person 3", "close", 3) in found
    assert ("person 7", "person 2", "close", 5) in found
    assert table["total"].iloc[0] == 6, "all who heard or were told"
    assert len(found) == 7


def test_who_comments_after_hearing_of_it_is_a_listener_like_others():
    events = log((0, tr.TOLD, 1, tr.FIRM, 0), (1, tr.HEARD, 7, tr.BY_CLOSE, 1), (3, tr.HEARD, 3, tr.BY_POST, 7),
                 (4, tr.HEARD, 4, tr.BY_OUTLET, 0))  # fmt: skip
    found, _ = rows_of(events)
    assert ("person 3", "person 7", "post", 3) in found
    assert ("outlet forum", "firm", "outlet", 4) in found
    assert not any("of person" in name for name, *_ in found)


def test_two_who_read_each_other_on_one_day_are_both_there():
    events = log((4, tr.HEARD, 1, tr.BY_POST, 2), (4, tr.HEARD, 2, tr.BY_POST, 1), (4, tr.HEARD, 3, tr.BY_POST, 1))
    found, table = rows_of(events, ())
    assert sorted(name for name, *_ in found) == [
        "outlet of person 1", "outlet of person 2", "person 1", "person 2", "person 3",
    ]  # fmt: skip
    assert table["total"].iloc[0] == 3
