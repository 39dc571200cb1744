"""Whether one talks, whom one tells, when, and whether one posts."""

from __future__ import annotations

import math

from wom_sim._compile import near_rule as rule


@rule
def chance_to_talk(p_talk: float, grievance: float) -> float:
    """Return the chance that someone the firm acted on talks about it.

    Source: 74 % complained or told others (RightNow/Harris 2007, A); proportional to grievance: Assumption.

    >>> chance_to_talk(0.9, 0.5)
    0.45
    """
    return min(1.0, p_talk * grievance)


@rule
def chance_to_retell(p_retell: float, severity: float, talkativeness: float) -> float:
    """Return the chance that someone who heard the story passes it on. ``talkativeness`` has mean 1.

    Assumption: proportional to severity and talkativeness.

    >>> chance_to_retell(0.1, 0.5, 2.0)
    0.1
    """
    return min(1.0, p_retell * severity * talkativeness)


@rule
def chance_to_post(p_post: float, talkativeness: float) -> float:
    """Return the chance that a talker also posts in public.

    Source: 13 % posted after bad service (RightNow/Harris 2007, A, self-reported).

    >>> chance_to_post(0.13, 1.0)
    0.13
    """
    return min(1.0, p_post * talkativeness)


@rule
def share_within(half_life: float, longest: int) -> float:
    """Return the share of an exponential delay with ``half_life`` days that lies within ``longest`` days.

    >>> share_within(4.0, 4)
    0.5
    """
    return 1.0 - 2.0 ** (-longest / half_life)


@rule
def delay_in_days(v: float, half_life: float, longest: int, within: float) -> int:
    """Return the delay in days, 1..``longest``: exponential with ``half_life`` days, truncated.

    ``v`` in [0, 1) is a uniform number; what is left of a draw u < p, namely u/p, serves, so that one draw
    decides whether and when. ``within`` is ``share_within(half_life, longest)``. Assumption: the exponential form.

    >>> delay_in_days(0.0, 4.0, 30, share_within(4.0, 30)), delay_in_days(0.999999, 4.0, 30, share_within(4.0, 30))
    (1, 30)
    """
    if longest <= 1:
        return 1
    day = 1 + int(-half_life * math.log2(1.0 - v * within))
    return min(day, longest)


@rule
def poisson_count(u: float, mean: float) -> int:
    """Return a Poisson count by inversion of ``u``: how many strangers a talker meets.

    Assumption: meetings with strangers are independent. Means up to 700.

    >>> poisson_count(0.5, 3.0)
    3
    """
    if mean <= 0.0:
        return 0
    term = math.exp(-mean)
    total = term
    count = 0
    while u >= total and count < 2000:
        count += 1
        term *= mean / count
        total += term
    return count


@rule
def audience_of_post(u: float, least: float, tail: float, most: float) -> int:
    """Return how many people read a post: Pareto from ``least`` with exponent ``tail``, capped at ``most``.

    ``u`` in (0, 1), small is large. Source: 3.3 % of negative posts go viral (Herhausen et al. 2019, A) and
    popularity is heavy-tailed (Wu & Huberman 2007, A); the Pareto form is C.

    >>> audience_of_post(1.0, 20.0, 1.0, 1e6), audience_of_post(0.01, 20.0, 1.0, 1e6)
    (20, 2000)
    """
    if least <= 0.0 or most <= 0.0:
        return 0
    return int(min(most, least * u ** (-1.0 / tail)))


@rule
def mean_audience(least: float, tail: float, most: float) -> float:
    """Return how many people read a post on average: the mean of what ``audience_of_post`` draws.

    >>> round(mean_audience(20.0, 2.0, 1e12)), round(mean_audience(20.0, 1.0, 200.0), 2), mean_audience(20.0, 2.0, 20.0)
    (40, 66.05, 20.0)
    """
    if least <= 0.0 or most <= least:
        return max(0.0, min(least, most))
    span, power = math.log(most) - math.log(least), 1.0 - tail
    return least * (1.0 + (span if power == 0.0 else math.expm1(power * span) / power))


