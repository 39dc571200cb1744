"""The points of a design: rows of values, one for each factor."""

from __future__ import annotations

from typing import Any, NamedTuple

POINT = "point"


class Points(NamedTuple):
    """The design: names of the factors, rows of their values (None leaves the scenario as it is), and the seed.

    ``source``: the table that they were read from, "" if they were made.
    """

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    seed: int | None = None
    source: str = ""

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.rows)
