"""The deck for a board: answer and ask first, method and sources last, and what is missing told to the presenter."""

from __future__ import annotations

from collections.abc import Mapping

from wom_sim.present import board_slides as board
from wom_sim.present import deck_own as own
from wom_sim.present.deck_making import Page

PAGES: Mapping[str, Page] = {
    "answer": Page(board.answer, minutes=2.0),
    "options": Page(board.compared, board.has_options, 2.0),
    "earns": Page(board.earns, board.has_options, 2.0),
    "risks": Page(board.risks, board.has_options, 3.0),
    "leaves": Page(board.leaves, board.has_leavers, 2.0),
    "change": Page(board.change, board.has_options, 2.0),
    "next": Page(board.steps, minutes=2.0),
    "own_charts": Page(own.charts, own.has_charts),
    "own_sections": Page(own.sections, own.has_sections),
    "method": Page(board.method),
    "assumptions": Page(board.assumptions, lambda story: bool(story.assumed)),
    "sources": Page(board.sources, board.has_sources),
}
"""By name, in their order; those without minutes are the appendix, for questions."""
