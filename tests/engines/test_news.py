"""What becomes news, in runs: the rules that compete, people of note, announcements, reports that come late."""

from __future__ import annotations

import math

import numpy as np
import pytest
from worlds import NUMBERS, outlets_of, some_people, world_of

from wom_sim.engines.compiled import Engine
from wom_sim.networks.convert import from_networkx
from wom_sim.rules.attention import LEVEL, STORY, TASTE, luck_of_story
from wom_sim.world import people as pl
from wom_sim.world import trace as tr
from wom_sim.world.luck import BLOCK_ANECDOTE, BLOCK_STORY, four, replication_seed
from wom_sim.world.numbers import Numbers
from wom_sim.world.shuffle import normal_pair
from wom_sim.world.treatments import table
from wom_sim.world.voices import VOICE_CODE, VOICE_TYPE, Voices
from wom_sim.world.world import World

nx = pytest.importorskip("networkx")

QUIET = NUMBERS._replace(p_retell=0.0, p_post=0.0, p_post_hearer=0.0, victim_strangers=0.0, corroboration_boost=0.0)
"""Nobody tells anybody, and nobody posts, unless a test says so."""
RUNS = 400


def firm(people: int = 40, threshold: float = 20.0) -> World:
    """Return people without ties and one national outlet."""
    crowd = some_people(people, 1, customers=1.0, churn=0.0)
    outlet = outlets_of([(threshold, 0.2, 3.0, 1, True, 0.0)])
    return world_of(crowd, from_networkx(nx.empty_graph(people)), outlet)


def told(world: World, days: list[int], news: int = 256, **columns: object) -> np.ndarray:
    """Return letters to the first customers, one on each of the days."""
    who = np.flatnonzero(pl.customers(world.people))[: len(days)]
    return table(person=who, day_told=days, grievance=1.0, story=200, news=news, **columns)


def voice(world: World, *, standing: float, told: bool = True, after: int = 1, audience: int = 5) -> Voices:
    """Return one person of note: the first customer."""
    one = np.zeros(1, dtype=VOICE_TYPE)
    one[0] = (int(np.flatnonzero(pl.customers(world.people))[0]), audience, standing, after, told, -1)
    return one


def reported(world: World, numbers: Numbers, programme: np.ndarray, voices: Voices | None = None) -> np.ndarray:
    """Return the day of the first report in many runs, -1 for none."""
    engine = Engine(world)
    days = [engine.run(numbers, programme, _seed(k), voices=voices).picked_up[0] for k in range(RUNS)]
    return np.array(days)


def _seed(k: int) -> int:
    return replication_seed(11, k)


def near(share: float, expected: float, runs: int = RUNS) -> bool:
    """Return whether a share of runs is within four standard errors of what is expected."""
    return abs(share - expected) <= 4.0 * math.sqrt(max(expected * (1.0 - expected), 1e-9) / runs) + 1e-12


# -- taste -------------------------------------------------------------------------------------------------


@pytest.mark.science
def test_by_taste_time_alone_adds_nothing():
    """The same small post every day, for ever: news on the first day on which the level is reached, or never."""
    world = firm(40, threshold=3.0)
    numbers = QUIET._replace(media_rule=TASTE, days=400, p_post=1.0, post_half_life=1.0, post_days=1)
    daily = told(world, list(range(0, 200, 5)))
    peak = Engine(world).run(numbers, daily, 7).buzz.max()
    assert 1.0 < peak < 3.0
    assert (reported(world, numbers, daily) == -1).all()
    by_level = reported(world, numbers._replace(media_rule=LEVEL), daily)
    assert (by_level >= 0).all(), "by level, time alone makes news of it"


def test_by_taste_the_chance_is_that_of_a_threshold_below_the_peak():
    """Own threshold = 3 exp(1.5 z), so it is below the peak of the buzz with chance Phi(log(peak / 3) / 1.5)."""
    world = firm(40, threshold=3.0)
    numbers = QUIET._replace(
        media_rule=TASTE, taste_spread=1.5, taste_common=0.5, p_post=1.0, post_half_life=1.0, post_days=1, days=60
    )
    daily = told(world, list(range(0, 50, 5)))
    peak = Engine(world).run(numbers, daily, 7).buzz.max()
    expected = 0.5 * (1.0 + math.erf(math.log(peak / 3.0) / 1.5 / math.sqrt(2.0)))
    assert near(float((reported(world, numbers, daily) >= 0).mean()), expected)


# -- story -------------------------------------------------------------------------------------------------


def story_numbers(**changes: float) -> Numbers:
    return QUIET._replace(
        media_rule=STORY, story_spread=1.5, p_post=1.0, post_half_life=1.0, post_days=1, days=60, **changes
    )


