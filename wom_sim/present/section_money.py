"""Money, for a report and for slides: what each option earns, the lines of the ledger, when the money comes."""

from __future__ import annotations

from collections.abc import Sequence

from wom_sim.present import board_facts as board
from wom_sim.present import facts, tables
from wom_sim.present.document import SAY, Each, OnSlide, Part, Section, Texts
from wom_sim.present.editable import PARTS, Bars, Grouped, Lines, Span, Stacked, apart, scale_of
from wom_sim.present.story import Story
from wom_sim.words import sentence


def page(story: Story) -> Section:
    """Return what a report tells of money; its slides are ``value``, ``ledger`` and ``months``."""
    when, say = tables.months(story), story.words.say
    parts: list[Part] = [Texts([story.money_text(p) for p in story.found.options], "list"), tables.ledger(story)]
    parts.append(Texts([say("report.money.note")], "note"))
    parts += [] if when is None else [when, Texts([say("months.note")], "note")]
    return Section("money", say("report.section.money"), parts)


def earns(story: Story) -> Section:
    """Return what each option earns in the first year and to the horizon, with intervals."""
    order, say = board.by_value(story), story.words.say
    names = board.known(story, board.EARNED)
    unit = scale_of([story.found.estimate(p, name).mean for p in order for name in names])
    told = f"{say('deck.board.earns.notes')} {say('months.note')}"

    def shown(policies: Sequence[str]) -> tuple[Grouped, tables.Table]:
        return _earned(story, policies, unit), board.earned_table(story, policies)

    return Section("earns", "", [OnSlide(Each(order, board.MOST_BARS, shown))], board.earns_title(story), told,
                   (("summary.csv", f"mean, low, high ({', '.join(board.EARNED)})"),), SAY)  # fmt: skip


def _earned(story: Story, policies: Sequence[str], unit: tuple[float, str]) -> Grouped:
    """Return bars of what options earn in the first year and to the horizon, each with its interval."""
    series: dict[str, list[Span]] = {}
    for name in board.known(story, board.EARNED):
        head = story.words.say("months.first_year") if name == board.EARNED[0] else sentence(tables.label(story, name))
        series[head] = [_span(story, policy, name, unit[0]) for policy in policies]
    headings = [story.heading(p) for p in policies]
    return Grouped(headings, series, sentence(_named(story, unit[1])), board.earned_text(story, policies))


def _span(story: Story, policy: str, name: str, one: float) -> Span:
    """Return a mean and its interval in units of ``one``; a mean of which no interval is known has none."""
    e = story.found.estimate(policy, name)
    value = story.figures.scaled(e.mean, one)
    low, high = (end / one if end == end else value for end in (e.low, e.high))
    return Span(value, min(low, value), max(high, value))


def _named(story: Story, unit: str) -> str:
    """Return a unit of money in words."""
    return story.words.say(f"deck.unit.{unit}", currency=story.found.scenario.currency)


def value(story: Story) -> Section:
    """Return the net value of each policy."""
    found, say = story.found, story.words.say
    order = [p for p in facts.net_order(found) if p != "keep"] or found.policies
    best, worst = order[0], order[-1]
    values = {"low": story.mean(worst, facts.NET), "worst": story.policy(worst), "over": story.figures.over}
    key = "deck.money.title" if best != worst else "deck.money.title_one"
    more = {"high": story.mean(best, facts.NET), "best": story.policy(best)} if best != worst else {}
    head = say(key, **values, **more)
    means = {p: found.estimate(p, facts.NET).mean for p in found.policies}
    one, unit = scale_of(list(means.values()))
    heights = {story.heading(p): story.figures.scaled(v, one) for p, v in means.items()}
    axis = say("deck.money.axis", unit=_named(story, unit), over=story.figures.over)
    bars = Bars(heights, found.policies, axis, head)
    return Section("value", "", [OnSlide(bars)], head, say("deck.money.notes"), (("summary.csv", "mean (net_value)"),))


def ledger(story: Story) -> Section:
    """Return the ledger, line by line."""
    found, say = story.found, story.words.say
    loud = facts.most(found, "reached")
    saved, gained, lost = facts.saved_gained_lost(found, loud)
    key = "title_gain" if lost == 0.0 else "title_mixed" if gained > 0.0 else "title"
    told = {"saved": story.money(saved), "more": story.money(gained), "lost": story.money(lost)}
    shown = found.options or found.policies
    names = [n for n in facts.ledger_lines(found) if any(found.estimate(p, n).mean != 0.0 for p in shown)]
    amounts = {n: [found.estimate(p, n).mean for p in shown] for n in names}
    part: Texts | OnSlide = Texts([say("report.lead.alone")])
    if amounts:
        one, unit = scale_of([v for values in amounts.values() for v in values])
        axis = say("deck.lines.axis", unit=_named(story, unit))
        lines = _ledger_parts(story, amounts, one)
        part = OnSlide(Stacked([story.heading(p) for p in shown], lines, axis, story.money_text(loud)))
    return Section("ledger", "", [part], say(f"deck.lines.{key}", policy=story.policy(loud), **told),
                   say("deck.lines.notes"), (("summary.csv", f"mean ({', '.join(names)})"),))  # fmt: skip


def _ledger_parts(story: Story, amounts: dict[str, list[float]], one: float) -> dict[str, tuple[str, list[float]]]:
    """Return the parts of the ledger's bars: a colour each; small lines that would need one more are added up."""
    large, small = apart(amounts)
    told = {sentence(story.words.name("indicator", n)): amounts[n] for n in large}
    if small:
        rest = story.words.say("deck.lines.others", n=story.words.number(len(small)))
        told[rest] = [sum(values) for values in zip(*(amounts[n] for n in small), strict=True)]
    scaled = {name: [story.figures.scaled(v, one) for v in values] for name, values in told.items()}
    return {name: (colour, scaled[name]) for name, colour in zip(scaled, PARTS, strict=False)}


def months(story: Story) -> Section:
    """Return when the money comes: cash so far by month, and what there is after a year, to the horizon, for ever."""
    found, say = story.found, story.words.say
    best = next(p for p in [*facts.net_order(found), *found.policies] if p in found.options)
    back, net = (found.estimate(best, name) for name in ("payback_month", facts.NET))
    key = "title_never" if back.n * 2 < net.n else "title" if back.median > 0.0 else "title_once"
    head = say(
        f"deck.months.{key}", policy=story.policy(best), year=story.mean(best, "first_year_cash"),
        paid=story.figures.paid_back(back.median, back.n, net.n), value=story.mean(best, facts.NET),
        over=story.figures.over,
    )  # fmt: skip
    so_far = facts.cash_so_far(found.extra["months"], found.options)
    one, unit = scale_of(so_far.to_numpy().ravel().tolist())
    curves = {p: [(float(m), story.figures.scaled(v, one)) for m, v in so_far[p].items()] for p in found.options}
    axes = (say("deck.months.month"), say("deck.months.axis", unit=_named(story, unit)))
    table = tables.months(story)
    parts = [OnSlide(Lines(curves, {p: story.heading(p) for p in found.options}, found.policies, axes, head))]
    parts += [] if table is None else [OnSlide(table.plain())]
    files = (("months.csv", "cash"),
             ("summary.csv", "mean (first_year_cash, net_value, lifetime_value), median (payback_month)"))  # fmt: skip
    return Section("months", "", parts, head, f"{say('deck.months.notes')} {say('months.note')}", files)


def has_months(story: Story) -> bool:
    """Return whether the result tells in which month money comes, and whether there is a policy to tell it of."""
    return "months" in story.found.extra and bool(story.found.options) and not story.found.extra["months"].empty
