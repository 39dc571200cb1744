"""Where departures, lost joins and calls come from: every act traced through who told whom to its origin.

An *act* is a departure, a departure prevented, a join lost or gained, of people on whom the firm did not act, or an
extra call. It is traced by the event log alone: the act names by whom its person first heard; they heard from somebody
in turn; so up to someone on whom the firm acted, or to an outlet. An outlet is traced to the posts that made its buzz,
each by what it still weighed on the day of the pick-up. A departure that the departures of ties tipped is traced
through those ties, each by its weight. So an act has one origin, or several with shares, which sum to one.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim.world import trace as tr

DEPARTURE, OTHER_DEPARTURE, PREVENTED, JOIN_LOST, JOIN_GAINED, CALL = range(6)
EFFECTS = ("departure", "other departure", "departure prevented", "join lost", "join gained", "call")
"""Departures of profitable customers, of others, of anyone prevented; in this order in every table."""

NOBODY = -1
_LONGEST = 20
"""Tellings of a path that are kept, the last ones; more than twenty would not fit its code."""


class Media(NamedTuple):
    """What of a scenario and policy says how posts make buzz: its half-life (days), and the factor after a response."""

    buzz_half_life: float
    response_news: float


class Acts(NamedTuple):
    """Acts, a row each: which effect, who, when, the event's cause and source; what it counts and costs.

    ``number`` is 1, or -1 where it takes back another (a departure later than one that was prevented); ``lasting`` is
    the same without departures (joins) that only came earlier; ``amount`` is 1/100 currency.
    """

    effect: NDArray[np.int64]
    person: NDArray[np.int64]
    day: NDArray[np.int64]
    cause: NDArray[np.int64]
    source: NDArray[np.int64]
    number: NDArray[np.int64]
    lasting: NDArray[np.int64]
    amount: NDArray[np.int64]
    good: NDArray[np.bool_]


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


class Traced(NamedTuple):
    """Everything traced: acts, their origins, those of each outlet, and the doses behind acts."""

    acts: Acts
    origins: Origins
    coverage: dict[int, Coverage]
    doses: Doses


class Doses(NamedTuple):
    """What stood behind acts, a row an act and source: its channel, and its share of the dose that mattered."""

    act: NDArray[np.int64]
    channel: NDArray[np.int64]
    share: NDArray[np.float64]


TIE_LEFT, HOUSEHOLD_LEFT = len(tr.CHANNEL_NAMES), len(tr.CHANNEL_NAMES) + 1
WAYS = (*tr.CHANNEL_NAMES, "departure of a tie", "left with household")
"""By what one was moved: a channel, or what is no telling at all."""


class Hearings(NamedTuple):
    """Of each person: from whom they first heard and when, and when the firm first told them (a late day: never)."""

    source: NDArray[np.uint32]
    heard: NDArray[np.int32]
    told: NDArray[np.int32]


_NEVER = np.iinfo(np.int32).max


def traced(log: NDArray[np.void], media: Media) -> Traced:
    """Trace every act of an event log (in any order) to its origins."""
    acts = acts_of(log)
    hearings = _hearings(log, acts)
    direct = _chains(hearings, acts.source, acts.day, acts.person)
    coverage = _coverage(log, hearings, media)
    origins = _with_ties(log, acts, direct)
    return Traced(acts, origins, coverage, _doses(log, acts))


# -- acts ----------------------------------------------------------------------------------------------------


def acts_of(log: NDArray[np.void]) -> Acts:
    """Return the acts of a log: departures, stays, joins of those not acted on, and all extra calls."""
    event, treated = log["event"], (log["group"] & tr.G_TREATED) != 0
    mine = (event == tr.CALLS) | (np.isin(event, (tr.LEFT, tr.STAYED, tr.JOINED, tr.NOT_JOINED)) & ~treated)
    rows = log[mine]
    rows = rows[np.lexsort((rows["person"], rows["event"], rows["day"]))]
    event, label = rows["event"], rows["label"]
    late = label == tr.LATER
    effect = np.select(
        [event == tr.CALLS, (event == tr.STAYED) | ((event == tr.LEFT) & late), event == tr.LEFT,
         (event == tr.NOT_JOINED) | late],
        [CALL, PREVENTED, np.where(rows["group"] & tr.G_PROFITABLE, DEPARTURE, OTHER_DEPARTURE), JOIN_LOST],
        JOIN_GAINED,
    )  # fmt: skip
    number = np.where(late, -1, 1)
    person, day, cause, source, amount = (
        rows[name].astype(np.int64) for name in ("person", "day", "cause", "source", "amount")
    )
    calls_of_told = (rows["group"] & tr.G_TREATED) != 0
    source = np.where(calls_of_told, tr.FIRM << tr.SOURCE_SHIFT, source)
    lasting = np.where(label == tr.EARLIER, 0, number)
    good = (effect == PREVENTED) | (effect == JOIN_GAINED)
    return Acts(effect, person, day, cause, source, number, lasting, amount, good)


# -- who told whom -------------------------------------------------------------------------------------------


def _hearings(log: NDArray[np.void], acts: Acts) -> Hearings:
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


def _chains(hearings: Hearings, source: NDArray[np.int64], day: NDArray[np.int64], who: NDArray[np.int64]) -> Origins:
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


def _coverage(log: NDArray[np.void], hearings: Hearings, media: Media) -> dict[int, Coverage]:
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
    """Return where those who post have it from: the firm, if it had acted on them by then; nobody, if they comment."""
    acted_on = hearings.told[authors] <= posted
    heard = np.where(hearings.heard[authors] < posted, hearings.source[authors].astype(np.int64), tr.NO_SOURCE)
    source = np.where(acted_on, tr.FIRM << tr.SOURCE_SHIFT, heard)
    return _chains(hearings, source, posted, authors)


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


# -- departures of ties --------------------------------------------------------------------------------------


def _with_ties(log: NDArray[np.void], acts: Acts, direct: Origins) -> Origins:
    """Return the origins, those of departures that ties tipped being those of the ties, each by its weight."""
    by_tie = (acts.cause == tr.CONTAGION) & (acts.effect <= OTHER_DEPARTURE)
    if not by_tie.any():
        return direct
    links = log[log["event"] == tr.TIE]
    links = links[np.argsort(links["person"], kind="stable")]
    left = (acts.effect <= OTHER_DEPARTURE) & ~by_tie
    known = {int(acts.person[k]): _picked(direct, slice(k, k + 1)) for k in np.flatnonzero(left).tolist()}
    parts = [_picked(direct, ~by_tie)]
    for k in np.flatnonzero(by_tie):  # by day, so that the ties of an act come before it
        first, last = np.searchsorted(links["person"], [acts.person[k], acts.person[k] + 1])
        origins = _through(links[first:last], known, int(k))
        known[int(acts.person[k])] = origins
        parts.append(origins)
    whole = _joined(parts)
    order = np.argsort(whole.act, kind="stable")
    return _picked(whole, order)


def _joined(parts: list[Origins]) -> Origins:
    return Origins(
        np.concatenate([p.act for p in parts]), np.concatenate([p.share for p in parts]),
        np.concatenate([p.root for p in parts]), np.concatenate([p.outlet for p in parts]),
        np.concatenate([p.steps for p in parts]), np.concatenate([p.path for p in parts]),
    )  # fmt: skip


def _picked(origins: Origins, which: NDArray[Any] | slice) -> Origins:
    o = origins
    return Origins(o.act[which], o.share[which], o.root[which], o.outlet[which], o.steps[which], o.path[which])


def _through(links: NDArray[np.void], known: dict[int, Origins], act: int) -> Origins:
    """Return the origins of a departure through the ties that had left; a tie not known was one the firm acted on."""
    parts = []
    total = float(links["amount"].sum())
    for link in links:
        other = int(link["source"]) & tr.SOURCE_ID
        of_tie = known.get(other)
        if of_tie is None:
            one = np.array([other])
            of_tie = Origins(one, np.ones(1), one, np.array([NOBODY]), np.array([0]), np.array([0]))
        share = of_tie.share * float(link["amount"]) / total
        parts.append(of_tie._replace(share=share, steps=of_tie.steps + 1))
    whole = _joined(parts)
    return whole._replace(act=np.full(len(whole.act), act))


# -- doses ---------------------------------------------------------------------------------------------------


def _doses(log: NDArray[np.void], acts: Acts) -> Doses:
    """Return the shares of each act's dose by channel: of harm, or of praise where the act is good for the firm."""
    n = len(acts.person)
    way = first_way(acts)
    units = np.zeros((n, len(tr.CHANNEL_NAMES)))
    heard = _once(log[log["event"] == tr.DOSE])
    if len(heard) and n:
        key, keys = _moment(heard["person"], heard["day"]), _moment(acts.person, acts.day)
        order = np.argsort(keys, kind="stable")
        first, last = np.searchsorted(keys[order], key, "left"), np.searchsorted(keys[order], key, "right")
        for shift in range(int((last - first).max(initial=0))):  # who calls and leaves on one day has two acts
            on = first + shift < last
            act = order[first[on] + shift]
            mine = (heard["label"][on] == tr.PREVENTED) == acts.good[act]
            channel = (heard["source"][on] >> tr.SOURCE_SHIFT).astype(np.int64)
            np.add.at(units, (act[mine], channel[mine]), heard["amount"][on][mine])
    total = units.sum(axis=1)
    alone = (total == 0.0) | (way >= len(tr.CHANNEL_NAMES)) | (way == tr.FIRM)
    act, channel = np.nonzero(units * ~alone[:, None])
    lone = np.flatnonzero(alone)
    return Doses(
        np.concatenate([act, lone]), np.concatenate([channel, way[lone]]),
        np.concatenate([units[act, channel] / total[act], np.ones(len(lone))]),
    )  # fmt: skip


