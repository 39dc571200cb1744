"""A small comparison on disk, made once, and copies of it that a test may spoil."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from small_runs import ROOT, compare

from wom_sim import compare as run_comparison
from wom_sim import load_scenario
from wom_sim.cli import main
from wom_sim.present.deck import deck
from wom_sim.present.report import report
from wom_sim.present.result_folder import read
from wom_sim.study.store import write_manifest, write_tables


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished comparison; only to be read."""
    return compare("first_look.toml", tmp_path_factory.mktemp("finished") / "town", "run.replications=4")


@pytest.fixture(scope="session")
def pages(finished: Path) -> dict[str, str]:
    """The report of the finished comparison in each language."""
    return {lang: report(read(finished), lang) for lang in ("en", "nl")}


@pytest.fixture(scope="session")
def decks(finished: Path) -> dict[str, bytes]:
    """The deck of the finished comparison in each language."""
    return {lang: deck(read(finished), lang) for lang in ("en", "nl")}


@pytest.fixture
def folder(finished: Path, tmp_path: Path) -> Path:
    """A copy that may be changed."""
    return Path(shutil.copytree(finished, tmp_path / "run"))


@pytest.fixture
def change(folder: Path):
    """Return a function that rewrites a table of the copy."""

    def rewrite(name: str, how) -> None:
        path = folder / name
        table = pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
        table = how(table)
        table.to_csv(path, index=False) if path.suffix == ".csv" else table.to_parquet(path, index=False)

    return rewrite


@pytest.fixture
def run(capsys, monkeypatch):
    """Run a command; return exit code, output, errors."""
    monkeypatch.chdir(ROOT)

    def command(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([str(each) for each in arguments])
        printed = capsys.readouterr()
        return ended.value.code or 0, printed.out, printed.err

    return command


@pytest.fixture(scope="session")
def small_results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A smaller comparison with its events."""
    folder = tmp_path_factory.mktemp("results") / "small"
    sets = ["population.customers=4000", "population.prospects=400", "choose.limit=12", "run.days=120"]
    scenario = load_scenario(ROOT / "scenarios" / "first_look.toml", [*sets, "run.replications=4"])
    folder.mkdir()
    found = run_comparison(scenario, workers=1, events=folder / "events.parquet")
    write_manifest(found, folder, write_tables(found, folder))
    return folder
