"""How a command ends when it does not end well: in plain words, with a code, without a traceback."""

from __future__ import annotations

import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from wom_sim.scenario.errors import Fault, ScenarioError

if TYPE_CHECKING:
    from wom_sim.words import Words

CANNOT = 1
BAD_SCENARIO = 4
INTERRUPTED = 130
MOST_FAULTS = 50
"""So many faults are shown; who has more has made one mistake many times."""
_LONGEST = 2000
"""So many characters of a fault are shown."""


def guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``command``, ending with code 4 and one sentence on whatever goes wrong, and 130 when interrupted.

    With ``WOM_SIM_TRACEBACK=1`` in the environment, what is not the user's fault is shown with its traceback.
    """

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> Any:
        with _told():
            return command(*arguments, **options)

    return run


@contextmanager
def _told() -> Iterator[None]:
    """End on whatever goes wrong within: in words, with a code."""
    try:
        yield
    except (typer.Exit, typer.Abort, typer.BadParameter, BrokenPipeError):
        raise  # words and code are there; nobody reads on
    except ScenarioError as error:
        tell_faults(error.faults)
        raise typer.Exit(BAD_SCENARIO) from None
    except KeyboardInterrupt:
        print("\nwom-sim: interrupted", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None
    except (Exception, SystemExit) as error:
        from wom_sim.cli.mishaps import in_words

        if traceback_wanted():
            raise
        give_up(in_words(error), BAD_SCENARIO)


@contextmanager
def endings(about: str, out: Path | None, interrupted: str, words: Words) -> Iterator[None]:
    """End a command that runs a study with a clear word: interrupted, cannot write, or asked for what cannot be.

    ``about``: the file or option of which a ValueError speaks; ``interrupted``: what is kept then, and how to go on, in
    the language of ``words``.
    """
    from wom_sim.results.errors import FolderError

    try:
        yield
    except KeyboardInterrupt:
        print(f"\nwom-sim: {words.say('kept.interrupted')}{interrupted}", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None
    except FolderError as error:
        give_up(str(error), BAD_SCENARIO)
    except OSError as error:
        if out is None:
            raise
        give_up(f"--out: {out} cannot be read or written: {error.strerror or error}", BAD_SCENARIO)
    except ValueError as error:
        give_up(f"{about}: {error}", BAD_SCENARIO)


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """End with a clear word where the file or folder that ``--out`` names cannot be written."""
    try:
        yield
    except OSError as error:
        give_up(f"--out: {out} cannot be written: {error.strerror or error}", BAD_SCENARIO)


def traceback_wanted() -> bool:
    """Whether what is not the user's fault is to be shown with its traceback."""
    return os.environ.get("WOM_SIM_TRACEBACK") not in (None, "", "0")


def tell_faults(faults: Iterable[Fault]) -> None:
    """Print faults to the error stream, one a line, each once, the first of very many."""
    lines = list(dict.fromkeys(map(str, faults)))
    for line in lines[:MOST_FAULTS]:
        print(line if len(line) <= _LONGEST else f"{line[:_LONGEST]} ...", file=sys.stderr)
    if len(lines) > MOST_FAULTS:
        print(f"and {len(lines) - MOST_FAULTS:,} more faults", file=sys.stderr)


def give_up(message: str, code: int = CANNOT) -> NoReturn:
    """Say why the command cannot go on, and end it with ``code``."""
    with suppress(OSError):  # where nothing can be said, the code says it
        print(f"wom-sim: {message}", file=sys.stderr, flush=True)
    raise typer.Exit(code)


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Take a request to end (SIGTERM) as Ctrl-C: what was begun is put away. In the main thread only."""

    def ask(number: int, frame: Any) -> None:
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, ask)
    except ValueError:  # another thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def warnings_in_words() -> Iterator[None]:
    """Say in one sentence that no font has some of the signs, and which variable numba cannot read.

    The libraries say the first once for each sign, and the second with a traceback.
    """
    told: list[bool] = []
    before: Any = warnings.showwarning

    def show(message: Any, category: Any, filename: str, lineno: int, file: Any = None, line: Any = None) -> None:
        if str(message).startswith("Environment variable 'NUMBA"):  # it goes on with the traceback of its own attempt
            print(f"wom-sim: {str(message).splitlines()[0]} It is passed over.", file=sys.stderr)
        elif not str(message).startswith("Glyph "):
            before(message, category, filename, lineno, file, line)
        elif not told:
            told.append(True)
            print(
                "wom-sim: some signs of names are in no font of this machine, and boxes stand for them in pictures; "
                "install a font that has them, such as Noto Sans CJK, Noto Sans Arabic or Noto Emoji",
                file=sys.stderr,
            )

    warnings.showwarning = show
    try:
        yield
    finally:
        warnings.showwarning = before


def flush_or_give_up(code: int) -> int:
    """Write out what was printed and return the code to end with: another one where it could not be written."""
    for stream in (sys.stdout, sys.stderr):
        if stream is None:
            continue
        try:
            stream.flush()
        except BrokenPipeError:
            _let_go(stream)
        except OSError as error:
            _let_go(stream)
            code = BAD_SCENARIO
            with suppress(OSError):
                where = "to the terminal or file that it goes to"
                print(f"wom-sim: the output cannot be written {where}: {error.strerror or error}", file=sys.stderr)
    return code


def _let_go(stream: Any) -> None:
    """Make sure that Python does not try again, and complain, when it ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
