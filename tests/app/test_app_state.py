"""What an address says, what can be moved, which files a scenario may name, and the settings of a team."""

from __future__ import annotations

import shlex

import pytest

pytest.importorskip("starlette")

from wom_sim.app import levers
from wom_sim.app.folder import Folder
from wom_sim.app.levers import FIRST, MOST_IN_SIGHT, OF_ALL, controls
from wom_sim.app.making import made_from_answers, with_column, without_column
from wom_sim.app.settings import team
from wom_sim.app.state import State, key_of, state_in, state_of
from wom_sim.app.trail import MOST, Trail
from wom_sim.policies import POLICIES, heeds
from wom_sim.scenario import ScenarioError, load_scenario
from wom_sim.scenario.questions import QUESTIONS, WAYS
from wom_sim.words import LANGUAGES, Words, catalogue

BASE = "builtin:first_look"
NOTICE = 'policies."bulk letter".notice_days'


def controls_of(*changes, lang="en"):
    return controls(load_scenario(BASE, changes), load_scenario(BASE), Words(lang))


def test_an_address_comes_back_as_the_state_that_it_says():
    from urllib.parse import parse_qsl

    state = State("builtin:first_look", (f"{NOTICE}=60", "choose.limit=30"), 60, "nl")
    assert state_in(parse_qsl(state.query())) == state
    assert state_in([("base", "x")]) == State("x")


def test_a_key_is_changed_once_and_taken_back():
    state = State("x").changed("a", "1").changed("b", "2").changed("a", "3")
    assert state.changes == ("b=2", "a=3") and state.changed("a", None).changes == ("b=2",)


def test_the_command_says_the_same_as_the_state():
    parts = shlex.split(State(BASE, (f"{NOTICE}=60",), 30).command(BASE))
    assert parts[:5] == ["wom-sim", "compare", BASE, "--replications", "30"]
    assert parts[parts.index("--set") + 1] == f"{NOTICE}=60"


@pytest.mark.parametrize(
    "given",
    [
        None, [], {"base": 1}, {"base": ""}, {"base": "x", "set": "a=1"}, {"base": "x", "set": [1]},
        {"base": "x", "set": ["a"] * 500}, {"base": "x", "runs": 0}, {"base": "x", "runs": True},
        {"base": "x", "runs": "20"}, {"base": "x", "lang": "xx"},
    ],
)  # fmt: skip
def test_what_is_no_state_is_refused(given):
    with pytest.raises(ScenarioError, match="allowed: "):
        state_of(given)


def test_a_key_stands_for_what_is_simulated_however_often():
    one, other = load_scenario(BASE), load_scenario(BASE, ["run.replications=7"])
    assert key_of(one) == key_of(other) != key_of(load_scenario(BASE, ["choose.limit=59"]))


def test_at_most_eight_levers_are_in_sight_and_each_is_heeded():
    for use in POLICIES:
        if use == "keep":
            continue
        scenario = load_scenario(BASE, [f'policies=[{{name = "it", use = "{use}"}}]'])
        found = controls(scenario, scenario, Words("en"))
        names = [control.key.rpartition(".")[2] for control in found.policies["it"]]
        assert len(names) == len(set(names)) and all(heeds(use, name) for name in names), use
        assert len(found.of_all) + MOST_IN_SIGHT <= 8
    assert {*OF_ALL, *FIRST} == {
        "choose.limit", "choose.by", "per_day", "notice_days", "payment", "fee_waived", "framing", "explanation",
    }  # fmt: skip


def test_a_control_has_value_default_range_and_unit():
    found = {control.key: control for control in controls_of(f"{NOTICE}=60")}
    notice = found[NOTICE]
    assert (notice.value, notice.default, notice.low, notice.high, notice.unit) == (60, 30, 0.0, 90.0, "")
    payment = found['policies."paid exit".payment']
    assert payment.value == payment.default == 200 and payment.high == 300.0 and payment.unit == "USD"
    unknown = found["behaviour.leaving.household_follows"]
    assert (unknown.low, unknown.high) == (0.2, 0.65) and "Plausible from 0.2 to 0.65" in unknown.note


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_control_can_be_set_to_what_its_slider_gives(lang):
    for control in controls_of(lang=lang):
        ends = [control.low, control.high] if control.kind == "number" else []
        for value in ends:
            typed = int(value) if float(value).is_integer() else value
            load_scenario(BASE, [f"{control.key}={typed}"])
        assert control.label and (control.kind != "choice" or control.value in dict(control.choices))


def test_a_slider_has_about_a_hundred_steps():
    for control in controls_of():
        if control.kind == "number":
            assert 20 <= (control.high - control.low) / control.step <= 150 or control.step == 1.0, control


def test_policies_more_and_less_keep_what_was_set():
    scenario = load_scenario(BASE, [f"{NOTICE}=60"])
    held = levers.policies_as_data(scenario)
    more = with_column(State(BASE, (f"{NOTICE}=60", "choose.limit=5")), held, "bulk_letter")
    assert more.changes[1:] == ("choose.limit=5",)
    made = load_scenario(BASE, more.changes)
    assert [p.name for p in made.policies][-1] == "bulk letter 2" and made.policies[0].notice_days == 60
    fewer = without_column(more, levers.policies_as_data(made), "case by case")
    assert [p.name for p in load_scenario(BASE, fewer.changes).policies] == [
        "bulk letter",
        "paid exit",
        "bulk letter 2",
    ]


