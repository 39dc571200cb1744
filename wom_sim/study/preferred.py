"""Which policy of a scenario a verdict prefers, and in words why, where several are told as equal."""

from __future__ import annotations

from typing import NamedTuple

from wom_sim.outcomes.materiality import NEWS, NOTHING, VALUE, Choice, Rule
from wom_sim.scenario import Scenario
from wom_sim.scenario.duties import on_duties
from wom_sim.scenario.sections.policies import Policy
from wom_sim.simulation import policies_of
from wom_sim.words import Words, sentence
from wom_sim.words.figures import Figures

_TWO = 2


class Sentences(NamedTuple):
    """The sentences of a verdict: what is known, which of several equals is preferred ("" where nothing is equal to the
    best), on what it rests, and what would change it; all but the first are "" where there is nothing to compare.
    """

    known: str
    preferred: str = ""
    rests_on: str = ""
    change: str = ""

    def in_order(self) -> list[str]:
        """Return what is known, on what it rests, what would change it; what is preferred stays with what is known."""
        first = " ".join(text for text in (self.known, self.preferred) if text)
        return [text for text in (first, self.rests_on, self.change) if text]


def with_duties(said: Sentences, scenario: Scenario, words: Words) -> Sentences:
    """Return a verdict that also says which policies break a duty of the law; the same where none does."""
    broken = on_duties(scenario, words)
    return said._replace(rests_on=" ".join(text for text in (said.rests_on, *broken) if text)) if broken else said


def rule_of(scenario: Scenario) -> Rule:
    """Return how a scenario wants its comparison judged."""
    return Rule(scenario.verdict.material, {policy.name: steps_of(policy) for policy in policies_of(scenario)})


def steps_of(policy: Policy) -> int:
    """Return the number of steps of a policy: 0 for keep, 1 for an act, 1 more for each that follows it or responds."""
    if policy.use == "keep":
        return 0
    more = (policy.second_round_after is not None, policy.then is not None, policy.response.kind != "ignore")
    return 1 + sum(more)


def why_chosen(choice: Choice, tell: Figures, drawn: bool = False) -> str:
    """Return as a sentence which policies are equal and what decides among them; "" where none is equal to the best.

    ``drawn``: whether the runs are of drawn worlds.
    """
    if choice.by == VALUE:
        return ""
    words = tell.words
    equals = words.listed([words.policy_said(p) for p in choice.equals])
    among = (
        words.say("verdict.second.two")
        if len(choice.equals) == _TWO
        else words.say("verdict.second.several", equals=equals)
    )
    told = {"among": among} | ({} if choice.by == NOTHING else {"chosen": words.policy_said(choice.chosen)})
    if choice.by == NEWS:
        covered = {p: tell.said_runs(share, choice.runs, drawn) for p, share in choice.covered.items()}
        others = [
            words.say("verdict.second.other", policy=words.policy_said(p), covered=covered[p])
            for p in choice.equals
            if p != choice.chosen
        ]
        told |= {"covered": covered[choice.chosen], "others": words.listed(others)}
    return sentence(words.say(f"verdict.second.{choice.by}", **told))
