"""Small comparisons on disk for the tests of what is presented."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from unsealed import write_manifest

from wom_sim.cli import main
from wom_sim.present.deck import deck
from wom_sim.present.report import report
from wom_sim.present.result_folder import read
from wom_sim.scenario import load_scenario
from wom_sim.study.compare import compare as run_comparison
from wom_sim.study.store import write_tables

ROOT = Path(__file__).parents[2]
SIZE = ["population.customers=3000", "population.prospects=600", "run.days=120", "choose.limit=40"]


class Asked(dict):
    """What is made for a language when the first test asks for it, and kept."""

    def __init__(self, make):
        self.make = make

    def __missing__(self, lang):
        self[lang] = self.make(lang)
        return self[lang]


def compare(scenario: str, folder: Path, *sets: str) -> Path:
    """Compare and write everything but charts, which the chart tests draw."""
    found = run_comparison(load_scenario(ROOT / "scenarios" / scenario, [*SIZE, *sets]))
    write_manifest(found, folder, write_tables(found, folder), ["compare", f"scenarios/{scenario}"])
    return folder


def made(place: Path, *arguments: object) -> Path:
    """Run a command on a small first look, into a folder; return the folder."""
    sets = [part for each in SIZE for part in ("--set", each)]
    command = [arguments[0], ROOT / "scenarios" / "first_look.toml", *arguments[1:], *sets, "--out", place]
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in command])
    assert not ended.value.code
    return place


@cache
def page_of(folder: Path, lang: str = "en") -> str:
    """Return the report of a folder that is only read, made once, whichever test asks first."""
    return report(read(folder), lang)


@cache
def deck_of(folder: Path, lang: str = "en") -> bytes:
    """Return the deck of a folder that is only read, made once, whichever test asks first."""
    return deck(read(folder), lang)


_NAMED = ("policy", "against", "group")
"""Columns of tables in which a policy is named."""


def rename_policy(folder: Path, old: str, new: str) -> None:
    """Give a policy another name throughout a result folder."""
    for path in folder.iterdir():
        if path.suffix == ".csv":
            pd.read_csv(path).replace({name: {old: new} for name in _NAMED}).to_csv(path, index=False)
        elif path.suffix == ".parquet":
            pd.read_parquet(path).replace({"policy": {old: new}}).to_parquet(path, index=False)
    text = (folder / "scenario.toml").read_text(encoding="utf-8")
    (folder / "scenario.toml").write_text(text.replace(f"name = {json.dumps(old)}", f"name = {json.dumps(new)}"))
