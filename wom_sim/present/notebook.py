"""What the findings of a comparison and of a study show of themselves in a notebook.

Each is registered with ``wom_sim._notebook.shown``, so that what reads a folder need not know how it is told.
"""

from __future__ import annotations

from wom_sim._notebook import Shown, shown
from wom_sim.present import tables
from wom_sim.present.result_folder import Findings
from wom_sim.present.story import story_of
from wom_sim.present.study_folder import StudyFindings
from wom_sim.present.study_story import StudyStory
from wom_sim.words import Words


@shown.register
def of_comparison(found: Findings) -> Shown:
    """Return headline and key figures, in the words of the report."""
    story = story_of(found, "en")
    table = tables.key_figures(story)
    rows = [[f"{c.text} ({c.below})" if c.below else c.text for c in row] for row in table.rows]
    return Shown(story.headline(), story.verdict(), table.heads, rows)


@shown.register
def of_study(found: StudyFindings) -> Shown:
    """Return what was varied and found."""
    story = StudyStory(found, Words("en"))
    table = story.ranges()
    rows = [[cell.text for cell in row] for row in table.rows]
    return Shown(str(found.asked.get("name", found.folder.name)), story.found_out(), table.heads, rows)
