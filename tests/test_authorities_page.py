"""docs/AUTHORITIES.md: all that it shows can be written in a scenario, and every number of a country is on it."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path

import pytest
import tomli_w

from wom_sim import load_scenario
from wom_sim.scenario.countries import known_countries, text_of_country

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "AUTHORITIES.md").read_text(encoding="utf-8")
SHOWN = [tomllib.loads(text) for text in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)]
BASE = {
    "name": "shown", "population": {"customers": 1000, "prospects": 100}, "choose": {"limit": 20},
    "policies": [{"name": "letter", "use": "bulk_letter"}],
}  # fmt: skip


def test_the_page_is_not_stale():
    spec = importlib.util.spec_from_file_location("countries_generate", DOCS / "countries" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.page() == PAGE, "docs/AUTHORITIES.md is out of date: make docs"


def test_the_page_shows_eight_pieces():
    assert len(SHOWN) == 8


@pytest.mark.parametrize("number", range(8))
def test_what_is_shown_is_a_scenario(tmp_path, number):
    file = tmp_path / "shown.toml"
    file.write_text(tomli_w.dumps(BASE | SHOWN[number]), encoding="utf-8")
    scenario = load_scenario(file)
    for table, shown in SHOWN[number].items():
        if table in ("duties", "country"):
            found = getattr(scenario, table)
            assert (found.model_dump() if table == "duties" else found) == shown


@pytest.mark.parametrize("name", known_countries())
def test_every_number_of_a_country_has_a_grade(name):
    for line in text_of_country(name).splitlines():
        if " = " in line and not line.startswith(("name", "source", "#")):
            grade = line.partition("#")[2].strip().partition(":")[0]
            known = {"A", "B", "C", "M", "A/C", "B/C", "A/M", "Assumption", "by its definition"}
            assert grade in known, line
