"""Being let go: fairness, agreement, grievance, and what observers make of it."""

from __future__ import annotations

from wom_sim._compile import near_rule as rule


@rule
def distributive_fairness(given: float, switching_cost: float) -> float:
    """Return how far what was waived and paid covers the cost of switching, 0..1.

    Both in currency. Capped at 1: compensation beyond the loss stops helping.
    Source: Haesevoets et al. 2017 (A) for the cap.

    >>> distributive_fairness(200.0, 400.0)
    0.5
    """
    if switching_cost <= 0.0:
        return 1.0
    return min(1.0, max(0.0, given) / switching_cost)


@rule
def interactional_fairness(
    channel: float, framing: float, helps_to_move: float, by_channel: float, by_framing: float, by_helping: float
) -> float:
    """Return how decently it was said, 0..1: the weighted sum of channel, framing and help to move.

    All arguments 0..1, the last three are the weights. Source: which components count: Wetzel et al. 2022, Nazifi
    et al. 2020 (A); Assumption: the weights.

    >>> interactional_fairness(0.5, 0.5, 1.0, 0.4, 0.4, 0.2)
    0.6000000000000001
    """
    return by_channel * channel + by_framing * framing + by_helping * helps_to_move


@rule
def procedural_fairness(
    notice_days: float, proper_notice: float, review: float, criterion: float, ground: float, appeal: float
) -> float:
    """Return how proper the procedure was, 0..1: the mean of its five components.

    ``notice_days`` counts up to ``proper_notice``; the others are 0 or 1: individual review, a stated criterion, a
    ground in the terms, an appeal. Source: notice: Wetzel et al. 2022 (A); Assumption: equal weights.

    >>> procedural_fairness(30.0, 60.0, 1.0, 1.0, 0.0, 0.0)
    0.5
    """
    return (min(1.0, max(0.0, notice_days) / proper_notice) + review + criterion + ground + appeal) / 5.0


@rule
def overall_fairness(
    distributive: float,
    interactional: float,
    procedural: float,
    weight_distributive: float,
    weight_interactional: float,
    weight_procedural: float,
) -> float:
    """Return fairness 0..1 as the weighted sum of its three kinds.

    Source: Gelbrich & Roschk 2011, Orsingher et al. 2010 (A for the order, C for the weights).

    >>> overall_fairness(1.0, 0.5, 0.0, 0.45, 0.40, 0.15)
    0.65
    """
    return weight_distributive * distributive + weight_interactional * interactional + weight_procedural * procedural


@rule
def grievance(severity: float, fairness: float, agreed: bool, if_agreed: float) -> float:
    """Return the grievance of someone the firm acted on, 0..1.

    Agreement multiplies it by ``if_agreed``. Source: consent is the moderator that works: Haenel, Wetzel &
    Hammerschmidt 2019 (A); the sizes are C.

    >>> grievance(1.0, 0.4, False, 0.2)
    0.6
    """
    felt = severity * (1.0 - fairness)
    if agreed:
        felt *= if_agreed
    return min(1.0, max(0.0, felt))


@rule
def forewarned(notice_days: float, helps_to_move: float, by_notice: float, by_help: float) -> float:
    """Return the factor on the grievance of someone let go with long notice, or with help to find another provider.

    Notice counts beyond 30 days, in full from 90; ``helps_to_move`` is 0 or 1. Source: of all that firms do, only these
    two make fewer of those let go talk (245 real terminations): Wetzel, Haenel & Hess 2022 (A); sizes are C.

    >>> forewarned(60.0, 1.0, 0.2, 0.5)
    0.45
    """
    longer = min(1.0, max(0.0, notice_days - 30.0) / 60.0)
    return (1.0 - by_notice * longer) * (1.0 - by_help * helps_to_move)


@rule
def by_mistake(usual: float, share: float) -> float:
    """Return a number 0..1 of someone chosen by mistake: the usual one, moved ``share`` of the way to 1.

    For grievance, severity and newsworthiness of the story, and the chance to call. Source: a line cut by mistake, and
    hours of calling (S); who disagrees takes more revenge: Haenel, Wetzel & Hammerschmidt 2019 (A). Sizes are C.

    >>> by_mistake(0.6, 0.5)
    0.8
    """
    return usual + share * (1.0 - usual)


@rule
def learns(story: float, grievance: float, praise: bool) -> bool:
    """Return whether a person learns of what the firm does to them; from what is done in secret, nobody does.

    >>> learns(0.0, 0.0, False), learns(0.0, 0.1, False), learns(0.0, 0.0, True)
    (False, True, True)
    """
    return praise or story > 0.0 or grievance > 0.0


@rule
def reservation_value(switching_cost: float, surplus: float) -> float:
    """Return the least offer (currency) a customer leaves for: the cost of switching plus the surplus lost.

    Assumption: rational acceptance, as in the case documents (S).

    >>> reservation_value(100.0, 50.0)
    150.0
    """
    return switching_cost + surplus


@rule
def observers_severity(action: float, framing: float, explanation: float, explained_away: float) -> float:
    """Return how bad the story is for those who hear it, 0..1, before corroboration and response.

    ``action`` 0..1; ``framing`` is added to it; a public explanation (0 none, 1 full) removes the share
    ``explained_away``. Source: observers disapprove whoever is to blame: Lepthien et al. 2017 (A);
    explanation: Nazifi et al. 2020 against Wetzel et al. 2022, 0 to -100 % (A); sizes C.

    >>> observers_severity(0.5, 0.1, 0.5, 0.4)
    0.48
    """
    return min(1.0, max(0.0, (action + framing) * (1.0 - explained_away * explanation)))


@rule
def corroboration(buzz: float, boost: float, half_point: float) -> float:
    """Return the factor >= 1 by which independent tellers strengthen a story.

    It rises from 1 towards 1 + ``boost``; half of it is reached at ``half_point`` posts of buzz.
    Source: "Fired customers unite!" x1.5 (S, C).

    >>> corroboration(0.0, 0.5, 20.0), corroboration(20.0, 0.5, 20.0)
    (1.0, 1.25)
    """
    if buzz <= 0.0:
        return 1.0
    return 1.0 + boost * buzz / (buzz + half_point)


@rule
def story_severity(observed: float, corroborated: float, response: float) -> float:
    """Return the severity of the story as told today, 0..1: what it is x who confirms it x what the firm says.

    Assumption: the product.

    >>> story_severity(0.8, 1.5, 1.0)
    1.0
    """
    return min(1.0, max(0.0, observed * corroborated * response))
