"""The verdict, for a report and for slides: the question, the answer and what is asked, how it was worked out."""

from __future__ import annotations

from wom_sim.present import board_facts as board
from wom_sim.present import options, tables
from wom_sim.present.document import SAY, WHOLE, Cards, OnPage, OnSlide, Part, Section, Texts
from wom_sim.present.story import Story
from wom_sim.study import base_words

KEY = ("net_value", "lost_profitable", "national_coverage")
"""Figures of the slide of the verdict; the report has more."""


def question(story: Story) -> Section:
    """Return the scenario's name and its question."""
    run, number = story.found.scenario.run, story.words.number
    people = number(story.found.scenario.population.customers + story.found.scenario.population.prospects)
    told = story.words.say(
        "deck.question.notes" if run.represents == 1 else "deck.question.notes_represents", people=people,
        n=number(run.represents), days=number(run.days), runs=number(story.found.runs),
    )  # fmt: skip
    asked = [Texts([story.told.question or story.headline()])]
    return Section("question", "", asked, story.told.name, told, (("scenario.toml", "question"),), opens=True)


def verdict(story: Story) -> Section:
    """Return which policy is best, by how much, how sure, for a page."""
    scenario, base = story.found.scenario, story.found.extra.get("base")
    full = tables.key_figures(story)
    parts: list[Part] = [OnPage(Texts([story.told.question], "question")), OnPage(Texts(story.verdict(), "lead"))]
    known = base is not None and not base.empty
    if known:
        warned = base_words.warnings(base, scenario, story.figures)
        parts.append(OnPage(Texts(warned, "note", story.words.say("base.warned"))))
    parts.append(OnPage(full))
    if known:
        parts.append(OnPage(Texts(base_words.brief(base, scenario, story.figures))))
    return Section("verdict", story.words.say("report.section.verdict"), parts, story.headline())


def verdict_in_short(story: Story) -> Section:
    """Return the same with what a slide has room for."""
    parts: list[Part] = [_short(story), Texts(story.verdict_apart()[0], "list")]
    told = " ".join([*story.verdict(), story.words.say("deck.verdict.notes")])
    files = (("summary.csv", "mean, low, high"), ("differences.csv", "mean, low, high (net_value)"))
    return Section("verdict", "", parts, story.headline(), told, files, slides=1)


def _short(story: Story) -> tables.Table:
    """Return the figures that a slide has room for, of what may be chosen."""
    table = tables.key_figures(story, story.found.options or story.found.policies)
    keys = board.known(story, tables.KEY_INDICATORS)
    return table.only([0, *(1 + keys.index(name) for name in KEY if name in keys)])


def answer(story: Story) -> Section:
    """Return what is best and what the board is asked, with the figures of the option that is recommended."""
    about = board.about(story)
    said = [board.ask(story), *board.why(story)]
    figures = [] if about is None else board.key_facts(story, about)
    parts: list[Part] = [Texts([story.told.question or ""]), OnSlide(Cards(figures)), Texts(said, "list")]
    files = (("summary.csv", f"mean ({', '.join(board.KEY)})"), ("differences.csv", "mean, low, high (net_value)"))
    return Section("answer", "", parts, story.headline(), " ".join(said), files, SAY)


def varied(story: Story) -> Section:
    """Return what was compared: what happened, or is planned, how it was worked out, what each policy does."""
    planned, whom = " ".join(story.told.story.split()), options.whom(story, story.found.scenario.choose)
    parts: list[Part] = [OnPage(Texts([planned]))] if planned else []
    parts += [OnPage(Texts([story.varied(whom)])), options.table(story)]
    title = story.words.count("deck.options.title", len(story.found.options))
    told = story.words.say("deck.options.notes", whom=whom)
    return Section("varied", story.words.say("report.section.varied"), parts, title, told,
                   (("scenario.toml", "policies"),), slides=1)  # fmt: skip


def compared(story: Story) -> Section:
    """Return what each option does; the recommended one first."""
    order, whom = board.by_value(story), options.whom(story, story.found.scenario.choose)
    told = story.words.say("deck.board.options.notes", whom=whom)
    return Section("options", "", [options.table(story, order)], story.words.count("deck.options.title", len(order)),
                   told, (("scenario.toml", "policies"),), SAY, WHOLE)  # fmt: skip


def sure(story: Story) -> Section:
    """Return why the result can be trusted, and how far; it has no slide of its own."""
    return Section("sure", story.words.say("report.section.sure"), [Texts(story.how_sure(), "list")])


def method(story: Story) -> Section:
    """Return how it was worked out, and how sure that makes it."""
    say, whom = story.words.say, options.whom(story, story.found.scenario.choose)
    said = [say("deck.board.method.text"), story.varied(whom), *story.how_sure()]
    return Section("method", "", [Texts(said, "list")], say("deck.board.method.title"),
                   say("deck.board.method.notes"), (("run.json", "seeds, model"),), SAY)  # fmt: skip
