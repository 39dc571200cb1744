"""Try the reference engine as a Mesa user meets it, with several versions of Mesa on every Python that there is.

    python tests/mesa_versions.py [--pythons python3.12 ...] [--versions ==3.3.* "<4" ...]
        [--folder .venv-mesa] [--plan]

For each Python an environment of its own in the folder, in which one version of Mesa after the other is put and
tests/engines/test_mesa.py is run. Ends with status 1 where one fails; a Python that is not there, and a version that
cannot be installed on one, is told and is no failure. The table is written to results.txt in the folder. ``make mesa``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PYTHONS = ("python3.11", "python3.12", "python3.13", "python3.14")
VERSIONS = ("==3.3.*", "==3.4.0", "==3.5.*", "<4")
"""As pip takes them; the last is the newest that pyproject.toml admits, which leaves out 3.4.1 and 3.4.2."""
FIT = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))"
TESTS = ("tests/engines/test_mesa.py", "tests/engines/test_reference.py")
Run = Callable[[Sequence[str]], int]


class Tried(NamedTuple):
    """What came of a version on a Python: "holds", "FAILS", or why it was not tried."""

    python: str
    mesa: str
    outcome: str


def run(words: Sequence[str]) -> int:
    """Run a program in the folder of the project; return its status, 127 where there is none."""
    try:
        return subprocess.run(words, cwd=ROOT, check=False).returncode
    except OSError:
        return 127


def tried(python: str, versions: Sequence[str], folder: Path, run: Run = run) -> list[Tried]:
    """Return what came of each version on a Python."""
    if run([python, "-c", FIT]) != 0:
        return [Tried(python, version, "not tried: no such Python") for version in versions]
    place = folder / Path(python).name
    own = str(place / "bin" / "python")
    pip = [own, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for words in ([python, "-m", "venv", "--clear", str(place)], [*pip, "-e", ".[dev]"], [own, "-m", "wom_sim.warm"]):
        if run(words) != 0:
            return [Tried(python, version, "not tried: the project cannot be installed") for version in versions]
    found = []
    for version in versions:
        if run([*pip, f"mesa{version}"]) != 0:
            found.append(Tried(python, version, "not tried: pip finds no such Mesa for it"))
            continue
        status = run([own, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS])
        found.append(Tried(python, version, "holds" if status == 0 else "FAILS"))
    return found


def main(asked: Sequence[str] | None = None) -> int:
    """Do what the command line says; return the status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pythons", nargs="+", default=PYTHONS)
    parser.add_argument("--versions", nargs="+", default=VERSIONS)
    parser.add_argument("--folder", type=Path, default=ROOT / ".venv-mesa")
    parser.add_argument("--plan", action="store_true", help="say what would be tried, and try nothing")
    given = parser.parse_args(asked)
    if given.plan:
        print("\n".join(f"{python}: mesa{version}" for python in given.pythons for version in given.versions))
        return 0
    found = [each for python in given.pythons for each in tried(python, given.versions, given.folder)]
    table = "\n".join(f"{each.python:<12} mesa{each.mesa:<10} {each.outcome}" for each in found)
    given.folder.mkdir(exist_ok=True)
    (given.folder / "results.txt").write_text(table + "\n", encoding="utf-8")
    print(table)
    return int(any(each.outcome == "FAILS" for each in found) or not any(each.outcome == "holds" for each in found))


if __name__ == "__main__":
    sys.exit(main())
