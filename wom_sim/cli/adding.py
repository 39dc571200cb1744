"""``wom-sim compare --add-replications``: more runs for a result that is there."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from wom_sim.cli.ending import BAD_SCENARIO, INTERRUPTED, give_up

if TYPE_CHECKING:
    from wom_sim.cli.words import Talk
    from wom_sim.scenario import Scenario
    from wom_sim.study import Comparison
    from wom_sim.study.extend import Earlier

_TOLD = 5
"""So many of the keys in which two scenarios differ are named."""


def add(
    scenario: Scenario, out: Path | None, more: int, workers: int | None, talk: Talk
) -> tuple[Comparison, list[str]]:
    """Add ``more`` replications to the result in ``out``; return it and the files written.

    Ends with a clear word where that cannot be.
    """
    from wom_sim.present.pictures import write_pictures
    from wom_sim.study.extend import add_replications, earlier
    from wom_sim.study.plan import plan

    if out is None:
        give_up("--add-replications: given without --out DIR, the folder of the result to add to", BAD_SCENARIO)
    try:
        before = earlier(out)
        _the_same(scenario, before)
        first = before.replications
        longer = before.longer(more)
        cost = plan(longer, before.manifest["engine"], workers, first=first, days=True).text()
        talk.say(f"{longer.name}: {first} replications are there; to be added: {cost}")
        with talk.progress() as progress:
            return add_replications(before, more, write_pictures, workers=workers, progress=progress)
    except KeyboardInterrupt:
        print(
            f"\nwom-sim: interrupted; the result in {out} is as it was. The same command starts again.", file=sys.stderr
        )
        raise typer.Exit(INTERRUPTED) from None
    except OSError as error:
        give_up(f"--out: {out} cannot be read or written: {error.strerror or error}", BAD_SCENARIO)
    except ValueError as error:
        give_up(f"--add-replications: {error}", BAD_SCENARIO)


def _the_same(scenario: Scenario, before: Earlier) -> None:
    """Raise ValueError if the scenario is not that of the result; the number of replications does not count."""
    from wom_sim.scenario import fingerprint
    from wom_sim.study.extend import differing_keys, with_replications

    given = with_replications(scenario, before.replications)
    if fingerprint(given) == fingerprint(before.scenario):
        return
    keys = differing_keys(given, before.scenario)
    named = ", ".join(keys[:_TOLD]) + (f" and {len(keys) - _TOLD} more" if len(keys) > _TOLD else "")
    raise ValueError(
        f"the scenario given is not that of {before.folder}: {named or 'network.path'} differ{'s' * (len(keys) < 2)}; "
        f"{before.folder / 'scenario.toml'} is the one that was used"
    )
