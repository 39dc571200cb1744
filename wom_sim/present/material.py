"""The files of a result folder, read when a chart asks for them, and what is said of the run on every chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from pandas.api.types import is_numeric_dtype

from wom_sim import __version__
from wom_sim._tables import read_csv
from wom_sim.outcomes.compare import differences, summary
from wom_sim.present.missing import MissingError
from wom_sim.results.folder import FolderError, ResultFolder, opened, read_json
from wom_sim.scenario import Scenario, fingerprint
from wom_sim.scenario.figures import figures_for
from wom_sim.scenario.translation import policies_in, told_in
from wom_sim.simulation import policies_of
from wom_sim.words import Words

if TYPE_CHECKING:
    from wom_sim.present.replay import Replayer

RUNS = "replications.parquet"
_NUMBERS = frozenset({"difference", "mean", "p05", "p50", "p95", "se", "expected_net_value", "value_in_search"})
"""Columns that hold numbers in whatever table they are."""
DRAWN = ("comparison", "study", "worlds", "break-even", "fit", "search")
"""Kinds of results of which charts are drawn."""


class Material:
    """What a result folder holds. ``given``: tables that are in memory already, by file name.

    ``result``: the folder as it was opened, which says which files are of this result; None where all is in memory.
    ``output``: the output of a study that its charts show; an empty text leaves the choice to them.

    Raises
    ------
    FolderError
        When the folder is missing, or holds nothing that a chart could be made of.
    """

    def __init__(
        self,
        folder: Path,
        given: Mapping[str, pd.DataFrame] | None = None,
        scenario: Scenario | None = None,
        result: ResultFolder | None = None,
    ) -> None:
        self.folder = folder
        self.result = opened(folder, DRAWN) if given is None else result
        self._tables: dict[str, pd.DataFrame] = dict(given or {})
        self._scenario = scenario
        self.output = ""

    @property
    def own_charts(self) -> tuple[str, ...]:
        """Return the charts of other packages that the folder's scenario names; none without a scenario."""
        return self.scenario.plugins.charts if self.has_scenario else ()

    def has(self, name: str) -> bool:
        """Return whether a file is there, and is one of this result."""
        return name in self._tables or (self.result is not None and self.result.has(name))

    def table(self, name: str, *columns: str, numbers: Sequence[str] = ()) -> pd.DataFrame:
        """Return a table (``.csv`` or ``.parquet``), which must have ``columns`` and ``numbers``, these as numbers.

        Raises
        ------
        MissingError
            When it is not there, or a column is not.
        FolderError
            When it cannot be read, or text stands where numbers must.
        """
        table = self.whole(name)
        gone = [column for column in (*columns, *numbers) if column not in table.columns]
        if gone:
            raise MissingError(f"{name} has no column {', '.join(gone)}")
        if table.empty:
            raise MissingError(f"{name} is empty")
        for column in (*numbers, *(column for column in columns if column in _NUMBERS)):
            if not is_numeric_dtype(table[column]):
                raise FolderError(f"{self.folder / name}: given text in the column {column}, allowed: numbers")
        return table

    def whole(self, name: str) -> pd.DataFrame:
        """Return a table as it is, also without rows. Raises MissingError and FolderError as ``table``."""
        if name not in self._tables:
            if not self.has(name):
                self._tables |= self._of_worlds(name)
            else:
                self._tables[name] = _read(self.folder / name)
        return self._tables[name]

    def _of_worlds(self, name: str) -> dict[str, pd.DataFrame]:
        """Return a table that a folder of worlds does not keep, from its runs, as the report has it.

        Raises MissingError where it is no such folder, or another table.
        """
        made = {"summary.csv": summary, "differences.csv": differences}.get(name)
        runs = self.table(RUNS) if made is not None and self.has(RUNS) else None
        if made is None or runs is None or "world" not in runs:
            raise MissingError(f"needs {name}, which is not in the folder")
        return {name: made(runs)}

    def left_out(self, analysis: str) -> str:
        """Return why a study has no table of this analysis, as ``sweep analyse`` noted; or that it writes them."""
        index = self.folder / "analysis" / "analysis.json"
        noted = read_json(index) if index.is_file() else {}
        return str(noted.get("left_out", {}).get(analysis, "wom-sim sweep analyse writes it"))

    @cached_property
    def replayer(self) -> Replayer:
        """Return who gives the event logs of single runs; without ``allow_replay`` none of a whole country."""
        from wom_sim.present.replay import Replayer

        return Replayer(self)

    def allow_replay(self, large: bool, tell: Callable[[str], None]) -> None:
        """Say whether runs of any size may be repeated, and whom to tell what that costs."""
        from wom_sim.present.replay import Replayer

        self.__dict__["replayer"] = Replayer(self, large, tell)

    @cached_property
    def scenario(self) -> Scenario:
        """Return the scenario as it was resolved. Raises MissingError when it is not there or cannot be read."""
        if self._scenario is not None:
            return self._scenario
        if self.result is None or not self.has_scenario:
            raise MissingError("needs scenario.toml, which is not in the folder")
        return self.result.scenario

    @property
    def has_scenario(self) -> bool:
        """Return whether the folder says which scenario was run; that of a study's tables alone does not."""
        return self._scenario is not None or (self.folder / "scenario.toml").is_file()

    @property
    def policies(self) -> list[str]:
        """Return the policies in the order of the scenario, ``keep`` first; it fixes their colours everywhere."""
        if self.has_scenario:
            return [policy.name for policy in policies_of(self.scenario)]
        tables = [name for name in ("table.parquet", "replications.parquet") if self.has(name)]
        return [str(p) for name in tables[:1] for p in self.table(name, "policy")["policy"].unique()]

    @property
    def currency(self) -> str:
        """Return the ISO code of money; an empty text where the folder does not say."""
        return self.scenario.currency if self.has_scenario else ""

    @property
    def replications(self) -> int:
        """Return the number of runs of each policy; 0 where that is not known."""
        for name in ("replications.parquet", "table.parquet"):
            if self.has(name):
                return int(self.table(name, "policy").groupby("policy").size().max())
        return 0

    @property
    def represents(self) -> int:
        """Return for how many each simulated person stands; their events are counted so many times."""
        return self.scenario.run.represents if self.has_scenario else 1

    @property
    def worlds(self) -> int:
        """Return the number of drawn worlds; 0 where no number was drawn."""
        if not self.has("replications.parquet"):
            return 0
        table = self.table("replications.parquet")
        return int(table["world"].nunique()) if "world" in table else 0

    def called(self, lang: str) -> Mapping[str, str]:
        """Return what the scenario calls its policies in a language; nothing where it does not, or there is none."""
        return policies_in(self.scenario, lang) if self.has_scenario else {}

    def note(self, words: Words) -> str:
        """Return what stands below every title: scenario, people, runs."""
        parts = [self.folder.name]
        if self.has_scenario:
            people = self.scenario.population.customers + self.scenario.population.prospects
            parts = [f"{told_in(self.scenario, words.lang).name}: {words.count('chart.people', people)}"]
            if self.represents > 1:
                parts.append(words.say("chart.note.represents", n=words.number(self.represents)))
            if self._is_fit:
                worlds = self._run().get("worlds")
                parts += [words.say("chart.note.fitted", n=words.number(worlds))] if worlds else []
                return ", ".join(parts)
            parts.append(words.say("chart.note.money", over=figures_for(self.scenario, words).over))
        if self.has("design.csv"):
            parts.append(words.say("chart.note.points", n=words.number(len(self.table("design.csv")))))
            return ", ".join(parts)
        if self.worlds > 1:
            parts.append(words.say("chart.note.worlds", n=words.number(self.worlds)))
        if self.replications:
            runs = self.replications // max(1, self.worlds)
            parts.append(words.count("chart.note.runs", runs))
        return ", ".join(parts)

    def key(self, words: Words) -> str:
        """Return what stands at the foot: fingerprint of the scenario, seed and version, so that it can be traced."""
        run = self._run()
        if not self.has_scenario:
            return words.say("chart.note.folder", name=self.folder.name, version=run.get("wom_sim") or __version__)
        return words.say(
            "chart.note.key",
            fingerprint=run.get("fingerprint") or fingerprint(self.scenario),
            seed=self.scenario.run.seed,
            version=run.get("wom_sim") or __version__,
        )

    @property
    def _is_fit(self) -> bool:
        return self.result is not None and self.result.kind.name == "fit"

    def _run(self) -> Mapping[str, Any]:
        return {} if self.result is None else self.result.run


def material(folder: str | Path) -> Material:
    """Return what a result folder holds. Raises FolderError when it holds no results."""
    return Material(Path(folder))


def _read(path: Path) -> pd.DataFrame:
    try:
        return read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
    except Exception as error:  # pandas and pyarrow raise kinds of their own
        raise FolderError(f"{path}: cannot be read: {' '.join(str(error).split())[:200]}") from None
