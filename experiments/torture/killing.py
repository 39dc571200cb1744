"""Kill commands that write with signal 9, by the clock and at their n-th operation on the disk, and go on.

What is there in between must be a whole result, the former one or the new one; what is there at the end must be, to the
byte, what an undisturbed run writes.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from judge import RAN, REFUSED
from ways import Command, Way

_CHANGES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate")
_PATIENCE = 600.0
LOST, DIFFERS = "lost", "differs"


def _writes(event: str, given: tuple[object, ...]) -> bool:
    """Whether what the interpreter is about to do changes the disk."""
    if event == "open":
        flags = given[2] if len(given) > 2 and isinstance(given[2], int) else 0
        return bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)) or (
            isinstance(given[1], str) and given[1][:1] in "wax"
        )
    return event in _CHANGES


def on_disk(place: Path, act: Callable[[int, str, object], None]) -> Callable[[], int]:
    """Call ``act`` before each change on the disk below a folder, with its number; return how many there were.

    The hook stays as long as the process lives, so this is for forked ones.
    """
    here, count = str(place.resolve()), [0]

    def hook(event: str, given: tuple[object, ...]) -> None:
        if not _writes(event, given):
            return
        name = given[0]
        if not isinstance(name, str | os.PathLike | bytes):
            return
        if os.path.abspath(os.fsdecode(name)).startswith(here):  # noqa: PTH100 - links are not to be followed
            count[0] += 1
            act(count[0], event, name)

    sys.addaudithook(hook)
    return lambda: count[0]


class Child:
    """A command in a forked process, with a group of its own and its words in a file."""

    def __init__(self, command: Command, place: Path, run: Callable[[Command], int], at: int | None = None) -> None:
        self.log = Path(tempfile.gettempdir()) / f"torture.{os.getpid()}.{place.name}.said"
        self.log.unlink(missing_ok=True)
        reader, writer = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            code = 70
            try:
                os.setsid()
                os.close(reader)
                os.chdir(place)
                with open(self.log, "ab") as said, open(os.devnull) as nothing:  # noqa: PTH123
                    os.dup2(said.fileno(), 1)
                    os.dup2(said.fileno(), 2)
                    os.dup2(nothing.fileno(), 0)
                sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115

                def act(number: int, event: str, name: object) -> None:
                    if number == at:
                        os.kill(os.getpid(), signal.SIGKILL)

                counted = on_disk(place, act)
                code = run(command)
                sys.stdout.flush()
                sys.stderr.flush()
                os.write(writer, str(counted()).encode())
            finally:
                os._exit(code)
        os.close(writer)
        self._reader, self.code = reader, None
        self.code: int | None
        self.changes = 0

    def wait(self, seconds: float = _PATIENCE) -> int | None:
        """Return how it ended (a signal: below 0); None if it has not within so many seconds."""
        ends = time.monotonic() + seconds
        while self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
                self.changes = int(os.read(self._reader, 20) or 0)
                os.close(self._reader)
            elif time.monotonic() > ends:
                return None
            else:
                time.sleep(0.002)
        return self.code

    def kill(self) -> None:
        """End it and every process that it has begun, as nobody can hinder."""
        with contextlib.suppress(OSError):
            os.killpg(self.pid, signal.SIGKILL)
        self.wait()

    def said(self) -> str:
        """Return the last of its words."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-1200:] if self.log.is_file() else ""


def run_here(command: Command) -> int:
    """Run a command in this process as the command line does, and return its exit code."""
    from wom_sim.cli import main

    try:
        main(command)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


@dataclass
class Tally:
    """What came of the kills of a way."""

    name: str
    kills: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)
    varies: tuple[str, ...] = ()

    def wrong(self, what: str, words: str) -> None:
        """Count what must not be."""
        self.counts[what] += 1
        self.said.append(f"{self.name}: {what}: {words}")


def written(place: Path, out: str) -> dict[str, bytes]:
    """Return what a command has written, but for what is hidden."""
    target = place / out
    if target.is_file():
        return {out: target.read_bytes()}
    found = {p.relative_to(target).as_posix(): p for p in target.rglob("*") if p.is_file()}
    return {name: path.read_bytes() for name, path in sorted(found.items()) if not _hidden(name)}


_TIMED = "run.json"
"""It says when and how long: two of them are the same only where both ran in one second."""


def _hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/")) or name.endswith(
        ("runner.lock", "sqlite", "-wal", "-shm")
    )


