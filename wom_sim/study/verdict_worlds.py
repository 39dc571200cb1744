"""The verdict over worlds in a few sentences that a board would read; never more certain than the figures."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from wom_sim.outcomes.drivers import of_the_choice
from wom_sim.outcomes.worlds import Judgement
from wom_sim.scenario.beyond import Beyond
from wom_sim.scenario.relevance import without_names
from wom_sim.scenario.uncertain import LEARNED, PUBLIC
from wom_sim.scenario.used import is_choice
from wom_sim.study.preferred import Sentences, why_chosen
from wom_sim.study.verdict import beyond_what_is_known
from wom_sim.study.verdict_news import UnderRule, said_of_rules
from wom_sim.words import catalogue, sentence
from wom_sim.words.figures import Figures

_NAMED = 3
_SPOKEN = 0.05
"""A number that explains less of the variance is not worth a word."""


def sentences_over_worlds(
    found: Judgement, drivers: pd.DataFrame, tell: Figures, drawn: Sequence[str], guessed: Sequence[Beyond] = (),
    rules: Sequence[UnderRule] = (),
) -> Sentences:  # fmt: skip
    """Return which policy is best, how often and what it costs if that is wrong; what is assumed; what decides.

    ``drawn`` says of each number that was drawn why it was (``wom_sim.scenario.uncertain``); ``rules`` is the verdict
    under each rule of news that was drawn.
    """
    by_rule = [said_of_rules(list(rules), tell)] if rules else []
    rests_on = " ".join([sentence(_assumed(found, tell, drawn)), *by_rule, *beyond_what_is_known(guessed, tell)])
    return Sentences(
        sentence(_which(found, tell)), why_chosen(found.choice, tell, drawn=True), sentence(rests_on),
        sentence(what_decides(found, drivers, tell)),
    )  # fmt: skip


def _which(found: Judgement, tell: Figures) -> str:
    say, named = tell.words.say, tell.words.policy_said
    rows = found.verdicts.set_index("policy")
    best, rival = rows.loc[found.best], rows.iloc[1]
    gap = tell.money(best["expected_net_value"] - rival["expected_net_value"])
    told = {"n": tell.words.number(found.worlds), "over": tell.over, "often": _how_often(found, best, tell)}
    equal = rival.name in found.choice.equals
    if equal:
        small = say("verdict.worlds.small", share=tell.words.whole_share(found.choice.material))
        told["why"] = small if found.choice.small else say("verdict.worlds.by_chance")
    if found.best == "keep":
        key = "verdict.worlds.keep_equal" if equal else "verdict.worlds.keep"
        return say(key, gap=gap, rival=named(str(rival.name)), **told)
    if equal:
        told |= {"rival": named(str(rival.name)), "gap": gap}
    ahead = "" if rival.name == "keep" else say("verdict.worlds.ahead", gap=gap, rival=named(str(rival.name)))
    key = "verdict.worlds.best"
    if equal:
        key = "verdict.worlds.best_equal_keep" if rival.name == "keep" else "verdict.worlds.best_equal"
    return say(
        key, best=named(found.best), worth=tell.money(best["expected_net_value"]),
        range=tell.interval(best["low"], best["high"], "currency"), loss=_how_often_worse(best, tell),
        **told, **({} if equal else {"ahead": ahead}),
    )  # fmt: skip


def _how_often(found: Judgement, best: pd.Series, tell: Figures) -> str:
    """Return in how many worlds the best policy is the best, and what it costs where it is not."""
    share = tell.words.whole_share
    if found.flips.value == 0.0:
        return tell.words.say("verdict.worlds.never_beaten", share=tell.words.rough_share(found.flips.high))
    return tell.words.say(
        "verdict.worlds.often", share=share(best["share_best"]), short=tell.money(_shortfall(best)),
        worst=tell.money(best["regret_worst"]),
    )  # fmt: skip


def _how_often_worse(best: pd.Series, tell: Figures) -> str:
    """Return in how many runs it would have been better to keep everyone."""
    if best["chance_loss"] == 0.0:
        return tell.words.say("verdict.worlds.loss_none", share=tell.words.rough_share(best["chance_loss_high"]))
    return tell.words.say("verdict.worlds.loss", share=tell.words.whole_share(best["chance_loss"]))


def _shortfall(best: pd.Series) -> float:
    """Return the mean regret in those worlds in which another policy is better."""
    wrong = 1.0 - float(best["share_best"])
    return float(best["regret_mean"]) / wrong if wrong > 0.0 else 0.0


def what_decides(found: Judgement, drivers: pd.DataFrame, tell: Figures, keys: bool = True) -> str:
    """Return which numbers decide between the best policy and the next; ``keys``: with their keys and shares."""
    rows = of_the_choice(drivers)
    deciding = rows[rows["beyond_chance"]]
    if not deciding.empty:
        own = deciding["parameter"].map(is_choice).astype(bool)
        parts = [("decides", deciding[~own].head(_NAMED)), ("decides_choice", deciding[own].head(_NAMED))]
        told = {key: [_decider(row, tell, keys) for _, row in part.iterrows()] for key, part in parts}
        listed = {key: tell.words.listed(numbers) for key, numbers in told.items() if numbers}
        return " ".join(tell.words.say(f"verdict.worlds.{key}", numbers=numbers) for key, numbers in listed.items())
    chance = float(rows["evppi_by_chance"].max())
    key = "none" if found.flips.value == 0.0 else "chance" if chance > 0.0 else "alone"
    said = tell.words.say(f"verdict.worlds.decides_{key}", worth=tell.money(chance))
    known = rows["share_beyond_chance"].astype(bool) if "share_beyond_chance" in rows else True  # not in older folders
    clear = rows[(rows["share_of_variance"] > _SPOKEN) & known]
    moving = clear.sort_values("share_of_variance", ascending=False, kind="stable").head(_NAMED)
    if moving.empty:
        return said
    numbers = tell.words.listed([_mover(row, tell, keys) for _, row in moving.iterrows()])
    rival = found.verdicts.loc[1, "policy"]
    best, other = (tell.words.policy_said(str(name)) for name in (found.best, rival))
    return f"{said} {tell.words.say('verdict.worlds.moves', best=best, rival=other, numbers=numbers)}"


def _number(row: pd.Series, tell: Figures, note: str, keys: bool) -> str:
    """Return a number of the model in words, where the catalogue has them, with its key, if wanted, and a note."""
    key = str(row["parameter"])
    known = catalogue(tell.words.lang).get(f"verdict.number.{key}")
    meaning = tell.words.parameter(without_names(key), "") if known is None else known
    told = ", ".join(part for part in (key if keys and meaning else "", note) if part)
    return f"{meaning or key} ({told})" if told else meaning or key


def _mover(row: pd.Series, tell: Figures, keys: bool) -> str:
    share = tell.words.whole_share(row["share_of_variance"])
    return _number(row, tell, tell.words.say("verdict.worlds.mover", share=share) if keys else "", keys)


def _decider(row: pd.Series, tell: Figures, keys: bool) -> str:
    words, worth = tell.words, tell.money(row["evppi"])
    if pd.isna(row["flip_at"]):
        return _number(row, tell, words.say("verdict.worlds.decider", worth=worth), keys)
    near = words.number(row["flip_at"])
    return _number(row, tell, words.say("verdict.worlds.decider_turn", worth=worth, near=near), keys)


def _assumed(found: Judgement, tell: Figures, drawn: Sequence[str]) -> str:
    say, number = tell.words.say, tell.words.number
    together = sum(why in (LEARNED, PUBLIC) for why in drawn)
    if len(drawn) == 1:
        text = say("verdict.worlds.assumed_one")
    elif together > 1:
        text = say("verdict.worlds.assumed_taught", n=number(len(drawn)), k=number(together))
    else:
        text = say("verdict.worlds.assumed", n=number(len(drawn)))
    return f"{text} {say('verdict.worlds.luck')}" if found.replications < 2 else text
