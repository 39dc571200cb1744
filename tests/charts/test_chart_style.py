"""Looks, words of numbers, wrapping and the spreading of labels."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from itertools import pairwise

import pytest
from chart_tables import NAMES
from hypothesis import given
from hypothesis import strategies as st

import wom_sim.charts
from wom_sim.charts.labels import spread
from wom_sim.charts.style import OKABE_ITO, contrast_on_white, palette
from wom_sim.charts.typesetting import text_width, wrap, wrap_by_clause

MODULES = [module.name for module in pkgutil.iter_modules(wom_sim.charts.__path__, "wom_sim.charts.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_the_documentation(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_colours_are_those_of_okabe_and_ito():
    # Okabe & Ito 2008, Color Universal Design: eight colours told apart with any kind of colour vision.
    published = {"000000", "E69F00", "56B4E9", "009E73", "F0E442", "0072B2", "D55E00", "CC79A7"}
    assert {colour.lstrip("#") for colour in OKABE_ITO.values()} == published
    looks = palette(NAMES)
    assert {look.colour for policy, look in looks.items() if policy != "keep"} == set(OKABE_ITO.values())


def test_twelve_policies_look_different():
    looks = palette(NAMES)
    assert list(looks) == list(NAMES)
    assert len({(look.colour, str(look.line)) for look in looks.values()}) == len(NAMES)
    assert len({(look.colour, look.marker) for look in looks.values()}) == len(NAMES)


def test_palette_is_stable():
    assert palette(NAMES) == palette(list(NAMES))
    assert [palette(NAMES)[name].colour for name in NAMES[1:4]] == ["#0072B2", "#D55E00", "#009E73"]
    assert all(palette(NAMES[:5])[name] == palette(NAMES)[name] for name in NAMES[:5])


@pytest.mark.parametrize("place", [0, 2, 4])
def test_keep_is_grey_and_dashed_wherever_it_stands_and_moves_no_other(place):
    others = list(NAMES[1:5])
    looks = palette([*others[:place], "keep", *others[place:]])
    assert (looks["keep"].colour, looks["keep"].line) == ("#808080", "--")
    assert {name: looks[name] for name in others} == palette(others)


def test_text_in_a_policys_colour_can_be_read_on_white():
    assert all(contrast_on_white(look.ink) >= 4.5 for look in palette(NAMES).values())


def test_more_policies_than_looks_are_refused():
    assert len(palette([str(i) for i in range(32)])) == 32
    with pytest.raises(ValueError, match="33 policies in one chart; at most 32"):
        palette([str(i) for i in range(33)])


def test_wrapped_lines_fit_and_lose_nothing():
    text = "Case by case with an apology, a personal call and Donaudampfschifffahrtsgesellschaftskapitaene"
    lines = wrap(text, 1.5)
    assert all(text_width(line) <= 1.5 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_number_is_not_parted_from_its_unit():
    for text, unit in (("Bulk letter loses $17.5 M", "$17.5 M"), ("it reaches 22.1 million", "22.1 million")):
        for width in (1.0, 1.3, 1.6, 1.9):
            assert any(unit in line for line in wrap(text, width))


def test_a_title_is_broken_between_clauses_when_they_fit():
    text = "Bulk letter loses money; case by case gains some"
    assert wrap_by_clause(text, 3.0) == ["Bulk letter loses money;", "case by case gains some"]
    assert wrap_by_clause(text, 9.0) == [text]


labels = st.lists(st.tuples(st.floats(-5, 15), st.floats(0.1, 0.8)), min_size=1, max_size=12)


@given(labels)
def test_labels_never_overlap_stay_inside_and_keep_their_order(labels):
    wanted, heights = [w for w, _ in labels], [h for _, h in labels]
    centres = spread(wanted, heights, 0.0, 10.0)
    order = sorted(range(len(labels)), key=lambda i: (wanted[i], i))
    for below, above in pairwise(order):
        assert centres[above] - centres[below] >= (heights[above] + heights[below]) / 2 - 1e-6
    assert all(h / 2 - 1e-6 <= c <= 10 - h / 2 + 1e-6 for c, h in zip(centres, heights, strict=True))


def test_labels_with_room_stay_where_they_are_wanted():
    assert spread([2.0, 8.0, 5.0], [1.0, 1.0, 1.0], 0.0, 10.0) == [2.0, 8.0, 5.0]
