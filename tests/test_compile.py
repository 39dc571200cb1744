"""Compiled code cannot be stale: its folder is named by what it was compiled from."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numba
import pytest

from wom_sim import _compile, _compiling
from wom_sim._compile import _compiled_once, source_fingerprint
from wom_sim._compiling import compilation_told

ROOT = Path(__file__).parents[1]
_ASK = "from wom_sim.rules.talking import chance_to_talk as rule; print(rule(0.5, 0.5))"


def _answer(package_root: Path, cache: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(package_root), "WOM_SIM_CACHE": str(cache)}
    return subprocess.run(
        [sys.executable, "-c", _ASK], env=environment, cwd=package_root, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_an_edited_rule_is_used_at_once(tmp_path: Path):
    copy = tmp_path / "copy" / "wom_sim"
    shutil.copytree(ROOT / "wom_sim", copy, ignore=shutil.ignore_patterns("__pycache__"))
    before = source_fingerprint(copy)
    assert before == source_fingerprint(ROOT / "wom_sim")
    assert _answer(copy.parent, tmp_path / "cache") == "0.25"
    rule = copy / "rules" / "talking.py"
    formula = "return min(1.0, p_talk * grievance)"
    rule.write_text(rule.read_text().replace(formula, formula + " / 2.0"))
    assert source_fingerprint(copy) != before
    assert _answer(copy.parent, tmp_path / "cache") == "0.125"


def _thrice(a, b):
    return a[0] + a[1] * b


@pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT") == "1", reason="nothing is compiled")
def test_callers_that_write_out_numbers_share_one_compilation():
    """Numba compiles for each literal: of a rule called with 0, 1 and 2 in a tuple there would be three."""
    once, anew = _compiled_once(numba.njit(_thrice)), numba.njit(_thrice)

    @numba.njit
    def ask(x):
        return once((0, x), 1) + once((1, x), 2) + once((x, x), x)

    @numba.njit
    def ask_as_usual(x):
        return anew((0, x), 1) + anew((1, x), 2) + anew((x, x), x)

    assert ask(5) == ask_as_usual(5) == (0 + 5) + (1 + 10) + (5 + 25)
    assert len(once.overloads) == 1 < len(anew.overloads)
    assert once((1, 2), 3) == 7


@pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT") == "1", reason="nothing is compiled")
def test_what_is_compiled_is_told_and_nothing_else(monkeypatch):
    monkeypatch.setattr("wom_sim._compiling._EVERY", 0.0)

    @numba.njit
    def compiled(x):
        return 2 * x + 1

    said = []
    with compilation_told(said.append):
        assert compiled(3) == 7
    assert [words.split(",")[1].strip() for words in said] == ["once: 1 functions so far"]
    with compilation_told(said.append):
        assert compiled(4) == 9
    assert len(said) == 1, "what is compiled already says nothing"


def test_a_process_of_its_own_is_asked_once_for_the_engine(monkeypatch, tmp_path: Path):
    asked: list[Path] = []
    monkeypatch.setattr(_compile, "COMPILED_CODE", tmp_path)
    monkeypatch.setattr(_compiling, "_has_room", lambda: True)
    monkeypatch.setattr(_compiling, "_compile_engine_apart", lambda counter, folder: asked.append(folder))
    for _ in range(2):
        _compiling.compile_engine(_compiling.Counter(lambda words: None))
    assert asked == [tmp_path]


def test_one_of_several_processes_asks_for_no_other(monkeypatch):
    monkeypatch.delenv("NUMBA_DISABLE_JIT", raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 1}, raising=False)
    assert _compiling._has_room()
    monkeypatch.setattr(_compiling.multiprocessing, "parent_process", lambda: "somebody")
    assert not _compiling._has_room()


def test_on_one_core_no_other_process_is_asked(monkeypatch):
    monkeypatch.delenv("NUMBA_DISABLE_JIT", raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0}, raising=False)
    assert not _compiling._has_room()


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script of a shell")
def test_what_another_process_has_compiled_is_told_and_one_that_fails_is_no_fault(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(_compiling, "_EVERY", 0.0)
    other = tmp_path / "python"
    other.write_text(
        '#!/bin/sh\necho 5\necho "no number"\necho 12\necho "$NUMBA_CACHE_DIR" > "$NUMBA_CACHE_DIR/asked"\nexit 1\n'
    )
    other.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(other))
    said: list[str] = []
    counter = _compiling.Counter(said.append)
    counter.number = 3
    _compiling._compile_engine_apart(counter, tmp_path)
    assert [words.split(",")[1].strip() for words in said] == ["once: 8 functions so far", "once: 15 functions so far"]
    assert (tmp_path / "asked").read_text().strip() == str(tmp_path)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nobody"))
    _compiling._compile_engine_apart(counter, tmp_path)
    assert len(said) == 2


@pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT") == "1", reason="nothing is compiled")
def test_the_process_that_compiles_the_engine_writes_how_many_functions_are_done(tmp_path: Path):
    """With the engine in the cache there is nothing to count, and it ends well."""
    asked = [sys.executable, "-c", "from wom_sim import warm; warm.count_engine()"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NUMBA_CACHE_DIR": str(_compile.COMPILED_CODE)}
    done = subprocess.run(asked, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert all(line.isdecimal() for line in done.stdout.split())


@pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT") == "1", reason="nothing is compiled")
def test_every_function_is_kept_in_the_folder_for_compiled_code(monkeypatch):
    """Numba would keep it beside the sources, where a folder may be open to others."""
    monkeypatch.setattr(numba.core.config, "CACHE_DIR", "")

    @_compile.rule
    def late(x):
        return x + 1

    assert late(1) == 2
    assert Path(late.stats.cache_path).is_relative_to(_compile.COMPILED_CODE)
