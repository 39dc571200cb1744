"""How people behave: every default of the model in one place, with source and grade.

A scenario overrides only what is particular to it. Calibrated defaults say so; docs/DESIGN.md tells how.
"""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from wom_sim.scenario.fields import Section, fraction, key


class ChannelScores(Section):
    """How decent a way of telling is, 0 to 1."""

    letter: float = fraction(0.2, "A letter", source="MODEL 5.1", grade="C")
    email: float = fraction(0.1, "An e-mail", source="MODEL 5.1", grade="C")
    text: float = fraction(0.0, "A text message", source="MODEL 5.1", grade="C")
    phone: float = fraction(0.6, "A telephone call", source="MODEL 5.1", grade="C")
    personal: float = fraction(1.0, "A personal talk", source="Mittal et al. 2008: last resort, in person", grade="A/C")


class ChannelNews(Section):
    """How newsworthy is what the person holds in hand, 0 to 1."""

    letter: float = fraction(
        1.0, "A letter: paper that can be scanned",
        source="Hansen et al. 2018: vivid; .6 of those told could show it in 2007, .9 today", grade="A/C",
        plausible=(0.6, 1.0),
    )  # fmt: skip
    email: float = fraction(
        0.8, "An e-mail: text that can be copied", source="estimate: .9 of those told can show it", grade="Assumption",
        plausible=(0.5, 1.0),
    )  # fmt: skip
    text: float = fraction(
        0.6, "A text message", source="estimate: a screenshot", grade="Assumption", plausible=(0.3, 1.0)
    )
    phone: float = fraction(
        0.05, "A telephone call: nothing in hand",
        source="ING 2004; recorded and shown by .01 of those told in 2007, .04-.35 today", grade="C",
        plausible=(0.01, 0.35),
    )  # fmt: skip
    personal: float = fraction(
        0.05, "A personal talk: nothing in hand",
        source="ING 2004; recorded and shown by .01 of those told in 2007, .04-.35 today", grade="C",
        plausible=(0.01, 0.35),
    )  # fmt: skip


class FramingScores(Section):
    """How decent a framing is, 0 to 1."""

    blames_customer: float = fraction(0.0, "'Your behaviour makes it too costly'", source="MODEL 5.1", grade="C")
    neutral: float = fraction(0.4, "A statement of fact", source="MODEL 5.1", grade="C")
    blames_firm: float = fraction(
        0.4, "'Our processes make it too costly'", source="Willemsen 2017; Lepthien 2017", grade="S/A"
    )
    thanks_and_explains: float = fraction(0.8, "Thanks and explains", source="Nazifi et al. 2020", grade="A/C")


class FramingShift(Section):
    """What a framing adds to the severity that observers see."""

    blames_customer: float = key(
        0.05, "Blames the customer", source="EVIDENCE 12 (+.1 for victims)", grade="C", ge=-1, le=1
    )
    neutral: float = key(0.0, "Neutral", grade="C", ge=-1, le=1)
    blames_firm: float = key(0.0, "Blames the firm", source="Lepthien et al. 2017: no help", grade="A/C", ge=-1, le=1)
    thanks_and_explains: float = key(-0.05, "Thanks and explains", grade="C", ge=-1, le=1)


