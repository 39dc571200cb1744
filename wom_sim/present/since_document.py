"""What changed between two comparisons, as a document: the answer then and now, the figures, what was set otherwise."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd

from wom_sim.charts import changed
from wom_sim.charts.names import factor_name
from wom_sim.present import board_facts, facts, tables
from wom_sim.present.chart_data import beside
from wom_sim.present.document import Chart, Document, OnPage, OnSlide, Part, Section, Texts
from wom_sim.present.drawn import draw_beside
from wom_sim.present.provenance import printed, run_key
from wom_sim.present.shared_parts import assumed, following, repeating
from wom_sim.present.since import Since
from wom_sim.present.story import Story, story_of
from wom_sim.present.tables import Cell, Table
from wom_sim.scenario import Scenario
from wom_sim.study.extend import differing
from wom_sim.words import sentence

_IN_A_LIST = re.compile(r"^(?P<where>policies|population\.segments|media\.outlets)\[(?P<n>\d+)\]\.(?P<rest>.+)$")
_NO_NUMBERS = ("name", "question", "story", "sources", "texts")
MOST_KEYS = 40
"""Settings that are told one by one; further ones are counted."""


def since_document(found: Since, lang: str = "en") -> Document:
    """Return what changed. Raises ValueError for a language that there is not."""
    now, then = story_of(found.now, lang), story_of(found.then, lang)
    say, scenario = now.words.say, now.told
    headline = _headline(now, then)
    sections = [
        Section("found", say("told.found"), _found(now, then), headline, _moved(now, then), "summary.csv"),
        Section("figures", say("since.figures"), [*_chart(now, then), _figures(now, then),
                Texts([say("since.note")], "note")], "", say("since.note"), "summary.csv"),
        Section("varied", say("since.settings"), list(_settings(now, then)), "", say("since.settings_notes"),
                "scenario.toml"),
        assumed(now), following(now, _steps(now, then), "summary.csv"), repeating(now),
    ]  # fmt: skip
    name = say("since.name", name=scenario.name)
    return Document(name, headline, scenario.question, sections, printed(now), _runs(now, then), "scenario.toml")


def _headline(now: Story, then: Story) -> str:
    """Return in a sentence whether the answer is another one."""
    old, new = then.choice.chosen, now.choice.chosen
    if facts.lead(now.found) is None or facts.lead(then.found) is None:
        return now.words.say("since.alone")
    key = "same" if old == new else "other"
    told = {"now": now.policy(new), "value": now.mean(new, facts.NET)}
    told |= {"then": now.policy(old), "before": then.mean(new if old == new else old, facts.NET)}
    if old == new and (new == "keep" or told["value"] == told["before"]):
        key = "same_keep" if new == "keep" else "all_same"
    return now.words.say(f"since.{key}", over=now.figures.over, **told)


def _found(now: Story, then: Story) -> list[Part]:
    """Return the answer then and now, what moved most, how much of it chance may be, and of which runs both are."""
    say = now.words.say
    answers = [say("since.then", text=then.headline()), say("since.now", text=now.headline())]
    said = Texts([*answers, _moved(now, then), *_gone(now, then)], "list")
    return [said, OnPage(Texts([_runs(now, then)], "note"))]


def _both(now: Story, then: Story) -> list[str]:
    """Return the options that both results have, in the order of the later one."""
    return [policy for policy in now.found.options if policy in then.found.options]


def _moved(now: Story, then: Story) -> str:
    """Return which option's net value moved most, and whether the intervals of then and now are apart."""
    say, options = now.words.say, _both(now, then)
    if not options:
        return say("since.no_option")

    def gap(policy: str) -> float:
        old, new = (story.found.estimate(policy, facts.NET).mean for story in (then, now))
        return abs(new - old)

    moved = max(options, key=gap)
    old, new = (story.found.estimate(moved, facts.NET) for story in (then, now))
    told = {"policy": now.policy(moved), "before": then.mean(moved, facts.NET), "value": now.mean(moved, facts.NET)}
    if told["before"] == told["value"]:
        return say("since.nothing_moved")
    known = all(math.isfinite(end) for each in (old, new) for end in (each.low, each.high))
    key = "unknown" if not known else "apart" if old.high < new.low or new.high < old.low else "overlap"
    return sentence(f"{say('since.moved', **told)} {say(f'since.{key}')}")


def _gone(now: Story, then: Story) -> Iterator[str]:
    """Yield which options only one of both results has."""
    for key, mine, others in (("new", now, then), ("gone", then, now)):
        names = [now.policy(p) for p in mine.found.options if p not in others.found.policies]
        if names:
            yield sentence(now.words.say(f"since.{key}", policies=now.words.listed(names)))


