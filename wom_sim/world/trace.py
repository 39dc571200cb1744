"""The record of a run: event log, daily table, tallies and ledger. Only ``wom_sim.world.books`` writes them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import rule
from wom_sim._lent import growing
from wom_sim.rules.leaving import MONTH
from wom_sim.rules.money import FOREVER
from wom_sim.world.records import record_type

# Channels: by which way a person first heard. The first four of the telling ones are tie classes + 1.
FIRM, BY_HOUSEHOLD, BY_CLOSE, BY_ACQUAINTANCE, BY_STRANGER, BY_POST, BY_OUTLET, NOBODY = range(8)
CHANNEL_NAMES = ("firm", "household", "close", "acquaintance", "stranger", "post", "outlet", "nobody")

# A source is who told by which channel, in one number: channel x 2^29 + person (or outlet).
SOURCE_SHIFT = 29
SOURCE_ID = (1 << SOURCE_SHIFT) - 1
NO_SOURCE = (NOBODY << SOURCE_SHIFT) | SOURCE_ID
MOST_PEOPLE = SOURCE_ID

# Events.
(
    TOLD, HEARD, TALKS, DEFENDS, POSTS, CALLS, PICKED_UP, LEFT, STAYED, JOINED, NOT_JOINED, GIVES, HANDLES, STARTS,
    RESPONDS, DEMANDS, NEWS, DOSE, TIE, PAYS, OUTLOOK, TEACHES, COMPLAINS,
) = range(1, 24)  # fmt: skip
EVENT_NAMES = (
    "", "told", "heard", "talks", "defends", "posts", "calls", "picked up", "left", "stayed", "joined", "did not join",
    "gives", "handles", "starts", "responds", "demands", "is news", "had heard", "had lost a tie", "pays", "outlook",
    "teaches", "complains",
)  # fmt: skip

# Causes of a departure.
OWN, DISMISSED, ACCEPTED, WITH_HOUSEHOLD, TREATMENT, STORY, CONTAGION, HANDED_OVER = range(8)
CAUSE_NAMES = (
    "own", "dismissed", "accepted offer", "with household", "treatment", "story", "departure of ties", "handed over",
)  # fmt: skip

# Labels: the departure (or join) beside what the same person does without the policy.
NONE, ANYWAY, EARLIER, BECAUSE, PREVENTED, LATER = range(6)
LABEL_NAMES = ("", "anyway", "earlier", "because", "prevented", "later")

# Groups of a person, as bits; above them stands the row of the ledger: the firm, prospects, then the segments.
G_CUSTOMER, G_PROFITABLE, G_TREATED = 1, 2, 4
SEGMENT_SHIFT = 3
S_FIRM, S_PROSPECTS, S_FIRST = range(3)
G_PROSPECT = S_PROSPECTS << SEGMENT_SHIFT


class Line(NamedTuple):
    """A column of the daily table or a line of the ledger."""

    name: str
    unit: str
    meaning: str


DAILY = (
    Line("told", "people", "customers whom the firm told"),
    Line("reached", "people", "people who first heard of it from others"),
    Line("reached_profitable", "people", "of these, profitable customers"),
    Line("reached_prospects", "people", "of these, prospects"),
    Line("talkers", "people", "people who decided to talk"),
    Line("defenders", "people", "people who decided to speak well of the firm"),
    Line("conversations", "conversations", "conversations held"),
    Line("posts", "posts", "posts"),
    Line("post_readers", "readings", "readings of posts"),
    Line("coverage", "people", "people reached by outlets"),
    Line("pickups", "outlets", "outlets that picked the story up"),
    Line("national_pickups", "outlets", "of these, national ones"),
    Line("calls", "calls", "extra calls to service"),
    Line("harm_dose", "1/256", "doses of the bad story"),
    Line("praise_dose", "1/256", "doses of praise"),
    Line("let_go", "people", "customers whose service ended, or who took the offer or were handed over"),
    Line("treated_left", "people", "net extra departures of customers whom the firm acted on"),
    Line("treated_profitable_left", "people", "of these, profitable customers"),
    Line("lost_profitable", "people", "profitable customers lost, whoever made them leave"),
    Line("extra_profitable", "people", "net extra departures of profitable customers, whoever made them leave"),
    Line("extra_others", "people", "net extra departures of loss-makers whom the firm did not act on"),
    Line("extra_joins", "people", "net extra joins (negative: lost)"),
    Line("money", "1/100 currency", "change of the ledger, booked on the day of the event"),
)
DAILY_NAMES = tuple(line.name for line in DAILY)
(
    D_TOLD, D_REACHED, D_REACHED_PROFITABLE, D_REACHED_PROSPECTS, D_TALKERS, D_DEFENDERS, D_CONVERSATIONS, D_POSTS,
    D_READERS, D_COVERAGE, D_PICKUPS, D_NATIONAL, D_CALLS, D_HARM, D_PRAISE, D_LET_GO, D_TREATED_LEFT,
    D_TREATED_PROFITABLE, D_LOST_PROFITABLE, D_EXTRA_PROFITABLE, D_EXTRA_OTHERS, D_EXTRA_JOINS, D_MONEY,
) = range(23)  # fmt: skip

LEDGER = (
    Line("losses_avoided", "1/100 currency", "losses of those let go that are avoided"),
    Line("profit_lost_story", "1/100 currency", "profit of profitable customers lost to what they heard"),
    Line("profit_lost_contagion", "1/100 currency", "profit of profitable customers lost to the departure of ties"),
    Line("profit_lost_household", "1/100 currency", "profit of profitable customers lost with their household"),
    Line("profit_lost_firm", "1/100 currency", "profit of profitable customers lost on whom the firm acted"),
    Line("profit_kept", "1/100 currency", "profit of profitable customers kept who would have left"),
    Line("others_left", "1/100 currency", "loss-makers who left as well, whom the firm did not act on"),
    Line("joins", "1/100 currency", "value of joins lost (or gained)"),
    Line("calls_told", "1/100 currency", "extra calls of those whom the firm acted on"),
    Line("calls_hearers", "1/100 currency", "extra calls of those who heard of it"),
    Line("given", "1/100 currency", "fees waived and payments"),
    Line("handling", "1/100 currency", "handling of each case"),
    Line("programme", "1/100 currency", "campaign or programme"),
    Line("response", "1/100 currency", "response to the crisis"),
    Line("price_paid", "1/100 currency", "price paid by those who stay"),
    Line("outlook", "1/100 currency", "profit beyond the run of those who stay, changed with their churn"),
    Line("insight_lost", "1/100 currency", "improvements lost with those whose complaints showed the way"),
    Line("authority", "1/100 currency", "demands of a consumer authority"),
)
LEDGER_NAMES = tuple(line.name for line in LEDGER)
(
    L_LOSSES_AVOIDED, L_LOST_STORY, L_LOST_CONTAGION, L_LOST_HOUSEHOLD, L_LOST_FIRM, L_KEPT, L_OTHERS_LEFT, L_JOINS,
    L_CALLS_TOLD, L_CALLS_HEARERS, L_GIVEN, L_HANDLING, L_PROGRAMME, L_RESPONSE, L_PRICE, L_OUTLOOK, L_INSIGHT,
    L_AUTHORITY,
) = range(18)  # fmt: skip
PROFIT_LOST = ("profit_lost_story", "profit_lost_contagion", "profit_lost_household", "profit_lost_firm")
"""Lines that add up to the profit of profitable customers lost, a harm into which no gain is netted."""
NO_LINE = 255
"""The line of an event whose amount is not money."""

LOG_TYPE = record_type(
    [
        ("day", np.int16), ("group", np.uint16), ("person", np.uint32), ("source", np.uint32), ("event", np.uint8),
        ("cause", np.uint8), ("label", np.uint8), ("line", np.uint8), ("amount", np.int64),
    ],
)  # fmt: skip
"""An event: 24 bytes. Where ``line`` is a line of the ledger, ``amount`` is what is booked there (positive: good for
the firm), in the row of ``group`` and the month of ``day``; so the log adds up to the ledger."""


@growing("log")
class Book(NamedTuple):
    """The books of a run.

    ``daily`` (days x columns), ``tally`` (cause x channel x label x ``tally_group``) counts departures, ``ledger``
    (rows of the firm, of prospects and of each segment x months x lines) what happened in a month is worth at day 0,
    ``receipts`` (worth at day 0 and in cash x months x lines) the same by the month in which it is received or paid,
    all int64. The last month of ``receipts`` is all that comes later; where there is a horizon, that is not on the
    ledger. ``log`` has room for events if its length is not 0, and grows (``with_room``); ``used`` holds the number of
    events.
    """

    daily: NDArray[np.int64]
    tally: NDArray[np.int64]
    ledger: NDArray[np.int64]
    receipts: NDArray[np.int64]
    log: NDArray[np.void]
    used: NDArray[np.int64]


def months_in(days: int) -> int:
    """Return how many months there are in so many days, the last perhaps not whole.

    >>> months_in(365), months_in(30)
    (13, 1)
    """
    return -(-days // MONTH)


def new_book(days: int, events: bool, segments: int = 1, end: int = 0) -> Book:
    """Return empty books for so many segments; ``events`` says whether the log is kept.

    ``end`` is the month from which nothing is counted, or ``FOREVER``.
    """
    months = months_in(days)
    received = months + 1 if end >= FOREVER else max(months, end)
    return Book(
        np.zeros((days, len(DAILY)), dtype=np.int64),
        np.zeros((len(CAUSE_NAMES), len(CHANNEL_NAMES), len(LABEL_NAMES), 4), dtype=np.int64),
        np.zeros((S_FIRST + segments, months, len(LEDGER)), dtype=np.int64),
        np.zeros((2, received + 1, len(LEDGER)), dtype=np.int64),
        np.zeros(1024 if events else 0, dtype=LOG_TYPE),
        np.zeros(1, dtype=np.int64),
    )


@rule
def tally_group(group: int) -> int:
    """Return where the tally counts a person: 1 if profitable, and 2 more if the firm acted on them.

    >>> tally_group(G_CUSTOMER), tally_group(G_CUSTOMER | G_PROFITABLE | G_TREATED)
    (0, 3)
    """
    return (1 if group & G_PROFITABLE else 0) + (2 if group & G_TREATED else 0)


@rule
def source_of(channel: int, who: int) -> int:
    """Return the source number of a channel and a person or outlet."""
    return (channel << SOURCE_SHIFT) | who


class Trace(NamedTuple):
    """What an engine returns: the books, buzz at the end of each day, for each row of the treatments the day on
    which it was delivered (-1 if void), and for each outlet the day of its pick-up (-1 if none).

    ``left`` holds the day on which the person of each delivered row left (-1 if they stayed). ``done`` are the
    treatments as they were carried out where an order changed them, else None.
    """

    book: Book
    buzz: NDArray[np.float64]
    told: NDArray[np.int32]
    left: NDArray[np.int32]
    picked_up: NDArray[np.int64]
    done: NDArray[np.void] | None = None

    def events(self) -> NDArray[np.void]:
        """Return the log in canonical order (day, event, person, source)."""
        used = int(self.book.used[0])
        if used > len(self.book.log) > 0:
            raise RuntimeError(f"{used} events were booked where there was room for {len(self.book.log)}")
        entries = self.book.log[:used]
        keys = ("amount", "label", "cause", "source", "person", "event", "day")
        return entries[np.lexsort([entries[key] for key in keys])]