class ActionScores(Section):
    """A number for each thing the firm may do to a customer, 0 to 1."""

    dismiss: float = fraction(1.0, "Ends the contract", grade="C")
    offer: float = fraction(0.35, "Offers money to leave", grade="C")
    reprice: float = fraction(0.55, "Raises the price", source="EVIDENCE 12: .5 after an ordinary letter", grade="C")
    nudge: float = fraction(0.3, "Made them think of leaving; felt only if it leaks", source="EVIDENCE 12", grade="C")
    downgrade: float = fraction(0.6, "Serves them less; felt only if it leaks", source="EVIDENCE 12", grade="C")
    transfer: float = fraction(
        0.55, "Hands them over", source="EVIDENCE 12: .4 after a decent letter with help to move", grade="C"
    )
    cap_credits: float = fraction(
        0.35, "Stops their credits", source="EVIDENCE 12: .3 after an ordinary letter", grade="C"
    )
    fix_root_cause: float = fraction(
        0.2, "Repairs what makes them call: how much that moves them", grade="Assumption", plausible=(0.05, 0.5)
    )
    guarantee: float = fraction(
        0.3,
        "Replaces without questions: how much that moves them",
        source="Lord of the Strings, case documents",
        grade="S/C",
        plausible=(0.1, 0.7),
    )
    warn: float = fraction(
        0.25, "Warns them, and says where the limit lies", grade="Assumption: less than an offer to leave",
        plausible=(0.1, 0.4),
    )  # fmt: skip
    suspend: float = fraction(
        0.7, "Puts them out for some time", grade="Assumption: between less service and the end", plausible=(0.4, 1.0)
    )
    enforce: float = fraction(
        0.5, "Ends use that is not paid for", grade="Assumption: as for a higher price", plausible=(0.25, 0.8)
    )


class ActionObserved(Section):
    """How bad the action looks to those who hear of it, 0 to 1."""

    dismiss: float = fraction(
        0.45,
        "Ends the contract; the same for bulk and one by one",
        source="EVIDENCE 12; Haenlein & Kaplan 2011",
        grade="C/A",
    )
    offer: float = fraction(0.10, "Offers money to leave", source="EVIDENCE 12; AmEx 2009", grade="C")
    reprice: float = fraction(0.30, "Raises the price", source="EVIDENCE 12", grade="C")
    nudge: float = fraction(
        0.45,
        "Made them think of leaving, once that is known: as bad as an open dismissal",
        source="Haenlein & Kaplan 2011: direct and indirect do not differ",
        grade="A/C",
        plausible=(0.15, 0.6),
    )
    downgrade: float = fraction(
        0.45,
        "Serves them less, once that is known: as bad as an open dismissal",
        source="Haenlein & Kaplan 2011: direct and indirect do not differ",
        grade="A/C",
        plausible=(0.3, 0.6),
    )
    transfer: float = fraction(0.20, "Hands them over", source="EVIDENCE 12", grade="C")
    cap_credits: float = fraction(0.10, "Stops their credits", source="EVIDENCE 12", grade="C")
    fix_root_cause: float = fraction(
        0.10, "Repairs what makes them call: how good that looks", source="EVIDENCE 12: -.1", grade="C"
    )
    guarantee: float = fraction(
        0.30, "Replaces without questions: how good that looks", source="case documents", grade="S/C"
    )
    warn: float = fraction(
        0.08, "Warns them", grade="Assumption: less than an end to credits", plausible=(0.02, 0.2)
    )
    suspend: float = fraction(
        0.30, "Puts them out for some time", grade="Assumption: two thirds of a dismissal", plausible=(0.15, 0.45)
    )
    enforce: float = fraction(
        0.20, "Ends use that is not paid for", grade="Assumption: less than a higher price", plausible=(0.1, 0.4)
    )


class ActionNews(Section):
    """How newsworthy the action itself is, 0 to 1; multiplied with what the person holds in hand."""

    dismiss: float = fraction(1.0, "Ends the contract", grade="C")
    offer: float = fraction(0.1, "Offers money to leave: 'a nicer way'", source="AmEx 2009", grade="C")
    reprice: float = fraction(0.2, "Raises the price", source="EVIDENCE 12", grade="C")
    nudge: float = fraction(0.05, "Makes them think of leaving, before it leaks", source="EVIDENCE 12", grade="C")
    downgrade: float = fraction(0.1, "Serves them less, before it leaks", source="EVIDENCE 12", grade="C")
    transfer: float = fraction(0.2, "Hands them over", source="EVIDENCE 12", grade="C")
    cap_credits: float = fraction(0.03, "Stops their credits", source="EVIDENCE 12", grade="C")
    fix_root_cause: float = fraction(0.0, "Repairs what makes them call: no news", grade="Assumption")
    guarantee: float = fraction(0.0, "Replaces without questions: no news", grade="Assumption")
    warn: float = fraction(0.1, "Warns them", grade="Assumption")
    suspend: float = fraction(0.6, "Puts them out for some time", grade="Assumption")
    enforce: float = fraction(0.3, "Ends use that is not paid for", grade="Assumption")


