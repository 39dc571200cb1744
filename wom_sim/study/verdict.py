"""What came out, in three sentences that a board would read: what is known, what is assumed, what would change it.

Nothing is said that the figures do not carry: chance is told with its interval, and what nobody has measured is
counted and named. "Known" is meant within the model; the sentence on assumptions says so.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import pandas as pd

from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.outcomes.paired import SETTLED, UNDECIDED, compared
from wom_sim.outcomes.units import occasions, units_of
from wom_sim.study.assumptions import Assumptions

_THOUSANDS, _MILLIONS, _BILLIONS = 9950, 9.95e5, 9.95e8
"""From where on a number is told in larger units."""
_NET = next(i for i in INDICATORS if i.name == "net_value")
_CAUSES = {
    "lost_to_story": ("behaviour.leaving.beta", "how strongly a bad story makes people leave"),
    "lost_with_household": ("behaviour.leaving.household_follows", "how often a household leaves together"),
    "lost_to_contagion": ("behaviour.leaving.chi", "how far a departure draws others after it"),
}
"""Why profitable customers were lost, and the number of the model that governs it."""
_STORY = _CAUSES["lost_to_story"]
_LINES = {
    "profitable_lost": _STORY,
    "others_left": _STORY,
    "joins": ("behaviour.leaving.beta_join_ratio", "how strongly a bad story keeps people from joining"),
    "calls_answered": ("behaviour.talking.p_call_victim", "how many of those told call service"),
    "given": ("money.fees_collectable", "how much of the waived fees the firm would have collected"),
}
"""The number of the model that governs a line of the ledger, as far as one does."""
_PRICE = ("behaviour.leaving.price_sensitivity", "how many leave over a price")
_COSTS = {
    "losses_avoided": "those whom the firm itself acts on",
    "profitable_lost": "profitable customers who leave",
    "others_left": "others who leave",
    "joins": "prospects who do not join",
    "calls_answered": "calls answered",
    "given": "fees waived and payments",
    "handling": "the handling of each case",
    "programme": "the programme itself",
    "response": "the response to the crisis",
    "price_paid": "what those who stay pay less",
    "authority": "the demands of a consumer authority",
}
"""What a line of the ledger is where it is a cost."""
_WORTH_TELLING = 0.5
"""Fewer people than that are nobody, on average."""
_BEYOND_MORE = 20_000
"""Where more replications than that are needed, two policies are as good as equal."""


def big(value: float) -> str:
    """Return a number in plain words: 1,234; 56,000; 7.8 million."""
    if abs(value) >= _MILLIONS:
        return _in_millions(value, "million", "billion")
    return f"{round(value, -3):,.0f}" if abs(value) >= _THOUSANDS else _whole(value)


def brief(value: float) -> str:
    """Return a number short enough for a cell: 1,234; 56 k; 7.8 M."""
    if abs(value) >= _MILLIONS:
        return _in_millions(value, "M", "B")
    return f"{value / 1e3:,.0f} k" if abs(value) >= _THOUSANDS else _whole(value)


def _in_millions(value: float, million: str, billion: str) -> str:
    return f"{value / 1e9:.1f} {billion}" if abs(value) >= _BILLIONS else f"{value / 1e6:.1f} {million}"


def _whole(value: float) -> str:
    return f"{round(value) + 0:,d}"  # the zero makes minus zero plain


def from_to(low: float, high: float) -> str:
    """Return an interval in plain words, with more digits where its ends would else look the same.

    >>> from_to(-3504.2, 20_900.0), from_to(1_480_000.0, 1_520_000.0)
    ('-3,504 to 21,000', '1.48 to 1.52 million')
    """
    if low == high or big(low) != big(high):
        return f"{big(low)} to {big(high)}"
    most = max(abs(low), abs(high))
    unit, word = (1e9, " billion") if most >= _BILLIONS else (1e6, " million") if most >= _MILLIONS else (1.0, "")
    fewest = 1 if word else 0
    digits = next((d for d in range(fewest, 7) if f"{low / unit:,.{d}f}" != f"{high / unit:,.{d}f}"), 7)
    return f"{low / unit:,.{digits}f} to {high / unit:,.{digits}f}{word}"


class Case(NamedTuple):
    """The figures that a verdict rests on: means by policy, the two best policies, and the runs."""

    runs: pd.DataFrame
    means: pd.DataFrame
    best: str
    rival: str
    currency: str

    @property
    def replications(self) -> int:
        """Return how many runs each policy has."""
        return len(self.runs[self.runs["policy"] == self.best])

    def gap(self, first: str, second: str) -> dict[str, float | int | str]:
        """Return what is known of the difference of net value between two policies, on common luck."""
        keys = occasions(self.runs)
        one, other = (self.runs[self.runs["policy"] == name].set_index(keys)["net_value"] for name in (first, second))
        other = other.loc[one.index]
        unit = units_of(one.reset_index())
        return compared(one.to_numpy(dtype=float), other.to_numpy(dtype=float), unit, _NET)


def verdict(replications: pd.DataFrame, currency: str, rests: Assumptions) -> str:
    """Return the verdict: what is known, what is assumed, what would change it.

    ``replications`` has columns policy, replication and every indicator; ``rests`` is what the scenario rests on.
    """
    means = replications.groupby("policy", sort=False).mean(numeric_only=True)
    if len(means) < 2:
        return "Only keep was run: there is nothing to compare."
    order = means["net_value"].sort_values(ascending=False, kind="stable").index
    case = Case(replications, means, str(order[0]), str(order[1]), currency)
    return " ".join((known(case), assumed(case, rests), would_change(case)))


def named(policy: str) -> str:
    """Return a policy as it is called in a sentence."""
    return "keeping everyone" if policy == "keep" else policy


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


# -- what is known -------------------------------------------------------------------------------------------


def known(case: Case) -> str:
    """Return which policy is best in the model, by how much, how sure that is, and what else happened."""
    gap = case.gap(case.best, case.rival)
    if float(gap["mean"]) == 0.0:
        return f"{_first_upper(named(case.best))} and {named(case.rival)} come to the same{_in_runs(case)}."
    if case.replications < 2:
        return f"{_lead(case, gap)}, in a single run, which says nothing about chance."
    interval = f"95 % interval over {case.replications} runs on the same luck: {_ends(gap)}"
    if gap["settled"] == SETTLED:
        doubt = "" if not _keep_is_third(case) or case.gap(case.best, "keep")["settled"] == SETTLED else _third(case)
        return f"{_lead(case, gap)} ({interval}){doubt}{_what_happened(case)}."
    return (
        f"{_first_upper(named(case.best))} and {named(case.rival)} cannot be told apart: {_apart(case, gap)} "
        f"({interval}){_third(case)}{_what_happened(case)}."
    )


def _in_runs(case: Case) -> str:
    return " in a single run" if case.replications < 2 else f" in all {case.replications} runs"


def _apart(case: Case, gap: dict[str, float | int | str]) -> str:
    return f"{named(case.best)} is {big(float(gap['mean']))} {case.currency} ahead"


def _ends(gap: dict[str, float | int | str]) -> str:
    return from_to(float(gap["low"]), float(gap["high"]))


def _lead(case: Case, gap: dict[str, float | int | str]) -> str:
    lead = f"{big(float(gap['mean']))} {case.currency} ahead of {named(case.rival)}"
    if _keep_is_third(case) and case.gap(case.best, "keep")["settled"] != UNDECIDED:
        worth = big(float(case.means.loc[case.best, "net_value"]))
        lead = f"{worth} {case.currency} ahead of keeping everyone and {lead}"
    return f"In this model {named(case.best)} leaves the firm best off, {lead}"


def _keep_is_third(case: Case) -> bool:
    return "keep" not in (case.best, case.rival) and "keep" in case.means.index


def _third(case: Case) -> str:
    """Say how the best stands against keeping everyone, if neither of the two best is that."""
    if not _keep_is_third(case):
        return ""
    gap = case.gap(case.best, "keep")
    worth = f"{big(float(case.means.loc[case.best, 'net_value']))} {case.currency}"
    if gap["settled"] == SETTLED:
        return f"; {case.best} is {worth} ahead of keeping everyone ({_ends(gap)})"
    return f"; {case.best} is not told apart from keeping everyone either ({worth} ahead, {_ends(gap)})"


def _what_happened(case: Case) -> str:
    """Say what the best policy did to profitable customers, and how often it made the news."""
    about = case.best if case.best != "keep" else case.rival
    runs = case.runs[case.runs["policy"] == about]
    lost = float(case.means.loc[about, "extra_profitable"])
    what = f"loses {big(lost)} profitable customers" if lost >= _WORTH_TELLING else "loses no profitable customers"
    if lost <= -_WORTH_TELLING:
        what = f"keeps {big(-lost)} profitable customers who would have left"
    covered = int(runs["national_coverage"].sum())
    return f"; on average {about} {what}, and it makes national news in {covered} of {len(runs)} runs"


# -- what is assumed -----------------------------------------------------------------------------------------


def assumed(case: Case, rests: Assumptions) -> str:
    """Return on how many numbers that nobody has measured this rests, and which of them carries the loss."""
    key, meaning, why = _carrier(case)
    about = rests.by_key.get(key)
    value = ""
    if about is not None and about.plausible is not None:
        value = f", plausible from {about.plausible[0]:g} to {about.plausible[1]:g}"
    return (
        f"That rests on {rests.estimates} numbers that are estimates (grade C) and {rests.assumptions} that are mere "
        f"assumptions, which no interval here covers; the first to doubt is {meaning} ({key}{value}){why}."
    )


def _carrier(case: Case) -> tuple[str, str, str]:
    """Return the number that governs the largest part of the loss: its key, what it means, and why it is named."""
    policies = [name for name in (case.best, case.rival) if name != "keep"]
    worst = max(policies, key=lambda name: float(case.means.loc[name, "extra_profitable"]))
    row = case.means.loc[worst]
    governed = {line: -float(row[line]) for line in _LINES}
    if float(row["price_paid"]) > 0.0:  # who leaves over the price is acted on, and booked there
        governed["losses_avoided"] = -float(row["losses_avoided"])
    line = max(governed, key=lambda name: governed[name])
    parts = {cause: float(row[cause]) for cause in _CAUSES}
    cause = max(parts, key=lambda name: parts[name])
    if governed[line] <= 0.0 or (line == "profitable_lost" and parts[cause] < _WORTH_TELLING):
        return *_STORY, ", which nobody has measured"
    if line == "profitable_lost":
        share = min(1.0, parts[cause] / sum(max(0.0, part) for part in parts.values()))
        return *_CAUSES[cause], f": {100 * share:.0f} % of the profitable customers whom {worst} loses go that way"
    number = _PRICE if line == "losses_avoided" else _LINES[line]
    return *number, f": {worst} costs more in {_COSTS[line]} than in profitable customers who hear of it and leave"


# -- what would change it ------------------------------------------------------------------------------------


def would_change(case: Case) -> str:
    """Return how many profitable customers would have to be lost for another verdict, or what else would decide."""
    gap = case.gap(case.best, case.rival)
    if gap["settled"] == UNDECIDED:
        needed = float(gap["replications_needed"])
        if needed <= _BEYOND_MORE:
            more = f"About {big(needed)} replications in all would settle which of the two is ahead"
            return f"{more}; {_break_even(case)}."
        return f"More replications would not tell them apart; {_break_even(case)}."
    return f"{_first_upper(_break_even(case))}."


def _break_even(case: Case) -> str:
    """Return where the best policy, or the best but ``keep``, would be as good as keeping everyone."""
    about = case.best if case.best != "keep" else case.rival
    row = case.means.loc[about]
    value, lost = float(row["net_value"]), float(row["extra_profitable"])
    each = -float(row["profitable_lost"]) / lost if lost >= _WORTH_TELLING else math.nan
    if not each > 0.0:
        return _without_losses(case, about, value)
    turning = lost + value / each
    if turning < 0.0:
        return (
            f"fewer losses would not help: {about} would cost the firm money even if no profitable customer left "
            f"because of it"
        )
    than = f"{big(turning)} profitable customers instead of {big(lost)}"
    worth = f"at {big(each)} {case.currency} each"
    if value >= 0.0:
        return f"{about} would be no better than keeping everyone if it lost {than} ({worth}{_times(turning, lost)})"
    return f"{about} would be as good as keeping everyone only if it lost {than} ({worth})"


def _times(turning: float, lost: float) -> str:
    times = turning / lost
    return f", {times:.1f} times as many" if times < 10 else f", {times:.0f} times as many"


def _without_losses(case: Case, about: str, value: float) -> str:
    currency, row = case.currency, case.means.loc[about]
    cost = _COSTS[min(_COSTS, key=lambda line: float(row[line]))]
    if value > 0.0:
        return (
            f"{about} would be no better than keeping everyone if harm that is not in the model cost the firm "
            f"{big(value)} {currency}"
        )
    if value < 0.0:
        return (
            f"{about} would be as good as keeping everyone only if it cost {big(-value)} {currency} less or brought "
            f"that much more, and most of its cost lies in {cost}"
        )
    return f"{about} changes nothing here: nobody was let go, or nothing came of it"
