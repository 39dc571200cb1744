"""Which slides a deck has, in which order, with titles and comments of one's own: a file that outlives the deck.

It is the user's: the program reads it, and writes it only when asked to, never over one that is there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from wom_sim.present.own_file import check_keys, read_toml, refuse, table_of, text_of

FILE = "outline.toml"
"""Its name in the folder of a result, where it is found by itself."""
_OF_A_SLIDE = ("title", "comment", "notes")


class Outline(NamedTuple):
    """``slides``: names in order, all where empty; ``titles``, ``comments``, ``notes``: one's own words, by slide."""

    slides: tuple[str, ...] = ()
    titles: Mapping[str, str] = {}
    comments: Mapping[str, str] = {}
    notes: Mapping[str, str] = {}


def read_outline(path: Path, names: Sequence[str]) -> Outline:
    """Return an outline; ``names``: the slides that there are.

    Raises
    ------
    OwnFileError
        For a file that cannot be read, or names what there is not.
    """
    given = read_toml(path, "--outline")
    check_keys(path, "", given, ("slides", "slide"))
    wanted = given.get("slides", [])
    if not isinstance(wanted, list):
        refuse(path, "slides", f"given {wanted!r}", "a list of names of slides")
    for name in wanted:
        if name not in names:
            refuse(path, "slides", f"given {name!r}", ", ".join(names))
    if len(set(wanted)) < len(wanted):
        refuse(path, "slides", "a slide is named twice", "each once")
    found: dict[str, dict[str, str]] = {kind: {} for kind in _OF_A_SLIDE}
    own = table_of(path, "slide", given.get("slide", {}))
    check_keys(path, "slide.", own, names)
    for name, words in own.items():
        table = table_of(path, f"slide.{name}", words)
        check_keys(path, f"slide.{name}.", table, _OF_A_SLIDE)
        for kind, text in table.items():
            found[kind][name] = text_of(path, f"slide.{name}.{kind}", text)
    return Outline(tuple(wanted), found["title"], found["comment"], found["notes"])


def outline_text(slides: Sequence[tuple[str, str]]) -> str:
    """Return an outline to begin with: every slide by (name, title), and how to give it words of one's own."""
    names = ",\n  ".join(json.dumps(name) for name, _ in slides)
    parts = [
        "# Leave a slide out by taking away its name; change their order by moving names.",
        "# Take the signs # away to give a slide a title, a comment on it or speaker notes of your own.",
        f"slides = [\n  {names},\n]\n",
    ]
    for name, title in slides:
        told = json.dumps(title.replace("\xa0", " "), ensure_ascii=False)
        parts.append(f'# [slide.{name}]\n# title = {told}\n# comment = ""\n# notes = ""\n')
    return "\n".join(parts)
