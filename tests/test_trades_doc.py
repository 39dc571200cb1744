"""docs/TRADES.md is what the presets say."""

import importlib.util
from pathlib import Path

import pytest

from wom_sim.scenario.preset_numbers import numbers_of_preset
from wom_sim.scenario.presets import preset_names

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "TRADES.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def generate():
    """Return the module that writes the page."""
    spec = importlib.util.spec_from_file_location("trades_generate", DOCS / "trades" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_not_stale(generate):
    assert generate.page() == PAGE, "docs/TRADES.md is out of date: make docs"


@pytest.mark.parametrize("name", preset_names())
def test_every_number_is_on_the_page_with_its_source(name):
    section = PAGE.partition(f"## `builtin:{name}`")[2].partition("## `builtin:")[0]
    for number in numbers_of_preset(name):
        assert f"`{number.key.rpartition('.')[2]}`" in section
        assert f"| {number.grade} | {number.source} |" in section