def _runs(now: Story, then: Story) -> str:
    """Return of which runs both are."""
    number = now.words.number
    told: dict[str, str] = {}
    for name, story in (("then", then), ("now", now)):
        told |= {f"n_{name}": number(story.found.runs), f"run_{name}": run_key(story)}
    return now.words.say("since.runs", **told)


def _chart(now: Story, then: Story) -> list[Chart]:
    """Return the value of each option then and now as a chart; none where no option is in both results."""
    rows = []
    for policy in _both(now, then):
        old, new = (story.found.estimate(policy, facts.NET) for story in (then, now))
        about = {"policy": policy, "indicator": facts.NET, "label": tables.label(now, facts.NET), "unit": "currency"}
        ends = dict(zip(changed.ENDS, (old.mean, old.low, old.high, new.mean, new.low, new.high), strict=True))
        rows.append(about | ends)
    if not rows:
        return []
    table = pd.DataFrame(rows)
    drawn = draw_beside(now, "changed", table, changed.draw)
    return [Chart(drawn, beside(drawn.name, table, now), "", "summary.csv")]


def _figures(now: Story, then: Story) -> Table:
    """Return each figure of each option, then and now, with their intervals."""
    say, rows = now.words.say, []
    names = board_facts.known(then, board_facts.known(now, board_facts.KEY))
    for policy in _both(now, then):
        for name in names:
            label = sentence(tables.label(now, name)) + (now.figures.over if name == facts.NET else "")
            old, new = tables.estimate(then, policy, name), tables.estimate(now, policy, name)
            rows.append([Cell(now.heading(policy)), Cell(label), old, new])
    heads = [say("report.varied.policy"), say("report.indicators.indicator")]
    heads += [say("since.head_then"), say("since.head_now")]
    return Table(say("since.figures_table"), heads, rows, numbers=2)


def _settings(now: Story, then: Story) -> Iterator[Part]:
    """Yield what was set otherwise: in words, then and now, with its key on a page."""
    say = now.words.say
    otherwise = {
        key: values
        for key, values in differing(then.found.scenario, now.found.scenario).items()
        if key.split(".")[0].partition("[")[0] not in _NO_NUMBERS and not key.endswith(("].name", ".use"))
    }
    if not otherwise:
        yield Texts([say("since.no_settings")])
        yield from _versions(now, then)
        return
    rows = []
    for key, (old, new) in list(otherwise.items())[:MOST_KEYS]:
        name, plain = _named(key, now)
        rows.append([Cell(name, plain), Cell(_told(old, now)), Cell(_told(new, now))])
    heads = [say("since.setting"), say("since.head_then"), say("since.head_now")]
    full = Table(say("since.settings_table"), heads, rows, numbers=1)
    yield OnPage(full)
    yield OnSlide(full._replace(rows=[[Cell(cell.text) for cell in row] for row in rows]))
    rest = len(otherwise) - len(rows)
    yield Texts([say("deck.more", n=now.words.number(rest))] if rest else [])
    yield from _versions(now, then)


def _versions(now: Story, then: Story) -> Iterator[Part]:
    """Yield that the model itself is another one, where it is."""
    old, new = (story.found.run.get("model") for story in (then, now))
    if old != new:
        yield Texts([now.words.say("since.other_model")])


def _named(key: str, story: Story) -> tuple[str, str]:
    """Return what a setting is called, and its key as a scenario has it."""
    found = _IN_A_LIST.match(key)
    if found is None:
        return factor_name(key, story.words), key
    named = _name_at(story.found.scenario, found["where"], int(found["n"]))
    plain = f"{found['where']}.{named}.{found['rest']}"
    quoted = f'{found["where"]}."{named}".{found["rest"]}'
    return factor_name(quoted, story.words), plain


def _name_at(scenario: Scenario, where: str, n: int) -> str:
    """Return the name of the policy, segment or outlet at a place in its list, or the place."""
    held: Any = scenario
    for part in where.split("."):
        held = getattr(held, part)
    return str(held[n].name) if n < len(held) else str(n + 1)


def _told(value: Any, story: Story) -> str:
    """Return a setting in words; nothing where there was none."""
    if value is None:
        return story.words.say("since.none")
    if isinstance(value, bool):
        return story.words.say("report.varied.yes" if value else "report.varied.no")
    if isinstance(value, int | float):
        return story.words.number(value)
    if isinstance(value, str):
        return story.words.text(f"report.option.{value}", value.replace("_", " "))
    return story.words.listed([_told(each, story) for each in value]) if isinstance(value, list) else str(value)


def _steps(now: Story, then: Story) -> list[str]:
    """Return what to do next."""
    say, same = now.words.say, now.choice.chosen == then.choice.chosen
    return [say("since.next_same" if same else "since.next_other"), say("since.next_one"), say("told.next_worlds")]
