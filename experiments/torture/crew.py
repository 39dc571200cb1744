"""Forked workers, each with a limit of memory, watched by their parent: a hang or a crash of one is seen and said."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import random
import resource
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path

import psutil
from judge import HANG, RAW, SLOW, Case, Verdict, judge

MEMORY = 3 * 2**30
"""Bytes that a worker may take beside what it has when it begins."""
TURNS = 3000
"""So many cases a worker does before another takes its place."""
_WALL = 300.0
"""Seconds on the clock after which a case that computes nothing hangs as well."""
Make = Callable[[random.Random, Path], Case]
Run = Callable[[Case], tuple[int, str, str]]


@dataclass
class Kind:
    """A kind of hostile input: its name in the table, how a case is made and run, how many the long run takes."""

    name: str
    make: Make
    share: int
    run: Run


@dataclass
class Tally:
    """What came of the cases of a kind, and the first of those that went wrong."""

    kind: str
    counts: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)

    @property
    def cases(self) -> int:
        """Return how many there were."""
        return self.counts.total()

    def add(self, number: int, verdict: Verdict) -> None:
        """Count a case."""
        self.counts[verdict.what] += 1
        if verdict.words:
            self.said.append(f"{self.kind}, case {number}: {verdict.what}: {verdict.words}")


def one(kind: Kind, seed: int, number: int, place: Path) -> tuple[Case, Verdict]:
    """Do one case alone, which depends on its kind, seed and number and on no other case."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    case = kind.make(random.Random(f"{seed} {kind.name} {number}"), place)
    with contextlib.chdir(place):
        return case, judge(case, kind.run, place)


def _work(kind: Kind, seed: int, numbers: list[int], place: Path, kept: Path, ends: Connection) -> None:
    """Do cases one after the other and tell the parent of each."""
    os.setpgid(0, 0)
    parent = os.getppid()
    with contextlib.suppress(OSError), open(place.with_suffix(".log"), "ab") as log:  # noqa: PTH123
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    sys.stdin = open(os.devnull)  # noqa: PTH123, SIM115 - for as long as the process lives
    taken = psutil.Process().memory_info().vms
    resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY, taken + MEMORY))
    for number in numbers:
        if os.getppid() != parent:  # nobody looks any more
            os._exit(1)
        ends.send_bytes(json.dumps([number]).encode())
        case, verdict = one(kind, seed, number, place)
        if verdict.words:
            keep(kept / f"{kind.name.replace(' ', '_')}_{number}", place, case, verdict)
        ends.send_bytes(json.dumps([number, verdict.what, verdict.words]).encode())
    shutil.rmtree(place, ignore_errors=True)
    ends.close()
    os._exit(0)


def keep(target: Path, place: Path, case: Case | None, verdict: Verdict) -> None:
    """Keep the files of a case that went wrong, and how it was called."""
    with contextlib.suppress(OSError, shutil.Error):
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(place, target, symlinks=True)
        called = None if case is None else case.arguments
        (target / "CASE.json").write_text(json.dumps({"arguments": called, "words": verdict.words}, indent=1))


class _Worker:
    """A forked process that does cases, and where it is."""

    def __init__(self, kind: Kind, seed: int, numbers: list[int], place: Path, kept: Path) -> None:
        self.numbers, self.place, self.now, self.left = numbers, place, None, list(numbers)
        self.ends, theirs = multiprocessing.Pipe(duplex=False)
        context = multiprocessing.get_context("fork")
        self.process = context.Process(target=_work, args=(kind, seed, numbers, place, kept, theirs))
        self.process.start()
        theirs.close()
        self.now: int | None
        self.cpu, self.began = 0.0, time.monotonic()

    def taken(self) -> float:
        """Return the seconds of computing of the present case, its own processes included."""
        with contextlib.suppress(psutil.Error):
            whole = psutil.Process(self.process.pid)
            used = sum(sum(p.cpu_times()[:2]) for p in (whole, *whole.children(recursive=True)))
            return used - self.cpu
        return 0.0

    def begins(self, number: int) -> None:
        """Note that a case begins."""
        self.now, self.began, self.cpu = number, time.monotonic(), 0.0
        self.cpu = self.taken()

    def end(self) -> None:
        """End it and what it has begun."""
        with contextlib.suppress(OSError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.join()
        self.ends.close()


def watch(kind: Kind, numbers: Sequence[int], seed: int, workspace: Path, kept: Path, workers: int = 2) -> Tally:
    """Do the cases of a kind with these numbers in forked workers and return what came of them."""
    tally = Tally(kind.name)
    todo = [list(numbers[k::workers]) for k in range(workers)]
    crew = {k: _Worker(kind, seed, part[:TURNS], workspace / f"w{k}", kept) for k, part in enumerate(todo) if part}
    while crew:
        ready = wait([worker.ends for worker in crew.values()], timeout=1.0)
        for k, worker in list(crew.items()):
            gone = False
            if worker.ends in ready:
                try:
                    told = json.loads(worker.ends.recv_bytes())
                except EOFError:
                    gone = True
                else:
                    if len(told) == 1:
                        worker.begins(told[0])
                    else:
                        tally.add(told[0], Verdict(told[1], told[2]))
                        worker.left.remove(told[0])
                        todo[k].remove(told[0])
                        worker.now = None
            elif worker.now is not None:
                late = worker.taken() > 1.5 * SLOW or time.monotonic() - worker.began > _WALL
                gone = late and _over(tally, worker, kept, HANG, "was ended by the parent", todo[k])
            if gone:
                worker.end()
                if worker.now is not None and worker.now in todo[k]:
                    _over(tally, worker, kept, RAW, f"the process died: {worker.process.exitcode}", todo[k])
                del crew[k]
                if todo[k]:
                    crew[k] = _Worker(kind, seed, todo[k][:TURNS], worker.place, kept)
    return tally


def _over(tally: Tally, worker: _Worker, kept: Path, what: str, words: str, todo: list[int]) -> bool:
    """Count the case that a worker was at when it was ended, and keep its files."""
    assert worker.now is not None
    verdict = Verdict(what, words)
    tally.add(worker.now, verdict)
    keep(kept / f"{tally.kind.replace(' ', '_')}_{worker.now}", worker.place, None, verdict)
    todo.remove(worker.now)
    return True