class Mistake(Section):
    """What is worse for someone chosen by mistake who does not agree: each goes this share of the way to the most."""

    grievance: float = fraction(
        0.5,
        "Grievance",
        source="who disagrees: x1.5 (Haenel et al. 2019); a line cut by mistake",
        grade="A/S/C",
        plausible=(0.2, 1.0),
    )
    story: float = fraction(
        0.3, "Severity of the story for observers", grade="Assumption, case documents S", plausible=(0.0, 0.6)
    )
    news: float = fraction(
        0.25,
        "Newsworthiness of what they post; a letter is as newsworthy as can be anyway",
        grade="Assumption, case documents S",
        plausible=(0.0, 0.5),
    )
    call: float = fraction(
        0.8, "Chance to call service within a week", source="eight hours on the line, case documents", grade="S/C"
    )
    upheld: float = fraction(
        0.8,
        "Share of mistakes that an appeal puts right before service ends",
        grade="Assumption: as found by a review",
        plausible=(0.3, 1.0),
    )
    found_by_review: float = fraction(
        0.8, "Share of mistakes that an individual review finds", grade="Assumption", plausible=(0.3, 1.0)
    )


class Fairness(Section):
    """Being let go: fairness, agreement, grievance, and what observers see."""

    weight_distributive: float = fraction(
        0.45, "Weight of what was waived and paid", source="Gelbrich & Roschk 2011", grade="A/C"
    )
    weight_interactional: float = fraction(
        0.40, "Weight of how it was said", source="Gelbrich & Roschk 2011", grade="A/C"
    )
    weight_procedural: float = fraction(0.15, "Weight of the procedure", source="Gelbrich & Roschk 2011", grade="A/C")
    weight_channel: float = fraction(0.4, "Weight of the channel in how it was said", grade="Assumption")
    weight_framing: float = fraction(0.4, "Weight of the framing in how it was said", grade="Assumption")
    weight_help: float = fraction(0.2, "Weight of help to find another provider in how it was said", grade="Assumption")
    proper_notice: float = key(
        60.0,
        "Notice that counts as wholly proper",
        unit="days",
        source="notice: Wetzel et al. 2022",
        grade="A for the fact, Assumption for the size",
        gt=0.0,
        le=3650.0,
    )
    grievance_if_agreed: float = fraction(
        0.2, "Factor on grievance of those who agree", source="Haenel et al. 2019", grade="A/C", plausible=(0.1, 0.5)
    )
    less_if_announced: float = fraction(
        0.24,
        "Share of grievance that 90 days of notice take away, instead of 30, beyond what they do for fairness",
        source="-25 % of talk in all (Wetzel et al. 2022)",
        grade="A/C",
        plausible=(0.1, 0.45),
    )
    less_if_helped: float = fraction(
        0.18,
        "Share of grievance that help to find another provider takes away, beyond what it does for fairness",
        source="-25 % of talk in all (Wetzel et al. 2022)",
        grade="A/C",
        plausible=(0.0, 0.4),
    )
    agree_by_letter: float = fraction(
        0.05, "Chance to agree without an offer, when written to", source="EVIDENCE 12", grade="C"
    )
    agree_in_person: float = fraction(
        0.10, "Chance to agree without an offer, after a talk", source="EVIDENCE 12", grade="C"
    )
    agree_to_price: float = fraction(0.2, "Chance to accept a higher price as fair", source="EVIDENCE 12", grade="C")
    agree_to_nudge: float = fraction(
        0.4,
        "Chance that leaving suits who is nudged, so that a leak angers them little",
        source="EVIDENCE 12",
        grade="C",
    )
    agree_to_downgrade: float = fraction(
        0.05, "Chance that who is served less does not mind, once they know", source="EVIDENCE 12", grade="C"
    )
    agree_to_transfer: float = fraction(
        0.3, "Chance to welcome being handed over to a partner", source="EVIDENCE 12", grade="C"
    )
    explained_away: float = fraction(
        0.4,
        "Share of severity that a full public explanation removes",
        source="Nazifi 2020; Wetzel 2022",
        grade="A/C",
        plausible=(0.0, 1.0),
    )
    channel: ChannelScores = ChannelScores()
    framing: FramingScores = FramingScores()
    framing_shift: FramingShift = FramingShift()
    severity: ActionScores = ActionScores()
    observed: ActionObserved = ActionObserved()
    mistake: Mistake = Mistake()


