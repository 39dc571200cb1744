"""A small comparison on disk, made once, and copies of it that a test may spoil."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from drawn_once import drawn_anew, drawn_once  # noqa: F401
from small_runs import ROOT, SIZE, Asked, compare, deck_of, made, page_of
from unsealed import write_manifest

from wom_sim import compare as run_comparison
from wom_sim import load_scenario
from wom_sim.cli import main
from wom_sim.study.analysis import analyse
from wom_sim.study.store import write_tables
from wom_sim.study.sweep import sweep


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished comparison; only to be read."""
    return compare("first_look.toml", tmp_path_factory.mktemp("finished") / "town", "run.replications=4")


@pytest.fixture(scope="session")
def pages(finished: Path) -> dict[str, str]:
    """The report of the finished comparison, by language."""
    return Asked(lambda lang: page_of(finished, lang))


@pytest.fixture(scope="session")
def decks(finished: Path) -> dict[str, bytes]:
    """The deck of the finished comparison, by language."""
    return Asked(lambda lang: deck_of(finished, lang))


@pytest.fixture(scope="session")
def over_worlds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over a dozen drawn worlds; only to be read."""
    place = tmp_path_factory.mktemp("over_worlds") / "town"
    return made(place, "compare", "--worlds", 12)


@pytest.fixture(scope="session")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished comparison with its attribution; only to be read."""
    place = tmp_path_factory.mktemp("traced") / "town"
    sets = [part for each in (*SIZE, "run.replications=4") for part in ("--set", each)]
    arguments = ["compare", ROOT / "scenarios" / "first_look.toml", *sets, "--attribution", "--out", place]
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    assert not ended.value.code
    return place


STUDY = """
name = "a small study"
question = "How large an offer, and how many at once?"
scenario = "{scenario}"
policies = ["bulk letter", "paid exit"]
replications = 3
seed = 5
outputs = ["net_value", "extra_profitable", "national_coverage"]
set = {{population.customers = 1_500, population.prospects = 150, run.days = 60}}
design = {{{design}}}

[[factors]]
key = "choose.limit"
low = 5
high = 40

[[factors]]
key = "policies.paid exit.payment"
low = 10.0
high = 1000.0
scale = "log"
"""


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory):
    """Return a function that gives the folder of a small study of a design, run and analysed; each is made once."""
    made: dict[str, Path] = {}

    def folder_of(kind: str) -> Path:
        if kind not in made:
            place = tmp_path_factory.mktemp(kind)
            design = f'kind = "{kind}"' + (", samples = 16" if kind != "grid" else "")
            text = STUDY.format(scenario=ROOT / "scenarios" / "first_look.toml", design=design)
            if kind == "grid":
                text = text.replace("high = 40", "high = 40\nsteps = 3").replace('"log"', '"log"\nsteps = 4')
            (place / "asked.toml").write_text(text)
            sweep(place / "asked.toml", out=place / "study", workers=1)
            analyse(place / "study")
            made[kind] = place / "study"
        return made[kind]

    return folder_of


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
def run(command, monkeypatch):
    """Run a command in the repository's folder; return exit code, output, errors."""
    monkeypatch.chdir(ROOT)
    return command


@pytest.fixture(scope="session")
def small_results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A smaller comparison with its events."""
    folder = tmp_path_factory.mktemp("results") / "small"
    sets = ["population.customers=4000", "population.prospects=400", "choose.limit=12", "run.days=120"]
    scenario = load_scenario(ROOT / "scenarios" / "first_look.toml", [*sets, "run.replications=4"])
    folder.mkdir()
    found = run_comparison(scenario, workers=1, events=folder / "events.parquet")
    write_manifest(found, folder, [*write_tables(found, folder), "events.parquet"])
    return folder


@pytest.fixture(scope="session")
def results(tmp_path_factory) -> dict[str, Path]:
    """A small search and a small break-even; only to be read."""
    place = tmp_path_factory.mktemp("told")
    search = made(place / "search", "recommend", "--trials", 6, "--fresh", 6, "--finalists", 3, "--replications", 2)
    asked = ("--policy", "paid exit", "--parameter", "payment", "--points", 4, "--replications", 3)
    return {"search": search, "break-even": made(place / "turning", "break-even", *asked)}
