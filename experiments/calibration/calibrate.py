"""Settle the free parameters, one after the other, each by the pattern that it answers to.

    python experiments/calibration/calibrate.py [--only churn_spread ...] [--points 5]

Each parameter is tried at points over its range in the evidence, with the same luck at every point and all others at
their defaults; where the pattern crosses its target (a straight line between points) is the fit. At the defaults the
fit should come out as the default: the table says how far off it is. Half an hour's patience is not needed: about
three minutes.

Nothing here sets a default. Whoever changes one looks at the table and at ``patterns.py``, then says so in
docs/DESIGN.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from pattern_contagion import market, studies
from pattern_price import lost
from pattern_talk import MARKET, covered, letters, press_days, reached, told_by_victims

from wom_sim.scenario.sections.outlets import DEFAULT_OUTLETS
from wom_sim.world.network import CLASS_BITS

PRESS, TELEVISION = "national press", "television"


class Free(NamedTuple):
    """A free parameter: its default, its range, the pattern it answers to, and the target.

    ``sets`` turns a value into what a scenario would say, ``measure`` gives the pattern. Range: of the evidence if
    ``grade`` names a source, else what is reasonable.
    """

    name: str
    default: float
    least: float
    most: float
    pattern: str
    target: float
    grade: str
    sets: Callable[[float], list[str]]
    measure: Callable[[list[str]], float]


def outlets(names: tuple[str, ...], key: str, value: Callable[[float], float]) -> list[str]:
    """Return the default outlets with ``key`` of those named changed, as a scenario would say them."""
    written = []
    for outlet in DEFAULT_OUTLETS:
        fields = outlet.model_dump()
        if outlet.name in names:
            fields[key] = value(fields[key])
        pairs = (f"{k} = {str(v).lower() if isinstance(v, bool) else repr(v)}" for k, v in fields.items())
        written.append("{" + ", ".join(pairs).replace("'", '"') + "}")
    return [f"media.outlets=[{', '.join(written)}]"]


def people_told(sets: list[str]) -> float:
    """Return how many a talker tells (pattern 1)."""
    return float(np.mean(told_by_victims(letters(1000, 1, sets, events=True)[0])))


def coverage_of_160(sets: list[str]) -> float:
    """Return the chance of national coverage when 160 are dismissed at once (pattern 2)."""
    return float(covered(letters(160, 100, sets)).mean())


def press_day(sets: list[str]) -> float:
    """Return the median day of the national press for 1,000 letters (pattern 4)."""
    return float(np.median(press_days(letters(1000, 40, sets))))


def aware(sets: list[str]) -> float:
    """Return the share of a market of two million that hears, in % (pattern 5)."""
    big = [*sets, f"population.customers={MARKET}", "population.prospects=0"]
    return float(100.0 * reached(letters(1000, 3, big)).mean() / MARKET)


def likeness_of_ties(sets: list[str]) -> float:
    """Return Moran's I of revenue: the correlation of the revenues of two who are tied."""
    scenario, world = market(sets)
    revenue = world.people["margin"].astype(float) + scenario.population.segments[0].account_cost
    z = (revenue - revenue.mean()) / revenue.std()
    owner = np.repeat(np.arange(len(z)), world.network.degrees())
    return float((z[owner] * z[world.network.listed() >> CLASS_BITS]).mean())


def naive_ratio(sets: list[str]) -> float:
    """Return the naive hazard ratio of one departed close tie (pattern 7)."""
    return float(np.mean([found.strong for found in studies(3, sets)]))


def lost_to_price(sets: list[str]) -> float:
    """Return the extra departures after a price rise of 60 %, in % (pattern 8)."""
    return float(lost(8, sets).mean())


def _key(path: str) -> Callable[[float], list[str]]:
    return lambda value: [f"{path}={value:.6g}"]


def _spread(value: float) -> list[str]:
    return [f'population.segments=[{{name = "customers", churn_spread = {value:.6g}}}]']


FREE = (
    Free("victim_strangers", 3.5, 0.0, 10.0, "1 people told", 12.5, "C",
         _key("behaviour.talking.victim_strangers"), people_told),
    Free("threshold of the national press", 20.0, 10.0, 30.0, "2 coverage of 160", 0.5, "none",
         lambda x: outlets((PRESS,), "threshold", lambda _: x), coverage_of_160),
    Free("lag of press and television", 3.0, 1.0, 5.0, "4 press, day", 8.0, "A/C",
         lambda x: outlets((PRESS, TELEVISION), "lag", lambda _: round(x)), press_day),
    Free("reach of press and television, factor", 1.0, 0.3, 2.5, "5 aware, %", 30.0, "C",
         lambda x: outlets((PRESS, TELEVISION), "reach", lambda reach: reach * x), aware),
    Free("alike_in_community", 0.3, 0.1, 0.5, "Moran's I of revenue", 0.2, "A/C",
         _key("population.alike_in_community"), likeness_of_ties),
    Free("churn_spread", 1.1, 0.3, 1.2, "7 naive ratio", 1.8, "none", _spread, naive_ratio),
    Free("price_sensitivity", 0.6, 0.2, 1.5, "8 lost, %", 3.3, "C",
         _key("behaviour.leaving.price_sensitivity"), lost_to_price),
)  # fmt: skip
"""The parameters that were free. ``victim_tells``, ``p_retell`` and ``hearsay_news`` were moved by hand as well, but
no pattern pins them: many pairs with ``victim_strangers`` and the thresholds do equally well."""


def fit(free: Free, points: int) -> tuple[float, float]:
    """Return where the pattern meets its target, and the pattern at the default."""
    tried = np.linspace(free.least, free.most, points).tolist()
    obtained = np.array([free.measure(free.sets(x)) for x in tried])
    order = np.argsort(obtained)
    return float(np.interp(free.target, obtained[order], np.array(tried)[order])), free.measure(free.sets(free.default))


def main() -> None:
    """Print the table: range, default, fit, target, and what the default gives."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", default=[free.name for free in FREE])
    parser.add_argument("--points", type=int, default=5)
    given = parser.parse_args()
    print(f"{'parameter':38} {'range':>12} {'default':>8} {'fit':>7}   {'pattern':22} {'target':>7} {'at default':>10}")
    for free in FREE:
        if free.name in given.only:
            found, now = fit(free, given.points)
            within = f"{free.least:g}-{free.most:g}"
            print(
                f"{free.name:38} {within:>12} {free.default:8g} {found:7.3g}   {free.pattern:22} "
                f"{free.target:7g} {now:10.3g}",
                flush=True,
            )


if __name__ == "__main__":
    main()
