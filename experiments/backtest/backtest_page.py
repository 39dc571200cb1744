"""The page of the back-test: from the table of scores to docs/BACKTEST.md."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd
from observed import FOLDS, Case
from questions import QUESTIONS, question_named
from summary import Contest, contest, fresh, verdict

HERE = Path(__file__).parent
HEAD, HOW = ((HERE / name).read_text(encoding="utf-8") for name in ("head.md", "how.md"))
"""What stands before and after the figures."""


def page_of(table: pd.DataFrame, cases: Sequence[Case], runs: Mapping[str, int]) -> str:
    """Return the page; ``runs`` is how often each case of the table was simulated. The other cases are named."""
    run = [case for case in cases if case.name in runs]
    missing = [case.stated.name for case in cases if case.name not in runs]
    parts = [HEAD, *answer(table), *unrun(missing), *by_manner(table), *contests(table), *by_case(table, run)]
    clusters = len({case.cluster for case in run})
    folds = "\n".join(f"  * {f}: {', '.join(c.stated.name for c in cases if c.fold == f)}" for f in FOLDS)
    least, most = min(runs.values()), max(runs.values())
    often = f"{most}" if least == most else f"{least} to {most}"
    how = HOW.format(cases=len(run), clusters=clusters, runs=often, folds=folds)
    return "\n".join([*parts, *variants(table, run), *amounts(table), *others(table), how])


def unrun(missing: Sequence[str]) -> Iterator[str]:
    """Yield which cases are not in the figures, if any."""
    if missing:
        yield f"**Not in these figures**, as they have not been run yet: {_and(missing)}."
        yield ""


# -- the answer ------------------------------------------------------------------------------------------------

EVENTS = (
    ("model as it is, null soft", "model", "null_soft"),
    ("model softened, null soft", "softened", "null_soft"),
    ("model as it is, null hard", "model", "null_hard"),
    ("model as it is, base rate", "model", "base_rate"),
)


def headline(table: pd.DataFrame) -> dict[str, Contest]:
    """Return the contests that decide: on what the rule speaks of, and what settled no default."""
    rows = fresh(table)
    news, days = rows[rows["question"] == "national"], rows[rows["question"] == "national_day"]
    found = {
        "Brier": contest(news, "brier_model", "brier_null_soft"),
        "log": contest(news, "log_model", "log_null_soft"),
        "CRPS": contest(days, "crps_model", "crps_null_soft"),
        "interval": contest(days, "interval_model", "interval_null_soft"),
    }
    return {name: each for name, each in found.items() if not math.isnan(each.model)}


def answer(table: pd.DataFrame) -> Iterator[str]:
    """Yield the answer in plain words."""
    found = headline(table)
    won = [name for name, each in found.items() if each.difference is not None and each.difference.low > 0.0]
    lost = [name for name, each in found.items() if each.difference is not None and each.difference.high < 0.0]
    yield "## The answer"
    yield ""
    if len(won) == len(found) and won:
        yield "**The present model beats the null rule**, in every score, by more than chance explains."
    elif won and not lost:
        yield f"**The present model beats the null rule in part**: by more than chance in {_and(won)}, not in the rest."
    elif lost and not won:
        yield f"**The present model does not beat the null rule.** By more than chance it is worse in {_and(lost)}."
    elif won:
        yield f"**The present model does not plainly beat the rule**: better in {_and(won)}, worse in {_and(lost)}."
    else:
        yield "**The present model does not beat the null rule**: no score differs by more than chance explains."
    yield ""
    yield from coin(table)
    yield ""


def coin(table: pd.DataFrame) -> Iterator[str]:
    """Yield how both stand beside a coin on national news."""
    rows = fresh(table)
    rows = rows[rows["question"] == "national"]
    if not len(rows):
        return
    right = [(name, int(_right(rows[col], rows["observed"]).sum())) for name, col in
             (("model", "model"), ("rule", "null_hard"))]  # fmt: skip
    told = ", ".join(f"the {name} in {n}" for name, n in right)
    yield (
        f"Of {len(rows)} cases that settled no default, the likelier outcome of national news was foreseen by {told}. "
        f"Brier scores: a coin .250, the base rate of the other folds {rows['brier_base_rate'].mean():.3f}, "
        f"the model {rows['brier_model'].mean():.3f}, "
        f"the soft rule {rows['brier_null_soft'].mean():.3f}."
    )
    means = {name: rows[f"brier_{name}"].mean() for name in ("base_rate", "model", "null_soft")}
    if means["base_rate"] < min(means["model"], means["null_soft"]):
        yield "Whoever knows only how often such cases are news, and says so each time, does better than both."
    sure = rows[(rows["model"] < 0.05) | (rows["model"] > 0.95)]
    wrong = sure[~_right(sure["model"], sure["observed"])]
    if len(sure):
        yield f"The model was all but sure (below 5 % or above 95 %) in {len(sure)}, and wrong in {len(wrong)} of them."


def _right(p: pd.Series, observed: pd.Series) -> pd.Series:
    return (p > 0.5) == (observed > 0.5)


def _and(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else list(names))


# -- tables ----------------------------------------------------------------------------------------------------


def contests(table: pd.DataFrame) -> Iterator[str]:
    """Yield the tables of mean scores, on what settled no default."""
    rows = fresh(table)
    yield "## Scores"
    yield ""
    yield "Means over cases of what settled no default. *Difference* is rival less model: above 0 the model is better."
    yield ""
    yield "| question | compared | score | model | rival | difference [95 %] | better / worse | |"
    yield "|---|---|---|---|---|---|---|---|"
    for name in [q.name for q in QUESTIONS if q.kind == "event" and not q.silent]:
        mine = rows[rows["question"] == name]
        asked = _words(name) + ("" if mine["by_rule"].all() else " (the rule is silent: taken as no)")
        for words, model, rival in EVENTS if name == "national" else EVENTS[:2]:
            for label, score in (("Brier", "brier"), ("log", "log")):
                yield from _contest_row(mine, f"{asked}|{words}|{label}", f"{score}_{model}", f"{score}_{rival}")
    days = rows[rows["kind"] == "day"]
    for rival in ("null_soft", "null_hard"):
        for label, score in (("CRPS", "crps"), ("interval", "interval")):
            words = f"model as it is, {rival.replace('_', ' ')}"
            begins = f"day of news, ln(1 + days)|{words}|{label}"
            yield from _contest_row(days, begins, f"{score}_model", f"{score}_{rival}")
    yield ""


def _contest_row(
    rows: pd.DataFrame, begins: str, model: str, rival: str, short: bool = False
) -> Iterator[str]:
    """Yield the row of a contest; ``begins`` holds its first three cells, of which ``short`` takes the first."""
    if not len(rows):
        return
    found = contest(rows, model, rival)
    told, counts = "", ""
    if found.difference is not None:
        d = found.difference
        told, counts = f"{d.mean:+.3f} [{d.low:+.3f} to {d.high:+.3f}]", f"{d.better} / {d.worse} of {d.cases}"
    question, words, label = begins.split("|")
    ours, theirs = _number(found.model), _number(found.rival)
    cells = [question] if short else [question, words, label]
    yield f"| {' | '.join([*cells, ours, theirs, told, counts, verdict(found)])} |"


def _number(x: float) -> str:
    return "infinite" if math.isinf(x) else f"{x:.3f}"


def by_manner(table: pd.DataFrame) -> Iterator[str]:
    """Yield where the model is right and where not: by how the firm went about it."""
    rows = fresh(table)
    rows = rows[rows["question"] == "national"]
    yield "## Where it is right, and where not"
    yield ""
    yield "National news, cases that settled no default, by how the firm went about it. *Expected*: sum of the chances."
    yield ""
    yield "| manner | cases | were news | model expected | rule expected | Brier model | Brier rule |"
    yield "|---|---|---|---|---|---|---|"
    for manner, mine in rows.groupby("manner", sort=True):
        told = [f"{mine[name].sum():.1f}" for name in ("observed", "model", "null_soft")]
        scored = [f"{mine[name].mean():.3f}" for name in ("brier_model", "brier_null_soft")]
        yield f"| {manner} | {len(mine)} | {' | '.join([*told, *scored])} |"
    yield ""


def by_case(table: pd.DataFrame, cases: Sequence[Case]) -> Iterator[str]:
    """Yield the table of national news, a case a row."""
    yield "## National news, case by case"
    yield ""
    yield (
        "*Written to*: what the rule counts. *Observed*: how sure it is that there was national news. *Used*: it "
        "settled a default, so that agreement proves little."
    )
    yield ""
    yield "| case | fold | written to | observed | day observed | model | model's days, 80 % | rule | |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for case in cases:
        rows = table[table["case"] == case.name].set_index("question")
        if "national" not in rows.index:
            continue
        news, day = rows.loc["national"], rows.loc["national_day"]
        window = float(day["window"])
        outcome = next(o for o in case.outcome if o.question == "national")
        seen = f"not within {window:.0f}" if outcome.chance is not None and outcome.chance < 0.5 else _days(outcome.day)
        low, high = (_day(day[name], window) for name in ("model_low", "model_high"))
        told = low if low == high else f"{low} to {high}"
        right = "" if _right(pd.Series([news["model"]]), pd.Series([news["observed"]])).all() else "**misses**"
        right = "undecided" if 0.4 <= news["model"] <= 0.6 else right
        used = " (used)" if bool(news["used"]) else ""
        rule = "yes" if news["null_hard"] > 0.5 else "no"
        yield (
            f"| {case.stated.name}{used} | {case.fold} | {int(news['written_to']):,} | {news['observed']:.0%} | {seen} "
            f"| {news['model']:.0%} | {told} | {rule} | {right} |"
        )
    yield ""


def variants(table: pd.DataFrame, cases: Sequence[Case]) -> Iterator[str]:
    """Yield the answer on national news for other choices of cases."""
    rows = table[table["question"] == "national"]
    doubtful = {case.name for case in cases if not case.calibrate}
    choices = {
        "as above": fresh(rows),
        "those that settled a default as well": rows,
        "without cases of which too little is known": fresh(rows)[~fresh(rows)["case"].isin(doubtful)],
        "only where the record is of grade A": fresh(rows)[fresh(rows)["grade"].str.startswith("A")],
    }
    yield "## With other cases"
    yield ""
    yield "Brier score of national news, model as it is beside the soft rule."
    yield ""
    yield "| cases | model | rule | difference [95 %] | better / worse | |"
    yield "|---|---|---|---|---|---|"
    for words, mine in choices.items():
        yield from _contest_row(mine, f"{words}||", "brier_model", "brier_null_soft", short=True)
    yield ""


def _days(day: Sequence[float] | None) -> str:
    if day is None:
        return "not known"
    low, mode, high = day
    return f"{mode:.0f}" if low == high else f"{mode:.0f} ({low:.0f} to {high:.0f})"


def _day(day: float, window: float) -> str:
    return "never" if day >= window else f"{day:.0f}"


def amounts(table: pd.DataFrame) -> Iterator[str]:
    """Yield the table of numbers, which are too few and too unlike for a mean."""
    rows = table[table["kind"] == "amount"]
    if not len(rows):
        return
    yield "## Numbers"
    yield ""
    yield (
        "Too few, and of too many units, for a mean. CRPS is in the unit, for posts in ln(1 + posts). The rule says 0, "
        "and of acceptance that any share is as likely."
    )
    yield ""
    yield "| case | question | observed, 80 % | model, 80 % | CRPS model | CRPS null | |"
    yield "|---|---|---|---|---|---|---|"
    for _, row in rows.iterrows():
        better = "model" if row["crps_model"] < row["crps_null_soft"] else "null"
        used = " (used)" if bool(row["used"]) else ""
        yield (
            f"| {row['case']} | {_words(row['question'])}, {row['unit']}{used} "
            f"| {row['observed']:.3g} ({row['observed_low']:.3g} to {row['observed_high']:.3g}) "
            f"| {row['model']:.3g} ({row['model_low']:.3g} to {row['model_high']:.3g}) "
            f"| {row['crps_model']:.3g} | {row['crps_null_soft']:.3g} | {better} |"
        )
    yield ""


def others(table: pd.DataFrame) -> Iterator[str]:
    """Yield what the model has no answer to."""
    rows = table[table["silent"].astype(bool)]
    for name in dict.fromkeys(rows["question"]):
        mine, question = rows[rows["question"] == name], question_named(name)
        assert question is not None
        expected = float(mine["observed"].sum())
        yield "## What the model cannot say"
        yield ""
        words = f"{question.words[0].upper()}{question.words[1:]}"
        yield (
            f"*{words}*: {question.silent}. Asked in {len(mine)} cases, it did in about {expected:.1f}. Model and rule "
            "both say no, so it is left out of the comparison; the rows are in the table."
        )
        yield ""


def _words(name: str) -> str:
    question = question_named(name)
    assert question is not None
    return question.words

