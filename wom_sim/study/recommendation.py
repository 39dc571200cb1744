"""What a recommendation is: the question, the frontier on fresh luck, the search, and the best."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

import pandas as pd

from wom_sim._notebook import ShowsItself
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
