"""``[media]``: buzz, how a story becomes news, how it is reported, and ratings."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from wom_sim.scenario.fields import Section, fraction, key
from wom_sim.scenario.sections.outlets import DEFAULT_OUTLETS, Outlet

PickupRule = Literal["level", "taste", "story", "any"]


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


class Taste(Section):
    """The rule taste: what an outlet takes for news, drawn once for each story."""

    spread: float = key(
        3.0, "Standard deviation of the logarithm of what an outlet takes for this story",
        source="twenty cases: between 100 and 10,000 the number of people hardly decided, the story did (.35-.85)",
        grade="C, calibrated", plausible=(1.0, 4.5), ge=0.0, le=10.0,
    )  # fmt: skip
    common: float = fraction(
        0.5, "Share of its variance that outlets have in common: a dull story is dull for all", grade="Assumption"
    )


class Story(Section):
    """The rule story: how good a story is, and how fast it is reported."""

    spread: float = key(
        1.5, "Standard deviation of the logarithm of how good a story is",
        source="twenty cases: the number of people hardly decided, the story did", grade="C", plausible=(0.7, 2.5),
        ge=0.0, le=10.0,
    )  # fmt: skip
    rate: float = key(
        0.03,
        "Reports a day of a middling story that as many tell as an outlet's threshold says",
        source="one in seven firms a year that end contracts one by one is news (.03-.5), of written waves .35-.85",
        grade="C, calibrated", plausible=(0.01, 0.2), ge=0.0, le=1000.0,
    )  # fmt: skip
    alone: float = fraction(
        0.02, "What one customer's own case is worth as a story, as a share of one that many tell",
        source="one in seven firms a year that end contracts one by one is news (.03-.5)", grade="C, calibrated",
        plausible=(0.005, 0.3),
    )  # fmt: skip
    novelty: float = key(
        1.0,
        "How new it is: 1 the first of its kind in the trade, .5 the same firm again, .6^k the firm after k others",
        source="cases that repeated each other", grade="C", ge=0.0, le=10.0,
    )  # fmt: skip


class Reporting(Section):
    """When what is news is reported, and how attention comes back."""

    median_days: float = key(
        3.0, "Median delay from the day on which a story convinces an outlet to the first report; less for one that "
        "many tell", unit="days", source="14 cases: 3 days", grade="B", ge=0.0, le=3650.0,
    )  # fmt: skip
    spread: float = key(
        1.2, "Standard deviation of the logarithm of that delay", source="14 cases", grade="B", ge=0.0, le=10.0
    )
    found_late: float = fraction(
        0.25, "Share of stories that are found only after months", source="14 cases: a quarter", grade="B"
    )
    late_from: int = key(
        60, "Least delay of a story that is found late", unit="days", source="14 cases", grade="B", ge=0, le=3650
    )
    late_to: int = key(
        300, "Longest delay of a story that is found late", unit="days", source="14 cases", grade="B", ge=0, le=3650
    )
    act_size: float = key(
        1000.0,
        "People told the same story at whom it is so large that a late find is half as likely, and the delay shorter; "
        "the size of the act does not matter if 0",
        unit="people", source="no wave of 10,000 or more was found late, of those that are known", grade="C",
        plausible=(200.0, 5000.0), ge=0.0, le=1e9,
    )  # fmt: skip
    story_size: float = key(
        0.0, "Buzz at which the same holds; the size of the story does not matter if 0", unit="posts",
        grade="Assumption", ge=0.0, le=1e9,
    )  # fmt: skip
    second_peak: float = fraction(
        0.0,
        "Reach that coverage has once more when the firm moves (responds), as a share of the first; it fades twice as "
        "fast",
        source="17 retreats: .5", grade="C",
    )  # fmt: skip

    @model_validator(mode="after")
    def _in_order(self) -> Reporting:
        if self.late_to < self.late_from:
            raise ValueError(f"late_to: given {self.late_to}, allowed: at least late_from = {self.late_from}")
        return self


class Ratings(Section):
    """Ratings that stay on platforms, and keep some from joining a firm that is little known."""

    effect: float = key(
        0.0,
        "By how much the logarithm of the chance to join falls for each star that is lost: .2 for a firm that is "
        "little known, 0 for a chain that all know",
        source="a star: 5-9 % of revenue for independents, nothing for chains (Luca 2016); 2 % (0-8 %) of joins a "
        "tenth of a star", grade="A/C", ge=0.0, le=20.0,
    )  # fmt: skip
    count: float = key(500.0, "Ratings that the firm has", unit="ratings", grade="Assumption", gt=0.0, le=1e9)
    stars: float = key(4.0, "Their mean, of 1 to 5", unit="stars", grade="Assumption", ge=1.0, le=5.0)
    half_life: float = key(
        90.0, "Half-life of what a bad rating does", unit="days", source="30-365", grade="C", gt=0.0, le=36500.0
    )


class Media(Section):
    """Attention: buzz and outlets."""

    buzz_half_life: float = key(
        3.0, "Half-life of buzz", unit="days", source="1-7 days", grade="C", plausible=(1.0, 7.0), gt=0.0
    )
    channel_news: ChannelNews = ChannelNews()
    action_news: ActionNews = ActionNews()
    p_leak: float = key(
        0.02, "Chance a month that a hidden practice comes out, for each 1,000 customers treated", unit="a month",
        source="EVIDENCE 12", grade="C", plausible=(0.0, 0.1), ge=0.0, lt=1.0,
    )  # fmt: skip
    leak_news: float = key(
        10.0, "Factor on the newsworthiness of a hidden practice when it comes out", source="EVIDENCE 12", grade="C",
        plausible=(3.0, 20.0), ge=0.0, le=1000.0,
    )  # fmt: skip
    era: int | None = key(
        None,
        "Year whose media there are: who can show proof of what they were told, and how many post. It sets "
        "media.channel_news and behaviour.talking.p_post where the file does not; those of 2007 if absent",
        unit="year", ge=1990, le=2100,
    )  # fmt: skip
    rule: PickupRule = key(
        "any",
        "How a story becomes news. level: by how much is posted, tried again each day. taste: an outlet reports on the "
        "first day on which more is posted than it takes for this story. story: at a rate that follows how good the "
        "story is, how many can show proof, and who tells it. any: nobody knows; media.which says which of the three",
    )
    which: int = key(
        1,
        "Which rule holds where media.rule is any: 0 level, 1 taste, 2 story. Taste is the likeliest by far; over "
        "worlds it is drawn",
        source="eighteen cases (wom-sim show docs posterior)", grade="C", ge=0, le=2,
    )  # fmt: skip
    taste: Taste = Taste()
    story: Story = Story()
    report: Reporting = Reporting()
    ratings: Ratings = Ratings()
    outlets: tuple[Outlet, ...] = key(DEFAULT_OUTLETS, "The outlets", max_length=60)

    @model_validator(mode="after")
    def _names(self) -> Media:
        names = [o.name for o in self.outlets]
        if len(set(names)) < len(names):
            raise ValueError("outlets: each needs a name of its own")
        return self
