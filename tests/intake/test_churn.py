"""Churn from a history: known hazards come back, late entry and season are seen, and a check tells drift."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from histories import AS_OF, SEASON, SEGMENTS, TENURE, as_csv, simulated

from wom_sim.cli import main
from wom_sim.intake import hazard as hazards
from wom_sim.intake import history as histories
from wom_sim.intake.churn import learn, rows_of
from wom_sim.intake.hazard import ChurnError, chance_now, fit, levels_of
from wom_sim.populations.churn_file import read_beside
from wom_sim.scenario.sections.leaving import Leaving

TRIAL = Path(os.environ.get("WOM_SIM_TRIAL_DATA", "trial_data"))


def needs_lifelines():
    pytest.importorskip("lifelines", reason="a churn model needs lifelines: pip install 'wom_sim[churn]'")


@pytest.fixture
def modelled():
    needs_lifelines()


def history_of(frame, window=1.0, first=None):
    return histories.history_of(histories.kept(frame), AS_OF, window, first)


def numbers(found, section):
    return {each.name: each for each in found.numbers if each.section == section}


def within(number, truth, errors=3.0):
    """Whether a number is within so many standard errors of the truth."""
    error = np.log(number.high / number.low) / (2 * 1.96)
    return abs(np.log(number.value / truth)) < errors * error


def test_a_contract_counts_as_in_the_simulator():
    assert Leaving().locked == histories.LOCKED


# -- what is fitted -------------------------------------------------------------------------------------------------


def test_known_hazards_come_back(modelled):
    history = history_of(simulated(6_000))
    found = fit(history, levels_of(history, breaks=(3.0, 12.0)))
    tenure = numbers(found, "tenure")
    assert list(tenure) == ["0-3", "3-12", "12+"]
    for number, truth in zip(tenure.values(), TENURE.values(), strict=True):
        assert within(number, truth)
        assert number.high / number.low < 1.35  # so that this can fail
    assert within(numbers(found, "segment")["gold"], SEGMENTS["gold"])


def test_only_who_was_there_on_a_day_or_came_later(modelled):
    """Left truncation: those who left before are not in the table, so a fit from the first day is far too low."""
    frame = simulated(8_000)
    frame = frame[frame["end"] > -24.0]
    history = history_of(frame)
    assert history.entry.min() >= -25.0
    levels = levels_of(history, breaks=(3.0, 12.0))
    found = fit(history, levels)
    for number, truth in zip(numbers(found, "tenure").values(), TENURE.values(), strict=True):
        assert within(number, truth)
    naive = fit(histories.replace(history, entry=history.since), levels)
    first = numbers(naive, "tenure")["0-3"]
    assert first.value < 0.8 * TENURE[3.0]
    assert not within(first, TENURE[3.0], 10.0)


def test_the_season_comes_back(modelled):
    history = history_of(simulated(12_000, season=True))
    levels = levels_of(history, breaks=(3.0, 12.0))
    assert levels.season
    found = hazards.best(history)
    season = list(numbers(found, "season").values())
    assert len(season) == 12
    for number, truth in zip(season, SEASON, strict=True):
        assert within(number, truth)
    assert np.mean([number.value for number in season]) == pytest.approx(1.0)
    # The base takes the mean month.
    chance = chance_now(found, np.array([24.0]), np.array(["silver"], dtype=object))
    assert chance[0] == pytest.approx(TENURE[np.inf], rel=0.15)


def test_a_season_that_is_none_is_left_out(modelled):
    history = history_of(simulated(6_000))
    assert levels_of(history).season
    assert not hazards.best(history).levels.season


def test_a_year_has_no_season(modelled):
    assert not levels_of(history_of(simulated(6_000, months=14, season=True))).season


def test_without_dates_the_last_month_counts(modelled):
    """Who is marked left within the last month: the hazard of the month in which each was."""
    frame = simulated(60_000, by_tenure=True)
    frame = frame[frame["end"] > -1.0]
    end = np.where(frame["churned"], frame["end"], 0.0)
    tenure = end + np.array([(AS_OF - day).days for day in frame["since"]]) / 30.4375
    told = pd.DataFrame(
        {"tenure_months": np.maximum(0.0, tenure), "churned": frame["churned"], "segment": frame["segment"]}
    )
    history = history_of(told)
    assert not history.dated
    found = fit(history, levels_of(history, breaks=(3.0, 12.0)))
    for number, truth in zip(numbers(found, "tenure").values(), TENURE.values(), strict=True):
        assert within(number, truth)
    naive = fit(histories.replace(history, entry=history.since), levels_of(history, breaks=(3.0, 12.0)))
    first = numbers(naive, "tenure")["0-3"]
    assert first.value < 0.75 * TENURE[3.0]
    assert not within(first, TENURE[3.0])


def test_without_dates_each_cell_is_a_share(modelled):
    """A single segment, and time as a customer in whole months: the chance of a month is who left of who was there."""
    rows = []
    for tenure, left, stayed in ((1, 40, 60), (2, 30, 170), (20, 25, 475)):
        rows += [(float(tenure), True)] * left + [(float(tenure), False)] * stayed
    frame = pd.DataFrame(rows, columns=["tenure_months", "churned"]).assign(segment="all")
    history = history_of(frame)
    found = fit(history, levels_of(history, breaks=(1.0, 2.0)))
    names = np.array(["all"] * 3, dtype=object)
    assert chance_now(found, np.array([0.5, 1.0, 2.0]), names) == pytest.approx([0.4, 0.15, 0.05], abs=1e-4)


def test_a_month_under_contract_counts_as_half(modelled):
    frame = simulated(4_000, by_tenure=False)
    free, bound = (history_of(frame.assign(contract_months=months)) for months in (1.0, 12.0))
    levels = levels_of(free, by_tenure=False)
    assert fit(bound, levels).hazard == pytest.approx(fit(free, levels).hazard / histories.LOCKED, rel=1e-3)


# -- the check ------------------------------------------------------------------------------------------------------


def test_a_model_that_helps_is_used(modelled):
    churn = learn(history_of(simulated(8_000, seed=2)))
    assert not churn.is_null
    assert churn.check.beats_null
    assert not churn.check.drifted
    assert churn.check.concordance > churn.check.concordance_null > 0.5
    assert churn.check.brier < churn.check.brier_null
    assert sum(low <= observed <= high for _, observed, _, low, high in churn.check.deciles) >= 8


def test_a_model_that_does_not_help_is_not_used(modelled):
    churn = learn(history_of(simulated(4_000, by_tenure=False)))
    assert churn.is_null
    values = chance_now(churn.used, np.array([1.0, 50.0]), np.array(["silver", "silver"], dtype=object))
    assert values[0] == values[1] == pytest.approx(1.0 - np.exp(-0.03), rel=0.1)


@pytest.mark.parametrize(("drift", "more"), [(2.0, True), (0.5, False)])
def test_a_drift_is_told(modelled, drift, more):
    check = learn(history_of(simulated(6_000, drift=drift))).check
    assert check.drifted
    assert (check.leavers[0] > check.leavers[3]) == more


def test_the_check_sees_nothing_of_the_last_months(modelled):
    history = history_of(simulated(3_000))
    past = history.until(-6.0)
    assert past.end.max() <= -6.0
    assert past.entry.max() < -6.0
    held = history.after(-6.0)
    assert held.entry.min() >= -6.0
    assert past.left.sum() + held.left.sum() == history.left.sum()
    assert held.whole().left.sum() == 0


# -- hostile --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        ({"tenure_months": [12.0] * 40, "churned": [True] * 40}, "all of whom have left"),
        ({"tenure_months": [12.0] * 40, "churned": [False] * 40}, "none of whom has left"),
        ({"tenure_months": [3.0, 4.0, 5.0, 6.0, 7.0], "churned": [True, False, True, False, True]}, "at least 30"),
        ({"tenure_months": [np.nan] * 40, "churned": [True, False] * 20}, "no usable|0 usable"),
    ],
)
def test_what_teaches_nothing_is_said(modelled, frame, words):
    with pytest.raises(ChurnError, match=words):
        learn(history_of(pd.DataFrame(frame)))


def test_small_segments_are_taken_together(modelled):
    frame = simulated(3_000)
    frame.loc[frame.index[:8], "segment"] = "rare"
    frame.loc[frame.index[8:16], "segment"] = None
    levels = levels_of(history_of(frame))
    assert "rare" not in levels.segments
    assert hazards.OTHERS in levels.segments


# -- the command ----------------------------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def asked(*arguments):
        with pytest.raises(SystemExit) as end:
            main(["import", *map(str, arguments)])
        return end.value.code, capsys.readouterr()

    return asked


def test_without_lifelines_it_is_said_how_to_get_it(run, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "lifelines", None)
    Path("crm.csv").write_text("id,tenure,churned\n1,3,yes\n2,5,no\n")
    code, printed = run("crm.csv", "--churn")
    assert code == 4
    assert printed.err == (
        "wom-sim: a churn model needs the package lifelines, which is not installed: pip install 'wom_sim[churn]'\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["crm.csv"]
    assert run("crm.csv")[0] == 0  # an import alone needs none


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([(-3, "yes"), (-5, "no")] * 30, "tenure not below 0"),
        ([(5, "yes")] * 50, "all of whom have left"),
        ([(5, "no")] * 50, "none of whom has left"),
        ([(5, "yes"), (6, "no"), (7, "no"), (8, "yes"), (9, "no")], "at least 30 who left"),
    ],
)
def test_a_hostile_table_changes_nothing(modelled, run, tmp_path, rows, words):
    lines = [f"{k},{tenure},{churned}" for k, (tenure, churned) in enumerate(rows)]
    Path("crm.csv").write_text("\n".join(["id,tenure,churned", *lines]) + "\n")
    assert run("crm.csv", "--out", "base")[0] == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "base").iterdir()}
    code, printed = run("crm.csv", "--churn", "--churn-window", "1", "--out", "base")
    assert code == 4
    assert words in printed.err
    assert "Traceback" not in printed.err
    assert {path.name: path.read_bytes() for path in (tmp_path / "base").iterdir()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["base", "crm.csv"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--churn-window", "0"], "--churn-window: given 0"),
        (["--check-months", "0"], "--check-months: given 0"),
        (["--history-from", "soon"], "--history-from: given 'soon'"),
        (["--history-mapping", "x.toml"], "--history-mapping: goes with --history"),
        (["--history", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_options_that_cannot_be(modelled, run, options, words):
    Path("crm.csv").write_text("id,tenure,churned\n1,3,yes\n2,5,no\n")
    code, printed = run("crm.csv", "--churn", *options)
    assert code == 4
    assert words in printed.err
    assert not Path("base").exists()


def test_a_table_with_dates_of_leaving(modelled, run):
    frame = simulated(8_000, seed=2)
    as_csv(frame, Path("crm.csv"))
    code, printed = run("crm.csv", "--churn", "--churn-window", "1")
    assert code == 0, printed.err
    assert "Checked out of time, fitted without the last 6 months" in printed.out
    assert printed.out.splitlines()[-1].endswith("report.md, churn_model.csv, history.parquet")
    table = pq.read_table("base/customers.parquet").to_pandas()
    assert table["churn"].isna().tolist() == table["churned"].tolist() == frame["churned"].tolist()
    silver = table[(table["segment"] == "silver") & ~table["churned"]]
    assert silver.loc[silver["tenure_months"] > 15.0, "churn"].mean() == pytest.approx(0.02, rel=0.2)
    assert silver.loc[silver["tenure_months"] < 2.9, "churn"].mean() == pytest.approx(0.095, rel=0.3)
    kept = pq.read_table("base/history.parquet")
    assert kept.schema.equals(histories.HISTORY)
    assert kept.num_rows == len(frame)
    assert "## Churn" in Path("base/report.md").read_text()


def test_a_history_of_its_own(modelled, run):
    frame = simulated(4_000)
    as_csv(frame.rename(columns={"since": "start"}), Path("all.csv"), ("start", "left_on", "segment"))
    text = Path("all.csv").read_text().replace("churn date", "end date")
    Path("all.csv").write_text(text)
    here = frame[~frame["churned"]]
    as_csv(here, Path("crm.csv"), ("since", "segment"))
    code, printed = run("crm.csv", "--history", "all.csv")
    assert code == 0, printed.err
    assert "left on" in printed.out
    table = pq.read_table("base/customers.parquet").to_pandas()
    assert len(table) == len(here)
    assert table["churn"].between(0.0, 0.2).all()
    whole = {(row.section, row.name): row.value for row in read_beside(Path("base/customers.parquet"))}
    assert whole["about", "left"] == frame["churned"].sum()
    # Only those who left: the customers of the table complete them.
    Path("gone.csv").write_text("\n".join(line for line in text.splitlines() if line.count(",,") == 0) + "\n")
    assert run("crm.csv", "--history", "gone.csv", "--out", "other")[0] == 0
    again = {(row.section, row.name): row.value for row in read_beside(Path("other/customers.parquet"))}
    assert again["about", "customers"] == whole["about", "customers"]


def test_the_table_of_the_model_is_what_was_found(modelled, run):
    frame = simulated(4_000, drift=2.0)
    as_csv(frame, Path("crm.csv"))
    code, printed = run("crm.csv", "--churn", "--churn-window", "1", "--lang", "nl")
    assert code == 0
    assert "het vertrek is gestegen" in printed.out
    rows = {(row.section, row.name): row for row in read_beside(Path("base/customers.parquet"))}
    history = history_of(frame)
    churn = learn(history)
    assert len(rows) == len(rows_of(churn))
    assert rows["check", "brier"].value == pytest.approx(churn.check.brier, rel=1e-6)
    assert rows["check", "brier_null"].value == pytest.approx(churn.check.brier_null, rel=1e-6)
    assert rows["check", "leavers"].observed == churn.check.leavers[0]
    held = history.after(-6.0)
    assert rows["check", "leavers"].observed == held.left.sum()
    assert sum(row.observed for row in rows.values() if row.section == "decile") == held.left.sum()
    gone = frame[frame["churned"] & (frame["segment"] == "gold")]
    assert rows["about", "left"].value == frame["churned"].sum()
    months = (history.end - history.entry)[history.segment == "gold"].sum()
    assert rows["segment_mean", "gold"].value == pytest.approx(len(gone) / months, rel=1e-3)


@pytest.mark.skipif(not (TRIAL / "telco_customer_churn.csv").exists(), reason="needs a table that is not shipped")
def test_a_public_table_without_dates(modelled, run):
    code, printed = run(TRIAL.resolve() / "telco_customer_churn.csv", "--churn", "--churn-window", "1")
    assert code == 0
    assert "not out of time" in printed.out
    rows = {(row.section, row.name): row for row in read_beside(Path("base/customers.parquet"))}
    raw = pd.read_csv(TRIAL / "telco_customer_churn.csv")
    monthly = raw[(raw["Contract"] == "Month-to-month") & (raw["tenure"] > 0)]
    share = (monthly["Churn"] == "Yes").mean()
    assert 1.0 - np.exp(-rows["segment_mean", "Month-to-month"].value) == pytest.approx(share, abs=1e-5)
    assert rows["check", "beats_null"].value == 1.0


def test_show_base_says_where_churn_is_from(modelled, run, capsys):
    as_csv(simulated(4_000, drift=2.0), Path("crm.csv"))
    assert run("crm.csv", "--churn", "--churn-window", "1")[0] == 0
    Path("firm.toml").write_text(
        'name = "firm"\n[population]\nfile = "base"\nfit = true\nprospects = 100\n[choose]\nlimit = 10\n'
        '[behaviour.leaving]\nlocked = 0.6\n[[policies]]\nname = "letter"\nuse = "bulk_letter"\n'
    )
    with pytest.raises(SystemExit) as end:
        main(["show", "base", "firm.toml"])
    printed = capsys.readouterr()
    assert end.value.code == 0, printed.err
    text = " ".join(printed.out.split())
    assert "Checked out of time" in text
    assert "More left than the time before explains" in text
    assert "as if a contract leaves 0.5 of churn, and behaviour.leaving.locked is 0.6" in text
    known = next(line for line in printed.out.splitlines() if line.strip().startswith("chance to leave"))
    assert "known from your file" in known


@pytest.mark.skipif(not (TRIAL / "telco_customer_churn.csv").exists(), reason="needs a table that is not shipped")
def test_without_dates_it_is_asked_when_they_left_and_said_what_each_answer_means(run):
    """The public table: a quarter a month, were it the last month; those who are there have stayed for three years."""
    needs_lifelines()
    code, printed = run(TRIAL.resolve() / "telco_customer_churn.csv", "--churn")
    assert code == 4 and not Path("base").exists()
    for words in ("--churn-window: missing", "26.5 % leave in a month", "for 38 months on average", "so 0.82 %"):
        assert words in printed.err, words
    code, printed = run(TRIAL.resolve() / "telco_customer_churn.csv", "--churn", "--churn-window", "all")
    assert code == 0 and "whenever that was" in printed.out
    churn = pq.read_table("base/customers.parquet").to_pandas()
    mean = churn[~churn["churned"]].groupby("segment")["churn"].mean()
    assert mean["Month-to-month"] > 5.0 * mean["Two year"] and 0.005 < mean["Month-to-month"] < 0.05


def some_history(number=150, seed=5):
    rng = np.random.default_rng(seed)
    since = -rng.exponential(40.0, number) - 0.01
    left = rng.random(number) < 0.3
    end = np.where(left, since * rng.random(number), 0.0)
    entry = np.maximum(since, -36.0)
    seen = end > entry
    bound = np.where(rng.random(number) < 0.3, since + 24.0, np.inf * np.where(rng.random(number) < 0.2, 1.0, -1.0))
    columns = {"since": since, "entry": entry, "end": end, "left": left, "bound": bound}
    segment = np.full(number, "a", dtype=object)[seen]
    return histories.History(
        **{name: values[seen] for name, values in columns.items()}, segment=segment, dated=True, window=36.0,
        as_of=AS_OF, unused={},
    )  # fmt: skip


@pytest.mark.parametrize("breaks", [(), histories.BREAKS])
@pytest.mark.parametrize("by_month", [False, True])
def test_time_at_risk_is_the_overlap_of_three_times_person_by_person(breaks, by_month):
    """When one was seen, the month of the calendar, the piece of the time as a customer; bound months count half."""
    history = some_history()
    found: dict[tuple[int, int, int], float] = {}
    for each in histories.slices(history, breaks, by_month):
        assert len(set(each.who.tolist())) == len(each.who)
        for who, months in zip(each.who.tolist(), each.at_risk.tolist(), strict=True):
            key = (who, each.month, each.piece)
            found[key] = found.get(key, 0.0) + months
    calendar = [(0, -np.inf, np.inf)]
    if by_month:
        starts = pd.date_range(pd.Timestamp(AS_OF) - pd.DateOffset(months=40), periods=43, freq="MS")
        clock = [(day - pd.Timestamp(AS_OF)).days / 30.4375 for day in starts]
        calendar = [(day.month - 1, a, b) for day, a, b in zip(starts[:-1], clock[:-1], clock[1:], strict=True)]
    expected: dict[tuple[int, int, int], float] = {}
    for who in range(len(history)):
        since, entry, end, bound = (float(getattr(history, n)[who]) for n in ("since", "entry", "end", "bound"))
        for month, first, last in calendar:
            for piece, (low, high) in enumerate(zip((-1.0, *breaks), (*breaks, np.inf), strict=True)):
                begin, until = max(entry, first, since + low), min(end, last, since + high)
                if until > begin:
                    key, free = (who, month, piece), max(0.0, until - max(begin, bound))
                    expected[key] = expected.get(key, 0.0) + free + 0.5 * ((until - begin) - free)
    assert {k: v for k, v in found.items() if v > 1e-12} == pytest.approx(
        {k: v for k, v in expected.items() if v > 1e-12}, abs=1e-9
    )
