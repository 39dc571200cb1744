"""What the code does not say of itself in data: a line for each column of a run, purpose of luck, and event.

Every table here is checked against the code: an entry too few or too many is an error (``tables.complete``).
"""

from __future__ import annotations

STATE = {
    "heard": ("day + 1, 0 never", "the day on which the person was told, or first heard"),
    "last": ("day + 1, 0 never", "the day of the last dose, of harm or of praise"),
    "harm": ("1/256 dose, at most 65,535", "harm heard so far"),
    "story": ("1/255", "how bad the story was as first heard: the worst version of that day"),
    "marks": ("bits", "the flags of the next table"),
    "source": ("channel x 2^29 + number", "by which channel and from whom first heard: the lowest of that day"),
}
RARE = {
    "person": ("number", "whose row it is"),
    "after": ("row + 1, 0 none", "house-keeping of the compiled engine: the next row of a chain"),
    "gone": ("day + 1, 0 never", "the day on which a customer left, or a prospect joined"),
    "praise": ("1/256 dose, at most 65,535", "praise heard so far"),
    "fate": ("bits", "the fates of the last table"),
}
FATES = {
    "CAUSED": "the person's own departure is the policy's doing, so it reaches ties",
    "LET_GO": "that departure was by the firm's hand: dismissed, or took the offer",
    "KEPT": "did not leave (join) on the day on which they would have without the policy",
}
FLAGS = {
    "TOLD": "the firm acted on the person",
    "AFFECTED": "behaviour is affected: by the reaction to the story, or because the firm acted on the person",
    "STOPPED": "conversations still planned fall away; cleared when the firm tells the person (again)",
    "BEREAVED": "a tie left because of the policy (compiled engine only: the reference keeps a list)",
    "RARE": "has a row in the next table",
    "LISTED": "house-keeping of the compiled engine: to be cleared after the run",
}
MEMORY = {
    "CURSOR": "the next row of the treatments",
    "CLOCK": "the programme's own day, from -1; stands still on days that the stop rule pauses",
    "DISMISSED": "customers told that they are dismissed, so far",
    "WORST_STORY": "the worst story told by the firm so far (1/255); 0: there is no story yet",
    "MOST_NEWS": "the most newsworthy thing that the firm has put in a hand so far (1/256)",
    "FIRST_NATIONAL": "the day of the first pick-up by a national outlet, -1 if none",
    "NEWS_TODAY": "newsworthiness of today's posts (sum, 1/256)",
    "WITHDRAWN": "1 once the firm has taken back what has not taken effect",
    "PICKED_UP": "outlets that have picked the story up (compiled engine only: the reference looks at each)",
}
OUTLETS = {
    "threshold": (
        "posts of buzz",
        "buzz at which it picks the story up with 63 % a day; 0: as soon as there is a story",
    ),
    "reach": ("share", "share of people that it reaches on the first day of coverage"),
    "half_life": ("days", "half-life of its reach; 0: does not fade"),
    "lag": ("days", "from pick-up to the first day of coverage"),
    "national": ("yes or no", "whether its pick-up counts as national coverage"),
    "cost_per_dismissal": ("currency", "what its intervention costs the firm for each customer dismissed"),
}
TREATMENTS = {
    "person": ("number", "whom"),
    "turn": ("count from 0", "how many times the firm acted on the person before"),
    "day_told": ("day of the programme", "when; shifted by days on which the stop rule pauses the programme"),
    "notice": ("days", "from being told to the end of service; -1: service does not end"),
    "action": (
        "code",
        "1 dismiss, 2 offer, 3 reprice, 4 nudge, 5 downgrade, 6 transfer, 7 cap credits, 8 leak, "
        "9 fix root cause, 10 guarantee",
    ),
    "story": ("1/255", "severity for observers, before corroboration and response"),
    "news": ("1/256", "newsworthiness of a post by the person"),
    "grievance": ("0..1", "how wronged the person feels"),
    "hazard_multiplier": ("factor", "on the person's churn from then on"),
    "profit_change": ("currency a month", "what the person pays more, or costs less"),
    "given": ("currency", "what is waived and paid, to a person who goes, less what comes back at once"),
    "cost": ("currency", "what acting costs: channel, carrying it out, and review if there is one"),
    "p_call": ("chance", "that the person calls service within a week"),
    "agreed": ("yes or no", "consented, or took the offer"),
    "waived": ("yes or no", "the fee for ending early no longer holds the person"),
    "praise": ("yes or no", "what the person tells is good; outlets do not care"),
}
TIES = {
    "household": "members of one household; the tie by which one may leave together with someone let go",
    "close": "friends, relatives, colleagues",
    "acquaintance": "all others whom one knows",
}
CHANNELS = {
    "firm": "the firm itself",
    "household": "a conversation over a household tie",
    "close": "a conversation over a close tie",
    "acquaintance": "a conversation over an acquaintance tie",
    "stranger": "a conversation with a random person of the pool",
    "post": "a public post, by a random reader of the pool",
    "outlet": "coverage by an outlet; the number is the outlet's",
    "nobody": "did not hear",
}
EVENTS = {
    "told": ("the firm tells a customer", "0"),
    "heard": ("a person first hears from others", "0"),
    "talks": ("a person decides to talk", "conversations planned"),
    "defends": ("a person decides to defend the firm", "conversations planned"),
    "posts": ("a post appears", "its audience"),
    "calls": ("an extra call is answered", "money: its cost"),
    "picked up": ("an outlet (its number stands under person) picks the story up", "0"),
    "left": ("a customer leaves, otherwise than without the policy", "money: what that costs or saves"),
    "stayed": ("a customer stays on the day on which they would have left", "money: what that brings or costs"),
    "joined": ("a prospect joins, otherwise than without the policy", "money: what that brings"),
    "did not join": ("a prospect does not join on the day on which they would have", "money: what that costs"),
    "gives": ("the firm waives or pays something to a customer whom it tells", "money"),
    "handles": ("telling the customer costs something", "money"),
    "starts": ("the programme begins (under person stands nobody)", "money: its cost"),
    "responds": ("the firm responds to the crisis (under person stands nobody)", "money: its cost"),
    "demands": ("a consumer authority (under person stands the outlet) demands money", "money"),
    "is news": ("a post that is no praise appears", "its newsworthiness in 1/256"),
    "had heard": (
        "somebody acts (leaves, stays, joins or not, calls) whom the firm did not act on; by channel and outlet",
        "what they had heard that way by then, in 1/256; praise has the label `prevented`",
    ),
    "had lost a tie": ("somebody leaves because of the departure of ties; an event a tie", "its weight in 1/256"),
    "pays": ("on being told: a customer will pay more or cost less a month", "money: all of it, to leaving or beyond"),
    "outlook": (
        "on being told last: the churn of a customer who stays is changed for good",
        "money: what that changes beyond the run",
    ),
}
CAUSES = {
    "own": "no one's doing; happens only as a departure later than without the policy",
    "dismissed": "service ended by the firm",
    "accepted offer": "service ended because an offer was taken, or with a hand-over to another provider",
    "with household": "left together with someone of the household who was let go",
    "treatment": "the luck of the month lies below churn x waived lock x the multiplier of the treatment",
    "story": "it lies above that, below the same with harm",
    "departure of ties": "it lies above that, below the same with contagion",
}
LABELS = {
    "": "does not apply",
    "anyway": "on the same day without the policy: nobody's effect, not logged",
    "earlier": "without the policy on a later day: counted +1 today and -1 on that day",
    "because": "without the policy not at all",
    "prevented": "without the policy today; does not happen",
    "later": "without the policy on an earlier day, for which `prevented` was booked",
}
PURPOSES = {
    "REACTION": ("sides with the firm, is affected, or only knows", "hearer", "0", "0"),
    "RETELL": ("passes the story on", "hearer", "0", "0"),
    "CALL": ("calls service, and when", "hearer", "0", "0"),
    "DEFEND": ("defends the firm", "hearer", "0", "0"),
    "VICTIM_TALK": ("talks", "person told", "0", "turn"),
    "VICTIM_CALL": ("calls service, and when", "person told", "0", "turn"),
    "VICTIM_POST": ("posts, and when", "person told", "0", "turn"),
    "VICTIM_AUDIENCE": ("how many read that post", "person told", "0", "turn"),
    "HEARER_POST": ("posts, and when", "hearer", "0", "0"),
    "HEARER_AUDIENCE": ("how many read that post", "hearer", "0", "0"),
    "STRANGERS": ("how many strangers are told", "talker", "0", "code"),
    "TELL": ("tells this tie, and when", "talker", "listener", "code"),
    "STOP": ("stops because the listener knew", "talker", "listener", "code"),
    "STRANGER": ("which stranger (two lanes: 53 bits)", "talker", "how many before", "code"),
    "STRANGER_DELAY": ("when the stranger is told", "talker", "how many before", "code"),
    "READER": ("who reads a post (two lanes)", "author", "how many before", "code"),
    "LEAVE": ("leaves in this month; four months a block", "customer", "0", "month / 4"),
    "JOIN": ("joins in this month; four months a block", "prospect", "0", "month / 4"),
    "FOLLOW": ("leaves with a member of the household", "who may follow", "who was let go", "0"),
    "PICKUP": ("an outlet picks the story up", "outlet", "0", "day"),
    "BROADCAST": ("how many people are skipped; four steps a block", "outlet", "step / 4", "day"),
    "AGREE": ("agrees without an offer", "customer", "0", "0"),
    "MAIL": ("days of the post", "customer", "0", "0"),
    "WRONG": ("another customer is chosen by mistake instead", "customer meant", "0", "0"),
    "SPARED": ("is spared by the review", "customer", "0", "0"),
    "LEAK": ("when a hidden practice comes out", "0", "0", "0"),
    "REPLICATION": ("the seed of a replication (two lanes)", "replication", "0", "0"),
    "INSTEAD": ("which other customer (two lanes)", "customer meant", "try", "0"),
    "COMMUNITY": ("what a community has in common", "community", "0", "0"),
    "HOUSEHOLD": (
        "size and place in the order (whom 0); what it has in common (whom 1)",
        "first member",
        "0 or 1",
        "0",
    ),
    "PERSON": ("revenue, churn; calls, talkativeness: two pairs of normal numbers", "person", "0", "0"),
    "PERSON_EXTRA": ("surplus, commitment, contract, bill day (what is left of it: advocate)", "person", "0", "0"),
    "PERSON_SHAPE": ("credit seeker, switching cost", "person", "0", "0"),
    "PLACE": ("order of a community's members in the ring of close ties", "first member", "step / 4", "0"),
    "CLOSE": ("a close tie is rewired, and to whom", "place in the ring", "which tie", "0"),
    "ACQUAINTANCES": ("number of acquaintances (normal pair), rounding, share far away", "person", "0", "0"),
    "TOWN": ("who meets whom in town", "town", "step / 4", "0"),
    "FAR": ("who holds which far slot", "town", "step / 4", "0"),
    "FAR_PARTNER": ("which town a slot leads to", "slot", "0", "0"),
}
"""Purpose -> (what it decides, who, whom or occasion, day) of the counter."""

