"""Acts of a log of a few events, traced to origins that are written down: the cases that random worlds seldom have."""

from __future__ import annotations

import numpy as np
import pytest

from wom_sim.outcomes.acts import CALL, DEPARTURE, JOIN_GAINED, JOIN_LOST, OTHER_DEPARTURE, PREVENTED, acts_of
from wom_sim.outcomes.attribution import Traced, traced
from wom_sim.outcomes.doses import HOUSEHOLD_LEFT, TIE_LEFT, first_way, main_way
from wom_sim.outcomes.origins import NOBODY, Media
from wom_sim.world import trace as tr

CUSTOMER, PROFITABLE, TREATED = tr.G_CUSTOMER, tr.G_CUSTOMER | tr.G_PROFITABLE, tr.G_CUSTOMER | tr.G_TREATED
MEDIA = Media(buzz_half_life=2.0, response_news=0.25)


def by(channel: int, who: int = 0) -> int:
    return channel << tr.SOURCE_SHIFT | who


def log(*events: tuple) -> np.ndarray:
    """Return a log from (day, event, person, further columns by name)."""
    found = np.zeros(len(events), dtype=tr.LOG_TYPE)
    found["source"], found["line"], found["group"] = tr.NO_SOURCE, tr.NO_LINE, CUSTOMER
    for row, (day, event, person, more) in zip(found, events, strict=True):
        row["day"], row["event"], row["person"] = day, event, person
        for name, value in more.items():
            row[name] = value
    return found


def told(day, person):
    return day, tr.TOLD, person, {"group": TREATED, "source": by(tr.FIRM)}


def heard(day, person, channel, who):
    return day, tr.HEARD, person, {"source": by(channel, who)}


def news(day, person, amount):
    return day, tr.NEWS, person, {"amount": amount}


def left(day, person, source, **more):
    return day, tr.LEFT, person, {"source": source, "cause": tr.STORY, "group": PROFITABLE, "label": tr.BECAUSE} | more


def dose(day, person, channel, amount, label=tr.BECAUSE):
    return day, tr.DOSE, person, {"source": by(channel, 1), "amount": amount, "label": label}


def origins(found: Traced, act: int = 0) -> list[tuple]:
    """Return (share, root, outlet, steps, path) of an act."""
    o, mine = found.origins, found.origins.act == act
    return list(zip(*(part[mine].tolist() for part in (o.share, o.root, o.outlet, o.steps, o.path)), strict=True))


def coverage(found: Traced, outlet: int) -> dict[tuple[int, int], float]:
    c = found.coverage[outlet]
    assert c.share.dtype == np.float64
    return dict(zip(zip(c.root.tolist(), c.steps.tolist(), strict=True), c.share.tolist(), strict=True))


# -- acts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "group", "label", "effect", "number", "lasting", "good"),
    [
        (tr.LEFT, PROFITABLE, tr.BECAUSE, DEPARTURE, 1, 1, False),
        (tr.LEFT, CUSTOMER, tr.BECAUSE, OTHER_DEPARTURE, 1, 1, False),
        (tr.LEFT, PROFITABLE, tr.EARLIER, DEPARTURE, 1, 0, False),
        (tr.LEFT, PROFITABLE, tr.LATER, PREVENTED, -1, -1, True),
        (tr.STAYED, PROFITABLE, tr.PREVENTED, PREVENTED, 1, 1, True),
        (tr.JOINED, tr.G_PROSPECT, tr.BECAUSE, JOIN_GAINED, 1, 1, True),
        (tr.JOINED, tr.G_PROSPECT, tr.EARLIER, JOIN_GAINED, 1, 0, True),
        (tr.JOINED, tr.G_PROSPECT, tr.LATER, JOIN_LOST, -1, -1, False),
        (tr.NOT_JOINED, tr.G_PROSPECT, tr.PREVENTED, JOIN_LOST, 1, 1, False),
        (tr.CALLS, CUSTOMER, tr.NONE, CALL, 1, 1, False),
        (tr.CALLS, TREATED, tr.NONE, CALL, 1, 1, False),
    ],
)
def test_an_act_by_event_group_and_label(event, group, label, effect, number, lasting, good):
    made = log((4, event, 6, {"group": group, "label": label, "cause": tr.STORY, "amount": -70, "source": by(2, 5)}))
    found = acts_of(made)
    values = [getattr(found, name).tolist() for name in ("effect", "number", "lasting", "good", "person", "day")]
    assert values == [[effect], [number], [lasting], [good], [6], [4]]
    assert found.amount.tolist() == [-70]
    assert found.cause.tolist() == [tr.STORY]
    assert found.source.tolist() == [by(tr.FIRM) if group == TREATED else by(2, 5)]


