"""A scenario from a dozen questions in business words.

What is known is fixed, what is typical is the trade's, and what nobody knows is drawn.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from wom_sim.scenario.presets import PREFIX, text_of
from wom_sim.scenario.uncertain import shapes_people

UNKNOWN, TYPICAL = "?", ""
"""Answers: don't know; as is usual in the trade (nothing typed)."""
_MOST = 1e9
_WIDE = 2.0
"""Who does not know a number is taken to be off by this factor at most, where the trade has no range. Assumption."""
WAYS = {
    "letter": ('name = "letter"', 'use = "bulk_letter"'),
    "telephone": ('name = "telephone"', 'use = "case_by_case"', "per_day = 5"),
    "pay": ('name = "paid exit"', 'use = "paid_exit"', "payment = {payment:g}"),
    "repair": ('name = "repair"', 'use = "fix_root_cause"'),
}  # fmt: skip
"""How customers can be let go, and what stands in the file for it."""


class Question(NamedTuple):
    """What is asked. ``place``: the key it becomes, ``segment.X`` of every segment; ``low``, ``high``: what it may be.

    ``typical``: the number where the trade says none; None where there must be an answer.
    """

    place: str
    words: str
    low: float
    high: float
    typical: float | None = None
    share: bool = False
    whole: bool = False


QUESTIONS = (
    Question("population.customers", "How many customers do you have?", 1, 500_000_000, whole=True),
    Question("segment.revenue", "What does a customer pay a month, on average?", 0, 1e9),
    Question("segment.churn", "How many of 100 customers leave in a month, as always?", 0, 100, share=True),
    Question("segment.calls", "How often does a customer call or write to service in a month, on average?", 0, 1e6),
    Question("money.cost_per_call", "What does one such call cost you?", 0, 1e6),
    Question("segment.account_cost", "What does an account cost a month besides, as your books charge it?", 0, 1e9),
    Question("segment.account_avoidable", "How much of 100 of that goes when the customer goes?", 0, 100, share=True),
    Question("segment.under_contract", "How many of 100 customers are bound by a contract today?", 0, 100, share=True),
    Question("money.acquisition_cost", "What does it cost to win a new customer?", 0, 1e9),
    Question("choose.limit", "How many customers would you let go?", 1, 500_000_000, whole=True),
    Question("money.horizon_months", "Over how many months must it pay?", 1, 1200, 36, whole=True),
)  # fmt: skip
"""Beside trade, name and the ways of letting go: a dozen and two."""


@dataclass(frozen=True)
class Trade:
    """What is usual in a trade: its file as a table."""

    name: str
    table: Mapping[str, Any]

    @classmethod
    def named(cls, name: str) -> Trade:
        """Return the trade of a preset. Raises ScenarioError if there is none of that name."""
        return cls(name, tomllib.loads(text_of(name)))

    @property
    def segments(self) -> Sequence[Mapping[str, Any]]:
        """Return its segments."""
        found: Sequence[Mapping[str, Any]] = self.table["population"]["segments"]
        return found

    def mean(self, key: str) -> float | None:
        """Return the mean of a number over the segments, by their shares; None where the trade does not say it."""
        if any(key not in each for each in self.segments):
            return None
        return sum(each["share"] * _central(each[key]) for each in self.segments)

    def typical(self, question: Question) -> float | None:
        """Return what is usual, in the unit of the question; None where the trade does not say."""
        table, _, key = question.place.partition(".")
        found = self.mean(key) if table == "segment" else self.table.get(table, {}).get(key, question.typical)
        if found is None:
            return None
        return _central(found) * (100.0 if question.share else 1.0)


def _central(value: Any) -> float:
    """Return a number, or the middle of a distribution."""
    if not isinstance(value, Mapping):
        return float(value)
    return float(
        value.get("mode", value.get("median", value.get("mean", (value.get("low", 0) + value.get("high", 0)) / 2)))
    )


def fault_of(question: Question, answer: str, trade: Trade) -> str:
    """Return what is wrong with an answer, or "".

    >>> fault_of(QUESTIONS[0], "many", Trade("bank", {}))
    "given 'many', allowed: a whole number from 1 to 500,000,000"
    """
    text = answer.strip()
    span = f"a number from {question.low:,g} to {question.high:,.0f}"
    if text in (UNKNOWN, TYPICAL):
        if question.place in ("population.customers", "choose.limit"):
            return f"given nothing, allowed: {span}; this you decide or know"
        if trade.typical(question) is None:
            return f"given {text!r}, allowed: {span}; the trade does not say what is usual"
        return ""
    value = _number(text)
    if value is None or not question.low <= value <= question.high or (question.whole and value != int(value)):
        whole = "a whole number" if question.whole else "a number"
        return f"given {text!r}, allowed: {span.replace('a number', whole)}"
    return ""


