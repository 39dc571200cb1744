"""The plug-ins of docs/PLUGINS.md, taken from the page, do what it says and keep their contracts."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from kit import forget

from wom_sim import plugins
from wom_sim.cli import main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "PLUGINS.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(python|toml|text|sh)\n(?:# (\S+\.\w+)\n)?(.*?)```", PAGE, re.DOTALL)
FILES = {name: text for _, name, text in BLOCKS if name}


@pytest.fixture
def village(tmp_path, monkeypatch):
    """The page's package, installed; the working folder is where its scenario is."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    project = tomllib.loads(FILES["pyproject.toml"])["project"]
    info = tmp_path / "village_kit-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: village-kit\nVersion: 1.0\n")
    points = project["entry-points"]
    said = "".join(f"[{g}]\n" + "".join(f"{k} = {v}\n" for k, v in of.items()) for g, of in points.items())
    (info / "entry_points.txt").write_text(said)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    forget()
    yield tmp_path
    forget()
    for name in ("peak", "villages", "additive", "shown"):
        sys.modules.pop(name, None)


def test_the_page_names_every_kind_and_its_group():
    for kind, group in plugins.KINDS.items():
        assert f"| {kind} | `{group}` |" in PAGE


@pytest.mark.science
def test_the_page_prints_what_it_says(village):
    names: dict[str, object] = {}
    printed, compared = "", 0
    for kind, name, text in BLOCKS:
        if kind == "python" and not name:
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile(text, "docs/PLUGINS.md", "exec"), names)
            printed = out.getvalue()
        elif kind == "text":
            assert printed.strip() == text.strip()
            compared += 1
    assert compared == 2


@pytest.mark.science
def test_compare_and_report_show_them(village, capsys):
    for words in (["compare", "village.toml", "--out", "out"], ["report", "out"]):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert not ended.value.code, capsys.readouterr().err
    assert (village / "out" / "charts" / "peaks.png").is_file()
    page = next((village / "out").glob("*.html")).read_text(encoding="utf-8")
    assert "begin within three days" in page


@pytest.mark.science
def test_the_contracts_are_kept_as_the_page_says(village):
    command = next(text for kind, _, text in BLOCKS if kind == "sh").split()
    paths = os.pathsep.join([str(village), str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, *command[1:], "-q", "-p", "no:cacheprovider"],
        cwd=village, env=os.environ | {"PYTHONPATH": paths}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert "12 passed" in done.stdout
