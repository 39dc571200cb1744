"""Write docs/POSTERIOR.md from what was learned: the rule, the numbers, the patterns, and cases that were not used.

python experiments/posterior/page.py [--runs results/posterior]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from all_patterns import REPLICATIONS, over_draws
from all_patterns import TABLE as PATTERNS_TABLE
from learn import ELSE, PATTERNS, STRICT, Taught, worth
from prior import RULE, RULES
from score import TABLE, comparisons
from sprint import DECIDES, ERAS, ORDERS, POLICIES

from wom_sim._files import write_text_atomically
from wom_sim.scenario.posterior_of_cases import DRAWS
from wom_sim.words.figures import Figures

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "calibration"))

from pattern_runs import HOLDS, REPORTED  # noqa: E402
from picture import DRAWS as PICTURE_WORDS  # noqa: E402
from picture import draw  # noqa: E402

PAGE = HERE.parents[1] / "docs" / "POSTERIOR.md"
PICTURE = PAGE.parent / "images" / "patterns_posterior.png"
KEEP_NAME = "keep"
ENDS = (0.05, 0.95)
BEYOND = 3.0
"""Standard errors by which the mean of a quantile has to leave .5 before a number counts as learned of; there are as
many draws to learn from as were run, whatever number is judged by them."""



def _text(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def rules_table(taught: Taught) -> Iterator[str]:
    """Yield how likely each rule is."""
    yield "| rule | before | by the cases alone | by cases and patterns |\n|---|---|---|---|"
    alone, both = taught.weights(False, (), patterns=False), taught.weights(False)
    for rule in RULES:
        mine = (taught.others[RULE] == rule).to_numpy()
        yield f"| `{rule}` | {1 / len(RULES):.2f} | {alone[mine].sum():.2f} | {both[mine].sum():.2f} |"


def learned(taught: Taught) -> pd.DataFrame:
    """Return for each number where its quantiles lie now, within the rule that it belongs to."""
    rows, weights, runs = [], taught.weights(False), taught.weights(True)
    for key in taught.others.columns:
        if key == RULE:
            continue
        rule = key.split(".")[1] if key.startswith(("media.taste", "media.story")) else None
        own, ran = (
            each if rule is None else np.where(draws[RULE] == rule, each, 0.0)
            for each, draws in ((weights, taught.others), (runs, taught.draws))
        )
        own, ran = own / own.sum(), ran / ran.sum()
        values = taught.others[key].to_numpy()
        order = np.argsort(values)
        low, middle, high = np.interp([ENDS[0], 0.5, ENDS[1]], np.cumsum(own[order]), values[order])
        apart = (float(own @ values) - 0.5) / (np.sqrt(1 / 12) / np.sqrt(worth(ran)))
        rows.append({"key": key, "low": low, "middle": middle, "high": high, "apart": apart})
    return pd.DataFrame(rows).sort_values("apart", key=lambda x: -x.abs(), ignore_index=True)


def learned_table(found: pd.DataFrame) -> Iterator[str]:
    """Yield the numbers that anything was learned of."""
    yield "| number | half of the draws below | nine of ten within |\n|---|---|---|"
    yield "| *before* | 0.50 | 0.05 to 0.95 |"
    for row in found[found["apart"].abs() >= BEYOND].itertuples():
        yield f"| `{row.key}` | {row.middle:.2f} | {row.low:.2f} to {row.high:.2f} |"


def patterns_table(taught: Taught) -> Iterator[str]:
    """Yield how often the probes are national news before, and in the posterior."""
    yield "| probe, national news | wanted | before | by the cases alone | by cases and patterns |"
    yield "|---|---|---|---|---|"
    flat = np.full(len(taught.draws), 1.0 / len(taught.draws))
    ways = (flat, taught.weights(True, (), patterns=False), taught.weights(True))
    for names, least, most in PATTERNS:
        for name in names:
            news = taught.national(name)
            yield f"| {name} | {least:.2f} to {most:.2f} | " + " | ".join(f"{way @ news:.2f}" for way in ways) + " |"


def scores_table() -> Iterator[str]:
    """Yield how cases that were not used are foretold."""
    yield "| foretold by | question | score | model | null | |\n|---|---|---|---|---|---|"
    table = pd.read_csv(TABLE)
    for name in dict.fromkeys(table["by"]):
        for what, score, found, words in comparisons(table[table["by"] == name]):
            yield f"| {name} | {what} | {score} | {found.model:.3f} | {found.rival:.3f} | {words} |"


def sprint_tables() -> Iterator[str]:
    """Yield what is best at Sprint over worlds of the posterior, with the media of two years."""
    money, percent = Figures.plain("USD").money, "{:.0%}".format
    policies, orders, decides = (pd.read_csv(each) for each in (POLICIES, ORDERS, DECIDES))
    for era in ERAS:
        yield f"\n### With the media of {era}\n"
        yield "| policy | expected, 36 months | 95 % interval | best in | worst regret | national news |"
        yield "|---|---|---|---|---|---|"
        for row in policies[policies["era"] == era].itertuples():
            ends = "" if row.policy == KEEP_NAME else f"{money(row.low)} to {money(row.high)}"
            yield (
                f"| {row.policy} | {money(row.expected_net_value)} | {ends} | {percent(row.share_best)} | "
                f"{money(row.regret_worst)} | {percent(row.national_news)} |"
            )
        often = orders[orders["era"] == era].nlargest(3, "share")
        told = "; ".join(f"{row.order} ({percent(row.share)})" for row in often.itertuples())
        yield f"\nMost frequent orders, best first: {told}."
        mine = decides[decides["era"] == era]
        worth_it = "; ".join(f"`{row.parameter}` {money(row.evppi)}" for row in mine.itertuples())
        yield f"Worth knowing before choosing: {worth_it or 'no single number more than chance would show'}."


def all_patterns() -> Iterator[str]:
    """Yield patterns 1 to 13 over draws of all numbers that worlds draw, and draw the picture."""
    table = pd.read_csv(PATTERNS_TABLE)
    rows = list(over_draws(table))
    draw(rows, PICTURE, PICTURE_WORDS)
    judged = [row for row in rows if row.verdict != REPORTED]
    held = sum(row.verdict == HOLDS for row in judged)
    yield (
        f"Each of {table['draw'].nunique()} draws gives all numbers of talk, media and money that a run over worlds of "
        f"the Sprint case draws; every pattern of docs/DESIGN.md is measured in it with {REPLICATIONS} runs or fewer. "
        f"On average over the draws {held} of {len(judged)} hold (`python experiments/posterior/all_patterns.py`).\n"
    )
    yield "![The patterns over draws: target and obtained](images/patterns_posterior.png)\n"
    yield "| pattern | target | mean (nine of ten draws), and in how many draws within | verdict |"
    yield "|---|---|---|---|"
    for row in rows:
        yield f"| {row.pattern} | {row.target} | {row.obtained} | {row.verdict} |"


def in_short(taught: Taught) -> Iterator[str]:
    """Yield what is to be known, each figure from a table below."""
    weights = taught.weights(False)
    share = {rule: weights[(taught.others[RULE] == rule).to_numpy()].sum() for rule in RULES}
    best = max(share, key=lambda rule: share[rule])
    yield (
        f"* **The cases speak for `{best}`** ({share[best]:.2f}); `level`, the first rule of the model, has "
        f"{share['level']:.2f}."
    )
    scores = pd.read_csv(TABLE)
    found = {(what, score): each for what, score, *each in comparisons(scores[scores["by"] == "the posterior"])}
    brier, spread = found["national news", "brier"], found["day of national news", "interval"]
    yield (
        f"* **On cases that were not used**, national news: Brier score {brier[0].model:.3f}, the rule of one line "
        f"{brier[0].rival:.3f} ({brier[1]}). Day of the news, interval score: {spread[0].model:.1f} and "
        f"{spread[0].rival:.1f} ({spread[1]}). The smaller the better."
    )
    press = found["any press", "brier"]
    yield f"* Whether *any* press reports: {press[0].model:.3f} and {press[0].rival:.3f} ({press[1]})."
    both, missed = taught.weights(True), []
    for names, least, most in PATTERNS:
        for name in names:
            news = float(both @ taught.national(name))
            if not least <= news <= most:
                missed.append(f"{name} ({news:.2f}, wanted {least:.2f} to {most:.2f})")
    if missed:
        yield f"* **Patterns that it misses**: national news after {', '.join(missed)}."


def text(taught: Taught) -> str:
    """Return the page."""
    found = learned(taught)
    quiet = found[found["apart"].abs() < BEYOND]["key"]
    parts = [
        _text("head.md"), "## In short\n", *in_short(taught),
        "\n## Which rule\n", *rules_table(taught), "\n## Which numbers\n",
        "Quantiles of each number's plausible range (0: its low end, 1: its high end).\n", *learned_table(found),
        f"\nOf the other {len(quiet)} numbers the cases teach no more than chance could: they stay as they were.",
        "\n## The patterns of news\n", *patterns_table(taught), "\n## Cases that were not used\n",
        "The cases are in three folds; each is foretold by what those of the other two taught, without patterns. The "
        "null rule is that of docs/BACKTEST.md, with nine chances in ten. The smaller the score the better.\n",
        *scores_table(),
        "\n## All patterns over the draws\n", *all_patterns(),
        "\n## The Sprint case, over 200 draws\n",
        "What is not known of money and people is drawn as in docs/WORLDS.md, what is news from the posterior. "
        "A person stands for 50. Relative to keeping everyone.", *sprint_tables(), "",
        _text("how.md").format(
            draws=len(taught.draws), others=len(taught.others), otherwise=ELSE, strict=STRICT,
            worth=worth(taught.weights(False)),
        ),
    ]  # fmt: skip
    return "\n".join(parts)


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=Path, default=Path("results/posterior"))
    given = parser.parse_args()
    write_text_atomically(PAGE, text(Taught(given.runs)))
    print(f"written: {PAGE.name}, beside {DRAWS.name}")


if __name__ == "__main__":
    main()
