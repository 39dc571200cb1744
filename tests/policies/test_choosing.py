"""Whom to let go: the selection against a slow one, and its faults."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from firms import SCORES, firm, policy, profit, reservation, setting_of, some_customers
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import some_people

from wom_sim.policies.choosing import after_review, choose, wrongly_chosen
from wom_sim.policies.setting import Choice, Levers, Scores, Setting
from wom_sim.policies.worth import household_profits, profits
from wom_sim.world.network import ACQUAINTANCE, HOUSEHOLD, from_edges
from wom_sim.world.people import CUSTOMER, SEEKER, customers, households

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


def settling(passing: float, chronic: float = 0.02) -> Scores:
    """Return scores by which what is special about somebody's calls ends, with such chances a month."""
    accounts = SCORES.accounts.copy()
    accounts["chronic_fades"], accounts["passing_fades"] = chronic, passing
    return replace(SCORES, accounts=accounts)


SETTLING = replace(settling(0.18), contact_cost=6.0)
SETTLING.accounts["stays"], SETTLING.accounts["share"] = (4.0, 0.0, 9.0), (0.0, 0.1, 0.2)


def slow_contribution(i: int, calls: float) -> float:
    account, margin = SETTLING.accounts[CROWD["segment"][i]], float(CROWD["margin"][i])
    a_call = SETTLING.contact_cost + (SETTLING.credit_per_call if CROWD["traits"][i] & SEEKER else 0.0)
    return margin * (1.0 + account["share"]) + account["stays"] - calls * a_call


def slow_value(i: int) -> float:
    """Return the worth of waiting, month by month from the far end: keep or let go, whichever is better."""
    account, calls = SETTLING.accounts[CROWD["segment"][i]], float(CROWD["calls"][i])
    today, settled = slow_contribution(i, calls), slow_contribution(i, float(account["usual"]))
    q = (1.0 - float(CROWD["churn"][i])) / (1.0 + SCORES.discount)
    odds = account["chronic"] / (1.0 - account["chronic"])
    odds *= (max(calls / account["usual"], account["usual"] / calls) / SCORES.special[1]) ** SCORES.special[0]
    worth = 0.0
    for kind, chance in (
        (odds / (1.0 + odds), account["chronic_fades"]),
        (1.0 / (1.0 + odds), account["passing_fades"]),
    ):
        keep = ordinary = unusual = 0.0
        for _ in range(4000):
            keep = q * (chance * (settled + ordinary) + (1.0 - chance) * (today + unusual))
            ordinary, unusual = max(0.0, q * (settled + ordinary)), max(0.0, keep)
        worth += kind * keep
    return worth


@cache
def of_all(slow: Callable[[int], float]) -> list[float]:
    """Return what is counted slowly for one person, of each of them: when the first test asks for it."""
    return [slow(i) for i in range(120)]


def slow_contribution_today(i: int) -> float:
    return slow_contribution(i, float(CROWD["calls"][i]))


CUSTOMERS = [i for i in range(120) if CROWD["traits"][i] & CUSTOMER]


def slow_choose(choice: Choice) -> list[int]:
    """Choose in plain Python, one condition after the other."""
    found = list(CUSTOMERS)
    if choice.calls_at_least is not None:
        found = [i for i in found if float(CROWD["calls"][i]) >= choice.calls_at_least]
    if choice.segments is not None:
        found = [i for i in found if int(CROWD["segment"][i]) in choice.segments]
    if choice.profit_below is not None:
        found = [i for i in found if of_all(slow_profit)[i] < choice.profit_below]
    if choice.abuse_only:
        found = [i for i in found if CROWD["traits"][i] & SEEKER and float(CROWD["calls"][i]) >= choice.abuse_calls]
    by = {"profit": slow_profit, "contribution": slow_contribution_today, "value": slow_value}
    worth = of_all(by[choice.by])
    if choice.by == "value":
        found = [i for i in found if worth[i] < 0.0]
    if choice.least_profitable_share is not None:
        number = round(choice.least_profitable_share * len(CUSTOMERS))
        limit = sorted(worth[i] for i in CUSTOMERS)[number - 1] if number else -math.inf
        found = [i for i in found if worth[i] <= limit]
    if choice.spare_profitable_households:
        found = [i for i in found if of_all(slow_household)[i] <= 0.0]
    by_calls = choice.calls_at_least is not None and choice.by == "profit"
    found.sort(key=lambda i: (-float(CROWD["calls"][i]) if by_calls else worth[i], i))
    return found if choice.limit is None else found[: choice.limit]


