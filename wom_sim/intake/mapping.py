"""The mapping file: which column means what, and how it is written. It is guessed once, edited, and used again."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Table
from datetime import date
from pathlib import Path
from typing import Any, Literal

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from wom_sim._text import FileError, check_regular
from wom_sim.intake.meanings import BY_NAME, MEANINGS

OPEN = "?"
"""A question that the user must answer."""
DAYS_A_MONTH = 30.4375
PERIODS = {"day": 1 / DAYS_A_MONTH, "week": 7 / DAYS_A_MONTH, "month": 1.0, "quarter": 3.0, "year": 12.0}
"""Months of the periods that something may be counted over; ``lifetime`` is the time that the customer is one."""


class Column(BaseModel):
    """A meaning: its column or columns, and how its cells are written."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    column: str | list[str]
    per: Literal["day", "week", "month", "quarter", "year", "lifetime"] | None = None
    decimal: Literal[",", ".", "?"] | None = None
    order: Literal["day first", "month first", "?"] | None = None
    yes: list[str] | None = None
    no: list[str] | None = None

    @property
    def names(self) -> list[str]:
        """Return the columns."""
        return [self.column] if isinstance(self.column, str) else self.column


class Mapping(BaseModel):
    """What each column of a table means."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    as_of: date | None = None
    rows: Literal["customers", "invoices", "?"] = "customers"
    columns: dict[str, Column] = Field(default_factory=dict)
    ignored: dict[str, str] = Field(default_factory=dict)


def questions(mapping: Mapping) -> list[tuple[str, str]]:
    """Return what the user must answer: the key of a mapping, and the key of the question (``import.ask.*``)."""
    asked = [("rows", "rows")] if mapping.rows == OPEN else []
    for name, column in mapping.columns.items():
        asked += [(f"columns.{name}.decimal", "decimal")] if column.decimal == OPEN else []
        asked += [(f"columns.{name}.order", "order")] if column.order == OPEN else []
    return asked


def load(file: Path, headers: Table[str, Any]) -> Mapping:
    """Return the mapping of a file.

    Raises
    ------
    FileError
        If it cannot be read, says something that is not known, or names a column that the table lacks.
    """
    check_regular(file)
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        mapping = Mapping.model_validate(said)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FileError(file, None, f"is not TOML: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise FileError(file, None, f"{key}: given {str(first['input'])[:60]!r}; {first['msg']}") from None
    except RecursionError:
        raise FileError(file, None, "tables or lists are nested too deeply") from None
    except ValueError:  # Python refuses to read a number of thousands of digits
        raise FileError(file, None, "a number has too many digits") from None
    for name, column in mapping.columns.items():
        if name not in BY_NAME:
            allowed = ", ".join(meaning.name for meaning in MEANINGS)
            raise FileError(file, None, f"columns.{name}: no such meaning; allowed: {allowed}")
        if len(column.names) != 1 and not (column.names and name == "household"):
            allowed = "one or more columns" if name == "household" else "one column"
            given = ", ".join(map(repr, column.names)) or "none"
            raise FileError(file, None, f"columns.{name}.column: given {given}; allowed: {allowed}")
        for header in column.names:
            if header not in headers:
                words = f"the table has no column {header!r}; it has: {', '.join(headers)}"
                raise FileError(file, None, f"columns.{name}.column: {words}")
    return mapping


def to_toml(mapping: Mapping) -> str:
    """Return a mapping as the text of its file."""
    said = mapping.model_dump(exclude_none=True)
    head = "# Which column means what. Edit it, and use it again: wom-sim import FILE --mapping THIS_FILE --out base/\n"
    return head + tomli_w.dumps(said)
