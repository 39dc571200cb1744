"""A search on disk: what is searched, every run as it is made, and at last the frontier."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wom_sim._files import write_text_atomically
from wom_sim._tables import csv_text
from wom_sim.results.folder import FolderError, check_owner, claim, read_json
from wom_sim.results.lock import Writing
from wom_sim.results.provenance import change_since, check_unchanged, noted_inputs, provenance, versions
from wom_sim.scenario import Scenario, fingerprint, to_toml
from wom_sim.study.recommend import Question, Recommendation
from wom_sim.study.recommend_words import words

SETTINGS, RESULT, RUNS, QUESTIONS = "search.json", "recommend.json", "runs.sqlite", "optuna.sqlite"
_MAY_CHANGE = ("trials", "fresh", "finalists", "kind", "wom_sim", "model", "inputs")
"""What may change when a search goes on, or is compared by its meaning."""


@dataclass(frozen=True)
class Folder:
    """Where a search is kept; ``path`` None keeps it in memory."""

    path: Path | None

    def file(self, name: str) -> Path | None:
        """Return the path of a file, if there is a folder."""
        return None if self.path is None else self.path / name

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Write as the only one; what holds no search may not be begun in. Raises InUseError and FolderError."""
        if self.path is None:
            yield
            return
        check_owner(self.path, "search", again=True)
        made = not self.path.exists()
        self.path.mkdir(parents=True, exist_ok=True)
        try:
            with Writing(self.path):
                yield
        finally:
            if made:
                with suppress(OSError):  # only where nothing is in it
                    self.path.rmdir()

    def begin(self, question: Question, *, resume: bool, overwrite: bool) -> None:
        """Note what is searched, so that a search that goes on is the same search.

        Raises
        ------
        FolderError
            If the folder holds anything else, another search, or one that is not to go on.
        """
        if self.path is None:
            return
        noted = self.path / SETTINGS
        asked = settings(question)
        if resume and not overwrite and not noted.is_file():
            raise FolderError(f"{self.path} holds no search to go on with; leave out --resume")
        claim(self.path, "search", resume or overwrite, "--resume goes on with it, --overwrite begins anew")
        if overwrite:
            self._clear()
        elif resume:
            _compare(read_json(noted), asked, question.scenario, self.path)
        write_text_atomically(noted, json.dumps(asked, indent=2) + "\n")
        write_text_atomically(self.path / "scenario.toml", to_toml(question.scenario))

    def _clear(self) -> None:
        assert self.path is not None
        for name in (RESULT, "frontier.csv", "tried.csv"):
            (self.path / name).unlink(missing_ok=True)
        for name in (RUNS, QUESTIONS):
            for end in ("", "-wal", "-shm", "-journal"):
                (self.path / f"{name}{end}").unlink(missing_ok=True)

    def finish(self, found: Recommendation) -> list[str]:
        """Write the tables and, last, ``recommend.json``; return the names."""
        if self.path is None:
            return []
        (self.path / RESULT).unlink(missing_ok=True)
        for name in ("frontier", "tried"):
            write_text_atomically(self.path / f"{name}.csv", csv_text(getattr(found, name)))
        write_text_atomically(self.path / RESULT, json.dumps(result(found), indent=2) + "\n")
        return ["frontier.csv", "tried.csv", "scenario.toml", SETTINGS, RUNS, RESULT]


def settings(question: Question) -> dict[str, Any]:
    """Return all that a search depends on."""
    return {
        "kind": "search",
        "scenario": question.scenario.name,
        "fingerprint": fingerprint(question.scenario),
        "inputs": noted_inputs(question.scenario),
        **versions(question.scenario),
        "levers": {base: {k: list(v) for k, v in levers.items()} for base, levers in question.space.levers.items()},
        "budgets": [budget.text for budget in question.budgets],
        "grid": question.full,
        "replications": question.replications,
        "trials": question.trials,
        "fresh": question.fresh,
        "finalists": question.finalists,
    }


def _compare(noted: dict[str, Any], asked: dict[str, Any], scenario: Scenario, folder: Path) -> None:
    """Raise FolderError if the search in ``folder`` is another one."""
    change = change_since(noted, scenario, folder)
    if change is not None and change.why != "scenario":
        check_unchanged(noted, scenario, folder)
    keys = [key for key in asked if key not in _MAY_CHANGE and noted.get(key) != asked[key]]
    if keys:
        told = "; ".join(f"{key}: there {_short(noted.get(key))}, given {_short(asked[key])}" for key in keys)
        raise FolderError(f"{folder} holds another search, which cannot go on as this one. {told}")


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def result(found: Recommendation) -> dict[str, Any]:
    """Return the recommendation and where it comes from, as plain data."""
    return (
        provenance(found.question.scenario)
        | settings(found.question)
        | {
            "candidates": found.question.space.size,
            "tried": len(found.tried),
            "seconds": {name: round(value, 3) for name, value in found.seconds.items()},
            "recommendation": words(found),
            "frontier": json.loads(found.frontier.to_json(orient="records", double_precision=10)),
        }
    )