NUMBERS = {
    "days": "`run.days`",
    "weight": "`behaviour.hearing.weight`, by channel; 0 for the firm",
    "sides": "`behaviour.hearing.sides_with_firm`, or `sides_if_abuse` where the policy says `abuse_credible`",
    "beta_join": "`behaviour.leaving.beta` x `behaviour.leaving.beta_join_ratio`",
    "buzz_half_life": "`media.buzz_half_life`",
    "pause_above": "lever `pause_above`; 0: no stop rule",
    "response_after": "lever `response.after_days`; 0 where `response.kind` is ignore",
    "response_severity": "lever `response.severity`",
    "response_news": "lever `response.news`, else `behaviour.responding`, halved where late (`effect_of_response`)",
    "response_cost": "lever `response.cost`",
    "response_reinstates": "1 where `response.kind` is reinstate",
    "programme_cost": "lever `programme_cost`",
    "cost_per_call": "`money.cost_per_call`",
    "credit_per_call": "`money.credit_per_call`",
    "profitable_above": "`money.profitable_above`",
    "discount": "(1 + `money.discount`)^(1/12) - 1",
    "acquisition_cost": "`money.acquisition_cost`",
    "new_customer_value": "mean of `customer_value` over all customers of the world",
    "fees_collectable": "`money.fees_collectable`",
}
"""Numbers of a run whose name is not that of a key under ``behaviour``, and where they come from."""
