"""Kill the runners, workers and scheduler of a study again and again, and compare its table with the undisturbed one.

The study of this folder is done once undisturbed, with one process. Then it is done again in every way there is, and
killed with signal 9 at random moments. Each way ends with a comparison of ``table.parquet`` and every CSV file.

python experiments/torture/torture.py [--kills 12] [--only processes-2 ...] [--seed 1] [--replications 300]
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psutil

from wom_sim.study.folder import open_manifest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SOONEST, LATEST = 0.3, 4.0
"""Seconds from the last start until a kill."""
_PATIENCE = 900.0


class Way:
    """A way to run the study in a folder, and what may be killed on the way."""

    def __init__(self, name: str, options: list[str], shards: int = 1) -> None:
        self.name, self.options, self.shards = name, options, shards


WAYS = (
    Way("threads", ["--threads", "--workers", "2"]),
    Way("processes-1", ["--processes", "--workers", "1"]),
    Way("processes-2", ["--processes", "--workers", "2"]),
    Way("shards-4", ["--processes", "--workers", "1"], shards=4),
    Way("dask", []),
)


class Cluster:
    """A scheduler and two workers on this machine, each a process that can be killed and is then started again."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"
        self._log = (folder / "cluster.log").open("ab")
        self.scheduler = self._start_scheduler()
        self.workers = [self._start_worker(), self._start_worker()]

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        asked = [sys.executable, "-m", "dask", *arguments]
        return subprocess.Popen(asked, stdout=self._log, stderr=self._log, env=environment(), start_new_session=True)

    def _start_scheduler(self) -> subprocess.Popen[bytes]:
        return self._start("scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard", "--no-show")

    def _start_worker(self) -> subprocess.Popen[bytes]:
        return self._start("worker", self.address, "--nthreads", "1", "--no-dashboard", "--no-nanny")

    def kill_worker(self, luck: random.Random) -> None:
        """Kill one worker and start another in its place."""
        which = luck.randrange(2)
        _kill(self.workers[which].pid)
        self.workers[which].wait()
        self.workers[which] = self._start_worker()

    def kill_scheduler(self) -> None:
        """Kill the scheduler and start another one; workers of the old one end by themselves or are ended."""
        _kill(self.scheduler.pid)
        self.scheduler.wait()
        for worker in self.workers:
            _kill(worker.pid)
            worker.wait()
        self.scheduler = self._start_scheduler()
        self.workers = [self._start_worker(), self._start_worker()]

    def end(self) -> None:
        """End all."""
        for process in (*self.workers, self.scheduler):
            _kill(process.pid)
            process.wait()
        self._log.close()


def environment() -> dict[str, str]:
    """Return the environment of the processes: this source."""
    return os.environ | {"PYTHONPATH": str(ROOT)}