class ByTie(Section):
    """A number for each class of tie."""

    household: float = key(1.0, "Same household", ge=0.0)
    close: float = key(1.0, "Close tie: friend, relative, colleague", ge=0.0)
    acquaintance: float = key(1.0, "Acquaintance", ge=0.0)


class Talking(Section):
    """Whether one talks, whom one tells, when, and whether one posts."""

    p_talk_victim: float = fraction(
        1.0,
        "Chance to talk at full grievance",
        source="RightNow/Harris 2007: .74 on average",
        grade="A/C",
        plausible=(0.5, 1.0),
    )
    p_retell: float = key(
        0.12,
        "Chance that a hearer passes a story of full severity on",
        ge=0.0,
        le=1.0,
        grade="C, calibrated",
        plausible=(0.02, 0.3),
    )
    victim_tells: ByTie = key(
        ByTie(household=0.95, close=0.8, acquaintance=0.55),
        "Chance that a talker whom the firm acted on tells each tie",
        source="9-16 people told, 5-28",
        grade="A/C, calibrated",
    )
    victim_strangers: float = key(
        3.5,
        "Strangers whom a talker tells who was let go",
        unit="people",
        source="EVIDENCE 7",
        grade="C, calibrated",
        plausible=(0.0, 10.0),
        ge=0.0,
        le=600.0,
    )
    hearer_tells: ByTie = key(
        ByTie(household=0.7, close=0.4, acquaintance=0.15),
        "Chance that a hearer who passes it on tells each tie",
        grade="C, calibrated",
    )
    hearer_strangers: float = key(
        0.5, "Strangers whom a hearer tells who passes it on", unit="people", grade="C", ge=0.0, le=600.0
    )
    talk_half_life: float = key(
        4.0, "Half-life of the delay until a tie is told", unit="days", grade="C", plausible=(2.0, 14.0), gt=0.0
    )
    stranger_half_life: float | None = key(
        None,
        "Half-life of the delay until a stranger is told; as for ties if absent",
        unit="days",
        grade="Assumption: one meets them at the pace at which one tells",
        gt=0.0,
    )
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
        0.13,
        "Chance that a talker whom the firm acted on posts",
        source="RightNow/Harris 2007; National Customer Rage Survey 2023: .03 of those dismissed in 2007, now .03-.25",
        grade="A/C",
        plausible=(0.01, 0.25),
    )
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
        1.2,
        "Exponent of the Pareto tail of audiences",
        source="popularity is heavy-tailed (Wu & Huberman 2007)",
        grade="A/C",
        plausible=(0.8, 2.0),
        gt=0.0,
    )
    audience_most: float = key(
        1_000_000.0,
        "Largest audience of a post",
        unit="people",
        source="United 2008: 3M in a week",
        grade="A/C",
        ge=0.0,
    )
    p_defend: float = fraction(
        0.1,
        "Chance that an advocate who hears a bad story defends the firm",
        source="EVIDENCE 9",
        grade="C",
        plausible=(0.0, 0.3),
    )
    p_defend_siding: float = fraction(0.02, "Chance that another hearer who sides with the firm defends it", grade="C")
    p_call_victim: float = fraction(0.5, "Chance that someone the firm acted on calls service within a week", grade="C")
    p_call_unasked: float = fraction(
        0.5,
        "Factor on the chance that who is told calls service, where the message does not say 'please call'",
        source="estimate: .35 of those dismissed call, .6 if asked to",
        grade="C",
        plausible=(0.3, 0.8),
    )
    p_call: float = fraction(
        0.004,
        "Chance that a customer who hears calls service within a week: am I next?",
        source="EVIDENCE 8: +3 % of base calls in week 1",
        grade="C",
        plausible=(0.0, 0.03),
    )


