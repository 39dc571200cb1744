"""The slides of a deck, one function a slide: what it says, what it shows, what the speaker should know."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from wom_sim.charts.channels import colour_of
from wom_sim.outcomes.indicators import how_many
from wom_sim.present import deck_charts, facts, known, options, tables
from wom_sim.present.deck_parts import NARROW, describe, notes, picture, under
from wom_sim.present.deck_stage import EMU, Area, Stage
from wom_sim.present.deck_tables import least_width, split, write_table
from wom_sim.present.deck_text import fill, write_texts, write_title
from wom_sim.present.next_steps import next_steps, weakest
from wom_sim.present.story import Story
from wom_sim.present.tables import Cell, Table
from wom_sim.scenario.grades import is_bare
from wom_sim.words import sentence

KEY = ("net_value", "lost_profitable", "national_coverage")
STEPS = (1, 2, 5, 10, 30)
"""Days between the points of a line: few enough points to edit by hand."""
MOST_BARS = 6
"""Options of which one slide shows bars and figures; more take another."""
_ASSUMED, _DRIVERS, _FEW_DRIVERS = 12, 8, 5


def question(story: Story, stage: Stage) -> None:
    """Show the scenario's name and its question."""
    slide, title, below = stage.opening()
    scenario = story.found.scenario
    write_title(title, story.told.name)
    area = Area(*(v / EMU for v in (below.left, below.top, below.width, below.height)))
    fill(below.text_frame, area, [story.told.question or story.headline()], largest=22)
    number = story.words.number
    people = number(scenario.population.customers + scenario.population.prospects)
    told = story.words.say(
        "deck.question.notes" if scenario.run.represents == 1 else "deck.question.notes_represents", people=people,
        n=number(scenario.run.represents), days=number(scenario.run.days), runs=number(story.found.runs),
    )  # fmt: skip
    notes(slide, story, told, ("scenario.toml", "question"))


def compared(story: Story, stage: Stage) -> None:
    """Show what each policy does."""
    slide, title, area = stage.slide()
    write_title(title, story.words.count("deck.options.title", len(story.found.options)))
    write_table(slide, area, options.table(story), story.words)
    whom = options.whom(story, story.found.scenario.choose)
    notes(slide, story, story.words.say("deck.options.notes", whom=whom), ("scenario.toml", "policies"))


def verdict(story: Story, stage: Stage) -> None:
    """Say which policy is best, by how much, how sure."""
    slide, title, area = stage.slide()
    write_title(title, story.headline())
    full = tables.key_figures(story, story.found.options or story.found.policies)
    keys = [n for n in tables.KEY_INDICATORS if n in set(story.found.summary["indicator"])]
    columns = [0, *(1 + keys.index(name) for name in KEY if name in keys)]
    short = Table("", [full.heads[c] for c in columns], [[row[c] for c in columns] for row in full.rows])
    rest = under(area, write_table(slide, area._replace(height=0.58 * area.height), short, story.words))
    write_texts(slide, rest, story.verdict_apart()[0], bullets=True, largest=18, words=story.words)
    told = " ".join([*story.verdict(), story.words.say("deck.verdict.notes")])
    notes(slide, story, told, ("summary.csv", "mean, low, high"),
           ("differences.csv", "mean, low, high (net_value)"))  # fmt: skip


def _thinned(curve: pd.Series, step: int) -> list[tuple[float, float]]:
    """Return every so many points of a curve, and its last; it ends where the run of its policy ends."""
    kept = curve.iloc[sorted({*range(0, len(curve), step), len(curve) - 1})]
    return [(float(day), float(value)) for day, value in kept.items()]


