"""Origins of acts: who told whom, back to someone on whom the firm acted, to an outlet, or to nobody."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim.outcomes.acts import Acts
from wom_sim.world import trace as tr

NOBODY = -1
_LONGEST = 20
"""Tellings of a path that are kept, the last ones; more than twenty would not fit its code."""


class Media(NamedTuple):
    """What of a scenario and policy says how posts make buzz: its half-life (days), and the factor after a response."""

    buzz_half_life: float
    response_news: float


class Origins(NamedTuple):
    """Where acts come from, a row an act and origin: which act, its share, tellings from ``root`` (a person, -1 if
    nobody in particular) or from ``outlet`` (-1: none on the way), and by which channels (``path``, a digit of base 8 a
    telling, the last one first). Where there is an outlet, ``steps`` and ``path`` count from it, and ``root`` is -1.
    """

    act: NDArray[np.int64]
    share: NDArray[np.float64]
    root: NDArray[np.int64]
    outlet: NDArray[np.int64]
    steps: NDArray[np.int64]
    path: NDArray[np.int64]


class Coverage(NamedTuple):
    """Where an outlet's story comes from: people who posted, tellings between them and the outlet, their shares."""

    root: NDArray[np.int64]
    steps: NDArray[np.int64]
    share: NDArray[np.float64]


class Hearings(NamedTuple):
    """Of each person: from whom they first heard and when, and when the firm first told them (a late day: never)."""

    source: NDArray[np.uint32]
    heard: NDArray[np.int32]
    told: NDArray[np.int32]


_NEVER = np.iinfo(np.int32).max


def hearings_of(log: NDArray[np.void], acts: Acts) -> Hearings:
    """Return who heard from whom, by person."""
    tellers = acts.source[(acts.source >> tr.SOURCE_SHIFT) != tr.NOBODY] & tr.SOURCE_ID
    heard, told = log[log["event"] == tr.HEARD], log[log["event"] == tr.TOLD]
    posts = log[log["event"] == tr.NEWS]
    most = max((int(part.max()) for part in (heard["person"], told["person"], posts["person"], acts.person, tellers)
                if len(part)), default=0)  # fmt: skip
    source = np.full(most + 1, tr.NO_SOURCE, dtype=np.uint32)
    day = np.full(most + 1, _NEVER, dtype=np.int32)
    first_told = np.full(most + 1, _NEVER, dtype=np.int32)
    source[heard["person"]] = heard["source"]
    day[heard["person"]] = heard["day"]
    np.minimum.at(first_told, told["person"], told["day"])
    return Hearings(source, day, first_told)


def chains_of(hearings: Hearings, source: NDArray[np.int64], day: NDArray[np.int64], who: NDArray[np.int64]) -> Origins:
    """Follow each source up to someone on whom the firm had acted by then, to an outlet, or to nobody.

    ``source`` is by whom the person ``who`` was told, ``day`` when, where that was not their first hearing.
    """
    n = len(source)
    root, outlet = np.full(n, NOBODY), np.full(n, NOBODY)
    steps, path = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    now, when = source.copy(), np.where(source == hearings.source[who], hearings.heard[who], day)
    going = np.arange(n)
    while len(going):
        channel, teller = now[going] >> tr.SOURCE_SHIFT, now[going] & tr.SOURCE_ID
        lost, by_firm = channel == tr.NOBODY, channel == tr.FIRM
        root[going[by_firm]] = who[going[by_firm]]
        telling = ~(lost | by_firm)
        kept = telling & (steps[going] < _LONGEST)
        path[going[kept]] += channel[kept] << 3 * steps[going[kept]]
        steps[going[telling]] += 1
        by_outlet = channel == tr.BY_OUTLET
        outlet[going[by_outlet]] = teller[by_outlet]
        on = telling & ~by_outlet
        going, teller = going[on], teller[on]
        acted_on = hearings.told[teller] <= when[going]  # the firm is first in a day
        root[going[acted_on]] = teller[acted_on]
        going, teller = going[~acted_on], teller[~acted_on]
        # a person of note may speak without having heard of it from anybody; what they hear on that day, perhaps from
        # one another, or later is not where from. So days fall from step to step, and no chain can run in a circle
        knew = hearings.heard[teller] < when[going]
        now[going] = np.where(knew, hearings.source[teller], tr.NO_SOURCE)
        when[going] = hearings.heard[teller]
    return Origins(np.arange(n), np.ones(n), root, outlet, steps, path)


def coverage_of(log: NDArray[np.void], hearings: Hearings, media: Media) -> dict[int, Coverage]:
    """Return where the story of each outlet comes from: the posts that made its buzz, by what each still weighed."""
    posts = log[log["event"] == tr.NEWS]
    responses = log[log["event"] == tr.RESPONDS]["day"]
    responded = int(responses.min()) if len(responses) else _NEVER
    authors, posted = posts["person"].astype(np.int64), posts["day"].astype(np.int64)
    chains = _authors(hearings, authors, posted)
    found: dict[int, Coverage] = {}
    for pickup in np.sort(log[log["event"] == tr.PICKED_UP], order=["day", "person"]):
        day = int(pickup["day"])
        age = np.maximum(0, day - posted)
        fades = 0.5 ** (age / media.buzz_half_life) if media.buzz_half_life > 0.0 else (age == 0).astype(float)
        weight = posts["amount"] * np.where(posted >= responded, media.response_news, 1.0) * fades * (posted <= day)
        found[int(pickup["person"])] = _covered(chains, weight, found)
    return found


def _authors(hearings: Hearings, authors: NDArray[np.int64], posted: NDArray[np.int64]) -> Origins:
    """Trace each author of a post: to the firm, if it had acted on them by then; to nobody, if they comment unasked."""
    acted_on = hearings.told[authors] <= posted
    heard = np.where(hearings.heard[authors] < posted, hearings.source[authors].astype(np.int64), tr.NO_SOURCE)
    source = np.where(acted_on, tr.FIRM << tr.SOURCE_SHIFT, heard)
    return chains_of(hearings, source, posted, authors)


def _covered(chains: Origins, weight: NDArray[np.float64], before: dict[int, Coverage]) -> Coverage:
    """Return the origins of an outlet's story; who posts after an outlet's report brings in that outlet's origins."""
    weighs = weight > 0.0
    total = float(weight.sum())
    if not weighs.any():
        return Coverage(np.array([NOBODY]), np.array([0]), np.ones(1))
    roots, steps, shares = [], [], []
    own = weighs & (chains.outlet == NOBODY)
    roots.append(chains.root[own])
    steps.append(chains.steps[own] + 1)
    shares.append(weight[own] / total)
    others = weighs & ~own
    for outlet, further in np.unique(np.stack([chains.outlet[others], chains.steps[others]]), axis=1).T.tolist():
        earlier = before[outlet]
        these = others & (chains.outlet == outlet) & (chains.steps == further)
        roots.append(earlier.root)
        steps.append(earlier.steps + further + 1)
        shares.append(earlier.share * float(weight[these].sum()) / total)
    return _merged(np.concatenate(roots), np.concatenate(steps), np.concatenate(shares))


def _merged(root: NDArray[np.int64], steps: NDArray[np.int64], share: NDArray[np.float64]) -> Coverage:
    """Return a coverage with one row for each root and number of steps."""
    pairs, place = np.unique(np.stack([root, steps]), axis=1, return_inverse=True)
    return Coverage(pairs[0], pairs[1], np.bincount(place.ravel(), weights=share).astype(np.float64))
