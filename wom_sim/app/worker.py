"""The child process: takes what is asked as lines of JSON, answers with lines of JSON, and stops when it is told to.

It is started by ``jobs``, not by people. Between two runs it looks whether it shall stop; where it does not stop in
time it is killed. What it has written until then is complete, or as it was (``results.files.Stage``).
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

Plain = dict[str, Any]


class StoppedError(Exception):
    """What is under way is no longer wanted."""


class Child:
    """What goes between the child and its parent. ``number``: that of the job under way."""

    def __init__(self) -> None:
        self.number = 0
        self._stop = 0
        self._out = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)  # what a policy prints must not get between the messages
        self._asked: list[Plain] = []
        self._more = threading.Condition()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in sys.stdin:
            message = json.loads(line)
            with self._more:
                if message["do"] == "stop":
                    self._stop = max(self._stop, message["number"])
                else:
                    self._asked.append(message)
                self._more.notify()
        os._exit(0)  # the parent is gone

    def next(self) -> Plain:
        """Wait for a job, and return it."""
        with self._more:
            while not self._asked:
                self._more.wait()
            job = self._asked.pop(0)
        self.number = job["number"]
        return job

    def tell(self, event: str, **content: Any) -> None:
        """Send an event of the job under way. Raises StoppedError where it is no longer wanted."""
        self.check()
        self._send({"event": event, "number": self.number, **content})

    def end(self, event: str, **content: Any) -> None:
        """Send the last event of the job under way."""
        self._send({"event": event, "number": self.number, "last": True, **content})

    def check(self) -> None:
        """Raise StoppedError if the job under way is no longer wanted."""
        if self._stop >= self.number:
            raise StoppedError

    def _send(self, message: Plain) -> None:
        self._out.write(json.dumps(message, allow_nan=False) + "\n")
        self._out.flush()


def main() -> None:
    """Work until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    child = Child()
    work = _ready()
    child.end("ready")
    threading.Thread(target=_load_drawing, daemon=True).start()
    while True:
        job = child.next()
        try:
            child.check()
            work[job["do"]](job, child)
        except StoppedError:
            child.end("stopped")
        except Exception as error:  # whatever it is, the page says it and goes on
            print(traceback.format_exc(), file=sys.stderr, flush=True)
            child.end("refused", text=_in_words(error))


def _ready() -> dict[str, Callable[[Plain, Child], None]]:
    """Import and compile what a first run would else wait for, and return what can be asked for."""
    from wom_sim.app.comparing import run_comparison
    from wom_sim.app.exports import export
    from wom_sim.app.pinned import compare_pinned
    from wom_sim.engines.compiled import warm

    warm()
    return {"compare": run_comparison, "export": export, "pinned": compare_pinned}


def _load_drawing() -> None:
    """Import what the first chart would else wait for, while the first runs are awaited."""
    from wom_sim.charts.save import load

    load()


def _in_words(error: Exception) -> str:
    """Return what went wrong in a sentence; what is not the user's fault by its kind."""
    from wom_sim.study.cost import NotEnoughMemoryError

    if isinstance(error, ValueError | NotEnoughMemoryError | ModuleNotFoundError):
        return str(error)[:2000]
    if isinstance(error, OSError):
        return f"{Path(str(error.filename)).name if error.filename else ''}: {error.strerror or error}"
    return f"{type(error).__name__}: {error}"[:500]
