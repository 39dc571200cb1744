"""The columns of a population: what ``check`` finds, what ``append`` keeps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from worlds import some_people

from wom_sim.world import people as pl
from wom_sim.world.numbers import NUMBERS_TYPE, Numbers, as_record
from wom_sim.world.people import CUSTOMER, PERSON_TYPE, append, check, customers, empty, households


@pytest.fixture
def people():
    return some_people(30, seed=1)


def test_a_right_population_passes(people):
    check(people)
    check(empty(0))
    check(empty(3))


@pytest.mark.parametrize("column", [c.name for c in pl.COLUMNS if c.dtype.startswith("float")])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_numbers_must_be_finite(people, column, value):
    people[column][7] = value
    with pytest.raises(ValueError, match=rf"people\.{column}: must be finite"):
        check(people)


@pytest.mark.parametrize("column", ["churn", "talkativeness", "calls"])
def test_some_must_not_be_negative(people, column):
    people[column][29] = -0.01
    with pytest.raises(ValueError, match=rf"people\.{column}: must not be negative"):
        check(people)


def test_margin_may_be_negative(people):
    people["margin"][0] = -100.0
    check(people)


def test_a_month_has_thirty_days(people):
    people["bill_day"][3] = 29
    check(people)
    people["bill_day"][3] = 30
    with pytest.raises(ValueError, match=r"people\.bill_day: must be 0 to 29"):
        check(people)


def test_another_table_is_refused():
    with pytest.raises(ValueError, match="PERSON_TYPE"):
        check(np.zeros(3, dtype=[("margin", np.float32)]))


def test_a_row_is_24_bytes_and_every_column_is_explained():
    assert PERSON_TYPE.itemsize == 24
    assert PERSON_TYPE.names == tuple(column.name for column in pl.COLUMNS)
    assert all(column.unit and column.meaning for column in pl.COLUMNS)


def test_customers_are_those_with_the_bit():
    people = empty(8)
    people["traits"] = range(8)
    assert customers(people).tolist() == [False, True] * 4
    assert (people["traits"][customers(people)] & CUSTOMER).all()


def test_appending_keeps_identities(people):
    other = some_people(9, seed=2)
    before = other.copy()
    both = append(people, other)
    assert np.array_equal(both[:30], people)
    assert households(both)[30:].tolist() == (households(other) + 30).tolist()
    assert np.array_equal(other, before), "the argument is left alone"
    for name in PERSON_TYPE.names:
        assert np.array_equal(both[name][30:], before[name])


def test_numbers_as_a_record():
    numbers = Numbers(*(_filled(name, k) for k, name in enumerate(Numbers._fields)))
    record = as_record(numbers)
    assert record.dtype == NUMBERS_TYPE
    for name, value in numbers._asdict().items():
        assert np.array_equal(record[name][0], value), name


def _filled(name: str, k: int) -> Any:
    """Return a value for a number, other than that of all others."""
    shape = NUMBERS_TYPE[name].shape
    return tuple(k + 0.1 * place for place in range(shape[0])) if shape else k
