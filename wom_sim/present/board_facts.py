"""What a board is told: options by value, the figures of each, the ask and its reasons, in words of the catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from wom_sim.outcomes.materiality import NOTHING, VALUE
from wom_sim.present import facts, tables, tails
from wom_sim.present.next_steps import to_doubt, weakest
from wom_sim.present.story import FEW_FOR_TAILS, Story
from wom_sim.present.tables import Cell, Table
from wom_sim.scenario.grades import marks
from wom_sim.words import sentence

KEY = (facts.NET, "first_year_cash", facts.LOST, "national_coverage")
"""The figures of the answer, in their order; one that an older result has not is left out."""
EARNED = ("first_year_cash", facts.NET)
MOST_BARS = 6
"""Options of which one slide shows bars and figures; more take another."""
MOST_ASSUMED = 40
"""Assumptions of which slides are filled; the others are counted, and are in the report."""


def by_value(story: Story) -> list[str]:
    """Return the options from the best to the least, the recommended one first, so that it is never cut."""
    order = [p for p in facts.net_order(story.found) if p != "keep"]
    return sorted(order, key=lambda policy: policy != story.choice.chosen)


def about(story: Story) -> str | None:
    """Return the option whose figures stand with the answer: the recommended one, or the best where that is to keep."""
    return next(iter(by_value(story)), None)


def known(story: Story, names: Sequence[str]) -> list[str]:
    """Return those of some indicators that the result has."""
    there = set(story.found.summary["indicator"])
    return [name for name in names if name in there]


def key_facts(story: Story, policy: str) -> list[tuple[str, str]]:
    """Return (figure, what it is) of an option, as the tables tell it; whose it is, where another is recommended."""
    heads = {name: tables.label(story, name) for name in KEY}
    heads[facts.NET] += story.figures.over
    heads["national_coverage"] = story.words.say("deck.board.in_runs", what=heads["national_coverage"])
    if policy != story.choice.chosen:
        whose = story.heading(policy)
        heads = {name: story.words.say("deck.board.of_option", policy=whose, what=head) for name, head in heads.items()}
    return [(tables.estimate(story, policy, name).text, sentence(heads[name])) for name in known(story, KEY)]


def ask(story: Story) -> str:
    """Return what the board is asked to decide."""
    if facts.lead(story.found) is None:
        return story.words.say("report.lead.alone")
    if story.choice.chosen == "keep":
        return story.words.say("deck.board.ask_keep")
    if story.choice.by == NOTHING:
        pair = story.words.listed([story.policy(p) for p in story.choice.equals])
        return story.words.say("deck.board.ask_equal", pair=pair)
    return story.words.say("deck.board.ask", policy=story.policy(story.choice.chosen))


def why(story: Story) -> list[str]:
    """Return why: how often it did better than keeping everyone, equal alternatives, and what is beyond the known."""
    found, words, policy = story.found, story.words, about(story)
    if policy is None or facts.lead(found) is None:
        return []
    said = []
    if "keep" in found.policies:
        k, n = facts.chance_better(found, policy, "keep")
        key = "deck.board.always" if k == n else "deck.board.never" if k == 0 else "deck.board.often"
        values = {"policy": story.policy(policy), "k": words.number(k), "n": words.number(n)}
        said.append(sentence(words.say(key, **{v: values[v] for v in _asked(key, values)})))
    if story.choice.by != VALUE:
        said.append(story.preferred())
    rests = words.say("deck.board.rests", n=words.number(len(story.assumed)))
    return [text for text in (*said, rests) if text]


def _asked(key: str, values: dict[str, str]) -> list[str]:
    return [name for name in values if name != "k" or key == "deck.board.often"]


def earns_title(story: Story) -> str:
    """Return what the recommended option earns, in the first year and to the horizon; what it loses where it does."""
    policy = about(story)
    if policy is None:
        return story.words.say("report.lead.alone")
    means = {name: story.found.estimate(policy, name).mean for name in known(story, EARNED)}
    key = "title" if EARNED[0] in means else "title_value"
    if all(mean < 0.0 for mean in means.values()):
        key, means = f"{key}_loses", {name: -mean for name, mean in means.items()}
    told = {name: story.money(mean) for name, mean in means.items()}
    values = {"year": told.get(EARNED[0], ""), "value": told[facts.NET], "over": story.figures.over}
    return sentence(story.words.say(f"deck.board.earns.{key}", policy=story.policy(policy), **values))


def earned_table(story: Story, policies: Sequence[str]) -> Table:
    """Return first-year cash, month of payback and value to the horizon; the value alone in older results."""
    table = tables.months(story, policies)
    if table is None:
        heads = [story.words.say("report.varied.policy"), sentence(tables.label(story, facts.NET)) + story.figures.over]
        return Table("", heads, [[Cell(story.heading(p)), tables.estimate(story, p, facts.NET)] for p in policies])
    return table.only(range(4))


def earned_text(story: Story, policies: Sequence[str]) -> str:
    """Return what the bars show, in words."""
    table = earned_table(story, policies)
    rows = ["; ".join(f"{h}: {c.text}" for h, c in zip(table.heads[1:], row[1:], strict=True)) for row in table.rows]
    return " ".join(f"{row[0].text}. {text}." for row, text in zip(table.rows, rows, strict=True))


def risk_table(story: Story, policies: Sequence[str]) -> Table:
    """Return how bad it may get by option: the worst runs, a loss, national news, who leaves and who told them."""
    say, full = story.words.say, tails.risk(story, policies)
    worst = "worst5" if "risk" in story.found.extra else "p05"
    short = full.named([say(f"report.risk.{m}") for m in ("policy", worst, "chance_loss", "chance_national")])
    first = _first_told(story)
    heads = [*short.heads, sentence(tables.label(story, facts.LOST))]
    heads += [say("deck.board.risks.told")] if first else []
    rows = []
    for policy, row in zip(policies, short.rows, strict=True):
        cells = [*row, tables.estimate(story, policy, facts.LOST)]
        rows.append(cells + ([Cell(first.get(policy, say("deck.board.risks.nobody")))] if first else []))
    return Table("", heads, rows)


def _first_told(story: Story) -> dict[str, str]:
    """Return by option from whom most of the profitable customers who leave heard it first."""
    if not story.found.days_kept:
        return {}
    wide = facts.lost_by_channel(story.found)
    lost = [str(p) for p in wide if float(wide[p].sum()) > 0.0]
    return {p: sentence(story.words.name("channel", str(wide[p].idxmax()))) for p in lost}


def would_change(story: Story) -> list[str]:
    """Return what would change the verdict: where it turns, what decides it, what is to be doubted first."""
    say, found = story.words.say, story.found
    said = [story.change(keys=False)]
    if found.worlds:
        said += story.decides(brief=True)
    else:
        said += [*to_doubt(story), say("deck.board.change.one_world")]
    said.append(story.undecided())
    return [sentence(text) for text in said if text]


def next_title(story: Story) -> str:
    """Return the next step in a few words."""
    if facts.lead(story.found) is None:
        return story.words.say("deck.next.title")
    if story.choice.chosen == "keep":
        return story.words.say("deck.board.next_keep")
    return story.words.say("deck.board.next", policy=story.policy(story.choice.chosen))


def assumed_table(story: Story) -> Table:
    """Return the assumptions, those to doubt first: what it is, the value used, the plausible range, how well known."""
    every = [*weakest(story), *(each for each in story.assumed if not each.plausible)]
    first = every[:MOST_ASSUMED]
    full = tables.briefly(tables.assumed(story, first))
    rows = [[*row, Cell(well_known(story, each.grade))] for each, row in zip(first, full.rows, strict=True)]
    heads = [*full.heads, story.words.say("deck.board.assumed.known")]
    return Table("", heads, rows, len(heads), len(every) - len(first))


def well_known(story: Story, grade: str) -> str:
    """Return in words how well a number is known, by its grade; the best mark is for the fact, C for the size."""
    found = marks(grade)
    better = bool({"A", "A-", "B"} & set(found))
    key = "part" if better and len(found) > 1 else "seen" if better else "case" if "S" in found else ""
    return story.words.say(f"deck.board.known.{key or ('estimate' if 'C' in found else 'assumption')}")


def left_out(story: Story) -> list[str]:
    """Return what the deck has not, why, and which command would bring it: for who presents, not for a board."""
    found, say = story.found, story.words.say
    there = set(found.summary["indicator"])
    told = [
        ("worlds", not found.worlds), ("days", not found.days_kept), ("months", "first_year_cash" not in there),
        ("tail", "risk" not in found.extra), ("few", not found.worlds and found.runs < FEW_FOR_TAILS),
        ("break_even", "breakeven" not in found.extra), ("alone", facts.lead(found) is None),
    ]  # fmt: skip
    return [say(f"deck.left_out.{name}", n=story.words.number(found.runs)) for name, is_so in told if is_so]
