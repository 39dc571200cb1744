"""How daily columns add up over days, worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from wom_sim.outcomes.curves import cumulated, over_time

DAILY = pd.DataFrame(
    [("a", 0, 0, 1), ("b", 0, 0, 7), ("a", 1, 0, 10), ("a", 0, 1, 2), ("a", 1, 1, 0), ("b", 0, 1, 1), ("a", 0, 2, 4)],
    columns=["policy", "replication", "day", "reached"],
).assign(told=1)


def test_each_run_adds_up_for_itself():
    found = cumulated(DAILY, "reached")
    assert list(found.columns) == ["policy", "replication", "day", "reached"]
    of = {key: group["reached"].tolist() for key, group in found.groupby(["policy", "replication"])}
    assert of == {("a", 0): [1, 3, 7], ("a", 1): [10, 10, 10], ("b", 0): [7, 8]}
    assert DAILY["reached"].tolist() == [1, 7, 10, 2, 0, 1, 4], "what is given stays as it is"


def test_runs_of_two_worlds_are_two_runs():
    both = pd.concat([DAILY.assign(world=k, reached=DAILY["reached"] * (k + 1)) for k in (0, 1)])
    found = cumulated(both, "reached")
    ends = found.groupby(["policy", "world", "replication"])["reached"].last()
    assert ends.to_dict() == {
        ("a", 0, 0): 7, ("a", 0, 1): 10, ("a", 1, 0): 14, ("a", 1, 1): 20, ("b", 0, 0): 8, ("b", 1, 0): 16,
    }  # fmt: skip


def test_the_course_over_the_runs_is_that_of_what_has_added_up():
    """21 runs that add 0, 1, ..., 20 on the first day and nothing after: mean and median 10, 5 % 1, 95 % 19."""
    rows = [("a", k, day, k if day == 0 else 0) for day in (0, 1) for k in range(21)]
    rows += [("a", 99, 0, 73), ("a", 99, 1, -73)]  # on the first day only, mean and median part
    found = over_time(pd.DataFrame(rows, columns=["policy", "replication", "day", "reached"]), "reached")
    first, last = found.iloc[0], found.iloc[1]
    assert (first["mean"], first["median"]) == (pytest.approx((210 + 73) / 22), 10.5)
    assert (last["mean"], last["median"]) == (pytest.approx(210 / 22), 9.5)
    assert (last["low"], last["high"]) == pytest.approx((0.05, 18.95))
    assert list(found.columns) == ["policy", "day", "mean", "median", "low", "high"]