PARETO, LOGNORMAL = range(2)
"""How audiences differ, by number; see ``behaviour.talking.audience``."""


@rule
def followers_of(median: float, spread: float, z: float) -> float:
    """Return how many follow a person: log-normal, the same for all that they write; ``z`` is normal.

    Source: in 2013 the median of active accounts was 61, 1,000 the 96th percentile, 3,000 the 99th (B; the fit C).

    >>> followers_of(61.0, 1.65, 0.0), round(followers_of(61.0, 1.65, 1.75))
    (61.0, 1095)
    """
    return median * math.exp(spread * z)


@rule
def mean_followers(median: float, spread: float) -> float:
    """Return how many follow a person on average: the mean of what ``followers_of`` draws.

    Source: the mean of a log-normal number.

    >>> round(mean_followers(61.0, 1.65))
    238
    """
    return median * math.exp(0.5 * spread * spread)


@rule
def widened(u: float, passed_on: float, tail: float) -> float:
    """Return by how much a post is wider for being passed on: 1 for most; Pareto for the share that is ``passed_on``.

    Trees are shallow: what widens a post is the largest account that passes it on. ``u`` in (0, 1), small is wide.
    Source: .05 of posts are passed on at all, 100 times or more .00025, by one broadcast rather than by many hands
    (Goel et al. 2012, 2016; B); so the exponent is 1.15 (C).

    >>> widened(0.5, 0.05, 1.15), round(widened(0.00025, 0.05, 1.15))
    (1.0, 100)
    """
    if u >= passed_on:
        return 1.0
    return (u / passed_on) ** (-1.0 / tail)


@rule
def audience_of_tree(followers: float, wider: float, most: float) -> int:
    """Return how many people read a post of somebody with ``followers``, ``wider`` as passed on, at most ``most``.

    Assumption: each follower reads it.

    >>> audience_of_tree(61.4, 1.0, 1e6), audience_of_tree(61.0, 1e9, 1e6)
    (61, 1000000)
    """
    return int(min(most, followers * wider))


@rule
def audience_by_followers(
    own_luck: tuple[float, float], follow: tuple[float, float], pass_on: tuple[float, float], most: float
) -> int:
    """Return how many people read a post of somebody with followers, at most ``most``.

    ``own_luck`` is (normal number of the person, uniform number of the post); ``follow`` (median, spread) of followers;
    ``pass_on`` (share of posts, exponent of the tail). Source: of ``followers_of``, ``widened``, ``audience_of_tree``.

    >>> audience_by_followers((0.0, 0.5), (61.0, 1.65), (0.05, 1.15), 1e6)
    61
    """
    wider = widened(own_luck[1], pass_on[0], pass_on[1])
    return audience_of_tree(followers_of(follow[0], follow[1], own_luck[0]), wider, most)


CALL_WITHIN = 7.0
"""Days within which a hearer calls service, if at all."""
MOST_FURTHER_CALLS = 7
"""How often one calls again at most: then one gives up. Assumption."""


@rule
def further_calls(v: float, unsolved: float, most: int) -> int:
    """Return how often one calls again, because the matter was not solved: geometric, at most ``most`` times.

    ``v`` in [0, 1) is a uniform number, what is left of that of ``day_of_call``. Source: where the first call solved
    a fifth less, customers called twice as often until it was solved (Sprint 2007, A): ``unsolved`` .5.

    >>> further_calls(0.05, 0.5, 7), further_calls(0.1, 0.5, 7), further_calls(0.14, 0.5, 7)
    (0, 1, 5)
    """
    if unsolved <= 0.0:
        return 0
    left = CALL_WITHIN * v
    left -= int(left)
    if unsolved >= 1.0:
        return most
    return int(min(float(most), math.log(1.0 - left) / math.log(unsolved)))


@rule
def day_of_call(v: float) -> int:
    """Return after how many days (1..7) a hearer calls service, from a uniform ``v`` in [0, 1).

    Source: calls come within a week (half-life 7 days, EVIDENCE section 8, C).

    >>> day_of_call(0.0), day_of_call(0.99)
    (1, 7)
    """
    return 1 + min(6, int(CALL_WITHIN * v))
