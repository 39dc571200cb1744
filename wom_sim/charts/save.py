"""A chart on disk: picture, drawing and the data it shows, never half written."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wom_sim._files import write_bytes_atomically
from wom_sim.charts.page import DPI

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

_SVG_SETTINGS = {"svg.fonttype": "none", "svg.hashsalt": "wom_sim"}
_svg_lock = threading.Lock()


def save(figure: Figure, table: pd.DataFrame, folder: str | Path, name: str) -> tuple[Path, Path, Path]:
    """Write ``name``.png (150 dpi), ``name``.svg (text as text) and ``name``.csv; return their paths.

    The same figure and table give the same bytes. Each file appears whole or not at all.

    Raises
    ------
    ValueError
        When ``name`` is not a plain file name.
    OSError
        When the folder cannot be made or written to.
    """
    if not name or name in {".", ".."} or Path(name).name != name or "\\" in name:
        raise ValueError(f"name '{name}' of a chart must be a plain file name, without folders")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = (folder / f"{name}.png", folder / f"{name}.svg", folder / f"{name}.csv")
    write_bytes_atomically(paths[0], png_bytes(figure))
    write_bytes_atomically(paths[1], svg_bytes(figure))
    write_bytes_atomically(paths[2], table.to_csv(index=False, lineterminator="\n").encode())
    return paths


def png_bytes(figure: Figure) -> bytes:
    """Return the figure as a picture, 150 dots an inch."""
    file = BytesIO()
    metadata: Any = {"Software": None}
    figure.savefig(file, format="png", dpi=DPI, metadata=metadata)
    return file.getvalue()


def svg_bytes(figure: Figure) -> bytes:
    """Return the figure as a drawing: text as text, no date, the same marks for the same figure."""
    file = BytesIO()
    metadata: Any = {"Date": None}
    with _svg_settings():
        figure.savefig(file, format="svg", metadata=metadata)
    return file.getvalue()


@contextmanager
def _svg_settings() -> Iterator[None]:
    """Set what matplotlib reads only from its global settings, and put it back; one thread at a time."""
    import matplotlib

    settings: Any = matplotlib.rcParams
    with _svg_lock:
        before = {key: settings[key] for key in _SVG_SETTINGS}
        settings.update(_SVG_SETTINGS)
        try:
            yield
        finally:
            settings.update(before)