def test_those_whom_the_firm_acted_on_have_no_act_but_calls_and_acts_are_in_order():
    made = log(
        (3, tr.CALLS, 2, {}), (3, tr.LEFT, 9, {}), (3, tr.LEFT, 1, {}), (2, tr.STAYED, 8, {}),
        (1, tr.LEFT, 4, {"group": TREATED}), (1, tr.STAYED, 4, {"group": TREATED}), (1, tr.TALKS, 5, {}),
        (1, tr.JOINED, 4, {"group": TREATED}), (1, tr.NOT_JOINED, 4, {"group": TREATED}),
    )  # fmt: skip
    assert list(zip(acts_of(made).day.tolist(), acts_of(made).person.tolist(), strict=True)) == [
        (2, 8), (3, 2), (3, 1), (3, 9),
    ]  # fmt: skip
    assert acts_of(log()).person.tolist() == []


# -- who told whom -------------------------------------------------------------------------------------------


def test_a_chain_ends_with_whom_the_firm_had_acted_on():
    """1 was told by the firm and told 2, a close tie; 2 told 3, of the household; 3 leaves."""
    found = traced(
        log(told(0, 1), heard(1, 2, tr.BY_CLOSE, 1), heard(2, 3, tr.BY_HOUSEHOLD, 2), left(5, 3, by(1, 2))), MEDIA
    )
    assert origins(found) == [(1.0, 1, -1, 2, tr.BY_CLOSE << 3 | tr.BY_HOUSEHOLD)]


@pytest.mark.parametrize(("day", "root", "steps"), [(1, 2, 1), (2, 2, 1), (3, 1, 2)])
def test_whom_the_firm_told_later_is_no_beginning(day, root, steps):
    """2 heard of it from 1, told 3 on day 2, and was told by the firm on a day before, the same day, or after."""
    made = log(
        told(0, 1), heard(1, 2, tr.BY_CLOSE, 1), told(day, 2), told(9, 2), heard(2, 3, tr.BY_CLOSE, 2),
        left(5, 3, by(tr.BY_CLOSE, 2)),
    )  # fmt: skip
    (share, found, outlet, many, _), = origins(traced(made, MEDIA))  # fmt: skip
    assert (share, found, outlet, many) == (1.0, root, -1, steps)


def test_a_source_that_was_not_the_first_hearing_counts_on_the_day_of_the_act():
    """3 first heard of 1 on day 1; what moved them on day 5 was 2, whom the firm had told on day 3."""
    made = log(told(0, 1), heard(1, 3, tr.BY_CLOSE, 1), heard(2, 2, tr.BY_CLOSE, 1), told(3, 2), left(5, 3, by(4, 2)))
    assert origins(traced(made, MEDIA)) == [(1.0, 2, -1, 1, 4)]
    early = log(told(0, 1), heard(1, 3, tr.BY_CLOSE, 1), heard(2, 2, tr.BY_CLOSE, 1), told(6, 2), left(5, 3, by(4, 2)))
    assert origins(traced(early, MEDIA)) == [(1.0, 1, -1, 2, tr.BY_CLOSE << 3 | 4)]


def test_who_had_it_from_nobody_or_from_the_firm():
    made = log(left(5, 3, tr.NO_SOURCE), left(6, 4, by(tr.FIRM)))
    found = traced(made, MEDIA)
    assert origins(found, 0) == [(1.0, NOBODY, -1, 0, 0)]
    assert origins(found, 1) == [(1.0, 4, -1, 0, 0)]


def test_of_a_path_the_last_twenty_tellings_are_kept():
    """A chain of 25: all steps are counted, and the path holds the twenty nearest to the act."""
    channels = [1 + k % 5 for k in range(25)]
    events = [heard(k + 1, k + 1, channels[k], k) for k in range(25)]
    found = traced(log(told(0, 0), *events, left(40, 25, by(channels[24], 24))), MEDIA)
    code = 0
    for channel in channels[-20:]:
        code = code << 3 | channel
    assert origins(found) == [(1.0, 0, -1, 25, code)]


# -- outlets -------------------------------------------------------------------------------------------------


def test_an_outlet_has_its_story_from_posts_by_what_each_still_weighs():
    """Half-life 2 days, pick-up on day 4: 8 of day 0 weigh 2, 3 of day 2 weigh 1.5, 4 of day 4 weigh 4; after the
    firm's response on day 4 a quarter, so 1. What comes later, and what weighs nothing, does not count."""
    made = log(
        told(0, 1), told(0, 2), heard(1, 3, tr.BY_CLOSE, 2), news(0, 1, 8), news(2, 3, 3), news(4, 2, 4), news(4, 9, 0),
        news(5, 1, 100), (4, tr.RESPONDS, 0, {}), (6, tr.RESPONDS, 0, {}), (4, tr.PICKED_UP, 0, {}),
        heard(5, 7, tr.BY_OUTLET, 0), left(6, 7, by(tr.BY_OUTLET, 0)),
    )  # fmt: skip
    found = traced(made, MEDIA)
    assert coverage(found, 0) == pytest.approx({(1, 1): 2 / 4.5, (2, 2): 1.5 / 4.5, (2, 1): 1 / 4.5})
    assert origins(found) == [(1.0, NOBODY, 0, 1, tr.BY_OUTLET)]


