"""``wom-sim break-even``: where a policy is worth as much as another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wom_sim.cli.compare import Overrides, shortcuts
from wom_sim.cli.ending import BAD_SCENARIO, endings, give_up, writing
from wom_sim.cli.language import Language, spoken

if TYPE_CHECKING:
    from wom_sim.cli.words import Talk
    from wom_sim.scenario import Scenario
    from wom_sim.scenario.axes import Axis
    from wom_sim.study.break_even import BreakEven, Question
    from wom_sim.words import Words

_FILES = ("breakeven.csv", "breakeven_line.csv")


def break_even(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Scenario file (TOML), or builtin:NAME.")],
    policy: Annotated[str, typer.Option("--policy", help="The policy in question.")],
    parameter: Annotated[str, typer.Option("--parameter", metavar="KEY", help="The number that is varied.")],
    second: Annotated[str | None, typer.Option("--second", metavar="KEY", help="Another, for a map.")] = None,
    against: Annotated[str, typer.Option("--against", help="The policy that it is held against.")] = "keep",
    points: Annotated[int, typer.Option("--points", min=2, max=1000, help="Values over the range of each.")] = 9,
    low: Annotated[float | None, typer.Option("--low", help="Lower end; by evidence if left out.")] = None,
    high: Annotated[float | None, typer.Option("--high", help="Upper end; by evidence if left out.")] = None,
    second_low: Annotated[float | None, typer.Option("--second-low", help="The same of the second.")] = None,
    second_high: Annotated[float | None, typer.Option("--second-high", help="The same of the second.")] = None,
    replications: Annotated[int | None, typer.Option("--replications", min=1, help="Runs at each value.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Seed of what happens.")] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Runs at a time. Changes no result.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for breakeven.csv.")] = None,
    overrides: Overrides = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the result of this kind in DIR.")] = False,
    lang: Language = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Find the value of a number, or the line through two, at which a policy is worth as much as another.

    A lever of the policy may be named alone: --parameter payment.
    """
    from wom_sim.cli.loading import load

    words = spoken(lang)
    loaded = load(scenario, [*(overrides or []), *shortcuts(replications, seed)])
    if out is not None:
        from wom_sim.results.folder import claim

        claim(out, "break-even", overwrite)
    if second is None and (second_low is not None or second_high is not None):
        give_up("--second-low, --second-high: given without --second KEY", BAD_SCENARIO)
    axes = [_axis(loaded, policy, parameter, (low, high), ("--low", "--high"))]
    if second is not None:
        axes.append(_axis(loaded, policy, second, (second_low, second_high), ("--second-low", "--second-high")))
        if axes[0].key == axes[1].key:
            give_up(f"--second: given {axes[1].key}, which is --parameter already", BAD_SCENARIO)
    from wom_sim.cli.words import Talk
    from wom_sim.study.break_even import Question

    talk = Talk(as_json, words)
    talk.notes(loaded)
    found = _answer(scenario, loaded, Question(policy, against, tuple(axes), points), workers, talk)
    files = _write(found, out) if out is not None else []
    if as_json:
        typer.echo(json.dumps(_plain(found), indent=2))
    else:
        _tell(found, files, out, words)


def _axis(
    loaded: Scenario, policy: str, key: str, ends: tuple[float | None, float | None], options: tuple[str, str]
) -> Axis:
    """Return the number that is meant, a lever of the policy or a key of the scenario, and its range."""
    from wom_sim.scenario.axes import axis_of
    from wom_sim.scenario.sections.policies import Doing, Policy
    from wom_sim.scenario.tree import quoted

    first = key.split(".")[0]
    levers = {*Doing.model_fields, *Policy.model_fields} - {"choose"}
    meant = f"policies.{quoted(policy)}.{key}" if first in levers and policy != "keep" else key
    from wom_sim.scenario.errors import ScenarioError

    try:
        return axis_of(loaded, meant, *ends)
    except ScenarioError as error:
        fault = error.faults[0]
        hint = f": {options[0]} and {options[1]}" if "give its two ends" in fault.message else ""
        give_up(f"{fault}{hint}", BAD_SCENARIO)


