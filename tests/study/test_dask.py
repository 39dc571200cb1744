"""A study on a Dask cluster of real processes, over loopback, as docs/CLUSTER.md starts one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import pytest
from patience import PATIENCE, wait_for
from plugins import Gate, known
from test_sweep import SCENARIO, STUDY, WORLDS, tables, with_policy, write

from wom_sim import sweep
from wom_sim.study.execute_here import ExecutionError
from wom_sim.study.folder import counts_of, open_manifest

ROOT = Path(__file__).parents[2]
pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs signals")


class Cluster:
    """A scheduler and its workers, without nannies: what is killed stays so. ``gate``: what ``held`` is held by."""

    def __init__(self, folder: Path, site: Path, gate: Gate, workers: int = 2) -> None:
        self.gate = gate
        self.environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(site), str(ROOT)))}
        known_by = folder / "scheduler.json"
        self.processes = [
            self.start(
                "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(known_by),
                "--no-dashboard", "--no-show",
            )
        ]  # fmt: skip
        assert wait_for(lambda: address_in(known_by) is not None or self.processes[0].poll() is not None)
        self.address = address_in(known_by)
        assert self.address is not None, "the scheduler has started"
        self.processes += [self.worker() for _ in range(workers)]

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        asked = [sys.executable, "-m", "dask", *arguments]
        return subprocess.Popen(asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.environment)

    def worker(self) -> subprocess.Popen[bytes]:
        return self.start("worker", self.address, "--nthreads", "1", "--no-dashboard", "--no-nanny")

    def end(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()


def address_in(file: Path) -> str | None:
    """Return the address that a scheduler has written down, None before it has."""
    try:
        return json.loads(file.read_text())["address"]
    except (OSError, ValueError):
        return None


@pytest.fixture
def cluster(request, tmp_path, monkeypatch):
    monkeypatch.setattr("wom_sim.study.execute_dask._PATIENCE", PATIENCE)  # however busy this machine is
    gate = Gate(tmp_path / "gate", monkeypatch)
    with known(tmp_path, monkeypatch) as site:
        started = Cluster(tmp_path, site, gate, getattr(request, "param", 2))
        yield started
        started.end()


class Once:
    """A progress that does something when the first runs are done, and before all can be; ``done``: how many then."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act, self.done = act, 0

    def __call__(self, done: int, total: int, words: str) -> None:
        if done and not self.done:
            assert done < total
            self.done = done
            self._act()


def held_study(folder: Path, study: str, replications: int) -> Path:
    """Write a study with a policy that is held; return its file."""
    said = study.replace("replications = 3", f"replications = {replications}")
    return write(folder / "study", said, with_policy("held"))


@pytest.mark.science
def test_a_killed_worker_changes_nothing(cluster, tmp_path):
    """One of two workers is killed while there is work; its chunks run on the other."""
    study = held_study(tmp_path, WORLDS, 6)

    def kill() -> None:
        cluster.processes[1].send_signal(signal.SIGKILL)
        cluster.gate.open()

    once = Once(kill)
    found = sweep(study, out=tmp_path / "dask", where=cluster.address, progress=once)
    assert once.done
    assert found.complete
    assert found.counts.failed == 0
    sweep(study, out=tmp_path / "here", where="threads", workers=2)
    assert tables(tmp_path / "dask") == tables(tmp_path / "here")


@contextmanager
def others_come(cluster):
    """Start another worker wherever one has died, as a nanny does."""
    ended = threading.Event()

    def nanny():
        while not ended.wait(0.2):
            for number, process in enumerate(cluster.processes[1:], start=1):
                if process.poll() is not None:
                    cluster.processes[number] = cluster.worker()

    thread = threading.Thread(target=nanny)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@pytest.mark.science
def test_a_run_that_kills_its_workers_is_given_up_there_too(cluster, tmp_path):
    one_point = STUDY.partition("[[factors]]")[0].replace("replications = 3", "replications = 4")
    study = write(tmp_path, one_point, with_policy("dies"))
    words: list[str] = []
    with others_come(cluster):
        found = sweep(study, out=tmp_path / "out", where=cluster.address, progress=lambda d, t, w: words.append(w))
    assert found.complete
    assert 0 < found.counts.failed < 4
    manifest = open_manifest(tmp_path / "out")
    failures = list(manifest.failures())
    manifest.close()
    assert {(failure[1], failure[4]) for failure in failures} == {("dies", 3)}
    assert all("was lost from the cluster during this run, three times" in failure[5] for failure in failures)
    assert set(found.table["policy"]) == {"letter", "exit", "dies"}, "the others of its policy were not given up"
    assert sum("was lost from the cluster" in word for word in words) >= 3 * found.counts.failed


