"""The authorities and duties of a country: ``country = "uk"``.

A country goes with any trade (``extends = "builtin:bank"``), with any media (``media.era``) and any firm. It says how
many complain formally, what an ombudsman charges for a case, when an authority acts, and what the law asks of a firm
that ends a contract. Nobody has stated these numbers of the firm at hand, so they count as the model's own defaults do.
What a file or ``--set`` states itself stands; what a preset of a trade says of the same gives way. Outlets that the
scenario does not have are added.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from wom_sim.scenario.eras import numbers_of
from wom_sim.scenario.overrides import default_items
from wom_sim.scenario.rates import DOLLARS
from wom_sim.scenario.toml_lines import locate
from wom_sim.scenario.tree import KeyPath, Node, find, grow, name_of, priced, put, unstated

FOLDER = Path(__file__).parent / "countries"
COUNTRY: KeyPath = ("country",)
_OUTLETS: KeyPath = ("media", "outlets")


def known_countries() -> list[str]:
    """Return the countries of which authorities and duties are known."""
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


def text_of_country(name: str) -> str:
    """Return the text of a country, with the evidence behind each number."""
    return (FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def in_country(root: Node) -> Node:
    """Return the tree of a scenario with the authorities and duties of its ``country``, if it names one.

    A country that is not known is left for whoever validates it.
    """
    node = find(root, COUNTRY)
    if node is None or node.value not in known_countries():
        return root
    called = f'country = "{node.value}"'
    text = text_of_country(node.value)
    table: dict[str, Any] = tomllib.loads(text)
    outlets = find(grow(table, called, locate(text)), _OUTLETS)
    assert outlets is not None
    for path, value in numbers_of({key: part for key, part in table.items() if key != "media"}):
        root = _given_way(root, path, _new(value, called))
    return _with_outlets(root, outlets, called)


def _new(value: Any, called: str) -> Node:
    """Return a value that nobody states, in dollars where it is an amount."""
    return priced(unstated(grow(value, called, {})), DOLLARS)


def _given_way(root: Node, path: KeyPath, node: Node) -> Node:
    """Return the tree with ``node`` at ``path``, unless something stands there that was stated, or that is no table."""
    there = find(root, path)
    above = [find(root, path[:depth]) for depth in range(1, len(path))]
    if any(part is not None and not (part.is_table or part.is_list) for part in above):
        return root  # no table where one should be, which is said with the other faults
    return root if there is not None and there.origin.stated else put(root, path, node)


def _with_outlets(root: Node, outlets: Node, called: str) -> Node:
    """Return the tree with the authorities among its outlets: the scenario's own, or the model's."""
    there = find(root, _OUTLETS)
    if there is None:
        if find(root, _OUTLETS[:1]) is not None and not find(root, _OUTLETS[:1]).is_table:  # type: ignore[union-attr]
            return root
        there = default_items(_OUTLETS, called)
        root = put(root, _OUTLETS, there)
    if not there.is_list:
        return root
    names = [name_of(item) for item in there.value]
    for outlet in outlets.value:
        if name_of(outlet) not in names:
            there = Node([*there.value, priced(unstated(outlet), DOLLARS)], there.origin)
            root = put(root, _OUTLETS, there)
            continue
        place = names.index(name_of(outlet))
        for key, value in outlet.value.items():
            root = _given_way(root, (*_OUTLETS, place, key), priced(unstated(value), DOLLARS))
        there = find(root, _OUTLETS) or there
    return root
