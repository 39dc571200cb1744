"""Steps of a kernel have no machine code of their own, and nothing depends on that."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest

from wom_sim import _steps
from wom_sim._compile import kernel, part, rule

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT") == "1", reason="nothing is compiled")


@part
def _add(values, k):
    if k >= values.size:
        raise IndexError("there are not so many")
    return values[k] + 1.0


@rule
def twice(x):
    return 2.0 * x


@kernel
def total(values, many):
    found = 0.0
    for k in range(many):
        found += twice(_add(values, k))
    return found


def test_a_kernel_does_what_its_steps_say():
    assert total(np.arange(4.0), 4) == 2.0 * (1 + 2 + 3 + 4)


def test_an_error_of_a_step_reaches_python_as_it_was_raised():
    with pytest.raises(IndexError, match="there are not so many"):
        total(np.arange(4.0), 5)


def test_steps_wait_and_kernels_do_not():
    if not _steps.supported():
        pytest.skip("this Numba makes machine code of every step")
    total(np.arange(2.0), 2)
    assert all(made.library._waits for made in _add.overloads.values())
    assert not any(made.library._waits for made in total.overloads.values())


def test_a_rule_that_kernels_call_is_called_from_python_as_well():
    total(np.arange(2.0), 2)
    assert twice(1.5) == 3.0
    assert not any(made.library._waits for made in twice.overloads.values())


def test_code_of_others_is_compiled_as_numba_does_it():
    twice(1.0)  # from here on Numba can let steps wait

    @numba.njit(no_cpython_wrapper=True)
    def theirs(x):
        return x + 1

    @numba.njit
    def call(x):
        return theirs(x)

    assert call(1) == 2
    assert not any(getattr(made.library, "_waits", False) for made in theirs.overloads.values())


_RUN = """
import sys
if "missing" in sys.argv:
    from numba.core import codegen
    codegen.JITCPUCodegen._library_class = type("Other", (codegen.JITCodeLibrary,), {})
from wom_sim import _steps
from tests.test_waiting_steps import total
import numpy as np
print(_steps.supported(), total(np.arange(5.0), 5))
"""


def _said(cache: Path, *words: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "WOM_SIM_CACHE": str(cache)}
    asked = [sys.executable, "-c", _RUN, *words]
    return subprocess.run(asked, env=environment, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.science
def test_another_process_takes_waiting_steps_from_the_cache_and_one_that_cannot_wait_does_as_well(tmp_path: Path):
    """What one kind of process has written the other reads."""
    assert _said(tmp_path / "one") in ("True 30.0", "False 30.0")
    assert _said(tmp_path / "one") in ("True 30.0", "False 30.0")
    assert _said(tmp_path / "one", "missing") == "False 30.0"
    assert _said(tmp_path / "two", "missing") == "False 30.0"
    assert _said(tmp_path / "two") in ("True 30.0", "False 30.0")


@pytest.mark.science
def test_a_kernel_that_is_new_is_made_of_steps_from_the_cache(tmp_path: Path):
    """The kernel is compiled anew, and its steps are read as intermediate code."""
    _said(tmp_path / "cache")
    for file in (tmp_path / "cache").rglob("test_waiting_steps.total-*"):
        file.unlink()
    assert _said(tmp_path / "cache") in ("True 30.0", "False 30.0")
    assert list((tmp_path / "cache").rglob("test_waiting_steps.total-*"))
