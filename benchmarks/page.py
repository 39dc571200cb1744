"""How long the page takes: from the click on a case to the first verdict, and from a change to its preview.

``python benchmarks/page.py``: in a browser (Debian's Chromium), on ``first_look``. Wall time is that of the machine as
it is; processor time of the server and its child says what was done, whoever else was there.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from typing import Any

import psutil
from playwright.sync_api import sync_playwright

_CHANGES = 5
_OPTIONS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
_FIGURES = "() => document.querySelectorAll('.figures dd').length > 0"
_DONE = "() => document.getElementById('busy').hidden && document.querySelectorAll('.figures dd').length > 0"
_WATCH = """() => { window.seen = 0; new MutationObserver(() => { if (!window.seen) window.seen = performance.now(); })
  .observe(document.getElementById('sentences'), {childList: true}); }"""
_SEEN = "() => window.seen > 0"


class Spent:
    """Wall time, and processor time of the server and its children, since it was made."""

    def __init__(self, server: psutil.Process) -> None:
        self._server, self._wall, self._work = server, time.perf_counter(), _worked(server)

    def __str__(self) -> str:
        """Return both in seconds."""
        work = _worked(self._server) - self._work
        return f"{time.perf_counter() - self._wall:5.2f} s wall, {work:5.2f} s of processors"


def _worked(server: psutil.Process) -> float:
    times = [process.cpu_times() for process in (server, *server.children(recursive=True))]
    return sum(each.user + each.system for each in times)


def _measure(tab: Any, root: str, server: psutil.Process) -> None:
    tab.goto(root)
    click = Spent(server)
    tab.click("a[href*='first_look']")
    tab.wait_for_function(_FIGURES)
    print(f"click to the first verdict:    {click}")
    tab.wait_for_function(_DONE)
    print(f"click to everything:           {click}")
    number = tab.locator('.column[data-policy="bulk letter"] input[type=number]').nth(1)
    for change in range(_CHANGES):
        tab.evaluate(_WATCH)
        moved = Spent(server)
        number.fill(str(40 + change))
        tab.wait_for_function(_SEEN)
        print(f"change to its preview (0.3 s of it waited): {moved}")
        tab.wait_for_function(_DONE)
        print(f"change to everything:                       {moved}")
    tab.go_back()
    back = Spent(server)
    tab.wait_for_function(_FIGURES)
    print(f"back to what was there:        {back}")


def main() -> None:
    """Serve the page, open it, and say what each step took."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as started:
        command = [sys.executable, "-m", "wom_sim", "app", "--folder", folder, "--no-browser"]
        began = time.perf_counter()
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        named = re.search(r"http://\S+/t/[\w-]+/", server.stdout.readline())
        assert named is not None
        print(f"load {os.getloadavg()[0]:.1f}; usable after {time.perf_counter() - began:.2f} s")
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=_OPTIONS)
        try:
            tab = browser.new_page()
            tab.set_default_timeout(120_000)
            time.sleep(5.0)  # as long as it takes to read the first page
            _measure(tab, named[0], psutil.Process(server.pid))
        finally:
            browser.close()
            server.terminate()
            server.wait(20)


if __name__ == "__main__":
    main()
