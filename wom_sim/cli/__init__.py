"""The command ``wom-sim``; a command a file: parse, call, print. See ``assembly`` for how one is added."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 cannot, 2 bad usage, 4 a faulty scenario, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a name that the terminal cannot show must not end the program
            stream.reconfigure(errors="backslashreplace")
    try:
        # Imported here, so that an interrupt on the way is caught as well.
        from wom_sim.cli.assembly import app

        app()(args=None if arguments is None else list(arguments), prog_name="wom-sim")
    except KeyboardInterrupt:
        print("\nwom-sim: interrupted", file=sys.stderr)
        sys.exit(130)
