"""What results of studies show of themselves in a notebook, cell by cell."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.study.notebook import asked, over_worlds, swept

TOWN = SimpleNamespace(
    name="Town", currency="EUR", money=SimpleNamespace(counted_months=36.0), worlds=SimpleNamespace(posterior=None)
)


def test_a_comparison_over_worlds():
    verdicts = pd.DataFrame(
        {
            "policy": ["letter", "keep"], "expected_net_value": [1000.0, 0.0], "low": [500.0, 0.0],
            "high": [1500.0, 0.0], "share_best": [0.75, 0.25], "regret_mean": [20.0, 900.0],
            "regret_worst": [70.0, 4000.0], "chance_loss": [0.1, 0.0],
        }
    )  # fmt: skip
    design = SimpleNamespace(worlds=range(40), drawn=range(3))
    shown = over_worlds(SimpleNamespace(scenario=TOWN, verdicts=verdicts, verdict="So it is.", design=design))
    assert shown.title == "Town"
    assert shown.texts == ["So it is.", "40 worlds, 3 numbers drawn; money counts over 36 months."]
    assert shown.heads == [
        "policy", "expected net value", "best in", "mean regret", "worst regret", "chance of a loss",
    ]  # fmt: skip
    assert shown.rows == [
        ["letter", "€1,000 (€500 to €1,500)", "75 %", "€20", "€70", "10 %"],
        ["keep", "€0", "25 %", "€900", "€4,000", "0 %"],
    ]


@pytest.fixture
def sweep(tmp_path):
    counts = SimpleNamespace(runs=1200, done=1000, failed=3, pending=197)
    table = pd.DataFrame(
        {"point": [0, 1, 0, 1], "policy": ["z", "z", "a", "a"], "net_value": [100.0, 300.0, -5.0, -7.0],
         "reached": [3.0, 4.0, 0.0, 1.0]}
    )  # fmt: skip
    return SimpleNamespace(counts=counts, folder=tmp_path, table=table)


def test_a_sweep_that_is_not_done(sweep):
    shown = swept(sweep)
    assert shown.title == f"Study in {sweep.folder}"
    assert shown.texts == [
        "1,000 of 1,200 runs are done, 3 failed, 197 pending.", "The same call goes on with those that are pending.",
    ]  # fmt: skip
    assert (list(shown.heads), list(shown.rows)) == ([], [])


def test_a_sweep_that_is_done(sweep):
    (sweep.folder / "table.parquet").touch()
    shown = swept(sweep)
    assert shown.title == f"Study in {sweep.folder}"
    assert shown.texts == [
        "1,000 of 1,200 runs are done, 3 failed, 197 pending.",
        "Means over 2 points and all replications, relative to keeping everyone.",
    ]
    labels = {indicator.name: indicator.label for indicator in INDICATORS}
    assert shown.heads == ["policy", labels["net_value"], labels["reached"]]
    assert [row[0] for row in shown.rows] == ["z", "a"]
    assert [[cell.replace("$", "") for cell in row[1:2]] for row in shown.rows] == [["200"], ["−6"]]
    assert [row[2] for row in shown.rows] == ["3.5", "0.5"]


@pytest.mark.parametrize(("question", "texts"), [("Why?", ["Why?"]), ("", [])])
def test_what_a_study_asks(question, texts):
    points = SimpleNamespace(
        columns=("limit", "wide", "kind", "flag"),
        rows=[(30, 0.5, "ring", True), (10, 2000.0, "hubs", False), (30, 1.0, "ring", True)],
    )
    said = SimpleNamespace(question=question, replications=7)

    class Study(SimpleNamespace):
        pass

    class Points(SimpleNamespace):
        def __len__(self):
            return len(self.rows)

    study = Study(points=Points(**vars(points)), policies=["a", "b"], said=said, name="Survey")
    shown = asked(study)
    assert shown.title == "Survey"
    assert shown.texts == [*texts, "3 points, 2 policies, 7 replications."]
    assert shown.heads == ["factor", "values"]
    assert shown.rows == [
        ["limit", "10 to 30 (2)"], ["wide", "0.5 to 2,000 (3)"], ["kind", "ring, hubs"], ["flag", "True, False"],
    ]  # fmt: skip