def test_questions_and_ways_are_those_of_the_command():
    assert {q.place: q.words for q in QUESTIONS} == {
        key.removeprefix("app.question."): text
        for key, text in catalogue("en").items()
        if key.startswith("app.question.")
    }
    assert all(f"app.way.{way}" in catalogue("nl") for way in WAYS)


def test_a_trail_keeps_the_latest_first_and_outlives_a_spoilt_file(tmp_path):
    trail = Trail(tmp_path, "ada")
    for number in range(MOST + 5):
        trail.add(f"base={number}", "key", "title", "headline")
    trail.add("base=7", "key", "again", "headline")
    entries = Trail(tmp_path, "ada").entries()
    assert [entry["query"] for entry in entries[:2]] == ["base=7", f"base={MOST + 4}"] and len(entries) == MOST
    assert Trail(tmp_path, "bob").entries() == []
    (tmp_path / "trail" / "ada.json").write_text("[{", encoding="utf-8")
    assert trail.entries() == []


def test_a_trail_of_another_scenario_is_not_offered(tmp_path):
    trail = Trail(tmp_path, "ada")
    trail.add("base=given&lang=en", "a", "one", "headline", "/one.toml")
    trail.add("base=given&lang=nl", "b", "other", "headline", "/other.toml")
    trail.add("base=own&lang=nl", "c", "own", "headline")
    assert [entry["title"] for entry in trail.of("/one.toml")] == ["own", "one"]
    assert [entry["title"] for entry in trail.of(None)] == ["own"]


def test_an_imported_base_stands_in_for_answers(tmp_path, command):
    table = tmp_path / "customers.csv"
    rows = "".join(f"C{number:04d},{20 + number % 40},{number % 5}\n" for number in range(400))
    table.write_text(f"id,revenue,calls\n{rows}", encoding="utf-8")
    assert command("import", table, "--out", tmp_path / "kept" / "bases" / "firm")[0] == 0
    folder = Folder(tmp_path / "kept")
    asked = {"name": "Own people", "trade": "bank", "customers": "firm", "answers": {"choose.limit": "9"}}
    made = folder.file_of(made_from_answers(asked, folder))
    scenario = load_scenario(made)
    assert scenario.population.customers == 400 and scenario.choose.limit == 9
    keys = [control.key for control in controls(scenario, scenario, Words("en")).money]
    assert not [key for key in keys if key.startswith("population.")]
    with pytest.raises(ScenarioError, match="given 'other', allowed: firm"):
        made_from_answers({**asked, "customers": "other"}, folder)


def test_only_scenarios_of_the_folder_and_of_the_program_are_opened(tmp_path):
    folder = Folder(tmp_path, "somewhere/own.toml")
    assert folder.file_of("given") == "somewhere/own.toml" and folder.file_of(BASE) == BASE
    name = folder.keep("Größe & Co", "name = 'x'")
    assert name == "groe_co" or name == "grosse_co" or name.endswith("co")
    assert folder.keep("Größe & Co", "name = 'y'") == f"{name}_2"
    assert folder.file_of(name).endswith(f"{name}.toml")
    for wrong in ("../own", "builtin:../x", "/etc/passwd", "own.toml", ""):
        with pytest.raises(ScenarioError, match="a scenario of the list"):
            folder.file_of(wrong)


TEAM = """
address = "https://what-if.example.com"
port = 8765
at_once = 2
[[users]]
name = "ada"
token = "ada-has-a-token-of-her-own"
[[users]]
name = "bob"
token = "bob-has-a-token-of-his-own"
"""


def test_settings_of_a_team(tmp_path):
    file = tmp_path / "team.toml"
    file.write_text(TEAM, encoding="utf-8")
    found = team(file, None)
    assert found.at_once == 2 and "what-if.example.com" in found.hosts and "127.0.0.1:8765" in found.hosts
    assert "https://what-if.example.com" in found.origins and "null" not in found.origins
    assert found.addresses()["ada"] == "https://what-if.example.com/t/ada-has-a-token-of-her-own/"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("ada-has-a-token-of-her-own", "short"), "at least 20 letters"),
        (("bob-has-a-token-of-his-own", "ada-has-a-token-of-her-own"), "a token of one's own"),
        (('"ada"', '"../ada"'), "small letters, digits"), (("at_once = 2", "at_once = 0"), "from 1 to 64"),
        (("https://what", "ftp://what"), "an address such as"), (("port = 8765", "prot = 8765"), "one of address"),
        (("[[users]]", "[[user]]"), "one of address"), (("port = 8765", "port = "), "not TOML"),
    ],
)  # fmt: skip
def test_wrong_settings_of_a_team_are_told(tmp_path, change, said):
    file = tmp_path / "team.toml"
    file.write_text(TEAM.replace(*change), encoding="utf-8")
    with pytest.raises(ScenarioError, match=said):
        team(file, None)
