"""A firm that goes to the press itself, and what it does on what it sees, are told in words."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from wom_sim.present.options import announced, order
from wom_sim.scenario.sections.response import Announcement
from wom_sim.words import Words


@pytest.mark.parametrize(
    ("shift", "lang", "said"),
    [
        (0, "en", "goes to the press itself on the day on which the first customer is told"),
        (-1, "en", "goes to the press itself one day before the first customer is told"),
        (12, "en", "goes to the press itself 12 days after the first customer is told"),
        (1, "nl", "gaat zelf naar de pers, één dag nadat de eerste klant het hoorde"),
        (-3, "nl", "gaat zelf naar de pers, 3 dagen voordat de eerste klant het hoort"),
    ],
)
def test_when_it_goes_to_the_press(shift, lang, said):
    story = SimpleNamespace(words=Words(lang))
    assert announced(story, Announcement(shift=shift)) == said


@pytest.mark.parametrize(
    ("trigger", "level", "said"),
    [
        ("buzz_above", 5, "pauses when buzz is above 5"),
        ("days", 30, "pauses when 30 days have passed since the first was told"),
        ("national_report", 1, "pauses when it is national news"),
    ],
)
def test_what_it_does_on_what_it_sees(trigger, level, said):
    story = SimpleNamespace(words=Words("en"))
    assert order(story, SimpleNamespace(trigger=trigger, level=level, do="pause")) == said
