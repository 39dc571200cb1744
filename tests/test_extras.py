"""A small installation: what only some commands need is an extra, and where it is missing one sentence says so."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from wom_sim._extras import EXTRAS, missing, need

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
_IMPORTED_AS = {"python-pptx": "pptx", "pillow": "PIL", "tomli-w": "tomli_w", "imageio-ffmpeg": "imageio_ffmpeg"}
_IMPORTED_AS["scikit-learn"] = "sklearn"
_APART = ("churn",)
"""Not for who develops: lifelines 0.30 asks for a pandas below 3."""
_WITHOUT = """
import sys
sys.modules.update(dict.fromkeys(sys.argv.pop(1).split(",")))
from wom_sim.cli import main
main()
"""
_STUDY = """
name = "small"
question = "Does the pace matter?"
scenario = "builtin:first_look"
replications = 1
[design]
kind = "{}"
{}
[[factors]]
key = "policies.bulk letter.per_day"
{}
"""


def names(requirements: list[str]) -> set[str]:
    """Return the packages of requirements; extras of this package itself are none."""
    return {re.split(r"[<>=~ ]", text)[0] for text in requirements if not text.startswith("wom_sim[")}


def without(modules: str, *arguments: object) -> tuple[int, str, str]:
    """Run a command where some packages cannot be imported."""
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT, modules, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_what_the_installation_offers_is_what_the_sentence_names():
    optional = PROJECT["optional-dependencies"]
    for module, (extra, _, _) in EXTRAS.items():
        packages = names(optional[extra])
        assert module in {_IMPORTED_AS.get(package, package) for package in packages}
        assert not set(packages) & set(names(PROJECT["dependencies"]))
    assert set(optional) == {extra for extra, _, _ in EXTRAS.values()} | {"dev", "docs", "mutants"}


def test_whoever_develops_has_all_of_them():
    (own,) = [text for text in PROJECT["optional-dependencies"]["dev"] if text.startswith("wom_sim[")]
    all_of_them = {extra for extra, _, _ in EXTRAS.values()} - set(_APART)
    assert set(own[len("wom_sim[") : -1].split(",")) == all_of_them | {"docs"}


def test_nothing_is_installed_that_nobody_imports():
    text = "\n".join(file.read_text() for file in (ROOT / "wom_sim").rglob("*.py"))
    extras = [names(PROJECT["optional-dependencies"][extra]) for extra, _, _ in EXTRAS.values()]
    for package in names(PROJECT["dependencies"]).union(*extras):
        module = _IMPORTED_AS.get(package, package)
        assert re.search(rf"(from|import) {module}\b", text, re.IGNORECASE), package


def test_the_page_on_installing_says_which_extras_commands_need():
    page = (ROOT / "docs" / "INSTALL.md").read_text()
    command = re.search(r"uv tool install '\.\[([a-z,]+)\]'", page)[1]
    assert set(command.split(",")) == {"deck", "fit", "search", "studies"}
    assert all(f"`{extra}`" in page for extra, _, _ in EXTRAS.values())


@pytest.mark.science
def test_a_search_ends_before_anything_is_written(tmp_path):
    code, _, err = without("optuna", "recommend", "builtin:first_look", "--out", tmp_path / "best")
    assert (code, err.splitlines()[-1]) == (4, f"wom-sim: {missing('optuna')}")
    assert not (tmp_path / "best").exists()


@pytest.mark.science
@pytest.mark.parametrize("kind", ["latin_hypercube", "morris"])
def test_a_drawn_design_says_what_it_needs_and_a_grid_needs_nothing(tmp_path, kind):
    file = tmp_path / "study.toml"
    file.write_text(_STUDY.format(kind, "samples = 4\nseed = 1", "low = 1\nhigh = 8"))
    code, _, err = without("SALib", "sweep", "plan", file, "--out", tmp_path / "out")
    assert (code, err.splitlines()[-1]) == (4, f"wom-sim: {missing('SALib')}")
    assert not (tmp_path / "out").exists()
    file.write_text(_STUDY.format("grid", "", "values = [0, 4]"))
    assert without("SALib", "sweep", "plan", file, "--out", tmp_path / "out")[0] == 0


def test_a_query_says_what_it_needs(tmp_path):
    arguments = ("import", "sqlite:///customers.db", "--query", "select 1", "--out", tmp_path / "base")
    code, _, err = without("sqlalchemy", *arguments)
    assert (code, err) == (4, f"wom-sim: {missing('sqlalchemy')}\n")


@pytest.mark.parametrize("module", EXTRAS)
def test_each_is_asked_for_in_words(module, monkeypatch):
    if EXTRAS[module][0] not in _APART:
        need(module)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ModuleNotFoundError, match=re.escape(f"pip install 'wom_sim[{EXTRAS[module][0]}]'")):
        need(module)


@pytest.mark.science
def test_a_comparison_and_a_page_need_none_of_them(tmp_path):
    small = ("--set", "population.customers=300", "--set", "run.days=20", "--replications", "2")
    out = tmp_path / "out"
    code, _, err = without(",".join(EXTRAS), "compare", "builtin:first_look", *small, "--out", out)
    assert code == 0, err
    code, _, err = without(",".join(EXTRAS), "report", out)
    assert code == 0, err
    code, _, err = without(",".join(EXTRAS), "report", out, "--one-page")
    assert code == 0, err
    code, _, err = without(",".join(EXTRAS), "workbook", out)
    assert (code, err.splitlines()[-1]) == (4, f"wom-sim: {missing('xlsxwriter')}")
    code, _, err = without(",".join(EXTRAS), "deck", out)
    assert (code, err.splitlines()[-1]) == (4, f"wom-sim: {missing('pptx')}")
    assert not (out / "deck.pptx").exists()


def test_the_doctor_says_which_are_not_there():
    code, out, _ = without("optuna,pptx", "doctor", "--no-test")
    assert code == 0
    churn = r"( churn \([^)]*\)\),)?"
    listed = rf"search \(a search \(recommend\)\),{churn} deck \(a deck\)"
    assert re.search(rf"^ok +extras +not installed: {listed}$", out, re.MULTILINE)
