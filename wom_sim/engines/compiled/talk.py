"""Telling: a dose that arrives, and conversations, posts and calls that are planned."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import inlined, part
from wom_sim.engines.compiled.calendar import CALL, CONVERSATION, POST, Calendar, pack, schedule
from wom_sim.engines.compiled.reasons import count_dose
from wom_sim.engines.compiled.state import (
    FRESH_COUNT,
    FROM_THE_FIRM,
    STRUCK,
    STRUCK_COUNT,
    Run,
    made_rare,
    new_row,
    was_wronged,
)
from wom_sim.rules.fairness import story_severity
from wom_sim.rules.hearing import dose_units
from wom_sim.rules.spreading import days_of_talk
from wom_sim.rules.talking import (
    LOGNORMAL,
    MOST_FURTHER_CALLS,
    audience_by_followers,
    audience_of_post,
    chance_to_post,
    day_of_call,
    delay_in_days,
    further_calls,
    poisson_count,
    share_within,
)
from wom_sim.world import trace as tr
from wom_sim.world.luck import (
    BLOCK_AUDIENCE,
    BLOCK_STRANGER,
    BLOCK_TALKER,
    BLOCK_TELL,
    BLOCK_VICTIM,
    first_words,
    four,
    stranger,
    unit,
)
from wom_sim.world.shuffle import normal_pair
from wom_sim.world.tie_rows import CLASS_BITS, CLASS_MASK, degree_of, ties_into
from wom_sim.world.treatments import STORY_UNIT

HEARER = _NO = np.int64(0)
"""Typed, so that functions are compiled for one set of types only. HEARER is the code of what a hearer tells; what
someone tells whom the firm told has the code round + 1."""


@inlined
def dose(run: Run, channel: int, story: int, climate: tuple[float, float], tone: float = 1.0) -> int:
    """Return the dose of one telling; ``climate`` is (corroboration, response), ``tone`` the teller's own factor."""
    severity = story_severity(story / STORY_UNIT * tone, climate[0], climate[1])
    return dose_units(run.numbers[0].weight[channel], severity)


@inlined
def hears(run: Run, i: int, day: int, source: int, story: int, units: int, praise: bool) -> None:
    """Give person ``i`` a dose; on first hearing remember from whom (the lowest source of the day).

    How bad the story is, is remembered from the first day on which it does harm.
    """
    state = run.state
    if run.doses.size > 0:
        count_dose(run.doses, run.outlets.size, i, source, units, praise)
    at = np.int64(run.place[i])
    if at == 0:
        at = new_row(run, i)
    if state[at].heard == 0:
        state[at].heard = day + 1
        state[at].source = source
        run.fresh[run.count[FRESH_COUNT]] = at
        run.count[FRESH_COUNT] += 1
        if not praise:
            state[at].story = story
    elif state[at].heard == day + 1 and state[at].source != FROM_THE_FIRM:
        state[at].source = min(np.int64(state[at].source), source)
        if not praise:
            state[at].story = max(np.int64(state[at].story), story)
    elif not praise and units > 0:
        if state[at].harm == 0 and not was_wronged(run, i):
            _strike(run, i, at)
        if state[at].marks & STRUCK:
            state[at].story = max(np.int64(state[at].story), story)
    if praise:
        k = made_rare(run, i)
        run.rare[k].praise = min(65535, np.int64(run.rare[k].praise) + units)
    else:
        state[at].harm = min(65535, np.int64(state[at].harm) + units)
    state[at].last = day + 1


@part
def _strike(run: Run, i: int, at: int) -> None:
    """Note that person ``i``, of row ``at``, who knew good of the firm, hears something bad for the first time."""
    run.state[at].marks |= STRUCK
    run.struck[run.count[STRUCK_COUNT]] = i
    run.count[STRUCK_COUNT] += 1


@inlined
def strangers_met(run: Run, who: int, code: int, mean: float) -> int:
    """Return how many random people someone who talks meets."""
    if mean <= 0.0:
        return 0
    _, _, u, _ = four(run.seed, BLOCK_TALKER, who, 0, code)
    return poisson_count(u, mean)


@inlined
def lasts(run: Run, who: int, code: int) -> int:
    """Return for how many days someone talks; the luck of it is made only where it counts."""
    p = run.numbers[0]
    u = 0.0
    if p.duration != 0:
        _, _, _, u = four(run.seed, BLOCK_TALKER, who, 0, code)
    return days_of_talk(p.duration, u, p.talk_mean_days, p.talk_days)


LANES = 64
"""Ties for which there is room; who has more gets room of their own."""


