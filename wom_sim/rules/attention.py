"""Buzz, pick-up by an outlet, reach, and who is reached."""

from __future__ import annotations

import math

from wom_sim._compile import near_rule as rule


@rule
def buzz_of_today(buzz: float, half_life: float, news: float) -> float:
    """Return today's buzz: yesterday's, decayed with ``half_life`` days, plus today's newsworthy posts.

    Unit: posts of newsworthiness 1. Source: press-level half-life 3 days [1-7] (C).

    >>> buzz_of_today(8.0, 3.0, 1.0)
    7.3496...
    """
    return buzz * 2.0 ** (-1.0 / half_life) + news


@rule
def chance_of_pickup(buzz: float, threshold: float) -> float:
    """Return an outlet's chance to pick the story up today: 1 - exp(-(buzz/threshold)^2).

    Convex: one angry customer is an anecdote, fifty with the same letter are news. Assumption: the square.
    A threshold of 0 picks up on any day, whatever the buzz.

    >>> chance_of_pickup(0.0, 10.0), round(chance_of_pickup(10.0, 10.0), 4)
    (0.0, 0.6321)
    """
    if threshold <= 0.0:
        return 1.0
    ratio = buzz / threshold
    return 1.0 - math.exp(-ratio * ratio)


LEVEL, TASTE, STORY = range(3)
"""How a story becomes news, by number; see ``media.rule``."""


@rule
def luck_of_story(spread: float, z: float) -> float:
    """Return how good a story is, or how an outlet's taste differs: exp(spread x z), 1 in the middle; ``z`` is normal.

    Source: of twenty cases the number of people hardly decided, the story did (C). Assumption: the form.

    >>> luck_of_story(1.5, 0.0), round(luck_of_story(1.5, 1.0), 2)
    (1.0, 4.48)
    """
    return math.exp(spread * z)


@rule
def own_threshold(threshold: float, spread: float, common: float, z_story: float, z_own: float) -> float:
    """Return the buzz at which an outlet reports this story: its usual threshold, times luck drawn once for the story.

    ``common`` is the share of the variance that outlets have in common: a dull story is dull for all of them.
    Assumption: the form, and the share.

    >>> own_threshold(20.0, 1.5, 0.5, 0.0, 0.0), round(own_threshold(20.0, 1.5, 1.0, -1.0, 3.0), 2)
    (20.0, 4.46)
    """
    return threshold * luck_of_story(spread, math.sqrt(common) * z_story + math.sqrt(1.0 - common) * z_own)


@rule
def intensity_of_story(luck: float, novelty: float, buzz: float) -> float:
    """Return how much a story that many tell is worth reporting: luck x novelty x log(1 + posts with proof).

    Source: between 400 and 40,000 dismissed the number hardly mattered; the first of its kind did (C).

    >>> intensity_of_story(1.0, 1.0, 0.0), round(intensity_of_story(2.0, 0.5, 20.0), 2)
    (0.0, 3.04)
    """
    return luck * novelty * math.log1p(buzz)


@rule
def intensity_of_post(
    luck: float, novelty: float, news: float, standing: float, coherence: float, alone: float
) -> float:
    """Return how much one post is worth reporting by itself, beside the story that it is a part of.

    Where all tell the same (``coherence`` 1) nothing, for then it counts in the buzz; where each case has its own
    reasons (0) the share ``alone`` of what it would be worth as a story. ``standing`` multiplies, so that a person of
    note is enough alone. Source: a recorded call by one man was national news in a day; drips were quiet for years,
    until one person made them news (A, C). Assumption: the form.

    >>> intensity_of_post(1.0, 1.0, 1.0, 1.0, 1.0, 0.1), round(intensity_of_post(1.0, 1.0, 1.0, 60.0, 1.0, 0.1), 2)
    (0.0, 40.9)
    """
    return luck * novelty * math.log1p(news) * (alone * (1.0 - coherence) + max(0.0, standing - 1.0))


@rule
def units_of_intensity(intensity: float) -> int:
    """Return an intensity in whole 1/4096, so that the sum over the posts of a day does not depend on their order.

    >>> units_of_intensity(0.5), units_of_intensity(0.0)
    (2048, 0)
    """
    return int(min(intensity, 1.0e9) * 4096.0 + 0.5)


@rule
def chance_of_report(intensity: float, rate: float, threshold: float) -> float:
    """Return an outlet's chance to report a story of so much ``intensity`` today.

    1 - exp(-rate x intensity / log(1 + threshold)): at a rate of 1 a story of middling luck, told by as many as the
    threshold says, is reported with 63 % a day. Assumption: the form.

    >>> round(chance_of_report(math.log1p(20.0), 1.0, 20.0), 4), chance_of_report(0.0, 1.0, 20.0)
    (0.6321, 0.0)
    """
    if threshold <= 0.0:
        return 1.0
    return 1.0 - math.exp(-rate * intensity / math.log1p(threshold))


