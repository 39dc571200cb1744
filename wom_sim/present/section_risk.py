"""How bad it may get, for a report and for slides."""

from __future__ import annotations

from collections.abc import Mapping

from wom_sim.charts.exceedance import Risk, facts_of, risk_of
from wom_sim.present import board_facts as board
from wom_sim.present import facts, tails
from wom_sim.present.document import SAY, WHOLE, OnPage, OnSlide, Part, Section, Texts
from wom_sim.present.editable import Exceedance, scale_of
from wom_sim.present.story import Story
from wom_sim.scenario.duties import on_duties

MOST_POINTS = 60
"""Points of a curve: few enough to edit by hand."""


def risk(story: Story) -> Section:
    """Return how likely each net value is to be fallen short of, and how bad it may get."""
    say, known = story.words.say, "risk" in story.found.extra
    said, full, few = story.risk_text(), tails.risk(story), tails.warning(story)
    told = said or [say("report.lead.alone")]
    parts: list[Part] = [OnPage(Texts(said)), OnPage(full)]
    parts += [OnPage(Texts([say("report.risk.note")] if known else [], "note"))]
    parts += [OnPage(Texts([few], "note", say("report.risk.warning")))]
    short = full.named([say(f"report.risk.{m}") for m in ("policy", "median", _worst(story), "chance_loss")])
    open_ = [*told[1:], *([few] if known else [])]
    parts += [OnSlide(_curves(story)), OnSlide(short.plain()), OnSlide(Texts(open_, "list"))]
    files = [("replications.parquet", "net_value"), ("summary.csv", "median, p05 (net_value)")]
    files += [("risk.csv", "value (net_value: median, worst5)")] if known else []
    how = f"{say('deck.risk.curve')} {say('deck.risk.notes')}"
    return Section("risk", say("report.section.risk"), parts, told[0].rstrip("."), how, files, beside=True)


def _worst(story: Story) -> str:
    """Return the measure of the worst runs that the result has."""
    return "worst5" if "risk" in story.found.extra else "p05"


def _curves(story: Story) -> Exceedance:
    """Return a curve of chance for each policy that may be chosen."""
    found, say = story.found, story.words.say
    shown = found.options or found.policies
    risks = {p: risk_of(found.replications.loc[found.replications["policy"] == p, "net_value"]) for p in shown}
    one, unit = scale_of([v for each in risks.values() for v in each.ordered])
    curves = {p: _curve(each.ordered, one, story) for p, each in risks.items()}
    unit_said = say(f"deck.unit.{unit}", currency=found.scenario.currency)
    axes = (say("deck.risk.axis", unit=unit_said, over=story.figures.over), say("chart.exceedance.upright"))
    return Exceedance(curves, {p: story.heading(p) for p in shown}, found.policies, axes, _in_words(story, risks))


def _curve(values: list[float], one: float, story: Story) -> list[tuple[float, float]]:
    """Return points (net value, % of runs that end there or lower), at most ``MOST_POINTS``, the ends among them."""
    n = len(values)
    step = max(1, -(-n // MOST_POINTS))
    kept = sorted({*range(0, n, step), n - 1})
    return [(story.figures.scaled(values[k], one), 100.0 * (k + 1) / n) for k in kept]


def _in_words(story: Story, risks: Mapping[str, Risk]) -> str:
    """Return what the curves show, in words."""
    told = []
    for policy, each in risks.items():
        chance, tail = facts_of(each, story.words, story.found.scenario.currency, brief=False)
        told.append(f"{story.heading(policy)}: {chance}; {tail}.")
    return " ".join([story.words.say("chart.exceedance.upright") + ".", *told])


def _losing(story: Story) -> list[float]:
    """Return in which share of its runs each option did worse than keeping everyone."""
    return [facts.chance_of_loss(story.found, policy)[0] for policy in story.found.options]


def risks(story: Story) -> Section:
    """Return how bad each option may get, and from whom people hear it, for a board.

    In how many runs which option did worse stands in the table; below it stands what no run showed.
    """
    order, said = board.by_value(story), story.losses() or [story.words.say("report.lead.alone")]
    unproven = [] if any(share > 0.0 for share in _losing(story)) else said[1:]
    open_ = [*unproven, *story.unseen(), *on_duties(story.found.scenario, story.words), *story.guessed()]
    parts: list[Part] = [board.risk_table(story, order), Texts(open_, "list")]
    files = (("summary.csv", "mean, p05 (net_value)"), ("replications.parquet", "net_value"))
    return Section("risks", "", parts, said[0].rstrip("."), story.words.say("deck.board.risks.notes"), files, SAY,
                   WHOLE)  # fmt: skip
