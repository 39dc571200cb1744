"""What the firm does to customers without telling them, and the day on which it comes out."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from wom_sim.policies import rows
from wom_sim.policies.choosing import after_review, choose
from wom_sim.policies.feelings import grievances
from wom_sim.policies.setting import Setting
from wom_sim.rules.fairness import observers_severity
from wom_sim.world import treatments
from wom_sim.world.luck import Purpose, uniform
from wom_sim.world.treatments import ACTION_NAMES, HIDDEN, LEAK, STORY_UNIT, Treatments, people_of

LONGEST_RUN = 3650
"""No run is longer (days), so that a leak after that is none."""
_PEOPLE, _MONTH = 1000.0, 30.0
NUMBERS_OF_A_LEAK = ("media.p_leak", "media.leak_news")
"""Keys of the scenario that matter only to who does something in secret."""


def treated_in_secret(setting: Setting, action: int) -> Treatments:
    """Return a table of one hidden action on the chosen, on the day of the firm's work, without leaks.

    Nobody is told, so nobody has a grievance, a story or a reason to call: who is treated hears of others like anybody.
    """
    who = after_review(setting, choose(setting))
    name = ACTION_NAMES[action]
    return treatments.table(
        person=who,
        day_told=rows.days_of_work(setting, len(who)),
        action=action,
        agreed=rows.agrees_unasked(setting.people, who, setting.scores.action_agree[name], setting.seed),
        hazard_multiplier=setting.scores.action_hazard[name],
        cost=rows.work_on_a_case(setting),
        apart=rows.days_apart(setting),
    )


def leak_day(setting: Setting, treated_on: NDArray[np.int64]) -> int | None:
    """Return the day on which it comes out, None if never.

    The chance is ``p_leak`` a month for each 1,000 people treated so far. One number decides for the whole
    programme, so that a programme that treats more people comes out sooner, never later.
    """
    if not len(treated_on) or setting.scores.p_leak <= 0.0:
        return None
    u = uniform(setting.seed, int(Purpose.LEAK), 0, 0, 0)
    withstands = math.log(1.0 - u) / math.log(1.0 - setting.scores.p_leak)
    so_far = np.cumsum(np.bincount(treated_on, minlength=LONGEST_RUN))
    exposure = np.cumsum(so_far * setting.represents / (_PEOPLE * _MONTH))
    day = int(np.searchsorted(exposure, withstands))
    return day if day < LONGEST_RUN else None


def with_leak(setting: Setting, table: Treatments) -> Treatments:
    """Return a table in which what is hidden comes out, if luck has it so. A step of a sequence is left as it is.

    On that day everybody treated so far gets a row of the action *leak*: how they feel, what they can tell, how
    newsworthy that is. Money stays as it was, and so does the urge to leave. Who is treated from then on knows.
    """
    hidden = np.isin(table["action"], HIDDEN)
    day = None if setting.in_sequence else leak_day(setting, table["day_told"][hidden])
    if day is None:
        return table
    result = table.copy()
    later = hidden & (table["day_told"] >= day)
    result[later] = _exposed(setting, table[later], table["action"][later])
    before = hidden & ~later
    people, first = np.unique(people_of(table)[before], return_index=True)
    rows_now = _last_rows(table, people, day)
    learn = _exposed(setting, rows_now, table["action"][before][first])
    learn["day_told"], learn["action"], learn["notice"], learn["apart"] = day, LEAK, -1, 0.0
    for column in ("profit_change", "call_change", "contact_change", "given", "cost"):
        learn[column] = 0.0
    return rows.join(result, learn)


def _last_rows(table: Treatments, people: NDArray[np.int64], day: int) -> Treatments:
    """Return the last row before ``day`` of each of ``people``, who are in ascending order and have one."""
    earlier = table[table["day_told"] < day]
    earlier = earlier[np.lexsort((earlier["day_told"], earlier["person"]))]
    return earlier[np.searchsorted(earlier["person"], people, side="right") - 1]


def _exposed(setting: Setting, table: Treatments, practice: NDArray[np.int64]) -> Treatments:
    """Return rows with the grievance, story and news of a practice that has come out.

    Nothing was said, noticed or given: what fairness there is lies in the cost of switching alone. A leak is news
    whatever the firm would have written, so the channel plays no part.
    """
    scores, levers, out = setting.scores, setting.levers, table.copy()
    for action in HIDDEN:
        mine, name = practice == action, ACTION_NAMES[action]
        parts = (scores.action_severity[name], 0.0, 0.0, scores.grievance_if_agreed)
        out["grievance"][mine] = grievances(
            setting, people_of(table)[mine], table["agreed"][mine], (0.0, np.ones(mine.sum())), parts
        )
        seen = observers_severity(scores.action_observed[name], 0.0, levers.explanation, scores.explained_away)
        story = seen if levers.severity is None else levers.severity
        news = min(1.0, scores.leak_news * scores.action_news[name])
        out["story"][mine] = round(STORY_UNIT * story)
        out["news"][mine] = round(256 * (news if levers.newsworthiness is None else levers.newsworthiness))
    if levers.grievance is not None:
        out["grievance"] = levers.grievance
    out["p_call"] = scores.p_call_victim * scores.p_call_unasked
    return out
