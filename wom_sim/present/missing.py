"""What is said where a chart cannot be drawn from a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wom_sim.results.replay import CannotReplayError


class MissingError(Exception):
    """A chart cannot be drawn from this folder; the message says why. ``replay``: why a run cannot be repeated."""

    def __init__(self, message: str, replay: CannotReplayError | None = None) -> None:
        super().__init__(message)
        self.replay = replay
