"""A search in its folder: begun anew it leaves the former one until it is complete; what is damaged is run again."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from small import WHOLE

from wom_sim import load_scenario
from wom_sim.results.errors import DamagedError
from wom_sim.results.files import NEXT
from wom_sim.results.folder import opened
from wom_sim.study import recommend as whole
from wom_sim.study import recommend_folder
from wom_sim.study.levers import space_of
from wom_sim.study.ranking_and_selection import Promise
from wom_sim.study.recommend import recommend
from wom_sim.study.recommend_folder import QUESTIONS, RUNS, SETTINGS, Folder, question_of, settings
from wom_sim.study.recommendation import Recommendation
from wom_sim.study.standings import Question

ROOT = Path(__file__).parents[2]
SMALL = [
    "population.customers=1000",
    "population.prospects=100",
    "run.days=40",
    "run.replications=2",
    "choose.limit=10",
    'search.policies=["paid exit"]',
    "search.payment=[0,50,100]",
    "search.per_day=[0,8]",
    *(each for each in WHOLE if "horizon" not in each),
]


def question(*more, **changes):
    loaded = load_scenario(ROOT / "scenarios" / "first_look.toml", [*SMALL, *more])
    said = {"trials": 4, "replications": 2, "fresh": 3, "finalists": 2} | changes
    return Question(loaded, space_of(loaded), **said)


def searched(path, asked, progress=lambda *_: None, **how):
    folder = Folder(path)
    with folder.alone():
        folder.begin(asked, **({"resume": False, "overwrite": False} | how))
        told = folder.mend()
        return recommend(asked, folder, 1, progress), told


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"promise": Promise(0.9, 5000.0), "width": 1000.0},
        {"objectives": ("loss", "national"), "over_worlds": True, "grid": True},
    ],
)
def test_a_question_comes_back_from_what_is_noted_of_it(more):
    said = question(**more)
    again = question_of(json.loads(json.dumps(settings(said))), said.scenario)
    assert settings(again) == settings(said)
    assert (again.space, again.promise, again.width, again.full) == (said.space, said.promise, said.width, said.full)
    assert (tuple(again.objectives), again.over_worlds) == (tuple(said.objectives), said.over_worlds)


@pytest.fixture(scope="module")
def asked():
    return question()


@pytest.fixture
def there(tmp_path, asked):
    """A folder with a complete search."""
    searched(tmp_path / "r", asked)
    return tmp_path / "r"


def interrupt(*_, **__):
    raise KeyboardInterrupt


def full(*_, **__):
    raise OSError(28, "No space left on device")


@pytest.mark.science
@pytest.mark.parametrize(
    ("where", "how"),
    [
        ("race", interrupt), ("search", full), ("on_fresh_luck", interrupt),
        ("recommend_folder.result", full), ("recommend_folder.put_in_place", full),
    ],
)  # fmt: skip
@pytest.mark.parametrize("again", [{"overwrite": True}, {"resume": True}])
def test_a_search_cut_short_leaves_the_former_one(there, monkeypatch, where, how, again):
    before = content(there)
    module, _, name = where.rpartition(".")
    monkeypatch.setattr(recommend_folder if module else whole, name, how)
    other = question("run.seed=5") if "overwrite" in again else question(fresh=4)
    with pytest.raises((KeyboardInterrupt, OSError)):
        searched(there, other, **again)
    after = content(there)
    kept = {name for name in before if not name.startswith((RUNS, QUESTIONS)) or "overwrite" in again}
    assert {name: after.get(name) for name in kept} == {name: before[name] for name in kept}
    opened(there, ("search",))
    monkeypatch.undo()
    searched(there, other, resume=True)
    assert not (there / NEXT).exists()
    assert json.loads((there / SETTINGS).read_text())["fresh"] == other.fresh
    assert len(pd.read_csv(there / "tried.csv")) == other.trials
    assert {p.name for p in there.iterdir()} == set(before)


@pytest.mark.science
def test_a_search_begun_anew_ends_as_in_a_new_folder(there, tmp_path):
    (there / f"{RUNS}-wal").write_bytes(b"of a runner that was killed")
    other = question("run.seed=5")
    searched(there, other, overwrite=True)
    searched(tmp_path / "new", other)
    for name in ("frontier.csv", "tried.csv", "scenario.toml", SETTINGS):
        assert (there / name).read_bytes() == (tmp_path / "new" / name).read_bytes()
    assert {p.name for p in there.iterdir()} == {p.name for p in (tmp_path / "new").iterdir()}


def test_a_damaged_table_of_a_search_is_seen(there):
    (there / "frontier.csv").write_bytes((there / "frontier.csv").read_bytes().replace(b"keep", b"kept"))
    with pytest.raises(DamagedError, match=r"frontier.csv: is not as it was written"):
        opened(there)


def _set(folder, command):
    with sqlite3.connect(folder / RUNS) as base:
        base.execute(command)


def test_a_damaged_run_is_said_and_run_again(there, asked):
    before = content(there)
    _set(there, "UPDATE runs SET indicators = REPLACE(indicators, '\"net_value\": ', '\"net_value\": 1') "
                "WHERE replication = 1")  # fmt: skip
    _, told = searched(there, asked, resume=True)
    assert len(told) == 1 and "of its runs are not what was written; they are run again" in told[0]
    assert content(there)["frontier.csv"] == before["frontier.csv"]
    assert searched(there, asked, resume=True)[1] == []


@pytest.mark.parametrize("name", [RUNS, QUESTIONS])
def test_a_database_that_cannot_be_read_is_made_again(there, name):
    asked = question(trials=5)
    searched(there, asked, overwrite=True)
    before = content(there)
    assert name in before
    (there / name).write_bytes(b"x" * 5000)
    _, told = searched(there, asked, resume=True)
    assert len(told) == 1 and f"{name} is damaged" in told[0]
    assert content(there)["frontier.csv"] == before["frontier.csv"]


def test_runs_of_an_earlier_version_go_on(there, asked):
    before = content(there)
    _set(there, "ALTER TABLE runs DROP COLUMN checksum")
    assert searched(there, asked, resume=True)[1] == []
    assert content(there)["frontier.csv"] == before["frontier.csv"]


def test_every_candidate_that_was_tried_is_found_again_by_its_key_also_from_the_file(tmp_path):
    scenario = load_scenario(ROOT / "scenarios/first_look.toml")
    space = space_of(scenario)
    every = [*space.candidates()]
    some = [every[n] for n in range(0, len(every), max(1, len(every) // 60))]
    tried = pd.DataFrame([{"candidate": c.key, "policy": c.base, **dict(c.levers)} for c in some])
    tried.to_csv(tmp_path / "tried.csv", index=False)
    for table in (tried, pd.read_csv(tmp_path / "tried.csv")):
        found = Recommendation(SimpleNamespace(space=space), pd.DataFrame(), table, "")
        assert [found.candidate(c.key) for c in some] == some and len(some) > 20
        assert found.candidate("0" * 16) is None
