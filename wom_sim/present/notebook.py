"""What the findings of a comparison show of themselves in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wom_sim._notebook import Shown

if TYPE_CHECKING:
    from wom_sim.present.result_folder import Findings


def key_figures(found: Findings) -> Shown:
    """Return headline and key figures, in the words of the report."""
    from wom_sim.present import tables
    from wom_sim.present.story import story_of

    story = story_of(found, "en")
    table = tables.key_figures(story)
    rows = [[f"{c.text} ({c.below})" if c.below else c.text for c in row] for row in table.rows]
    return Shown(story.headline(), story.verdict(), table.heads, rows)
