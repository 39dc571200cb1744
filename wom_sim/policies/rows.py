"""From chosen people to rows of the treatments table: when they are told, what they are given, how they feel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import kernel
from wom_sim.policies.choosing import wrongly_chosen
from wom_sim.policies.feelings import grievances, news_of, observed, parts_of
from wom_sim.policies.setting import Setting
from wom_sim.rules.fairness import by_mistake, forewarned, reservation_value
from wom_sim.world import treatments
from wom_sim.world.luck import BLOCK_POLICY, Purpose, four, uniform
from wom_sim.world.people import SEEKER, People
from wom_sim.world.switching import Switching, surplus, switching_cost
from wom_sim.world.treatments import STORY_UNIT, Treatments

_SHORTEST_MAIL, _LONGEST_MAIL = 2, 4
_IN_PERSON = ("phone", "personal")


@kernel
def mail_days(who: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """Return after how many days a letter arrives: 2 to 4. Assumption: ordinary post."""
    out = np.empty(who.size, dtype=np.int64)
    for k in range(who.size):
        luck = four(seed, BLOCK_POLICY, who[k], 0, 0)
        out[k] = _SHORTEST_MAIL + int(luck[1] * (_LONGEST_MAIL - _SHORTEST_MAIL + 1))
    return out


@kernel
def agrees_unasked(people: People, who: NDArray[np.int64], chance: float, seed: int) -> NDArray[np.bool_]:
    """Return who agrees to go without an offer; those who call for credits never do."""
    out = np.empty(who.size, dtype=np.bool_)
    for k in range(who.size):
        luck = four(seed, BLOCK_POLICY, who[k], 0, 0)
        out[k] = luck[0] < chance and (people[who[k]].traits & SEEKER) == 0
    return out


@kernel
def accepts(people: People, switching: Switching, who: NDArray[np.int64], offer: float) -> NDArray[np.bool_]:
    """Return who takes an offer (currency): those whose reservation value it covers."""
    out = np.empty(who.size, dtype=np.bool_)
    for k in range(who.size):
        cost, lost = switching_cost(people, switching, who[k]), surplus(people, switching, who[k])
        out[k] = offer >= reservation_value(cost, lost)
    return out


def days_of_work(setting: Setting, number: int) -> NDArray[np.int64]:
    """Return the day on which the firm deals with the 1st, 2nd, ... person: all at once, or so many a day."""
    levers = setting.levers
    position = np.arange(number, dtype=np.int64)
    if levers.per_day <= 0.0:
        return np.full(number, levers.start_day, dtype=np.int64)
    return levers.start_day + np.floor(position / levers.per_day).astype(np.int64)


def days_apart(setting: Setting) -> float:
    """Return how many days lie between two of those for whom a person stands, where they are dealt with in turn."""
    levers = setting.levers
    return 1.0 / (levers.per_day * setting.represents) if setting.represents > 1 and levers.per_day > 0.0 else 0.0


def arrives(setting: Setting, who: NDArray[np.int64], sent: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the day on which each is told: the day it is sent, and the days of the post if it is a letter."""
    return sent + mail_days(who, setting.seed) if setting.levers.channel == "letter" else sent


