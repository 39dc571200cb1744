"""A number of people is rounded once, so that it is told alike wherever it stands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wom_sim.words import Words
from wom_sim.words.figures import Figures, shown_digits


@given(st.floats(1000.0, 999_000.0))
def test_people_are_rounded_as_numbers_and_charts_are(value):
    words = Words("en")
    assert words.people(value) == words.number(value) == Figures.plain("USD").people(value)
    assert words.number(shown_digits(value)) == words.people(value)


def test_a_number_just_above_half_is_not_rounded_down():
    assert Words("en").people(3005.2) == "3,010"
    assert Words("en").people(3004.9) == "3,000"


def test_losses_and_gains_are_rounded_alike():
    assert Words("en").signed_people(-21.5) == "−22"
    assert Words("en").signed_people(21.5) == "+22"
