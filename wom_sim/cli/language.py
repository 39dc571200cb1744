"""The option ``--lang``: declared once, and looked at once, for every command that has it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from wom_sim.cli.ending import BAD_SCENARIO, give_up

if TYPE_CHECKING:
    from wom_sim.words import Words

Language = Annotated[str, typer.Option("--lang", help="en, nl or de.")]


def spoken(lang: str) -> Words:
    """Return the words of a language. Ends with a clear word on one that there is not; says so of one in part."""
    from wom_sim.words import EVERY, Words

    if lang not in EVERY:
        give_up(f"--lang: given {lang!r}, allowed: {', '.join(EVERY)}", BAD_SCENARIO)
    words = Words(lang)
    if words.partial:
        print(f"wom-sim: {words.partial}", file=sys.stderr, flush=True)
    return words
