"""The Makefile finds a Python that is fit, or says that there is none; what it tries as oldest is in pyproject.toml."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from lower_bounds import constraints

ROOT = Path(__file__).parents[1]
MAKE = shutil.which("make") or ""
needs_make = pytest.mark.skipif(not MAKE, reason="no make on this machine")


@pytest.fixture
def place(tmp_path):
    """A folder with the Makefile, and one for the programs that it may find."""
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "bin").mkdir()
    for name in ("sh", "grep", "sed", "expand"):
        (tmp_path / "bin" / name).symlink_to(shutil.which(name))
    return tmp_path


def make(place: Path, *asked: str) -> subprocess.CompletedProcess[str]:
    """Run make where only the programs of the folder can be found."""
    return subprocess.run(
        [MAKE, "--no-print-directory", "-C", str(place), *asked],
        capture_output=True, text=True, env={"PATH": str(place / "bin")}, check=False,
    )  # fmt: skip


def program(place: Path, name: str, command: str) -> None:
    """Make a program that runs a command of the shell."""
    file = place / "bin" / name
    file.write_text(f"#!{shutil.which('sh')}\n{command}\n")
    file.chmod(0o755)


@needs_make
@pytest.mark.parametrize(("target", "variable"), [("demo", "PYTHON"), ("test", "PYTHON"), ("oldest", "ELDER")])
def test_without_a_fit_python_it_says_so_and_makes_nothing(place, target, variable):
    program(place, "python3", "exit 1")  # too old, or without venv
    said = make(place, target)
    assert said.returncode != 0
    assert "no Python that is fit was found: it takes a Python from 3.11 on with venv" in said.stderr
    assert f"make {target} {variable}=/path/to/python" in said.stderr
    assert sorted(f.name for f in place.iterdir()) == ["Makefile", "bin", "pyproject.toml"]


@needs_make
def test_a_python_that_was_named_and_is_not_fit_is_named(place):
    program(place, "python3.9", "exit 1")
    assert "python3.9 is not fit: it takes a Python from 3.11 on" in make(place, "newest", "PYTHON=python3.9").stderr


@needs_make
def test_it_takes_the_newest_that_is_fit(place):
    program(place, "python3.13", "exit 127")  # as a shim of pyenv without that version
    program(place, "python3.12", f'exec {sys.executable} "$@"')
    program(place, "python3", "exit 0")
    assert "python3.12 -m venv .venv\n" in make(place, "-n", "demo").stdout


@needs_make
def test_help_lists_every_target(place):
    text = (ROOT / "Makefile").read_text()
    declared = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)[1].split()
    assert {line.split()[0] for line in make(place, "help").stdout.splitlines()} == set(declared)


def _recipe(target: str) -> str:
    """Return what the Makefile does for a target, without what it rests on."""
    text = (ROOT / "Makefile").read_text()
    return re.search(rf"^{target}:.*\n((?:\t.*\n)+)", text, re.MULTILINE)[1]


@needs_make
def test_what_is_handed_in_is_checked_for_layers_lint_and_types_too(place):
    """Types are found beside the tests; what takes seconds comes first and stops all."""
    (place / ".venv").mkdir()
    (place / ".venv" / ".installed").touch()
    done = [line.split("/")[-1] for line in make(place, "-n", "test").stdout.splitlines() if line.startswith(".venv")]
    assert done[:2] == ["ruff check .", "lint-imports"]
    assert sorted(done[2:]) == ["mypy wom_sim", "python -m pytest -n auto --dist worksteal -m 'not science'"]


@needs_make
def test_types_that_are_wrong_fail_though_every_test_passes(place):
    tools = place / ".venv" / "bin"
    tools.mkdir(parents=True)
    for name in ("ruff", "lint-imports", "mypy", "python"):
        (tools / name).symlink_to(shutil.which("false" if name == "mypy" else "true"))
    (place / ".venv" / ".installed").touch()
    said = make(place, "test")
    assert said.returncode != 0
    assert "types" in said.stderr


def test_every_test_is_run_by_test_or_by_science_and_by_none_twice():
    daily, slow = _recipe("daily"), _recipe("science")
    assert daily.count("-m pytest") == slow.count("-m pytest") == 1
    assert daily.endswith(" -m 'not science'\n"), "all that is not science"
    assert daily.replace(" -m 'not science'\n", "") == slow.replace(" -m 'science'\n", ""), "and nothing else differs"
    assert not re.search(r" tests|-k |--ignore|--deselect|--lf|--sw", daily), "nothing is left out"
    about = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    assert about["testpaths"] == ["tests"]
    assert about["addopts"].split() == ["-q", "--strict-markers"], "nor by what every run of pytest is given"
    omits = re.compile("collect_ignore|pytest_ignore_collect|deselected")
    assert not any(omits.search(file.read_text()) for file in ROOT.glob("tests/**/conftest.py"))


def test_the_projects_checks_run_both():
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert [line for line in lines if line.startswith("make ")] == ["make test", "make science"]


def test_everything_that_is_needed_has_a_lower_bound_to_try():
    about = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = [*about["dependencies"], *(r for extra in about["optional-dependencies"].values() for r in extra)]
    pinned = list(constraints(needed))
    assert len(pinned) == len([r for r in needed if not r.startswith("wom_sim[")])
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+==[0-9.]+", line) for line in pinned)
    with pytest.raises(SystemExit, match="'numpy<3' has no lower bound"):
        list(constraints(["numpy<3"]))
