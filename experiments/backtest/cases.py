"""The real cases: what was observed, and where in the runs to look for it.

Sources of what was observed stand in the scenario files. ``least`` to ``most`` is the range within which the median of
the runs agrees with it *in order of magnitude*; it was set from the observation, before the runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import measures as m
from measures import Measure

from wom_sim.world import trace as tr

NAN = float("nan")


class Fact(NamedTuple):
    """Something observed, the range that agrees with it (NaN: there is no figure), and how the runs measure it.

    ``used`` says that the fact helped to settle the defaults, so that agreement proves little. ``why`` names the
    mechanism behind the figure: of a miss, above all.
    """

    what: str
    observed: str
    least: float
    most: float
    measure: Measure
    form: str = ",.0f"
    used: bool = False
    why: str = ""


@dataclass(frozen=True)
class Trial:
    """A policy of a scenario file, and the facts that it is held against."""

    policy: str
    facts: tuple[Fact, ...]
    events: bool = False


@dataclass(frozen=True)
class Case:
    """A scenario file, its trials, how many runs, and overrides (with the reason) if it is not run as it is."""

    file: str
    trials: tuple[Trial, ...]
    replications: int
    sets: tuple[str, ...] = ()
    reason: str = ""


def chance(what: str, observed: str, least: float, most: float, used: bool = False, why: str = "") -> Fact:
    """Return the fact that the national press or television did, or did not, report."""
    return Fact(what, observed, least, most, m.covered, ".0%", used, why)


SPRINT = Case(
    "sprint_2007.toml",
    (
        Trial(
            "bulk letter",
            (
                chance("national coverage, share of runs", "yes", 0.9, 1.0, used=True),
                Fact("first post, days from posting the letters", "3 to 6", 2, 6, m.first_post, used=True),
                Fact("national report, days from posting", "6 to 10", 5, 14, m.national_day, used=True),
                Fact("consumer authority, days from posting", "14", 7, 28, m.outlet_day(4)),
                Fact(
                    "largest change of monthly churn, points",
                    "below 0.1: none that quarterly figures show", 0.0, 0.1, m.churn_change, ".3f",
                    used=True,
                ),
                Fact(
                    "profitable customers lost in a year", "nobody has measured it", NAN, NAN,
                    m.total(tr.D_LOST_PROFITABLE),
                ),
                Fact(
                    "extra calls to service", "no figure; a reader foretold 'far more than 40,000'", NAN, NAN,
                    m.total(tr.D_CALLS),
                ),
            ),
        ),
    ),
    2,
)  # fmt: skip

ING = Case(
    "ing_direct_2004.toml",
    (
        Trial(
            "case by case",
            (
                chance("national coverage, share of runs", "none of the dismissals", 0.0, 0.499, used=True),
                Fact("small outlets that report", "1 on record", 0, 2, m.small_outlets, ".1f", used=True),
                Fact(
                    "posts in the year", "one angry post on record", 0, 10, m.in_year(tr.D_POSTS),
                    why="ING.posts",
                ),
                Fact("saved in a year, million dollars", "at least 1", 0.3, 10, m.saving, ".2f", why="ING.saving"),
                Fact("largest change of monthly churn, points", "none reported", 0.0, 0.1, m.churn_change, ".3f"),
            ),
        ),
        Trial(
            "bulk letter",
            (chance("had they all been written to: national coverage", "not done", NAN, NAN),),
        ),
    ),
    20,
)  # fmt: skip

VERIZON = Case(
    "verizon_2004.toml",
    (
        Trial(
            "one by one, e-mail",
            (
                chance("national coverage, share of runs", "no outcry before the inquiry of 2007", 0.0, 0.499,
                       why="VERIZON.coverage"),
                Fact("first national report, day", "none before about day 1,100", 900, 1200, m.national_day),
                Fact("authority acts, day", "inquiry from about day 1,100", 550, 1200, m.outlet_day(4),
                     why="VERIZON.authority"),
                Fact("profitable customers lost", "no figure", NAN, NAN, m.total(tr.D_LOST_PROFITABLE),
                     why="VERIZON.lost"),
            ),
        ),
        Trial(
            "one by one, phone",
            (chance("the same by telephone: national coverage", "not done", NAN, NAN),),
        ),
    ),
    1,
)  # fmt: skip

EGG = Case(
    "egg_2008.toml",
    (
        Trial(
            "bulk letter",
            (
                chance("national coverage, share of runs", "yes", 0.9, 1.0),
                Fact("national report, days from posting", "1 to 2", 0, 3, m.national_day, why="EGG.day"),
                Fact("authority, days from posting", "within 4", 0, 8, m.outlet_day(4)),
                Fact("people in the market who heard of it, %", "no figure; 42 items in 4 days", NAN, NAN, m.aware),
                Fact(
                    "profitable customers lost", "no figure; customers vowed to withdraw savings", NAN, NAN,
                    m.total(tr.D_LOST_PROFITABLE),
                ),
                Fact("largest change of monthly churn, points", "no figure", NAN, NAN, m.churn_change, ".2f"),
                Fact("left with a member of their household, in % of those let go", "none on record", NAN, NAN,
                     m.with_household, why="household"),
            ),
        ),
    ),
    5,
)  # fmt: skip


def _offer(asked: str, reports: str) -> Trial:
    """Return the trial of the offer to a number of card holders."""
    return Trial(
        f"offer to {asked}",
        (
            Fact("share of those asked who pass it on, %", "little", 0, 15, m.talking_share, ".1f", used=True),
            Fact("share of those asked who accept, %", "never told", NAN, NAN, m.accepted),
            chance("national coverage, share of runs", "yes, and mild", 0.5, 1.0, why=reports),
            Fact("first national report, days from posting", "about 20", 7, 40, m.national_day),
            Fact(
                "profitable customers lost",
                "none reported",
                NAN,
                NAN,
                m.total(tr.D_LOST_PROFITABLE),
                why="household",
            ),
        ),
        events=True,
    )


AMEX = Case(
    "american_express_2009.toml",
    (
        _offer("10,000", "AMEX.coverage"),
        _offer("100,000", "AMEX.coverage"),
        Trial(
            "letter to 10,000",
            (
                Fact("had 10,000 been dismissed: share who pass it on, %", "not done", NAN, NAN, m.talking_share),
                chance("had 10,000 been dismissed: national coverage", "not done", NAN, NAN),
            ),
            events=True,
        ),
    ),
    1,
)

NETFLIX = Case(
    "netflix_2011.toml",
    (
        Trial(
            "price for all",
            (
                Fact("change of the number of customers in the quarter, %", "-3.3", -5.0, -2.0, m.net_change, ".1f",
                     used=True, why="NETFLIX.net"),
                Fact("of this, joined, %", "19.1 (4.7 million)", 10, 30, m.joined, ".1f", used=True),
                Fact("departures that the price caused, %", "about 7, from two rates of churn, one from memory", 3, 10,
                     m.extra_departures, ".1f", used=True),
            ),
        ),
    ),
    3,
    ("population.customers=2460000", "population.prospects=2000000"),
    "a tenth of the size: everyone is told, so shares do not depend on size, and the full table would take 2.8 GB",
)  # fmt: skip

CASES = (SPRINT, ING, VERIZON, EGG, AMEX, NETFLIX)
