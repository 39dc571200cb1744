"""A comparison as one HTML page that needs no other file, no script and no network."""

from __future__ import annotations

from collections.abc import Iterator

from wom_sim.charts.house import house_colours
from wom_sim.present import section_basis as basis
from wom_sim.present import section_money as money
from wom_sim.present import section_risk as risk
from wom_sim.present import section_spread as spread
from wom_sim.present import section_verdict as verdict
from wom_sim.present import section_worlds as worlds
from wom_sim.present import tables
from wom_sim.present.base import definitions, tables_of_base
from wom_sim.present.brand import Brand
from wom_sim.present.chart_data import beside
from wom_sim.present.document import Chart, Document, Section, Texts
from wom_sim.present.document_page import page
from wom_sim.present.drawn import Drawing, LeftOut, Tell, drawings
from wom_sim.present.provenance import printed
from wom_sim.present.result_folder import Findings
from wom_sim.present.shared_parts import repeating
from wom_sim.present.story import Story, story_of

PLAIN_BRAND = Brand()


def report(
    found: Findings, lang: str = "en", tell: Tell = lambda words: None, brand: Brand = PLAIN_BRAND
) -> str:
    """Return the report of a comparison as HTML; ``tell`` is called with what takes long.

    Raises
    ------
    ValueError
        For a language that there is not.
    """
    story = story_of(found, lang)
    with house_colours(brand.colours):
        return page(report_document(story, tell), story.words, brand)


def report_document(story: Story, tell: Tell = lambda words: None) -> Document:
    """Return all that is told of a comparison; ``tell`` is called with what takes long."""
    sections = list(_Sections(story, tell).every())
    scenario = story.told
    return Document(scenario.name, story.headline(), scenario.question, sections, printed(story))


class _Sections:
    """Puts the sections in their order, each with its charts after its tables."""

    def __init__(self, story: Story, tell: Tell) -> None:
        self.story = story
        self._drawn = drawings(story, tell=tell)

    def every(self) -> Iterator[Section]:
        """Yield the sections in their order; those of other packages before the indicators."""
        story = self.story
        yield self._drawn_in(verdict.verdict(story))
        yield from map(self._drawn_in, _base(story))
        for said in (verdict.sure, spread.happens, spread.leaves, money.page, risk.risk, worlds.decides):
            yield self._drawn_in(said(story))
        yield from basis.own_sections(story)
        for said in (_indicators, verdict.varied, basis.assumed, repeating):
            yield self._drawn_in(said(story))

    def _drawn_in(self, section: Section) -> Section:
        """Return a section with its charts, and what is said of those that cannot be drawn."""
        mine = [each for each in self._drawn if each.section == section.name]
        charts = [Chart(each, beside(each.name, each.table, self.story)) for each in mine if isinstance(each, Drawing)]
        gaps = Texts([each.text for each in mine if isinstance(each, LeftOut)], "note")
        return section._replace(parts=[*section.parts, *charts, gaps])


def _base(story: Story) -> Iterator[Section]:
    """Yield who the customers are; nothing of a result that does not say it."""
    table, say = story.found.extra.get("base"), story.words.say
    if table is not None and not table.empty:
        means = Texts(definitions(story.found.scenario, story.figures), "note")
        shown = tables_of_base(table, story.told, story.figures)
        yield Section("base", say("report.section.base"), [Texts([say("base.section_note")]), *shown, means])


def _indicators(story: Story) -> Section:
    """Return every indicator by policy."""
    text = story.words.say("report.indicators.text", over=story.figures.over)
    return Section("indicators", story.words.say("report.section.indicators"),
                   [Texts([text]), tables.indicators(story)])  # fmt: skip
