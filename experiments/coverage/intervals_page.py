"""The section on intervals of docs/VALIDATION.md, from the table of the experiment."""

from __future__ import annotations

import pandas as pd
from shapes import CHANCE, COUNT, DAY, MONEY, NET

BEGIN, END = "<!-- intervals: begin -->", "<!-- intervals: end -->"
MOSTLY = 0.5
"""Where intervals are told in a smaller share of samples, what is told are bounds, or that little was seen."""
LIMITS = {MONEY: (0.92, 0.98), COUNT: (0.90, 0.99), NET: (0.90, 0.99), CHANCE: (0.90, 0.99), DAY: (0.90, 0.99)}
"""Where the coverage of a nominal 95 % interval is wanted, with 10 and 20 runs."""
WANTED = (10, 20)
HOLDS, SHORT, WIDE = "holds", "short", "wide"
_TITLES = {
    MONEY: "Money", COUNT: "Numbers of people and events, never below zero",
    NET: "Net numbers, and differences of two policies", CHANCE: "Chances", DAY: "Days",
}  # fmt: skip
_METHODS = {
    "student": "Student", "johnson": "Johnson", "bca": "BCa", "bootstrap_t": "bootstrap-t", "log": "log",
    "gamma": "quasi-Poisson",
}  # fmt: skip
_INTRODUCTION = """
## Intervals

This section is written by `experiments/coverage/coverage.py`. It asks of the means that the program tells: how often
does the 95 % interval hold the true mean? Each shape of outcomes is drawn 4,000 times with 5, 10, 20 and 100 runs; its
true mean is known. "Large", "middle" and "small" are pools of 2,000 runs of the simulator itself (1,000 customers, of
whom 60, 12 or 3 are let go), from which runs are drawn again.

An interval is not always what can be told, and nothing in ten runs shows what comes in one of fifty. So an outcome that
was seen in fewer than five runs is told as a *bound* (a number of people) or without an interval (*seldom*: money,
whose amounts differ too much); of what was seen in no run it is told how often it may come at most (26 % of runs, after
ten). An interval of money is *quiet* where something that would move it came in no run: national news, or a kind of
loss on the ledger. It is then one of the mean of such quiet runs.

A cell gives the coverage in per cent of what has ends, and in brackets in how many per cent of the samples that is, if
not in all. **b**: mostly bounds. *none*: mostly without ends. Wanted with 10 and 20 runs, wherever ends are told in at
least half of the samples: 92 to 98 % for money, 90 to 99 % for numbers, chances and days; bounds may hold more surely.
What did not come must not come more often than is told, but in 5 % of samples. *Beyond* are shapes that are heavier
than 10 runs can tell, by any method: they show where it ends, and nothing is wanted of them.

**Of {checks} checks ({shapes} shapes with 10 and 20 runs) {holds} are as wanted.**
"""


def verdict(row: pd.Series) -> str:
    """Return whether a row is as wanted: ends that hold the mean often enough, and intervals that are not too wide."""
    low, high = LIMITS[str(row["kind"])]
    if row["exceeded"] > 0.05:
        return SHORT
    if row["told"] + row["bound"] < MOSTLY:
        return HOLDS
    if row["covered"] < low:
        return SHORT
    return WIDE if row["told"] >= MOSTLY and row["covered"] > high else HOLDS


def section(found: pd.DataFrame) -> str:
    """Return the section: what was measured, how other methods do, and a line for each shape."""
    wanted = found[found["runs"].isin(WANTED) & ~found["beyond"]]
    of = {verdict: wanted[wanted["verdict"] == verdict] for verdict in (HOLDS, SHORT, WIDE)}
    counts = {"checks": len(wanted), "shapes": wanted["shape"].nunique(), "holds": len(of[HOLDS])}
    told = [
        f"{words}: {'; '.join(_named(row) for _, row in of[verdict].iterrows())}."
        for verdict, words in ((SHORT, "Short of it"), (WIDE, "Surer than wanted"))
        if len(of[verdict])
    ]
    parts = [_INTRODUCTION.format(**counts).strip(), "", *told, ""]
    parts += [_summary(found), ""]
    runs = sorted(found["runs"].unique())
    head = ["shape", *(f"{n} runs" for n in runs), "Student's t, 10 and 20 runs"]
    for kind, title in _TITLES.items():
        lines = [_line(head), "|---" * len(head) + "|"]
        for name, rows in found[found["kind"] == kind].groupby("shape", sort=False):
            old = ", ".join("" if v != v else f"{100 * v:.0f}" for v in rows.loc[rows["runs"].isin(WANTED), "student"])
            mark = " (beyond)" if rows["beyond"].iloc[0] else ""
            lines.append(_line([f"{name}{mark}", *(_cell(row) for _, row in rows.iterrows()), old]))
        parts += [f"### {title}", "", *lines, ""]
    return "\n".join([*parts, "Repeat: `python experiments/coverage/coverage.py`", ""])


def _named(row: pd.Series) -> str:
    return f"{row['shape']} ({row['runs']} runs, {100 * row['covered']:.1f})"


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(row: pd.Series) -> str:
    there = row["told"] + row["bound"]
    if there < MOSTLY:
        return "none"
    share = "" if there >= 0.995 else f" ({100 * there:.0f})"
    return f"{'' if row['told'] >= MOSTLY else '**b** '}{100 * row['covered']:.1f}{share}"


def _summary(found: pd.DataFrame) -> str:
    """Return the least coverage of each method over all shapes but those beyond, and how many are within the limits."""
    head = ["kind", "runs", "chosen", *_METHODS.values()]
    lines = [_line(head), "|---" * len(head) + "|"]
    for kind in (MONEY, COUNT, NET):
        low, high = LIMITS[kind]
        for n in sorted(found["runs"].unique()):
            rows = found[(found["kind"] == kind) & (found["runs"] == n) & ~found["beyond"]]
            rows = rows[rows["told"] >= MOSTLY]
            cells = []
            for method in ("covered", *_METHODS):
                seen = rows[method].dropna()
                right = int(seen.between(low, high).sum())
                cells.append(f"{100 * seen.min():.0f} ({right} of {len(seen)})" if len(seen) else "")
            lines.append(_line([kind, str(n), *cells]))
    about = "Least coverage, and in brackets how many of the shapes of which intervals are told are within the limits:"
    return "\n".join([about, "", *lines])


def with_section(page: str, text: str) -> str:
    """Return the page with the section between its marks: where it was, else before the last section, "This run"."""
    before, _, after = _apart(page)
    return f"{before}{BEGIN}\n{text}\n{END}\n\n{after}"


def section_of(page: str) -> str:
    """Return the section with its marks, "" where there is none: for who writes the rest of the page."""
    return _apart(page)[1]


def _apart(page: str) -> tuple[str, str, str]:
    """Return what comes before the section, the section, and what comes after it."""
    if BEGIN in page:
        start, end = page.index(BEGIN), page.index(END) + len(END)
        return page[:start], page[start:end] + "\n", page[end:].lstrip("\n")
    cut = page.index(_LAST) if _LAST in page else len(page)
    return page[:cut].rstrip("\n") + "\n\n", "", page[cut:]


_LAST = "## This run"
