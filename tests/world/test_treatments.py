"""The table of treatments: sorted, rounds counted, faults named."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wom_sim.world import treatments as t
from wom_sim.world.treatments import DISMISS, OFFER, arranged, check, nothing, rows_by_person, table


def test_defaults():
    row = table(person=[4])[0]
    assert row["notice"] == -1
    assert row["hazard_multiplier"] == 1.0
    others = set(t.TREATMENT_TYPE.names) - {"person", "notice", "hazard_multiplier", "action"}
    assert row["action"] == DISMISS
    assert all(row[name] == 0 for name in others)


def test_scalars_and_columns():
    made = table(person=[7, 3], day_told=[1, 0], action=DISMISS, grievance=[0.5, 0.25])
    assert made["person"].tolist() == [3, 7]
    assert made["action"].tolist() == [DISMISS, DISMISS]
    assert made["grievance"].tolist() == [0.25, 0.5]


def test_one_scalar_person_is_one_row():
    assert table(person=3)["person"].tolist() == [3]


def test_nothing_is_empty():
    assert len(nothing()) == 0
    assert nothing().dtype == t.TREATMENT_TYPE
    check(nothing())


ACTS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 9)), unique=True, max_size=30)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(ACTS)
def test_rows_are_sorted_and_turns_counted(acts):
    made = table(person=np.array([p for p, _ in acts], dtype=np.int64), day_told=[day for _, day in acts])
    assert list(zip(made["day_told"].tolist(), made["person"].tolist(), strict=True)) == sorted(
        (day, person) for person, day in acts
    )
    for person in range(7):
        assert made["turn"][made["person"] == person].tolist() == list(range(sum(p == person for p, _ in acts)))
    in_order = made[rows_by_person(made)]
    assert list(zip(in_order["person"].tolist(), in_order["turn"].tolist(), strict=True)) == sorted(
        zip(made["person"].tolist(), made["turn"].tolist(), strict=True)
    )


@settings(max_examples=50, deadline=None, derandomize=True, database=None)
@given(ACTS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(acts, random):
    def made(listed):
        people, days = [p for p, _ in listed], [day for _, day in listed]
        return table(person=np.array(people, dtype=np.int64), day_told=days, cost=[3.0 * p + d for p, d in listed])

    other = list(acts)
    random.shuffle(other)
    assert np.array_equal(made(acts), made(other))


def test_turns_are_counted_anew_when_tables_are_joined():
    first, second = table(person=[1, 2], day_told=5, action=OFFER), table(person=[2, 3], day_told=[3, 9])
    both = arranged(np.concatenate([first, second]))
    assert both[["person", "day_told", "turn"]].tolist() == [(2, 3, 0), (1, 5, 0), (2, 5, 1), (3, 9, 0)]
    assert both["action"].tolist() == [DISMISS, OFFER, OFFER, DISMISS]


def test_arranging_leaves_its_argument_alone():
    rows = np.zeros(2, dtype=t.TREATMENT_TYPE)
    rows["person"], rows["day_told"], rows["turn"], rows["action"] = [1, 1], [4, 2], [8, 9], DISMISS
    before = rows.copy()
    assert arranged(rows)["day_told"].tolist() == [2, 4]
    assert np.array_equal(rows, before)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("grievance", -0.01),
        ("grievance", 1.01),
        ("grievance", float("nan")),
        ("story", -1),
        ("story", 256),
        ("news", 257),
        ("p_call", 1.5),
        ("day_told", -1),
        ("day_told", 1_000_001),
        ("notice", -2),
        ("hazard_multiplier", -0.5),
        ("hazard_multiplier", 1001.0),
        ("hazard_multiplier", float("inf")),
    ],
)
def test_values_out_of_range_are_named(column, value):
    with pytest.raises(ValueError, match=rf"treatments\.{column}: must be"):
        table(person=[1, 2], **{column: [0, value]})


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("grievance", (0, 1)),
        ("story", (0, 255)),
        ("news", (0, 256)),
        ("p_call", (0, 1)),
        ("notice", (-1, 3650)),
    ],
)
def test_values_at_the_limits_are_right(column, values):
    assert table(person=[1, 2], **{column: list(values)})[column].tolist() == list(values)


def test_unknown_columns_are_named():
    with pytest.raises(ValueError, match="unknown column colour, size"):
        table(person=[1], size=3, colour=2)


def test_nobody_is_told_twice_on_one_day():
    with pytest.raises(ValueError, match="told twice"):
        table(person=[1, 2, 1], day_told=[3, 3, 3])
    assert len(table(person=[1, 2, 1], day_told=[3, 3, 4])) == 3


@pytest.mark.parametrize(
    "columns", [{"person": [-1]}, {"person": [1], "given": float("nan")}, {"person": [1], "action": 99}]
)
def test_more_that_check_should_find(columns):
    with pytest.raises(ValueError):
        table(**columns)
