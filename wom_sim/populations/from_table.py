"""The customers of a firm's own table as people: who is simulated, where they live, and what is drawn of them.

Whatever the table knows of a customer is taken as it is; what it does not know is drawn from the segment by the rule of
the synthetic population (``synthetic.describe``). Where more or fewer customers are asked for than the table has,
whole households are taken by luck of their own: a smaller sample is a part of a larger one, and a larger firm has each
customer as often as fits before anybody comes once more. Prospects live in households of their own.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import borrowed, kernel
from wom_sim.populations.synthetic import (
    BLOCK_COMMUNITY,
    BLOCK_HOUSEHOLD,
    Census,
    Segments,
    describe,
    household_size,
    lent,
    luck_of_people,
    room_for_luck,
    size_limits,
)
from wom_sim.world.accounts import level_of_cost
from wom_sim.world.listed import CustomerTable, Listed
from wom_sim.world.luck import Purpose, four
from wom_sim.world.people import ADVOCATE, COST_BITS, CUSTOMER, People, empty
from wom_sim.world.shuffle import in_threads, normal_pair

MOST_TOGETHER = 20
"""A household (an account, an address) of more customers is cut into several. Assumption: so many do not live
together."""
_LUCK = int(Purpose.RESAMPLED) >> 2
_AHEAD = 1000
"""So many households are looked through for one that fits where a town ends; else one is cut in two."""
_LONGEST_CONTRACT = 255
_AT_A_TIME = 256
"""The luck of so many people is made at a time."""


class Plan(NamedTuple):
    """How people of a table are built: the place of each segment's name, the share of revenue that is left of each.

    ``names``: the segments' names; with a single one all customers are of it, whatever the table calls them. ``kept``:
    what is left of a unit of revenue after variable costs, by segment. ``town``: people of a town, in which a household
    must be whole. ``in_market``: whether there are households at all.
    """

    names: tuple[str, ...]
    kept: NDArray[np.float64]
    town: int
    in_market: bool


def build(
    census: Census, segments: Segments, table: CustomerTable, plan: Plan, seed: int, workers: int | None = None
) -> tuple[People, Listed]:
    """Return the people of a table, with prospects among them, and which row each is.

    The same seed gives the same people, however many threads build them.

    Raises
    ------
    ValueError
        If the table has a segment that ``plan.names`` does not name.
    """
    key: Any = np.uint64(seed)
    luck = _lucks(len(table), key)
    segment = segments_of(table, plan.names, segments.upto, luck[:, 3])
    rows, sizes, drawn = _in_households(table, census.customers, plan.in_market, key, luck)
    people = empty(census.customers + census.prospects)
    row = np.full(len(people), -1, dtype=np.int32)
    if census.customers or census.prospects:
        _place(people, row, (rows, sizes), (census, plan.town, drawn), key)
    customers = np.flatnonzero(row >= 0)
    people["traits"][customers] = CUSTOMER
    people["segment"][customers] = segment[row[customers]]
    columns = table.columns
    known = (columns["revenue"] * plan.kept[segment], columns["cost"], columns["calls"])
    in_threads(lambda a, b: _describe_all((a, b), people, row, (census, segments), known, key), len(people), workers)
    beyond = _as_known(people, row, table, segments, luck[:, 2])
    return people, Listed(table, row, beyond)


def segments_of(
    table: CustomerTable, names: tuple[str, ...], upto: NDArray[np.float64], luck: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return the segment of each customer, by its place; of whom none is known, by ``luck`` and the segments' shares.

    Raises
    ------
    ValueError
        If the table names a segment that is not one of ``names``.
    """
    if len(names) == 1:
        return np.zeros(len(table), dtype=np.int64)
    places = {None: -1} | {name: k for k, name in enumerate(names)}
    told = table.columns["segment"]
    strange = sorted({name for name in told if name not in places})
    if strange:
        raise ValueError(
            f"population.file: the segment {strange[0]!r} of {(told == strange[0]).sum():,} customers is none of the "
            f"scenario's; allowed: {', '.join(names)}, or a single segment, which is then that of all"
        )
    dealt = np.searchsorted(upto, luck, side="right")
    found = np.fromiter((places[name] for name in told), dtype=np.int64, count=len(told))
    return np.where(found < 0, np.minimum(dealt, len(names) - 1), found)


