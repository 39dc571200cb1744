"""The real command, ended in the ways in which it is ended: killed, interrupted, on a full disk, beside another."""

from __future__ import annotations

import os
import resource
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from patience import PATIENCE, wait_for
from plugins import Gate, known
from small import two_policies
from test_sweep import ROOT, STUDY, tables, with_policy, write

from wom_sim import load_study, sweep
from wom_sim.study.folder import counts_of
from wom_sim.study.manifest_queries import Counts
from wom_sim.study.sweep import plan_study

pytestmark = [pytest.mark.science, pytest.mark.skipif(not hasattr(os, "fork"), reason="needs signals")]
MANY = STUDY.replace("replications = 3", "replications = 15")
"""180 runs of three policies; one of them is held, so that they can be disturbed before all is done."""


@pytest.fixture
def plugged(tmp_path, monkeypatch):
    """A study with a policy that is held, known to this process and to those that it starts."""
    with known(tmp_path, monkeypatch) as site:
        monkeypatch.setenv("PYTHONPATH", f"{site}{os.pathsep}{ROOT}")
        yield write(tmp_path, MANY, with_policy("held"))


@pytest.fixture
def gate(tmp_path, monkeypatch):
    """What the policy is held by."""
    return Gate(tmp_path / "gate", monkeypatch)


class Command:
    """``wom-sim sweep run`` with two workers, as a process of its own."""

    def __init__(self, study: Path, out: Path, *options: str, most_bytes: int | None = None) -> None:
        def limited() -> None:
            if most_bytes is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

        asked = [sys.executable, "-m", "wom_sim", "sweep", "run", str(study), "--out", str(out)]
        asked += ["--workers", "2", *options]
        self.process = subprocess.Popen(
            asked, stderr=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=limited
        )

    def end(self, signalled: int | None = None, then: Callable[[], None] = lambda: None) -> tuple[int, str]:
        """Send a signal, if one is given, and do what is to follow; return the exit code and what was said."""
        if signalled is not None:
            self.process.send_signal(signalled)
        then()
        _, said = self.process.communicate(timeout=PATIENCE)
        assert "Traceback" not in said
        return self.process.returncode, " ".join(said.split())


def acknowledged(out: Path) -> int:
    """Return how many runs are done, 0 as long as there is no manifest to ask."""
    try:
        return counts_of(out).done
    except ValueError:
        return 0


@pytest.mark.parametrize("where", ["--threads", "--processes"])
def test_a_killed_runner_goes_on_with_the_same_command(plugged, gate, tmp_path, where):
    out = tmp_path / "out"
    done = 0
    for _ in range(2):
        runner = Command(plugged, out, where)
        before = done
        assert wait_for(lambda at=before: acknowledged(out) > at)
        assert runner.end(signal.SIGKILL)[0] == -signal.SIGKILL
        done = acknowledged(out)
        assert before < done < 180, "what was acknowledged is kept, and not all was done"
    gate.open()
    code, said = Command(plugged, out, where).end()
    assert code == 0
    assert f"{180 - done} runs to do" in said, "only what was not acknowledged is run again"
    assert sweep(plugged, out=tmp_path / "undisturbed", where="threads").complete
    assert tables(out) == tables(tmp_path / "undisturbed")


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_in_threads_ends_in_order_and_says_how_to_go_on(plugged, gate, tmp_path, asked):
    out = tmp_path / "out"
    runner = Command(plugged, out, "--threads")
    assert wait_for(lambda: acknowledged(out) > 0)
    code, said = runner.end(asked, then=gate.open)
    counts = counts_of(out)
    assert code == 130
    assert 0 < counts.done < counts.runs
    assert f"ended: {counts.done} of {counts.runs} runs are done; the same command goes on" in said
    assert Command(plugged, out, "--threads").end()[0] == 0