def test_without_a_response_posts_weigh_in_full_and_without_memory_those_of_the_day_alone():
    made = log(told(0, 1), told(0, 2), news(2, 1, 8), news(4, 2, 4), (4, tr.PICKED_UP, 0, {}))
    assert coverage(traced(made, MEDIA), 0) == pytest.approx({(1, 1): 0.5, (2, 1): 0.5})
    assert coverage(traced(made, Media(0.0, 0.25)), 0) == {(2, 1): 1.0}


def test_two_posts_with_one_origin_are_one_row():
    made = log(told(0, 1), told(0, 2), news(3, 1, 3), news(3, 2, 2), news(3, 1, 5), (3, tr.PICKED_UP, 0, {}))
    assert coverage(traced(made, MEDIA), 0) == {(1, 1): 0.8, (2, 1): 0.2}


def test_an_outlet_without_a_post_has_its_story_from_nobody():
    assert coverage(traced(log((3, tr.PICKED_UP, 2, {})), MEDIA), 2) == {(NOBODY, 0): 1.0}
    late = log(news(4, 1, 5), (3, tr.PICKED_UP, 2, {}))
    assert coverage(traced(late, MEDIA), 2) == {(NOBODY, 0): 1.0}


def test_an_outlet_may_have_its_story_through_another_outlet():
    """1 posts, the forum reports. 5 heard of the forum and posts; 6 heard of 5 and posts; 1 posts again. Each weighs 1
    on day 3, when the paper reports: of 5 it is three tellings from 1, of 6 four."""
    made = log(
        told(0, 1), news(1, 1, 2), (1, tr.PICKED_UP, 0, {}), heard(1, 5, tr.BY_OUTLET, 0), news(3, 5, 1),
        heard(2, 6, tr.BY_CLOSE, 5), news(3, 6, 1), (3, tr.PICKED_UP, 1, {}),
    )  # fmt: skip
    found = traced(made, MEDIA)
    assert coverage(found, 0) == {(1, 1): 1.0}
    assert coverage(found, 1) == pytest.approx({(1, 1): 1 / 3, (1, 3): 1 / 3, (1, 4): 1 / 3})


def test_outlets_are_followed_in_order_of_their_day():
    """The paper (0) has it through the forum (1), which reported earlier, though its number is larger."""
    made = log(
        told(0, 1), news(1, 1, 4), heard(2, 5, tr.BY_OUTLET, 1), news(3, 5, 2), (3, tr.PICKED_UP, 0, {}),
        (1, tr.PICKED_UP, 1, {}),
    )  # fmt: skip
    assert coverage(traced(made, MEDIA), 0) == pytest.approx({(1, 1): 0.5, (1, 3): 0.5})


def test_who_posts_was_told_by_the_firm_if_it_had_acted_by_then():
    made = log(
        told(0, 1), heard(1, 2, tr.BY_CLOSE, 1), told(3, 2), news(2, 2, 1), news(3, 2, 1), (3, tr.PICKED_UP, 0, {})
    )
    found = coverage(traced(made, Media(1e9, 1.0)), 0)
    assert found == pytest.approx({(1, 2): 0.5, (2, 1): 0.5})


# -- ties ----------------------------------------------------------------------------------------------------


def tie(day, person, other, amount):
    return day, tr.TIE, person, {"source": by(tr.BY_CLOSE, other), "amount": amount}


def test_a_departure_that_ties_tipped_has_the_origins_of_the_ties():
    """2 left because of 1's story; 3 was let go. 4 leaves as 2 (weight 3) and 3 (weight 1) had left; 5 leaves as 4
    had."""
    tipped = {"cause": tr.CONTAGION}
    made = log(
        told(0, 1), told(0, 3), heard(1, 2, tr.BY_CLOSE, 1), left(2, 2, by(tr.BY_CLOSE, 1)),
        tie(4, 4, 2, 3), tie(4, 4, 3, 1), left(4, 4, by(tr.BY_POST, 8), **tipped),
        tie(5, 5, 4, 2), left(5, 5, tr.NO_SOURCE, **tipped), (6, tr.CALLS, 4, {"source": by(tr.BY_CLOSE, 1)}),
    )  # fmt: skip
    found = traced(made, MEDIA)
    assert found.acts.person.tolist() == [2, 4, 5, 4]
    assert found.origins.act.tolist() == [0, 1, 1, 2, 2, 3]
    assert origins(found, 1) == [(0.75, 1, -1, 2, tr.BY_CLOSE), (0.25, 3, -1, 1, 0)]
    assert origins(found, 2) == [(0.75, 1, -1, 3, tr.BY_CLOSE), (0.25, 3, -1, 2, 0)]
    assert origins(found, 3) == [(1.0, 1, -1, 1, tr.BY_CLOSE)]  # a call is no departure
    assert main_way(found.doses, 4).tolist() == [tr.BY_CLOSE, TIE_LEFT, TIE_LEFT, tr.BY_CLOSE]


