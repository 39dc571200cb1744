"""The width of a text, put together from pairs of letters, is that of the line set whole."""

import pytest

from wom_sim.charts.style import BOLD, PLAIN, TITLE
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
