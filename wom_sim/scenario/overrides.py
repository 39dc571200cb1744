"""``--set key=value``: one key set from outside the file.

The key is a path with dots. An item of a list of tables is addressed by its name or its number; a name may be
quoted, and must be where it contains a dot, = or [::

    run.days=30
    policies.bulk letter.notice_days=60
    policies."bulk letter".notice_days=60
    policies[0].notice_days=60

The value is read as TOML (``60``, ``true``, ``["postpaid"]``), else taken as plain text; where the key takes
only text, it is always plain text unless it is quoted. It replaces what was there. Items of a list that the
file leaves at its default can be addressed as well (``media.outlets.forum.reach=0.001``).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from wom_sim.scenario.errors import Fault, ScenarioError, did_you_mean, visible
from wom_sim.scenario.former_currency import CURRENCY, keep_currency
from wom_sim.scenario.merging import FILE, without_customers, without_strange_keys
from wom_sim.scenario.model_keys import DEFAULT_KIND, NETWORK, Slot, slot_at
from wom_sim.scenario.rates import DOLLARS
from wom_sim.scenario.translation import without_translations
from wom_sim.scenario.tree import KeyPath, Node, Origin, find, grow, name_of, priced, put, quoted, unstated, written

_PART = re.compile(r"""\s*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^.=\[\]"'\s][^.=\[\]]*)\s*""")
_NUMBER = re.compile(r"\[\s*(\d+)\s*\]\s*")


