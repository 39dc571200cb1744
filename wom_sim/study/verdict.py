"""What came out, in three sentences that a board would read: what is known, what is assumed, what would change it.

Nothing is said that the figures do not carry: chance is told with its interval, and what nobody has measured is
counted and named. "Known" is meant within the model; the sentence on assumptions says so. Terminal, report, deck and
notebook all say these sentences, in either language of the catalogue.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from wom_sim.outcomes.indicators import HARDLY, INDICATORS, how_many
from wom_sim.outcomes.materiality import Choice, Rule, choose
from wom_sim.outcomes.materiality import gap as gap_of
from wom_sim.outcomes.paired import SETTLED, UNDECIDED
from wom_sim.outcomes.units import SELDOM
from wom_sim.scenario.beyond import Beyond, in_short
from wom_sim.scenario.evidence import Unmeasured
from wom_sim.scenario.grades import is_estimate
from wom_sim.study.preferred import Sentences, why_chosen
from wom_sim.words import sentence
from wom_sim.words.figures import Figures
from wom_sim.world.trace import PROFIT_LOST

_NET = next(i for i in INDICATORS if i.name == "net_value")
_STORY = "behaviour.leaving.beta"
_CAUSES = {
    "lost_to_story": _STORY,
    "lost_with_household": "behaviour.leaving.household_follows",
    "lost_to_contagion": "behaviour.leaving.chi",
    "lost_to_firm": "behaviour.leaving.price_sensitivity",
}
"""Why profitable customers were lost, and the number of the model that governs it."""
_LINES = {
    "joins": "behaviour.leaving.beta_join_ratio",
    "calls_told": "money.cost_per_call",
}
"""The number of the model that governs a line of the ledger, as far as one does."""
_PROFIT_LOST = "profit_lost"
"""All lines of the ledger for the profit of profitable customers lost, taken together."""
_COSTS = (
    "losses_avoided", _PROFIT_LOST, "joins", "calls_told", "calls_hearers", "given", "handling", "programme",
    "response", "price_paid", "outlook", "authority",
)  # fmt: skip
"""Lines of the ledger that may cost; the catalogue has what each is then called."""
_OWN = {"behaviour.leaving.household_follows": "population.segments[].household_follows"}
"""Numbers of the model in whose place each segment may have one of its own."""
_BEYOND_MORE = 20_000
"""Where more replications than that are needed, two policies are as good as equal."""

Gap = dict[str, float | int | str]


class Case(NamedTuple):
    """The figures that a verdict rests on: means by policy, the two best policies, and the runs; and how to tell."""

    runs: pd.DataFrame
    means: pd.DataFrame
    best: str
    rival: str
    tell: Figures

    @property
    def replications(self) -> int:
        """Return how many runs each policy has."""
        return len(self.runs[self.runs["policy"] == self.best])

    @property
    def about(self) -> str:
        """Return the best policy, or the best but ``keep``."""
        return self.best if self.best != "keep" else self.rival

    def gap(self, first: str, second: str) -> Gap:
        """Return what is known of the difference of net value between two policies, on common luck."""
        return gap_of(self.runs, (first, second), _NET)

    def say(self, key: str, /, **values: object) -> str:
        """Return a text of the catalogue."""
        return self.tell.words.say(key, **values)

    def named(self, policy: str) -> str:
        """Return a policy as it is called in a sentence."""
        return self.tell.words.policy_said(policy)

    def worth(self, policy: str) -> str:
        """Return the mean net value of a policy, which is relative to keeping everyone."""
        return self.tell.money(float(self.means.loc[policy, "net_value"]))


def case_of(replications: pd.DataFrame, tell: Figures) -> Case | None:
    """Return what the verdict rests on; None where there are no two policies to compare."""
    means = replications.groupby("policy", sort=False).mean(numeric_only=True)
    if len(means) < 2:
        return None
    order = means["net_value"].sort_values(ascending=False, kind="stable").index
    return Case(replications, means, str(order[0]), str(order[1]), tell)


def sentences(
    replications: pd.DataFrame, tell: Figures, rests: list[Unmeasured], rule: Rule, guessed: Sequence[Beyond] = ()
) -> Sentences:
    """Return the verdict: what is known, what is assumed, what would change it.

    ``replications`` has columns policy, replication and every indicator; ``rests`` is what the scenario rests on,
    ``rule`` how it is judged, ``guessed`` what lies beyond the range for which it is known how people react.
    """
    case = case_of(replications, tell)
    if case is None:
        return Sentences(tell.words.say("verdict.alone"))
    rests_on = " ".join([sentence(assumed(case, rests)), *beyond_what_is_known(guessed, tell)])
    choice = choose(replications, rule)
    return Sentences(
        sentence(known(case, choice)), why_chosen(choice, tell), sentence(rests_on), sentence(f"{would_change(case)}.")
    )


def verdict(
    replications: pd.DataFrame, tell: Figures, rests: list[Unmeasured], rule: Rule, guessed: Sequence[Beyond] = ()
) -> str:
    """Return the same as one text."""
    return " ".join(sentences(replications, tell, rests, rule, guessed).in_order())


# -- what is known -------------------------------------------------------------------------------------------


def known(case: Case, choice: Choice) -> str:
    """Return which policy is best in the model, by how much, how sure that is, and what else happened."""
    gap = case.gap(case.best, case.rival)
    both = {"best": case.named(case.best), "rival": case.named(case.rival)}
    runs = case.tell.words.number(case.replications)
    if float(gap["mean"]) == 0.0:
        return (
            case.say("verdict.same_once", **both) if case.replications < 2 else case.say("verdict.same", n=runs, **both)
        )
    if case.replications < 2:
        return case.say("verdict.once", lead=_lead(case, gap))
    key = "verdict.seldom" if gap["kind"] == SELDOM else "verdict.interval"
    told = {"interval": case.say(key, n=runs, range=_range(case, gap)), "happened": _what_happened(case)}
    if gap["settled"] == SETTLED and choice.small:
        share = case.tell.words.whole_share(choice.material)
        told |= {"gap": case.tell.money(float(gap["mean"])), "share": share, "third": _third(case)}
        return case.say("verdict.small", over=case.tell.over, **both, **told)
    if gap["settled"] == SETTLED and len(choice.equals) > 1:  # settled against the second, open against another
        told |= {"gap": case.tell.money(float(gap["mean"])), "others": _not_told_apart(case, choice)}
        return case.say("verdict.ahead", over=case.tell.over, **both, **told)
    if gap["settled"] == SETTLED:
        return case.say("verdict.settled", lead=_lead(case, gap), third="", **told)
    told |= {"gap": case.tell.money(float(gap["mean"])), "third": _third(case), "over": case.tell.over}
    return case.say("verdict.open", **both, **told)


def _not_told_apart(case: Case, choice: Choice) -> str:
    """Return from which policies the best cannot be told apart, each with how far it is behind."""
    told = []
    for policy in choice.equals[1:]:
        gap = case.gap(case.best, policy)
        ahead = case.tell.money(float(gap["mean"]))
        told.append(case.say("verdict.ahead_of", rival=case.named(policy), gap=ahead, range=_range(case, gap)))
    return case.tell.words.listed(told)


def _range(case: Case, gap: Gap) -> str:
    if gap["kind"] == SELDOM:
        return case.say("verdict.seldom_range")
    return case.tell.interval(float(gap["low"]), float(gap["high"]), "currency")


def _lead(case: Case, gap: Gap) -> str:
    told = {
        "best": case.named(case.best), "rival": case.named(case.rival), "gap": case.tell.money(float(gap["mean"])),
        "over": case.tell.over,
    }  # fmt: skip
    if _keep_is_third(case) and case.gap(case.best, "keep")["settled"] != UNDECIDED:
        return case.say("verdict.lead_keep", worth=case.worth(case.best), **told)
    return case.say("verdict.lead", **told)


def _keep_is_third(case: Case) -> bool:
    return "keep" not in (case.best, case.rival) and "keep" in case.means.index


def _third(case: Case) -> str:
    """Say how the best stands against keeping everyone, if neither of the two best is that."""
    if not _keep_is_third(case):
        return ""
    gap = case.gap(case.best, "keep")
    key = "verdict.third_settled" if gap["settled"] == SETTLED else "verdict.third_open"
    return case.say(key, best=case.named(case.best), worth=case.worth(case.best), range=_range(case, gap))


def _what_happened(case: Case) -> str:
    """Say what the best policy did to profitable customers, and how often it made the news."""
    runs = case.runs[case.runs["policy"] == case.about]
    lost, kept = (float(case.means.loc[case.about, name]) for name in ("lost_profitable", "kept_profitable"))
    kinds = [kind for kind, number in (("lost", lost), ("kept", kept)) if number >= HARDLY]
    covered = case.tell.said_runs(float(runs["national_coverage"].mean()), len(runs))
    if not kinds and how_many(lost) == "few":
        few = case.tell.value(lost, "people")
        return case.say("verdict.happened_few", covered=covered, policy=case.named(case.about), lost=few)
    told = {"policy": case.named(case.about), "lost": case.tell.people(lost), "kept": case.tell.people(kept)}
    return case.say(f"verdict.happened_{'_and_'.join(kinds) or 'none'}", covered=covered, **told)


# -- what is assumed -----------------------------------------------------------------------------------------


def assumed(case: Case, rests: list[Unmeasured]) -> str:
    """Return on how many numbers that nobody has measured this rests, and which of them carries the loss."""
    if not rests:
        return case.say("verdict.assumed_none")
    estimates = sum(is_estimate(number.grade) for number in rests)
    counts = {"estimates": estimates, "assumptions": len(rests) - estimates}
    carrier = _carrier(case, rests)
    if carrier is None:
        return case.say("verdict.assumed_only", **counts)
    about, why = carrier
    plausible = ""
    if about.plausible is not None:
        low, high = (case.tell.words.number(end) for end in about.plausible)
        plausible = case.say("verdict.plausible", low=low, high=high)
    number = case.say(f"verdict.number.{about.key}")
    return case.say("verdict.assumed", number=number, plausible=plausible, why=why, **counts)


def beyond_what_is_known(guessed: Sequence[Beyond], tell: Figures) -> list[str]:
    """Return a sentence for each policy that goes beyond the range for which it is known how people react."""
    policies = dict.fromkeys(item.policy for item in guessed)
    parts = {p: [in_short(item, tell.words, tell.currency) for item in guessed if item.policy == p] for p in policies}
    named = tell.words.policy_said
    return [
        sentence(tell.words.say("verdict.beyond", policy=named(p), what=tell.words.listed(what)))
        for p, what in parts.items()
    ]


def first_to_doubt(replications: pd.DataFrame, tell: Figures, rests: list[Unmeasured]) -> str | None:
    """Return the key of the number that the verdict names as the first to doubt; None where it names none."""
    case = case_of(replications, tell)
    carrier = None if case is None else _carrier(case, rests)
    return None if carrier is None else carrier[0].key


def _carrier(case: Case, rests: list[Unmeasured]) -> tuple[Unmeasured, str] | None:
    """Return the number that governs the largest part of the loss, and why it is named; None if all are known.

    A number that the scenario states is not in ``rests`` and is not named: then it is the next.
    """
    open_ = {number.key: number for number in rests}
    policies = [name for name in (case.best, case.rival) if name != "keep"]
    worst = max(policies, key=lambda name: float(case.means.loc[name, "lost_profitable"]))
    row = case.means.loc[worst]
    causes = {cause: float(row[cause]) for cause in _CAUSES}
    lines = {line: -_amount(row, line) for line in (_PROFIT_LOST, *_LINES)}
    heaviest = max(lines, key=lambda name: lines[name])
    governs = {cause: _CAUSES[cause] if _CAUSES[cause] in open_ else _OWN.get(_CAUSES[cause], "") for cause in causes}
    told = [cause for cause in causes if governs[cause] in open_ and causes[cause] >= HARDLY]
    if told and lines[_PROFIT_LOST] > 0.0 and heaviest == _PROFIT_LOST:
        cause = max(told, key=lambda name: causes[name])
        share = case.tell.words.whole_share(causes[cause] / sum(causes.values()))
        return open_[governs[cause]], case.say("verdict.why_cause", share=share, policy=case.named(worst))
    if heaviest in _LINES and lines[heaviest] > 0.0 and _LINES[heaviest] in open_:
        cost = case.say(f"verdict.cost.{heaviest}")
        return open_[_LINES[heaviest]], case.say("verdict.why_line", policy=case.named(worst), cost=cost)
    return (open_[_STORY], case.say("verdict.why_unmeasured")) if _STORY in open_ else None


def _amount(row: pd.Series, line: str) -> float:
    """Return the mean amount of a line of the ledger, or of all that tell of profit lost."""
    return float(sum(row[part] for part in PROFIT_LOST)) if line == _PROFIT_LOST else float(row[line])


# -- what would change it ------------------------------------------------------------------------------------


def would_change(case: Case) -> str:
    """Return how many profitable customers would have to be lost for another verdict, or what else would decide."""
    gap, turn = case.gap(case.best, case.rival), _break_even(case)
    if gap["settled"] != UNDECIDED:
        return turn
    needed = float(gap["replications_needed"])
    if needed <= _BEYOND_MORE:
        return case.say("verdict.settle", n=case.tell.words.number(needed), turn=turn)
    return case.say("verdict.settle_never", turn=turn)


def _break_even(case: Case) -> str:
    """Return where the best policy, or the best but ``keep``, would be as good as keeping everyone."""
    row, policy, tell = case.means.loc[case.about], case.named(case.about), case.tell
    value, lost = float(row["net_value"]), float(row["lost_profitable"])
    each = -_amount(row, _PROFIT_LOST) / lost if lost >= HARDLY else math.nan
    if not each > 0.0:
        return _without_losses(case, value)
    turning = lost + value / each
    if turning < 0.0:
        return case.say("verdict.turn_none", policy=policy)
    told = {
        "policy": policy, "turning": tell.people(turning), "lost": tell.people(lost), "each": tell.money(each),
    }  # fmt: skip
    if value < 0.0:
        return case.say("verdict.turn_gain", **told)
    times = turning / lost
    return case.say("verdict.turn_loss", times=tell.words.number(round(times, 1 if times < 10 else 0)), **told)


def _without_losses(case: Case, value: float) -> str:
    policy, row = case.named(case.about), case.means.loc[case.about]
    if value == 0.0:
        return case.say("verdict.turn_nothing", policy=policy)
    told = {"policy": policy, "value": case.tell.money(abs(value))}
    if value > 0.0:
        return case.say("verdict.turn_harm", **told)
    worst = min(_COSTS, key=lambda line: _amount(row, line))
    return case.say("verdict.turn_cost", cost=case.say(f"verdict.cost.{worst}"), **told)