# -- who, and with whom ---------------------------------------------------------------------------------------------


@kernel
def _lucks_of(rows: int, copy: int, seed: int) -> NDArray[np.float64]:
    out = np.empty((rows, 4), dtype=np.float64)
    for k in range(rows):
        a, b, c, d = four(seed, _LUCK, k, copy, 0)
        out[k, 0] = a
        out[k, 1] = b
        out[k, 2] = c
        out[k, 3] = d
    return out


def _lucks(rows: int, seed: int, copy: int = 0) -> NDArray[np.float64]:
    """Return the luck of each row of the table: resampled, settled in, term, dealt (purposes of those names)."""
    return np.asarray(_lucks_of(rows, copy, seed))


def _in_households(
    table: CustomerTable, size: int, in_market: bool, seed: int, luck: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], bool]:
    """Return the rows of the customers to simulate, household by household, and how many are in each household.

    Also whether households are to be drawn, because the table knows none. Then each row is one of its own here.
    """
    known = table.columns["household"]
    households = in_market and bool((known >= 0).any())
    unit = units(known) if households else np.arange(len(table))
    copies, rest = divmod(size, len(table))
    parts: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]] = []
    for copy in range(copies):
        of_copy = luck if copy == 0 else _lucks(len(table), seed, copy)
        parts.append((np.arange(len(table)), unit, of_copy[unit, 1]))
    if rest:
        of_copy = luck if copies == 0 else _lucks(len(table), seed, copies)
        taken = np.lexsort((np.arange(len(table)), unit, luck[unit, 0]))[:rest]
        parts.append((taken, unit[taken], of_copy[unit[taken], 1]))
    if not parts:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), False
    rows = np.concatenate([part[0] for part in parts])
    whose = np.concatenate([part[1] + k * len(table) for k, part in enumerate(parts)])
    order = np.lexsort((rows, whose, np.concatenate([part[2] for part in parts])))
    rows, whose = rows[order], whose[order]
    starts = np.flatnonzero(np.concatenate(([True], whose[1:] != whose[:-1])))
    return rows, np.diff(np.append(starts, len(rows))), in_market and not households


