"""From which run a page or a slide was written."""

from __future__ import annotations

from datetime import date

from wom_sim.present.story import Story


def printed(story: Story) -> str:
    """Return from which run this was written, and when that run was."""
    when = str(story.found.run.get("written", ""))[:10]
    try:
        day = story.words.date(date.fromisoformat(when))
    except ValueError:
        day = "?"
    return story.words.say("report.printed", date=day, run=run_key(story))


def run_key(story: Story) -> str:
    """Return fingerprint, seed and version: what makes a run what it is."""
    run = story.found.run
    return story.words.say(
        "report.run_key", fingerprint=run.get("fingerprint", "?"), seed=story.found.scenario.run.seed,
        version=run.get("wom_sim", "?"),
    )  # fmt: skip
