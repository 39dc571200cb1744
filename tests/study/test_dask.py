"""A study on a Dask cluster of real processes, over loopback, as docs/CLUSTER.md starts one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from plugins import known
from test_sweep import SCENARIO, STUDY, WORLDS, tables, wait_for, with_policy, write

from wom_sim import sweep
from wom_sim.study.execute_here import ExecutionError
from wom_sim.study.folder import counts_of, open_manifest

ROOT = Path(__file__).parents[2]
pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs signals")


def _answers(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


class Cluster:
    """A scheduler and its workers, without nannies: what is killed stays so."""

    def __init__(self, site: Path | None = None, workers: int = 2) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        path = os.pathsep.join(str(p) for p in (site, ROOT) if p is not None)
        self.environment = os.environ | {"PYTHONPATH": path}
        self.processes = [
            self.start("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", "--no-show")
        ]
        self.processes += [self.worker() for _ in range(workers)]
        assert wait_for(lambda: _answers(port)), "the scheduler has started"

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        asked = [sys.executable, "-m", "dask", *arguments]
        return subprocess.Popen(asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.environment)

    def worker(self) -> subprocess.Popen[bytes]:
        return self.start("worker", self.address, "--nthreads", "1", "--no-dashboard", "--no-nanny")

    def end(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(request, tmp_path, monkeypatch):
    with known(tmp_path, monkeypatch) as site:
        started = Cluster(site, getattr(request, "param", 2))
        yield started
        started.end()


@pytest.mark.slow
def test_a_killed_worker_changes_nothing(cluster, tmp_path):
    """One of two workers is killed while it is at work; its chunks run on the other."""
    study = write(tmp_path, WORLDS.replace("replications = 3", "replications = 6"), with_policy("slow"))
    seen: list[int] = []

    def kill_once(done, total, words):
        if done >= 10 and not seen:
            seen.append(done)
            cluster.processes[1].send_signal(signal.SIGKILL)

    found = sweep(study, out=tmp_path / "dask", where=cluster.address, progress=kill_once)
    assert seen, "the worker was killed while there was work"
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_every_worker_killed_at_once_and_others_come(cluster, tmp_path):
    """Chunks that waited for a worker that is gone run on those that come; nobody is given up for it."""
    study = write(tmp_path, WORLDS.replace("replications = 3", "replications = 6"), with_policy("slow"))
    seen: list[int] = []

    def kill_once(done, total, words):
        if done >= 10 and not seen:
            seen.append(done)
            for process in cluster.processes[1:]:
                process.send_signal(signal.SIGKILL)

    with others_come(cluster):
        found = sweep(study, out=tmp_path / "dask", where=cluster.address, progress=kill_once)
    assert seen
    assert (found.complete, found.counts.failed) == (True, 0)
    sweep(study, out=tmp_path / "here", where="threads", workers=2)
    assert tables(tmp_path / "dask") == tables(tmp_path / "here")


@pytest.mark.slow
@pytest.mark.parametrize("cluster", [0], indirect=True)
def test_workers_that_join_late_are_waited_for(cluster, tmp_path):
    words: list[str] = []
    joined = threading.Timer(2.0, lambda: cluster.processes.append(cluster.worker()))
    joined.start()
    found = sweep(
        write(tmp_path), out=tmp_path / "out", where=cluster.address, progress=lambda d, t, w: words.append(w)
    )
    joined.join()
    assert "waiting for a worker" in words
    assert found.complete


@pytest.mark.slow
def test_without_any_worker_it_ends_with_a_word_and_goes_on_elsewhere(cluster, tmp_path, monkeypatch):
    """Every worker is killed, and nobody starts another."""
    monkeypatch.setattr("wom_sim.study.execute_dask._PATIENCE", 3.0)
    study = write(tmp_path, STUDY.replace("replications = 3", "replications = 12"), with_policy("slow"))
    seen: list[int] = []

    def kill_once(done, total, words):
        if done >= 10 and not seen:
            seen.append(done)
            for process in cluster.processes[1:]:
                process.send_signal(signal.SIGKILL)

    with pytest.raises(ExecutionError, match=r"no worker has been at work at tcp://\S+ for 3 s"):
        sweep(study, out=tmp_path / "out", where=cluster.address, progress=kill_once)
    again: list[int] = []
    found = sweep(study, out=tmp_path / "out", where="threads", progress=lambda done, total, words: again.append(done))
    assert again[0] >= seen[0], "what had come is kept"
    assert (found.complete, found.counts.failed) == (True, 0)


@pytest.mark.slow
@pytest.mark.parametrize("stopped", [slice(0, 1), slice(1, None)], ids=["scheduler", "workers"])
def test_what_no_longer_answers_ends_the_run_with_a_word(cluster, tmp_path, monkeypatch, stopped):
    """The scheduler, or every worker, is halted but not dead: its connection stays."""
    monkeypatch.setattr("wom_sim.study.execute_dask._PATIENCE", 4.0)
    monkeypatch.setattr("wom_sim.study.execute_dask._ANSWER", 2.0)
    study = write(tmp_path, STUDY.replace("replications = 3", "replications = 12"), with_policy("slow"))
    seen: list[int] = []

    def halt_once(done, total, words):
        if done >= 10 and not seen:
            seen.append(done)
            for process in cluster.processes[stopped]:
                process.send_signal(signal.SIGSTOP)

    with pytest.raises(ExecutionError, match=r"at (work at )?tcp://\S+ (has not answered )?for 4 s"):
        sweep(study, out=tmp_path / "out", where=cluster.address, progress=halt_once)
    counts = counts_of(tmp_path / "out")
    assert (counts.done >= 10, counts.failed) == (True, 0)


@pytest.mark.slow
def test_a_scheduler_that_goes_ends_the_run_with_a_word_and_it_goes_on_elsewhere(cluster, tmp_path):
    study = write(tmp_path, STUDY.replace("replications = 3", "replications = 12"), with_policy("slow"))
    seen: list[int] = []

    def kill_once(done, total, words):
        if done >= 10 and not seen:
            seen.append(done)
            time.sleep(1.0)  # so that a part is due
            cluster.processes[0].send_signal(signal.SIGKILL)

    with pytest.raises(ExecutionError, match=r"scheduler at tcp://.* is gone"):
        sweep(study, out=tmp_path / "out", where=cluster.address, progress=kill_once)
    again: list[int] = []
    found = sweep(study, out=tmp_path / "out", where="threads", progress=lambda done, total, words: again.append(done))
    assert again[0] >= seen[0], "what had come is kept"
    assert found.complete


@pytest.mark.slow
def test_no_scheduler_is_said(tmp_path):
    with pytest.raises(ExecutionError, match=r"no Dask scheduler answers at tcp://127.0.0.1:1"):
        sweep(write(tmp_path, STUDY, SCENARIO), out=tmp_path / "out", where="tcp://127.0.0.1:1")
