"""How a name stands in a sentence."""

from __future__ import annotations

from wom_sim.words import sentence

__all__ = ["sentence", "within"]


def within(text: str) -> str:
    """Return a text as it stands within a sentence: a capital at its start becomes small, unless more follow.

    >>> within("Joins lost"), within("AT&T calls")
    ('joins lost', 'AT&T calls')
    """
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
