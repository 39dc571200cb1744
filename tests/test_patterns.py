"""The defaults show the patterns they were calibrated to (docs/DESIGN.md); fixed seeds, so the result is fixed."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "experiments" / "calibration"))

import patterns  # noqa: E402


def test_1_someone_dismissed_by_letter_who_talks_tells_9_to_16_people():
    scenario = patterns.load_scenario(patterns.HERE / "letters.toml", ["choose.limit=1000"])
    told = patterns.told_by_victims(patterns.runs(scenario, "bulk letter", 1, events=True)[0])
    assert len(told) > 200
    assert 9.0 <= np.mean(told) <= 16.0


@pytest.mark.parametrize(("number", "least", "most"), [(10, 0.0, 0.10), (160, 0.30, 0.70), (1000, 0.90, 1.0)])
def test_2_chance_of_national_coverage(number: int, least: float, most: float):
    covered = [found["national_coverage"] for found in patterns.bulk(number, 40, [])]
    assert least <= np.mean(covered) <= most


def test_3_one_by_one_over_a_year_is_hardly_news():
    found = patterns.one_by_one(10, [])
    small = [sum(day >= 0 for day in result.trace.picked_up[:2]) for result in found]
    national = [result.indicators["national_coverage"] for result in found]
    assert np.mean(small) <= 2.0
    assert np.mean(national) < 0.5


def test_5_private_talk_reaches_few_and_coverage_many():
    sets = ["choose.limit=1000", "population.customers=2000000", "population.prospects=0"]
    private = patterns.bulk(1000, 3, [*sets, "media.outlets=[]", "behaviour.talking.p_post=0.0"])
    assert np.mean([found["reached"] for found in private]) < 0.001 * 53e6
    public = patterns.bulk(1000, 3, sets)
    assert all(0.10 <= found["reached"] / 2e6 <= 0.60 for found in public)
