"""Pages in a browser at two widths: what axe-core finds, and whether anything is wider than the window."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

WIDTHS = (1280, 390)
CHROMIUM = next(filter(None, (os.environ.get("CHROMIUM"), *map(shutil.which, ("chromium", "chromium-browser")))), None)
OPTIONS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync"]  # fmt: skip


@contextmanager
def browser() -> Iterator[Any]:
    """Give a browser that asks no network for anything."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield launched
        launched.close()


def violations(shown: Any, file: Path, width: int) -> dict[str, list[str]]:
    """Return what axe-core finds in a page with everything unfolded, by rule, with the elements that break it."""
    from axe_playwright_python.sync_playwright import Axe

    context = shown.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)  # axe is a script
    tab = context.new_page()
    tab.goto(file.as_uri())
    tab.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    found = Axe().run(tab).response["violations"]
    wide = tab.evaluate("document.documentElement.scrollWidth")
    context.close()
    told = {each["id"]: [node["html"][:160] for node in each["nodes"][:3]] for each in found}
    return told | ({} if wide <= width else {"wider than the window": [str(wide)]})
