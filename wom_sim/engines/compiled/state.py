"""What changes about a person: a row of sixteen bytes of those whom the story has reached, made when it does.

``place`` says which row is whose; everybody else shares row 0, which is all zero. So memory follows the story, and
those who hear one after the other have rows one after the other. What few have (praise, a departure) lies apart, in
rows that are found by person.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import inlined, kernel, part
from wom_sim.rules.fairness import learns
from wom_sim.rules.leaving import MONTH, base_hazard, lock
from wom_sim.world.accounts import Accounts
from wom_sim.world.luck import BLOCK_JOIN, BLOCK_LEAVE, philox, unit
from wom_sim.world.network import Network
from wom_sim.world.orders import Orders
from wom_sim.world.outlets import Outlets
from wom_sim.world.people import CUSTOMER, People
from wom_sim.world.records import record_type
from wom_sim.world.tie_rows import degree_of
from wom_sim.world.trace import NO_SOURCE
from wom_sim.world.treatments import Treatments
from wom_sim.world.voices import Voices

STATE_TYPE = record_type(
    [
        ("heard", np.int16), ("last", np.int16), ("harm", np.uint16), ("story", np.uint8), ("marks", np.uint8),
        ("source", np.uint32), ("person", np.uint32),
    ]
)  # fmt: skip
"""Days are held plus one, so that 0 means never; ``person`` says whose row it is."""

RARE_TYPE = record_type(
    [("person", np.uint32), ("after", np.uint32), ("gone", np.int16), ("praise", np.uint16), ("fate", np.uint8)]
)
"""``gone`` is the day (plus one) on which a customer left or a prospect joined; ``after`` the next row, plus one, of
those that begin at the same place."""

TOLD, AFFECTED, STOPPED, BEREAVED, RARE, TALKED, STRUCK = 1, 2, 4, 8, 16, 32, 64
"""Flags. RARE: has a row among the rare; TALKED: has passed the story on; STRUCK: knew good of the firm, and heard
something bad for the first time today."""
FROM_THE_FIRM = 0
"""The source of those who know from the firm itself; no other source is 0."""
CAUSED, LET_GO, KEPT = 1, 2, 4
"""Fates. CAUSED: the departure is the policy's doing; LET_GO: by the firm's hand; KEPT: stayed on the day on which
they would have gone (or joined) without the policy."""

FRESH_COUNT, DEPARTED_COUNT, RARE_COUNT, STRUCK_COUNT, SWAYED_COUNT, ROW_COUNT = range(6)
COUNTS = 6

TALKS, THINKS, TELLINGS = 1 << 15, 1 << 14, (1 << 14) - 1
"""What ``talk`` holds of a person: has begun to talk; among the swayed of today; how many tellings by ties."""


class Run(NamedTuple):
    """A run: the shared world, the treatments, and this run's own state. Kernels take it ``lent``.

    ``place`` is the row of ``state`` of each person, 0 of whom nothing has reached; ``fresh`` lists the rows of those
    who first heard from others today, in that order; ``departed`` those whose departure the policy caused; ``rare`` are
    the rows of RARE_TYPE and ``begin`` where their chains begin; ``struck`` lists those struck today, ``swayed`` those
    whom a tie told today where it takes many of them; ``count`` holds the lengths of these five, and how many rows of
    ``state`` there are. ``talk`` is what TALKS and the next say of each person; it is empty, like ``swayed``, under the
    forms of word of mouth that need no such memory.
    ``order`` lists rows by (person, round); ``told`` the day on which each row was delivered; ``covered`` is (day of
    pick-up or -1, how bad the story was, day on which it was convinced or -1) for each outlet; ``doses`` (source x
    person) holds what each person heard from where if the log is kept, else it is empty; ``speaks`` is the day on which
    each of the people of note (``voices``) speaks, -1 if it is not known yet; ``obeyed`` for each of the ``orders`` the
    day on which it is due, or how it stands; ``instead`` holds rows that an order may put in the place of those of the
    treatments, list after list.
    """

    people: People
    network: Network
    outlets: Outlets
    accounts: Accounts
    treatments: Treatments
    numbers: NDArray[np.void]
    seed: np.uint64
    place: NDArray[np.uint32]
    state: NDArray[np.void]
    fresh: NDArray[np.uint32]
    departed: NDArray[np.uint32]
    rare: NDArray[np.void]
    begin: NDArray[np.uint32]
    struck: NDArray[np.uint32]
    count: NDArray[np.int64]
    order: NDArray[np.uint32]
    told: NDArray[np.int32]
    covered: NDArray[np.int64]
    doses: NDArray[np.uint16]
    voices: Voices
    speaks: NDArray[np.int64]
    orders: Orders
    obeyed: NDArray[np.int64]
    instead: Treatments
    talk: NDArray[np.uint16]
    swayed: NDArray[np.uint32]


@inlined
def begins_to_talk(run: Run, i: int) -> None:
    """Note that person ``i`` talks, where a form of word of mouth asks for it."""
    if run.talk.size > 0:
        run.talk[i] |= TALKS


@inlined
def talks_now(run: Run, i: int) -> bool:
    """Return whether person ``i`` has begun to talk and not stopped, as far as anybody asks for it."""
    return run.talk.size > 0 and run.talk[i] & TALKS != 0 and not run.state[run.place[i]].marks & STOPPED


@inlined
def told_by_tie(run: Run, i: int) -> None:
    """Count that a tie told person ``i`` the story; where many must, they think about it again today."""
    if run.talk[i] & TALKS or was_wronged(run, i):
        return
    if run.talk[i] & TELLINGS < TELLINGS:
        run.talk[i] += 1
    if not run.talk[i] & THINKS:
        run.talk[i] |= THINKS
        run.swayed[run.count[SWAYED_COUNT]] = i
        run.count[SWAYED_COUNT] += 1


@inlined
def share_of_ties(run: Run, i: int) -> float:
    """Return the share of the ties of person ``i`` that told them, 0 where it does not matter."""
    if run.talk.size == 0:
        return 0.0
    ties = degree_of(run.network, i)
    if ties == 0:
        return 0.0
    return np.int64(run.talk[i] & TELLINGS) / ties


@inlined
def new_row(run: Run, i: int) -> int:
    """Return the row of ``state`` that is made for person ``i``, who has none."""
    at = run.count[ROW_COUNT] + 1
    run.count[ROW_COUNT] = at
    run.place[i] = at
    run.state[at].person = i
    return at


@inlined
def touch(run: Run, i: int) -> int:
    """Return the row of ``state`` of person ``i``, which is made if there is none."""
    at = np.int64(run.place[i])
    if at > 0:
        return at
    return new_row(run, i)


NOBODY_BEFORE = (0.0, 0.0)
"""Levels that no luck is below."""


@inlined
def chain_of(i: int, chains: int) -> int:
    """Return in which of the chains (a power of two of them) person ``i`` is."""
    return (i * 2654435761 >> 8) & (chains - 1)


@inlined
def rare_of(run: Run, i: int) -> int:
    """Return the row of person ``i`` among the rare, or -1."""
    if not run.state[run.place[i]].marks & RARE:
        return -1
    return _row_in_chain(run.rare, run.begin, np.int64(i))


@part
def _row_in_chain(rare: NDArray[np.void], begin: NDArray[np.uint32], i: int) -> int:
    k = np.int64(begin[chain_of(i, begin.size)]) - 1
    while rare[k].person != i:
        k = np.int64(rare[k].after) - 1
    return k


@part
def made_rare(run: Run, i: int) -> int:
    """Return the row of person ``i`` among the rare, which is made if there is none."""
    k = rare_of(run, i)
    if k >= 0:
        return k
    run.state[touch(run, i)].marks |= RARE
    k = run.count[RARE_COUNT]
    run.count[RARE_COUNT] += 1
    chain = chain_of(i, run.begin.size)
    run.rare[k].person = i
    run.rare[k].after = run.begin[chain]
    run.rare[k].gone = 0
    run.rare[k].praise = 0
    run.rare[k].fate = 0
    run.begin[chain] = k + 1
    return k


@inlined
def gone_on(run: Run, i: int) -> int:
    """Return the day on which person ``i`` left (a prospect: joined) in this run, -1 if they have not."""
    k = rare_of(run, i)
    return np.int64(run.rare[k].gone) - 1 if k >= 0 else -1


@inlined
def praise_of(run: Run, i: int) -> int:
    """Return the praise that person ``i`` has heard, in 1/256."""
    k = rare_of(run, i)
    return np.int64(run.rare[k].praise) if k >= 0 else 0


@inlined
def fate_of(run: Run, i: int) -> int:
    """Return what became of person ``i``: a sum of CAUSED, LET_GO and KEPT."""
    k = rare_of(run, i)
    return np.int64(run.rare[k].fate) if k >= 0 else 0


@part
def first_below(
    seed: int, block: int, i: int, when: tuple[int, int, int], levels: tuple[float, float, int],
    before: tuple[float, float],
) -> int:  # fmt: skip
    """Return the first billing day on which the luck of the month is below a level, or -1.

    ``when`` is (first day considered, last day + 1, day of the month); ``levels`` is (level while the contract
    runs, level after, months of contract). Where the luck of a month before the first day is below the levels
    ``before``, the answer is -1 as well: somebody who has left has no more bills.
    """
    first, days, of_month = when
    month = 0
    if before[1] <= 0.0:
        month = max(0, (first - of_month + MONTH - 1) // MONTH)
    day = month * MONTH + of_month
    if day >= days:
        return -1
    words = philox(np.uint64(i), np.uint64(0), np.uint64(month >> 2), np.uint64(block), seed)
    while True:
        lane = month & 3
        if lane == 0:
            word = words[0]
        elif lane == 1:
            word = words[1]
        elif lane == 2:
            word = words[2]
        else:
            word = words[3]
        luck = unit(word)
        if day < first:
            if luck < (before[0] if month < levels[2] else before[1]):
                return -1
        elif luck < (levels[0] if month < levels[2] else levels[1]):
            return day
        month += 1
        day += MONTH
        if day >= days:
            return -1
        if month & 3 == 0:
            words = philox(np.uint64(i), np.uint64(0), np.uint64(month >> 2), np.uint64(block), seed)


@inlined
def four_of(numbers: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Return the numbers of a rule of another package."""
    return numbers[0], numbers[1], numbers[2], numbers[3]


