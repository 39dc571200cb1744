"""A document tells the same numbers in every language; those of English are held to the tables of the folder."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

from artefacts import Passage, read_deck, read_page

from wom_sim.present.publish import page_of, slides_of

OTHERS = ("nl", "de")
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_UNLIKE = ("report, repeat", "report, data")
"""How to repeat it, and whole tables: the same texts in every language."""
_EVIDENCE = ("report, assumed", "report, varied")
"""Where sources are quoted in their own words; they are held to be no fewer numbers, as English writes them."""
_COUNTED = re.compile(r"^(?:and|en nog|und) [\d.,]+\b.*(?:report|rapport|Bericht)$")
"""How many rows a slide has left out: rows are as high as a language's words need."""
_POINT_FOR_COMMA = str.maketrans(".,", ",.")


def numbers_of(passages: Iterable[Passage], lang: str) -> dict[float, str]:
    """Return every number that is told, with where it stands."""
    found: dict[float, str] = {}
    for place, text in ((p.place, p.text) for p in passages):
        if place.startswith(_UNLIKE) or _COUNTED.match(text):
            continue
        plain = re.sub("[\u00a0\u202f]", " ", text)
        for match in _NUMBER.finditer(plain if lang == "en" else plain.translate(_POINT_FOR_COMMA)):
            found.setdefault(float(match[0].replace(",", "")), f"{place}: {text}")
    return found


def told_in(results, lang: str) -> tuple[list[Passage], list[Passage]]:
    """Return what the page and the slides of a result say in a language."""
    with tempfile.TemporaryDirectory() as name:
        page, deck = Path(name) / "page.html", Path(name) / "deck.pptx"
        page.write_text(page_of(results, lang), encoding="utf-8")
        deck.write_bytes(slides_of(results, lang))
        return read_page(page).passages, read_deck(deck).seen.passages


def told_otherwise(results, lang: str) -> list[str]:
    """Return the numbers that a language tells and English does not, and those that only English tells."""
    english, other = told_in(results, "en"), told_in(results, lang)
    known, theirs = ({}, {})
    for mine, passages, of in ((known, english, "en"), (theirs, other, lang)):
        for each in passages:
            mine |= numbers_of(each, of)
    found = [f"only {lang}: {where}" for number, where in theirs.items() if number not in known]
    for number, where in known.items():
        if number not in theirs and not where.startswith(_EVIDENCE):
            found.append(f"not {lang}: {where}")
    return found
