"""Random small worlds and programmes, for the hunt for differences between the engines."""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
from hypothesis import strategies as st
from worlds import NUMBERS, some_network, some_people, world_of

from wom_sim.rules.attention import LEVEL, STORY, TASTE
from wom_sim.rules.leaving import ADDITIVE, PROPORTIONAL
from wom_sim.rules.money import FOREVER
from wom_sim.rules.spreading import (
    BOTH,
    COMPETING,
    CONSTANT,
    EXPOSURE,
    FIXED,
    GEOMETRIC,
    LINEAR,
    TELLER,
    THRESHOLD,
)
from wom_sim.rules.steering import BUZZ_ABOVE, CHANGE, COMPLAINTS, PAUSE
from wom_sim.rules.talking import LOGNORMAL, PARETO
from wom_sim.world import people as pl
from wom_sim.world import trace as tr
from wom_sim.world.accounts import AS_ALL
from wom_sim.world.numbers import Numbers
from wom_sim.world.orders import ORDER_TYPE, Orders, no_orders
from wom_sim.world.outlets import outlets_from
from wom_sim.world.trace import Trace
from wom_sim.world.treatments import Treatments, arranged, nothing, table
from wom_sim.world.voices import VOICE_TYPE, Voices
from wom_sim.world.world import World


class Case(NamedTuple):
    """A world, the numbers of the rules, a programme, a luck seed, the people of note and the orders."""

    world: World
    numbers: Numbers
    treatments: Treatments
    seed: int
    voices: Voices
    orders: Orders
    instead: Treatments

    @property
    def more(self) -> dict[str, Any]:
        """Return what an engine takes besides numbers, programme and seed."""
        return {"voices": self.voices, "orders": self.orders, "instead": self.instead}


def _graph(kind: str, n: int, seed: int) -> nx.Graph:
    if kind == "gnp":
        return nx.gnp_random_graph(n, min(1.0, 5 / n), seed=seed)
    if kind == "star":
        return nx.star_graph(n - 1)
    if kind == "complete":
        return nx.complete_graph(min(n, 12))
    if kind == "path":
        return nx.path_graph(n)
    return nx.empty_graph(n)


