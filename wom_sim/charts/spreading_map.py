"""The pictures of an animation: a map of communities for each policy, coloured by the share who have heard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from wom_sim.charts.legend import Sample, draw_legend, legend_height
from wom_sim.charts.page import MARGIN, Page, Texts, finish, open_page, place, write
from wom_sim.charts.setting import Setting
from wom_sim.charts.style import BOLD, FAINT, FAINT_INK, TEXT, Face, Look, palette, quiet
from wom_sim.charts.typesetting import line_height, text_width
from wom_sim.charts.words import sentence

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CLASSES = (0.0, 0.01, 0.05, 0.1, 0.25, 0.5)
"""A cell's class: nobody; above 0; at least 1, 5, 10, 25, 50 % have heard. Each is darker than the one before."""
COLOURS = ("#F0F0F0", "#C3D9EE", "#93C4DF", "#4B98C9", "#1764AB", "#08386F", "#03162E")
OUTSIDE = "#FFFFFF"
DPI = 100
_BUZZ, _TALL = 0.62, 2.2
_STRIP = 4
"""Height of a strip of cells: a cell's neighbours in number are within so many rows."""


class Scene(NamedTuple):
    """What is seen of a policy: the share who have heard in each cell (frames x cells), how many people have heard
    in all at each frame, and the buzz of each day.
    """  # fmt: skip

    policy: str
    shares: np.ndarray
    heard: np.ndarray
    buzz: np.ndarray


