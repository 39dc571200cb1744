"""What is to be said of risk in words, the same in terminal, report, deck and notebook."""

from __future__ import annotations

from collections.abc import Iterable

from wom_sim.outcomes.risk import Unseen
from wom_sim.words import Words


def unseen_words(events: Iterable[Unseen], words: Words) -> list[str]:
    """Return what is rare and dear and came in no run of some policies, and how often it may come all the same."""
    return [
        words.say(
            f"report.risk.unseen.{event.event}",
            policies=words.listed([words.policy_said(name) for name in event.policies]),
            most=words.rough_share(event.most),
        )
        for event in events
    ]