def units(household: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each row the first row of those it lives with; of whom no household is known, themselves.

    >>> units(np.array([7, -1, 7, -1, 7]))
    array([0, 1, 0, 3, 0])
    """
    rows = np.arange(len(household))
    _, first, code = np.unique(household, return_index=True, return_inverse=True)
    whole = np.where(household >= 0, first[code.ravel()], rows)
    order = np.lexsort((rows, whole))
    starts = np.flatnonzero(np.concatenate(([True], whole[order][1:] != whole[order][:-1]))) if len(rows) else rows
    lengths = np.diff(np.append(starts, len(rows)))
    place = np.arange(len(rows)) - np.repeat(starts, lengths)
    out = np.empty(len(rows), dtype=np.int64)
    out[order] = order[np.arange(len(rows)) - place % MOST_TOGETHER]
    return out


@kernel
def _place(
    people: People,
    row: NDArray[np.int32],
    groups: tuple[NDArray[np.int64], NDArray[np.int64]],
    about: tuple[Census, int, bool],
    seed: int,
) -> None:
    """Give each person a place: customers and prospects evenly mixed, each household one after another in one town.

    ``groups`` is (rows of customers, sizes of their households), ``about`` (census, people of a town, whether the
    households of customers are drawn).
    """
    rows, sizes = groups
    census, town, drawn = about
    n = census.customers + census.prospects
    limits = size_limits(census.household)
    starts = np.empty(sizes.size, dtype=np.int64)
    start = np.int64(0)
    for g in range(sizes.size):
        starts[g] = start
        start += sizes[g]
    i, placed, unit = np.int64(0), np.int64(0), np.int64(0)
    while i < n:
        room = min(n - i, town - i % town)
        luck, _, _, _ = four(seed, BLOCK_HOUSEHOLD, i, 0, 0)
        prospects_left = census.prospects - (i - placed)
        if placed < census.customers and (placed * n <= i * census.customers or prospects_left == 0):
            if drawn:
                size = min(household_size(luck, limits), room, census.customers - placed)
                for k in range(size):
                    row[i + k] = rows[placed + k]
                    people[i + k].member = k
            else:
                other = unit
                while sizes[other] > room and other + 1 < sizes.size and other - unit < _AHEAD:
                    other += 1
                if sizes[other] > room:
                    other = unit
                starts[unit], starts[other] = starts[other], starts[unit]
                sizes[unit], sizes[other] = sizes[other], sizes[unit]
                size = min(sizes[unit], room)
                for k in range(size):
                    row[i + k] = rows[starts[unit] + k]
                    people[i + k].member = k
                starts[unit] += size
                sizes[unit] -= size
                if sizes[unit] == 0:
                    unit += 1
            placed += size
        else:
            size = min(household_size(luck, limits), room, prospects_left)
            for k in range(size):
                people[i + k].member = k
        i += size


# -- what they are --------------------------------------------------------------------------------------------------


@kernel
def _describe_all(
    span: tuple[int, int],
    people: People,
    row: NDArray[np.int32],
    numbers: tuple[Census, Segments],
    known: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    seed: int,
) -> None:
    """Fill the columns of the people in ``span``; ``known`` is by row of the table, as ``describe`` has it."""
    census, segments = numbers
    people, segments = borrowed(people), lent(segments)
    room = room_for_luck(_AT_A_TIME)
    community, shared, own = -1, (0.0, 0.0), (0.0, 0.0)
    home = np.int64(-1)
    for low in range(span[0], span[1], _AT_A_TIME):
        high = min(span[1], low + _AT_A_TIME)
        drawn = luck_of_people(low, high, room, seed)
        for i in range(low, high):
            if i // census.community != community:
                community = i // census.community
                c0, c1, _, _ = four(seed, BLOCK_COMMUNITY, community, 0, 0)
                shared = normal_pair(c0, c1)
            if i - np.int64(people[i].member) != home:
                home = i - np.int64(people[i].member)
                h0, h1, _, _ = four(seed, BLOCK_HOUSEHOLD, home, 1, 0)
                own = normal_pair(h0, h1)
            r = row[i]
            told = (np.nan, np.nan, np.nan)
            if r >= 0:
                told = (known[0][r], known[1][r], known[2][r])
            describe(i, people, census, segments, (shared, own), told, (drawn, i - low))


def _as_known(
    people: People, row: NDArray[np.int32], table: CustomerTable, segments: Segments, luck: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Write advocates, contracts, churn and levels of cost of the table; return costs beyond the segment's."""
    customers = np.flatnonzero(row >= 0)
    rows = row[customers]
    advocate = table.columns["advocate"][rows]
    traits = people["traits"][customers]
    traits = np.where(advocate == 1, traits | ADVOCATE, np.where(advocate == 0, traits & ~np.uint8(ADVOCATE), traits))
    months = months_left(table, luck)[rows]
    there = ~np.isnan(months)
    people["contract"][customers[there]] = np.minimum(_LONGEST_CONTRACT, np.ceil(months[there])).astype(np.uint8)
    cost = table.columns["cost"][rows]
    beyond = np.zeros(0, dtype=np.float32)
    if not np.isnan(cost).all():
        usual = segments.account_cost[people["segment"][customers]]
        traits = traits | (level_of_cost(cost, usual) << COST_BITS).astype(np.uint8)
        beyond = np.zeros(len(people), dtype=np.float32)
        beyond[customers] = np.nan_to_num(cost - usual)
    people["traits"][customers] = traits
    churn = table.columns["churn"][rows]
    there = ~np.isnan(churn)
    people["churn"][customers[there]] = churn[there]
    return beyond


def months_left(table: CustomerTable, luck: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the months of contract that each customer of a table has left; NaN where it does not know.

    They are known from the end of the contract. Else they follow from its length, where contracts are renewed for the
    same time (Assumption): by how long somebody has been a customer, or, where that is unknown, by ``luck``. A contract
    of a month or less binds nobody.
    """
    told, term, tenure = (table.columns[name] for name in ("contract_months_left", "contract_months", "tenure_months"))
    with np.errstate(invalid="ignore"):
        renewed = np.where(np.isnan(tenure), term * luck, term - np.mod(tenure, np.maximum(term, 1.0)))
        follows = np.where(term <= 1.0, 0.0, renewed)
    return np.where(np.isnan(told), follows, told)