class Undisturbed:
    """What is there before, what an undisturbed run writes, how long it takes and how often it changes the disk."""

    def __init__(self, way: Way, stock: Path, place: Path, run: Callable[[Command], int] = run_here) -> None:
        self.way, self.place, self.run = way, place, run
        self.before, self.seconds = place / "before", 0.0
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(stock, self.before, ignore=shutil.ignore_patterns("*.said"))
        if way.prepare is not None:
            way.prepare(self.before)
        for command in way.before:
            self._well(command, self.before)
        made = []
        for name in ("first", "second"):
            folder = self.fresh(name)
            began = time.monotonic()
            child = self._well(way.asked, folder)
            self.seconds, self.changes = time.monotonic() - began, child.changes
            self._go_further(folder)
            made.append(written(folder, way.out))
        first, second = made
        same = {name: content for name, content in first.items() if second.get(name) == content}
        self.wanted = {name: content for name, content in same.items() if Path(name).name != _TIMED}
        self.varies = tuple(sorted({*first, *second} - {*self.wanted}))
        self.former = written(self.before, way.out)

    def _go_further(self, folder: Path) -> None:
        """Do what brings back what a repair has taken off the list."""
        for command in self.way.again if self.way.name == "sweep repair" else ():
            self._well(command, folder)

    def after(self, folder: Path) -> str:
        """Return what differs once a command has come to its end, which is not yet the end of a repaired study."""
        self._go_further(folder)
        return self.same(folder)

    def fresh(self, name: str) -> Path:
        """Return a folder with what is there before."""
        folder = self.place / name
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.before, folder)
        return folder

    def _well(self, command: Command, folder: Path) -> Child:
        child = Child(command, folder, self.run)
        if child.wait() != 0:
            raise RuntimeError(f"{' '.join(command)} ended with {child.code}: {child.said()}")
        return child

    def go_on(self, folder: Path) -> str:
        """Run the command again until it has come to an end; return what it said if it never ends well, or ''."""
        said = ""
        for command in self.way.on:
            child = Child(command, folder, self.run)
            code = child.wait()
            if code == 0:
                self._go_further(folder)
                return ""
            said = f"{' '.join(command)} ended with {code}: {child.said()}"
            if code is None:
                child.kill()
        return "" if self.same(folder) == "" else said

    def same(self, folder: Path) -> str:
        """Return what differs from what an undisturbed run writes; '' if nothing does."""
        now = written(folder, self.way.out)
        if (folder / self.way.out / "manifest.sqlite").is_file():  # which part holds which run is not promised
            from wom_sim.study.damage import verify

            damage = verify(folder / self.way.out).damage
            if damage:
                return "; ".join(each.text() for each in damage)
            now = {name: content for name, content in now.items() if not name.startswith("parts/")}
        wanted = (name for name in self.wanted if name in now or not name.startswith("parts/"))
        other = sorted(name for name in wanted if now.get(name) != self.wanted[name])
        more = sorted({*now} - {*self.wanted} - {*self.varies} - {"shown.json"})
        return f"{other[:6]} {more[:6]}".replace("[]", "").strip() if other or more else ""

    def judged(self, folder: Path, tally: Tally) -> None:
        """Go on in a folder in which the command was cut short, and count what came of it."""
        broken = self._between(folder)
        if broken:
            tally.wrong(LOST, broken)
            return
        said = self.go_on(folder)
        if said:
            tally.wrong(LOST, said)
            return
        differs = self.same(folder)
        if differs:
            tally.wrong(DIFFERS, differs)
            return
        left = [
            str(p.relative_to(folder)) for p in folder.rglob(".*") if p.name.endswith((".part", ".adding", ".next"))
        ]
        if left:
            tally.wrong(LOST, f"left behind: {left[:5]}")
        else:
            tally.counts["same"] += 1

    def _between(self, folder: Path) -> str:
        """Return what is wrong with what is there after a kill: neither the former nor the new one, whole."""
        from wom_sim.results.folder import FolderError, opened

        target = folder / self.way.out
        if target.suffix and target.is_file():
            content = {self.way.out: target.read_bytes()}
            return (
                ""
                if content in (self.former, self.wanted) or self.way.out in self.varies
                else "a file is there by half"
            )
        if not self.way.former:
            return ""
        try:
            missing = opened(target).missing()
        except FolderError as error:
            return f"the former result is gone: {error}"
        return f"missing: {missing[:5]}" if missing else ""


def kill_often(way: Way, kills: int, stock: Path, place: Path, seed: int = 1) -> Tally:
    """Kill a command so many times, at random moments and at random changes on the disk, and go on each time."""
    luck, tally = random.Random(f"{way.name} {seed}"), Tally(way.name)
    calm = Undisturbed(way, stock, place)
    tally.varies = calm.varies
    tables = [name for name in calm.varies if name.endswith((".csv", ".parquet", ".npz")) and "parts/" not in name]
    if tables:
        tally.wrong(DIFFERS, f"two undisturbed runs write different tables: {tables}")
    while tally.kills < kills:
        folder = calm.fresh("killed")
        for _ in range(min(luck.choice((1, 1, 2, 3)), kills - tally.kills)):
            if luck.random() < 0.5:
                child = Child(way.asked, folder, calm.run, at=luck.randint(1, max(1, calm.changes)))
                child.wait()
            else:
                child = Child(way.asked, folder, calm.run)
                child.wait(luck.uniform(0.0, 1.02 * calm.seconds))
            if child.code is None:
                child.kill()
            with contextlib.suppress(OSError):
                os.killpg(child.pid, signal.SIGKILL)
            tally.kills += int(child.code is not None and child.code < 0)
            tally.counts[RAN if child.code == 0 else REFUSED] += int((child.code or 0) >= 0)
            if tally.counts[RAN] + tally.counts[REFUSED] > 20 * kills:
                tally.wrong(LOST, "it can hardly be killed")
                return tally
        calm.judged(folder, tally)
    shutil.rmtree(place, ignore_errors=True)
    return tally
