"""The folder of the page: whose scenarios may be opened, and where results, trails and exports are kept.

Nothing outside it is read, but what comes with the program and the scenario that the command named.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wom_sim import _builtin
from wom_sim._files import write_text_atomically
from wom_sim.scenario.errors import Fault, ScenarioError, visible
from wom_sim.scenario.presets import PREFIX

MOST_BYTES = 1_000_000
"""Of a scenario that is given to the page as text."""
NAMES_FILES = {("population", "file"), ("network", "path"), ("worlds", "posterior")}
"""Keys of a scenario that name files: a text that is given to the page may name those in its own folder only."""
GIVEN = "given"
"""The name of the scenario that the command named."""


@dataclass(frozen=True)
class Folder:
    """``place``: the folder that was chosen; ``given``: the scenario that the command named, if one was."""

    place: Path
    given: str | None = None

    @property
    def scenarios(self) -> Path:
        """Return where scenarios of one's own are."""
        return self.place / "scenarios"

    def own(self) -> list[str]:
        """Return the names of the scenarios of one's own."""
        return sorted(file.stem for file in self.scenarios.glob("*.toml") if file.is_file() and not file.is_symlink())

    def bases(self) -> list[str]:
        """Return the names of the imported bases that lie in the folder ``bases``."""
        there = (self.place / "bases").glob("*/import.json")
        return sorted(file.parent.name for file in there if not file.parent.is_symlink())

    def file_of(self, base: str) -> str:
        """Return the file of a scenario that may be opened, as ``load_scenario`` takes it.

        Raises
        ------
        ScenarioError
            If there is none of that name.
        """
        if base == GIVEN and self.given is not None:
            return self.given
        if base.startswith(PREFIX) and base.removeprefix(PREFIX) in _builtin.files("scenarios"):
            return base
        if base in self.own():
            file = self.scenarios / f"{base}.toml"
            check_files_named(file.read_text(encoding="utf-8", errors="replace"), self)
            return str(file)
        raise ScenarioError([Fault("address", key="base", given=repr(visible(base)), allowed="a scenario of the list")])

    def keep(self, name: str, text: str) -> str:
        """Write a scenario of one's own, which has been checked, under a name that is still free; return that name."""
        self.scenarios.mkdir(parents=True, exist_ok=True)
        slug, number = _slug(name), 1
        while (self.scenarios / f"{slug}{'' if number == 1 else f'_{number}'}.toml").exists():
            number += 1
        called = f"{slug}{'' if number == 1 else f'_{number}'}"
        write_text_atomically(self.scenarios / f"{called}.toml", text)
        return called


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:60] or "scenario"


def check_files_named(text: str, folder: Folder) -> None:
    """Make sure that a text of a scenario names no file but what comes with the program, or lies in the folder.

    Raises
    ------
    ScenarioError
        If it does, is too long, or is not TOML.
    """
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise ScenarioError([Fault("text", message=f"allowed: at most {MOST_BYTES:,} bytes")])
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ScenarioError([Fault("text", message=f"not TOML: {visible(str(error))[:200]}")]) from None
    wrong = [
        Fault("text", key=key, given=repr(visible(str(value)[:200])), allowed=allowed)
        for key, value, allowed in _outside(table, folder)
    ]
    if wrong:
        raise ScenarioError(wrong)


def _outside(table: dict[str, Any], folder: Folder) -> list[tuple[str, Any, str]]:
    """Return the keys that name what may not be read, with what they name and what they may."""
    found: list[tuple[str, Any, str]] = []
    above = table.get("extends")
    if above is not None and not (isinstance(above, str) and above.startswith(PREFIX)):
        found.append(("extends", above, f"{PREFIX}NAME, what comes with the program"))
    for head, key in NAMES_FILES:
        inner = table.get(head)
        value = inner.get(key) if isinstance(inner, dict) else None
        if value is not None and not (isinstance(value, str) and _within(folder, value)):
            found.append((f"{head}.{key}", value, "a file in the folder of the page"))
    return found


def _within(folder: Folder, value: str) -> bool:
    """Whether a path, seen from the scenarios of the folder, ends within the folder, whatever links it goes over."""
    try:
        return (folder.scenarios / value).resolve().is_relative_to(folder.place.resolve())
    except (OSError, ValueError, RuntimeError):
        return False