@rule
def chance_today(
    which: int, today: tuple[float, float, float], outlet: tuple[float, float, float], coherence: float
) -> float:
    """Return an outlet's chance to report today, by the rule ``which``.

    ``today`` is (buzz, the most newsworthy post of the day times the standing of who wrote it, intensity); ``outlet``
    is (threshold, its own for this story, rate). By ``LEVEL`` the buzz moves it, again each day. By ``TASTE`` it
    reports on the first day on which what is told passes its own threshold: time alone adds nothing. By ``STORY`` it
    reports at a rate that follows the intensity. By these two, cases that do not make one story (``coherence``) add up
    to less. Assumption: that these three are the rules worth trying; which of them holds is not known.

    >>> [chance_today(TASTE, (3.0, 0.0, 0.0), (9.0, own, 1.0), 1.0) for own in (2.0, 4.0)]
    [1.0, 0.0]
    """
    if which == TASTE:
        level = max(today[0] * coherence, today[1])
        return 1.0 if outlet[0] <= 0.0 or (level > 0.0 and level >= outlet[1]) else 0.0
    if which == STORY:
        return chance_of_report(today[2], outlet[2], outlet[0])
    return chance_of_pickup(today[0], outlet[0])


@rule
def size_of_news(told: float, coherence: float, buzz: float, act: float, story: float) -> float:
    """Return how large a story is, so that it can hardly stay hidden: 1 where it is as large as ``act`` or ``story``.

    ``told`` people were told, of whom ``coherence`` is the share that is one story; ``buzz`` posts tell of it. ``act``
    and ``story`` are how many of these make a size of 1 (0: does not matter). Assumption: that the two add up.

    >>> size_of_news(20_000.0, 1.0, 3.0, 10_000.0, 0.0), size_of_news(40_000.0, 0.5, 3.0, 10_000.0, 30.0)
    (2.0, 2.1)
    """
    size = told * coherence / act if act > 0.0 else 0.0
    return size + buzz / story if story > 0.0 else size


@rule
def chance_to_be_late(usual: float, size: float) -> float:
    """Return the chance that a story is found only after months: less for a large one, half at a size of 1.

    Source: of 14 stories a quarter were found late, none of which told many at once (B). Assumption: the form.

    >>> chance_to_be_late(0.25, 0.0), chance_to_be_late(0.25, 1.0)
    (0.25, 0.125)
    """
    return usual / (1.0 + size)


@rule
def days_until_reported(
    drawn: tuple[float, float, float], delay: tuple[float, float], found_late: tuple[float, int, int],
    heat: tuple[float, float],
) -> int:  # fmt: skip
    """Return how many days pass from the day on which a story convinces an outlet to the first report.

    ``drawn`` is (uniform, normal, uniform); ``delay`` (median in days, spread of the log-normal); ``found_late`` (share
    of stories that are found late, after how many days at least and at most); ``heat`` (buzz, size of the story), which
    make the delay shorter, and the size a late find less likely. Source: 14 cases: three quarters within days, median
    3, a quarter after 60 to 300 days (B). Assumption: how much shorter.

    >>> days_until_reported((0.9, 0.0, 0.5), (3.0, 1.2), (0.25, 60, 300), (0.0, 0.0))
    3
    >>> [days_until_reported((0.1, 0.0, 0.5), (3.0, 1.2), (0.25, 60, 300), (0.0, size)) for size in (0.0, 9.0)]
    [180, 0]
    """
    if drawn[0] < chance_to_be_late(found_late[0], heat[1]):
        return found_late[1] + int(drawn[2] * (found_late[2] - found_late[1] + 1))
    if delay[0] <= 0.0:
        return 0
    faster = 1.0 + math.log1p(heat[0]) + math.log1p(heat[1])
    return int(min(delay[0] * math.exp(delay[1] * drawn[1]) / faster, 36500.0))


@rule
def reach_on_day(reach: float, half_life: float, days: int) -> float:
    """Return the chance that an outlet reaches a person ``days`` after its coverage began.

    A ``half_life`` of 0 means that coverage does not fade. Assumption: exponential fading.

    >>> reach_on_day(0.1, 3.0, 3), reach_on_day(0.1, 0.0, 300)
    (0.05, 0.1)
    """
    if half_life <= 0.0:
        return reach
    return reach * 2.0 ** (-days / half_life)


@rule
def reach_after_move(reach: float, half_life: float, days: int, peak: float) -> float:
    """Return the chance that coverage reaches a person because the firm moved (responded) ``days`` ago.

    ``peak`` is the share of the first day's reach; it fades twice as fast as the story did. None before the move
    (``days`` negative). Source: attention has one more peak when the firm gives in (17 retreats; C).

    >>> reach_after_move(0.1, 4.0, -1, 0.5), reach_after_move(0.1, 4.0, 0, 0.5), reach_after_move(0.1, 4.0, 2, 0.5)
    (0.0, 0.05, 0.025)
    """
    if days < 0 or peak <= 0.0:
        return 0.0
    return peak * reach_on_day(reach, 0.5 * half_life, days)


