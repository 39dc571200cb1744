"""From pydantic's complaints, and from what JSON cannot carry, to faults in plain words at their place."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from wom_sim.scenario.errors import Fault, closest, did_you_mean
from wom_sim.scenario.model_keys import (
    DEFAULT_KIND,
    NETWORK,
    ROOT,
    Slot,
    every_key,
    keys_of,
    network_kinds,
    slot_at,
    table_for,
)
from wom_sim.scenario.tree import KeyPath, Node, find, origin_at, plain, put, written
from wom_sim.scenario.wording import allowed, given

_VERY_CLOSE = 0.8  # so alike, a key of this table is meant, even if another table has the very name
_TYPE_ERRORS = ("_type", "_parsing", "int_from_float", "_attributes")


class Complaints:
    """Words the faults of one file: its tree, the model that it must fit, and the kind of a scenario's network."""

    def __init__(self, root: Node, top: Slot = ROOT) -> None:
        self.root, self.top = root, top
        kind = find(root, (*NETWORK, "kind"))
        self.kind: Any = DEFAULT_KIND if kind is None else kind.value

    def fault(self, path: KeyPath, **words: Any) -> Fault:
        """Return a fault at ``path``, with ``given``, ``allowed``, ``message``, ``suggestion``."""
        origin = origin_at(self.root, path)
        return Fault(origin.file, origin.line, written(self.root, path), **words)

    def misfit(self, path: KeyPath, slot: Slot, type_fits: bool) -> Fault:
        """Return the fault of a value that does not fit its key."""
        node = find(self.root, path)
        value = None if node is None else plain(node)
        said = given(value)
        if type_fits and isinstance(value, list) and value:
            said = f"{len(value)} items"
        elif type_fits and isinstance(value, str) and len(value) > slot.limits.get("max_length", math.inf):
            said = f"{len(value)} characters"
        hint = _hint(value, slot)
        if isinstance(value, dict) and slot.item is not None and slot.item.tables:
            hint = f"write [[{written(self.root, path)}]], with two brackets"
        return self.fault(path, given=said, allowed=allowed(slot, type_fits), suggestion=hint)

    def of(self, error: ValidationError) -> dict[KeyPath, Fault]:
        """Return a fault for each complaint of pydantic, by path; one a path."""
        faults: dict[KeyPath, Fault] = {}
        for complaint in error.errors(include_url=False):
            path: KeyPath = tuple(complaint["loc"])
            if path[:1] == NETWORK and len(path) > 1:  # the second part is the kind: no key of the file
                path = (*NETWORK, *path[2:])
            problem = complaint["type"]
            if problem == "value_error":
                path, fault = self._rule(path, str(complaint["ctx"]["error"]))
            elif problem.startswith("union_tag"):
                path = (*path, "kind")
                fault = self._bad_kind(path)
            elif self._is_echo(path, problem):
                continue
            else:
                fault = self._worded(path, problem)
            faults.setdefault(path, fault)
        return faults

    def _worded(self, path: KeyPath, problem: str) -> Fault:
        """Return the fault of a complaint about one key."""
        if problem == "extra_forbidden":
            return self._unknown(path)
        if problem == "missing":
            return self._missing(path)
        slot = slot_at(path, self.kind, self.top)
        if slot is None:
            return self.fault(path, message="not allowed here")
        return self.misfit(path, slot, type_fits=not any(mark in problem for mark in _TYPE_ERRORS))

    def _is_echo(self, path: KeyPath, problem: str) -> bool:
        """Whether a list is called too short only because pydantic does not count items that have faults."""
        slot = slot_at(path, self.kind, self.top)
        return problem == "too_short" and slot is not None and self._length(path) >= slot.limits["min_length"]

    def _length(self, path: KeyPath) -> int:
        """Return how many items the list at ``path`` has."""
        node = find(self.root, path)
        return len(node.value) if node is not None and node.is_list else 0

    def _missing(self, path: KeyPath) -> Fault:
        """Return the fault of a key that must be given, with what it means."""
        slot = slot_at(path, self.kind, self.top)
        meaning = slot.meaning if slot is not None else ""
        return self.fault(path, message=f"missing: {meaning}" if meaning else "missing")

    def _unknown(self, path: KeyPath) -> Fault:
        """Return the fault of a key that its table does not have, with the key that may be meant."""
        key = str(path[-1])
        table = slot_at(path[:-1], self.kind, self.top)
        here = keys_of(table_for(table, self.kind)) if table is not None else {}
        if path[:-1] == ("texts",) and self.top is ROOT:
            there = f"there are {', '.join(repr(lang) for lang in here)}"
            return self.fault(path, message="unknown language", suggestion=there)
        kinds = network_kinds(key) if path[:-1] == NETWORK else []
        if kinds:
            other = f"it belongs to kind = {' or '.join(repr(kind) for kind in kinds[:3])}"
            return self.fault(path, message=f"unknown key where kind = '{self.kind}'", suggestion=other)
        hint = did_you_mean(key, here, _VERY_CLOSE) or _belongs(key, self.top) or did_you_mean(key, here)
        return self.fault(path, message="unknown key", suggestion=hint)

    def _bad_kind(self, path: KeyPath) -> Fault:
        """Return the fault of a network of a kind that there is not."""
        kinds = network_kinds()
        words = "one of " + ", ".join(f"'{kind}'" for kind in kinds)
        hint = did_you_mean(str(self.kind), kinds)
        return self.fault(path, given=given(self.kind), allowed=words, suggestion=hint)

    def _rule(self, path: KeyPath, message: str) -> tuple[KeyPath, Fault]:
        """Return the fault of a rule that binds several keys; a message "key: ..." belongs at that key."""
        key, colon, rest = message.partition(": ")
        inner: KeyPath = (*path, *(int(part) if part.isdecimal() else part for part in key.split(".")))
        if colon and slot_at(inner, self.kind, self.top) is not None:
            return inner, self.fault(inner, message=rest)
        return path, self.fault(path, message=message)

    def unwritable(self) -> dict[KeyPath, Fault]:
        """Return the faults of values that no key takes: dates, times, nan, inf, numbers over 64 bits."""
        faults = {}
        for path, value in _leaves(self.root):
            slot = slot_at(path, self.kind, self.top) if _is_strange(value) else None
            if slot is not None:  # an unknown key is reported as such
                words = allowed(slot, type_fits=False)
                if isinstance(value, float):
                    words = words.replace("a number", "a finite number")
                faults[path] = self.fault(path, given=given(value), allowed=words)
        return faults


