"""The contracts of plug-ins, inherited as an author would; and that one who breaks a promise is found."""

from __future__ import annotations

from typing import ClassVar

import pytest

from wom_sim.contracts import (
    ChartContract,
    IndicatorContract,
    NetworkContract,
    PopulationContract,
    SectionContract,
)

pytestmark = pytest.mark.usefixtures("site")


class TestBusyDays(IndicatorContract):
    name = "busy_days"
    numbers: ClassVar = {"busy from": 1.0}


class TestWaysHeard(IndicatorContract):
    name = "ways_heard"


class TestLouder(PopulationContract):
    name = "louder"


class TestRing(NetworkContract):
    name = "ring"
    numbers: ClassVar = {"reach": 3.0}


class TestCircle(NetworkContract):
    name = "circle"


class TestTalkerBars(ChartContract):
    name = "talker_bars"


class TestLoudest(SectionContract):
    name = "loudest"


class _Careless(IndicatorContract):
    name = "careless"


class _Unsteady(NetworkContract):
    name = "unsteady"


CARELESS = """
import numpy as np
from wom_sim.outcomes.own import OwnIndicator
from wom_sim.simulation.made import OwnNetwork
from wom_sim.world.network import from_edges

def careless(run):
    run.daily["talkers"] = 0
    return float(len(run.daily))

def unsteady(asked):
    pairs = np.random.default_rng().integers(0, len(asked.people), (300, 2))
    return from_edges(len(asked.people), pairs[:, 0], pairs[:, 1], np.full(300, 2))

CARELESS = OwnIndicator("careless", "day", "less", "writes into what it reads", careless)
UNSTEADY = OwnNetwork("unsteady", "Assumption", unsteady)
"""


def test_a_broken_promise_is_found(site, tmp_path, monkeypatch):
    place = tmp_path / "careless"
    info = place / "careless-1.0.dist-info"
    info.mkdir(parents=True)
    (place / "careless_kit.py").write_text(CARELESS)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: careless\nVersion: 1.0\n")
    points = "[wom_sim.indicators]\ncareless = careless_kit:CARELESS\n"
    (info / "entry_points.txt").write_text(points + "[wom_sim.networks]\nunsteady = careless_kit:UNSTEADY\n")
    monkeypatch.syspath_prepend(str(place))
    with pytest.raises(AssertionError):
        _Careless().test_it_changes_nothing_that_it_is_given()
    with pytest.raises(AssertionError):
        _Careless().test_it_is_nothing_where_everyone_is_kept()
    with pytest.raises(AssertionError):
        _Unsteady().test_the_same_seed_gives_the_same()
    _Careless().test_both_engines_and_any_executor_give_the_same()
