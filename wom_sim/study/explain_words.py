"""Why a policy lost profitable customers, in sentences made from figures, no surer than they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from wom_sim.outcomes.branches import LABELS, THROUGH, Branch
from wom_sim.words import ENGLISH, Words, sentence

_SAME = 0.05
"""Doses are told where the largest share is this far from that of first hearings."""
_FEW = 50
"""Below this a share is told as a count."""
_TOLD_BY = ("outlet", "post", "stranger", "acquaintance", "close", "household")
"""Ways in which the story itself reaches someone."""
_SPOKEN = 0.02
"""Shares below this are not worth a word."""

Reports = dict[str, tuple[int, int]]
"""Outlet -> (day of the pick-up, people whose posts made it; where people stand for several, posts)."""


class Told(NamedTuple):
    """For whom it is told: the words of a language, and the scenario's currency."""

    words: Words
    currency: str

    def people(self, number: float) -> str:
        """Return a number of people."""
        return self.words.people(number)

    def money(self, amount: float) -> str:
        """Return an amount of money."""
        return self.words.money(amount, self.currency)


def sentences(
    policy: str, table: pd.DataFrame, reports: Reports, currency: str, firm: tuple[int, int] = (1, 0),
    words: Words = ENGLISH,
) -> list[str]:  # fmt: skip
    """Return two to six sentences on why profitable customers were lost, from the table of one run.

    ``firm``: for how many each simulated person stands, and how many of them, on whom the firm acted, were lost too.
    """
    represents, acted_on = firm
    several = [words.say("explain.represents", n=words.exact(represents))] if represents > 1 else []
    more = _to_firm(represents * acted_on, words)
    besides = _coverage(reports, represents, words), more
    return [*_sentences(policy, table, besides, Told(words, currency)), *several]


def _sentences(policy: str, table: pd.DataFrame, besides: tuple[str, str], told: Told) -> list[str]:
    coverage, to_firm = besides
    words = told.words
    lost = table[table["effect"] == "departure"]
    number = _total(lost, "lasting")
    if number < 0.5:
        nobody = words.say("explain.nobody", policy=words.policy_said(policy))
        return [nobody + to_firm, coverage, *_besides(table, told)]
    first = _first_heard(lost, number, words) + _doses(lost, words)
    said = [_loss(policy, lost, number, told) + to_firm, first, coverage]
    said += [_begins(lost, number, words), *_besides(table, told)]
    return [sentence for sentence in said if sentence]


def caution(replication: int, losses: Sequence[float], words: Words = ENGLISH) -> str:
    """Return what one run does not show; ``losses`` are the lasting losses of all runs of the policy, if known."""
    others = ""
    if len(losses) > 1:
        low, high = words.people(min(losses)), words.people(max(losses))
        ends = low if low == high else words.say("explain.ends", low=low, high=high)
        others = words.say("explain.of_others", n=len(losses), ends=ends)
    return words.say("explain.caution", replication=replication, others=others)


def _total(rows: pd.DataFrame, column: str) -> float:
    return float(rows.loc[rows["dimension"] == "first_channel", column].sum())


def _loss(policy: str, lost: pd.DataFrame, number: float, told: Told) -> str:
    earlier, amount = _total(lost, "number") - number, _total(lost, "amount")
    say = told.words.say
    sooner = say("explain.sooner", n=told.people(earlier)) if earlier >= 0.5 else ""
    money = say("explain.costs" if amount < 0 else "explain.earns", amount=told.money(abs(amount)))
    name = told.words.policy_said(policy)
    return sentence(say("explain.loss", policy=name, n=told.people(number), sooner=sooner, money=money))


def _to_firm(number: int, words: Words) -> str:
    """Return how many more were lost of those on whom the firm acted."""
    return words.say("explain.to_firm", n=words.people(number)) if number else ""


def _shares(lost: pd.DataFrame, dimension: str) -> pd.Series:
    rows = lost[lost["dimension"] == dimension]
    return rows.set_index("value")["share"].sort_values(ascending=False)


def _key(value: object) -> str:
    """Return a value of the table as the catalogue's keys have it."""
    return str(value).replace(" ", "_")


