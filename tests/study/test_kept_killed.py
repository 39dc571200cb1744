"""fit and pilot, killed, beside another, and moved: a finished result stays until the next one is complete."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from patience import wait_for
from small import FIRST, first_look
from test_fit import written
from typer.testing import CliRunner

from wom_sim.cli.assembly import app
from wom_sim.results.files import NEXT, STAGE
from wom_sim.results.folder import opened
from wom_sim.scenario.posterior import DRAWS

pytestmark = [pytest.mark.science, pytest.mark.skipif(not hasattr(os, "fork"), reason="needs signals")]
ROOT = Path(__file__).parents[2]
HELD = """
import sys, time
from wom_sim.cli import kept_worlds, main

def wait(self, run):
    print("all but run.json is written", flush=True)
    time.sleep(600)

kept_worlds.Kept.finish = wait
main(sys.argv[1:])
"""
WITHIN = {"fit": "prior", "pilot": "worlds"}


class Case:
    """A command whose result is in ``out``: how it is asked for, and how for another one that takes its place."""

    def __init__(self, kind: str, folder: Path) -> None:
        small = [part for value in first_look(1) for part in ("--set", value)]
        if kind == "fit":
            self.first = ["fit", str(written(folder)), "--worlds", "200", "--check", "0"]
            self.other = [*self.first, "--set", "run.seed=77"]
            self.table, self.corrected = "learned.csv", [
                "fit", str(written(folder, "corrected.toml", posts=14)), "--worlds", "200", "--check", "0"
            ]  # fmt: skip
        else:
            asked = ["pilot", str(Path(FIRST).resolve()), *small, "--by", "bulk letter", "--worlds", "100"]
            self.first, self.other = ([*asked, "--customers", n] for n in ("5", "7"))
            self.table, self.corrected = "pilots.csv", self.first
        self.kind, self.within, self.out, self.folder = kind, WITHIN[kind], folder / "out", folder

    def run(self, asked: list[str], out: Path, *more: str):
        return CliRunner().invoke(app(), [*asked, "--out", str(out), *more])

    def start(self, asked: list[str], out: Path, *more: str, script: str | None = None) -> subprocess.Popen:
        how = ["-m", "wom_sim"] if script is None else ["-c", script]
        return subprocess.Popen(
            [sys.executable, *how, *asked, "--out", str(out), "--workers", "1", *more], cwd=ROOT, text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def kill_in_the_midst(self, asked: list[str], out: Path, place: Path, *more: str) -> None:
        """Start the command and kill it, as nobody can hinder, when some worlds are done."""
        process = self.start(asked, out, *more)
        parts = place / self.within / "parts"
        try:
            assert wait_for(lambda: len(list(parts.glob("*.parquet"))) >= 3 or process.poll() is not None)
            assert process.poll() is None, "it was over before it could be killed"
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
            process.stdout.close()


def shown(folder: Path) -> dict[str, bytes]:
    """What is in a folder, but for what is hidden."""
    found = (p for p in sorted(folder.rglob("*")) if p.is_file())
    return {n: p.read_bytes() for p in found if not (n := p.relative_to(folder).as_posix()).startswith(".")}


def tables(folder: Path) -> dict[str, bytes]:
    return {name: content for name, content in shown(folder).items() if name.endswith(".csv")}


@pytest.fixture(scope="module", params=["fit", "pilot"])
def done(request, tmp_path_factory):
    """A finished result, and what another one would be; only to be read."""
    case = Case(request.param, tmp_path_factory.mktemp(request.param))
    for asked, place in ((case.first, case.out), (case.other, case.folder / "other")):
        result = case.run(asked, place)
        assert result.exit_code == 0, result.output
    assert tables(case.out) != tables(case.folder / "other")
    return case


@pytest.fixture
def copy(done, tmp_path) -> Path:
    return Path(shutil.copytree(done.out, tmp_path / "result"))


def test_a_finished_result_outlives_the_kill_of_the_one_that_would_take_its_place(done, copy):
    before = shown(copy)
    done.kill_in_the_midst(done.other, copy, copy / NEXT, "--overwrite")
    assert shown(copy) == before and opened(copy).kind.name == done.kind
    parts = (copy / NEXT / done.within / "parts").iterdir()
    kept = sum(part.suffix == ".parquet" and not part.name.startswith(".") for part in parts)  # whole ones
    again = done.run(done.other, copy)
    assert again.exit_code == 0, again.output
    worlds = 200 if done.kind == "fit" else 100
    assert f"{worlds - kept} worlds" in again.output, "the worlds that were done are not run again"
    assert f"The result in {copy} stays until this one is complete" in again.output.replace("\n", "")
    assert "The same command goes on (without --overwrite" in again.output.replace("\n", "")
    assert tables(copy) == tables(done.folder / "other")
    assert not (copy / NEXT).exists() and not (copy / STAGE).exists()
    assert opened(copy).missing() == []


def test_a_first_one_that_is_killed_is_gone_on_with(done, tmp_path):
    out = tmp_path / "new"
    done.kill_in_the_midst(done.first, out, out)
    other = CliRunner().invoke(app(), ["compare", FIRST, "--worlds", "5", "--out", str(out)])
    assert other.exit_code == 4 and not (out / "run.json").exists(), "nothing else is written into it"
    again = done.run(done.first, out)
    assert again.exit_code == 0, again.output
    assert tables(out) == tables(done.out)


def killed_before_the_last_file(process: subprocess.Popen[str]) -> None:
    """Kill a process that has written all but the last file."""
    try:
        assert any("all but run.json" in line for line in process.stdout)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()


def test_a_kill_when_all_is_done_but_the_last_file_loses_neither(done, copy):
    before = shown(copy)
    killed_before_the_last_file(done.start(done.other, copy, "--overwrite", script=HELD))
    assert shown(copy) == before
    again = done.run(done.other, copy)
    assert again.exit_code == 0 and "worlds are done" in again.output
    assert tables(copy) == tables(done.folder / "other") and not (copy / NEXT).exists()


def test_a_second_writer_is_refused_and_changes_nothing(done, copy):
    process = done.start(done.other, copy, "--overwrite")
    try:
        parts = copy / NEXT / done.within / "parts"
        assert wait_for(lambda: len(list(parts.glob("*.parquet"))) >= 1 or process.poll() is not None)
        before, size = shown(copy), len(list(parts.glob("*.parquet")))
        for asked in (done.other, [*done.other, "--overwrite"], done.first):
            second = done.run(asked, copy)
            assert second.exit_code == 4 and f"is being written by process {process.pid} on" in second.output
        assert process.poll() is None, "it was over before a second one came"
        assert shown(copy) == before and len(list(parts.glob("*.parquet"))) >= size
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()


def test_what_was_cut_short_goes_on_where_it_was_moved_to(done, copy, tmp_path):
    done.kill_in_the_midst(done.other, copy, copy / NEXT, "--overwrite")
    moved = tmp_path / "elsewhere" / "moved"
    moved.parent.mkdir()
    copy.rename(moved)
    assert tables(moved) == tables(done.out)
    again = done.run(done.other, moved)
    assert again.exit_code == 0, again.output
    assert tables(moved) == tables(done.folder / "other") and not copy.exists()
    once_more = done.run(done.other, moved)
    assert once_more.exit_code == 0 and "worlds are done" in once_more.output


def test_of_the_former_worlds_nothing_stays_behind(done, copy):
    stale = copy / done.within / NEXT / "parts"
    stale.mkdir(parents=True)
    (stale / "world_000000.parquet").write_text("of a run that was cut short long ago")
    (stale.parent / "started.json").write_text("{}")
    again = done.run(done.other, copy, "--overwrite")
    assert again.exit_code == 0, again.output
    assert tables(copy) == tables(done.folder / "other") and not (copy / done.within / NEXT).exists()
    assert set(shown(copy)) == set(shown(done.folder / "other"))


def test_a_refused_command_leaves_a_finished_result_as_it_was(done, copy):
    before = sorted(p.relative_to(copy) for p in copy.rglob("*"))
    refused = done.run([*done.first, "--set", "choose.limit=15"], copy)
    assert refused.exit_code == 4
    assert sorted(p.relative_to(copy) for p in copy.rglob("*")) == before and shown(copy) == shown(done.out)


def test_a_fit_to_a_corrected_number_keeps_the_former_until_it_is_done(done, copy):
    if done.kind != "fit":
        pytest.skip("a pilot has no numbers to correct")
    before = shown(copy)
    killed_before_the_last_file(done.start(done.corrected, copy, script=HELD))
    assert {n: c for n, c in shown(copy).items() if not n.startswith("prior/")} == {
        n: c for n, c in before.items() if not n.startswith("prior/")
    }
    assert opened(copy).kind.name == "fit" and pd.read_parquet(copy / DRAWS).notna().all(axis=None)
    again = done.run(done.corrected, copy)
    assert again.exit_code == 0 and pd.read_csv(copy / "check.csv")["value"].iloc[0] == 14
