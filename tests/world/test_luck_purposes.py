"""Two purposes never share a number: every use of luck is watched, in both engines, the policies and the builders.

``draws.py`` runs without the compiler and tells at which site of the code which number was used. Here stands what each
site uses its number for. A site that is not here, or that takes a number of another purpose, is a fault.
"""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numba
import pytest
from interpreted import run_interpreted

from wom_sim.world.luck import Purpose

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="runs without the compiler anyway")

_ACT = ("hearers_act > _answer", "_answer_of > _answer")
_READS = ("posts", "readers_today")
_BUILD = ("_settle", "_describe_all")
SITES: dict[tuple[str, str], tuple[str, ...]] = {
    ("REACTION", ""): (
        "hearers_act > _takes > reaction: u", "_answer_of > _takes > reaction: u", "decides_as_hearer > reaction: u",
        "decides_as_struck > reaction: u",
    ),
    ("RETELL", ""): (
        *(f"{who} > retells: u" for who in _ACT), "answers > retells > retells: u",
    ),
    ("CALL", ""): (
        *(f"{who}: luck[1]" for who in _ACT), "hearers_decide > plan_call: u",
        "answers > may_call: u",
    ),
    ("DEFEND", ""): (*(f"{who}: luck[2]" for who in _ACT), "answers > defends: defend"),
    ("VICTIM_TALK", ""): ("victims_decide: talk", "_victims_post: talk", "decides_as_victim: talk"),
    ("VICTIM_CALL", ""): (
        "victims_decide > plan_call: u", "victims_decide > plan_further_calls: u", "decides_as_victim > may_call: u",
    ),
    ("VICTIM_POST", ""): ("_victims_post > plan_post: luck[0]", "decides_as_victim > may_post: luck[0]"),
    ("VICTIM_AUDIENCE", ""): (
        *(f"{reads} > audience_of > audience_of_post: u" for reads in _READS),
        "decides_as_victim > may_post > audience > audience_of_post: u",
    ),
    ("HEARER_POST", ""): (
        "hearers_decide > plan_post: luck[0]", "hearers_decide: post", "passes_it_on > may_post: luck[0]",
    ),
    ("HEARER_AUDIENCE", ""): (
        *(f"{reads} > audience_of > audience_of_post: u" for reads in _READS),
        "passes_it_on > may_post > audience > audience_of_post: u",
    ),
    ("STRANGERS", ""): ("strangers_met > poisson_count: u", "plans_to_meet_strangers > poisson_count: u"),
    ("TELL", ""): ("plan_ties: u", "plans_to_tell: u"),
    ("STOP", ""): ("conversations > _who_stops: u", "holds > who_stops: u"),
    ("MEETS", ""): ("conversations > _who_stops: u", "holds > who_stops: u"),
    ("LASTS", ""): (
        *(f"{plan} > lasts > days_of_talk: u" for plan in ("plan_ties", "plan_strangers")),
        *(f"{plan} > days_of_talk > days_of_talk: u" for plan in ("plans_to_tell", "plans_to_meet_strangers")),
    ),
    ("STRANGER", ""): ("plan_strangers: who", "plans_to_meet_strangers: who"),
    ("STRANGER_DELAY", ""): ("plan_strangers > delay_in_days: v", "plans_to_meet_strangers > delay_in_days: v"),
    ("READER", ""): ("> reads: who", "publishes: who"),
    ("READS", ""): ("> reads > reads_it: v", "publishes > reads_it: v"),
    ("LEAVE", ""): (
        "await_bill > first_below: luck", "otherwise_before > first_below: luck", "_stays_or_leaves: u",
        "stays_or_leaves > decision_by > decision: u", "stays_or_leaves > decision_by > decision > blamed: u",
    ),
    ("JOIN", ""): (
        "await_bill > first_below: luck", "otherwise_before > first_below: luck", "_joins_or_not: u",
        "> joins_or_not: u",
    ),
    ("FOLLOW", ""): ("ends_service: u",),
    ("PICKUP", ""): ("outlets_decide: u", "convinces: u"),
    ("STORY", ""): tuple(f"{who} > normal_pair: {z}" for who in ("outlets_decide", "attention") for z in "uv"),
    ("TASTE", ""): tuple(f"{who} > normal_pair: {z}" for who in ("_chance_today", "convinces") for z in "uv"),
    ("REPORTED", ""): (
        *(f"{who} > normal_pair: {z}" for who in ("outlets_decide", "days_until_reported") for z in "uv"),
        "days_until_reported: drawn[2]",
    ),
    ("DISCOVERED", ""): ("days_until_reported: drawn[0]",),
    ("ANNOUNCED", ""): ("outlets_decide > reports_announcement: u", "attention > reports_announcement: u"),
    ("AUTHORITY", ""): (
        *(f"authority_acts > authority_acts: lots[{k}]" for k in range(3)), "authority_acts > moved_by_complaints: u",
    ),
    ("COMPLAINS", ""): ("plan_complaints > kind_of_complaint: u", "may_complain > kind_of_complaint: u"),
    ("COMPLAINS_WHEN", ""): ("plan_complaints > day_of_complaint: v", "may_complain > day_of_complaint: v"),
    ("FOLLOWERS", ""): tuple(f"{who} > normal_pair: {z}" for who in ("audience_of", "audience") for z in "uv"),
    ("PASSED_ON", ""): ("audience_by_followers > widened: u",),
    ("ANECDOTE", ""): ("makes_news > normal_pair: u", "makes_news > normal_pair: v"),
    ("OBEYED", ""): ("obey: u", "firm > obeys"),
    ("OBEYED_WHEN", ""): tuple(f"{who} > normal_pair: {z}" for who in ("obey", "obeys") for z in "uv"),
    ("OF_NOTE", ""): ("voices_of: where",),
    ("IS_THERE", ""): ("voices_of: luck",),
    ("BROADCAST", ""): ("coverage > people_skipped: u", "broadcasts > people_skipped: u"),
    ("AGREE", ""): ("agrees_unasked: luck[0]",),
    ("CHRONIC", ""): ("worth > worth_of: luck[0]", "worth_in > worth_of: luck[0]"),
    ("SETTLES", ""): ("worth > worth_of > months_special: u", "worth_in > worth_of > months_special: u"),
    ("MAIL", ""): ("mail_days: luck[1]",),
    ("WRONG", ""): ("_with_mistakes: u",),
    ("SPARED", ""): ("after_review",),
    ("LEAK", ""): ("leak_day: u",),
    ("APPEAL", ""): ("upheld",),
    ("REFUSED", ""): ("harder_to_move",),
    ("REPLICATION", ""): ("replication_seed",),
    ("INSTEAD", ""): ("_other_customer: who",),
    ("COMMUNITY", ""): tuple(f"{who} > normal_pair: {z}" for who in _BUILD for z in "uv"),
    ("HOUSEHOLD", "size"): ("_settle > household_size: u", "_place > household_size: u"),
    ("HOUSEHOLD", "order"): ("_settle: order",),
    ("HOUSEHOLD", "in common"): tuple(f"{who} > normal_pair: {z}" for who in _BUILD for z in "uv"),
    ("PERSON", ""): ("describe > normal_pair: u", "describe > normal_pair: v"),
    ("PERSON_EXTRA", ""): (
        "> surplus: u_surplus", "describe: u_commitment", "describe: u_contract", "describe: u_day",
    ),
    ("PERSON_SHAPE", ""): ("describe: u_seeker", "> switching_cost: u_switch"),
    ("PLACE", ""): ("_close > shuffle: u",),
    ("CLOSE", ""): ("_close: u", "_close: v"),
    ("ACQUAINTANCES", ""): ("_stubs > normal: u", "_stubs > normal: v", "_stubs: u2", "_stubs: u3"),
    ("TOWN", ""): ("_acquainted > shuffle: u",),
    ("FAR", ""): ("list_stubs > shuffle: u",),
    ("FAR_PARTNER", ""): ("turns: u",),
    ("MODERATES", ""): ("moderates",),
    ("CONVERTS", ""): ("days_until_they_pay",),
    ("TENURE", ""): ("_tenures > months_special: u",),
    ("ANNIVERSARY", ""): ("renewal_days",),
    ("RESAMPLED", ""): ("_lucks_of: a",),
    ("SETTLED_IN", ""): ("_lucks_of: b",),
    ("TERM", ""): ("_lucks_of: c",),
    ("DEALT", ""): ("_lucks_of: d",),
    ("GIVES_WAY", ""): ("_lucks: u",),
}  # fmt: skip
"""(purpose, role) -> ends of the chains of functions that use its numbers. Roles of one purpose differ by key."""