def pictures(scenes: Sequence[Scene], days: Sequence[int], cell: str, setting: Setting) -> Iterator[np.ndarray]:
    """Yield a picture (height x width x 3 bytes) for each of ``days``.

    ``cell`` says in words what a cell is; the cells lie along a curve that keeps neighbours in number near.
    """
    import numpy as np
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    order = places(scenes[0].shares.shape[1])
    figure, moving = _draw_page(scenes, days, cell, setting)
    figure.set_dpi(DPI)
    canvas = FigureCanvasAgg(figure)
    for frame, day in enumerate(days):
        for scene, (image, counter, line, dot) in zip(scenes, moving, strict=True):
            image.set_data(_classes(scene.shares[frame], order))
            counter.set_text(setting.words.count("chart.map.heard", float(scene.heard[frame])))
            until = np.arange(min(day + 1, len(scene.buzz)))
            line.set_data(until, scene.buzz[until])
            dot.set_data([day], [scene.buzz[min(day, len(scene.buzz) - 1)]])
        moving[0].image.axes.figure.texts[-1].set_text(setting.words.say("chart.day_is", day=day))
        canvas.draw()
        picture = np.asarray(canvas.buffer_rgba())[:, :, :3]
        yield picture[: picture.shape[0] // 2 * 2, : picture.shape[1] // 2 * 2].copy()


class Moving(NamedTuple):
    """What changes from picture to picture in one panel."""

    image: Any
    counter: Any
    line: Any
    dot: Any


def shape_of(cells: int) -> tuple[int, int]:
    """Return rows and columns of a map about twice as wide as high that holds so many cells.

    >>> shape_of(347), shape_of(4096)
    ((12, 29), (44, 94))
    """
    rows = max(1, _STRIP * round((cells / 2) ** 0.5 / _STRIP)) if cells > _STRIP else 1
    return rows, -(-cells // rows)


def places(cells: int) -> list[tuple[int, int]]:
    """Return the place (row, column) of each cell: to and fro in strips, so that neighbours in number are near.

    >>> places(3)
    [(0, 0), (0, 1), (0, 2)]
    """
    rows, columns = shape_of(cells)
    found = []
    high = min(_STRIP, rows)
    for strip in range(0, rows, high):
        across = range(columns) if strip // high % 2 == 0 else range(columns - 1, -1, -1)
        for column in across:
            upright = range(strip, min(strip + high, rows))
            found += [(row, column) for row in (upright if column % 2 == 0 else upright[::-1])]
    return found[:cells]


def _classes(shares: np.ndarray, order: Sequence[tuple[int, int]]) -> np.ndarray:
    """Return the class of each place on the map, -1 outside."""
    import numpy as np

    square = np.full(shape_of(len(shares)), -1.0)
    rows, columns = np.array(order).T
    classes = np.searchsorted(np.array(CLASSES[1:]), shares, side="right") + 1.0
    square[rows, columns] = np.where(shares > 0.0, classes, 0.0)
    return square


def _draw_page(
    scenes: Sequence[Scene], days: Sequence[int], cell: str, setting: Setting
) -> tuple[Figure, list[Moving]]:
    """Return the page with everything that stands still, and what moves."""
    words = setting.words
    samples = [Sample(text, Look(colour, "-", "s", FAINT_INK), lined=False)
               for text, colour in zip(_class_names(setting), COLOURS, strict=True)]  # fmt: skip
    texts = Texts(_title(scenes, setting), cell, "")
    key = legend_height(samples, 9.4)
    least = key + 2 * line_height() + _TALL + _BUZZ + 0.55
    page = open_page(texts, setting, lambda page: least <= page.top - page.bottom)
    draw_legend(page.figure, (MARGIN, page.top), page.width - 2 * MARGIN, samples)
    top = page.top - key
    looks = palette([*map(str, setting.order), *(scene.policy for scene in scenes)])
    peak = max(float(scene.buzz.max()) for scene in scenes) or 1.0
    width = (page.width - 2 * MARGIN) / 2
    moving = []
    for k, scene in enumerate(scenes):
        left = MARGIN + k * width
        write(
            page.figure, (left, top), sentence(words.policy(scene.policy)), Face(bold=True, ink=looks[scene.policy].ink)
        )
        write(page.figure, (left, top - line_height()), " ", BOLD)
        counter = page.figure.texts[-1]
        image = _draw_map(page, (left, top - 2 * line_height() - 0.05), scene.shares.shape[1])
        line, dot = _draw_buzz(page, (left, width - 0.5), scene, (peak, days[-1]), setting)
        moving.append(Moving(image, counter, line, dot))
    write(page.figure, (page.width - MARGIN, top), " ", Face(20.0, bold=True), "right top")
    return finish(page.figure), moving


def _title(scenes: Sequence[Scene], setting: Setting) -> str:
    words = setting.words
    told = [f"{words.policy(s.policy)} {words.people(float(s.heard[-1]))}" for s in scenes]
    return sentence(words.say("chart.map.title", told="; ".join(told)))


def _class_names(setting: Setting) -> list[str]:
    words = setting.words
    least = [words.say("chart.map.from", share=words.share(share)) for share in CLASSES[1:]]
    return [words.say("chart.map.nobody"), words.say("chart.map.some"), *least]


def _draw_map(page: Page, corner: tuple[float, float], cells: int) -> Any:
    """Draw an empty map below a corner (its left and top) and return the image."""
    import numpy as np
    from matplotlib.colors import BoundaryNorm, ListedColormap

    high = corner[1] - page.bottom - _BUZZ - 0.55
    width = (page.width - 2 * MARGIN) / 2 - 0.4
    axes = place(page.figure, corner[0], corner[1] - high, width, high)
    colours = ListedColormap([OUTSIDE, *COLOURS])
    norm = BoundaryNorm(np.arange(-1.5, len(COLOURS) + 0.5), colours.N)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_xticks([])
    axes.set_yticks([])
    return axes.imshow(np.full(shape_of(cells), -1.0), cmap=colours, norm=norm, interpolation="nearest", aspect="auto")


def _draw_buzz(
    page: Page, across: tuple[float, float], scene: Scene, ends: tuple[float, int], setting: Setting
) -> tuple[Any, Any]:
    """Draw the axes of the buzz at the foot; return its line and the dot at its end."""
    left, width = across
    label = setting.words.say("chart.buzz.buzz")
    room = max(text_width(label), 0.6) + 0.1
    axes: Axes = place(page.figure, left + room, page.bottom + 0.28, width - room, _BUZZ)
    write(page.figure, (left, page.bottom + 0.28 + _BUZZ), label, BOLD)
    quiet(axes, "y")
    axes.set_xlim(0.0, max(1, ends[1]))
    axes.set_ylim(0.0, 1.1 * ends[0])
    axes.set_yticks([])
    axes.set_xticks([0, ends[1]])
    axes.set_xticklabels(["0", setting.words.say("chart.day_is", day=ends[1])], fontsize=TEXT, color=FAINT.ink)
    look = palette([*map(str, setting.order), scene.policy])[scene.policy]
    axes.plot(scene.buzz[: ends[1] + 1], color="#D8D8D8", linewidth=1.4)
    (line,) = axes.plot([], [], color=look.colour, linewidth=2.2)
    (dot,) = axes.plot([], [], "o", color=look.colour, markersize=6.0, clip_on=False)
    return line, dot
