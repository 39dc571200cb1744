"""The phases of a day, in order.

Each reads the state that the phase before it left; within a phase, order does not matter.
"""

from __future__ import annotations

from typing import NamedTuple


class Phase(NamedTuple):
    """A phase: its name (a method of the reference engine), what it does, what it reads and writes."""

    name: str
    does: str
    reads: str
    writes: str


PHASES = (
    Phase(
        "firm",
        "obeys the orders of an adaptive policy, delivers today's treatments unless these or the stop rule hold them "
        "back, ends service, responds to a crisis",
        "treatments, gone, buzz of yesterday, calls and people told until yesterday, first national pick-up",
        "told, gone, response, ledger",
    ),
    Phase(
        "tell",
        "delivers conversations, posts, words of people of note, coverage and calls due today",
        "plans, who stopped, told, coverage, response, buzz of yesterday",
        "doses, first hearings, who stops talking tomorrow, ledger",
    ),
    Phase(
        "decide_to_talk",
        "those told today and those who first heard today plan conversations, posts, calls and formal complaints",
        "told, first hearings, doses, gone, response, buzz of yesterday",
        "reactions, plans",
    ),
    Phase(
        "attention",
        "buzz decays and takes today's posts, ratings and formal complaints as well; outlets decide, by the rule that "
        "holds, what they report, and authorities whether they act",
        "buzz, ratings and complaints of yesterday, posts, formal complaints due today, response, told",
        "buzz, ratings, complaints, coverage from tomorrow, ledger",
    ),
    Phase(
        "bill",
        "customers whose day it is stay or leave; prospects join or not",
        "doses, reactions, treatments, departures of ties until yesterday",
        "gone, ledger",
    ),
    Phase("contagion", "today's departures caused by the policy reach ties tomorrow", "gone", "departures of ties"),
    Phase("record", "the daily table", "all", "trace"),
)
