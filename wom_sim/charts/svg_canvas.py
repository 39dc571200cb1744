"""Matplotlib's SVG canvas, but that it knows how high a text is by its letters, which are measured once.

To set each text of each figure anew takes a seventh of the time of a report. Asked for by ``savefig(backend=...)``.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.font_manager import findfont, get_font
from matplotlib.ft2font import LoadFlags

from wom_sim.charts.typesetting import stands_apart

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

_SIZE, _DPI = 100.0, 72.0
"""Points at which a letter is measured, dots an inch of a drawing: both as matplotlib has them."""


class _Letter(NamedTuple):
    """How wide a letter is, and where its ink begins and ends above the baseline; in points, of type of 100."""

    width: float
    low: float
    high: float


class FigureCanvas(FigureCanvasSVG):
    """A figure that is written as SVG."""

    def print_svg(self, filename: BinaryIO, *, metadata: Mapping[str, Any] | None = None, **_: Any) -> None:
        """Write the figure; ``filename`` is an open file, ``metadata`` as matplotlib has it."""
        text, dpi = codecs.getwriter("utf-8")(filename), self.figure.dpi
        self.figure.dpi = _DPI
        width, height = self.figure.get_size_inches()
        writing = _Renderer(_DPI * width, _DPI * height, text, image_dpi=dpi, metadata=metadata)
        renderer: Any = MixedModeRenderer(self.figure, width, height, dpi, writing)
        self.figure.draw(renderer)
        renderer.finalize()


class _Renderer(RendererSVG):
    """Writes a drawing. Whoever shows it aligns the lines of its text, so a width need not be that to the hair."""

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> tuple[float, float, float]:
        """Return width, height and depth below the baseline of a line of text, in points."""
        if ismath or not stands_apart(s):
            return super().get_text_width_height_descent(s, prop, ismath)
        file, scale = _file_of(prop, hash(prop)), prop.get_size_in_points() / _SIZE
        letters = [_measured(letter, file) for letter in s]
        low, high = min(each.low for each in letters), max(each.high for each in letters)
        return scale * sum(each.width for each in letters), scale * (high - low), -scale * low


_files: dict[int, str] = {}


def _file_of(prop: FontProperties, known: int) -> str:
    """Return the file of a font; ``known``: the hash of its properties, which may be set anew later."""
    if known not in _files:
        _files[known] = str(findfont(prop))
    return _files[known]


@lru_cache(maxsize=4096)
def _measured(letter: str, file: str) -> _Letter:
    font = get_font(file)
    font.set_size(_SIZE, _DPI)
    font.set_text(letter, 0.0, flags=LoadFlags.NO_HINTING)
    height, below = font.get_width_height()[1] / 64.0, font.get_descent() / 64.0
    width = font.load_char(ord(letter), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536.0
    return _Letter(width, -below, height - below)
