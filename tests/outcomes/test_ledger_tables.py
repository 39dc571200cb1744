"""The ledger as tables: from a log of a few events, and over a few runs, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from wom_sim.outcomes.ledger_tables import ledger_frame, ledger_of_log, ledger_over_runs, rows_of_ledger
from wom_sim.world import trace as tr

SEGMENTS = ["quiet", "callers"]
FIRST, SECOND = tr.S_FIRST, tr.S_FIRST + 1


def event(day: int, row: int, line: int, amount: int, flags: int = tr.G_CUSTOMER) -> np.void:
    found = np.zeros(1, dtype=tr.LOG_TYPE)[0]
    found["day"], found["group"], found["line"], found["amount"] = day, row << tr.SEGMENT_SHIFT | flags, line, amount
    return found


def test_a_log_adds_up_by_row_month_and_line():
    log = np.array(
        [
            event(0, FIRST, tr.L_JOINS, -500), event(29, FIRST, tr.L_JOINS, -40), event(30, FIRST, tr.L_JOINS, -3),
            event(59, SECOND, tr.L_CALLS_TOLD, -700, tr.G_CUSTOMER | tr.G_TREATED | tr.G_PROFITABLE),
            event(59, tr.S_FIRM, tr.L_RESPONSE, -9, 0), event(5, tr.S_PROSPECTS, tr.NO_LINE, 77, 0),
        ],
        dtype=tr.LOG_TYPE,
    )  # fmt: skip
    found = ledger_of_log(log, (4, 2, len(tr.LEDGER)))
    assert found[FIRST, 0, tr.L_JOINS] == -540
    assert found[FIRST, 1, tr.L_JOINS] == -3
    assert found[SECOND, 1, tr.L_CALLS_TOLD] == -700
    assert found[tr.S_FIRM, 1, tr.L_RESPONSE] == -9
    assert found.sum() == -540 - 3 - 700 - 9
    assert np.count_nonzero(found) == 4


def test_rows_are_the_firm_prospects_and_segments():
    assert rows_of_ledger(SEGMENTS) == ["(firm)", "(prospects)", "quiet", "callers"]


def test_the_table_of_a_run_holds_what_is_not_zero_in_currency():
    ledger = np.zeros((4, 3, len(tr.LEDGER)), dtype=np.int64)
    ledger[SECOND, 2, tr.L_CALLS_TOLD], ledger[tr.S_FIRM, 0, tr.L_PROGRAMME] = -12345, -50
    found = ledger_frame(ledger, SEGMENTS)
    assert found.to_dict("list") == {
        "segment": ["(firm)", "callers"], "month": [0, 2], "line": ["programme", "calls_told"],
        "amount": [-0.5, -123.45],
    }  # fmt: skip


def test_the_table_over_runs_holds_means_with_intervals():
    runs = np.zeros((2, 4, 3, len(tr.LEDGER)), dtype=np.int64)
    runs[:, FIRST, 1, tr.L_JOINS] = -100, -300
    runs[1, tr.S_PROSPECTS, 0, tr.L_JOINS] = 800
    found = ledger_over_runs({"a": runs, "b": np.zeros_like(runs)}, SEGMENTS).set_index(["segment", "month"])
    assert set(found["policy"]) == {"a"}
    assert list(found["line"]) == ["joins", "joins"]
    quiet, prospects = found.loc[("quiet", 1)], found.loc[("(prospects)", 0)]
    half = 12.706204736 * math.sqrt(2.0) / math.sqrt(2.0)  # Student's t with one degree of freedom, spread 1.41
    assert (quiet["mean"], quiet["low"], quiet["high"]) == pytest.approx((-2.0, -2.0 - half, -2.0 + half))
    assert prospects["mean"] == 4.0, "a run without the amount counts as none"
    assert list(ledger_over_runs({}, SEGMENTS).columns) == ["policy", "segment", "month", "line", "mean", "low", "high"]