_OUTLETS = st.fixed_dictionaries(
    {"threshold": st.sampled_from([0.0, 0.3, 2.0]), "reach": st.sampled_from([0.1, 0.5, 1.0]),
     "half_life": st.sampled_from([0.0, 3.0]), "lag": st.integers(1, 4), "national": st.booleans(),
     "cost_per_dismissal": st.sampled_from([0.0, 200.0])},
    optional={"tone": st.sampled_from([0.0, 0.4, 1.5]), "sides": st.sampled_from([0.0, 0.5, 1.0]),
              "revises_after": st.integers(1, 6), "tone_after": st.sampled_from([0.2, 2.0]),
              "sides_after": st.sampled_from([-1.0, 0.9]), "acts_after_news": st.sampled_from([-1.0, 0.0, 0.5, 1.0]),
              "acts_from": st.integers(0, 3), "acts_to": st.integers(3, 9), "acts_a_year": st.sampled_from([0.0, 0.9]),
              "complaints_level": st.sampled_from([0.0, 0.5, 5.0]), "case_fee": st.sampled_from([0.0, 650.0]),
              "cases_free": st.integers(0, 2), "settlement": st.sampled_from([0.0, 5000.0]),
              "settles_after": st.integers(0, 20), "spread": st.sampled_from([CONSTANT, LINEAR, COMPETING]),
              "imitation": st.sampled_from([0.0, 0.4, 3.0])},
)  # fmt: skip


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a case: any shape of network, all columns, second rounds, outlets, stop rule, response."""
    seed = draw(st.integers(0, 2**32 - 1))
    graph = _graph(
        draw(st.sampled_from(["gnp", "gnp", "star", "complete", "path", "empty"])), draw(st.integers(1, 40)), seed
    )
    n = graph.number_of_nodes()
    people = some_people(
        n, seed, customers=draw(st.sampled_from([0.4, 0.8, 1.0])), churn=draw(st.sampled_from([0.05, 0.5, 1.0]))
    )
    outlets = outlets_from([draw(_OUTLETS) for _ in range(draw(st.integers(0, 3)))])
    numbers = NUMBERS._replace(
        days=draw(st.sampled_from([1, 31, 75, 120])),
        p_retell=draw(st.sampled_from([0.0, 0.6, 1.0])),
        hearer_strangers=draw(st.sampled_from([0.0, 1.5])),
        talk_days=draw(st.sampled_from([1, 20])),
        sides=draw(st.sampled_from([0.15, 0.6])),
        p_defend=draw(st.sampled_from([0.5, 1.0])),
        p_defend_siding=draw(st.sampled_from([0.0, 1.0])),
        p_stop_when_known=draw(st.sampled_from([0.0, 0.5, 1.0])),
        affected=draw(st.sampled_from([0.0, 0.5, 1.0])),
        beta=draw(st.sampled_from([0.0, 1.0, 3.0])),
        poach=draw(st.sampled_from([0.0, 2.0])),
        poach_after=draw(st.sampled_from([0, 9])),
        unsolved=draw(st.sampled_from([0.0, 0.5, 1.0])),
        beta_join=draw(st.sampled_from([0.0, 4.0])),
        locked=draw(st.sampled_from([0.0, 0.5, 1.0])),
        chi=draw(st.sampled_from([0.0, 1.0])),
        household_follows=draw(st.sampled_from([0.0, 0.6, 1.0])),
        pause_above=draw(st.sampled_from([0.0, 0.4])),
        response_after=draw(st.sampled_from([0, 2])),
        response_severity=0.5, response_news=0.7, response_cost=100.0, programme_cost=50.0,
        response_reinstates=draw(st.sampled_from([0, 0, 1])),
        represents=draw(st.sampled_from([1, 1, 4, 15])),
        contact_lag=draw(st.sampled_from([0, 2, 6])),
        observed_from=draw(st.sampled_from([0, 1])),
        end_month=draw(st.sampled_from([1, 3, 30, FOREVER])),
        join_half_life=draw(st.sampled_from([0.0, 2.0, 300.0])),
        media_rule=draw(st.sampled_from([LEVEL, LEVEL, TASTE, STORY])),
        taste_spread=draw(st.sampled_from([0.0, 1.5])), taste_common=draw(st.sampled_from([0.0, 0.5, 1.0])),
        story_spread=draw(st.sampled_from([0.0, 1.5])), story_rate=draw(st.sampled_from([0.3, 3.0])),
        novelty=draw(st.sampled_from([0.5, 1.0])), coherence=draw(st.sampled_from([0.0, 0.4, 1.0])),
        story_alone=draw(st.sampled_from([0.0, 0.5])),
        report_median=draw(st.sampled_from([0.0, 3.0])), report_spread=1.2,
        found_late=draw(st.sampled_from([0.0, 0.5])), late_from=5, late_to=draw(st.sampled_from([5, 20])),
        second_peak=draw(st.sampled_from([0.0, 0.5, 1.0])), announced_on=draw(st.sampled_from([0, 0, 0, 1, 12])),
        announced_chance=draw(st.sampled_from([0.6, 1.0])), announced_story=draw(st.sampled_from([1, 120, 255])),
        act_size=draw(st.sampled_from([0.0, 3.0])), story_size=draw(st.sampled_from([0.0, 0.5])),
        p_complain=draw(st.sampled_from([0.0, 0.6, 1.0])), complain_from=draw(st.integers(0, 2)),
        complain_to=draw(st.sampled_from([2, 20])), complain_more=draw(st.sampled_from([1.0, 1.44])),
        complaints_half_life=draw(st.sampled_from([5.0, 365.0])),
        complaints_before=draw(st.sampled_from([0.0, 0.0, 2.0])),
        audience_rule=draw(st.sampled_from([PARETO, LOGNORMAL])), followers_median=draw(st.sampled_from([0.0, 4.0])),
        followers_spread=draw(st.sampled_from([0.0, 1.65])), passed_on=draw(st.sampled_from([0.0, 0.05, 1.0])),
        passed_on_tail=1.15,
        rating_effect=draw(st.sampled_from([0.0, 0.0, 0.2, 5.0])), rating_count=draw(st.sampled_from([1.0, 300.0])),
        rating_stars=draw(st.sampled_from([1.0, 4.0])), rating_half_life=draw(st.sampled_from([2.0, 90.0])),
        retelling=draw(st.sampled_from([EXPOSURE, EXPOSURE, THRESHOLD])),
        threshold=draw(st.sampled_from([0.0, 0.1, 0.5])),
        threshold_spread=draw(st.sampled_from([0.0, 0.3])), duration=draw(st.sampled_from([FIXED, GEOMETRIC])),
        talk_mean_days=draw(st.sampled_from([1.0, 4.0])), stopping=draw(st.sampled_from([TELLER, BOTH])),
        hazard_form=draw(st.sampled_from([PROPORTIONAL, ADDITIVE])), reference_churn=draw(st.sampled_from([0.02, 0.3])),
    )  # fmt: skip
    world = world_of(people, some_network(graph, seed, draw(st.booleans())), outlets)
    for account in world.accounts:
        account["follows"] = draw(st.sampled_from([AS_ALL, 0.0, 0.5, 1.0]))
    programme = _programme(draw, people, seed)
    if not len(programme):
        numbers = numbers._replace(announced_on=0)  # there is nothing to announce
    voices, orders = _voices(draw, people, programme), _orders(draw) if len(programme) else no_orders()
    instead = _instead(draw, orders, programme)
    return Case(world, numbers, programme, draw(st.integers(0, 2**64 - 1)), voices, orders, instead)


def _instead(draw: st.DrawFn, orders: Orders, programme: Treatments) -> Treatments:
    """Number the orders that change the programme, and draw what each puts in its place: for the same on those days."""
    changes = np.flatnonzero(orders["action"] == CHANGE)
    orders["instead"][changes] = np.arange(1, len(changes) + 1)
    tables = [programme[:0]]
    for _ in changes:
        other = programme.copy()
        other["grievance"] *= draw(st.sampled_from([0.0, 0.3]))
        other["given"], other["notice"] = 900.0, draw(st.sampled_from([-1, 3]))
        other["news"], other["praise"] = draw(st.sampled_from([0, 13])), draw(st.booleans())
        tables.append(other)
    return np.concatenate(tables)


def _orders(draw: st.DrawFn) -> Orders:
    """Draw up to three orders."""
    orders = np.zeros(draw(st.sampled_from([0, 0, 1, 3])), dtype=ORDER_TYPE)
    for k in range(len(orders)):
        limit = draw(st.sampled_from([0.0, 0.5, 2.0, 9.0]))
        orders[k] = (
            draw(st.integers(BUZZ_ABOVE, COMPLAINTS)), limit, draw(st.sampled_from([0, 1, 6])),
            draw(st.sampled_from([0.5, 1.0])), draw(st.integers(PAUSE, CHANGE)), 0.4, 0.6, 70.0,
            draw(st.sampled_from([0.0, 1.4])), 0,
        )  # fmt: skip
    return orders


def _voices(draw: st.DrawFn, people: pl.People, programme: Treatments) -> Voices:
    """Draw up to two people of note: of those on whom the firm acts, or of all."""
    voices = np.zeros(draw(st.sampled_from([0, 0, 1, 2])) if len(programme) else 0, dtype=VOICE_TYPE)
    for v in range(len(voices)):
        told = draw(st.booleans())
        among = programme["person"] if told else np.arange(len(people))
        who = among[draw(st.integers(0, len(among) - 1))]
        standing = draw(st.sampled_from([1.0, 8.0, 60.0]))
        voices[v] = (who, draw(st.sampled_from([0, 5, 300])), standing, draw(st.integers(1, 9)), told,
                     draw(st.sampled_from([-1, 0, 256])))  # fmt: skip
    return voices


def _programme(draw: st.DrawFn, people: pl.People, seed: int) -> Treatments:
    rng = np.random.default_rng(seed)
    customers = np.flatnonzero(pl.customers(people))
    k = min(len(customers), draw(st.integers(0, 8)))
    if k == 0:
        return nothing()

    def rows(first: int, last: int) -> Treatments:
        known = rng.random(k) < 0.8  # of the others, nobody is told what the firm does to them
        return table(
            person=rng.choice(customers, k, replace=False), day_told=rng.integers(first, last, k),
            notice=rng.choice([-1, 0, 10, 30], k), action=rng.choice([1, 2, 6], k), agreed=rng.random(k) < 0.3,
            waived=rng.random(k) < 0.5, grievance=known * rng.random(k), story=known * rng.integers(0, 256, k),
            news=rng.integers(0, 257, k),
            given=200.0, cost=30.0, p_call=0.5, praise=rng.random(k) < 0.3,
            hazard_multiplier=rng.choice([0.5, 1.0, 1.6], k), apart=rng.choice([0.0, 0.3, 2.0], k),
        )  # fmt: skip

    if draw(st.booleans()):
        return arranged(np.concatenate([rows(0, 20), rows(20, 40)]))
    return rows(0, 20)


def difference(reference: Trace, compiled: Trace) -> str:
    """Return the first day and person on which two traces differ, in words; nothing if they are the same."""
    a, b = reference.events(), compiled.events()
    for k in range(min(len(a), len(b))):
        if a[k] != b[k]:
            return f"day {min(a[k]['day'], b[k]['day'])}, person {a[k]['person']}: reference {a[k]}, compiled {b[k]}"
    if len(a) != len(b):
        longer = a if len(a) > len(b) else b
        return f"only one engine has {longer[min(len(a), len(b))]} ({len(a)} and {len(b)} events)"
    daily = np.argwhere(reference.book.daily != compiled.book.daily)
    if len(daily):
        day, column = daily[0]
        values = reference.book.daily[day, column], compiled.book.daily[day, column]
        return f"day {day}, {tr.DAILY_NAMES[column]}: reference {values[0]}, compiled {values[1]}"
    for name in ("tally", "ledger", "receipts"):
        if not np.array_equal(getattr(reference.book, name), getattr(compiled.book, name)):
            return f"{name} differs"
    for name in ("buzz", "told", "left", "picked_up", "done"):
        if not np.array_equal(getattr(reference, name), getattr(compiled, name)):
            return f"{name} differs"
    return ""


def fingerprint(trace: Trace) -> dict[str, str]:
    """Return a few digits for each part of a trace that is made of whole numbers, by name.

    Buzz is left out: its last bit is the compiler's (exp2 for pow). Everything that came of it is here.
    """
    log = trace.events()
    parts = {f"events.{name}": log[name] for name in log.dtype.names}
    parts |= {name: getattr(trace.book, name) for name in ("daily", "tally", "ledger")}
    parts |= {name: getattr(trace, name) for name in ("told", "left", "picked_up")}
    whole = {name: f"{part.dtype.str}{part.shape}".encode() + part.tobytes() for name, part in parts.items()}
    return {name: hashlib.sha256(content).hexdigest() for name, content in whole.items()}
