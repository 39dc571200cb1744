"""Which duties of the law a policy breaks: notice, reasons, writing, a way to appeal. It is told so, no more."""

from __future__ import annotations

from typing import Any, NamedTuple

from wom_sim import policies
from wom_sim.scenario.models import Scenario
from wom_sim.scenario.sections.policies import Policy, Then
from wom_sim.words import Words

_WRITTEN = ("letter", "email")
"""Ways of telling that count as in writing."""


class Breach(NamedTuple):
    """What a policy does otherwise than the law asks: the duty, what is asked, what the policy has."""

    policy: str
    duty: str
    asked: int
    given: int


def breaches(scenario: Scenario) -> list[Breach]:
    """Return every duty that a policy breaks which ends contracts against customers' will, in the order of policies."""
    found: list[Breach] = []
    duties = scenario.duties
    if not (duties.notice_days or duties.reasons or duties.written or duties.complaint_route):
        return found  # without looking at the policies, which takes numpy
    for policy in scenario.policies:
        steps: list[Policy | Then] = [policy, *([policy.then] if policy.then is not None else [])]
        for step in steps:
            if _dismisses(step, policy):
                found += [breach for breach in _of(step, policy, scenario) if breach not in found]
    return found


def on_duties(scenario: Scenario, words: Words) -> list[str]:
    """Return a sentence for each policy that breaks a duty, with the law; nothing where none is broken."""
    by_policy: dict[str, list[Breach]] = {}
    for breach in breaches(scenario):
        by_policy.setdefault(breach.policy, []).append(breach)
    law = scenario.duties.source or words.say("note.duty.law")
    said = []
    for name, broken in by_policy.items():
        parts = [
            words.say(f"note.duty.{b.duty}", asked=words.exact(b.asked), given=words.exact(b.given)) for b in broken
        ]
        said.append(words.say("note.duty.breaks", policy=words.policy_said(name), what=words.listed(parts), law=law))
    return said


def _of(step: Policy | Then, policy: Policy, scenario: Scenario) -> list[Breach]:
    """Return what a step that dismisses breaks."""
    duties, name = scenario.duties, policy.name
    notice = int(_lever(step, "notice_days"))
    channels = {str(_lever(step, "channel"))}
    channels |= {when.channel for when in policy.when if when.channel is not None}
    found = []
    if notice < duties.notice_days:
        found.append(Breach(name, "notice", duties.notice_days, notice))
    if duties.reasons and not _lever(step, "stated_criterion"):
        found.append(Breach(name, "reasons", 1, 0))
    if duties.written and channels - {*_WRITTEN}:
        found.append(Breach(name, "written", 1, 0))
    if duties.complaint_route and not _lever(step, "appeal"):
        found.append(Breach(name, "complaint_route", 1, 0))
    return found


def _dismisses(step: Policy | Then, policy: Policy) -> bool:
    """Return whether a step may end a contract against the customer's will; unknown policies are taken not to.

    Who offers dismisses those who refuse, in a second round, if there is one.
    """
    from wom_sim.world.treatments import DISMISS, OFFER  # numpy, which ``validate`` need not wait for

    used = policies.policy(step.use)
    if used.actions is None or DISMISS not in used.actions:
        return False
    return OFFER not in used.actions or (step is policy and policy.second_round_after is not None)


def _lever(step: Policy | Then, name: str) -> Any:
    """Return a lever of a step: what the scenario gives, or else the policy's own default."""
    given = getattr(step, name, None)
    return getattr(policies.policy(step.use).defaults, name) if given is None else given
