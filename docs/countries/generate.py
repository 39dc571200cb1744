"""Write docs/AUTHORITIES.md: its template, and every number of each country with grade and source.

python docs/countries/generate.py
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from wom_sim.scenario.countries import known_countries, text_of_country
from wom_sim.scenario.preset_numbers import evidence_in

HERE = Path(__file__).parent
PAGE = HERE.parent / "AUTHORITIES.md"


def countries() -> str:
    """Return a section for each country: a line on it, and a table of its numbers."""
    return "\n\n".join(f'### `country = "{name}"`\n\n{_section(text_of_country(name))}' for name in known_countries())


def _section(text: str) -> str:
    lines = text.splitlines()
    rows = ["| key | value | grade | source |", "|---|---|---|---|"]
    table, name = "", ""
    for line in lines[1:]:
        if line.startswith("["):
            table, name = line.strip("[]"), ""
        elif " = " in line:
            key = line.partition(" = ")[0]
            given, (grade, source) = tomllib.loads(line)[key], evidence_in(line)
            grade, source = (grade, source) if grade else (source, "")
            if key == "name":
                name = str(given)
                continue
            if key == "source":
                continue
            place = f"{table}.{name}" if name else table
            rows.append(f"| `{place}.{key}` | {_value(given)} | {grade} | {source} |")
    return f"{lines[0].removeprefix('#').strip()}\n\n" + "\n".join(rows)


def _value(given: Any) -> str:
    if isinstance(given, dict):
        return f"{given['mode']:,g} ({given['low']:,g} to {given['high']:,g})"
    return {True: "yes", False: "no"}[given] if isinstance(given, bool) else f"{given:,g}"


def page() -> str:
    """Return the page."""
    return (HERE / "AUTHORITIES.md.in").read_text(encoding="utf-8").replace("{{countries}}", countries())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print("wrote docs/AUTHORITIES.md")
