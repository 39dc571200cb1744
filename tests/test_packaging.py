"""The conda recipe and the Containerfile say what pyproject.toml says; neither is built in a test."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from wom_sim import __version__

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
RECIPE = (ROOT / "packaging" / "conda" / "meta.yaml").read_text()
CONTAINER = (ROOT / "packaging" / "Containerfile").read_text().splitlines()
_BY_CONDA = {"matplotlib": "matplotlib-base", "SALib": "salib"}


def _bounds(requirement: str) -> tuple[str, str]:
    """Return the name of a package as conda has it, and its bounds."""
    name, bounds = re.fullmatch(r"([A-Za-z0-9_-]+) ?(.*)", requirement).groups()
    return _BY_CONDA.get(name, name), bounds


def test_the_recipe_needs_what_pip_needs():
    run = RECIPE.partition("  run:\n")[2].partition("\ntest:")[0]
    given = dict(_bounds(line) for line in re.findall(r"^    - (.*)$", run, re.MULTILINE))
    asked = [
        *PROJECT["dependencies"],
        *(r for e in ("deck", "search", "studies") for r in PROJECT["optional-dependencies"][e]),
    ]
    assert given == {"python": PROJECT["requires-python"]} | dict(map(_bounds, asked))


def test_the_recipe_finds_version_and_command():
    file, pattern = re.search(r'load_file="([^"]+)",\s+regex_pattern=\'([^\']+)\'', RECIPE).groups()
    assert re.search(pattern, (ROOT / "packaging" / "conda" / file).read_text())[1] == __version__
    assert f"wom-sim = {PROJECT['scripts']['wom-sim']}" in RECIPE


def test_the_container_copies_what_is_there_and_what_the_wheel_is_made_of():
    own = [line.split()[1:-1] for line in CONTAINER if line.startswith("COPY") and "--from" not in line]
    copied = {name for names in own for name in names}
    assert all((ROOT / name).exists() for name in copied)
    assert {"pyproject.toml", "setup.py", "wom_sim", "scenarios", "examples", "docs", PROJECT["readme"]} <= copied


def test_the_container_runs_as_a_user_without_rights():
    users = [number for number, line in enumerate(CONTAINER) if line.startswith("USER")]
    assert [CONTAINER[number] for number in users] == ["USER wom"]
    assert users[0] < next(n for n, line in enumerate(CONTAINER) if line.startswith("ENTRYPOINT"))
    assert any("useradd" in line for line in CONTAINER[: users[0]])


def test_what_was_not_built_is_said():
    release = (ROOT / "docs" / "RELEASE.md").read_text()
    assert "neither was built" in release
    assert "not been built" in RECIPE and any("not been built" in line for line in CONTAINER)


def test_no_two_files_of_tests_share_a_name():
    """pytest imports them by name alone, so that of two one would not be run."""
    names = [path.name for path in (ROOT / "tests").rglob("*.py") if path.name not in ("conftest.py", "__init__.py")]
    assert sorted(names) == sorted(set(names))