@pytest.mark.science
def test_every_worker_killed_at_once_and_others_come(cluster, tmp_path):
    """Chunks that waited for a worker that is gone run on those that come; nobody is given up for it."""
    study = held_study(tmp_path, WORLDS, 6)

    def kill() -> None:
        for process in cluster.processes[1:]:
            process.send_signal(signal.SIGKILL)
        cluster.gate.open()

    once = Once(kill)
    with others_come(cluster):
        found = sweep(study, out=tmp_path / "dask", where=cluster.address, progress=once)
    assert once.done
    assert (found.complete, found.counts.failed) == (True, 0)
    sweep(study, out=tmp_path / "here", where="threads", workers=2)
    assert tables(tmp_path / "dask") == tables(tmp_path / "here")


@pytest.mark.science
@pytest.mark.parametrize("cluster", [0], indirect=True)
def test_workers_that_join_late_are_waited_for(cluster, tmp_path):
    """The worker is started when somebody waits for it."""

    def starts(done: int, total: int, words: str) -> None:
        if words == "waiting for a worker" and len(cluster.processes) == 1:
            cluster.processes.append(cluster.worker())

    found = sweep(write(tmp_path / "study"), out=tmp_path / "out", where=cluster.address, progress=starts)
    assert len(cluster.processes) == 2
    assert found.complete


@pytest.mark.science
def test_without_any_worker_it_ends_with_a_word_and_goes_on_elsewhere(cluster, tmp_path, monkeypatch):
    """Every worker is killed, and nobody starts another. Patience is short from then on, not while they start."""
    study = held_study(tmp_path, STUDY, 12)

    def kill() -> None:
        monkeypatch.setattr("wom_sim.study.execute_dask._PATIENCE", 3.0)
        for process in cluster.processes[1:]:
            process.send_signal(signal.SIGKILL)

    once = Once(kill)
    with pytest.raises(ExecutionError, match=r"no worker has been at work at tcp://\S+ for 3 s"):
        sweep(study, out=tmp_path / "out", where=cluster.address, progress=once)
    assert once.done
    goes_on_here(cluster, study, tmp_path / "out", once.done)


def goes_on_here(cluster: Cluster, study: Path, out: Path, done: int) -> None:
    """Do the rest of a study in threads; check that nothing was lost of what had been done, and nothing failed."""
    assert counts_of(out).done >= done, "what had come is kept"
    cluster.gate.open()
    again: list[int] = []
    found = sweep(study, out=out, where="threads", progress=lambda done, total, words: again.append(done))
    assert again[0] >= done, "and not run again"
    assert (found.complete, found.counts.failed) == (True, 0)


@pytest.mark.science
@pytest.mark.parametrize("stopped", [slice(0, 1), slice(1, None)], ids=["scheduler", "workers"])
def test_what_no_longer_answers_ends_the_run_with_a_word(cluster, tmp_path, monkeypatch, stopped):
    """The scheduler, or every worker, is halted but not dead: its connection stays."""
    study = held_study(tmp_path, STUDY, 12)

    def halt() -> None:
        monkeypatch.setattr("wom_sim.study.execute_dask._PATIENCE", 4.0)
        monkeypatch.setattr("wom_sim.study.execute_dask._ANSWER", 2.0)
        for process in cluster.processes[stopped]:
            process.send_signal(signal.SIGSTOP)

    once = Once(halt)
    with pytest.raises(ExecutionError, match=r"at (work at )?tcp://\S+ (has not answered )?for 4 s"):
        sweep(study, out=tmp_path / "out", where=cluster.address, progress=once)
    assert once.done
    goes_on_here(cluster, study, tmp_path / "out", once.done)


@pytest.mark.science
def test_a_scheduler_that_goes_ends_the_run_with_a_word_and_it_goes_on_elsewhere(cluster, tmp_path):
    study = held_study(tmp_path, STUDY, 12)
    once = Once(lambda: cluster.processes[0].send_signal(signal.SIGKILL))
    with pytest.raises(ExecutionError, match=r"scheduler at tcp://.* is gone"):
        sweep(study, out=tmp_path / "out", where=cluster.address, progress=once)
    assert once.done
    goes_on_here(cluster, study, tmp_path / "out", once.done)


@pytest.mark.science
def test_no_scheduler_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("wom_sim.study.execute_dask._ANSWER", 1.0)
    with pytest.raises(ExecutionError, match=r"no Dask scheduler answers at tcp://127.0.0.1:1"):
        sweep(write(tmp_path, STUDY, SCENARIO), out=tmp_path / "out", where="tcp://127.0.0.1:1")