class Complaining(Section):
    """Formal complaints to an ombudsman or an authority, which remember them."""

    share: float = fraction(
        0.0, "Chance of a formal complaint by somebody on whom the firm acts, at full grievance; none if 0",
        source="UK, accounts closed: .004-.01 of those dismissed", grade="A/C",
    )  # fmt: skip
    first_day: int = key(60, "Least days until it is made", unit="days", source="60-120", grade="C", ge=0, le=3650)
    last_day: int = key(120, "Most days until it is made", unit="days", source="60-120", grade="C", ge=0, le=3650)
    after_news: float = key(
        1.44, "Factor on that chance where a national outlet has reported by then",
        source="UK ombudsman: +44 % cases in the year of a scandal", grade="A", ge=1.0, le=100.0,
    )  # fmt: skip
    half_life: float = key(
        365.0, "Half-life of a complaint in the memory of authorities", unit="days", grade="Assumption", gt=0.0,
        le=36500.0,
    )  # fmt: skip
    before: float = key(
        0.0, "Formal complaints that they remember when the run begins, about this firm or others of the trade",
        unit="complaints", grade="Assumption", ge=0.0, le=1e9,
    )  # fmt: skip

    @model_validator(mode="after")
    def _in_order(self) -> Complaining:
        if self.last_day < self.first_day:
            raise ValueError(f"last_day: given {self.last_day}, allowed: at least first_day = {self.first_day}")
        return self


class Weights(Section):
    """Dose of one telling of a story of full severity, by channel."""

    household: float = key(1.0, "From the same household", grade="C", ge=0.0, le=50.0)
    close: float = key(
        1.0, "From a close tie", source="strong ties x2 (Haenlein & Kaplan 2012)", grade="C", ge=0.0, le=50.0
    )
    acquaintance: float = key(0.5, "From an acquaintance", grade="C", ge=0.0, le=50.0)
    stranger: float = key(0.3, "From a stranger", grade="C", ge=0.0, le=50.0)
    post: float = key(0.3, "From a post", grade="C", ge=0.0, le=50.0)
    outlet: float = key(0.4, "From an outlet", grade="C", ge=0.0, le=50.0)


class Hearing(Section):
    """Dose, siding with the firm, harm and recovery."""

    weight: Weights = Weights()
    harm_per_dose: float = key(1.0, "k in harm = 1 - exp(-k x dose)", grade="C", ge=0.0)
    sides_with_firm: float = fraction(
        0.15, "Share of hearers who side with the firm", source="Consumerist 2007", grade="A/C", plausible=(0.05, 0.35)
    )
    sides_if_abuse: float = fraction(
        0.35,
        "Share of hearers who side with the firm when abuse is credible",
        source="Consumerist 2007",
        grade="A/C",
        plausible=(0.2, 0.5),
    )
    affected: float = fraction(
        0.2,
        "Share of the other hearers whose behaviour is affected",
        source="Haenlein & Kaplan 2010",
        grade="A/C",
        plausible=(0.1, 0.35),
    )
    buffer: float = fraction(
        0.5,
        "How far full commitment buffers bad news",
        source="Ahluwalia et al. 2000",
        grade="A/C",
        plausible=(0.3, 0.8),
    )
    harm_half_life: float = key(
        14.0,
        "Half-life of harm after the last dose",
        unit="days",
        source="boycotts are over in two to three weeks (Liaukonyte et al. 2023); Bud Light 2023 was not in eight "
        "months",
        grade="A/C",
        plausible=(5.0, 60.0),
        rare=(1000.0, 0.05),
        gt=0.0,
    )
    join_half_life: float = key(
        21.0,
        "Half-life of harm for those who might join",
        unit="days",
        source="estimate: 21 days (7-90); 120 where an authority or a court is in it, as in .3 of cases",
        grade="C",
        plausible=(7.0, 90.0),
        rare=(120.0, 0.3),
        gt=0.0,
    )
    corroboration_boost: float = key(
        0.5,
        "Most that corroboration adds to severity",
        source="EVIDENCE 12: x1.5",
        grade="S/C",
        plausible=(0.0, 1.0),
        ge=0.0,
    )
    corroboration_half_point: float = key(
        20.0, "Buzz at which half of the boost is reached", unit="posts", grade="C", gt=0.0
    )


