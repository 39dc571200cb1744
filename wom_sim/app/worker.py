"""The child process: takes what is asked as lines of JSON, answers with lines of JSON, and stops when it is told to.

It is started by ``jobs``, not by people. Between two runs it looks whether it shall stop; where it does not stop in
time it is killed. What it has written until then is complete, or as it was (``results.files.Stage``).
"""

from __future__ import annotations

import signal
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

from wom_sim.app.messages import Child, Plain, StoppedError


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
