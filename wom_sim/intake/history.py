"""Who has left and who stayed, as time at risk: by segment, time as a customer and month of the year.

Time is counted in months of 30.4375 days, 0 being the day of the table. A customer is seen from when they came or the
first day that the history covers, whichever is later (left truncation), until they left or the day of the table (right
censoring). Within a piece of the time as a customer and a month of the year the hazard is constant, so that months
at risk and departures by cell say all that the rows do.

A month under contract counts as ``LOCKED`` of one: the simulator multiplies churn by that while a contract runs, so
the hazard of the history has to be that "were there no contract", as the scenario's ``churn`` is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from wom_sim.intake.mapping import DAYS_A_MONTH

HISTORY = pa.schema(
    [
        ("since", pa.date32()), ("tenure_months", pa.float64()), ("churned", pa.bool_()), ("left_on", pa.date32()),
        ("segment", pa.string()), ("contract_months", pa.float64()), ("contract_end", pa.date32()),
        ("revenue_band", pa.string()),
    ]
)  # fmt: skip
"""The columns of history.parquet: no id, no name, no amount."""
LOCKED = 0.5
"""Factor on churn while a contract runs: the default of ``behaviour.leaving.locked`` (a test holds them together)."""
BREAKS = (1.0, 3.0, 6.0, 12.0, 24.0, 36.0, 48.0, 72.0, 120.0)
"""Months as a customer where the hazard may change. Assumption: it falls fastest at first."""
LONGEST = 1_200.0
"""Nobody has been a customer for longer, in months."""
MOST_MONTHS = 240
"""A history is used as far back as this."""
_BANDS = (10.0, 25.0, 50.0, 100.0, 250.0, 1000.0)


@dataclass(frozen=True)
class History:
    """A history on the clock of the table: months before (below 0) and at its day (0), by customer.

    ``since``: when somebody came. ``entry``, ``end``: from when until when they were seen; ``left``: whether they left
    at ``end``. ``bound``: until when a contract bound them. ``segment``: the segment's name, "" unknown. ``dated``:
    whether dates of leaving are known; else all was seen within ``window`` months, and when in them is not known.
    ``as_of``: the day 0. ``unused``: rows by the reason for which they say nothing.
    """

    since: NDArray[np.float64]
    entry: NDArray[np.float64]
    end: NDArray[np.float64]
    left: NDArray[np.bool_]
    bound: NDArray[np.float64]
    segment: NDArray[np.object_]
    dated: bool
    window: float
    as_of: date
    unused: dict[str, int]

    def __len__(self) -> int:
        """Return the number of customers."""
        return len(self.since)

    def of(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> History:
        """Return some of the customers, by a mask or by their numbers."""
        return replace(
            self,
            since=self.since[which], entry=self.entry[which], end=self.end[which], left=self.left[which],
            bound=self.bound[which], segment=self.segment[which],
        )  # fmt: skip

    def until(self, cut: float) -> History:
        """Return what was known at ``cut``: who had come by then, and whether they had left."""
        known = self.of(self.entry < cut)
        return replace(known, end=np.minimum(known.end, cut), left=known.left & (known.end <= cut))

    def after(self, cut: float) -> History:
        """Return what came after ``cut``: everyone who was there then or came later."""
        rest = self.of((self.end > cut) & (self.entry < 0.0))
        return replace(rest, entry=np.maximum(rest.entry, cut))

    def whole(self) -> History:
        """Return the same customers as if nobody had left: the time for which a forecast is made."""
        return self if not self.dated else replace(self, end=np.zeros(len(self)), left=np.zeros(len(self), dtype=bool))


def band(revenue: float) -> str | None:
    """Return the band of an amount a month.

    >>> band(29.95), band(5000.0), band(float("nan"))
    ('25-50', '1000+', None)
    """
    if np.isnan(revenue):
        return None
    low = max((limit for limit in _BANDS if revenue >= limit), default=0.0)
    high = min((limit for limit in _BANDS if revenue < limit), default=None)
    return f"{low:g}+" if high is None else f"{'below ' if low == 0.0 else f'{low:g}-'}{high:g}"


def kept(frame: pd.DataFrame) -> pa.Table:
    """Return what a history keeps of rows: when somebody came and left, segment, contract and a band of revenue."""
    frame = frame.copy(deep=False)
    if "revenue" in frame:
        frame["revenue_band"] = [band(value) for value in pd.to_numeric(frame["revenue"], errors="coerce")]
    arrays = []
    for field in HISTORY:
        if field.name not in frame:
            arrays.append(pa.nulls(len(frame), field.type))
            continue
        values = [None if pd.isna(value) else value for value in frame[field.name].tolist()]
        if pa.types.is_floating(field.type):
            values = [None if value is None else float(value) for value in values]
        arrays.append(pa.array(values, type=field.type))
    return pa.table(arrays, schema=HISTORY)


def history_of(table: pa.Table, as_of: date, window: float, first: date | None) -> History:
    """Return the history of rows as ``kept`` has them.

    ``window``: where no date of leaving is known, within how many months before the day of the table everyone who is
    marked has left. ``first``: the first day that the history covers; None: the month of the first departure, so that
    a table of those who were there on some day, and of whom some left since, is taken as one.
    """
    frame = table.to_pandas(date_as_object=True)
    since, left_on, ends = (_clock(frame[name], as_of) for name in ("since", "left_on", "contract_end"))
    tenure = frame["tenure_months"].to_numpy(dtype=np.float64, na_value=np.nan)
    churned = frame["churned"].astype("boolean").fillna(False).to_numpy(dtype=bool)
    dated = bool((left_on <= 0.0).any())
    left = (left_on <= 0.0) if dated else churned
    end = np.where(left, left_on, 0.0) if dated else np.zeros(len(frame))
    came = since if dated else np.where(np.isnan(tenure), since, -tenure)
    came = np.where(np.isnan(came), end - tenure, came)
    reasons = {
        "no_date": churned & ~left,  # has left, and nobody knows when
        "no_tenure": np.isnan(came),
        "impossible": (came > end) | (end - came > LONGEST),
    }
    term = frame["contract_months"].to_numpy(dtype=np.float64, na_value=np.nan)
    bound = np.where(np.isnan(term), np.where(np.isnan(ends), -np.inf, ends), np.where(term > 1.0, np.inf, -np.inf))
    if dated:
        start = _clock(pd.Series([first or _month_of(left_on[left].min(), as_of)]), as_of)[0]
        window = min(-start, float(MOST_MONTHS))
        entry = np.maximum(came, -window)
        reasons["before"] = end <= -window  # left before what is covered
    else:
        # Who left in a window of several months was seen for half of it on average. Assumption: evenly spread.
        entry = np.maximum(came, np.where(left & (window > 1.0), -0.5 * window, -window))
    unused, usable = {}, np.ones(len(frame), dtype=bool)
    for reason, wrong in reasons.items():
        unused[reason] = int((wrong & usable).sum())
        usable &= ~wrong
    segment = np.array(["" if pd.isna(name) else name for name in frame["segment"].tolist()], dtype=object)
    found = History(came, entry, end, left, bound, segment, dated, window, as_of, unused)
    return found.of(usable)


def _clock(days: pd.Series, as_of: date) -> NDArray[np.float64]:
    """Return days in months from the day of the table; NaN where there is none."""
    stamps = np.array(["NaT" if pd.isna(day) else str(day)[:10] for day in days.tolist()], dtype="datetime64[D]")
    apart = (stamps - np.datetime64(as_of)).astype(np.float64)
    return np.where(np.isnat(stamps), np.nan, apart / DAYS_A_MONTH)


def _month_of(months: float, as_of: date) -> date:
    """Return the first day of the month in which a time on the clock lies."""
    return (pd.Timestamp(as_of) + pd.Timedelta(days=round(months * DAYS_A_MONTH))).date().replace(day=1)


class Slice(NamedTuple):
    """A month of the year (0: January) and a piece of the time as a customer: who is at risk in it, for how long.

    ``who`` are rows of the history, each once; ``at_risk`` their months.
    """

    month: int
    piece: int
    who: NDArray[np.int64]
    at_risk: NDArray[np.float64]


def slices(history: History, breaks: Sequence[float], by_month: bool) -> Iterator[Slice]:
    """Yield the months at risk of each customer, piece by piece; all in month 0 unless ``by_month``.

    In a month somebody is in one piece or two: only these are looked at, so that it takes as long as there are months.
    """
    limits = np.array((-1.0, *breaks, np.inf))
    months = list(_calendar(history)) if by_month and len(history) else [(0, -np.inf, np.inf)]
    for month, first, last in months:
        who = np.flatnonzero((history.entry < last) & (history.end > first))
        since = history.since[who]
        low, high = np.maximum(history.entry[who], first), np.minimum(history.end[who], last)
        from_piece = np.maximum(np.searchsorted(limits, low - since, side="right") - 1, 0)
        to_piece = np.searchsorted(limits, high - since, side="left") - 1
        for piece in range(len(limits) - 1):
            mine = np.flatnonzero((from_piece <= piece) & (piece <= to_piece))
            begin = np.maximum(low[mine], since[mine] + limits[piece])
            until = np.minimum(high[mine], since[mine] + limits[piece + 1])
            there = np.maximum(0.0, until - begin)
            bound = np.maximum(0.0, np.minimum(until, history.bound[who[mine]]) - begin)
            if there.any():
                yield Slice(month, piece, who[mine], there - (1.0 - LOCKED) * bound)


def _calendar(history: History) -> Iterator[tuple[int, float, float]]:
    """Yield the months of the calendar that a history touches: (month of the year, from, until) on the clock."""
    day = _month_of(float(history.entry.min()), history.as_of)
    while True:
        after = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        first, last = _clock(pd.Series([day, after]), history.as_of)
        if first > 0.0:
            return
        yield day.month - 1, float(first), float(last)
        day = after


def pieces_at_end(history: History, breaks: Sequence[float]) -> NDArray[np.int64]:
    """Return the piece in which each customer was last seen: up to and with its upper limit."""
    return np.searchsorted(np.asarray(breaks), np.round(history.end - history.since, 9), side="left")


def months_at_end(history: History) -> NDArray[np.int64]:
    """Return the month of the year (0: January) in which each customer was last seen."""
    days = np.datetime64(history.as_of) + np.rint(history.end * DAYS_A_MONTH).astype("timedelta64[D]")
    return days.astype("datetime64[M]").astype(np.int64) % 12
