"""A study as a document: what was found, varied and assumed, a chart for each that its design allows."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from wom_sim.present.chart_data import beside
from wom_sim.present.document import Chart, Document, Facts, Fold, OnPage, OnSlide, Part, Section, Texts, Verbatim
from wom_sim.present.provenance import run_key
from wom_sim.present.shared_parts import assumed_parts
from wom_sim.present.study_folder import StudyFindings
from wom_sim.present.study_measures import measures, robust_said, robust_table
from wom_sim.present.study_story import StudyStory
from wom_sim.scenario.translation import words_for
from wom_sim.words import sentence

FILES = {
    "tornado": "effects.csv", "sobol": "sobol.csv", "morris": "morris.csv", "response": "levels.csv",
    "interaction": "interactions.csv", "heatmap": "map.csv", "breakeven": "map.csv", "boxes": "boxes.csv",
}  # fmt: skip


def study_document(found: StudyFindings, lang: str = "en") -> Document:
    """Return what is told of a study. Raises ValueError for a language that there is not."""
    story = StudyStory(found, words_for(found.scenario, lang))
    name = str(found.asked.get("name", found.folder.name))
    question = str(found.asked.get("question", ""))
    return Document(
        name, story.headline(), question, list(_sections(story, question)), run_key(story.story), story.about(),
        "study.toml",
    )  # fmt: skip


def _sections(story: StudyStory, question: str) -> Iterator[Section]:
    """Yield the sections in their order; those of charts that the design does not allow are left out."""
    say, effects, by_measure, robust = story.words.say, story.effects(), measures(story), robust_table(story)
    said = story.found_out()
    shown = said[1:] if said[0].startswith(story.headline()) else said
    first: list[Part] = [OnPage(Texts([question], "question")), OnPage(Texts(said, "list"))]
    first.append(OnSlide(Texts(shown, "list")))
    yield _section(story, "found", first, story.headline(), say("report.study.effects_note"), "analysis/analysis.json")
    varied = story.varied()
    head = story.words.count("report.study.title_varied", len(varied.rows))
    both: list[Part] = [Texts([story.about()]), OnPage(varied), OnSlide(varied.plain())]
    yield _section(story, "varied", both, head, story.about(), "design.csv")
    parts: list[Part] = [*_charts(story, "decides")]
    parts += [] if effects is None else [OnPage(effects)]
    parts += [OnPage(Texts([say("report.study.effects_note")], "note"))] if effects is not None else []
    parts += [] if by_measure is None else [by_measure]
    yield _section(story, "decides", parts, "", "" if by_measure is None else by_measure.caption, "analysis/pawn.csv")
    for place in ("response", "together", "where"):
        if charts := list(_charts(story, place)):
            yield _section(story, place, charts, "", "", "analysis")
    if robust is not None:
        note = say("report.study.robust.note")
        yield _section(story, "robust", [robust, OnPage(Texts([note], "note"))], robust_said(story)[0], note,
                       "analysis/robust.csv")  # fmt: skip
    note = say("report.study.ranges_note")
    yield _section(story, "outputs", [story.ranges(), OnPage(Texts([note], "note"))], say("report.study.ranges"), note,
                   "analysis/points.csv")  # fmt: skip
    yield _assumed(story, said[-1].rstrip("."))
    yield Section("next", say("deck.next.title"), [Texts(story.steps(), "list")], "", say("report.study.repeat"),
                  "study.toml")  # fmt: skip
    yield _repeat(story)


def _section(story: StudyStory, name: str, parts: Sequence[Part], title: str, how: str, source: str) -> Section:
    return Section(name, story.words.say(f"report.study.section.{name}"), parts, title, how, source)


def _charts(story: StudyStory, place: str) -> Iterator[Chart | OnPage]:
    """Yield the charts of a section; response curves of every output on a page, of the first on slides."""
    outputs = story.found.outputs if place == "response" else [""]
    for number, output in enumerate(outputs):
        for drawn in story.drawings(place, output):
            title = f"{drawn.title}: {sentence(story.label(output))}" if output else drawn.title
            pairs = drawn.name == "heatmap" and "sobol_pairs" in story.found.index.get("made", ())
            file = f"analysis/{'sobol_pairs.csv' if pairs else FILES[drawn.name]}"
            chart = Chart(drawn, beside(drawn.name, drawn.table, story.story), title, file)
            yield chart if number == 0 else OnPage(chart)


def _assumed(story: StudyStory, head: str) -> Section:
    """Return the assumptions: all with grade and source on a page, on slides the first of them without."""
    parts = assumed_parts(story.assumed(), len(story.story.assumed), story.words)
    return _section(story, "assumed", parts, head, story.words.say("deck.assumed.notes"), "scenario.toml")


def _repeat(story: StudyStory) -> Section:
    """Return what is needed to repeat the study; it has no slide."""
    found, say = story.found, story.words.say
    place = shlex.quote(found.folder.name)
    packages = ", ".join(f"{name} {version}" for name, version in (found.index.get("packages") or {}).items())
    facts = [
        (say("report.repeat.command"), f"wom-sim sweep run study.toml --out {place}"),
        (say("report.repeat.command"), f"wom-sim sweep analyse {place}"),
        (say("report.repeat.fingerprint"), str(found.run["fingerprint"])),
        (say("report.repeat.version"), f"wom_sim {found.run['wom_sim']}"),
        (say("report.repeat.runs"), str(found.index.get("runs", "?"))),
        (say("report.repeat.packages"), packages),
    ]
    file = Fold(say("report.study.file"), Verbatim((found.folder / "study.toml").read_text(encoding="utf-8")))
    return _section(story, "repeat", [Texts([say("report.study.repeat")]), Facts(facts), file], "", "", "")
