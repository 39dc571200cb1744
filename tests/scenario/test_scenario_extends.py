"""One file builds on another: what is merged, what is replaced, whose line a fault has."""

import pytest

from wom_sim.scenario import ScenarioError, load_scenario

BASE = """\
name = "Base"
sources = ["a", "b"]
[population]
customers = 100
[[population.segments]]
name = "young"
share = 0.5
churn = 0.03
[[population.segments]]
name = "old"
share = 0.5
[run]
days = 30
seed = 1
[network]
close = 6
far = 0.5
[[policies]]
name = "bulk"
use = "bulk_letter"
notice_days = 30
[[policies]]
name = "exit"
use = "paid_exit"
"""


def faults_of(file, *overrides):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file, overrides)
    return [str(fault) for fault in caught.value.faults]


@pytest.fixture
def base(write):
    return write("base.toml", BASE)


def test_tables_are_merged_key_by_key(base, write):
    child = load_scenario(write("child.toml", 'extends = "base.toml"\nname = "Child"\n[run]\ndays = 60\n'))
    assert (child.name, child.run.days, child.run.seed) == ("Child", 60, 1)
    assert child.population.customers == 100


def test_plain_lists_are_replaced(base, write):
    child = load_scenario(write("child.toml", 'extends = "base.toml"\nsources = ["c"]\n'))
    assert child.sources == ("c",)


def test_named_items_are_merged_by_name_and_new_ones_appended(base, write):
    new = '[[policies]]\nname = "new"\nuse = "keep"\n'
    old = '[[policies]]\nname = "bulk"\npayment = 5\n'
    policies = load_scenario(write("child.toml", 'extends = "base.toml"\n' + new + old)).policies
    assert [p.name for p in policies] == ["bulk", "exit", "new"]
    assert (policies[0].use, policies[0].notice_days, policies[0].payment) == ("bulk_letter", 30, 5.0)


def test_segments_and_outlets_are_merged_by_name_too(write):
    write("base.toml", BASE + '[[media.outlets]]\nname = "tv"\nthreshold = 9\nreach = 0.1\n')
    segment = '[[population.segments]]\nname = "old"\nchurn = 0.5\n'
    outlet = '[[media.outlets]]\nname = "tv"\nlag = 2\n'
    child = load_scenario(write("child.toml", 'extends = "base.toml"\n' + segment + outlet))
    assert [(s.name, s.churn) for s in child.population.segments] == [("young", 0.03), ("old", 0.5)]
    assert (child.media.outlets[0].lag, child.media.outlets[0].threshold) == (2, 9.0)


def test_a_name_given_twice_in_the_child_is_not_swallowed(base, write):
    twice = '[[policies]]\nname = "bulk"\npayment = 1\n[[policies]]\nname = "bulk"\nuse = "keep"\n'
    said = faults_of(write("child.toml", 'extends = "base.toml"\n' + twice))
    assert len(said) == 1
    assert said[0].endswith("policies: each needs a name of its own")


def test_an_item_without_a_name_is_the_only_one_reported(base, write):
    child = write(
        "child.toml",
        'extends = "base.toml"\n[[policies]]\nuse = "keep"\n[[policies]]\nname = "bulk"\npayment = 1\n',
    )
    assert faults_of(child) == [f"{child}:2: policies[2].name: missing: Name in tables and charts"]


def test_a_chain_through_folders_is_relative_to_each_file(base, write):
    write("deep/middle.toml", 'extends = "../base.toml"\n[run]\nseed = 2\n')
    top = load_scenario(write("top.toml", 'extends = "deep/middle.toml"\n[run]\ndays = 90\n'))
    assert (top.run.days, top.run.seed, top.name) == (90, 2, "Base")


def test_a_fault_is_reported_in_the_file_that_set_the_key(write):
    base = write("base.toml", BASE.replace("days = 30", "days = 0", 1).replace("churn = 0.03", "chrun = 0.03"))
    child = write("child.toml", 'extends = "base.toml"\n[run]\nseed = -1\n')
    assert faults_of(child) == [
        f"{child}:3: run.seed: given -1, allowed: at least 0 and less than 9_223_372_036_854_775_808",
        f"{base}:8: population.segments.young.chrun: unknown key; did you mean 'churn'?",
        f"{base}:13: run.days: given 0, allowed: at least 1 and at most 3650 (days)",
    ]


def test_broken_toml_in_the_base_names_the_base(write):
    base = write("base.toml", "name = \n")
    assert faults_of(write("child.toml", 'extends = "base.toml"\n'))[0].startswith(f"{base}:1: not valid TOML")


def test_a_missing_base_offers_the_closest_file(base, write):
    child = write("child.toml", '\nextends = "bsae.toml"\n')
    assert faults_of(child) == [
        f"{child}:2: extends: no such file: '{base.parent / 'bsae.toml'}'; did you mean 'base.toml'?"
    ]


def test_a_circle_of_three(write):
    write("a.toml", 'extends = "b.toml"\n')
    write("b.toml", 'extends = "c.toml"\n')
    c = write("c.toml", '# c\nextends = "a.toml"\n')
    with pytest.raises(ScenarioError) as caught:
        load_scenario(c.parent / "a.toml")
    said = "extends: files extend each other in a circle: a.toml -> b.toml -> c.toml -> a.toml"
    assert str(caught.value) == f"{c}:2: {said}"


def test_another_kind_of_network_drops_the_keys_that_it_does_not_know(base, write):
    child = load_scenario(write("child.toml", 'extends = "base.toml"\n[network]\nkind = "karate"\n'))
    assert child.network.kind == "karate"


def test_the_same_kind_of_network_keeps_its_keys(base, write):
    child = load_scenario(write("child.toml", 'extends = "base.toml"\n[network]\nkind = "market"\nfar = 0.1\n'))
    assert (child.network.close, child.network.far) == (6, 0.1)


def test_a_graph_file_is_relative_to_the_file_that_names_it(write):
    graph = write("data/ties.csv", "a,b\n0,1\n")
    write("data/base.toml", BASE.replace("close = 6\nfar = 0.5", 'kind = "file"\npath = "ties.csv"'))
    child = load_scenario(write("child.toml", 'extends = "data/base.toml"\n'))
    assert child.network.path == str(graph.resolve())


def test_a_missing_graph_file_is_a_fault(write):
    file = write("x.toml", BASE.replace("close = 6\nfar = 0.5", 'kind = "file"\npath = "ties.csv"'))
    assert faults_of(file) == [f"{file}:17: network.path: no such file: '{file.parent / 'ties.csv'}'"]
