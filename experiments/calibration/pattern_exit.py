"""Pattern 9: a paid exit. Who agrees to leave hardly talks; who calls for credits refuses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pattern_runs import HERE, Row, chance_row, judged, runs

from wom_sim import load_scenario
from wom_sim.outcomes.statistics import chance_interval
from wom_sim.simulation import Result, build_world, policy_of, treatments_of
from wom_sim.world import trace as tr
from wom_sim.world.people import SEEKER


def talkers(result: Result, who: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return, for each of the people ``who``, whether (1 or 0) they talked about what the firm did to them."""
    log = result.trace.events()
    talked = log["person"][log["event"] == tr.TALKS]
    return np.isin(who, talked).astype(float)


def exit_rows(replications: int, sets: list[str]) -> list[Row]:
    """Return pattern 9, for the 1,000 of 300,000 who call most: an offer of 400 in all, and a letter of dismissal."""
    given = [*sets, "choose.calls_at_least=10", "choose.limit=1000"]
    scenario = load_scenario(HERE / "exit.toml", given)
    world, chosen = build_world(scenario), policy_of(scenario, "paid exit")
    offers = treatments_of(scenario, chosen, world, 0)
    seeks = (world.people["traits"][offers["person"]] & SEEKER) != 0
    agreed = offers["agreed"].astype(float)
    paid = runs(scenario, "paid exit", replications, events=True)
    letter = runs(scenario, "bulk letter", 1, events=True)[0]
    takers = talkers(paid[0], offers["person"][offers["agreed"]])
    fired = talkers(letter, letter.treatments["person"])
    share, low, high = chance_interval(takers)
    beside = f"{share:.0%} ({low:.0%} to {high:.0%}); of those dismissed by letter {fired.mean():.0%}"
    quiet = ("at most a quarter of those dismissed", 0.0, fired.mean() / 4.0)
    covered = np.array([float(r.trace.book.daily[:, tr.D_NATIONAL].sum() > 0) for r in paid])
    return [
        judged("9 takers of an offer who talk", quiet, (share, low, high), beside),
        chance_row("9 national coverage of a paid exit", ("at most 10 %", 0.0, 0.10), covered),
        chance_row("9 acceptance, without credit seekers", ("10 to 70 %", 0.10, 0.70), agreed[~seeks], "people"),
        chance_row("9 acceptance, credit seekers", ("at most 25 %", 0.0, 0.25), agreed[seeks], "people"),
    ]
