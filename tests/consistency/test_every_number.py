"""Every number that a person sees is in a table of the folder, as precisely as it is shown, or has a reason."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
import pytest
from artefacts import Passage
from daily import few
from known import Pool, add_runs, add_table, add_verdict, pool_of
from languages import OTHERS, numbers_of, told_otherwise
from small_town import SCENARIO, Shown
from telling import numbers_in

from wom_sim.present.material import Material
from wom_sim.present.result_folder import read
from wom_sim.present.sources import table_for
from wom_sim.scenario import load_scenario

REASONS = {
    r"(?<![\d.])95 %": "the level of an interval or of a tail",
    r"(?<![\d.])(?:the worst )?5 %(?: of (?:the )?(?:runs|replications))?": "the tail that is looked at",
    r"\b5[–-]95 % of": "the band of a chart",
    r"\b5 to 95 %": "the band of a chart",
    r"\b50, 80 and 95 %": "bands of a fan",
    r"\bFigure \d+\b": "the number of a picture",
    r"--worlds \d+": "a command",
    r"\b200 (?:runs give|would give|replications)": "what the tail of 5 % needs to hold ten runs",
    r"\bseed \d+": "a seed",
    r"\brun [0-9a-f]{16}": "a fingerprint",
    r"wom_sim [\d.]+": "a version",
    r"\b\d{1,2} [A-Z][a-z]+ \d{4}\b": "a date",
    r"\bbuild \d+ s|\bruns \d+ s|\bjudging \d+ s": "how long it took",
    r"\bup to 7 times": "part of the name of a number",
    r"\b0 to 1(?=:)": "the range of a unit, in the name of a number",
    r"\bgrade [A-C]\b": "a grade",
    r"\breach(?:es)? \d+ to \d+ %": "part of the name of a number",
    r"\bTime: about \d[\d.]* minutes?, from \d+:\d\d to \d+:\d\d of \d+:\d\d": "a time of the talk",
    r"\(\d of \d\)$": "which slide of several it is",
    r"\bhalf of the runs|\bten runs": "words",
}
SECTIONS = ("report, repeat", "report, assumed", "report, varied", "report, data", "workbook, Assumptions")
"""How to repeat it, and the record of numbers: what the scenario and the evidence say, not what was found.

