"""Mutation testing of a part of the package: small faults are put in, one at a time; do the tests notice?

``python tests/mutants/run.py SCOPE`` works in ``results/mutants/SCOPE``; what is measured stays there, so that the
same command goes on where it was stopped. The tool is mutmut (why: docs/DESIGN.md); here are the scope, the sample,
and the verdicts on survivors, which people give in ``survivors.toml``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import by_hand
import fast_first
from scipy.stats import beta

BY_HAND = "by_hand"
HERE = Path(__file__).parent
ROOT = HERE.parents[1]
KILLED, SURVIVED, UNTESTED, SLOW = "killed", "survived", "no test meets it", "killed (by time)"
_RESULTS = {0: SURVIVED, 33: UNTESTED, 5: UNTESTED, 1: KILLED, 3: KILLED, 36: SLOW, 24: SLOW, -24: SLOW, 152: SLOW}
_KERNEL = re.compile(r"^@(?:kernel|inlined)\ndef ", re.MULTILINE)


def main() -> int:
    """Run the command line; return 1 where a survivor has no verdict yet."""
    options = _options()
    os.environ.setdefault("WOM_SIM_PARITY_EXAMPLES", "30")  # random worlds, a tenth of what the tests take else
    work = ROOT / "results" / "mutants" / options.scope
    if options.scope == BY_HAND:
        _lay(work, {"mutate": [], "tests": []})
        return by_hand.run(work)
    scope = tomllib.loads((HERE / "scopes.toml").read_text())[options.scope]
    os.environ[fast_first.SECONDS] = str(scope.get("seconds", "inf"))
    _lay(work, scope)
    if not options.report:
        _make(work)
    sample = _sample(_found(work, scope), options.sample, options.seed)
    left = [name for name, code in sample.items() if code is None or (options.again and code in (0, 5, 33))]
    if left and not options.report:
        _mutmut(work, "run", "--max-children", str(options.workers), *left)
    return _report(work, options, _found(work, scope))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    scopes = sorted(tomllib.loads((HERE / "scopes.toml").read_text()))
    parser.add_argument("scope", choices=[*scopes, BY_HAND])
    parser.add_argument("--sample", type=int, default=0, help="so many mutants, drawn by the seed; 0: all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--again", action="store_true", help="run those that survived once more, as tests have changed")
    parser.add_argument("--report", action="store_true", help="only say what was found so far")
    return parser.parse_args()


def _lay(work: Path, scope: dict[str, Any]) -> None:
    """Lay a copy of the repository, with the settings of the tool; kernels that are to be changed as plain Python.

    The tool leaves decorated functions alone; a kernel without its decorator is a function that does the same, slower.
    """
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    for name in filter(lambda name: (ROOT / name).is_file(), files):
        there = work / name
        text = (ROOT / name).read_bytes()
        if scope.get("kernels") and name in scope["mutate"]:
            text = _KERNEL.sub("def ", text.decode()).encode()
        if name == "pyproject.toml":
            text += _settings(scope, sorted({file.split("/")[0] for file in files} - {"wom_sim", "tests"})).encode()
        if not there.exists() or there.read_bytes() != text:
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(text)


def _settings(scope: dict[str, Any], copied: list[str]) -> str:
    arguments = ["-n", "0", "-p", "no:cacheprovider", "-p", "tests.mutants.fast_first", "-p", "tests.mutants.anew"]
    out = scope.get("leave_out", [])
    arguments += [f"--{'deselect' if '::' in name else 'ignore'}={name}" for name in out]
    settings = {
        "source_paths": ["wom_sim"], "only_mutate": scope["mutate"], "also_copy": copied,
        "pytest_add_cli_args": arguments, "pytest_add_cli_args_test_selection": scope["tests"],
        "timeout_multiplier": 2.0, "timeout_constant": 15.0, "use_git_change_detection": False,
    }  # fmt: skip
    return "\n[tool.mutmut]\n" + "".join(
        f"{key} = {str(value).lower() if isinstance(value, bool) else json.dumps(value)}\n"
        for key, value in settings.items()
    )


def _mutmut(work: Path, *command: str, quiet: bool = False) -> str:
    tool = shutil.which("mutmut", path=str(Path(sys.executable).parent)) or "mutmut"
    piped = subprocess.PIPE if quiet else None
    done = subprocess.run([tool, *command], cwd=work, check=False, stdout=piped, stderr=piped, text=True)
    return f"{done.stdout}{done.stderr}" if quiet else ""


def _make(work: Path) -> None:
    """Make the mutants and find which tests meet which function; the tool does so before it looks for the named ones.

    Raises
    ------
    SystemExit
        If the tests fail without any mutant.
    """
    print("making the mutants, and one run of the tests to see which of them meets which function", flush=True)
    said = _mutmut(work, "run", "none", quiet=True)
    if not (work / "mutants" / "mutmut-stats.json").exists() or "nothing matches" not in said:
        spinner = re.compile(r"^\S? ?(Running|Generating|Listing) ")
        lines = [line for line in re.split("[\r\n]+", said) if not spinner.search(line)]
        raise SystemExit("\n".join(lines[-80:]))


def _found(work: Path, scope: dict[str, Any]) -> dict[str, int | None]:
    """Return the result of every mutant by name, of kernels alone where the scope is theirs; None if not run yet."""
    found: dict[str, int | None] = {}
    for file in sorted((work / "mutants").rglob("*.meta")):
        mine = json.loads(file.read_text())["exit_code_by_key"]
        source = ROOT / file.relative_to(work / "mutants").with_suffix("")
        kernels = re.findall(_KERNEL.pattern + r"(\w+)", source.read_text(), re.MULTILINE)
        found |= {name: code for name, code in mine.items() if not scope.get("kernels") or _place(name)[1] in kernels}
    return found


def _sample(found: dict[str, int | None], size: int, seed: int) -> dict[str, int | None]:
    """Return a seeded sample: the mutants whose names, hashed with the seed, come first."""
    order = sorted(found, key=lambda name: hashlib.sha256(f"{seed} {name}".encode()).digest())
    return {name: found[name] for name in (order[:size] if size else order)}


def _changes(work: Path, name: str) -> tuple[str, str]:
    """Return the line of a mutant before and after."""
    shown = _mutmut(work, "show", name, quiet=True).splitlines()
    was = [line[1:].strip() for line in shown if line.startswith("-") and not line.startswith("---")]
    now = [line[1:].strip() for line in shown if line.startswith("+") and not line.startswith("+++")]
    return " ".join(was), " ".join(now)


def _place(name: str) -> tuple[str, str]:
    """Return module and function of a mutant."""
    module, _, rest = name.rpartition(".")
    function = re.sub(r"__mutmut_\d+$", "", rest).removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
    return module.removeprefix("wom_sim."), function


def jeffreys(hits: int, number: int) -> tuple[float, float]:
    """Return Jeffreys' 95 % interval of a share."""
    low = 0.0 if hits == 0 else float(beta.ppf(0.025, hits + 0.5, number - hits + 0.5))
    high = 1.0 if hits == number else float(beta.ppf(0.975, hits + 0.5, number - hits + 0.5))
    return low, high


