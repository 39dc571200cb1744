"""The base a second way: every figure from single customers in plain Python, and its first year from the ledger."""

from __future__ import annotations

import math

import numpy as np
import pytest
from bases import BANK, MIXED, SOFTWARE, customers_of

from wom_sim.scenario import load_scenario
from wom_sim.simulation import build_world
from wom_sim.simulation.base import base_table
from wom_sim.simulation.base_names import BASE, BY_BOOKS, BY_CONTRIBUTION, CHOICE, COLUMNS
from wom_sim.study.compare import compare

CLOSE = 1e-6
NOTHING_SETTLES = "money.settling.calls={chronic_share=1.0,chronic_fades=0.0,passing_fades=0.0}"
SETTLES = "money.settling.calls={chronic_share=0.4,chronic_fades=0.02,passing_fades=0.18}"


def scenario(tmp_path, text: str, *sets: str):
    file = tmp_path / "base.toml"
    file.write_text(text)
    return load_scenario(file, list(sets))


def figures(table, section: str, group: str = "", column: str = "built") -> dict[str, float]:
    rows = table[(table["section"] == section) & (table["group"] == group)]
    assert rows["name"].is_unique
    return dict(zip(rows["name"], rows[column], strict=True))


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    return scenario(tmp_path_factory.mktemp("mixed"), MIXED)


@pytest.fixture(scope="module")
def table(mixed):
    return base_table(mixed)


@pytest.fixture(scope="module")
def people(mixed):
    return customers_of(mixed)


def by_hand(group, money) -> dict[str, float]:
    """Return the figures of some customers, one by one."""
    n = len(group)

    def mean(of):
        return sum(of(c) for c in group) / n

    def year(of):
        return 12.0 * sum(of(c) for c in group)

    heavy = [c for c in group if c.calls >= 10.0]
    return {
        "customers": n, "revenue": mean(lambda c: c.revenue), "calls": mean(lambda c: c.calls),
        "churn": mean(lambda c: c.churn), "in_contract": mean(lambda c: c.contract > 0),
        "profitable_by_contribution": mean(lambda c: c.contribution > money.profitable_above),
        "profitable_by_books": mean(lambda c: c.booked > money.profitable_above),
        "credit_seekers": sum(c.seeks for c in heavy) / len(heavy) if heavy else math.nan,
        "without_revenue": sum(c.revenue < 1e-4 for c in group),
        "revenue_year": year(lambda c: c.revenue), "call_income": year(lambda c: c.calls * money.income_per_call),
        "account_cost_avoidable": year(lambda c: c.segment.account_cost * c.segment.account_avoidable),
        "account_cost_allocated": year(lambda c: c.segment.account_cost * (1 - c.segment.account_avoidable)),
        "variable_cost_avoidable": year(lambda c: c.revenue * c.segment.variable_cost * c.segment.variable_avoidable),
        "variable_cost_allocated": year(
            lambda c: c.revenue * c.segment.variable_cost * (1 - c.segment.variable_avoidable)
        ),
        "call_cost_avoidable": year(lambda c: c.calls * money.cost_per_call * money.contact_avoidable),
        "call_cost_allocated": year(lambda c: c.calls * money.cost_per_call * (1 - money.contact_avoidable)),
        "credits": year(lambda c: c.credits), "contribution_year": year(lambda c: c.contribution),
        "booked_profit_year": year(lambda c: c.booked),
        "loss_by_contribution_year": year(lambda c: max(0.0, -c.contribution)),
        "loss_by_books_year": year(lambda c: max(0.0, -c.booked)),
    }  # fmt: skip


def same(found: dict[str, float], expected: dict[str, float]) -> None:
    assert set(found) == set(expected)
    assert found == pytest.approx(expected, rel=CLOSE, abs=1e-2, nan_ok=True)


def test_columns(table):
    assert tuple(table.columns) == COLUMNS
    assert COLUMNS[:6] == ("section", "name", "group", "unit", "built", "stated")
    assert not table.duplicated(["section", "name", "group"]).any()


def test_every_figure_of_all_customers_and_of_each_segment(table, people, mixed):
    same(figures(table, BASE), by_hand(people, mixed.money))
    for segment in mixed.population.segments:
        group = [c for c in people if c.segment.name == segment.name]
        same(figures(table, BASE, segment.name), by_hand(group, mixed.money))


