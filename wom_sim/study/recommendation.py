"""What a recommendation is: the question, the frontier on fresh luck, the search, and the best."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pandas as pd

from wom_sim._notebook import ShowsItself
from wom_sim.study.levers import Candidate
from wom_sim.study.race import Selected
from wom_sim.study.standings import Question, Standing


@dataclass(frozen=True)
class Recommendation(ShowsItself):
    """What came out. ``tried``: the search, which flatters.

    ``frontier``: a row for each finalist, on fresh luck; those that are the same in every run share one (``alike``).
    """

    _shown_in: ClassVar[str] = "wom_sim.study.notebook"

    question: Question
    frontier: pd.DataFrame
    tried: pd.DataFrame
    best: str
    seconds: dict[str, float] = field(default_factory=dict)
    selected: Selected | None = None

    def candidate(self, key: str) -> Candidate | None:
        """Return the candidate of a key, by what the search says of it; None where that cannot be told."""
        for _, row in self.tried[self.tried["candidate"] == key].iterrows():
            levers = self.question.space.levers.get(str(row["policy"]), {})
            candidate = Candidate(
                str(row["policy"]), tuple((path, _meant(values, row.get(path))) for path, values in levers.items())
            )
            if candidate.key == key:
                return candidate
        return None


def _meant(values: Sequence[Any], read: Any) -> Any:
    """Return that of the values of a lever which a table means: read from a file, 8 is 8.0 and yes is True."""
    return next((value for value in values if value == read or str(value) == str(read)), None)


def tried_table(tried: Iterable[Standing]) -> pd.DataFrame:
    """Return every candidate of the search with what it showed there; the best of them are flattered by luck."""
    rows = [
        {
            "candidate": s.candidate.key, "policy": s.candidate.base, "levers": s.candidate.text,
            "value_in_search": s.value, **{f"{k}_in_search": v for k, v in s.risks.items()},
            "feasible_in_search": s.feasible, "runs_in_search": len(s.runs), **dict(s.candidate.levers),
        }
        for s in sorted(tried, key=lambda s: s.rank)
    ]  # fmt: skip
    return pd.DataFrame(rows)
