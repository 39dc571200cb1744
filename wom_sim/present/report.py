"""A comparison as one HTML page that needs no other file, no script and no network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wom_sim.charts.house import house_colours
from wom_sim.present import facts, known, options, own, tables, tails
from wom_sim.present.attributed import attribution
from wom_sim.present.base import definitions, tables_of_base
from wom_sim.present.brand import Brand
from wom_sim.present.chart_data import beside
from wom_sim.present.document import Chart, Document, Fold, Part, Section, Texts
from wom_sim.present.document_page import page
from wom_sim.present.drawn import Drawing, LeftOut, Tell, drawings
from wom_sim.present.provenance import printed
from wom_sim.present.result_folder import Findings
from wom_sim.present.shared_parts import repeated
from wom_sim.present.story import Story, story_of
from wom_sim.scenario.notes import on_money
from wom_sim.study import base_words

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
    """Says each section of the report; each has its charts after its tables."""

    def __init__(self, story: Story, tell: Tell) -> None:
        self.story, self.say = story, story.words.say
        self._drawn = drawings(story, tell=tell)

    def every(self) -> Iterator[Section]:
        """Yield the sections in their order; those of other packages before the indicators."""
        yield self._section("verdict", self._verdict())
        yield from self._base()
        yield self._section("sure", [Texts(self.story.how_sure(), "list")])
        yield self._section("happens", [Texts(self.story.happens())])
        yield self._section("leaves", self._leaves())
        yield self._section("money", self._money())
        yield self._section("risk", self._risk())
        yield self._section("decides", self._decides())
        for each in own.sections(self.story.found, self.story.words):
            yield Section(each["name"], each["title"], [Texts(each["paragraphs"]), *each["tables"]])
        text = self.say("report.indicators.text", over=self.story.figures.over)
        yield self._section("indicators", [Texts([text]), tables.indicators(self.story)])
        whom = options.whom(self.story, self.story.found.scenario.choose)
        yield self._section("varied", [*self._told(), Texts([self.story.varied(whom)]), options.table(self.story)])
        yield self._section("assumed", self._assumed())
        yield self._section("repeat", repeated(self.story))

    def _section(self, name: str, parts: Sequence[Part | None]) -> Section:
        """Return a section with what there is of it, its charts, and what is said of those that cannot be drawn."""
        mine = [each for each in self._drawn if each.section == name]
        charts = [self._chart(each) for each in mine if isinstance(each, Drawing)]
        gaps = Texts([each.text for each in mine if isinstance(each, LeftOut)], "note")
        there = [part for part in parts if part is not None]
        return Section(name, self.say(f"report.section.{name}"), [*there, *charts, gaps])

    def _chart(self, drawn: Drawing) -> Chart:
        return Chart(drawn, beside(drawn.name, drawn.table, self.story))

    def _verdict(self) -> list[Part]:
        story, scenario, table = self.story, self.story.found.scenario, self.story.found.extra.get("base")
        said: list[Part] = [Texts([story.told.question], "question"), Texts(story.verdict(), "lead")]
        if table is None or table.empty:
            return [*said, tables.key_figures(story)]
        warned = Texts(base_words.warnings(table, scenario, story.figures), "note", self.say("base.warned"))
        return [*said, warned, tables.key_figures(story), Texts(base_words.brief(table, scenario, story.figures))]

    def _told(self) -> list[Part]:
        """Return what happened, or is planned, as the scenario tells it; nothing where it does not."""
        story = " ".join(self.story.told.story.split())
        return [Texts([story])] if story else []

    def _base(self) -> Iterator[Section]:
        """Yield who the customers are; nothing of a result that does not say it."""
        table, scenario = self.story.found.extra.get("base"), self.story.found.scenario
        if table is not None and not table.empty:
            means = Texts(definitions(scenario, self.story.figures), "note")
            shown = tables_of_base(table, self.story.told, self.story.figures)
            yield self._section("base", [Texts([self.say("base.section_note")]), *shown, means])

    def _leaves(self) -> list[Part | None]:
        story, found = self.story, self.story.found
        known = not found.departures.empty and any(found.estimate(p, facts.LOST).mean != 0.0 for p in found.options)
        why = [tables.lost(story, column) for column in ("cause", "channel")] if known else []
        said = Texts([" ".join([story.leaves(), *story.keeps()])])
        return [said, *why, Texts([self.say("report.leaves.note")], "note"), attribution(story)]

    def _money(self) -> list[Part | None]:
        story, when = self.story, tables.months(self.story)
        return [
            Texts([story.money_text(p) for p in story.found.options], "list"), tables.ledger(story),
            Texts([self.say("report.money.note")], "note"), when,
            None if when is None else Texts([self.say("months.note")], "note"),
        ]  # fmt: skip

    def _risk(self) -> list[Part]:
        story = self.story
        tail = [self.say("report.risk.note")] if "risk" in story.found.extra else []
        few = Texts([tails.warning(story)], "note", self.say("report.risk.warning"))
        return [Texts(story.risk_text()), tails.risk(story), Texts(tail, "note"), few]

    def _decides(self) -> list[Part | None]:
        shown = (tables.verdicts(self.story), tables.drivers(self.story), tables.drivers_of_each(self.story))
        return [Texts(self.story.decides()), *shown]

    def _assumed(self) -> list[Part | None]:
        """Return the assumptions: those with a plausible range, then, folded, the rest."""
        story, number = self.story, self.story.words.number
        ranged, rest = ([a for a in story.assumed if bool(a.plausible) == has] for has in (True, False))
        text = self.say("report.assumed.text", n=number(len(story.assumed)), k=number(len(ranged)))
        title = self.say("report.assumed.rest", n=number(len(rest)))
        return [
            Texts([*on_money(story.found.scenario, story.words), *story.guessed()]), *known.parts(story),
            Texts([text]), tables.assumed(story, ranged), Texts([self.say("report.assumed.grades")], "note"),
            Fold(title, tables.assumed(story, rest), "en") if rest else None,
        ]  # fmt: skip