def test_the_second_runner_on_a_folder_is_refused_in_words(plugged, gate, tmp_path):
    out = tmp_path / "out"
    first = Command(plugged, out, "--threads")
    assert wait_for(lambda: acknowledged(out) > 0)
    code, said = Command(plugged, out, "--threads").end()
    assert code == 4
    assert f"{out} is in use by process {first.process.pid} on " in said
    assert "wait for it, stop it, or give another folder" in said
    assert first.process.poll() is None
    assert acknowledged(out) < 180
    assert first.end(then=gate.open)[0] == 0, "the first one does not notice"
    assert acknowledged(out) == 180


@pytest.fixture
def quick(tmp_path):
    """A study of 1,600 quick runs, and its folder with the plan."""
    said = STUDY.replace("replications = 3", "replications = 200")
    study = write(tmp_path, said, two_policies(300, 30, 10))
    plan_study(load_study(study), tmp_path / "out")
    return study, tmp_path / "out"


def refused(study: Path, out: Path, most: int) -> Counts:
    """Run the command where no file may be longer than some bytes; return what it has done."""
    code, said = Command(study, out, "--threads", most_bytes=most).end()
    assert code == 1
    assert "What was acknowledged is kept; the same command goes on." in said
    assert not [f for f in (*out.iterdir(), *(out / "parts").iterdir()) if f.name.startswith((".", "table."))]
    return counts_of(out)


def test_a_manifest_that_may_not_grow_ends_the_run_with_a_word_and_loses_nothing(quick, tmp_path):
    """The kernel refuses to write, as on a full disk; with room again the same command goes on."""
    study, out = quick
    counts = refused(study, out, (out / "manifest.sqlite").stat().st_size * 3 // 4)
    assert counts.pending > 0
    assert counts.failed == 0
    code, said = Command(study, out, "--threads").end()
    assert (code, f"{counts.pending:,} runs to do" in said) == (0, True)
    assert sweep(study, out=tmp_path / "undisturbed", where="threads").complete
    assert tables(out) == tables(tmp_path / "undisturbed")


def test_a_full_disk_ends_the_run_with_a_word_and_it_goes_on_elsewhere(quick, tmp_path):
    """A disk of a few hundred kilobytes, in memory, that nobody else sees."""
    study, planned = quick
    disk, after = tmp_path / "disk", tmp_path / "after"
    disk.mkdir()
    size = sum(file.stat().st_size for file in planned.rglob("*") if file.is_file()) + 150_000
    asked = [sys.executable, "-m", "wom_sim", "sweep", "run", str(study), "--out", str(disk), "--threads"]
    steps = f"""
        mount -t tmpfs -o size={size} tmpfs {disk} || exit 77
        cp -r {planned}/. {disk} || exit 77
        {shlex.join(asked)}; code=$?
        cp -r {disk}/. {after}
        exit $code
    """
    alone = ["unshare", "--user", "--mount", "--map-root-user", "sh", "-c", steps]
    try:
        done = subprocess.run(alone, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except FileNotFoundError:
        pytest.skip("needs unshare")
    if "unshare" in done.stderr or done.returncode == 77:
        pytest.skip("may not mount a disk of its own here")
    said = " ".join(done.stderr.split())
    assert done.returncode == 1, said
    assert "What was acknowledged is kept; the same command goes on." in said
    assert "Traceback" not in said
    counts = counts_of(after)
    assert (counts.failed, counts.pending > 0) == (0, True)
    code, said = Command(study, after, "--threads").end()
    assert (code, f"{counts.pending:,} runs to do" in said) == (0, True)
    assert sweep(study, out=tmp_path / "undisturbed", where="threads").complete
    assert tables(after) == tables(tmp_path / "undisturbed")


def test_a_table_that_may_not_be_written_is_not_there_by_half(quick):
    study, out = quick
    assert sweep(study, out=out, where="threads").complete
    wanted = tables(out)
    for name in ("table.csv", "table.parquet"):
        (out / name).unlink()
    counts = refused(study, out, 60_000)
    assert (counts.done, counts.pending) == (1600, 0)
    assert Command(study, out, "--threads").end()[0] == 0
    assert tables(out) == wanted
