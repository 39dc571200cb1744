"""What is built: an sdist from which everything can be made again, and a wheel that works in an empty folder.

Nothing is fetched: the build takes the setuptools that is installed, and the wheel goes into a folder of its own.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import pytest

from wom_sim import __version__, _builtin

pytestmark = pytest.mark.science

ROOT = Path(__file__).parents[1]
ABOUT = tomllib.loads((ROOT / "pyproject.toml").read_text())
_LEFT_BY_WORK = {"build", "dist", "__pycache__"}
_BUILD = "import sys; from setuptools import build_meta; print(getattr(build_meta, sys.argv[1])(sys.argv[2]))"


def _cannot_build() -> str:
    """Return why nothing can be built here, "" if it can."""
    least = int(re.search(r"setuptools>=(\d+)", ABOUT["build-system"]["requires"][0])[1])
    try:
        there = int(version("setuptools").partition(".")[0])
    except PackageNotFoundError:
        return f"building needs setuptools {least}, and there is none (make installs it)"
    if there < least:
        return f"building needs setuptools {least}, here is {there} (make installs it)"
    return "" if find_spec("pip") else "installing the wheel needs pip"


can_build = pytest.mark.skipif(bool(_cannot_build()), reason=_cannot_build())


def _ignored(folder: str, names: list[str]) -> set[str]:
    """Return what a clean checkout does not have."""
    at_work = Path(folder) == ROOT or "experiments" in Path(folder).relative_to(ROOT).parts
    left = {name for name in names if name.startswith(".") or name in _LEFT_BY_WORK or name.endswith(".egg-info")}
    return left | ({"results"} & set(names) if at_work else set())


def _files(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def _built(what: str, source: Path, out: Path) -> Path:
    """Build an ``sdist`` or a ``wheel`` of a folder, and return the file."""
    done = subprocess.run(
        [sys.executable, "-c", _BUILD, f"build_{what}", str(out)],
        cwd=source, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]
    return out / done.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder of a clean checkout, the sdist made of it, what the sdist unpacks to, and the wheel made of that."""
    place = tmp_path_factory.mktemp("made")
    shutil.copytree(ROOT, place / "checkout", ignore=_ignored)
    clean = _files(place / "checkout")
    sdist = _built("sdist", place / "checkout", place)
    with tarfile.open(sdist) as packed:
        packed.extractall(place, filter="data")
    unpacked = place / sdist.name.removesuffix(".tar.gz")
    held = _files(unpacked)
    return clean, held, _built("wheel", unpacked, place)


@pytest.fixture(scope="module")
def installed(made, tmp_path_factory):
    """A folder into which the wheel is installed, without what it depends on, which is here already."""
    folder = tmp_path_factory.mktemp("installed")
    asked = ["install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check", "--target", str(folder)]
    subprocess.run([sys.executable, "-m", "pip", *asked, str(made[2])], check=True)
    return folder


@pytest.fixture
def run(installed, tmp_path):
    """Run a command of the installed package in an empty folder; return exit code, output, errors."""

    def command(*arguments: str, program: tuple[str, ...] = (sys.executable, "-m", "wom_sim")) -> tuple[int, str, str]:
        others = os.environ.get("PYTHONPATH")
        path = os.pathsep.join([str(installed), *([others] if others else [])])
        done = subprocess.run(
            [*program, *arguments],
            cwd=tmp_path, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    return command


@can_build
def test_the_sdist_holds_everything_of_a_checkout(made):
    clean, held, _ = made
    assert clean - held == set()
    assert {"tests/test_wheel.py", "docs/DESIGN.md", "Makefile", "setup.py", "scenarios/egg_2008.toml"} <= held


@can_build
def test_the_wheel_holds_the_package_and_what_it_brings_along_and_nothing_else(made):
    with zipfile.ZipFile(made[2]) as packed:
        held = {name for name in packed.namelist() if not name.endswith("/") and ".dist-info/" not in name}
    own = {f"wom_sim/{name}" for name in _files(ROOT / "wom_sim") if "__pycache__" not in name}
    brought = {
        f"wom_sim/builtin/{kind}/{file.relative_to(ROOT / kind).as_posix()}"
        for kind in _builtin.PATTERNS
        for file in _builtin.files(kind).values()
    }
    assert held == own | brought


@can_build
def test_the_version_is_said_once(made):
    assert "version" in ABOUT["project"]["dynamic"]
    assert made[2].name.startswith(f"wom_sim-{__version__}-")
    assert f"version: {__version__}\n" in (ROOT / "CITATION.cff").read_text()


@can_build
def test_scenarios_are_listed_in_an_empty_folder(run, installed):
    code, out, err = run("show", "scenarios", "--json")
    assert (code, err) == (0, "")
    entries = json.loads(out)
    assert [entry["name"] for entry in entries] == list(_builtin.files("scenarios"))
    assert all(Path(entry["file"]).is_relative_to(installed / "wom_sim" / "builtin") for entry in entries)
    assert "first_look" in run("show", "scenarios")[1]


@can_build
def test_a_scenario_is_sound_there_by_its_name(run):
    code, out, err = run("validate", "builtin:first_look", "builtin:sprint_done_right", "builtin:bank")
    assert (code, err) == (0, "")
    assert [line.partition(": ")[0] for line in out.splitlines() if line.startswith("builtin")] == [
        "builtin:first_look", "builtin:sprint_done_right", "builtin:bank",
    ]  # fmt: skip


@can_build
def test_a_scenario_can_be_extended_there(run, tmp_path):
    (tmp_path / "mine.toml").write_text('extends = "builtin:sprint_2007"\nname = "Mine"\n')
    code, out, err = run("validate", "mine.toml")
    assert (code, err) == (0, "")
    assert out.startswith("mine.toml: Mine: 73,000,000 people; bulk letter")


@can_build
@pytest.mark.parametrize("name", ["first_look", "opinion_leader", "bank"])
def test_a_file_of_ones_own_is_made_there(run, name):
    assert run("new", "--from", name)[0] == 0
    code, out, err = run("validate", f"{name}.toml")
    assert (code, err) == (0, "")
    assert out.startswith(f"{name}.toml: ")
    assert run("new", "--from", name)[0] == 4


@can_build
def test_what_help_names_is_there(run, installed):
    code, out, _ = run("--help", program=(str(installed / "bin" / "wom-sim"),))
    assert code == 0
    for name in re.findall(r"builtin:(\w+)", out):
        assert run("validate", f"builtin:{name}")[0] == 0
    assert "builtin:" in out
    assert run("show", "docs", "scaling")[1].startswith("# The same story with fewer people")
