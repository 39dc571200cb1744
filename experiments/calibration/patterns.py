"""Check the thirteen patterns of letting go at the defaults (docs/DESIGN.md, "Calibration").

    python experiments/calibration/patterns.py [--replications 100] [--set key=value ...] [--only 7 8]
        [--ranges] [--picture docs/images/patterns.png]

Prints a table: pattern, target, obtained, verdict. ``report`` returns its rows. What a pattern means, and how it is
measured, is at the top of its file: ``pattern_talk`` (1 to 5), ``pattern_harm`` (6), ``pattern_contagion`` (7),
``pattern_price`` (8), ``pattern_exit`` (9), ``pattern_money`` (10 and 11), ``pattern_news`` (12, by the rule of news
that a single run takes; by the others it is reported and not judged), ``pattern_scandal`` (13). ``calibrate.py`` shows
how the free parameters were settled.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection

from pattern_contagion import contagion_rows
from pattern_exit import exit_rows
from pattern_harm import harm_rows, range_rows
from pattern_money import money_rows
from pattern_news import news_rows
from pattern_price import price_rows
from pattern_runs import REPORTED, Row
from pattern_scandal import scandal_rows
from pattern_talk import media_rows, reach_rows, talk_rows

from wom_sim.scenario.posterior_of_cases import RULES
from wom_sim.scenario.sections.media import Media

ALL = frozenset(range(1, 14))
DEFAULT_RULE = RULES[Media().which]
NEWS_RULES = (DEFAULT_RULE, *(rule for rule in RULES if rule != DEFAULT_RULE))
"""Rules of news by which pattern 12 is drawn, first the one that a single run takes: the likeliest by real cases."""


def report(replications: int = 100, sets: Collection[str] = (), only: Collection[int] = ALL) -> list[Row]:
    """Return a row (pattern, target, obtained, verdict, ...) for each pattern in ``only``.

    ``replications`` is the number of runs of a letter to n customers, which take milliseconds; the other patterns
    take a fraction of it.
    """
    keys, few = list(sets), max(3, replications // 25)
    rows = talk_rows(keys) if 1 in only else []
    media = media_rows(replications, keys) if {2, 3, 4} & {*only} else []
    rows += [row for row in media if int(row.pattern[0]) in only]
    rows += reach_rows(few, keys) if 5 in only else []
    rows += harm_rows(few, keys) if 6 in only else []
    rows += contagion_rows(few, keys) if 7 in only else []
    rows += price_rows(2 * few, keys) if 8 in only else []
    rows += exit_rows(max(10, replications // 4), keys) if 9 in only else []
    money = money_rows(keys) if {10, 11} & {*only} else []
    rows += [row for row in money if int(row.pattern[:2]) in only]
    for rule in NEWS_RULES if 12 in only else ():
        news = news_rows(replications, keys, rule)
        rows += news if rule == DEFAULT_RULE else [row._replace(verdict=REPORTED) for row in news]
    rows += scandal_rows(max(10, replications // 4), keys) if 13 in only else []
    return rows


def main() -> None:
    """Print the table, and draw it if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replications", type=int, default=100)
    parser.add_argument("--set", action="append", default=[], dest="sets", metavar="key=value")
    parser.add_argument("--only", type=int, nargs="*", default=sorted(ALL), choices=sorted(ALL))
    parser.add_argument("--ranges", action="store_true", help="pattern 6 over the ranges of the evidence as well")
    parser.add_argument("--picture", help="draw the table into this file (PNG)")
    given = parser.parse_args()
    rows = report(given.replications, given.sets, given.only)
    for row in rows:
        print(f"{row.pattern:52} {row.target:50} {row.obtained:48} {row.verdict}")
    if given.ranges:
        for name, mean, low, high in range_rows(3, given.sets):
            print(f"6 profitable customers lost, {name:27} {mean:,.0f} ({low:,.0f} to {high:,.0f})")
    if given.picture:
        from picture import draw

        draw(rows, given.picture)


if __name__ == "__main__":
    main()
