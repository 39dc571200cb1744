"""What every rule promises: pure, small, compiled without fast-math, explained, and shown by an example."""

from __future__ import annotations

import ast
import doctest
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from rulebook import COMPILED, MODULES, RULES, apply, arguments, compiled_functions

import wom_sim
import wom_sim.world.luck as luck_module

PACKAGE = Path(wom_sim.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))

OBVIOUS = {
    "people_skipped", "skip_length", "share_within", "dose_units", "base_hazard", "decision", "decision_by", "blamed",
    "flow_value", "calls_value", "profit_value", "change_value", "insight_value", "join_value", "cents",
    "monthly_profit",
    "flow_in", "profit_in", "change_in", "insight_in", "months_of_stay", "learns", "discount_while_learning", "at_once",
    "first_bill", "value_beyond", "units_of_intensity", "left_when_usual", "mean_audience",
}  # fmt: skip
"""Definitions, products and book-keeping: nothing about people is claimed that would need a source."""

WITH_EXAMPLES = [
    pytest.param(module, name, id=f"{module.__name__.rpartition('.')[2]}.{name}")
    for module in (*MODULES, luck_module)
    for name, function in compiled_functions(module).items()
    if ">>>" in (function.__doc__ or "")
]


def relative(file: Path) -> str:
    return str(file.relative_to(PACKAGE))


def test_the_rules_are_found():
    assert {"grievance", "chance_of_pickup", "harm", "decision", "customer_value", "cents"} <= set(RULES)
    assert len(RULES) == sum(len(compiled_functions(module)) for module in MODULES), "two rules share a name"


@pytest.mark.parametrize(("module", "name"), WITH_EXAMPLES)
def test_examples_hold(module, name):
    function = getattr(module, name)
    parse = doctest.DocTestParser().get_doctest
    example = parse(function.__doc__, dict(vars(module)), name, module.__file__, 0)
    assert example.examples
    printed: list[str] = []
    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=printed.append)
    assert result.failed == 0, "".join(printed)


@pytest.mark.parametrize("name", RULES)
def test_has_an_example_and_a_source(name):
    text = RULES[name].__doc__ or ""
    assert ">>>" in text
    sourced = "Source:" in text or "Assumption:" in text
    assert sourced != (name in OBVIOUS), f"{name}: a source, or a place in OBVIOUS, not both"


def test_obvious_rules_exist():
    assert set(RULES) >= OBVIOUS


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_rules_import_only_math_and_each_other(module):
    allowed = {"__future__", "math", "typing", "wom_sim._compile", *(rules.__name__ for rules in MODULES)}
    imported = set()
    for node in ast.walk(ast.parse(Path(module.__file__).read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add("." * node.level + (node.module or ""))
    assert imported <= allowed
    assert "wom_sim._compile" in imported


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_rules_keep_nothing_that_changes(module):
    """A list or dict at module level could be changed by one caller for all."""
    public = {name: value for name, value in vars(module).items() if not name.startswith("__")}
    assert [name for name, value in public.items() if isinstance(value, (list, dict, set))] == []


def test_no_fastmath():
    assert len(SOURCES) > 500
    texts = {file: file.read_text() for file in SOURCES}
    for file in (file for file, text in texts.items() if "fastmath" in text):
        for node in ast.walk(ast.parse(texts[file])):
            if isinstance(node, ast.keyword) and node.arg == "fastmath":
                assert isinstance(node.value, ast.Constant), f"{relative(file)}:{node.value.lineno}"
                assert node.value.value is False, f"{relative(file)}:{node.value.lineno}"


needs_the_compiler = pytest.mark.skipif(not COMPILED, reason="the compiler is switched off")


@needs_the_compiler
@pytest.mark.parametrize("name", RULES)
def test_compiled_without_fastmath_and_without_the_lock(name):
    options = RULES[name].targetoptions
    assert options["fastmath"] is False
    assert options["nogil"] is True
    assert options["error_model"] == "numpy"


@needs_the_compiler
@pytest.mark.parametrize("name", RULES)
def test_compiled_and_python_agree(name):
    """Not to the last bit (the compiler may call exp2 for pow): so both engines call the compiled one."""

    @settings(max_examples=40, deadline=None, derandomize=True, database=None)
    @given(arguments(name))
    def agrees(drawn):
        python, compiled = apply(name, drawn, python=True), apply(name, drawn)
        if isinstance(python, int):
            assert abs(python - compiled) <= 1e-9 * abs(python)
        else:
            assert math.isclose(python, compiled, rel_tol=1e-12, abs_tol=1e-12)

    agrees()
