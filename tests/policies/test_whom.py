"""Whom to choose by loyalty, tenure, ties and place, and whom not to touch."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from firms import firm, setting_of, some_customers

from wom_sim.policies.choosing import choose
from wom_sim.policies.criterion import number_qualifying
from wom_sim.policies.harm import expected_harm
from wom_sim.policies.setting import Choice
from wom_sim.policies.tenure import tenures
from wom_sim.rules.talking import chance_to_talk
from wom_sim.scenario import Scenario
from wom_sim.simulation import build_world
from wom_sim.simulation.treatments import setting_of as setting_said
from wom_sim.world.network import HOUSEHOLD, Network
from wom_sim.world.people import ADVOCATE, customers
from wom_sim.world.trace import G_PROFITABLE

CASE = {
    "name": "whom", "population": {"customers": 500, "prospects": 100, "household_size": 2.2},
    "choose": {"least_profitable_share": 0.4},
    "policies": [{"name": "letter", "use": "bulk_letter"}],
}  # fmt: skip


def chosen(**conditions) -> np.ndarray:
    return choose(setting_of("bulk_letter", choose=Choice(**conditions)))


def everyone() -> np.ndarray:
    return np.flatnonzero(customers(firm().people))


def said(**choose_too) -> Scenario:
    return Scenario.model_validate_json(json.dumps({**CASE, "choose": {**CASE["choose"], **choose_too}}))


@pytest.mark.parametrize("wanted", [True, False])
def test_advocates_only_or_never(wanted):
    mine = (firm().people["traits"] & ADVOCATE) != 0
    found = chosen(advocates=wanted)
    assert set(found.tolist()) == set(everyone()[mine[everyone()] == wanted].tolist())
    assert 0 < len(found) < len(everyone())


def test_ties_at_least_and_at_most():
    degree = firm().network.degrees()[everyone()]
    middle = int(np.median(degree))
    for least, most in ((middle, None), (None, middle), (middle - 2, middle + 2)):
        fits = (degree >= (least or 0)) & (degree <= (10**9 if most is None else most))
        assert set(chosen(ties_at_least=least, ties_at_most=most).tolist()) == set(everyone()[fits].tolist())


def test_an_area_is_a_stretch_of_neighbours():
    n = len(firm().people)
    found = chosen(area_from=0.2, area_to=0.3)
    assert set(found.tolist()) == {i for i in everyone().tolist() if round(0.2 * n) <= i < round(0.3 * n)}
    start, ties = firm().network.start, firm().network.listed() >> 2
    home = [j for i in found for j in ties[start[i] : start[i + 1]]]
    inside = np.mean([round(0.2 * n) <= j < round(0.3 * n) for j in home])
    assert inside > 0.5, "most ties of those who live there lead to others there: a random tenth would have .1"


def test_tenure_is_a_fact_of_the_person_and_as_long_as_churn_has_it():
    people, who = firm().people, everyone()
    months = tenures(people, who)
    assert np.array_equal(months, tenures(people, who))
    assert np.array_equal(months[::7], tenures(people, who[::7]))
    churn = people["churn"][who].astype(float)
    for n in (6, 24, 60):  # a geometric law for each: n months or longer with chance (1 - churn)^n
        p = (1.0 - churn) ** n
        assert abs((months >= n).sum() - p.sum()) < 4.0 * np.sqrt((p * (1.0 - p)).sum())
    assert set(chosen(tenure_at_least=12, tenure_at_most=30).tolist()) == set(
        who[(months >= 12) & (months <= 30)].tolist()
    )


def test_conditions_hold_together_and_the_limit_comes_last():
    all_of_them = {"advocates": False, "tenure_at_least": 6.0, "ties_at_most": 12, "area_to": 0.5}
    whole = chosen(**all_of_them)
    assert chosen(**all_of_them, limit=9).tolist() == whole[:9].tolist()
    setting = setting_of("bulk_letter", choose=Choice(**all_of_them, limit=9))
    assert number_qualifying(setting) == len(whole)


# -- expected harm ---------------------------------------------------------------------------------------------


def harm_by_hand(scenario: Scenario, who: int) -> dict[str, float]:
    """Return the expected harm of one candidate, tie by tie, from the numbers of the scenario."""
    world = build_world(scenario, workers=1)
    setting = setting_said(scenario, scenario.policies[0], world, 1)
    people, network, b = world.people, world.network, scenario.behaviour
    tells = [getattr(b.talking.victim_tells, kind) for kind in ("household", "close", "acquaintance")]
    doses = [getattr(b.hearing.weight, kind) for kind in ("household", "close", "acquaintance")]
    weights = [getattr(b.leaving.departure_weight, kind) for kind in ("household", "close", "acquaintance")]
    discount = (1.0 + scenario.money.discount) ** (1.0 / 12.0) - 1.0
    severity = round(255 * (b.fairness.observed.dismiss + b.fairness.framing_shift.blames_customer)) / 255
    found = {"told": 0.0, "household": 0.0, "departures": 0.0}
    for other, kind in zip(network.neighbours(who).tolist(), network.classes(who).tolist(), strict=True):
        person = people[other]
        if not person["group"] & G_PROFITABLE:
            continue
        segment = scenario.population.segments[int(person["segment"])]
        account = setting.scores.accounts[int(person["segment"])]
        assert segment.household_follows is None
        brings = float(person["margin"]) * (1 + account["share"]) + account["stays"]
        brings -= float(person["calls"]) * scenario.money.contact_cost
        brings -= float(person["calls"]) * scenario.money.credit_per_call * bool(person["traits"] & 4)
        churn = float(person["churn"])
        months = np.arange(1, scenario.money.horizon_months + 1)
        value = brings * (((1 - churn) / (1 + discount)) ** months).sum()
        lock = np.where(np.arange(24) < person["contract"], b.leaving.locked, 1.0)
        units = int(256 * doses[kind] * severity + 0.5)
        felt = (1 - np.exp(-b.hearing.harm_per_dose * units / 256)) * (
            1 - b.hearing.buffer * float(person["commitment"]) / 255
        )
        fades = 2.0 ** (-(15 + 30 * np.arange(24)) / b.hearing.harm_half_life)
        more = (np.minimum(1, churn * lock * np.exp(b.leaving.beta * felt * fades)) - churn * lock).sum()
        more *= (1 - b.hearing.sides_with_firm) * b.hearing.affected
        ages = np.arange(1, b.leaving.contagion_window + 1)
        weight = weights[kind] * b.leaving.dismissed_counts
        left = (256 * weight * 2.0 ** (-(ages - 1) / b.leaving.contagion_half_life) + 0.5).astype(int) / 256
        follows = (churn * lock[0] * ((1 + b.leaving.chi) ** left - 1)).sum() / 30
        stays = 1 - b.leaving.household_follows if kind == HOUSEHOLD else 1.0
        found["household"] += (1 - stays) * value
        found["told"] += stays * tells[kind] * more * value
        found["departures"] += stays * follows * value
    return found


def test_expected_harm_is_the_sum_over_ties():
    scenario = said()
    world = build_world(scenario, workers=1)
    setting = setting_said(scenario, scenario.policies[0], world, 1)
    who = choose(setting)[:12]
    harm = expected_harm(setting, who)
    talks = harm.audience / harm.audience.max()  # the audience is the same for all but for the chance to talk
    chances = []
    for k, person in enumerate(who.tolist()):
        by_hand = harm_by_hand(scenario, person)
        assert harm.household[k] == pytest.approx(by_hand["household"], rel=1e-5, abs=1e-9)
        assert harm.departures[k] == pytest.approx(by_hand["departures"], rel=1e-5, abs=1e-9)
        chances.append(harm.told[k] / by_hand["told"])
    assert chances == pytest.approx((chances[0] / talks[0] * talks).tolist(), rel=1e-4)
    assert 0.3 < min(chances) <= max(chances) <= 1.0, "the chance that somebody dismissed by letter talks"
    assert harm.total == pytest.approx(harm.told + harm.household + harm.departures + harm.audience)


def test_a_grievance_set_by_hand_is_what_decides_who_talks():
    scenario = said()
    setting = setting_said(scenario, scenario.policies[0], build_world(scenario, workers=1), 1)
    who = choose(setting)[:4]
    set_by_hand = expected_harm(replace(setting, levers=replace(setting.levers, grievance=0.35)), who)
    chance = chance_to_talk(scenario.behaviour.talking.p_talk_victim, 0.35)
    told = [harm_by_hand(scenario, person)["told"] for person in who.tolist()]
    assert set_by_hand.told == pytest.approx([chance * each for each in told], rel=1e-5)


def test_who_knows_nobody_harms_by_their_audience_alone():
    setting = setting_said(said(), said().policies[0], build_world(said(), workers=1), 1)
    people = len(setting.people)
    empty = Network(np.zeros(people + 1, dtype=np.uint32), np.zeros(0, dtype=np.uint32), people)
    who = choose(setting)[:5]
    harm = expected_harm(replace(setting, network=empty), who)
    assert not (harm.told.any() or harm.household.any() or harm.departures.any())
    assert (harm.audience > 0.0).all()


def test_levers_spare_the_most_harmful():
    plain = said()
    world = build_world(plain, workers=1)
    setting = setting_said(plain, plain.policies[0], world, 1)
    who = choose(setting)
    harm = expected_harm(setting, who).total
    half, limit = said(spare_most_harmful=0.5), float(np.median(harm))
    spared = choose(setting_said(half, half.policies[0], world, 1))
    assert set(spared.tolist()) == set(who[np.argsort(-harm, kind="stable")[round(0.5 * len(who)) :]].tolist())
    capped = said(harm_at_most=limit)
    kept = choose(setting_said(capped, capped.policies[0], world, 1))
    assert kept.tolist() == who[harm <= limit].tolist(), "the order is that of the choice"


def test_harm_needs_the_numbers_of_a_run():
    with pytest.raises(ValueError, match="needs the numbers of a run"):
        expected_harm(setting_of("bulk_letter"), np.array(some_customers(2)))


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"ties_at_least": 9, "ties_at_most": 3}, "ties_at_most: given 3, allowed: at least ties_at_least = 9"),
        ({"tenure_at_least": 9.0, "tenure_at_most": 3.0}, "tenure_at_most: given 3"),
        ({"area_from": 0.5, "area_to": 0.5}, "area_to: given 0.5, allowed: more than area_from = 0.5"),
        ({"spare_most_harmful": 1.5}, "less than or equal to 1"),
    ],
)
def test_what_cannot_be_is_refused(choice, message):
    with pytest.raises(ValueError, match=message):
        said(**choice)


def test_without_places_there_is_no_area():
    with pytest.raises(ValueError, match=r"network.kind = 'erdos_renyi', allowed: with network.kind = 'market'"):
        Scenario.model_validate_json(
            json.dumps({**CASE, "network": {"kind": "erdos_renyi"}, "choose": {"area_to": 0.5}})
        )
