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
    gap = big(best["expected_net_value"] - rival["expected_net_value"])
    if found.best == "keep":
        lead = f"keeping everyone is best for the firm on average, by {gap} {currency} over {rival.name}"
    else:
        interval = f"95 % interval {big(best['low'])} to {big(best['high'])}"
        ahead = "" if rival.name == "keep" else f", and {gap} more than {rival.name}"
        lead = (
            f"{found.best} leaves the firm best off on average: {big(best['expected_net_value'])} {currency} "
            f"({interval}) more than keeping everyone{ahead}"
        )
    return f"Over {found.worlds} worlds, {lead}; {_how_often(found, best, currency)}."


def _how_often(found: Judgement, best: pd.Series, currency: str) -> str:
    """Return in how many worlds the best policy is the best, and what it costs where it is not."""
    if found.flips.value == 0.0:
        often = f"no other was better in any world, which leaves up to {_percent(found.flips.high)} unseen"
    else:
        often = (
            f"it is the best in {_percent(best['share_best'])} of worlds, and where it is not it falls short by "
            f"{big(_shortfall(best))} {currency} on average and {big(best['regret_worst'])} at worst"
        )
    if found.best == "keep":
        return often
    if best["chance_loss"] == 0.0:
        loss = f"no run ended below keeping everyone (chance below {_percent(best['chance_loss_high'])})"
    else:
        loss = f"in {_percent(best['chance_loss'])} of runs the firm would have done better to keep everyone"
    return f"{often}; {loss}"


def _shortfall(best: pd.Series) -> float:
    """Return the mean regret in those worlds in which another policy is better."""
    wrong = 1.0 - float(best["share_best"])
    return float(best["regret_mean"]) / wrong if wrong > 0.0 else 0.0


def _what_decides(found: Judgement, drivers: pd.DataFrame, currency: str) -> str:
    rows = drivers[drivers["policy"] == EVERY]
    if rows.empty:
        rows = drivers
    deciding = rows[rows["beyond_chance"]].head(_NAMED)
    if not deciding.empty:
        parts = [_decider(row, currency) for _, row in deciding.iterrows()]
        told = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
        return f"What would change it, and is worth finding out first: {told}."
    if found.flips.value == 0.0:
        return "None of the numbers drawn overturned the choice, alone or together, within its range."
    chance = big(float(rows["evppi_by_chance"].max()))
    return (
        f"Which number decides cannot be told from these worlds: to know any one of them is not worth more than chance "
        f"alone would show ({chance} {currency})."
    )


def _decider(row: pd.Series, currency: str) -> str:
    turn = "" if pd.isna(row["flip_at"]) else f", which turns the choice near {row['flip_at']:.3g}"
    return f"{row['parameter']} (knowing it is worth {big(row['evppi'])} {currency}{turn})"


def _assumed(found: Judgement, drawn: int) -> str:
    luck = " Luck was drawn once in each world, so that it counts as ignorance here." if found.replications < 2 else ""
    ranges = (
        f"plausible ranges for {drawn} numbers, most of them estimates and not measurements, drawn independently of "
        "each other"
    )
    if drawn == 1:
        ranges = "the plausible range of one number, an estimate and not a measurement"
    return f"This rests on {ranges}; all else in the scenario is taken as known.{luck}"


def _percent(share: float) -> str:
    """Return a share in per cent; never "0 %" or "100 %" of what is only nearly so."""
    if 0.0 < share < 0.005:
        return "under 1 %"
    if 0.995 < share < 1.0:
        return "over 99 %"
    return "none" if share == 0.0 else f"{100.0 * share:.0f} %"


def _plain(policy: str) -> str:
    return "keeping everyone" if policy == "keep" else policy