def _answer(file: str, loaded: Scenario, question: Question, workers: int | None, talk: Talk) -> BreakEven:
    """Run it, telling what it takes and how far it is."""
    from wom_sim.study.break_even import break_even as search
    from wom_sim.study.break_even_words import notes, plan_in_words

    with endings(file, None, talk.words.say("break_even.interrupted"), talk.words):
        talk.say(f"{loaded.name}: {plan_in_words(loaded, question, workers, talk.words)}")
        for text in notes(loaded, question, talk.words):
            talk.say(text)
        with talk.progress() as progress:
            return search(loaded, question, workers=workers, progress=progress)


def _write(found: BreakEven, out: Path) -> list[str]:
    """Write the tables, the scenario and run.json; return the names of the tables."""
    from wom_sim._files import write_text_atomically
    from wom_sim._tables import csv_text
    from wom_sim.results.files import Stage
    from wom_sim.results.provenance import provenance
    from wom_sim.scenario import to_toml

    with writing(out), Stage(out) as stage:
        write_text_atomically(stage.place / "scenario.toml", to_toml(found.scenario))
        write_text_atomically(stage.place / _FILES[1], csv_text(found.line))
        write_text_atomically(stage.place / _FILES[0], csv_text(found.table))
        about = {"kind": "break-even", "answer": found.answer, "files": ["scenario.toml", *_FILES]}
        stage.finish(provenance(found.scenario) | about)
    return list(_FILES)


def _plain(found: BreakEven) -> dict[str, Any]:
    def rows(table: Any) -> Any:
        return json.loads(table.to_json(orient="records", double_precision=10))

    return {"answer": found.answer, "line": rows(found.line), "points": rows(found.table)}


def _tell(found: BreakEven, files: list[str], out: Path | None, words: Words) -> None:
    from wom_sim.cli.words import plain_console
    from wom_sim.study.break_even_words import in_words

    console = plain_console()
    console.print(_map(found, words) if len(found.question.axes) == 2 else _points(found, words))
    console.print(in_words(found, words.lang, policy=words.policy_typed), style="bold")
    if out is not None:
        console.print(words.say("break_even.table.files", files=words.listed(files), folder=out), soft_wrap=True)


def _points(found: BreakEven, words: Words) -> Any:
    from rich.table import Table

    from wom_sim.scenario.figures import figures_on_terminal

    axis, tell, say = found.question.axes[0], figures_on_terminal(found.scenario, words), words.say
    names = words.policy_typed(found.question.policy), words.policy_typed(found.question.against)
    title = say("break_even.table.title", policy=names[0], against=names[1], over=tell.over)
    table = Table(title=title, padding=(0, 1))
    table.add_column(axis.key, justify="right")
    for head in ("difference", "interval", "verdict"):
        table.add_column(say(f"break_even.table.{head}"), justify="left" if head == "verdict" else "right")
    for row in found.table.to_dict("records"):
        interval = tell.interval(row["low"], row["high"], "currency", brief=True)
        said = say(f"break_even.table.{row['verdict']}")
        said = say("break_even.table.guess", verdict=said) if row["beyond"] else said
        value = words.number_typed(row["value"], "z.6g")
        table.add_row(value, tell.money(row["difference"], brief=True), interval, said)
    return table


_SIGNS = {"better": "+", "worse": "-", "undecided": "?"}


def _map(found: BreakEven, words: Words) -> Any:
    """Return the grid: + where the policy is better, - where it is worse, ? where the interval includes zero."""
    from rich.table import Table

    across, up = found.question.axes
    wide = found.table.pivot_table("verdict", "value2", "value", aggfunc="first")
    names = words.policy_typed(found.question.policy), words.policy_typed(found.question.against)
    title = words.say("break_even.table.map", policy=names[0], against=names[1])
    caption = words.say("break_even.table.axes", across=across.key, down=up.key)
    table = Table(title=title, caption=caption, padding=(0, 1))
    table.add_column("")
    for value in wide.columns:
        table.add_column(words.number_typed(value, "z.4g"), justify="center")
    for value2, row in wide.iterrows():
        table.add_row(words.number_typed(value2, "z.4g"), *(_SIGNS[cell] for cell in row))
    return table
