"""Full disks, two writers at once, and single bits that are flipped."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from judge import RAW_WORDS
from killing import DIFFERS, LOST, Child, Tally, Undisturbed
from ways import Way

ROOM = 96 * 2**20
"""Bytes of the small disk that is filled."""


@contextlib.contextmanager
def small_disk() -> Iterator[Path | None]:
    """Give a disk of its own that can be filled; None where this user may mount none (it takes root on Linux)."""
    folder = Path(tempfile.mkdtemp(prefix="small_disk"))
    try:
        asked = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)]
        there = (
            shutil.which("mount") is not None and not subprocess.run(asked, capture_output=True, check=False).returncode
        )
        try:
            yield folder if there else None
        finally:
            if there:
                subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fill(disk: Path, left: int) -> Path:
    """Fill a disk but for so many bytes, and return the file that fills it."""
    filler = disk / "filler"
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, free - left))
    return filler


def full(way: Way, points: int, stock: Path, seed: int = 1) -> Tally:
    """Run a command on a disk that is full at so many points of its way; then make room and go on.

    It must end with words, leave the former result, and come to the same bytes once there is room.
    """
    luck, tally = random.Random(f"full {way.name} {seed}"), Tally(way.name)
    with small_disk() as disk:
        if disk is None:
            tally.said.append(f"{way.name}: no small disk can be mounted here")
            return tally
        calm = Undisturbed(way, stock, disk / "calm")
        size = sum(len(content) + 8192 for content in calm.wanted.values())
        for _ in range(points):
            folder = calm.fresh("filled")
            filler = fill(disk, luck.randrange(0, max(1, int(1.1 * size))))
            child = Child(way.asked, folder, calm.run)
            child.wait()
            said = child.said()
            filler.unlink()
            tally.kills += 1
            tally.counts["ran" if child.code == 0 else "refused"] += 1
            if child.code not in (0, 1, 4) or RAW_WORDS.search(said) or (child.code and not said.strip()):
                tally.wrong("tracebacks", f"code {child.code}: {said[-500:]}")
            else:
                calm.judged(folder, tally)
    return tally


def two(way: Way, times: int, stock: Path, place: Path) -> Tally:
    """Start a command twice at once: what is there at the end is a whole result, and who was refused was told so."""
    tally = Tally(way.name)
    calm = Undisturbed(way, stock, place)
    for _ in range(times):
        folder = calm.fresh("two")
        children = [Child(way.asked, folder, calm.run), Child(way.asked, folder, calm.run)]
        codes = [child.wait() for child in children]
        tally.kills += 1
        tally.counts["refused" if any(codes) else "ran"] += 1
        said = children[0].said()
        if 0 not in codes or not set(codes) <= {0, 1, 4} or RAW_WORDS.search(said):
            tally.wrong(LOST, f"codes {codes}: {said[-600:]}")
        elif wrong := calm.after(folder):
            tally.wrong(DIFFERS, f"codes {codes}: {wrong}")
    shutil.rmtree(place, ignore_errors=True)
    return tally


def flipped(results: Path, number: int, seed: int, place: Path) -> Tally:
    """Flip single bits of results of every kind; each must be seen when the result is opened, or a study verified.

    Left out are charts, which are drawn again, logs, which are checked when they are asked for, and databases.
    """
    luck, tally = random.Random(f"flips {seed}"), Tally("bits flipped in results")
    kinds = [path.name for path in sorted(results.iterdir()) if (path / "run.json").is_file() or path.name == "study"]
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(results, place)
    files = {kind: _checked(place / kind) for kind in kinds}
    for _ in range(number):
        kind = luck.choice(kinds)
        file = luck.choice(files[kind])
        kept = file.read_bytes()
        spoilt = bytearray(kept)
        at, bit = luck.randrange(len(spoilt)), luck.randrange(8)
        spoilt[at] ^= 1 << bit
        file.write_bytes(spoilt)
        tally.kills += 1
        try:
            seen = _seen(kind, place / kind)
        except Exception as error:
            tally.wrong("tracebacks", f"{file.name}: {type(error).__name__}: {error}")
        else:
            if seen:
                tally.counts["refused"] += 1
            else:
                tally.wrong(LOST, f"{file}: bit {bit} of byte {at} is not seen")
        file.write_bytes(kept)
    shutil.rmtree(place, ignore_errors=True)
    return tally


def _checked(folder: Path) -> list[Path]:
    found = [p for p in sorted(folder.rglob("*")) if p.is_file() and p.stat().st_size]
    if folder.name == "study":
        return [p for p in found if "parts" in p.parts or p.name == "table.parquet"]
    from wom_sim.results.folder import opened

    listed = {folder / name for name in opened(folder).files or ()} | {folder / "run.json"}
    return [p for p in found if p in listed and "charts" not in p.parts and p.name != "events.parquet"]


def _seen(kind: str, folder: Path) -> bool:
    from wom_sim.results.folder import FolderError, opened

    if kind == "study":
        from wom_sim.study.damage import verify

        return bool(verify(folder).damage)
    try:
        opened(folder)
    except FolderError:
        return True
    return False
