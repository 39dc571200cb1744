"""What a scenario file may say."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from wom_sim._notebook import Shown, ShowsItself
from wom_sim._tables import ALL_POLICIES, FIRM, PROSPECTS
from wom_sim.policies import POLICIES
from wom_sim.scenario.behaviour import ActionNews, Behaviour, ChannelNews
from wom_sim.scenario.distributions import Distribution
from wom_sim.scenario.fields import Section, fraction, key
from wom_sim.scenario.plugged import Plugins
from wom_sim.scenario.represents import check_represents
from wom_sim.scenario.search import Channel, Framing, Search
from wom_sim.scenario.seen import Seen, check_seen


class Segment(Section):
    """A kind of customer. Spreads are standard deviations of the logarithm."""

    name: str = key(..., "Name of the segment", min_length=1)
    share: float = key(1.0, "Share of the customers", unit="share, 0 to 1", gt=0.0, le=1.0)
    revenue: float = key(
        60.0, "Mean revenue", unit="currency a month", source="Sprint postpaid Q2 2007", grade="A", ge=0.0
    )
    revenue_spread: float = key(
        1.0, "Spread of revenue", source="whale curve: top 20 % make 150-300 % of profit", grade="A/C", ge=0.0, le=4.0
    )
    account_cost: float = key(
        36.0,
        "Cost of an account before service calls, as the books charge it",
        unit="currency a month",
        source="24 margin on 55-60 (Entner 2007)",
        grade="A/C",
        ge=0.0,
    )
    account_avoidable: float = fraction(
        0.25,
        "Share of the cost of an account that goes when the customer goes; the rest is allocated and stays",
        source="a bank's current account: .2-.3 soon, .8 only without overhead (American Banker 2011)",
        grade="B/C",
        plausible=(0.05, 0.5),
    )
    variable_cost: float = key(
        0.0, "Variable cost, as a share of revenue", unit="share, 0 to 1", grade="Assumption", ge=0.0, lt=1.0
    )
    variable_avoidable: float = fraction(
        1.0, "Share of the variable cost that goes when the customer goes", grade="by its definition"
    )
    settles_to: float | None = key(
        None,
        "Service calls in the long run of who calls more or less than usual; if absent the mean of the segment, but at "
        "most that of all customers",
        unit="calls a month",
        ge=0.0,
    )
    settles_like: Literal["calls", "returns", "data", "nothing"] = key(
        "calls", "What makes these customers costly, and so how it settles (money.settling)"
    )
    calls: float = key(
        0.9, "Mean service calls", unit="calls a month", source="Sprint 2007: below 1", grade="A", ge=0.0
    )
    calls_follow_revenue: float = key(
        0.0,
        "Correlation of service calls with revenue (logs): heavy users call most",
        source="case documents",
        grade="S for the sign, no size",
        plausible=(0.0, 0.5),
        ge=-1.0,
        le=1.0,
    )
    calls_spread: float = key(
        1.08, "Spread of service calls", source="1,000 of 53 million call 40 times", grade="A/C", ge=0.0, le=4.0
    )
    churn: float = key(
        0.02,
        "Mean chance to leave, were there no contract",
        unit="a month",
        source="Sprint Q2 2007: 2.0 %",
        grade="A",
        ge=0.0,
        le=1.0,
    )
    churn_spread: float = key(
        1.1,
        "Spread of churn",
        source="naive contagion of churn: a factor 1.8 (Nitzan & Libai 2011)",
        grade="C, calibrated",
        plausible=(0.3, 1.2),
        ge=0.0,
        le=4.0,
    )
    under_contract: float = fraction(0.0, "Share whose contract still runs", grade="Assumption")
    contract_months: int = key(
        24, "Longest contract left; what is left is uniform", unit="months", grade="Assumption", ge=0, le=240
    )
    household_follows: float | None = key(
        None,
        "Chance that a customer of this segment leaves with somebody of the household who is let go; "
        "behaviour.leaving.household_follows if absent",
        unit="share, 0 to 1",
        source="by trade: shared telephone plans .41, insurance .25, shops .07, banks .05; 0 where the account is the "
        "household or the firm",
        grade="B/C",
        ge=0.0,
        le=1.0,
    )
    talkativeness_spread: float = key(
        0.7, "Spread of talkativeness, whose mean is 1", source="13 % tell more than 20", grade="A-/C", ge=0.0, le=4.0
    )
    commitment: float = fraction(0.4, "Mean commitment", grade="Assumption")
    advocates: float = fraction(0.1, "Share of advocates", grade="Assumption")
    credit_seekers: float = fraction(
        0.3, "Share of those with ten or more calls a month who call for credits", source="case documents", grade="S/C"
    )
    switching_cost: float = key(
        250.0,
        "Mean cost of switching, with the fee for ending early",
        unit="currency",
        source="fee 150-240, mean 170 (US PIRG 2005)",
        grade="A/C",
        ge=0.0,
    )
    surplus: float = key(
        150.0, "Mean worth of the relation to the customer", unit="currency", grade="Assumption", ge=0.0
    )
    surplus_of_seekers: float = key(
        1200.0,
        "Mean worth of the relation to a credit seeker, who refuses offers",
        unit="currency",
        source="case documents",
        grade="S/C",
        ge=0.0,
    )


class Population(Section):
    """Who they are."""

    customers: int = key(
        ..., "Customers of the firm; those of population.file if absent", unit="people", ge=0, le=500_000_000
    )
    prospects: int = key(0, "Others in the market, who may join", unit="people", ge=0, le=500_000_000)
    household_size: float = key(
        2.56, "Mean size of a household (1 to 6 people)", unit="people", source="US 2007", grade="B", ge=1.0, le=4.0
    )
    alike_in_household: float = fraction(
        0.4,
        "Share of the variance of revenue and churn that a household has in common",
        source="value assortativity",
        grade="A/C",
    )
    alike_in_community: float = fraction(
        0.3,
        "Share of the variance of revenue and churn that a community has in common",
        source="Moran's I of revenue .2 (Haenlein 2011)",
        grade="A/C, calibrated",
        plausible=(0.1, 0.5),
    )
    join: float = key(0.02, "Mean chance that a prospect joins", unit="a month", grade="Assumption", ge=0.0, le=1.0)
    file: str | None = key(
        None,
        "The firm's own customers: the folder that wom-sim import wrote, or the table in it, relative to the scenario. "
        "What it does not know of them is drawn from their segment",
        min_length=1,
    )
    fit: bool = key(
        False,
        "Segments take their numbers from the table: share, revenue and calls with spreads and correlation, cost of an "
        "account, advocates, contracts",
    )
    segments: tuple[Segment, ...] = key(
        (Segment(name="customers"),), "Kinds of customers; their shares add up to 1", min_length=1, max_length=250
    )

    @model_validator(mode="after")
    def _shares(self) -> Population:
        total = sum(s.share for s in self.segments)
        if abs(total - 1.0) > 1e-6:
            raise ValueError(f"segments: the shares add up to {total:g}, they must add up to 1")
        names = [s.name for s in self.segments]
        if len(set(names)) < len(names):
            raise ValueError("segments: each needs a name of its own")
        if reserved := {FIRM, PROSPECTS} & set(names):
            raise ValueError(f"segments: the name {min(reserved)} is reserved for rows of the ledger")
        if self.alike_in_household + self.alike_in_community > 1.0:
            raise ValueError("alike_in_household and alike_in_community add up to more than 1")
        if self.fit and self.file is None:
            raise ValueError("fit: given without population.file, to which segments could be fitted")
        if self.customers + self.prospects < 1:
            raise ValueError("customers and prospects: there must be at least one person")
        if self.customers + self.prospects > 500_000_000:
            raise ValueError("customers and prospects: at most 500 million people together")
        return self


class MarketNetwork(Section):
    """Households, close ties in communities, acquaintances with uneven degrees; with ``path``, around known ties."""

    kind: Literal["market"] = "market"
    path: str | None = key(
        None, "A file of ties that are known, relative to the scenario; the others are drawn around them", min_length=1
    )
    tie: Literal["household", "close", "acquaintance"] = key(
        "acquaintance", "Class of known ties of which neither a column nor a weight tells it"
    )
    close: int = key(
        6,
        "Close ties of a person (even number)",
        unit="ties",
        source="strong 5 with the household",
        grade="C",
        ge=0,
        le=40,
        multiple_of=2,
    )
    close_rewired: float = fraction(
        0.1,
        "Share of close ties that leave the immediate circle, within the community",
        source="clustering .2 [.1-.4]",
        grade="C",
    )
    community: int = key(150, "People in a community", unit="people", source="Dunbar layers", grade="C", ge=4, le=5000)
    acquaintances: float = key(
        4.0,
        "Mean acquaintances of a person",
        unit="ties",
        source="medium 10",
        grade="C",
        plausible=(3.0, 15.0),
        ge=0.0,
        le=200.0,
    )
    acquaintances_spread: float = key(
        0.8,
        "Spread of the number of acquaintances (log)",
        source="degree ~ (k+10.9)^-8.4 (Onnela 2007)",
        grade="B/C",
        ge=0.0,
        le=2.0,
    )
    far: float = fraction(0.25, "Share of acquaintances outside the town", grade="Assumption")
    town: int = key(9000, "People in a town", unit="people", grade="Assumption", ge=8, le=60_000)


class RandomGraph(Section):
    """A standard generator of networkx."""

    kind: Literal[
        "erdos_renyi",
        "watts_strogatz",
        "barabasi_albert",
        "powerlaw_cluster",
        "random_regular",
        "complete",
        "star",
        "path",
        "cycle",
        "empty",
        "karate",
        "florentine",
        "cliques",
    ]
    ties: float = key(
        8.0,
        "Mean ties of a person (erdos_renyi, watts_strogatz, random_regular, cliques; others: twice the attachment)",
        ge=0.0,
    )
    p: float = fraction(0.1, "Chance to rewire (watts_strogatz) or to close a triangle (powerlaw_cluster)")
    tie: Literal["household", "close", "acquaintance"] = key("acquaintance", "Class of every tie")


class GraphFile(Section):
    """Ties from a file: a table of two people a line with any sign between columns, Pajek, GML, GraphML or Excel.

    People are whole numbers from 0, or names and ids that are given such numbers. A column may name the class of a
    tie, one give a factor (0 to 1) on the chance that it is used, or a weight from which that factor follows.
    """

    kind: Literal["file"]
    path: str = key(..., "The file, relative to the scenario", min_length=1)
    tie: Literal["household", "close", "acquaintance"] = key("acquaintance", "Class of ties without one of their own")


Network = Annotated[MarketNetwork | RandomGraph | GraphFile, Field(discriminator="kind")]


class Outlet(Section):
    """A medium that may pick the story up."""

    name: str = key(..., "Name of the outlet", min_length=1)
    threshold: float = key(
        ..., "Buzz at which it picks the story up with 63 % a day", unit="posts",
        source="written waves of 100 to 10,000 are national news in .35-.85 (20 cases)", grade="C, calibrated",
        plausible_times=(0.25, 4.0), ge=0.0,
    )  # fmt: skip
    reach: float = fraction(
        ...,
        "Share of people that it reaches on the first day",
        source="national news: 30 % aware, 10-60 %",
        grade="C, calibrated",
        plausible_times=(0.33, 2.5),
    )
    half_life: float = key(
        3.0, "Half-life of its coverage; 0 does not fade", unit="days", source="1-7 days", grade="C", ge=0.0
    )
    lag: int = key(
        1,
        "Days from pick-up to coverage",
        unit="days",
        source="Sprint: four days from the first article online to the national press",
        grade="A/C",
        plausible=(1, 5),
        ge=1,
        le=365,
    )
    spread: Literal["constant", "linear", "competing"] = key(
        "constant",
        "How its reach grows with the share of people who have heard, as of a site that shows what many talk of. "
        "constant: not. linear: by imitation times that share (Bass 1969). competing: as if each of them told "
        "one alone",
    )
    imitation: float = key(
        0.0, "With linear and competing: what a share of 1 adds to its reach a day", grade="Assumption", ge=0.0,
        le=100.0,
    )  # fmt: skip
    national: bool = key(False, "Whether its coverage counts as national")
    cost_per_dismissal: float = key(
        0.0, "What its intervention costs the firm for each customer dismissed", unit="currency", ge=0.0
    )
    tone: float = key(
        1.0,
        "Factor on the severity of the story as it tells it: below 1 it finds some sense in it",
        grade="Assumption",
        ge=0.0,
        le=5.0,
    )
    sides: float | None = key(
        None,
        "Share of those who have it from there who side with the firm; the usual share if absent",
        unit="share, 0 to 1",
        grade="Assumption",
        ge=0.0,
        le=1.0,
    )
    revises_after: int = key(
        0,
        "Days of coverage after which it changes its mind and covers the story anew; never if 0",
        unit="days",
        source="Godin 2007: first sensible, then second thoughts (case documents)",
        grade="S",
        ge=0,
        le=3650,
    )
    tone_after: float = key(1.0, "Its tone from then on", grade="Assumption", ge=0.0, le=5.0)
    sides_after: float | None = key(
        None, "Its share who side with the firm from then on; the usual one if absent", unit="share, 0 to 1",
        grade="Assumption", ge=0.0, le=1.0,
    )  # fmt: skip
    acts_after_news: float | None = key(
        None,
        "An authority: chance that it acts once a national outlet has reported, whatever its threshold; if absent it "
        "acts by its threshold, as the press",
        unit="share, 0 to 1", source="authorities after scandals .3, .1-.6", grade="C", plausible=(0.1, 0.6), ge=0.0,
        le=1.0,
    )  # fmt: skip
    acts_from: int = key(
        5, "Least days from the first national report to its first words", unit="days",
        source="words within 5 to 20 days of the news",
        grade="C", ge=0, le=3650,
    )  # fmt: skip
    acts_to: int = key(
        20, "Most days from that report to its first words", unit="days",
        source="words within 5 to 20 days of the news", grade="C", ge=0, le=3650,
    )  # fmt: skip
    acts_a_year: float = fraction(
        0.05, "Chance a year that it acts though nothing was reported, from the first customer told on",
        source="authorities where nothing was reported", grade="C",
    )  # fmt: skip
    complaints_level: float = key(
        0.0,
        "An authority: formal complaints that still count (behaviour.complaining) which move it to an inquiry with "
        "63 %; complaints do not move it if 0",
        unit="complaints", grade="Assumption", ge=0.0, le=1e9,
    )  # fmt: skip
    case_fee: float = key(
        0.0, "What an ombudsman charges the firm for each formal complaint, whoever is right", unit="currency",
        source="United Kingdom 650 pounds, 2025 (A); the Netherlands hundreds of euros (M)", grade="A/M", ge=0.0,
    )  # fmt: skip
    cases_free: int = key(
        0, "Formal complaints a year that it does not charge for", unit="complaints",
        source="United Kingdom, 2025: 3", grade="A", ge=0, le=1_000_000,
    )  # fmt: skip
    settlement: float = key(
        0.0, "What the firm pays once where an authority has begun to act", unit="currency",
        source="a US attorney general, 2000s: 1.15 million dollars for 13,000 people", grade="A", ge=0.0,
    )  # fmt: skip
    settles_after: int = key(
        300, "Days from its first words to that payment", unit="days", source="200-400 days", grade="C", ge=0, le=3650
    )

    @model_validator(mode="after")
    def _in_order(self) -> Outlet:
        if self.acts_to < self.acts_from:
            raise ValueError(f"acts_to: given {self.acts_to}, allowed: at least acts_from = {self.acts_from}")
        return self


DEFAULT_OUTLETS = (
    Outlet(name="forum", threshold=6.0, reach=0.0002, half_life=3.0, lag=1),
    Outlet(name="trade blog", threshold=9.0, reach=0.0005, half_life=3.0, lag=1),
    Outlet(name="national press", threshold=20.0, reach=0.028, half_life=3.0, lag=3, national=True),
    Outlet(name="television", threshold=35.0, reach=0.024, half_life=2.0, lag=3, national=True),
    Outlet(
        name="consumer authority", threshold=60.0, reach=0.002, half_life=7.0, lag=3, cost_per_dismissal=200.0,
        acts_after_news=0.3,
    ),
)


Country = Literal["uk", "us", "nl", "de"]
PickupRule = Literal["level", "taste", "story", "any"]
DrawnFrom = Literal["ranges", "posterior"]


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


class PersonOfNote(Section):
    """Somebody with an audience and a standing of their own: a journalist, a politician, somebody many follow."""

    name: str = key(..., "Who it is, in a word", min_length=1, max_length=80)
    audience: int = key(..., "How many people read what they write", unit="people", ge=0, le=2_000_000_000)
    standing: float = key(
        ..., "Factor on how newsworthy it is: 1 anybody, 5 somebody vulnerable with papers to show, 8 with 10,000 to "
        "100,000 followers, 60 a politician or a celebrity",
        source="estimate from cases: 2-15, 8, 15-200", grade="C", plausible_times=(0.3, 3.3), ge=1.0, le=100_000.0,
    )  # fmt: skip
    chosen: bool = key(True, "Whether the firm acts on them; if not, they comment on what it does to others")
    after_days: int = key(
        1, "Days from being told to speaking; for who only comments, from the first customer told", unit="days",
        ge=1, le=3650,
    )  # fmt: skip
    employee: bool = key(
        False,
        "Somebody who works for the firm and leaks: not one of those on whom it acts, and with its own papers in hand",
    )
    proof: float | None = key(
        None,
        "How newsworthy is what they can show themselves; if absent what the firm put in their hands, and 1 for an "
        "employee",
        unit="share, 0 to 1", ge=0.0, le=1.0,
    )  # fmt: skip
    chance: float = fraction(1.0, "Chance that they are there at all")


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
        0.02,
        "Chance a month that a hidden practice comes out, for each 1,000 customers treated",
        unit="a month",
        source="EVIDENCE 12",
        grade="C",
        plausible=(0.0, 0.1),
        ge=0.0,
        lt=1.0,
    )
    leak_news: float = key(
        10.0,
        "Factor on the newsworthiness of a hidden practice when it comes out",
        source="EVIDENCE 12",
        grade="C",
        plausible=(3.0, 20.0),
        ge=0.0,
        le=1000.0,
    )
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


class Handling(Section):
    """What it costs the firm to act on one customer, by channel."""

    letter: float = key(1.0, "A letter", unit="currency", grade="Assumption", ge=0.0)
    email: float = key(0.1, "An e-mail", unit="currency", grade="Assumption", ge=0.0)
    text: float = key(0.05, "A text message", unit="currency", grade="Assumption", ge=0.0)
    phone: float = key(
        30.0, "A telephone call by an agent", unit="currency", source="EVIDENCE 12: agent time", grade="C", ge=0.0
    )
    personal: float = key(60.0, "A personal talk", unit="currency", grade="Assumption", ge=0.0)
    review: float = key(15.0, "An individual review", unit="currency", grade="Assumption", ge=0.0)


class LastResort(Section):
    """The joint provider of last resort: service is free there, and one may come back."""

    price: float = key(
        3.0,
        "Price there, as a multiple",
        source="case documents: NoHopeLastResort",
        grade="S",
        calibrated=(1.0, "money.last_resort.seen"),
        ge=1.0,
        le=100.0,
    )
    seen: float = key(
        3.0,
        "Highest such price that anybody speaks of; beyond it, who would lose more by paying it than by going "
        "without brings nothing",
        source="case documents: NoHopeLastResort",
        grade="S",
        ge=1.0,
        le=100.0,
    )
    years: float = key(
        3.0, "Years until one may come back", unit="years", source="case documents", grade="S", ge=0.0, le=50.0
    )
    borne: float = fraction(
        1.0, "Share of the result with those whom it handed over that the firm bears", grade="Assumption: it is joint"
    )
    rehabilitated: float = fraction(
        0.3,
        "Share of those still there who come back, with the calls of an ordinary customer",
        grade="Assumption",
        plausible=(0.0, 0.8),
    )


_DAYS_OF_MONTH, _YEAR, _LONGEST = 30, 365, 3650
NO_HORIZON = 1200
"""Months that stand for no horizon at all."""


class Fading(Section):
    """Of those who call much."""

    chronic_share: float = fraction(
        0.4, "share for whom it is chronic, if they were observed for twelve months",
        source="nearby: a bank's customers over two years; hospital and practice patients", grade="A/C",
        plausible=(0.15, 0.6),
    )  # fmt: skip
    chronic_fades: float = fraction(
        0.02,
        "chance a month that it ends where it is chronic",
        source="the same",
        grade="A/C",
        plausible=(0.005, 0.04),
    )
    passing_fades: float = fraction(
        0.18, "chance a month that it ends where it is passing", source="the same", grade="A/C", plausible=(0.08, 0.35)
    )


class ReturnsFading(Section):
    """Of those who send much back."""

    chronic_share: float = fraction(1.0, "share for whom it is chronic", grade="Assumption")
    chronic_fades: float = fraction(
        0.01, "chance a month that it ends where it is chronic", source="El Kihal et al. 2026: returns do not regress",
        grade="A/C", plausible=(0.0, 0.04),
    )  # fmt: skip
    passing_fades: float = fraction(0.01, "chance a month that it ends where it is passing", grade="Assumption")


class DataFading(Section):
    """Of those who use much data."""

    chronic_share: float = fraction(1.0, "share for whom it is chronic", grade="Assumption")
    chronic_fades: float = fraction(
        0.03, "chance a month that it ends where it is chronic", source="estimate", grade="C", plausible=(0.01, 0.08)
    )
    passing_fades: float = fraction(0.03, "chance a month that it ends where it is passing", grade="Assumption")


class Settling(Section):
    """Who calls much, or little, was observed at it; for most it passes. The same luck under every policy."""

    calls: Fading = Fading()
    returns: ReturnsFading = ReturnsFading()
    data: DataFading = DataFading()
    steepness: float = key(
        0.5,
        "Power with which the odds of being chronic rise with how special somebody is",
        source="a bank's worst tenth, hundredth and thousandth keep .38, .47, .62 of their loss after a year",
        grade="A/C, calibrated",
        ge=0.0,
        le=3.0,
    )
    reference: float = key(
        4.0,
        "How special those are of whom the shares hold: so many times their calls in the long run",
        grade="Assumption: about the mean of the worst tenth",
        gt=1.0,
        le=100.0,
    )
    window: float = key(
        0.8,
        "Power with which these odds rise with the months over which they were observed, against twelve",
        source="6 months .3, 12 months .4, 24 months .6",
        grade="A/C",
        ge=0.0,
        le=3.0,
    )


class Money(Section):
    """What things cost."""

    cost_per_call: float = key(
        8.0, "Cost of a service call", unit="currency", source="4-20", grade="A/C", plausible=(4.0, 20.0), ge=0.0
    )
    income_per_call: float = key(
        0.0,
        "What a service call brings in by itself, as where calls are charged for everyone",
        unit="currency",
        source="Netherlands: often extra income per question (case documents)",
        grade="S",
        plausible=(0.0, 10.0),
        ge=0.0,
    )
    credit_per_call: float = key(
        2.0,
        "Credit that a credit seeker gets a call",
        unit="currency",
        source="0-10",
        grade="C",
        plausible=(0.0, 10.0),
        ge=0.0,
    )
    complaint_value: float = key(
        0.0,
        "What the complaints of a customer who complains all the time teach the firm; lost with who leaves",
        unit="currency a month",
        source="case documents: every complaint is a gift",
        grade="S, no size",
        ge=0.0,
    )
    credits_teach: float = key(
        0.0,
        "Rise of a credit seeker's credits in the long run, as a share of today's: credits teach to complain",
        source="case documents: 'companies get what they ask for'",
        grade="S, no size",
        ge=0.0,
        le=20.0,
    )
    credits_teach_months: float = key(
        18.0,
        "Time constant of that rise",
        unit="months",
        grade="Assumption: as long as a repair takes",
        gt=0.0,
    )
    contact_avoidable: float = fraction(
        0.7,
        "Share of the cost of a service call that is spared with the call; the rest is allocated and stays",
        source="split of a bank's cost to serve; costs are sticky",
        grade="B/C",
        plausible=(0.4, 0.95),
    )
    contact_lag_months: int = key(
        3, "Months until a call that is not made is a cost that is spared: staff go later", unit="months",
        grade="Assumption", plausible=(0, 6), ge=0, le=60,
    )  # fmt: skip
    horizon_months: int = key(
        36,
        f"Months from the first act of a policy in which gains and harms count; inf, kept as {NO_HORIZON}: for ever",
        unit="months",
        grade="Assumption",
        endless=NO_HORIZON,
        ge=1,
        le=NO_HORIZON,
    )
    settling: Settling = Settling()
    discount: float = key(
        0.10, "Discount rate", unit="a year", source="8-15 %", grade="C", plausible=(0.08, 0.15), ge=0.0, le=10.0
    )
    profitable_above: float = key(0.0, "A customer is profitable above this profit", unit="currency a month")
    acquisition_cost: float = key(
        400.0,
        "Cost of winning a customer",
        unit="currency",
        source="350-450",
        grade="C",
        plausible=(350.0, 450.0),
        ge=0.0,
    )
    fees_collectable: float = fraction(
        1.0, "Share of waived fees that the firm would have collected", grade="Assumption, conservative"
    )
    guarantee_share: float = fraction(
        0.02,
        "Cost of a guarantee as a share of revenue",
        source="Fog Creek, case documents",
        grade="S",
        plausible=(0.005, 0.05),
    )
    handling: Handling = Handling()
    last_resort: LastResort = LastResort()

    @field_validator("horizon_months", mode="before")
    @classmethod
    def _for_ever(cls, given: object) -> object:
        return NO_HORIZON if given in ("inf", math.inf) else given

    @property
    def counted_months(self) -> float:
        """Return over how many months from a policy's first act money counts; infinite without a horizon."""
        return math.inf if self.horizon_months == NO_HORIZON else float(self.horizon_months)

    @property
    def net_cost_per_call(self) -> float:
        """Return what a call costs the firm, less what it brings in (currency); negative where it earns."""
        return self.cost_per_call - self.income_per_call

    @property
    def contact_cost(self) -> float:
        """Return what is spared with a call that is not made, less what it brings in (currency)."""
        return self.contact_avoidable * self.cost_per_call - self.income_per_call


