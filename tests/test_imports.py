"""No two files of the package need each other, neither when they are imported nor later, within a function.

Layers between packages are held by ``lint-imports``; here it is files. What is imported for annotations alone, under
``TYPE_CHECKING``, is not needed to run, and does not count.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import wom_sim

PACKAGE = Path(wom_sim.__file__).parent
FILES = {
    ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): file
    for file in PACKAGE.rglob("*.py")
}



def _imports(node: ast.AST) -> Iterator[str]:
    """Yield the modules that a tree imports, at whatever depth, but for annotations alone."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if isinstance(child, ast.ImportFrom):
            for alias in child.names:
                inner = f"{child.module}.{alias.name}"
                yield inner if inner in FILES else str(child.module)
        elif isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        else:
            yield from _imports(child)


def needs(found: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return for each module which others of these it needs, from all that it imports."""
    return {name: {other for other in others if other in found and other != name} for name, others in found.items()}


@cache
def imported() -> dict[str, set[str]]:
    """Return what each file of the package imports."""
    return {name: set(_imports(ast.parse(file.read_text(encoding="utf-8")))) for name, file in FILES.items()}


def circle_in(graph: dict[str, set[str]]) -> list[str]:
    """Return modules that need each other in a circle, [] if there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_two_files_need_each_other():
    assert circle_in(needs(imported())) == []


def test_a_circle_is_found_within_functions_too_and_annotations_make_none():
    one = "def f():\n    from wom_sim.study import two\n"
    later = "from wom_sim.study.one import f\n"
    for_types = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from wom_sim.study.one import f\n"
    names = ("wom_sim.study.one", "wom_sim.study.two")
    FILES.update(dict.fromkeys(names, PACKAGE))
    try:
        first, second, annotated = (set(_imports(ast.parse(text))) for text in (one, later, for_types))
        assert set(circle_in(needs({names[0]: first, names[1]: second}))) == set(names)
        assert circle_in(needs({names[0]: first, names[1]: annotated})) == []
    finally:
        for name in names:
            del FILES[name]


def test_every_module_that_is_imported_is_there():
    """A checker of types is told to pass over what is not installed, and so passes over a module that was renamed."""
    for name, others in imported().items():
        ours = {other for other in others if other.startswith("wom_sim")}
        assert ours <= FILES.keys(), f"{name} imports {', '.join(sorted(ours - FILES.keys()))}"