The tables beside charts are held to the tables that the charts draw, of which the folder keeps a part only.
"""
SOURCES_OF_THE_CASE = load_scenario(SCENARIO).sources
TABLES_OF_EVIDENCE = ("Number", "Used", "Plausible")


def without_reasons(text: str) -> str:
    for pattern in REASONS:
        text = re.sub(pattern, lambda match: " " * len(match[0]), text)
    return text


def unknown(passages: list[Passage], pool: Pool) -> list[str]:
    """Return every number that no table holds, with where it stands."""
    found = []
    for passage in passages:
        if passage.place.startswith(SECTIONS):
            continue
        plain = without_reasons(passage.text.replace("\xa0", " "))
        for told, start in numbers_in(plain):
            if not pool.holds(told):
                found.append(f"{passage.place}: {told.text!r} in {passage.text[max(0, start - 60) : start + 40]!r}")
    return list(dict.fromkeys(found))


def _comparison(found: Shown) -> Pool:
    pool, results = pool_of(found.folder), read(found.folder)
    add_runs(pool, results.replications)
    means = results.summary.pivot_table(index="policy", columns="indicator", values="mean")
    add_verdict(pool, means)
    _add_parts(pool, results.departures)
    _add_pictures(pool, found)
    return pool


def _add_pictures(pool: Pool, found: Shown) -> None:
    """Put in what pictures that the folder keeps no table of are drawn from: the events of the runs."""
    folder = Material(found.folder)
    for name in ("buzz", "channels", "value"):
        add_table(pool, table_for(name, folder))
    heard = table_for("channels", folder).groupby(["policy", "channel"])["people"].max()
    pool.add("plain", heard)
    events = pd.read_parquet(found.folder / "events.parquet", columns=["policy", "replication", "event", "person"])
    met = events[events["event"].isin(["told", "heard"])]
    pool.add("plain", met.groupby(["policy", "replication"])["person"].nunique())  # a cascade is that of one run
    media = heard.groupby("policy").max() / heard.groupby("policy").sum()
    pool.add("share", media)
    worth = table_for("value", folder).assign(size=lambda t: t["money"].abs())
    sums = worth.groupby("policy")["size"].sum()
    pool.add("share", (worth["size"] / worth["policy"].map(sums))[worth["size"] > 0.0])
    gained = worth[worth["money"] > 0.0]
    total = gained.groupby("policy")["money"].sum()
    pool.add("share", gained["money"] / gained["policy"].map(total))
    pool.add("plain", worth.groupby("policy")["people"].sum())


def _add_parts(pool: Pool, departures: pd.DataFrame) -> None:
    """Put in the profitable customers lost, by channel of their first hearing, which sum rows of the table."""
    lost = departures[(departures["profitable"].astype(str) == "True") & (departures["label"] == "because")]
    channel = lost["channel"].mask(lost["acted_on"].astype(str) == "True", "firm")
    pool.add("plain", lost["mean"].groupby([lost["policy"], channel]).sum())


def _worlds(found: Shown) -> Pool:
    """Over worlds the summary is worked out of the runs: it is the table of the folder that readers get."""
    pool, results = pool_of(found.folder), read(found.folder)
    add_table(pool, results.summary)
    add_table(pool, results.differences)
    add_runs(pool, results.replications)
    add_verdict(pool, results.summary.pivot_table(index="policy", columns="indicator", values="mean"))
    for _, own in results.replications.groupby("policy"):
        pool.add("money", [worst_twentieth(own["net_value"].sort_values().tolist())])
    return pool


def worst_twentieth(values: list[float]) -> float:
    """Return the mean of the worst 5 % of runs, the last of them counted in part."""
    left, total = len(values) / 20.0, 0.0
    for value in values:
        part = min(1.0, left)
        total, left = total + part * value, left - part
    return total / (len(values) / 20.0)


def _study(found: Shown) -> Pool:
    pool = pool_of(found.folder)
    runs = pd.read_csv(found.folder / "table.csv")
    pool.add("plain", [runs["point"].nunique(), len(runs), runs["replication"].nunique(), 2, 3, 4])
    return pool


POOLS: dict[str, Callable[[Shown], Pool]] = {"comparison": _comparison, "worlds": _worlds, "study": _study}
ARTEFACTS = ("page", "deck", "board", "terminal", "charts")


def passages_of(found: Shown, artefact: str) -> list[Passage]:
    if artefact == "charts":
        return [Passage(f"chart {name}", line) for name, each in found.charts.items() for line in each.says.split("\n")]
    if artefact in ("deck", "board"):
        seen = getattr(found, artefact).seen
        evidence = {grid.place for grid in seen.grids if grid.heads[:3] == list(TABLES_OF_EVIDENCE)}
        told = [passage for passage in seen.passages if passage.text in SOURCES_OF_THE_CASE]
        return [p for p in seen.passages if not p.place.startswith(tuple(evidence) or ("none",)) and p not in told]
    return [p for p in getattr(found, artefact).passages if p.text not in SOURCES_OF_THE_CASE]


CASES = [(kind, artefact) for kind in POOLS for artefact in ARTEFACTS]
CASES += [(kind, artefact) for kind in ("comparison", "worlds") for artefact in ("one_page", "workbook")]


@pytest.mark.parametrize(("kind", "artefact"), few(CASES, len(ARTEFACTS)))
def test_every_number_is_in_a_table(made, kind, artefact):
    found = made(kind)
    assert unknown(passages_of(found, artefact), POOLS[kind](found)) == []


@pytest.mark.science
@pytest.mark.parametrize("lang", OTHERS)
@pytest.mark.parametrize("kind", POOLS)
def test_another_language_tells_the_same_numbers(made, kind, lang):
    assert told_otherwise(made(kind).folder, lang) == []


def test_a_number_that_another_language_tells_otherwise_is_found_out():
    wrong = [Passage("slide 2, text", "Daarmee gaat $ 1.640 verloren, in 13,3 % van de doorrekeningen")]
    assert list(numbers_of(wrong, "nl")) == [1640.0, 13.3]


def test_a_number_that_is_nowhere_is_found_out(made):
    pool = _comparison(made("comparison"))
    wrong = [Passage("somewhere", "The bulk letter costs $9,123,457 and loses 8,137 customers in 63.9 % of the runs.")]
    assert len(unknown(wrong, pool)) == 3
