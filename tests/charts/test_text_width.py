"""The width of a text, put together from pairs of letters, is that of the line set whole."""

from io import StringIO

import pytest
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.font_manager import FontProperties

from wom_sim.charts.style import BOLD, PLAIN, TITLE
from wom_sim.charts.svg_canvas import _Renderer
from wom_sim.charts.typesetting import _set, text_width
from wom_sim.words import LANGUAGES, catalogue

LINES = [t for lang in LANGUAGES for t in catalogue(lang).values() if t and "\n" not in t]
HARD = [
    "AVATAR To. We, Yo-yo", "−€ 3,1 mln → +$ 446", "«ça» œuvre naïve ÉÀ", "Ѐто Київ", "λόγος", " x", "x ", "a  b", "i",
    "…", "שלום עולם", "مرحبا", "漢字かな", "e\u0301te\u0301", "fi ffl office", "broke off. A",
]  # fmt: skip


@pytest.mark.parametrize("face", [PLAIN, BOLD, TITLE])
@pytest.mark.filterwarnings("ignore:Glyph")
def test_pairs_add_up_to_the_line(face):
    for text in [*LINES[::12], *HARD]:
        assert text_width(text[:90], face) == pytest.approx(_set(text[:90], face), abs=1e-9), text


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.filterwarnings("ignore:Glyph")
def test_a_drawing_has_texts_as_high_as_matplotlib_sets_them(bold):
    """And about as wide; kerning is left out, since whoever shows a drawing sets its lines."""
    ours, theirs = (kind(100.0, 100.0, StringIO()) for kind in (_Renderer, RendererSVG))
    prop = FontProperties(size=11.5, weight="bold" if bold else "normal")
    for text in [*(each[:90].strip() for each in LINES[::40]), *map(str.strip, HARD)]:
        mine, whole = (each.get_text_width_height_descent(text, prop, False) for each in (ours, theirs))
        assert mine[1:] == pytest.approx(whole[1:], abs=1e-9), text
        assert mine[0] == pytest.approx(whole[0], rel=0.08, abs=4.0), text