class Rivals(Section):
    """Other firms: they court customers who are in doubt, and may refuse those let go."""

    poach: float = key(
        0.0,
        "Share by which their courtship raises beta, for those who heard the story",
        source="case documents: rivals may profit",
        grade="Assumption",
        ge=0.0,
        le=20.0,
    )
    poach_after: int = key(
        7, "Days from the first national report to their campaign", unit="days", grade="Assumption", ge=0, le=3650
    )
    poach_days: int = key(30, "How long it lasts", unit="days", grade="Assumption", ge=0, le=3650)
    refuse: float = fraction(
        0.0,
        "Share of those dismissed whom other firms refuse, so that moving costs them more",
        source="case documents: others should not accept them this month",
        grade="S",
    )
    refused_cost: float = key(
        2.0,
        "Factor on the cost of switching of who is refused elsewhere",
        grade="Assumption",
        ge=1.0,
        le=100.0,
    )


class Run(Section):
    """How long, how often, and with which luck."""

    days: int = key(365, "Days simulated, at least", unit="days", ge=1, le=3650)
    days_after: int | None = key(
        None, "Days that a run goes on after the last act of its policy, counted from the beginning of that month, so "
        "that each story has its time; if absent 365, or days if these are fewer", unit="days", ge=1, le=3650,
    )  # fmt: skip
    replications: int = key(10, "Runs of each policy, paired by luck", ge=1, le=100_000)
    seed: int = key(2007, "Seed of what happens", ge=0, lt=2**63)
    world_seed: int | None = key(None, "Seed of people and ties; the same as seed if absent", ge=0, lt=2**63)
    same_world: bool = key(True, "Whether all replications share people and ties")
    represents: int = key(
        1,
        "People for whom each simulated person stands; every count is given, and told, at full size (wom-sim show "
        "docs scaling)",
        unit="people",
        ge=1,
        le=100_000,
    )

    @property
    def time_after(self) -> int:
        """Return how many days a run goes on after the last act of its policy."""
        return min(_YEAR, self.days) if self.days_after is None else self.days_after


