"""``[choose]``: whom to let go."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from wom_sim.scenario.fields import Section, fraction, key


class Choose(Section):
    """Whom to let go. All conditions must hold; the worst come first where there is a limit."""

    calls_at_least: float | None = key(None, "Service calls a month, at least", unit="calls a month", ge=0.0)
    least_profitable_share: float | None = key(None, "Only this least profitable share of customers", ge=0.0, le=1.0)
    profit_below: float | None = key(None, "Only customers whose profit is below", unit="currency a month")
    segments: tuple[str, ...] | None = key(None, "Only these segments")
    by: Literal["profit", "contribution", "value"] = key(
        "profit",
        "Measure of worth: today's profit as the books have it; contribution, what would go with them; or the expected "
        "value of that with the option to leave them later, which spares all who are worth the wait",
        source="Haenlein, Kaplan & Schoder 2006", grade="A",
    )  # fmt: skip
    abuse_only: bool = key(
        False, "Only abusers, as terms with an overuse clause have it: who calls for credits and at least abuse_calls"
    )
    abuse_calls: float = key(
        20.0, "Calls from which the terms speak of overuse", unit="calls a month", grade="Assumption", ge=0.0
    )
    limit: int | None = key(None, "At most so many", unit="people", ge=0)
    spare_profitable_households: bool = key(False, "Spare those whose household as a whole is profitable")
    error_rate: float = fraction(
        0.0, "Share of the chosen who are others, profitable customers chosen by mistake",
        source="Sprint: transfers counted as calls", grade="A for the fact, no size", plausible=(0.0, 0.2),
    )  # fmt: skip
    advocates: bool | None = key(None, "true: only advocates, who speak for the firm; false: never them")
    tenure_at_least: float | None = key(
        None,
        "Only who has been a customer for so long; drawn for each, as their own churn would have it in a steady market",
        unit="months", grade="Assumption", ge=0.0,
    )  # fmt: skip
    tenure_at_most: float | None = key(
        None, "Only who has been a customer for no longer", unit="months", grade="Assumption", ge=0.0
    )
    ties_at_least: int | None = key(None, "Only who has so many ties: the well-connected", unit="ties", ge=0)
    ties_at_most: int | None = key(None, "Only who has no more ties: spares the well-connected", unit="ties", ge=0)
    area_from: float | None = key(
        None,
        "Only who lives beyond this point of the map, as a share of all people: neighbours, communities and towns of "
        "the market network are numbered one after another", unit="share, 0 to 1", ge=0.0, lt=1.0,
    )  # fmt: skip
    area_to: float | None = key(None, "Only who lives before this point", unit="share, 0 to 1", gt=0.0, le=1.0)
    harm_at_most: float | None = key(
        None, "Only whose departure is expected to cost no more through those whom they know and reach (show chosen)",
        unit="currency", ge=0.0,
    )  # fmt: skip
    spare_most_harmful: float = fraction(
        0.0, "Spare this share of those who qualify: whose departure is expected to cost most through others"
    )
    where: str | None = key(
        None, "Only customers of population.file of whom this holds, over its columns, such as: calls >= 10 and "
        "segment == 'gold' and not advocate (wom-sim show docs import)", min_length=1, max_length=1000,
    )  # fmt: skip
    ids: tuple[int | str, ...] | None = key(
        None,
        "Exactly these: the firm's own ids with population.file, else people by number; no other condition may be "
        "given",
    )

    @model_validator(mode="after")
    def _understood(self) -> Choose:
        if self.where is not None:
            from wom_sim.policies.where import ExpressionError, compiled

            try:
                compiled(self.where)
            except ExpressionError as error:
                raise ValueError(f"where: {error}") from None
        return self

    @model_validator(mode="after")
    def _in_order(self) -> Choose:
        for name in ("tenure", "ties"):
            least, most = getattr(self, f"{name}_at_least"), getattr(self, f"{name}_at_most")
            if least is not None and most is not None and least > most:
                raise ValueError(f"{name}_at_most: given {most:g}, allowed: at least {name}_at_least = {least:g}")
        first, last = self.area_from or 0.0, 1.0 if self.area_to is None else self.area_to
        if first >= last:
            raise ValueError(f"area_to: given {last:g}, allowed: more than area_from = {first:g}")
        return self

    @property
    def in_an_area(self) -> bool:
        """Return whether the choice asks where people live."""
        return self.area_from is not None or self.area_to is not None

    @property
    def by_ties(self) -> bool:
        """Return whether the choice asks whom people know."""
        asked = (self.ties_at_least, self.ties_at_most, self.harm_at_most)
        return self.spare_profitable_households or self.spare_most_harmful > 0.0 or any(a is not None for a in asked)

    @model_validator(mode="after")
    def _ids_alone(self) -> Choose:
        if self.ids is not None:
            given = self.model_fields_set & {*Choose.model_fields} - {"ids"}
            if given:
                raise ValueError(f"ids: stands alone, but {', '.join(sorted(given))} was given as well")
        return self


class FirmChoose(Choose):
    """Whom to let go, for every policy that does not say otherwise, and how long the firm has observed them."""

    observed_months: int = key(
        12,
        "Months over which calls were observed: the longer, the more of what is special about the chosen is chronic",
        unit="months", grade="Assumption", ge=1, le=120,
    )  # fmt: skip

    @property
    def conditions(self) -> Choose:
        """Return the choice as a policy may have it: every policy observes the same customers."""
        return Choose.model_validate(
            {name: getattr(self, name) for name in self.model_fields_set & {*Choose.model_fields}}
        )
