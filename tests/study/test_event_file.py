"""The log of events is one table, whatever a run without an event makes of its columns."""

from __future__ import annotations

import pyarrow as pa

from wom_sim.study.store import _with_text


def test_columns_of_text_are_text_where_there_is_no_row():
    """A pandas before 3 makes nulls of them, which no writer puts beside the text of another run."""
    nobody = pa.table({"policy": pa.nulls(0), "day": pa.array([], pa.int32())})
    assert _with_text(nobody).schema.types == [pa.string(), pa.int32()]
    newer = pa.table({"policy": pa.array(["keep"], pa.large_string()), "label": pa.nulls(1)})
    assert _with_text(newer).schema.types == [pa.large_string(), pa.large_string()]
    full = pa.table({"policy": ["keep"], "day": [1]})
    assert _with_text(full).equals(full)
