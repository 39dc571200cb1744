"""What the numbers of the model and the things that were seen are called on a chart."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from wom_sim.words import SHARES, Words, sentence

_LONG = 60
"""Assumption: a name of more characters takes more than two lines beside a row."""
YES_OR_NO = ("national", "any_outlet", "authority")
DAYS = ("first_post_day", "first_outlet_day", "national_day")
SHARES_SEEN = ("share_let_go",)
_OF_ONE = re.compile(r'^(media\.outlets|population\.segments|policies)\.("[^"]*"|[^.]+)\.(.+)$')
_SEEN = re.compile(r"^(?P<what>[a-z_]+?)(?: of (?P<segment>.+?))?(?: (?P<first>\d+)-(?P<last>\d+|end))?$")


def plain_key(key: str) -> str:
    """Return the key of a number as words: its last parts, without the head that all share.

    >>> plain_key("behaviour.leaving.price_sensitivity"), plain_key("media.outlets.forum.reach")
    ('leaving: price sensitivity', 'forum: reach')
    """
    parts = [part.strip('"').replace("_", " ") for part in str(key).split(".")]
    return ": ".join(parts[-2:]) if len(parts) > 2 else parts[-1]


def number_name(key: str, meaning: str, words: Words) -> str:
    """Return what a number is called; that of an outlet, a segment or a policy with whose it is.

    >>> number_name("media.outlets.television.lag", "", Words())
    'Television: days from pick-up to coverage'
    """
    of_one = _OF_ONE.match(key)
    general = key if of_one is None else f"{of_one[1]}[].{of_one[3]}"
    said = words.parameter(general, meaning if isinstance(meaning, str) else "")
    name = said.partition(";")[0].strip() or plain_key(key)
    if of_one is None:
        return sentence(name)
    kind = "outlet" if of_one[1] == "media.outlets" else "policy" if of_one[1] == "policies" else "segment"
    return sentence(f"{words.name(kind, of_one[2].strip(chr(34)))}: {words.within(name)}")


def short_name(key: str, words: Words) -> str:
    """Return what a number is called in a row of a chart: what is in brackets, or after a comma if long, is left out.

    >>> short_name("behaviour.calling.unsolved", Words())
    'Chance that a call about what the firm did solves nothing'
    """
    name = number_name(key, "", words).partition(" (")[0]
    return name if len(name) <= _LONG else name.partition(", ")[0]


def factor_name(key: object, words: Words) -> str:
    """Return what a factor of a study is called in a row or at an axis: a lever with its policy, else its plain name.

    >>> factor_name('policies."paid exit".payment', Words("nl")), factor_name("choose.limit", Words())
    ('Betaald vertrek: betaling', 'How many are let go at most')
    """
    key = str(key)
    known = words.text(f"report.factor.{key}", sentence(words.text(f"verdict.number.{key}", "")))
    parts = _OF_ONE.match(key)
    lever = "" if parts is None or parts[1] != "policies" else words.text(f"report.lever.{parts[3]}", "")
    if known or not lever or parts is None:
        return known or short_name(key, words)
    return sentence(f"{words.policy(parts[2].strip(chr(34)))}: {lever}")


def factor_said(key: object, words: Words) -> str:
    """Return the same within a sentence, in quotes.

    >>> factor_said("money.cost_per_call", Words())
    '“What a service call costs”'
    """
    return words.say("report.quoted", name=factor_name(key, words))


def number_names(rows: Sequence[Mapping[Any, Any]], words: Words) -> dict[str, str]:
    """Return the name of each number of a table by its key; where two would be the same, with the key."""
    names = {str(row["key"]): number_name(str(row["key"]), row["meaning"], words) for row in rows}
    taken = list(names.values())
    return {key: name if taken.count(name) == 1 else f"{name} ({plain_key(key)})" for key, name in names.items()}


def said_of(value: float, unit: str, words: Words) -> str:
    """Return a value of a number of the model in words; a share as a percentage.

    >>> said_of(0.338, "share, 0 to 1", Words()), said_of(2.0, "days", Words())
    ('34 %', '2')
    """
    return words.rough_share(value) if is_share(unit) else words.number(value)


def is_share(unit: object) -> bool:
    """Return whether a unit is that of a share, as in "share, 0 to 1"."""
    return str(unit).partition(",")[0] in SHARES


def unit_name(unit: object, words: Words) -> str:
    """Return a unit to be written after a name; an empty text for a share and for what has none."""
    if not isinstance(unit, str) or not unit or is_share(unit):
        return ""
    return words.unit(unit)


def interval_of(ends: Sequence[float], unit: str, words: Words) -> str:
    """Return a median and the ends of its interval (low, median, high) in words: 34 % (25 to 44 %)."""
    low, middle, high = (said_of(float(end), unit, words) for end in ends)
    if is_share(unit) and high.endswith(" %"):
        low = low.removesuffix(" %")
    return words.say("chart.interval_of", middle=middle, low=low, high=high)


def seen_name(label: str, words: Words) -> str:
    """Return what an observation is called: what, of whom, from which day to which.

    >>> seen_name("extra_left of homes 7-14", Words()), seen_name("first_post_day", Words())
    ('Customers who left above the usual, of homes, day 7 to 13', 'Day of the first post')
    """
    parts = _SEEN.match(label)
    if parts is None:
        return sentence(label)
    name = words.name("seen", parts["what"])
    if parts["segment"]:
        name = words.say("chart.seen.of", name=name, segment=words.name("segment", parts["segment"]))
    if parts["first"] is None:
        return sentence(name)
    if parts["last"] == "end":
        return sentence(words.say("chart.seen.from", name=name, first=parts["first"]))
    last = int(parts["last"]) - 1  # to_day is the day after the last that is counted
    if last <= int(parts["first"]):
        return sentence(words.say("chart.seen.one_day", name=name, day=last))
    return sentence(words.say("chart.seen.window", name=name, first=parts["first"], last=last))


def what_of(label: str) -> str:
    """Return what was seen, as the scenario calls it (``[[seen]]`` what).

    >>> what_of("posts 7-14"), what_of("left of homes")
    ('posts', 'left')
    """
    return label.partition(" ")[0]


def seen_said(value: float, label: str, end: float, words: Words) -> str:
    """Return a value of an observation in words; a day that never came is missing, or ``end``, the run's days.

    >>> [seen_said(v, "national", 90, Words()) for v in (0, 1)], seen_said(float("nan"), "national_day", 90, Words())
    (['no', 'yes'], 'never')
    """
    what = what_of(label)
    if what in YES_OR_NO:
        return words.say("chart.seen.yes" if value >= 0.5 else "chart.seen.no")
    if what in DAYS:
        return words.say("chart.seen.never") if not math.isfinite(value) or value >= end else f"{value:.0f}"
    if what in SHARES_SEEN:
        return words.rough_share(value)
    return words.number(round(value))