class Worlds(Section):
    """A run over worlds (``--worlds N``): which numbers are known, and which are drawn."""

    fixed: tuple[str, ...] = key(
        (),
        "Keys that are not drawn, or tables none of whose keys is drawn, as --set writes them",
        max_length=1000,
    )
    doubt: tuple[str, ...] = key(
        (),
        "Keys, or tables of keys, that are drawn though the scenario states them: from the range that the evidence "
        "gives, whatever value is stated",
        max_length=1000,
    )
    posterior: str | None = key(
        None,
        "A folder or file of wom-sim fit: what it taught is drawn from there, jointly, not from plausible ranges",
        min_length=1,
        max_length=4096,
    )
    draw_from: DrawnFrom = key(
        "posterior",
        "Where the numbers are drawn from that say how talk becomes news. ranges: each from its plausible range, by "
        "itself, and the rule is media.rule. posterior: together, rule and numbers, from the draws that eighteen real "
        "cases have taught (wom-sim show docs posterior)",
    )
    known: tuple[str, ...] | None = key(
        None,
        "Keys whose values are known, and so not drawn. Found by the program and written into the folder of a result: "
        "every number that the file or --set states",
        max_length=100_000,
    )


class Exchange(Section):
    """What a US dollar is worth in the scenario's currency: amounts that nobody states are dollars, and converted."""

    per_dollar: float | None = key(
        None,
        "Units of the scenario's currency for one US dollar; if absent a built-in mean of 2024, where there is one",
        gt=0.0,
        le=1e9,
    )
    source: str = key("", "Where that rate is from, and of which year it is", max_length=200)
    converted: tuple[str, ...] | None = key(
        None,
        "Keys whose amounts were converted. Found by the program and written into the folder of a result",
        max_length=100_000,
    )
    others: tuple[str, ...] = key(
        (),
        "Other currencies in which inherited amounts are stated, each with its units for one US dollar. "
        "Found by the program",
        max_length=100,
    )


