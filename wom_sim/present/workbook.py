"""A comparison as a workbook: verdict, figures, a ledger whose formulas add up, months, risk, assumptions, and the run.

Every number is that of a table of the result, whole; how many digits are seen is the cell's format. Formulas carry the
value that they come to, so that what shows a workbook without working it out shows the same.
"""

from __future__ import annotations

import io

from wom_sim.present import board_facts as board
from wom_sim.present import facts, tables
from wom_sim.present.brand import Brand
from wom_sim.present.next_steps import weakest
from wom_sim.present.provenance import printed
from wom_sim.present.result_folder import Findings
from wom_sim.present.story import Story, story_of
from wom_sim.present.workbook_sheets import Sheets, Value
from wom_sim.words import sentence

_ENDS = ("mean", "low", "high")


def workbook(found: Findings, lang: str = "en", brand: Brand = Brand()) -> bytes:  # noqa: B008  it cannot be changed
    """Return the workbook of a comparison as the content of an Excel file (.xlsx).

    Raises
    ------
    ValueError
        For a language that there is not.
    """
    story = story_of(found, lang)
    file = io.BytesIO()
    sheets = Sheets(file, story, brand)
    _answer(story, sheets)
    _figures(story, sheets)
    _ledger(story, sheets)
    _months(story, sheets)
    _risk(story, sheets)
    _indicators(story, sheets)
    _assumed(story, sheets)
    _about(story, sheets, brand)
    sheets.close()
    return file.getvalue()


def _answer(story: Story, sheets: Sheets) -> None:
    """Write the verdict, the ask and what is next, in words."""
    sheet = sheets.add("answer")
    said = [story.told.question, board.ask(story), *board.why(story), *story.verdict()]
    sheet.lines([text for text in said if text])
    sheet.head(story.words.say("deck.board.change.title"))
    sheet.lines(board.would_change(story))


def _figures(story: Story, sheets: Sheets) -> None:
    """Write the key figures of every policy, with intervals."""
    found = story.found
    sheet = sheets.add("figures")
    names = board.known(story, board.KEY)
    say = story.words.say
    heads = [say("report.varied.policy")]
    for name in names:
        label = sentence(tables.label(story, name)) + (story.figures.over if name == facts.NET else "")
        heads += [label, *(f"{label}: {story.words.within(say(f'chart.column.{end}'))}" for end in _ENDS[1:])]
    rows: list[list[Value]] = []
    for policy in [*board.by_value(story), *(p for p in found.policies if p == "keep")]:
        cells = [(getattr(found.estimate(policy, n), end), story.unit(n)) for n in names for end in _ENDS]
        rows.append([(story.heading(policy), ""), *cells])
    sheet.table(heads, rows)


def _ledger(story: Story, sheets: Sheets) -> None:
    """Write the ledger, its sum by formula, the net value as the runs have it, and how far they are apart."""
    found, say = story.found, story.words.say
    sheet = sheets.add("ledger")
    order = board.by_value(story) or found.policies
    lines = [n for n in facts.ledger_lines(found) if any(found.estimate(p, n).mean != 0.0 for p in order)]
    rows: list[list[Value]] = [
        [(sentence(tables.label(story, n)), ""), *((found.estimate(p, n).mean, "currency") for p in order)]
        for n in lines
    ]
    first = sheet.table([say("report.money.line"), *(story.heading(p) for p in order)], rows)
    sums = [sum(found.estimate(p, n).mean for n in lines) for p in order]
    net = [found.estimate(p, facts.NET).mean for p in order]
    last = max(first, first + len(rows) - 1)
    sheet.formulas(say("workbook.sum"), f"=SUM({{column}}{first}:{{column}}{last})", sums)
    sheet.values(say("workbook.net"), [(value, "currency") for value in net])
    check = f"=ROUND({{column}}{sheet.row - 1}-{{column}}{sheet.row},2)"
    sheet.formulas(say("workbook.apart"), check, [round(a - b, 2) + 0.0 for a, b in zip(sums, net, strict=True)])
    sheet.lines([say("report.money.note")])


