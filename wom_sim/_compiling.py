"""Compilation as its user meets it: told how far it is, as nothing else is heard, and on two cores where there are two.

This module is no part of what is compiled: a change here compiles nothing anew.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from numba.core import event

from wom_sim.words.said import Said

_EVERY = 3.0
"""Seconds between two words."""


class Counter(event.Listener):
    """Counts functions as they are compiled; what is read from the cache is not compiled, and says nothing.

    ``number`` are those compiled in this process, ``apart`` those in another one that works for it.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell, self._began, self._last = tell, time.perf_counter(), 0.0
        self.number = self.apart = 0

    def on_start(self, event: Any) -> None:
        """Do nothing: functions are counted when they are done."""

    def on_end(self, event: Any) -> None:
        """Count a function, and say how many there are by now, every few seconds."""
        self.number += 1
        self.tell()

    def tell(self) -> None:
        """Say how many functions are compiled by now, unless that has been said a moment ago."""
        spent = time.perf_counter() - self._began
        if spent - self._last >= _EVERY:
            self._last = spent
            self._tell(Said("step.compiling", n=self.number + self.apart, seconds=round(spent)))


@contextmanager
def compilation_told(tell: Callable[[str], None]) -> Iterator[Counter]:
    """Call ``tell`` with a few words every few seconds as long as functions are compiled, in whichever thread."""
    counter = Counter(tell)
    event.register("numba:compile", counter)
    try:
        yield counter
    finally:
        event.unregister("numba:compile", counter)


def compile_engine(counter: Counter) -> None:
    """Compile the compiled engine, or load it from the cache, so that a first run need not wait.

    Where it has not been compiled yet and there are cores for it, a process of its own does it while this one compiles
    what builds the world, in another thread; if that process fails, this one does the work.
    """
    from wom_sim._compile import COMPILED_CODE
    from wom_sim.engines.compiled import warm

    done = COMPILED_CODE / "engine-compiled"
    if not done.exists() and _has_room():
        _compile_engine_apart(counter, COMPILED_CODE)
    warm()
    with suppress(OSError):  # a folder that cannot be written: it is asked again next time
        done.touch()


def _has_room() -> bool:
    """Whether another process would help: there are two cores, and this process is not itself one of several."""
    if os.environ.get("NUMBA_DISABLE_JIT", "0") != "0" or multiprocessing.parent_process() is not None:
        return False
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return bool(sys.executable) and (cores or 1) > 1


def _compile_engine_apart(counter: Counter, folder: Path) -> None:
    """Let another process compile the engine into a folder, and count what it has done."""
    sources = os.pathsep.join(filter(None, (str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH"))))
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", "from wom_sim import warm; warm.count_engine()"],
            env=os.environ | {"NUMBA_CACHE_DIR": str(folder), "PYTHONPATH": sources},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
    except OSError:
        return
    with process:
        try:
            for line in process.stdout or ():
                if line.strip().isdecimal():
                    counter.apart = int(line)
                    counter.tell()
        finally:
            process.kill()  # nothing if it has ended
