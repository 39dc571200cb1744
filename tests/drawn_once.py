"""Pages and slides of tests draw each chart once: the same table in the same setting is the same picture.

That it is so is what ``tests/charts`` checks, which draws every chart anew, as does a test that asks for
``drawn_anew``. What is remembered is known by all that a chart is given: its name, the whole table, the setting.
"""

from __future__ import annotations

import pickle
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import pytest

from wom_sim.charts import Chart
from wom_sim.present import drawn, pictures

KEPT = 96
"""So many figures are kept, those used last: a report has some thirty, with those for a telephone."""
_figures: OrderedDict[tuple[str, bytes, str], Any] = OrderedDict()
_written: WeakKeyDictionary[Any, dict[Any, bytes]] = WeakKeyDictionary()
_REAL = {
    (pictures, "chart_named"): pictures.chart_named,
    (drawn, "svg_bytes"): drawn.svg_bytes,
    (drawn, "png_bytes"): drawn.png_bytes,
}


def _chart_named(name: str) -> Chart:
    chart = _REAL[pictures, "chart_named"](name)
    return chart._replace(draw=partial(_draw, chart))


def _draw(chart: Chart, table: Any, setting: Any) -> Any:
    known = (chart.name, pickle.dumps((table.dtypes.to_dict(), table.to_dict("list"))), repr(setting))
    if known not in _figures:
        _figures[known] = chart.draw(table, setting)
        if len(_figures) > KEPT:
            _figures.popitem(last=False)
    _figures.move_to_end(known)
    return _figures[known]


def _bytes(real: Callable[..., bytes], figure: Any, *how: Any) -> bytes:
    known = _written.setdefault(figure, {})
    if (real, how) not in known:
        known[real, how] = real(figure, *how)
    return known[real, how]


@pytest.fixture(autouse=True, scope="module")
def drawn_once():
    """Draw each chart of a page once, for all tests of this process."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(pictures, "chart_named", _chart_named)
        for name in ("svg_bytes", "png_bytes"):
            changed.setattr(drawn, name, partial(_bytes, _REAL[drawn, name]))
        yield


@pytest.fixture
def drawn_anew(monkeypatch):
    """Draw every chart of this test, as outside of tests."""
    for (module, name), real in _REAL.items():
        monkeypatch.setattr(module, name, real)
