"""Scenario data in which every value remembers where it was set: which file and line, or which ``--set``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from wom_sim.scenario.errors import visible
from wom_sim.scenario.rates import Money

KeyPath = tuple[str | int, ...]
"""The way to a value: keys of tables, and numbers from 0 in lists."""

DEEPEST = 32  # a scenario is 6 deep; this only keeps nonsense from exhausting the stack


class Origin(NamedTuple):
    """Where a value was set: the file and its line, or ``--set key=value`` and no line.

    ``stated``: whether somebody said so; not what is a default, written out because something beside it was set.
    ``money``: the currency of amounts that stand there, where that is not the currency of the scenario.
    """

    file: str
    line: int | None
    stated: bool = True
    money: Money | None = None


@dataclass(frozen=True)
class Node:
    """A value and its origin: a table (dict of nodes), a list of nodes, or a scalar."""

    value: Any
    origin: Origin

    @property
    def is_table(self) -> bool:
        """Whether this is a table."""
        return isinstance(self.value, dict)

    @property
    def is_list(self) -> bool:
        """Whether this is a list."""
        return isinstance(self.value, list)


def grow(data: Any, file: str, lines: Mapping[KeyPath, int] | None = None, path: KeyPath = ()) -> Node:
    """Build the tree of plain ``data``. ``lines`` tells the line of each path; without it there are none.

    A path without a line of its own takes that of its table. Raises RecursionError beyond 32 levels.
    """
    if len(path) > DEEPEST:
        raise RecursionError("tables are nested too deeply")
    if lines is None:
        line = None
    else:
        line = next((lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in lines), 1)
    origin = Origin(file, line)
    if isinstance(data, dict):
        return Node({k: grow(v, file, lines, (*path, k)) for k, v in data.items()}, origin)
    if isinstance(data, list):
        return Node([grow(v, file, lines, (*path, i)) for i, v in enumerate(data)], origin)
    return Node(data, origin)


def unstated(node: Node) -> Node:
    """Return a tree that nobody stated."""
    value = node.value
    if node.is_table:
        value = {k: unstated(v) for k, v in value.items()}
    elif node.is_list:
        value = [unstated(v) for v in value]
    return Node(value, node.origin._replace(stated=False))


def priced(node: Node, money: Money) -> Node:
    """Return a tree whose amounts are in a currency, but for those of which another is known."""
    value = node.value
    if node.is_table:
        value = {k: priced(v, money) for k, v in value.items()}
    elif node.is_list:
        value = [priced(v, money) for v in value]
    return Node(value, node.origin if node.origin.money is not None else node.origin._replace(money=money))


def plain(node: Node) -> Any:
    """Return the data without the origins."""
    if node.is_table:
        return {k: plain(v) for k, v in node.value.items()}
    if node.is_list:
        return [plain(v) for v in node.value]
    return node.value


def find(node: Node, path: KeyPath) -> Node | None:
    """Return the node at ``path``, or None if there is none."""
    for part in path:
        in_table = node.is_table and part in node.value
        in_list = node.is_list and isinstance(part, int) and 0 <= part < len(node.value)
        if not (in_table or in_list):
            return None
        node = node.value[part]
    return node


def put(root: Node, path: KeyPath, node: Node) -> Node:
    """Return ``root`` with ``node`` at ``path``; tables that are missing on the way are made."""
    if not path:
        return node
    part, rest = path[0], path[1:]
    if root.is_list:
        items = list(root.value)
        items[int(part)] = put(items[int(part)], rest, node)
        return Node(items, root.origin)
    inner = root.value.get(part, Node({}, node.origin))
    return Node({**root.value, part: put(inner, rest, node)}, root.origin)


def origin_at(root: Node, path: KeyPath) -> Origin:
    """Return where ``path`` was set; for a path that was not, where the table was that it would be in."""
    for n in range(len(path), -1, -1):
        node = find(root, path[:n])
        if node is not None:
            return node.origin
    return root.origin


def kind_of(path: KeyPath) -> str:
    """Return a path as the list of parameters has it.

    >>> kind_of(("media", "outlets", 2, "reach")), kind_of(("search", "payment", 0))
    ('media.outlets[].reach', 'search.payment[]')
    """
    return "".join("[]" if isinstance(part, int) else f".{part}" for part in path)[1:]


def name_of(item: Node) -> str | None:
    """Return the text under ``name`` of a table, or None."""
    name = item.value.get("name") if item.is_table else None
    return name.value if name is not None and isinstance(name.value, str) else None


def quoted(part: str) -> str:
    """Return a key as it is written in a path: in quotes unless it is a bare key of TOML."""
    if re.fullmatch(r"[A-Za-z0-9_-]+", part):
        return part
    return '"' + visible(part.replace("\\", "\\\\").replace('"', '\\"')) + '"'


def _label(items: Sequence[Node], index: int) -> str | None:
    """Return the name by which item ``index`` can be addressed, None if it has none of its own."""
    name = name_of(items[index])
    return name if name and sum(name_of(item) == name for item in items) == 1 else None


def written(root: Node, path: KeyPath) -> str:
    """Return ``path`` as ``--set`` takes it: an item of a list by its name, or else by its number."""
    text = ""
    for n, part in enumerate(path):
        if isinstance(part, str):
            text += ("." if text else "") + quoted(part)
            continue
        items = find(root, path[:n])
        known = items is not None and items.is_list and part < len(items.value)
        label = _label(items.value, part) if items is not None and known else None
        text += f"[{part}]" if label is None else f".{quoted(label)}"
    return text