class Verdict(Section):
    """How a comparison is judged."""

    material: float = fraction(
        0.05,
        "Share of the best policy's net value below which a difference counts as none",
        grade="Assumption: below a twentieth other reasons decide",
    )


class Uncertain(Section):
    """A number that was given as a distribution: its key, as ``--set`` writes it, and the distribution."""

    key: str
    distribution: Distribution


class Choose(Section):
    """Whom to let go. All conditions must hold; the worst come first where there is a limit."""

    calls_at_least: float | None = key(None, "Service calls a month, at least", unit="calls a month", ge=0.0)
    least_profitable_share: float | None = key(None, "Only this least profitable share of customers", ge=0.0, le=1.0)
    profit_below: float | None = key(None, "Only customers whose profit is below", unit="currency a month")
    segments: tuple[str, ...] | None = key(None, "Only these segments")
    by: Literal["profit", "contribution", "value"] = key(
        "profit",
        "Measure of worth: today's profit as the books have it; contribution, what would go with them; or the expected "
        "value of that with the option to leave them later, which spares all who are worth the wait",
        source="Haenlein, Kaplan & Schoder 2006",
        grade="A",
    )
    abuse_only: bool = key(
        False, "Only abusers, as terms with an overuse clause have it: who calls for credits and at least abuse_calls"
    )
    abuse_calls: float = key(
        20.0, "Calls from which the terms speak of overuse", unit="calls a month", grade="Assumption", ge=0.0
    )
    limit: int | None = key(None, "At most so many", unit="people", ge=0)
    spare_profitable_households: bool = key(False, "Spare those whose household as a whole is profitable")
    error_rate: float = fraction(
        0.0,
        "Share of the chosen who are others, profitable customers chosen by mistake",
        source="Sprint: transfers counted as calls",
        grade="A for the fact, no size",
        plausible=(0.0, 0.2),
    )
    advocates: bool | None = key(None, "true: only advocates, who speak for the firm; false: never them")
    tenure_at_least: float | None = key(
        None,
        "Only who has been a customer for so long; drawn for each, as their own churn would have it in a steady market",
        unit="months",
        grade="Assumption",
        ge=0.0,
    )
    tenure_at_most: float | None = key(
        None, "Only who has been a customer for no longer", unit="months", grade="Assumption", ge=0.0
    )
    ties_at_least: int | None = key(None, "Only who has so many ties: the well-connected", unit="ties", ge=0)
    ties_at_most: int | None = key(None, "Only who has no more ties: spares the well-connected", unit="ties", ge=0)
    area_from: float | None = key(
        None,
        "Only who lives beyond this point of the map, as a share of all people: neighbours, communities and towns of "
        "the market network are numbered one after another",
        unit="share, 0 to 1",
        ge=0.0,
        lt=1.0,
    )
    area_to: float | None = key(None, "Only who lives before this point", unit="share, 0 to 1", gt=0.0, le=1.0)
    harm_at_most: float | None = key(
        None,
        "Only whose departure is expected to cost no more through those whom they know and reach (show chosen)",
        unit="currency",
        ge=0.0,
    )
    spare_most_harmful: float = fraction(
        0.0, "Spare this share of those who qualify: whose departure is expected to cost most through others"
    )
    where: str | None = key(
        None,
        "Only customers of population.file of whom this holds, over its columns, such as: calls >= 10 and "
        "segment == 'gold' and not advocate (wom-sim show docs import)",
        min_length=1,
        max_length=1000,
    )
    ids: tuple[int | str, ...] | None = key(
        None,
        "Exactly these: the firm's own ids with population.file, else people by number; no other condition may be "
        "given",
    )

    @model_validator(mode="after")
    def _understood(self) -> Choose:
        if self.where is not None:
            from wom_sim.policies.where import ExpressionError, compiled

            try:
                compiled(self.where)
            except ExpressionError as error:
                raise ValueError(f"where: {error}") from None
        return self

    @model_validator(mode="after")
    def _in_order(self) -> Choose:
        for name in ("tenure", "ties"):
            least, most = getattr(self, f"{name}_at_least"), getattr(self, f"{name}_at_most")
            if least is not None and most is not None and least > most:
                raise ValueError(f"{name}_at_most: given {most:g}, allowed: at least {name}_at_least = {least:g}")
        first, last = self.area_from or 0.0, 1.0 if self.area_to is None else self.area_to
        if first >= last:
            raise ValueError(f"area_to: given {last:g}, allowed: more than area_from = {first:g}")
        return self

    @property
    def in_an_area(self) -> bool:
        """Return whether the choice asks where people live."""
        return self.area_from is not None or self.area_to is not None

    @property
    def by_ties(self) -> bool:
        """Return whether the choice asks whom people know."""
        asked = (self.ties_at_least, self.ties_at_most, self.harm_at_most)
        return self.spare_profitable_households or self.spare_most_harmful > 0.0 or any(a is not None for a in asked)

    @model_validator(mode="after")
    def _ids_alone(self) -> Choose:
        if self.ids is not None:
            given = self.model_fields_set & {*Choose.model_fields} - {"ids"}
            if given:
                raise ValueError(f"ids: stands alone, but {', '.join(sorted(given))} was given as well")
        return self


