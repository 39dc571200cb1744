"""What is too large, too long, or no file at all is refused in words, and soon."""

from __future__ import annotations

import os
import socket
import time

import pytest

from wom_sim.scenario import ScenarioError, load_scenario
from wom_sim.scenario.errors import closest
from wom_sim.scenario.reading import LONGEST_CHAIN, MOST_BYTES

TOWN = """
name = "town"
[population]
customers = 1000
[choose]
limit = 5
[[policies]]
name = "exit"
use = "paid_exit"
"""


def refused(path: object, *sets: str) -> str:
    with pytest.raises(ScenarioError) as found:
        load_scenario(path, sets)  # type: ignore[arg-type]
    return str(found.value)


@pytest.fixture
def town(tmp_path):
    (tmp_path / "town.toml").write_text(TOWN)
    return tmp_path / "town.toml"


def test_what_is_no_file_is_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.toml")
    assert "is a pipe; allowed: a file" in refused(tmp_path / "pipe.toml")
    assert "is a device" in refused("/dev/zero")
    (tmp_path / "a.toml").symlink_to(tmp_path / "b.toml")
    (tmp_path / "b.toml").symlink_to(tmp_path / "a.toml")
    assert "cannot be read: Too many levels" in refused(tmp_path / "a.toml")
    assert "is a folder" in refused(tmp_path)
    with socket.socket(socket.AF_UNIX) as plug:
        place = tmp_path / "s.toml"
        if len(str(place)) < 100:
            plug.bind(str(place))
            assert "is a socket" in refused(place)


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    with (tmp_path / "large.toml").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    assert "allowed: at most 32 MiB" in refused(tmp_path / "large.toml")


@pytest.mark.parametrize("name", ["a\0b.toml", "x" * 5000 + ".toml", "x/" * 3000])
def test_names_that_no_file_can_have(tmp_path, town, name):
    assert "cannot be read" in refused(f"{tmp_path}/{name}") or "no such file" in refused(f"{tmp_path}/{name}")
    written = name.replace("\0", "\\u0000")
    town.write_text(f'extends = "{written}"\n' + TOWN)
    assert "no such file" in refused(town)


def test_a_long_chain_of_files_is_refused_and_a_short_one_is_not(tmp_path):
    (tmp_path / "0.toml").write_text(TOWN)
    for n in range(1, 2000):
        (tmp_path / f"{n}.toml").write_text(f'extends = "{n - 1}.toml"\n')
    assert load_scenario(tmp_path / f"{LONGEST_CHAIN}.toml").name == "town"
    assert f"more than {LONGEST_CHAIN} files extend each other, from 1999.toml on" in refused(tmp_path / "1999.toml")


@pytest.mark.parametrize(
    "key",
    [
        "policies.exit.payment", "money.acquisition_cost", "population.segments.customers.revenue",
        "population.segments.customers.account_cost", "money.cost_per_call", "money.handling.letter",
        "policies.exit.programme_cost",
    ],
)  # fmt: skip
def test_amounts_that_cannot_be_counted_are_refused(town, key):
    said = refused(town, f"{key}=1e38")
    assert f"--set {key}=1e38" in said and "money could not be counted" in said
    assert load_scenario(town, [f"{key}=5000"])


def test_the_limit_follows_people_and_months(town):
    load_scenario(town, ["policies.exit.payment=1e12"])
    refused(town, "policies.exit.payment=1e12", "population.customers=50000000")
    monthly = "population.segments.customers.revenue=1e11"
    load_scenario(town, [monthly])
    refused(town, monthly, "money.horizon_months=600")
    load_scenario(town, ["choose.profit_below=1e30"])  # a threshold that nobody pays


@pytest.mark.science
def test_three_hundred_thousand_chosen_are_read_in_seconds(tmp_path):
    listed = ",".join(map(str, range(300_000)))
    (tmp_path / "many.toml").write_text(TOWN.replace("1000", "400_000").replace("limit = 5", f"ids = [{listed}]"))
    began = time.process_time()
    found = load_scenario(tmp_path / "many.toml")
    assert len(found.choose.ids or ()) == 300_000
    assert not [key for key in found.worlds.known or () if "ids" in key], "people are no numbers that could be drawn"
    assert time.process_time() - began < 30.0


def test_a_key_of_a_million_characters_is_refused_soon(town):
    key = "k" * 1_000_000
    town.write_text(TOWN + f"{key} = 1\n")
    began = time.process_time()
    assert "unknown key" in refused(town)
    assert closest(key, ["customers"]) is None
    assert time.process_time() - began < 10.0


@pytest.mark.parametrize("mark", ["\\u001b[2J", "\\u0007", "a\\nb", "\\u2028"])
def test_a_name_that_steers_the_screen_is_refused(town, mark):
    for found, other in (('name = "town"', "name"), ('name = "exit"', "policies")):
        town.write_text(TOWN.replace(found, f'name = "{mark}"'))
        said = refused(town)
        assert "steers the screen" in said and other in said and "\x1b" not in said


@pytest.mark.parametrize("name", ["NA", "None", "nan", "=1+1", "[/bold]", "<b>x</b>", "客户 😀", "عميل", "a:smile:b"])
def test_other_names_are_names(town, name):
    town.write_text(TOWN.replace('name = "exit"', f'name = "{name}"'))
    assert load_scenario(town).policies[0].name == name
