"""What goes between the child process and its parent: lines of JSON."""

from __future__ import annotations

import json
import os
import sys
import threading
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
