"""docs/NEWS.md: everything that it shows can be written in a scenario, and runs."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import tomli_w

from wom_sim import load_scenario

PAGE = Path(__file__).parents[1] / "docs" / "NEWS.md"
SHOWN = [tomllib.loads(text) for text in re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)]
BASE = {
    "name": "shown", "population": {"customers": 1000, "prospects": 100}, "choose": {"limit": 20},
    "policies": [{"name": "letter", "use": "bulk_letter"}],
}  # fmt: skip


def test_the_page_shows_six_pieces():
    assert len(SHOWN) == 6


@pytest.mark.parametrize("number", range(6))
def test_what_is_shown_is_a_scenario(tmp_path, number):
    file = tmp_path / "shown.toml"
    file.write_text(tomli_w.dumps(BASE | SHOWN[number]), encoding="utf-8")
    scenario = load_scenario(file)
    told = SHOWN[number]
    if "people_of_note" in told:
        assert scenario.people_of_note[0].standing == told["people_of_note"][0]["standing"]
    if "policies" in told:
        assert len(scenario.policies[0].when) == len(told["policies"][0].get("when", []))


def test_every_trigger_and_act_is_named():
    from typing import get_args

    from wom_sim.scenario.sections.response import When

    text = PAGE.read_text(encoding="utf-8")
    for name in ("trigger", "do"):
        for value in get_args(When.model_fields[name].annotation):
            assert f"`{value}`" in text, value
