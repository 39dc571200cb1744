"""``[[people_of_note]]``: people with an audience and a standing of their own."""

from __future__ import annotations

from wom_sim.scenario.fields import Section, fraction, key


class PersonOfNote(Section):
    """Somebody with an audience and a standing of their own: a journalist, a politician, somebody many follow."""

    name: str = key(..., "Who it is, in a word", min_length=1, max_length=80)
    audience: int = key(..., "How many people read what they write", unit="people", ge=0, le=2_000_000_000)
    standing: float = key(
        ..., "Factor on how newsworthy it is: 1 anybody, 5 somebody vulnerable with papers to show, 8 with 10,000 to "
        "100,000 followers, 60 a politician or a celebrity",
        source="estimate from cases: 2-15, 8, 15-200", grade="C", plausible_times=(0.3, 3.3), ge=1.0, le=100_000.0,
    )  # fmt: skip
    chosen: bool = key(True, "Whether the firm acts on them; if not, they comment on what it does to others")
    after_days: int = key(
        1, "Days from being told to speaking; for who only comments, from the first customer told", unit="days",
        ge=1, le=3650,
    )  # fmt: skip
    employee: bool = key(
        False,
        "Somebody who works for the firm and leaks: not one of those on whom it acts, and with its own papers in hand",
    )
    proof: float | None = key(
        None,
        "How newsworthy is what they can show themselves; if absent what the firm put in their hands, and 1 for an "
        "employee",
        unit="share, 0 to 1", ge=0.0, le=1.0,
    )  # fmt: skip
    chance: float = fraction(1.0, "Chance that they are there at all")
