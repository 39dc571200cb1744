"""Tables for the charts: realistic ones, and ones at the edge of what a study may bring."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

NAMES = (
    "keep", "bulk_letter", "case_by_case", "paid_exit", "nudge", "reprice", "downgrade", "transfer",
    "cap_credits", "fix_root_cause", "guarantee", "offer, then letter",
)  # fmt: skip
LONG = tuple(f"{name} with an apology, a personal call and a year of reduced fees" for name in NAMES[1:5])
DAYS = np.arange(0, 181, 5)

REACHED = (0, 22_100_000, 12_000, 2_000, 900, 45_000, 3_000_000, 12_500, 11_800, 100, 14_000, 21_000_000)
DEPARTURES = (0, 6_000, 15, -3, 40, 800, 900, 850, -60, -700, -2_000, 5_900)
LINES = (
    ("dismissed", "losses of the dismissed avoided", (0, 3.6e6, 3.5e6, 2.9e6)),
    ("profit", "profit of profitable customers lost", (0, -8e6, -20e3, -1e3)),
    ("joins", "joins lost", (0, -12e6, -10e3, 0)),
    ("calls", "calls answered", (0, -0.7e6, -5e3, -2e3)),
    ("fees", "fees waived and payments", (0, -0.2e6, -0.2e6, -0.5e6)),
    ("handling", "handling", (0, -30e3, -90e3, -60e3)),
    ("programme", "programme", (0, 0, 0, 0)),
    ("authority", "authority", (0, -0.2e6, 0, 0)),
)
INDICATORS = (
    ("net", "net value", "currency", "more", (0, -17.5e6, 3.1e6, 2.4e6)),
    ("departures", "extra departures of profitable customers", "people", "less", (0, 6_000, 15, 1)),
    ("reached", "people reached", "people", "less", (0, 22.1e6, 12_000, 2_000)),
    ("coverage", "chance of national coverage", "share", "", (0, 0.92, 0.0, 0.0)),
)


def over_time(names: Sequence[str], ends: Sequence[float], days: np.ndarray = DAYS) -> pd.DataFrame:
    """Lines that rise to their ends, each with a band of -20 to +30 %."""
    share = days / max(days.max(), 1)
    parts = []
    for name, end in zip(names, ends, strict=False):
        low, high = sorted((0.8 * end, 1.3 * end))
        columns = {"median": end * share, "low": low * share, "high": high * share}
        parts.append(pd.DataFrame({"policy": name, "day": days, **columns}))
    return pd.concat(parts, ignore_index=True)


def reached(names: Sequence[str] = NAMES[:4], days: np.ndarray = DAYS) -> pd.DataFrame:
    return over_time(names, REACHED, days)


def departures(names: Sequence[str] = NAMES[:4], days: np.ndarray = DAYS) -> pd.DataFrame:
    return over_time(names, DEPARTURES, days)


def differences(names: Sequence[str] = NAMES[1:4]) -> pd.DataFrame:
    rows = []
    for key, label, unit, better, means in INDICATORS:
        for i, name in enumerate(names):
            mean = means[1 + i % 3] * (1 + i // 3)
            half = 0.3 * abs(mean) + 0.01
            ranges = {"low": mean - half / 3, "high": mean + half / 3, "p05": mean - half, "p95": mean + half}
            words = {"policy": name, "indicator": key, "label": label, "unit": unit, "better": better}
            rows.append({**words, "mean": mean, **ranges})
    return pd.DataFrame(rows)


def ledger(names: Sequence[str] = NAMES[:4]) -> pd.DataFrame:
    rows = []
    for place, (line, label, amounts) in enumerate(LINES):
        others = [name for name in names if name != "keep"]
        for name in names:
            i = others.index(name) if name in others else 0
            mean = 0.0 if name == "keep" else float(amounts[1 + i % 3] * (1 + i // 3))
            rows.append({"policy": name, "line": line, "label": label, "mean": mean, "order": place})
    return pd.DataFrame(rows)


TABLES = {"reached": reached, "departures": departures, "differences": differences, "ledger": ledger}
NUMBERS = {
    "reached": ["median", "low", "high"],
    "departures": ["median", "low", "high"],
    "differences": ["mean", "low", "high", "p05", "p95"],
    "ledger": ["mean"],
}
RANGES = {
    "reached": ["low", "high"],
    "departures": ["low", "high"],
    "differences": ["low", "high", "p05", "p95"],
    "ledger": [],
}


def scaled(table: pd.DataFrame, columns: Sequence[str], factor: float) -> pd.DataFrame:
    """The same table with other numbers; ranges stay in order."""
    table = table.copy()
    table[list(columns)] *= factor
    for low, high in (("low", "high"), ("p05", "p95")):
        if factor < 0 and low in columns:
            table[[low, high]] = table[[high, low]].to_numpy()
    return table


def _one_day(make: Callable[..., pd.DataFrame]) -> pd.DataFrame:
    return make(NAMES[:4], DAYS[-1:]) if make in (reached, departures) else make()


CASES: dict[str, Callable[[Callable[..., pd.DataFrame], str], pd.DataFrame]] = {
    "usual": lambda make, _: make(),
    "one policy": lambda make, _: make(NAMES[1:2]),
    "only keep": lambda make, _: make(NAMES[:1]),
    "eight policies": lambda make, _: make(NAMES[1:9]),
    "twelve policies": lambda make, _: make(NAMES),
    "long names": lambda make, _: make(LONG),
    "one day": lambda make, _: _one_day(make),
    "all zeros": lambda make, chart: scaled(make(), NUMBERS[chart], 0.0),
    "signs turned": lambda make, chart: scaled(make(), NUMBERS[chart], -1.0),
    "very small": lambda make, chart: scaled(make(), NUMBERS[chart], 1e-4),
    "one replication": lambda make, chart: make().assign(**dict.fromkeys(RANGES[chart], np.nan)),
}


def case(chart: str, name: str) -> pd.DataFrame:
    """The table of a chart in one of ``CASES``."""
    return CASES[name](TABLES[chart], chart)