def rows(
    setting: Setting,
    who: NDArray[np.int64],
    told: NDArray[np.int64],
    agreed: NDArray[np.bool_],
    action: int,
    goes: NDArray[np.bool_] | None = None,
) -> Treatments:
    """Return a table of one action on the people ``who`` under the levers.

    ``goes`` says whose service ends; if left out, a dismissal ends everyone's, an offer that of who agreed.
    Someone chosen by mistake never agrees, unless they take an offer; then they have the worse story of a mistake. An
    appeal gives most of them their service back before it ends, with the fee and the anger that they have by then.
    """
    levers, scores = setting.levers, setting.scores
    wrong = wrongly_chosen(setting, who)
    agreed = agreed if action == treatments.OFFER else agreed & ~wrong
    wronged, worse = wrong & ~agreed, scores.mistake
    name = treatments.ACTION_NAMES[action]
    given = levers.fee_waived + levers.balance_waived + levers.payment
    covered = (given, harder_to_move(setting, who, action))
    felt = grievances(setting, who, agreed, covered, parts_of(levers, scores, name))
    if action == treatments.DISMISS:
        felt *= forewarned(float(levers.notice_days), float(levers.help_to_move), *scores.forewarned)
    felt = np.where(wronged, by_mistake(felt, worse["grievance"]), felt)
    if levers.grievance is not None:
        felt = np.full(len(who), levers.grievance)
    p_call = scores.p_call_victim * (1.0 if levers.please_call else scores.p_call_unasked)
    p_call *= scores.p_call_for.get(name, 1.0)
    leaves = _service_ends(action, agreed) if goes is None else goes
    if levers.appeal and action != treatments.OFFER:
        leaves = leaves & ~upheld(setting, who, wrong)
    paid = levers.fee_waived * scores.fees_collectable + levers.balance_waived + levers.payment
    return treatments.table(
        person=who,
        day_told=told,
        notice=np.where(leaves, levers.notice_days, -1),
        action=action,
        agreed=agreed,
        waived=leaves & (levers.fee_waived > 0.0),
        grievance=felt,
        story=np.rint(STORY_UNIT * observed(levers, scores, name, wronged)),
        news=np.rint(256 * news_of(levers, scores, name, wronged)),
        given=np.where(leaves, paid, 0.0),
        cost=scores.handling[levers.channel] + work_on_a_case(setting),
        p_call=np.where(wronged, by_mistake(p_call, worse["call"]), p_call),
        apart=days_apart(setting),
    )


def harder_to_move(setting: Setting, who: NDArray[np.int64], action: int) -> NDArray[np.float64]:
    """Return the factor on each person's cost of switching: higher for who is dismissed and refused by other firms.

    Help to find another provider finds one that takes them.
    """
    out, (share, factor) = np.ones(len(who)), setting.scores.refused
    if action != treatments.DISMISS or share <= 0.0 or setting.levers.help_to_move:
        return out
    number = int(Purpose.REFUSED)
    for k in range(len(who)):
        if uniform(setting.seed, number, who[k], 0, 0) < share:
            out[k] = factor
    return out


def upheld(setting: Setting, who: NDArray[np.int64], wrong: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return whose appeal is upheld, so that their service does not end: of those chosen by mistake alone, most."""
    out = np.zeros(len(who), dtype=bool)
    number, share = int(Purpose.APPEAL), setting.scores.mistake["upheld"]
    for k in np.flatnonzero(wrong):
        out[k] = uniform(setting.seed, number, who[k], 0, 0) < share
    return out


def work_on_a_case(setting: Setting) -> float:
    """Return what a case costs beside telling the person (currency): carrying it out, and a review, if any."""
    review = setting.scores.handling["review"] if setting.levers.individual_review else 0.0
    return setting.levers.cost_each + review


def _service_ends(action: int, agreed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return whose service an action ends: a dismissal everyone's, an offer that of who agreed, else nobody's."""
    if action == treatments.OFFER:
        return agreed
    return np.full(len(agreed), action == treatments.DISMISS)


def chance_to_agree(setting: Setting) -> float:
    """Return the chance to agree without an offer: higher after a talk than after a letter."""
    in_person = setting.levers.channel in _IN_PERSON
    return setting.scores.agree_in_person if in_person else setting.scores.agree_by_letter


def join(first: Treatments, second: Treatments) -> Treatments:
    """Return the rows of both tables; rounds are counted anew.

    Nobody is told twice on one day: what would be the second comes a day later.
    """
    both = np.concatenate([first, second])
    order = np.lexsort((both["day_told"], both["person"]))
    person, day = both["person"][order], both["day_told"][order]
    clash = np.flatnonzero((person[1:] == person[:-1]) & (day[1:] <= day[:-1]))
    while len(clash):
        day[clash + 1] = day[clash] + 1
        clash = np.flatnonzero((person[1:] == person[:-1]) & (day[1:] <= day[:-1]))
    both["day_told"][order] = day
    return treatments.arranged(both)
