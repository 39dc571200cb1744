"""Replications added to a result are those that a longer comparison would have had."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from unsealed import write_manifest

from wom_sim import compare, load_scenario
from wom_sim.cli import main
from wom_sim.present.pictures import write_pictures
from wom_sim.results import files
from wom_sim.results.files import STAGE
from wom_sim.study import extend
from wom_sim.study.extend import add_replications, differing_keys, earlier
from wom_sim.study.store import write_tables

ROOT = Path(__file__).parents[2]
SETS = ["population.customers=3000", "population.prospects=500", "run.days=90", "choose.limit=20"]
FILE = ROOT / "scenarios" / "first_look.toml"
NOT_OF_THE_RESULT = ("written", "command", "seconds", "added", "sealed", "sha256")  # the files themselves are compared


def no_pictures(comparison, folder):
    return []


def scenario(replications, *more):
    return load_scenario(FILE, [*SETS, f"run.replications={replications}", *more])


def write(replications, folder, events=True, pictures=no_pictures):
    folder.mkdir()
    found = compare(scenario(replications), workers=1, events=folder / "events.parquet" if events else None)
    files = write_tables(found, folder) + pictures(found, folder / "charts")
    write_manifest(found, folder, [*files, "events.parquet"] if events else files)
    return found


def content(folder):
    """Every file by name; of ``run.json`` what must be the same."""
    found = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    run = json.loads(found.pop("run.json"))
    return found | {"run.json": {k: v for k, v in run.items() if k not in NOT_OF_THE_RESULT}}


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results") / "short"
    write(2, folder)
    return folder


@pytest.fixture
def result(short, tmp_path):
    return Path(shutil.copytree(short, tmp_path / "result"))


@pytest.mark.science
def test_added_at_two_times_is_byte_for_byte_the_same(tmp_path):
    once, twice = tmp_path / "once", tmp_path / "twice"
    write(5, once, pictures=write_pictures)
    write(1, twice, pictures=write_pictures)
    add_replications(earlier(twice), 3, write_pictures, workers=1)
    whole, files = add_replications(earlier(twice), 1, write_pictures, workers=1)
    assert content(once) == content(twice)
    assert "charts/ledger.png" in files
    assert len(whole.replications) == 20
    run = json.loads((twice / "run.json").read_text())
    assert run["added"] == [{"from": 1, "replications": 3}, {"from": 4, "replications": 1}]


def test_a_world_for_each_replication(tmp_path):
    found = compare(scenario(3, "run.same_world=false"), workers=1)
    last = compare(scenario(3, "run.same_world=false"), workers=1, start=extend.Start(2))
    kept = found.replications[found.replications["replication"] == 2].reset_index(drop=True)
    assert last.replications.equals(kept)


def test_interrupted_runs_leave_the_result_as_it_was(result, monkeypatch):
    before = content(result)

    def interrupted(*_, **__):
        (result / STAGE / "events.parquet").write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(extend, "compare", interrupted)
    with pytest.raises(KeyboardInterrupt):
        add_replications(earlier(result), 1, no_pictures)
    assert content(result) == before


@pytest.mark.science
@pytest.mark.parametrize("moved", [0, 1, 5])
def test_a_renewal_that_was_cut_short_is_finished(result, monkeypatch, moved):
    """The power fails after some of the files have taken their place."""
    monkeypatch.setattr(files, "_put_in_place", lambda folder: None)
    add_replications(earlier(result), 1, no_pictures, workers=1)
    monkeypatch.undo()
    stage = result / STAGE
    if moved:
        (result / "run.json").unlink()
    for name in sorted(p.name for p in stage.iterdir() if p.name != "run.json")[:moved]:
        (stage / name).replace(result / name)
    assert earlier(result).replications == 3
    assert not stage.exists()
    assert len(json.loads((result / "run.json").read_text())["seeds"]["luck"]) == 3


def test_other_models_and_other_scenarios_are_refused(result):
    run = json.loads((result / "run.json").read_text())
    (result / "run.json").write_text(json.dumps(run | {"model": "0123456789abcdef"}))
    with pytest.raises(ValueError, match="another version of the model"):
        earlier(result)
    (result / "run.json").write_text(json.dumps(run))
    text = (result / "scenario.toml").read_text()
    (result / "scenario.toml").write_text(text.replace("days = 90", "days = 91"))
    with pytest.raises(ValueError, match="was changed since"):
        earlier(result)


def test_what_was_not_kept_cannot_be_added_to(result):
    (result / "runs.npz").unlink()
    before = content(result)
    with pytest.raises(ValueError, match="tallies of the earlier runs was not kept"):
        add_replications(earlier(result), 1, no_pictures)
    assert content(result) == before


def test_a_table_that_cannot_be_renewed_is_said_before_anything_is_run(result, monkeypatch):
    run = json.loads((result / "run.json").read_text())
    (result / "run.json").write_text(json.dumps(run | {"files": [*run["files"], "origins.csv"]}))
    monkeypatch.setattr(extend, "compare", None)
    with pytest.raises(ValueError, match=r"holds origins.csv, to which nothing can be added; .* --replications 3"):
        add_replications(earlier(result), 1, no_pictures)


@pytest.mark.science
def test_a_new_result_is_not_overwritten_by_an_old_renewal(result, monkeypatch):
    monkeypatch.setattr(files, "_put_in_place", lambda folder: None)
    add_replications(earlier(result), 1, no_pictures, workers=1)
    monkeypatch.undo()
    found = compare(scenario(4), workers=1)
    write_manifest(found, result, write_tables(found, result))
    assert earlier(result).replications == 4


def test_keys_that_differ_are_named():
    other = scenario(2, "run.days=91", "policies.paid exit.payment=5")
    assert differing_keys(scenario(2), other) == ["run.days", "policies[2].payment"]


@pytest.fixture
def run(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)

    def command(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        return ended.value.code or 0, capsys.readouterr().err

    return command


def options(*more):
    return ["compare", "scenarios/first_look.toml", *(x for s in SETS for x in ("--set", s)), *more]


def test_the_command_says_what_is_wrong(run, result, tmp_path):
    add = ("--add-replications", "1")
    code, err = run(*options(*add))
    assert code == 4
    assert err == "wom-sim: --add-replications: given without --out DIR, the folder of the result to add to\n"
    code, err = run(*options(*add, "--out", str(tmp_path / "none")))
    assert (code, "no such folder" in err) == (4, True)
    code, err = run(*options(*add, "--out", str(result), "--set", "run.days=30"))
    assert (code, "run.days differs" in err) == (4, True)
    code, err = run(*options(*add, "--out", str(result), "--replications", "9"))
    assert (code, "allowed: one of them" in err) == (4, True)
    code, _ = run(*options("--add-replications", "0", "--out", str(result)))
    assert code == 4


@pytest.mark.science
def test_the_command_adds(run, result):
    code, err = run(*options("--add-replications", "2", "--out", str(result)))
    assert code == 0
    assert "2 replications are there, 4 there will be (given again, this adds as many again; --repl" in err
    assert len(json.loads((result / "run.json").read_text())["seeds"]["luck"]) == 4


@pytest.mark.science
def test_so_many_in_all_may_be_asked_for_again_and_again(run, result, tmp_path, monkeypatch):
    asked = options("--replications-in-all", "3", "--out", str(result))

    def killed(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(extend, "write_tables", killed)
    assert run(*asked)[0] == 130
    monkeypatch.undo()
    monkeypatch.chdir(ROOT)
    code, err = run(*asked)
    assert (code, "2 replications are there, 3 there will be (given again, this adds nothing more)" in err) == (0, True)
    before = content(result)
    for many in ("3", "2"):
        code, err = run(*options("--replications-in-all", many, "--out", str(result)))
        assert (code, "holds 3 replications already; nothing is added" in err) == (0, True)
    assert content(result) == before
    new = str(tmp_path / "new")
    assert run(*options("--replications-in-all", "2", "--out", new))[0] == 0  # where nothing is yet
    assert len(json.loads((tmp_path / "new" / "run.json").read_text())["seeds"]["luck"]) == 2


@pytest.mark.science
def test_what_is_there_is_printed_as_what_was_made(result, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    printed = []
    for _ in range(2):
        with pytest.raises(SystemExit):
            main(options("--replications-in-all", "3", "--out", str(result), "--json"))
        printed.append(json.loads(capsys.readouterr().out))
    made, read = printed
    assert read["summary"] == [pytest.approx(row, nan_ok=True) for row in made["summary"]]
    assert read["differences"] == [pytest.approx(row, nan_ok=True) for row in made["differences"]]


def test_one_number_of_replications_is_asked_for(run, result):
    code, err = run(*options("--replications-in-all", "3", "--add-replications", "1", "--out", str(result)))
    assert (code, "--add-replications and --replications-in-all: given both" in err) == (4, True)
    code, err = run(*options("--replications-in-all", "3"))
    assert (code, "--replications-in-all: given without --out DIR" in err) == (4, True)
    code, err = run(*options("--replications-in-all", "3", "--worlds", "5", "--out", str(result)))
    assert (code, "allowed: --add-worlds" in err) == (4, True)
