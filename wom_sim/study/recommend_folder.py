"""A search on disk: what is searched, every run as it is made, and at last the frontier.

A search that begins anew where one is, is made in a folder within, and takes the place of the former one when it is
complete; so a kill or a full disk leaves the former one. What is damaged of the runs is run again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from wom_sim._files import write_text_atomically
from wom_sim._tables import csv_text
from wom_sim.results.files import NEXT, RUN, beginning, put_in_place
from wom_sim.results.folder import FolderError, check_owner, claim, read_json
from wom_sim.results.lock import Writing
from wom_sim.results.provenance import change_since, check_unchanged, noted_inputs, provenance, versions
from wom_sim.scenario import Scenario, fingerprint, to_toml
from wom_sim.study.budget import budgets
from wom_sim.study.database import files_of, is_sound_file, remove
from wom_sim.study.levers import Space
from wom_sim.study.ranking_and_selection import Promise
from wom_sim.study.recommend_words import words
from wom_sim.study.recommendation import Recommendation
from wom_sim.study.standings import Question
from wom_sim.study.trials import unread_runs
from wom_sim.words import ENGLISH, Words

SETTINGS, RESULT, RUNS, QUESTIONS = "search.json", "recommend.json", "runs.sqlite", "optuna.sqlite"
_TABLES = ("frontier.csv", "tried.csv")
_CLOSING = ".closing"
"""Folder in which the tables of a search are written before they take their place."""
_MAY_CHANGE = (
    "trials",
    "fresh",
    "probability",
    "indifference",
    "width",
    "finalists",
    "kind",
    "wom_sim",
    "model",
    "inputs",
)
"""What may change when a search goes on, or is compared by its meaning."""


@dataclass(frozen=True)
class Folder:
    """Where a search is kept; ``path`` None keeps it in memory."""

    path: Path | None

    @property
    def place(self) -> Path:
        """Return where the search is made: in a folder within, where it will take the place of a former one."""
        assert self.path is not None
        return self.path / NEXT if (self.path / NEXT / SETTINGS).is_file() else self.path

    def file(self, name: str) -> Path | None:
        """Return the path of a file of the search that is being made, if there is a folder."""
        return None if self.path is None else self.place / name

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
        if resume and not overwrite and not (self.place / SETTINGS).is_file():
            raise FolderError(f"{self.path} holds no search to go on with; leave out --resume")
        claim(self.path, "search", resume or overwrite, "--resume goes on with it, --overwrite begins anew")
        shutil.rmtree(self.path / _CLOSING, ignore_errors=True)
        if resume and not overwrite:
            _compare(read_json(self.place / SETTINGS), settings(question), question.scenario, self.path)
            if (self.place / RESULT).is_file():
                return  # it stays as it is until the longer one is complete
        self._note(question, anew=not resume or overwrite)

    def _note(self, question: Question, anew: bool) -> None:
        """Write what is searched; ``anew``: beside the search that is there. ``search.json`` says that it is begun."""
        assert self.path is not None
        if anew:
            shutil.rmtree(self.path / NEXT, ignore_errors=True)
        place = self.path / NEXT if anew and (self.path / SETTINGS).is_file() else self.place
        place.mkdir(exist_ok=True)
        with beginning(place, ["scenario.toml", SETTINGS]):
            write_text_atomically(place / "scenario.toml", to_toml(question.scenario))
            write_text_atomically(place / SETTINGS, json.dumps(settings(question), indent=2) + "\n")

    def mend(self, words: Words = ENGLISH) -> list[str]:
        """Set aside what is damaged of the runs and questions of a search that goes on; return what was, in words."""
        if self.path is None:
            return []
        told = []
        lost = unread_runs(self.place / RUNS)
        if lost is None:
            remove(self.place / RUNS)
            told.append(words.say("recommend.runs_damaged", file=self.place / RUNS))
        elif lost:
            told.append(words.say("recommend.some_damaged", file=self.place / RUNS, n=words.exact(lost)))
        if (self.place / QUESTIONS).is_file() and not is_sound_file(self.place / QUESTIONS):
            remove(self.place / QUESTIONS)
            told.append(words.say("recommend.questions_damaged", file=self.place / QUESTIONS))
        return told

    def finish(self, found: Recommendation) -> list[str]:
        """Write the tables and put the search in its place, ``run.json`` last; return the names of its files.

        Until then the former result is as it was. Nobody may have the files of runs and questions open.
        """
        if self.path is None:
            return []
        place = made = self.place
        if place == self.path:
            made = self.path / _CLOSING
            shutil.rmtree(made, ignore_errors=True)
            made.mkdir()
        for name in _TABLES:
            write_text_atomically(made / name, csv_text(getattr(found, name.removesuffix(".csv"))))
        write_text_atomically(made / "scenario.toml", to_toml(found.question.scenario))
        write_text_atomically(made / SETTINGS, json.dumps(settings(found.question), indent=2) + "\n")
        write_text_atomically(made / RESULT, json.dumps(result(found), indent=2) + "\n")
        files = ["scenario.toml", SETTINGS, *_TABLES, RESULT]
        told = {"kind": "search", "recommendation": words(found), "files": files}
        former = [] if place == self.path else [*files_of(RUNS), *files_of(QUESTIONS)]
        put_in_place(self.path, made, provenance(found.question.scenario) | told, former)
        return [*files, RUNS, RUN]


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
        **({"objectives": list(question.objectives)} if question.objectives else {}),
        **({"over_worlds": True} if question.over_worlds else {}),
        **({} if question.promise is None else asdict(question.promise)),
        **({} if question.width is None else {"width": question.width}),
    }


def question_of(noted: dict[str, Any], scenario: Scenario) -> Question:
    """Return the question whose ``settings`` were noted. Raises KeyError, TypeError, ValueError if they were not."""
    promise = None
    if "probability" in noted:
        promise = Promise(float(noted["probability"]), float(noted["indifference"]))
    levers = {base: {path: tuple(v) for path, v in of.items()} for base, of in noted["levers"].items()}
    return Question(
        scenario, Space(levers), tuple(budgets(list(noted["budgets"]))), int(noted["trials"]), bool(noted["grid"]),
        int(noted["replications"]), int(noted["fresh"]), int(noted["finalists"]), promise, noted.get("width"),
        tuple(noted.get("objectives", ())), bool(noted.get("over_worlds", False)),
    )  # fmt: skip


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
            **({} if found.selected is None else {"selected": asdict(found.selected)}),
            "frontier": json.loads(found.frontier.to_json(orient="records", double_precision=10)),
        }
    )