def days(story: Story, stage: Stage) -> None:
    """Show extra departures of profitable customers over time."""
    found, say = story.found, story.words.say
    slide, title, area = stage.slide()
    policy = facts.most(found, facts.LOST)
    many = how_many(found.estimate(policy, facts.LOST).mean)
    values = {"policy": story.policy(policy), "lost": story.mean(policy, facts.LOST)}
    if many == "few":
        head = say("deck.days.title_few", **values)
    elif many == "some":
        head = say("deck.days.title", days=story.words.number(found.scenario.run.days), **values)
    else:
        head = say("deck.days.title_none")
    write_title(title, sentence(head))
    if not found.days_kept:
        write_texts(slide, area, [story.did(p) for p in found.options], bullets=True)
        notes(slide, story, say("deck.spread.not_kept"), ("replications.parquet", "lost_profitable"))
        return
    curve = found.over_time("lost_profitable").pivot_table(index="day", columns="policy", values="mean")
    step = next((n for n in STEPS if len(curve) <= 75 * n), math.ceil(len(curve) / 75))
    shown = [p for p in (found.options or found.policies) if p in curve]
    curves = {p: _thinned(curve[p].dropna(), step) for p in shown}
    longest = max(map(len, curves.values()))
    # The last point is repeated: of curves with different numbers of points LibreOffice leaves the first out.
    curves = {p: [*points, *points[-1:] * (longest - len(points))] for p, points in curves.items()}
    headings = {p: story.heading(p) for p in shown}
    names = (say("deck.days.day"), say("deck.days.axis"))
    deck_charts.lines(slide, area, curves, (headings, found.policies, names))
    describe(slide, head)
    notes(slide, story, say("deck.days.notes"), ("daily.parquet", "lost_profitable"))


def spread(story: Story, stage: Stage) -> None:
    """Show how far the story goes."""
    found = story.found
    slide, title, area = stage.slide()
    policy = facts.most(found, "reached")
    head = story.words.say(
        "deck.spread.title", policy=story.policy(policy), reached=story.mean(policy, "reached"),
        covered=story.covered(policy),
    )  # fmt: skip
    write_title(title, sentence(head))
    daily = ("daily.parquet", "reached") if found.days_kept else ("replications.parquet", "reached")
    picture(slide, story, area, "reached", story.happens())
    notes(slide, story, story.words.say("deck.spread.notes"), daily,
           ("summary.csv", "mean (national_coverage, national_day)"))  # fmt: skip


def leaves(story: Story, stage: Stage) -> None:
    """Show who leaves, by who told them first."""
    slide, title, area = stage.slide()
    head = story.leaves(title=True)
    write_title(title, head)
    left_by(slide, area, story, story.found.options, head)
    notes(slide, story, story.words.say("deck.leaves.notes"), ("summary.csv", "mean (lost_to_...)"),
           ("departures.csv", "mean (by channel; label: because)"))  # fmt: skip


def left_by(slide: Any, area: Area, story: Story, policies: Sequence[str], alt: str, above: bool = False) -> None:
    """Place a bar for each of some policies, by who told those who left first, and the table of causes.

    ``above``: the bars above the table, where they would else stand beside it if there is room.
    """
    say, channels = story.words.say, facts.lost_by_channel(story.found)
    if channels.empty:
        write_texts(slide, area, [story.leaves()])
        return
    channels = channels[list(policies)]
    causes = tables.turned(tables.lost(story, "cause", policies))
    causes.heads[0] = say("report.varied.policy")
    share = min(0.68, max(0.58, least_width(causes) / area.width))
    upright = above or area.width < NARROW
    left, right = split(area, causes, 0.45, 0.62) if upright else area.columns(1.0 - share, share)
    parts = {
        sentence(story.words.name("channel", str(c))): (colour_of(str(c)), channels.loc[c].tolist())
        for c in channels.index
    }
    headings = [story.heading(str(p)) for p in channels.columns]
    deck_charts.stacked(slide, left, headings, parts, say("deck.leaves.axis"))
    describe(slide, alt)
    write_table(slide, right, causes, story.words)


def money(story: Story, stage: Stage) -> None:
    """Show the net value of each policy."""
    found, say = story.found, story.words.say
    slide, title, area = stage.slide()
    order = [p for p in facts.net_order(found) if p != "keep"] or found.policies
    best, worst = order[0], order[-1]
    values = {"low": story.mean(worst, facts.NET), "worst": story.policy(worst), "over": story.figures.over}
    key = "deck.money.title" if best != worst else "deck.money.title_one"
    more = {"high": story.mean(best, facts.NET), "best": story.policy(best)} if best != worst else {}
    head = say(key, **values, **more)
    write_title(title, sentence(head))
    shown = found.policies
    means = {p: found.estimate(p, facts.NET).mean for p in shown}
    one, unit = deck_charts.scale_of(list(means.values()))
    axis = say(
        "deck.money.axis", unit=say(f"deck.unit.{unit}", currency=found.scenario.currency), over=story.figures.over
    )
    heights = {story.heading(p): story.figures.scaled(v, one) for p, v in means.items()}
    deck_charts.bars(slide, area, heights, shown, axis)
    describe(slide, head)
    notes(slide, story, say("deck.money.notes"), ("summary.csv", "mean (net_value)"))


