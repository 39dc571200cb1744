"""A comparison for the page: a few runs first, then the rest; kept by what it says, so that going back is instant."""

from __future__ import annotations

import json
import shlex
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wom_sim._files import write_text_atomically
from wom_sim.app.messages import Child
from wom_sim.app.shown import charts, figures, findings, spreading
from wom_sim.app.state import State, loaded
from wom_sim.present.story import Story, story_of
from wom_sim.results.errors import FolderError
from wom_sim.results.files import Stage
from wom_sim.results.folder import holds_nothing
from wom_sim.scenario.evidence import unmeasured
from wom_sim.study.compare import FROM_THE_BEGINNING, Comparison, Start, compare
from wom_sim.study.cost import duration, plan
from wom_sim.study.extend import Earlier, added_to, earlier, together, with_replications
from wom_sim.study.store import manifest, write_tables
from wom_sim.words import Words

PREVIEW = 4
"""Runs of each policy that are shown first."""
LONG = 10.0
"""Seconds above which the page asks before it runs."""
_SLOW = 3.0
"""Seconds of the rest above which the charts of the preview are drawn as well."""

Plain = dict[str, Any]


@dataclass
class Asked:
    """A comparison that is asked for: its state, its key, the scenario, where results are kept, and who is told."""

    state: State
    key: str
    file: str
    place: Path
    confirmed: bool
    child: Child
    began: float = field(default_factory=time.perf_counter)

    def __post_init__(self) -> None:
        self.scenario = loaded(self.state, self.file)
        self.folder = self.place / "results" / self.key
        self.words = Words(self.state.lang)
        self.assumed = unmeasured(self.scenario)

    def progress(self, done: int, total: int, words: str) -> None:
        """Tell how many runs are done; ends what is no longer wanted."""
        say = self.words.say("app.progress", done=self.words.number(done), total=self.words.number(total))
        self.child.tell("progress", done=done, total=total, text=say if done else self.words.say("app.building"))


def run_comparison(job: Plain, child: Child) -> None:
    """Compare as a job asks, and tell the page step by step; or ask first where it would take long."""
    state = State(job["base"], tuple(job["set"]), job["runs"], job["lang"])
    asked = Asked(state, job["key"], job["file"], Path(job["place"]), job["confirmed"], child)
    before = _kept(asked.folder)
    if before is not None and before.replications >= asked.state.runs:
        from wom_sim.present.result_folder import read

        _show_all(asked, story_of(read(asked.folder), state.lang))
        return
    first = None if before is not None else _preview(asked)
    if first is None and before is None:
        return
    if first is not None and asked.scenario.run.replications <= PREVIEW:
        _finish(asked, first)
        return
    there = before.replications if before is not None else PREVIEW
    rest = asked.scenario.run.replications - there
    if _too_long(asked, _seconds_left(first, before, rest)):
        if first is not None:
            _write(asked, first)
        child.end("ask", text=_how_long(asked, _seconds_left(first, before, rest)), key=asked.key)
        return
    more = compare(asked.scenario, progress=asked.progress, start=Start(there))
    whole = together(first, more) if first is not None else added_to(before, more)  # type: ignore[arg-type]
    _finish(asked, whole)


def _kept(folder: Path) -> Earlier | None:
    """Return the result that is kept, None where there is none that fits."""
    if holds_nothing(folder):
        return None
    try:
        return earlier(folder)
    except FolderError:  # of another version of the model, or cut short: made anew
        return None


