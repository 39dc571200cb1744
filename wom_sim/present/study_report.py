"""A study as one HTML page that needs no other file, no script and no network."""

from __future__ import annotations

import shlex
from typing import Any

from wom_sim.charts.house import house_colours
from wom_sim.present.brand import Brand
from wom_sim.present.drawn import Drawing
from wom_sim.present.page import render
from wom_sim.present.provenance import run_key
from wom_sim.present.study_folder import StudyFindings
from wom_sim.present.study_measures import measures, robust_table
from wom_sim.present.study_story import PLACES, StudyStory
from wom_sim.words import Words, sentence

PLAIN_BRAND = Brand()
SECTIONS = ("found", "varied", "decides", "response", "together", "where", "robust", "outputs", "assumed", "repeat")


def study_report(found: StudyFindings, lang: str = "en", brand: Brand = PLAIN_BRAND) -> str:
    """Return the report of a study as HTML.

    Raises
    ------
    ValueError
        For a language that there is not.
    """
    with house_colours(brand.colours):
        return _page(StudyStory(found, Words(lang)), brand)


def _page(story: StudyStory, brand: Brand) -> str:
    found = story.found
    say = story.words.say
    name = str(found.asked.get("name", found.folder.name))
    charts = {place: _charts(story, place) for place in PLACES}
    robust = robust_table(story)
    left_out = {place for place in PLACES if not charts[place] and place != "decides"}
    left_out |= {"robust"} if robust is None else set()
    shown = [s for s in SECTIONS if s not in left_out]
    content = {
        "title": say("report.title", name=name), "headline": story.headline(), "printed": run_key(story.story),
        "sections": [(s, say(f"report.study.section.{s}")) for s in shown],
        "question": str(found.asked.get("question", "")), "about": story.about(), "found": story.found_out(),
        "charts": _numbered([each for place in PLACES for each in charts[place]], story),
        "tables": {
            "varied": story.varied(), "decides": story.effects(), "outputs": story.ranges(), "assumed": story.assumed(),
            "robust": robust, "measures": measures(story),
        },
        "notes": {
            "decides": say("report.study.effects_note"), "robust": say("report.study.robust.note"),
            "outputs": say("report.study.ranges_note"),
            "assumed": say("report.assumed.grades"),
        },
        "steps": story.steps(), "provenance": _provenance(story),
        "study": (found.folder / "study.toml").read_text(encoding="utf-8"),
    }  # fmt: skip
    return render("study.html.j2", story.words, {"house": brand, **content})


def _charts(story: StudyStory, place: str) -> list[tuple[str, Drawing, str]]:
    """Return the charts of a section; response curves of every output, the others of the first."""
    outputs = story.found.outputs if place == "response" else [""]
    return [
        (place, each, sentence(story.label(output)) if output else "")
        for output in outputs
        for each in story.drawings(place, output)
    ]


def _numbered(charts: list[tuple[str, Drawing, str]], story: StudyStory) -> list[dict[str, Any]]:
    """Return the charts as the page places them, numbered."""
    shown = []
    for n, (place, each, output) in enumerate(charts, start=1):
        title = f"{each.title}: {output}" if output else each.title
        caption = story.words.say("report.chart.caption", n=n, title=title)
        shown.append({"section": place, "caption": caption, **each.placed(), "title": title})
    return shown


def _provenance(story: StudyStory) -> list[tuple[str, str]]:
    """Return what is needed to repeat the study."""
    found, say = story.found, story.words.say
    place = shlex.quote(found.folder.name)
    packages = ", ".join(f"{name} {version}" for name, version in (found.index.get("packages") or {}).items())
    return [
        (say("report.repeat.command"), f"wom-sim sweep run study.toml --out {place}"),
        (say("report.repeat.command"), f"wom-sim sweep analyse {place}"),
        (say("report.repeat.fingerprint"), str(found.run["fingerprint"])),
        (say("report.repeat.version"), f"wom_sim {found.run['wom_sim']}"),
        (say("report.repeat.runs"), str(found.index.get("runs", "?"))),
        (say("report.repeat.packages"), packages),
    ]
