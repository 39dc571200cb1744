"""A worker process: takes chunks from its input, writes what came of them to its output, until there is no more.

It is started by ``execute_processes``, not by people. It does not read the caller's main program again, so a study can
be started from a script, a notebook or an interpreter alike.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import IO, Any

_SIZE = struct.Struct("<q")


def write_message(pipe: IO[bytes], message: Any) -> None:
    """Write a message with its length before it."""
    content = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(_SIZE.pack(len(content)) + content)
    pipe.flush()


def read_message(pipe: IO[bytes]) -> Any:
    """Return the next message. Raises EOFError when there are no more."""
    head = pipe.read(_SIZE.size)
    if len(head) < _SIZE.size:
        raise EOFError
    (size,) = _SIZE.unpack(head)
    content = pipe.read(size)
    if len(content) < size:
        raise EOFError
    return pickle.loads(content)


def main() -> None:
    """Work until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the runner is told, and lets the workers finish
    jobs = os.fdopen(os.dup(0), "rb")
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a policy prints must not get between the messages
    _end_with(os.getppid())
    try:
        first = read_message(jobs)
        _serve(jobs, results, first)
    except (EOFError, BrokenPipeError, KeyboardInterrupt):
        os._exit(0)


def _serve(jobs: IO[bytes], results: IO[bytes], first: dict[str, Any]) -> None:
    """Work off chunks."""
    try:
        sys.path[:] = first["path"]
        from wom_sim.study.chunk import perform
        from wom_sim.study.execute_here import marks
        from wom_sim.study.keeper import Keeper

        keep = Keeper(1, first["threads"])
        noted = None if first["noted"] is None else Path(first["noted"])
    except Exception:
        write_message(results, ("broken", traceback.format_exc()))
        return
    with marks(noted, first["number"]) as mark:
        while True:
            chunk = read_message(jobs)
            answer: tuple[str, Any]
            try:
                answer = ("done", perform(chunk, mark, keep))
            except Exception:
                answer = ("broken", traceback.format_exc())
            write_message(results, answer)


def _end_with(parent: int) -> None:
    """End this process when its parent has ended, even in the midst of a long run."""
    if not hasattr(os, "fork"):
        return

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    main()
