"""What commands share that run worlds into a folder within theirs, and go on there: ``fit`` and ``pilot``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from wom_sim.cli.ending import BAD_SCENARIO, INTERRUPTED, give_up

if TYPE_CHECKING:
    import pandas as pd

    from wom_sim.cli.words import Talk
    from wom_sim.scenario import Scenario
    from wom_sim.study.worlds import Design, Runs


class Asked(NamedTuple):
    """How many worlds were asked for, how many runs at a time, and whether to begin anew."""

    worlds: int
    workers: int | None
    overwrite: bool


class Extra(NamedTuple):
    """What is run in each world beside the policies: who runs a world, how many times as long it takes, and words."""

    runner: Callable[[Design], Runs]
    times: float
    words: Sequence[str]


@contextmanager
def endings(scenario: str, out: Path) -> Iterator[None]:
    """End with a clear word where a command is interrupted, cannot write, or was asked for what cannot be."""
    from wom_sim.results.folder import FolderError

    try:
        yield
    except KeyboardInterrupt:
        words = f"interrupted; the worlds that are done are in {out}. The same command goes on"
        print(f"\nwom-sim: {words}", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None
    except FolderError:
        raise
    except OSError as error:
        give_up(f"--out: {out} cannot be read or written: {error.strerror or error}", BAD_SCENARIO)
    except ValueError as error:
        give_up(f"{scenario}: {error}", BAD_SCENARIO)


def run_kept(
    scenario: Scenario, place: Path, asked: Asked, talk: Talk, extra: Extra | None = None
) -> tuple[Design, pd.DataFrame]:
    """Run the worlds that are missing in a folder, and return the design and all runs."""
    from dataclasses import replace

    from wom_sim.results.provenance import provenance
    from wom_sim.study.compare_worlds import run_all
    from wom_sim.study.worlds import design
    from wom_sim.study.worlds_drawn import listed
    from wom_sim.study.worlds_folder import STARTED, WorldsFolder
    from wom_sim.study.worlds_plan import plan_in_words, plan_worlds

    plan_worlds(scenario, design(scenario, asked.worlds), asked.worlds, asked.workers)  # before anything is written
    begun = (place / STARTED).is_file() and not asked.overwrite
    with WorldsFolder.opened(place, scenario) if begun else WorldsFolder.new(place, scenario, asked.worlds) as folder:
        there = len(folder.design.worlds)
        if begun and asked.worlds > there and not folder.missing():
            folder.add(asked.worlds - there)
        missing = folder.missing()
        if missing:
            settled = plan_worlds(scenario, folder.design, len(missing), asked.workers)
            if extra is not None:
                low, high = settled.seconds
                settled = replace(settled, seconds=(low * extra.times, high * extra.times))
            talk.say(f"{scenario.name}: {plan_in_words(scenario, folder.design, settled, len(missing))}")
            for line in [*(extra.words if extra is not None else ()), *listed(scenario, folder.design)]:
                talk.say(line)
            runner = None if extra is None else extra.runner(folder.design)
            with talk.progress() as progress:
                run_all(scenario, folder.design, missing, settled, (folder.keep, progress), runner)
        else:
            talk.say(f"{scenario.name}: all {there:,} worlds are done")
        runs = folder.gather()
        folder.finish(provenance(scenario) | {"worlds": len(folder.design.worlds)}, [])
        return folder.design, runs
