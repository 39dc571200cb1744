"""Numbers given as distributions: what they mean, where they may stand, how they come back."""

import json
import tomllib

import jsonschema
import numpy as np
import pytest
from scipy import stats

from wom_sim.scenario import ScenarioError, fingerprint, load_scenario, schema, to_toml
from wom_sim.scenario.axes import axis_of
from wom_sim.scenario.distributions import Distribution, Limits
from wom_sim.scenario.uncertain import doubts, with_values

U = (np.arange(2000) + 0.5) / 2000


def test_triangular_has_the_textbook_quantiles():
    found = Distribution(low=1.0, mode=2.0, high=5.0).at(U)
    assert np.allclose(found, stats.triang(0.25, 1.0, 4.0).ppf(U))


def test_without_mode_it_is_uniform():
    assert np.allclose(Distribution(low=2.0, high=4.0).at(U), 2.0 + 2.0 * U)


def test_normal_is_cut_off_at_the_limits_of_the_key():
    found = Distribution(mean=0.1, sd=0.2).at(U, Limits(0.0, 1.0))
    assert np.allclose(found, stats.truncnorm(-0.5, 4.5, 0.1, 0.2).ppf(U))


def test_lognormal_has_its_median_and_its_own_ends():
    assert np.allclose(Distribution(median=3.0, sigma=0.5).at(U), stats.lognorm(0.5, scale=3.0).ppf(U))
    cut = Distribution(median=3.0, sigma=0.5, low=2.0, high=4.0).at(U)
    assert 2.0 <= cut.min() < 2.01
    assert 3.99 < cut.max() <= 4.0


def test_choice_goes_by_weights():
    found = Distribution(choice=(1.0, 5.0, 9.0), weights=(1.0, 2.0, 1.0)).at(U)
    assert [int((found == v).sum()) for v in (1.0, 5.0, 9.0)] == [500, 1000, 500]


def test_whole_numbers_stay_whole():
    found = Distribution(low=1.0, high=5.0).at(U, Limits(1.0, 365.0, True))
    assert set(found) == {1.0, 2.0, 3.0, 4.0, 5.0}


def test_a_chance_of_nothing_and_a_rare_value_stand_apart_from_the_range():
    one = Distribution(low=1.0, mode=2.0, high=5.0, zero=0.25, rare=9.0, rare_share=0.05)
    found = one.at(U)
    assert [int((found == v).sum()) for v in (0.0, 9.0)] == [500, 100]
    rest = found[(found > 0.0) & (found < 9.0)]
    assert np.allclose(rest, stats.triang(0.25, 1.0, 4.0).ppf((np.arange(1400) + 0.5) / 1400))
    assert one.spread == (0.0, 9.0) and one.central() == 2.0
    assert one.text() == "{low=1, mode=2, high=5, zero=0.25, rare=9, rare_share=0.05}"
    never, always = one.at(U, rare=np.zeros(2000)), one.at(U, rare=np.full(2000, 0.96))
    assert (always == 9.0).all() and never.max() <= 5.0
    assert (never == 0.0).mean() == pytest.approx(0.25 / 0.95, abs=1e-3)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("{low = 0, high = 1, rare = 3}", "rare and rare_share go together"),
        ("{low = 0, high = 1, zero = 0.6, rare = 3, rare_share = 0.4}", "must leave a chance for the rest"),
        ("{low = 0, high = 1, rare = 30, rare_share = 0.1}", "the distribution has 30, allowed: 0 to 20"),
        ("{choice = [0, 1], zero = 0.5}", "zero does not go with it"),
    ],
)
def test_a_chance_apart_that_cannot_be_is_refused(small, words, said):
    with pytest.raises(ScenarioError, match=said):
        load_scenario(small, [f"behaviour.leaving.beta={words}"])


@pytest.mark.parametrize(
    ("words", "central"),
    [
        ("{low = 0.1, mode = 0.4, high = 0.8}", 0.4),
        ("{low = 0.1, high = 0.8}", 0.45),
        ("{mean = 0.3, sd = 0.1}", 0.3),
        ("{median = 0.2, sigma = 1}", 0.2),
        ("{choice = [0.1, 0.5], weights = [1, 3]}", 0.5),
    ],
)
def test_the_central_value_stands_in_its_place(small, words, central):
    scenario = load_scenario(small, [f"behaviour.leaving.beta={words}"])
    assert scenario.behaviour.leaving.beta == central
    assert [item.key for item in scenario.uncertain] == ["behaviour.leaving.beta"]


