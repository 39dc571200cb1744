"""From a finished study to its answer: a small table of results and one picture.

An experiment is an entry of ``EXPERIMENTS``: which rows of ``points.csv`` the result holds, and what the picture shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from wom_sim._files import write_text_atomically
from wom_sim.charts import Setting, save
from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.present.pictures import chart_named

PRESS = "media.outlets.national press.threshold"


class Picture(NamedTuple):
    """What the picture shows: rows of the result with a column ``level``, what is along and up, and the finding.

    The finding is that of the full study; a reduced one shows the same picture with wider bands.
    """

    rows: Callable[[pd.DataFrame], pd.DataFrame]
    along: str
    up: str
    finding: str
    note: str


class Experiment(NamedTuple):
    """An experiment: the outputs in its result, short names of its factors (others are left out), its picture."""

    outputs: tuple[str, ...]
    factors: Mapping[str, str]
    picture: Picture
    from_levels: str = ""


def _at(**wanted: object) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return a chooser of rows by the values of columns; ``along`` names the column of levels."""

    def choose(result: pd.DataFrame) -> pd.DataFrame:
        rows = result
        for column, value in wanted.items():
            if column != "along":
                rows = rows[rows[column].isin(value) if isinstance(value, tuple) else rows[column] == value]
        return rows.assign(level=rows[str(wanted["along"])])

    return choose


def _named(choose: Callable[[pd.DataFrame], pd.DataFrame], column: str, words: str, form: str = ",.0f") -> Callable:
    """Return the same with each line named by its policy and the value of a column, written in a form."""

    def rows(result: pd.DataFrame) -> pd.DataFrame:
        found = choose(result)
        values = found[column].map(f"{{:{form}}}".format)
        return found.assign(policy=[words.format(p, v) for p, v in zip(found["policy"], values, strict=True)])

    return rows


def _slow(result: pd.DataFrame) -> pd.DataFrame:
    rows = _at(output="national_coverage", along="days", policy=("letter", "telephone"))(result)
    lines = (("letter", 300), ("letter", 1000), ("telephone", 1000), ("telephone", 3000), ("telephone", 10000))
    kept = [pair in lines for pair in zip(rows["policy"], rows["n"], strict=True)]
    return _named(lambda r: r, "n", "{1} by {0}")(rows[kept])


def _words(result: pd.DataFrame) -> pd.DataFrame:
    rows = result[result["output"] == "lost_profitable"]
    cases = (
        ("letter", 0.0, 0.4, "no explanation"),
        ("letter", 1.0, 0.4, "explained; takes off 40 %"),
        ("letter, abuse believed", 1.0, 0.4, "explained, abuse believed"),
        ("letter", 1.0, 1.0, "explained; takes off all"),
    )
    parts = []
    for policy, explained, share, name in cases:
        fits = (rows["policy"] == policy) & (rows["explanation"] == explained) & (rows["explained_away"] == share)
        parts.append(rows[fits].assign(policy=name))
    found = pd.concat(parts)
    return found.assign(level=found["framing"])


def _network(result: pd.DataFrame) -> pd.DataFrame:
    rows = _at(output="reached", policy="letter, no media", along="p_retell")(result)
    rows = rows[rows["p_retell"] <= 0.3]
    return rows.assign(policy=rows["network"].str.replace("_", " "))