@inlined
def usual_levels(run: Run, i: int) -> tuple[float, float]:
    """Return the chance that person ``i`` leaves (a prospect: joins) without the policy: under contract, and after."""
    churn = np.float64(run.people[i].churn)
    if run.people[i].traits & CUSTOMER:
        locked = run.numbers[0].locked
        bound = base_hazard(churn, lock(np.int64(run.people[i].contract), 0, locked, False), 1.0)
        return bound, base_hazard(churn, lock(0, 0, locked, False), 1.0)
    return min(np.float64(1.0), churn), min(np.float64(1.0), churn)


@inlined
def otherwise(run: Run, i: int) -> int:
    """Return the day on which person ``i`` leaves (a prospect: joins) without the policy, from luck alone; -1 never."""
    return otherwise_before(run, i, run.numbers[0].days)


@part
def otherwise_before(run: Run, i: int, day: int) -> int:
    """Return the same, or -1 if it is not before ``day``, which costs less to find."""
    when = (np.int64(0), np.int64(day), np.int64(run.people[i].bill_day))
    usual = usual_levels(run, i)
    customer = (run.people[i].traits & CUSTOMER) != 0
    block = BLOCK_LEAVE if customer else BLOCK_JOIN
    months = np.int64(run.people[i].contract) if customer else np.int64(0)
    return first_below(run.seed, block, i, when, (usual[0], usual[1], months), NOBODY_BEFORE)