GIVEN = [
    "behaviour.leaving.beta={low=0.1,mode=0.4,high=0.8}",
    'policies."v1.5".payment={mean=200,sd=30}',
    "media.outlets.forum.lag={choice=[1,3]}",
    "choose.limit={low=10,high=20}",
]


def test_it_comes_back_from_its_own_text(small, write):
    scenario = load_scenario(small, GIVEN)
    copy = load_scenario(write("copy.toml", to_toml(scenario)))
    assert copy == scenario
    assert fingerprint(copy) == fingerprint(scenario) != fingerprint(load_scenario(small))
    assert tomllib.loads(to_toml(scenario))["behaviour"]["leaving"]["beta"] == {"low": 0.1, "mode": 0.4, "high": 0.8}
    assert [i.key for i in scenario.uncertain] == [
        "behaviour.leaving.beta", "choose.limit", "media.outlets.forum.lag", 'policies."v1.5".payment',
    ]  # fmt: skip
    assert scenario.choose.limit == 15


def test_the_fingerprint_of_a_scenario_of_plain_numbers_is_what_it_was():
    """A key that is added to the language changes it, a way to write numbers does not."""
    assert fingerprint(load_scenario("scenarios/first_look.toml", ["worlds.draw_from=ranges"])) == "8edd8c939c6c92fb"


def test_the_urge_to_leave_after_a_refused_offer_is_drawn_where_offers_are_made():
    """It was a constant of the policy, which nobody could see, set or doubt."""
    drawn = {doubt.key: doubt for doubt in doubts(load_scenario("scenarios/first_look.toml"))}
    assert drawn["behaviour.leaving.offered"].distribution.spread == (1.0, 2.2)
    letters = load_scenario("scenarios/first_look.toml", ["policies[2].use='bulk_letter'"])
    assert "behaviour.leaving.offered" not in {doubt.key for doubt in doubts(letters)}


def test_an_heir_replaces_a_distribution_as_a_whole(small, write):
    write("base.toml", small.read_text() + "\n[behaviour.leaving]\nbeta = {mean = 0.5, sd = 0.1}\n")
    plain = write("plain.toml", 'extends = "base.toml"\nbehaviour.leaving.beta = 0.3\n')
    other = write("other.toml", 'extends = "base.toml"\nbehaviour.leaving.beta = {low = 0.1, high = 0.2}\n')
    assert load_scenario(plain).uncertain == ()
    (item,) = load_scenario(other).uncertain
    assert item.distribution.text() == "{low=0.1, high=0.2}"
    (item,) = load_scenario(other, ["behaviour.leaving.beta.high=0.5"]).uncertain
    assert item.distribution.high == 0.5


def test_an_override_that_is_wrong_is_named(small):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(small, ["behaviour.leaving.beta={low=1,high=99}"])
    assert str(caught.value) == (
        "--set behaviour.leaving.beta={low=1,high=99}: behaviour.leaving.beta: "
        "the distribution has 99, allowed: 0 to 20"
    )


def test_a_number_may_be_a_distribution_for_an_editor_too(small):
    validator = jsonschema.Draft202012Validator(schema())
    for words in ({"low": 0.1, "high": 0.2}, {"choice": [1, 2]}, 0.3):
        assert validator.is_valid({"name": "x", "behaviour": {"leaving": {"beta": words}}})
        assert validator.is_valid({"name": "x", "policies": [{"name": "p", "use": "keep", "payment": words}]})
    assert not validator.is_valid({"name": "x", "behaviour": {"leaving": {"beta": {"least": 1}}}})
    assert not validator.is_valid({"name": "x", "run": {"days": {"low": 1, "high": 3}}})
    assert not validator.is_valid({"name": "x", "uncertain": []})


# -- what is drawn -------------------------------------------------------------------------------------------


def by_key(scenario):
    return {doubt.key: doubt for doubt in doubts(scenario)}


def test_weakly_known_numbers_are_drawn_around_the_default(small):
    found = by_key(load_scenario(small))
    chi = found["behaviour.leaving.chi"]
    assert (chi.distribution.low, chi.distribution.mode, chi.distribution.high) == (0.25, 0.4, 0.8)
    assert chi.origin == "evidence"
    assert chi.grade == "A/C"
    assert "behaviour.leaving.nudged" not in found  # grade A
    assert "behaviour.hearing.harm_per_dose" not in found  # C, but no range is known
    reach = found['media.outlets."national press".reach'].distribution
    assert (reach.low, reach.mode, reach.high) == pytest.approx((0.33 * 0.028, 0.028, 2.5 * 0.028))


