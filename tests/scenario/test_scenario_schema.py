"""docs/scenario.schema.json is up to date, is a schema, and accepts what validate accepts."""

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from wom_sim.scenario import schema

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docs" / "scenario.schema.json"
VALIDATOR = jsonschema.Draft202012Validator(schema())


def plainly(part):
    """Return a schema as the newest pydantic has it: no ``allOf`` of one, no ``enum`` beside a constant."""
    if isinstance(part, list):
        return [plainly(each) for each in part]
    if not isinstance(part, dict):
        return part
    if "const" in part:
        part = {name: value for name, value in part.items() if name != "enum"}
    whole = part.get("allOf", [])
    if len(whole) == 1:
        part = {name: value for name, value in part.items() if name != "allOf"} | whole[0]
    return {name: plainly(value) for name, value in part.items()}


def test_the_file_is_up_to_date():
    assert json.loads(FILE.read_text(encoding="utf-8")) == plainly(json.loads(json.dumps(schema()))), (
        "regenerate it: wom-sim schema --out docs/scenario.schema.json"
    )


def test_it_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(schema())
    assert schema()["$schema"].endswith("2020-12/schema")
    assert schema()["title"]
    assert schema()["description"]
    assert "required" not in schema()


@pytest.mark.parametrize("file", sorted((ROOT / "scenarios").glob("*.toml")), ids=lambda f: f.stem)
def test_it_accepts_the_shipped_scenarios(file):
    VALIDATOR.validate(tomllib.loads(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "text",
    [
        'extends = "first_look.toml"\n[run]\ndays = 3',
        'extends = "first_look.toml"\n[[policies]]\nname = "bulk letter"\nnotice_days = 60',
        'extends = "first_look.toml"\npopulation.prospects = 5',
        "[network]\nclose = 6",
        "[money]\nhorizon_months = inf",
        "[money]\nhorizon_months = 'inf'",
        '[network]\nkind = "karate"',
        "policies = [{name = 'a', use = 'keep', notice_days = 3, channel = 'phone'}]",
    ],
)
def test_it_accepts_what_editors_should_not_complain_about(text):
    VALIDATOR.validate(tomllib.loads(text))


@pytest.mark.parametrize(
    "text",
    [
        "[run]\ndayz = 3",
        "[run]\ndays = -3",
        "[network]\nkind = 'markt'",
        "[network]\nkind = 'karate'\ntown = 4",
        "extends = 3",
        "policies = [{use = 'keep'}]",
        "policies = [{name = 'a', channel = 'fax'}]",
        "custmers = 4",
    ],
)
def test_it_refuses_what_is_wrong(text):
    assert not VALIDATOR.is_valid(tomllib.loads(text))


def test_every_parameter_keeps_its_unit_and_source():
    run = schema()["$defs"]["Run"]["properties"]
    assert run["days"]["unit"] == "days"
    assert "Days simulated" in run["days"]["description"]


@pytest.mark.parametrize("months", [0, 1201, 1e300, "ever", -float("inf")])
def test_only_no_horizon_at_all_is_longer_than_the_longest(months):
    assert not VALIDATOR.is_valid({"money": {"horizon_months": months}})
