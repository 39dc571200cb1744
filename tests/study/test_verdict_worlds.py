"""What is said over worlds: no more than the figures carry."""

import re

import numpy as np
import pandas as pd
import pytest

from wom_sim.outcomes.drivers import drivers
from wom_sim.outcomes.materiality import Choice, Rule
from wom_sim.outcomes.worlds import Estimate, Judgement, judge
from wom_sim.study.verdict_worlds import sentences_over_worlds
from wom_sim.words import Words
from wom_sim.words.figures import Figures

RULE = Rule(0.05)


def in_one_text(*asked, **more):
    return " ".join(sentences_over_worlds(*asked, **more).in_order())


def said(columns, replications=2, worlds=40, drives=None, key="x"):
    """The verdict on policies whose net values are given by world; a number ``x`` drives them if ``drives``."""
    rng = np.random.default_rng(1)
    rows = [
        {"world": w, "replication": r, "policy": name, "net_value": float(values[w])}
        for w in range(worlds)
        for r in range(replications)
        for name, values in {"keep": np.zeros(worlds), **columns}.items()
    ]
    table = pd.DataFrame(rows)
    x = rng.uniform(size=worlds) if drives is None else drives
    about = pd.DataFrame({"parameter": [key], "grade": "C", "low": 0.0, "high": 1.0})
    found = drivers(table, pd.DataFrame({"world": np.arange(worlds), key: x}), about)
    return in_one_text(judge(table, rule=RULE), found, Figures.plain("EUR"), ["evidence"])


X = np.linspace(-1.0, 1.0, 40)


def test_the_number_that_decides_is_named_with_its_worth_and_turning_point():
    text = said({"letter": 1000.0 + 5000.0 * X, "offer": np.full(40, 900.0)}, drives=X)
    assert text.startswith(
        "Over 40 worlds, “letter” and “offer” come out as equal on average: “letter” is €100 ahead, "
        "which chance may explain, and "
    )
    assert "€1,000 (95 % interval " in text
    assert "it is the best in 50 % of worlds" in text
    assert "What would change it, and is worth finding out first: x (knowing it is worth " in text
    turns = float(re.search(r"turns the choice near (\S+)\)", text).group(1).replace("−", "-"))
    assert abs(turns - (-0.02)) < 0.06  # 1,000 + 5,000 x = 900; the worlds are .05 apart


def test_what_the_firm_chooses_is_to_be_compared_and_not_found_out():
    text = said({"letter": 1000.0 + 5000.0 * X, "offer": np.full(40, 900.0)}, drives=X, key="policies.letter.payment")
    assert "worth finding out" not in text
    own = "What would change it and is the firm's own choice, to be compared rather than found out: "
    assert f"{own}policies.letter.payment" in text


def test_a_share_that_chance_may_show_is_not_told():
    rng = np.random.default_rng(9)
    sure = said({"letter": 9000.0 + 500.0 * X + rng.normal(0.0, 1.0, 40)}, drives=X)
    assert "depends most on x (" in sure and "% of the variance)" in sure
    by_chance = said({"letter": 9000.0 + rng.normal(0.0, 500.0, 40)}, drives=X)
    assert "of the variance" not in by_chance


def test_a_sure_thing_is_not_called_certain():
    text = said({"letter": np.full(40, 7000.0)})
    assert "no other was better in any world, which leaves up to 7.2 % unseen" in text
    assert "no run ended below keeping everyone (chance below 7.2 %)" in text
    assert "None of the numbers drawn overturned the choice" in text
    assert "100 %" not in text


def test_keeping_everyone_may_be_best():
    text = said({"letter": np.full(40, -7000.0)})
    assert text.startswith("Over 40 worlds, keeping everyone is best for the firm on average, by €7,000 over “letter”;")


def test_where_it_cannot_be_told_which_number_decides_it_is_said():
    noise = np.random.default_rng(3).normal(0.0, 1000.0, 40)
    text = said({"letter": noise + 100.0})
    assert "Which number decides cannot be told from these worlds" in text


def test_what_is_assumed_is_said_and_that_luck_was_not_told_apart():
    text = said({"letter": X}, replications=1)
    assert "the plausible range of one number, an estimate and not a measurement" in text
    assert "Luck was drawn once in each world, so that it counts as ignorance here." in text
    assert "Luck was drawn once" not in said({"letter": X})


