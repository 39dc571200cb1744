"""The columns of a population. A person is a row, numbered 0 .. n-1; the number is the person's identity."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim.world.records import record_type, rows

CUSTOMER, ADVOCATE, SEEKER = 1, 2, 4
"""Bits of the column ``traits``: customer at the start (else prospect); advocate; credit seeker."""
COST_BITS = 3
"""Bits of ``traits`` below the level of the customer's own cost of an account; see ``wom_sim.world.accounts``."""
COMMITMENT_UNIT = 255
"""Commitment is held in 1/255."""


class Column(NamedTuple):
    """A column: its name, numpy type, unit and meaning."""

    name: str
    dtype: str
    unit: str
    meaning: str


COLUMNS = (
    Column("margin", "float32", "currency a month", "revenue less the cost of the account, before service calls"),
    Column("calls", "float32", "calls a month", "service calls"),
    Column("talkativeness", "float32", "factor", "readiness to pass a story on, mean 1"),
    Column(
        "group", "uint16", "bits",
        "1 customer, 2 profitable customer, and 8 x row of the ledger; settled when the world is built",
    ),
    Column(
        "traits", "uint8", "bits",
        "1 customer at the start, 2 advocate, 4 credit seeker, and 8 x level of a cost of the account of their own",
    ),
    Column("bill_day", "uint8", "day of the month, 0-29", "the day on which the person decides"),
    Column("churn", "float32", "a month", "base hazard: of leaving (customer), of joining (prospect)"),
    Column("contract", "uint8", "months", "months of contract left at the start"),
    Column("commitment", "uint8", "1/255", "what buffers bad news"),
    Column("segment", "uint8", "index", "segment of a customer, in the scenario's order"),
    Column("member", "uint8", "place", "place in the household, whose members are numbered one after another from 0"),
)  # fmt: skip
"""In this order because of the cache: a run reads the eight bytes in the middle of everyone reached, and the last eight
of those whom the story affects; eight bytes of a row never lie in two lines."""


PERSON_TYPE = record_type([(column.name, column.dtype) for column in COLUMNS])
"""A person's row: 24 bytes, because who is reached is read as a whole. What only policies read of a few people has no
column (``wom_sim.world.switching``)."""

People = NDArray[np.void]
"""A population: an array of ``PERSON_TYPE``; ``people["calls"]`` is a column, ``people[7]`` a person."""


def empty(n: int) -> People:
    """Return ``n`` people whose columns are all zero (pages are only taken when written)."""
    return rows(n, PERSON_TYPE)


def customers(people: People) -> NDArray[np.bool_]:
    """Return who is a customer at the start."""
    mask: NDArray[np.bool_] = (people["traits"] & CUSTOMER) != 0
    return mask


def households(people: People) -> NDArray[np.int64]:
    """Return for each person the first member of their household."""
    first: NDArray[np.int64] = np.arange(len(people)) - people["member"]
    return first


def check(people: People) -> None:
    """Raise ValueError, naming the column, if a value is out of range."""
    if people.dtype != PERSON_TYPE:
        raise ValueError("people: must be an array of PERSON_TYPE")
    if not len(people):
        return
    for column in COLUMNS:
        values = people[column.name]
        if values.dtype.kind == "f" and not bool(np.isfinite(values).all()):
            raise ValueError(f"people.{column.name}: must be finite")
    for name in ("churn", "talkativeness", "calls"):
        if float(people[name].min()) < 0:
            raise ValueError(f"people.{name}: must not be negative")
    member = people["member"]
    if int(member[0]) != 0 or bool(((member[1:] != 0) & (member[1:] != member[:-1] + 1)).any()):
        raise ValueError("people.member: must count up from 0 within a household")
    if int(people["bill_day"].max()) > 29:
        raise ValueError("people.bill_day: must be 0 to 29")


def append(people: People, other: People) -> People:
    """Return the people of both, the others numbered after the first; identities do not change."""
    return np.concatenate([people, other])
