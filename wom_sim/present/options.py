"""What each policy does, and whom it chooses, in words: what was compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wom_sim.present.story import Story
from wom_sim.present.tables import Cell, Table
from wom_sim.scenario.sections.choose import Choose
from wom_sim.scenario.sections.policies import Policy, Then
from wom_sim.scenario.sections.response import Announcement, When
from wom_sim.simulation import policies_of
from wom_sim.words import sentence
from wom_sim.words.levers import lever as told

NOT_LEVERS = ("name", "use", "choose", "response", "then", "after_days", "waves", "announce", "when")


def table(story: Story, policies: Sequence[str] | None = None) -> Table:
    """Return what each policy does, and the settings that the scenario gives it; of all, or those named."""
    say = story.words.say
    heads = [say("report.varied.policy"), say("report.varied.does"), say("report.varied.levers")]
    rows = [
        [Cell(story.heading(p.name)), Cell(does(story, p)), Cell(levers(story, p))] for p in _wanted(story, policies)
    ]
    return Table(say("report.varied.table"), heads, rows, numbers=len(heads))


def _wanted(story: Story, policies: Sequence[str] | None) -> list[Policy]:
    known = {policy.name: policy for policy in policies_of(story.found.scenario)}
    return list(known.values()) if policies is None else [known[name] for name in policies]


def does(story: Story, policy: Policy | Then) -> str:
    """Return what a policy does, and what follows if something does."""
    known = story.text(f"report.does.{policy.use}", policy.use.replace("_", " "))
    then = getattr(policy, "then", None)
    if then is None:
        return known
    later = story.words.say("report.varied.then", days=story.words.number(then.after_days), does=does(story, then))
    return f"{known} {sentence(later)}"


def levers(story: Story, policy: Policy) -> str:
    """Return the settings that a scenario gives a policy, "as usual" if none."""
    given = [
        lever(story, name, getattr(policy, name))
        for name in type(policy).model_fields
        if name not in NOT_LEVERS and getattr(policy, name) is not None
    ]
    if policy.response.kind != "ignore":
        given.append(lever(story, "response", policy.response.kind))
    if policy.waves is not None:
        n, days = story.words.number(policy.waves.times), story.words.number(policy.waves.days_apart)
        if policy.waves.each == "part":
            given.append(story.words.say("report.varied.waves_part", n=n, days=days))
        else:
            given.append(story.words.say("report.varied.waves_anew", n=n, days=days))
    if policy.announce is not None:
        given.append(announced(story, policy.announce))
    given += [order(story, when) for when in policy.when]
    if policy.choose is not None:
        given.append(whom(story, policy.choose))
    return sentence("; ".join(given) if given else story.words.say("report.varied.usual"))


def announced(story: Story, announce: Announcement) -> str:
    """Return in words when a firm goes to the press itself."""
    if announce.shift == 0:
        return story.words.say("report.varied.announce_on")
    days = abs(announce.shift)
    place = "before" if announce.shift < 0 else "after"
    return story.words.count(f"report.varied.announce_{place}", days, days=story.words.number(days))


def order(story: Story, when: When) -> str:
    """Return in words what an adaptive policy does on what it sees."""
    say = story.words.say
    seen = say(f"report.varied.seen_{when.trigger}", n=story.words.number(when.level))
    return say("report.varied.when", does=say(f"report.varied.does_{when.do}"), seen=seen)


def lever(story: Story, name: str, value: Any) -> str:
    """Return one setting in words: "fee waived $200"."""
    return told(name, value, story.words, story.found.scenario.currency)


def whom(story: Story, choose: Choose) -> str:
    """Return whom a choice takes, in words."""
    say, number = story.words.say, story.words.number
    parts = []
    if choose.ids is not None:
        return say("report.varied.whom_ids", n=number(len(choose.ids)))
    if choose.calls_at_least is not None:
        parts.append(say("report.varied.whom_calls", n=number(choose.calls_at_least)))
    if choose.least_profitable_share is not None:
        parts.append(say("report.varied.whom_share", share=story.words.share(choose.least_profitable_share)))
    if choose.profit_below is not None:
        parts.append(say("report.varied.whom_profit", profit=story.money(choose.profit_below)))
    if choose.segments is not None:
        parts.append(say("report.varied.whom_segments", segments=story.words.listed(list(choose.segments))))
    if choose.abuse_only:
        parts.append(say("report.varied.whom_abuse"))
    parts += whom_of_their_place(story, choose)
    if choose.limit is not None:
        parts.append(say("report.varied.whom_limit", n=number(choose.limit)))
    return ", ".join(parts) if parts else say("report.varied.whom_all")


def whom_of_their_place(story: Story, choose: Choose) -> list[str]:
    """Return in words what a choice asks of loyalty, tenure, ties, place, and of the harm that a departure does."""
    say, number, share = story.words.say, story.words.number, story.words.share
    parts = []
    if choose.where is not None:
        parts.append(say("report.varied.whom_where", where=choose.where))
    if choose.advocates is not None:
        only, never = say("report.varied.whom_advocates"), say("report.varied.whom_no_advocates")
        parts.append(only if choose.advocates else never)
    if choose.tenure_at_least is not None:
        parts.append(say("report.varied.whom_tenure_least", n=number(choose.tenure_at_least)))
    if choose.tenure_at_most is not None:
        parts.append(say("report.varied.whom_tenure_most", n=number(choose.tenure_at_most)))
    if choose.ties_at_least is not None:
        parts.append(say("report.varied.whom_ties_least", n=number(choose.ties_at_least)))
    if choose.ties_at_most is not None:
        parts.append(say("report.varied.whom_ties_most", n=number(choose.ties_at_most)))
    if choose.in_an_area:
        low, high = choose.area_from or 0.0, 1.0 if choose.area_to is None else choose.area_to
        parts.append(say("report.varied.whom_area", low=share(low), high=share(high)))
    if choose.harm_at_most is not None:
        parts.append(say("report.varied.whom_harm", amount=story.money(choose.harm_at_most)))
    if choose.spare_most_harmful > 0.0:
        parts.append(say("report.varied.whom_spared", share=share(choose.spare_most_harmful)))
    return parts
