"""A command loads what it needs, and is done when it has said what it has to say."""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent

import pytest

SMALL = ("run.replications=1", "run.days=5", "population.customers=500", "population.prospects=100")


def in_a_process_of_its_own(code: str, *arguments: str) -> list[str]:
    """Return the words that some code says on the error stream, run by a fresh interpreter."""
    command = [sys.executable, "-c", dedent(code), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr.split()


@pytest.mark.science
def test_a_comparison_without_a_folder_loads_nothing_that_draws():
    code = """
        import sys
        from wom_sim.cli import main
        try:
            main()
        except SystemExit as end:
            print("loaded:", end.code or 0, *sys.modules, file=sys.stderr)
    """
    options = [part for each in SMALL for part in ("--set", each)]
    said = in_a_process_of_its_own(code, "compare", "builtin:first_look", *options)
    code, *modules = said[said.index("loaded:") + 1 :]
    assert code == "0" and "wom_sim.study.compare" in modules
    assert not {"matplotlib", "wom_sim.charts", "wom_sim.present", "numpy.f2py.crackfortran"} & set(modules)


def test_what_is_loaded_lazily_is_there_when_it_is_used():
    code = """
        import sys
        import wom_sim._compile
        import numpy
        import scipy.special
        before = "numpy.f2py.crackfortran" in sys.modules
        from numpy import f2py
        print(before, callable(f2py.get_include), "numpy.f2py.crackfortran" in sys.modules, file=sys.stderr)
    """
    assert in_a_process_of_its_own(code) == ["False", "True", "True"]


@pytest.mark.parametrize(("arguments", "frozen"), [("", True), ("['--help']", False)])
def test_objects_are_set_aside_at_the_end_where_the_process_is_ours(arguments, frozen):
    code = f"""
        import gc, sys
        from wom_sim.cli import main
        sys.argv[1:] = ["--help"]
        try:
            main({arguments})
        except SystemExit:
            print(gc.get_freeze_count() > 0, file=sys.stderr)
    """
    assert in_a_process_of_its_own(code) == [str(frozen)]