def test_what_is_too_small_to_count_is_equal_and_a_second_criterion_decides():
    rng = np.random.default_rng(4)
    rows = [
        {"world": w, "replication": r, "policy": name, "net_value": net + luck, "national_coverage": news, "told": told}
        for w, luck in enumerate(rng.normal(0.0, 100.0, 40))
        for r in range(2)
        for name, net, news, told in (
            ("keep", -luck, 0.0, 0), ("letter", 9000.0, float(w % 2), 50), ("phone", 8900.0, 0.0, 50),
        )
    ]  # fmt: skip
    table = pd.DataFrame(rows)
    about = pd.DataFrame({"parameter": ["x"], "grade": "C", "low": 0.0, "high": 1.0})
    found = drivers(table, pd.DataFrame({"world": np.arange(40), "x": rng.uniform(size=40)}), about)
    judged = judge(table, rule=RULE)
    for lang, first, second in (
        (
            "en",
            "“phone” come out as equal on average: “letter” is €100 ahead, less than 5 % of its net value, and ",
            "“phone” is preferred: it makes national news in 0 %",
        ),
        (
            "nl",
            "‘phone’ gemiddeld gelijkwaardig: ‘letter’ ligt € 100 voor, minder dan 5 % van de eigen nettowaarde",
            "heeft ‘phone’ de voorkeur: landelijk nieuws in 0 %",
        ),
    ):
        tell = Figures(Words(lang), "EUR", joined=False)
        said = sentences_over_worlds(judged, found, tell, ["evidence"]).in_order()[0]
        assert first in said and second in said, said
    assert "preferred" not in in_one_text(judge(table), found, Figures.plain("EUR"), ["evidence"])


def test_no_policy_that_may_be_nothing_but_luck_is_told_as_best():
    text = said({"letter": np.random.default_rng(3).normal(0.0, 1000.0, 40) + 1.0})
    assert "come out as equal on average" in text.split(";")[0]


@pytest.mark.parametrize(("lang", "interval"), [("en", "(95 % interval "), ("nl", "(95 %-betrouwbaarheidsinterval ")])
def test_an_amount_is_said_once_where_keeping_everyone_is_equal_to_the_best(lang, interval):
    values = np.random.default_rng(3).normal(0.0, 1000.0, 40)
    values += 123.0 - values.mean()
    rows = [{"world": w, "replication": r, "policy": p, "net_value": float(v)}
            for w in range(40) for r in range(2) for p, v in (("keep", 0.0), ("letter", values[w]))]  # fmt: skip
    table = pd.DataFrame(rows)
    about = pd.DataFrame({"parameter": ["x"], "grade": "C", "low": 0.0, "high": 1.0})
    found = drivers(table, pd.DataFrame({"world": np.arange(40), "x": X}), about)
    tell = Figures(Words(lang), "EUR", joined=False)
    text = sentences_over_worlds(judge(table, rule=RULE), found, tell, ["evidence"]).known
    assert text.count(tell.money(123.0)) == 1 and interval in text


def test_a_lead_that_counts_is_a_lead():
    text = said({"letter": 3000.0 + 500.0 * X, "offer": 900.0 + 400.0 * X}, drives=X)
    assert text.startswith("Over 40 worlds, “letter” leaves the firm best off on average: €3,000 (95 % interval ")
    assert "and €2,100 more than “offer”" in text and "preferred" not in text


# -- whole verdicts, word for word ---------------------------------------------------------------------------


def row(policy, value, **more):
    return {
        "policy": policy, "expected_net_value": value, "low": value - 100, "high": value + 100, "share_best": 0.8,
        "regret_mean": 50.0, "regret_worst": 900.0, "chance_loss": 0.1, "chance_loss_high": 0.2,
    } | more  # fmt: skip


def number(parameter="x", **more):
    return {
        "policy": "all policies", "parameter": parameter, "evppi": 10.0, "evppi_by_chance": 2.0, "beyond_chance": True,
        "flip_at": np.nan, "share_of_variance": 0.3, "share_beyond_chance": True,
    } | more  # fmt: skip


def told(rows, numbers, drawn, flips=0.2, replications=2):
    found = Judgement(
        pd.DataFrame(rows),
        rows[0]["policy"],
        Estimate(flips, flips / 2, 0.07),
        Estimate(1, 0, 2),
        40,
        replications,
        Choice((rows[0]["policy"],), rows[0]["policy"], "value", False, 0.05, {}, 80),
    )
    return in_one_text(found, pd.DataFrame(numbers), Figures.plain("EUR"), ["evidence"] * drawn)


