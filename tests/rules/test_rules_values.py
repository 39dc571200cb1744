"""What the rules return for given numbers, worked out by hand or by another formula than the rule's own."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given, settings
from rulebook import BY_NAME, RULES, apply, arguments

from wom_sim.rules import (
    attention,
    calls,
    complaining,
    fairness,
    hearing,
    leaving,
    money,
    spreading,
    steering,
    talking,
    worth,
)
from wom_sim.world import trace

E = math.exp

STAKE = money.Months(first=0, until=-1, bills=12, settles=12, churn=0.5, fades=0.0)
BRINGS = worth.Worth(
    margin=24.0, calls=4.0, usual=1.0, contact=3.0, credit=0.0, teach=0.0, complaint_value=5.0, churn=0.5, settles=12,
    fades=0.0, bill_day=0, discount=0.25, learning=0.25, lag=0, end=money.FOREVER,
)  # fmt: skip
TRUTH = [
    # what moves a firm (MODEL 6)
    ("is_met", (steering.BUZZ_ABOVE, 5.0, (5.0, 1.0, 9.0, 9.0, 9.0, 0.0)), False),
    ("is_met", (steering.BUZZ_ABOVE, 5.0, (5.1, 0.0, 0.0, 0.0, -1.0, 0.0)), True),
    ("is_met", (steering.BUZZ_BELOW, 5.0, (4.9, 0.0, 0.0, 0.0, -1.0, 0.0)), True),
    ("is_met", (steering.BUZZ_BELOW, 5.0, (5.0, 1.0, 9.0, 9.0, 9.0, 0.0)), False),
    ("is_met", (steering.NATIONAL_REPORT, 5.0, (0.0, 1.0, 0.0, 0.0, -1.0, 0.0)), True),
    ("is_met", (steering.NATIONAL_REPORT, 0.0, (9.0, 0.0, 9.0, 9.0, 9.0, 0.0)), False),
    ("is_met", (steering.PEOPLE_TOLD, 5.0, (0.0, 0.0, 5.0, 0.0, -1.0, 0.0)), True),
    ("is_met", (steering.CALLS, 5.0, (0.0, 0.0, 0.0, 5.0, -1.0, 0.0)), True),
    ("is_met", (steering.CALLS, 5.0, (9.0, 1.0, 9.0, 4.9, 9.0, 0.0)), False),
    ("is_met", (steering.DAYS, 5.0, (0.0, 0.0, 0.0, 0.0, 5.0, 0.0)), True),
    ("is_met", (steering.DAYS, 0.0, (9.0, 1.0, 9.0, 9.0, -1.0, 0.0)), False),
    ("is_met", (steering.COMPLAINTS, 5.0, (9.0, 1.0, 9.0, 9.0, 9.0, 5.0)), True),
    ("is_met", (steering.COMPLAINTS, 5.0, (9.0, 1.0, 9.0, 9.0, 9.0, 4.9)), False),
    ("days_until_obeyed", (11, 0.0, 3.0), 11),
    ("days_until_obeyed", (11, 1.4, 1.0), 44),
    ("days_until_obeyed", (11, 1.4, -1.0), 2),
    # formal complaints (EVIDENCE2 7)
    ("chance_to_complain", (0.02, 0.75, 1.44), 0.0216),
    ("kind_of_complaint", (0.0149, 0.02, 0.75, 1.44), complaining.ALWAYS),
    ("kind_of_complaint", (0.0151, 0.02, 0.75, 1.44), complaining.AFTER_NEWS),
    ("kind_of_complaint", (0.0217, 0.02, 0.75, 1.44), complaining.SILENT),
    ("day_of_complaint", (0.5, 60, 120), 90),
    ("cases_charged", (1, 1, 3), 0),
    ("cases_charged", (1, 4, 3), 2),
    ("cases_charged", (9, 4, 3), 4),
    ("moved_by_complaints", (1.0 - E(-0.5) - 1e-9, 50.0, 100.0), True),
    ("moved_by_complaints", (1.0 - E(-0.5) + 1e-9, 50.0, 100.0), False),
    ("moved_by_complaints", (0.01, 0.0, 100.0), False),
    ("moved_by_complaints", (0.01, 50.0, 0.0), False),
    # ratings that stay (EVIDENCE2 4)
    ("stars_lost", (0.0, 100.0, 4.5), 0.0),
    ("stars_lost", (50.0, 150.0, 4.0), 4.0 - (150.0 * 4.0 + 50.0 * 1.0) / 200.0),
    ("joins_in_spite", (0.2, 0.1), E(-0.02)),
    ("joins_when_rated", (0.2, 50.0, 150.0, 4.0), E(-0.15)),
    # audiences (EVIDENCE2 4): 1,000 followers are the 96th percentile
    ("followers_of", (61.0, 1.65, 2.0), 61.0 * E(3.3)),
    ("mean_followers", (61.0, 1.65), 61.0 * E(1.65**2 / 2.0)),
    ("widened", (0.06, 0.05, 1.15), 1.0),
    ("widened", (0.05 * 10.0**-1.15, 0.05, 1.15), 10.0),
    ("audience_of_tree", (61.0, 10.0, 1e6), 610),
    ("audience_of_tree", (61.0, 10.0, 500.0), 500),
    ("audience_by_followers", ((0.0, 0.05 * 10.0**-1.15), (61.0, 1.65), (0.05, 1.15), 1e6), 610),
    ("audience_by_followers", ((2.0, 0.06), (61.0, 1.65), (0.05, 1.15), 1e6), 1653),
    # what becomes news (MODEL 5.4)
    ("size_of_news", (600.0, 0.5, 8.0, 100.0, 4.0), 5.0),
    ("size_of_news", (600.0, 0.5, 8.0, 0.0, 4.0), 2.0),
    ("size_of_news", (600.0, 0.5, 8.0, 100.0, 0.0), 3.0),
    ("size_of_news", (600.0, 0.5, 8.0, 0.0, 0.0), 0.0),
    ("chance_to_be_late", (0.25, 4.0), 0.05),
    ("days_until_reported", ((0.2, 1.0, 0.0), (3.0, 1.2), (0.25, 60, 300), (9.0, 1.0)), 2),
    ("days_until_reported", ((0.1, 1.0, 0.0), (3.0, 1.2), (0.25, 60, 300), (9.0, 1.0)), 60),
    ("luck_of_story", (2.0, -0.5), E(-1.0)),
    ("own_threshold", (20.0, 2.0, 0.25, 1.0, -1.0), 20.0 * E(2.0 * (0.5 - 0.75**0.5))),
    ("intensity_of_story", (3.0, 0.6, 9.0), 3.0 * 0.6 * math.log(10.0)),
    ("intensity_of_post", (2.0, 1.0, 0.5, 1.0, 0.25, 0.4), 2.0 * math.log(1.5) * 0.3),
    ("intensity_of_post", (2.0, 1.0, 0.5, 8.0, 1.0, 0.4), 2.0 * math.log(1.5) * 7.0),
    ("intensity_of_post", (2.0, 1.0, 0.5, 8.0, 0.5, 0.4), 2.0 * math.log(1.5) * 7.2),
    ("units_of_intensity", (0.25,), 1024),
    ("chance_of_report", (2.0, 0.5, 9.0), 1.0 - E(-1.0 / math.log(10.0))),
    ("chance_of_report", (0.0, 0.5, 0.0), 1.0),
    ("chance_today", (attention.LEVEL, (20.0, 0.0, 0.0), (20.0, 99.0, 9.0), 0.0), 1.0 - E(-1.0)),
    ("chance_today", (attention.TASTE, (20.0, 3.0, 0.0), (20.0, 8.0, 9.0), 0.4), 1.0),
    ("chance_today", (attention.TASTE, (20.0, 3.0, 0.0), (20.0, 8.0, 9.0), 0.3), 0.0),
    ("chance_today", (attention.TASTE, (0.0, 0.0, 0.0), (9.0, 0.0, 9.0), 1.0), 0.0),
    ("chance_today", (attention.TASTE, (0.0, 0.0, 0.0), (0.0, 0.0, 9.0), 1.0), 1.0),
    ("chance_today", (attention.STORY, (20.0, 9.0, 2.0), (9.0, 1.0, 0.5), 1.0), 1.0 - E(-1.0 / math.log(10.0))),
    ("days_until_reported", ((0.2, 1.0, 0.0), (3.0, 1.2), (0.25, 60, 300), (9.0, 0.0)), 60),
    ("days_until_reported", ((0.2, 1.0, 0.9999), (3.0, 1.2), (0.25, 60, 300), (9.0, 0.0)), 300),
    ("days_until_reported", ((0.3, 1.0, 0.5), (3.0, 1.2), (0.25, 60, 300), (0.0, 0.0)), 9),
    ("days_until_reported", ((0.3, 1.0, 0.5), (3.0, 1.2), (0.25, 60, 300), (9.0, 0.0)), 3),
    ("days_until_reported", ((0.3, 1.0, 0.5), (0.0, 1.2), (0.25, 60, 300), (0.0, 0.0)), 0),
    ("authority_acts", ((0.29, 0.0, 0.9), (5, 5), (0.3, 5, 20), 0.05), True),
    ("authority_acts", ((0.29, 0.0, 0.9), (4, 4), (0.3, 5, 20), 0.05), False),
    ("authority_acts", ((0.3, 0.0, 0.9), (5, 5), (0.3, 5, 20), 0.05), False),
    ("authority_acts", ((0.29, 0.999, 0.9), (19, 19), (0.3, 5, 20), 0.05), False),
    ("authority_acts", ((0.29, 0.999, 0.9), (20, 20), (0.3, 5, 20), 0.05), True),
    ("authority_acts", ((0.9, 0.0, 0.097), (-1, 730), (0.3, 5, 20), 0.05), True),
    ("authority_acts", ((0.9, 0.0, 0.098), (-1, 730), (0.3, 5, 20), 0.05), False),
    ("authority_acts", ((0.9, 0.0, 0.0), (-1, -1), (0.3, 5, 20), 0.05), False),
    ("reports_announcement", (0.59, 0.6, 0.0), True),
    ("reports_announcement", (0.6, 0.6, 0.0), False),
    ("reports_announcement", (0.0, 0.6, 0.01), False),
    ("days_since_report", (9, 4, 3, 0), 2),
    ("days_since_report", (9, 4, 3, 5), 4),
    ("days_since_report", (9, 4, 0, 5), 5),
    ("reach_after_move", (0.4, 4.0, 1, 0.5), 0.2 * 0.5**0.5),
    ("reach_after_move", (0.4, 0.0, 50, 0.5), 0.2),
    ("reach_after_move", (0.4, 4.0, -2, 0.5), 0.0),
    # being let go (MODEL 5.1 and 5.2)
    ("distributive_fairness", (0.0, 250.0), 0.0),
    ("distributive_fairness", (50.0, 250.0), 0.2),
    ("distributive_fairness", (300.0, 250.0), 1.0),
    ("distributive_fairness", (-50.0, 250.0), 0.0),
    ("distributive_fairness", (0.0, 0.0), 1.0),
    ("interactional_fairness", (0.2, 0.0, 0.0, 0.4, 0.4, 0.2), 0.08),
    ("interactional_fairness", (1.0, 0.8, 1.0, 0.4, 0.4, 0.2), 0.92),
    ("interactional_fairness", (0.5, 0.5, 1.0, 0.2, 0.3, 0.5), 0.75),
    ("procedural_fairness", (60.0, 60.0, 1.0, 1.0, 1.0, 1.0), 1.0),
    ("procedural_fairness", (600.0, 60.0, 0.0, 0.0, 0.0, 0.0), 0.2),
    ("procedural_fairness", (15.0, 60.0, 0.0, 1.0, 0.0, 0.0), 0.25),
    ("procedural_fairness", (15.0, 30.0, 0.0, 1.0, 0.0, 0.0), 0.3),
    ("overall_fairness", (1.0, 1.0, 1.0, 0.45, 0.40, 0.15), 1.0),
    ("overall_fairness", (0.0, 1.0, 0.0, 0.45, 0.40, 0.15), 0.40),
    ("grievance", (1.0, 0.0, False, 0.2), 1.0),
    ("grievance", (1.0, 1.0, False, 0.2), 0.0),
    ("grievance", (0.35, 0.5, True, 0.2), 0.035),
    ("grievance", (3.0, 0.5, False, 0.2), 1.0),
    ("forewarned", (30.0, 0.0, 0.24, 0.18), 1.0),
    ("forewarned", (0.0, 0.0, 0.24, 0.18), 1.0),
    ("forewarned", (900.0, 0.0, 0.24, 0.18), 0.76),
    ("forewarned", (0.0, 1.0, 0.24, 0.18), 0.82),
    ("by_mistake", (0.4, 0.25), 0.55),
    ("by_mistake", (1.0, 0.5), 1.0),
    ("by_mistake", (0.4, 0.0), 0.4),
    ("learns", (0.0, 0.0, False), False),
    ("learns", (255.0, 0.0, False), True),
    ("learns", (0.0, 0.2, False), True),
    ("learns", (0.0, 0.0, True), True),
    ("reservation_value", (250.0, 1200.0), 1450.0),
    ("observers_severity", (0.45, 0.05, 0.0, 0.4), 0.5),
    ("observers_severity", (0.45, -0.05, 1.0, 0.4), 0.24),
    ("observers_severity", (0.1, -0.3, 0.0, 0.4), 0.0),
    ("observers_severity", (0.9, 0.3, 0.0, 0.4), 1.0),
    ("corroboration", (60.0, 0.5, 20.0), 1.375),
    ("story_severity", (0.4, 1.25, 0.5), 0.25),
    # attention (5.4)
    ("buzz_of_today", (8.0, 3.0, 0.0), 8.0 / 2.0 ** (1.0 / 3.0)),
    ("buzz_of_today", (8.0, 1.0, 2.5), 6.5),
    ("chance_of_pickup", (0.0, 0.0), 1.0),
    ("chance_of_pickup", (20.0, 40.0), 1.0 - E(-0.25)),
    ("chance_of_pickup", (80.0, 40.0), 1.0 - E(-4.0)),
    ("reach_on_day", (0.04, 2.0, 0), 0.04),
    ("reach_on_day", (0.04, 2.0, 6), 0.005),
    ("days_of_coverage", (9, 0), 9),
    ("days_of_coverage", (9, 10), 9),
    ("days_of_coverage", (10, 10), 0),
    ("days_of_coverage", (14, 10), 4),
    ("told_by_outlet", (0.4, 1.2, 9, 0), 0.4),
    ("told_by_outlet", (0.4, 1.2, 9, 10), 0.4),
    ("told_by_outlet", (0.4, 1.2, 10, 10), 1.2),
    ("effect_of_response", (0.5, 2, 2, 0.5), 0.5),
    ("effect_of_response", (0.5, 3, 2, 0.5), 0.75),
    ("effect_of_response", (0.5, 3, 2, 0.0), 1.0),
    ("effect_of_response", (1.3, 3, 2, 0.2), 1.06),
    ("share_repaired", (0.3, 12.0, 12), 0.3 * E(-1.0) / (1.0 - E(-1.0))),
    ("skip_length", (0.0,), -math.inf),
    ("skip_length", (0.75,), -1.0 / math.log(4.0)),
    ("people_skipped", (2.0**-33, -math.inf), 4_000_000_000),
    ("people_skipped", (0.5, 0.0), 0),
    # hearing (5.5)
    ("dose_units", (0.4, 0.45), 46),
    ("dose_units", (0.0, 1.0), 0),
    ("reaction", (0.149, 0.15, 0.2), hearing.SIDES),
    ("reaction", (0.151, 0.15, 0.2), hearing.AFFECTED),
    ("reaction", (0.319, 0.15, 0.2), hearing.AFFECTED),
    ("reaction", (0.321, 0.15, 0.2), hearing.KNOWS),
    ("impression", (512, 0.5), 1.0 - E(-1.0)),
    ("harm", (256, 0, 1.0, 0.25, 60, 60.0), (1.0 - E(-1.0)) * 0.75 * 0.5),
    ("harm", (0, 512, 1.0, 0.0, 0, 60.0), E(-2.0) - 1.0),
    ("chance_to_side", (0.15, -1.0), 0.15),
    ("chance_to_side", (0.15, 0.0), 0.0),
    ("chance_to_defend", (True, True, 0.1, 0.02), 0.1),
    ("chance_to_defend", (False, True, 0.1, 0.02), 0.02),
    # leaving, joining (5.6)
    ("lock", (3, 2, 0.5, False), 0.5),
    ("lock", (3, 3, 0.5, False), 1.0),
    ("lock", (3, 0, 0.5, True), 1.0),
    ("base_hazard", (0.5, 1.0, 4.0), 1.0),
    ("base_hazard", (0.02, 0.5, 1.6), 0.016),
    ("hazard", (0.02, 0.4, 1.0, 1.4), 0.028 * E(0.4)),
    ("hazard", (0.02, 0.4, -1.0, 1.0), 0.02 * E(-0.4)),
    ("added_hazard", (0.01, 0.4, 1.0, 1.4, 0.02), 0.01 + 0.02 * (E(0.4) - 1.0) + 0.02 * 0.4),
    ("added_hazard", (0.01, 2.0, -1.0, 1.0, 0.5), 0.0),
    ("added_hazard", (0.9, 3.0, 1.0, 1.0, 0.5), 1.0),
    ("decision_by", (leaving.ADDITIVE, 0.0195, (0.01, 0.01), (0.4, 1.0, 1.0), 0.02), leaving.LEAVES_STORY),
    ("decision_by", (leaving.PROPORTIONAL, 0.0195, (0.01, 0.01), (0.4, 1.0, 1.0), 0.02), leaving.STAYS),
    ("decision_by", (leaving.ADDITIVE, 0.0195, (0.01, 0.01), (0.4, 0.0, 1.5), 0.02), leaving.LEAVES_CONTAGION),
    ("decision_by", (leaving.PROPORTIONAL, 0.0195, (0.01, 0.01), (0.4, 0.0, 2.0), 0.02), leaving.LEAVES_CONTAGION),
    # rival forms of word of mouth
    ("own_share", (0.0, 0.5, 0.5), 0.0),
    ("own_share", (0.75, 0.2, 0.1), 0.25),
    ("is_persuaded", (0.5, 0.5, 2.0, 0.5), True),
    ("is_persuaded", (0.5, 0.5, 2.0, 0.51), False),
    ("is_persuaded", (0.0, 1.0, 1.0, -0.1), False),
    ("retells", (spreading.EXPOSURE, 0.12, 0.12, (1.0, 1.0, 1.0), (0.0, 0.0)), False),
    ("retells", (spreading.THRESHOLD, 0.9, 0.0, (1.0, 1.0, 0.2), (0.15, 0.05)), True),
    ("retells", (spreading.THRESHOLD, 1.0, 0.0, (1.0, 1.0, 0.19), (0.15, 0.05)), False),
    ("days_of_talk", (spreading.FIXED, 0.99, 1.0, 7), 7),
    ("days_of_talk", (spreading.GEOMETRIC, 0.74, 2.0, 30), 2),
    ("days_of_talk", (spreading.GEOMETRIC, 0.76, 2.0, 30), 3),
    ("days_of_talk", (spreading.GEOMETRIC, 0.999999, 50.0, 30), 30),
    ("days_of_talk", (spreading.GEOMETRIC, 0.999999, 1.0, 30), 1),
    ("chance_to_stop", (spreading.BOTH, 0.3, True), 0.15),
    ("chance_to_stop", (spreading.BOTH, 0.3, False), 0.3),
    ("chance_to_stop", (spreading.TELLER, 0.3, True), 0.3),
    ("reach_by_hearing", (spreading.CONSTANT, 0.1, 2.0, 1.0), 0.1),
    ("reach_by_hearing", (spreading.LINEAR, 0.1, 2.0, 1.0), 1.0),
    ("reach_by_hearing", (spreading.LINEAR, 0.1, 0.2, 0.5), 0.2),
    ("reach_by_hearing", (spreading.COMPETING, 0.1, 2.0, 0.5), 1.0 - 0.9 * E(-1.0)),
    ("beta_while_courted", (0.4, 0.5, 6, 7, 37), 0.4),
    ("beta_while_courted", (0.4, 0.5, 36, 7, 37), 0.6),
    ("beta_while_courted", (0.4, 0.5, 37, 7, 37), 0.4),
    ("departure_units", (1.3, 1, 20.0, 35), 333),
    ("departure_units", (0.7, 21, 20.0, 35), 90),
    ("departure_units", (0.7, 21, 20.0, 20), 0),
    ("contagion", (128, 0.44, 4.0), 1.2),
    ("contagion", (512, 0.4, 4.0), 1.96),
    ("chance_to_follow", (0.05, 0.6), 0.05),
    ("chance_to_follow", (0.0, 0.6), 0.0),
    ("chance_to_follow", (-1.0, 0.6), 0.6),
    ("chance_to_join", (0.02, 1.6, 0.5), 0.02 * E(-0.8)),
    ("chance_to_join", (0.9, 1.6, -1.0), 1.0),
    # talking (5.3)
    ("chance_to_talk", (0.9, 0.4), 0.36),
    ("chance_to_retell", (0.12, 0.5, 3.0), 0.18),
    ("chance_to_retell", (0.5, 1.0, 3.0), 1.0),
    ("chance_to_post", (0.13, 2.0), 0.26),
    ("share_within", (3.0, 6), 0.75),
    ("delay_in_days", (0.999, 4.0, 1, 0.1), 1),
    ("poisson_count", (0.99, 0.0), 0),
    ("audience_of_post", (0.5, 0.0, 1.2, 1e6), 0),
    ("audience_of_post", (0.25, 20.0, 2.0, 1e6), 40),
    ("audience_of_post", (1e-9, 20.0, 1.2, 1e6), 1_000_000),
    ("further_calls", (0.0, 0.5, 7), 0),
    ("further_calls", (0.6 / 7.0, 0.5, 7), 1),
    ("further_calls", (3.8 / 7.0, 0.5, 7), 2),
    ("further_calls", (6.999 / 7.0, 0.5, 7), 7),
    ("further_calls", (0.1 / 7.0, 1.0, 7), 7),
    ("further_calls", (6.999 / 7.0, 0.0, 7), 0),
    ("day_of_call", (0.5,), 4),
    ("price_multiplier", (0.25, 2.0), 1.5),
    ("price_multiplier", (-1.0, 2.0), 0.0),
    ("too_dear", (10.0, 12.0, 119.9), True),
    ("too_dear", (10.0, 12.0, 120.0), False),
    ("too_dear", (-10.0, 12.0, 0.0), False),
    ("too_dear", (1000.0, 0.0, 0.0), False),
    # money (5.7)
    ("customer_value", (10.0, 0.5, 0.0), 10.0),
    ("customer_value", (10.0, 1.0, 0.1), 0.0),
    ("waiting_value", (10.0, 10.0, 0.5, 0.0, 0.3), 10.0),
    ("waiting_value", (10.0, -50.0, 0.5, 0.0, 0.0), 10.0),
    ("waiting_value", (-10.0, 20.0, 0.5, 0.0, 0.0), -5.0),
    ("waiting_value", (-10.0, 20.0, 0.5, 0.0, 1.0), 20.0),
    ("waiting_value", (-10.0, -20.0, 0.5, 0.0, 1.0), -10.0),
    ("waiting_value", (-40.0, 20.0, 0.5, 0.0, 0.5), 0.0),
    ("at_once", (121.0, 2, 0.1), 100.0),
    ("first_bill", (31, 0, 30), 2),
    ("first_bill", (29, 0, 30), 1),
    ("value_beyond", (10.0, 0.5, 3, money.FOREVER, 0.0), 10.0),
    ("value_beyond", (10.0, 0.5, 3, 5, 0.25), (4.0 + 1.6) / 1.25**3),
    ("flow_value", (10.0, 0.0, STAKE._replace(first=10), money.FOREVER, 0.0), 30.0),
    ("flow_value", (-10.0, 0.0, STAKE._replace(first=1, until=3), money.FOREVER, 0.0), -20.0),
    ("flow_value", (10.0, 2.0, STAKE._replace(first=8, settles=10), 11, 0.0), 22.0),
    ("flow_value", (10.0, 2.0, STAKE._replace(first=12, fades=0.5), money.FOREVER, 0.0), 2.0 + 8.0 / 3.0),
    ("calls_value", (10.0, 0.0, BRINGS._replace(lag=3), STAKE._replace(first=0, until=2)), 20.0 / 1.25**3 * 0.72),
    ("calls_value", (10.0, 0.0, BRINGS._replace(lag=3, end=4), STAKE._replace(first=0, until=2)), 8.0 / 1.25**3),
    ("profit_value", (BRINGS, STAKE._replace(first=0, until=1)), (24.0 - 4.0 * 3.0) / 1.25),
    ("change_value", (BRINGS, STAKE._replace(first=0, until=1, settles=0), (1.0, 8.0, 4.0), worth.FOLLOWS), 4.0 / 1.25),
    ("change_value", (BRINGS, STAKE._replace(first=0, until=1, settles=0), (1.0, 8.0, 4.0), worth.EXCESS), 1.0 / 1.25),
    ("change_value", (BRINGS, STAKE._replace(first=0, until=1), (1.0, 8.0, 4.0), worth.EXCESS), 13.0 / 1.25),
    ("left_when_usual", (BRINGS, worth.FOLLOWS), 0.25),
    ("left_when_usual", (BRINGS, worth.CAPS), 0.25),
    ("left_when_usual", (BRINGS, worth.EXCESS), 0.0),
    ("left_when_usual", (BRINGS._replace(calls=0.0), worth.FOLLOWS), 1.0),
    ("insight_value", (BRINGS, STAKE._replace(first=0, until=1)), 5.0 * (1.0 - E(-4.0)) / 1.25),
    ("flow_in", (10.0, 2.0, STAKE._replace(first=3), 2), 0.0),
    ("flow_in", (10.0, 2.0, STAKE._replace(until=3), 3), 0.0),
    ("flow_in", (10.0, 2.0, STAKE._replace(settles=4), 4), 2.0),
    ("flow_in", (10.0, 2.0, STAKE, 13), 2.5),
    ("flow_in", (10.0, 2.0, STAKE._replace(fades=0.5), 13), 0.25 * (2.0 + 8.0 * 0.25)),
    ("profit_in", (BRINGS._replace(lag=1), STAKE, 0), 24.0 / 1.25),
    ("profit_in", (BRINGS._replace(lag=1), STAKE._replace(until=3), 3), -4.0 * 3.0 / 1.25**4),
    ("profit_in", (BRINGS._replace(credit=2.0, teach=0.5, learning=1.0), STAKE, 1), 0.0 / 1.25**2 + 4.0 / 2.0**2),
    ("change_in", (BRINGS._replace(lag=2), STAKE._replace(settles=1), (1.0, 8.0, 4.0), 0, 2), 7.0 / 1.25**3),
    ("change_in", (BRINGS._replace(lag=2), STAKE._replace(settles=1), (1.0, 8.0, 4.0), 2, 2), 5.0 / 1.25**3),
    ("change_in", (BRINGS._replace(credit=2.0, teach=0.5, learning=1.0), STAKE, (0.0, 0.0, 0.0), worth.CAPS, 0), 1.2),
    ("insight_in", (BRINGS, STAKE._replace(settles=1), 1), 5.0 * (1.0 - E(-1.0)) / 1.25**2),
    ("join_value", ((450.0, 0.5, 400.0, 0.25, money.FOREVER), 1), -80.0),
    ("join_value", ((450.0, 0.5, 400.0, 0.25, 1), 1), 0.0),
    ("blamed", (0.1, 0.2, 0.3, 0.4, 0.5), 0),
    ("blamed", (0.25, 0.2, 0.3, 0.4, 0.5), 4),
    ("blamed", (0.35, 0.2, 0.3, 0.4, 0.5), 5),
    ("blamed", (0.45, 0.2, 0.3, 0.4, 0.5), 6),
    ("blamed", (0.5, 0.2, 0.3, 0.4, 0.5), -1),
    ("mean_audience", (20.0, 2.0, 40.0), 30.0),
    ("mean_audience", (20.0, 1.0, 20.0 * math.e), 40.0),
    ("mean_audience", (0.0, 1.2, 100.0), 0.0),
    ("mean_audience", (50.0, 1.2, 10.0), 10.0),
    ("chronic_share", (0.5, 12.0, 2.0, 1.0, 2.0), 0.75),
    ("chronic_share", (0.5, 1.0, 6.0, 1.0, 2.0), 0.75),
    ("months_special", (0.2, 0.5), 3),
    ("months_of_stay", (0.5, 2, 0.25), 1.4),
    ("months_of_stay", (0.0, 36, 0.0), 36.0),
    ("months_of_stay", (1.0, 36, 0.01), 1.0),
    ("months_of_stay", (0.3, 0, 0.01), 0.0),
    ("calls_at_fee", (40.0, 3.0, 1.0, 1.0), 10.0),
    ("calls_at_fee", (40.0, 8.0, 5.0, 0.0), 40.0),
    ("calls_at_fee", (0.0, 8.0, 5.0, 0.6), 0.0),
    ("cents", (0.004999,), 0),
    ("cents", (-0.006,), -1),
    ("insight_of_calls", (1.0, False, 5.0), 5.0 * (1.0 - E(-1.0))),
    ("insight_of_calls", (1.0, True, 5.0), 0.0),
    ("discount_while_learning", (0.0, 4.0), E(0.25) - 1.0),
    ("monthly_profit", (24.0, 2.0, False, 8.0, 2.0), 8.0),
    ("monthly_profit", (24.0, 2.0, True, 8.0, 2.0), 4.0),
]


@pytest.mark.parametrize(("name", "given", "expected"), TRUTH)
def test_truth(name, given, expected):
    got = RULES[name](*given)
    assert got == (expected if isinstance(expected, int) else pytest.approx(expected, rel=1e-12, abs=1e-12))


def test_every_rule_is_in_the_table():
    assert set(RULES) - {name for name, _, _ in TRUTH} == {"decision"}


@pytest.mark.parametrize(
    ("u", "expected"),
    [
        (0.0199, leaving.LEAVES_ANYWAY),  # below the usual hazard
        (0.0201, leaving.LEAVES_TREATED),  # below 0.03, with the treatment
        (0.0301, leaving.LEAVES_STORY),  # below 0.03 exp(0.4) = 0.04475, with the story
        (0.0448, leaving.LEAVES_CONTAGION),  # below 0.04475 x 1.4 = 0.06266, with departures of ties
        (0.0627, leaving.STAYS),
    ],
)
def test_a_departure_is_blamed_on_the_first_factor_that_suffices(u, expected):
    assert leaving.decision(u, 0.02, 0.03, 0.4, 1.0, 1.4) == expected


def test_praise_prevents_a_departure():
    assert leaving.decision(0.0199, 0.02, 0.02, 0.4, -1.0, 1.0) == leaving.STAYS


def test_decisions_are_numbered_as_causes():
    names = {trace.OWN: leaving.LEAVES_ANYWAY, trace.TREATMENT: leaving.LEAVES_TREATED}
    names |= {trace.STORY: leaving.LEAVES_STORY, trace.CONTAGION: leaving.LEAVES_CONTAGION}
    assert all(cause == decided for cause, decided in names.items())


# Inverse distributions: on an even grid of u, every outcome comes as often as its probability says.

GRID = 100_000
EVEN = [(k + 0.5) / GRID for k in range(GRID)]


def shares(values) -> dict:
    return {value: count / GRID for value, count in Counter(values).items()}


@pytest.mark.parametrize(("half_life", "longest"), [(4.0, 30), (1.0, 3), (200.0, 10)])
def test_delays_are_geometric_and_truncated(half_life, longest):
    within = talking.share_within(half_life, longest)
    found = shares(talking.delay_in_days(v, half_life, longest, within) for v in EVEN)
    left = [2.0 ** (-day / half_life) for day in range(longest + 1)]
    assert set(found) == set(range(1, longest + 1))
    for day, share in found.items():
        assert share == pytest.approx((left[day - 1] - left[day]) / (1.0 - left[-1]), abs=2.0 / GRID)


@pytest.mark.parametrize("mean", [0.5, 3.5, 40.0])
def test_counts_are_poisson(mean):
    found = shares(talking.poisson_count(u, mean) for u in EVEN)
    for count in range(int(mean + 8.0 * math.sqrt(mean)) + 8):
        exact = math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
        assert found.get(count, 0.0) == pytest.approx(exact, abs=2.0 / GRID)


def test_people_skipped_is_geometric():
    length = attention.skip_length(0.3)
    found = shares(attention.people_skipped(u, length) for u in EVEN)
    for skipped in range(25):
        assert found.get(skipped, 0.0) == pytest.approx(0.3 * 0.7**skipped, abs=2.0 / GRID)


def test_audiences_are_pareto():
    audiences = [talking.audience_of_post(u, 20.0, 1.2, 1e6) for u in EVEN]
    assert min(audiences) == 20
    for size in (50, 400, 5000):
        assert sum(a >= size for a in audiences) / GRID == pytest.approx((20.0 / size) ** 1.2, abs=2.0 / GRID)


def test_calls_come_evenly_within_a_week():
    assert shares(talking.day_of_call(v) for v in EVEN) == pytest.approx(dict.fromkeys(range(1, 8), 1 / 7), abs=1e-4)


def test_value_is_the_sum_of_expected_months():
    exact = sum(24.0 * 0.98**month / 1.008**month for month in range(1, 5000))
    assert money.customer_value(24.0, 0.02, 0.008) == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize("today", [-300.0, -40.0, -17.0, -10.0, 5.0, 60.0])
@pytest.mark.parametrize("settled", [-30.0, 0.0, 20.0])
@pytest.mark.parametrize("settles", [0.0, 0.055, 0.5])
def test_waiting_value_is_that_of_the_best_plan(today, settled, settles):
    """Dynamic programming over 3,000 months: each month the firm keeps or lets go, whichever is better."""
    q = (1.0 - 0.02) / (1.0 + 0.008)
    keep_now = 0.0
    ordinary = unusual = 0.0
    for _ in range(3000):
        keep_now = q * (settles * (settled + ordinary) + (1.0 - settles) * (today + unusual))
        ordinary, unusual = max(0.0, q * (settled + ordinary)), max(0.0, keep_now)
    assert money.waiting_value(today, settled, 0.02, 0.008, settles) == pytest.approx(keep_now, rel=1e-9, abs=1e-9)


def lost(left: int, until: int, bills: int, churn: float = 0.02) -> float:
    """Return what a departure costs of 24 a month, at no settling and no horizon."""
    return money.flow_value(
        24.0, 24.0, money.Months(left, until, bills, money.FOREVER, churn, 0.0), money.FOREVER, 0.008
    )


def test_a_departure_costs_the_months_of_the_run_and_the_value_beyond():
    within = sum(24.0 / 1.008 ** (month + 1) for month in range(3, 12))
    beyond = sum(24.0 * 0.98 ** (month - 11) / 1.008 ** (month + 1) for month in range(12, 5000))
    assert lost(3, -1, 12) == pytest.approx(within + beyond, rel=1e-12)


@pytest.mark.parametrize("bills", [0, 1, 12, 40])
def test_over_all_luck_a_departure_on_day_0_costs_the_value_of_a_customer(bills):
    """The value of a customer met on day 0 does not depend on how long the run is."""
    churn = 0.07
    expected = sum(churn * (1.0 - churn) ** month * lost(0, month, bills, churn) for month in range(bills))
    expected += (1.0 - churn) ** bills * lost(0, -1, bills, churn)
    assert expected == pytest.approx(money.customer_value(24.0, churn, 0.008), rel=1e-12)


@pytest.mark.parametrize("bills", [1, 12, 40])
@pytest.mark.parametrize("end", [1, 20, 36, money.FOREVER])
def test_over_all_luck_the_loss_of_a_heavy_caller_does_not_depend_on_the_run(bills, end):
    """Whenever they leave and whenever it passes: the same as month by month in expectation, until the horizon."""
    churn, fades, discount = 0.03, 0.18, 0.008
    expected = 0.0
    for until in [*range(bills), -1]:
        chance = churn * (1.0 - churn) ** until if until >= 0 else (1.0 - churn) ** bills
        for settles in range(1, bills + 2):  # more than bills: it lasts beyond the run
            lasts = (1.0 - fades) ** (settles - 1)
            here = lasts if settles > bills else lasts * fades
            ends = money.FOREVER if settles > bills else settles
            at_stake = money.Months(0, until, bills, ends, churn, fades)
            expected += chance * here * money.flow_value(-300.0, 20.0, at_stake, end, discount)
    months = range(min(end, 4000))
    slow = sum(
        (1.0 - churn) ** (m + 1) * (20.0 - 320.0 * (1.0 - fades) ** m) / (1.0 + discount) ** (m + 1) for m in months
    )
    assert expected == pytest.approx(slow, rel=1e-9)


IN_ALL = {
    "flow_in": ("flow_value", ("now", "then", "at_stake")), "profit_in": ("profit_value", ("brings", "at_stake")),
    "change_in": ("change_value", ("brings", "at_stake", "change", "kind")),
    "insight_in": ("insight_value", ("brings", "at_stake")),
}  # fmt: skip


@pytest.mark.parametrize("name", IN_ALL)
def test_the_months_add_up_to_the_value(name):
    """Month by month until the horizon, whatever is at stake: what the ledger enters is what is received."""
    whole, of = IN_ALL[name]

    @settings(max_examples=150, deadline=None, derandomize=True, database=None)
    @given(arguments(name), BY_NAME["discount"], BY_NAME["end"])
    def holds(drawn, discount, end):
        if "brings" in drawn:  # a change of what hardly any calls cost would be a huge change of their usual ones
            assume(drawn["brings"].calls == 0.0 or drawn["brings"].calls > 1e-3)
        here = {each: drawn[each] for each in of}
        until, at_end = (end, (1.0 + discount)) if name == "flow_in" else (drawn["brings"].end, 1.0)
        months = [apply(name, drawn | {"month": month}) / at_end ** (month + 1) for month in range(until)]
        value = apply(whole, here | {"end": end, "discount": discount})
        assert sum(months) == pytest.approx(value, rel=1e-9, abs=1e-7)

    holds()


CUSTOMERS = 400_000


@pytest.mark.parametrize("end", [1, 12, 36, money.FOREVER])
@pytest.mark.parametrize("lag", [0, 3])
@pytest.mark.parametrize(("churn", "fades"), [(0.02, 0.18), (0.02, 0.02), (0.2, 0.0), (0.0, 0.35)])
def test_what_lies_beyond_a_run_is_what_came_of_many_customers(churn, fades, lag, end):
    """Each leaves, and calls like others from then on, in a month of their own; |z| <= 4 against the closed form."""
    if churn == 0.0 and end == money.FOREVER:
        end = 120
    rng = np.random.default_rng(7)
    bills, discount, now, then = 5, 0.008, -300.0, -40.0
    stays = rng.geometric(churn, CUSTOMERS) - 1 if churn else np.full(CUSTOMERS, 4000)  # months after the run
    special = rng.geometric(fades, CUSTOMERS) - 1 if fades else np.full(CUSTOMERS, 4000)
    counted = np.minimum(stays, min(max(end - lag - bills, 0), 4000))
    worths = np.concatenate([[0.0], np.cumsum((1.0 + discount) ** -(np.arange(4001) + bills + lag + 1.0))])
    drawn = now * worths[np.minimum(counted, special)] + then * (worths[counted] - worths[np.minimum(counted, special)])
    at_stake = money.Months(bills, -1, bills, bills, churn, fades)
    exact = worth.calls_value(now, then, BRINGS._replace(lag=lag, end=end, discount=discount), at_stake)
    error = drawn.std(ddof=1) / math.sqrt(CUSTOMERS)
    assert abs(drawn.mean() - exact) <= 4.0 * error + 1e-9
    assert end <= bills + lag or abs(exact) > 50.0 * error, "precise enough to see a month too many"


def test_a_departure_that_only_came_earlier_costs_the_months_between():
    """Who leaves in month 2 instead of 9 costs what leaving for good in 2 costs, less leaving for good in 9."""
    assert lost(2, 9, 12) == pytest.approx(lost(2, -1, 12) - lost(9, -1, 12), rel=1e-12)


def test_what_is_special_ends_with_a_constant_chance_a_month():
    found = shares(calls.months_special(u, 0.18) for u in EVEN)
    for month in range(1, 30):
        assert found[month] == pytest.approx(0.18 * 0.82 ** (month - 1), abs=2.0 / GRID)


def test_grievance_of_a_letter_is_worse_than_of_a_talk():
    """The two ways differ only by the components of fairness: 0.45, 0.40 and 0.15 of it."""

    def felt(channel: float, framing: float, review: float) -> float:
        said = fairness.interactional_fairness(channel, framing, 0.0, 0.4, 0.4, 0.2)
        done = fairness.procedural_fairness(30.0, 60.0, review, 1.0, 0.0, 0.0)
        return fairness.grievance(1.0, fairness.overall_fairness(0.0, said, done, 0.45, 0.40, 0.15), False, 0.2)

    assert felt(0.2, 0.0, 0.0) == pytest.approx(1.0 - 0.40 * 0.08 - 0.15 * 0.3)
    assert felt(0.6, 0.4, 1.0) == pytest.approx(1.0 - 0.40 * 0.40 - 0.15 * 0.5)
