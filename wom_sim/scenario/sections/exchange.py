"""``[exchange]``: what a US dollar is worth in the scenario's currency."""

from __future__ import annotations

from wom_sim.scenario.fields import Section, key


class Exchange(Section):
    """What a US dollar is worth in the scenario's currency: amounts that nobody states are dollars, and converted."""

    per_dollar: float | None = key(
        None,
        "Units of the scenario's currency for one US dollar; if absent a built-in mean of 2024, where there is one",
        gt=0.0, le=1e9,
    )  # fmt: skip
    source: str = key("", "Where that rate is from, and of which year it is", max_length=200)
    converted: tuple[str, ...] | None = key(
        None, "Keys whose amounts were converted. Found by the program and written into the folder of a result",
        max_length=100_000,
    )  # fmt: skip
    others: tuple[str, ...] = key(
        (), "Other currencies in which inherited amounts are stated, each with its units for one US dollar. "
        "Found by the program", max_length=100,
    )  # fmt: skip