def test_segments_add_up_to_the_whole_as_built_and_as_stated(table, mixed):
    sums = (
        "customers", "without_revenue", "revenue_year", "call_income", "credits", "contribution_year",
        "booked_profit_year", "account_cost_avoidable", "variable_cost_allocated", "call_cost_avoidable",
    )  # fmt: skip
    for column in ("built", "stated"):
        whole = figures(table, BASE, "", column)
        parts = [figures(table, BASE, s.name, column) for s in mixed.population.segments]
        for name in sums:
            assert sum(part[name] for part in parts) == pytest.approx(whole[name], rel=1e-9), (column, name)


def test_what_was_built_is_set_against_what_is_stated(table):
    built, stated, off = (figures(table, BASE, "plain", column) for column in ("built", "stated", "share_off"))
    assert off["revenue"] == pytest.approx(built["revenue"] / 30.0 - 1.0)
    assert math.isnan(off["profitable_by_books"])
    assert math.isnan(off["without_revenue"])  # none is stated, so no share of it can be more
    losing = [name for name in stated if stated[name] < 0.0]
    assert all((off[name] > 0.0) == (built[name] > stated[name]) for name in losing)


def test_costs_and_profit_add_up(table):
    for column in ("built", "stated"):
        of = figures(table, BASE, "", column)
        spared = of["revenue_year"] + of["call_income"] - of["credits"]
        spared -= sum(of[f"{kind}_cost_avoidable"] for kind in ("account", "variable", "call"))
        stays = sum(of[f"{kind}_cost_allocated"] for kind in ("account", "variable", "call"))
        assert of["contribution_year"] == pytest.approx(spared)
        assert of["booked_profit_year"] == pytest.approx(spared - stays)


def test_what_is_stated_is_what_the_file_says(table, mixed):
    stated = figures(table, BASE, "plain", "stated")
    assert stated["customers"] == pytest.approx(2100)
    assert (stated["revenue"], stated["calls"], stated["churn"]) == pytest.approx((30.0, 1.2, 0.02))
    assert figures(table, BASE, "bound", "stated")["in_contract"] == pytest.approx(0.6)
    assert figures(table, BASE, "free", "stated")["without_revenue"] == pytest.approx(300)
    assert figures(table, BASE, "", "stated")["revenue"] == pytest.approx(0.7 * 30.0 + 0.2 * 12.0)
    draws = np.random.default_rng(7).lognormal(math.log(1.2) - 0.5 * 1.4**2, 1.4, 4_000_000)
    credited = 0.5 * float(np.where(draws >= 10.0, draws, 0.0).mean())
    assert stated["credits"] == pytest.approx(12 * 2100 * 2.5 * credited, rel=0.01)


@pytest.mark.parametrize(("section", "profit"), [(BY_BOOKS, "booked"), (BY_CONTRIBUTION, "contribution")])
def test_tenths_are_those_of_a_sorted_list_and_add_up(table, people, section, profit):
    ordered = sorted((getattr(c, profit) for c in people), reverse=True)
    total = sum(ordered)
    found = [figures(table, section, str(k)) for k in range(1, 11)]
    for k, tenth in enumerate(found):
        by_hand = 12.0 * sum(ordered[300 * k : 300 * (k + 1)])
        assert tenth["profit_year"] == pytest.approx(by_hand, rel=CLOSE, abs=0.05)
        if total > 0.0:
            assert tenth["share_of_profit"] == pytest.approx(by_hand / (12.0 * total), rel=1e-5, abs=1e-6)
    of = figures(table, BASE)
    whole = of["booked_profit_year" if profit == "booked" else "contribution_year"]
    assert sum(tenth["profit_year"] for tenth in found) == pytest.approx(whole, rel=CLOSE, abs=0.05)


def chosen_by_hand(group, whole: int) -> dict[str, float]:
    n = len(group)
    losers, winners = ([c for c in group if c.profitable == good] for good in (False, True))
    spared, forgone = -sum(c.year(False) for c in losers), sum(c.year(False) for c in winners)
    return {
        "qualify": whole, "chosen": n, "revenue_each": sum(c.revenue for c in group) / n,
        "calls_each": sum(c.calls for c in group) / n, "booked_profit_each": sum(c.booked for c in group) / n,
        "contribution_each": sum(c.contribution for c in group) / n,
        "booked_profit_total": sum(c.booked for c in group),
        "contribution_total": sum(c.contribution for c in group),
        "profitable": len(winners) / n, "in_contract": sum(c.contract > 0 for c in group) / n,
        "settles": sum(1.0 - c.special(12) for c in group) / n,
        "busiest_calls": max(
            c.calls * (c.said.money.cost_per_call - c.said.money.income_per_call) + c.credits for c in group
        ),
        "losses_spared_year": spared, "profit_forgone_year": forgone, "saving_year": spared - forgone,
        "saving_settled_year": -sum(c.year(True) for c in group),
    }  # fmt: skip


