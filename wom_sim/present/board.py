"""The deck for a board: answer and ask first, method and sources last, and what is missing told to the presenter."""

from __future__ import annotations

from collections.abc import Mapping

from wom_sim.present import board_slides as board
from wom_sim.present import facts
from wom_sim.present.deck_making import Page
from wom_sim.present.story import FEW_FOR_TAILS, Story

PAGES: Mapping[str, Page] = {
    "answer": Page(board.answer, minutes=2.0),
    "options": Page(board.compared, board.has_options, 2.0),
    "earns": Page(board.earns, board.has_options, 2.0),
    "risks": Page(board.risks, board.has_options, 3.0),
    "leaves": Page(board.leaves, board.has_leavers, 2.0),
    "change": Page(board.change, board.has_options, 2.0),
    "next": Page(board.steps, minutes=2.0),
    "method": Page(board.method),
    "assumptions": Page(board.assumptions, lambda story: bool(story.assumed)),
    "sources": Page(board.sources, board.has_sources),
}
"""By name, in their order; those without minutes are the appendix, for questions."""


def left_out(story: Story) -> list[str]:
    """Return what the deck has not, why, and which command would bring it: for who presents, not for a board."""
    found, say = story.found, story.words.say
    there = set(found.summary["indicator"])
    told = [
        ("worlds", not found.worlds), ("days", not found.days_kept), ("months", "first_year_cash" not in there),
        ("tail", "risk" not in found.extra), ("few", not found.worlds and found.runs < FEW_FOR_TAILS),
        ("break_even", "breakeven" not in found.extra), ("alone", facts.lead(found) is None),
    ]  # fmt: skip
    return [say(f"deck.left_out.{name}", n=story.words.number(found.runs)) for name, is_so in told if is_so]
