"""The slides that a board sees: the answer and what is asked of it, options, money, risk, who leaves, what is next.

No command, no key of the model and no grade stands on them; options come by value, the recommended one first, and take
as many slides as they need.
"""

from __future__ import annotations

from collections.abc import Sequence

from wom_sim.present import board_facts as board
from wom_sim.present import facts, options
from wom_sim.present.board_parts import cards, continued, earned, scale
from wom_sim.present.deck_pages import pages, parts
from wom_sim.present.deck_parts import describe, notes, under
from wom_sim.present.deck_slides import MOST_BARS, left_by, shown_drivers
from wom_sim.present.deck_stage import Area, Stage
from wom_sim.present.deck_tables import is_whole, split, write_table
from wom_sim.present.deck_text import write_texts, write_title
from wom_sim.present.next_steps import next_steps
from wom_sim.present.story import Story
from wom_sim.scenario.duties import on_duties

SAY = "deck.board.say"
_TABLE = 0.62
"""Share of a slide that the table of what options earn takes at most."""
RISK = (0.72, 0.28)
"""Shares of the room on the slide of risks: at most so much for the table, the rest for what the runs leave open."""


def answer(story: Story, stage: Stage) -> None:
    """Say what is best and what the board is asked, with four figures of the option that is recommended."""
    slide, title, area = stage.slide()
    write_title(title, story.headline())
    about = board.about(story)
    asked, middle, below = area.rows(0.16, 0.34, 0.5)
    write_texts(slide, asked, [story.told.question or ""], largest=16)
    if about is not None:
        cards(slide, middle, board.key_facts(story, about))
    said = [board.ask(story), *board.why(story)]
    write_texts(slide, below, said, bullets=True, largest=20, words=story.words)
    told = " ".join(said)
    notes(slide, story, told, ("summary.csv", f"mean ({', '.join(board.KEY)})"),
          ("differences.csv", "mean, low, high (net_value)"), key=SAY)  # fmt: skip


def compared(story: Story, stage: Stage) -> None:
    """Show what each option does; the recommended one first."""
    order = board.by_value(story)
    head = story.words.count("deck.options.title", len(order))
    whom = options.whom(story, story.found.scenario.choose)
    told = story.words.say("deck.board.options.notes", whom=whom)
    slide, title, area = stage.slide()
    cut = pages(options.table(story, order), area)
    for number, part in enumerate(cut, start=1):
        if number > 1:
            slide, title, area = stage.slide()
        write_title(title, continued(head, story.words, number, len(cut)))
        write_table(slide, area, part, story.words)
        notes(slide, story, told, ("scenario.toml", "policies"), key=SAY)


def earns(story: Story, stage: Stage) -> None:
    """Show what each option earns in the first year and to the horizon, with intervals."""
    order, say = board.by_value(story), story.words.say
    head = board.earns_title(story)
    slide, title, area = stage.slide()
    cut = next(
        (cut for most in range(MOST_BARS, 1, -1) if _whole(story, area, cut := parts(order, most))), parts(order, 1)
    )
    unit = scale(story)
    for number, shown in enumerate(cut, start=1):
        if number > 1:
            slide, title, area = stage.slide()
        write_title(title, continued(head, story.words, number, len(cut)))
        table = board.earned_table(story, shown)
        upper, lower = split(area, table, 0.44, _TABLE)
        earned(slide, upper, story, shown, unit)
        describe(slide, board.earned_text(story, shown))
        write_table(slide, lower, table, story.words)
        told = f"{say('deck.board.earns.notes')} {say('months.note')}"
        notes(slide, story, told, ("summary.csv", f"mean, low, high ({', '.join(board.EARNED)})"), key=SAY)


def _whole(story: Story, area: Area, cut: Sequence[list[str]]) -> bool:
    """Return whether every part of the options has its whole table beside its chart."""
    return all(is_whole(area, board.earned_table(story, shown), _TABLE) for shown in cut)


def risks(story: Story, stage: Stage) -> None:
    """Show how bad each option may get, and from whom people hear it."""
    order, said = board.by_value(story), story.risk_text() or [story.words.say("report.lead.alone")]
    slide, title, area = stage.slide()
    upper, _ = area.rows(*RISK)
    cut = pages(board.risk_table(story, order), upper)
    open_ = [*said[1:], *on_duties(story.found.scenario, story.words), *story.guessed()]
    for number, part in enumerate(cut, start=1):
        if number > 1:
            slide, title, area = stage.slide()
            upper, _ = area.rows(*RISK)
        write_title(title, continued(said[0].rstrip("."), story.words, number, len(cut)))
        below = under(area, write_table(slide, upper, part, story.words))
        if number == len(cut):
            write_texts(slide, below, open_, bullets=True, largest=16, words=story.words)
        notes(slide, story, story.words.say("deck.board.risks.notes"), ("summary.csv", "mean, p05 (net_value)"),
              ("replications.parquet", "net_value"), key=SAY)  # fmt: skip


