"""Sections of other packages in the report of a comparison: paragraphs and tables of text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from numbers import Real
from typing import Any

import pandas as pd

from wom_sim import plugins
from wom_sim.plugins.limit import PluginError, called
from wom_sim.present.result_folder import Findings
from wom_sim.present.tables import Cell, Table
from wom_sim.words import Words

_MOST_ROWS = 500
"""Rows of a table that are shown."""


@dataclass(frozen=True)
class Written:
    """What a section says: paragraphs of plain text, then tables by caption, whose first column names the rows."""

    paragraphs: Sequence[str] = ()
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)


@dataclass(frozen=True)
class OwnSection:
    """A section of another package.

    ``name`` is that of its entry point; ``title`` is its heading, by language ("en" at least). ``write`` takes what a
    comparison found (``wom_sim.present.result_folder.Findings``: scenario, summary, differences, replications, daily)
    and ``Words`` (how numbers and money are written in the report's language), and returns ``Written``.
    """

    name: str
    title: Mapping[str, str]
    write: Callable[[Findings, Words], Written]


@lru_cache(maxsize=64)
def own(name: str) -> OwnSection:
    """Return the section of another package by its name.

    Raises
    ------
    ValueError
        If no installed package has it, and (PluginError) if it is none, or says of itself what cannot be.
    """
    found = plugins.declared(plugins.SECTION, name, OwnSection)
    if not name.isidentifier():
        raise _wrong(name, "must have a name of letters, digits and _")
    if not isinstance(found.title, Mapping) or not isinstance(found.title.get("en"), str) or not callable(found.write):
        raise _wrong(name, 'needs a title of at least {"en": ...} and a function to write it')
    return found


def sections(found: Findings, words: Words) -> list[dict[str, Any]]:
    """Return the sections that a scenario names as the template places them: name, title, paragraphs, tables.

    Raises
    ------
    PluginError
        If one fails, or writes what is no section.
    """
    return [_placed(own(name), found, words) for name in found.scenario.plugins.sections]


def _placed(section: OwnSection, found: Findings, words: Words) -> dict[str, Any]:
    said = called(section.name, "written", lambda: section.write(found, words), plugins.SECTION)
    if not isinstance(said, Written):
        raise _wrong(section.name, f"wrote a {type(said).__name__}, allowed: Written")
    if isinstance(said.paragraphs, str) or not all(isinstance(text, str) for text in said.paragraphs):
        raise _wrong(section.name, "has paragraphs that are no list of texts")
    if not all(isinstance(table, pd.DataFrame) for table in said.tables.values()):
        raise _wrong(section.name, "has a table that is no pandas DataFrame")
    title = section.title.get(words.lang, section.title["en"])
    tables = [_table(str(caption), table, words) for caption, table in said.tables.items()]
    return {"name": f"own-{section.name}", "title": title, "paragraphs": list(said.paragraphs), "tables": tables}


def _table(caption: str, table: pd.DataFrame, words: Words) -> Table:
    """Return a table of text; numbers are written as the report writes numbers, what is missing as nothing."""
    rows = [[Cell(_text(value, words)) for value in row] for row in table.head(_MOST_ROWS).itertuples(index=False)]
    return Table(caption, [str(name) for name in table.columns], rows)


def _text(value: Any, words: Words) -> str:
    if isinstance(value, Real) and not isinstance(value, bool):
        number = float(value)
        return "" if number != number else words.number(number)
    return "" if value is None else str(value)


def _wrong(name: str, what: str) -> PluginError:
    return plugins.wrong(plugins.SECTION, name, OwnSection, what)
