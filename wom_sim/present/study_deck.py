"""A study as a deck: what was asked and varied, a slide for each chart that its design allows, and what to do next."""

from __future__ import annotations

from typing import Any

from wom_sim.charts.house import house_colours
from wom_sim.present.deck_making import finished
from wom_sim.present.deck_parts import WIDE, place_drawing
from wom_sim.present.deck_stage import EMU, Area, Stage
from wom_sim.present.deck_tables import write_table
from wom_sim.present.deck_text import fill, write_texts, write_title
from wom_sim.present.drawn import Drawing
from wom_sim.present.provenance import run_key
from wom_sim.present.study_folder import StudyFindings
from wom_sim.present.study_measures import measures, robust_said, robust_table
from wom_sim.present.study_story import PLACES, StudyStory
from wom_sim.present.wanted import PLAIN, Wanted
from wom_sim.words import Words, sentence

FILES = {
    "tornado": "effects.csv", "sobol": "sobol.csv", "morris": "morris.csv", "response": "levels.csv",
    "interaction": "interactions.csv", "heatmap": "map.csv", "breakeven": "map.csv", "boxes": "boxes.csv",
}  # fmt: skip
MOST_ASSUMED = 10


def study_deck(found: StudyFindings, lang: str = "en", wanted: Wanted = PLAIN) -> bytes:
    """Return the deck of a study as the content of a PowerPoint file.

    Raises
    ------
    ValueError
        For a language that there is not.
    TemplateError
        For a template that cannot be used.
    """
    with house_colours(wanted.brand.colours):
        return _made(StudyStory(found, Words(lang)), wanted)


def _made(story: StudyStory, wanted: Wanted) -> bytes:
    stage = Stage(wanted.template, wanted.brand, story.words)
    for slide in (question, varied, found_out):
        slide(story, stage)
    for place in PLACES:
        for each in story.drawings(place):
            chart(story, stage, each, place)
    for slide in (by_measure, robust, outputs, assumed, steps):
        slide(story, stage)
    return finished(stage, wanted, (_name(story), story.headline(), run_key(story.story)), story.words.lang)


def _name(story: StudyStory) -> str:
    return sentence(str(story.found.asked.get("name", story.found.folder.name)))


def question(story: StudyStory, stage: Stage) -> None:
    """Show the study's name and its question."""
    slide, title, below = stage.opening()
    write_title(title, _name(story))
    area = Area(*(v / EMU for v in (below.left, below.top, below.width, below.height)))
    fill(below.text_frame, area, [str(story.found.asked.get("question", "")) or story.headline()], largest=22)
    _notes(slide, story, story.about(), "study.toml")


def varied(story: StudyStory, stage: Stage) -> None:
    """Show what was varied, and over which range."""
    slide, title, area = stage.slide()
    table = story.varied()
    write_title(title, story.words.count("report.study.title_varied", len(table.rows)))
    upper, lower = area.rows(0.7, 0.3)
    write_table(slide, upper, table, story.words)
    write_texts(slide, lower, [story.about()], largest=18)
    _notes(slide, story, story.about(), "design.csv")


def found_out(story: StudyStory, stage: Stage) -> None:
    """Say what was found."""
    slide, title, area = stage.slide()
    write_title(title, story.headline())
    said = story.found_out()
    write_texts(slide, area, said[1:] if said[0].startswith(story.headline()) else said, bullets=True, largest=20)
    _notes(slide, story, story.words.say("report.study.effects_note"), "analysis/analysis.json")


def chart(story: StudyStory, stage: Stage, drawn: Drawing, place: str) -> None:
    """Show a chart whose title is the finding; the notes say what it shows, line by line, and how to read it."""
    slide, title, area = stage.slide()
    write_title(title, drawn.finding)
    size = "wide" if area.width > WIDE * area.height else "slide"
    again = next(each for each in story.drawings(place, size=size) if each.name == drawn.name)
    place_drawing(slide, area, again)
    pairs = drawn.name == "heatmap" and "sobol_pairs" in story.found.index.get("made", ())
    _notes(slide, story, drawn.alt, f"analysis/{'sobol_pairs.csv' if pairs else FILES[drawn.name]}")


def by_measure(story: StudyStory, stage: Stage) -> None:
    """Show the factors by each measure, where there are several."""
    table = measures(story)
    if table is not None:
        slide, title, area = stage.slide()
        write_title(title, story.words.say("report.study.section.decides"))
        write_table(slide, area, table._replace(rows=table.rows[:MOST_ASSUMED]), story.words)
        _notes(slide, story, table.caption, "analysis/pawn.csv")


def robust(story: StudyStory, stage: Stage) -> None:
    """Show which choices are robust, where worlds are enough to say so."""
    table = robust_table(story)
    if table is not None:
        slide, title, area = stage.slide()
        write_title(title, robust_said(story)[0])
        write_table(slide, area, table._replace(rows=table.rows[:MOST_ASSUMED]), story.words)
        _notes(slide, story, story.words.say("report.study.robust.note"), "analysis/robust.csv")


def outputs(story: StudyStory, stage: Stage) -> None:
    """Show between what each output lies, for each policy."""
    slide, title, area = stage.slide()
    write_title(title, story.words.say("report.study.ranges"))
    write_table(slide, area, story.ranges(), story.words)
    _notes(slide, story, story.words.say("report.study.ranges_note"), "analysis/points.csv")


def assumed(story: StudyStory, stage: Stage) -> None:
    """Show the assumptions that have a plausible range."""
    slide, title, area = stage.slide()
    say, full = story.words.say, story.assumed()
    write_title(title, story.found_out()[-1].rstrip("."))
    rows = [row[:4] for row in full.rows[:MOST_ASSUMED]]
    write_table(slide, area, full._replace(heads=full.heads[:4], rows=rows, numbers=4), story.words)
    _notes(slide, story, say("deck.assumed.notes"), "scenario.toml")


def steps(story: StudyStory, stage: Stage) -> None:
    """Say what to do next."""
    slide, title, area = stage.slide()
    write_title(title, story.words.say("deck.next.title"))
    write_texts(slide, area, story.steps(), bullets=True, largest=20)
    _notes(slide, story, story.words.say("report.study.repeat"), "study.toml")


def _notes(slide: Any, story: StudyStory, how: str, file: str) -> None:
    """Write the speaker's notes: how to read the slide, and which file its figures come from."""
    say = story.words.say
    said = [say("deck.read", text=how), say("report.study.source", file=file), run_key(story.story)]
    slide.notes_slide.notes_text_frame.text = "\n".join(said)
