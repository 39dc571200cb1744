"""The verdict of a comparison on one page, for somebody with two minutes: answer, ask, figures, next steps."""

from __future__ import annotations

from wom_sim.charts.house import house_colours
from wom_sim.present import board_facts as board
from wom_sim.present import facts, tables, tails
from wom_sim.present.brand import Brand
from wom_sim.present.drawn import Drawing, drawings
from wom_sim.present.next_steps import next_steps
from wom_sim.present.page import render
from wom_sim.present.provenance import printed
from wom_sim.present.result_folder import Findings
from wom_sim.present.story import Story, story_of
from wom_sim.present.tables import Cell, Table
from wom_sim.words import sentence

MOST = 5
"""Options that are shown; of the others it is said how many there are."""
_STEPS, _CHANGES = 3, 2
_PICTURE = "differences"


def one_page(found: Findings, lang: str = "en", brand: Brand = Brand()) -> str:  # noqa: B008  it cannot be changed
    """Return the page as HTML; printed, it takes one side of A4.

    Raises
    ------
    ValueError
        For a language that there is not.
    """
    story = story_of(found, lang)
    with house_colours(brand.colours):
        return render("one_page.html.j2", story.words, {"house": brand, **_content(story)})


def _content(story: Story) -> dict[str, object]:
    """Return everything that the template places."""
    say, about = story.words.say, board.about(story)
    order = board.by_value(story)
    more = len(order) - MOST
    pictured = [_PICTURE] if about and more <= 0 else []  # of more options the picture cannot be read
    drawn = [each for each in drawings(story, pictured) if isinstance(each, Drawing)] if pictured else []
    return {
        "title": story.told.name, "headline": story.headline(), "printed": printed(story),
        "question": story.told.question, "ask": board.ask(story), "why": board.why(story),
        "cards": [] if about is None else board.key_facts(story, about),
        "table": figures(story, order[:MOST]) if order else None,
        "more": say("deck.more", n=story.words.number(more)) if more > 0 else "",
        "charts": [{"caption": each.title, **each.placed()} for each in drawn],
        "changes": board.would_change(story)[:_CHANGES] if about else [], "steps": next_steps(story)[:_STEPS],
        "risk": story.risk_text()[:1],
    }  # fmt: skip


def figures(story: Story, policies: list[str]) -> Table:
    """Return what each option earns, whom it loses and how bad it may get, each as its own table tells it."""
    say, rows = story.words.say, []
    names = [name for name in board.KEY if name in board.known(story, board.KEY)]
    heads = [say("report.varied.policy"), *(sentence(tables.label(story, name)) for name in names)]
    heads[1 + names.index(facts.NET)] += story.figures.over
    full = tails.risk(story, policies)
    loss = full.heads.index(say("report.risk.chance_loss"))
    for policy, row in zip(policies, full.rows, strict=True):
        cells = [tables.estimate(story, policy, name) for name in names]
        rows.append([Cell(story.heading(policy)), *cells, row[loss]])
    return Table("", [*heads, full.heads[loss]], rows)
