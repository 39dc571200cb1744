"""How a key of a scenario file is declared: default, meaning, unit, source, grade, plausible range."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """A table of a scenario file: strict, frozen, unknown keys refused."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


def key(
    default: Any,
    meaning: str,
    *,
    unit: str = "",
    source: str = "",
    grade: str = "",
    plausible: tuple[float, float] | None = None,
    plausible_times: tuple[float, float] | None = None,
    zero: float | None = None,
    rare: tuple[float, float] | None = None,
    calibrated: tuple[float, float | str] | None = None,
    endless: int | None = None,
    **limits: Any,
) -> Any:
    """Declare a key. ``limits`` are pydantic's (ge, gt, le, lt, min_length, ...).

    ``grade`` is that of the evidence: A seen, B known, C estimate, S said in the case documents, or Assumption.
    ``plausible`` is a range of values; ``plausible_times`` one of factors on whatever the scenario says, for a key
    whose items differ (the reach of a forum, of television). ``zero``: chance that the number is 0, apart from the
    range; ``rare``: a value beyond the range, and its chance. ``calibrated`` is the range for which it has been
    seen, or fitted, how people react; its upper end may be the key of the number that holds it. ``endless`` is the
    number by which inf is kept, where a file may say inf.
    """
    parts = [meaning.rstrip(".") + "."]
    if unit:
        parts.append(f"Unit: {unit}.")
    if source or grade:
        parts.append(f"Source: {', '.join(x for x in (source, grade) if x)}.")
    if plausible is not None:
        parts.append(f"Plausible: {plausible[0]:g} to {plausible[1]:g}.")
    if plausible_times is not None:
        parts.append(f"Plausible: {plausible_times[0]:g} to {plausible_times[1]:g} times what is given.")
    if zero is not None:
        parts.append(f"Chance that it is 0: {zero:g}.")
    if rare is not None:
        parts.append(f"Rare: {rare[0]:g}, with a chance of {rare[1]:g}.")
    if calibrated is not None:
        parts.append("Reaction known: {} to {}.".format(*(e if isinstance(e, str) else f"{e:g}" for e in calibrated)))
    pairs = {"plausible": plausible, "plausible_times": plausible_times, "rare": rare, "calibrated": calibrated}
    extra: dict[str, Any] = {"unit": unit, "source": source, "grade": grade}
    extra |= {name: list(pair) for name, pair in pairs.items() if pair is not None}
    if zero is not None:
        extra["zero"] = zero
    if endless is not None:
        extra["endless"] = endless
    return Field(default, description=" ".join(parts), json_schema_extra=extra, **limits)


def fraction(default: Any, meaning: str, **details: Any) -> Any:
    """Declare a key that is a share or a chance, 0 to 1."""
    return key(default, meaning, unit=details.pop("unit", "share, 0 to 1"), ge=0.0, le=1.0, **details)