@inlined
def plan_ties(
    run: Run, calendar: Calendar, who: int, day: int, tells: tuple[float, float, float], what: tuple[int, int, int],
    within: float, words: NDArray[np.uint32],
) -> int:  # fmt: skip
    """Plan, for each tie, whether and when to tell it; ``what`` is (code, story, 1 if praise). Counts them.

    ``within`` is ``share_within`` of the delays; ``words`` is room for LANES ties and their luck, which is made in one
    go.
    """
    code, story, praise = what
    half_life, longest = run.numbers[0].talk_half_life, run.numbers[0].talk_days
    graded = run.network.strength.size > 0
    planned, ends, number = 0, lasts(run, who, code), degree_of(run.network, who)
    if number > words.shape[1]:
        words = np.empty((2, number), dtype=np.uint32)
    ties = words[0, : ties_into(run.network, who, words[0])]
    luck = first_words(run.seed, BLOCK_TELL, who, (ties, CLASS_BITS), code, words[1])
    for k in range(ties.size):
        kind = np.int64(ties[k] & CLASS_MASK)
        chance = tells[kind]
        if graded:
            chance *= run.network.strength[run.network.begins[who] + k]
        u = unit(luck[k])
        if u < chance:
            after = delay_in_days(u / chance, half_life, longest, within)
            other = np.int64(ties[k] >> CLASS_BITS)
            if after <= ends:
                schedule(calendar, CONVERSATION, day + after, who, other, pack(kind + 1, praise, story, code, _NO))
                planned += 1
    return planned


@inlined
def plan_strangers(run: Run, calendar: Calendar, who: int, day: int, mean: float, what: tuple[int, int, int]) -> int:
    """Plan to tell random people; ``what`` is (code, story, 1 if praise). Returns the number planned."""
    code, story, praise = what
    half_life, longest = run.numbers[0].stranger_half_life, run.numbers[0].talk_days
    planned = 0
    number = strangers_met(run, who, code, mean)
    if number == 0:
        return 0
    within, ends = share_within(half_life, longest), lasts(run, who, code)
    for occasion in range(number):
        other, v = stranger(run.seed, BLOCK_STRANGER, who, occasion, code, run.network.pool)
        after = delay_in_days(v, half_life, longest, within)
        if other != who and after <= ends:
            when = day + after
            schedule(calendar, CONVERSATION, when, who, other, pack(np.int64(tr.BY_STRANGER), praise, story, code, _NO))
            planned += 1
    return planned


@part
def plan_post(
    run: Run, calendar: Calendar, who: int, day: int, luck: tuple[float, float], what: tuple[int, int, int, int],
    member: int,
) -> None:  # fmt: skip
    """Plan a post, perhaps; ``luck`` is (u, chance), ``what`` (code, story, news, praise).

    ``member`` counts those for whom the person stands: 0 is the person, who posts for one only.
    """
    p = run.numbers[0]
    chance = chance_to_post(luck[1], 1.0)
    if luck[0] < chance:
        within = share_within(p.post_half_life, p.post_days)
        when = day + delay_in_days(luck[0] / chance, p.post_half_life, p.post_days, within)
        meta = pack(np.int64(tr.BY_POST), what[3], what[1], what[0], what[2])
        schedule(calendar, POST, when, who, member, meta)


@part
def audience_of(run: Run, who: int, member: int, code: int) -> int:
    """Return how many people read the post of ``member`` of those for whom ``who`` stands; ``code`` as told."""
    p = run.numbers[0]
    if p.audience_rule == LOGNORMAL:
        u, v, _, _ = four(run.seed, BLOCK_AUDIENCE, who, member, 0)
        _, _, passed, _ = four(run.seed, BLOCK_AUDIENCE, who, member, code)
        follow, pass_on = (p.followers_median, p.followers_spread), (p.passed_on, p.passed_on_tail)
        return audience_by_followers((normal_pair(u, v)[0], passed), follow, pass_on, p.audience_most)
    if code == HEARER:
        _, luck, _, _ = four(run.seed, BLOCK_TALKER, who, member, 0)
    else:
        _, _, _, luck = four(run.seed, BLOCK_VICTIM, who, member, code - 1)
    return audience_of_post(luck, p.audience_least, p.audience_tail, p.audience_most)


@inlined
def plan_call(calendar: Calendar, who: int, day: int, u: float, chance: float) -> None:
    """Plan a call to service, perhaps."""
    if u < chance:
        schedule(calendar, CALL, day + day_of_call(u / chance), who, 0, 0)


@inlined
def plan_further_calls(run: Run, calendar: Calendar, who: int, day: int, u: float, chance: float) -> None:
    """Plan the calls that follow the first, until the matter is solved."""
    p = run.numbers[0]
    if u < chance:
        when = day + day_of_call(u / chance)
        for _ in range(further_calls(u / chance, p.unsolved, MOST_FURTHER_CALLS)):
            when += p.calls_again_after
            schedule(calendar, CALL, when, who, 0, 0)
