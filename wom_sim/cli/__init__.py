"""The command ``wom-sim``; a command a file: parse, call, print. See ``assembly`` for how one is added."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

_NEW_OBJECTS = 1_000_000
"""Objects that are made before circles among them are looked for: more than libraries and a report make together."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit. Without ``arguments`` the process is taken as ours, and set up for one command.

    0: done; 1: cannot; 2: no such command or option; 4: bad input or a mishap; 130: interrupted.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a name that the terminal cannot show must not end the program
            stream.reconfigure(errors="backslashreplace")
    ours = arguments is None
    if ours:
        gc.set_threshold(_NEW_OBJECTS, 20, 20)
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # else each core waits busily for matrices to multiply
    code = 0
    try:
        # Imported here, so that an interrupt on the way is caught as well.
        from wom_sim.cli.ending import ending_in_order, flush_or_give_up, warnings_in_words

        try:
            with ending_in_order(), warnings_in_words():
                _run(arguments)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        code = flush_or_give_up(code)
    except KeyboardInterrupt:
        print("\nwom-sim: interrupted", file=sys.stderr)
        code = 130
    if ours:
        gc.freeze()  # else Python looks for circles among all objects before it ends: a fifth of a small comparison
    sys.exit(code)


def _run(arguments: Sequence[str] | None) -> None:
    """Run the command line. What goes wrong before a command begins is told as well."""
    from wom_sim.cli.ending import BAD_SCENARIO, traceback_wanted

    try:
        from wom_sim.cli.assembly import app

        given = list(sys.argv[1:] if arguments is None else arguments)
        app(given[0] if given else None)(args=given, prog_name="wom-sim")
    except Exception as error:
        if traceback_wanted():
            raise
        from wom_sim.cli.mishaps import in_words

        print(f"wom-sim: {in_words(error)}", file=sys.stderr, flush=True)
        sys.exit(BAD_SCENARIO)