def leaves(story: Story, stage: Stage) -> None:
    """Show who leaves and why: by who told them first, and by cause."""
    cut = parts(board.by_value(story), MOST_BARS)
    for number, shown in enumerate(cut, start=1):
        slide, title, area = stage.slide()
        head = story.leaves(title=True)
        write_title(title, continued(head, story.words, number, len(cut)))
        left_by(slide, area, story, shown, head, above=True)
        notes(slide, story, story.words.say("deck.leaves.notes"), ("summary.csv", "mean (lost_to_...)"),
              ("departures.csv", "mean (by channel; label: because)"), key=SAY)  # fmt: skip


def change(story: Story, stage: Stage) -> None:
    """Say what would change the verdict, and show which uncertain numbers decide where worlds were drawn."""
    say = story.words.say
    slide, title, area = stage.slide()
    driver = story.driver()
    key = "deck.board.change.title" if driver is None else "deck.decides.title"
    write_title(title, say(key, parameter=driver[0] if driver else ""))
    said, told = board.would_change(story), say("deck.board.change.notes")
    drivers = shown_drivers(story)
    if drivers is None:
        write_texts(slide, area, said, bullets=True, largest=20, words=story.words)
        notes(slide, story, told, ("summary.csv", "mean (net_value, lost_profitable)"), key=SAY)
        return
    lower, upper = split(area, drivers, 0.55, 0.68)
    upper, lower = upper._replace(top=area.top), lower._replace(top=area.bottom - lower.height)
    below = under(area, write_table(slide, upper, drivers, story.words))
    room = below if below.height > lower.height else lower
    write_texts(slide, room, said, bullets=True, largest=16, words=story.words)
    notes(slide, story, told, ("drivers.csv", "evppi, flips"), key=SAY)


def steps(story: Story, stage: Stage) -> None:
    """Say what to do next: a pilot first."""
    slide, title, area = stage.slide()
    write_title(title, board.next_title(story))
    write_texts(slide, area, next_steps(story), bullets=True, largest=20, words=story.words)
    notes(slide, story, story.words.say("deck.next.notes"), ("summary.csv", "mean"), ("differences.csv", "low, high"),
          key=SAY)  # fmt: skip


def method(story: Story, stage: Stage) -> None:
    """Say how it was worked out, and how sure that makes it."""
    slide, title, area = stage.slide()
    write_title(title, story.words.say("deck.board.method.title"))
    whom = options.whom(story, story.found.scenario.choose)
    said = [story.words.say("deck.board.method.text"), story.varied(whom), *story.how_sure()]
    write_texts(slide, area, said, bullets=True, largest=18, words=story.words)
    notes(slide, story, story.words.say("deck.board.method.notes"), ("run.json", "seeds, model"), key=SAY)


def assumptions(story: Story, stage: Stage) -> None:
    """Show the numbers that are estimates or assumptions, those to doubt first, on as many slides as two."""
    head = story.words.say("deck.board.assumed.title", n=story.words.number(len(story.assumed)))
    slide, title, area = stage.slide()
    upper, _ = area.rows(0.88, 0.12)
    cut = pages(board.assumed_table(story), upper)[: board.MOST_PAGES]
    shown = sum(len(part.rows) for part in cut)
    for number, part in enumerate(cut, start=1):
        if number > 1:
            slide, title, area = stage.slide()
            upper, _ = area.rows(0.88, 0.12)
        write_title(title, continued(head, story.words, number, len(cut)))
        below = under(area, write_table(slide, upper, part, story.words))
        rest = len(story.assumed) - shown
        more = [story.words.say("deck.more", n=story.words.number(rest))] if number == len(cut) and rest else []
        write_texts(slide, below, more, largest=16)
        notes(slide, story, story.words.say("deck.board.assumed.notes"),
              ("scenario.toml", "behaviour, media, money, network, population"), key=SAY)  # fmt: skip


def sources(story: Story, stage: Stage) -> None:
    """List the sources that the scenario names."""
    slide, title, area = stage.slide()
    write_title(title, story.words.say("deck.board.sources.title"))
    write_texts(slide, area, [*map(str, story.told.sources)], bullets=True, largest=16, words=story.words)
    notes(slide, story, story.words.say("deck.board.sources.notes"), ("scenario.toml", "sources"), key=SAY)


def has_options(story: Story) -> bool:
    """Return whether there is anything but keeping everyone to show."""
    return bool(story.found.options)


def has_leavers(story: Story) -> bool:
    """Return whether it is known from whom those who left heard of it."""
    return has_options(story) and story.found.days_kept and not facts.lost_by_channel(story.found).empty


def has_sources(story: Story) -> bool:
    """Return whether the scenario names sources."""
    return bool(story.told.sources)
