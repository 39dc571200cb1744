"""In what words, on what page and under which name a chart is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wom_sim.words import Words
from wom_sim.words.levers import level_said

SIZES = {"slide": (10.0, 5.6), "paper": (8.4, 6.3), "wide": (13.6, 5.6), "column": (10.0, 5.6), "narrow": (5.0, 5.4)}
"""Width and height in inches at which type has its own size; a slide shows the page larger, paper smaller."""
COLUMN, NARROW = "column", "narrow"
"""What is scrolled, and as high as need be: the column of a page, and a telephone."""


@dataclass(frozen=True)
class Setting:
    """What a chart needs to know beside its table.

    Parameters
    ----------
    note
        What is written below the title: scenario, people, number of replications.
    order
        Policies in the order that fixes their colours; default: as they appear in the table.
    currency
        ISO code of money.
    lang
        Language: "en" or "nl".
    titled
        Whether the finding is written on the page; not where it stands above it, as on a slide.
    called
        What the scenario calls its policies in that language, by their names.
    size
        Page: "slide" (16:9), "paper" (4:3, for a column of text), "wide"; or as high as need be: "column" (a report),
        "narrow" (a telephone).
    key
        Written at the foot: which run made it.
    title
        The finding, where somebody has written it; else the chart makes it from its table.
    """

    note: str = ""
    order: Sequence[str] = ()
    currency: str = "USD"
    lang: str = "en"
    size: str = "slide"
    key: str = ""
    title: str = ""
    titled: bool = True
    called: Mapping[str, str] = field(default_factory=dict)
    words: Words = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.size not in SIZES:
            raise ValueError(f"size: given {self.size!r}, allowed: {', '.join(SIZES)}")
        object.__setattr__(self, "words", Words(self.lang, self.called))

    def level(self, key: Any, value: Any) -> str:
        """Return a value of a factor in words, as ``level_said`` has it."""
        return level_said(str(key), value, self.words, self.currency)


PLAIN_SETTING = Setting()