def chosen(choice: Choice, people=CROWD) -> list[int]:
    network = NETWORK if people is CROWD else firm().network
    return choose(Setting(people, network, np.uint64(1), Levers(choose=choice), SETTLING)).tolist()


def network_of(pairs: list[tuple[int, int]], others: list[tuple[int, int]], n: int = 120):
    """Return a network in which ``pairs`` are of one household and ``others`` acquaintances."""
    both = np.array(pairs + others, dtype=np.int64)
    kind = np.array([HOUSEHOLD] * len(pairs) + [ACQUAINTANCE] * len(others), dtype=np.int64)
    return from_edges(n, both[:, 0], both[:, 1], kind)


MATES = [(i, j) for i in range(120) for j in range(i) if households(CROWD)[i] == households(CROWD)[j]]
NETWORK = network_of(MATES, [(i, (i + 40) % 120) for i in range(60)])


def maybe(strategy):
    return st.none() | strategy


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(
    st.builds(
        Choice,
        calls_at_least=maybe(st.sampled_from([0.0, 0.5, 2.0, 3.0, 100.0])),
        least_profitable_share=maybe(st.sampled_from([k / 8 for k in range(9)])),
        profit_below=maybe(st.sampled_from([-50.0, 0.0, slow_profit(50), 20.0])),
        segments=maybe(st.sets(st.integers(0, 2)).map(tuple)),
        limit=maybe(st.integers(0, 130)),
        spare_profitable_households=st.booleans(),
        by=st.sampled_from(["profit", "contribution", "value"]),
        abuse_only=st.booleans(),
        abuse_calls=st.sampled_from([0.0, 1.0, 3.0]),
    )
)
def test_as_the_slow_one_does(choice):
    assert chosen(choice) == slow_choose(choice)


def test_profits_are_those_of_the_rule():
    who = np.array([3, 50, 119, 3])
    found = profits(CROWD, who, SCORES.cost_per_call, SCORES.credit_per_call)
    assert found.tolist() == [of_all(slow_profit)[i] for i in who]
    costs = (SCORES.cost_per_call, SCORES.credit_per_call)
    homes = household_profits(CROWD, NETWORK, who, costs)
    assert homes.tolist() == pytest.approx([of_all(slow_household)[i] for i in who])


def test_a_household_is_who_is_tied_as_one_whatever_their_numbers():
    """As where ties come from a file: numbers 0, 60 and 119 live together, and who has no such tie lives alone."""
    costs = (SCORES.cost_per_call, SCORES.credit_per_call)
    network = network_of([(0, 60), (119, 60), (119, 0)], [(0, 1), (1, 2)])
    homes = household_profits(CROWD, network, np.array([0, 60, 119, 1, 2]), costs)
    own = [of_all(slow_profit)[i] if CROWD["traits"][i] & CUSTOMER else 0.0 for i in range(120)]
    together = own[0] + own[60] + own[119]
    assert homes.tolist() == pytest.approx([together, together, together, own[1], own[2]])
    assert homes[0] == homes[1] == homes[2], "the same to the last digit for all members"


def test_everyone_in_order_of_loss_if_nothing_is_said():
    order = chosen(Choice())
    assert sorted(order) == CUSTOMERS
    assert [of_all(slow_profit)[i] for i in order] == sorted(of_all(slow_profit)[i] for i in CUSTOMERS)


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


# By expected value: the option to leave them later has value.


def firm_contribution(scores: Scores = SETTLING) -> np.ndarray:
    """Return what each would take along, currency a month: margin and what of it stays, less their calls."""
    people = firm().people
    account = scores.accounts[people["segment"]]
    a_call = scores.contact_cost + np.where((people["traits"] & SEEKER) != 0, scores.credit_per_call, 0.0)
    return people["margin"] * (1.0 + account["share"]) + account["stays"] - people["calls"] * a_call


def test_who_calls_a_little_too_much_today_is_worth_the_wait():
    today, later = (
        choose(setting_of("bulk_letter", choose=Choice(profit_below=0.0, by=by), scores=SETTLING)).tolist()
        for by in ("profit", "value")
    )
    assert 0 < len(later) < len(today)
    assert set(later) < set(today)
    spared = sorted(set(today) - set(later))
    brings = firm_contribution()
    assert brings[spared].mean() > brings[later].mean(), "the dearest are not worth the wait"
    assert firm().people["margin"][spared].mean() > firm().people["margin"][later].mean()


