"""What is to be said of risk in words, the same in terminal, report, deck and notebook."""

from __future__ import annotations

from collections.abc import Iterable

from wom_sim.outcomes.risk import Unseen
from wom_sim.words import Words, sentence


def unseen_words(events: Iterable[Unseen], words: Words) -> list[str]:
    """Return what is rare and dear and came in no run of some policies, and how often it may come all the same.

    Events that may come equally often are told in one sentence.
    """
    told: dict[str, list[str]] = {}
    for event in events:
        policies = words.listed([words.policy_said(name) for name in event.policies])
        text = words.say(f"report.risk.unseen.{event.event}", policies=policies)
        told.setdefault(words.rough_share(event.most), []).append(text)
    said = []
    for most, each in told.items():
        key = f"report.risk.unseen.{'one' if len(each) == 1 else 'many'}"
        said.append(sentence(words.say(key, events="; ".join(each), most=most)))
    return said
