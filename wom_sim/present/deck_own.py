"""Slides of other packages: a slide for each chart and each section that a scenario names."""

from __future__ import annotations

from wom_sim.charts.own import own as own_chart
from wom_sim.present import own
from wom_sim.present.deck_parts import NARROW, RUNS, notes, picture
from wom_sim.present.deck_stage import Stage
from wom_sim.present.deck_tables import write_table
from wom_sim.present.deck_text import write_texts, write_title
from wom_sim.present.story import Story


def has_charts(story: Story) -> bool:
    """Return whether the scenario names charts of other packages."""
    return bool(story.found.scenario.plugins.charts)


def has_sections(story: Story) -> bool:
    """Return whether the scenario names sections of other packages."""
    return bool(story.found.scenario.plugins.sections)


def charts(story: Story, stage: Stage) -> None:
    """Show each chart of another package on a slide of its own. Raises PluginError where one fails."""
    for name in story.found.scenario.plugins.charts:
        chart = own_chart(name)
        slide, title, area = stage.slide()
        write_title(title, chart.title)
        picture(slide, story, area, name, [story.words.say("deck.own.nothing", file=chart.reads)])
        notes(slide, story, story.words.say("deck.own.notes_chart", name=name), (chart.reads, "*"))


def sections(story: Story, stage: Stage) -> None:
    """Show each section of another package: its paragraphs beside or above its first table, as the report says them.

    Further tables are in the report. Raises PluginError where one fails, or writes what is no section.
    """
    for placed in own.sections(story.found, story.words):
        slide, title, area = stage.slide()
        write_title(title, placed["title"])
        texts, tables = placed["paragraphs"], placed["tables"]
        told = story.words.say("deck.own.notes_section", name=placed["name"].removeprefix("own-"))
        if not tables:
            write_texts(slide, area, texts, words=story.words)
        elif not texts:
            write_table(slide, area, tables[0], story.words)
        else:
            wide = area.width > NARROW
            beside, shown = area.columns(0.4, 0.6) if wide else area.rows(0.4, 0.6)
            write_texts(slide, beside, texts, largest=20, words=story.words)
            write_table(slide, shown, tables[0], story.words)
        notes(slide, story, told, (RUNS, "*"))