class Leaving(Section):
    """Leaving, contagion of departures, joining, households."""

    beta: float = key(
        0.4,
        "Log hazard ratio of leaving at full harm",
        source="bump x1.00-1.10 in the aware; none in a quarter of neighbouring scandals (Spotify 2022, United 2017), "
        "x1.3 without fading in a rare one (Bud Light 2023)",
        grade="C, never measured",
        plausible=(0.0, 2.0),
        zero=0.25,
        rare=(5.5, 0.05),
        ge=0.0,
        le=20.0,
    )
    form: Literal["proportional", "additive"] = key(
        "proportional",
        "How story and departures raise the hazard of leaving. proportional: by a ratio. additive: by as many points "
        "for everybody, those that the ratio makes of reference_churn",
    )
    reference_churn: float = key(
        0.02, "With additive: hazard at which both forms add the same", unit="a month", grade="Assumption", ge=0.0,
        le=1.0,
    )  # fmt: skip
    departures: Literal["contagion", "homophily"] = key(
        "contagion",
        "Why people who know each other leave together. contagion: a departure raises the hazard of ties (chi). "
        "homophily: they are alike (population.alike_in_household, alike_in_community), and a departure moves nobody",
    )
    beta_join_ratio: float = key(
        8.0,
        "Log hazard ratio of joining, as a multiple of beta",
        source="East et al. 2017: 4 times; Wells Fargo 2016: 5-16 times",
        grade="A/C",
        plausible=(3.0, 16.0),
        ge=0.0,
    )
    beta_join: float | None = key(
        None,
        "Log hazard ratio of joining at full harm, by itself; beta x beta_join_ratio if absent. With it joins may "
        "suffer where staying does not",
        source="Wells Fargo 2016: closings up by a few percent, openings down by a third", grade="A/C", ge=0.0, le=20.0,
    )  # fmt: skip
    locked: float = fraction(
        0.5,
        "Factor on churn while a contract runs",
        source="GAO 2009: 42 %; US PIRG 2005: 47 %",
        grade="A/C",
        plausible=(0.4, 0.7),
    )
    price_sensitivity: float = key(
        0.6,
        "Rise of the hazard for a price rise of 100 %; half of it for 50 %",
        source="Netflix 2011: 60 % more, 3.3 % fewer in a quarter",
        grade="A/C, calibrated",
        plausible=(0.2, 1.5),
        ge=0.0,
        le=50.0,
    )
    price_seen: float = key(
        0.6,
        "Largest price rise to which the reaction has been seen; set it higher if you have seen more",
        unit="share",
        source="Netflix 2011: 60 %",
        grade="A",
        ge=0.0,
        le=10.0,
    )
    price_months: float = key(
        12.0,
        "Months for which a customer weighs what a price takes beyond the largest rise seen against leaving",
        unit="months",
        grade="Assumption: a year",
        plausible=(6.0, 24.0),
        ge=0.0,
        le=120.0,
    )
    offered: float = key(
        1.6,
        "Factor on the hazard of who refuses an offer to leave, and has been made to think of it",
        source="Ascarza et al. 2016: 6.4 to 10.0 % after a contact",
        grade="A for a contact, Assumption that an offer to leave does the same",
        plausible=(1.0, 2.2),
        ge=0.0,
        le=1000.0,
    )
    nudged: float = key(
        1.6,
        "Factor on the hazard of who is made to think of leaving",
        source="Ascarza et al. 2016: 6.4 to 10.0 % after a contact",
        grade="A",
        plausible=(1.2, 2.2),
        ge=0.0,
        le=1000.0,
    )
    downgraded: float = key(
        1.6,
        "Factor on the hazard of who is served less",
        source="EVIDENCE 12",
        grade="C",
        plausible=(1.1, 3.0),
        ge=0.0,
        le=1000.0,
    )
    credits_capped: float = key(
        1.2,
        "Factor on the hazard of a credit seeker who gets no credits any more",
        source="EVIDENCE 12",
        grade="C",
        plausible=(1.0, 2.0),
        ge=0.0,
        le=1000.0,
    )
    repaired: float = key(
        0.9,
        "Factor on the hazard of a customer whose cause to call is repaired",
        source="EVIDENCE 12: churn -5 to -15 %",
        grade="C",
        plausible=(0.85, 0.95),
        ge=0.0,
        le=1000.0,
    )
    guaranteed: float = key(
        0.9,
        "Factor on the hazard of a customer with a guarantee",
        grade="Assumption: as for a repaired cause",
        plausible=(0.8, 1.0),
        ge=0.0,
        le=1000.0,
    )
    chi: float = key(
        0.4,
        "Rise of the hazard for one departed tie",
        source="Nitzan & Libai 2011, causal half",
        grade="A/C",
        plausible=(0.25, 0.8),
        ge=0.0,
    )
    contagion_half_life: float = key(
        20.0,
        "Half-life of a departure's effect",
        unit="days",
        source="Nitzan & Libai 2011",
        grade="A/C",
        plausible=(10.0, 40.0),
        gt=0.0,
    )
    contagion_window: int = key(
        35, "A departure has no effect after", unit="days", source="Haenlein 2013", grade="A", ge=0, le=3650
    )
    contagion_most: float = key(
        4.0, "Departures beyond this number add nothing", source="Dasgupta et al. 2008", grade="A/C", ge=0.0, le=50.0
    )
    departure_weight: ByTie = key(
        ByTie(household=1.3, close=1.0, acquaintance=0.7),
        "Weight of a departed tie",
        source="Nitzan & Libai 2011: tie strength +-30 %",
        grade="A/C",
    )
    dismissed_counts: float = key(
        0.5,
        "Weight of a departure by the firm's hand in contagion; one of their own accord counts 1",
        source="EVIDENCE 4: no data",
        grade="C",
        plausible=(0.0, 1.5),
        ge=0.0,
    )
    household_follows: float = fraction(
        0.41,
        "Chance that a household member leaves with someone let go",
        source="shared plans at telephone companies (J.D. Power, Yankee, PwC): .41, .2-.65",
        grade="C",
        plausible=(0.2, 0.65),
    )


