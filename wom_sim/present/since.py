"""Two comparisons side by side: the later one, and that against which it is held."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from wom_sim.present.result_folder import Findings, read
from wom_sim.results.folder import FolderError


@dataclass(frozen=True)
class Since:
    """What was found now, and what was found then."""

    now: Findings
    then: Findings


def read_since(now: str | Path, then: str | Path) -> Since:
    """Read two folders of comparisons.

    Raises
    ------
    FolderError
        As ``result_folder.read``, and where both are the same folder, or count money in two currencies.
    """
    if Path(now).resolve() == Path(then).resolve():
        raise FolderError(f"--against: {then} is the folder itself; allowed: that of another comparison")
    found = Since(read(now), read(then))
    ours, theirs = found.now.scenario.currency, found.then.scenario.currency
    if ours != theirs:
        raise FolderError(f"--against: {then} counts money in {theirs}, {now} in {ours}; allowed: one currency")
    if not set(found.now.policies) & set(found.then.policies) - {"keep"} and found.now.options:
        raise FolderError(f"--against: {then} and {now} have no policy in common but keeping everyone")
    return found
