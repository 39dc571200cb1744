"""A small comparison on disk, made once, and copies of it that a test may spoil."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from wom_sim.cli import main
from wom_sim.scenario import load_scenario
from wom_sim.study import compare as run_comparison
from wom_sim.study.store import write_manifest, write_tables

ROOT = Path(__file__).parents[2]
SIZE = ["population.customers=3000", "population.prospects=600", "run.days=120", "choose.limit=40"]


def compare(scenario: str, folder: Path, *sets: str) -> Path:
    """Compare and write everything but charts, which the chart tests draw."""
    found = run_comparison(load_scenario(ROOT / "scenarios" / scenario, [*SIZE, *sets]))
    write_manifest(found, folder, write_tables(found, folder), ["compare", f"scenarios/{scenario}"])
    return folder


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished comparison; only to be read."""
    return compare("first_look.toml", tmp_path_factory.mktemp("finished") / "town", "run.replications=4")


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


def rename_policy(folder: Path, old: str, new: str) -> None:
    """Give a policy another name throughout a result folder."""
    for path in folder.iterdir():
        if path.suffix == ".csv":
            table = pd.read_csv(path).replace({"policy": {old: new}, "against": {old: new}})
            table.to_csv(path, index=False)
        elif path.suffix == ".parquet":
            pd.read_parquet(path).replace({"policy": {old: new}}).to_parquet(path, index=False)
    text = (folder / "scenario.toml").read_text(encoding="utf-8")
    (folder / "scenario.toml").write_text(text.replace(f"name = {json.dumps(old)}", f"name = {json.dumps(new)}"))
