"""A chart on disk: picture, drawings, the data it shows and what it says, never half written."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wom_sim._files import write_bytes_atomically
from wom_sim._tables import csv_text
from wom_sim.charts.page import DPI, alt_text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

_SETTINGS = {"svg.fonttype": "none", "svg.hashsalt": "wom_sim", "pdf.fonttype": 42}
_BACKENDS = {"png": "module://wom_sim.charts.png_canvas", "svg": "module://wom_sim.charts.svg_canvas"}
"""What writes a format, where it is not matplotlib's own."""
_lock = threading.Lock()


def save(
    figure: Figure, table: pd.DataFrame, folder: str | Path, name: str, formats: Sequence[str] = ("png", "svg")
) -> tuple[Path, ...]:
    """Write ``name`` in each format, ``name``.csv (the data) and ``name``.txt (the text); return their paths.

    Formats are "png" (200 dots an inch), "svg" (text as text) and "pdf". The same figure and table give the
    same bytes. Each file appears whole or not at all.

    Raises
    ------
    ValueError
        When ``name`` is not a plain file name, or a format is unknown.
    OSError
        When the folder cannot be made or written to.
    """
    if not name or name in {".", ".."} or Path(name).name != name or "\\" in name:
        raise ValueError(f"name '{name}' of a chart must be a plain file name, without folders")
    for form in formats:
        if form not in FORMATS:
            raise ValueError(f"format: given {form!r}, allowed: {', '.join(FORMATS)}")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    contents = {form: FORMATS[form](figure) for form in formats}
    contents["csv"] = csv_text(table, lineterminator="\n").encode()
    contents["txt"] = f"{alt_text(figure)}\n".encode()
    for form, content in contents.items():
        write_bytes_atomically(folder / f"{name}.{form}", content)
    return tuple(folder / f"{name}.{form}" for form in contents)


def png_bytes(figure: Figure, dpi: int = DPI) -> bytes:
    """Return the figure as a picture; its text is in its metadata."""
    return _written(figure, "png", {"Software": None, **_words(figure, "Title", "Description")}, dpi)


def svg_bytes(figure: Figure) -> bytes:
    """Return the figure as a drawing: text as text, no date, the same marks for the same figure."""
    return _written(figure, "svg", {"Date": None, **_words(figure, "Title", "Description")})


def pdf_bytes(figure: Figure) -> bytes:
    """Return the figure as a page of print: text as text, no date."""
    none = dict.fromkeys(("CreationDate", "Creator", "Producer"))
    return _written(figure, "pdf", {**none, **_words(figure, "Title", "Subject")})


FORMATS: Mapping[str, Callable[[Figure], bytes]] = {"png": png_bytes, "svg": svg_bytes, "pdf": pdf_bytes}


def _words(figure: Figure, title: str, description: str) -> dict[str, str]:
    """Return the text of a figure under the names that a format has for it."""
    text = alt_text(figure)
    return {title: text.split("\n")[0], description: text} if text else {}


def _written(figure: Figure, form: str, metadata: Mapping[str, Any], dpi: int = DPI) -> bytes:
    """Return the figure in a format."""
    file = BytesIO()
    settings: Any = dict(metadata)
    with _own_settings():
        figure.savefig(file, format=form, dpi=dpi, metadata=settings, backend=_BACKENDS.get(form))
    return file.getvalue()


@contextmanager
def _own_settings() -> Iterator[None]:
    """Set what matplotlib reads only from its global settings, and put it back; one thread at a time."""
    import matplotlib

    settings: Any = matplotlib.rcParams
    with _lock:
        before = {key: settings[key] for key in _SETTINGS}
        settings.update(_SETTINGS)
        try:
            yield
        finally:
            settings.update(before)


def load() -> None:
    """Import what drawing and saving take, so that the first chart need not wait for it."""
    import matplotlib.figure  # noqa: F401

    import wom_sim.charts.png_canvas
    import wom_sim.charts.svg_canvas  # noqa: F401
