"""The verdict over worlds in three sentences that a board would read; never more certain than the figures."""

from __future__ import annotations

import pandas as pd

from wom_sim.outcomes.drivers import EVERY
from wom_sim.outcomes.worlds import Judgement
from wom_sim.study.verdict import big

_NAMED = 3


def verdict_over_worlds(found: Judgement, drivers: pd.DataFrame, currency: str, drawn: int) -> str:
    """Return which policy is best, how often and what it costs if that is wrong; what decides; what is assumed."""
    return " ".join((_which(found, currency), _what_decides(found, drivers, currency), _assumed(found, drawn)))


def _which(found: Judgement, currency: str) -> str:
    rows = found.verdicts.set_index("policy")
    best, rival = rows.loc[found.best], rows.iloc[1]
    name = "keeping everyone" if found.best == "keep" else found.best
    gap = best["expected_net_value"] - rival["expected_net_value"]
    ahead = f"{big(gap)} {currency} ahead of {_plain(str(rows.index[1]))}"
    lead = "leaves the firm best off on average" if found.best != "keep" else "is best for the firm on average"
    loses = best["chance_loss"]
    worse = "" if found.best == "keep" else f", and leaves it worse off than keeping everyone in {_percent(loses)} of runs"
    text = (
        f"Over {found.worlds} worlds, {name} {lead} (by {big(best['expected_net_value'])} {currency}, 95 % interval "
        f"{big(best['low'])} to {big(best['high'])}; {ahead})"
    )
    if found.best == "keep":
        text = f"Over {found.worlds} worlds, {name} {lead} ({ahead})"
    return (
        f"{text}: it is the best of all in {_percent(best['share_best'])} of worlds{worse}; where another would have "
        f"been better it falls short by {big(_shortfall(best))} {currency} on average, {big(best['regret_worst'])} at worst."
    )


def _shortfall(best: pd.Series) -> float:
    """Return the mean regret in those worlds in which another policy is better."""
    wrong = 1.0 - float(best["share_best"])
    return float(best["regret_mean"]) / wrong if wrong > 0.0 else 0.0


def _what_decides(found: Judgement, drivers: pd.DataFrame, currency: str) -> str:
    rows = drivers[drivers["policy"] == EVERY]
    if rows.empty:
        rows = drivers
    deciding = rows[rows["beyond_chance"]].head(_NAMED)
    if deciding.empty:
        if found.flips.value == 0.0:
            return "None of the numbers that nobody knows overturns this choice within its plausible range."
        return (
            f"Which number decides cannot be told from these worlds: none by itself is worth knowing beyond what chance "
            f"would show ({big(float(rows['evppi_by_chance'].max()))} {currency})."
        )
    parts = [_decider(row, currency) for _, row in deciding.iterrows()]
    told = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"What would change it, and is worth finding out first: {told}."


def _decider(row: pd.Series, currency: str) -> str:
    turn = "" if pd.isna(row["flip_at"]) else f", which turns the choice near {row['flip_at']:.3g}"
    return f"{row['parameter']} (knowing it is worth {big(row['evppi'])} {currency}{turn})"


def _assumed(found: Judgement, drawn: int) -> str:
    luck = " Luck was drawn once in each world, so that it counts as ignorance here." if found.replications < 2 else ""
    return (
        f"This rests on plausible ranges for {drawn} numbers, most of them estimates and not measurements, drawn "
        f"independently of each other; all else in the scenario is taken as known.{luck}"
    )


def _percent(share: float) -> str:
    """Return a share in per cent; never "0 %" or "100 %" of what is only nearly so."""
    if 0.0 < share < 0.005:
        return "under 1 %"
    if 0.995 < share < 1.0:
        return "over 99 %"
    return "none" if share == 0.0 else f"{100.0 * share:.0f} %"


def _plain(policy: str) -> str:
    return "keeping everyone" if policy == "keep" else policy
