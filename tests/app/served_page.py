"""A page that is served by the command itself, on a small scenario; and how a page's script would ask it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx
from patience import PATIENCE

SMALL = """\
name = "Small town"
question = "What does each way do?"

[population]
customers = 4_000
prospects = 200

[choose]
limit = 20

[run]
days = 120

[[policies]]
name = "bulk letter"
use = "bulk_letter"

[[policies]]
name = "paid exit"
use = "paid_exit"
"""


@dataclass
class Page:
    """A page that is served: its address, folder and process; ``client`` asks as the script of the page does."""

    root: str
    folder: Path
    file: Path
    process: subprocess.Popen[str]
    client: httpx.Client

    def post(self, path: str, **body: object) -> httpx.Response:
        return self.client.post(f"{self.root}{path}", json={"page": "test", **body})

    def state(self, *changes: str, base: str = "given", runs: int = 20, lang: str = "en") -> dict[str, object]:
        return {"base": base, "set": list(changes), "runs": runs, "lang": lang}

    def begun(self, *changes: str, confirmed: bool = False, page: str = "test", **state: object) -> dict:
        answer = self.post("api/run", state=self.state(*changes, **state), confirmed=confirmed, page=page)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def events(self, job: str, until: str = "") -> list[dict]:
        """The events of a job to the last, or to the first of a kind, where the listener goes away."""
        found = []
        with self.client.stream("GET", f"{self.root}api/events/{job}") as stream:
            for line in stream.iter_lines():
                if line.startswith("data: "):
                    found.append(json.loads(line[6:]))
                    if found[-1]["event"] == until:
                        break
        return found

    def run(self, *changes: str, confirmed: bool = True, **how: object) -> list[dict]:
        """The events of a run; confirmed beforehand, since on a busy machine any run may be one that takes long."""
        return self.events(self.begun(*changes, confirmed=confirmed, **how)["job"])

    def children(self) -> list[int]:
        """The processes that the server has started and that still live."""
        import psutil

        return [child.pid for child in psutil.Process(self.process.pid).children() if child.status() != "zombie"]


def serve(folder: Path, *options: str) -> tuple[subprocess.Popen[str], list[str]]:
    """The command itself, and the addresses that it names."""
    command = [sys.executable, "-m", "wom_sim", "app", *options, "--folder", str(folder), "--no-browser"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    assert process.stdout is not None
    found: list[str] = []
    while line := process.stdout.readline():
        if named := re.search(r"https?://\S+?/t/[\w-]+/", line):
            found.append(named[0])
        if line.startswith("Ctrl-C"):
            return process, found
    raise AssertionError(f"ended with {process.wait()}")


def end(process: subprocess.Popen[str]) -> int:
    process.send_signal(signal.SIGINT)
    try:
        return process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
