"""``wom-sim show``: policies, parameters, indicators; what comes with the program; base and chosen of a scenario."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, fields, is_dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from wom_sim.cli.ending import BAD_SCENARIO, give_up
from wom_sim.cli.show_builtin import HOW, brought, draw_text, text_of

_WIDE = 160  # columns, where the output is no terminal


class What(StrEnum):
    """What can be shown."""

    policies = "policies"
    parameters = "parameters"
    indicators = "indicators"
    trades = "trades"
    scenarios = "scenarios"
    examples = "examples"
    docs = "docs"
    base = "base"
    chosen = "chosen"
    ties = "ties"


def show(
    what: Annotated[What, typer.Argument(help="What to show.", show_default=False)],
    scenario: Annotated[
        str | None,
        typer.Argument(
            metavar="[SCENARIO|NAME]",
            help="For base, chosen and ties: the scenario file. For trades: the preset whose numbers to show. For "
            "scenarios and docs: the one whose text to show; of docs also a section, as in 'evidence 12'.",
            show_default=False,
        ),
    ] = None,
    match: Annotated[
        str, typer.Option("--match", metavar="TEXT", help="Only entries with this text; case does not count.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    overrides: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="For base, chosen and ties: set a key, as in: --set run.days=30. Repeatable.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="For base and chosen: write the table there (.csv or .json). For ties: the people (.csv).",
        ),
    ] = None,
) -> None:
    """List policies, parameters with sources, indicators, or what comes with the program; or show a base or ties.

    The presets of trades: what a scenario may extend, as in: extends = "builtin:bank". With a name, its numbers.
    Scenarios, examples (notebooks) and docs (pages) come with the program; with a name, the text of one. The
    base: the customers as they are built, beside what the file states, and whom each policy chooses. The chosen: those
    who qualify for each policy, one by one, with what their departure is expected to cost through others. The ties:
    what was read of a file of ties, and which of its people became whom.
    """
    if what is What.base:
        from wom_sim.cli.show_base import show_base

        if scenario is None:
            give_up("show base: given no scenario file; allowed: wom-sim show base SCENARIO", BAD_SCENARIO)
        if match:
            lists = "policies, parameters, indicators, trades, scenarios, examples and docs"
            give_up(f"--match: given with base; allowed with {lists}", BAD_SCENARIO)
        show_base(scenario, overrides or (), out, as_json)
        return
    if what is What.chosen:
        from wom_sim.cli.show_chosen import show_chosen

        if scenario is None:
            give_up("show chosen: given no scenario file; allowed: wom-sim show chosen SCENARIO", BAD_SCENARIO)
        show_chosen(scenario, overrides or (), (match, out), as_json)
        return
    if what is What.ties:
        from wom_sim.cli.show_ties import show_ties

        if scenario is None or match or as_json:
            given = "--match" if match else "--json" if as_json else "no scenario file"
            give_up(f"show ties: given {given}; allowed: wom-sim show ties SCENARIO [--out FILE]", BAD_SCENARIO)
        show_ties(scenario, overrides or (), out)
        return
    named = scenario if what in _ONE else None
    if overrides or out is not None or scenario != named:
        given = (None if named else scenario) or ("--set" if overrides else "--out")
        alone = "a scenario, --set and --out go with base, chosen and ties alone"
        give_up(f"show {what.value}: given {given}; {alone}", BAD_SCENARIO)
    gather, draw = _SHOWN[what] if named is None else (partial(_ONE[what][0], named), _ONE[what][1])
    entries = [entry for entry in gather() if match.lower() in _searched(entry).lower()]
    if as_json:
        typer.echo(json.dumps(entries, indent=2, ensure_ascii=False, default=str))
    elif entries:
        draw(entries)
    else:
        give_up(f"no {what.value} with {match!r} in them")


def _searched(entry: dict[str, Any]) -> str:
    """Return the text in which ``--match`` looks."""
    return "\n".join(f"{key} {value}" for key, value in entry.items() if value not in ("", None))


def _parameters() -> list[dict[str, Any]]:
    """Return every key of a scenario file."""
    from wom_sim.scenario import parameters

    return [asdict(parameter) for parameter in parameters()]


def _policies() -> list[dict[str, Any]]:
    """Return every policy with its defaults; of other packages the names alone."""
    from wom_sim import policies

    found = []
    for name in policies.names():
        if name not in policies.POLICIES:  # its code is run only where a scenario uses it
            summary = "A policy of another package, loaded where a scenario uses it."
            found.append({"name": name, "summary": summary, "evidence": "", "defaults": {}})
            continue
        policy = policies.policy(name)
        defaults = policy.defaults if is_dataclass(policy.defaults) else None
        levers = {f.name: getattr(defaults, f.name) for f in fields(defaults)} if defaults is not None else {}
        entry = {"name": name, "summary": policy.summary, "evidence": policy.evidence}
        found.append({**entry, "defaults": {k: v for k, v in levers.items() if not is_dataclass(v)}})
    return found


def _indicators() -> list[dict[str, Any]]:
    """Return every indicator: ours, then those of other packages, by name alone, for showing loads none."""
    from wom_sim import plugins

    try:
        from wom_sim.outcomes.indicators import INDICATORS
    except ImportError as error:
        give_up(f"the indicators cannot be loaded: {error}")
    names = ("name", "unit", "direction", "meaning")
    ours = [{name: getattr(indicator, name) for name in names} for indicator in INDICATORS]
    others = plugins.names(plugins.INDICATOR, {indicator.name for indicator in INDICATORS})
    return ours + [{"name": name, "unit": "", "direction": "", "meaning": "of another package"} for name in others]


def _trades() -> list[dict[str, Any]]:
    """Return every preset of a trade."""
    from wom_sim.scenario.preset_numbers import trade
    from wom_sim.scenario.presets import preset_names

    return [trade(name)._asdict() for name in preset_names()]


def _numbers_of_trade(name: str) -> list[dict[str, Any]]:
    """Return every number of a preset; its name may come with the prefix or without."""
    from wom_sim.scenario.preset_numbers import numbers_of_preset
    from wom_sim.scenario.presets import PREFIX

    return [number._asdict() for number in numbers_of_preset(name.removeprefix(PREFIX))]


def _draw_brought(kind: str, entries: Sequence[dict[str, Any]]) -> None:
    """Print a line on each file of a kind, and what can be done with one."""
    summed = any(entry["summary"] for entry in entries)
    rows = [(entry["name"], entry["title"], *([entry["summary"]] * summed)) for entry in entries]
    _print_table(("Name", "What it is", *(["Question"] * summed)), rows)
    typer.echo(HOW[kind])


def _draw_trades(entries: Sequence[dict[str, Any]]) -> None:
    """Print a line on each preset, and how they are used."""
    rows = [(entry["name"], entry["currency"], entry["summary"]) for entry in entries]
    _print_table(("Preset", "Currency", "What it is"), rows)
    typer.echo('In a scenario file: extends = "builtin:bank". Its numbers and their sources: wom-sim show trades bank')


def _draw_numbers(entries: Sequence[dict[str, Any]]) -> None:
    """Print the numbers of a preset, under their tables."""
    rows: list[tuple[str, ...]] = []
    for heading, key, entry in _by_table(entries):
        rows += [] if heading is None else [(), (heading,)]
        value = f"{_short(entry['value'])} {entry['unit'].partition(',')[0]}".strip()
        rows.append((key, value, entry["drawn"], _joined(entry["grade"], entry["source"])))
    _print_table(("Key", "Value", "Drawn over worlds from", "Grade: source"), rows)


def _draw_parameters(entries: Sequence[dict[str, Any]]) -> None:
    """Print a table of keys, under the tables of the scenario file in which they stand."""
    rows: list[tuple[str, ...]] = []
    for heading, key, entry in _by_table(entries):
        rows += [] if heading is None else [(), (_as_header(heading),)]
        default = "required" if entry["required"] else _short(entry["default"])
        rows.append(
            (
                key,
                f"{default} {entry['unit'].partition(',')[0]}".strip(),
                _range(entry),
                _joined(entry["meaning"], ", ".join(entry["choices"])),
                _joined(entry["grade"], entry["source"]),
            )
        )
    _print_table(("Key", "Default", "Plausible", "Meaning", "Grade: source"), rows)
    typer.echo('What a source such as EVIDENCE 12 says: wom-sim show docs "evidence 12"')


def _by_table(entries: Sequence[dict[str, Any]]) -> Iterator[tuple[str | None, str, dict[str, Any]]]:
    """Yield each entry with its key within its table, and the table where another one begins, else None."""
    heading = ""
    for entry in entries:
        table, _, key = entry["key"].rpartition(".")
        yield table if table != heading else None, key, entry
        heading = table


def _range(entry: dict[str, Any]) -> str:
    """Return the plausible range in words, of values or of factors on them, and up to where the reaction is known."""
    if entry["plausible_times"] is not None:
        return "x {:g} to {:g}".format(*entry["plausible_times"])
    plausible = "" if entry["plausible"] is None else "{:g} to {:g}".format(*entry["plausible"])
    if entry["calibrated"] is None:
        return plausible
    end = entry["calibrated"][1]
    known = f"reaction known to {end if isinstance(end, str) else f'{end:g}'}"
    return f"{plausible}; {known}" if plausible else known


def _joined(*parts: str) -> str:
    """Return "this: that", or what there is of it."""
    return ": ".join(part for part in parts if part)


def _as_header(table: str) -> str:
    """Return the path of a table as it stands in a file: [run], [[policies]], [policies.response]."""
    return f"[[{table[:-2]}]]" if table.endswith("[]") else f"[{table.replace('[]', '')}]"


def _draw_policies(entries: Sequence[dict[str, Any]]) -> None:
    """Print what each policy does, then a table of their levers side by side."""
    for entry in entries:
        typer.echo(f"{entry['name']}: {entry['summary']}\n    Evidence: {entry['evidence']}\n")
    levers = dict.fromkeys(lever for entry in entries for lever in entry["defaults"])
    rows = [(lever, *(_short(entry["defaults"].get(lever)) for entry in entries)) for lever in levers]
    _print_table(("Default of", *(entry["name"] for entry in entries)), rows)


def _draw_indicators(entries: Sequence[dict[str, Any]]) -> None:
    """Print a table of indicators."""
    names = ("name", "unit", "direction", "meaning")
    _print_table([name.capitalize() for name in names], [[str(entry[n]) for n in names] for entry in entries])


def _short(value: Any) -> str:
    """Return a default as it would be written in a scenario file; "-" if there is none."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value) or "none"
    if isinstance(value, int | float):
        return f"{value:_}" if abs(value) >= 10_000 else f"{value:g}"
    return str(value)


def _print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; text is taken as it is, no markup in it is obeyed."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from wom_sim.cli.words import Terminal

    console = Terminal(width=None if sys.stdout.isatty() else _WIDE)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell, style="" if len(row) > 1 else "bold") for cell in row))
    console.print(table)


_Draw = Callable[[Sequence[dict[str, Any]]], None]
_SHOWN: dict[What, tuple[Callable[[], list[dict[str, Any]]], _Draw]] = {
    What.policies: (_policies, _draw_policies),
    What.parameters: (_parameters, _draw_parameters),
    What.indicators: (_indicators, _draw_indicators),
    What.trades: (_trades, _draw_trades),
    **{kind: (partial(brought, kind), partial(_draw_brought, kind)) for kind in map(What, HOW)},
}
_ONE: dict[What, tuple[Callable[[str], list[dict[str, Any]]], _Draw]] = {
    What.trades: (_numbers_of_trade, _draw_numbers),
    What.scenarios: (partial(text_of, What.scenarios), draw_text),
    What.docs: (partial(text_of, What.docs), draw_text),
}
"""What of which one can be shown by its name."""
