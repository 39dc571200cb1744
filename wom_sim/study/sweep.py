"""A study from Python: plan, run, status, merge, replay. The command ``wom-sim sweep`` is a cover for these."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from wom_sim._notebook import ShowsItself
from wom_sim.results.folder import FolderError
from wom_sim.study.cost import BASE_BYTES, NotEnoughMemoryError, available_memory, memory
from wom_sim.study.execute_here import Execution, InThreads
from wom_sim.study.final_table import write_tables
from wom_sim.study.folder import MANIFEST, STUDY, Store, counts_of, forget_tables, in_shard, open_manifest, own_of
from wom_sim.study.loading import Study, load_study
from wom_sim.study.loop import Progress, work_off
from wom_sim.study.manifest import Manifest
from wom_sim.study.manifest_queries import Counts, Left, Outcome
from wom_sim.study.parts import PartCache, read_places
from wom_sim.study.runs import planned
from wom_sim.words.said import Said

if TYPE_CHECKING:
    import pandas as pd

THREADS, PROCESSES = "threads", "processes"
_MERGED_ROWS = 20_000


@dataclass(frozen=True)
class Sweep(ShowsItself):
    """A study's folder after a run. ``complete``: whether no run is pending."""

    _shown_in: ClassVar[str] = "wom_sim.study.notebook"

    folder: Path
    counts: Counts

    @property
    def complete(self) -> bool:
        """Return whether every run is done, or failed."""
        return self.counts.pending == 0

    @property
    def table(self) -> pd.DataFrame:
        """Return the final table. Raises FolderError while runs are pending."""
        import pandas as pd

        path = self.folder / "table.parquet"
        if not path.is_file():
            raise FolderError(f"{self.folder} has no table yet: {self.counts.pending} runs are pending")
        return pd.read_parquet(path)


def sweep(
    study: str | os.PathLike[str] | Study,
    *,
    out: str | os.PathLike[str],
    workers: int | None = None,
    where: str | None = None,
    shard: tuple[int, int] = (1, 1),
    progress: Progress = lambda done, total, words: None,
) -> Sweep:
    """Run what is not done yet of a study, and write its table when all is done. Nothing acknowledged is run again.

    Parameters
    ----------
    study : path or Study
        A study file, or what ``load_study`` returned.
    out : path
        The folder. The same call again goes on where a former one was ended, in whatever way.
    workers : int, optional
        Runs at a time; as many as there are cores and memory for if left out. Changes no result.
    where : str, optional
        "threads", "processes", or the address of a Dask scheduler (tcp://host:port). Threads if all runs share
        people and ties, processes else. Changes no result.
    shard : (int, int)
        (i, n): only the i-th of n parts of the study; ``merge`` joins them.
    progress : callable
        Called with (runs done, runs in all, words).

    Raises
    ------
    ScenarioError
        If the study file, its scenario or one of its points is faulty.
    ValueError
        If the folder cannot be used, or memory does not suffice.
    ExecutionError
        If workers cannot be had, or go on.
    OSError
        If results cannot be written; what is acknowledged is kept.
    """
    loaded = study if isinstance(study, Study) else load_study(study)
    check_shard(shard)
    loaded.checked()
    with Store(Path(out)) as store:
        store.set_plan(loaded, shard)
        return run_pending(store, loaded, workers, where, progress)


def retry_failed(folder: Path) -> int:
    """Make the failed runs of a folder pending again, so that the next ``sweep`` tries them; return how many."""
    counts_of(folder)  # refuses what is no folder of a study, before anything is made there
    with Store(folder) as store:
        return store.manifest.retry_failed()


def check_shard(shard: tuple[int, int]) -> None:
    """Raise ValueError unless the shard is one of those that it says there are."""
    if not 1 <= shard[0] <= shard[1]:
        raise ValueError(f"shard: given {shard[0]}/{shard[1]}, allowed: i/n with i from 1 to n")