def without(figures: dict[str, float], *names: str) -> dict[str, float]:
    return {name: value for name, value in figures.items() if name not in names}


def test_every_figure_of_the_worst_by_the_books(table, people):
    worst = sorted(people, key=lambda c: (c.booked, c.number))[:150]
    same(without(figures(table, CHOICE, "letter"), "by_mistake"), chosen_by_hand(worst, 3000))
    assert figures(table, CHOICE, "letter", "stated")["chosen"] == 150
    assert figures(table, CHOICE, "letter")["saving_settled_year"] < figures(table, CHOICE, "letter")["saving_year"]


def test_fewer_are_chosen_than_were_asked_for_where_fewer_qualify(table, people):
    busy = [c for c in people if c.calls >= 20.0]
    assert 0 < len(busy) < 900
    # by choose's own observed_months, which is the default in this policy's choice; what settles is the scenario's
    found = figures(table, CHOICE, "few")
    same(without(found, "by_mistake"), chosen_by_hand(busy, len(busy)))
    assert figures(table, CHOICE, "few", "stated")["chosen"] == 900


def test_everyone_is_chosen_where_a_policy_is_for_all_and_no_year_without_is_told(table, people):
    found, year = figures(table, CHOICE, "all"), [n for n in chosen_by_hand(people[:2], 2) if n.endswith("_year")]
    same(without(found, "by_mistake"), without(chosen_by_hand(people, 3000), *year))


def test_mistakes_are_profitable_customers_in_the_place_of_others(table, people):
    found, stated = figures(table, CHOICE, "wrong"), figures(table, CHOICE, "wrong", "stated")
    assert (found["chosen"], found["qualify"], stated["by_mistake"]) == (100, 2700, pytest.approx(30.0))
    assert 10 < found["by_mistake"] < 50
    assert found["profitable"] == pytest.approx(found["by_mistake"] / 100)


def test_nobody_qualifies(table):
    found = figures(table, CHOICE, "nobody")
    assert (found["qualify"], found["chosen"], found["saving_year"]) == (0, 0, 0)
    assert math.isnan(found["contribution_each"])


def test_the_world_that_stands_gives_the_same_table(table, mixed):
    assert base_table(mixed, build_world(mixed)).equals(table)


def test_figures_are_told_at_full_size_where_a_person_stands_for_several(tmp_path):
    one, five = (
        base_table(scenario(tmp_path, MIXED.replace("limit = 150", f"limit = {150 * k}").replace("3_000", f"{3000 * k}")
                            .replace("300\n", f"{300 * k}\n", 1), f"run.represents={k}"))
        for k in (1, 5)
    )  # fmt: skip
    keys = ["section", "name", "group", "unit"]
    both = one.merge(five, on=keys, suffixes=("", "_five"))
    both = both[~((both["section"] == CHOICE) & both["group"].isin(["few", "wrong"]))]
    counted = both["unit"].isin(["people", "currency a year"]) | both["name"].str.endswith("_total")
    ratio = (both["built_five"] / both["built"]).where(both["built"] != 0.0)
    assert ratio[counted].dropna().to_numpy() == pytest.approx(5.0)
    assert ratio[~counted].dropna().to_numpy() == pytest.approx(1.0)


def test_nobody_at_all(tmp_path):
    found = base_table(scenario(tmp_path, MIXED.replace("limit = 150", "limit = 0").replace("limit = 900", "limit = 0")
                                .replace("limit = 100,", "limit = 0,"), "population.customers=0"))  # fmt: skip
    assert figures(found, BASE)["customers"] == 0
    assert figures(found, CHOICE, "letter")["chosen"] == 0
    assert figures(found, BY_BOOKS, "1")["profit_year"] == 0


