"""``wom-sim sweep`` as a user types it: what it prints, with which code it ends, what it leaves behind."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from dutch import english_in
from small import two_policies

from wom_sim.cli import main

SCENARIO = two_policies(300, 60, 10)
STUDY = """
name = "small"
scenario = "scenario.toml"
replications = 2
seed = 3
outputs = ["net_value", "reached"]
[[factors]]
key = "choose.limit"
values = [5, 10]
"""


@pytest.fixture
def run(capsys, monkeypatch, tmp_path):
    """Run a command in a folder with a study; return exit code, output, errors."""
    monkeypatch.chdir(tmp_path)
    Path("scenario.toml").write_text(SCENARIO)
    Path("study.toml").write_text(STUDY)
    Path("wrong.toml").write_text(STUDY.replace("[[factors]]", 'reference = "leter"\n[[factors]]'))

    def command(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(("sweep", *arguments))
        printed = capsys.readouterr()
        return ended.value.code or 0, printed.out, " ".join(printed.err.split())

    return command


def test_a_dry_run_says_what_there_is_to_do_and_writes_nothing(run):
    code, out, _ = run("plan", "study.toml", "--out", "results", "--dry-run")
    assert code == 0
    assert out.startswith(
        "small: 2 points, 2 policies, 2 replications\n8 runs, 0 done, 0 failed, 8 to do\ntime: about "
    )
    assert "memory: about " in out
    assert "disk: about " in out
    assert not Path("results").exists()


def test_status_verify_and_repair_are_dutch_where_asked(run):
    assert run("run", "study.toml", "--out", "results", "--workers", "1")[0] == 0
    assert run("status", "results", "--lang", "xx")[::2] == (4, "wom-sim: --lang: given 'xx', allowed: en, nl, de")
    code, out, err = run("status", "results", "--lang", "nl")
    assert (code, err) == (0, "") and "8 doorrekeningen voor 8 rijen: 8 gedaan, 0 mislukt, 0 nog te doen" in out
    assert english_in(out, "small") == []
    code, out, _ = run("verify", "results", "--lang", "nl")
    assert code == 0 and "nog zoals ze zijn geschreven" in out and english_in(out) == []
    Path("results/table.csv").write_text("a,b\n")
    code, _, err = run("verify", "results", "--lang", "nl")
    assert code == 4 and "table.csv: is niet meer zoals het is geschreven" in err
    assert "wom-sim sweep repair results laat opnieuw maken" in err and english_in(err) == []
    Path("results/manifest.sqlite").write_bytes(b"no database")
    code, out, _ = run("repair", "results", "--lang", "nl")
    assert code == 0 and "0 doorrekeningen opnieuw te maken, 8 van 8 blijven bewaard" in out


def test_a_study_is_dutch_from_plan_to_analysis_where_asked(run, monkeypatch):
    nl = ("--lang", "nl")
    for name, *arguments in (("plan", "study.toml", "--out", "x"), ("run", "study.toml", "--out", "x"),
                             ("merge", "x", "--out", "y"), ("analyse", "x"), ("replay", "0", "--in", "x")):  # fmt: skip
        code, out, err = run(name, *arguments, "--lang", "xx")
        assert (code, out, err) == (4, "", "wom-sim: --lang: given 'xx', allowed: en, nl, de")
    code, out, err = run("plan", "study.toml", "--out", "results", *nl)
    assert code == 0 and "small: 2 punten, 2 beleidsopties, 2 doorrekeningen" in out
    assert "8 doorrekeningen, 0 klaar, 0 mislukt, 8 te doen" in out and "vrij)" in out
    assert english_in(f"{out} {err}", "small") == []
    code, out, err = run("run", "study.toml", "--out", "results", "--workers", "1", *nl)
    assert code == 0 and "8 doorrekeningen te doen in 1 thread" in err and "8 doorrekeningen klaar; de tabel:" in err
    assert "0/8 begint" in err and english_in(f"{out} {err}") == []
    code, out, err = run("merge", "results", "--out", "joined", *nl)
    assert code == 0 and "results overnemen" in err and english_in(f"{out} {err}") == []
    code, out, err = run("analyse", "results", "--no-charts", *nl)
    assert code == 0 and "2 punten, 2 beleidsopties, 2 uitkomstmaten, vergeleken met iedereen behouden" in err
    assert "Alleen voor andere ontwerpen dan grid, en dus niet gemaakt: " in err
    assert english_in(f"{out} {err}") == []
    written = json.loads(Path("results/analysis/analysis.json").read_text())
    assert written["left_out"]["sobol"] == "Sobol indices need design kind 'saltelli', not 'grid'"
    assert english_in(" ".join(written["made"].values()))  # the file is the same in every language
    code, out, err = run("replay", "1/letter/0", "--in", "results", *nl)
    assert code == 0 and "elke uitkomstmaat is gelijk aan wat bewaard is" in out
    assert english_in(f"{out} {err}", "Small", "letter", "│ reached", "│ joins") == []


def test_plan_run_status_replay(run):
    code, out, _ = run("plan", "study.toml", "--out", "results", "--no-probe")
    assert (code, "wom-sim sweep run study.toml --out results" in out) == (0, True)
    assert Path("results/design.csv").read_text() == "point,choose.limit\n0,5\n1,10\n"
    code, out, _ = run("status", "results")
    assert (code, out.splitlines()[0]) == (0, "small: 8 runs for 8 rows: 0 done, 0 failed, 8 to do")
    code, _, err = run("run", "study.toml", "--out", "results", "--workers", "2")
    assert code == 0
    assert "8 runs to do in 2 threads, about " in err
    assert "8 runs done; the table: results/table.parquet, .csv" in err
    table = pd.read_csv("results/table.csv")
    assert list(table.columns) == ["point", "policy", "replication", "choose.limit", "net_value", "reached"]
    order = table[["point", "policy", "replication"]].apply(tuple, axis=1).tolist()
    assert order == [(p, name, r) for p in (0, 1) for name in ("letter", "exit") for r in (0, 1)]
    code, out, _ = run("status", "results", "--json")
    found = json.loads(out)
    assert (code, found["counts"]["done"], found["running"], found["has_table"]) == (0, 8, False, True)
    code, out, _ = run("replay", "1/exit/1", "--in", "results", "--out", "again")
    assert code == 0
    assert "every indicator equals what is stored" in out
    assert {f.name for f in Path("again").iterdir()} == {"events.parquet", "daily.parquet", "scenario.toml", "run.json"}
    code, out, _ = run("plan", "study.toml", "--out", "results", "--dry-run")
    assert (code, out.splitlines()[1]) == (0, "8 runs, 8 done, 0 failed, 0 to do")


@pytest.mark.science
def test_all_is_held_against_the_policy_that_is_asked_for(run):
    assert run("run", "study.toml", "--out", "results")[0] == 0
    for asked, pairs in (
        ((), {("letter", "keep"), ("exit", "keep"), ("exit", "letter")}),
        (("--reference", "exit"), {("letter", "exit")}),
    ):
        code, out, err = run("analyse", "results", *asked)
        assert (code, "results/analysis/points.csv" in out) == (0, True)
        assert "where a map crosses zero" in err
        points = pd.read_csv("results/analysis/points.csv")
        assert set(zip(points["policy"], points["against"], strict=True)) == pairs
    code, _, err = run("analyse", "results", "--reference", "leter")
    assert (code, "reference: given 'leter', allowed: keep, letter, exit" in err) == (4, True)


@pytest.mark.science
def test_shards_are_merged(run):
    Path("study.toml").write_text(STUDY.replace("replications = 2", "replications = 8"))  # both shards have some
    for number in (1, 2):
        assert run("run", "study.toml", "--out", f"shard{number}", "--shard", f"{number}/2")[0] == 0
    code, _, err = run("analyse", "shard1")
    assert (code, "shard1 is shard 1/2: the other runs are missing" in err) == (0, True)
    code, _, err = run("merge", "shard1", "--out", "whole")
    assert (code, "wom-sim sweep run whole/study.toml --out whole" in err) == (0, True)
    assert run("merge", "shard2", "--out", "whole")[0] == 0
    assert run("run", "study.toml", "--out", "one")[0] == 0
    assert Path("whole/table.parquet").read_bytes() == Path("one/table.parquet").read_bytes()


def test_a_shard_into_which_no_run_fell_is_sent_to_the_others(run):
    """Which shard a run belongs to hangs on its key alone: of nine shards eight runs leave one empty."""
    for number in range(1, 10):
        assert run("run", "study.toml", "--out", "part", "--shard", f"{number}/9")[0] == 0
        if pd.read_csv("part/table.csv").empty:
            break
        shutil.rmtree("part")
    code, _, err = run("analyse", "part")
    assert (code, "merge this shard with the others" in err) == (4, True)


def test_failed_runs_end_with_code_3(run):
    Path("study.toml").write_text(STUDY + '[[factors]]\nkey = "policies.letter.notice_days"\nvalues = [-1]\n')
    code, _, err = run("run", "study.toml", "--out", "results")
    assert code == 4, "values that do not fit are found before anything runs"
    assert "study.toml:10: policies.letter.notice_days: given -1, allowed: at least 0" in err
    assert not Path("results").exists()
    Path("scenario.toml").write_text(SCENARIO + "[policies.choose]\nids = [3, 3]\n")  # found out when it is carried out
    Path("study.toml").write_text(STUDY)
    code, _, err = run("run", "study.toml", "--out", "results")
    assert code == 3
    assert "4 of 8 runs failed" in err
    listed = pd.read_csv("results/failures.csv")
    assert set(listed["error"]) == {"ValueError: choose.ids: a customer is named twice"}
    code, out, _ = run("status", "results", "--failures")
    assert (code, "Traceback" in out) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "nosuch.toml", "--out", "x"), "nosuch.toml: no such file"),
        (("run", "scenario.toml", "--out", "x"), "scenario.toml:1: scenario: missing"),
        (("run", "study.toml", "--out", "study.toml"), "--out: given study.toml, which is a file; allowed: a folder"),
        (("run", "study.toml", "--out", "x", "--shard", "3"), "--shard: given 3, allowed: I/N"),
        (("run", "study.toml", "--out", "x", "--dask", "here"), "--dask: given here, allowed: a scheduler's address"),
        (("run", "study.toml", "--out", "x", "--threads", "--processes"), "allowed: one of them"),
        (("status", "."), "is no folder of a study"),
        (("replay", "1/exit/1", "--in", "."), "is no folder of a study"),
        (("merge", "nowhere", "--out", "x"), "nowhere is no folder of a study"),
        (("analyse", "."), "has no table.parquet"),
        (("plan", "wrong.toml", "--out", "x"), "wrong.toml:7: reference: given 'leter', allowed: keep, letter, exit"),
    ],
)
def test_nonsense_ends_with_a_word_and_code_4(run, arguments, said):
    code, out, err = run(*arguments)
    assert said in err
    assert code == 4
    assert "Traceback" not in out + err
    assert not Path("x").exists()


def test_folders_of_other_studies_are_not_merged(run):
    assert run("run", "study.toml", "--out", "one")[0] == 0
    Path("study.toml").write_text(STUDY.replace("seed = 3", "seed = 4"))
    assert run("run", "study.toml", "--out", "two")[0] == 0
    code, _, err = run("merge", "one", "two", "--out", "both")
    assert (code, "has 8 runs, and none of this study" in err) == (4, True)
    assert not Path("both").exists()