LETTER, OFFER, KEPT = row("letter", 1000.0), row("offer", 900.0), row("keep", 0.0)
AHEAD = (
    "Over 40 worlds, “letter” leaves the firm best off on average: €1,000 (95 % interval €900 to €1,100) more than "
    "keeping everyone"
)
OFTEN = (
    "; it is the best in 80 % of worlds, and where it is not it falls short by €250 on average and €900 at worst"
)  # fmt: skip
WORSE = "; in 10 % of runs the firm would have done better to keep everyone."
RANGES = (
    " This rests on plausible ranges for 2 numbers, most of them estimates and not measurements, drawn independently "
    "of each other; all else in the scenario is taken as known. "
)
FIND = "What would change it, and is worth finding out first: "
IDLE = {"beyond_chance": False, "share_of_variance": 0.0}


@pytest.mark.parametrize(
    ("rows", "numbers", "more", "text"),
    [
        (
            [LETTER, OFFER, KEPT],
            [
                number(flip_at=0.25), number("behaviour.leaving.beta"), number("policies.letter.payment"), number("y"),
                number("z"),
            ],
            {"drawn": 2},
            AHEAD + ", and €100 more than “offer”" + OFTEN + WORSE + RANGES + FIND + "x (knowing it is worth €10, and "
            "it turns the choice near 0.25), how strongly a bad story makes people leave (behaviour.leaving.beta, "
            "knowing it is worth €10) and y (knowing it is worth €10). What would change it and is the firm's own "
            "choice, to be compared rather than found out: policies.letter.payment (knowing it is worth €10).",
        ),
        (
            [LETTER, KEPT],
            [
                number(beyond_chance=False), number("y", beyond_chance=False, share_of_variance=0.5),
                number("z", beyond_chance=False, share_of_variance=0.04),
                number("w", beyond_chance=False, share_beyond_chance=False),
            ],
            {"drawn": 1, "flips": 0.0, "replications": 1},
            AHEAD + "; no other was better in any world, which leaves up to 7 % unseen" + WORSE + " This rests on the "
            "plausible range of one number, an estimate and not a measurement; all else in the scenario is taken as "
            "known. Luck was drawn once in each world, so that it counts as ignorance here. None of the numbers drawn "
            "overturned the choice, alone or together, within its range. How far “letter” and keeping everyone are "
            "apart depends most on y (50 % of the variance) and x (30 % of the variance).",
        ),
        (
            [KEPT, row("letter", -50.0)],
            [number(**IDLE), number("y", **IDLE, evppi_by_chance=3.0)],
            {"drawn": 2},
            "Over 40 worlds, keeping everyone is best for the firm on average, by €50 over “letter”" + OFTEN + "."
            + RANGES + "Which number decides cannot be told from these worlds: to know any one of them is not worth "
            "more than chance alone would show (€3).",
        ),
        (
            [LETTER | {"chance_loss": 0.0}, KEPT],
            [number(**IDLE, evppi_by_chance=0.0)],
            {"drawn": 2},
            AHEAD + OFTEN + "; no run ended below keeping everyone (chance below 20 %)." + RANGES
            + "No single one of the numbers drawn would change the choice if it alone were known exactly.",
        ),
        (
            [LETTER, KEPT],
            [number(policy="letter")],
            {"drawn": 2},
            AHEAD + OFTEN + WORSE + RANGES + FIND + "x (knowing it is worth €10).",
        ),
    ],
)  # fmt: skip
def test_a_whole_in_one_text(rows, numbers, more, text):
    assert told(rows, numbers, **more) == text


def test_numbers_of_an_older_folder_are_told_by_their_share():
    older = pd.DataFrame([number(**IDLE | {"share_of_variance": 0.5})]).drop(columns="share_beyond_chance")
    assert "depends most on x (50 % of the variance)" in told([LETTER, KEPT], older, drawn=2)


def test_what_was_drawn_together_is_told_as_such():
    found = Judgement(
        pd.DataFrame([LETTER, OFFER, KEPT]), "letter", Estimate(0.2, 0.1, 0.07), Estimate(1, 0, 2), 40, 2,
        Choice(("letter",), "letter", "value", False, 0.05, {}, 80),
    )  # fmt: skip
    for lang, words in (
        ("en", "5 numbers that nobody has measured: 3 of them drawn together"),
        ("nl", "5 aannames die niemand heeft gemeten: 3 daarvan"),
    ):
        tell = Figures(Words(lang), "EUR", joined=False)
        why = ["public"] * 3 + ["evidence"] * 2
        text = sentences_over_worlds(found, pd.DataFrame([number("x")]), tell, why).rests_on
        assert words in text
        assert "independently" not in text
