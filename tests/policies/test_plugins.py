"""A policy of another package that does not come to an end, raises, or is none ends in a sentence that names it."""

from __future__ import annotations

import json
import re
import sys

import pytest
from small import two_policies

from wom_sim.cli import main
from wom_sim.plugins.limit import LIMIT, PluginError, called, limit

SOURCE = """
import sys, time
from dataclasses import replace
from wom_sim.policies.bulk_letter import POLICY as LETTER

def sleeps(setting):
    time.sleep(60)

def counts(setting):
    while True:
        pass

def raises(setting):
    raise ValueError("no letters today\\x1b[2J")

def leaves(setting):
    sys.exit(0)

SLEEPS, COUNTS, RAISES, LEAVES = (replace(LETTER, plan=plan) for plan in (sleeps, counts, raises, leaves))
GOOD = LETTER
TEXT = "a policy"
UNSAID = replace(LETTER, numbers=5)
ACTIONS = replace(LETTER, actions=("dismiss",))
PLANLESS = replace(LETTER, plan=None)
LEVERLESS = replace(LETTER, defaults=None)
NOTHING = replace(LETTER, plan=lambda setting: None)
"""
NAMES = (
    "sleeps",
    "counts",
    "raises",
    "leaves",
    "good",
    "text",
    "unsaid",
    "actions",
    "planless",
    "leverless",
    "nothing",
)
MODULES = {
    "hangs": "import time\ntime.sleep(60)\n",
    "breaks": "raise RuntimeError('half installed')\n",
    "exits": "import sys\nsys.exit(0)\n",
    "needs": "import a_package_that_nobody_has\n",
}


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A package with policies that misbehave; a scenario is written for each when it is asked for."""
    place = tmp_path / "site"
    info = place / "theirs-1.0.dist-info"
    info.mkdir(parents=True)
    (place / "theirs.py").write_text(SOURCE)
    for name, text in MODULES.items():
        (place / f"{name}_module.py").write_text(text)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n")
    points = [f"{name} = theirs:{name.upper()}" for name in NAMES] + [f"{name} = {name}_module" for name in MODULES]
    (info / "entry_points.txt").write_text("[wom_sim.policies]\n" + "\n".join([*points, "gone = theirs:NONE_SUCH", ""]))
    monkeypatch.syspath_prepend(str(place))
    monkeypatch.setenv(LIMIT, "2")
    yield tmp_path
    for name in ("theirs", *(f"{name}_module" for name in MODULES)):
        sys.modules.pop(name, None)


@pytest.fixture
def command(site, capsys):
    """Give a command with a scenario that uses a policy; return code and what was printed."""

    def run(name, *words):
        file = site / f"{name}.toml"
        file.write_text(two_policies(200, 30, 5) + f'[[policies]]\nname = "theirs"\nuse = "{name}"\n')
        with pytest.raises(SystemExit) as ended:
            main([str(file) if word == "FILE" else str(word) for word in words])
        printed = capsys.readouterr()
        assert "Traceback" not in printed.out + printed.err
        assert "\x1b" not in printed.out + printed.err
        return ended.value.code or 0, printed.out + printed.err

    return run


RUN = ("compare", "FILE", "--replications", "1", "--workers", "1")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("sleeps", f"was not carried out within 2 s, the limit; mend or remove that package, .*{LIMIT}=4"),
        ("counts", "within 2 s, the limit"),
        ("raises", "cannot be carried out: ValueError: no letters today"),
        ("leaves", "cannot be carried out: SystemExit: 0"),
        ("nothing", "returned NoneType, allowed: what wom_sim.world.treatments.table returns"),
    ],
)
def test_a_policy_that_cannot_be_carried_out_is_named(command, name, said, tmp_path):
    code, told = command(name, *RUN, "--out", tmp_path / "out")
    assert code == 4
    assert len([line for line in told.splitlines() if f"the policy {name!r} of another package" in line]) == 1
    assert re.search(said, told), told
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("hangs", "was not loaded within 2 s, the limit", marks=pytest.mark.science),
        ("breaks", "cannot be loaded: RuntimeError: half installed"),
        ("exits", "cannot be loaded: SystemExit: 0"),
        ("needs", "cannot be loaded: ModuleNotFoundError: No module named 'a_package_that_nobody_has'"),
        ("gone", "cannot be loaded: AttributeError: module 'theirs' has no attribute 'NONE_SUCH'"),
        ("text", "is of type str, allowed: Policy"),
        ("unsaid", "has numbers = '5', which is no tuple of texts"),
        ("actions", "has actions = \"('dismiss',)\", which is no tuple of actions"),
        ("planless", "has plan = 'None', which is no function"),
        ("leverless", "has defaults = 'None', which is no Levers"),
    ],
)
def test_one_that_cannot_be_used_is_found_by_validate_too(command, name, said):
    for words in (("validate", "FILE"), RUN):
        code, told = command(name, *words)
        assert code == 4
        assert f"the policy {name!r} of another package {said}" in told
    code, told = command(name, "validate", "FILE", "--json")
    assert code == 4
    assert f"the policy {name!r} of another package" in json.loads(told)[0]["faults"][0]["message"]


def test_one_that_is_in_order_is_run(command):
    code, told = command("good", "validate", "FILE")
    assert (code, "theirs" in told) == (0, True)
    assert command("good", *RUN)[0] == 0


def test_none_is_loaded_that_is_not_used(command, monkeypatch):
    for words in (("show", "policies"), ("validate", "FILE"), ("schema",)):
        assert command("bulk_letter", *words)[0] == 0
    assert not {"theirs", *(f"{name}_module" for name in MODULES)} & set(sys.modules)


def test_the_limit_is_a_number_of_seconds(monkeypatch):
    monkeypatch.delenv(LIMIT, raising=False)
    assert limit() == 600.0
    for given in ("0", "-1", "nan", "soon", "1e30", "inf"):
        monkeypatch.setenv(LIMIT, given)
        with pytest.raises(PluginError, match=f"{LIMIT}: given '{given}', allowed: seconds"):
            called("theirs", "loaded", lambda: None)


def test_memory_that_does_not_suffice_is_said_as_such(monkeypatch):
    def takes_all() -> None:
        raise MemoryError

    with pytest.raises(MemoryError):
        called("theirs", "loaded", takes_all)
