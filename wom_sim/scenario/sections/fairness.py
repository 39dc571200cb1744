"""``[behaviour.fairness]``: being let go, agreement, grievance, and what observers see."""

from __future__ import annotations

from wom_sim.scenario.fields import Section, fraction, key


class ChannelScores(Section):
    """How decent a way of telling is, 0 to 1."""

    letter: float = fraction(0.2, "A letter", source="MODEL 5.1", grade="C")
    email: float = fraction(0.1, "An e-mail", source="MODEL 5.1", grade="C")
    text: float = fraction(0.0, "A text message", source="MODEL 5.1", grade="C")
    phone: float = fraction(0.6, "A telephone call", source="MODEL 5.1", grade="C")
    personal: float = fraction(1.0, "A personal talk", source="Mittal et al. 2008: last resort, in person", grade="A/C")


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
        0.3, "Replaces without questions: how much that moves them", source="Lord of the Strings, case documents",
        grade="S/C", plausible=(0.1, 0.7),
    )  # fmt: skip
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
        0.45, "Ends the contract; the same for bulk and one by one", source="EVIDENCE 12; Haenlein & Kaplan 2011",
        grade="C/A",
    )  # fmt: skip
    offer: float = fraction(0.10, "Offers money to leave", source="EVIDENCE 12; AmEx 2009", grade="C")
    reprice: float = fraction(0.30, "Raises the price", source="EVIDENCE 12", grade="C")
    nudge: float = fraction(
        0.45, "Made them think of leaving, once that is known: as bad as an open dismissal",
        source="Haenlein & Kaplan 2011: direct and indirect do not differ", grade="A/C", plausible=(0.15, 0.6),
    )  # fmt: skip
    downgrade: float = fraction(
        0.45, "Serves them less, once that is known: as bad as an open dismissal",
        source="Haenlein & Kaplan 2011: direct and indirect do not differ", grade="A/C", plausible=(0.3, 0.6),
    )  # fmt: skip
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


class Mistake(Section):
    """What is worse for someone chosen by mistake who does not agree: each goes this share of the way to the most."""

    grievance: float = fraction(
        0.5, "Grievance", source="who disagrees: x1.5 (Haenel et al. 2019); a line cut by mistake", grade="A/S/C",
        plausible=(0.2, 1.0),
    )  # fmt: skip
    story: float = fraction(
        0.3, "Severity of the story for observers", grade="Assumption, case documents S", plausible=(0.0, 0.6)
    )
    news: float = fraction(
        0.25, "Newsworthiness of what they post; a letter is as newsworthy as can be anyway",
        grade="Assumption, case documents S", plausible=(0.0, 0.5),
    )  # fmt: skip
    call: float = fraction(
        0.8, "Chance to call service within a week", source="eight hours on the line, case documents", grade="S/C"
    )
    upheld: float = fraction(
        0.8, "Share of mistakes that an appeal puts right before service ends",
        grade="Assumption: as found by a review", plausible=(0.3, 1.0),
    )  # fmt: skip
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
        60.0, "Notice that counts as wholly proper", unit="days", source="notice: Wetzel et al. 2022",
        grade="A for the fact, Assumption for the size", gt=0.0, le=3650.0,
    )  # fmt: skip
    grievance_if_agreed: float = fraction(
        0.2, "Factor on grievance of those who agree", source="Haenel et al. 2019", grade="A/C", plausible=(0.1, 0.5)
    )
    less_if_announced: float = fraction(
        0.24, "Share of grievance that 90 days of notice take away, instead of 30, beyond what they do for fairness",
        source="-25 % of talk in all (Wetzel et al. 2022)", grade="A/C", plausible=(0.1, 0.45),
    )  # fmt: skip
    less_if_helped: float = fraction(
        0.18, "Share of grievance that help to find another provider takes away, beyond what it does for fairness",
        source="-25 % of talk in all (Wetzel et al. 2022)", grade="A/C", plausible=(0.0, 0.4),
    )  # fmt: skip
    agree_by_letter: float = fraction(
        0.05, "Chance to agree without an offer, when written to", source="EVIDENCE 12", grade="C"
    )
    agree_in_person: float = fraction(
        0.10, "Chance to agree without an offer, after a talk", source="EVIDENCE 12", grade="C"
    )
    agree_to_price: float = fraction(0.2, "Chance to accept a higher price as fair", source="EVIDENCE 12", grade="C")
    agree_to_nudge: float = fraction(
        0.4, "Chance that leaving suits who is nudged, so that a leak angers them little", source="EVIDENCE 12",
        grade="C",
    )  # fmt: skip
    agree_to_downgrade: float = fraction(
        0.05, "Chance that who is served less does not mind, once they know", source="EVIDENCE 12", grade="C"
    )
    agree_to_transfer: float = fraction(
        0.3, "Chance to welcome being handed over to a partner", source="EVIDENCE 12", grade="C"
    )
    explained_away: float = fraction(
        0.4, "Share of severity that a full public explanation removes", source="Nazifi 2020; Wetzel 2022", grade="A/C",
        plausible=(0.0, 1.0),
    )  # fmt: skip
    channel: ChannelScores = ChannelScores()
    framing: FramingScores = FramingScores()
    framing_shift: FramingShift = FramingShift()
    severity: ActionScores = ActionScores()
    observed: ActionObserved = ActionObserved()
    mistake: Mistake = Mistake()
