"""``wom-sim new``: a file of one's own to begin with, copied from what comes with the program."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from wom_sim.cli.ending import BAD_SCENARIO, give_up


def new(
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="NAME",
            help="What to begin with: a scenario, trade or notebook. Which: wom-sim show scenarios, trades, examples.",
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="The file to write; left out, one of that name in this folder."),
    ] = None,
) -> None:
    """Make a scenario to change: from a dozen questions or, with --from, one that comes with the program.

    Nothing is overwritten.
    """
    from wom_sim._files import write_text_atomically
    from wom_sim.scenario.builtin_copy import own_copy
    from wom_sim.scenario.errors import visible

    if source is None:
        target = file or Path("scenario.toml")
        _check(target)
        text = _asked()
    else:
        target, text = own_copy(source, file)
    shown = visible(str(target))
    try:
        _check(target)
        write_text_atomically(target, text)
    except OSError as error:
        give_up(f"{shown} cannot be written: {error.strerror or error}", BAD_SCENARIO)
    then = f"; next: wom-sim validate {shown}" if target.suffix == ".toml" else ""
    typer.echo(f"Written: {shown}{then}")


def _check(target: Path) -> None:
    """End with a clear word where the file is there already."""
    from wom_sim.scenario.errors import visible

    if target.exists():
        give_up(f"{visible(str(target))} is there already and stays as it is; allowed: another name", BAD_SCENARIO)


def _asked() -> str:
    """Ask a dozen questions, and return the scenario; it has been read as one before anything is written."""
    from tempfile import TemporaryDirectory

    from wom_sim.scenario import load_scenario
    from wom_sim.scenario.presets import preset_names
    from wom_sim.scenario.questions import QUESTIONS, WAYS, Trade, fault_of, payment_fault, scenario_text, ways_fault

    typer.echo("Enter alone: as is usual in the trade. ?: I do not know, so it is drawn. Else a number that you know.")
    trades = preset_names()
    named = _answer(
        f"Which trade? ({', '.join(trades)})", lambda text: "" if text in trades else f"allowed: {', '.join(trades)}"
    )
    trade = Trade.named(named)
    name = _answer(
        "What shall the scenario be called?", lambda text: "" if 0 < len(text) <= 80 else "allowed: 1 to 80 signs"
    )
    answers = {}
    for question in QUESTIONS:
        usual = trade.typical(question)
        words = question.words if usual is None else f"{question.words} [usual: {usual:,.4g}]"
        answers[question.place] = _answer(words, partial(fault_of, question, trade=trade))
    ways = _answer(f"How? ({', '.join(WAYS)}; several with commas) [all but repair]", ways_fault)
    chosen = [way.strip() for way in ways.split(",")] if ways else [way for way in WAYS if way != "repair"]
    payment = 200.0
    if "pay" in chosen:
        payment = float(_answer("What would you pay each who goes? [200]", payment_fault) or payment)
    text = scenario_text(name, trade, answers, chosen, payment)
    with TemporaryDirectory() as folder:
        made = Path(folder) / "scenario.toml"
        made.write_text(text, encoding="utf-8")
        load_scenario(made)
    return text


def _answer(words: str, fault: Callable[[str], str]) -> str:
    """Ask until the answer can be taken. Ends where there is nobody to answer."""
    while True:
        try:
            text = input(f"{words} ").strip()
        except EOFError:
            give_up("the questions were not answered to the end; nothing was written", BAD_SCENARIO)
        if not (wrong := fault(text)):
            return text
        typer.echo(f"  {wrong}")
