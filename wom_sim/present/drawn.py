"""The charts of a result folder, drawn for a page or a slide: picture, alt text, caption, and where they belong."""

from __future__ import annotations

import base64
from typing import Any, NamedTuple

import pandas as pd

from wom_sim.charts import CHARTS, Setting, alt_text
from wom_sim.charts.save import png_bytes, svg_bytes
from wom_sim.present import facts
from wom_sim.present.story import Story

SECTIONS = {
    "differences": "verdict", "paired": "sure", "departures": "happens", "reached": "happens", "ledger": "money",
}  # fmt: skip
SHOWN = ("net_value", "extra_profitable", "joins_lost", "reached")


class Drawing(NamedTuple):
    """A chart: its name, section, size in pixels of the page, title, alt text, and the matplotlib figure to render."""

    name: str
    section: str
    title: str
    alt: str
    figure: Any

    @property
    def size(self) -> tuple[int, int]:
        """Return width and height in pixels at 96 an inch."""
        width, height = self.figure.get_size_inches()
        return round(96 * width), round(96 * height)

    def svg(self) -> bytes:
        """Return the drawing as SVG."""
        return svg_bytes(self.figure)

    def png(self) -> bytes:
        """Return the drawing as a picture."""
        return png_bytes(self.figure)

    def uri(self) -> str:
        """Return the drawing as a data address, so that a page needs no other file."""
        return "data:image/svg+xml;base64," + base64.b64encode(self.svg()).decode()


def drawings(story: Story) -> list[Drawing]:
    """Draw every chart that the folder's tables allow."""
    found, words = story.found, story.words
    note = f"{found.scenario.name}: {words.number(found.runs)}"
    setting = Setting(note, found.policies, found.scenario.currency, words.lang, key="")
    made = _tables(story)
    drawn = []
    for chart in CHARTS:
        table = made.get(chart.name)
        if table is None or table.empty:
            continue
        figure = chart.draw(table.reset_index(drop=True), setting)
        title = story.text(f"chart.kind.{chart.name}", chart.name)
        drawn.append(Drawing(chart.name, SECTIONS.get(chart.name, "indicators"), title, alt_text(figure), figure))
    return drawn


def _tables(story: Story) -> dict[str, pd.DataFrame]:
    found = story.found
    gaps = found.differences
    gaps = gaps[(gaps["against"] == "keep") & gaps["indicator"].isin(SHOWN)]
    rank = gaps["indicator"].map({name: k for k, name in enumerate(SHOWN)})
    lines = facts.ledger_lines(found)
    rows = [
        {
            "policy": p,
            "line": n,
            "label": story.words.name("indicator", n),
            "mean": found.estimate(p, n).mean,
            "order": k,
        }
        for p in found.policies
        for k, n in enumerate(lines)
    ]
    return {
        "reached": found.over_time("reached"),
        "departures": found.over_time("extra_profitable"),
        "differences": gaps.assign(rank=rank).sort_values("rank", kind="stable"),
        "ledger": pd.DataFrame(rows),
    }