class FirmChoose(Choose):
    """Whom to let go, for every policy that does not say otherwise, and how long the firm has observed them."""

    observed_months: int = key(
        12,
        "Months over which calls were observed: the longer, the more of what is special about the chosen is chronic",
        unit="months",
        grade="Assumption",
        ge=1,
        le=120,
    )

    @property
    def conditions(self) -> Choose:
        """Return the choice as a policy may have it: every policy observes the same customers."""
        return Choose.model_validate(
            {name: getattr(self, name) for name in self.model_fields_set & {*Choose.model_fields}}
        )


class Response(Section):
    """What the firm says once the story burns."""

    kind: Literal["ignore", "explain", "apologise", "compensate", "reinstate"] = key(
        "ignore", "What it does; reinstate also withdraws what has not taken effect yet"
    )
    after_days: int = key(5, "Days from the first national coverage", unit="days", ge=1, le=3650)
    severity: float = key(
        1.0, "Factor on the severity of the story from then on", source="EVIDENCE 6", grade="C", ge=0.0, le=3.0
    )
    news: float | None = key(
        None,
        "Factor on the newsworthiness of posts from then on; by the kind of response if absent",
        source="Herhausen et al. 2019",
        grade="A/C",
        ge=0.0,
        le=3.0,
    )
    cost: float = key(0.0, "Cost", unit="currency", ge=0.0)