def test_a_firm_that_expects_no_change_chooses_by_contribution():
    still = settling(0.0, 0.0)
    brings = firm_contribution(still)
    for share in (None, 0.1):
        choice = Choice(by="value", least_profitable_share=share)
        by_value = choose(setting_of("bulk_letter", choose=choice, scores=still))
        losing = np.flatnonzero(customers(firm().people) & (brings < 0.0))
        assert len(by_value) > 100
        assert share is not None or set(by_value.tolist()) == set(losing.tolist())
        assert (brings[by_value] < 0.0).all()


def test_what_the_firm_expects_is_noted_with_the_choice():
    notes: dict = {}
    sizes = []
    for settles in (0.0, 0.05, 0.5):
        setting = setting_of("bulk_letter", choose=Choice(by="value"), scores=settling(settles))
        sizes.append(len(choose(replace(setting, notes=notes))))
    assert len(set(sizes)) == 3


# Abuse only.


def test_an_abuser_calls_for_credits_and_much():
    people = firm().people
    found = chosen(Choice(abuse_only=True, abuse_calls=12.0), people)
    abuser = ((people["traits"] & SEEKER) != 0) & (people["calls"] >= 12.0) & ((people["traits"] & CUSTOMER) != 0)
    assert set(found) == set(np.flatnonzero(abuser).tolist())
    many = chosen(Choice(calls_at_least=12.0), people)
    assert 0 < len(found) < len(many), "most who call much have a reason"


def test_abusers_never_agree_to_go():
    table = policy("bulk_letter").plan(setting_of("bulk_letter", choose=Choice(abuse_only=True), channel="personal"))
    assert len(table) > 50
    assert not table["agreed"].any()


# The criterion errs.

MANY = Choice(profit_below=0.0, limit=800)


def with_error(rate: float, seed: int = 5, choice: Choice = MANY) -> np.ndarray:
    return choose(setting_of("bulk_letter", seed=seed, choose=replace(choice, error_rate=rate)))


MEANT = with_error(0.0)


def culprits_missed(rate: float, seed: int = 5) -> set[int]:
    return set(MEANT.tolist()) - set(with_error(rate, seed).tolist())


@pytest.mark.parametrize("rate", [0.05, 0.3, 1.0])
def test_a_share_is_other_customers_and_the_number_stays(rate):
    found = with_error(rate)
    assert len(MEANT) == len(found) == len(set(found.tolist())) == 800
    assert (firm().people["traits"][found] & CUSTOMER).all()
    wrong = ~np.isin(found, MEANT)
    assert abs(wrong.sum() - 800 * rate) <= 4.0 * math.sqrt(800 * rate * (1.0 - rate))
    assert np.array_equal(found[~wrong], MEANT[~wrong]), "who is rightly chosen keeps their place"


def test_who_is_wrongly_chosen_is_profitable_and_like_the_others_who_are():
    """Drawn evenly from all profitable customers: none is favoured for where they stand, or for what they bring."""
    found = with_error(1.0)
    brings = firm_contribution(SCORES)
    assert (brings[found] > 0.0).all()
    others = np.flatnonzero(customers(firm().people) & (brings > 0.0) & ~np.isin(np.arange(len(brings)), MEANT))
    for column in (brings, np.arange(len(firm().people)), firm().people["calls"]):
        left = column[others]
        error = left.std() * math.sqrt((1.0 - len(found) / len(others)) / len(found))
        assert abs(column[found].mean() - left.mean()) < 4.0 * error


def test_a_larger_error_keeps_the_mistakes_of_a_smaller():
    assert set() < culprits_missed(0.1) < culprits_missed(0.4)
    assert culprits_missed(0.4) != culprits_missed(0.4, seed=6)
    assert np.array_equal(with_error(0.4), with_error(0.4))


def test_if_all_are_chosen_nobody_else_can_be():
    everyone = Choice()
    order = with_error(0.0, choice=everyone)
    assert with_error(1.0, choice=everyone).tolist() == order.tolist()
    found = with_error(1.0, choice=Choice(limit=len(order) - 1))
    assert order[-1] in found, "the one profitable customer who is left"
    assert len(set(found.tolist())) == len(order) - 1


