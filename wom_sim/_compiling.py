"""Telling how far compilation is: on a new machine it takes a minute or more, in which nothing else is heard.

This module is no part of what is compiled: a change here compiles nothing anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from numba.core import event

from wom_sim.words.said import Said

_EVERY = 3.0
"""Seconds between two words."""


class _Counter(event.Listener):
    """Counts functions as they are compiled; what is read from the cache is not compiled, and says nothing."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell, self._began, self._last, self.number = tell, time.perf_counter(), 0.0, 0

    def on_start(self, event: Any) -> None:
        """Do nothing: functions are counted when they are done."""

    def on_end(self, event: Any) -> None:
        """Count a function, and say how many there are by now, every few seconds."""
        self.number += 1
        spent = time.perf_counter() - self._began
        if spent - self._last >= _EVERY:
            self._last = spent
            self._tell(Said("step.compiling", n=self.number, seconds=round(spent)))


@contextmanager
def compilation_told(tell: Callable[[str], None]) -> Iterator[None]:
    """Call ``tell`` with a few words every few seconds as long as functions are compiled, in whichever thread."""
    counter = _Counter(tell)
    event.register("numba:compile", counter)
    try:
        yield
    finally:
        event.unregister("numba:compile", counter)
