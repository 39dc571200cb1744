"""The base of every shipped scenario beside its sources: writes docs/BASES.md.

    python experiments/bases/reconcile.py [NAME...]

A figure that a source gives stands beside what the people that are built come to; where the source gives none, the
range of the evidence does, if it has one. Builds people without ties; the national ones take half a minute each.
With names of scenarios (``first_look``), only these are built anew; the others stay in ``bases.csv``.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from wom_sim import load_scenario
from wom_sim.scenario import Scenario
from wom_sim.simulation.base import base_table
from wom_sim.simulation.building import build_people
from wom_sim.words.figures import Figures

ROOT = Path(__file__).resolve().parents[2]
TABLE = Path(__file__).with_name("bases.csv")
PAGE = ROOT / "docs" / "BASES.md"
_TWO_DIGITS = 0.025
"""A source that gives one figure gives two digits of it."""


class Figure(NamedTuple):
    """A figure of the base: what it is called, where it stands in the table of the base, and what the source says."""

    label: str
    section: str
    name: str
    low: float
    high: float
    source: str
    factor: float = 1.0


EVERYWHERE = (
    Figure("customers who lose money on contribution", "base", "loss_making_by_contribution", 0.03, 0.25,
           "evidence, section 2: .10 (.03-.25)"),
    Figure("customers who lose money by the books", "base", "loss_making_by_books", 0.35, 0.60,
           "evidence, section 2: .35-.6; a bank .46"),
    Figure("worst fifth by the books, share of profit", "deciles", "worst_fifth_by_books", -0.80, -0.10,
           "evidence, section 2: -10 to -80 %; a bank -17 %"),
    Figure("worst fifth by contribution, share of it", "deciles", "worst_fifth_by_contribution", -0.25, 0.0,
           "evidence, section 2: 0 to -25 %"),
)  # fmt: skip
"""What every firm is held against."""
OF = {
    "sprint_2007": (
        Figure("customers", "base", "customers", 53e6, 53e6, "Reuters, 9 July 2007"),
        Figure("customers with a contract, calls a month", "base", "calls:postpaid", 0.0, 1.0, "Sprint: below 1"),
        Figure("revenue of a customer with a contract, a month", "base", "revenue:postpaid", 60, 60,
               "company report, Q2 2007"),
        Figure("churn of those, a month, with contracts that hold", "base", "churn_with_contracts:postpaid", 0.02, 0.02,
               "company report, Q2 2007"),
        Figure("let go", "chosen", "chosen", 1000, 1000, "Reuters, 9 July 2007"),
        Figure("calls of each of them, a month", "chosen", "calls_each", 40, 50,
               "Reuters: 40,000 calls a month in all"),
        Figure("a year without them saves, before anything settles", "chosen", "saving_year", 2.4e6 - 0.72e6,
               9.6e6 - 0.72e6, "own arithmetic: 40,000 calls at 5 to 20, less 1,000 times 60 a month"),
    ),
    "ing_direct_2004": (
        Figure("customers", "base", "customers", 2e6, 2e6, "Business 2.0, 1 October 2004"),
        Figure("revenue of a customer, a month", "base", "revenue", 12, 12, "Business 2.0"),
        Figure("let go in a year", "chosen", "chosen", 3600, 3600, "Business 2.0"),
        Figure("a year without them saves", "chosen", "saving_year", 1e6, math.inf, "Business 2.0: at least a million"),
    ),
    "verizon_2004": (
        Figure("revenue of a customer, a month", "base", "revenue", 52, 52, "company, 2007"),
        Figure("churn, a month, with contracts that hold", "base", "churn_with_contracts", 0.012, 0.012, "from memory"),
        Figure("let go", "chosen", "chosen", 13_000, 13_000, "attorney general, 23 October 2007"),
    ),
    "egg_2008": (
        Figure("customers", "base", "customers", 2.3e6, 2.3e6, "Moneywise, 1 February 2008"),
        Figure("let go", "chosen", "chosen", 161_000, 161_000, "Moneywise"),
    ),
    "netflix_2011": (
        Figure("customers", "base", "customers", 24.59e6, 24.6e6, "letter to shareholders, 24 October 2011"),
        Figure("churn, a month", "base", "churn", 0.042, 0.042, "from memory"),
    ),
    "american_express_2009": (Figure("cards", "base", "customers", 50e6, 50e6, "from memory"),),
}  # fmt: skip
"""What the sources of a case say of its base."""


def main() -> None:
    """Build what is asked for, and write table and page."""
    names = sys.argv[1:] or [path.stem for path in sorted((ROOT / "scenarios").glob("*.toml"))]
    found = [row for name in names for row in rows_of(name)]
    table = pd.DataFrame(found)
    if sys.argv[1:] and TABLE.exists():
        kept = pd.read_csv(TABLE)
        table = pd.concat([kept[~kept["scenario"].isin(names)], table]).sort_values("scenario", kind="stable")
    table.to_csv(TABLE, index=False, float_format="%.6g")
    PAGE.write_text(page(pd.read_csv(TABLE)), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")


def rows_of(name: str) -> Iterator[dict[str, object]]:
    """Yield a row for each figure of a scenario: built, what the source says, and whether it is within that."""
    scenario = load_scenario(ROOT / "scenarios" / f"{name}.toml")
    print(f"{name}: {scenario.population.customers:,} customers", file=sys.stderr, flush=True)
    known = figures(base_table(scenario, build_people(scenario)), scenario)
    for each in (*OF.get(name, ()), *EVERYWHERE):
        built = known[each.name]
        near = _TWO_DIGITS * abs(each.low) if each.low == each.high else 0.0
        yield {
            "scenario": name, "currency": scenario.currency, "figure": each.label, "built": built, "low": each.low,
            "high": each.high, "within": bool(each.low - near <= built <= each.high + near), "source": each.source,
        }  # fmt: skip


def figures(base: pd.DataFrame, scenario: Scenario) -> dict[str, float]:
    """Return the figures of a base by name, those of a segment as ``name:segment``; chosen: the first policy's."""
    known: dict[str, float] = {}
    for row in base.itertuples():
        of = f":{row.group}" if row.section == "base" and row.group else ""
        key = f"{row.section}:{row.name}:{row.group}" if str(row.section).startswith("deciles") else f"{row.name}{of}"
        known.setdefault(key, float(row.built))
    for kind in ("books", "contribution"):
        known[f"loss_making_by_{kind}"] = 1.0 - known[f"profitable_by_{kind}"]
        tenths = [known[f"deciles_by_{kind}:share_of_profit:{n}"] for n in (9, 10)]
        known[f"worst_fifth_by_{kind}"] = sum(tenths)
    locked = scenario.behaviour.leaving.locked
    for key in [key for key in known if key.split(":")[0] == "churn"]:
        held = known[key.replace("churn", "in_contract", 1)]
        known[key.replace("churn", "churn_with_contracts", 1)] = known[key] * (1.0 - held + held * locked)
    return known