def test_wrong_is_who_does_not_meet_the_criterion():
    setting = setting_of("bulk_letter", choose=replace(MANY, error_rate=0.3))
    found = choose(setting)
    assert np.array_equal(wrongly_chosen(setting, found), ~np.isin(found, MEANT))
    assert not wrongly_chosen(setting_of("bulk_letter", choose=MANY), found).any()


@pytest.mark.parametrize("name", ["bulk_letter", "case_by_case", "paid_exit", "reprice"])
def test_the_same_mistakes_are_made_under_every_policy(name):
    table = policy(name).plan(setting_of(name, choose=replace(MANY, error_rate=0.2), individual_review=False))
    assert set(table["person"].tolist()) == set(with_error(0.2).tolist())


@pytest.mark.parametrize("name", ["bulk_letter", "case_by_case", "reprice"])
def test_a_mistake_is_a_worse_story_and_nobody_agrees_to_it(name):
    setting = setting_of(name, choose=replace(MANY, error_rate=0.5), individual_review=False, framing="neutral")
    table = policy(name).plan(setting)
    wrong = ~np.isin(table["person"], MEANT)
    assert not table["agreed"][wrong].any()
    assert table["agreed"][~wrong].any()
    worse = SCORES.mistake
    right, mistaken = table[~wrong], table[wrong]
    for column, unit, share in (("story", 255, "story"), ("news", 256, "news"), ("p_call", 1.0, "call")):
        usual, bad = set(right[column].tolist()), set(mistaken[column].tolist())
        assert len(usual) == len(bad) == 1
        before, after = usual.pop() / unit, bad.pop() / unit
        assert after == pytest.approx(before + worse[share] * (1.0 - before), abs=1.0 / unit if unit > 1 else 1e-12)
        assert after > before or before == 1.0
    alone = policy(name).plan(setting_of(
        name, choose=Choice(ids=tuple(mistaken["person"].tolist())), individual_review=False, framing="neutral"
    ))  # fmt: skip
    usual = dict(zip(alone["person"].tolist(), alone["grievance"].tolist(), strict=True))
    agrees = dict(zip(alone["person"].tolist(), alone["agreed"].tolist(), strict=True))
    for row in mistaken:
        before = usual[int(row["person"])]
        if not agrees[int(row["person"])]:
            assert row["grievance"] == pytest.approx(before + worse["grievance"] * (1.0 - before))


def test_an_offer_made_by_mistake_is_taken_by_who_gains_by_it():
    """Someone who wanted to leave anyway takes the money: a cost of offers, not a grievance."""
    setting = setting_of("paid_exit", choose=replace(MANY, error_rate=0.5), payment=300.0, second_round_after=30)
    table = policy("paid_exit").plan(setting)
    wrong = ~np.isin(table["person"], MEANT)
    offers = table["turn"] == 0
    takes = reservation(table["person"]) <= 300.0
    assert np.array_equal(table["agreed"][offers], takes[offers])
    assert (takes & wrong & offers).any()
    story = table["story"]
    assert set(story[wrong & takes & offers].tolist()) == set(story[~wrong & offers].tolist())
    assert story[wrong & ~takes & offers].min() > story[~wrong & offers].max()
    assert not (table["agreed"] & ~offers).any()


def test_what_is_set_by_hand_holds_for_mistakes():
    chosen_so = replace(MANY, error_rate=0.5)
    table = policy("bulk_letter").plan(
        setting_of("bulk_letter", choose=chosen_so, grievance=0.2, severity=0.2, newsworthiness=0.5)
    )
    assert set(table["grievance"].tolist()) == {0.2}
    assert set(table["story"].tolist()) == {51}
    assert set(table["news"].tolist()) == {128}


def test_a_review_finds_most_mistakes():
    levers = {"choose": replace(MANY, error_rate=0.5), "individual_review": True, "spared_by_review": 0.1}
    setting = setting_of("case_by_case", **levers)
    found = choose(setting)
    left = after_review(setting, found)
    wrong = ~np.isin(found, MEANT)
    for mask, spared in ((wrong, SCORES.mistake["found_by_review"]), (~wrong, 0.1)):
        number = int(mask.sum())
        stay = int(np.isin(left, found[mask]).sum())
        assert abs(number - stay - number * spared) < 4.0 * math.sqrt(number * spared * (1.0 - spared))
    without = setting_of("case_by_case", **levers | {"individual_review": False})
    assert np.array_equal(after_review(without, found), found)


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
