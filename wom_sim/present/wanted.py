"""How a deck is asked for: for whom, in whose style, which slides, with which words of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from wom_sim.present.brand import Brand
from wom_sim.present.outline import Outline

BOARD, ANALYST = "board", "analyst"
AUDIENCES = (BOARD, ANALYST)


class Wanted(NamedTuple):
    """``audience``: "board" or "analyst"; ``slides``: names in their order, all of the audience where it is empty."""

    template: Path | None = None
    brand: Brand = Brand()
    audience: str = BOARD
    slides: tuple[str, ...] = ()
    outline: Outline = Outline()


PLAIN = Wanted()
"""For a board, in our own style, with every slide and no words of one's own."""
