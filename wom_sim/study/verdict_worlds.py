"""The verdict over worlds in a few sentences that a board would read; never more certain than the figures."""

from __future__ import annotations

import pandas as pd

from wom_sim.outcomes.drivers import EVERY
from wom_sim.outcomes.worlds import Judgement
from wom_sim.words import catalogue, sentence
from wom_sim.words.figures import Figures

_NAMED = 3


def sentences_over_worlds(found: Judgement, drivers: pd.DataFrame, tell: Figures, drawn: int) -> list[str]:
    """Return which policy is best, how often and what it costs if that is wrong; what is assumed; what decides."""
    said = _which(found, tell), _assumed(found, tell, drawn), _what_decides(found, drivers, tell)
    return [sentence(text) for text in said]


def verdict_over_worlds(found: Judgement, drivers: pd.DataFrame, currency: str, drawn: int) -> str:
    """Return the same as one text, in English."""
    return " ".join(sentences_over_worlds(found, drivers, Figures.plain(currency), drawn))


def _which(found: Judgement, tell: Figures) -> str:
    say, named = tell.words.say, tell.words.policy_said
    rows = found.verdicts.set_index("policy")
    best, rival = rows.loc[found.best], rows.iloc[1]
    gap = tell.money(best["expected_net_value"] - rival["expected_net_value"])
    told = {"n": tell.words.number(found.worlds), "often": _how_often(found, best, tell)}
    if found.best == "keep":
        return say("verdict.worlds.keep", gap=gap, rival=named(str(rival.name)), **told)
    ahead = "" if rival.name == "keep" else say("verdict.worlds.ahead", gap=gap, rival=named(str(rival.name)))
    return say(
        "verdict.worlds.best", best=named(found.best), worth=tell.money(best["expected_net_value"]),
        range=tell.interval(best["low"], best["high"], "currency"), ahead=ahead, loss=_how_often_worse(best, tell),
        **told,
    )  # fmt: skip


def _how_often(found: Judgement, best: pd.Series, tell: Figures) -> str:
    """Return in how many worlds the best policy is the best, and what it costs where it is not."""
    share = tell.words.whole_share
    if found.flips.value == 0.0:
        return tell.words.say("verdict.worlds.never_beaten", share=share(found.flips.high))
    return tell.words.say(
        "verdict.worlds.often", share=share(best["share_best"]), short=tell.money(_shortfall(best)),
        worst=tell.money(best["regret_worst"]),
    )  # fmt: skip


def _how_often_worse(best: pd.Series, tell: Figures) -> str:
    """Return in how many runs it would have been better to keep everyone."""
    if best["chance_loss"] == 0.0:
        return tell.words.say("verdict.worlds.loss_none", share=tell.words.whole_share(best["chance_loss_high"]))
    return tell.words.say("verdict.worlds.loss", share=tell.words.whole_share(best["chance_loss"]))


def _shortfall(best: pd.Series) -> float:
    """Return the mean regret in those worlds in which another policy is better."""
    wrong = 1.0 - float(best["share_best"])
    return float(best["regret_mean"]) / wrong if wrong > 0.0 else 0.0


def _what_decides(found: Judgement, drivers: pd.DataFrame, tell: Figures) -> str:
    rows = drivers[drivers["policy"] == EVERY]
    if rows.empty:
        rows = drivers
    deciding = rows[rows["beyond_chance"]].head(_NAMED)
    if not deciding.empty:
        numbers = tell.words.listed([_decider(row, tell) for _, row in deciding.iterrows()])
        return tell.words.say("verdict.worlds.decides", numbers=numbers)
    if found.flips.value == 0.0:
        return tell.words.say("verdict.worlds.decides_none")
    chance = tell.money(float(rows["evppi_by_chance"].max()))
    return tell.words.say("verdict.worlds.decides_chance", worth=chance)


def _decider(row: pd.Series, tell: Figures) -> str:
    words, key = tell.words, str(row["parameter"])
    known = catalogue(words.lang).get(f"verdict.number.{key}")
    told = {
        "number": known if known is not None else words.parameter(key, key), "key": key,
        "worth": tell.money(row["evppi"]),
    }  # fmt: skip
    if pd.isna(row["flip_at"]):
        return words.say("verdict.worlds.decider", **told)
    return words.say("verdict.worlds.decider_turn", near=words.number(row["flip_at"]), **told)


def _assumed(found: Judgement, tell: Figures, drawn: int) -> str:
    say = tell.words.say
    rests = "assumed_one" if drawn == 1 else "assumed"
    text = say(f"verdict.worlds.{rests}", n=tell.words.number(drawn))
    return f"{text} {say('verdict.worlds.luck')}" if found.replications < 2 else text
