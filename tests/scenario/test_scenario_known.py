"""Known is known: what a scenario states is not drawn, unless it says that it doubts it."""

import pytest

from wom_sim.scenario import ScenarioError, fingerprint, load_scenario, to_toml
from wom_sim.scenario.evidence import unmeasured
from wom_sim.scenario.uncertain import doubts, known_numbers

DISCOUNT, CALL, CHI = "money.discount", "money.cost_per_call", "behaviour.leaving.chi"


def drawn(scenario):
    return {doubt.key: doubt for doubt in doubts(scenario)}


def known(scenario):
    return {each.key: each.value for each in known_numbers(scenario)}


def test_what_is_stated_is_not_drawn_whoever_states_it(small, write):
    assert {DISCOUNT, CALL, CHI} <= set(drawn(load_scenario(small)))
    write("base.toml", small.read_text() + "\n[money]\ndiscount = 0.05\n")
    heir = write("heir.toml", 'extends = "base.toml"\nmoney.cost_per_call = 3.0\n')
    scenario = load_scenario(heir, [f"{CHI}=0.3"])
    assert not {DISCOUNT, CALL, CHI} & set(drawn(scenario))
    assert {DISCOUNT: 0.05, CALL: 3.0, CHI: 0.3}.items() <= known(scenario).items()


def test_what_is_stated_at_its_default_is_stated_too(small):
    assert CHI not in drawn(load_scenario(small, [f"{CHI}=0.4"]))


def test_a_distribution_is_drawn_and_nobodys_own_number(small):
    scenario = load_scenario(small, [f"{CHI}={{low=0.1,high=0.2}}"])
    assert drawn(scenario)[CHI].origin == "scenario"
    assert CHI not in known(scenario)


def test_a_number_in_doubt_is_drawn_from_the_evidence_whatever_is_stated(small):
    scenario = load_scenario(small, [f"{CHI}=1.5", f'worlds.doubt=["{CHI}"]'])
    chi = drawn(scenario)[CHI]
    assert (chi.distribution.text(), chi.origin, chi.central) == ("{low=0.25, mode=0.4, high=0.8}", "doubt", 1.5)
    assert CHI not in known(scenario)


def test_a_table_in_doubt_and_a_range_of_factors_around_what_is_stated(small):
    reach = "media.outlets.forum.reach"
    sets = [f"{reach}=0.001"]
    assert reach not in drawn(load_scenario(small, sets))
    found = drawn(load_scenario(small, [*sets, 'worlds.doubt=["media.outlets"]']))[reach].distribution
    assert (found.low, found.mode, found.high) == pytest.approx((0.00033, 0.001, 0.0025))


def test_a_list_that_is_written_out_for_one_number_states_that_one(small):
    """``--set media.outlets.forum.reach`` writes the other outlets down as well; nobody has stated those."""
    scenario = load_scenario(small, ["media.outlets.forum.reach=0.001"])
    assert "media.outlets.forum.reach" not in drawn(scenario)
    assert "media.outlets.television.reach" in drawn(scenario)
    assert "media.outlets.forum.lag" in drawn(scenario)


def test_well_known_numbers_may_be_doubted_as_well(small):
    key, nudge = "behaviour.leaving.nudged", "policies[0].use=nudge"
    assert key not in drawn(load_scenario(small, [nudge]))
    assert drawn(load_scenario(small, [nudge, f'worlds.doubt=["{key}"]']))[key].distribution.spread == (1.2, 2.2)


def test_it_comes_back_from_its_own_text(small, write):
    """The text has every number; who stated which must not be lost, nor what is stated on top of it."""
    scenario = load_scenario(small, [f"{CHI}=0.3"])
    again = write("again.toml", to_toml(scenario))
    copy = load_scenario(again)
    assert copy == scenario and set(drawn(copy)) == set(drawn(scenario))
    more = load_scenario(again, [f"{DISCOUNT}=0.05"])
    assert set(drawn(scenario)) - set(drawn(more)) == {DISCOUNT}
    heir = load_scenario(write("heir.toml", 'extends = "again.toml"\nmoney.cost_per_call = 3.0\n'))
    assert set(drawn(scenario)) - set(drawn(heir)) == {CALL}
    nothing = load_scenario(again, ["worlds.known=[]"])
    assert CHI in drawn(nothing) and not known(nothing)


def test_who_says_a_number_does_not_change_the_fingerprint_what_is_in_doubt_does(small):
    plain = fingerprint(load_scenario(small))
    assert fingerprint(load_scenario(small, [f"{CHI}=0.4"])) == plain
    assert fingerprint(load_scenario(small, [f'worlds.doubt=["{CHI}"]'])) != plain
    assert fingerprint(load_scenario(small, ["verdict.material=0.1"])) != plain


def test_what_the_firm_sets_is_no_number_of_its_own_to_know(small):
    assert not [
        key for key in known(load_scenario(small, ["choose.limit=9"])) if key.startswith(("choose", "policies"))
    ]


def test_what_is_stated_is_no_estimate_that_the_verdict_rests_on(small):
    every = {number.key for number in unmeasured(load_scenario(small))}
    assert CHI in every and "media.outlets[].threshold" in every
    sets = [f"{CHI}=0.4", "media.outlets.forum.threshold=6"]
    assert every - {number.key for number in unmeasured(load_scenario(small, sets))} == {CHI}  # four are not stated
    assert CHI in {number.key for number in unmeasured(load_scenario(small, [*sets, f'worlds.doubt=["{CHI}"]']))}


@pytest.mark.parametrize(
    ("lists", "said"),
    [
        ('doubt = ["money.discont"]', "names 'money.discont', which is no key of this scenario; did you mean"),
        ('doubt = ["choose.limit"]', "names 'choose.limit', which the firm sets"),
        (
            'doubt = [\n"money.discount",\n"population.join"]',
            "names 'population.join', of which the evidence has no range; write a distribution in its place, as in "
            "{low = ..., mode = ..., high = ...}. May be named: money.discount",
        ),
        ('fixed = ["money"]\ndoubt = ["money.discount"]', "worlds.fixed names 'money'; a number cannot be both"),
        ('fixed = ["money.discount"]\ndoubt = ["money"]', "worlds.fixed names 'money.discount'"),
    ],
)
def test_a_name_that_cannot_be_in_doubt_is_refused_with_its_line(small, write, lists, said):
    text = small.read_text() + f"\n[money]\ndiscount = 0.05\n\n[worlds]\n{lists}\n"
    file = write("bad.toml", text)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    (fault,) = caught.value.faults
    name = said.split("'")[1] if said.startswith("names") else lists.rpartition('["')[2].rstrip('"]')
    assert said in str(fault)
    assert (fault.key, fault.file) == ("worlds.doubt", str(file))
    assert name in text.splitlines()[fault.line - 1]
