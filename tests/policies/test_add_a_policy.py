"""The policy of docs/ADD_A_POLICY.md, taken from the page, runs in both engines and keeps the contract."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from wom_sim import load_scenario, policies
from wom_sim.simulation import build_world, run_policy

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"```(python|toml|text|sh)\n(?:# (\S+\.\w+)\n)?(.*?)```", re.DOTALL)
BLOCKS = BLOCK.findall((ROOT / "docs" / "ADD_A_POLICY.md").read_text(encoding="utf-8"))
FILES = {name: text for _, name, text in BLOCKS if name}


def install(folder: Path) -> None:
    """Put the page's files in a folder, with what an installer would write beside them."""
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    project = tomllib.loads(FILES["pyproject.toml"])["project"]
    info = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    groups = [
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in points.items())
        for group, points in project["entry-points"].items()
    ]
    (info / "entry_points.txt").write_text("".join(groups))


@pytest.fixture
def site(tmp_path, monkeypatch):
    """The page's policy, installed; the working folder is where its scenario is."""
    install(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    sys.modules.pop("with_the_bill", None)


def test_the_page_has_the_files_that_it_speaks_of():
    assert set(FILES) == {"with_the_bill.py", "pyproject.toml", "bills.toml"}
    assert "with_the_bill" not in policies.names(), "it is not installed here: the test puts it there"


@pytest.mark.science
def test_the_page_prints_what_it_says(site):
    names: dict[str, object] = {}
    printed, compared = "", 0
    for kind, name, text in BLOCKS:
        if kind == "python" and not name:
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile(text, "docs/ADD_A_POLICY.md", "exec"), names)
            printed = out.getvalue()
        elif kind == "text":
            assert printed.strip() == text.strip()
            compared += 1
    assert compared == 1
    assert printed.count("same events: True") == 2


def test_it_is_a_policy_with_levers_like_ours(site):
    """A mistake, a review and a choice by value are the chooser's business: the new policy has them, too."""
    scenario = load_scenario("bills.toml", ["choose.error_rate=0.2", "policies[1].individual_review=true"])
    world = build_world(scenario, workers=1)
    bill = scenario.policies[1]
    table = run_policy(scenario, bill, world, "reference", 0).treatments
    wronged = table["story"] > table["story"].min()
    assert 0 < wronged.sum() < len(table) < 300, "the review spares some, and not all whom it should"
    days = table["day_told"] - world.people["bill_day"][table["person"]]
    assert set(days.tolist()) == {2, 3, 4}, "the bill's day and the days of the post"


@pytest.mark.science
def test_the_contract_of_all_policies_holds(site):
    """As the page says: a process in which the package is installed finds it, and every contract test is run on it."""
    command = next(text for kind, _, text in BLOCKS if kind == "sh").split()
    paths = [str(site), str(ROOT), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(
        [sys.executable, *command[1:], "-p", "no:cacheprovider"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in paths if path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
