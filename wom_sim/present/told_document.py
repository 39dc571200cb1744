"""A search, a break-even or a fit as a document, for a page and for slides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

import pandas as pd

from wom_sim.charts.frontier import own_levers, shared
from wom_sim.charts.names import factor_name, factor_said, number_name, seen_name
from wom_sim.present.chart_data import beside
from wom_sim.present.document import WHOLE, Chart, Document, OnPage, OnSlide, Part, Section, Texts
from wom_sim.present.drawn import draw_from
from wom_sim.present.provenance import printed
from wom_sim.present.result_folder import Findings
from wom_sim.present.shared_parts import assumed, following, repeating
from wom_sim.present.story import Story, story_of
from wom_sim.present.tables import Cell, Table
from wom_sim.present.told_folder import Told, recommendation, turning
from wom_sim.scenario.used import is_choice
from wom_sim.study import break_even_words, fit_words
from wom_sim.study.recommend import Recommendation
from wom_sim.study.recommend_words import heading, risk_text, sentences
from wom_sim.words import Words, sentence
from wom_sim.words.levers import level_said, lever, levers

FITS = {"learned": "learned.csv", "taught": "taught.csv", "checked": "check.csv", "calibrated": "calibration.csv"}
"""The charts of a fit, each with the file of its figures."""
_FEW = 12
"""Rows of a table that are worth a slide."""


def told_document(found: Told, lang: str = "en") -> Document:
    """Return what is told of a result that is neither a comparison nor a study.

    Raises
    ------
    FolderError
        Where the folder does not say what was asked.
    ValueError
        For a language that there is not.
    """
    # Names, amounts and assumptions are told as those of a comparison; they need its scenario and run only.
    story = story_of(cast(Findings, found), lang)
    return _KINDS[found.kind](found, story)


def _document(found: Told, story: Story, headline: str, sections: Sequence[Section], opening: str) -> Document:
    """Return a document of some sections, with what was assumed and how to repeat it at its end."""
    scenario = story.told
    about = story.words.say(f"told.about.{found.kind.replace('-', '_')}")
    every = [*sections[:-1], assumed(story), sections[-1], repeating(story)]
    return Document(scenario.name, headline, scenario.question, every, printed(story), about, opening)


def _chart(found: Told, story: Story, name: str, file: str) -> Iterator[Chart]:
    """Yield a chart, if the folder allows it."""
    for drawn in draw_from(found.material, story.words, [name]):
        yield Chart(drawn, beside(name, drawn.table, story), "", file)


# -- a search ------------------------------------------------------------------------------------------------


def _search(found: Told, story: Story) -> Document:
    say, told = story.words.say, _in_words(recommendation(found), story)
    currency = found.scenario.currency
    alike = shared(told.frontier.to_dict("records"))
    common = [say("chart.frontier.shared", levers=", ".join(alike))] if alike else []
    said = sentences(told, story.words.lang, lambda path, value: lever(path, value, story.words, currency))
    charts = list(_chart(found, story, "frontier", "frontier.csv"))
    headline = charts[0].drawn.finding if charts else said[0]
    finalists = _finalists(told, story)
    # On a page the table stands first: its rows fill the first page of paper, which the chart would leave half empty.
    shown: list[Part] = [OnPage(finalists), OnPage(Texts(common, "note")), *charts, OnSlide(finalists)]
    sections = [
        Section("found", say("told.found"), [Texts(said, "list")], "", said[0], "recommend.json"),
        Section("finalists", say("told.search.finalists"), shown, "", say("told.search.notes"), "frontier.csv",
                slides=WHOLE),
        Section("tried", say("told.search.tried"), [_tried(told, story), Texts([say("told.search.flatters")], "note")],
                "", say("told.search.flatters"), "tried.csv"),
        following(story, _steps(told, story), "frontier.csv"),
    ]  # fmt: skip
    return _document(found, story, headline, sections, "search.json")


def _in_words(told: Recommendation, story: Story) -> Recommendation:
    """Return a search with the levers of its finalists in words; at what they are set stays in what was tried."""
    words, currency = story.words, told.question.scenario.currency
    frontier = told.frontier.copy()
    frontier["levers"] = [levers(str(text), words, currency) for text in frontier["levers"]]
    frontier["alike"] = [_alike(str(text), words, currency) for text in frontier["alike"]]
    return replace(told, frontier=frontier)


def _alike(text: str, words: Words, currency: str) -> str:
    """Return in words what comes to the same: other values of a lever, other policies with their levers."""
    parts = []
    for part in filter(None, text.split("; ")):
        if part.endswith(")"):
            name, _, inner = part[:-1].partition(" (")
            told = levers(inner, words, currency)
            parts.append(f"{words.policy(name)} ({told})" if told else words.policy(name))
            continue
        path, _, values = part.partition(" ")
        parts += [levers(f"{path} {value}", words, currency) for value in values.split(", ")]
    return "; ".join(parts)


def _finalists(told: Recommendation, story: Story) -> Table:
    """Return the finalists: value with its interval, each risk that counts, and whether it is within the budget."""
    say, lang = story.words.say, story.words.lang
    heads = [say("report.varied.policy"), say("told.search.value", over=story.figures.over)]
    heads += [sentence(heading(measure, lang)) for measure in told.question.risks]
    heads += [say("told.search.within")] if told.question.budgets else []
    rows, alike = [], shared(told.frontier.to_dict("records"))
    for row in told.frontier.to_dict("records"):
        interval = story.figures.interval(row["low"], row["high"], "currency")
        cells = [Cell(story.heading(str(row["policy"])), own_levers(row, alike))]
        cells.append(Cell(story.money(float(row["expected_net_value"])), interval))
        cells += [Cell(risk_text(row, measure, story.figures)) for measure in told.question.risks]
        if told.question.budgets:
            key = "surely" if row["surely_feasible"] else "estimated" if row["feasible"] else "no"
            cells.append(Cell(say(f"told.search.within_{key}")))
        rows.append(cells)
    return Table(say("told.search.table", n=int(told.frontier["n"].max())), heads, rows)


def _tried(told: Recommendation, story: Story) -> Table:
    """Return for each policy how many settings were tried, and the best value in the search."""
    say = story.words.say
    heads = [say("report.varied.policy"), say("told.search.settings"), say("told.search.best")]
    rows = []
    for policy, mine in told.tried.groupby("policy", sort=False):
        best = story.money(float(mine["value_in_search"].max()))
        rows.append([Cell(story.heading(str(policy))), Cell(story.words.exact(len(mine))), Cell(best)])
    return Table(say("told.search.tried_table"), heads, rows)


def _steps(told: Recommendation, story: Story) -> list[str]:
    """Return what to do next: try what is recommended, look at what is not told apart, vary the assumptions."""
    say, best = story.words.say, told.frontier[told.frontier["best"].astype(bool)].iloc[0]
    keep = best["policy"] == "keep" or not best["feasible"]
    said = [say("told.search.next_keep") if keep else say("told.search.next_trial", best=story.policy(best["policy"]))]
    others = told.frontier[told.frontier["feasible"].astype(bool) & ~told.frontier["best"].astype(bool)]
    if not others.empty and not others["told_apart"].astype(bool).all():
        said.append(say("told.search.next_apart"))
    if not told.question.over_worlds:
        said.append(say("told.search.next_worlds"))
    return [*said, say("told.next_compare")]


# -- a break-even --------------------------------------------------------------------------------------------


def _break_even(found: Told, story: Story) -> Document:
    say, words, answer = story.words.say, story.words, turning(found)

    def name(key: str) -> str:
        return factor_name(key, words)

    said = break_even_words.in_words(answer, words.lang, lambda key: factor_said(key, words), story.policy)
    charts = list(_chart(found, story, "breakeven", "breakeven.csv"))
    headline = charts[0].drawn.finding if charts else said
    axis = answer.question.axes[0].key
    after = "choose" if is_choice(axis) else "find"
    title = say("told.break_even.found", policy=story.policy(answer.question.policy))
    sections = [
        Section("found", say("told.found"), [Texts([sentence(said)])], title, sentence(said), "breakeven_line.csv"),
        Section("where", say("told.break_even.where"), [*charts, *_points(answer.table, story, name)], "",
                say("told.break_even.notes"), "breakeven.csv"),
        following(story, [say(f"told.break_even.next_{after}", number=name(axis)),
                          say("told.next_worlds"), say("told.next_compare")], "breakeven.csv"),
    ]  # fmt: skip
    return _document(found, story, headline, sections, "scenario.toml")


def _points(table: pd.DataFrame, story: Story, name: Callable[[str], str]) -> Iterator[Part]:
    """Yield a row for each value that was run, of one number; a map of two has its chart."""
    say, currency = story.words.say, story.told.currency
    two = isinstance(table["second"].iloc[0], str) and bool(table["second"].iloc[0])
    heads = [name(str(table["parameter"].iloc[0]))] + ([name(str(table["second"].iloc[0]))] if two else [])
    heads += [say("told.break_even.difference", over=story.figures.over), say("told.break_even.verdict")]
    rows = []
    for row in table.sort_values(["value2", "value"] if two else "value").to_dict("records"):
        pairs = [("parameter", "value"), ("second", "value2")][: 1 + two]
        values = [Cell(level_said(str(row[key]), row[value], story.words, currency)) for key, value in pairs]
        interval = story.figures.interval(row["low"], row["high"], "currency")
        difference = Cell(story.figures.difference(row["difference"], "currency"), interval)
        rows.append([*values, difference, Cell(say(f"told.break_even.{row['verdict']}"))])
    shown = Table(say("told.break_even.table"), heads, rows, numbers=0)
    yield shown if not two and len(rows) <= _FEW else OnPage(shown)


# -- a fit ---------------------------------------------------------------------------------------------------


def _fit(found: Told, story: Story) -> Document:
    say, words = story.words.say, story.words
    learned, check, calibration = (found.tables[name] for name in ("learned.csv", "check.csv", "calibration.csv"))
    meanings = dict(zip(learned["key"].astype(str), learned["meaning"], strict=True))

    def quoted(name: str) -> str:
        return say("report.quoted", name=name)

    said = fit_words.in_words(
        learned, check, calibration, words.lang,
        lambda key: quoted(number_name(key, str(meanings.get(key, "")), words)),
        lambda label: quoted(seen_name(label, words)),
    )  # fmt: skip
    charts = {name: list(_chart(found, story, name, file)) for name, file in FITS.items()}
    first = charts["learned"] or charts["checked"]
    headline = first[0].drawn.finding if first else said[0]
    shown = [Section(name, say(f"told.fit.{name}"), charts[name], "", "", FITS[name]) for name in FITS if charts[name]]
    steps = [say("told.fit.next_worlds") if learned["learned"].astype(bool).any() else say("told.fit.next_nothing")]
    if check["strange"].astype(bool).any():
        steps.insert(0, say("told.fit.next_strange"))
    sections = [
        Section("found", say("told.found"), [Texts(said, "list")], "", said[0], "run.json"), *shown,
        following(story, [*steps, say("told.fit.next_error")], "check.csv"),
    ]  # fmt: skip
    return _document(found, story, headline, sections, "seen.json")


_KINDS: Mapping[str, Callable[[Told, Story], Document]] = {"search": _search, "break-even": _break_even, "fit": _fit}
