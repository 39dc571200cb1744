"""A comparison as a deck: for a board, answer first; for an analyst, all that was found. Titles say what was found."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from wom_sim.charts.house import house_colours
from wom_sim.present import board, board_facts
from wom_sim.present import deck_risk as dangers
from wom_sim.present import deck_slides as pages
from wom_sim.present.deck_making import Page, made, titles
from wom_sim.present.result_folder import Findings
from wom_sim.present.story import story_of
from wom_sim.present.wanted import ANALYST, Wanted

ALL: Mapping[str, Page] = {
    "question": Page(pages.question), "compared": Page(pages.compared), "verdict": Page(pages.verdict),
    "days": Page(pages.days), "spread": Page(pages.spread, lambda story: story.found.days_kept),
    "channels": Page(pages.leaves, lambda story: story.found.days_kept), "money": Page(pages.money),
    "ledger": Page(pages.lines), "months": Page(pages.months, pages.has_months), "tail": Page(dangers.risk),
    "worlds": Page(dangers.worlds, dangers.has_worlds), "swings": Page(dangers.swings, dangers.has_swings),
    "decides": Page(pages.decides), "own_charts": board.PAGES["own_charts"],
    "own_sections": board.PAGES["own_sections"], "assumed": Page(pages.assumed), "steps": Page(pages.steps),
}  # fmt: skip
"""Every slide for an analyst, in their order; one whose table is empty says so, but where others take its place."""
NAMES = tuple(dict.fromkeys((*board.PAGES, *ALL)))
"""Every slide that can be asked for by name."""


def deck(found: Findings, lang: str = "en", template: Path | None = None) -> bytes:
    """Return the deck of a comparison for an analyst, with every slide, as the content of a PowerPoint file.

    Raises
    ------
    ValueError
        For a language that there is not.
    TemplateError
        For a template that cannot be used.
    """
    return deck_for(found, lang, Wanted(template=template, audience=ANALYST))


def deck_for(found: Findings, lang: str, wanted: Wanted) -> bytes:
    """Return the deck of a comparison as it is asked for. Raises as ``deck``."""
    with house_colours(wanted.brand.colours):
        return made(story_of(found, lang), chosen(wanted), wanted)


def chosen(wanted: Wanted) -> dict[str, Page]:
    """Return the slides that are asked for, by name and in their order."""
    every = {**board.PAGES, **ALL}
    usual = ALL if wanted.audience == ANALYST else board.PAGES
    names = wanted.slides or wanted.outline.slides or tuple(usual)
    return {name: every[name] for name in names}


def titles_of(found: Findings, lang: str, wanted: Wanted) -> list[tuple[str, str]]:
    """Return name and title of each slide that is asked for and has something to show."""
    return titles(story_of(found, lang), chosen(wanted))


def left_out(found: Findings, lang: str, wanted: Wanted) -> list[str]:
    """Return what a deck for a board has not, and what would bring it; nothing for an analyst, whose slides say so."""
    return [] if wanted.audience == ANALYST else board_facts.left_out(story_of(found, lang))
