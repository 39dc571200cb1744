"""The levers of a search: the values that declarations suggest, and the words for them."""

from __future__ import annotations

from hashlib import sha256
from types import SimpleNamespace

import pytest

from wom_sim.study.levers import Candidate, Space, _round_numbers, _values, written


@pytest.mark.parametrize(
    ("low", "high", "count", "expected"),
    [
        (0.0, 300.0, 4, [0, 100, 200, 300]),
        (1.0, 64.0, 4, [1, 4, 16, 64]),
        (1.0, 10.0, 3, [1, 3.2, 10]),  # ten times as much is wide
        (1.0, 9.9, 3, [1, 5.5, 9.9]),
        (-1.0, 99.0, 3, [-1, 49, 99]),
        (0.0, 1.0, 2, [0, 1]),
        (0.0, 1.0, 4, [0, 0.33, 0.67, 1]),
    ],
)
def test_round_numbers(low, high, count, expected):
    assert _round_numbers(low, high, count) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "yes"), (False, "no"), (8, "8"), (1234.5, "1,234.5"), (0.1234567, "0.123457"), ("own_words", "own words")],
)
def test_the_words_for_a_value(value, text):
    assert written(value) == text


def slot(kinds=(float,), choices=(), plausible=None, limits=None):
    about = {} if plausible is None else {"plausible": plausible}
    return SimpleNamespace(kinds=kinds, choices=choices, about=about, limits=limits or {})


@pytest.mark.parametrize(
    ("name", "key", "expected"),
    [
        ("framing", slot(choices=("a", "b")), ("a", "b")),
        ("notice", slot(kinds=(bool,)), (False, True)),
        ("payment", slot(plausible=(0, 300)), (0.0, 100.0, 200.0, 300.0)),
        ("per_day", slot(plausible=(1, 64)), (0.0, 1.0, 4.0, 16.0, 64.0)),
        ("share", slot(limits={"ge": 0.0, "le": 1.0}), (0.0, 1.0)),
        ("days", slot(kinds=(int,), plausible=(0, 10)), (0, 3, 6, 10)),
    ],
)
def test_the_values_that_a_declaration_suggests(name, key, expected):
    found = _values(name, key, 1.0)
    assert found == expected
    assert [type(value) for value in found] == [type(value) for value in expected]


def test_a_space_is_all_combinations_of_each_policy():
    space = Space({"letter": {"payment": (0, 100), "per_day": (1.0, 2.0, 4.0)}, "exit": {}})
    assert space.size == 7
    found = list(space.candidates())
    assert len(found) == len({c.key for c in found}) == 7
    assert found[1] == Candidate("letter", (("payment", 0), ("per_day", 2.0)))
    assert found[-1] == Candidate("exit", ())
    assert space.text() == "  letter: payment 0, 100; per_day 1, 2, 4\n  exit: as given"


def test_a_candidate_in_words_and_by_key():
    first = Candidate("letter", (("payment", 100), ("explanation", True)))
    assert first.text == "payment 100, explanation yes"
    assert Candidate("letter").text == "as given"
    assert len(first.key) == 16
    assert int(first.key, 16) >= 0
    assert first.key == Candidate("letter", (("payment", 100), ("explanation", True))).key
    assert first.key != Candidate("exit", first.levers).key
    # keys stand in folders of searches that were begun: another way of making them would lose those
    assert Candidate("keep").key == sha256(b'["keep",[]]').hexdigest()[:16]
    assert first.key == sha256(b'["letter",[["payment",100],["explanation",true]]]').hexdigest()[:16]
