"""What the results of studies show of themselves in a notebook: their own words, and a small table.

Each is registered with ``wom_sim._notebook.shown``, so that a result need not know how it is shown.
"""

from __future__ import annotations

import math

from wom_sim._notebook import Shown, shown
from wom_sim.outcomes.branches import Branch
from wom_sim.scenario.figures import figures_for
from wom_sim.study.break_even import BreakEven
from wom_sim.study.compare_worlds import WorldsComparison
from wom_sim.study.explain import Explanation
from wom_sim.study.loading import Study
from wom_sim.study.recommend_words import heading, risk_text, words
from wom_sim.study.recommendation import Recommendation
from wom_sim.study.sweep import Sweep
from wom_sim.study.worlds_drawn import posterior_as_data, said_of_posterior
from wom_sim.words import Words
from wom_sim.words.figures import Figures

_WORDS = Words("en")
_DEEP, _BRANCHES, _LEAST = 3, 4, 0.01
"""How many steps of a tree are shown, how many branches of each, and from which share of all on."""


@shown.register
def over_worlds(found: WorldsComparison) -> Shown:
    """Return the verdict, and each policy over the drawn worlds."""
    currency = found.scenario.currency
    rows = [
        [
            str(row["policy"]),
            _with(row["expected_net_value"], row["low"], row["high"], currency),
            _WORDS.share(row["share_best"]),
            *(_WORDS.money(row[name], currency) for name in ("regret_mean", "regret_worst")),
            _WORDS.share(row["chance_loss"]),
        ]
        for row in found.verdicts.to_dict("records")
    ]
    heads = ["policy", "expected net value", "best in", "mean regret", "worst regret", "chance of a loss"]
    size = f"{len(found.design.worlds)} worlds, {len(found.design.drawn)} numbers drawn"
    note = f"{size}; money counts{figures_for(found.scenario).over}."
    cautions = said_of_posterior(posterior_as_data(found.scenario), _WORDS)
    return Shown(found.scenario.name, [found.verdict, *cautions, note], heads, rows)


@shown.register
def recommended(found: Recommendation) -> Shown:
    """Return what is recommended, and the finalists on fresh luck."""
    question = found.question
    currency = question.scenario.currency
    tell = Figures.plain(currency)
    rows = [
        [
            f"{row['policy']}: {row['levers']}" if row["levers"] else str(row["policy"]),
            _with(row["expected_net_value"], row["low"], row["high"], currency),
            *(risk_text(row, measure, tell) for measure in question.risks),
            "yes" if row["feasible"] else "no",
        ]
        for _, row in found.frontier.iterrows()
    ]
    risks = [heading(measure) for measure in question.risks]
    heads = ["policy and levers", "expected net value", *risks, "within budget"]
    return Shown(question.scenario.name, [words(found)], heads, rows)


@shown.register
def broken_even(found: BreakEven) -> Shown:
    """Return where two policies are worth the same, and the values that were run."""
    question, currency = found.question, found.scenario.currency
    two = len(question.axes) > 1
    columns = ["value", "value2"] if two else ["value"]
    rows = [
        [
            *(_WORDS.number(row[column]) for column in columns),
            _with(row["difference"], row["low"], row["high"], currency), str(row["verdict"]),
        ]
        for row in found.table.sort_values(columns).to_dict("records")
    ]  # fmt: skip
    heads = [*(axis.key for axis in question.axes), f"{question.policy} minus {question.against}", "verdict"]
    return Shown(found.scenario.name, [found.answer], heads, rows)


@shown.register
def explained(found: Explanation) -> Shown:
    """Return why customers were lost, and through whom."""
    least = _LEAST * found.tree.number
    rows = [
        ["\N{NO-BREAK SPACE}" * 4 * depth + branch.label, _WORDS.people(branch.number),
         _WORDS.money(branch.amount, found.scenario.currency)]
        for depth, branch in _branches(found.tree, 0, least)
    ]  # fmt: skip
    title = f"{found.scenario.name}: {found.policy}, replication {found.replication}"
    return Shown(title, found.sentences, ["through", "profitable customers", "money"], rows)


def _branches(branch: Branch, depth: int, least: float) -> list[tuple[int, Branch]]:
    """Return a tree as rows, each branch below the one that it grows from."""
    inner = branch.busiest(_BRANCHES, least) if depth < _DEEP else []
    return [(depth, branch), *(row for each in inner for row in _branches(each, depth + 1, least))]


@shown.register
def swept(found: Sweep) -> Shown:
    """Return what has become of a study's runs, and the mean of each output by policy once they are done."""
    counts = found.counts
    said = [f"{counts.done:,} of {counts.runs:,} runs are done, {counts.failed:,} failed, {counts.pending:,} pending."]
    title = f"Study in {found.folder}"
    if not (found.folder / "table.parquet").is_file():
        return Shown(title, [*said, "The same call goes on with those that are pending."])
    from wom_sim.outcomes.own import every_in

    table = found.table
    outputs = [i for i in every_in(table.columns) if i.name in table.columns]
    means = table.groupby("policy", sort=False)[[i.name for i in outputs]].mean()
    rows = [
        [str(policy), *(_WORDS.quantity(float(row[i.name]), i.unit, "") for i in outputs)]
        for policy, row in means.iterrows()
    ]
    said.append(f"Means over {table['point'].nunique():,} points and all replications, relative to keeping everyone.")
    return Shown(title, said, ["policy", *(i.label for i in outputs)], rows)


@shown.register
def asked(study: Study) -> Shown:
    """Return what a study varies."""
    design = study.points
    rows = [[key, _ends([row[k] for row in design.rows])] for k, key in enumerate(design.columns)]
    note = f"{len(study.points):,} points, {len(study.policies)} policies, {study.said.replications} replications."
    return Shown(study.name, [study.said.question, note] if study.said.question else [note], ["factor", "values"], rows)


def _ends(values: list[object]) -> str:
    distinct = list(dict.fromkeys(values))
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in distinct):
        numbers = [float(str(value)) for value in distinct]
        return f"{_WORDS.number(min(numbers))} to {_WORDS.number(max(numbers))} ({len(distinct)})"
    return ", ".join(map(str, distinct))


def _with(mean: float, low: float, high: float, currency: str) -> str:
    """Return a value with its interval, where there is one."""
    said = _WORDS.money(mean, currency)
    if not (math.isfinite(low) and math.isfinite(high)) or low == high:
        return said
    return f"{said} ({_WORDS.money(low, currency)} to {_WORDS.money(high, currency)})"