class Announcement(Section):
    """The firm tells the press itself what it does."""

    shift: int = key(
        0,
        "When: days from the day on which the first customer is told; negative is before",
        unit="days",
        ge=-365,
        le=3650,
    )
    chance: float = fraction(
        0.6, "Chance that it is reported", source="firms that announced: day 0-1", grade="C", plausible=(0.3, 0.9)
    )
    own_words: float = key(
        0.8, "Factor on the severity of the story as the firm tells it", grade="Assumption", plausible=(0.5, 1.0),
        ge=0.0, le=5.0,
    )  # fmt: skip


class When(Section):
    """What an adaptive policy does on a trigger."""

    trigger: Literal["buzz_above", "buzz_below", "national_report", "people_told", "calls", "days", "complaints"] = key(
        ...,
        "What the firm sees. buzz_above, buzz_below: yesterday's buzz; national_report: the first one; people_told: so "
        "many have been told; calls: so many calls to service over it; days: so long since the first was told; "
        "complaints: so many formal ones",
    )
    level: float = key(0.0, "The number that goes with the trigger; none with national_report", ge=0.0, le=1e12)
    after_days: int = key(0, "Days from seeing it to acting on it", unit="days", ge=0, le=3650)
    days_spread: float = key(
        0.0, "Spread (log) of these days, which are then the median; always so many if 0", source="17 retreats: 1.4",
        grade="C", ge=0.0, le=5.0,
    )  # fmt: skip
    do: Literal[
        "pause", "go_on", "stop", "explain", "apologise", "compensate", "reinstate", "pay", "change_channel"
    ] = key(
        ...,
        "What it does: pause and go_on may come again and again, all others once. stop: nobody else is told. "
        "reinstate: nobody else is told, and what has not taken effect yet is withdrawn. pay: who is told from then on "
        "gets payment. change_channel: who is told from then on is told by channel. Of these two the latest holds",
    )
    payment: float | None = key(None, "With pay, or change_channel: money paid to who leaves", unit="currency", ge=0.0)
    channel: Channel | None = key(None, "With change_channel, or pay: how they are told from then on")
    chance: float = fraction(
        1.0, "Chance that it does so: below 1 for what is done under pressure",
        source="with national coverage, fees for all are withdrawn in .5 of cases, dismissals in .2", grade="C",
    )  # fmt: skip
    severity: float = key(1.0, "Factor on the severity of the story after a response", grade="C", ge=0.0, le=3.0)
    news: float | None = key(
        None, "Factor on the newsworthiness of posts after a response; by its kind if absent", ge=0.0, le=3.0
    )
    cost: float = key(0.0, "Cost of a response", unit="currency", ge=0.0)

    @model_validator(mode="after")
    def _says_what(self) -> When:
        changes = self.do in ("pay", "change_channel")
        missing = {"pay": "payment", "change_channel": "channel"}.get(self.do)
        if missing is not None and getattr(self, missing) is None:
            raise ValueError(f"{missing}: missing; do = {self.do!r} needs it")
        given = next((name for name in ("payment", "channel") if getattr(self, name) is not None), None)
        if given is not None and not changes:
            raise ValueError(f"{given}: given with do = {self.do!r}, allowed: with pay and change_channel")
        return self


class Retreat(Section):
    """The firm gives in to pressure: with a national report it may take back what has not taken effect."""

    chance: float | None = key(
        None, "Chance that it does; if absent .5 where the policy is for all customers, else .2",
        source="17 reversals, 20 that were not reversed: .25-.7 and .07-.4", grade="C", ge=0.0, le=1.0,
    )  # fmt: skip
    median_days: int = key(
        11, "Median of the days from the first national report", unit="days", source="17 reversals: quartiles 4 and 34",
        grade="C", ge=0, le=3650,
    )  # fmt: skip
    spread: float = key(
        1.4, "Standard deviation of the logarithm of these days", source="17 reversals", grade="C", ge=0.0, le=5.0
    )
    cost: float = key(0.0, "What it costs", unit="currency", ge=0.0)


class Named(Section):
    """A policy's name, what it is, and whom it chooses."""

    name: str = key(..., "Name in tables and charts", min_length=1, max_length=40)
    use: str = key(
        ...,
        f"The policy: {', '.join(POLICIES)}",
        min_length=1,
    )
    choose: Choose | None = key(None, "Whom to let go; the scenario's own choice if absent")
    start_day: int | None = key(None, "Day on which the firm begins", unit="days", ge=0, le=3650)


class Waves(Section):
    """A policy in waves: the same again, so many days later."""

    times: int = key(..., "How many waves", ge=2, le=100)
    days_apart: int = key(..., "Days from the beginning of one to that of the next", unit="days", ge=1, le=3650)
    each: Literal["anew", "part"] = key(
        "anew",
        "Each wave chooses anew among those on whom none has acted, by what is known at the start; or takes an equal "
        "part of those who are chosen once, the worst first",
    )


