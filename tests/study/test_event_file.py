"""The log of events is one table, whatever a run without an event makes of its columns."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest

from wom_sim.study.store import EventFile, _with_text


def test_columns_of_text_are_text_where_there_is_no_row():
    """A pandas before 3 makes nulls of them, which no writer puts beside the text of another run."""
    nobody = pa.table({"policy": pa.nulls(0), "day": pa.array([], pa.int32())})
    assert _with_text(nobody).schema.types == [pa.string(), pa.int32()]
    newer = pa.table({"policy": pa.array(["keep"], pa.large_string()), "label": pa.nulls(1)})
    assert _with_text(newer).schema.types == [pa.large_string(), pa.large_string()]
    full = pa.table({"policy": ["keep"], "day": [1]})
    assert _with_text(full).equals(full)


class Run:
    """What a log takes of a run."""

    def __init__(self, number: int) -> None:
        self.policy, self.replication = f"policy {number % 2}", number // 2
        self.events = pd.DataFrame(
            {"day": [number], "event": ["told"], "channel": ["letter"], "cause": ["firm"], "label": [""], "line": [""]}
        )


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 1, 0, 2), (1, 0, 3, 2)])
def test_the_order_in_which_runs_end_does_not_matter(tmp_path, order):
    with EventFile(tmp_path / "events.parquet") as log:
        for number in order:
            log.add(number, Run(number))
    assert pd.read_parquet(tmp_path / "events.parquet")["day"].tolist() == [0, 1, 2, 3]
    with EventFile(tmp_path / "again.parquet") as log:
        for number in range(4):
            log.add(number, Run(number))
    assert (tmp_path / "again.parquet").read_bytes() == (tmp_path / "events.parquet").read_bytes()
