"""The command ``wom-sim``; a command a file: parse, call, print.

A command is a module ``wom_sim.cli.NAME`` with a function of the same name, and an entry in ``COMMANDS``.
Such a module imports nothing but typer and the standard library at its top: numpy, pydantic, rich and the
rest are imported inside the function, so that ``--help`` and ``validate`` answer at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Annotated

import typer

from wom_sim import __version__
from wom_sim.cli.ending import guarded, tell_interrupted

COMMANDS = ("run", "compare", "validate", "show", "schema")
"""In the order of ``--help``."""

_EPILOG = "Start with: wom-sim validate scenarios/first_look.toml"


def app() -> typer.Typer:
    """Assemble the commands. Their modules are light; nothing is computed yet."""
    assembled = typer.Typer(
        name="wom-sim",
        help="What each way of letting customers go does to the profitable ones who hear of it.",
        epilog=_EPILOG,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,  # rich takes longer to import than the help to print
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    assembled.callback()(_options)
    for name in COMMANDS:
        if find_spec(f"{__name__}.{name}") is not None:
            assembled.command(name)(guarded(getattr(import_module(f"{__name__}.{name}"), name)))
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


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 2 bad usage, 4 a faulty scenario, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a name that the terminal cannot show must not end the program
            stream.reconfigure(errors="backslashreplace")
    try:
        app()(args=None if arguments is None else list(arguments), prog_name="wom-sim")
    except KeyboardInterrupt:
        sys.exit(tell_interrupted())
