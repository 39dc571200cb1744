"""Tables for the charts: realistic ones, and ones at the edge of what a study may bring."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

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
        columns = {"mean": end * share, "low": low * share, "high": high * share}
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


def fan(names: Sequence[str] = NAMES[:4], days: np.ndarray = DAYS) -> pd.DataFrame:
    table = over_time(names, DEPARTURES, days)
    spread = (table["high"] - table["low"]).abs() / 4.0
    bands = {"p025": -2.0, "p10": -1.4, "p25": -0.7, "p75": 0.7, "p90": 1.4, "p975": 2.0}
    table = table.assign(**{name: table["mean"] + k * spread for name, k in bands.items()}, event="", share=1.0)
    events = [("told", 1.0, 1.0), ("national", 9.0, 0.9), ("response", 14.0, 0.9)]
    rows = [{"policy": p, "event": e, "day": d, "share": s} for p in names if p != "keep" for e, d, s in events]
    columns = ["policy", "day", "event", "share", "mean", *bands]
    return pd.concat([table, pd.DataFrame(rows)], ignore_index=True)[columns] if rows else table[columns]


def _pairs(names: Sequence[str]) -> list[tuple[str, str, int]]:
    others = names[1:] or [name for name in NAMES[:2] if name != names[0]][:1]
    return [(names[0], other, k) for k, other in enumerate(others)]


def dumbbell(names: Sequence[str] = NAMES[1:4]) -> pd.DataFrame:
    rows = []
    for policy, against, k in _pairs(names):
        gap = 400e3 * (k + 1) ** 2 - 200e3
        head = {"policy": policy, "against": against, "indicator": "net_value", "label": "net value"}
        values = {"unit": "currency", "mean_policy": 3.1e6, "mean_against": 3.1e6 - gap, "mean": gap}
        rows.append({**head, **values, "low": gap - 250e3, "high": gap + 250e3})
    return pd.DataFrame(
        [*rows, *({**row, "against": f"{row['against']} {k}"} for k in range(4 - len(rows)) for row in rows[:1])]
    )


def changed(names: Sequence[str] = NAMES[:4]) -> pd.DataFrame:
    rows = []
    for k, policy in enumerate(names):
        head = {"policy": policy, "indicator": "net_value", "label": "net value", "unit": "currency"}
        before, now = 3.1e6 - 900e3 * k, 3.6e6 - 1.4e6 * k
        ends = {"before": before, "before_low": before - 150e3, "before_high": before + 150e3}
        rows.append({**head, **ends, "mean": now, "low": now - 400e3, "high": now + 400e3})
    return pd.DataFrame(rows)


def paired(names: Sequence[str] = NAMES[1:4], runs: int = 60) -> pd.DataFrame:
    luck = np.sin(np.arange(runs) * 12.9898) * 1e6
    parts = [
        pd.DataFrame({"policy": p, "against": a, "replication": np.arange(runs), "difference": luck + 3e5 * k})
        for p, a, k in _pairs(names)
    ]
    return pd.concat(parts, ignore_index=True).assign(unit="currency", better="more", of="replications")


def exceedance(names: Sequence[str] = NAMES[1:4], runs: int = 60) -> pd.DataFrame:
    luck = np.exp(2.0 * np.sin(np.arange(runs) * 78.233)) * 1e6
    parts = [
        pd.DataFrame({"policy": name, "replication": np.arange(runs), "net_value": 2e6 - luck * (1 + k % 3)})
        for k, name in enumerate(names)
    ]
    return pd.concat(parts, ignore_index=True)


def value(names: Sequence[str] = NAMES[1:4]) -> pd.DataFrame:
    bounds = (-np.inf, 0.0, 500.0, 1_000.0, 4_000.0, np.inf)
    rows = [
        {
            "policy": name, "value_from": low, "value_to": high, "people": (5 - c) * 300.5 * (1 - 2 * (k % 2)),
            "money": (1 - c) * 5e5 * (1 - 2 * (k % 2)), "moved": 2e4 * k,
        }
        for k, name in enumerate(names)
        for c, (low, high) in enumerate(pairwise(bounds))
    ]  # fmt: skip
    return pd.DataFrame(rows).assign(runs=20)


def buzz(names: Sequence[str] = NAMES[1:4], days: np.ndarray = DAYS) -> pd.DataFrame:
    parts = []
    for k, name in enumerate(names):
        wave = np.exp(-((days - 15.0 - 5 * k) ** 2) / 300.0) * 40.0 / (k + 1)
        columns = {"buzz": wave, "low": 0.6 * wave, "high": 1.5 * wave, "coverage": 2e5 * wave}
        parts.append(pd.DataFrame({"policy": name, "day": days, "outlet": "", "share": np.nan, **columns}))
        outlets = [
            ("forum", 4.0, 1.0),
            ("trade blog", 6.0, 0.8),
            ("national press", 10.0, 0.4),
            ("consumer authority", 12.0, 0.1),
        ]
        rows = [{"policy": name, "day": d, "outlet": o, "share": s} for o, d, s in outlets]
        parts.append(pd.DataFrame(rows))
    columns = ["policy", "day", "outlet", "share", "buzz", "low", "high", "coverage"]
    return pd.concat(parts, ignore_index=True)[columns]


def channels(names: Sequence[str] = NAMES[1:4], days: np.ndarray = DAYS) -> pd.DataFrame:
    sizes = {"outlet": 2e7, "post": 3e5, "household": 4e4, "close": 9e4, "acquaintance": 2e4, "stranger": 800.0}
    rise = days / max(days.max(), 1)
    parts = [
        pd.DataFrame({"policy": name, "day": days, "channel": c, "people": size * rise / 40.0**k, "what": "first"})
        for k, name in enumerate(names)
        for c, size in sizes.items()
    ]
    return pd.concat(parts, ignore_index=True)


def cascade(names: Sequence[str] = NAMES[1:3]) -> pd.DataFrame:
    ways = ("household", "close", "acquaintance", "stranger", "post")
    rows = []
    for name in names:
        rows += [(name, f"person {k}", "firm", "firm", 1 + k) for k in range(8)]
        rows += [(name, "outlet national press", "firm", "outlet", 9)]
        rows += [(name, f"person {k}", "outlet national press", "outlet", 10) for k in range(90, 100)]
        rows += [(name, f"person {k}", f"person {k // 4}", ways[k % 5], 2 + k) for k in range(8, 80)]
    table = pd.DataFrame(rows, columns=["policy", "node", "parent", "channel", "day"])
    return table.assign(total=22_100_000, steps=6)


def tornado(names: Sequence[str] = NAMES[1:4]) -> pd.DataFrame:
    keys = [
        "behaviour.leaving.beta",
        "media.outlets.national press.reach",
        "behaviour.talking.p_retell",
        "money.cost_per_call",
    ]
    keys += [f"behaviour.hearing.weight_of_number_{k}" for k in range(10)]
    rows = [
        {
            "policy": name, "parameter": key, "grade": "C" if k % 2 else "", "unit": "currency", "low": 0.1 * k,
            "high": 0.3 * k + 1.0, "value_if_low": 2e6 - 1e5 * n, "value_if_high": 2e6 - 5e6 / (k + 1.0),
        }
        for n, name in enumerate(names)
        for k, key in enumerate(keys)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def breakeven(names: Sequence[str] = NAMES[1:4]) -> pd.DataFrame:
    rows = [
        {
            "policy": name, "parameter": "behaviour.leaving.beta", "value": x, "second": "choose.limit", "value2": y,
            "unit": "currency", "difference": 4e6 * (0.6 - x) + 1e3 * (y - 300.0 * n),
        }
        for n, name in enumerate(names)
        for x in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
        for y in (100.0, 500.0, 1_000.0, 5_000.0)
    ]  # fmt: skip
    table = pd.DataFrame(rows)
    return table.assign(low=table["difference"] - 6e5, high=table["difference"] + 6e5)


def boxes(names: Sequence[str] = NAMES[1:3]) -> pd.DataFrame:
    rows = []
    for name in names:
        for box, keys in ((1, ("beta", "retell")), (2, ("reach",))):
            for k, key in enumerate(keys):
                ends = {"low": 0.4 + 0.1 * k, "high": np.nan if k else 0.9, "range_low": 0.0, "range_high": 1.0}
                shares = {"coverage": 0.81 / box, "density": 0.923, "base": 0.25}
                rows.append(
                    {
                        "policy": name,
                        "box": box,
                        "parameter": f"behaviour.part.{key}",
                        "case": "below zero",
                        "among": "",
                        **ends,
                        **shares,
                    }
                )
    rows.append({**rows[0], "parameter": "choose.use", "among": "letter; text", "low": np.nan, "high": np.nan})
    return pd.DataFrame(rows)


def verdicts(names: Sequence[str] = NAMES[:4]) -> pd.DataFrame:
    rows = []
    for k, name in enumerate(names):
        best, net, regret = 0.6 / (k + 1), 3e6 - 2e6 * k, 1e5 * k
        share = {"share_best": best, "share_best_low": 0.7 * best, "share_best_high": 1.2 * best}
        money = {"expected_net_value": net, "low": net - 4e5, "high": net + 4e5}
        forgone = {"regret_mean": regret, "regret_mean_low": 0.8 * regret, "regret_mean_high": 1.3 * regret}
        rows.append({"policy": name, **share, **money, **forgone, "regret_worst": 2e6 + 4.0 * regret})
    return pd.DataFrame(rows)


KEYS = (
    "behaviour.leaving.beta", 'policies."paid exit".payment', "media.outlets.national press.threshold",
    *(f"behaviour.part.number_{k}" for k in range(9)),
)  # fmt: skip


def _two_measures(names: Sequence[str], large: str, small: str, size: float, unit: str) -> pd.DataFrame:
    rows = []
    for n, name in enumerate(names):
        for k, key in enumerate(KEYS):
            high, low = size / (1 + k + n), 0.6 * size / (1 + k + n)
            head = {"policy": name, "parameter": key, "indicator": "net_value", "label": "net value", "unit": unit}
            measures = {large: high, f"{large}_low": 0.8 * high, f"{large}_high": 1.2 * high}
            rows.append({**head, **measures, small: low, f"{small}_low": 0.7 * low, f"{small}_high": 1.2 * low})
    return pd.DataFrame(rows)


def sobol(names: Sequence[str] = NAMES[1:4]) -> pd.DataFrame:
    return _two_measures(names, "total", "first", 0.7, "currency")


def morris(names: Sequence[str] = NAMES[1:4]) -> pd.DataFrame:
    return _two_measures(names, "mu_star", "sigma", 3e6, "currency")


LEVELS = {"choose.limit": (1, 10, 100, 1000), "behaviour.leaving.beta": (0.0, 0.25, 0.5), KEYS[1]: (50.0,)}


def response(names: Sequence[str] = NAMES[1:4], levels: Mapping[str, Sequence[float | str]] = LEVELS) -> pd.DataFrame:
    rows = []
    for n, name in enumerate(names):
        for parameter, steps in levels.items():
            for k, level in enumerate(steps):
                mean = 1e6 * (k - n) / len(parameter)
                head = {"policy": name, "parameter": parameter, "level": level, "indicator": "net_value"}
                ends = {"mean": mean, "low": mean - 2e4, "high": mean + 3e4}
                rows.append({**head, "label": "net value", "unit": "currency", **ends})
    return pd.DataFrame(rows)


def interaction(names: Sequence[str] = NAMES[1:4], levels: Sequence[float | str] = (0.1, 0.3, 0.6)) -> pd.DataFrame:
    rows = []
    for n, name in enumerate(names):
        for k, level in enumerate(levels):
            for j, other in enumerate((0.0, 1.0)):
                head = {"policy": name, "parameter": "behaviour.talking.p_retell", "level": level}
                head |= {"other": KEYS[0], "other_level": other, "indicator": "net_value", "label": "net value"}
                ends = {"interaction": 4e5 * (n + 1), "low": 3e5, "high": 2e6, "beyond": n != 1}
                rows.append({**head, "unit": "currency", "mean": 1e6 * (1 + n + k * j), **ends})
    return pd.DataFrame(rows)


def heatmap(names: Sequence[str] = NAMES[1:4], xs: Sequence[float | str] = (10, 100, 1000)) -> pd.DataFrame:
    rows = []
    for n, name in enumerate(names):
        for k, x in enumerate(xs):
            for j, y in enumerate((0.0, 0.5)):
                head = {"policy": name, "across": "choose.limit", "x": x, "up": KEYS[0], "y": y}
                mean = 1.2e6 * (k + j - n) + 3e5
                head |= {"indicator": "net_value", "label": "net value", "unit": "currency", "mean": mean}
                rows.append({**head, "sure": (k + j) % 2 == 0})
    return pd.DataFrame(rows)


def frontier(names: Sequence[str] = NAMES[1:5]) -> pd.DataFrame:
    rows = []
    for n, name in enumerate(names):
        value, levers = 3.1e6 - 4e5 * n, "as given" if n % 2 else f"payment {100 * (n + 1)}, notice_days 60"
        ends = {"expected_net_value": value, "low": value - 3e5, "high": value + 3e5, "worst": value - 2e6}
        told = {"national": min(1.0, 0.1 * n), "frontier": n != 1, "best": n == 0, "feasible": True}
        rows.append({"policy": name, "levers": "" if name == "keep" else levers, **ends, **told})
    return pd.DataFrame(rows)


def payback(names: Sequence[str] = NAMES[:4], months: int = 36, size: float = 1e6) -> pd.DataFrame:
    rows = []
    for n, name in enumerate(names):
        for month in range(months + 1):
            mean = 0.0 if name == "keep" else size * (0.1 * (1 + n) * month - 1.0) * (month > 0)
            rows.append({"policy": name, "day": month, "mean": mean, "low": np.nan, "high": np.nan})
    return pd.DataFrame(rows)


TABLES = {
    "reached": reached, "departures": departures, "fan": fan, "differences": differences, "dumbbell": dumbbell,
    "changed": changed, "paired": paired, "exceedance": exceedance, "ledger": ledger, "payback": payback,
    "value": value, "buzz": buzz, "channels": channels,
    "cascade": cascade, "tornado": tornado, "breakeven": breakeven, "boxes": boxes,
    "verdicts": verdicts, "sobol": sobol, "morris": morris, "response": response,
    "interaction": interaction, "heatmap": heatmap, "frontier": frontier,
}  # fmt: skip
BANDS = ["p025", "p10", "p25", "p75", "p90", "p975"]
NUMBERS = {
    "reached": ["mean", "low", "high"],
    "departures": ["mean", "low", "high"],
    "fan": ["mean", *BANDS],
    "differences": ["mean", "low", "high", "p05", "p95"],
    "dumbbell": ["mean_policy", "mean_against", "mean", "low", "high"],
    "changed": ["before", "before_low", "before_high", "mean", "low", "high"],
    "paired": ["difference"],
    "exceedance": ["net_value"],
    "ledger": ["mean"],
    "payback": ["mean"],
    "value": ["people", "money"],
    "buzz": ["buzz", "low", "high", "coverage"],
    "channels": ["people"],
    "cascade": ["total"],
    "tornado": ["value_if_low", "value_if_high"],
    "breakeven": ["difference", "low", "high"],
    "boxes": [],
    "verdicts": [
        "share_best",
        "share_best_low",
        "share_best_high",
        "expected_net_value",
        "low",
        "high",
        "regret_mean",
        "regret_mean_low",
        "regret_mean_high",
        "regret_worst",
    ],
    "sobol": ["first", "first_low", "first_high", "total", "total_low", "total_high"],
    "morris": ["mu_star", "mu_star_low", "mu_star_high", "sigma", "sigma_low", "sigma_high"],
    "response": ["mean", "low", "high"],
    "interaction": ["mean", "interaction", "low", "high"],
    "heatmap": ["mean"],
    "frontier": ["expected_net_value", "low", "high", "worst"],
}
RANGES = {
    "reached": ["low", "high"],
    "departures": ["low", "high"],
    "fan": BANDS,
    "differences": ["low", "high", "p05", "p95"],
    "dumbbell": ["low", "high"],
    "changed": ["before_low", "before_high", "low", "high"],
    "buzz": ["low", "high"],
    "breakeven": ["low", "high"],
    "verdicts": ["share_best_low", "share_best_high", "low", "high", "regret_mean_low", "regret_mean_high"],
    "sobol": ["first_low", "first_high", "total_low", "total_high"],
    "morris": ["mu_star_low", "mu_star_high", "sigma_low", "sigma_high"],
    "response": ["low", "high"],
    "frontier": ["low", "high"],
}
UNSIGNED = ("reached", "buzz", "channels", "cascade", "verdicts", "sobol", "morris")
"""Charts of what cannot be below zero."""
IN_DAYS = (reached, departures, fan, buzz, channels)


def scaled(table: pd.DataFrame, columns: Sequence[str], factor: float) -> pd.DataFrame:
    """The same table with other numbers; ranges stay in order."""
    table = table.copy()
    table[list(columns)] *= factor
    if factor < 0 and "before_low" in columns:
        table[["before_low", "before_high"]] = table[["before_high", "before_low"]].to_numpy()
    for low, high in (("low", "high"), ("p05", "p95"), ("p025", "p975"), ("p10", "p90"), ("p25", "p75")):
        if factor < 0 and low in columns:
            table[[low, high]] = table[[high, low]].to_numpy()
    return table


def _one_day(make: Callable[..., pd.DataFrame]) -> pd.DataFrame:
    return make(NAMES[:4], DAYS[-1:]) if make in IN_DAYS else make()


def _one_replication(make: Callable[..., pd.DataFrame], chart: str) -> pd.DataFrame:
    if make is value:
        return make().assign(runs=1)
    if make in (paired, exceedance):
        return make(runs=1)
    return make().assign(**dict.fromkeys(RANGES.get(chart, []), np.nan))


CASES: dict[str, Callable[[Callable[..., pd.DataFrame], str], pd.DataFrame]] = {
    "usual": lambda make, _: make(),
    "one policy": lambda make, _: make(NAMES[1:2]),
    "only keep": lambda make, _: make(NAMES[:1]),
    "eight policies": lambda make, _: make(NAMES[1:9]),
    "twelve policies": lambda make, _: make(NAMES),
    "long names": lambda make, _: make(LONG),
    "one day": lambda make, _: _one_day(make),
    "all zeros": lambda make, chart: scaled(make(), NUMBERS[chart], 0.0),
    "signs turned": lambda make, chart: scaled(make(), NUMBERS[chart], 1.0 if chart in UNSIGNED else -1.0),
    "very small": lambda make, chart: scaled(make(), NUMBERS[chart], 1e-4),
    "very large": lambda make, chart: scaled(make(), NUMBERS[chart], 1e5),
    "one replication": lambda make, chart: _one_replication(make, chart),
}


def case(chart: str, name: str) -> pd.DataFrame:
    """The table of a chart in one of ``CASES``."""
    return CASES[name](TABLES[chart], chart)


# -- fits: no policy is compared in them, so that they have cases of their own --------------------------------

LEARNED = (
    ("behaviour.leaving.household_follows", "Chance that a household member leaves with someone let go",
     "share, 0 to 1", (0.27, 0.42, 0.57), (0.25, 0.34, 0.44), 0.30),
    ("behaviour.talking.p_post", "Chance that a talker whom the firm acted on posts", "share, 0 to 1",
     (0.048, 0.13, 0.21), (0.097, 0.17, 0.22), 0.23),
    ("behaviour.leaving.beta", "Log hazard ratio of leaving at full harm", "",
     (0.0, 0.58, 2.11), (0.0, 0.34, 1.42), 0.08),
    ('media.outlets."trade blog".lag', "Days from pick-up to coverage", "days",
     (1.0, 2.0, 4.0), (1.0, 2.0, 4.0), 0.01),
    ("media.outlets.forum.lag", "Days from pick-up to coverage", "days", (1.0, 2.0, 4.0), (1.0, 2.0, 4.0), 0.0),
)  # fmt: skip
"""Key, meaning, unit, before, after, foretold; of the last two nothing was learned."""
SEEN = ("posts 0-30", "extra_left", "national", "first_post_day", "left of homes 7-end")
_KEYS = ("key", "meaning", "unit")
_BEFORE, _NOW = ("before_low", "before_median", "before_high"), ("low", "median", "high")


def learned(numbers: int = 3, others: int = 2) -> pd.DataFrame:
    """Numbers that were learned of, and others; beyond those of ``LEARNED`` each has a name of its own."""
    rows = []
    for k in range(numbers + others):
        sure, base = k < numbers, LEARNED[k % 3 if k < numbers else 3 + (k - numbers) % 2]
        extra = "" if base[0] not in [row["key"] for row in rows] else f"_{k}"
        row = dict(zip(_KEYS, (base[0] + extra, base[1] + extra.replace("_", " "), base[2]), strict=True))
        row |= {"learned": sure, **dict(zip(_BEFORE, base[3], strict=True))}
        row |= dict(zip(_NOW, base[4] if sure else base[3], strict=True))
        rows.append(row | {"foretold": base[5] / (1 + k)})
    return pd.DataFrame(rows)


def taught(seen: Sequence[str] = SEEN, numbers: int = 3) -> pd.DataFrame:
    known = learned(numbers, 0)[["key", "meaning", "foretold"]]
    rows = []
    for k, label in enumerate(seen):
        for i, about in enumerate(known.to_dict("records")):
            alone = about["foretold"] if k % 3 == i % 3 else 0.004 * k
            rows.append({"seen": label, **about, "alone": alone, "chance": 0.033})
    return pd.DataFrame(rows)[["seen", "key", "meaning", "alone", "foretold", "chance"]]


def checked(seen: Sequence[str] = SEEN) -> pd.DataFrame:
    about = {
        "posts": (12.0, 3.0, (0.0, 6.2, 15.9), (1.8, 9.4, 15.2)),
        "left": (60.0, 2.0, (51.0, 64.0, 79.0), (50.0, 61.0, 69.0)),
        "extra_left": (30.0, 8.0, (17.6, 39.2, 64.2), (21.8, 35.3, 49.2)),
        "national": (0.0, 0.1, (0.0, 0.0, 1.0), (0.0, 0.0, 1.0)),
        "first_post_day": (4.0, 1.0, (2.1, 4.3, 8.4), (1.7, 3.5, 5.7)),
        "share_let_go": (0.42, 0.02, (0.2, 0.5, 0.9), (0.35, 0.4, 0.5)),
        "any_outlet": (1.0, 0.05, (0.0, 1.0, 1.0), (1.0, 1.0, 1.0)),
        "national_day": (np.nan, 2.0, (14.0, 90.0, 90.0), (30.0, 90.0, 90.0)),
    }  # fmt: skip
    rows = []
    for label in seen:
        value, error, before, now = about.get(label.split(" ")[0], about["extra_left"])
        row = {"seen": label, "value": value, "off_by": error, **dict(zip(_BEFORE, before, strict=True))}
        yes = {"national": (0.124, 0.06), "any_outlet": (0.6, 0.97)}.get(label.split(" ")[0], (np.nan, np.nan))
        row |= dict(zip(_NOW, now, strict=True)) | dict(zip(("before_yes", "yes"), yes, strict=True))
        rows.append(row | {"strange": False, "days": 90})
    return pd.DataFrame(rows)


def calibrated(worlds: int = 200, keys: int = 3) -> pd.DataFrame:
    """Places as they would be were the method exact: the middles of equal steps, in each number in another order."""
    rows = []
    for k in range(keys):
        rows += [
            {"world": world, "key": f"part.of.number_{k}", "place": ((world * (7 + 2 * k)) % worlds + 0.5) / worlds}
            for world in range(worlds)
        ]
    return pd.DataFrame(rows)


MANY_SEEN = (
    *SEEN, "share_let_go", "national_day", "any_outlet", "extra_calls 7-14", "post_readers", "outlets 0-60",
    "extra_joins", "extra_left of a segment of customers who have been with the firm for long 30-60",
)  # fmt: skip
FITS = {"learned": learned, "taught": taught, "checked": checked, "calibrated": calibrated}
LONG_KEY = "behaviour.very." + "_".join(["long"] * 30)
LONG_MEANING = "Chance that " + " and ".join(["somebody leaves"] * 9)
FIT_CASES: dict[str, dict[str, Callable[[], pd.DataFrame]]] = {
    "learned": {
        "usual": learned, "nothing learned": lambda: learned(0, 2), "many of which nothing": lambda: learned(0, 40),
        "one": lambda: learned(1, 0), "many": lambda: learned(14, 30),
        "no width": lambda: learned().assign(before_high=learned()["before_low"]),
        "far beyond": lambda: learned().assign(high=learned()["high"] * 30.0),
        "very small": lambda: scaled(learned(), [*_BEFORE, *_NOW], 1e-5),
        "very large": lambda: scaled(learned(), [*_BEFORE, *_NOW], 1e7).assign(unit="people"),
        "long names": lambda: learned().assign(meaning=[LONG_MEANING, "", "", "", ""], key=[LONG_KEY, *"bcde"]),
    },
    "taught": {
        "usual": taught, "one observation": lambda: taught(SEEN[:1]), "one of each": lambda: taught(SEEN[:1], 1),
        "many": lambda: taught(MANY_SEEN, 14), "all of it": lambda: taught().assign(alone=1.0, foretold=1.0),
        "chance alone": lambda: taught().assign(alone=0.01),
        "not every pair": lambda: taught().drop(index=[1, 5]),
        "long names": lambda: taught(MANY_SEEN[-2:]).replace({"meaning": {LEARNED[0][1]: LONG_MEANING}}),
    },
    "checked": {
        "usual": checked, "one observation": lambda: checked(SEEN[:1]), "many": lambda: checked(MANY_SEEN),
        "strange": lambda: checked().assign(
            strange=[True, False, False, True, False], value=[90.0, 30.0, 0.0, 60.0, 60.0]
        ),
        "outside": lambda: checked().assign(value=[16.0, 30.0, 0.0, 4.0, 60.0]),
        "not fitted": lambda: checked().assign(low=np.nan, median=np.nan, high=np.nan, yes=np.nan),
        "yes or no alone": lambda: checked(("national", "any_outlet", "national 0-30")),
        "shares not known": lambda: checked().assign(before_yes=np.nan, yes=np.nan),
        "none and all": lambda: checked(("national", "any_outlet")).assign(before_yes=[0.0, 1.0], yes=[1.0, 0.0]),
        "no error, no width": lambda: checked(SEEN[:1]).assign(error=0.0, **dict.fromkeys((*_BEFORE, *_NOW), 12.0)),
        "very large": lambda: scaled(checked(SEEN[:2]), ["value", "off_by", *_BEFORE, *_NOW], 1e6),
    },
    "calibrated": {
        "usual": calibrated, "one number": lambda: calibrated(keys=1), "one world": lambda: calibrated(worlds=1),
        "too narrow": lambda: calibrated().assign(place=lambda t: (t["place"] > 0.5).astype(float)),
        "too wide": lambda: calibrated().assign(place=0.5),
    },
}  # fmt: skip
"""What a fit may bring, for each chart of fits."""
USUAL = TABLES | FITS
"""The usual table of every chart."""
