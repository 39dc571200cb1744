"""A child process as the server sees it: started, asked, listened to, told to stop, and killed where it does not."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

Plain = dict[str, Any]
GRACE = 0.8
"""Seconds in which a child has to stop by itself: it looks between two runs. To start another one takes longer."""
_LONGEST_LINE = 64 * 2**20
WORK = "from wom_sim.app.worker import main; main()"
"""What a child runs."""


class DiedError(Exception):
    """A child has ended in the middle of a job."""


class ChildProcess:
    """One child, doing one job at a time; started anew when it is needed and not there."""

    def __init__(self, work: str = WORK) -> None:
        self._work = work
        self._process: asyncio.subprocess.Process | None = None
        self._number = 0

    @property
    def pid(self) -> int | None:
        """Return the process id; None where there is no process."""
        return None if self._process is None or self._process.returncode is not None else self._process.pid

    async def ready(self) -> None:
        """Start the child if it is not there, and wait until it has loaded what a run needs."""
        if self.pid is not None:
            return
        start = f"import sys; sys.path[:] = {sys.path!r}; {self._work}"
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", start, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            limit=_LONGEST_LINE, start_new_session=True,
        )  # fmt: skip
        await self._next()

    async def do(self, job: Plain) -> AsyncIterator[Plain]:
        """Do a job, and yield what it tells; the last event has ``last``. Raises DiedError if the child dies."""
        await self.ready()
        self._number += 1
        await self._send({**job, "number": self._number})
        while True:
            event = await self._next()
            if event["number"] == self._number:
                yield event
                if event.get("last"):
                    return

    async def stop(self) -> None:
        """Tell the child to stop its job."""
        if self.pid is not None:
            await self._send({"do": "stop", "number": self._number})

    def kill(self) -> None:
        """End the child at once."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()

    async def close(self) -> None:
        """End the child, and wait until it is gone."""
        if self._process is not None:
            self.kill()
            await self._process.wait()

    async def _send(self, message: Plain) -> None:
        assert self._process is not None and self._process.stdin is not None
        with suppress(ConnectionError):
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            await self._process.stdin.drain()

    async def _next(self) -> Plain:
        assert self._process is not None and self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line.endswith(b"\n"):
            await self._process.wait()
            raise DiedError
        event: Plain = json.loads(line)
        return event
