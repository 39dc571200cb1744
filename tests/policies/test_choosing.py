"""Whom to let go: the selection against a slow one, and its faults."""

from __future__ import annotations

import math

import numpy as np
import pytest
from firms import SCORES, firm, policy, profit, setting_of, some_customers
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import some_people

from wom_sim.policies.choosing import after_review, choose, household_profits, profits
from wom_sim.policies.setting import Choice, Levers, Setting
from wom_sim.world.people import CUSTOMER, SEEKER, households

CROWD = some_people(120, seed=8)
CROWD["segment"] = np.arange(120) % 3
CROWD["margin"][50:60] = CROWD["margin"][50]  # ties of profit
CROWD["calls"][50:60] = 2.0
CROWD["traits"][50:60] = CUSTOMER


def slow_profit(i: int) -> float:
    seeks = bool(CROWD["traits"][i] & SEEKER)
    a_call = SCORES.cost_per_call + (SCORES.credit_per_call if seeks else 0.0)
    return float(CROWD["margin"][i]) - float(CROWD["calls"][i]) * a_call


def slow_household(i: int) -> float:
    home = households(CROWD)[i]
    mates = [j for j in range(120) if households(CROWD)[j] == home and CROWD["traits"][j] & CUSTOMER]
    return sum(slow_profit(j) for j in mates)


PROFIT = [slow_profit(i) for i in range(120)]
HOUSEHOLD = [slow_household(i) for i in range(120)]
CUSTOMERS = [i for i in range(120) if CROWD["traits"][i] & CUSTOMER]


def slow_choose(choice: Choice) -> list[int]:
    """Choose in plain Python, one condition after the other."""
    found = list(CUSTOMERS)
    if choice.calls_at_least is not None:
        found = [i for i in found if float(CROWD["calls"][i]) >= choice.calls_at_least]
    if choice.segments is not None:
        found = [i for i in found if int(CROWD["segment"][i]) in choice.segments]
    if choice.profit_below is not None:
        found = [i for i in found if PROFIT[i] < choice.profit_below]
    if choice.least_profitable_share is not None:
        number = round(choice.least_profitable_share * len(CUSTOMERS))
        limit = sorted(PROFIT[i] for i in CUSTOMERS)[number - 1] if number else -math.inf
        found = [i for i in found if PROFIT[i] <= limit]
    if choice.spare_profitable_households:
        found = [i for i in found if HOUSEHOLD[i] <= 0.0]
    by_calls = choice.calls_at_least is not None
    found.sort(key=lambda i: (-float(CROWD["calls"][i]) if by_calls else PROFIT[i], i))
    return found if choice.limit is None else found[: choice.limit]


def chosen(choice: Choice, people=CROWD) -> list[int]:
    return choose(Setting(people, firm().network, np.uint64(1), Levers(choose=choice), SCORES)).tolist()


def maybe(strategy):
    return st.none() | strategy


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(
    st.builds(
        Choice,
        calls_at_least=maybe(st.sampled_from([0.0, 0.5, 2.0, 3.0, 100.0])),
        least_profitable_share=maybe(st.sampled_from([k / 8 for k in range(9)])),
        profit_below=maybe(st.sampled_from([-50.0, 0.0, PROFIT[50], 20.0])),
        segments=maybe(st.sets(st.integers(0, 2)).map(tuple)),
        limit=maybe(st.integers(0, 130)),
        spare_profitable_households=st.booleans(),
    )
)
def test_as_the_slow_one_does(choice):
    assert chosen(choice) == slow_choose(choice)


def test_profits_are_those_of_the_rule():
    who = np.array([3, 50, 119, 3])
    assert profits(CROWD, who, SCORES.cost_per_call, SCORES.credit_per_call).tolist() == [PROFIT[i] for i in who]
    homes = household_profits(CROWD, who, SCORES.cost_per_call, SCORES.credit_per_call)
    assert homes.tolist() == pytest.approx([HOUSEHOLD[i] for i in who])


def test_everyone_in_order_of_loss_if_nothing_is_said():
    order = chosen(Choice())
    assert sorted(order) == CUSTOMERS
    assert [PROFIT[i] for i in order] == sorted(PROFIT[i] for i in CUSTOMERS)


def test_more_than_a_block_of_candidates_are_found():
    """Candidates are gathered in blocks of 1,024."""
    setting = setting_of("bulk_letter", choose=Choice(profit_below=1e9))
    found = choose(setting)
    assert len(found) == len(set(found.tolist())) == 6000
    assert np.array_equal(profit()[found], np.sort(profit()[found]))


def test_no_customers_no_choice():
    nobody = some_people(10, seed=1, customers=0.0)
    for choice in (Choice(), Choice(least_profitable_share=0.5), Choice(spare_profitable_households=True)):
        assert chosen(choice, nobody) == []


def test_ids_are_taken_as_they_are():
    ids = tuple(reversed(CUSTOMERS[:7]))
    assert chosen(Choice(ids=ids)) == list(ids)


def test_who_is_not_a_customer_cannot_be_chosen():
    prospects = [i for i in range(120) if i not in CUSTOMERS]
    with pytest.raises(ValueError, match=rf"choose\.ids: {prospects[0]} is not a customer"):
        chosen(Choice(ids=(CUSTOMERS[0], prospects[0])))
    with pytest.raises(ValueError, match=r"choose\.ids: 120, 4000000000 is not a customer"):
        chosen(Choice(ids=(120, 4_000_000_000)))


def test_negative_numbers_are_nobody():
    last = np.concatenate([CROWD, CROWD[CUSTOMERS[:1]]])
    with pytest.raises(ValueError, match="-1 is not a customer"):
        chosen(Choice(ids=(-1,)), last)


def test_nobody_is_chosen_twice():
    who = some_customers(1)[0]
    with pytest.raises(ValueError, match="named twice"):
        policy("case_by_case").plan(setting_of("case_by_case", choose=Choice(ids=(who, who)), per_day=1.0))


# An individual review spares some.


def reviewed(share: float, name: str = "case_by_case", **levers) -> list[int]:
    setting = setting_of(name, spared_by_review=share, **{"individual_review": True, **levers})
    return after_review(setting, np.arange(4000)).tolist()


def test_a_review_spares_its_share():
    spared = 4000 - len(reviewed(0.3))
    assert abs(spared - 1200) < 4.0 * math.sqrt(4000 * 0.3 * 0.7)
    assert reviewed(1.0) == []
    assert reviewed(0.0) == list(range(4000))


def test_a_milder_review_spares_fewer_of_the_same():
    assert set(reviewed(0.5)) < set(reviewed(0.2))


def test_without_a_review_nobody_is_spared():
    assert reviewed(0.3, individual_review=False) == list(range(4000))


def test_the_same_people_are_spared_under_every_policy():
    assert reviewed(0.3, "bulk_letter") == reviewed(0.3, "paid_exit") == reviewed(0.3)
    assert reviewed(0.3, seed=6) != reviewed(0.3)


def test_the_order_is_kept_and_nobody_is_no_fault():
    setting = setting_of("case_by_case", individual_review=True, spared_by_review=0.5)
    back = after_review(setting, np.arange(100)[::-1].copy())
    assert back.tolist() == sorted(back.tolist(), reverse=True)
    assert len(after_review(setting, np.zeros(0, dtype=np.int64))) == 0
