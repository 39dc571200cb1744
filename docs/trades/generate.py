"""``make docs``: write docs/TRADES.md from its prose (TRADES.md.in) and the presets of trades.

python docs/trades/generate.py
"""

from __future__ import annotations

from pathlib import Path

from wom_sim.scenario import load_scenario
from wom_sim.scenario.preset_numbers import PresetNumber, numbers_of_preset, trade
from wom_sim.scenario.presets import PREFIX, preset_names
from wom_sim.simulation.base import base_table

HERE = Path(__file__).parent
PROSE = HERE / "TRADES.md.in"
PAGE = HERE.parent / "TRADES.md"


def page() -> str:
    """Return docs/TRADES.md as the presets have it now."""
    prose = PROSE.read_text(encoding="utf-8")
    presets = "\n\n".join(preset_text(name) for name in preset_names())
    return prose.replace("{{BASE}}", base_text()).replace("{{PRESETS}}", presets)


def preset_text(name: str) -> str:
    """Return what a preset says: a heading, its notes, and a table of its numbers for each table of the file."""
    about = trade(name)
    lines = [f"## `{about.name}`", "", f"{about.summary} Money in {about.currency}.", "", about.notes]
    heading = ""
    for number in numbers_of_preset(name):
        table, _, key = number.key.rpartition(".")
        if table != heading:
            heading = table
            lines += ["", f"`{table}`", "", "| key | value | drawn from | grade | source |", "|---|---|---|---|---|"]
        lines.append(_row(key, number))
    return "\n".join(lines)


def _row(key: str, number: PresetNumber) -> str:
    unit = number.unit.partition(",")[0]
    value = f"{number.value:g} {unit}".strip()
    return f"| `{key}` | {value} | {number.drawn} | {number.grade} | {number.source} |"


def base_text() -> str:
    """Return a table of what the made-up firm of each preset looks like."""
    lines = [
        "| trade | lose money in the books | lose money on contribution | booked profit, share of revenue "
        "| worst fifth in the books, share of all profit |",
        "|---|---|---|---|---|",
    ]
    for name in preset_names():
        table = base_table(load_scenario(PREFIX + name))
        base = table[(table["section"] == "base") & (table["group"] == "")].set_index("name")["built"]
        tenths = table[(table["section"] == "deciles_by_books") & (table["name"] == "share_of_profit")]
        worst = float(tenths["built"].iloc[-2:].sum())
        figures = (
            1.0 - base["profitable_by_books"], 1.0 - base["profitable_by_contribution"],
            base["booked_profit_year"] / base["revenue_year"], worst,
        )  # fmt: skip
        lines.append(f"| {name} | " + " | ".join(f"{100.0 * figure:.0f} %" for figure in figures) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(HERE.parents[1])}")
