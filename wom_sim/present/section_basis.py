"""What a result rests on and leads to, for report and slides: assumptions, next steps, sources, other packages."""

from __future__ import annotations

from collections.abc import Iterator

from wom_sim.charts.own import own as own_chart
from wom_sim.present import board_facts as board
from wom_sim.present import known, own, tables
from wom_sim.present.document import SAY, Fold, OnPage, OnSlide, Part, Picture, Section, Texts
from wom_sim.present.drawn import picture_of
from wom_sim.present.next_steps import next_steps, weakest
from wom_sim.present.shared_parts import assumed as every_assumed
from wom_sim.present.shared_parts import following
from wom_sim.present.story import Story
from wom_sim.scenario.notes import on_money

_ASSUMED = 12
_STEPS = (("summary.csv", "mean"), ("differences.csv", "low, high"))
_NUMBERS = (("scenario.toml", "behaviour, media, money, network, population"),)


def assumed(story: Story) -> Section:
    """Return what was assumed: on a page all of it, on a slide the numbers with the weakest evidence first."""
    say, drawn = story.words.say, known.in_short(story)
    shared = every_assumed(story)
    first = weakest(story)[:_ASSUMED]
    table = tables.assumed(story, first).only(range(4)).plain()._replace(others=len(story.assumed) - len(first))
    rest = [a for a in story.assumed if not a.plausible]
    before: list[Part] = [OnPage(Texts([*on_money(story.found.scenario, story.words), *story.guessed()]))]
    before += [OnPage(part) for part in known.parts(story)]
    parts: list[Part] = [*before, *(part for part in shared.parts if isinstance(part, OnPage))]
    if rest:
        title = say("report.assumed.rest", n=story.words.number(len(rest)))
        parts.append(OnPage(Fold(title, tables.assumed(story, rest), "en")))
    parts += [OnSlide(table), OnSlide(Texts([story.verdict_apart()[1], drawn]))]
    told = shared.how
    if drawn:
        told += f" {drawn} {', '.join(d.key for d in known.drawn(story))}. {known.known_text(story)}"
        told = " ".join([told, *known.of_posterior(story)])
    return shared._replace(parts=parts, how=told, source=_NUMBERS, slides=1)


def assumptions(story: Story) -> Section:
    """Return the numbers that are estimates or assumptions, those to doubt first, for a board."""
    head = story.words.say("deck.board.assumed.title", n=story.words.number(len(story.assumed)))
    return Section("assumptions", "", [board.assumed_table(story)], head,
                   story.words.say("deck.board.assumed.notes"), _NUMBERS, SAY)  # fmt: skip


def steps(story: Story) -> Section:
    """Return what to do next."""
    return following(story, next_steps(story), _STEPS)


def pilot(story: Story) -> Section:
    """Return what to do next for a board: a pilot first, which the title says."""
    return steps(story)._replace(title=board.next_title(story), key=SAY)


def sources(story: Story) -> Section:
    """Return the sources that the scenario names."""
    say = story.words.say
    return Section("sources", "", [Texts([*map(str, story.told.sources)], "list")], say("deck.board.sources.title"),
                   say("deck.board.sources.notes"), (("scenario.toml", "sources"),), SAY)  # fmt: skip


def own_charts(story: Story) -> Iterator[Section]:
    """Yield each chart of another package that the scenario names. Raises PluginError where one fails."""
    for name in story.found.scenario.plugins.charts:
        chart = own_chart(name)
        shown = OnSlide(Picture(picture_of(story, name), [story.words.say("deck.own.nothing", file=chart.reads)]))
        yield Section(name, "", [shown], chart.title, story.words.say("deck.own.notes_chart", name=name),
                      ((chart.reads, "*"),))  # fmt: skip


def own_sections(story: Story) -> Iterator[Section]:
    """Yield each section of another package. Raises PluginError where one fails, or writes what is no section."""
    for placed in own.sections(story.found, story.words):
        told = story.words.say("deck.own.notes_section", name=placed["name"].removeprefix("own-"))
        yield Section(placed["name"], placed["title"], [Texts(placed["paragraphs"]), *placed["tables"]],
                      placed["title"], told, (("replications.parquet", "*"),))  # fmt: skip