def page(table: pd.DataFrame) -> str:
    """Return the page."""
    lines = [
        "# The base of every shipped scenario, beside its sources",
        "",
        "Written by `python experiments/bases/reconcile.py` from `experiments/bases/bases.csv`: who the customers are "
        "as they are built, beside what the case's sources say, or else the range of the evidence. `wom-sim show base "
        "SCENARIO` prints all of it for any scenario. *Outside* is no fault by itself: it says where a case is not the "
        "firm of the evidence, or where a figure was not given.",
    ]
    for name, rows in table.groupby("scenario", sort=False):
        tell = Figures.plain(str(rows["currency"].iloc[0]))
        lines += ["", f"## {name}", "", "| figure | built | source or range | within | source |"]
        lines.append("|---|---|---|---|---|")
        for row in rows.itertuples():
            unit = unit_of(str(row.figure))
            span = _told(tell, row.low, unit) if row.low == row.high else _span(tell, row.low, row.high, unit)
            within = "yes" if row.within else "**outside**"
            lines.append(f"| {row.figure} | {_told(tell, row.built, unit)} | {span} | {within} | {row.source} |")
    return "\n".join(lines) + "\n"


def unit_of(label: str) -> str:
    """Return the unit of a figure, by its name."""
    if label.startswith(("revenue", "a year without")):
        return "currency"
    return "share" if label.startswith(("customers who", "worst fifth", "churn")) else "people"


def _told(tell: Figures, value: float, unit: str) -> str:
    if unit == "share":
        return f"{100.0 * value:.3g} %"
    return tell.value(value, unit)


def _span(tell: Figures, low: float, high: float, unit: str) -> str:
    if math.isinf(high):
        return f"at least {_told(tell, low, unit)}"
    return f"{_told(tell, low, unit)} to {_told(tell, high, unit)}"


if __name__ == "__main__":
    main()