class Responding(Section):
    """What a response does to the newsworthiness of posts, against saying nothing (which spreads x 1.2)."""

    explain: float = key(
        0.63, "Explains", source="Herhausen et al. 2019: x .75", grade="A/C", plausible=(0.5, 1.0), ge=0.0, le=3.0
    )
    apologise: float = key(
        0.58, "Apologises", source="Herhausen et al. 2019: x .7", grade="A/C", plausible=(0.5, 1.0), ge=0.0, le=3.0
    )
    compensate: float = key(
        1.08,
        "Offers compensation in public",
        source="Herhausen et al. 2019: x 1.3, raises virality",
        grade="A/C",
        plausible=(0.9, 1.4),
        ge=0.0,
        le=3.0,
    )
    reinstate: float = key(0.58, "Takes it back", grade="Assumption: as an apology", ge=0.0, le=3.0)
    prompt_days: int = key(
        2, "A response later than this has less effect", unit="days", grade="Assumption: 'if immediate'", ge=0
    )
    late: float = fraction(
        0.5,
        "Share of the effect that a late response has",
        source="speed matters (Herhausen et al. 2019)",
        grade="A for the fact, Assumption for the size",
        plausible=(0.0, 1.0),
    )


class Calling(Section):
    """Whether a call solves the matter; what a fee for each call, and repair of its cause, do to the calls."""

    unsolved: float = fraction(
        0.5,
        "Chance that a call about what the firm did solves nothing, so that the customer calls again, up to 7 times",
        source="Sprint: customers called twice as often until it was solved (CRM Magazine)",
        grade="A/C",
        plausible=(0.2, 0.7),
    )
    again_after: int = key(3, "Days until they call again", unit="days", grade="Assumption", ge=1, le=365)
    after_price: float = fraction(
        0.09,
        "Chance that who is told of a price, a fee or new terms calls service, against one who is dismissed",
        source="price rise of a utility: .03 call (.005-.10); dismissed: .35", grade="C", plausible=(0.015, 0.3),
    )  # fmt: skip

    repair_months: float = key(
        18.0, "Time constant of repair", unit="months", source="EVIDENCE 12", grade="A", plausible=(6.0, 36.0), gt=0.0
    )

    elasticity: float = key(
        0.6,
        "Elasticity of calls in their full price, which is time and fee",
        grade="Assumption",
        plausible=(0.2, 1.2),
        ge=0.0,
        le=10.0,
    )
    time_per_call: float = key(
        5.0,
        "What a call costs the customer in time and patience",
        unit="currency",
        grade="Assumption: a quarter of an hour at 20 an hour",
        plausible=(2.0, 15.0),
        gt=0.0,
    )