TAKE_THE_BLOCK = (
    "first_below", "shuffle: u", "_settle > normal_pair", "_describe_all > normal_pair",
    "> audience_of >", "outlets_decide > normal_pair", "who_stops",
)  # fmt: skip
"""What serves several purposes: the caller, or the form of word of mouth, says which block."""
LOOKED_AT_MORE_OR_LESS = {"LEAVE", "JOIN", "BROADCAST", "CALL", "STRANGERS"}
"""Of these one engine looks at numbers that the other can do without; what comes of them is the same."""


@cache
def owner(block: int, lane: int) -> Purpose:
    """Return the purpose of a lane; lanes without a name belong to the one before."""
    return max(purpose for purpose in Purpose if purpose >> 2 == block and purpose <= 4 * block + lane)


@cache
def roles_of(purpose: Purpose, site: str) -> tuple[tuple[str, str], ...]:
    """Return what a site uses numbers of a purpose for."""
    return tuple(role for role, ends in SITES.items() if role[0] == purpose.name and site.endswith(ends))


class Use(NamedTuple):
    """A number that was used: where in the program, at which site, and which number."""

    part: str
    site: str
    number: tuple[int, ...]

    @property
    def purpose(self) -> Purpose:
        """Return to which purpose the number belongs."""
        return owner(self.number[0], self.number[1])