def ways_fault(answer: str) -> str:
    """Return what is wrong with the ways that were named, or "".

    >>> ways_fault("letter, fax"), ways_fault("")
    ("given 'fax', allowed: letter, telephone, pay, repair", '')
    """
    strange = [way.strip() for way in answer.split(",") if way.strip() not in WAYS] if answer.strip() else []
    return f"given {strange[0]!r}, allowed: {', '.join(WAYS)}" if strange else ""


def payment_fault(answer: str) -> str:
    """Return what is wrong with an amount that is paid, or ""."""
    value = _number(answer.strip()) if answer.strip() else 0.0
    return (
        ""
        if value is not None and 0.0 <= value <= _MOST
        else f"given {answer!r}, allowed: a number from 0 to {_MOST:,.0f}"
    )


def _number(text: str) -> float | None:
    try:
        return float(text.replace("_", "").removesuffix("%"))
    except ValueError:
        return None


def scenario_text(name: str, trade: Trade, answers: Mapping[str, str], ways: Sequence[str], payment: float) -> str:
    """Return the commented scenario; ``answers`` by ``Question.place``, each without fault, ``ways`` of ``WAYS``."""
    tables: dict[str, list[str]] = {"population": [], "choose": [], "money": []}
    own: list[tuple[str, list[str]]] = [(each["name"], []) for each in trade.segments]
    for question in QUESTIONS:
        table, _, key = question.place.partition(".")
        answer = answers.get(question.place, TYPICAL).strip()
        if table == "segment":
            for each, (_, lines) in zip(trade.segments, own, strict=True):
                lines += _line(question, key, answer, trade, each)
        else:
            tables[table] += _line(question, key, answer, trade, None)
    parts = [
        "# Written from answers by wom-sim new. Every number is yours to change.",
        f"# What you know is stated, and so not drawn by --worlds. All else is as usual ({PREFIX}{trade.name}).",
        "# What you do not know stands as a range, and is drawn.", "",
        f'extends = "{PREFIX}{trade.name}"', f"name = {_quoted(name)}",
        'question = "What does each way of letting them go do to the others?"', "",
        "[population]", *tables["population"], "",
    ]  # fmt: skip
    for segment, lines in own:
        if lines:
            parts += ["[[population.segments]]", f"name = {_quoted(segment)}", *lines, ""]
    unsure = [place for place, answer in answers.items() if answer.strip() == UNKNOWN]
    if any(shapes_people(_any(place)) for place in unsure):
        parts += ["[run]", "same_world = false   # the customers themselves are drawn anew in each world", ""]
    parts += ["[choose]                # whom: those who cost most, unless you say otherwise", *tables["choose"], ""]
    if tables["money"]:
        parts += ["[money]", *tables["money"], ""]
    for way in ways:
        parts += ["[[policies]]", *(line.format(payment=payment) for line in WAYS[way]), ""]
    return "\n".join(parts)


def _any(place: str) -> str:
    """Return the key of a question as that of some segment, if it is one of segments."""
    return place.replace("segment.", "population.segments.any.")


def _line(question: Question, key: str, answer: str, trade: Trade, segment: Mapping[str, Any] | None) -> list[str]:
    """Return the line of a number, none where it is as usual; a mean of all is shared among segments as usual."""
    usual = trade.typical(question)
    if answer == TYPICAL:
        return [] if key != "horizon_months" else [f"{key} = {question.typical:g}  # usual"]
    own = (
        usual
        if segment is None
        else _central(segment[key]) * (100.0 if question.share else 1.0)
        if key in segment
        else usual
    )
    unit = 100.0 if question.share else 1.0
    if answer == UNKNOWN:
        given = None if segment is None else segment.get(key)
        if isinstance(given, Mapping) or (
            segment is None and isinstance(trade.table.get("money", {}).get(key), Mapping)
        ):
            return []  # the trade has a range already
        middle = (own or 0.0) / unit
        high = min(middle * _WIDE, question.high / unit)
        if not 0.0 < middle < high:
            return []
        return [
            f"{key} = {{low = {middle / _WIDE:.6g}, mode = {middle:.6g}, high = {high:.6g}}}  # you do not know: drawn"
        ]
    value = float(_number(answer) or 0.0)
    if segment is not None and usual and own is not None:
        value = min(value * own / usual, question.high)
    value /= unit
    text = f"{value:_.0f}" if question.whole else f"{value:.6g}"
    return [f"{key} = {text}  # {question.words}"]


def _quoted(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)
