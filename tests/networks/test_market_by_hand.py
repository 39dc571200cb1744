"""The ties of a small market, made once more in plain Python from the same luck, as the documentation says they are."""

from __future__ import annotations

import math

import numpy as np
import pytest

from wom_sim.networks import market
from wom_sim.world.luck import Purpose, four
from wom_sim.world.network import ACQUAINTANCE, CLOSE, HOUSEHOLD, check, edges

SEED = np.uint64(11)


def drawn(purpose: Purpose, who: int, whom: int = 0) -> tuple[float, float, float, float]:
    return four(SEED, int(purpose) >> 2, who, whom, 0)


def shuffled(items: list[int], purpose: Purpose, who: int) -> list[int]:
    """Return the items as Fisher and Yates shuffle them, from the last to the first, four steps a block."""
    out = list(items)
    for step, last in enumerate(range(len(out) - 1, 0, -1)):
        other = int(drawn(purpose, who, step // 4)[step % 4] * (last + 1))
        out[last], out[other] = out[other], out[last]
    return out


def acquaintances(plan: market.MarketPlan, person: int) -> tuple[int, int]:
    """Return how many a person has in town and elsewhere: log-normal, rounded at random."""
    a, b, c, d = drawn(Purpose.ACQUAINTANCES, person)
    z = math.sqrt(-2.0 * math.log(a)) * math.cos(2.0 * math.pi * b)
    spread = plan.acquaintances_spread
    total = int(plan.acquaintances * math.exp(spread * z - 0.5 * spread * spread) + c)
    far = int(total * plan.far + d)
    return total - far, far


class ByHand:
    """Ties as (lower person, higher person): class."""

    def __init__(self, plan: market.MarketPlan, member: list[int]) -> None:
        self.plan, self.found = plan, dict[tuple[int, int], int]()
        self.towns = -(-plan.people // plan.town)
        slots = []
        for town in range(self.towns):
            people = list(range(town * plan.town, min(plan.people, (town + 1) * plan.town)))
            self.households(people, member)
            for start in range(people[0], people[-1] + 1, plan.community):
                self.close(list(range(start, min(start + plan.community, people[-1] + 1))))
            self.near(people, town)
            far = [person for person in people for _ in range(acquaintances(plan, person)[1])]
            slots.append(shuffled(far, Purpose.FAR, town)[: plan.far_slots])
        for q in range(plan.far_slots):
            self.far(q, slots)

    def tie(self, one: int, other: int, kind: int) -> None:
        pair = (min(one, other), max(one, other))
        if one != other:
            self.found[pair] = min(kind, self.found.get(pair, kind))

    def households(self, people: list[int], member: list[int]) -> None:
        for person in people:
            first = person
            while first > people[0] and member[first] > 0:
                first -= 1
                self.tie(person, first, HOUSEHOLD)

    def close(self, people: list[int]) -> None:
        ring = shuffled(people, Purpose.PLACE, people[0])
        for k, person in enumerate(ring):
            for step in range(1, self.plan.close // 2 + 1):
                u, v, _, _ = drawn(Purpose.CLOSE, people[0] + k, step)
                other = int(v * len(ring)) if u < self.plan.close_rewired else (k + step) % len(ring)
                self.tie(person, ring[other], CLOSE)

    def near(self, people: list[int], town: int) -> None:
        stubs = [person for person in people for _ in range(acquaintances(self.plan, person)[0])]
        stubs = shuffled(stubs, Purpose.TOWN, town)
        for one, other in zip(stubs[::2], stubs[1::2], strict=False):
            self.tie(one, other, ACQUAINTANCE)

    def far(self, q: int, slots: list[list[int]]) -> None:
        turn = 1 if self.towns == 2 else int(drawn(Purpose.FAR_PARTNER, q)[0] * self.towns)
        for town in range(self.towns):
            other = (turn - town) % self.towns
            if town < other and q < min(len(slots[town]), len(slots[other])):
                self.tie(slots[town][q], slots[other][q], ACQUAINTANCE)


PLANS = {
    "usual": (700, 50, 150, 6, 0.1, 4.0, 0.8, 0.25),
    "two towns, the second not whole": (211, 30, 120, 4, 0.5, 6.0, 1.2, 0.5),
    "one community is a town": (90, 30, 30, 2, 1.0, 3.0, 0.0, 1.0),
    "more steps than people": (17, 5, 10, 20, 0.3, 2.0, 0.5, 0.3),
    "large communities": (1000, 300, 600, 8, 0.2, 3.0, 0.8, 0.25),
    "close ties beyond a byte's head": (400, 200, 400, 26, 0.8, 9.0, 0.8, 0.0),
    "alone": (1, 50, 150, 6, 0.1, 4.0, 0.8, 0.25),
}


@pytest.mark.parametrize("name", list(PLANS))
@pytest.mark.parametrize("packed", [True, False], ids=["packed", "plain"])
def test_ties_are_those_made_by_hand(name, packed, monkeypatch):
    people, community, town, close, rewired, mean, spread, far = PLANS[name]
    plan = market.with_acquaintances(market.plan(people, community, town, close, rewired), mean, spread, far)
    sizes = np.random.default_rng(people).integers(1, 7, people)  # households cross from one community to the next
    member = np.concatenate([np.arange(size) for size in sizes])[:people].astype(np.uint8)
    if not packed:
        monkeypatch.setattr(market, "MOST_IN_TOWN", 0)
    network = market.build(plan, member, int(SEED), workers=1)
    assert (len(network.heads) > 0) == packed
    check(network)
    found = {(a, b): kind for a, b, kind in zip(*(part.tolist() for part in edges(network)), strict=True)}
    assert found == ByHand(plan, member.tolist()).found


def test_a_town_may_have_more_far_ties_than_16_bits_number():
    """The slot of a far tie once ran into its class."""
    plan = market.with_acquaintances(market.plan(27_000, 150, 9_000, 2, 0.1), 40.0, 0.5, 0.25)
    assert plan.far_slots > 65_536
    network = market.build(plan, np.zeros(plan.people, dtype=np.uint8), 3)
    check(network)
    _, _, kind = edges(network)
    assert 2.0 * (kind == ACQUAINTANCE).sum() / plan.people == pytest.approx(40.0, rel=0.1)
