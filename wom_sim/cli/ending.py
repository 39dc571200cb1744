"""How a command ends when it does not end well: in plain words, with a code, without a traceback."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, NoReturn

import typer

from wom_sim.scenario.errors import Fault, ScenarioError

CANNOT = 1
BAD_SCENARIO = 4
INTERRUPTED = 130


def guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``command``, ending with code 4 on a faulty scenario or folder and 130 when interrupted."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> Any:
        try:
            return command(*arguments, **options)
        except ScenarioError as error:
            tell_faults(error.faults)
            raise typer.Exit(BAD_SCENARIO) from None
        except ValueError as error:
            from wom_sim.results.folder import FolderError

            if not isinstance(error, FolderError):
                raise
            give_up(str(error), BAD_SCENARIO)
        except KeyboardInterrupt:
            print("\nwom-sim: interrupted", file=sys.stderr)
            raise typer.Exit(INTERRUPTED) from None

    return run


def tell_faults(faults: Iterable[Fault]) -> None:
    """Print faults to the error stream, one a line, each once."""
    for line in dict.fromkeys(str(fault) for fault in faults):
        print(line, file=sys.stderr)


def give_up(message: str, code: int = CANNOT) -> NoReturn:
    """Say why the command cannot go on, and end it with ``code``."""
    print(f"wom-sim: {message}", file=sys.stderr)
    raise typer.Exit(code)
