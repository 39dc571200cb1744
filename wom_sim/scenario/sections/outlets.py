"""``[[media.outlets]]``: media, and authorities, that may pick a story up."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from wom_sim.scenario.fields import Section, fraction, key


class Outlet(Section):
    """A medium that may pick the story up."""

    name: str = key(..., "Name of the outlet", min_length=1)
    threshold: float = key(
        ..., "Buzz at which it picks the story up with 63 % a day", unit="posts",
        source="written waves of 100 to 10,000 are national news in .35-.85 (20 cases)", grade="C, calibrated",
        plausible_times=(0.25, 4.0), ge=0.0,
    )  # fmt: skip
    reach: float = fraction(
        ..., "Share of people that it reaches on the first day", source="national news: 30 % aware, 10-60 %",
        grade="C, calibrated", plausible_times=(0.33, 2.5),
    )  # fmt: skip
    half_life: float = key(
        3.0, "Half-life of its coverage; 0 does not fade", unit="days", source="1-7 days", grade="C", ge=0.0
    )
    lag: int = key(
        1, "Days from pick-up to coverage", unit="days",
        source="Sprint: four days from the first article online to the national press", grade="A/C", plausible=(1, 5),
        ge=1, le=365,
    )  # fmt: skip
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
        1.0, "Factor on the severity of the story as it tells it: below 1 it finds some sense in it",
        grade="Assumption", ge=0.0, le=5.0,
    )  # fmt: skip
    sides: float | None = key(
        None, "Share of those who have it from there who side with the firm; the usual share if absent",
        unit="share, 0 to 1", grade="Assumption", ge=0.0, le=1.0,
    )  # fmt: skip
    revises_after: int = key(
        0, "Days of coverage after which it changes its mind and covers the story anew; never if 0", unit="days",
        source="Godin 2007: first sensible, then second thoughts (case documents)", grade="S", ge=0, le=3650,
    )  # fmt: skip
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