def part(share: float, number: float, words: Words = ENGLISH) -> str:
    """Return a share of a number: in per cent, or as a count where the number is small."""
    if number < _FEW:
        return words.say("explain.part", k=round(share * number), n=round(number))
    return words.whole_share(share)


def _first_heard(lost: pd.DataFrame, number: float, words: Words) -> str:
    say, shares = words.say, _shares(lost, "first_channel")
    spoken = [(_key(value), float(share)) for value, share in shares.items() if share >= _SPOKEN]
    ways = [
        say("explain.way", share=part(share, number, words), way=say(f"explain.first.{value}"))
        for value, share in spoken
    ]
    return say("explain.first_by", ways=words.listed(ways))


def _doses(lost: pd.DataFrame, words: Words) -> str:
    shares = _shares(lost, "dose")
    first = _shares(lost, "first_channel")
    told = shares[[value in _TOLD_BY for value in shares.index]]
    if told.sum() < _SPOKEN or abs(float(told.iloc[0]) - float(first.get(told.index[0], 0.0))) < _SAME:
        return ""
    ways = [
        words.say("explain.source_of", share=words.whole_share(float(share)), source=words.say(f"explain.source.{way}"))
        for way, share in (told / told.sum()).items()
        if share >= _SPOKEN
    ]
    return words.say("explain.doses", ways=words.listed(ways))


def _coverage(reports: Reports, represents: int, words: Words) -> str:
    if not reports:
        return words.say("explain.coverage_none")
    told = []
    for name, (day, number) in sorted(reports.items(), key=lambda item: item[1][0]):
        by = "none" if not number else "people" if represents == 1 else "posts"
        made = words.say(f"explain.made_{by}", n=words.people(number))
        told.append(words.say("explain.outlet", name=outlet_name(name, words), day=day, made=made))
    return words.say("explain.coverage", told=words.listed(told))


def outlet_name(name: str, words: Words) -> str:
    """Return an outlet's name: in this language if it is one of the package, else as the scenario has it."""
    return name if words.lang == "en" else words.name("outlet", name, otherwise=name)


def _begins(lost: pd.DataFrame, number: float, words: Words) -> str:
    steps = lost[lost["dimension"] == "steps"]
    if steps.empty:
        return ""
    by_step = steps.assign(step=pd.to_numeric(steps["value"])).sort_values("step")
    middle = int(by_step.loc[by_step["lasting"].cumsum() >= number / 2, "step"].iloc[0])
    root = ""
    roots = lost[(lost["dimension"] == "root") & lost["value"].str.isdigit()].nlargest(1, "lasting")
    if len(roots) and float(roots["lasting"].iloc[0]) >= 1.0:
        one = roots.iloc[0]
        root = words.say("explain.root", part=part(float(one["share"]), number, words), who=one["value"])
    return words.say("explain.begins", n=middle, root=root)


def _besides(table: pd.DataFrame, told: Told) -> list[str]:
    """Return a sentence on joins lost and calls, if there were any."""
    parts = []
    for effect in ("join lost", "call"):
        rows = table[table["effect"] == effect]
        number, amount = _total(rows, "lasting"), _total(rows, "amount")
        if number >= 0.5:
            counted = told.people(number)
            parts.append(told.words.say(f"explain.{_key(effect)}", n=counted, money=told.money(amount)))
    return [told.words.say("explain.besides", parts=told.words.listed(parts))] if parts else []


def in_language(tree: Branch, words: Words) -> Branch:
    """Return a tree of who told whom with the labels of all branches below its own in this language."""
    inner = [(_label(label, words), in_language(branch, words)) for label, branch in tree.branches.items()]
    branches = {label: replace(branch, label=label) for label, branch in inner}
    return Branch(tree.label, tree.number, tree.amount, branches)


def _label(label: str, words: Words) -> str:
    key = next((key for key, english in LABELS.items() if english == label), None)
    if key is not None:
        return words.say(f"explain.branch.{key}")
    head, outlet = label[: len(THROUGH)], label[len(THROUGH) :]
    if head == THROUGH:
        return words.say("explain.branch.through", outlet=outlet_name(outlet, words))
    return label