def with_endless(root: Node) -> Node:
    """Return a tree in which inf is the number by which it is kept, where a key takes it."""
    for path, value in _leaves(root):
        slot = slot_at(path) if value == math.inf else None
        if slot is not None and "endless" in slot.about:
            root = put(root, path, Node(slot.about["endless"], origin_at(root, path)))
    return root


def _leaves(node: Node, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Yield every scalar with its path."""
    if node.is_table or node.is_list:
        for part, inner in node.value.items() if node.is_table else enumerate(node.value):
            yield from _leaves(inner, (*path, part))
    else:
        yield path, node.value


def _is_strange(value: Any) -> bool:
    """Whether no key takes such a value, and JSON cannot carry it."""
    if isinstance(value, float):
        return not math.isfinite(value)
    if isinstance(value, str):
        return any("\ud800" <= c <= "\udfff" for c in value)  # bytes of a command line that are not UTF-8
    return isinstance(value, dt.date | dt.time) or (isinstance(value, int) and value.bit_length() > 64)


def without_strange_values(data: Any) -> Any:
    """Return plain data with null for values that JSON cannot carry; ``unwritable`` reports them."""
    if isinstance(data, dict):
        return {k: without_strange_values(v) for k, v in data.items()}
    if isinstance(data, list):
        return [without_strange_values(v) for v in data]
    return None if _is_strange(data) else data


def _belongs(key: str, top: Slot) -> str | None:
    """Return "belongs in run.days", "did you mean run.days?", or None if no table has such a key."""
    places: dict[str, list[str]] = {}
    for path, _ in every_key(top):
        if path.startswith(("search.", "texts.")):  # levers again, as lists; texts again, in a language
            continue
        places.setdefault(path.rpartition(".")[2], []).append(path)
    if key in places:
        return f"belongs in {' or '.join(places[key][:3])}"
    close = closest(key, places, _VERY_CLOSE)
    return None if close is None else f"did you mean {' or '.join(places[close][:3])}?"


def _hint(value: Any, slot: Slot) -> str | None:
    """Return what may have been meant by a value that does not fit."""
    if not isinstance(value, str):
        return None
    if slot.choices:
        return did_you_mean(value, slot.choices)
    if slot.kinds[0] is bool:
        return f"write {value.lower()}, without quotes" if value.lower() in ("true", "false") else None
    try:
        read = float(value) if slot.kinds[0] in (int, float) else math.nan
    except ValueError:
        return None
    if not math.isfinite(read):
        return None
    return f"write {int(read) if read.is_integer() else read}, without quotes"
