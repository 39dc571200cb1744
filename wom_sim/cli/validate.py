"""``wom-sim validate``: whether a scenario file is right, and if not, what is wrong with it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wom_sim.cli.ending import BAD_SCENARIO, tell_faults
from wom_sim.scenario.errors import Fault, ScenarioError, visible

if TYPE_CHECKING:
    from wom_sim.scenario import Scenario


def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Scenario files (TOML), or builtin:NAME.")],
    overrides: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Set a key, as in: --set run.days=30. Repeatable."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the faults as JSON.")] = False,
) -> None:
    """Check scenario files and report everything that is wrong with them, with file, line and key.


    A file of ties that a scenario names is read as well, and policies of other packages are loaded.
    """
    from wom_sim.cli.loading import load
    from wom_sim.plugins.limit import PluginError
    from wom_sim.scenario.notes import notes
    from wom_sim.words import Words

    words = Words("en")
    reports: list[dict[str, Any]] = []
    told: set[Fault] = set()  # files that extend the same base share its faults
    for file in _distinct(files):
        scenario, faults, said = None, [], []
        try:
            scenario = load(file, overrides or ())
            said = notes(scenario, words)
        except ScenarioError as error:
            scenario, faults = None, [_about_pattern(fault, file) for fault in error.faults]
        except PluginError as error:
            scenario, faults = None, [Fault(file, message=str(error))]
        reports.append(_report(file, scenario, faults, said))
        if not as_json:
            tell_faults(fault for fault in faults if fault not in told)
            told.update(faults)
            if scenario is not None:
                typer.echo("\n  ".join([_line(reports[-1]), *map(visible, said)]))
    if as_json:
        typer.echo(json.dumps(reports, indent=2, default=_plain))
    if any(report["faults"] for report in reports):
        raise typer.Exit(BAD_SCENARIO)


def _plain(fault: Fault) -> dict[str, Any]:
    """Return a fault as plain data, with its one line of text."""
    return {**asdict(fault), "text": str(fault)}


def _distinct(files: list[str]) -> list[str]:
    """Return the files, each once, with patterns that the shell left alone (Windows, quotes) filled in."""
    found: dict[Path, str] = {}
    for file in files:
        matches = [file]
        if any(mark in file for mark in "*?[") and not Path(file).exists():
            matches = sorted(_matches(file)) or [file]
        for match in matches:
            found.setdefault(_identity(match), match)
    return list(found.values())


def _matches(pattern: str) -> list[str]:
    """Return the files that a pattern means."""
    import glob

    return glob.glob(pattern, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute pattern


def _identity(file: str) -> Path:
    """Return what makes two names of a file the same."""
    try:
        return Path(file).resolve()
    except (OSError, ValueError, RuntimeError):  # a null character; links in a circle
        return Path(file)


def _about_pattern(fault: Fault, file: str) -> Fault:
    """Say of a pattern that nothing matches it, rather than that there is no such file."""
    if fault.file == file and fault.message == "no such file" and any(mark in file for mark in "*?["):
        return Fault(file, message="no file matches this pattern")
    return fault


def _report(file: str, scenario: Scenario | None, faults: list[Fault], said: list[str]) -> dict[str, Any]:
    """Return what is known of a file; ``said``: what is to be known before it is run."""
    if scenario is None:
        return {"file": file, "ok": False, "faults": faults}
    from wom_sim.scenario.ties import ties_as_data
    from wom_sim.scenario.uncertain import held_fixed

    return {
        "file": file,
        "ok": True,
        "name": scenario.name,
        "customers": scenario.population.customers,
        "prospects": scenario.population.prospects,
        "policies": [policy.name for policy in scenario.policies],
        "uncertain": {item.key: item.distribution.text() for item in scenario.uncertain},
        "fixed": list(held_fixed(scenario)),
        "ties": ties_as_data(scenario),
        "notes": said,
        "faults": [],
    }


def _line(report: dict[str, Any]) -> str:
    """Return a good file's line: name, people, policies, numbers given as distributions."""
    people = f"{report['customers'] + report['prospects']:,} people"
    policies = ", ".join(report["policies"])
    drawn = [key for key in report["uncertain"] if key not in report["fixed"]]
    uncertain = f"; uncertain: {', '.join(drawn)}" if drawn else ""
    fixed = f"; held by worlds.fixed and not drawn: {', '.join(report['fixed'])}" if report["fixed"] else ""
    return visible(f"{report['file']}: {report['name']}: {people}; {policies}{uncertain}{fixed}")
