"""Plug-ins of every kind on a Dask cluster of real processes: the table is that of threads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import everything_kit
import pytest

from wom_sim import sweep

ROOT = Path(__file__).parents[2]
pytest.importorskip("distributed")


def started(folder: Path, site: Path) -> tuple[str, list[subprocess.Popen[bytes]]]:
    """Start a scheduler and two workers that know the package; return the address and the processes."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(site), str(ROOT)))}

    def start(*words: str) -> subprocess.Popen[bytes]:
        asked = [sys.executable, "-m", "dask", *words]
        return subprocess.Popen(asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)

    file = folder / "scheduler.json"
    processes = [start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file), "--no-show",
                       "--no-dashboard")]  # fmt: skip
    until = time.monotonic() + 300
    while time.monotonic() < until:
        try:
            address = json.loads(file.read_text())["address"]
            break
        except (OSError, ValueError):
            time.sleep(0.2)
    else:
        raise AssertionError("the scheduler does not start")
    workers = [start("worker", address, "--nthreads", "1", "--no-dashboard", "--no-nanny") for _ in range(2)]
    return address, [*processes, *workers]


@pytest.mark.science
def test_a_cluster_gives_the_same_table(site, tmp_path):
    everything_kit.install(site)
    (tmp_path / "scenario.toml").write_text(everything_kit.SCENARIO)
    (tmp_path / "study.toml").write_text(everything_kit.STUDY)
    address, processes = started(tmp_path, site)
    try:
        found = sweep(tmp_path / "study.toml", out=tmp_path / "dask", where=address)
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()
    assert found.complete
    assert found.counts.failed == 0
    sweep(tmp_path / "study.toml", out=tmp_path / "here", where="threads", workers=1)
    for name in ("table.parquet", "table.csv"):
        assert (tmp_path / "dask" / name).read_bytes() == (tmp_path / "here" / name).read_bytes()
    assert {"busy_days", "ways_heard"} <= set(found.table.columns)
