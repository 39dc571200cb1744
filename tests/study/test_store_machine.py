"""Whatever happens to a study's folder, nothing acknowledged is lost, nothing is there twice, and it adds up."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from invented import do, due, expected_table, extended, write_study

from wom_sim.study import folder as folders
from wom_sim.study.final_table import write_tables
from wom_sim.study.folder import Store
from wom_sim.study.sweep import merge

MOMENTS = ("before the part", "part written", "in the transaction", "acknowledged")


class CrashError(Exception):
    """The power is cut."""


class Folder(RuleBasedStateMachine):
    """A folder of a study, under a user who plans, runs, extends and merges, on a machine that crashes."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp())
        self.number = 0
        self.study = write_study(self.place / "study")
        self.store: Store | None = None
        self.acknowledged: set[bytes] = set()

    @initialize()
    def plan(self) -> None:
        self._open(self._new_folder())
        assert self.store is not None
        self.store.set_plan(self.study)

    def _new_folder(self) -> Path:
        self.number += 1
        return self.place / f"folder {self.number}"

    def _open(self, folder: Path) -> None:
        self.store = Store(folder)

    def _runs(self) -> list:
        assert self.store is not None
        return due(self.store)

    # -- what a user does --

    @rule(data=st.data(), failing=st.booleans())
    def run_some(self, data, failing):
        runs = self._runs()
        some = data.draw(st.lists(st.sampled_from(runs), unique=True, max_size=6)) if runs else []
        do(self.store, some, failing)
        self.store.flush()
        if not failing:
            self.acknowledged |= {run.key for run in some}

    @rule()
    def end_in_order_and_resume(self):
        folder = self.store.folder
        self.store.__exit__()
        self._open(folder)
        self.store.set_plan(self.study)

    @precondition(lambda self: self.study.said.replications < 4)
    @rule()
    def extend(self):
        self.study = extended(self.study, self.study.said.replications + 1)
        self.store.set_plan(self.study)

    @rule()
    def retry(self):
        self.store.manifest.retry_failed()

    @rule()
    def worker_dies(self):
        runs = self._runs()
        if runs:
            given_up = self.store.manifest.worker_died([runs[0].number], "died")
            assert bool(given_up) == (runs[0].attempts + 1 >= 3)

    @rule(data=st.data())
    def do_a_part_elsewhere_and_merge(self, data):
        """Another folder does some runs of the same study; both are merged into a third, where work goes on."""
        other = self._new_folder()
        with Store(other) as second:
            second.set_plan(self.study, (1, 1))
            runs = due(second)
            some = data.draw(st.lists(st.sampled_from(runs), unique=True, max_size=8)) if runs else []
            do(second, some)
            second.flush()
        first = self.store.folder
        self.store.__exit__()
        target = self._new_folder()
        merge([first, other], target)
        self.acknowledged |= {run.key for run in some}
        self._open(target)
        self.study = extended(self.study, self.study.said.replications)
        self.store.set_plan(self.study)

    # -- what the machine does --

    @rule(data=st.data(), moment=st.sampled_from(MOMENTS))
    def crash_in_a_flush(self, data, moment):
        """The machine stops at a moment of writing: what is on disk then is what the next runner finds."""
        runs = self._runs()
        some = data.draw(st.lists(st.sampled_from(runs), unique=True, min_size=1, max_size=6)) if runs else []
        do(self.store, some)
        after = self._new_folder()
        with pytest.MonkeyPatch.context() as patch:
            self._crash_at(patch, moment, after)
            with contextlib.suppress(CrashError):
                self.store.flush()
                if not after.exists():
                    shutil.copytree(self.store.folder, after)
        if moment == "acknowledged":
            self.acknowledged |= {run.key for run in some}
        self.store.__exit__()  # the copy is what is looked at; this one is forgotten
        self._open(after)
        if moment == "part written" and some:
            assert self.store.orphans == 1, "the part that was not listed is removed"
        self.store.set_plan(self.study)

    def _crash_at(self, patch, moment, after):
        store = self.store
        write, acknowledge = folders.write_part, store.manifest.acknowledge

        def copy_and_stop(*_):
            shutil.copytree(store.folder, after)
            raise CrashError

        def write_and_stop(*given):
            write(*given)
            copy_and_stop()

        def acknowledge_and_stop(*given):
            acknowledge(*given)
            copy_and_stop()

        if moment == "before the part":
            patch.setattr(folders, "write_part", copy_and_stop)
        elif moment == "part written":
            patch.setattr(folders, "write_part", write_and_stop)
        elif moment == "in the transaction":
            database = store.manifest._db

            class Stopping:
                def execute(self, text, *rest):
                    return copy_and_stop() if text == "COMMIT" else database.execute(text, *rest)

                def __getattr__(self, name):
                    return getattr(database, name)

            patch.setattr(store.manifest, "_db", Stopping())
        else:
            patch.setattr(store.manifest, "acknowledge", acknowledge_and_stop)

    # -- what must hold --

    @invariant()
    def it_adds_up(self):
        if self.store is None:
            return
        counts = self.store.manifest.counts()
        replications, points = self.study.said.replications, len(self.study.points)
        assert counts.rows == points * 2 * replications
        letters = len({row[0] for row in self.study.points.rows})  # a letter is the same run whatever an exit pays
        assert counts.runs == counts.done + counts.pending + counts.failed == (letters + points) * replications
        assert counts.pending == len(due(self.store))

    @invariant()
    def nothing_acknowledged_is_lost_and_nothing_is_there_twice(self):
        if self.store is None:
            return
        found = self.store.manifest._db.execute("SELECT key FROM runs WHERE state = 'done'").fetchall()
        keys = [bytes(row[0]) for row in found]
        assert len(set(keys)) == len(keys)
        assert set(keys) == self.acknowledged
        write_tables(self.store.folder, self.store.manifest)
        table = pd.read_parquet(self.store.folder / "table.parquet")
        assert not table.duplicated(["point", "policy", "replication"]).any()
        wanted = expected_table(self.store)
        pd.testing.assert_frame_equal(table[wanted.columns], wanted, check_dtype=False)

    def teardown(self) -> None:
        if self.store is not None:
            self.store.__exit__()
        shutil.rmtree(self.place)


Folder.TestCase.settings = settings(max_examples=15, stateful_step_count=10)
TestFolder = pytest.mark.science(Folder.TestCase)
