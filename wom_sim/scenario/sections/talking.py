"""``[behaviour.talking]``: whether one talks, whom one tells, when, and whether one posts."""

from __future__ import annotations

from typing import Literal

from wom_sim.scenario.fields import Section, fraction, key


class ByTie(Section):
    """A number for each class of tie."""

    household: float = key(1.0, "Same household", ge=0.0)
    close: float = key(1.0, "Close tie: friend, relative, colleague", ge=0.0)
    acquaintance: float = key(1.0, "Acquaintance", ge=0.0)


class Talking(Section):
    """Whether one talks, whom one tells, when, and whether one posts."""

    p_talk_victim: float = fraction(
        1.0, "Chance to talk at full grievance", source="RightNow/Harris 2007: .74 on average", grade="A/C",
        plausible=(0.5, 1.0),
    )  # fmt: skip
    p_retell: float = key(
        0.12, "Chance that a hearer passes a story of full severity on", ge=0.0, le=1.0, grade="C, calibrated",
        plausible=(0.02, 0.3),
    )  # fmt: skip
    victim_tells: ByTie = key(
        ByTie(household=0.95, close=0.8, acquaintance=0.55),
        "Chance that a talker whom the firm acted on tells each tie", source="9-16 people told, 5-28",
        grade="A/C, calibrated",
    )  # fmt: skip
    victim_strangers: float = key(
        3.5, "Strangers whom a talker tells who was let go", unit="people", source="EVIDENCE 7", grade="C, calibrated",
        plausible=(0.0, 10.0), ge=0.0, le=600.0,
    )  # fmt: skip
    hearer_tells: ByTie = key(
        ByTie(household=0.7, close=0.4, acquaintance=0.15), "Chance that a hearer who passes it on tells each tie",
        grade="C, calibrated",
    )  # fmt: skip
    hearer_strangers: float = key(
        0.5, "Strangers whom a hearer tells who passes it on", unit="people", grade="C", ge=0.0, le=600.0
    )
    talk_half_life: float = key(
        4.0, "Half-life of the delay until a tie is told", unit="days", grade="C", plausible=(2.0, 14.0), gt=0.0
    )
    stranger_half_life: float | None = key(
        None, "Half-life of the delay until a stranger is told; as for ties if absent", unit="days",
        grade="Assumption: one meets them at the pace at which one tells", gt=0.0,
    )  # fmt: skip
    talk_days: int = key(30, "Longest delay until a tie is told", unit="days", grade="C", ge=1, le=3650)
    duration: Literal["fixed", "geometric"] = key(
        "fixed",
        "For how long one talks. fixed: everybody for talk_days. geometric: each a number of days of their own, with "
        "the mean talk_mean_days; what they would have told later falls away",
    )
    talk_mean_days: float = key(
        10.0, "With geometric: mean number of days that one talks", unit="days", grade="Assumption", ge=1.0, le=3650.0
    )
    retelling: Literal["exposure", "threshold"] = key(
        "exposure",
        "What makes a hearer pass a story on. exposure: a chance, once, when one first hears (p_retell). threshold: "
        "that enough of one's ties have told it (Watts 2002)",
    )
    threshold: float = fraction(
        0.18, "With threshold: share of ties that must have told a story of full severity", source="Watts 2002: .18",
        grade="Assumption",
    )  # fmt: skip
    threshold_spread: float = fraction(
        0.0, "With threshold: people's own shares lie evenly between threshold less this and threshold plus this",
        grade="Assumption",
    )  # fmt: skip
    stopping: Literal["teller", "both"] = key(
        "teller",
        "Who may stop talking when a story is told to somebody who knows. teller: who tells it (Maki & Thompson 1973). "
        "both: the other as well, if they talk of it too (Daley & Kendall 1965)",
    )
    p_stop_when_known: float = fraction(
        0.3, "Chance to stop talking when the other already knows", source="Maki & Thompson 1973", grade="B/C"
    )
    p_post: float = fraction(
        0.13, "Chance that a talker whom the firm acted on posts",
        source="RightNow/Harris 2007; National Customer Rage Survey 2023: .03 of those dismissed in 2007, now .03-.25",
        grade="A/C", plausible=(0.01, 0.25),
    )  # fmt: skip
    p_post_hearer: float = fraction(
        0.01, "Chance that a hearer who passes it on posts", grade="C", plausible=(0.0, 0.05)
    )
    hearsay_news: float = fraction(
        0.1, "Newsworthiness of a hearer's post, as a share of that of those let go", grade="Assumption, calibrated"
    )
    post_half_life: float = key(
        3.0, "Half-life of the delay until a post", unit="days", source="Sprint: 3-6 days", grade="A/C", gt=0.0
    )
    post_days: int = key(21, "Longest delay until a post", unit="days", grade="C", ge=1, le=3650)
    audience: Literal["pareto", "lognormal"] = key(
        "pareto",
        "How audiences differ. pareto: each post has one of its own. lognormal: each person has followers, the same "
        "for all that they post, and a few posts are passed on and reach many more",
    )
    followers_median: float = key(
        61.0, "With lognormal: followers of the middle one of those who post", unit="people",
        source="active accounts, 2013: 61; US adults, 2019: 19 to 387", grade="B", ge=0.0, le=1e9,
    )  # fmt: skip
    followers_spread: float = key(
        1.65, "With lognormal: spread of followers (log)",
        source="2013: 1,000 is the 96th percentile, 3,000 the 99th", grade="B/C", ge=0.0, le=5.0,
    )  # fmt: skip
    passed_on: float = fraction(
        0.05, "With lognormal: share of posts that are passed on at all", source="Goel et al. 2012, 2016", grade="B"
    )
    passed_on_tail: float = key(
        1.15, "With lognormal: exponent of the Pareto tail by which these are read more widely",
        source="100 re-shares or more: .00025 of posts (Goel et al. 2016)", grade="B/C", gt=0.0, le=20.0,
    )  # fmt: skip
    audience_least: float = key(20.0, "Least audience of a post", unit="people", grade="C", ge=0.0)
    audience_tail: float = key(
        1.2, "Exponent of the Pareto tail of audiences", source="popularity is heavy-tailed (Wu & Huberman 2007)",
        grade="A/C", plausible=(0.8, 2.0), gt=0.0,
    )  # fmt: skip
    audience_most: float = key(
        1_000_000.0, "Largest audience of a post", unit="people", source="United 2008: 3M in a week", grade="A/C",
        ge=0.0,
    )  # fmt: skip
    p_defend: float = fraction(
        0.1, "Chance that an advocate who hears a bad story defends the firm", source="EVIDENCE 9", grade="C",
        plausible=(0.0, 0.3),
    )  # fmt: skip
    p_defend_siding: float = fraction(0.02, "Chance that another hearer who sides with the firm defends it", grade="C")
    p_call_victim: float = fraction(0.5, "Chance that someone the firm acted on calls service within a week", grade="C")
    p_call_unasked: float = fraction(
        0.5, "Factor on the chance that who is told calls service, where the message does not say 'please call'",
        source="estimate: .35 of those dismissed call, .6 if asked to", grade="C", plausible=(0.3, 0.8),
    )  # fmt: skip
    p_call: float = fraction(
        0.004, "Chance that a customer who hears calls service within a week: am I next?",
        source="EVIDENCE 8: +3 % of base calls in week 1", grade="C", plausible=(0.0, 0.03),
    )  # fmt: skip
