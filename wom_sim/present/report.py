"""A comparison as one HTML page that needs no other file, no script and no network."""

from __future__ import annotations

import shlex
from datetime import datetime
from typing import Any

from wom_sim.charts.house import house_colours
from wom_sim.present import facts, known, options, own, tables, tails
from wom_sim.present.attributed import attribution
from wom_sim.present.base import definitions, tables_of_base
from wom_sim.present.brand import Brand
from wom_sim.present.chart_data import beside
from wom_sim.present.drawn import Drawing, LeftOut, Tell, drawings
from wom_sim.present.page import render
from wom_sim.present.provenance import printed
from wom_sim.present.result_folder import Findings
from wom_sim.present.story import Story, story_of
from wom_sim.scenario import to_toml
from wom_sim.scenario.notes import on_money
from wom_sim.study import base_words

PLAIN_BRAND = Brand()
SECTIONS = (
    "verdict", "base", "sure", "happens", "leaves", "money", "risk", "decides", "indicators", "varied", "assumed",
    "repeat",
)  # fmt: skip


def report(
    found: Findings, lang: str = "en", tell: Tell = lambda words: None, brand: Brand = PLAIN_BRAND
) -> str:
    """Return the report of a comparison as HTML; ``tell`` is called with what takes long.

    Raises
    ------
    ValueError
        For a language that there is not.
    """
    story = story_of(found, lang)
    with house_colours(brand.colours):
        return render("report.html.j2", story.words, {"house": brand, **_content(story, tell)})


def _content(story: Story, tell: Tell) -> dict[str, Any]:
    """Return everything that the template places."""
    found, say = story.found, story.words.say
    theirs = own.sections(found, story.words)
    return {
        "title": say("report.title", name=found.scenario.name), "headline": story.headline(),
        "printed": printed(story),
        "sections": _named(story, theirs), "own_sections": theirs,
        "question": found.scenario.question, "over": story.figures.over, **_charts(story, tell),
        "verdict": story.verdict(), "how_sure": story.how_sure(), "happens": story.happens(),
        **_base(story), **_tables(story), **_assumed(story), **_repeat(story),
    }  # fmt: skip


def _named(story: Story, theirs: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return the sections as the contents list them: name and title; those of other packages before the indicators."""
    shown = [name for name in SECTIONS if name != "base" or "base" in story.found.extra]
    ours = [(name, story.words.say(f"report.section.{name}")) for name in shown]
    place = shown.index("indicators")
    return [*ours[:place], *((each["name"], each["title"]) for each in theirs), *ours[place:]]


def _charts(story: Story, tell: Tell) -> dict[str, Any]:
    """Return the charts with their captions, numbered in the order of the sections, and what is left out."""
    found = drawings(story, tell=tell)
    drawn = [each for each in found if isinstance(each, Drawing)]
    shown = []
    for n, each in enumerate(sorted(drawn, key=lambda d: SECTIONS.index(d.section)), start=1):
        caption = story.words.say("report.chart.caption", n=n, title=each.title)
        data = None if each.table is None else beside(each.name, each.table, story)
        shown.append({"section": each.section, "caption": caption, "beside": data, **each.placed()})
    return {"charts": shown, "left_out": [each for each in found if isinstance(each, LeftOut)]}


def _base(story: Story) -> dict[str, Any]:
    """Return the base in short, its warnings, its tables and what they mean; nothing of a result that has none."""
    table, scenario, figures = story.found.extra.get("base"), story.found.scenario, story.figures
    if table is None or table.empty:
        return {"base_brief": [], "base_warnings": [], "base_tables": [], "base_means": []}
    return {
        "base_brief": base_words.brief(table, scenario, figures),
        "base_warnings": base_words.warnings(table, scenario, figures),
        "base_tables": tables_of_base(table, scenario, figures), "base_means": definitions(scenario, figures),
    }  # fmt: skip


def _tables(story: Story) -> dict[str, Any]:
    """Return the tables of the sections on results."""
    found = story.found
    shown = (tables.verdicts(story), tables.drivers(story), tables.drivers_of_each(story))
    decided = [table for table in shown if table is not None]
    reasons = not found.departures.empty and any(found.estimate(p, facts.LOST).mean != 0.0 for p in found.options)
    return {
        "key_figures": tables.key_figures(story), "indicators": tables.indicators(story),
        "ledger": tables.ledger(story), "money": [story.money_text(p) for p in found.options],
        "months": tables.months(story),
        "leaves": story.leaves(), "keeps": story.keeps(), "attribution": attribution(story),
        "lost": [tables.lost(story, column) for column in ("cause", "channel")] if reasons else [],
        "risk": tails.risk(story), "risk_text": story.risk_text(), "risk_tail": "risk" in found.extra,
        "risk_few": tails.warning(story), "decides": story.decides(), "decides_tables": decided,
        "options": options.table(story), "varied": story.varied(options.whom(story, found.scenario.choose)),
    }  # fmt: skip


def _assumed(story: Story) -> dict[str, Any]:
    """Return the tables of assumptions: those with a plausible range, then the rest."""
    every, found = story.assumed, story.found.scenario
    ranged, rest = [a for a in every if a.plausible], [a for a in every if not a.plausible]
    say, number = story.words.say, story.words.number
    return {
        "guessed": [*on_money(found, story.words), *story.guessed()], **known.content(story),
        "assumed": tables.assumed(story, ranged), "assumed_rest": tables.assumed(story, rest),
        "assumed_text": say("report.assumed.text", n=number(len(every)), k=number(len(ranged))),
        "assumed_rest_title": say("report.assumed.rest", n=number(len(rest))),
    }  # fmt: skip


def _repeat(story: Story) -> dict[str, Any]:
    """Return what is needed to repeat the run."""
    found, say, run = story.found, story.words.say, story.found.run
    command = run.get("command") or []
    world = (run.get("seeds") or {}).get("world", "?")
    packages = ", ".join(f"{name} {version}" for name, version in (run.get("packages") or {}).items())
    lines = [
        ("command", f"wom-sim {shlex.join(str(part) for part in command)}"),
        ("fingerprint", run.get("fingerprint", "?")),
        ("version", f"wom_sim {run.get('wom_sim', '?')}, Python {run.get('python', '?')}, {run.get('platform', '?')}"),
        ("commit", run.get("commit", "?")),
        ("seeds", say("report.repeat.seed", seed=found.scenario.run.seed, world=world)),
        ("engine", run.get("engine", "?")), ("people", story.words.number(float(run.get("people", "nan")))),
        *_standing(story), ("runs", str(run.get("runs", "?"))), ("packages", packages),
        ("written", _moment(str(run.get("written", "?")))),
    ]  # fmt: skip
    return {
        "provenance": [(say(f"report.repeat.{name}"), value) for name, value in lines],
        "sources": list(found.scenario.sources),
        "scenario": to_toml(found.scenario),
    }


def _standing(story: Story) -> list[tuple[str, str]]:
    """Return for how many each simulated person stands; nothing where that is one."""
    represents = story.found.scenario.run.represents
    return [("represents", story.words.number(represents))] if represents > 1 else []


def _moment(text: str) -> str:
    """Return a moment as a person writes it, or the text as it is."""
    try:
        return datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M %Z")
    except ValueError:
        return text