class Doing(Section):
    """What is done to each customer, and how it is said. What is not given is the policy's own default."""

    per_day: float | None = key(
        None, "Customers dealt with a day; all at once if 0", unit="people a day", plausible=(1, 64), ge=0.0
    )
    channel: Channel | None = key(None, "How they are told")
    framing: Framing | None = key(None, "How it is put")
    notice_days: int | None = key(
        None,
        "Days from being told to the end of service",
        unit="days",
        plausible=(7, 90),
        calibrated=(0, 90),
        ge=0,
        le=3650,
    )
    fee_waived: float | None = key(None, "Fee for ending early that is waived", unit="currency", ge=0.0)
    balance_waived: float | None = key(None, "Open balance that is waived", unit="currency", ge=0.0)
    payment: float | None = key(
        None, "Money paid to who leaves", unit="currency", plausible=(0, 300), calibrated=(0, 300), ge=0.0
    )
    price_rise: float | None = key(
        None,
        "Rise of the price as a share of what a customer pays: 0.6 is 60 %",
        unit="share",
        plausible=(0.1, 0.6),
        calibrated=(0.0, "behaviour.leaving.price_seen"),
        ge=0.0,
        le=10.0,
    )
    fee_per_call: float | None = key(
        None,
        "Fee that reprice charges for a service call, beside the rise (set price_rise = 0 for the fee alone)",
        unit="currency a call",
        source="case documents: EUR 2 a minute",
        grade="S",
        plausible=(0.0, 10.0),
        calibrated=(0.0, 10.0),
        ge=0.0,
        le=1e6,
    )
    calls_saved: float | None = key(
        None,
        "Share of calls that downgrade leaves unanswered, that credit seekers no longer make under cap_credits, or "
        "that fall away within a year under fix_root_cause",
        unit="share",
        grade="Assumption",
        ge=0.0,
        le=1.0,
    )
    acceptance: float | None = key(
        None,
        "Share who go along when transfer hands them over; credit seekers do not",
        source="EVIDENCE 12: .9",
        grade="C",
        ge=0.0,
        le=1.0,
    )
    last_resort: bool | None = key(None, "Transfer hands over to the joint provider of last resort: money.last_resort")
    warn_days: int | None = key(
        None, "Days that warn_then_end gives them to moderate after each warning", unit="days", plausible=(7, 30),
        ge=1, le=3650,
    )  # fmt: skip
    return_after: int | None = key(
        None, "Days after which suspend lets them back", unit="days", plausible=(30, 365), ge=1, le=3650
    )
    term_months: int | None = key(
        None,
        "Months from one renewal to the next that at_renewal waits for, 0: every bill once the contract has ended",
        unit="months",
        ge=0,
        le=120,
    )
    converted_pays: float | None = key(
        None, "What a borrower pays a month whom enforce has made a customer", unit="currency a month",
        source="Netflix 2023: about 8 for an extra member", grade="M", ge=0.0,
    )  # fmt: skip
    cost_each: float | None = key(
        None, "What carrying it out costs for each, beside telling them", unit="currency", ge=0.0
    )
    help_to_move: bool | None = key(None, "Help to find another provider")
    individual_review: bool | None = key(None, "Each case is looked at by a person")
    spared_by_review: float | None = key(None, "Share of the chosen whom the review spares", ge=0.0, le=1.0)
    stated_criterion: bool | None = key(None, "The reason is stated")
    ground_in_terms: bool | None = key(None, "The terms give a ground")
    appeal: bool | None = key(None, "There is an appeal")
    explanation: float | None = key(None, "How far who and why is explained in public, 0 to 1", ge=0.0, le=1.0)
    please_call: bool | None = key(None, "The message ends with 'please call customer care'")
    grievance: float | None = key(None, "Sets the grievance of all, instead of the rule", ge=0.0, le=1.0)
    severity: float | None = key(None, "Sets the severity for observers, instead of the rule", ge=0.0, le=1.0)
    newsworthiness: float | None = key(None, "Sets the newsworthiness of a post, instead of the rule", ge=0.0, le=1.0)


class Then(Doing):
    """What the firm does next to those of the chosen whom the policy has left, with levers of its own."""

    use: str = key(..., "The policy of the second step", min_length=1)
    choose: Choose | None = key(None, "Whom of them; all of them if absent")
    after_days: int = key(..., "Days from being told of the first step", unit="days", ge=1, le=3650)


class Policy(Doing, Named):
    """A way of letting go. What is not given is the policy's own default: ``wom-sim show policies``."""

    for_all: bool | None = key(None, "Everyone, whoever would be chosen (reprice, fix_root_cause, guarantee)")
    abuse_credible: bool | None = key(None, "Whether the public believes that the chosen abused the service")
    second_round_after: int | None = key(
        None, "Days after a refused offer until dismissal; never if absent", unit="days", ge=1, le=3650
    )
    pause_above: float | None = key(
        None, "Stop rule: no new treatments on days when buzz is above this", unit="posts", gt=0.0
    )
    programme_cost: float | None = key(None, "Fixed cost of the programme", unit="currency", ge=0.0)
    coherence: float | None = key(
        None,
        "How far the cases are one story: 1 where all can show the same words of the same week, 0 where each has its "
        "own reasons",
        unit="share, 0 to 1", grade="Assumption", ge=0.0, le=1.0,
    )  # fmt: skip
    announce: Announcement | None = key(None, "That the firm goes to the press itself; it does not if absent")
    when: tuple[When, ...] = key((), "What the firm does on what it sees: an adaptive policy", max_length=20)
    retreat: Retreat | None = key(None, "That it may give in to pressure; it does not if absent")
    response: Response = Response()
    then: Then | None = key(None, "What happens next to those of the chosen who remain")
    waves: Waves | None = key(None, "The policy in waves, with what follows it")

    @model_validator(mode="after")
    def _something_first(self) -> Policy:
        if self.then is not None and "keep" in (self.use, self.then.use):
            raise ValueError("then: keep does nothing to anyone, so nothing can follow it, nor it follow")
        return self

    @model_validator(mode="after")
    def _waves_for_some(self) -> Policy:
        if self.waves is None:
            return self
        if self.use == "keep":
            raise ValueError("waves: keep does nothing, so it has no waves")
        if self.for_all:
            raise ValueError("waves: with for_all the first wave is for everyone, and no second one is left")
        last = (self.start_day or 0) + (self.waves.times - 1) * self.waves.days_apart
        if last > _LONGEST:
            raise ValueError(f"waves: the last begins on day {last:,}, allowed: up to {_LONGEST:,}")
        return self


class Duties(Section):
    """What the law asks of a firm that ends a contract: a policy that does otherwise is told so, and nothing else."""

    notice_days: int = key(0, "Days of notice, at least", unit="days", ge=0, le=3650)
    reasons: bool = key(False, "That reasons are given to the customer")
    written: bool = key(False, "That it is done in writing: by letter or e-mail")
    complaint_route: bool = key(False, "That there is a way to appeal")
    source: str = key("", "Which law", max_length=300)


