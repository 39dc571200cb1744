"""A language that is a file and need not be whole: it falls back on English, says so, and misnames nothing."""

from __future__ import annotations

import string

import pytest

from wom_sim.words import EVERY, LANGUAGES, Words, catalogue, own_texts
from wom_sim.words.languages import FURTHER

LACKING = {"de": 0}
"""How many texts a language lacks; to be changed where it, or English, gains some."""
BOARD = ("deck.board.", "report.lead.best", "number.", "language.", "deck.next.title", "deck.next.trial")
"""What a board sees first; a further language says at least this."""
EACH = pytest.mark.parametrize("lang", FURTHER)


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_german_is_one_file_beside_the_whole_languages():
    assert FURTHER == ("de",) and (*LANGUAGES, "de") == EVERY


@EACH
def test_it_has_no_key_of_its_own_and_the_same_placeholders(lang):
    own, english = own_texts(lang), catalogue("en")
    assert not set(own) - set(english)
    assert not {key for key in own if placeholders(own[key]) != placeholders(english[key])}


@EACH
def test_what_it_lacks_is_said_in_english_and_counted(lang):
    own, english, all_ = own_texts(lang), catalogue("en"), catalogue(lang)
    lacking = set(english) - set(own)
    assert set(all_) == set(english) and all(all_[key] == english[key] for key in lacking)
    assert len(lacking) == LACKING[lang], "the number of texts that are said in English"
    missing = [key for key in lacking if key.startswith(BOARD) and key.split(".")[-1] not in _SELDOM]
    assert missing == []


_SELDOM = ("ask_equal", "few_in", "seldom_in", "none_in", "points", "under", "over", "interval", "per_cent")


@EACH
def test_numbers_and_the_note_on_what_is_missing_are_its_own(lang):
    words = Words(lang)
    assert words.money(3_120_000, "USD") == "$ 3,1 Millionen" and words.share(0.925) == "92,5 %"
    assert words.exact(len(own_texts(lang))) in words.partial and Words("nl").partial == ""


def test_a_language_without_a_file_is_refused():
    with pytest.raises(ValueError, match="allowed: en, nl, de"):
        Words("fr")
