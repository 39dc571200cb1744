"""What a study promises: the same table wherever it runs, and nothing done twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from daily import few
from patience import PATIENCE, wait_for
from plugins import Gate, known
from small import two_policies

from wom_sim import Scenario, load_scenario, load_study, simulate, sweep
from wom_sim.results.folder import FolderError
from wom_sim.study import folder as folders
from wom_sim.study.chunk import as_text, perform
from wom_sim.study.execute_here import ExecutionError, Finished
from wom_sim.study.folder import InUseError, Store, open_manifest
from wom_sim.study.replay import replay
from wom_sim.study.sweep import merge, retry_failed

ROOT = Path(__file__).parents[2]
SCENARIO = two_policies(600, 90, 20)
STUDY = """
name = "small"
scenario = "scenario.toml"
replications = 3
seed = 3
[[factors]]
key = "choose.limit"
values = [5, 20]
[[factors]]
key = "money.cost_per_call"
values = [4.0, 16.0]
"""
WORLDS = STUDY + '[[factors]]\nkey = "population.customers"\nvalues = [400, 600]\n'


def write(folder: Path, study: str = STUDY, scenario: str = SCENARIO) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "scenario.toml").write_text(scenario)
    (folder / "study.toml").write_text(study)
    return folder / "study.toml"


def tables(folder: Path) -> dict[str, bytes]:
    return {f.name: f.read_bytes() for f in [folder / "table.parquet", *sorted(folder.glob("*.csv"))]}


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    """A study whose points differ in people, done with one thread."""
    place = tmp_path_factory.mktemp("worlds")
    study = write(place, WORLDS)
    sweep(study, out=place / "one", workers=1, where="threads")
    return study, place / "one"


@pytest.mark.parametrize("where", few(["threads", "processes"]))
def test_the_table_is_the_same_wherever_it_runs(worlds, tmp_path, where):
    study, one = worlds
    found = sweep(study, out=tmp_path / "two", workers=2, where=where)
    assert found.complete
    assert tables(tmp_path / "two") == tables(one)


def test_shards_make_up_the_study(worlds, tmp_path):
    study, one = worlds
    folders_ = [tmp_path / f"{n}" for n in (1, 2, 3)]
    done = [sweep(study, out=f, where="threads", shard=(n, 3)).counts.done for n, f in enumerate(folders_, start=1)]
    assert sum(done) == len(pd.read_parquet(one / "table.parquet"))
    assert all(done)
    first_two = merge(folders_[:2], tmp_path / "part")
    assert first_two.counts.pending == done[2]
    assert not (tmp_path / "part" / "table.csv").exists()
    whole = merge([tmp_path / "part", folders_[2]], tmp_path / "whole")
    assert whole.complete
    assert tables(tmp_path / "whole") == tables(one)


def test_what_is_stored_is_what_the_run_gives(worlds):
    study, one = worlds
    loaded = load_study(study)
    table = pd.read_parquet(one / "table.parquet")
    assert len(table) == 8 * 2 * 3
    for point in (0, 5):
        for policy in ("letter", "exit"):
            alone = simulate(loaded.at(point), policy, replication=1, events=False).indicators
            rows = table[(table["point"] == point) & (table["policy"] == policy) & (table["replication"] == 1)]
            stored = rows.iloc[0][alone.index].astype(float)
            assert np.array_equal(stored.to_numpy(), alone.to_numpy(), equal_nan=True)


def test_replications_of_a_point_differ(worlds):
    table = pd.read_parquet(worlds[1] / "table.parquet")
    for (_, policy), group in table.groupby(["point", "policy"]):
        assert group["net_value"].nunique() == 3, policy


def test_more_replications_run_only_what_is_missing(worlds, tmp_path):
    study = write(tmp_path, WORLDS)
    out = tmp_path / "out"
    sweep(study, out=out, where="threads")
    first = pd.read_parquet(out / "table.parquet")
    study.write_text(WORLDS.replace("replications = 3", "replications = 5"))
    seen = []
    found = sweep(study, out=out, where="threads", progress=lambda done, total, words: seen.append((done, total)))
    assert seen[0] == (48, 80), "those that are done are not run again"
    assert found.counts.done == 80
    table = found.table
    kept = table[table["replication"] < 3].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, first)
    study.write_text(WORLDS)
    assert tables_of_a_call(study, out) == tables(worlds[1]), "and back again, without a run"


def tables_of_a_call(study: Path, out: Path) -> dict[str, bytes]:
    seen = []
    sweep(study, out=out, where="threads", progress=lambda done, total, words: seen.append(words))
    assert seen == ["writing the table"]
    return tables(out)


def test_the_folder_alone_says_what_the_study_is(worlds, tmp_path):
    """What stands in the folder is a study file, of the same runs."""
    again = sweep(worlds[1] / "study.toml", out=tmp_path / "again", workers=1, where="threads")
    assert again.complete
    assert tables(tmp_path / "again") == tables(worlds[1])


def test_rows_that_say_the_same_share_a_run(tmp_path):
    lever = STUDY + '[[factors]]\nkey = "policies.exit.payment"\nvalues = [10.0, 100.0, 300.0]\n'
    found = sweep(write(tmp_path, lever), out=tmp_path / "out", where="threads")
    assert found.counts.rows == 12 * 2 * 3
    assert found.counts.runs == 4 * 3 + 12 * 3, "what a letter does has nothing to do with what an exit pays"
    letters = found.table.query("policy == 'letter'").drop(columns=["point", "policies.exit.payment"])
    assert letters.drop_duplicates().shape[0] == 12


def test_each_replication_can_have_people_of_its_own(tmp_path):
    apart = STUDY + "[set]\nrun.same_world = false\n"
    found = sweep(write(tmp_path, apart), out=tmp_path / "out", where="threads", workers=2)
    manifest = open_manifest(tmp_path / "out")
    assert manifest._db.execute("SELECT COUNT(*) FROM worlds").fetchone()[0] == 3
    manifest.close()
    loaded = load_study(tmp_path / "study.toml")
    alone = simulate(loaded.at(2), "letter", replication=2, events=False).indicators
    row = found.table.query("point == 2 and policy == 'letter' and replication == 2").iloc[0]
    assert row["net_value"] == alone["net_value"]


# -- what goes wrong ---------------------------------------------------------------------------------------


@pytest.fixture
def plugged(tmp_path, monkeypatch):
    """Policies that misbehave, known to this process and to those that it starts."""
    with known(tmp_path, monkeypatch) as site:
        monkeypatch.setenv("PYTHONPATH", f"{site}{os.pathsep}{ROOT}")
        yield site


def with_policy(name: str) -> str:
    return f'{SCENARIO}[[policies]]\nname = "{name}"\nuse = "{name}"\n'


@pytest.mark.parametrize("where", few(["threads", "processes"]))
def test_a_run_that_fails_is_a_row_and_the_others_go_on(plugged, tmp_path, where):
    study = write(tmp_path, STUDY.replace("replications = 3", "replications = 8"), with_policy("raises"))
    found = sweep(study, out=tmp_path / "out", where=where, workers=2)
    assert found.complete
    failed = found.counts.failed
    assert 0 < failed < 32
    assert len(found.table) == found.counts.rows - failed
    assert set(found.table["policy"]) == {"letter", "exit", "raises"}
    listed = pd.read_csv(tmp_path / "out" / "failures.csv")
    assert len(listed) == failed
    (error,) = set(listed["error"])
    assert "'raises' of another package cannot be carried out: ValueError: this one cannot be carried out" in error
    manifest = open_manifest(tmp_path / "out")
    assert all("Traceback" in failure[5] and "in raises" in failure[5] for failure in manifest.failures())
    manifest.close()


def test_failed_runs_can_be_tried_again(plugged, tmp_path, monkeypatch):
    study = write(tmp_path, STUDY, with_policy("raises"))
    first = sweep(study, out=tmp_path / "out", where="threads")
    assert first.counts.failed
    monkeypatch.setenv("REPAIRED", "yes")
    assert sweep(study, out=tmp_path / "out", where="threads").counts == first.counts, "not without being asked"
    assert retry_failed(tmp_path / "out") == first.counts.failed
    second = sweep(study, out=tmp_path / "out", where="threads")
    assert (second.counts.done, second.counts.failed) == (36, 0)
    assert not (tmp_path / "out" / "failures.csv").exists()
    assert len(second.table) == 36


@pytest.mark.science
def test_a_run_that_kills_its_worker_is_given_up_after_three_attempts(plugged, tmp_path):
    one_point = STUDY.partition("[[factors]]")[0].replace("replications = 3", "replications = 4")
    study = write(tmp_path, one_point, with_policy("dies"))
    words = []
    found = sweep(study, out=tmp_path / "out", where="processes", workers=2, progress=lambda d, t, w: words.append(w))
    assert found.complete
    assert 0 < found.counts.failed < 4
    manifest = open_manifest(tmp_path / "out")
    failures = list(manifest.failures())
    manifest.close()
    assert {(failure[1], failure[4]) for failure in failures} == {("dies", 3)}
    assert all("killed by SIGKILL during this run" in failure[5] for failure in failures)
    assert sum("killed by SIGKILL" in w for w in words) == 3 * found.counts.failed
    done = found.table.query("policy == 'dies'")
    letters = found.table.query("policy == 'letter'").set_index("replication")["net_value"]
    assert len(done) == 4 - found.counts.failed
    for row in done.itertuples():
        assert row.net_value == letters[row.replication], "its other runs are those of the letter"


@pytest.mark.science
def test_what_a_policy_prints_does_not_disturb(plugged, tmp_path, capfd):
    study = write(tmp_path, STUDY, with_policy("talks"))
    assert sweep(study, out=tmp_path / "out", where="processes", workers=1).complete
    assert "a policy may print" in capfd.readouterr().err


def test_workers_that_cannot_start_end_the_study(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false" if os.path.exists("/bin/false") else "/usr/bin/false")  # noqa: PTH110
    with pytest.raises(ExecutionError, match="workers die before they begin a run"):
        sweep(write(tmp_path), out=tmp_path / "out", where="processes", workers=2)


def test_the_second_runner_is_refused_and_a_dead_one_does_not_block(tmp_path):
    study = load_study(write(tmp_path))
    out = tmp_path / "out"
    with Store(out), pytest.raises(InUseError, match=rf"in use by process {os.getpid()} on .* since"):
        sweep(study, out=out)
    hold = f"import pathlib, wom_sim.study.folder as f; s = f.Store(pathlib.Path({str(out)!r}))"
    asked = [sys.executable, "-c", f"{hold}; print('held', flush=True); input()"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    holder = subprocess.Popen(asked, env=os.environ | {"PYTHONPATH": str(ROOT)}, **pipes)
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == b"held"
    with pytest.raises(InUseError, match=f"in use by process {holder.pid}"):
        Store(out)
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert sweep(study, out=out, where="threads").complete


def test_a_folder_with_other_things_is_refused(tmp_path):
    study = load_study(write(tmp_path))
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine")
    with pytest.raises(FolderError, match="holds other files"):
        sweep(study, out=tmp_path / "full")
    assert [f.name for f in (tmp_path / "full").iterdir()] == ["letter.txt"]


def test_a_full_disk_loses_nothing_acknowledged(worlds, tmp_path, monkeypatch):
    study, one = worlds
    out = tmp_path / "out"
    monkeypatch.setattr(folders, "_SOONEST", 0.0)  # a part after each job, and a job for each run
    monkeypatch.setattr("wom_sim.study.queue._CHUNK_SECONDS", 0.0)
    write_part, parts = folders.write_part, []

    def full(folder, part, *rest):
        if part > 3:
            raise OSError(28, "No space left on device", str(folder))
        parts.append(part)
        return write_part(folder, part, *rest)

    monkeypatch.setattr(folders, "write_part", full)
    with pytest.raises(OSError, match="No space left"):
        sweep(study, out=out, where="threads", workers=1)
    manifest = open_manifest(out)
    counts = manifest.counts()
    manifest.close()
    assert parts == [1, 2, 3]
    assert 3 <= counts.done < counts.runs
    monkeypatch.setattr(folders, "write_part", write_part)
    seen = []
    sweep(study, out=out, where="threads", progress=lambda done, total, words: seen.append(done))
    assert seen[0] == counts.done
    assert tables(out) == tables(one)


@pytest.mark.science
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs signals")
def test_ctrl_c_finishes_what_is_under_way_and_the_same_call_goes_on(plugged, tmp_path, monkeypatch):
    gate = Gate(tmp_path / "gate", monkeypatch)
    study = write(tmp_path / "study", STUDY.replace("replications = 3", "replications = 15"), with_policy("held"))
    out = tmp_path / "out"
    asked = [sys.executable, "-m", "wom_sim", "sweep", "run", str(study), "--out", str(out), "--processes"]
    runner = subprocess.Popen([*asked, "--workers", "2"], stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert wait_for(lambda: (out / "parts").is_dir() and any((out / "parts").iterdir()))
    runner.send_signal(signal.SIGINT)
    gate.open()
    _, said = runner.communicate(timeout=PATIENCE)
    assert runner.returncode == 130, said
    assert "the same command goes on" in said
    manifest = open_manifest(out)
    counts = manifest.counts()
    manifest.close()
    assert 0 < counts.done < counts.runs
    assert f"ended: {counts.done} of {counts.runs} runs are done" in " ".join(said.split())
    assert not (out / "in_flight").exists()
    assert sweep(study, out=out, where="threads").complete


class Together:
    """Workers whose first two runs end at the same moment; nothing ends after that until that has been told."""

    def __init__(self, told: list[int]) -> None:
        self._told, self._jobs, self._waited = told, [], 0

    def free(self, depth):
        return iter(range(2 - len(self._jobs)))

    def start(self, worker, job):
        self._jobs.append(job)

    def wait(self, seconds):
        if self._told and self._told[-1] == 1:
            self._waited += 1
            assert self._waited < 100, "the second run is not told"
            time.sleep(seconds)
            return []
        ended, self._jobs = self._jobs, []
        return [Finished(0, job, perform(job.chunk)) for job in ended]

    def close(self, kill):
        pass


def test_what_is_done_is_told_even_if_nothing_follows(tmp_path, monkeypatch):
    """Progress is told once in a while; what is held back meanwhile may not wait for the next run to end."""
    told: list[int] = []
    monkeypatch.setattr("wom_sim.study.sweep._execution", lambda store, how: Together(told))
    found = sweep(write(tmp_path), out=tmp_path / "out", progress=lambda done, total, words: told.append(done))
    assert found.complete
    assert told[-1] == 24


def test_a_study_can_run_in_a_thread_of_a_program(worlds, tmp_path):
    """Signals are not touched there."""
    study, one = worlds
    thread = threading.Thread(target=sweep, args=(study,), kwargs={"out": tmp_path / "out", "where": "threads"})
    thread.start()
    thread.join()
    assert tables(tmp_path / "out") == tables(one)


def test_replay_gives_what_is_stored(worlds):
    one = worlds[1]
    found = replay(one, "6/exit/2")
    assert found.same is True
    assert len(found.result.events) > 0
    assert replay(one, found.key[:10]).key == found.key
    for asked, said in (("zz", "allowed: the key"), ("9/exit/0", "no such row"), ("1/nobody/0", "no such row")):
        with pytest.raises(FolderError, match=said):
            replay(one, asked)
    with pytest.raises(FolderError, match="has no run"):
        replay(one, "0" * 32)


@pytest.mark.parametrize("name", ["first_look", "sprint_2007", "netflix_2011", "grandmother"])
def test_a_chunk_carries_the_whole_scenario(name):
    scenario = load_scenario(ROOT / "scenarios" / f"{name}.toml")
    for said in (scenario, scenario.model_copy(update={"choose": type(scenario.choose)(ids=(3, 4))})):
        assert Scenario.model_validate_json(as_text(said)) == said
