"""A tree of who told whom that is small enough to be seen, out of an event log of any size."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from wom_sim.world import trace as tr

MOST = 400
_ROOTS, _LISTENERS = 12, 3
"""Assumption: so many branches from the firm, and so many listeners of one teller, can be told apart."""


class Heard(NamedTuple):
    """The first hearings of a run, a row a person: who, from whom (an outlet as -1 - its number), how, when.

    ``at``: the row of the teller, -1 for an outlet or someone told by the firm. ``size``: how many heard it from
    this person, directly or not. ``steps``: how far from the firm or the outlet.
    """

    person: np.ndarray
    teller: np.ndarray
    channel: np.ndarray
    day: np.ndarray
    at: np.ndarray
    size: np.ndarray
    steps: np.ndarray


def tree_of(events: np.ndarray, outlets: list[str]) -> pd.DataFrame:
    """Return node, parent, channel, day, total and steps of at most 400 people and outlets.

    First come those of the people told by the firm from whom most others heard it, the outlets, and the people of note
    who comment before they have heard of it from anybody (as outlets, which they are to their readers); then their
    listeners, those with the largest branches first; and so on, step by step. ``total`` is how many people heard
    of it or were told, and ``steps`` how far the longest chain reaches, drawn or not.
    """
    told = events[events["event"] == tr.TOLD]
    told = told[np.unique(told["person"], return_index=True)[1]]  # once each, also where a second letter followed
    # Someone who heard of it before the firm told them stands under the firm, and only there.
    hearings = events[events["event"] == tr.HEARD]
    noted, comments = _comments(hearings, told)
    outlets = [*outlets, *(f"of person {number}" for number in noted)]
    first = ~np.isin(hearings["person"], told["person"])
    heard = _heard(hearings[first], np.where(comments >= 0, comments + len(outlets) - len(noted), -1)[first])
    told_size = _branches(told["person"].astype(np.int64), heard)
    roots = np.lexsort((told["person"], told["day"], -told_size))[:_ROOTS]
    rows = [(f"person {told['person'][i]}", "firm", "firm", int(told["day"][i])) for i in roots]
    by_outlet = heard.teller < 0
    covering = [int(t) for t in np.unique(heard.teller[by_outlet])][::-1]
    rows += [(_name(t, outlets), "firm", "outlet", int(heard.day[heard.teller == t].min())) for t in covering]
    frontier = np.array([*(int(told["person"][i]) for i in roots), *covering], dtype=np.int64)
    while len(frontier) and len(rows) < MOST:
        mine = np.flatnonzero(np.isin(heard.teller, frontier))
        mine = mine[np.lexsort((heard.person[mine], heard.day[mine], -heard.size[mine]))]
        mine = _first_of_each(mine, heard.teller[mine], MOST - len(rows))
        rows += [
            (
                f"person {heard.person[i]}", _name(int(heard.teller[i]), outlets),
                tr.CHANNEL_NAMES[heard.channel[i]], int(heard.day[i]),
            )
            for i in mine
        ]  # fmt: skip
        frontier = heard.person[mine]
    table = pd.DataFrame(rows[:MOST], columns=["node", "parent", "channel", "day"])
    total = len(np.union1d(told["person"], heard.person))
    return table.assign(total=total, steps=int(heard.steps.max()) if len(heard.steps) else int(len(told) > 0))


def _comments(hearings: np.ndarray, told: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the people of note who comment, and for each hearing the place among them of who was read, -1 else.

    They are authors of a post whom the firm had not told, and who had heard of it from nobody on an earlier day.
    """
    author = (hearings["source"] & tr.SOURCE_ID).astype(np.int64)
    by_post = (hearings["source"] >> tr.SOURCE_SHIFT) == tr.BY_POST
    knows = _day_of(author, told)
    heard = _day_of(author, hearings)
    comments = by_post & (knows > hearings["day"]) & (heard >= hearings["day"])
    noted, place = np.unique(author[comments], return_inverse=True)
    places = np.full(len(hearings), -1, dtype=np.int64)
    places[comments] = place.ravel()
    return noted, places


def _day_of(people: np.ndarray, log: np.ndarray) -> np.ndarray:
    """Return the day of the event in a log (one for each person) of each of ``people``; a late day of who has none."""
    order = np.argsort(log["person"], kind="stable")
    known = log["person"][order].astype(np.int64)
    at = np.searchsorted(known, people)
    there = at < len(known)
    there[there] = known[at[there]] == people[there]
    days = np.full(len(people), np.iinfo(np.int32).max, dtype=np.int64)
    days[there] = log["day"][order][at[there]]
    return days


def _heard(log: np.ndarray, comments: np.ndarray) -> Heard:
    """Return the first hearings in the order of persons, with the size of each branch and its distance.

    ``comments``: the number, as of an outlet, of the person of note who was read; -1 of other hearings.
    """
    order = np.argsort(log["person"], kind="stable")
    log, comments = log[order], comments[order]
    person = log["person"].astype(np.int64)
    channel = (log["source"] >> tr.SOURCE_SHIFT).astype(np.int64)
    teller = (log["source"] & tr.SOURCE_ID).astype(np.int64)
    teller = np.where(channel == tr.BY_OUTLET, -1 - teller, teller)
    teller = np.where(comments >= 0, -1 - comments, teller)
    at = np.searchsorted(person, teller)
    at = np.where((at < len(person)) & (person[np.minimum(at, len(person) - 1)] == teller), at, -1) if len(at) else at
    day = log["day"].astype(np.int64)
    size = np.zeros(len(person), dtype=np.int64)
    steps = np.where(teller < 0, 1, 2)  # whom the firm told is one step away, who hears from them two
    # One tells on a later day than one hears, so that a pass over the days, last first, meets children before parents.
    for rows in _by_day(day)[::-1]:
        inner = rows[at[rows] >= 0]
        np.add.at(size, at[inner], size[inner] + 1)
    for rows in _by_day(day):
        inner = rows[at[rows] >= 0]
        steps[inner] = steps[at[inner]] + 1
    return Heard(person, teller, channel, day, at, size, steps)


def _by_day(day: np.ndarray) -> list[np.ndarray]:
    """Return the rows of each day on which there are any, in the order of days."""
    order = np.argsort(day, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(day[order])) + 1) if len(day) else []


def _branches(people: np.ndarray, heard: Heard) -> np.ndarray:
    """Return how many heard it from each of those told by the firm, directly or not."""
    order = np.argsort(people, kind="stable")
    place = np.searchsorted(people[order], heard.teller)
    inside = (heard.teller >= 0) & (place < len(people))
    inside[inside] = people[order][place[inside]] == heard.teller[inside]
    sizes = np.zeros(len(people), dtype=np.int64)
    np.add.at(sizes, order[place[inside]], heard.size[inside] + 1)
    return sizes


def _name(teller: int, outlets: list[str]) -> str:
    return f"person {teller}" if teller >= 0 else f"outlet {outlets[-1 - teller]}"


def _first_of_each(rows: np.ndarray, tellers: np.ndarray, most: int) -> np.ndarray:
    """Return the first few rows of each teller, in their order; the first of all before the second of any."""
    order = np.argsort(tellers, kind="stable")
    ranked = tellers[order]
    starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]]) if len(ranked) else np.zeros(0, dtype=np.int64)
    rank = np.empty(len(rows), dtype=np.int64)
    rank[order] = np.arange(len(rows)) - np.repeat(starts, np.diff(np.r_[starts, len(ranked)]))
    kept = rank < _LISTENERS
    return rows[kept][np.lexsort((np.arange(int(kept.sum())), rank[kept]))][:most]