def test_a_departure_with_the_household_is_a_way_of_its_own_and_a_stay_is_not():
    made = log(
        told(0, 1), left(2, 2, by(tr.BY_HOUSEHOLD, 1), cause=tr.WITH_HOUSEHOLD),
        (3, tr.STAYED, 4, {"cause": tr.CONTAGION, "label": tr.PREVENTED, "source": by(tr.BY_CLOSE, 1)}),
    )  # fmt: skip
    assert first_way(acts_of(made)).tolist() == [HOUSEHOLD_LEFT, tr.BY_CLOSE]


# -- doses ---------------------------------------------------------------------------------------------------


def shares(found: Traced, act: int) -> dict[int, float]:
    d, mine = found.doses, found.doses.act == act
    return dict(zip(d.channel[mine].tolist(), d.share[mine].tolist(), strict=True))


def test_doses_by_channel_of_the_person_and_the_day():
    made = log(
        told(0, 1), heard(1, 2, tr.BY_CLOSE, 1), heard(1, 3, tr.BY_POST, 1),
        dose(5, 2, tr.BY_CLOSE, 30), dose(5, 2, tr.BY_POST, 10), dose(4, 2, tr.BY_OUTLET, 99),
        dose(5, 2, tr.BY_OUTLET, 77, tr.PREVENTED), left(5, 2, by(tr.BY_CLOSE, 1)), left(6, 3, by(tr.BY_POST, 1)),
    )  # fmt: skip
    found = traced(made, MEDIA)
    assert shares(found, 0) == {tr.BY_CLOSE: 0.75, tr.BY_POST: 0.25}
    assert shares(found, 1) == {tr.BY_POST: 1.0}  # no dose is known: by whom they were first told
    assert main_way(found.doses, 2).tolist() == [tr.BY_CLOSE, tr.BY_POST]


def test_praise_counts_for_what_is_good_for_the_firm():
    made = log(
        told(0, 1), dose(5, 2, tr.BY_CLOSE, 30, tr.PREVENTED), dose(5, 2, tr.BY_POST, 10, tr.PREVENTED),
        dose(5, 2, tr.BY_OUTLET, 50), (5, tr.STAYED, 2, {"label": tr.PREVENTED, "source": by(tr.BY_CLOSE, 1)}),
    )  # fmt: skip
    assert shares(traced(made, MEDIA), 0) == {tr.BY_CLOSE: 0.75, tr.BY_POST: 0.25}


def test_who_acts_twice_on_a_day_has_the_doses_of_the_day_once_for_each():
    """2 calls and leaves on day 5, and what they had heard is in the log twice."""
    twice = [dose(5, 2, tr.BY_CLOSE, 30), dose(5, 2, tr.BY_POST, 10)] * 2
    call = 5, tr.CALLS, 2, {"source": by(tr.BY_CLOSE, 1)}
    found = traced(log(told(0, 1), *twice, call, left(5, 2, by(tr.BY_CLOSE, 1)), left(5, 3, by(2, 1))), MEDIA)
    assert found.acts.person.tolist() == [2, 2, 3]
    for act in (0, 1):
        assert shares(found, act) == {tr.BY_CLOSE: 0.75, tr.BY_POST: 0.25}
    assert shares(found, 2) == {tr.BY_CLOSE: 1.0}


def test_whom_the_firm_told_was_moved_by_the_firm():
    made = log(told(0, 2), dose(5, 2, tr.BY_CLOSE, 30), (5, tr.CALLS, 2, {"group": TREATED, "source": by(2, 1)}))
    found = traced(made, MEDIA)
    assert shares(found, 0) == {tr.FIRM: 1.0}
    assert origins(found) == [(1.0, 2, -1, 0, 0)]


def test_of_equal_doses_the_first_channel_is_the_main_one():
    made = log(told(0, 1), dose(5, 2, tr.BY_POST, 10), dose(5, 2, tr.BY_CLOSE, 10), left(5, 2, by(tr.BY_POST, 1)))
    assert main_way(traced(made, MEDIA).doses, 1).tolist() == [tr.BY_CLOSE]


def test_an_empty_log_has_nothing_to_trace():
    found = traced(log(), MEDIA)
    assert [len(part) for part in (*found.acts, *found.origins, *found.doses)] == [0] * 18
    assert found.coverage == {}
