"""A page measured in inches from its lower left corner: title and notes, text, axes, and its text for the blind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from wom_sim.charts.setting import COLUMN, NARROW, SIZES, Setting
from wom_sim.charts.style import FAINT, PLAIN, TITLE, Face
from wom_sim.charts.typesetting import line_height, wrap, wrap_by_clause

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARGIN = 0.3
_ABOVE = 0.22
"""Room above the title, in inches."""
DPI = 200

_ACROSS, _DOWN = (1.0, 1.12, 1.25, 1.4, 1.6, 2.0), (1.0, 1.15, 1.3, 1.5, 1.75, 2.0, 2.4, 2.9, 3.5, 4.3)
"""Steps in which a page that is scrolled grows across, and at each of them downwards."""
_LOW = (0.6, 0.7, 0.8, 0.9)
"""How low a column is for rows that need no more."""
_SCALES = tuple(1.0 + 0.1 * step for step in range(51))
_ASCENT, _CAPITAL, _DESCENT = 0.93, 0.73, 0.24
"""Heights of letters in sizes of the type. Source: DejaVu Sans, matplotlib's own font."""


class Texts(NamedTuple):
    """What a page says: the finding, the kind of interval it shows, and how to read the chart."""

    title: str
    interval: str
    foot: str


@dataclass(frozen=True)
class Page:
    """The room of a page between its notes, in inches, and its figure, which is made when it is first asked for.

    ``make`` returns one figure, however often it is called: most pages that are tried are too small, and never drawn.
    """

    width: float
    top: float
    bottom: float
    make: Callable[[], Figure]

    @property
    def figure(self) -> Figure:
        """Return the figure, title and notes written."""
        return self.make()


class _Lines(NamedTuple):
    """What a page says, in the lines that its width allows."""

    title: list[str]
    note: list[str]
    foot: list[str]


class Box(NamedTuple):
    """Where axes are, in inches."""

    figure: Figure
    left: float
    bottom: float
    right: float
    top: float


def open_page(texts: Texts, setting: Setting, fits: Callable[[Page], bool], low: bool = False) -> Page:
    """Return the smallest page, title and notes written, whose content fits.

    Type keeps its size while the page grows: a crowded chart gets smaller on a slide, but nothing overlaps. A narrow
    page grows downwards first; a column rather downwards than across, and is lower than a slide where ``low`` says
    that its content may be.
    """
    if setting.size == NARROW:
        scales = [(across, down) for across in _ACROSS for down in _DOWN]
    elif setting.size == COLUMN:
        downs = (*_LOW, *_DOWN) if low else _DOWN
        scales = sorted(((across, down) for across in _ACROSS for down in downs), key=lambda scale: price(*scale))
    else:
        scales = [(scale, scale) for scale in _SCALES]
    for scale in scales:
        page = _new_page(texts, setting, scale)
        if fits(page):
            break
    return page


def price(across: float, down: float) -> float:
    """Return what a page costs of a reader: type shrinks where it is wide, and a high one takes a place of its own."""
    return across**2 * down


def write(
    figure: Figure,
    at: tuple[float, float],
    lines: str | Sequence[str],
    face: Face = PLAIN,
    anchor: str = "left top",
) -> None:
    """Write lines of text at a point in inches.

    ``anchor`` says which part of the text is at the point: left, centre or right, and top, centre or bottom.
    Each line is placed by its baseline, so that texts side by side are level.
    """
    lines = [lines] if isinstance(lines, str) else list(lines)
    across, up = anchor.split(" ")
    width, height = figure.get_size_inches()
    size, pitch = face.size / 72.0, line_height(face)
    below = (len(lines) - 1) * pitch
    first = (
        at[1]
        + {
            "top": -_ASCENT * size,
            "centre": (below - _CAPITAL * size) / 2,
            "bottom": below + _DESCENT * size,
        }[up]
    )
    for i, line in enumerate(lines):
        figure.text(
            at[0] / width,
            (first - i * pitch) / height,
            line,
            fontsize=face.size,
            fontweight="bold" if face.bold else "normal",
            color=face.ink,
            ha="center" if across == "centre" else across,
            va="baseline",
        )