def _months(story: Story, sheets: Sheets) -> None:
    """Write the cash of every month, and what has come in so far, by formula."""
    months, order = story.found.extra.get("months"), board.by_value(story)
    if months is None or months.empty or not order:
        return
    so_far = facts.cash_so_far(months, order)
    each = so_far.diff().iloc[1:]
    sheet = sheets.add("months")
    say = story.words.say
    heads = [say("deck.months.month"), *(story.heading(p) for p in order)]
    heads += [say("workbook.so_far", policy=story.heading(p)) for p in order]
    rows: list[list[Value]] = [
        [(int(month), "index"), *((float(cash[p]), "currency") for p in order)] for month, cash in each.iterrows()
    ]
    sheet.table(heads, rows, running=[so_far[p].iloc[1:].tolist() for p in order])
    sheet.lines([say("months.note")])


def _risk(story: Story, sheets: Sheets) -> None:
    """Write the spread over the runs and how often it goes wrong."""
    found, say = story.found, story.words.say
    order = board.by_value(story)
    if not order:
        return
    sheet = sheets.add("risk")
    heads = [say("report.risk.policy"), *(say(f"report.risk.{m}") for m in ("p05", "median", "p95"))]
    heads += [say("report.risk.chance_loss"), say("workbook.loss_low"), say("workbook.loss_high"), say("workbook.runs")]
    rows: list[list[Value]] = []
    for policy in order:
        e = found.estimate(policy, facts.NET)
        share, low, high, n = facts.chance_of_loss(found, policy)
        money = [(v, "currency") for v in (e.p05, e.median, e.p95)]
        chance = [(v, "share") for v in (share, low, high)]
        rows.append([(story.heading(policy), ""), *money, *chance, (n, "index")])
    sheet.table(heads, rows)
    sheet.lines(story.risk_text())


def _indicators(story: Story, sheets: Sheets) -> None:
    """Write every indicator of every policy, a row each, to be filtered and sorted."""
    found, say = story.found, story.words.say
    sheet = sheets.add("indicators")
    names = list(dict.fromkeys(found.summary["indicator"].astype(str)))
    heads = [say("report.indicators.indicator"), say("report.varied.policy"), say("report.indicators.unit")]
    heads += [say(f"chart.column.{end}") for end in _ENDS] + [say("report.risk.median"), say("workbook.runs")]
    rows: list[list[Value]] = []
    for name in names:
        unit = story.unit(name)
        for policy in found.policies:
            e = found.estimate(policy, name)
            told = [(sentence(tables.label(story, name)), ""), (story.heading(policy), "")]
            told.append((tables.unit_name(story, unit), ""))
            rows.append([*told, *((v, unit) for v in (e.mean, e.low, e.high, e.median)), (e.n, "index")])
    sheet.table(heads, rows, filtered=True)


def _assumed(story: Story, sheets: Sheets) -> None:
    """Write every assumption with the value used, its range, how well it is known, and its source and key."""
    say = story.words.say
    first = weakest(story)
    every = [*first, *(a for a in story.assumed if not a.plausible)]
    full = tables.assumed(story, every)
    heads = [*full.heads[:3], say("deck.board.assumed.known"), full.heads[4], say("workbook.key")]
    rows: list[list[Value]] = []
    for each, row in zip(every, full.rows, strict=True):
        told = [*(cell.text for cell in row[:3]), board.well_known(story, each.grade), row[4].text, each.key]
        rows.append([(text, "") for text in told])
    sheets.add("assumed").table(heads, rows, filtered=True)


def _about(story: Story, sheets: Sheets, brand: Brand) -> None:
    """Write from which run it is, what it has not, and whose it is."""
    sheet = sheets.add("about")
    day = [] if brand.date is None else [story.words.date(brand.date)]
    sheet.lines([printed(story), *brand.foot, *day, *map(str, story.told.sources)])
    sheet.lines(board.left_out(story))
