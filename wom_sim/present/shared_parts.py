"""What documents of every kind end with: what was assumed, what to do next, and what is needed to repeat the result."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import datetime

from wom_sim.present import tables
from wom_sim.present.document import Facts, Fold, OnPage, OnSlide, Part, Section, Texts, Verbatim
from wom_sim.present.story import Story
from wom_sim.present.tables import Table
from wom_sim.scenario import to_toml
from wom_sim.scenario.grades import is_bare
from wom_sim.words import Words

MOST_ASSUMED = 10
"""Assumptions on slides, those to doubt first; the report has all."""
UNKNOWN = "?"


def assumed(story: Story) -> Section:
    """Return the assumptions that have a plausible range: on a page with grade and source, on slides without."""
    say, number = story.words.say, story.words.number
    full = tables.assumed(story, [a for a in story.assumed if a.plausible])
    bare = sum(is_bare(a.grade) for a in story.assumed)
    title = say("deck.assumed.title", n=number(len(story.assumed)), bare=number(bare))
    text = say("report.assumed.text", n=number(len(story.assumed)), k=number(len(full.rows)))
    parts = [OnPage(Texts([text])), *assumed_parts(full, len(story.assumed), story.words)]
    return Section("assumed", say("report.section.assumed"), parts, title, say("deck.assumed.notes"), "scenario.toml")


def assumed_parts(full: Table, of: int, words: Words) -> list[Part]:
    """Return assumptions: on a page whole, on slides the first of them without grade and source, the rest counted."""
    short = tables.briefly(full).first(MOST_ASSUMED)
    grades = OnPage(Texts([words.say("report.assumed.grades")], "note"))
    return [OnPage(full), grades, OnSlide(short._replace(others=of - len(short.rows)))]


def following(story: Story, steps: Sequence[str], file: str | Sequence[tuple[str, str]]) -> Section:
    """Return what to do next."""
    return Section("next", story.words.say("deck.next.title"), [Texts(steps, "list")], "",
                   story.words.say("deck.next.notes"), file)  # fmt: skip


def repeating(story: Story) -> Section:
    """Return what is needed to repeat a result; it has no slide."""
    return Section("repeat", story.words.say("report.section.repeat"), repeated(story))


def repeated(story: Story) -> list[Part]:
    """Return what is needed to repeat the run."""
    found, say, run = story.found, story.words.say, story.found.run
    command = run.get("command") or []
    own = found.scenario.run.seed if found.scenario.run.world_seed is None else found.scenario.run.world_seed
    world = (run.get("seeds") or {}).get("world", own)
    packages = ", ".join(f"{name} {version}" for name, version in (run.get("packages") or {}).items())
    lines = [
        ("command", f"wom-sim {shlex.join(str(part) for part in command)}"),
        ("fingerprint", run.get("fingerprint", UNKNOWN)),
        ("version", f"wom_sim {run.get('wom_sim', '?')}, Python {run.get('python', '?')}, {run.get('platform', '?')}"),
        ("commit", run.get("commit", UNKNOWN)),
        ("seeds", say("report.repeat.seed", seed=found.scenario.run.seed, world=world)),
        ("engine", run.get("engine", "")), ("people", _people(story)),
        *_standing(story), ("runs", str(run.get("runs", ""))), ("packages", packages),
        ("written", _moment(str(run.get("written", UNKNOWN)))),
    ]  # fmt: skip
    sources = list(story.told.sources)
    head = [Texts([say("report.repeat.sources")], "heading")] if sources else []
    facts = Facts([(say(f"report.repeat.{name}"), value) for name, value in lines if value])
    return [
        Texts([say("report.repeat.text")]), facts,
        *head, Texts(sources, "list"), Fold(say("report.repeat.scenario"), Verbatim(to_toml(found.scenario))),
    ]  # fmt: skip


def _people(story: Story) -> str:
    """Return how many people were simulated, "" where the result does not say."""
    people = story.found.run.get("people")
    return "" if people is None else story.words.number(float(people))


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
