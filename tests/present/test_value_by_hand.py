"""Who leaves by value, from an event log that is written down."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from wom_sim.present.spreading import CLASSES, value

EVENTS = [  # policy, run, person, event, label, treated, profitable, amount in cents
    ("a", 0, 1, "left", "because", False, True, -60_000),  # a customer worth 600 is lost
    ("a", 0, 2, "stayed", "prevented", False, True, 30_000),  # one worth 300 would have left, and stays
    ("a", 1, 3, "left", "earlier", False, True, -1_000),  # leaves in any case, on another day
    ("a", 1, 4, "left", "because", True, False, 90_000),  # a loss-maker on whom the firm acted: not shown
    ("a", 1, 5, "left", "because", False, False, 20_000),  # one on whom it did not
    ("a", 1, 6, "left", "because", False, True, -5_000),  # leaves, and would have stayed longer: one move, no loss
    ("a", 1, 6, "stayed", "prevented", False, True, 4_000),
    ("a", 1, 7, "told", "because", False, True, -99_000),  # nobody leaves
]
COLUMNS = ["policy", "replication", "person", "event", "label", "treated", "profitable", "amount"]


@dataclass
class Logged:
    """A result of two runs whose people stand for three each."""

    folder: Path
    replications: int = 2
    represents: int = 3
    policies: tuple[str, ...] = ("keep", "a", "nothing happens")

    def has(self, name: str) -> bool:
        return (self.folder / name).exists()


def test_who_is_lost_counts_who_is_kept_counts_against_and_who_only_moves_is_told_apart(tmp_path):
    pd.DataFrame(EVENTS, columns=COLUMNS).to_parquet(tmp_path / "events.parquet")
    found = value(Logged(tmp_path)).set_index(["policy", "value_from"])
    each = 3 / 2
    people = {low: 0.0 for low in CLASSES[:-1]} | {CLASSES[0]: each, 0.0: -each, 500.0: each}
    money = {low: 0.0 for low in CLASSES[:-1]} | {CLASSES[0]: 200 * each, 0.0: 300 * each, 500.0: -600 * each}
    assert found.loc["a", "people"].to_dict() == pytest.approx(people)
    assert found.loc["a", "money"].to_dict() == pytest.approx(money)
    assert found.loc["a", "moved"].unique() == pytest.approx([(-10.0 - 50.0 + 40.0) * each])
    assert not found.loc["nothing happens", ["people", "money", "moved"]].any(axis=None)
    assert set(found["runs"]) == {2}