def lines(story: Story, stage: Stage) -> None:
    """Show the ledger, line by line."""
    found, say = story.found, story.words.say
    slide, title, area = stage.slide()
    loud = facts.most(found, "reached")
    saved, gained, lost = facts.saved_gained_lost(found, loud)
    key = "title_gain" if lost == 0.0 else "title_mixed" if gained > 0.0 else "title"
    told = {"saved": story.money(saved), "more": story.money(gained), "lost": story.money(lost)}
    head = say(f"deck.lines.{key}", policy=story.policy(loud), **told)
    write_title(title, sentence(head))
    shown = found.options or found.policies
    names = [n for n in facts.ledger_lines(found) if any(found.estimate(p, n).mean != 0.0 for p in shown)]
    amounts = {n: [found.estimate(p, n).mean for p in shown] for n in names}
    if not amounts:
        write_texts(slide, area, [say("report.lead.alone")])
    else:
        one, unit = deck_charts.scale_of([v for values in amounts.values() for v in values])
        parts = _ledger_parts(story, amounts, one)
        axis = say("deck.lines.axis", unit=say(f"deck.unit.{unit}", currency=found.scenario.currency))
        deck_charts.stacked(slide, area, [story.heading(p) for p in shown], parts, axis)
        describe(slide, story.money_text(loud))
    notes(slide, story, say("deck.lines.notes"), ("summary.csv", f"mean ({', '.join(names)})"))


def months(story: Story, stage: Stage) -> None:
    """Show when the money comes: cash so far by month, and what there is after a year, to the horizon and for ever."""
    found, say = story.found, story.words.say
    slide, title, area = stage.slide()
    best = next(p for p in [*facts.net_order(found), *found.policies] if p in found.options)
    back, value = (found.estimate(best, name) for name in ("payback_month", facts.NET))
    often = back.n * 2 >= value.n
    key = "title_never" if not often else "title" if back.median > 0.0 else "title_once"
    head = say(
        f"deck.months.{key}", policy=story.policy(best), year=story.mean(best, "first_year_cash"),
        paid=story.figures.paid_back(back.median, back.n, value.n), value=story.mean(best, facts.NET),
        over=story.figures.over,
    )  # fmt: skip
    write_title(title, sentence(head))
    so_far = facts.cash_so_far(found.extra["months"], found.options)
    one, unit = deck_charts.scale_of(so_far.to_numpy().ravel().tolist())
    curves = {p: [(float(m), story.figures.scaled(v, one)) for m, v in so_far[p].items()] for p in found.options}
    axis = say("deck.months.axis", unit=say(f"deck.unit.{unit}", currency=found.scenario.currency))
    names = (say("deck.months.month"), axis)
    above, below = area.rows(0.5, 0.5)
    deck_charts.lines(slide, above, curves, ({p: story.heading(p) for p in found.options}, found.policies, names))
    describe(slide, head)
    table = tables.months(story)
    if table is not None:
        write_table(slide, below, table._replace(rows=[[Cell(c.text) for c in row] for row in table.rows]), story.words)
    notes(slide, story, f"{say('deck.months.notes')} {say('months.note')}", ("months.csv", "cash"),
           ("summary.csv", "mean (first_year_cash, net_value, lifetime_value), median (payback_month)"))  # fmt: skip


def has_months(story: Story) -> bool:
    """Return whether the result tells in which month money comes, and whether there is a policy to tell it of."""
    return "months" in story.found.extra and bool(story.found.options) and not story.found.extra["months"].empty