def _kill(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def command(study: Path, out: Path, *options: str) -> list[str]:
    """Return the command that runs the study."""
    return [sys.executable, "-m", "wom_sim", "sweep", "run", str(study), "--out", str(out), *options]


def disturbed(asked: list[str], log: Path, kills: int, kill: Callable[[int], str | None]) -> Counter[str]:
    """Run a command until it ends well, killing what ``kill`` chooses ``kills`` times; return what was killed.

    ``kill`` takes the runner's process id and returns what it has killed.
    """
    killed: Counter[str] = Counter()
    luck = random.Random(len(asked) + kills)
    ends = time.monotonic() + _PATIENCE
    while time.monotonic() < ends:
        with log.open("ab") as said:
            runner = subprocess.Popen(asked, stdout=said, stderr=said, env=environment(), start_new_session=True)
            while True:
                wait = luck.uniform(SOONEST, LATEST) if killed.total() < kills else _PATIENCE
                try:
                    code = runner.wait(timeout=wait)
                    break
                except subprocess.TimeoutExpired:
                    what = kill(runner.pid)
                    if what is not None:
                        killed[what] += 1
        if code == 0:
            return killed
        if code not in (-signal.SIGKILL, 1):
            raise RuntimeError(f"the runner ended with {code}; see {log}")
    raise RuntimeError("the study did not end")


def here(luck: random.Random) -> Callable[[int], str | None]:
    """Return what kills the runner or, if it has any, one of its worker processes."""

    def kill(runner: int) -> str | None:
        try:
            workers = psutil.Process(runner).children()
        except psutil.NoSuchProcess:
            return None
        if workers and luck.random() < 0.5:
            return "worker" if _kill(luck.choice(workers).pid) else None
        return "runner" if _kill(runner) else None

    return kill


def on(cluster: Cluster, luck: random.Random) -> Callable[[int], str | None]:
    """Return what kills the runner, a worker of the cluster, or its scheduler."""

    def kill(runner: int) -> str | None:
        chance = luck.random()
        if chance < 0.5:
            cluster.kill_worker(luck)
            return "worker"
        if chance < 0.65:
            cluster.kill_scheduler()
            return "scheduler"
        return "runner" if _kill(runner) else None

    return kill


def tables(folder: Path) -> dict[str, bytes]:
    """Return what must be the same."""
    return {file.name: file.read_bytes() for file in [folder / "table.parquet", *sorted(folder.glob("*.csv"))]}


def run_way(way: Way, study: Path, place: Path, kills: int, seed: int) -> Counter[str]:
    """Do the study in one way; return what was killed."""
    luck = random.Random(f"{way.name} {seed}")
    log = place / f"{way.name}.log"
    if way.name == "dask":
        cluster = Cluster(place)
        try:
            asked = command(study, place / way.name, "--dask", cluster.address)
            return disturbed(asked, log, kills, on(cluster, luck))
        finally:
            cluster.end()
    if way.shards == 1:
        return disturbed(command(study, place / way.name, *way.options), log, kills, here(luck))
    killed: Counter[str] = Counter()
    shards = [place / f"{way.name}.{number}" for number in range(1, way.shards + 1)]
    for number, shard in enumerate(shards, start=1):
        asked = command(study, shard, *way.options, "--shard", f"{number}/{way.shards}")
        killed += disturbed(asked, log, -(-kills // way.shards), here(luck))
    asked = [sys.executable, "-m", "wom_sim", "sweep", "merge", *map(str, shards), "--out", str(place / way.name)]
    subprocess.run(asked, env=environment(), check=True, capture_output=True)
    return killed


def attempts(folder: Path) -> str:
    """Return how many runs there are, and how many were begun more than once."""
    manifest = open_manifest(folder)
    try:
        counts = manifest.counts()
        return f"{counts.done} of {counts.runs} runs done, {counts.failed} failed"
    finally:
        manifest.close()


def main() -> None:
    """Do it, and say what came out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=12, help="kills of each way")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=[way.name for way in WAYS])
    parser.add_argument("--replications", type=int, default=300)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="torture") as folder:
        place = Path(folder)
        shutil.copy(HERE / "scenario.toml", place)
        text = (HERE / "study.toml").read_text().replace("replications = 90", f"replications = {given.replications}")
        study = place / "study.toml"
        study.write_text(text)
        began = time.monotonic()
        subprocess.run(
            command(study, place / "undisturbed", "--processes", "--workers", "1"), env=environment(), check=True,
            capture_output=True,
        )  # fmt: skip
        wanted = tables(place / "undisturbed")
        print(f"undisturbed, one process: {time.monotonic() - began:.0f} s, {attempts(place / 'undisturbed')}")
        print(f"  {', '.join(f'{name} {len(content):,} bytes' for name, content in wanted.items())}", flush=True)
        failed = False
        for way in WAYS:
            if way.name not in given.only:
                continue
            began = time.monotonic()
            killed = run_way(way, study, place, given.kills, given.seed)
            same = tables(place / way.name) == wanted
            failed |= not same
            listed = ", ".join(f"{what} {number}" for what, number in sorted(killed.items()))
            print(
                f"{way.name}: {time.monotonic() - began:.0f} s, killed {killed.total()} times ({listed}), "
                f"{attempts(place / way.name)}: {'the same to the byte' if same else 'DIFFERENT'}",
                flush=True,
            )
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