def _preview(asked: Asked) -> Comparison | None:
    """Run a few runs and show them pale; None where that would take long and nobody has confirmed it."""
    few = with_replications(asked.scenario, min(PREVIEW, asked.scenario.run.replications))
    low, _ = plan(few, "compiled", days=True).seconds
    if _too_long(asked, low):
        asked.child.end("ask", text=_how_long(asked, plan(asked.scenario, "compiled").seconds[0]), key=asked.key)
        return None
    found = compare(few, progress=asked.progress, start=FROM_THE_BEGINNING)
    if asked.scenario.run.replications > PREVIEW:
        story = story_of(findings(found), asked.state.lang, asked.assumed)
        asked.child.tell("figures", pale=True, key=asked.key, **figures(story))
        if _seconds_left(found, None, asked.scenario.run.replications - PREVIEW) > _SLOW:
            for chart in charts(story):
                asked.child.tell("chart", pale=True, **chart)
    return found


def _seconds_left(first: Comparison | None, before: Earlier | None, rest: int) -> float:
    """Return how long the rest of the runs will take, from how long those took that are done."""
    if first is not None:
        return first.seconds["build"] + first.seconds["runs"] * rest / first.scenario.run.replications
    assert before is not None
    spent = before.manifest["seconds"]
    return float(spent.get("build", 0.0) + spent.get("runs", 0.0) * rest / before.replications)


def _too_long(asked: Asked, seconds: float) -> bool:
    return seconds > LONG and not asked.confirmed


def _how_long(asked: Asked, seconds: float) -> str:
    return asked.words.say("app.ask", n=asked.words.number(asked.state.runs), time=duration(seconds))


def _shown(asked: Asked, story: Story) -> list[Plain]:
    """Send the figures and charts of a comparison, and return what was sent."""
    events: list[Plain] = [{"event": "figures", "pale": False, "key": asked.key, **figures(story)}]
    asked.child.tell(**events[0])
    for chart in charts(story):
        events.append({"event": "chart", "pale": False, **chart})
        asked.child.tell(**events[-1])
    return events


def _finish(asked: Asked, whole: Comparison) -> None:
    """Show a comparison, and keep it."""
    story = story_of(findings(whole), asked.state.lang, asked.assumed)
    events = _shown(asked, story)
    _write(asked, whole)
    seconds = time.perf_counter() - asked.began
    _end(asked, events, story.found.runs, _a_run(whole), seconds)


def _a_run(whole: Comparison) -> float:
    return whole.seconds["runs"] / max(1, len(whole.replications))


def _show_all(asked: Asked, story: Any) -> None:
    """Show a comparison that is kept, in a language in which it has not been shown."""
    events = _shown(asked, story)
    seconds = story.found.run.get("seconds", {}).get("runs", 0.0) / max(1, len(story.found.replications))
    _end(asked, events, story.found.runs, seconds, time.perf_counter() - asked.began)


def _end(asked: Asked, events: list[Plain], runs: int, a_run: float, seconds: float) -> None:
    """Show the map, keep what the page was told, and say that all is done."""
    from wom_sim.present.result_folder import read

    found = read(asked.folder)
    story = story_of(found, asked.state.lang, asked.assumed)
    seen = spreading(asked.folder, story)
    if seen is not None:
        events.append({"event": "map", "pale": False, **seen})
        asked.child.tell(**events[-1])
    people = asked.scenario.population.customers + asked.scenario.population.prospects
    size = asked.words.say(
        "app.size", people=asked.words.number(people), seconds=asked.words.number(float(f"{a_run:.1g}"))
    )
    done = {"event": "done", "runs": runs, "key": asked.key, "size": size, "headline": events[0]["headline"]}
    page = asked.place / "pages" / f"{asked.key}-{asked.state.lang}.json"
    page.parent.mkdir(parents=True, exist_ok=True)
    write_text_atomically(page, json.dumps([*events, done], allow_nan=False))
    asked.child.end(**done, seconds=round(seconds, 3))


def _write(asked: Asked, found: Comparison) -> None:
    """Write a comparison as ``compare --out`` does, but for its pictures."""
    asked.child.check()
    command = asked.state.command(asked.file)
    with Stage(asked.folder) as stage:
        files = write_tables(found, stage.place)
        stage.finish(manifest(found, files, shlex.split(command)[1:]))
