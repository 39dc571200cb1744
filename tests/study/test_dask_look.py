"""Who is taken for lost, on a cluster and by a clock that are both invented: nothing here depends on real time."""

from __future__ import annotations

import itertools
import socket
from types import SimpleNamespace

import pytest

from wom_sim.study import execute_dask
from wom_sim.study.execute_here import Died, ExecutionError
from wom_sim.study.queue import Job

pytest.importorskip("distributed")


class Cluster:
    """A scheduler whose workers live as long as they are told to; every look takes no time."""

    def __init__(self, workers: int) -> None:
        self.now = 1000.0
        self.alive = {f"tcp://{number}": True for number in range(workers)}
        self.beats = dict.fromkeys(self.alive, self.now)

    def passes(self, seconds: float) -> None:
        """Let time pass; who is alive gives a sign of it."""
        self.now += seconds
        self.beats |= {address: self.now for address, is_alive in self.alive.items() if is_alive}

    # -- what the client of a cluster offers ---------------------------------------------------------------------

    status = "running"
    scheduler = SimpleNamespace(identity=None)
    numbers = itertools.count()

    def sync(self, *_: object, **__: object) -> dict[str, object]:
        about = {"local_directory": "here", "nthreads": 1, "status": "running"}
        return {"workers": {address: about | {"last_seen": beat} for address, beat in self.beats.items()}}

    def submit(self, *_: object, **__: object) -> SimpleNamespace:
        return SimpleNamespace(key=f"job {next(self.numbers)}", add_done_callback=lambda call: None)

    def cancel(self, futures: object) -> None:
        pass


@pytest.fixture
def on(request, monkeypatch):
    """A cluster of two workers, and what runs on it, with a job for each."""
    cluster = Cluster(2)
    monkeypatch.setattr("distributed.Client", lambda *_, **__: cluster)
    monkeypatch.setattr(execute_dask, "time", SimpleNamespace(monotonic=lambda: cluster.now))
    dask = execute_dask.OnDask("tcp://invented")
    give(dask)
    return cluster, dask


@pytest.fixture
def calls(monkeypatch):
    """The calls to a scheduler that lets each wait for ten seconds; it answers the fourth, if it is asked so often."""
    cluster, made = Cluster(1), []

    def client(address: str, **_: object) -> Cluster:
        made.append(address)
        cluster.now += 10.0
        if len(made) < 4 or address.endswith("?never"):
            raise OSError("no answer in time")
        return cluster

    monkeypatch.setattr("distributed.Client", client)
    monkeypatch.setattr(execute_dask, "time", SimpleNamespace(monotonic=lambda: cluster.now))
    return made


def test_a_scheduler_that_is_there_but_busy_is_given_time(calls):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        execute_dask.OnDask(f"tcp://127.0.0.1:{busy.getsockname()[1]}")
    assert len(calls) == 4


def test_it_is_not_given_time_for_ever(calls, monkeypatch):
    monkeypatch.setattr(execute_dask, "_is_heard", lambda address: True)
    with pytest.raises(ExecutionError, match=r"no Dask scheduler answers at .* no answer in time"):
        execute_dask.OnDask("tcp://127.0.0.1:1?never")
    assert len(calls) == 7, "of ten seconds each, the last begun within a minute"


def test_where_nobody_listens_nobody_is_waited_for(calls):
    with pytest.raises(ExecutionError, match=r"no Dask scheduler answers at tcp://127.0.0.1:1: no answer in time"):
        execute_dask.OnDask("tcp://127.0.0.1:1")
    assert len(calls) == 1


def give(dask: execute_dask.OnDask) -> list[str]:
    """Give each free worker a job; return who has got one."""
    free = [str(name).partition(" ")[0] for name in dask.free(1)]
    for name in list(dask.free(1)):
        dask.start(name, Job(None, 0, [SimpleNamespace(number=1, attempts=0)]))
    return free


def lost(dask: execute_dask.OnDask) -> list[str]:
    """Return the workers whose jobs are lost by now."""
    return [event.worker.partition(" ")[0] for event in dask.wait(0.0) if isinstance(event, Died)]


def test_a_halted_worker_is_lost_once_and_gets_nothing_before_it_lives_again(on):
    """Else what it is handed again and again counts as lost three times, and a good run is given up."""
    cluster, dask = on
    cluster.alive["tcp://1"] = False
    found, handed = [], []
    for _ in range(100):
        cluster.passes(5.0)
        found += lost(dask)
        handed += give(dask)
    assert (found, handed) == (["tcp://1"], [])
    cluster.alive["tcp://1"] = True
    cluster.passes(5.0)
    assert (lost(dask), give(dask)) == ([], ["tcp://1"])


def test_workers_halted_one_after_the_other_end_the_run_with_a_word(on):
    cluster, dask = on
    cluster.alive["tcp://0"] = False
    cluster.passes(30.0)
    lost(dask)
    cluster.alive["tcp://1"] = False

    def waits() -> None:
        for _ in range(100):
            cluster.passes(5.0)
            lost(dask)
            give(dask)

    with pytest.raises(ExecutionError, match="no worker has been at work at tcp://invented for 60 s"):
        waits()


def test_what_did_not_run_itself_takes_nobody_for_lost(on):
    """All of a machine was halted for an hour: the workers have had no time for a sign of life either."""
    cluster, dask = on
    cluster.now += 3600.0
    assert lost(dask) == []
    for _ in range(20):
        cluster.passes(5.0)
        assert lost(dask) == []