def _ledger_parts(story: Story, amounts: dict[str, list[float]], one: float) -> dict[str, tuple[str, list[float]]]:
    """Return the parts of the ledger's bars: a colour each; small lines that would need one more are added up."""
    large, small = deck_charts.apart(amounts)
    told = {sentence(story.words.name("indicator", n)): amounts[n] for n in large}
    if small:
        rest = story.words.say("deck.lines.others", n=story.words.number(len(small)))
        told[rest] = [sum(values) for values in zip(*(amounts[n] for n in small), strict=True)]
    scaled = {name: [story.figures.scaled(v, one) for v in values] for name, values in told.items()}
    return {name: (colour, scaled[name]) for name, colour in zip(scaled, deck_charts.PARTS, strict=False)}


def decides(story: Story, stage: Stage) -> None:
    """Show which of the uncertain numbers decide."""
    say = story.words.say
    slide, title, area = stage.slide()
    drivers = tables.drivers(story)
    if drivers is None:
        write_title(title, say("deck.decides.title_none"))
        write_texts(slide, area, [say("deck.decides.text_none"), say("deck.decides.text_how"), *_weakest(story)],
                    bullets=True)  # fmt: skip
        notes(slide, story, say("deck.decides.notes_none"), ("scenario.toml", "behaviour"))
        return
    first = story.driver()
    chance = say("deck.decides.title_chance")
    write_title(title, chance if first is None else say("deck.decides.title", parameter=first[0]))
    rows = [[Cell(cell.text) for cell in row] for row in drivers.rows[:_DRIVERS]]
    upper, lower = area.rows(0.78, 0.22)
    write_table(slide, upper, drivers._replace(rows=rows), story.words)
    write_texts(slide, lower, story.decides(), largest=18)
    notes(slide, story, say("deck.decides.notes"), ("drivers.csv", "evppi, flips"), ("verdicts.csv", "share_best"))


def shown_drivers(story: Story) -> Table | None:
    """Return the numbers that decide without their grades and keys; None where no worlds were drawn."""
    drivers = tables.drivers(story)
    if drivers is None:
        return None
    graded = drivers.heads.index(story.words.say("report.decides.grade"))
    kept = [n for n in range(len(drivers.heads)) if n != graded]
    rows = [[Cell(row[n].text) for n in kept] for row in drivers.rows[:_FEW_DRIVERS]]
    return Table("", [drivers.heads[n] for n in kept], rows, numbers=drivers.numbers - 1)


def assumed(story: Story, stage: Stage) -> None:
    """Show what was assumed: the numbers with the weakest evidence first."""
    say, number = story.words.say, story.words.number
    slide, title, area = stage.slide()
    bare = sum(is_bare(a.grade) for a in story.assumed)
    write_title(title, say("deck.assumed.title", n=number(len(story.assumed)), bare=number(bare)))
    first = weakest(story)[:_ASSUMED]
    full = tables.assumed(story, first)
    short = Table("", full.heads[:4], [[Cell(c.text) for c in row[:4]] for row in full.rows], numbers=4)
    upper, others = area._replace(height=0.72 * area.height), len(story.assumed) - len(first)
    below = under(area, write_table(slide, upper, short, story.words, others))
    drawn = known.in_short(story)
    write_texts(slide, below, [story.verdict_apart()[1], drawn], largest=18)
    told = say("deck.assumed.notes")
    if drawn:
        told += f" {drawn} {', '.join(d.key for d in known.drawn(story))}. {known.known_text(story)}"
        told = " ".join([told, *known.of_posterior(story)])
    notes(slide, story, told, ("scenario.toml", "behaviour, media, money, network, population"))


def steps(story: Story, stage: Stage) -> None:
    """Say what to do next."""
    slide, title, area = stage.slide()
    write_title(title, story.words.say("deck.next.title"))
    write_texts(slide, area, next_steps(story), bullets=True, largest=20)
    notes(slide, story, story.words.say("deck.next.notes"), ("summary.csv", "mean"), ("differences.csv", "low, high"))


def _weakest(story: Story) -> list[str]:
    """Return the assumption with the weakest evidence in words."""
    said = []
    for a in weakest(story)[:1]:
        table = tables.assumed(story, [a]).rows[0]
        values = {"used": table[1].text, "range": table[2].text}
        said.append(story.words.say("deck.decides.text_weak", parameter=story.parameter(a.key), **values))
    return said
