"""The pages as files of Markdown: their headings, the sections that are cited, and the kinds under which pages stand.

Used by conf.py, which makes the site, and by the tests, which need no generator. Markdown is read by markdown-it-py,
which comes with rich.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt

DOCS = Path(__file__).resolve().parents[1]
INDEX = DOCS / "index.md"
CITED = ("EVIDENCE", "EVIDENCE2", "MODEL")
"""Pages whose sections are cited by number, as in "EVIDENCE 12"."""
CITATION = re.compile(r"\b(EVIDENCE2?|MODEL) (?:sections? )?(\d+(?:\.\d+)?(?:(?:, | and )\d+(?:\.\d+)?)*)(?![\d%])")
_NUMBERED = re.compile(r"(\d+(?:\.\d+)?)\.? ")


class Link(NamedTuple):
    """A link or a picture of a page: the line on which its paragraph begins, and where it leads."""

    line: int
    target: str


def links(text: str) -> list[Link]:
    """Return every link and picture of a page that is written in Markdown.

    >>> links("See [that](B.md#how) and ![a picture](c.png).")
    [Link(line=1, target='B.md#how'), Link(line=1, target='c.png')]
    """
    found = []
    for block in MarkdownIt("commonmark").enable("table").parse(text):
        for token in block.children or ():
            target = token.attrs.get("href") or token.attrs.get("src")
            if target is not None:
                found.append(Link((block.map or [0])[0] + 1, str(target)))
    return found


def headings(text: str) -> list[tuple[int, str]]:
    """Return the headings of a page: level and words, without marks.

    >>> headings("# A `page`")
    [(1, 'A page')]
    """
    blocks = MarkdownIt("commonmark").enable("table").parse(text)
    return [
        (int(block.tag[1]), "".join(token.content for token in blocks[place + 1].children or ()))
        for place, block in enumerate(blocks)
        if block.type == "heading_open"
    ]


def anchor(heading: str) -> str:
    """Return the anchor of a heading, as code hosts and MyST make it.

    >>> anchor("12. What each way does, in `numbers`")
    '12-what-each-way-does-in-numbers'
    """
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(text: str) -> set[str]:
    """Return the anchors of a page; of headings with the same words the later ones are numbered."""
    found: set[str] = set()
    for _, heading in headings(text):
        first, number = anchor(heading), 0
        place = first
        while place in found:
            number += 1
            place = f"{first}-{number}"
        found.add(place)
    return found


def sections(page: str) -> dict[str, str]:
    """Return the numbered sections of a page of ``CITED``: number and anchor."""
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    numbered = ((_NUMBERED.match(heading), heading) for _, heading in headings(text))
    return {number[1]: anchor(heading) for number, heading in numbered if number}


def citations(text: str) -> Iterator[tuple[str, str]]:
    """Yield page and section of each citation in a text.

    >>> list(citations("A (EVIDENCE sections 5, 7) and MODEL 5.1, C"))
    [('EVIDENCE', '5'), ('EVIDENCE', '7'), ('MODEL', '5.1')]
    """
    for found in CITATION.finditer(text):
        for number in re.split(r", | and ", found[2]):
            yield found[1], number


def outside(text: str, folder: Path) -> str:
    """Return a page whose links to pages and folders beside ``docs``, which are no part of the site, are names."""

    def name(found: re.Match[str]) -> str:
        place = (folder / found[2].partition("#")[0]).resolve()
        goes = not place.is_relative_to(DOCS) and (place.suffix == ".md" or place.is_dir())
        return f"{found[1]} (`{place.relative_to(DOCS.parent)}`)" if goes else found[0]

    return re.sub(r"(?<!!)\[([^]\n]+)\]\((\.\./[^)\s]+)\)", name, text)


def with_links(text: str) -> str:
    """Return a page whose citations are links, but in code and in headings."""
    where = {page: sections(page) for page in CITED}

    def link(found: re.Match[str]) -> str:
        number = re.match(r"[\d.]+", found[2])
        assert number is not None
        place = where[found[1]].get(number[0].rstrip("."))
        return found[0] if place is None else f"[{found[0]}]({found[1]}.md#{place})"

    lines, fenced = [], False
    for line in text.splitlines(keepends=True):
        fenced ^= line.lstrip().startswith("```")
        lines.append(line if fenced or line.startswith("#") else CITATION.sub(link, line))
    return "".join(lines)


def kinds() -> dict[str, list[str]]:
    """Return the pages by kind (tutorials, ...), in the order of the page of contents, without suffix."""
    found: dict[str, list[str]] = {}
    for part in re.split(r"^## ", INDEX.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        title, _, text = part.partition("\n")
        first = re.findall(r"^\* \[[^]]+\]\(([\w/]+)\.md\)", text, flags=re.MULTILINE)
        if first:
            found[title.strip()] = first
    return found
