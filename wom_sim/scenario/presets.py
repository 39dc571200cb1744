"""What comes with the program and is named with ``builtin:``: presets of trades, and whole scenarios.

A scenario (``extends = "builtin:sprint_2007"``) is a file as any other, which ``whole`` finds by its name.

A preset (``extends = "builtin:bank"``) is not. It says what is usual in a trade: segments, costs, contracts, who
follows whom. Nobody has stated its numbers of the firm at hand, so they count as the model's own defaults do. A preset
names no firm, has no size and no policies.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from wom_sim import _builtin
from wom_sim.scenario.errors import Fault, ScenarioError, did_you_mean, visible
from wom_sim.scenario.merging import inherit, merge
from wom_sim.scenario.overrides import default_items
from wom_sim.scenario.toml_lines import locate
from wom_sim.scenario.tree import KeyPath, Node, find, grow, name_of, put, unstated

PREFIX = "builtin:"
"""How the name of what comes with the program begins, where else the name of a file would stand."""
FOLDER = Path(__file__).parent / "trades"
_EXAMPLE = FOLDER / "_example.toml"
"""A firm of no trade, with policies: what a preset lacks to be a scenario."""
_SEGMENTS: KeyPath = ("population", "segments")
_OUTLETS: KeyPath = ("media", "outlets")
_OWN = ("name", "share")
"""What a segment does not take from another."""


def preset_names() -> list[str]:
    """Return the names of the presets, without the prefix, in alphabetical order."""
    return sorted(file.stem for file in FOLDER.glob("*.toml") if file != _EXAMPLE)


def text_of(name: str) -> str:
    """Return the text of a preset, ``name`` being without the prefix."""
    return (FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def whole(called: str) -> Path | None:
    """Return the file of a scenario that comes with the program, called with the prefix; None if none is called so."""
    return _builtin.files("scenarios").get(called.removeprefix(PREFIX)) if called.startswith(PREFIX) else None


def own_copy_of_example(called: str) -> str:
    """Return the text of the made-up firm of a preset's trade, which extends the preset: a file to go on from."""
    text = _EXAMPLE.read_text(encoding="utf-8")
    body = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))
    return f'extends = "{called}"   # what is not stated here is that of the trade\n{body}'


def preset(called: str, file: str, line: int | None = None, key: str = "") -> Node:
    """Return the tree of a preset, called with its prefix; nobody stated what is in it.

    An outlet that it names is laid on the model's own of that name, or added to those.

    Raises
    ------
    ScenarioError
        If there is no such preset; ``file``, ``line`` and ``key`` say where it was asked for.
    """
    names = preset_names()
    name = called.removeprefix(PREFIX)
    if name not in names:
        there = [PREFIX + known for known in names]
        message = f"no preset '{visible(called)}'; allowed: {', '.join(there)}, and what wom-sim show scenarios lists"
        likely = did_you_mean(called, [*there, *(PREFIX + known for known in _builtin.files("scenarios"))])
        raise ScenarioError([Fault(file, line, key, message=message, suggestion=likely)])
    text = text_of(name)
    tree = grow(tomllib.loads(text), called, locate(text))
    outlets = find(tree, _OUTLETS)
    if outlets is not None:
        tree = put(tree, _OUTLETS, merge(default_items(_OUTLETS, called), outlets))
    return unstated(tree)


def on_preset(base: Node, over: Node) -> Node:
    """Return a preset with everything in ``over`` laid on top, as any file is laid on another, but for segments.

    A segment whose name the preset does not know takes from the preset's first segment what it does not say itself.
    Where no name is known, they stand in the place of the preset's.
    """
    theirs, own = find(base, _SEGMENTS), find(over, _SEGMENTS)
    if theirs is None or own is None or not own.is_list or not all(name_of(item) for item in own.value):
        return inherit(base, over)
    known = {name_of(item) for item in theirs.value}
    typical = theirs.value[0]
    usual = Node({key: value for key, value in typical.value.items() if key not in _OWN}, typical.origin)
    items = [item if name_of(item) in known else merge(usual, item) for item in own.value]
    if not any(name_of(item) in known for item in items):
        base = put(base, _SEGMENTS, Node([], theirs.origin))
    return inherit(base, put(over, _SEGMENTS, Node(items, own.origin)))


def example(called: str) -> Node:
    """Return a preset as a scenario of its own: a made-up firm of the trade that lets the costliest customers go.

    Raises
    ------
    ScenarioError
        If there is no such preset.
    """
    text = _EXAMPLE.read_text(encoding="utf-8")
    firm = unstated(grow(tomllib.loads(text), called, locate(text)))
    return inherit(preset(called, called), firm)