def _report(work: Path, options: argparse.Namespace, found: dict[str, int | None]) -> int:
    sample = _sample(found, options.sample, options.seed)
    results = {name: _RESULTS.get(code, f"unclear ({code})") for name, code in sample.items() if code is not None}
    judged = tomllib.loads((HERE / "survivors.toml").read_text()).get("survivor", [])
    verdicts = {(j["module"], j["function"], j["was"], j["became"]): j["verdict"] for j in judged}
    alive = {name: result for name, result in results.items() if result in (SURVIVED, UNTESTED)}
    rows = []
    for name, result in alive.items():
        key = (*_place(name), *_changes(work, name))
        rows.append((*key, result, verdicts.get(key, "")))
    equivalent = sum(row[-1] == "equivalent" for row in rows)
    killed = sum(result in (KILLED, SLOW) for result in results.values())
    effective = len(results) - equivalent
    low, high = jeffreys(killed, effective) if effective else (0.0, 1.0)
    unclear = len(results) - killed - len(alive)
    print(f"\n{options.scope}: {len(found)} mutants, {len(results)} of {len(sample)} run (seed {options.seed})")
    print(f"{killed} killed of {effective} effective: {killed / max(1, effective):.1%} ({low:.1%} to {high:.1%})")
    print(f"{equivalent} judged equivalent, {effective - killed - unclear} others alive, {unclear} unclear")
    for module, function, was, became, result, verdict in sorted(rows):
        if verdict != "equivalent":
            print(f"\n{module} {function}: {result}{', ' + verdict if verdict else ''}\n  - {was}\n  + {became}")
    return int(any(not row[-1] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
