"""The matrix of Mesa's versions: what it tries, and what it makes of Pythons and versions that are not there."""

from __future__ import annotations

import tomllib
from pathlib import Path

import mesa_versions
import pytest

ROOT = Path(__file__).parents[1]


def outcomes(tmp_path: Path, fails: str) -> dict[str, str]:
    """Return the outcome of each version where the programs that have these words in their command line fail."""
    ran: list[str] = []

    def run(words) -> int:
        ran.append(" ".join(map(str, words)))
        return int(bool(fails) and fails in ran[-1])

    found = mesa_versions.tried("python3.12", ("==3.3.*", "<4"), tmp_path, run)
    outcomes.ran = ran
    return {each.mesa: each.outcome for each in found}


def test_every_version_is_tried_on_the_tests_of_mesa(tmp_path):
    assert outcomes(tmp_path, "") == {"==3.3.*": "holds", "<4": "holds"}
    own = str(tmp_path / "python3.12" / "bin" / "python")
    after = [line for line in outcomes.ran if "mesa==3.3.*" in line or "-m pytest" in line]
    assert after[0] == f"{own} -m pip install --quiet --disable-pip-version-check mesa==3.3.*"
    assert after[1].startswith(f"{own} -m pytest")
    assert all((ROOT / test).is_file() and test in after[1] for test in mesa_versions.TESTS)


@pytest.mark.parametrize(
    ("fails", "told"),
    [
        ("-c import", {"==3.3.*": "not tried: no such Python", "<4": "not tried: no such Python"}),
        (".[dev]", dict.fromkeys(("==3.3.*", "<4"), "not tried: the project cannot be installed")),
        ("mesa==3.3", {"==3.3.*": "not tried: pip finds no such Mesa for it", "<4": "holds"}),
        ("-m pytest", {"==3.3.*": "FAILS", "<4": "FAILS"}),
    ],
)
def test_what_is_not_there_is_told_and_what_fails_fails(tmp_path, fails, told):
    assert outcomes(tmp_path, fails) == told


def test_a_python_that_is_not_there_is_no_failure_but_nothing_tried_is(tmp_path, capsys):
    status = mesa_versions.main(["--pythons", "python9.99", "--versions", "<4", "--folder", str(tmp_path / "here")])
    assert status == 1
    assert "python9.99" in (tmp_path / "here" / "results.txt").read_text()
    assert "not tried: no such Python" in capsys.readouterr().out


def test_the_bounds_are_those_of_the_project(capsys):
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert "mesa>=3.3,!=3.4.1,!=3.4.2,<4" in needed
    assert mesa_versions.VERSIONS[0] == "==3.3.*"
    assert mesa_versions.VERSIONS[-1] == "<4"
    assert mesa_versions.main(["--plan"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(mesa_versions.PYTHONS) * len(mesa_versions.VERSIONS)