def plan_study(study: Study, folder: Path, shard: tuple[int, int] = (1, 1)) -> Left:
    """Write the plan of a study into its folder; return what is left to do."""
    check_shard(shard)
    with Store(folder) as store:
        store.set_plan(study, shard)
        return store.manifest.left()


class Telling:
    """A progress that is also told, when runs begin, how they are run: called with how, pending runs, runs aside."""

    def __init__(self, progress: Progress, began: Callable[[How, int, int], None]) -> None:
        self._progress, self.began = progress, began

    def __call__(self, done: int, total: int, words: str) -> None:
        """Pass on how far it is."""
        self._progress(done, total, words)


def run_pending(store: Store, study: Study, workers: int | None, where: str | None, tell: Progress) -> Sweep:
    """Run what is pending in an open folder, and write the table if that is all."""
    if store.manifest.counts().pending:
        forget_tables(store.folder)
        worlds = store.manifest.worlds_due()
        how = settle(study, worlds, workers, where)
        if isinstance(tell, Telling):
            counts = store.manifest.counts()
            tell.began(how, counts.pending, counts.aside)
        work_off(store, study, _execution(store, how), how.most_worlds, tell)
    counts = store.manifest.counts()
    if not counts.pending and not (store.folder / "table.parquet").exists():
        tell(counts.done + counts.failed, counts.runs, Said("step.table"))
        write_tables(store.folder, store.manifest)
    return Sweep(store.folder, counts)


@dataclass(frozen=True)
class How:
    """How a study is run: where, workers, worlds at a time, and the bytes that it takes at its peak, about."""

    where: str
    workers: int
    most_worlds: int
    bytes: float


def settle(study: Study, worlds: int, workers: int | None, where: str | None) -> How:
    """Settle where a study runs and with how many workers, as memory allows.

    Raises
    ------
    ValueError
        If ``where`` or ``workers`` is nonsense, or not even one run at a time fits into memory.
    """
    if workers is not None and workers < 1:
        raise ValueError(f"workers: given {workers}, allowed: at least 1")
    wanted = workers or os.cpu_count() or 1
    chosen = where or (THREADS if worlds <= 1 or wanted == 1 else PROCESSES)
    if "://" in chosen:
        return How(chosen, wanted, 1_000_000, 0.0)
    if chosen not in (THREADS, PROCESSES):
        raise ValueError(f"where: given {chosen!r}, allowed: threads, processes, or a Dask address (tcp://host:port)")
    sizes = [memory(scenario, "compiled", 1) for scenario in sampled(study)]
    base = BASE_BYTES
    each = max(sizes) - base
    free = available_memory()
    while wanted > 1 and workers is None and base + wanted * each > free:
        wanted -= 1
    if base + each > free:
        raise NotEnoughMemoryError(
            f"not enough memory: {(base + each) / 2**30:.1f} GiB needed for one run at a time, {free / 2**30:.1f} GiB "
            f"available; let each simulated person stand for several (run.represents in [set] of the study, "
            f"wom-sim show docs scaling), or run it on a larger machine"
        )
    if chosen == PROCESSES:
        return How(chosen, wanted, wanted, wanted * (base + each))
    most = max(1, min(wanted, worlds, int((free - base) / max(each, 1.0))))
    return How(chosen, wanted, most, base + each * (wanted if worlds > 1 else 1))


def sampled(study: Study, most: int = 3) -> list[Any]:
    """Return the scenarios of a few points: the first, the last, and some between."""
    last = len(study.points) - 1
    return [study.at(n) for n in sorted({round(last * k / max(1, most - 1)) for k in range(most)})]


def _execution(store: Store, how: How) -> Execution:
    """Return the workers."""
    if how.where == THREADS:
        return InThreads(how.workers, how.most_worlds, store.in_flight(how.workers))
    if how.where == PROCESSES:
        from wom_sim.study.execute_processes import InProcesses

        return InProcesses(how.workers, store.in_flight(how.workers))
    from wom_sim.study.execute_dask import OnDask

    return OnDask(how.where)


