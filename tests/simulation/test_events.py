"""The event log and its table: whatever can be logged is the same again, there and back."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wom_sim import load_scenario, simulate
from wom_sim.simulation import events_log, events_table
from wom_sim.world import trace as tr

FILE = Path(__file__).parents[2] / "scenarios" / "first_look.toml"
LOUD = [
    "population.customers=6000", "population.prospects=1500", "choose.limit=40", "run.days=200",
    "media.outlets.forum.threshold=0.5", "behaviour.leaving.beta=3", "behaviour.hearing.affected=0.8",
]  # fmt: skip
OF_THE_FIRM = [tr.EVENT_NAMES.index(name) for name in ("picked up", "starts", "responds", "demands")]
OF_PEOPLE = sorted(set(range(1, len(tr.EVENT_NAMES))) - set(OF_THE_FIRM))


@st.composite
def entries(draw):
    """An event that can be logged."""
    by_firm = draw(st.booleans())
    event = draw(st.sampled_from(OF_THE_FIRM if by_firm else OF_PEOPLE))
    segment = draw(st.integers(-1, 40))
    group = tr.G_PROSPECT if segment < 0 else ((tr.S_FIRST + segment) << tr.SEGMENT_SHIFT) | tr.G_CUSTOMER
    group |= draw(st.sampled_from([0, tr.G_PROFITABLE, tr.G_TREATED, tr.G_PROFITABLE | tr.G_TREATED]))
    channel = draw(st.integers(0, tr.NOBODY))
    who = tr.SOURCE_ID if channel == tr.NOBODY else draw(st.integers(0, tr.SOURCE_ID))
    return (
        draw(st.integers(0, 3650)), 0 if by_firm else group, draw(st.integers(0, tr.SOURCE_ID)),
        (channel << tr.SOURCE_SHIFT) | who, event, draw(st.integers(0, len(tr.CAUSE_NAMES) - 1)),
        draw(st.integers(0, len(tr.LABEL_NAMES) - 1)),
        draw(st.sampled_from([tr.NO_LINE, *range(len(tr.LEDGER_NAMES))])), draw(st.integers(-(2**62), 2**62)),
    )  # fmt: skip


def through_a_file(table: pd.DataFrame) -> pd.DataFrame:
    """The table as it is kept: names as texts, in Parquet."""
    names = ("event", "channel", "cause", "label", "line")
    file = io.BytesIO()
    table.astype({name: str for name in names}).to_parquet(file, index=False)
    return pd.read_parquet(file)


@given(st.lists(entries(), max_size=30))
def test_a_log_is_the_same_there_and_back(rows):
    log = np.array(rows, dtype=tr.LOG_TYPE)
    table = events_table(log)
    for kept in (table, through_a_file(table)):
        back = events_log(kept)
        assert back.tobytes() == log.tobytes()
        pd.testing.assert_frame_equal(events_table(back), table)


@pytest.mark.parametrize("policy", ["bulk letter", "case by case", "paid exit"])
def test_the_log_of_a_run_is_the_same_there_and_back(policy):
    result = simulate(load_scenario(FILE, LOUD), policy)
    log = result.trace.events()
    assert len(log) > 100
    assert events_log(through_a_file(result.events)).tobytes() == log.tobytes()


def test_a_name_that_no_event_has_is_refused():
    table = events_table(np.zeros(1, dtype=tr.LOG_TYPE)).astype({"cause": str}).assign(cause="boredom")
    with pytest.raises(ValueError, match="column 'cause' of the events: given 'boredom'"):
        events_log(table)
