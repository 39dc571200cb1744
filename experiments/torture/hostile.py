"""Give the commands what no one should give them, kill them, fill their disk, and count how they take it.

Everything comes from a seed. Inputs of every kind are spoilt and given to the command, in forked workers with limits of
time and memory; every command that writes is killed, also on a full disk and beside another writer; single bits of
results are flipped. A command must end within ten seconds of computing, with a code that it documents, in words and
without a traceback; a folder must hold a whole result, old or new, and at the end the bytes of an undisturbed run.

What came of it is kept in ``results/torture``, with the files of every case that went wrong; ``--write`` puts the table
into docs/RELIABILITY.md. Code 1 if anything was not as it must be.

python experiments/torture/hostile.py [--share 1.0] [--only "files of ties" ...] [--seed 1] [--minutes 60]
    [--kills 7] [--full 4] [--two 2] [--flips 10000] [--write]
python experiments/torture/hostile.py --case "files of ties" 1234 --seed 1     one case alone
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import crew
import disk
import killing
import stock
from judge import COLUMNS
from kinds import kinds
from page import rows_of, write
from ways import ways

KEPT = stock.ROOT / "results" / "torture"
CHUNK = 500
"""So many cases of a kind are done before what came of them is noted."""


class Notes:
    """What came of everything so far, on disk: a line for each part, so that a later call adds to it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.lines: dict[str, dict[str, Any]] = {}
        self.read()

    def read(self) -> None:
        """Take in what is on disk, also what another call has added since."""
        if self.file.is_file():
            self.lines = json.loads(self.file.read_text()) | self.lines

    def add(self, part: str, table: str, kind: str, counts: Counter[str], cases: int, said: list[str]) -> None:
        """Note what came of a part; what was noted of the same part goes."""
        self.read()
        self.lines[part] = {"table": table, "kind": kind, "cases": cases, "counts": dict(counts), "said": said[:20]}
        self.file.parent.mkdir(parents=True, exist_ok=True)
        beside = self.file.with_suffix(f".{os.getpid()}")
        beside.write_text(json.dumps(self.lines, indent=1, ensure_ascii=False))
        beside.replace(self.file)
        told = ", ".join(f"{name} {number:,}" for name, number in sorted(counts.items()))
        print(f"{part}: {cases:,} cases: {told}", flush=True)
        for each in said[:8]:
            print(f"    {each[-900:]}", flush=True)


def preload() -> None:
    """Import what commands need, so that forked workers need not."""
    import importlib

    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # threads of a library do not outlive a fork

    for name in ("pandas", "pyarrow.parquet", "matplotlib.pyplot", "openpyxl", "wom_sim.simulation",
        "wom_sim.present.publish",
                 "wom_sim.study.loading", "wom_sim.study.compare", "wom_sim.study.sweep",
                 "wom_sim.intake.rows"):  # fmt: skip
        importlib.import_module(name)


def inputs(asked: argparse.Namespace, place: Path, notes: Notes, until: float) -> None:
    """Do the hostile inputs, chunks of all kinds in turn, until all are done or the time is over."""
    chosen = [kind for kind in kinds(place / "stock") if not asked.only or kind.name in asked.only]
    turns: list[tuple[float, crew.Kind, range]] = []
    for kind in chosen:
        number = round(kind.share * asked.share)
        starts = range(0, number, CHUNK)
        turns += [((k + 0.5) / len(starts), kind, range(a, min(number, a + CHUNK))) for k, a in enumerate(starts)]
    for _, kind, numbers in sorted(turns, key=lambda turn: turn[0]):
        part = f"{kind.name}, seed {asked.seed}, {numbers.start} to {numbers.stop - 1}"
        if part in notes.lines or time.monotonic() > until:
            continue
        tally = crew.watch(kind, numbers, asked.seed, place / "work", KEPT / "kept", asked.workers)
        notes.add(part, "inputs", kind.name, tally.counts, tally.cases, tally.said)


def harm(asked: argparse.Namespace, place: Path, notes: Notes, until: float) -> None:
    """Kill, fill the disk, let two write at once, and flip bits."""
    if asked.flips and not asked.only:
        found = disk.flipped(place / "stock" / "results", asked.flips, asked.seed, place / "flips")
        notes.add(f"flips, seed {asked.seed}", "inputs", found.name, found.counts, found.kills, found.said)
    for way in ways():
        if asked.only and way.name not in asked.only:
            continue
        for table, number in (("kills", asked.kills), ("full", asked.full), ("two", asked.two)):
            part = f"{table}: {way.name}, seed {asked.seed}"
            if not number or part in notes.lines or time.monotonic() > until:
                continue
            began = time.monotonic()
            try:
                if table == "kills":
                    found = killing.kill_often(way, number, place / "stock", place / "killed", asked.seed)
                elif table == "full":
                    found = disk.full(way, number, place / "stock", asked.seed)
                else:
                    found = disk.two(way, number, place / "stock", place / "two")
            except RuntimeError as error:
                found = killing.Tally(way.name)
                found.wrong("lost", f"undisturbed, it does not end well: {error}")
            notes.add(part, table, way.name, found.counts, found.kills, found.said)
            print(f"    {time.monotonic() - began:.0f} s", flush=True)


def alone(asked: argparse.Namespace, place: Path) -> int:
    """Do one case again and tell what comes of it."""
    name, number = asked.case[0], int(asked.case[1])
    kind = next(kind for kind in kinds(place / "stock") if kind.name == name)
    told: list[tuple[int, str, str]] = []

    def run(case: crew.Case) -> tuple[int, str, str]:
        told.append(kind.run(case))
        return told[-1]

    case, verdict = crew.one(crew.Kind(kind.name, kind.make, 1, run), asked.seed, number, place / "alone")
    print(f"{place / 'alone'}: wom-sim {' '.join(map(repr, case.arguments))}\n{verdict.what}: {verdict.words}")
    for code, out, err in told:
        print(f"code {code}\n{out[-2000:]}\n{err[-4000:]}")
    return int(verdict.what not in COLUMNS[:2])


def main() -> int:
    """Do what is asked for, tell the table, and return 1 where something was not as it must be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--share", type=float, default=1.0, help="share of the inputs of the long run")
    parser.add_argument("--only", nargs="*", default=[], help="kinds of input, or commands to be killed")
    for name, number in (("seed", 1), ("workers", 2), ("kills", 7), ("full", 4), ("two", 2), ("flips", 10_000)):
        parser.add_argument(f"--{name}", type=int, default=number)
    parser.add_argument("--minutes", type=float, default=1e6, help="stop after so many minutes; the same call goes on")
    parser.add_argument("--place", type=Path, default=KEPT / "place", help="where to work")
    parser.add_argument("--case", nargs=2, metavar=("KIND", "NUMBER"), help="do one case alone")
    parser.add_argument("--again", action="store_true", help="forget what was noted before")
    parser.add_argument("--write", action="store_true", help="write the table into docs/RELIABILITY.md")
    asked = parser.parse_args()
    until = time.monotonic() + 60.0 * asked.minutes
    if asked.again:
        (KEPT / "notes.json").unlink(missing_ok=True)
    notes, place = Notes(KEPT / "notes.json"), asked.place.resolve()
    preload()
    stock.build(place / "stock")
    if asked.case:
        return alone(asked, place)
    inputs(asked, place, notes, until)
    harm(asked, place, notes, until)
    rows = rows_of(notes.lines)
    print("\n".join(rows.text))
    if asked.write:
        write(rows)
    return int(rows.wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