class Scenario(Section, ShowsItself):
    """People, ties, media, behaviour, money, a run, and the policies to compare."""

    name: str = key(..., "Short name", min_length=1, max_length=80)
    question: str = key("", "The question that the scenario answers")
    story: str = key("", "What happened, or what is planned")
    sources: tuple[str, ...] = key((), "Where the facts come from")
    currency: str = key(
        "USD",
        "Currency of every amount that the scenario states; defaults are US dollars, and converted (exchange)",
        min_length=1,
        max_length=8,
    )
    population: Population = key(..., "Who they are")
    network: Network = key(MarketNetwork(), "Who knows whom")
    media: Media = Media()
    behaviour: Behaviour = Behaviour()
    money: Money = Money()
    rivals: Rivals = Rivals()
    country: Country | None = key(
        None,
        "Country whose authorities and duties there are: it sets media.outlets, behaviour.complaining and duties where "
        "you do not; nobody's if absent",
    )
    duties: Duties = Duties()
    run: Run = Run()
    worlds: Worlds = Worlds()
    people_of_note: tuple[PersonOfNote, ...] = key(
        (), "People with an audience and a standing of their own", max_length=20
    )
    seen: tuple[Seen, ...] = key(
        (), "What was seen when it was done, from which wom-sim fit learns about what nobody knows", max_length=200
    )
    exchange: Exchange = Exchange()
    verdict: Verdict = Verdict()
    choose: FirmChoose = key(FirmChoose(), "Whom to let go, for every policy that does not say otherwise")
    policies: tuple[Policy, ...] = key(
        ..., "The policies to compare; keep is always added", min_length=1, max_length=50
    )
    search: Search = Search()
    plugins: Plugins = Plugins()
    uncertain: tuple[Uncertain, ...] = Field((), json_schema_extra={"internal": True})
    """The distributions that stand in the file where numbers would; the number in their place is the central one."""

    def _shown(self) -> Shown:
        """Return name, question, people and policies."""
        p = self.population
        size = f"{p.customers:,} customers, {p.prospects:,} prospects, {self.run.days:,} days, "
        size += f"{self.run.replications:,} replications, seed {self.run.seed}"
        rows = [[policy.name, policy.use] for policy in self.policies]
        return Shown(self.name, [text for text in (self.question, size) if text], ["policy", "what it is"], rows)

    @model_validator(mode="after")
    def _consistent(self) -> Scenario:
        names = [p.name for p in self.policies]
        if len(set(names)) < len(names):
            raise ValueError("policies: each needs a name of its own")
        if any(p.name.casefold() == "keep" and p.use != "keep" for p in self.policies):
            raise ValueError("policies: the name keep is reserved for the policy keep")
        if any(p.name.casefold() == ALL_POLICIES for p in self.policies):
            raise ValueError(f"policies: the name {ALL_POLICIES} is reserved for rows of tables that are about all")
        _check_search(self.search, names)
        _check_limits(self)
        _check_areas(self)
        _check_months(self)
        known = {s.name for s in self.population.segments}
        _check_table(self)
        check_seen(self.seen, known, names, self.run.days)
        n = self.population.customers
        for policy in self.policies:
            chosen = policy.choose or self.choose
            unknown = sorted(set(chosen.segments or ()) - known)
            if unknown:
                raise ValueError(f"choose.segments: {', '.join(unknown)} is not one of {', '.join(sorted(known))}")
            numbers = () if self.population.file is not None else chosen.ids or ()
            if any(isinstance(i, str) or not 0 <= i < n + self.population.prospects for i in numbers):
                raise ValueError(f"choose.ids: people are numbered 0 to {n + self.population.prospects - 1}")
        check_represents(self)
        return self


def choices_of(scenario: Scenario) -> list[tuple[str, Choose]]:
    """Return every choice of whom to let go by its path: the scenario's, each policy's, and of what follows it."""
    choices: list[tuple[str, Choose | None]] = [("choose", scenario.choose)]
    for number, policy in enumerate(scenario.policies):
        choices.append((f"policies.{number}.choose", policy.choose))
        choices.append((f"policies.{number}.then.choose", policy.then.choose if policy.then is not None else None))
    return [(path, choose) for path, choose in choices if choose is not None]


def _check_table(scenario: Scenario) -> None:
    """Raise ValueError if a choice asks for what only a customer table knows, without one."""
    if scenario.population.file is not None:
        return
    for path, choose in choices_of(scenario):
        if choose.where is not None:
            raise ValueError(f"{path}.where: given without population.file, whose columns it could ask for")


def _check_limits(scenario: Scenario) -> None:
    """Raise ValueError if a choice, or a value to try for it, may take more customers than there are.

    More than meet the conditions of a choice is no fault: then it takes them all.
    """
    customers = scenario.population.customers
    limits = [(path, choose.limit) for path, choose in choices_of(scenario)]
    limits += [("search.choose", limit) for limit in scenario.search.choose.limit or ()]
    for path, limit in limits:
        if limit is not None and limit > customers:
            raise ValueError(
                f"{path}.limit: given {limit:_}, allowed: at most as many as there are customers, "
                f"population.customers = {customers:_}"
            )


def _check_areas(scenario: Scenario) -> None:
    """Raise ValueError if a choice asks where people live, and the network does not say."""
    if scenario.network.kind == "market":
        return
    for path, choose in choices_of(scenario):
        if choose.in_an_area:
            asked = "area_from" if choose.area_to is None else "area_to"
            raise ValueError(
                f"{path}.{asked}: given with network.kind = {scenario.network.kind!r}, allowed: with network.kind = "
                "'market', in which people have a place; else a segment can stand for an area"
            )


def _check_months(scenario: Scenario) -> None:
    """Raise ValueError if money counts for less than the run."""
    months, days = scenario.money.horizon_months, scenario.run.days
    if months * _DAYS_OF_MONTH < days - days % _DAYS_OF_MONTH:
        raise ValueError(
            f"money.horizon_months: given {months}, allowed: at least the {days // _DAYS_OF_MONTH} months of the run, "
            f"run.days = {days}"
        )


def _check_search(search: Search, policies: list[str]) -> None:
    """Raise ValueError if a policy to search is not there, or a value to try is not one that its lever may have."""
    unknown = sorted(set(search.policies or ()) - set(policies))
    if unknown:
        raise ValueError(f"search.policies: {', '.join(unknown)} is not one of {', '.join(policies)}")
    for path, values in search.levers().items():
        table, _, name = path.rpartition(".")
        for value in values:
            lever: dict[str, Any] = {table: {name: value}} if table else {name: value}
            try:
                Policy.model_validate({"name": "tried", "use": "keep"} | lever)
            except ValidationError as error:
                said = error.errors(include_url=False)[0]["msg"].removeprefix("Input should be ")
                raise ValueError(f"search.{path}: given {value}, allowed: {said}") from None
