"""What commands share that run worlds into a folder within theirs, and go on there: ``fit`` and ``pilot``.

Where the folder holds a complete result, a new one is made in a folder within (``NEXT``), and takes the place of the
former one when it is complete, as runs over worlds do. One process at a time writes, from the first world to the last
file. Whatever ends it, the same command without ``--overwrite`` goes on.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

    from wom_sim.cli.words import Talk
    from wom_sim.scenario import Scenario
    from wom_sim.study.worlds import Design, Runs
    from wom_sim.study.worlds_folder import WorldsFolder
    from wom_sim.words import Words


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


@dataclass(frozen=True)
class Kept:
    """A folder that is held by this process.

    ``out``: where the result will be; ``place``: where its files are written; ``worlds``: where the worlds are kept;
    ``former``: files of the former result that its ``run.json`` does not list and that go with it.
    """

    out: Path
    place: Path
    worlds: Path
    former: tuple[str, ...] = ()

    def finish(self, run: Mapping[str, Any]) -> None:
        """Put the result in its place, with ``run.json`` last."""
        from wom_sim.results.files import put_in_place

        put_in_place(self.out, self.place, run, self.former)


@contextmanager
def kept(scenario: Scenario, out: Path, kind: str, within: str, asked: Asked) -> Iterator[Kept]:
    """Hold the folder of a result of a kind, whose worlds are kept in the folder ``within`` it.

    Raises
    ------
    FolderError
        If it holds something else, or another process is writing into it.
    ScenarioError, ValueError
        If the worlds cannot be drawn, or do not fit into memory. Then nothing is written.
    """
    from wom_sim.results.folder import check_owner, claim
    from wom_sim.results.lock import Writing
    from wom_sim.study.cost_of_worlds import plan_worlds
    from wom_sim.study.worlds import design

    check_owner(out, kind, True)
    plan_worlds(scenario, design(scenario, asked.worlds), asked.worlds, asked.workers)
    claim(out, kind, True)
    with Writing(out):
        folder = _opened(out, within, asked.overwrite)
        try:
            yield folder
        except BaseException:
            if folder.place != out and folder.worlds.parent != folder.place:  # no world was begun in it
                shutil.rmtree(folder.place, ignore_errors=True)
            raise


def _opened(out: Path, within: str, anew: bool) -> Kept:
    """Return where to write and where the worlds are, for who holds the folder: what was begun and not ended first."""
    from wom_sim.results.files import NEXT, RUN
    from wom_sim.study.worlds_folder import STARTED

    if not (out / RUN).is_file():
        shutil.rmtree(out / NEXT, ignore_errors=True)
        if anew:
            _remove(out / within)
        return Kept(out, out, out / within)
    place = out / NEXT
    begun = (place / within / STARTED).is_file() and not anew
    if not begun:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
    if not (begun or anew):  # the worlds of the result that is there will do, or are added to
        return Kept(out, place, out / within)
    former = (path.relative_to(out).as_posix() for path in (out / within).rglob("*") if path.is_file())
    return Kept(out, place, place / within, tuple(sorted(former)))


def _remove(folder: Path) -> None:
    """Remove a folder at once, so that half of it is never taken for the whole."""
    gone = folder.with_name(f".old {folder.name}")
    shutil.rmtree(gone, ignore_errors=True)
    if folder.is_dir():
        folder.replace(gone)
        shutil.rmtree(gone, ignore_errors=True)


def kept_until(out: Path, words: Words) -> str:
    """Return what is kept where a command is interrupted, and how to go on."""
    return words.say("kept.until", folder=out)


def run_kept(
    scenario: Scenario, folder: Kept, asked: Asked, talk: Talk, extra: Extra | None = None
) -> tuple[Design, pd.DataFrame]:
    """Run the worlds that are missing in a folder that is held, and return the design and all runs."""
    from dataclasses import replace

    from wom_sim.results.provenance import provenance
    from wom_sim.study.compare_worlds import run_all
    from wom_sim.study.cost_of_worlds import plan_in_words, plan_worlds
    from wom_sim.study.worlds_drawn import listed, posterior_as_data

    words = talk.words
    if folder.place != folder.out:
        talk.say(words.say("kept.former", folder=folder.out))
    with _worlds_in(folder.worlds, scenario, asked) as worlds:
        missing = worlds.missing()
        if missing:
            planned = plan_worlds(scenario, worlds.design, len(missing), asked.workers)
            if extra is not None:
                low, high = planned.seconds
                planned = replace(planned, seconds=(low * extra.times, high * extra.times))
            talk.say(f"{scenario.name}: {plan_in_words(scenario, worlds.design, planned, len(missing), words)}")
            for line in [*(extra.words if extra is not None else ()), *listed(scenario, worlds.design, words)]:
                talk.say(line)
            runner = None if extra is None else extra.runner(worlds.design)
            with talk.progress() as progress:
                run_all(scenario, worlds.design, missing, planned, (worlds.keep, progress), runner)
        else:
            talk.say(words.say("kept.done", name=scenario.name, worlds=words.exact(len(worlds.design.worlds))))
        runs = worlds.gather()
        about = {"worlds": len(worlds.design.worlds), "posterior": posterior_as_data(scenario)}
        worlds.finish(provenance(scenario) | about, [])
        return worlds.design, runs


def _worlds_in(place: Path, scenario: Scenario, asked: Asked) -> WorldsFolder:
    """Return the folder of the worlds, new or gone on with; worlds are added where all are done and more asked for."""
    from wom_sim.results.files import RUN, settle
    from wom_sim.study.worlds_folder import STARTED, WorldsFolder

    settle(place)
    if not (place / STARTED).is_file() and not (place / RUN).is_file():
        shutil.rmtree(place, ignore_errors=True)  # of a process that was killed while it began
    begun = (place / STARTED).is_file() and not asked.overwrite
    if not begun:
        return WorldsFolder.new(place, scenario, asked.worlds)
    worlds = WorldsFolder.opened(place, scenario)
    try:
        more = asked.worlds - len(worlds.design.worlds)
        if more > 0 and not worlds.missing():
            worlds.add(more)
    except BaseException:
        worlds.close()
        raise
    return worlds
