"""What has become of a study's runs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from wom_sim.study.cost import duration
from wom_sim.study.folder import LOCK, MANIFEST, Lock, failures_of, open_manifest, size_of_parts
from wom_sim.study.manifest_queries import Counts

_SHOWN = 10


@dataclass(frozen=True)
class Status:
    """``failures``: point, policy, replication, key, attempts and error, the last line of it or all."""

    name: str
    folder: str
    shard: str
    counts: Counts
    hosts: dict[str, int]
    run_seconds: float | None
    part_bytes: int
    running: bool
    has_table: bool
    failures: list[dict[str, Any]]

    def plain(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self) | {"counts": self.counts._asdict() | {"runs": self.counts.runs}}

    def text(self) -> str:
        """Return it in lines."""
        c = self.counts
        part = "" if self.shard == "1/1" else f", shard {self.shard}"
        lines = [
            f"{self.name}{part}: {c.runs:,} runs for {c.rows:,} rows: {c.done:,} done, {c.failed:,} failed, "
            f"{c.pending:,} to do{'; a runner is at work' if self.running else ''}"
        ]
        if c.aside:
            lines.append(f"{c.aside:,} runs of former plans or models are kept aside, not in the table")
        if self.run_seconds is not None:
            left = f"; the rest takes about {duration(c.pending * self.run_seconds)} of one core"
            lines.append(f"{1e3 * self.run_seconds:.1f} ms a run on average{left if c.pending else ''}")
        if len(self.hosts) > 1:
            lines.append("by host: " + ", ".join(f"{host} {number:,}" for host, number in self.hosts.items()))
        table = "table written" if self.has_table else "no table yet"
        lines.append(f"parts: {self.part_bytes / 2**20:.1f} MiB; {table}")
        for failure in self.failures:
            head = "{point}/{policy}/{replication} ({key}, {attempts} attempts): {error}".format(**failure)
            lines.append(f"failed: {head.rstrip()}")
        if c.failed > len(self.failures):
            lines.append(f"and {c.failed - len(self.failures):,} more: --failures")
        return "\n".join(lines)


def status_of(folder: Path, *, tracebacks: bool = False) -> Status:
    """Return the status of a study's folder. Raises FolderError if it is none."""
    manifest = open_manifest(folder)
    try:
        names = ("point", "policy", "replication", "key", "attempts", "error")
        found = manifest.failures() if tracebacks else failures_of(manifest, _SHOWN)
        count, seconds = manifest.speed()
        return Status(
            manifest.meta("name"), str(folder), manifest.meta("shard", "1/1"), manifest.counts(), manifest.hosts(),
            seconds / count if count else None, size_of_parts(folder, manifest.parts()), _is_running(folder),
            (folder / "table.parquet").is_file(), [dict(zip(names, row, strict=True)) for row in found],
        )  # fmt: skip
    finally:
        manifest.close()


def shard_of(folder: Path) -> str:
    """Return which shard of its study a folder holds, "1/1" for all of it, or where no manifest says so."""
    if not (folder / MANIFEST).is_file():
        return "1/1"
    manifest = open_manifest(folder)
    try:
        return manifest.meta("shard", "1/1")
    finally:
        manifest.close()


def _is_running(folder: Path) -> bool:
    """Whether a runner holds the folder."""
    if not (folder / LOCK).exists():
        return False
    return Lock.is_held(folder)
