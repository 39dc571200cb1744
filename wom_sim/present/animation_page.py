"""An animation as a page with controls and no script: a day a button, a box that plays it, and its text beside it."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from wom_sim.charts.setting import Setting
from wom_sim.present.page import render
from wom_sim.present.tables import Cell, Table
from wom_sim.words import sentence

if TYPE_CHECKING:
    import numpy as np

    from wom_sim.charts.spreading_map import Scene
    from wom_sim.present.animation import Watched

MOST = 24
"""Pictures of a page: as many days as a row of buttons holds, evenly taken, the last among them."""
_SECONDS = 0.6
"""A picture's time when the page plays."""


class Frame(NamedTuple):
    """A picture of a day: its address, the day, and what it shows in words."""

    address: str
    day: int
    alt: str


def page_of(seen: Watched, pictures: Sequence[np.ndarray], setting: Setting) -> str:
    """Return the page; ``pictures``: one for each of the days seen."""
    chosen = chosen_of(len(seen.days))
    frames = [Frame(_address(pictures[n]), seen.days[n], told(seen, n, setting)) for n in chosen]
    height, width, _ = pictures[0].shape
    words, name = setting.words, setting.note.partition(":")[0]
    return render("animation.html.j2", words, {
        "title": words.say("animation.title", name=name), "headline": told(seen, chosen[-1], setting),
        "printed": setting.key, "sections": [], "frames": frames, "size": (width, height), "cell": seen.cell,
        "note": setting.note, "table": table_of(seen, chosen, setting), "seconds": _SECONDS,
    })  # fmt: skip


def chosen_of(number: int) -> list[int]:
    """Return which of so many pictures a page shows: the last, and as many evenly spaced ones as there is room for.

    >>> chosen_of(3), chosen_of(100)[:2], chosen_of(100)[-1], len(chosen_of(100))
    ([0, 1, 2], [0, 4], 99, 24)
    """
    most = min(MOST, number)
    return sorted({round(n * (number - 1) / max(1, most - 1)) for n in range(most)})


def told(seen: Watched, frame: int, setting: Setting) -> str:
    """Return what a picture shows: how many have heard of it under each policy."""
    say = setting.words.say
    parts = [
        say("animation.heard", policy=setting.words.policy_said(scene.policy), n=_people(scene, frame, setting))
        for scene in seen.scenes
    ]
    return sentence(say("animation.day", day=seen.days[frame], heard=setting.words.listed(parts)))


def table_of(seen: Watched, chosen: Sequence[int], setting: Setting) -> Table:
    """Return how many have heard of it on the days that are shown, a column a policy."""
    say, words = setting.words.say, setting.words
    heads = [say("chart.column.day"), *(sentence(words.policy(scene.policy)) for scene in seen.scenes)]
    rows = [[Cell(str(seen.days[n])), *(Cell(_people(scene, n, setting)) for scene in seen.scenes)] for n in chosen]
    return Table(say("animation.table"), heads, rows)


def text_of(seen: Watched, setting: Setting) -> str:
    """Return the text beside an animation, for who cannot see it: what it shows, and how it went."""
    every = [told(seen, n, setting) for n in chosen_of(len(seen.days))]
    return "\n".join([setting.note, seen.cell, *every, setting.key]) + "\n"


def poster(pictures: Sequence[np.ndarray]) -> bytes:
    """Return the still that stands for an animation: its last picture."""
    return _png(pictures[-1])


def _people(scene: Scene, frame: int, setting: Setting) -> str:
    return setting.words.people(float(scene.heard[frame]))


def _address(picture: np.ndarray) -> str:
    return f"data:image/png;base64,{base64.b64encode(_png(picture)).decode()}"


def _png(picture: Any) -> bytes:
    """Return a picture as PNG with few colours."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(picture).quantize(64, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()
