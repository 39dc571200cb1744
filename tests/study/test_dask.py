"""A study on a Dask cluster of real processes, over loopback, as docs/CLUSTER.md starts one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from plugins import install
from test_sweep import SCENARIO, STUDY, WORLDS, tables, with_policy, write

from wom_sim import sweep
from wom_sim.study.execute_here import ExecutionError
from wom_sim.study.folder import open_manifest

ROOT = Path(__file__).parents[2]
pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs signals")


class Cluster:
    """A scheduler and two workers; a worker has a nanny, which starts another in its place."""

    def __init__(self, site: Path | None = None) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        path = os.pathsep.join(str(p) for p in (site, ROOT) if p is not None)
        self.environment = os.environ | {"PYTHONPATH": path, "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
        self.processes = [
            self.start("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", "--no-show")
        ]
        self.processes += [self.worker(), self.worker()]

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
def cluster(tmp_path, monkeypatch):
    site = tmp_path / "site"
    site.mkdir()
    install(site)
    monkeypatch.syspath_prepend(str(site))
    started = Cluster(site)
    yield started
    started.end()
    sys.modules.pop("misbehaving", None)


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


@pytest.mark.skip(reason="a cluster whose workers die again and again may stall; docs/CLUSTER.md says so")
def test_a_run_that_kills_its_workers_is_given_up_there_too(cluster, tmp_path):
    one_point = STUDY.partition("[[factors]]")[0].replace("replications = 3", "replications = 2")
    study = write(tmp_path, one_point, with_policy("dies"))
    ended = threading.Event()

    def nanny():
        while not ended.wait(0.2):
            for number, process in enumerate(cluster.processes[1:], start=1):
                if process.poll() is not None:
                    cluster.processes[number] = cluster.worker()

    thread = threading.Thread(target=nanny)
    thread.start()
    try:
        found = sweep(study, out=tmp_path / "out", where=cluster.address)
    finally:
        ended.set()
        thread.join()
    assert found.complete
    assert 0 < found.counts.failed <= 2
    manifest = open_manifest(tmp_path / "out")
    failures = list(manifest.failures())
    manifest.close()
    assert {failure[1] for failure in failures} == {"dies"}
    assert all("took several workers of the cluster with it" in failure[5] for failure in failures)


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
