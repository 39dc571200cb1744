"""The media of a year: ``media.era = 2026``.

What people can show of what they were told, and how many post, has changed with telephones that photograph and record.
Three years are known; a year between two of them lies between them, and one beyond them is as the nearest. Nobody has
stated these numbers of the firm at hand, so they count as the model's own defaults do. What a file or ``--set`` states
itself stands; what a preset of a trade says gives way.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from wom_sim.scenario.tree import KeyPath, Node, find, grow, put, unstated

FOLDER = Path(__file__).parent / "eras"
ERA: KeyPath = ("media", "era")
_AUDIENCE: KeyPath = ("behaviour", "talking", "audience")
_FOLLOWERS: KeyPath = ("behaviour", "talking", "followers_median")


def known_eras() -> list[int]:
    """Return the years of which the media are known."""
    return sorted(int(file.stem) for file in FOLDER.glob("*.toml"))


def text_of_era(year: int) -> str:
    """Return the text of one of the known years."""
    return (FOLDER / f"{year}.toml").read_text(encoding="utf-8")


def in_era(root: Node) -> Node:
    """Return the tree of a scenario with the media of its ``media.era``, if it names one.

    A year that is not one is left for whoever validates it.
    """
    node = find(root, ERA)
    if node is None or not isinstance(node.value, int) or isinstance(node.value, bool):
        return root
    called = f"media.era = {node.value}"
    audience = find(root, _AUDIENCE)
    followed = audience is not None and audience.value == "lognormal"
    for path, value in numbers_of(_between(node.value)):
        if path == _FOLLOWERS and not followed:  # nothing depends on it, so nothing is drawn of it
            continue
        there = find(root, path)
        above = [find(root, path[:depth]) for depth in range(1, len(path))]
        if any(part is not None and not part.is_table for part in above):
            continue  # no table where one should be, which is said with the other faults
        if there is None or not there.origin.stated:
            root = put(root, path, unstated(grow(value, called, {})))
    return root


def _between(year: int) -> dict[str, Any]:
    """Return the media of a year."""
    years = known_eras()
    if year in years or year < years[0] or year > years[-1]:
        return tomllib.loads(text_of_era(min(max(year, years[0]), years[-1])))
    before, after = max(y for y in years if y < year), min(y for y in years if y > year)
    tables = (tomllib.loads(text_of_era(before)), tomllib.loads(text_of_era(after)))
    return dict(_mixed(*tables, (year - before) / (after - before)))


def _mixed(first: Any, second: Any, share: float) -> Any:
    """Return what lies so far between two tables of the same numbers."""
    if isinstance(first, dict):
        return {key: _mixed(first[key], second[key], share) for key in first}
    return round(first + share * (second - first), 4)


def numbers_of(table: dict[str, Any], path: KeyPath = ()) -> list[tuple[KeyPath, Any]]:
    """Return path and value of every number, or distribution, in a table."""
    found: list[tuple[KeyPath, Any]] = []
    for key, value in table.items():
        if isinstance(value, dict) and "mode" not in value:
            found += numbers_of(value, (*path, key))
        else:
            found.append(((*path, key), value))
    return found
