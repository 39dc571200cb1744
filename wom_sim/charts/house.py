"""The colours of a house in charts: checked that they can be seen on white, and told apart with any colour vision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import combinations

import numpy as np

from wom_sim.charts.style import OKABE_ITO, contrast_on_white, own_colours

VISIONS = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
"""What is left of linear RGB. Source: Machado, Oliveira & Fernandes 2009, full severity."""
FAR = 12.0
"""Distance in CIELAB (1976) beyond which two areas beside each other are plainly different; 2.3 is just noticeable."""
SEEN = 3.0
"""Least contrast of an area on white. Source: WCAG 2.1, 1.4.11."""
_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = np.array([0.9505, 1.0, 1.089])


def apart(first: str, second: str) -> tuple[float, str]:
    """Return how far two colours are apart (CIELAB, 1976) to those who see it least, and with which vision.

    >>> round(apart("#000000", "#FFFFFF")[0]), apart("#A0522D", "#6B6B00")[0] < 12.0
    (100, True)
    """
    return min((float(np.linalg.norm(_lab(first, v) - _lab(second, v))), v) for v in VISIONS)


def _lab(colour: str, vision: str) -> np.ndarray:
    """Return a colour as somebody sees it, in CIELAB (D65)."""
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255.0
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    ratio = _TO_XYZ @ np.clip(VISIONS[vision] @ linear, 0.0, 1.0) / _WHITE
    f = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16.0 / 116.0)
    return np.array([116.0 * f[1] - 16.0, 500.0 * (f[0] - f[1]), 200.0 * (f[1] - f[2])])


def faults(colours: Sequence[str]) -> list[tuple[int, str]]:
    """Return (index, what is wrong) of colours (``#RRGGBB``) that cannot be seen on white or told from another."""
    found = []
    for n, colour in enumerate(colours):
        contrast = contrast_on_white(colour)
        if contrast < SEEN:
            found.append((n, f"{colour} has a contrast of {contrast:.1f} on white, at least {SEEN:g} is needed"))
    for (i, first), (j, second) in combinations(enumerate(colours), 2):
        far, vision = apart(first, second)
        if far < FAR:
            found.append((j, f"{second} and {first} (number {i + 1}) look alike with {vision} vision"))
    return found


def filled(colours: Sequence[str]) -> tuple[str, ...]:
    """Return the colours of a house, then those of ours that can be told from all of them; ours where it has none."""
    ours = [c for c in OKABE_ITO.values() if all(apart(c, own)[0] >= FAR for own in colours)]
    return (*colours, *ours)


@contextmanager
def house_colours(colours: Sequence[str]) -> Iterator[None]:
    """Draw in the colours of a house while the context is open, in this thread only; in ours where there are none."""
    mark = own_colours.set(filled(colours) if colours else own_colours.get())
    try:
        yield
    finally:
        own_colours.reset(mark)
