"""Runs that the page asks for: the same figures as elsewhere, a few first, kept, stopped, asked about, taken away."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile

import pytest
from patience import PATIENCE, wait_for

NOTICE = 'policies."bulk letter".notice_days'


def of(events, kind):
    return [event for event in events if event["event"] == kind]


@pytest.mark.science
def test_a_few_runs_are_shown_first_then_all_and_what_is_shown_is_told_in_order(page):
    events = page.run(f"{NOTICE}=41")
    told = [(event["event"], event.get("pale")) for event in events if event["event"] != "progress"]
    assert told[0] == ("figures", True) and told[-1] == ("done", None)
    after = told[told.index(("figures", False)) :]  # a slow machine shows charts of the first few as well
    assert [kind for kind, _ in after if kind != "map"] == ["figures", "chart", "chart", "chart", "done"]
    assert [event["runs"] for event in of(events, "figures")] == [4, 20]
    assert [event["pale"] for event in of(events, "figures")] == [True, False]
    assert [event["name"] for event in of(events, "chart")][-3:] == ["paired", "departures", "ledger"]
    assert all(event["uri"].startswith("data:image/svg+xml;base64,") and event["alt"] for event in of(events, "chart"))


def test_page_compare_and_report_say_the_same(page, tmp_path):
    changes = [f"{NOTICE}=60", "money.cost_per_call=11"]
    told = of(page.run(*changes), "figures")[-1]
    out = tmp_path / "out"
    options = [part for change in changes for part in ("--set", change)]
    command = [sys.executable, "-m", "wom_sim", "compare", str(page.file), "--replications", "20", *options]
    subprocess.run([*command, "--out", str(out)], check=True, capture_output=True)
    from wom_sim.present.publish import page_of, read_results
    from wom_sim.present.story import Story
    from wom_sim.present.tables import key_figures
    from wom_sim.scenario.evidence import unmeasured
    from wom_sim.words import Words

    found = read_results(out)
    story = Story(found, Words("en"), unmeasured(found.scenario))
    assert told["verdict"] == story.verdict() and told["headline"] == story.headline()
    table = key_figures(story)
    for policy, row in zip(told["policies"], table.rows, strict=True):
        assert policy["title"] == row[0].text
        shown = [tuple(policy["figures"][name].values()) for name in ("net_value", "lost_profitable")]
        assert shown == [(cell.text, cell.below) for cell in row[1:3]]
        assert tuple(policy["figures"]["national_coverage"].values()) == (row[5].text, row[5].below)
    kept = page.folder / "results" / told["key"]
    for name in ("summary.csv", "differences.csv", "months.csv", "risk.csv", "replications.parquet"):
        assert (kept / name).read_bytes() == (out / name).read_bytes(), name
    from html import escape

    assert escape(told["headline"]) in page_of(out).replace("\u00a0", " ") or told["headline"] in page_of(out)


def test_going_back_is_instant_and_says_the_same(page):
    first = page.run(f"{NOTICE}=45")
    begun = page.begun(f"{NOTICE}=45")
    assert begun["cached"]
    again = page.events(begun["job"])
    assert not of(again, "progress"), "no run is made"
    assert of(again, "figures") == [{k: v for k, v in of(first, "figures")[-1].items() if k != "number"}]


def test_another_language_needs_no_runs(page):
    page.run(f"{NOTICE}=45")
    dutch = page.run(f"{NOTICE}=45", lang="nl")
    assert not of(dutch, "progress") and "doorrekeningen" in " ".join(of(dutch, "figures")[-1]["verdict"])


@pytest.mark.science
def test_more_runs_are_added_to_those_that_are_there(page):
    page.run(f"{NOTICE}=46")
    events = page.run(f"{NOTICE}=46", runs=30, confirmed=True)
    assert of(events, "progress")[-1]["total"] == 30  # of three policies, ten more
    assert of(events, "figures")[-1]["runs"] == 30


@pytest.mark.science
def test_a_newer_change_of_the_same_page_stops_the_one_before(page):
    older = page.begun(f"{NOTICE}=51", "population.customers=90000", runs=400, confirmed=True)
    newer = page.run(f"{NOTICE}=52")
    assert of(newer, "done")
    ends = page.events(older["job"])
    assert ends[-1]["event"] == "stopped" and not of(ends, "done")


@pytest.mark.science
def test_a_child_that_does_not_stop_is_killed_and_another_takes_its_place(page):
    begun = page.begun(f"{NOTICE}=55", "population.customers=3000000", runs=8, confirmed=True)
    page.events(begun["job"], until="progress")
    before = set(page.children())
    page.post("api/stop", job=begun["job"])
    assert wait_for(lambda: not before & set(page.children()))
    assert of(page.run(f"{NOTICE}=56"), "done")


def test_what_takes_long_is_asked_about_first(page):
    events = page.run(f"{NOTICE}=57", "population.customers=40000000", confirmed=False)
    assert events[-1]["event"] in ("ask", "refused")  # a small computer has not the memory
    assert "about" in events[-1]["text"] or "memory" in events[-1]["text"]


def test_too_little_memory_is_refused_in_the_words_of_the_command(page):
    events = page.run("population.customers=499000000", confirmed=True)
    assert events[-1]["event"] == "refused" and "not enough memory" in events[-1]["text"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (f"{NOTICE}=-4", "given -4, allowed: at least 0 and at most 3650"),
        ("choose.limit=1.5", "choose.limit: given 1.5"),
    ],
)
def test_a_wrong_value_is_refused_as_validate_does(page, change, said):
    answer = page.post("api/run", state=page.state(change))
    assert answer.status_code == 422 and said in answer.json()["faults"][0]["text"]
    code = subprocess.run(
        [sys.executable, "-m", "wom_sim", "validate", str(page.file), "--set", change], capture_output=True, text=True
    )
    assert code.returncode == 4 and answer.json()["faults"][0]["text"] in code.stderr + code.stdout


@pytest.mark.science
def test_two_pinned_states_differ_by_what_was_changed(page):
    keys = [of(page.run(f"{NOTICE}={days}"), "figures")[-1]["key"] for days in (45, 5)]
    told = page.events(page.post("api/pinned", keys=keys).json()["job"])[-1]
    assert told["event"] == "pinned" and told["runs"] == 20
    import pandas as pd

    runs = [pd.read_parquet(page.folder / "results" / key / "replications.parquet") for key in keys]
    for row, policy in zip(told["rows"], ("bulk letter", "paid exit"), strict=True):
        sides = [each[each["policy"] == policy].set_index("replication")["net_value"] for each in runs]
        assert row["cells"][0]["mean"] == pytest.approx(float((sides[0] - sides[1]).mean()))
    assert told["rows"][1]["cells"][0]["mean"] == 0.0  # nothing was changed in it


def test_what_is_taken_away_can_be_used(page, tmp_path):
    state = page.state(f"{NOTICE}=45")
    key = of(page.run(f"{NOTICE}=45"), "figures")[-1]["key"]
    found = {}
    for kind in ("scenario", "report", "workbook", "picture", "frozen", "deck"):
        begun = page.post("api/export", kind=kind, state=state).json()
        assert page.events(begun["job"])[-1]["event"] == "exported", kind
        answer = page.client.get(page.root + begun["file"])
        assert answer.status_code == 200 and "attachment" in answer.headers["content-disposition"]
        found[kind] = answer.content
    own = tmp_path / "own.toml"
    own.write_bytes(found["scenario"])
    from wom_sim.app.state import key_of
    from wom_sim.scenario import load_scenario

    assert key_of(load_scenario(own)) == key
    assert found["picture"].startswith(b"\x89PNG") and b"<script" not in found["frozen"] + found["report"]
    assert zipfile.ZipFile(io.BytesIO(found["deck"])).namelist()
    from wom_sim.present.result_folder import read
    from wom_sim.present.workbook import workbook

    assert found["workbook"] == workbook(read(page.folder / "results" / key))  # the one of the command line


@pytest.mark.science
def test_a_policy_can_be_added_and_removed(page):
    query = page.post("api/policies", state=page.state(f"{NOTICE}=45"), add="case_by_case").json()["query"]
    text = page.client.get(f"{page.root}whatif?{query}").text
    assert text.count('<article class="column"') == 3 and 'value="45"' in text
    from urllib.parse import parse_qsl

    changes = [value for name, value in parse_qsl(query) if name == "set"]
    assert [policy["name"] for policy in of(page.run(*changes), "figures")[-1]["policies"]][-1] == "case by case"
    gone = page.post("api/policies", state=page.state(*changes), drop="bulk letter").json()["query"]
    assert "bulk+letter" not in gone
    assert page.post("api/policies", state=page.state(*changes), drop="no such").status_code == 422


def test_a_scenario_of_ones_own_and_answers_are_kept(page):
    text = page.file.read_text(encoding="utf-8").replace("Small town", "Own town")
    made = page.post("api/scenario", text=text, lang="nl").json()["query"]
    assert made == "base=own_town&lang=nl" and page.client.get(f"{page.root}whatif?{made}").status_code == 200
    bad = page.post("api/scenario", text=text.replace("customers = 4_000", "custmers = 4_000"))
    assert bad.status_code == 422 and "did you mean 'customers'?" in json.dumps(bad.json())
    assert str(page.folder) not in bad.text
    answers = {"population.customers": "5000", "choose.limit": "10"}
    new = page.post("api/new", name="Our bank", trade="bank", answers=answers, ways="letter, pay", payment="100")
    assert new.json()["query"] == "base=our_bank&lang=en"
    wrong = page.post(
        "api/new", name="", trade="bank", answers={"population.customers": "many"}, ways="fax", payment="x"
    )
    assert {fault["key"] for fault in wrong.json()["faults"]} == {
        "population.customers", "choose.limit", "ways", "payment", "name",
    }  # fmt: skip


@pytest.mark.science
def test_the_trail_is_there_after_a_restart(page, tmp_path):
    from served_page import Page, end, httpx, serve

    page.run(f"{NOTICE}=45")
    process, (root,) = serve(page.folder, str(page.file))
    with httpx.Client(timeout=PATIENCE) as client:
        again = Page(root, page.folder, page.file, process, client)
        entries = client.get(f"{root}api/trail").json()
        assert entries[0]["title"] == "Bulk letter: days of notice 45"
        assert again.begun(f"{NOTICE}=45")["cached"]
        assert client.get(page.root.replace(page.root.split("/t/")[0], root.split("/t/")[0])).status_code == 404
    assert end(process) == 0
    assert not [pid for pid in again.children()] if process.poll() is None else True
