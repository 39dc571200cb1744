"""A result is written by one process, put in its place as a whole, and read only as it was written."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from unsealed import unseal

from wom_sim.results import files
from wom_sim.results.errors import DamagedError, FolderError, InUseError
from wom_sim.results.files import STAGE, Stage
from wom_sim.results.folder import opened
from wom_sim.results.lock import WRITING, Writing

ROOT = Path(__file__).parents[2]
HOLD = """
import sys, time
from pathlib import Path
from wom_sim.results.files import Stage
with Stage(Path(sys.argv[1])) as stage:
    (stage.place / "daily.csv").write_text("half")
    print("held", flush=True)
    time.sleep(60)
"""


def write(folder: Path, **tables: str) -> Path:
    """Write a result of a few tables."""
    with Stage(folder) as stage:
        for name, text in tables.items():
            (stage.place / f"{name}.csv").write_text(text)
        stage.finish({"kind": "run", "note": "Müller", "share": 0.1, "files": [f"{name}.csv" for name in tables]})
    return folder


def content(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture
def result(tmp_path):
    return write(tmp_path / "result", daily="day\n1\n", old="x\n")


@pytest.fixture
def other_process(result):
    """Another process that is writing into the folder of the result."""
    asked = [sys.executable, "-c", HOLD, str(result)]
    where = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(asked, stdout=subprocess.PIPE, text=True, env=where)
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_second_writer_is_refused_with_the_process_of_the_first(result, other_process):
    before = content(result)
    with pytest.raises(InUseError, match=rf"is being written by process {other_process.pid} on "):
        write(result, daily="day\n2\n")
    assert content(result) == before
    assert opened(result).run["note"] == "Müller", "readers need not wait"


def test_a_writer_that_is_killed_leaves_the_former_result_and_no_lock(result, other_process):
    before = (result / "daily.csv").read_bytes()
    other_process.send_signal(signal.SIGKILL)
    other_process.wait()
    assert opened(result).has("daily.csv") and (result / "daily.csv").read_bytes() == before
    write(result, daily="day\n3\n")
    assert set(content(result)) == {"daily.csv", "run.json"}


def test_two_writers_in_one_process_are_two(tmp_path):
    with Writing(tmp_path), pytest.raises(InUseError, match=f"process {os.getpid()}"):
        Writing(tmp_path)
    Writing(tmp_path).release()
    assert list(tmp_path.iterdir()) == []


def test_what_goes_wrong_on_the_way_leaves_everything_as_it_was(result, tmp_path):
    before = content(result)
    for folder in (result, tmp_path / "new" / "one"):
        with pytest.raises(OSError, match="full"), Stage(folder) as stage:
            (stage.place / "daily.csv").write_text("day\n")
            raise OSError(28, "full")
    assert content(result) == before
    assert not (tmp_path / "new" / "one").exists(), "nor is an empty folder left behind"


def test_what_the_newer_result_has_not_is_gone(result):
    write(result, daily="day\n2\n")
    assert set(content(result)) == {"daily.csv", "run.json"}


@pytest.mark.parametrize("steps", range(6))
def test_a_move_that_is_cut_short_is_finished_by_who_comes_next(result, monkeypatch, steps):
    done, real = [], Path.replace

    def replace(self, target):
        if STAGE in self.parts and not self.name.endswith(".part"):
            if len(done) == steps:
                raise KeyboardInterrupt
            done.append(self.name)
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    if steps < 4:
        with pytest.raises(KeyboardInterrupt):
            write(result, daily="day\n2\n", a="a\n", b="b\n")
    else:
        write(result, daily="day\n2\n", a="a\n", b="b\n")
    monkeypatch.undo()
    assert opened(result).has("a.csv")
    assert set(content(result)) == {"a.csv", "b.csv", "daily.csv", "run.json"}
    assert (result / "daily.csv").read_text() == "day\n2\n"


@pytest.mark.science
def test_every_bit_that_is_flipped_is_found(result):
    luck = random.Random(17)
    kept = content(result)
    places = [(name, bit) for name in kept for bit in range(8 * len(kept[name]))]
    for name, bit in luck.sample(places, min(1500, len(places))):
        spoilt = bytearray(kept[name])
        spoilt[bit // 8] ^= 1 << bit % 8
        (result / name).write_bytes(spoilt)
        with pytest.raises(FolderError):
            opened(result)
        (result / name).write_bytes(kept[name])
    opened(result)


def test_damage_is_said_with_the_file_and_what_to_do(result):
    (result / "daily.csv").write_text("day\n2\n")
    with pytest.raises(DamagedError, match=r"daily\.csv: is not as it was written: .*--overwrite"):
        opened(result)


def test_a_log_is_checked_when_somebody_asks_for_it(tmp_path):
    with Stage(tmp_path) as stage:
        (stage.place / "events.parquet").write_text("log")
        stage.finish({"kind": "run", "files": ["events.parquet"]})
    (tmp_path / "events.parquet").write_text("lag")
    found = opened(tmp_path)
    with pytest.raises(DamagedError):
        found.has("events.parquet")


def test_a_file_that_was_removed_is_not_there_rather_than_damaged(result):
    (result / "old.csv").unlink()
    found = opened(result)
    assert (found.missing(), found.has("old.csv")) == (["old.csv"], False)


def test_a_result_without_hashes_is_read_as_it_is(result):
    unseal(result)
    (result / "daily.csv").write_text("changed\n")
    assert opened(result).has("daily.csv")


def test_hashes_cannot_be_taken_out_unseen(result):
    run = json.loads((result / "run.json").read_text())
    for gone in ("sha256", "sealed"):
        (result / "run.json").write_text(json.dumps({k: v for k, v in run.items() if k != gone}, indent=2) + "\n")
        with pytest.raises(DamagedError):
            opened(result)


def test_line_ends_of_another_system_are_no_damage(result):
    text = (result / "run.json").read_bytes()
    (result / "run.json").write_bytes(text.replace(b"\n", b"\r\n"))
    opened(result)


def test_a_reader_waits_for_a_writer_that_puts_files_in_their_place(result, monkeypatch):
    """Another process holds the lock while complete files lie beside; it is given time, and then named."""
    (result / STAGE).mkdir()
    (result / STAGE / "run.json").write_text("{}")
    monkeypatch.setattr(files, "_PATIENCE", 1)
    with Writing(result):
        with pytest.raises(InUseError):
            files.settle(result)
        assert (result / WRITING).exists()