@inlined
def undecided(run: Run, i: int, day: int) -> bool:
    """Return whether a customer is still one (a prospect: still has not joined) when the bills of ``day`` come."""
    k = rare_of(run, i)
    if k >= 0:
        if run.rare[k].gone != 0:
            return False
        if run.rare[k].fate & KEPT:
            return True
    return otherwise_before(run, i, day) < 0


@inlined
def still_customer(run: Run, i: int, day: int) -> bool:
    """Return whether the person was a customer at the start and has not left."""
    return (run.people[i].traits & CUSTOMER) != 0 and undecided(run, i, day)


@inlined
def source_heard(run: Run, i: int) -> int:
    """Return from whom, by which channel, the person first heard."""
    at = run.place[i]
    return np.int64(run.state[at].source) if run.state[at].heard != 0 else NO_SOURCE


@part
def _rows_up_to(run: Run, i: int) -> int:
    """Return how many rows of the treatments, in the order of persons, are of persons up to ``i``."""
    rows = run.treatments
    low, high = 0, run.order.size
    while low < high:
        middle = (low + high) // 2
        if rows[run.order[middle]].person <= i:
            low = middle + 1
        else:
            high = middle
    return low


@part
def row_of(run: Run, i: int) -> int:
    """Return the last row of the treatments that was delivered to person ``i``, or -1."""
    rows = run.treatments
    k = _rows_up_to(run, i) - 1
    while k >= 0 and rows[run.order[k]].person == i:
        if run.told[run.order[k]] >= 0:
            return np.int64(run.order[k])
        k -= 1
    return np.int64(-1)


@part
def was_wronged(run: Run, i: int) -> bool:
    """Return whether the firm has told person ``i`` of something bad."""
    if not run.state[run.place[i]].marks & TOLD:
        return False
    rows = run.treatments
    for k in range(_rows_up_to(run, i) - 1, -1, -1):
        row = run.order[k]
        if rows[row].person != i:
            return False
        learnt = learns(np.float64(rows[row].story), np.float64(rows[row].grievance), rows[row].praise)
        if run.told[row] >= 0 and learnt and not rows[row].praise:
            return True
    return False


@kernel
def days_left(run: Run) -> NDArray[np.int32]:
    """Return for each row of the treatments the day on which its person left, -1 if they stayed or were not told."""
    days = np.full(run.told.size, -1, dtype=np.int32)
    for row in range(run.told.size):
        if run.told[row] >= 0:
            days[row] = gone_on(run, np.int64(run.treatments[row].person))
    return days


_MANY = 32
"""Where one person in so many was reached it is quicker to clear ``place`` from end to end."""


@kernel
def clear(run: Run) -> None:
    """Undo what a run wrote, at a cost that follows the number of people reached."""
    if run.count[ROW_COUNT] > run.place.size // _MANY:
        run.place[:] = 0
    else:
        for at in range(1, run.count[ROW_COUNT] + 1):
            run.place[run.state[at].person] = 0
    for at in range(1, run.count[ROW_COUNT] + 1):
        row = run.state[at]
        row.heard = 0
        row.last = 0
        row.harm = 0
        row.story = 0
        row.marks = 0
        row.source = 0
        row.person = 0
    for k in range(run.count[RARE_COUNT]):
        run.begin[chain_of(np.int64(run.rare[k].person), run.begin.size)] = 0
    run.count[:] = 0