@pytest.fixture(scope="module")
def uses() -> list[Use]:
    printed = json.loads(run_interpreted(Path(__file__).with_name("draws.py")))
    return [
        Use(part, site, (block, lane, *key))
        for part, found in printed.items()
        for site, block, lane, keys in found
        for key in keys
    ]


def test_every_site_takes_numbers_of_its_own_purpose(uses):
    strays = {(use.part, use.site, use.purpose.name) for use in uses if not roles_of(use.purpose, use.site)}
    assert strays == set()


def test_a_number_has_one_role(uses):
    """The heart: whoever uses a number, in whichever engine, uses it for the same thing."""
    used_for = defaultdict(set)
    for use in uses:
        used_for[use.number].update(roles_of(use.purpose, use.site))
    assert len(used_for) > 10_000
    assert {number: found for number, found in used_for.items() if len(found) > 1} == {}


def test_roles_of_one_purpose_differ_by_key(uses):
    """Household members share a size, and traits: the same purpose, told apart by ``whom``."""
    size = {use.number for use in uses if use.site.endswith("household_size: u")}
    common = {use.number for use in uses if use.purpose is Purpose.HOUSEHOLD and "normal_pair" in use.site}
    assert size
    assert common
    assert not size & common


def test_every_purpose_was_seen(uses):
    assert {use.purpose for use in uses} == set(Purpose)


def test_a_site_serves_one_purpose():
    for role, ends in SITES.items():
        for other, theirs in SITES.items():
            shared = [end for end in ends if end in theirs and not any(name in end for name in TAKE_THE_BLOCK)]
            assert role == other or not shared, f"{role}, {other}: {shared}"


@pytest.mark.parametrize("purpose", [purpose.name for purpose in Purpose if purpose < Purpose.AGREE])
def test_both_engines_use_the_same_numbers(uses, purpose):
    by_engine = {
        engine: {use.number for use in uses if use.part == engine and use.purpose.name == purpose}
        for engine in ("compiled", "reference")
    }
    compiled, reference = by_engine.values()
    assert compiled
    if purpose in LOOKED_AT_MORE_OR_LESS:
        assert compiled & reference
    else:
        assert compiled == reference
