"""One name, one number, wherever a person meets it; parts add up to the whole beside them; signs mean one thing."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from artefacts import Cell, Grid
from daily import few
from small_town import Shown
from telling import Told, numbers_in, one, two

from wom_sim import charts
from wom_sim.outcomes.indicators import INDICATORS, PARTS_OF_LOST
from wom_sim.present import chart_data
from wom_sim.present.board_facts import by_value
from wom_sim.present.material import Material, MissingError
from wom_sim.present.result_folder import read
from wom_sim.present.sources import table_for
from wom_sim.present.story import Story
from wom_sim.words import Words, sentence
from wom_sim.words.figures import Figures
from wom_sim.world import trace as tr

WORDS = Words("en")
POLICIES = ("bulk letter", "case by case", "paid exit", "higher price")
KEY = ("net_value", "lost_profitable", "joins_lost", "reached")
UNITS = {indicator.name: indicator.unit for indicator in INDICATORS}


def label(indicator: str) -> str:
    return sentence(WORDS.name("indicator", indicator))


def summary(found: Shown) -> pd.DataFrame:
    """Return the summary: the table of the folder, or over worlds what is worked out of its runs."""
    return read(found.folder).summary.set_index(["policy", "indicator"])


def tells(told: Told, value: float, unit: str) -> bool:
    """Return whether a number is that of a value; people may be whole first (see the test of rounding below)."""
    return told.is_for(value) or (unit == "people" and told.is_for(round(value)))


def agrees(cell: Cell, row: pd.Series, unit: str) -> None:
    """Hold a cell against a row of the summary: its mean, and its interval where it shows one."""
    if unit != "chance":
        assert tells(one(cell.text), row["mean"], unit), (cell, row["mean"])
    if cell.below:
        told, ends = [each for each, _ in numbers_in(cell.below)], ends_told(row, unit)
        assert len(told) == len(ends), (cell, row)
        assert all(tells(each, end, unit) for each, end in zip(told, ends, strict=True)), (cell, row)


def ends_told(row: pd.Series, unit: str) -> list[float]:
    """Return what stands beside a mean: its ends, but an end that a bound cannot pass; where it has none, the runs."""
    if row["kind"] in ("none seen", "seldom"):
        return [row["n"]]
    limits = {"bound": (0.0, 1.0 if unit == "chance" else np.inf)}.get(row["kind"], (-np.inf, np.inf))
    return [end for end in (row["low"], row["high"]) if np.isfinite(end) and end not in limits]


def test_a_number_is_rounded_once():
    tell = Figures(WORDS, "USD")
    for value in np.arange(990.0, 9_999.0, 0.7):
        for unit in ("people", "currency", "calls"):
            assert one(tell.value(value, unit)).is_for(value), (value, unit)


def page_grid(found: Shown) -> Grid:
    return found.page.grid("Policy", label("net_value"), label("reached"))


# -- one number a name ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", few(["comparison", "worlds"]))
def test_key_figures_of_the_page(made, kind):
    found = made(kind)
    held = summary(found)
    for policy in POLICIES:
        for indicator in KEY:
            agrees(page_grid(found).cell(policy, label(indicator)), held.loc[(policy, indicator)], UNITS[indicator])


@pytest.mark.parametrize("kind", few(["comparison", "worlds"]))
def test_every_indicator_of_the_page(made, kind):
    found = made(kind)
    held, grid = summary(found), found.page.grid("Indicator", "Unit")
    names = list(dict.fromkeys(held.index.get_level_values("indicator")))
    assert len(grid.rows) == len(names)
    for indicator, row in zip(names, grid.rows, strict=True):
        assert row[0].text == label(indicator)
        for policy, cell in zip(("keep", *POLICIES), row[2:], strict=True):
            if re.search(r"\d", cell.text):
                agrees(cell, held.loc[(policy, indicator)], UNITS[indicator])


@pytest.mark.parametrize("kind", few(["comparison", "worlds"]))
def test_key_figures_of_the_deck(made, kind):
    found = made(kind)
    held, grid = summary(found), found.deck.seen.grid("Policy", label("net_value"))
    for row in grid.rows:
        for indicator in ("net_value", "lost_profitable"):
            cell = grid.cell(row[0].text, label(indicator))
            agrees(cell, held.loc[(row[0].text.lower().strip("“”"), indicator)], UNITS[indicator])


@pytest.mark.parametrize("kind", few(["comparison", "worlds"]))
def test_cards_of_the_board_are_those_of_the_recommended_policy(made, kind):
    found = made(kind)
    held, titles = summary(found), found.board.titles
    story = Story(read(found.folder), WORDS, [])
    policy = by_value(story)[0]
    told = [passage.text for passage in found.board.seen.passages if passage.place == "slide 1, text"]
    for indicator in ("net_value", "first_year_cash", "lost_profitable"):
        at = next(n for n, text in enumerate(told) if text.startswith(label(indicator)))
        assert tells(one(told[at - 1]), held.loc[(policy, indicator), "mean"], UNITS[indicator]), (indicator, told)
    assert titles[0].replace("\xa0", " ") == story.headline().replace("\xa0", " ")


@pytest.mark.parametrize("kind", few(["comparison", "worlds"]))
def test_tables_of_the_board_tell_the_summary(made, kind):
    found = made(kind)
    held = summary(found)
    earned = found.board.seen.grid("Policy", "First 12 months, in cash")
    heads = {"first_year_cash": "First 12 months, in cash", "net_value": earned.heads[-1]}
    parts = [grid for grid in found.board.seen.grids if "National news" in grid.heads]
    risks = parts[0]._replace(rows=[row for part in parts for row in part.rows])
    assert len(risks.rows) == len(POLICIES)
    for policy in POLICIES:
        for indicator, head in heads.items():
            agrees(earned.cell(policy, head), held.loc[(policy, indicator)], UNITS[indicator])
        agrees(risks.cell(policy, label("lost_profitable")), held.loc[(policy, "lost_profitable")], "people")


@pytest.mark.parametrize("kind", few(["comparison", "worlds"]))
def test_bars_of_the_board_tell_the_summary(made, kind):
    found = made(kind)
    held = summary(found)
    (chart,) = [each for each in found.board.charts if label("net_value") in each.series]
    scale = {"thousand": 1e3, "million": 1e6}[re.findall("thousand|million", chart.axis.lower())[0]]
    series = {"First 12 months, in cash": "first_year_cash", label("net_value"): "net_value"}
    assert set(chart.series) == set(series)
    for name, values in chart.series.items():
        for policy, value in zip(chart.categories, values, strict=True):
            mean = held.loc[(policy.lower(), series[name]), "mean"]
            assert value * scale == pytest.approx(mean, rel=0.026), (name, policy)


@pytest.mark.parametrize("kind", few(["comparison", "worlds"]))
def test_the_page_of_two_minutes_tells_the_summary(made, kind):
    found = made(kind)
    held = summary(found)
    grid = found.one_page.grid("Policy", label("lost_profitable"))
    for policy in POLICIES:
        for indicator, head in (("net_value", grid.heads[1]), ("lost_profitable", label("lost_profitable"))):
            assert head.startswith(label(indicator))
            agrees(grid.cell(policy, head), held.loc[(policy, indicator)], UNITS[indicator])


@pytest.mark.parametrize("kind", few(["comparison", "worlds"]))
def test_the_workbook_holds_the_summary_whole(made, kind):
    found = made(kind)
    held, book = summary(found), found.workbook
    figures = book.table("Key figures", "Policy")
    for policy in POLICIES:
        row = figures[sentence(policy)]
        assert row[label("lost_profitable")] == pytest.approx(held.loc[(policy, "lost_profitable"), "mean"])
        low = row[f"{label('lost_profitable')}: low end"]
        want = held.loc[(policy, "lost_profitable"), "low"]
        assert low == pytest.approx(want) if np.isfinite(want) else low is None
    rows = [row for row in book.told["All indicators"] if row[1] in set(map(sentence, ("keep", *POLICIES)))]
    assert len(rows) == len(held)
    by = {(str(row[1]).lower(), row[0]): row for row in rows}
    for (policy, indicator), row in held.iterrows():
        mean = by[(policy, label(indicator))][3] if label(indicator) != "Loss-makers who left as well" else None
        assert mean is None or mean == pytest.approx(row["mean"])


@pytest.mark.parametrize("kind", few(["comparison", "worlds"]))
def test_the_ledger_of_the_workbook_adds_up_by_its_formulas(made, kind):
    found = made(kind)
    held, rows, asked = summary(found), found.workbook.told["Ledger"], found.workbook.formulas["Ledger"]
    heads = next(row for row in rows if row[0] == "Line")
    at = next(n for n, row in enumerate(rows) if row[0] == "Sum of the lines")
    for column, head in enumerate(heads[1:], start=1):
        if head is None:
            continue
        letter = "ABCDEFGHIJ"[column]
        first, last = map(int, re.fullmatch(rf"=SUM\({letter}(\d+):{letter}(\d+)\)", asked[at][column]).groups())
        assert rows[first - 2][0] == "Line" and last == at
        added = sum(row[column] for row in rows[first - 1 : last])
        net = held.loc[(str(head).lower(), "net_value"), "mean"]
        assert added == pytest.approx(rows[at][column]) == pytest.approx(rows[at + 1][column]) == pytest.approx(net)
        assert asked[at + 2][column] == f"=ROUND({letter}{at + 1}-{letter}{at + 2},2)" and rows[at + 2][column] == 0.0


def test_the_months_of_the_workbook_add_up(comparison):
    months = pd.read_csv(comparison.folder / "months.csv").dropna(subset=["month"])
    rows = comparison.workbook.told["Month by month"]
    heads = next(row for row in rows if row[0] == "Months from the start")
    body = [row for row in rows if isinstance(row[0], int)]
    for policy in POLICIES:
        each, so_far = heads.index(sentence(policy)), heads.index(f"{sentence(policy)}: so far")
        cash = months[months["policy"] == policy].groupby("month")["cash"].sum()
        assert sum(row[each] for row in body) == pytest.approx(cash.sum()) == pytest.approx(body[-1][so_far])


def test_tables_beside_charts_tell_what_is_drawn(comparison):
    folder, shown = Material(comparison.folder), [g for g in comparison.page.grids if g.place == "report, data"]
    seen = 0
    for name, columns in chart_data.COLUMNS.items():
        if name in charts._APART:
            continue
        try:
            shaped = chart_data.SHAPED.get(name, lambda whole: whole)(table_for(name, folder))
            table = chart_data.thinned(shaped, chart_data.MOST_ROWS)
        except MissingError:
            continue
        kept = [column for column in columns if column in table]
        heads = [WORDS.say(f"chart.column.{column}") for column in kept]
        grids = [g for g in shown if g.heads == heads and len(g.rows) == len(table)]
        assert any(told_as_drawn(grid, table, kept, columns) for grid in grids), name
        seen += 1
    assert seen == len(shown) >= 7


def told_as_drawn(grid: Grid, table: pd.DataFrame, kept: list[str], columns: dict[str, str]) -> bool:
    """Return whether every number of a grid is that of its row and column."""
    for row, cells in zip(table.to_dict("records"), grid.rows, strict=True):
        for column, cell in zip(kept, cells, strict=True):
            unit = str(row["unit"]) if columns[column] == "unit" else columns[column]
            if not unit or (isinstance(row[column], float) and not np.isfinite(row[column])):
                continue
            if not tells(one(cell.text), float(row[column]) + (unit == "index"), unit):
                return False
    return True


def test_key_figures_of_the_terminal(comparison):
    held, grid = summary(comparison), comparison.terminal.grid("policy", "net value", "people reached")
    for policy in POLICIES:
        for indicator in KEY:
            row, cell = held.loc[(policy, indicator)], grid.cell(policy, WORDS.name("indicator", indicator))
            unit = UNITS[indicator]
            assert tells(one(cell.text), row["mean"], unit), (policy, indicator, cell)
            if cell.below:
                ends = zip(two(cell.below), (row["p05"], row["p95"]), strict=True)
                assert all(tells(told, end, unit) for told, end in ends), cell


def test_charts_tell_the_tables(comparison):
    held, charts = summary(comparison), comparison.charts
    for row in charts["differences"].table.itertuples():
        mine = held.loc[(row.policy, row.indicator)]
        held_ends = (mine["mean"], mine["low"], mine["high"])
        assert (row.mean, row.low, row.high) == pytest.approx(held_ends, nan_ok=True)
    for row in charts["ledger"].table.itertuples():
        assert row.mean == pytest.approx(held.loc[(row.policy, row.line), "mean"])
    for chart, indicator in (("reached", "reached"), ("departures", "lost_profitable")):
        table = charts[chart].table
        last = table.sort_values("day").groupby("policy")["mean"].last()
        for policy in POLICIES:
            assert last[policy] == pytest.approx(held.loc[(policy, indicator), "mean"]), (chart, policy)


def test_bars_of_the_deck_tell_the_tables(comparison):
    held, lines = summary(comparison), {label(name): name for name in tr.LEDGER_NAMES}
    shown = 0
    for chart in comparison.deck.charts:
        scale = {"thousand": 1e3, "million": 1e6}.get(next(iter(re.findall("thousand|million", chart.axis)), ""), 1.0)
        for name, values in chart.series.items():
            indicator = "net_value" if name.startswith(label("net_value")) else lines.get(name)
            if indicator is None:
                continue
            for policy, value in zip(chart.categories, values, strict=True):
                mean = held.loc[(policy.lower().strip("“”"), indicator), "mean"]
                assert value * scale == pytest.approx(mean, rel=0.026), (name, policy)  # a decimal of millions
                shown += 1
    assert shown > 20


@pytest.mark.parametrize("kind", few(["comparison", "worlds"]))
def test_the_lead_is_one_number(made, kind):
    """Heading of the page, title of the deck and verdict of the terminal tell the same lead."""
    found = made(kind)
    heading = next(p.text for p in found.page.passages if p.place == "report, head, h1")
    prose = next(p.text for p in found.terminal.passages if p.place == "terminal, prose")
    gap, told = one(heading), read(found.folder)
    means = summary(found)["mean"].xs("net_value", level="indicator").sort_values(ascending=False)
    assert gap.is_for(means.iloc[0] - means.iloc[1])
    assert heading.replace("\xa0", " ") in [title.replace("\xa0", " ") for title in found.deck.titles]
    assert gap.value in {each.value for each, _ in numbers_in(prose)}
    assert told.gap(str(means.index[0]), str(means.index[1]), "net_value").mean == pytest.approx(
        means.iloc[0] - means.iloc[1]
    )


@pytest.mark.science
def test_a_mean_over_worlds_has_one_interval(worlds):
    table = pd.read_csv(worlds.folder / "verdicts.csv").set_index("policy")
    for policy in POLICIES:
        cell = page_grid(worlds).cell(policy, label("net_value"))
        low, high = two(cell.below)
        assert low.is_for(table.loc[policy, "low"]), (policy, cell)
        assert high.is_for(table.loc[policy, "high"]), (policy, cell)


@pytest.mark.science
def test_a_chance_of_loss_over_worlds_has_one_interval(worlds):
    table = pd.read_csv(worlds.folder / "verdicts.csv").set_index("policy")
    grid = worlds.page.grid("Policy", "Worse than keeping everyone")
    for policy in POLICIES:
        chance, *ends = table.loc[policy, ["chance_loss", "chance_loss_low", "chance_loss_high"]].tolist()
        if chance in (0.0, 1.0):  # one end is where a chance ends, and is not told
            ends.remove(chance)
        told = [each for each, _ in numbers_in(grid.cell(policy, "Worse than keeping everyone").below)]
        assert len(told) == len(ends), policy
        assert all(each.is_for(end) for each, end in zip(told, ends, strict=True)), (policy, told, ends)


@pytest.mark.science
def test_as_many_numbers_are_drawn_on_the_page_as_in_the_terminal(worlds):
    pattern = r"rests on (\d+) numbers that nobody has measured"
    told = [re.findall(pattern, seen.all()) for seen in (worlds.page, worlds.deck.seen, worlds.terminal)]
    assert all(told)
    assert len({number for numbers in told for number in numbers}) == 1


def test_the_main_reason_has_one_share(comparison):
    (title,) = (title for title in comparison.deck.titles if "of the profitable customers whom" in title)
    share = next(told for told, _ in numbers_in(title))
    prose = next(p.text for p in comparison.terminal.passages if p.place == "terminal, prose")
    (said,) = re.findall(r"(\d+ %) of the profitable customers whom", prose)
    assert one(said).value == pytest.approx(share.value, abs=0.0051)


# -- parts and wholes ----------------------------------------------------------------------------------------


@pytest.mark.science
def test_the_ledger_adds_up(comparison, worlds):
    for found in (comparison, worlds):
        means = summary(found)["mean"]
        for policy in POLICIES:
            total = sum(means[policy, line] for line in tr.LEDGER_NAMES)
            assert total == pytest.approx(means[policy, "net_value"], abs=0.01)


def test_the_ledger_on_the_page_adds_up_to_the_net_value_below_it(comparison):
    grid = comparison.page.grid("Line", "Bulk letter")
    for column in range(1, len(grid.heads)):
        told = [one(row[column].text) for row in grid.rows]
        slack = sum(each.half for each in told)
        assert abs(sum(each.value for each in told[:-1]) - told[-1].value) <= slack, grid.heads[column]


def test_the_ledger_chart_adds_up(comparison):
    table = comparison.charts["ledger"].table
    means = summary(comparison)["mean"]
    for policy, total in table.groupby("policy")["mean"].sum().items():
        assert total == pytest.approx(means[policy, "net_value"], abs=0.01)


@pytest.mark.parametrize("head", ["Cause", "First told by"])
def test_the_lost_add_up_to_the_indicator(comparison, head):
    grid, means = comparison.page.grid(head, "Bulk letter"), summary(comparison)["mean"]
    for column, policy in enumerate(POLICIES, 1):
        told = [one(row[column].text) for row in grid.rows]
        assert told[-1].is_for(means[policy, "lost_profitable"]), policy
        assert abs(sum(t.value for t in told[:-1]) - told[-1].value) <= sum(t.half for t in told), policy


PARTS = {name: sentence(WORDS.say(f"report.reason.{name}")) for name in PARTS_OF_LOST}


def test_causes_are_the_indicators_of_the_same_name(comparison):
    grid, means = comparison.page.grid("Cause", "Bulk letter"), summary(comparison)["mean"]
    rows = {row[0].text for row in grid.rows}
    for indicator, name in PARTS.items():
        for policy in POLICIES if name in rows else ():
            assert one(grid.cell(name, policy).text).is_for(means[policy, indicator]), (indicator, policy)


def test_no_part_is_larger_than_the_whole(comparison):
    means = summary(comparison)["mean"]
    for policy in POLICIES:
        parts, whole = [means[policy, name] for name in PARTS], means[policy, "lost_profitable"]
        assert sum(parts) == pytest.approx(whole), policy
        assert all(0.0 <= part <= whole + 1e-9 for part in parts), policy
        assert whole - means[policy, "kept_profitable"] == pytest.approx(means[policy, "extra_profitable"]), policy


def test_shares_of_where_it_comes_from_add_up(comparison):
    table = pd.read_csv(comparison.folder / "attribution.csv")
    sums = table.groupby(["policy", "effect", "dimension"])["share"].sum(min_count=1).dropna()
    assert sums.to_numpy() == pytest.approx(np.ones(len(sums)))


def test_the_ledger_by_segment_and_month_adds_up_to_the_lines(comparison):
    table, means = pd.read_csv(comparison.folder / "ledger.csv"), summary(comparison)["mean"]
    sums = table.groupby(["policy", "line"])["mean"].sum()
    for (policy, line), total in sums.items():
        assert total == pytest.approx(means[policy, line], abs=0.01)
    assert set(sums.index.get_level_values("line")) >= {"losses_avoided", "joins", "calls_told"}


# -- whom the policy makes leave -----------------------------------------------------------------------------


def events(found: Shown) -> pd.DataFrame:
    return pd.read_parquet(found.folder / "events.parquet")


def test_everyone_whom_a_policy_makes_leave_is_counted(comparison):
    found, means = events(comparison), summary(comparison)["mean"]
    runs = read(comparison.folder).runs
    fates = found[found["event"].isin(["left", "stayed"])]
    found = fates[~fates.duplicated(["policy", "replication", "person"], keep=False)]  # two: only on another day
    named = {"lost_profitable": ("left", "because"), "kept_profitable": ("stayed", "prevented")}
    for indicator, (event, label_of) in named.items():
        rows = found[(found["event"] == event) & (found["label"] == label_of) & found["profitable"]]
        for policy in POLICIES:
            number = int((rows["policy"] == policy).sum())
            assert means[policy, indicator] * runs == pytest.approx(number), (policy, indicator)


def test_a_policy_that_drives_profitable_customers_out_is_not_told_to_lose_none(comparison):
    prose = next(p.text for p in comparison.terminal.passages if p.place == "terminal, prose")
    found = events(comparison)
    driven = found[(found["event"] == "left") & (found["label"] == "because") & found["profitable"]]
    assert (driven["policy"] == "higher price").sum() > 10
    assert "loses no profitable customers" not in prose


# -- signs ---------------------------------------------------------------------------------------------------


def column_of(grid: Grid, words: str) -> list[Told]:
    """Return the numbers of the columns whose heads hold some words."""
    columns = [k for k, head in enumerate(grid.heads) if words in " ".join(head.lower().split())]
    return [told for row in grid.rows for k in columns for part in row[k] for told, _ in numbers_in(part)]


def risks(found: Shown) -> dict[str, float]:
    """Return the mean net value of the worst 5 % of runs of each policy."""
    table = pd.read_csv(found.folder / "risk.csv")
    mine = table[(table["indicator"] == "net_value") & (table["measure"] == "worst5")]
    return dict(zip(mine["policy"], mine["value"], strict=True))


@pytest.mark.parametrize("place", ["page", "deck", "terminal"])
def test_the_worst_runs_are_told_with_the_sign_they_have(comparison, place):
    """A gain in the worst 5 % of runs is told as a gain, and nothing is told as a shortfall, which hides the sign."""
    seen = {"page": comparison.page, "deck": comparison.deck.seen, "terminal": comparison.terminal}[place]
    worst, checked = risks(comparison), set()
    assert all(worst[policy] > 0.0 for policy in POLICIES), "gains, which were once printed as losses"
    for grid in seen.grids:
        assert not any("shortfall" in head.lower() or "value at risk" in head.lower() for head in grid.heads)
        if not any("worst 5 %" in " ".join(head.lower().split()) for head in grid.heads):
            continue
        for row in grid.rows:
            policy = row[0].text.lower().strip("“”")
            if policy in worst and policy != "keep":
                told = column_of(grid._replace(rows=[row]), "worst 5 %")
                assert told
                assert np.sign(told[0].value) == np.sign(worst[policy]), (grid.place, policy, told)
                checked.add(policy)
    assert checked == set(POLICIES)


def test_a_cost_is_no_gain(comparison):
    means = summary(comparison)["mean"]
    assert all(means[policy, "reputational_cost"] >= 0.0 for policy in POLICIES)


HARMS = (
    "joins", "calls_told", "calls_hearers", "given", "handling", "programme", "response", "authority", "insight_lost",
    *tr.PROFIT_LOST,
)  # fmt: skip


def test_harm_is_negative_on_the_ledger(comparison):
    """An amount is positive where it is good for the firm."""
    means = summary(comparison)["mean"]
    for line in HARMS:
        assert all(means[policy, line] <= 0.0 for policy in POLICIES), line
    assert all(means[policy, "profit_kept"] >= 0.0 for policy in POLICIES)


# -- the picture of who leaves, by value -----------------------------------------------------------------------


def test_the_picture_of_value_holds_the_lines_of_the_ledger(comparison):
    """Classes and who only leaves on another day add up to all that leaving brings but what the firm means to save."""
    table, means = table_for("value", Material(comparison.folder)), summary(comparison)["mean"]
    for policy in POLICIES:
        mine = table[table["policy"] == policy]
        lines = sum(means[policy, line] for line in (*tr.PROFIT_LOST, "profit_kept", "others_left"))
        assert mine["money"].sum() + mine["moved"].iloc[0] == pytest.approx(lines, rel=1e-6, abs=0.02), policy


def test_the_picture_of_value_counts_whom_the_page_counts(comparison):
    table, means = table_for("value", Material(comparison.folder)), summary(comparison)["mean"]
    for policy in POLICIES:
        mine = table[(table["policy"] == policy) & (table["value_from"] >= 0.0)]
        assert mine["people"].sum() == pytest.approx(means[policy, "extra_profitable"], abs=1e-9), policy


# -- a study -------------------------------------------------------------------------------------------------


@pytest.mark.science
def test_the_swings_of_the_page_are_those_of_the_analysis(study):
    table = pd.read_csv(study.folder / "analysis" / "effects.csv")
    table = table[table["output"] == "net_value"].set_index(["factor", "policy"])
    grid = study.page.grid("What was varied", "Bulk letter")
    factors = table["swing"].groupby(level="factor").max().sort_values(ascending=False).index
    for factor, row in zip(factors, grid.rows, strict=True):
        assert row[0].below == factor
        for policy, cell in zip(("bulk letter", "paid exit"), row[1:], strict=True):
            held = table.loc[(factor, policy)]
            assert one(cell.text).is_for(held["swing"])
            assert (cell.below == WORDS.say("report.study.not_used")) == (not held["used"])
            if held["used"]:
                assert all(e.is_for(v) for e, v in zip(two(cell.below), (held["low"], held["high"]), strict=True))


@pytest.mark.science
@pytest.mark.parametrize("of", ["page", "deck"])
def test_the_range_of_outputs_is_that_of_the_points(study, of):
    table = pd.read_csv(study.folder / "analysis" / "points.csv")
    seen = study.page if of == "page" else study.deck.seen
    grid = seen.grid("Policy", label("net_value"), label("lost_profitable"))
    for policy in ("bulk letter", "paid exit"):
        for output in ("net_value", "lost_profitable", "national_coverage"):
            mine = (table["policy"] == policy) & (table["against"] == "keep") & (table["output"] == output)
            means = table[mine]["mean"]
            low, high = two(grid.cell(policy, label(output)).text)
            assert low.is_for(means.min()) and high.is_for(means.max()), (policy, output)


@pytest.mark.science
def test_points_are_means_of_the_table(study):
    runs, points = (pd.read_csv(study.folder / name) for name in ("table.csv", "analysis/points.csv"))
    for output in ("net_value", "lost_profitable"):
        means = runs.groupby(["point", "policy"])[output].mean()
        for row in points[points["output"] == output].itertuples():
            against = means.get((row.point, row.against), 0.0)
            assert row.mean == pytest.approx(means[row.point, row.policy] - against)


@pytest.mark.science
def test_titles_and_pictures_of_a_study_tell_one_swing(study):
    """The page's heading, the slide of the tornado and its table."""
    heading = next(p.text for p in study.page.passages if p.place == "report, head, h1")
    low, high = two(heading)
    table = study.charts["tornado"].table
    ends = [(row.value_if_low, row.value_if_high) for row in table.itertuples()]
    assert any(low.is_for(one_end) and high.is_for(other) for one_end, other in ends)
    titles = [title.replace("\xa0", " ") for title in study.deck.titles]
    assert heading.replace("\xa0", " ") in titles
