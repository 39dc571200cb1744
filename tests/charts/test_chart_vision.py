"""Every policy can be told from every other with any colour vision, and in grey."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from chart_tables import NAMES

from wom_sim.charts.channels import LOOKS
from wom_sim.charts.spreading_map import COLOURS
from wom_sim.charts.style import BAD, GOOD, palette

# Machado, Oliveira & Fernandes 2009, "A physiologically-based model for simulation of color vision deficiency":
# full severity, on linear RGB. Grey: relative luminance (WCAG 2.1).
VISIONS = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    "grey": [[0.2126, 0.7152, 0.0722]] * 3,
}
FAR = 12.0
"""Distance in CIELAB (1976) beyond which two areas beside each other are plainly different; 2.3 is just noticeable."""


def linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255.0
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(colour: str, vision: str) -> np.ndarray:
    """A colour as somebody sees it, in CIELAB (D65)."""
    seen = np.clip(np.array(VISIONS[vision]) @ linear(colour), 0.0, 1.0)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    ratio = to_xyz @ seen / np.array([0.9505, 1.0, 1.089])
    f = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16.0 / 116.0)
    return np.array([116.0 * f[1] - 16.0, 500.0 * (f[0] - f[1]), 200.0 * (f[1] - f[2])])


def apart(first: str, second: str, vision: str) -> float:
    return float(np.linalg.norm(lab(first, vision) - lab(second, vision)))


@pytest.mark.parametrize("vision", VISIONS)
def test_policies_differ_in_colour_or_in_line_and_marker(vision):
    for a, b in combinations(palette(NAMES).values(), 2):
        drawn_otherwise = str(a.line) != str(b.line) or a.marker != b.marker
        assert drawn_otherwise or apart(a.colour, b.colour, vision) >= FAR, (a, b)


def test_the_first_four_policies_differ_in_line_and_in_marker_too():
    looks = list(palette(NAMES[1:5]).values())
    assert len({str(look.line) for look in looks}) == len({look.marker for look in looks}) == 4


@pytest.mark.parametrize("vision", ["normal", "protanopia", "deuteranopia", "tritanopia"])
def test_the_first_four_policies_differ_in_colour_alone_but_in_grey(vision):
    colours = [look.colour for look in palette(NAMES[1:5]).values()]
    assert min(apart(a, b, vision) for a, b in combinations(colours, 2)) >= FAR


def test_this_test_would_notice_colours_that_are_alike():
    # Without blue light a plain red and a brown of the same lightness are one colour to many.
    assert apart("#A0522D", "#6B6B00", "protanopia") < apart("#A0522D", "#6B6B00", "normal")
    assert apart("#808080", "#818181", "grey") < FAR


@pytest.mark.parametrize("vision", VISIONS)
def test_channels_differ_in_marker_and_in_colour_or_line(vision):
    assert len({look.marker for look in LOOKS.values()}) == len(LOOKS)
    for a, b in combinations(LOOKS.values(), 2):
        assert str(a.line) != str(b.line) or apart(a.colour, b.colour, vision) >= FAR or a.marker != b.marker


@pytest.mark.parametrize("vision", ["normal", "protanopia", "deuteranopia", "tritanopia"])
def test_gain_and_loss_differ_with_any_colour_vision(vision):
    assert apart(GOOD, BAD, vision) >= FAR  # in grey their numbers have signs


@pytest.mark.parametrize("vision", VISIONS)
def test_each_class_of_the_map_is_darker_than_the_one_before(vision):
    lightness = [lab(colour, vision)[0] for colour in COLOURS]
    assert all(above - below >= 7.0 for above, below in pairwise(lightness))