EXPERIMENTS = {
    "how_many_at_once": Experiment(
        ("national_coverage", "reached", "lost_profitable", "net_value"),
        {"choose.limit": "n", PRESS: "press_threshold"},
        Picture(
            _at(output="national_coverage", press_threshold=20, along="n"),
            "customers let go", "Chance of national news",
            "A hundred letters on one day have even odds of national news; by telephone it takes some two thousand",
            "5 million customers; 20 paired replications at each point",
        ),
    ),
    "how_slow": Experiment(
        ("national_coverage", "lost_profitable", "net_value", "told"),
        {"choose.limit": "n", "policies.letter.per_day": "letters_a_day"},
        Picture(
            _slow, "days over which they are let go", "Chance of national news",
            "Letters stay news at almost any pace; by telephone 1,000 need a month, 3,000 a quarter to a year",
            "2 million customers; 20 paired replications at each point",
        ),
    ),
    "what_offer": Experiment(
        ("net_value", "let_go", "lost_profitable", "national_coverage", "given"),
        {
            "policies.offer.payment": "payment", "population.segments.customers.credit_seekers": "credit_seekers",
            "population.segments.customers.surplus": "surplus",
        },
        Picture(
            _named(_at(output="net_value", surplus=150, policy="offer", along="payment"),
                   "credit_seekers", "{1} seekers", ".0%"),
            "money offered to each, USD", "Net value against keeping everyone",
            "Offers of 400 dollars or more lose unless all are credit seekers; even then 300 gains most, and 900 loses",
            "1 million customers, 500 heavy callers asked, surplus 150; 8 paired replications",
        ),
    ),
    "what_words": Experiment(
        ("lost_profitable", "joins_lost", "reputational_cost", "net_value", "national_coverage"),
        {
            "policies.letter.framing": "framing", "policies.letter.explanation": "explanation",
            "behaviour.fairness.explained_away": "explained_away",
        },
        Picture(
            _words, "how the letter puts it", "Profitable customers lost",
            "An explanation that takes off 40 % or more saves more than framing; some 500 are lost whatever is said",
            "2 million customers, 1,000 let go by letter; 12 paired replications",
        ),
    ),
    "which_customers": Experiment(
        ("net_value", "told", "lost_profitable", "lost_with_household", "lost_to_story"),
        {'policies."least profit".choose.limit': "n", "behaviour.leaving.household_follows": "household_follows"},
        Picture(
            _at(output="lost_profitable", n=3000, along="household_follows"),
            "chance that a member of the household leaves as well", "Profitable customers lost",
            "A list by calls loses a third to a half more profitable customers than one by profit; "
            "one by value loses a fifth fewer",
            "1 million customers, 3,000 let go by letter (abusers: 86); 10 paired replications",
        ),
    ),
    "what_network": Experiment(
        ("reached", "lost_profitable", "national_coverage", "conversations"),
        {"network.kind": "network", "behaviour.talking.p_retell": "p_retell"},
        Picture(
            _network, "chance that a hearer passes the story on", "People reached by talk alone",
            "Who knows whom shows only if people retell more than they are thought to, and first where there are hubs",
            "240,000 people, 100 let go by letter, no media; 20 paired replications",
        ),
    ),
    "which_unknowns": Experiment(
        ("net_value", "lost_profitable", "national_coverage"),
        {"level": "beta"},
        Picture(
            _at(output="net_value", along="beta"), "beta: log hazard ratio of leaving at full harm",
            "Net value against keeping everyone",
            "On the mean the letter loses in every quarter of beta, most where it is large; one by one gains a little",
            "Sprint at a tenth: 5.3 million customers, 100 let go; 96 worlds, 2 paired replications in each",
        ),
        from_levels="behaviour.leaving.beta",
    ),
    "fast_response": Experiment(
        ("lost_profitable", "joins_lost", "reputational_cost", "net_value", "reached", "let_go"),
        {'policies."explains".response.after_days': "after_days"},
        Picture(
            _at(output="lost_profitable", along="after_days"), "days from the first national coverage to the response",
            "Profitable customers lost",
            "Words alone save next to nothing; what softens the story saves a seventh, within three days",
            "2 million customers, 1,000 let go by letter; 16 paired replications",
        ),
    ),
}  # fmt: skip


def result_of(name: str, analysis: Path) -> pd.DataFrame:
    """Return the small table of an experiment: factors, policy, output, mean and its 95 % interval."""
    experiment = EXPERIMENTS[name]
    if experiment.from_levels:
        levels = pd.read_csv(analysis / "levels.csv")
        table = levels[levels["factor"] == experiment.from_levels]
    else:
        points = pd.read_csv(analysis / "points.csv")
        table = points[points["against"] == "keep"]
    table = table[table["output"].isin(experiment.outputs)].drop(columns="n", errors="ignore")
    table = table.rename(columns=dict(experiment.factors))
    if name == "how_slow":
        table = table.assign(days=(table["n"] / table["letters_a_day"]).round().astype(int))
    own = [*experiment.factors.values(), *(["days"] if "days" in table else [])]
    table = table[[*own, "policy", "output", "mean", "low", "high"]]
    return table.assign(**{c: table[c].map(lambda v: float(f"{v:.6g}")) for c in ("mean", "low", "high")})


def worlds_of(name: str, analysis: Path) -> pd.DataFrame:
    """Return one row a world: what was drawn, and the mean of each output under each policy."""
    points = pd.read_csv(analysis / "points.csv")
    points = points[(points["against"] == "keep") & points["output"].isin(EXPERIMENTS[name].outputs)]
    drawn = [column for column in points.columns if "." in column]
    means = points.pivot_table(index="point", columns=["policy", "output"], values="mean")
    means.columns = [f"{policy}: {output}" for policy, output in means.columns]
    table = points.groupby("point")[drawn].first().join(means).rename_axis("world")
    return table.map(lambda v: float(f"{v:.6g}")).reset_index()


def write_answer(name: str, analysis: Path, folder: Path) -> None:
    """Write ``result.csv`` and ``picture.png`` of an experiment into a folder, and ``worlds.csv`` of drawn worlds."""
    result = result_of(name, analysis)
    write_text_atomically(folder / "result.csv", result.to_csv(index=False, lineterminator="\n"))
    if EXPERIMENTS[name].from_levels:
        write_text_atomically(folder / "worlds.csv", worlds_of(name, analysis).to_csv(index=False, lineterminator="\n"))
    draw_picture(name, result, folder)


def draw_picture(name: str, result: pd.DataFrame, folder: Path) -> None:
    """Draw the picture of an experiment from its small table; its data (CSV) and its text come beside it."""
    picture = EXPERIMENTS[name].picture
    rows = picture.rows(result).reset_index(drop=True)
    output = str(rows["output"].iloc[0])
    unit = next((indicator.unit for indicator in INDICATORS if indicator.name == output), "")
    table = rows[["policy", "level", "mean", "low", "high"]].assign(
        parameter=picture.along, indicator="", label=picture.up, unit=unit
    )
    setting = Setting(picture.note, currency="USD", title=picture.finding, key=f"experiments/{name}/result.csv")
    save(chart_named("response").draw(table, setting), table, folder, "picture", ("png",))
