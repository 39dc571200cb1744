"""``--set key=value``: every way to address a key, and what is said of those that make no sense."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from wom_sim.scenario import ScenarioError, load_scenario
from wom_sim.scenario.overrides import parse_key, parse_value


def faults_of(file, *overrides):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file, overrides)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    "key",
    [
        'policies."bulk letter".notice_days',
        "policies.'bulk letter'.notice_days",
        "policies.bulk letter.notice_days",
        "policies[0].notice_days",
        "policies.0.notice_days",
        ' policies . "bulk letter" . notice_days ',
    ],
)
def test_an_item_is_addressed_by_name_or_number(small, key):
    policies = load_scenario(small, [f"{key}=60"]).policies
    assert [p.notice_days for p in policies] == [60, None]


@pytest.mark.parametrize("key", ['policies."v1.5".per_day', "policies[1].per_day", "policies.1.per_day"])
def test_a_name_with_a_dot_is_quoted(small, key):
    assert load_scenario(small, [f"{key}=2"]).policies[1].per_day == 2.0


def test_a_table_that_the_file_does_not_have(small):
    assert load_scenario(small, ["behaviour.talking.p_retell=0.2"]).behaviour.talking.p_retell == 0.2


@pytest.mark.parametrize(
    ("override", "read", "value"),
    [
        ("run.days=30", lambda s: s.run.days, 30),
        ("run.same_world=false", lambda s: s.run.same_world, False),
        ("population.customers=3_000", lambda s: s.population.customers, 3000),
        ("money.discount=0", lambda s: s.money.discount, 0.0),
        ("name=Second look", lambda s: s.name, "Second look"),
        ('name="Second look"', lambda s: s.name, "Second look"),
        ("name=2007", lambda s: s.name, "2007"),
        ("name=a=b", lambda s: s.name, "a=b"),
        ("question=", lambda s: s.question, ""),
        ("question=2007-07-09", lambda s: s.question, "2007-07-09"),
        ("policies[0].channel=phone", lambda s: s.policies[0].channel, "phone"),
        ('choose.segments=["customers"]', lambda s: s.choose.segments, ("customers",)),
        ("policies.v1\\.5.per_day=1", None, None),
        ("media.outlets.national press.reach=0.5", lambda s: s.media.outlets[2].reach, 0.5),
        ("population.segments.customers.churn=0.5", lambda s: s.population.segments[0].churn, 0.5),
        ("run={days=5}", lambda s: s.run.days, 5),
        ("network.kind=karate", lambda s: s.network.kind, "karate"),
    ],
)
def test_values(small, override, read, value):
    if read is None:
        assert "no item is named" in faults_of(small, override)[0]
    else:
        assert read(load_scenario(small, [override])) == value


def test_the_last_of_two_wins(small):
    assert load_scenario(small, ["run.days=5", "run.days=6"]).run.days == 6


def test_other_default_outlets_stay(small):
    outlets = load_scenario(small, ["media.outlets.forum.lag=3"]).media.outlets
    assert [o.name for o in outlets] == [
        "forum",
        "trade blog",
        "national press",
        "television",
        "consumer authority",
    ]
    assert [o.lag for o in outlets][:2] == [3, 1]


def test_another_kind_of_network_drops_strange_keys_in_either_order(small):
    assert load_scenario(small, ["network.close=6", "network.kind=star"]).network.kind == "star"
    assert "where kind = 'star'" in faults_of(small, "network.kind=star", "network.close=6")[0]


def test_a_graph_file_is_relative_to_the_working_folder(small, write, monkeypatch):
    write("here/ties.csv", "a,b\n0,1\n")
    monkeypatch.chdir(small.parent / "here")
    network = load_scenario(small, ["network.kind=file", "network.path=ties.csv"]).network
    assert network.path == str((small.parent / "here" / "ties.csv").resolve())


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("run.days=-3", "run.days: given -3, allowed: at least 1 and at most 3650 (days)"),
        ("run.dayz=3", "run.dayz: unknown key; did you mean 'days'?"),
        ("runn.days=3", "runn: unknown key; did you mean 'run'?"),
        ("days=3", "days: unknown key; belongs in run.days"),
        (
            "policies.bulk leter.notice_days=3",
            "policies: no item is named 'bulk leter'; did you mean 'bulk letter'?",
        ),
        ("policies.zzz.use=keep", 'policies: no item is named \'zzz\'; there are "bulk letter", "v1.5"'),
        ("policies.v1.5.use=keep", "policies: no item is named 'v1'; did you mean 'v1.5'?"),
        ("policies[2].use=keep", "policies: there is no item 2; they are numbered 0 to 1"),
        (
            "policies[0].use=paid_exits",
            "policies.\"bulk letter\".use: given 'paid_exits', allowed: one of "
            "'keep', 'bulk_letter', 'case_by_case', 'paid_exit', 'reprice', 'nudge', "
            "'downgrade', 'transfer', 'cap_credits', 'fix_root_cause', 'guarantee', 'warn_then_end', 'suspend', "
            "'at_renewal', 'enforce'; did you mean 'paid_exit'?",
        ),
        ("name.x=3", "name: is not a table"),
        ("run[0]=3", "run: is not a list"),
        ("population[0].customers=3", "population: is not a list"),
        ("extends=other.toml", "extends: can only be given in a file"),
        ("run.days=nan", "run.days: given nan, allowed: a whole number, at least 1 and at most 3650 (days)"),
        (
            "run.days=2007-07-09",
            "run.days: given the date 2007-07-09, allowed: a whole number, at least 1 and at most 3650 (days)",
        ),
        (
            "choose.segments=[postpaid]",
            'choose.segments: given \'[postpaid]\', allowed: a list of texts such as ["a", "b"]',
        ),
        (
            "money.discount=.1",
            "money.discount: given '.1', allowed: a number, at least 0 and at most 10 (a year); "
            "write 0.1, without quotes",
        ),
        (
            "name=\udcff",
            "name: given '\\udcff', allowed: text in quotes, at least 1 character and at most 80 characters",
        ),
        ("network.kind=karat", None),
    ],
)
def test_faults_are_reported_as_the_option(small, override, said):
    shown = override.replace("\udcff", "\\udcff")
    messages = faults_of(small, override)
    assert len(messages) == 1
    assert messages[0].startswith(f"--set {shown}: ")
    if said is not None:
        assert messages[0] == f"--set {shown}: {said}"


@pytest.mark.parametrize(
    "text",
    ["", "=", "run.days", "=3", ".=3", "run..days=3", "run.=3", '"run.days=3', "run.days]=3", "a[x]=1"],
)
def test_what_is_not_key_and_value(small, text):
    assert faults_of(small, text)[0].startswith(f"--set {text}: not of the form key=value")


def test_all_faults_of_options_and_file_come_at_once(small):
    small.write_text(small.read_text() + "notice_dayz = 1\n")
    said = faults_of(small, "nonsense", "run.days=0", "policies.x.y=1", "run.seed=-1")
    assert len(said) == 5
    assert said[0].startswith(f"{small}:11: ")


def test_parse_key_keeps_the_value_as_it_is():
    assert parse_key("a.b= x = y ") == (["a", "b"], " x = y ")
    assert parse_key('"a=b".c=1') == (["a=b", "c"], "1")
    assert parse_key("a[0][12].b=1") == (["a", 0, 12, "b"], "1")
    assert parse_key("a.Bob's plan.b=1") == (["a", "Bob's plan", "b"], "1")


def test_a_value_cannot_smuggle_in_another_key():
    assert parse_value("1\nother = 2") == "1\nother = 2"
    assert parse_value("1\n[other]") == "1\n[other]"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.builds(
            "{}={}".format,
            st.sampled_from(
                [
                    "run",
                    "run.days",
                    "policies",
                    "policies[0]",
                    "policies.v1.5",
                    "network.kind",
                    "population.segments[0].share",
                    "media.outlets",
                    "choose.ids",
                    "name",
                    "behaviour.talking.victim_tells",
                    "sources[0]",
                ]
            )
            | st.text(max_size=12),
            st.sampled_from(
                [
                    "1",
                    "-1",
                    "[]",
                    "{}",
                    "[{}]",
                    "nan",
                    "2020-01-01",
                    "'x'",
                    "{a=1}",
                    '["a"]',
                    "[[1]]",
                    "karate",
                    "0x" + "f" * 40,
                ]
            )
            | st.text(max_size=12),
        ),
        max_size=4,
    )
)
@example(["policies=3", "policies[0].use=4"])
@example(["policies=[]", "policies[0].use=4"])
@example(["network=3", "network.kind=karate", "network.path=x"])
@example(["population=1", "population.segments.a.b=1"])
@example(["name=" + "[" * 5000])
@example(["a." * 3000 + "b=1"])
def test_nonsense_raises_nothing_but_scenario_errors(small, overrides):
    try:
        load_scenario(small, overrides)
    except ScenarioError as error:
        assert error.faults
        assert all(str(fault).isprintable() for fault in error.faults)
