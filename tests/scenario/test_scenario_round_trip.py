"""A scenario written out loads to an equal scenario, and has a fingerprint of what it says."""

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wom_sim.scenario import Scenario, ScenarioError, fingerprint, load_scenario, parameters, to_toml

ROOT = Path(__file__).parents[2]
SCENARIOS = sorted((ROOT / "scenarios").glob("*.toml"))


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda f: f.stem)
def test_shipped_scenarios_load_and_come_back(file, write):
    scenario = load_scenario(file)
    copy = load_scenario(write("copy.toml", to_toml(scenario)))
    assert copy == scenario
    assert fingerprint(copy) == fingerprint(scenario)
    assert to_toml(copy) == to_toml(scenario)


def test_there_are_shipped_scenarios():
    assert len(SCENARIOS) >= 2


def test_everything_is_written_out(small):
    data = tomllib.loads(to_toml(load_scenario(small)))
    assert data["run"]["days"] == 365
    assert data["behaviour"]["talking"]["victim_tells"]["household"] == 0.95
    assert data["network"]["kind"] == "market"
    assert "world_seed" not in data["run"]


def test_ids_come_back_alone(small, write):
    scenario = load_scenario(small, ["choose.ids=[1, 2]", "policies[0].choose.ids=[3]"])
    assert load_scenario(write("copy.toml", to_toml(scenario))) == scenario


def test_values_have_the_types_of_the_model(small):
    scenario = load_scenario(small, ["policies[0].fee_waived=200"])
    assert isinstance(scenario.policies, tuple)
    assert isinstance(scenario.policies[0].fee_waived, float)


def seen_whole(name: str) -> bool:
    """Whether a name neither begins nor ends with a blank, which a scenario refuses."""
    return name == name.strip()


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
SHOWN = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=40).filter(seen_whole)
"""A name may not steer the screen."""


@pytest.mark.science
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=SHOWN,
    story=TEXT | st.sampled_from(["a\r\nb", '"""', "'''\n", "\\", "a\n  b\n"]),
    price=st.floats(0, 1e11),
    seed=st.integers(0, 2**63 - 1),
)
def test_any_text_and_number_comes_back(small, name, story, price, seed):
    data = load_scenario(small).model_dump(mode="json", exclude_none=True)
    data |= {"name": name, "story": story}
    data["money"]["cost_per_call"], data["run"]["seed"] = price, seed
    data["policies"][0]["name"] = name[:40]
    scenario = Scenario.model_validate_json(json.dumps(data))
    copy = small.with_name("copy.toml")
    copy.write_text(to_toml(scenario), encoding="utf-8", newline="")
    assert load_scenario(copy) == scenario


def test_fingerprint_is_16_hex_digits_and_ignores_order_defaults_and_notation(write):
    one = write(
        "one.toml",
        'name = "x"\n[population]\ncustomers = 1000\nprospects = 0\n[run]\ndays = 365\n'
        '[[policies]]\nname = "p"\nuse = "keep"\npayment = 5\n',
    )
    two = write(
        "two.toml",
        'policies = [{use = "keep", payment = 5.0, name = "p"}]\npopulation = {customers = 1_000}\nname = "x"\n',
    )
    assert fingerprint(load_scenario(one)) == fingerprint(load_scenario(two))
    assert len(fingerprint(load_scenario(one))) == 16
    assert int(fingerprint(load_scenario(one)), 16) >= 0


@pytest.mark.parametrize(
    "override", ["run.seed=3", "policies[0].notice_days=31", "name=Other", "behaviour.leaving.beta=0.41"]
)
def test_fingerprint_changes_with_what_is_said(small, override):
    assert fingerprint(load_scenario(small)) != fingerprint(load_scenario(small, [override]))


def test_fingerprint_of_a_graph_file_is_of_its_content(small, write):
    def of(name):
        return fingerprint(load_scenario(small, ["network.kind=file", f"network.path={small.parent / name}"]))

    write("a.csv", "a,b\n0,1\n")
    write("b.csv", "a,b\n0,1\n")
    write("c.csv", "a,b\n0,2\n")
    assert of("a.csv") == of("b.csv") != of("c.csv")


def test_every_parameter_is_explained_and_its_default_is_allowed(small):
    listed = parameters()
    assert len({p.key for p in listed}) == len(listed) > 150
    for p in listed:
        assert p.meaning, p.key
        assert p.allowed, p.key
        if p.plausible is not None and p.default is not None:
            low, high = p.plausible
            assert low <= p.default <= high, p.key


@pytest.mark.science
def test_every_single_number_and_choice_can_be_set(small):
    """The key that the list shows is the key that --set takes."""
    for p in parameters():
        if (
            p.required
            or p.default is None
            or isinstance(p.default, list | dict)
            or p.key.startswith(("policies[].then.", "policies[].when[].", "policies[].waves."))
            or p.key.startswith(("people_of_note[].", "seen[].", "plugins.numbers[]."))
            or p.key in ("network.kind", "network.ties", "network.tie", "network.p")
        ):
            continue
        key = p.key.replace("policies[]", "policies[0]").replace("[]", "[0]")
        value = str(p.default).lower() if isinstance(p.default, bool) else p.default
        try:
            load_scenario(small, [f"{key}={value}"])
        except ScenarioError as error:
            pytest.fail(f"{key}={value}: {error}")


MUTATED = (ROOT / "scenarios" / "sprint_2007.toml").read_text(encoding="utf-8")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    at=st.integers(0, len(MUTATED)),
    cut=st.integers(0, 12),
    put=st.text(max_size=4)
    | st.sampled_from(["[", "]]", '"', "'''", "=", "\n", "nan", "{}", "[[policies]]\n", "-", ".a", "\x00"]),
)
def test_a_damaged_file_raises_nothing_but_scenario_errors(tmp_path, at, cut, put):
    file = tmp_path / "damaged.toml"
    file.write_bytes((MUTATED[:at] + put + MUTATED[at + cut :]).encode("utf-8", "surrogatepass"))
    try:
        load_scenario(file)
    except ScenarioError as error:
        assert error.faults
        assert all(f.line is not None and f.line <= file.read_bytes().count(b"\n") + 1 for f in error.faults)
