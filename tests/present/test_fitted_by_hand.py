"""The tables of the charts of a fit, made of tables that are written down; and a folder of a fit, as it is written."""

from __future__ import annotations

import json
import math

import pandas as pd
import pytest
from small_runs import ROOT
from unsealed import unseal
from written_folder import Folder

from wom_sim._tables import csv_text
from wom_sim.charts import alt_text
from wom_sim.present import fitted
from wom_sim.present.material import MissingError, material
from wom_sim.present.pictures import drawn, setting_for, write_charts
from wom_sim.results.folder import check_file, kind_of
from wom_sim.scenario import load_scenario, to_toml

FITTED = ("learned", "taught", "checked", "calibrated")


def frame(columns: str, *rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns.split())


LEARNED = frame(
    "key meaning unit learned before_low before_median before_high low median high narrower foretold chance covered",
    ("a.follows", "Chance to follow", "share, 0 to 1", True, 0.1, 0.2, 0.3, 0.11, 0.21, 0.31, 0.4, 0.5, 0.03, 0.9),
    ("a.beta", "Hazard", None, True, 1.0, 2.0, 3.0, 1.1, 2.1, 3.1, 0.1, 0.25, 0.03, 0.8),
    ("a.lag", "Lag", "days", False, 5.0, 6.0, 7.0, 5.0, 6.0, 7.0, 0.0, 0.01, 0.03, math.nan),
)
TAUGHT = frame(
    "seen key alone lost",
    ("posts", "a.follows", 0.4, 0.1), ("posts", "a.beta", 0.0, 0.2), ("national_day", "a.follows", 0.01, 0.3),
    ("national_day", "a.beta", 0.2, 0.4),
)  # fmt: skip
CHECK = frame(
    "seen value off_by before_low before_median before_high low median high strange",
    ("posts", 12.0, 3.0, 1.0, 2.0, 30.0, 4.0, 5.0, 16.0, False),
    ("national_day", None, 2.0, 20.0, 60.0, 70.0, 30.0, 70.0, 70.0, True),
)
CALIBRATION = frame(
    "world key place", (3, "a.follows", 0.5), (3, "a.beta", 0.99), (8, "a.follows", 0.2), (8, "a.beta", 0.1)
)  # fmt: skip
TABLES = {"learned.csv": LEARNED, "taught.csv": TAUGHT, "check.csv": CHECK, "calibration.csv": CALIBRATION}


def test_what_was_learned_is_as_it_was_written():
    found = fitted.learned(Folder(TABLES))
    shared = [name for name in found if name != "unit"]
    assert found[shared].to_dict("records") == LEARNED[shared].to_dict("records")
    assert found["unit"].tolist() == ["share, 0 to 1", "", "days"]


def test_which_observation_taught_has_what_all_taught_together_beside_it():
    found = fitted.taught(Folder(TABLES))
    assert found[["seen", "key", "alone"]].equals(TAUGHT[["seen", "key", "alone"]])
    assert found["foretold"].tolist() == [0.5, 0.25, 0.5, 0.25] and set(found["chance"]) == {0.03}
    assert found["meaning"].tolist() == ["Chance to follow", "Hazard"] * 2 and "lost" not in found


def test_what_was_seen_has_the_days_of_the_run_and_what_fitted_worlds_show_if_there_are():
    folder = Folder(TABLES)
    found = fitted.checked(folder)
    assert set(found["days"]) == {folder.scenario.run.days}
    shared = [name for name in CHECK if name != "value"]
    assert found[shared].equals(CHECK[shared]) and found["value"].iloc[0] == 12.0 and math.isnan(found["value"].iloc[1])
    assert found[["before_yes", "yes"]].isna().to_numpy().all()  # as in a folder of before they were kept
    shares = fitted.checked(Folder({"check.csv": CHECK.assign(before_yes=[0.5, None], yes=[0.25, None])}))
    assert shares["before_yes"].iloc[0] == 0.5 and shares["yes"].iloc[0] == 0.25
    bare = fitted.checked(Folder({"check.csv": CHECK.drop(columns=["low", "median", "high"])}))
    assert bare[["low", "median", "high"]].isna().to_numpy().all() and list(bare) == list(found)


def test_where_true_numbers_lay_is_as_it_was_written():
    assert fitted.calibrated(Folder(TABLES)).equals(CALIBRATION)


@pytest.mark.parametrize("source", [fitted.taught, fitted.calibrated])
def test_where_nothing_was_learned_there_is_nothing_to_show_of_it(source):
    with pytest.raises(MissingError, match=r"^nothing was learned from what was seen \(learned\.csv\)$"):
        source(Folder(TABLES | {"learned.csv": LEARNED.assign(learned=False)}))


@pytest.mark.parametrize(
    ("source", "file"),
    [
        (fitted.learned, "learned"),
        (fitted.taught, "learned"),
        (fitted.checked, "check"),
        (fitted.calibrated, "learned"),
    ],
)
def test_another_folder_is_told_what_is_missing(source, file):
    with pytest.raises(MissingError, match=rf"^needs {file}\.csv \(wom-sim fit\)$"):
        source(Folder({}))


@pytest.fixture
def folder(tmp_path):
    """A folder as ``wom-sim fit`` leaves it, with the tables of this test."""
    scenario = load_scenario(ROOT / "scenarios" / "first_look.toml", [])
    (tmp_path / "scenario.toml").write_text(to_toml(scenario), encoding="utf-8")
    for name, table in TABLES.items():
        (tmp_path / name).write_text(csv_text(table), encoding="utf-8")
    run = {"kind": "fit", "worlds": 300, "fingerprint": "0123", "wom_sim": "0.1.0", "files": sorted(TABLES)}
    (tmp_path / "run.json").write_text(json.dumps(run), encoding="utf-8")
    unseal(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "fitted with 300 possible worlds"), ("nl", "aangepast met 300 mogelijke werelden")]
)
def test_a_folder_of_a_fit_allows_its_charts_and_no_other(folder, lang, said):
    found = material(folder)
    setting = setting_for(found, lang)
    assert setting.note.endswith(said)
    for each in drawn(found, setting):
        if each.name in FITTED:
            assert setting.key in alt_text(each.figure) and said in alt_text(each.figure)
        else:
            assert each.figure is None and each.reason


def test_a_fit_that_learned_nothing_says_so_and_checks_what_was_seen(folder):
    (folder / "learned.csv").write_text(csv_text(LEARNED.assign(learned=False)), encoding="utf-8")
    for name, table in (("taught", TAUGHT), ("calibration", CALIBRATION)):
        (folder / f"{name}.csv").write_text(csv_text(table.iloc[:0]), encoding="utf-8")
    found = material(folder)
    each = {one.name: one for one in drawn(found, setting_for(found), FITTED)}
    assert alt_text(each["learned"].figure).startswith("Nothing was learned about the 3 numbers")
    assert each["checked"].figure is not None
    assert {each[name].reason for name in ("taught", "calibrated")} == {fitted.NOTHING}


def test_charts_of_a_fit_are_not_taken_for_a_fit_and_can_be_drawn_again(folder):
    first, second = write_charts(folder), write_charts(folder)
    assert first == second and {path.stem for path in first} == set(FITTED)
    assert (folder / "charts" / "learned.csv").is_file() and kind_of(folder / "charts") is None
    check_file(folder / "charts" / "learned.csv", folder)
    (folder / "run.json").unlink()  # as while it is written
    assert kind_of(folder).name == "fit"