def expected_chance(world: World, numbers: Numbers, programme: np.ndarray, threshold: float) -> float:
    """Return the mean chance of news, from each run's luck and buzz, written out without the engine's rules."""
    chances = []
    for k in range(RUNS):
        trace = Engine(world).run(numbers, programme, _seed(k), events=True)
        seed = np.uint64(_seed(k))
        u, v, _, _ = four(seed, BLOCK_STORY, 0, 0, 0)
        story = luck_of_story(numbers.story_spread, normal_pair(u, v)[0])
        log = trace.events()
        quiet = 1.0
        for day, buzz in enumerate(trace.buzz):
            intensity = story * numbers.novelty * math.log1p(buzz * numbers.coherence)
            for post in log[(log["event"] == tr.NEWS) & (log["day"] == day)]:
                who = int(post["person"])
                a, b, _, _ = four(seed, BLOCK_ANECDOTE, who, 0, 1)
                own = luck_of_story(numbers.story_spread, normal_pair(a, b)[0])
                own *= numbers.story_alone * (1.0 - numbers.coherence)
                intensity += own * numbers.novelty * math.log1p(post["amount"] / 256.0)
            quiet *= math.exp(-numbers.story_rate * intensity / math.log1p(threshold))
        chances.append(1.0 - quiet)
    return float(np.mean(chances))


@pytest.mark.parametrize("coherence", [0.0, 0.4, 1.0])
def test_by_story_the_chance_is_what_luck_posts_and_coherence_say(coherence):
    world = firm(60, threshold=20.0)
    numbers = story_numbers(coherence=coherence, story_rate=0.2, story_alone=0.5)
    programme = told(world, [0] * 12)
    found = float((reported(world, numbers, programme) >= 0).mean())
    assert 0.1 < found < 0.95
    assert near(found, expected_chance(world, numbers, programme, 20.0))


def test_by_story_ten_times_as_many_letters_are_far_from_ten_times_the_chance():
    world = firm(300, threshold=20.0)
    numbers = story_numbers(story_rate=0.05)
    shares = [float((reported(world, numbers, told(world, [0] * n)) >= 0).mean()) for n in (20, 200)]
    assert shares[0] < shares[1] < 2.5 * shares[0]


# -- people of note ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rule", "anybody"), [(LEVEL, 0.1), (TASTE, 0.1), (STORY, 0.25)])
def test_one_person_of_note_is_enough_and_anybody_else_is_not(rule, anybody):
    world = firm(40, threshold=20.0)
    numbers = QUIET._replace(media_rule=rule, story_spread=1.5, story_rate=0.1, taste_spread=0.5, taste_common=0.5)
    alone = told(world, [0])
    shares = [float((reported(world, numbers, alone, voice(world, standing=s)) >= 0).mean()) for s in (1.0, 60.0)]
    assert shares[0] < anybody
    assert shares[1] > 0.8


def test_who_is_told_speaks_of_that_to_as_many_as_read_them():
    world = firm(400)
    log = Engine(world).run(
        QUIET, told(world, [4]), 5, voices=voice(world, standing=8.0, after=3, audience=60), events=True
    ).events()  # fmt: skip
    posts, news = log[log["event"] == tr.POSTS], log[log["event"] == tr.NEWS]
    assert posts[["day", "amount"]].tolist() == [(7, 60)]
    assert news["amount"].tolist() == [8 * 256]
    assert 40 < (log["event"] == tr.HEARD).sum() <= 60


def test_who_only_comments_speaks_after_the_first_who_is_told():
    world = firm(400)
    spoken = Engine(world).run(
        QUIET, told(world, [4, 9]), 5, voices=voice(world, standing=8.0, told=False, after=2), events=True
    ).events()  # fmt: skip
    assert spoken[spoken["event"] == tr.POSTS]["day"].tolist() == [6]


def test_nobody_of_note_speaks_of_what_is_hidden():
    world = firm(40)
    secret = table(person=[0], day_told=[0], story=0, grievance=0.0)
    log = Engine(world).run(QUIET, secret, 5, voices=voice(world, standing=60.0), events=True).events()
    assert not (log["event"] == tr.POSTS).any()


def test_what_a_person_of_note_writes_has_readers_of_its_own():
    assert VOICE_CODE == 2**11 - 1
    assert VOICE_CODE > 256, "a turn and the code of hearers lie below"


# -- announcements, and reports that come late --------------------------------------------------------------


@pytest.mark.parametrize("chance", [0.0, 0.6, 1.0])
def test_what_is_announced_is_reported_that_day_with_the_chance_that_is_given(chance):
    world = firm(40, threshold=1e9)
    numbers = QUIET._replace(announced_on=3, announced_chance=chance, announced_story=90)
    days = reported(world, numbers, told(world, [5, 6]))
    assert set(days.tolist()) <= {-1, 2}
    assert near(float((days == 2).mean()), chance)


def test_an_announcement_reaches_people_before_anybody_is_told():
    world = firm(2000, threshold=1e9)
    numbers = QUIET._replace(announced_on=1, announced_chance=1.0, announced_story=90)
    trace = Engine(world).run(numbers, told(world, [20]), 3, events=True)
    heard = trace.events()[trace.events()["event"] == tr.HEARD]
    assert heard["day"].min() == 1
    assert (heard["day"] < 20).mean() > 0.9


