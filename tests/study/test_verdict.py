"""The verdict over tables made by hand: it says what the figures carry, and no more."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from run_tables import table

from wom_sim import load_scenario
from wom_sim.outcomes.indicators import PARTS_OF_LOST
from wom_sim.outcomes.materiality import Rule
from wom_sim.scenario import parameters
from wom_sim.scenario.beyond import beyond
from wom_sim.scenario.evidence import unmeasured
from wom_sim.scenario.grades import is_estimate
from wom_sim.study.preferred import rule_of
from wom_sim.study.verdict import first_to_doubt, sentences, verdict
from wom_sim.words import Words
from wom_sim.words.figures import Figures

ROOT = Path(__file__).parents[2]
SCENARIO = load_scenario(ROOT / "scenarios" / "first_look.toml")
RESTS = unmeasured(SCENARIO)
ESTIMATES = sum(is_estimate(number.grade) for number in RESTS)
PRICED = unmeasured(load_scenario(ROOT / "scenarios" / "first_look.toml", ['policies[0].use="reprice"']))
NONE = np.zeros(10)
RULE = Rule(0.05)
WOBBLE = np.tile([-1.0, 1.0], 5)


def said(**policies):
    return verdict(table(**policies), Figures.plain("USD"), RESTS, RULE)


def policy(net, lost=0.0, each=1000.0, covered=0, wobble=WOBBLE, **more):
    """Ten runs of a policy around a mean net value; each customer lost costs ``each``."""
    news = (np.arange(10) < covered).astype(float)
    lost = np.full(10, lost)
    values = {"net_value": net + wobble, "lost_profitable": lost, "lost_to_story": lost, "national_coverage": news}
    return values | {"profit_lost_story": -each * lost} | {k: np.full(10, v) for k, v in more.items()}


KEEP = {"net_value": NONE}


def split(text):
    return re.split(r"(?<=[a-z)])\. (?=[A-Z“])", text)


def test_clear_is_said_plainly_in_three_sentences():
    text = said(keep=KEEP, letter=policy(50_000, lost=10, covered=4), phone=policy(20_000, lost=2))
    first, second, third = split(text)
    assert first.startswith(
        "In this model “letter” leaves the firm best off, $50,000 ahead of keeping everyone and $30,000 ahead of "
        "“phone”"
    )
    assert (
        "95 % interval over 10 runs on the same luck: $30,000 to $30,000" in first
    )  # the same wobble: no luck between
    assert "“letter” loses 10 profitable customers, and it makes national news in 4 of 10 runs" in first
    assert f"{ESTIMATES} numbers that are estimates" in second
    assert f"and {len(RESTS) - ESTIMATES} that are mere assumptions" in second
    assert "how strongly a bad story makes people leave (plausible from 0 to 2)" in second
    # 10 lost cost 10,000 already: at 1,000 each, another 50 make up for 50,000
    assert third == (
        "“letter” would be no better than keeping everyone if it lost 60 profitable customers instead of 10 "
        "(at $1,000 each, 6 times as many)."
    )


def test_what_goes_beyond_what_is_known_is_a_guess():
    """It is said of each policy that does, in the sentence on what is assumed; of none, if none does."""
    sets = ['policies[0].use="reprice"', "policies[0].price_rise=3.0", "policies[1].notice_days=120"]
    far = beyond(load_scenario(ROOT / "scenarios" / "first_look.toml", sets))
    runs = table(keep=KEEP, letter=policy(50_000, lost=10))
    usual, told = (sentences(runs, Figures.plain("USD"), RESTS, RULE, guessed).in_order() for guessed in ((), far))
    assert (told[0], told[2]) == (usual[0], usual[2])
    guess = told[1].removeprefix(usual[1])
    assert "bulk letter goes beyond what is known of how people react (a price rise of 300 %, seen up to 60 %)" in guess
    assert "going case by case goes beyond" in guess.replace("Going", "going")
    assert "120 days of notice, known up to 90" in guess
    assert guess.count("a guess, kept to the pessimistic side") == 2
    assert "a guess" not in " ".join(usual)
    assert "een voorzichtige gok" in sentences(runs, Figures(Words("nl"), "USD"), RESTS, RULE, far).rests_on


def test_one_run_says_nothing_about_chance():
    one = {name: {key: values[:1] for key, values in policy(50_000, lost=10).items()} for name in ("letter",)}
    text = verdict(table(keep={"net_value": [0.0]}, **one), Figures.plain("USD"), RESTS, RULE)
    assert "in a single run, which says nothing about chance" in text
    assert "interval over" not in text


def test_undecided_is_not_a_lead():
    text = said(keep=KEEP, letter=policy(50_010, lost=5, wobble=300 * WOBBLE), phone=policy(50_000, lost=5))
    assert text.startswith("“letter” and “phone” cannot be told apart")
    assert "best off" not in text
    assert "“letter” is $50,000 ahead of keeping everyone" in text
    assert "Of the two “phone” is preferred" in text or "none is preferred" in text
    assert "runs in all" in split(text)[3]


def test_undecided_against_keeping_everyone():
    text = said(keep=KEEP, letter=policy(10, lost=5, wobble=300 * WOBBLE))
    assert text.startswith("“letter” and keeping everyone cannot be told apart")
    assert re.search(r"about [\d,]+ runs in all would probably settle which of the two is ahead", text)


def test_a_lead_over_the_rival_is_not_a_lead_over_keeping_everyone():
    """Two letters hang together, so they are told apart; from keeping everyone neither is."""
    shaky = 20_000 * WOBBLE
    text = said(keep=KEEP, early=policy(3000, wobble=shaky), late=policy(1000, wobble=shaky))
    assert "$2,000 ahead of “late”" in text
    assert "but cannot be told apart from keeping everyone ($3,000 ahead, −$12,100 to $18,100)" in text
    assert "$3,000 ahead of keeping everyone" not in text
    assert "best off" not in text and "Of the two keeping everyone is preferred" in text


def test_nor_is_it_one_over_a_third_that_wobbles():
    """The second by the mean is told apart from the best, the third is not: the best is then no best."""
    shaky = policy(20_000, wobble=60_000 * WOBBLE)
    text = said(keep=KEEP, early=policy(50_000), late=policy(40_000), shaky=shaky)
    assert text.startswith("In this model “early” is $10,000 ahead of “late”") and "best off" not in text
    assert "cannot be told apart from “shaky” ($30,000 ahead" in text


@pytest.mark.parametrize(("lost", "told"), [
    (0.0, "loses no profitable customers"), (0.2, "loses hardly any profitable customers (0.2)"),
    (0.6, "loses 0.6 profitable customers"),
])  # fmt: skip
def test_none_is_none_and_a_fifth_is_hardly_any(lost, told):
    assert told in said(keep=KEEP, letter=policy(80_000, lost=lost), phone=policy(20_000))


def test_one_customer_is_one():
    text = said(keep=KEEP, letter=policy(50_000, lost=1))
    assert "loses 1 profitable customer, and it makes" in text and "instead of 1 " in text
    assert " 1 profitable customers" not in text
    dutch = verdict(table(keep=KEEP, letter=policy(50_000, lost=1)), Figures(Words("nl"), "USD"), RESTS, RULE)
    assert "1 winstgevende klant, en in" in dutch


def test_loss_everywhere():
    text = said(keep=KEEP, letter=policy(-40_000, lost=50), phone=policy(-60_000, lost=70))
    assert text.startswith("In this model keeping everyone leaves the firm best off, $40,000 ahead of “letter”")
    assert text.endswith(
        "“letter” would be as good as keeping everyone only if it lost 10 profitable customers instead of 50 "
        "(at $1,000 each)."
    )


def test_a_loss_that_no_customer_causes():
    text = said(keep=KEEP, letter=policy(-60_000, lost=50), phone=policy(-90_000, lost=1))
    assert text.endswith("would cost the firm money even if no profitable customer left because of it.")
    text = said(keep=KEEP, gift=policy(-5000, given=-4000, handling=-1000))
    assert text.endswith("and most of its cost lies in fees waived and payments.")
    assert "money.fees_collectable" not in text, "what it gives is the firm's own choice, and not in doubt"


def test_a_gain_without_losses():
    text = said(keep=KEEP, gift=policy(5000))
    assert "“gift” loses no profitable customers" in text
    assert text.endswith("if harm that is not in the model cost the firm $5,000.")


def test_the_same_everywhere():
    text = said(keep=KEEP, idle={"net_value": NONE})
    assert text.startswith("Keeping everyone and “idle” come to the same in all 10 runs.")
    assert text.endswith("“idle” changes nothing here: nobody was let go, or nothing came of it.")


def test_only_keep():
    assert said(keep=KEEP) == "Only keeping everyone was run: there is nothing to compare."


@pytest.mark.parametrize(
    ("cause", "key"),
    [
        ("lost_with_household", "behaviour.leaving.household_follows"),
        ("lost_to_contagion", "behaviour.leaving.chi"),
        ("lost_to_story", "behaviour.leaving.beta"),
        ("lost_to_firm", "behaviour.leaving.price_sensitivity"),
    ],
)
def test_the_number_to_doubt_is_that_of_the_greatest_cause(cause, key):
    causes = dict.fromkeys(PARTS_OF_LOST, 4.0 / 3.0) | {cause: 6.0}
    runs = table(keep=KEEP, letter=policy(50_000, lost=10) | {k: np.full(10, v) for k, v in causes.items()})
    text = verdict(runs, Figures.plain("USD"), PRICED, RULE)
    assert f"the first to doubt is {Words().say(f'verdict.number.{key}')}" in text and key not in text
    assert "60 % of the profitable customers whom “letter” loses go that way" in text
    assert key in {p.key for p in parameters()}


def test_what_the_scenario_states_is_never_the_number_to_doubt():
    """It names the next that is open, and none where all that governs the loss is stated."""
    causes = dict.fromkeys(PARTS_OF_LOST, 1.0) | {"lost_to_contagion": 7.0}
    runs = table(keep=KEEP, letter=policy(50_000, lost=10) | {k: np.full(10, v) for k, v in causes.items()})
    open_ = [number for number in PRICED if number.key != "behaviour.leaving.chi"]
    text = verdict(runs, Figures.plain("USD"), open_, RULE)
    assert Words().say("verdict.number.behaviour.leaving.chi") not in text and "the first to doubt is" in text
    assert "10 % of the profitable customers whom “letter” loses go that way" in text
    nothing = [number for number in PRICED if not number.key.startswith("behaviour.leaving")]
    text = verdict(runs, Figures.plain("USD"), nothing, RULE)
    assert "the first to doubt" not in text
    assert f"That rests on {sum(is_estimate(n.grade) for n in nothing)} numbers that are estimates" in text


def test_estimates_are_counted_as_the_scenario_uses_them():
    assert is_estimate("A/C, calibrated")
    assert not is_estimate("A")
    assert not is_estimate("Assumption: it is Certain")
    fewer = unmeasured(SCENARIO.model_copy(update={"policies": SCENARIO.policies[:1]}))
    assert 80 < len(fewer) < len(RESTS) < len(parameters())
    assert "media.action_news.offer" in {number.key for number in RESTS}
    keys = {number.key for number in fewer}
    assert "media.channel_news.letter" in keys
    assert not {"media.action_news.offer", "media.channel_news.phone", "behaviour.responding.explain"} & keys


@pytest.mark.parametrize("currency", ["USD", "EUR"])
def test_dutch_says_the_same_figures(currency):
    runs = table(keep=KEEP, letter=policy(50_000, lost=10, covered=4), phone=policy(20_000, lost=2))
    english, dutch = (
        sentences(runs, Figures(Words(lang), currency, joined=False), RESTS, RULE).in_order() for lang in ("en", "nl")
    )  # fmt: skip
    assert len(english) == len(dutch) == 3
    for one, other in zip(english, dutch, strict=True):
        said = [re.findall(r"\d+", text.replace(",", "").replace(".", "")) for text in (one, other)]
        assert sorted(said[0]) == sorted(said[1])
    assert "50.000" in dutch[0]


def test_what_is_too_small_to_count_is_told_as_equal_and_the_news_decides():
    runs = table(keep=KEEP, letter=policy(50_000, covered=9), phone=policy(49_000, covered=0))
    english, dutch = (
        sentences(runs, Figures(Words(lang), "USD", joined=False), RESTS, RULE).in_order()[0] for lang in ("en", "nl")
    )  # fmt: skip
    assert english.startswith(
        "“letter” and “phone” come out as equal: “letter” is $1,000 ahead (95 % interval over 10 runs on the same "
        "luck: $1,000 to $1,000), less than 5 % of its net value"
    )
    assert english.endswith(
        " Of the two “phone” is preferred: it makes national news in none of 10 runs, “letter” in 9 of 10 runs."
    )
    assert "best off" not in english
    assert "zijn gelijkwaardig" in dutch and "heeft ‘phone’ de voorkeur: landelijk nieuws in geen van de 10" in dutch
    sure = said(keep=KEEP, letter=policy(50_000, covered=9), phone=policy(40_000, covered=0))
    assert "preferred" not in sure and sure.startswith("In this model “letter” leaves the firm best off")


def test_what_chance_may_explain_is_equal_too_and_the_simplest_decides():
    text = said(keep=KEEP, letter=policy(10, wobble=300 * WOBBLE, told=60))
    assert "“letter” and keeping everyone cannot be told apart" in text
    assert "Of the two keeping everyone is preferred as the simplest: it takes the fewest steps." in text


def test_of_more_than_two_equals_all_are_named():
    shaky = 20_000 * WOBBLE
    text = said(keep=KEEP, early=policy(3000, wobble=shaky), late=policy(2999, wobble=shaky + WOBBLE))
    assert "Of “early”, “late” and keeping everyone, which count as equal in money, keeping everyone is" in text


def test_the_steps_of_a_policy_are_what_the_firm_does_one_after_the_other():
    sets = [
        "policies[0].response.kind=apologise", "policies[2].second_round_after=30", "policies[2].response.kind=explain",
        'policies[1].then={use="bulk_letter", after_days=30}', "verdict.material=0.1",
    ]  # fmt: skip
    rule = rule_of(load_scenario(ROOT / "scenarios" / "first_look.toml", sets))
    assert rule == Rule(0.1, {"keep": 0, "bulk letter": 2, "case by case": 2, "paid exit": 3})
    assert rule_of(SCENARIO) == Rule(0.05, {"keep": 0, "bulk letter": 1, "case by case": 1, "paid exit": 1})


# -- whole verdicts, word for word ---------------------------------------------------------------------------

OVER = "(95 % interval over 10 runs on the same luck: "
SURE = f"{OVER}$4,999 to $5,001)"
GIFT = f"In this model “gift” leaves the firm best off, $5,000 ahead of keeping everyone {SURE}; on average “gift” "
BETA = "how strongly a bad story makes people leave (plausible from 0 to 2)"
NEVER = "makes national news in none of 10 runs."
HARM = "“gift” would be no better than keeping everyone if harm that is not in the model cost the firm"
ONCE = np.array([1.0] + [0.0] * 9)


def rests_on(first):
    return (
        f" That rests on {ESTIMATES} numbers that are estimates and {len(RESTS) - ESTIMATES} that are mere "
        f"assumptions, which no interval here covers; the first to doubt is {first}. "
    )


def goes(name, share=100):
    return rests_on(f"{BETA}: {share} % of the profitable customers whom “{name}” loses go that way")


SIMPLEST = " Of the two keeping everyone is preferred as the simplest: it takes the fewest steps."
GUESSED = rests_on(f"{BETA}, which nobody has measured")


@pytest.mark.parametrize(
    ("policies", "text"),
    [
        (
            {"letter": policy(50_000, lost=10, covered=4), "phone": policy(20_000, lost=2)},
            "In this model “letter” leaves the firm best off, $50,000 ahead of keeping everyone and $30,000 ahead of "
            f"“phone” {OVER}$30,000 to $30,000); on average “letter” loses 10 profitable customers, and it makes "
            f"national news in 4 of 10 runs.{goes('letter')}“letter” would be no better than keeping everyone if it "
            "lost 60 profitable customers instead of 10 (at $1,000 each, 6 times as many).",
        ),
        (
            {"letter": policy(50_010, lost=5, wobble=300 * WOBBLE), "phone": policy(50_000, lost=5)},
            f"“letter” and “phone” cannot be told apart: “letter” is $10 ahead {OVER}−$215 to $235); “letter” is "
            "$50,000 ahead of keeping everyone ($49,800 to $50,200); on average “letter” loses 5 profitable customers, "
            f"and it {NEVER} Of the two none is preferred: neither the chance of national news nor simplicity "
            f"sets them apart.{goes('letter')}If the difference is as it looks now, about 7,800 runs in all would "
            "probably settle which of the two is ahead; “letter” "
            "would be no better than keeping everyone if it lost 55 profitable customers instead of 5 (at $1,000 each, "
            "11 times as many).",
        ),
        (
            {"early": policy(3000, wobble=20_000 * WOBBLE), "late": policy(1000, wobble=20_000 * WOBBLE)},
            f"In this model “early” is $2,000 ahead of “late” {OVER}$2,000 to $2,000), but cannot be told apart from "
            "keeping everyone ($3,000 ahead, −$12,100 to $18,100); on average “early” "
            f"loses no profitable customers, and it {NEVER}{SIMPLEST}{GUESSED}"
            f"{HARM.replace('gift', 'early')} $3,000.",
        ),
        (
            {"letter": policy(-40_000, lost=50), "phone": policy(-60_000, lost=70)},
            f"In this model keeping everyone leaves the firm best off, $40,000 ahead of “letter” {OVER}$39,999 to "
            f"$40,001); on average “letter” loses 50 profitable customers, and it {NEVER}{goes('letter')}“letter” "
            "would be as good as keeping everyone only if it lost 10 profitable customers instead of 50 (at $1,000 "
            "each).",
        ),
        (
            {"gift": policy(-5000, given=-4000, handling=-1000)},
            f"In this model keeping everyone leaves the firm best off, $5,000 ahead of “gift” {SURE}; on average "
            f"“gift” loses no profitable customers, and it {NEVER}{GUESSED}“gift” would be as good as keeping everyone "
            "only if it cost $5,000 less or brought that much more, and most of its cost lies in fees waived and "
            "payments.",
        ),
        (
            {"gift": policy(5000, kept_profitable=3.0)},
            f"{GIFT}keeps 3 profitable customers who would have left, and it {NEVER}{GUESSED}{HARM} $5,000.",
        ),
        (
            {"gift": policy(5000, lost=2.0, kept_profitable=3.0, covered=10)},
            f"{GIFT}loses 2 profitable customers and keeps 3 who would have left, and it makes national news in all "
            f"10 runs.{goes('gift')}“gift” would be no better than keeping everyone if it lost 7 profitable customers "
            "instead of 2 (at $1,000 each, 3.5 times as many).",
        ),
        (
            {"idle": {"net_value": NONE}},
            f"Keeping everyone and “idle” come to the same in all 10 runs.{SIMPLEST}{GUESSED}“idle” changes "
            "nothing here: nobody was let go, or nothing came of it.",
        ),
        (
            {"gift": policy(-5000, joins=-4000, lost=2, each=100.0, covered=1)},
            f"In this model keeping everyone leaves the firm best off, $5,000 ahead of “gift” {SURE}; on average "
            "“gift” loses 2 profitable customers, and it makes national news in 1 of 10 runs."
            + rests_on(
                "how strongly a bad story keeps people from joining (plausible from 3 "
                "to 16): “gift” costs "
                "more in prospects who do not join than in profitable customers who hear of it and leave"
            )
            + "Fewer losses would not help: “gift” would cost the firm money even if no profitable customer left "
            "because of it.",
        ),
        (
            {"gift": policy(5000, calls_told=-4000)},
            f"{GIFT}loses no profitable customers, and it {NEVER}"
            + rests_on(
                "what a service call costs (plausible from 4 to 20): “gift” costs more in calls "
                "from those told than in profitable customers who hear of it and leave"
            )
            + f"{HARM} $5,000.",
        ),
        (
            {
                "gift": {
                    "net_value": 5000 - 20_000 * ONCE + WOBBLE, "profit_lost_story": -20_000 * ONCE,
                    "lost_to_story": ONCE, "lost_profitable": ONCE,
                }
            },
            "“gift” and keeping everyone cannot be told apart: “gift” is $3,000 ahead (most of that came in few of 10 "
            f"runs, too few for an interval); on average “gift” loses hardly any profitable customers "
            f"(0.1), and it {NEVER}{SIMPLEST}"
            f"{GUESSED}"
            "If the difference is as it looks now, about 37 runs in all would probably settle which "
            f"of the two is ahead; {HARM} $3,000.",
        ),
    ],
)  # fmt: skip
def test_a_whole_verdict(policies, text):
    assert said(keep=KEEP, **policies) == text


def test_a_whole_verdict_without_keeping_everyone_and_of_a_single_run():
    assert said(a=policy(5000), b=policy(4000, lost=3)) == (
        f"In this model “a” leaves the firm best off, $1,000 ahead of “b” {OVER}$1,000 to $1,000); on average “a” "
        f"loses no profitable customers, and it {NEVER}{goes('b')}{HARM.replace('gift', 'a')} $5,000."
    )
    one = {key: values[:1] for key, values in policy(50_000, lost=10).items()}
    assert verdict(table(keep={"net_value": [0.0]}, letter=one), Figures.plain("USD"), RESTS, RULE) == (
        "In this model “letter” leaves the firm best off, $50,000 ahead of keeping everyone, in a single run, which "
        f"says nothing about chance.{goes('letter')}“letter” would be no better than keeping everyone if it lost 60 "
        "profitable customers instead of 10 (at $1,000 each, 6 times as many)."
    )
    same = verdict(table(keep={"net_value": [0.0]}, idle={"net_value": [0.0]}), Figures.plain("USD"), RESTS, RULE)
    assert same.startswith(f"Keeping everyone and “idle” come to the same in a single run.{SIMPLEST}{GUESSED}“idle”")


def test_where_the_scenario_states_every_number_none_is_to_be_doubted():
    runs = table(keep=KEEP, gift=policy(5000))
    english, dutch = (sentences(runs, Figures(Words(lang), "USD"), [], RULE).rests_on for lang in ("en", "nl"))
    assert english.startswith("Every number that it rests on is stated in the scenario")
    assert dutch.startswith("Elk getal waarop dat steunt")


def test_the_first_to_doubt_is_named_by_key():
    tell = Figures.plain("USD")
    assert (
        first_to_doubt(table(keep=KEEP, a=policy(10, joins=-4000)), tell, RESTS) == "behaviour.leaving.beta_join_ratio"
    )
    assert first_to_doubt(table(keep=KEEP), tell, RESTS) is None


def test_where_every_segment_has_its_own_chance_to_follow_that_is_the_number_to_doubt():
    """In a trade whose preset says who follows, the number of the model has no effect, and is not open."""
    causes = dict.fromkeys(PARTS_OF_LOST, 1.0) | {"lost_with_household": 7.0}
    runs = table(keep=KEEP, letter=policy(50_000, lost=10) | {k: np.full(10, v) for k, v in causes.items()})
    bank = unmeasured(load_scenario("builtin:bank"))
    assert "behaviour.leaving.household_follows" not in {number.key for number in bank}
    assert "how often a household leaves together:" in verdict(runs, Figures.plain("USD"), bank, RULE)
