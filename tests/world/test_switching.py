"""What it costs to go: worked out by hand from luck, segment and traits."""

from __future__ import annotations

import math

import numpy as np
from worlds import some_people

from wom_sim.world.luck import Purpose, uniform
from wom_sim.world.people import CUSTOMER, SEEKER
from wom_sim.world.switching import NO_SWITCHING, SWITCHING_TYPE, Switching, surpluses, switching_costs

MEANS = np.array([(250.0, 150.0, 1200.0), (50.0, 0.0, 400.0)], dtype=SWITCHING_TYPE)
SWITCHING = Switching(MEANS, np.uint64(7))
PEOPLE = some_people(400, seed=3)
EVERYONE = np.arange(400)


def by_hand(i: int) -> tuple[float, float]:
    """Return the cost of switching and the surplus of person ``i``, as docs/MODEL.md has them."""
    person, mean = PEOPLE[i], MEANS[PEOPLE[i]["segment"]]
    if not person["traits"] & CUSTOMER:
        return 0.0, 0.0
    u_cost, u_surplus = (uniform(np.uint64(7), of, i, 0, 0) for of in (Purpose.PERSON_SHAPE + 1, Purpose.PERSON_EXTRA))
    surplus = mean["surplus_of_seekers"] if person["traits"] & SEEKER else mean["surplus"]
    return float(mean["cost"] * (0.5 + u_cost)), float(-surplus * math.log(u_surplus))


def test_costs_and_surplus_by_hand():
    costs, lost = (np.array(column) for column in zip(*map(by_hand, range(400)), strict=True))
    assert np.array_equal(switching_costs(PEOPLE, SWITCHING, EVERYONE), costs.astype(np.float32))
    assert np.allclose(surpluses(PEOPLE, SWITCHING, EVERYONE), lost, rtol=1e-6)
    assert (costs > 0.0).sum() == ((PEOPLE["traits"] & CUSTOMER) != 0).sum()


def test_a_person_has_theirs_whoever_asks_for_whom():
    who = np.array([301, 7, 7, 0])
    for of in (switching_costs, surpluses):
        assert np.array_equal(of(PEOPLE, SWITCHING, who), of(PEOPLE, SWITCHING, EVERYONE)[who])
        assert not of(PEOPLE, NO_SWITCHING, EVERYONE).any()
        assert len(of(PEOPLE, SWITCHING, who[:0])) == 0


def test_another_seed_is_another_luck():
    other = switching_costs(PEOPLE, SWITCHING._replace(seed=np.uint64(8)), EVERYONE)
    mine = switching_costs(PEOPLE, SWITCHING, EVERYONE)
    assert (other != mine).sum() == (mine > 0.0).sum()
