"""The commands put together.

A command is a module ``wom_sim.cli.NAME`` with a function of the same name (_ for -, and one more behind a word of
Python, as in import_), and an entry in ``COMMANDS``.
Such a module imports nothing but typer and the standard library at its top: numpy, pydantic, rich and the
rest are imported inside the function, so that ``--help`` and ``validate`` answer at once.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from keyword import iskeyword
from typing import Annotated

import typer

from wom_sim import __version__
from wom_sim.cli.ending import BAD_SCENARIO, guarded

COMMANDS = (
    "app", "import", "fit", "run", "compare", "explain", "recommend", "break-even", "pilot", "sweep", "chart",
    "animate", "report", "deck", "workbook", "cite", "odd", "pack", "verify", "validate", "show", "new", "schema",
    "demo", "doctor",
)  # fmt: skip
"""In the order of ``--help``; one whose module is not there is left out."""


def app(first: str | None = None) -> typer.Typer:
    """Assemble the commands. Their modules are light; nothing is computed yet.

    ``first``: the first word of the command line. Where it is a command, no other is assembled: that takes longer
    than to check a scenario file.
    """
    for kind in typer.BadParameter.__subclasses__():  # what is missing, or no option at all, is bad usage: 2
        if "exit_code" not in vars(kind):
            kind.exit_code = typer.BadParameter.exit_code
    typer.BadParameter.exit_code = BAD_SCENARIO  # a value that an option cannot take is bad input, as in a file
    assembled = typer.Typer(
        name="wom-sim",
        help="What each way of letting customers go does to the profitable ones who hear of it.",
        epilog="Start with: wom-sim compare builtin:first_look, or wom-sim show scenarios",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,  # rich takes longer to import than the help to print
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    assembled.callback()(_options)
    for name in (first,) if first in COMMANDS else COMMANDS:
        inner = name.replace("-", "_") + "_" * iskeyword(name)
        module = f"wom_sim.cli.{inner}"
        if find_spec(module) is not None:
            command = getattr(import_module(module), inner)
            if isinstance(command, typer.Typer):  # commands of its own, each guarded
                assembled.add_typer(command, name=name)
            else:
                assembled.command(name)(guarded(command))
    return assembled


def _tell_version(asked: bool) -> None:
    """Print the version and stop, if that is asked."""
    if asked:
        typer.echo(f"wom-sim {__version__}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version and exit.", is_eager=True, callback=_tell_version),
    ] = False,
) -> None:
    """Take the options that stand before the command."""