def test_what_is_announced_is_read_the_next_day_however_long_an_outlet_takes_else():
    crowd = some_people(2000, 1, customers=1.0, churn=0.0)
    slow = outlets_of([(1e9, 0.2, 3.0, 7, True, 0.0)])
    world = world_of(crowd, from_networkx(nx.empty_graph(2000)), slow)
    numbers = QUIET._replace(announced_on=5, announced_chance=1.0, announced_story=90)
    heard = Engine(world).run(numbers, told(world, [20]), 3, events=True).events()
    assert heard["day"][heard["event"] == tr.HEARD].min() == 5
    found_out = world_of(crowd, from_networkx(nx.empty_graph(2000)), outlets_of([(0.0, 0.2, 3.0, 7, True, 0.0)]))
    heard = Engine(found_out).run(QUIET, told(found_out, [20]), 3, events=True).events()
    by_outlet = (heard["event"] == tr.HEARD) & (heard["source"] >> tr.SOURCE_SHIFT == tr.BY_OUTLET)
    assert heard["day"][by_outlet].min() == 27


def test_an_authority_does_not_act_because_the_firm_told_the_press():
    crowd = some_people(40, 1, customers=1.0, churn=0.0)
    both = outlets_of([(1e9, 0.2, 3.0, 1, True, 0.0), (1e9, 0.2, 3.0, 1, False, 200.0)])
    world = world_of(crowd, from_networkx(nx.empty_graph(40)), both)
    numbers = QUIET._replace(announced_on=3, announced_chance=1.0, announced_story=90)
    assert Engine(world).run(numbers, told(world, [5]), 3).picked_up.tolist() == [2, -1]


def authority(acts: float, a_year: float, national: float = 0.0) -> World:
    """Return people, a national outlet with a threshold and an authority that acts by news alone."""
    crowd = some_people(40, 1, customers=1.0, churn=0.0)
    both = outlets_of([(national, 0.2, 3.0, 1, True, 0.0), (0.0, 0.0, 3.0, 1, False, 200.0)])
    both["acts_after_news"][1], both["acts_from"][1], both["acts_to"][1], both["acts_a_year"][1] = acts, 5, 20, a_year
    return world_of(crowd, from_networkx(nx.empty_graph(40)), both)


def test_an_authority_acts_after_news_with_its_chance_and_in_its_time():
    world = authority(0.3, 0.0)
    engine = Engine(world)
    days = np.array([engine.run(QUIET, told(world, [2]), _seed(k)).picked_up for k in range(RUNS)])
    after = (days[:, 1] - days[:, 0])[days[:, 1] >= 0]
    assert (days[:, 0] == 2).all()
    assert near(float((days[:, 1] >= 0).mean()), 0.3)
    assert after.min() >= 5
    assert after.max() <= 20
    assert len(set(after.tolist())) > 10


def test_without_news_an_authority_acts_in_so_many_years():
    numbers = QUIET._replace(days=365)
    world = authority(1.0, 0.2, 1e9)
    engine = Engine(world)
    days = np.array([engine.run(numbers, told(world, [0]), _seed(k)).picked_up for k in range(RUNS)])
    assert (days[:, 0] == -1).all()
    assert near(float((days[:, 1] >= 0).mean()), 0.2 * 364 / 365)


def test_an_authority_does_not_act_on_what_was_never_done():
    world = authority(1.0, 1.0)
    assert Engine(world).run(QUIET, told(world, [])[:0], 1).picked_up.tolist() == [-1, -1]


def test_a_share_of_stories_is_found_only_after_months():
    world = firm(40, threshold=0.0)
    numbers = QUIET._replace(days=400, found_late=0.25, late_from=60, late_to=300, report_median=3.0, report_spread=1.2)
    days = reported(world, numbers, told(world, [0]))
    late = days >= 60
    assert near(float(late.mean()), 0.25)
    assert days[late].max() <= 300
    assert 100 < np.mean(days[late]) < 260, "evenly between"
    soon = days[~late]
    assert abs(np.mean(soon < 3) - 0.5) < 4.0 * 0.5 / math.sqrt(len(soon)), "half of the others within the median"


def test_when_the_firm_moves_there_is_a_second_peak():
    world = firm(20_000, threshold=0.0)
    numbers = QUIET._replace(response_after=8, second_peak=0.5)
    once = Engine(world).run(numbers._replace(second_peak=0.0), told(world, [0]), 3).book.daily[:, tr.D_COVERAGE]
    twice = Engine(world).run(numbers, told(world, [0]), 3).book.daily[:, tr.D_COVERAGE]
    first = int(np.flatnonzero(once)[0])
    assert np.array_equal(once[: first + 7], twice[: first + 7])
    more = (twice - once)[first + 7 :]
    assert abs(more[0] / once[first] - 0.5) < 0.1
    assert more[3] < 0.5 * more[0], "it fades twice as fast"
