"""How far the story goes and who leaves, for a report and for slides."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from wom_sim.charts.channels import colour_of
from wom_sim.outcomes.indicators import how_many
from wom_sim.present import board_facts as board
from wom_sim.present import facts, tables
from wom_sim.present.attributed import attribution
from wom_sim.present.document import SAY, Each, OnPage, OnSlide, Part, Picture, Section, Texts
from wom_sim.present.drawn import picture_of
from wom_sim.present.editable import Lines, Stacked
from wom_sim.present.story import Story
from wom_sim.present.tables import Table
from wom_sim.words import sentence

STEPS = (1, 2, 5, 10, 30)
"""Days between the points of a line: few enough points to edit by hand."""
_POINTS = 75
_LEFT = (("summary.csv", "mean (lost_to_...)"), ("departures.csv", "mean (by channel; label: because)"))


def happens(story: Story) -> Section:
    """Return how far the story goes; its slides are ``days`` and ``spread``."""
    return Section("happens", story.words.say("report.section.happens"), [Texts(story.happens())])


def spread(story: Story) -> Section:
    """Return how far the story goes, as a picture."""
    found, policy = story.found, facts.most(story.found, "reached")
    head = story.words.say(
        "deck.spread.title", policy=story.policy(policy), reached=story.mean(policy, "reached"),
        covered=story.covered(policy),
    )  # fmt: skip
    daily = ("daily.parquet" if found.days_kept else "replications.parquet", "reached")
    shown = OnSlide(Picture(picture_of(story, "reached"), story.happens()))
    files = (daily, ("summary.csv", "mean (national_coverage, national_day)"))
    return Section("spread", "", [shown], head, story.words.say("deck.spread.notes"), files)


def days(story: Story) -> Section:
    """Return how many profitable customers leave over time."""
    found, say = story.found, story.words.say
    head = _days_title(story)
    if not found.days_kept:
        did = Texts([story.did(p) for p in found.options], "list")
        return Section("days", "", [did], head, say("deck.spread.not_kept"),
                       (("replications.parquet", "lost_profitable"),))  # fmt: skip
    curve = found.over_time("lost_profitable").pivot_table(index="day", columns="policy", values="mean")
    step = next((n for n in STEPS if len(curve) <= _POINTS * n), math.ceil(len(curve) / _POINTS))
    shown = [p for p in (found.options or found.policies) if p in curve]
    curves = {p: _thinned(curve[p].dropna(), step) for p in shown}
    longest = max(map(len, curves.values()))
    # The last point is repeated: of curves with different numbers of points LibreOffice leaves the first out.
    curves = {p: [*points, *points[-1:] * (longest - len(points))] for p, points in curves.items()}
    axes = (say("deck.days.day"), say("deck.days.axis"))
    lines = Lines(curves, {p: story.heading(p) for p in shown}, found.policies, axes, head)
    return Section("days", "", [OnSlide(lines)], head, say("deck.days.notes"), (("daily.parquet", "lost_profitable"),))


def _days_title(story: Story) -> str:
    policy = facts.most(story.found, facts.LOST)
    many = how_many(story.found.estimate(policy, facts.LOST).mean)
    if many == "none":
        return story.words.say("deck.days.title_none")
    values = {"policy": story.policy(policy), "lost": story.mean(policy, facts.LOST)}
    if many == "few":
        return story.words.say("deck.days.title_few", **values)
    return story.words.say("deck.days.title", days=story.words.number(story.found.scenario.run.days), **values)


def _thinned(curve: pd.Series, step: int) -> list[tuple[float, float]]:
    """Return every so many points of a curve, and its last; it ends where the run of its policy ends."""
    kept = curve.iloc[sorted({*range(0, len(curve), step), len(curve) - 1})]
    return [(float(day), float(value)) for day, value in kept.items()]


def leaves(story: Story) -> Section:
    """Return who leaves and why: in words, by cause and by who told them first, with bars on a slide."""
    found, say = story.found, story.words.say
    known = not found.departures.empty and any(found.estimate(p, facts.LOST).mean != 0.0 for p in found.options)
    parts: list[Part] = [OnPage(Texts([" ".join([story.leaves(), *story.keeps()])]))]
    parts += [OnPage(tables.lost(story, column)) for column in ("cause", "channel")] if known else []
    parts.append(OnPage(Texts([say("report.leaves.note")], "note")))
    traced = attribution(story)
    parts += [] if traced is None else [OnPage(traced)]
    if found.days_kept and facts.lost_by_channel(found).empty:
        parts.append(OnSlide(Texts([story.leaves()])))
    elif found.days_kept:
        parts += [OnSlide(part) for part in _left_by(story, found.options)]
    return Section("leaves", say("report.section.leaves"), parts, story.leaves(title=True), say("deck.leaves.notes"),
                   _LEFT, beside=True)  # fmt: skip


def leavers(story: Story) -> Section:
    """Return who leaves and why for a board: every option, some at a time."""
    shown = Each(board.by_value(story), board.MOST_BARS, lambda policies: _left_by(story, policies))
    return Section("leaves", "", [OnSlide(shown)], story.leaves(title=True), story.words.say("deck.leaves.notes"),
                   _LEFT, SAY)  # fmt: skip


def _left_by(story: Story, policies: Sequence[str]) -> tuple[Stacked, Table]:
    """Return a bar for each of some policies, by who told those who left first, and the table of causes."""
    channels = facts.lost_by_channel(story.found)[list(policies)]
    causes = tables.turned(tables.lost(story, "cause", policies))
    causes.heads[0] = story.words.say("report.varied.policy")
    parts = {
        sentence(story.words.name("channel", str(c))): (colour_of(str(c)), channels.loc[c].tolist())
        for c in channels.index
    }
    headings = [story.heading(str(p)) for p in channels.columns]
    return Stacked(headings, parts, story.words.say("deck.leaves.axis"), story.leaves(title=True)), causes


def has_leavers(story: Story) -> bool:
    """Return whether it is known from whom those who left heard of it."""
    found = story.found
    return bool(found.options) and found.days_kept and not facts.lost_by_channel(found).empty