def test_what_everybody_needs_and_nobody_knows_is_drawn(small):
    """The numbers that can turn a ranking: what becomes news, proof, posts, followers, and what hearing does."""
    found = by_key(load_scenario(small, ["policies[0].use=case_by_case"]))
    for key in (
        "media.outlets.television.threshold", "media.channel_news.phone", "behaviour.talking.p_post",
        "behaviour.leaving.household_follows", "behaviour.leaving.beta_join_ratio", "behaviour.hearing.harm_half_life",
    ):  # fmt: skip
        assert key in found and found[key].source, key
    beta = found["behaviour.leaving.beta"].distribution
    assert (beta.zero, beta.rare_share) == (0.25, 0.05)
    assert found["behaviour.hearing.harm_half_life"].distribution.rare == 1000.0


def test_a_scenario_gives_its_own_or_switches_off(small):
    scenario = load_scenario(
        small, ["behaviour.leaving.chi={mean=0.5,sd=0.1}", 'worlds.fixed=["behaviour.talking", "money.discount"]']
    )
    found = by_key(scenario)
    assert found["behaviour.leaving.chi"].origin == "scenario"
    assert found["behaviour.leaving.chi"].central == 0.5
    assert "money.discount" not in found
    assert not [key for key in found if key.startswith("behaviour.talking")]


def test_what_nobody_does_is_not_drawn(small):
    found = by_key(load_scenario(small))
    assert "media.p_leak" not in found
    assert "behaviour.leaving.price_sensitivity" not in found
    hidden = by_key(load_scenario(small, ["policies[0].use=nudge"]))
    assert "media.p_leak" in hidden


def test_values_are_set_by_the_keys_of_the_list(small):
    scenario = load_scenario(small, GIVEN)
    other = with_values(scenario, {doubt.key: doubt.distribution.spread[1] for doubt in doubts(scenario)})
    assert other.behaviour.leaving.beta == 0.8
    assert other.media.outlets[0].lag == 3
    assert other.choose.limit == 20
    assert other.uncertain == ()
    assert json.loads(other.model_dump_json())["policies"][1]["payment"] == pytest.approx(258.8, abs=0.1)


def test_a_policys_own_choice_begins_as_the_scenarios(small):
    scenario = load_scenario(small, ["choose.calls_at_least=3", "choose.limit=7"])
    other = with_values(scenario, {'policies."bulk letter".choose.limit': 9})
    assert (other.policies[0].choose.limit, other.policies[0].choose.calls_at_least) == (9, 3.0)
    assert other.choose.limit == 7


def test_values_that_do_not_go_together_are_refused_in_words(small):
    scenario = load_scenario(small)
    with pytest.raises(ScenarioError, match="alike_in_household and alike_in_community add up to more than 1"):
        with_values(scenario, {"population.alike_in_household": 0.9})
    with pytest.raises(ScenarioError, match="is not a number of this scenario"):
        with_values(scenario, {"name": 1.0})


# -- axes ----------------------------------------------------------------------------------------------------


def test_an_axis_takes_the_range_that_is_known(small):
    scenario = load_scenario(small, ["behaviour.leaving.chi={low=0.1,high=0.2}"])
    assert (axis_of(scenario, "behaviour.leaving.chi").low, axis_of(scenario, "behaviour.leaving.chi").high) == (
        0.1,
        0.2,
    )
    beta = axis_of(scenario, "behaviour.leaving.beta", high=1.0)
    assert (beta.low, beta.high, beta.values(3)) == (0.0, 1.0, [0.0, 0.5, 1.0])
    limit = axis_of(scenario, "choose.limit", 1, 100)
    assert limit.values(3) == [1.0, 10.0, 100.0]  # far apart: by factors
    assert limit.middle(1, 10) == 3.0


@pytest.mark.parametrize(
    ("key", "ends", "said"),
    [
        ("choose.limit", (None, None), "no plausible range is known"),
        ("behaviour.leaving.bta", (0, 1), "is not a number of this scenario; did you mean 'behaviour.leaving.beta'?"),
        ("behaviour.leaving.beta", (-1, 1), "given -1, allowed: 0 to 20"),
        ("behaviour.leaving.beta", (1, 1), "the range must rise; given 1 to 1"),
        ("run.days", (1, 9), "is not a number of this scenario"),
    ],
)
def test_an_axis_that_cannot_be_is_refused_in_words(small, key, ends, said):
    with pytest.raises(ScenarioError, match=said.replace("?", r"\?")):
        axis_of(load_scenario(small), key, *ends)
