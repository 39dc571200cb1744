"""What lies beyond the known range of reactions is said wherever a result is shown."""

from __future__ import annotations

import html
import io
import re
from dataclasses import replace

import pytest
from daily import few
from pptx import Presentation

from wom_sim.present.deck import deck
from wom_sim.present.report import report
from wom_sim.present.result_folder import Findings, read
from wom_sim.present.story import Story
from wom_sim.scenario.beyond import beyond, in_words
from wom_sim.words import Words
from wom_sim.words.figures import NO_BREAK

GUESS = {"en": "a guess, kept to the pessimistic side", "nl": "een voorzichtige gok"}


@pytest.fixture
def far(finished) -> Findings:
    """The finished comparison, as if its paid exit had offered five thousand."""
    found = read(finished)
    policies = tuple(
        policy.model_copy(update={"payment": 5000.0}) if policy.use == "paid_exit" else policy
        for policy in found.scenario.policies
    )
    return replace(found, scenario=found.scenario.model_copy(update={"policies": policies}))


def text_of(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize("lang", few(["en", "nl"]))
def test_report_says_it_in_the_verdict_and_among_what_was_assumed(far, pages, lang):
    page = report(far, lang)
    (item,) = beyond(far.scenario)
    verdict = page[page.index('<section id="verdict"') : page.index('<section id="sure"')]
    assert GUESS[lang] in text_of(verdict)
    assumed = page[page.index('<section id="assumed"') :]
    said = in_words(item, Words(lang), far.scenario.currency)
    assert said in text_of(assumed).replace(NO_BREAK, " ")
    assert GUESS[lang] not in text_of(pages[lang])


@pytest.mark.parametrize("lang", few(["en", "nl"]))
def test_deck_says_it_on_the_slide_of_the_verdict(far, decks, lang):
    def slides(content: bytes) -> list[str]:
        presentation = Presentation(io.BytesIO(content))
        return [
            " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
            for slide in presentation.slides
        ]

    known = Story(far, Words(lang), []).verdict_apart()[0][0].replace(NO_BREAK, " ")
    with_it = [text for text in slides(deck(far, lang)) if GUESS[lang] in text]
    assert any(known in text.replace(NO_BREAK, " ") for text in with_it)
    assert not any(GUESS[lang] in text for text in slides(decks[lang]))
