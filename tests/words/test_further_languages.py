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
def test_numbers_are_its_own(lang):
    words = Words(lang)
    assert words.money(3_120_000, "USD") == "$ 3,1 Millionen" and words.share(0.925) == "92,5 %"


@EACH
def test_a_note_tells_what_is_missing_where_something_is(lang, monkeypatch):
    assert (Words(lang).partial == "") == (LACKING[lang] == 0) and Words("nl").partial == ""
    own = own_texts(lang)
    monkeypatch.setattr("wom_sim.words.own_texts", lambda _: dict(list(own.items())[:1234]))
    assert Words(lang).partial == own["language.partial"].format(n="1.234", of=Words(lang).exact(len(catalogue(lang))))


@EACH
def test_a_word_for_one_and_many_goes_with_a_number_that_is_told(lang):
    for key, text in own_texts(lang).items():
        fields = [(name, form) for _, name, form, _ in string.Formatter().parse(text) if name is not None]
        plain = {name for name, form in fields if not form}
        assert all(not form or (form.count("|") == 1 and name in plain) for name, form in fields), key


def test_a_language_without_a_file_is_refused():
    with pytest.raises(ValueError, match="allowed: en, nl, de"):
        Words("fr")


def test_german_nouns_keep_their_capitals_after_a_colon():
    from wom_sim.charts.names import number_name

    said = [number_name("media.outlets.television.lag", "", Words(lang)) for lang in ("en", "nl", "de")]
    assert said[0].split(": ")[1].startswith("days") and said[1].split(": ")[1].startswith("dagen")
    assert said[2] == "Fernsehen: Tage vom Aufgreifen bis zum Bericht"


@EACH
def test_a_number_cut_short_for_a_row_of_a_chart_still_names_one_thing(lang):
    from wom_sim.charts.names import short_name

    head = "report.parameter."
    short = [short_name(key.removeprefix(head), Words(lang)) for key in catalogue("en") if key.startswith(head)]
    assert len(set(short)) == len(short)
