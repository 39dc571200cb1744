"""The patterns as docs/VALIDATION.md and docs/NEWS.md have them, for a picture that shows the figures of the pages.

To run all patterns takes an hour; the pages hold what came out when they were written, to the digits that they show.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

from pattern_news import DRIP, ENOUGH, FEW, SAME_DAY, WAVE
from pattern_runs import HOLDS, MISSED, REPORTED, Row

from wom_sim.outcomes.statistics import share_ends

DOCS = Path(__file__).parents[2] / "docs"
_NUMBER = r"-?[\d,]*\.?\d+"
_NEWS = {
    "10 letters at once": ("10 letters", FEW, 60), "100 letters": ("100 letters", WAVE, 60),
    "1,000 letters": ("1,000 letters", WAVE, 60), "10,000 letters": ("10,000 letters", WAVE, 60),
    "3,600 one by one in a year, by telephone": ("one by one, telephone", DRIP, 20),
    "the same, in writing": ("one by one, in writing", DRIP, 20),
    "one person of note, by letter": ("one person of note", ENOUGH, 20),
    "1,000 letters, announced: on day 0 or 1": ("announced", SAME_DAY, 60),
}  # fmt: skip
"""Rows of the table of docs/NEWS.md: what they are called here, target, runs."""
_RULES = {"taste": 3, "story": 4, "level": 2}
"""Columns of that table, first the rule that a single run takes; the others are reported and not judged."""


def rows() -> list[Row]:
    """Return the rows of both pages, in the order of the patterns."""
    page = (DOCS / "VALIDATION.md").read_text(encoding="utf-8").partition("## Patterns at the defaults")[2]
    told = [line.strip("| ").split(" | ") for line in page.partition("\n## ")[0].splitlines() if line.startswith("| ")]
    known = [_row(*cells) for cells in told[1:] if not cells[0].startswith(("12 ", "--"))]
    return known + [row for rule in _RULES for row in news(rule)]


def news(rule: str) -> list[Row]:
    """Return pattern 12 by one of the rules."""
    table = (DOCS / "NEWS.md").read_text(encoding="utf-8").partition("| national news within the year")[2]
    found = []
    for line in table.partition("\n\n")[0].splitlines()[2:]:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        name, target, runs = _NEWS[cells[0]]
        share = float(cells[_RULES[rule]].rstrip(" %")) / 100.0
        low, high = share_ends(round(share * runs), runs)
        verdict = HOLDS if target[1] <= share <= target[2] else MISSED
        words = f"{share:.0%} ({low:.0%} to {high:.0%}) of {runs} runs"
        ends = (float(low), float(high))
        judged = verdict if rule == next(iter(_RULES)) else REPORTED
        found.append(Row(f"12 {rule}: {name}", target[0], words, judged, share, *ends, target[1], target[2]))
    return found


def _row(pattern: str, target: str, obtained: str, verdict: str) -> Row:
    """Return a row from the words of a table."""
    value = _numbers(obtained)[0]
    span = re.search(rf"({_NUMBER})(%?) to ({_NUMBER})", obtained)
    low, high = (math.nan, math.nan) if span is None else (_of(span[1], span[2]), _of(span[3], span[2]))
    return Row(pattern, target, obtained, verdict, value, low, high, *_band(target, obtained))


def _band(target: str, obtained: str) -> tuple[float, float]:
    """Return the ends of a target, NaN where it has none."""
    if target.startswith("at most a quarter"):
        return 0.0, 0.25 * _numbers(obtained)[-1]
    sign = "%" if "%" in target and "%" in obtained else ""
    span = re.search(rf"({_NUMBER}) to ({_NUMBER})", target)
    if span is not None:
        return _of(span[1], sign), _of(span[2], sign)
    bound = re.search(rf"(at most|below|at least) ({_NUMBER})", target)
    if bound is None:
        return math.nan, math.nan
    end = _of(bound[2], sign)
    return (end, 1.0) if bound[1] == "at least" else (0.0, end)


def _numbers(text: str) -> list[float]:
    """Return every number of a text, shares for percentages."""
    return [_of(number, sign) for number, sign in re.findall(rf"({_NUMBER})(%?)", text)]


def _of(number: str, sign: str) -> float:
    return float(number.replace(",", "")) / (100.0 if sign == "%" else 1.0)


if __name__ == "__main__":
    from picture import draw

    draw(rows(), DOCS / "images" / "patterns.png")
