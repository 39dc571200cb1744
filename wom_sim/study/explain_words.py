"""Why a policy lost profitable customers, in sentences made from figures, no surer than they are."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from wom_sim.words import Words, sentence

_WORDS = Words("en")
_FIRST = {
    "outlet": "by the media", "post": "by a post", "stranger": "by a stranger", "acquaintance": "by an acquaintance",
    "close": "by a close tie", "household": "by their household", "nobody": "by nobody", "firm": "by the firm",
    "departure of a tie": "by the departure of ties",
    "left with household": "by leaving together with someone of their household who was let go",
}  # fmt: skip
_MOSTLY = {
    "outlet": "the media", "post": "posts", "stranger": "strangers", "acquaintance": "acquaintances",
    "close": "close ties", "household": "their household",
}  # fmt: skip
_SAME = 0.05
"""Doses are told where the largest share is this far from that of first hearings."""
_FEW = 50
"""Below this a share is told as a count."""
_SPOKEN = 0.02
"""Shares below this are not worth a word."""

Reports = dict[str, tuple[int, int]]
"""Outlet -> (day of the pick-up, people whose posts made it; where people stand for several, posts)."""


def sentences(
    policy: str, table: pd.DataFrame, reports: Reports, currency: str, firm: tuple[int, int] = (1, 0)
) -> list[str]:
    """Return two to six sentences on why profitable customers were lost, from the table of one run.

    ``firm``: for how many each simulated person stands, and how many of them, on whom the firm acted, were lost too.
    """
    represents, acted_on = firm
    several = [f"Each simulated person, and so each who is named, stands for {represents:,}."] if represents > 1 else []
    more = _to_firm(represents * acted_on)
    return [*_sentences(policy, table, (_coverage(reports, represents), more), currency), *several]


def _sentences(policy: str, table: pd.DataFrame, besides: tuple[str, str], currency: str) -> list[str]:
    coverage, to_firm = besides
    lost = table[table["effect"] == "departure"]
    number = _total(lost, "lasting")
    if number < 0.5:
        nobody = f"In this run {_WORDS.policy_said(policy)} lost no profitable customer on whom the firm did not act."
        return [nobody + to_firm, coverage, *_besides(table, currency)]
    said = [_loss(policy, lost, number, currency) + to_firm, _first_heard(lost, number) + _doses(lost), coverage]
    said += [_begins(lost, number), *_besides(table, currency)]
    return [sentence for sentence in said if sentence]


def caution(replication: int, losses: Sequence[float]) -> str:
    """Return what one run does not show; ``losses`` are the lasting losses of all runs of the policy, if known."""
    others = ""
    if len(losses) > 1:
        ends = " to ".join(dict.fromkeys(_WORDS.people(end) for end in (min(losses), max(losses))))
        whom = "profitable customer" if ends == "1" else "profitable customers"
        others = f" of {len(losses)}, which for good lost {ends} {whom} each"
    return (
        f"This is one run (replication {replication}){others}, so it shows how, not how often; how strongly such a "
        f"story moves people is an assumption that nobody has measured."
    )


def _total(rows: pd.DataFrame, column: str) -> float:
    return float(rows.loc[rows["dimension"] == "first_channel", column].sum())


def _loss(policy: str, lost: pd.DataFrame, number: float, currency: str) -> str:
    earlier, amount = _total(lost, "number") - number, _total(lost, "amount")
    people = "customer" if round(number) == 1 else "customers"
    sooner = f", and {_WORDS.people(earlier)} more left only earlier than they would have anyway"
    told = _WORDS.money(abs(amount), currency)
    money = f"costs the firm {told}" if amount < 0 else f"is worth {told} to the firm"
    made = f"{_WORDS.policy_said(policy)} lost {_WORDS.people(number)} profitable {people} on whom it did not act"
    return sentence(f"{made}{sooner if earlier >= 0.5 else ''}; that {money}.")


def _to_firm(number: int) -> str:
    """Return how many more were lost of those on whom the firm acted."""
    return f" It lost {_WORDS.people(number)} more to what the firm did to them." if number else ""


def _shares(lost: pd.DataFrame, dimension: str) -> pd.Series:
    rows = lost[lost["dimension"] == dimension]
    return rows.set_index("value")["share"].sort_values(ascending=False)


def part(share: float, number: float) -> str:
    """Return a share of a number: in per cent, or as a count where the number is small."""
    if number < _FEW:
        return f"{round(share * number)} of {round(number)}"
    return _WORDS.whole_share(share)


def _first_heard(lost: pd.DataFrame, number: float) -> str:
    shares = _shares(lost, "first_channel")
    spoken = [(str(value), float(share)) for value, share in shares.items() if share >= _SPOKEN]
    ways = [f"{part(share, number)} {_FIRST[value]}" for value, share in spoken]
    return f"They were reached first, or moved, {_WORDS.listed(ways)}."


def _doses(lost: pd.DataFrame) -> str:
    shares = _shares(lost, "dose")
    first = _shares(lost, "first_channel")
    told = shares[[value in _MOSTLY for value in shares.index]]
    if told.sum() < _SPOKEN or abs(float(told.iloc[0]) - float(first.get(told.index[0], 0.0))) < _SAME:
        return ""
    within = told / told.sum()
    spoken = [f"{_WORDS.whole_share(float(s))} {_MOSTLY[str(v)]}" for v, s in within.items() if s >= _SPOKEN]
    told = _WORDS.listed(spoken)
    return f" Weighed by how much of the story had reached them when they left, its sources were {told}."


def _coverage(reports: Reports, represents: int) -> str:
    if not reports:
        return "No outlet reported it."
    told = []
    for name, (day, number) in sorted(reports.items(), key=lambda item: item[1][0]):
        made = "no post at all" if not number else f"posts that go back to {_WORDS.people(number)} of those told"
        if number and represents > 1:
            made = f"{_WORDS.people(number)} {'post' if number == 1 else 'posts'}"
        told.append(f"{name} on day {day} (after {made})")
    return f"It was picked up by {_WORDS.listed(told)}."


def _begins(lost: pd.DataFrame, number: float) -> str:
    steps = lost[lost["dimension"] == "steps"]
    if steps.empty:
        return ""
    by_step = steps.assign(step=pd.to_numeric(steps["value"])).sort_values("step")
    middle = int(by_step.loc[by_step["lasting"].cumsum() >= number / 2, "step"].iloc[0])
    tellings = "telling" if middle == 1 else "tellings"
    text = f"Half of them stood at most {middle} {tellings} away from someone on whom the firm acted"
    roots = lost[(lost["dimension"] == "root") & lost["value"].str.isdigit()].nlargest(1, "lasting")
    if len(roots) and float(roots["lasting"].iloc[0]) >= 1.0:
        one = roots.iloc[0]
        text += f"; {part(float(one['share']), number)} go back to a single one of these, person {one['value']}"
    return f"{text}."


def _besides(table: pd.DataFrame, currency: str) -> list[str]:
    """Return a sentence on joins lost and calls, if there were any."""
    parts = []
    for effect, one, more in (
        ("join lost", "prospect did not join", "prospects did not join"),
        ("call", "extra call was answered", "extra calls were answered"),
    ):
        rows = table[table["effect"] == effect]
        number, amount = _total(rows, "lasting"), _total(rows, "amount")
        if number >= 0.5:
            what = one if round(number) == 1 else more
            parts.append(f"{_WORDS.people(number)} {what} ({_WORDS.money(amount, currency)})")
    return [f"Besides, {_WORDS.listed(parts)}."] if parts else []