def place(figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """Return new axes at a place given in inches."""
    across, up = figure.get_size_inches()
    return figure.add_axes((left / across, bottom / up, width / across, height / up), facecolor="none")


def bar(axes: Axes, ends: tuple[float, float], middle: float, height: float, **look: Any) -> None:
    """Draw a bar across axes whose limits are set; ``axes.barh`` looks for them anew: four times as long."""
    from matplotlib.patches import Rectangle

    axes.add_artist(Rectangle((ends[0], middle - 0.5 * height), ends[1] - ends[0], height, **look))


def box_of(axes: Axes) -> Box:
    """Return the figure of some axes, and where in it they are."""
    figure = axes.figure.get_figure(root=True) if axes.figure is not None else None
    if figure is None:
        raise ValueError("these axes belong to no figure")
    across, up = figure.get_size_inches()
    box = axes.get_position()
    return Box(figure, box.x0 * across, box.y0 * up, box.x1 * across, box.y1 * up)


def inches(axes: Axes, x: float, y: float) -> tuple[float, float]:
    """Return where a point of the data is on the page, in inches."""
    across, up = axes.transData.transform((x, y)) / box_of(axes).figure.dpi
    return float(across), float(up)


def finish(figure: Figure, facts: Sequence[str] = ()) -> Figure:
    """Take every text literally (two dollar signs would else be read as mathematics); return the figure.

    ``facts`` are what the chart shows in sentences; they join the title in the text for who cannot see it.
    """
    from matplotlib.text import Text

    for text in figure.findobj(lambda artist: isinstance(artist, Text)):
        text.set(parse_math=False)
    head, *foot = str(figure.get_label()).split("\n")
    ended = (f"{fact.removesuffix('..')}." if fact.endswith("..") else fact for fact in facts)  # after "Tsd."
    figure.set_label("\n".join([head, *ended, *foot]))
    return figure


def alt_text(figure: Figure) -> str:
    """Return what a chart shows, in words: its title and note, the facts, how to read it."""
    return str(figure.get_label())


def _new_page(texts: Texts, setting: Setting, scales: tuple[float, float]) -> Page:
    """Return a page of ``scales`` times its width and height with its title and notes."""
    width, height = (scale * length for scale, length in zip(scales, SIZES[setting.size], strict=True))
    room = width - 2 * MARGIN
    title = wrap_by_clause(setting.title or texts.title, room, TITLE) if setting.titled else []
    said = ". ".join(part.rstrip(". ") for part in (setting.note, texts.interval) if part)
    lines = _Lines(title, wrap(said, room, FAINT), [*wrap(texts.foot, room, FAINT), *wrap(setting.key, room, FAINT)])
    below = height - _ABOVE - len(title) * line_height(TITLE) - 0.04
    top, bottom = below - len(lines.note) * line_height() - 0.14, len(lines.foot) * line_height() + 0.28
    first = ". ".join(part.rstrip(". ") for part in (setting.title or texts.title, said) if part)
    label = "\n".join([f"{first}.", *(part for part in (texts.foot, setting.key) if part)])
    return Page(width, top, bottom, cache(partial(_written, (width, height), lines, below, label)))


def _written(size: tuple[float, float], lines: _Lines, below: float, label: str) -> Figure:
    """Return a figure with title, note and foot; ``below``: where the title ends, in inches from the bottom."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, dpi=DPI, facecolor="white")
    write(figure, (MARGIN, size[1] - _ABOVE), lines.title, TITLE)
    write(figure, (MARGIN, below), lines.note, FAINT)
    write(figure, (MARGIN, 0.16), lines.foot, FAINT, "left bottom")
    figure.set_label(label)
    return figure