@rule
def reports_announcement(u: float, chance: float, asks: float) -> bool:
    """Return whether an outlet reports what the firm announces, ``u`` below the ``chance``.

    An authority ``asks`` so much for each customer dismissed, and is no press. Assumption: it acts on complaints alone.

    >>> reports_announcement(0.5, 0.6, 0.0), reports_announcement(0.5, 0.6, 200.0)
    (True, False)
    """
    return asks <= 0.0 and u < chance


@rule
def authority_acts(
    lots: tuple[float, float, float], passed: tuple[int, int], after_news: tuple[float, int, int], a_year: float
) -> bool:
    """Return whether an authority has begun to act by now.

    ``passed`` are the days since the first national report, and since the first customer was told (negative: not yet).
    ``after_news`` is (chance, least and most days until it speaks); ``a_year`` its chance a year without a report. The
    three numbers ``lots`` are drawn once. Source: after news .3, 5 to 20 days; without .05 a year (C). Assumption:
    each day of that span is as likely.

    >>> after = (0.3, 5, 20)
    >>> [authority_acts((0.2, 0.5, 0.9), (days, 30), after, 0.05) for days in (12, 13)]
    [False, True]
    >>> [authority_acts((0.9, 0.5, 0.04), (-1, days), after, 0.05) for days in (200, 365)]
    [False, True]
    """
    speaks = after_news[1] + int(lots[1] * (after_news[2] - after_news[1] + 1))
    if passed[0] >= speaks and lots[0] < after_news[0]:
        return True
    return passed[1] >= 0 and lots[2] < 1.0 - (1.0 - a_year) ** (passed[1] / 365.0)


@rule
def days_since_report(day: int, picked_up: int, lag: int, announced_on: int) -> int:
    """Return how many days ago an outlet first reported: ``lag`` days after it picked a story up; negative before.

    ``announced_on`` is the day after the one on which the firm told the press itself, 0 for never: what it says need
    not be found out first, and is read on the next day. Source: what was announced was news on day 0 to 1 (A).

    >>> days_since_report(10, 6, 3, 0), days_since_report(10, 6, 3, 7), days_since_report(7, 6, 3, 0)
    (1, 3, -2)
    """
    if announced_on > 0 and picked_up + 1 == announced_on:
        lag = min(lag, 1)
    return day - picked_up - lag


@rule
def days_of_coverage(days: int, revises_after: int) -> int:
    """Return how many days old an outlet's coverage is, ``days`` after it began: it starts anew on a change of mind.

    ``revises_after`` is the day of the change, 0 for none. Source: an opinion leader first called it sensible, and
    wrote again when he thought better of it (case documents, S). Assumption: as many read the second piece.

    >>> days_of_coverage(3, 0), days_of_coverage(3, 5), days_of_coverage(5, 5), days_of_coverage(7, 5)
    (3, 3, 0, 2)
    """
    if 0 < revises_after <= days:
        return days - revises_after
    return days


@rule
def told_by_outlet(before: float, after: float, days: int, revises_after: int) -> float:
    """Return what holds ``days`` after coverage began: ``before``, or ``after`` once the outlet has changed its mind.

    Source: an opinion leader who revised (case documents, S). Assumption: all at once.

    >>> told_by_outlet(0.5, 0.1, 4, 5), told_by_outlet(0.5, 0.1, 5, 5), told_by_outlet(0.5, 0.1, 5, 0)
    (0.5, 0.1, 0.5)
    """
    if 0 < revises_after <= days:
        return after
    return before


@rule
def effect_of_response(effect: float, days: int, prompt_days: int, late: float) -> float:
    """Return the factor of a response on the newsworthiness of posts; a late one has the share ``late`` of the effect.

    Source: speed matters (Herhausen et al. 2019, A). Assumption: how much, and from when.

    >>> effect_of_response(0.6, 2, 2, 0.5), effect_of_response(0.6, 3, 2, 0.5)
    (0.6, 0.8)
    """
    if days <= prompt_days:
        return effect
    return 1.0 + late * (effect - 1.0)


@rule
def skip_length(p: float) -> float:
    """Return the scale of the skips of a broadcast of reach ``p``: 1 / log(1 - p), negative; 0 if it reaches all.

    >>> skip_length(1.0), round(skip_length(0.5), 4), skip_length(0.0)
    (0.0, -1.4427, -inf)
    """
    if p >= 1.0:
        return 0.0
    if p <= 0.0:
        return -math.inf
    return 1.0 / math.log1p(-p)


@rule
def people_skipped(u: float, length: float) -> int:
    """Return how many people a broadcast skips before the next one it reaches: geometric, by inversion of ``u``.

    ``u`` in (0, 1); ``length`` is ``skip_length`` of the reach. A broadcast of reach p thus visits p x N people, not N.

    >>> half = skip_length(0.5)
    >>> people_skipped(0.3, skip_length(1.0)), people_skipped(0.6, half), people_skipped(0.4, half)
    (0, 0, 1)
    """
    return int(min(math.log(u) * length, 4.0e9))
