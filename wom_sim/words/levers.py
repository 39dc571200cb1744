"""The levers of a policy in words: "days of notice 60, payment $100"."""

from __future__ import annotations

import math
from typing import Any

from wom_sim.words import Words

AS_GIVEN = "as given"
"""What a search writes for a policy as the scenario has it."""
AMOUNTS = ("fee_waived", "balance_waived", "payment", "fee_per_call", "cost_each", "programme_cost", "converted_pays")
SHARES = ("price_rise", "calls_saved", "acceptance", "spared_by_review", "explanation", "coherence")
_COUNTED = ("per_day", "notice_days")
"""Levers whose number stands before their name."""


def lever(name: str, value: Any, words: Words, currency: str) -> str:
    """Return a lever and its value in words.

    >>> lever("payment", 100, Words(), "USD"), lever("notice_days", 60, Words("nl"), "USD")
    ('payment $100', '60 dagen opzegtermijn')
    >>> lever("choose.limit", 40, Words(), "USD"), lever("individual_review", False, Words(), "USD")
    ('at most 40', 'individual review: no')
    >>> lever("per_day", 0, Words(), "USD"), lever("per_day", 4, Words(), "USD")
    ('all on one day', '4 a day')
    """
    if name == "choose.limit":
        return words.say("report.varied.whom_limit", n=words.number(value))
    plain = name.rpartition(".")[2]
    label = words.text(f"report.lever.{plain}", plain.replace("_", " "))
    if isinstance(value, bool):
        return label if value else f"{label}: {words.say('report.varied.no')}"
    if isinstance(value, str):
        return f"{label}: {words.text(f'report.option.{value}', value.replace('_', ' '))}"
    if name == "per_day" and value == 0:
        return words.say("report.lever.at_once")
    if name in _COUNTED:
        return f"{words.number(value)} {label}"
    return f"{label} {words.quantity(value, _unit(name), currency)}"


def level_said(key: str, value: Any, words: Words, currency: str) -> str:
    """Return a value of a factor in words: an amount or a share of a policy's lever as such, a word by its name.

    >>> [level_said(key, 0.5, Words(), "USD") for key in ("policies.letter.payment", "money.cost_per_call")]
    ['$0.5', '0.5']
    """
    try:
        number = float(value)
    except (TypeError, ValueError):
        return words.name("level", str(value))
    if isinstance(value, bool) or not math.isfinite(number):
        return words.name("level", str(value))
    _, _, of_policy = key.rpartition(".") if key.startswith("policies.") else ("", "", "")
    return words.quantity(number, _unit(of_policy), currency)


def _unit(lever: str) -> str:
    return "currency" if lever in AMOUNTS else "share" if lever in SHARES else ""


def levers(text: str, words: Words, currency: str) -> str:
    """Return levers in words, as a search writes them: ``notice_days 60, payment 1,000``; "" for none.

    >>> levers("notice_days 60, payment 1,000, individual_review yes", Words(), "USD")
    '60 days of notice, payment $1,000, individual review'
    >>> levers("as given", Words(), "USD")
    ''
    """
    if text in ("", AS_GIVEN):
        return ""
    parts = (part.partition(" ") for part in text.split(", "))
    return ", ".join(lever(path, _value(written), words, currency) for path, _, written in parts)


def _value(written: str) -> Any:
    """Return the value that a search wrote."""
    if written in ("yes", "no"):
        return written == "yes"
    try:
        return float(written.replace(",", ""))
    except ValueError:
        return written.replace(" ", "_")
