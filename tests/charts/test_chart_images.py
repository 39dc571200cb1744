"""A few charts beside the pictures they are to be; made anew by: python tests/charts/test_chart_images.py."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from chart_tables import TABLES
from PIL import Image

from wom_sim.charts import CHARTS, Setting
from wom_sim.charts.save import png_bytes

IMAGES = Path(__file__).parent / "images"
KINDS = ("dumbbell", "exceedance", "breakeven")
DRAW = {chart.name: chart.draw for chart in CHARTS}
DOTS = 40
TOLERANCE = 0.02
"""Mean difference of a pixel, of 1: letters may be drawn a little otherwise by another version of FreeType."""


def picture(kind: str, factor: float = 1.0) -> np.ndarray:
    table = TABLES[kind]()
    for column in ("mean", "mean_policy", "net_value", "difference", "low", "high"):
        if column in table:
            table[column] = table[column] * factor
    figure = DRAW[kind](
        table, Setting("Sprint 2007: 73 million people, 60 paired replications", key="Run 0123456789abcdef")
    )
    return np.asarray(Image.open(BytesIO(png_bytes(figure, DOTS))).convert("RGB"))


def away(first: np.ndarray, second: np.ndarray) -> float:
    """Mean difference of two pictures, 0 to 1; 1 where they are of another size."""
    if first.shape != second.shape:
        return 1.0
    return float(np.abs(first.astype(float) - second.astype(float)).mean() / 255.0)


@pytest.mark.skipif(
    tuple(map(int, matplotlib.__version__.split(".")[:2])) < (3, 11),
    reason="the pictures are of matplotlib 3.11; an older one sets letters elsewhere",
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_looks_as_it_did(kind):
    wanted = np.asarray(Image.open(IMAGES / f"{kind}.png").convert("RGB"))
    assert away(picture(kind), wanted) <= TOLERANCE


@pytest.mark.parametrize("kind", KINDS)
def test_another_table_would_be_noticed(kind):
    wanted = np.asarray(Image.open(IMAGES / f"{kind}.png").convert("RGB"))
    assert away(picture(kind, -3.0), wanted) > TOLERANCE


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    IMAGES.mkdir(exist_ok=True)
    for name in KINDS:
        Image.fromarray(picture(name)).quantize(64).save(IMAGES / f"{name}.png", optimize=True)