def counts_ahead(study: Study, folder: Path, shard: tuple[int, int] = (1, 1)) -> Left:
    """Return what there would be to do in a folder, which is not touched."""
    ahead = Manifest(Path(":memory:"))
    rows = planned(study)
    mine = rows if shard[1] == 1 else (row for row in rows if in_shard(row.key, shard))
    ahead.set_plan(mine, study.policies, study.points.rows, {})
    if (folder / MANIFEST).exists():
        former = open_manifest(folder)
        try:
            ahead.copy_states(former)
        finally:
            former.close()
    try:
        return ahead.left()
    finally:
        ahead.close()


# -- merging -------------------------------------------------------------------------------------------------


def merge(folders: Sequence[Path], out: Path, tell: Progress = lambda done, total, words: None) -> Sweep:
    """Join folders of one study, such as its shards, in ``out``, and write the table if nothing is missing.

    The plan is that of ``out`` if it has one, else that of the folder whose study has most runs; results of runs
    that are not in it are left out.

    Raises
    ------
    ValueError
        If one is no folder of a study, is in use, or has nothing of this study.
    """
    for folder in folders:
        if folder.resolve() == out.resolve():
            raise FolderError(f"{folder} is given to be joined and as --out; give another folder for the result")
        counts_of(folder)
    target = load_study(out / STUDY) if (out / STUDY).is_file() else _largest(folders)
    target.checked()
    is_new = not out.exists()
    with Store(out) as store:
        store.set_plan(target)
        try:
            for folder in folders:
                _check_kin(store, folder)
        except FolderError:
            if is_new:
                shutil.rmtree(out)
            raise
        forget_tables(store.folder)
        for number, folder in enumerate(folders):
            tell(number, len(folders), Said("step.taking", folder=str(folder)))
            _take_over(store, folder)
        counts = store.manifest.counts()
        if not counts.pending:
            write_tables(out, store.manifest)
        return Sweep(out, counts)


def _largest(folders: Sequence[Path]) -> Study:
    studies = [load_study(folder / STUDY) for folder in folders]
    return max(studies, key=lambda study: study.runs)


def _check_kin(store: Store, folder: Path) -> None:
    """Raise FolderError if a folder has results, and none of them is of this study."""
    manifest = open_manifest(folder)
    try:
        found = wanted = 0
        for block in manifest.results(_MERGED_ROWS):
            found += len(block)
            wanted += store.manifest.count_planned([bytes(row[0]) for row in block])
            if wanted:
                return
        if found:
            raise FolderError(f"{folder} has {found} runs, and none of this study, or of this version of the model")
    finally:
        manifest.close()


def _take_over(store: Store, folder: Path) -> None:
    """Copy what is done in another folder and wanted here; also what failed there and is not done here."""
    manifest = open_manifest(folder)
    try:
        held = PartCache(folder, manifest.hashes(), own_of(manifest))
        for block in manifest.results(_MERGED_ROWS):
            wanted = store.manifest.numbers_due([bytes(row[0]) for row in block])
            kept = [row for row in block if bytes(row[0]) in wanted]
            values = read_places(held, [(row[1], row[2]) for row in kept])
            for row, numbers in zip(kept, values, strict=True):
                store.add(Outcome(wanted[bytes(row[0])], row[3], row[4]), bytes(row[0]), numbers)
            store.flush()
        _take_over_failures(store, manifest)
    finally:
        manifest.close()


def _take_over_failures(store: Store, manifest: Manifest) -> None:
    none = np.empty(0)
    for _, _, _, key, _, error in manifest.failures():
        number = store.manifest.numbers_due([bytes.fromhex(key)]).get(bytes.fromhex(key))
        if number is not None:
            store.add(Outcome(number, 0.0, "", error), b"", none)
    store.flush()