def _once(doses: NDArray[np.void]) -> NDArray[np.void]:
    """Return the doses without what was logged twice, because somebody acted twice on a day."""
    names = ("person", "day", "source", "label")
    rows = doses[np.lexsort([doses[name] for name in names])]
    again = np.ones(len(rows), dtype=bool)
    for name in names:
        again[1:] &= rows[name][1:] == rows[name][:-1]
    again[:1] = False
    return rows[~again]


def _moment(person: NDArray[np.integer], day: NDArray[np.integer]) -> NDArray[np.int64]:
    return person.astype(np.int64) * 65536 + day


def first_way(acts: Acts) -> NDArray[np.int64]:
    """Return by what the person of each act was first told: a channel, or one of the ways that are no telling."""
    way = acts.source >> tr.SOURCE_SHIFT
    left = acts.effect <= OTHER_DEPARTURE
    way = np.where(left & (acts.cause == tr.CONTAGION), TIE_LEFT, way)
    return np.where(left & (acts.cause == tr.WITH_HOUSEHOLD), HOUSEHOLD_LEFT, way)


def main_way(doses: Doses, acts: int) -> NDArray[np.int64]:
    """Return by what the person of each act was mostly moved: the largest share of the dose, the first of equals."""
    found = np.full(acts, tr.NOBODY)
    order = np.lexsort((doses.channel, -doses.share, doses.act))
    first = np.unique(doses.act[order], return_index=True)[1]
    found[doses.act[order][first]] = doses.channel[order][first]
    return found