class Steps(Section):
    """What warnings, a suspension, and an end to shared or unpaid use do."""

    moderate: float = fraction(
        0.75,
        "Share who use no more than is usual after a first warning; half of them would have anyway",
        source="NDO: 61 of 76 in two weeks; Comcast: 75 % after a call",
        grade="B/C",
        plausible=(0.5, 0.9),
    )
    moderate_again: float = fraction(
        0.4,
        "Share of the others who do so after a second warning",
        source="EVIDENCE2 6",
        grade="C",
        plausible=(0.2, 0.6),
    )
    grievance_if_warned: float = fraction(
        0.6,
        "Factor on the grievance of a dismissal that comes after fair warnings",
        source="EVIDENCE2 6",
        grade="C",
        plausible=(0.4, 0.9),
    )
    p_call_warned: float = fraction(
        0.15,
        "Chance that someone who is warned calls service within a week, if not asked to",
        source="throttled customers: 5.4 % complained in three years; EVIDENCE2 10",
        grade="C",
        plausible=(0.05, 0.4),
    )
    warned: float = key(
        1.2,
        "Factor on the hazard of who has been warned",
        source="a contact makes people reconsider: x1.6 (Ascarza et al. 2016); a rule that is known less",
        grade="Assumption",
        plausible=(1.0, 1.6),
        ge=0.0,
        le=1000.0,
    )
    suspended: float = key(
        1.6,
        "Factor on the hazard of who has been suspended, during it and after",
        grade="Assumption: as for who is served less",
        plausible=(1.1, 3.0),
        ge=0.0,
        le=1000.0,
    )
    converts: float = fraction(
        0.2,
        "Share of the borrowers who are cut off that become customers who pay",
        source="EVIDENCE2 6",
        grade="C",
        plausible=(0.05, 0.4),
    )
    converts_within: float = key(
        180.0,
        "Days within which they do, each day as likely",
        unit="days",
        source="EVIDENCE2 6: six months",
        grade="C",
        ge=1.0,
        le=3650.0,
    )


class Behaviour(Section):
    """How people behave."""

    fairness: Fairness = Fairness()
    talking: Talking = Talking()
    hearing: Hearing = Hearing()
    leaving: Leaving = Leaving()
    responding: Responding = Responding()
    calling: Calling = Calling()
    complaining: Complaining = Complaining()
    steps: Steps = Steps()
