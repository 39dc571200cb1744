"""What has become of a study's runs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from wom_sim.study.cost import duration
from wom_sim.study.folder import LOCK, MANIFEST, Lock, failures_of, open_manifest, size_of_parts
from wom_sim.study.manifest_queries import Counts
from wom_sim.words import ENGLISH, Words

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

    def text(self, words: Words = ENGLISH) -> str:
        """Return it in lines."""
        c, say, exact = self.counts, words.say, words.exact
        shard = "" if self.shard == "1/1" else say("status.shard", shard=self.shard)
        counts = {name: exact(getattr(c, name)) for name in ("runs", "rows", "done", "failed", "pending")}
        working = say("status.working") if self.running else ""
        lines = [say("status.runs", name=self.name, shard=shard, working=working, **counts)]
        if c.aside:
            lines.append(say("status.aside", n=exact(c.aside)))
        if self.run_seconds is not None:
            time = duration(c.pending * self.run_seconds, words)
            left = say("status.left", time=time) if c.pending else ""
            lines.append(say("status.speed", ms=words.fixed(1e3 * self.run_seconds, grouped=False), left=left))
        if len(self.hosts) > 1:
            hosts = ", ".join(f"{host} {exact(number)}" for host, number in self.hosts.items())
            lines.append(say("status.hosts", hosts=hosts))
        table = say("status.table" if self.has_table else "status.no_table")
        lines.append(say("status.parts", mib=words.fixed(self.part_bytes / 2**20, grouped=False), table=table))
        lines += [say("status.failed", **failure).rstrip() for failure in self.failures]
        if c.failed > len(self.failures):
            lines.append(say("status.more", n=exact(c.failed - len(self.failures))))
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