def test_built_revenue_is_what_the_file_states_whatever_the_variable_cost(tmp_path):
    """Customers used to pay as if the variable cost came on top of what the file states."""
    for share in (0.0, 0.5):
        said = scenario(
            tmp_path, MIXED.replace("revenue_spread = 0.8", "revenue_spread = 0.0"),
            f"population.segments.plain.variable_cost={share}",
        )  # fmt: skip
        assert figures(base_table(said), BASE, "plain")["revenue"] == pytest.approx(30.0, rel=1e-5)


# -- the ledger ----------------------------------------------------------------------------------------------------


def ledger_of(said) -> dict[str, float]:
    rows = compare(said).ledger
    rows = rows[rows["policy"] == "let go"]
    return rows.groupby("line")["mean"].sum().to_dict()


@pytest.mark.science
@pytest.mark.parametrize("text", [BANK.format(customers=40_000), SOFTWARE], ids=["bank", "software"])
def test_the_first_year_saving_is_that_of_the_ledger(tmp_path, text):
    """The same definition twice: an expectation in closed form, and what came of it in runs of a year."""
    sets = ("money.horizon_months=12", "money.contact_avoidable=0.8", "money.contact_lag_months=2")
    said = scenario(tmp_path, text, *sets, NOTHING_SETTLES)
    found, ledger = figures(base_table(said), CHOICE, "let go"), ledger_of(said)
    assert found["losses_spared_year"] == pytest.approx(ledger["losses_avoided"], rel=0.01)


@pytest.mark.science
def test_the_saving_as_they_settle_is_that_of_the_ledger(tmp_path):
    sets = ("money.horizon_months=12", "run.replications=40", "choose.error_rate=0")
    said = scenario(tmp_path, BANK.format(customers=40_000), *sets, SETTLES)
    found, ledger = figures(base_table(said), CHOICE, "let go"), ledger_of(said)
    net = ledger["losses_avoided"] + ledger.get("profit_lost_firm", 0.0)
    assert found["saving_settled_year"] == pytest.approx(net, rel=0.01)
    assert found["saving_settled_year"] < 0.9 * found["saving_year"]


@pytest.mark.science
def test_the_yearly_loss_as_typed_is_that_of_the_base_and_of_the_ledger(tmp_path):
    """150 accounts that bring 900, cost 250 and call 31 times at 45 lose 1.34 million a year, and no more."""
    plain = [f"population.segments.heavy.{name}=0" for name in ("revenue_spread", "calls_spread", "churn")]
    plain += [
        "population.segments.heavy.account_avoidable=1",
        "money.contact_avoidable=1",
        "money.contact_lag_months=0",
    ]
    sets = (*plain, "money.discount=0", "money.credit_per_call=0", "money.horizon_months=12", NOTHING_SETTLES)
    said = scenario(tmp_path, SOFTWARE, *sets)
    typed = 150 * 12 * (31.0 * 45.0 + 250.0 - 900.0)
    table = base_table(said)
    found = figures(table, CHOICE, "let go")
    assert -figures(table, BASE, "heavy", "stated")["contribution_year"] == pytest.approx(typed)
    assert -12 * found["contribution_total"] == pytest.approx(typed, rel=0.01)
    assert found["saving_year"] == pytest.approx(typed, rel=0.01)
    assert ledger_of(said)["losses_avoided"] == pytest.approx(typed, rel=0.01)


@pytest.mark.science
def test_the_worst_of_the_bank_lose_what_the_distributions_in_the_file_imply(tmp_path):
    """The worst 900 of 250,000 drawn from the file's own numbers elsewhere, often enough to know how far it varies."""
    said = scenario(tmp_path, BANK.format(customers=250_000), "choose.error_rate=0", "money.credit_per_call=0")
    found = figures(base_table(said), CHOICE, "let go")["booked_profit_total"]
    rng = np.random.default_rng(11)
    drawn = []
    for _ in range(24):
        profits = []
        for number, revenue, spread, cost, calls in ((230_000, 9.0, 0.9, 5.0, 0.3), (20_000, 30.0, 1.0, 14.0, 0.8)):
            pays = rng.lognormal(math.log(revenue) - spread**2 / 2, spread, number)
            call = rng.lognormal(math.log(calls) - 1.3**2 / 2, 1.3, number)
            profits.append(pays - cost - 5.5 * call)
        drawn.append(np.sort(np.concatenate(profits))[:900].sum())
    assert abs(found - np.mean(drawn)) < 4.0 * np.std(drawn, ddof=1)
