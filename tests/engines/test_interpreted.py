"""With the compiler switched off both engines do what they do with it.

The compiled engine is Python that a compiler reads. Run as the Python that it is, it must give the same events:
then nothing hangs on a quirk of the compiler (an index out of bounds that nobody checks, a number that overflows
in silence), and line coverage can be measured (``make coverage``).
"""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from interpreted import run_interpreted
from random_runs import Case, cases, fingerprint

from wom_sim.engines.compiled import Engine
from wom_sim.world import trace as tr

MOST = int(os.environ.get("WOM_SIM_INTERPRETED_CASES", "24"))
DRAWN = max(1500, MOST)

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="compares with the compiler's results")


def _worth_running() -> list[tuple[Case, dict[str, str]]]:
    """Return cases that between them show all kinds of events, the fullest of those drawn, with what came out."""
    drawn: list[tuple[Case, np.ndarray, dict[str, str]]] = []

    @settings(max_examples=DRAWN, derandomize=True, database=None)
    @given(cases())
    def collect(case: Case) -> None:
        trace = Engine(case.world).run(case.numbers, case.treatments, case.seed, **case.more, events=True)
        drawn.append((case, trace.events(), fingerprint(trace)))

    collect()
    drawn.sort(key=lambda each: -len(each[1]))
    seen: set[tuple[int, int, int]] = set()
    kept, others = [], []
    for case, log, found in drawn:
        kinds = set(zip(log["event"].tolist(), log["cause"].tolist(), log["label"].tolist(), strict=True))
        (others if kinds <= seen else kept).append((case, found))
        seen |= kinds
    assert {event for event, _, _ in seen} == {*range(tr.TOLD, tr.TIE + 1), tr.TEACHES, tr.COMPLAINS}
    return (kept + others)[:MOST]


@pytest.mark.science
def test_without_the_compiler_all_is_the_same(tmp_path: Path):
    chosen = _worth_running()
    assert len(chosen) == MOST
    file = tmp_path / "cases.pickle"
    file.write_bytes(pickle.dumps(chosen))
    found = json.loads(run_interpreted(Path(__file__).with_name("interpreted_runs.py"), file))
    assert found == {"runs": MOST, "differences": {}}
