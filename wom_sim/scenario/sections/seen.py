"""``[[seen]]``: what was seen when a firm let customers go, counts and reports, each with its error."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from wom_sim.scenario.fields import Section, key

YES_OR_NO = ("national", "any_outlet", "authority")
"""What either came or did not: 1 or 0."""
DAYS = ("first_post_day", "first_outlet_day", "national_day")
"""The day on which something came, if it did."""
COUNTS = ("let_go", "extra_calls", "posts", "post_readers", "outlets", "extra_left", "left", "extra_joins")
"""What can be counted from one day to another."""
SHARES = ("share_let_go",)
BY_SEGMENT = ("extra_left", "left")
"""What can be asked of one segment."""
What = Literal[
    "national", "any_outlet", "authority", "first_post_day", "first_outlet_day", "national_day", "let_go",
    "share_let_go", "extra_calls", "posts", "post_readers", "outlets", "extra_left", "left", "extra_joins",
]  # fmt: skip


class Seen(Section):
    """Something that was counted or reported after customers were let go, and how far the number may be off."""

    what: What = key(
        ..., "What was seen: yes (1) or no (0) of national news, of any outlet, of an authority's demand; the day of "
        "the first post, of the first outlet, of the first national one; or a count: customers let go, or their share "
        "of those told; calls to service above the usual; posts, readings of posts, outlets; customers on whom the "
        "firm did not act who left, all (left) or above the usual (extra_left); joins above the usual (below 0: fewer)",
    )  # fmt: skip
    value: float | None = key(None, "The number that was seen, or the day; nothing where it never came (days only)")
    error: float = key(
        0.0, "How far the number may be off: one standard deviation of counting, and of what the story did not do; of "
        "a day in days; of yes or no the chance that it is wrong", ge=0.0, le=1e12,
    )  # fmt: skip
    from_day: int = key(0, "Counted from this day of the run", unit="days", ge=0, le=1_000_000)
    to_day: int | None = key(
        None, "Counted to the day before this one; to the end of the run if absent", unit="days", ge=1, le=1_000_000
    )
    segment: str | None = key(None, "Only of this segment", max_length=80)
    policy: str | None = key(None, "The policy that was carried out, if the scenario has several", max_length=80)

    @model_validator(mode="after")
    def _fits(self) -> Seen:
        if self.what in YES_OR_NO and self.value not in (0.0, 1.0):
            raise ValueError(
                f"value: given {_said(self.value)}, allowed for {self.what}: 1 (it came) or 0 (it did not)"
            )
        if self.what in YES_OR_NO and self.error >= 0.5:
            raise ValueError(f"error: given {self.error:g}, allowed for {self.what}: a chance of being wrong below 0.5")
        if self.value is None and self.what not in DAYS:
            raise ValueError(
                f"value: missing; only a day may have none ({', '.join(DAYS)}), which says that it never came"
            )
        if self.value is not None and self.value < 0.0 and self.what != "extra_joins" and self.what != "extra_left":
            raise ValueError(f"value: given {self.value:g}, allowed for {self.what}: 0 or more")
        if self.what in SHARES and (self.value or 0.0) > 1.0:
            raise ValueError(f"value: given {_said(self.value)}, allowed for {self.what}: 0 to 1")
        if self.to_day is not None and self.to_day <= self.from_day:
            raise ValueError(f"to_day: given {self.to_day}, allowed: after from_day = {self.from_day}")
        if self.what in DAYS and (self.from_day or self.to_day is not None):
            raise ValueError(f"from_day, to_day: given with {self.what}, allowed: with what is counted, or yes or no")
        if self.segment is not None and self.what not in BY_SEGMENT:
            raise ValueError(f"segment: given with {self.what}, allowed: with {' and '.join(BY_SEGMENT)}")
        return self

    @property
    def label(self) -> str:
        """Return a short name: what, of whom, from when to when.

        >>> Seen(what="posts", value=12.0, error=3.0, from_day=7, to_day=14).label
        'posts 7-14'
        """
        window = "" if not self.from_day and self.to_day is None else f" {self.from_day}-{_said(self.to_day, 'end')}"
        return f"{self.what}{'' if self.segment is None else f' of {self.segment}'}{window}"


def _said(value: float | None, nothing: str = "nothing") -> str:
    return nothing if value is None else f"{value:g}"


def check_seen(seen: tuple[Seen, ...], segments: set[str], policies: list[str], days: int) -> None:
    """Raise ValueError if something was seen of what the scenario does not have, beyond the run, or twice."""
    taken: set[str] = set()
    for number, each in enumerate(seen):
        at = f"seen.{number}"
        if each.segment is not None and each.segment not in segments:
            raise ValueError(f"{at}.segment: {each.segment!r} is not one of {', '.join(sorted(segments))}")
        if each.policy is not None and each.policy not in policies:
            raise ValueError(f"{at}.policy: {each.policy!r} is not one of {', '.join(policies)}")
        if each.from_day >= days:
            raise ValueError(f"{at}.from_day: given {each.from_day}, allowed: below run.days = {days}")
        if each.to_day is not None and each.to_day > days:
            raise ValueError(f"{at}.to_day: given {each.to_day}, allowed: at most run.days = {days}")
        if each.what in DAYS and each.value is not None and each.value >= days:
            raise ValueError(
                f"{at}.value: given {each.value:g}, allowed for {each.what}: below run.days = {days}, or none where it "
                "did not come by then"
            )
        if each.label in taken:
            raise ValueError(f"{at}: {each.label} is given twice; allowed: one number each")
        taken.add(each.label)
    done = {each.policy for each in seen if each.policy is not None}
    if len(done) > 1:
        raise ValueError(
            f"seen: names several policies ({', '.join(sorted(done))}), allowed: the one that was carried out"
        )
