"""The examples of docs/API.md run, and print what the page says."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.science
def test_the_page_prints_what_it_says(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"```(python|text)\n(.*?)```", (ROOT / "docs" / "API.md").read_text(), re.DOTALL)
    assert [kind for kind, _ in blocks].count("python") >= 4
    names: dict[str, object] = {}
    printed = ""
    for kind, text in blocks:
        if kind == "python":
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile(text, "docs/API.md", "exec"), names)
            printed = out.getvalue()
        else:
            assert printed.strip() == text.strip()