class _OverrideError(Exception):
    """Why an override cannot be applied; ``key`` is as far as its path makes sense."""

    def __init__(self, message: str, key: str = "", suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message, self.key, self.suggestion = message, key, suggestion


def apply_overrides(root: Node, overrides: Sequence[str]) -> tuple[Node, list[Fault]]:
    """Return the scenario with each ``key=value`` applied in order, and the faults of the others."""
    faults = []
    for text in sorted(overrides, key=lambda text: not _is_currency(text)):  # others are in the currency that is set
        try:
            root = _apply(root, text)
        except _OverrideError as bad:
            faults.append(Fault(_label(text), key=bad.key, message=bad.message, suggestion=bad.suggestion))
    return root, faults


def put_value(root: Node, key: str, value: Any, origin: Origin) -> Node:
    """Return the scenario with ``value`` at ``key``, which is written as in an override; ``origin`` is who says so.

    Raises ScenarioError where there is no such place.
    """
    try:
        root, path = _place(root, key, origin.file)
        root = _prepared(root, path, value)
        return put(root, path, grow(value, origin.file, None if origin.line is None else {(): origin.line}))
    except _OverrideError as bad:
        fault = Fault(origin.file, origin.line, bad.key or visible(key), message=bad.message, suggestion=bad.suggestion)
        raise ScenarioError([fault]) from None


def slot_of(root: Node, key: str) -> tuple[Slot | None, Node | None]:
    """Return what may stand at ``key`` in a scenario and what stands there, each None if there is nothing."""
    try:
        root, path = _place(root, key, "")
    except _OverrideError:
        return None, None
    kind = find(root, (*NETWORK, "kind"))
    return slot_at(path, DEFAULT_KIND if kind is None else kind.value), find(root, path)


def _place(root: Node, key: str, label: str) -> tuple[Node, KeyPath]:
    """Return the path that ``key`` means, and the scenario with default lists on the way written out."""
    parts, rest = parse_key(f"{key}=")
    if rest or parts == ["extends"]:
        raise _OverrideError("is not the path of a key, such as run.days", key)
    return _resolve(root, parts, label)


def _label(text: str) -> str:
    """Return how an override is called in messages."""
    return f"--set {visible(text)}"


def _apply(root: Node, text: str) -> Node:
    """Apply one override. Raises _OverrideError."""
    parts, value_text = parse_key(text)
    if parts == ["extends"]:
        raise _OverrideError("can only be given in a file", "extends")
    root, path = _resolve(root, parts, _label(text))
    kind = find(root, (*NETWORK, "kind"))
    slot = slot_at(path, DEFAULT_KIND if kind is None else kind.value)
    value = parse_value(value_text, text_only=slot is not None and slot.takes_text)
    root = _prepared(root, path, value)
    try:
        return put(root, path, grow(value, _label(text)))
    except RecursionError:
        raise _OverrideError("the value is nested too deeply", written(root, path)) from None


def _prepared(root: Node, path: KeyPath, value: Any) -> Node:
    """Return the scenario as it must be before ``value`` is put at ``path``, on which other keys depend."""
    if path == (*NETWORK, "kind"):
        return without_strange_keys(root, value)
    if path == FILE:
        customers = find(root, (FILE[0], "customers"))
        return root if customers is None or customers.origin.line is None else without_customers(root)
    return keep_currency(root, value) if path == CURRENCY else without_translations(root, path)


def _is_currency(text: str) -> bool:
    return text.partition("=")[0].strip() == CURRENCY[0]


def parse_key(text: str) -> tuple[list[str | int], str]:
    """Split ``key=value`` into the parts of the key and the text of the value. Raises _OverrideError.

    >>> parse_key('policies."bulk letter".notice_days=60')
    (['policies', 'bulk letter', 'notice_days'], '60')
    """
    parts: list[str | int] = []
    at = 0
    while True:
        match = _PART.match(text, at)
        if match is None:
            break
        parts.append(_unquoted(match.group().strip()))
        at = match.end()
        while number := _NUMBER.match(text, at):
            parts.append(int(number.group(1)))
            at = number.end()
        if text[at : at + 1] == "=":
            return parts, text[at + 1 :]
        if text[at : at + 1] != ".":
            break
        at += 1
    raise _OverrideError('not of the form key=value, such as run.days=30 or policies."bulk letter".notice_days=60')


def path_of(root: Node, key: str) -> KeyPath | None:
    """Return the path that ``key`` means in a scenario, written as in ``--set``, or None if it means none."""
    parts = key_parts(key)
    try:
        return _resolve(root, parts, "")[1] if parts else None
    except _OverrideError:
        return None


def key_parts(key: str) -> list[str | int]:
    """Return the parts of a key that is written as in ``--set``; none if it is not.

    >>> key_parts('policies."bulk letter".notice_days'), key_parts("run days")
    (['policies', 'bulk letter', 'notice_days'], ['run days'])
    """
    try:
        parts, rest = parse_key(f"{key}=")
    except _OverrideError:
        return []
    return [] if rest else parts


def _unquoted(part: str) -> str:
    """Return a part of a key without its quotes."""
    if len(part) > 1 and part[0] == part[-1] and part[0] in "\"'":
        try:
            return str(tomllib.loads(f"part = {part}")["part"])
        except tomllib.TOMLDecodeError:
            return part[1:-1]
    return part


def parse_value(text: str, text_only: bool = False) -> Any:
    """Read a value as TOML, or as plain text if it is not TOML. ``text_only``: only a quoted text is TOML.

    >>> parse_value("60"), parse_value("First look"), parse_value("60", text_only=True)
    (60, 'First look', '60')
    """
    try:
        table = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text.strip()
    value = table["value"]
    if len(table) > 1 or (text_only and not isinstance(value, str)):
        return text.strip()
    return value


def _resolve(root: Node, parts: list[str | int], label: str) -> tuple[Node, KeyPath]:
    """Return the path that ``parts`` mean, and the scenario with any default list on the way written out."""
    path: KeyPath = ()
    for part in parts:
        node = find(root, path)
        if node is None and _has_default_items(path):
            root = put(root, path, default_items(path, label))
            node = find(root, path)
        if node is not None and node.is_list:
            part = _number(root, path, node.value, part)
        elif isinstance(part, int) or not (node is None or node.is_table):
            kind = "list" if isinstance(part, int) else "table"
            raise _OverrideError(f"is not a {kind}", written(root, path))
        path = (*path, part)
    return root, path


def _number(root: Node, path: KeyPath, items: list[Node], part: str | int) -> int:
    """Return the number of the item that ``part`` names."""
    names = [name_of(item) for item in items]
    if isinstance(part, str) and part in names:
        return names.index(part)
    if isinstance(part, str) and not part.isdecimal():
        known = [name for name in names if name is not None]
        suggestion = did_you_mean(part, known)
        there = "" if suggestion or not known else f"; there are {', '.join(map(quoted, known))}"
        raise _OverrideError(f"no item is named '{visible(part)}'{there}", written(root, path), suggestion)
    if int(part) >= len(items):
        there = f"they are numbered 0 to {len(items) - 1}" if items else "the list is empty"
        raise _OverrideError(f"there is no item {part}; {there}", written(root, path))
    return int(part)


def _has_default_items(path: KeyPath) -> bool:
    """Whether the model has a default for ``path`` that is a list of tables."""
    slot = slot_at(path)
    return slot is not None and slot.item is not None and bool(slot.item.tables) and slot.default is not ...


def default_items(path: KeyPath, label: str) -> Node:
    """Return the model's default list at ``path``."""
    slot = slot_at(path)
    items: Sequence[BaseModel] = slot.default if slot is not None else ()
    found = grow([item.model_dump(mode="json", exclude_none=True) for item in items], label)
    return priced(unstated(found), DOLLARS)
