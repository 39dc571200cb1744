"""An indicator of another package stands in every table beside ours, in both engines and wherever a study runs."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from kit import PLUGGED, forget
from small import two_policies

from wom_sim import compare, load_scenario, load_study, simulate, sweep
from wom_sim.cli import main
from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.results.version import model_version, version_of
from wom_sim.scenario import ScenarioError, fingerprint, to_toml
from wom_sim.study.replay import replay
from wom_sim.study.runs import planned

ROOT = Path(__file__).parents[2]
SMALL = two_policies(400, 60, 15)
STUDY = """
name = "own"
scenario = "scenario.toml"
replications = 2
outputs = ["net_value", "busy_days", "ways_heard"]
[[factors]]
key = "choose.limit"
values = [5, 15]
"""


def scenario(folder: Path, *said: str, text: str = SMALL + PLUGGED):
    (folder / "scenario.toml").write_text(text)
    return load_scenario(folder / "scenario.toml", list(said))


def test_it_is_read_alike_in_both_engines_and_as_the_tables_say(site, tmp_path):
    said = scenario(tmp_path)
    fast, slow = (simulate(said, "letter", engine=engine) for engine in ("compiled", "reference"))
    assert fast.events.equals(slow.events)
    assert fast.indicators.equals(slow.indicators)
    assert list(fast.measured)[-2:] == ["busy_days", "ways_heard"]
    assert fast.measured["busy_days"] == (fast.daily["talkers"] >= 2).sum() > 0
    heard = fast.events.query("event == 'heard'")
    assert fast.measured["ways_heard"] == heard["channel"].nunique() > 0
    without = simulate(said, "letter", events=False)
    assert without.indicators.equals(fast.indicators), "the log is kept for who needs it"
    assert len(without.trace.book.log) == 0, "and let go then"


def test_a_comparison_has_it_in_every_table(site, tmp_path):
    said = scenario(tmp_path, "run.replications=3")
    one, two = compare(said, workers=1), compare(said, workers=2)
    slow = compare(said, workers=1, engine="reference")
    assert one.origins is None, "the event log was not asked for"
    for name in ("busy_days", "ways_heard"):
        values = one.replications[name]
        assert values.equals(two.replications[name])
        assert values.equals(slow.replications[name])
        row = one.summary.set_index(["policy", "indicator"]).loc[("letter", name)]
        assert row["mean"] == pytest.approx(one.replications.query("policy == 'letter'")[name].mean())
        assert {name} <= set(one.differences["indicator"]) & set(one.paired["indicator"])
    assert one.summary.set_index("indicator").loc["busy_days", "unit"].eq("day").all()


@pytest.mark.science
@pytest.mark.parametrize("where", ["threads", "processes"])
def test_a_study_has_it_wherever_it_runs(site, tmp_path, where):
    said = scenario(tmp_path)
    (tmp_path / "study.toml").write_text(STUDY)
    found = sweep(tmp_path / "study.toml", out=tmp_path / where, workers=2, where=where)
    assert found.complete
    table = found.table
    row = table.query("point == 1 and policy == 'letter' and replication == 1").iloc[0]
    alone = simulate(said.model_copy(update={"choose": said.choose}), "letter", replication=1).measured
    assert row["busy_days"] == alone["busy_days"]
    assert row["ways_heard"] == alone["ways_heard"]
    again = replay(tmp_path / where, "1/letter/1")
    assert again.same is True
    assert again.result.measured["busy_days"] == row["busy_days"]


def test_a_study_is_analysed_by_it(site, tmp_path, capsys):
    scenario(tmp_path)
    (tmp_path / "study.toml").write_text(STUDY.replace("replications = 2", "replications = 3"))
    sweep(tmp_path / "study.toml", out=tmp_path / "out", workers=1, where="threads")
    with pytest.raises(SystemExit) as ended:
        main(["sweep", "analyse", str(tmp_path / "out")])
    assert not ended.value.code, capsys.readouterr()
    index = json.loads((tmp_path / "out" / "analysis" / "analysis.json").read_text())
    assert index["outputs"] == ["net_value", "busy_days", "ways_heard"]


def test_its_source_is_part_of_the_key_of_a_run_where_it_is_used(site, tmp_path):
    (tmp_path / "study.toml").write_text(STUDY)
    used = scenario(tmp_path)
    assert version_of(used) != model_version()
    before = [row.key for row in planned(load_study(tmp_path / "study.toml"))]
    source = site / "their_kit.py"
    for text, same in ((source.read_text() + "# a remark\n", True), (source.read_text() + "MORE = 1\n", False)):
        source.write_text(text)
        forget()
        assert ([row.key for row in planned(load_study(tmp_path / "study.toml"))] == before) is same
    unused = scenario(tmp_path, text=SMALL)
    assert version_of(unused) == model_version()
    assert fingerprint(unused) != fingerprint(used)
    shown = scenario(tmp_path, text=SMALL + '[plugins]\ncharts = ["talker_bars"]\nsections = ["loudest"]\n')
    assert fingerprint(shown) == fingerprint(unused), "what is shown changes no run"
    assert version_of(shown) == model_version()


def test_none_is_loaded_that_is_not_used(site, tmp_path):
    said = scenario(tmp_path, text=SMALL)
    compare(said, workers=1)
    assert not {"their_kit", "their_charts"} & set(sys.modules)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("text", "is of type str, allowed: OwnIndicator"),
        ("raises", "cannot be read: ZeroDivisionError: division by zero"),
        ("words", "returned 'many', allowed: a finite number"),
        ("endless", "returned 'inf', allowed: a finite number"),
        ("unit", "has the unit 'furlong', allowed: currency, "),
        ("other", "calls itself 'another'; its entry point must have the same name"),
        ("gone", "cannot be loaded: AttributeError"),
        ("net_value", "calls itself 'busy_days'"),
    ],
)
def test_one_that_cannot_be_used_is_named_in_a_sentence(site, tmp_path, capsys, name, said):
    (tmp_path / "bad.toml").write_text(SMALL + f'[plugins]\nindicators = ["{name}"]\n')
    with pytest.raises(SystemExit) as ended:
        main(["compare", str(tmp_path / "bad.toml"), "--workers", "1", "--out", str(tmp_path / "out")])
    told = capsys.readouterr()
    assert ended.value.code == 4
    assert "Traceback" not in told.out + told.err
    assert f"the indicator {name!r} of another package {said}" in told.err
    assert not (tmp_path / "out").exists()


def test_a_name_that_nobody_has_is_refused_with_its_line(site, tmp_path):
    with pytest.raises(ScenarioError, match=r"plugins\.indicators\[1\].*no indicator.*'busydays'.*busy_days"):
        scenario(tmp_path, text=SMALL + '[plugins]\nindicators = ["busy_days", "busydays"]\n')
    with pytest.raises(ScenarioError, match=r"outputs.*there is no indicator 'busy_day'; did you mean 'busy_days'"):
        scenario(tmp_path)
        (tmp_path / "study.toml").write_text(STUDY.replace('"busy_days"', '"busy_day"'))
        load_study(tmp_path / "study.toml").checked()


def test_a_scenario_that_names_plug_ins_is_written_and_read_again(site, tmp_path):
    said = scenario(tmp_path)
    (tmp_path / "again.toml").write_text(to_toml(said))
    assert load_scenario(tmp_path / "again.toml") == said
    changed = load_scenario(tmp_path / "again.toml", ["plugins.numbers.reach.value=1"])
    assert changed.plugins.given == {"reach": 1.0, "louder by": 1.5}


def test_a_worker_with_another_version_is_refused(site, tmp_path):
    """What a cluster's worker would measure with another state of a plug-in never gets into a table."""
    from wom_sim.study.chunk import Chunk, Run, WrongModelError, as_text, perform

    said = scenario(tmp_path)
    chunk = Chunk(b"w", (as_text(said),), (Run(1, 0, "letter", 0),), model_version(), ("0123456789abcdef",))
    with pytest.raises(WrongModelError, match="another version of a plug-in"):
        perform(chunk)


def test_numbers_of_the_table_stand_in_our_order_first(site, tmp_path):
    found = compare(scenario(tmp_path, "run.replications=2"), workers=1).replications
    names = [name for name in found.columns if name in {i.name for i in INDICATORS} | {"busy_days", "ways_heard"}]
    assert names == [*(i.name for i in INDICATORS), "busy_days", "ways_heard"]
    assert isinstance(found, pd.DataFrame)
    assert np.isfinite(found["busy_days"]).all()
