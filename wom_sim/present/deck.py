"""A comparison as a deck: eight to thirteen slides whose titles say what was found, with notes for the speaker.

Charts and sections of other packages that the scenario names have slides of their own.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from wom_sim.present import deck_own as theirs
from wom_sim.present import deck_risk as dangers
from wom_sim.present import deck_slides as pages
from wom_sim.present.deck_stage import Stage
from wom_sim.present.provenance import run_key
from wom_sim.present.result_folder import Findings
from wom_sim.present.story import Story
from wom_sim.scenario.evidence import unmeasured
from wom_sim.words import Words

SLIDES: Sequence[Callable[[Story, Stage], None]] = (
    pages.question, pages.compared, pages.verdict, pages.days, pages.spread, pages.leaves, pages.money, pages.lines,
    pages.months, dangers.risk, dangers.worlds, dangers.swings, pages.decides, theirs.charts, theirs.sections,
    pages.assumed, pages.steps,
)  # fmt: skip
"""The slides in their order; one whose table is empty says so rather than being left out."""
SHOWN: Mapping[Callable[[Story, Stage], None], Callable[[Story], bool]] = {
    pages.spread: lambda story: story.found.days_kept, pages.leaves: lambda story: story.found.days_kept,
    pages.months: pages.has_months, dangers.worlds: dangers.has_worlds, dangers.swings: dangers.has_swings,
    theirs.charts: theirs.has_charts, theirs.sections: theirs.has_sections,
}  # fmt: skip
"""Slides with a condition: over drawn worlds, where days are not kept, two others take the place of two."""


def deck(found: Findings, lang: str = "en", template: Path | None = None) -> bytes:
    """Return the deck of a comparison as the content of a PowerPoint file.

    Raises
    ------
    ValueError
        For a language that there is not.
    TemplateError
        For a template that cannot be used.
    """
    story = Story(found, Words(lang), unmeasured(found.scenario))
    stage = Stage(template)
    for slide in SLIDES:
        if slide not in SHOWN or SHOWN[slide](story):
            slide(story, stage)
    _describe(stage.presentation, story)
    file = io.BytesIO()
    stage.save(file)
    return file.getvalue()


def _describe(presentation: Any, story: Story) -> None:
    """Say in the file's properties what it is and from which run."""
    from datetime import datetime

    about = presentation.core_properties
    about.title = story.found.scenario.name
    about.subject = story.headline()
    about.comments = run_key(story)
    about.author = "wom_sim"
    about.language = story.words.lang
    try:
        when = datetime.fromisoformat(str(story.found.run.get("written"))).replace(tzinfo=None)
        about.created = about.modified = when
    except ValueError:
        pass
