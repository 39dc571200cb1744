"""What comes with the program: listed, shown, extended, copied into a file of one's own, and run as the demo."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from wom_sim import _builtin
from wom_sim.scenario import ScenarioError, fingerprint, load_scenario
from wom_sim.scenario.builtin_copy import own_copy
from wom_sim.scenario.presets import preset_names

ROOT = Path(__file__).parents[2]
SCENARIOS = _builtin.files("scenarios")
STUDY_OF = """
name = "one day or twenty"
question = "Does the pace matter?"
scenario = "builtin:{}"
replications = 1
[design]
kind = "grid"
[[factors]]
key = "policies.bulk letter.per_day"
values = [0, 4]
"""


@pytest.fixture(autouse=True)
def _in_an_empty_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


def test_every_file_of_the_folders_is_there_by_its_name():
    for kind, suffix in (("scenarios", ".toml"), ("examples", ".ipynb")):
        there = {file.relative_to(ROOT / kind).as_posix() for file in (ROOT / kind).rglob(f"*{suffix}")}
        assert {f"{name}{suffix}" for name in _builtin.files(kind)} == there
    assert {"studies", "scaling", "worlds", "trades"} < set(_builtin.files("docs"))


def test_no_two_things_have_the_same_name():
    books, scenarios, trades = set(_builtin.files("examples")), set(SCENARIOS), set(preset_names())
    assert len(books | scenarios | trades) == len(books) + len(scenarios) + len(trades)


def test_what_is_in_an_installed_package_goes_before_folders_beside_it(tmp_path, monkeypatch):
    """Another package may have put a folder called docs beside this one."""
    for folder, text in (("wom_sim/builtin/docs", "# Ours"), ("docs", "# Theirs")):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "PAGE.md").write_text(text)
    monkeypatch.setattr(_builtin, "_PACKAGE", tmp_path / "wom_sim")
    assert _builtin.files("docs")["page"].read_text() == "# Ours"


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_by_name_is_that_of_its_file(name):
    assert load_scenario(f"builtin:{name}") == load_scenario(SCENARIOS[name])


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_scenario_reads_a_file_that_would_have_to_come_with_it(name):
    assert load_scenario(f"builtin:{name}").network.kind != "file"


def test_extending_one_by_name_is_extending_its_file(tmp_path):
    own = 'extends = "{}"\nname = "Mine"\n[[policies]]\nname = "bulk letter"\nexplanation = 1.0\n'
    by_name, by_file = tmp_path / "by_name.toml", tmp_path / "by_file.toml"
    by_name.write_text(own.format("builtin:sprint_2007"))
    by_file.write_text(own.format(SCENARIOS["sprint_2007"].as_posix()))
    assert load_scenario(by_name) == load_scenario(by_file)
    assert fingerprint(load_scenario(by_name)) == fingerprint(load_scenario(by_file))
    assert "population.customers" in load_scenario(by_name).worlds.known, "what a scenario says was stated"


def test_a_scenario_that_extends_itself_by_name_is_told(tmp_path, monkeypatch):
    file = tmp_path / "round.toml"
    file.write_text('extends = "builtin:round"\nname = "Round"\n')
    monkeypatch.setattr(_builtin, "files", lambda kind: {"round": file})
    with pytest.raises(ScenarioError, match=r"in a circle: round\.toml -> round\.toml"):
        load_scenario("builtin:round")


@pytest.mark.parametrize("called", ["builtin:sprint_2007.toml", "builtin:../scenarios/sprint_2007", "builtin:Sprint"])
def test_a_name_is_no_path(called):
    with pytest.raises(ScenarioError, match=r"no preset .*, and what wom-sim show scenarios lists"):
        load_scenario(called)


def test_a_name_that_is_nearly_right_is_suggested(command):
    code, _, err = command("validate", "builtin:sprint_207")
    assert code == 4
    assert "did you mean 'builtin:sprint_2007'?" in err


def test_a_study_may_name_one(tmp_path):
    from wom_sim.study.loading import load_study

    file = tmp_path / "study.toml"
    file.write_text(STUDY_OF.format("first_look"))
    assert load_study(file).scenario.population.customers == 50_000
    file.write_text(STUDY_OF.format("first_lok"))
    with pytest.raises(ScenarioError, match="did you mean 'builtin:first_look'"):
        load_study(file)


def test_scenarios_are_listed_with_their_question(command):
    code, out, _ = command("show", "scenarios", "--json")
    assert code == 0
    entries = {entry["name"]: entry for entry in json.loads(out)}
    assert list(entries) == list(SCENARIOS)
    said = tomllib.loads((ROOT / "scenarios" / "first_look.toml").read_text())
    assert (entries["first_look"]["title"], entries["first_look"]["summary"]) == (said["name"], said["question"])
    code, out, _ = command("show", "scenarios", "--match", "first look")
    assert "first_look" in out and "sprint_2007" not in out
    assert "wom-sim new --from first_look" in out


@pytest.mark.parametrize("kind", ["scenarios", "examples", "docs"])
def test_every_one_says_what_it_is(command, kind):
    code, out, _ = command("show", kind, "--json")
    assert code == 0
    for entry in json.loads(out):
        assert len(entry["title"]) > 2 and Path(entry["file"]).is_file(), entry["name"]


@pytest.mark.parametrize("called", ["first_look", "builtin:first_look"])
def test_the_text_of_a_scenario_is_shown(command, called):
    code, out, _ = command("show", "scenarios", called)
    assert (code, out) == (0, SCENARIOS["first_look"].read_text())


@pytest.mark.parametrize("called", ["scaling", "SCALING"])
def test_a_page_is_shown(command, called):
    code, out, _ = command("show", "docs", called)
    assert (code, out) == (0, (ROOT / "docs" / "SCALING.md").read_text())


@pytest.mark.parametrize(
    ("called", "begins", "holds", "without"),
    [
        ("evidence 12", "## 12. Numbers for each way", "| letter in bulk (Sprint) | .8 |", "## 14."),
        ("EVIDENCE 14", "## 14. Where sources disagree", "ABN's earlier case", "| letter in bulk"),
        ("EVIDENCE 3", "## 3. Word of mouth", "### 3.2 The NPV of bad news", "## 4."),
        ("EVIDENCE2 6", "## 6. Warn, moderate", "80 % moderated", "## 7."),
        ("model 5.1", "### 5.1 Being let go", "| an e-mail | .1 |", "### 5.2"),
    ],
)
def test_a_section_that_a_source_cites_is_shown(command, called, begins, holds, without):
    code, out, _ = command("show", "docs", called)
    assert code == 0
    assert out.startswith(begins) and holds in out and without not in out


def test_a_section_that_is_not_there_is_told(command):
    code, out, err = command("show", "docs", "evidence 13")
    assert (code, out) == (4, "")
    assert err.startswith("wom-sim: show docs: given section '13' of evidence, allowed: 0, 1, 2, 3, 3.1, 3.2, 4,")
    code, _, err = command("show", "docs", "scaling 1")
    assert (code, err) == (
        4, "wom-sim: show docs: given section '1' of scaling, allowed: none, as those of scaling have no numbers\n",
    )  # fmt: skip


def test_below_the_parameters_stands_how_to_read_a_source(command):
    code, out, _ = command("show", "parameters", "--match", "severity.nudge")
    assert code == 0
    assert "EVIDENCE 12" in out and out.endswith('says: wom-sim show docs "evidence 12"\n')


def test_what_cannot_be_shown_is_told(command):
    code, _, err = command("show", "docs", "scalling")
    assert (code, err) == (
        4,
        "wom-sim: show docs: given 'scalling', allowed: what wom-sim show docs lists; did you mean 'scaling'?\n",
    )
    code, _, err = command("show", "examples", "01_compare_and_decide")
    assert code == 4 and "show examples: given 01_compare_and_decide" in err
    code, _, err = command("show", "docs", "--out", "x.csv")
    assert code == 4 and "show docs: given --out" in err


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_copy_says_the_same_in_any_folder(tmp_path, name):
    target, text = own_copy(name, tmp_path / "mine.toml")
    target.write_text(text)
    assert load_scenario(target) == load_scenario(f"builtin:{name}")
    comments = "\n".join(line for line in text.splitlines() if line.startswith("#"))
    assert not re.search(r"docs/|scenarios/|\.\./", comments), "what is not there in another folder"
    original = SCENARIOS[name].read_text().splitlines()
    assert text.count("#") >= sum(line.count("#") for line in original if not line.startswith("#:")), "comments stay"


@pytest.mark.parametrize("name", preset_names())
def test_a_copy_of_a_trade_is_a_firm_that_extends_it(tmp_path, name):
    target, text = own_copy(f"builtin:{name}", tmp_path / "mine.toml")
    target.write_text(text)
    mine, usual = load_scenario(target), load_scenario(f"builtin:{name}")
    assert mine.population == usual.population
    assert [policy.name for policy in mine.policies] == [policy.name for policy in usual.policies]
    assert f'extends = "builtin:{name}"' in text
    assert "population.customers" in mine.worlds.known


def test_new_writes_a_file_named_as_what_it_comes_from(command):
    code, out, err = command("new", "--from", "cases/best_buy_2003")
    assert (code, out, err) == (0, "Written: best_buy_2003.toml; next: wom-sim validate best_buy_2003.toml\n", "")
    assert command("validate", "best_buy_2003.toml")[0] == 0


def test_new_takes_a_name_and_says_it_in_the_comments(command):
    code, out, _ = command("new", "mine.toml", "--from", "builtin:first_look")
    assert code == 0 and "wom-sim validate mine.toml" in out
    assert "wom-sim compare mine.toml --set population.customers=3000" in Path("mine.toml").read_text()


def test_new_copies_a_notebook_as_it_is(command):
    assert command("new", "--from", "03_report_and_deck")[0] == 0
    assert Path("03_report_and_deck.ipynb").read_text() == (ROOT / "examples/03_report_and_deck.ipynb").read_text()


def test_new_overwrites_nothing(command):
    Path("first_look.toml").write_text("mine")
    code, out, err = command("new", "--from", "first_look")
    assert (code, out) == (4, "")
    assert err == "wom-sim: first_look.toml is there already and stays as it is; allowed: another name\n"
    assert Path("first_look.toml").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from", "sprint_207"), "--from: given 'sprint_207', allowed: .*; did you mean 'sprint_2007'"),
        (("--from", "../sprint_2007"), "--from: given '../sprint_2007', allowed: what wom-sim show scenarios"),
        (("--from", ""), "--from: given '', allowed"),
        (("nosuch/mine.toml", "--from", "bank"), "nosuch/mine.toml cannot be written: No such file"),
        ((".", "--from", "bank"), "is there already"),
    ],
)
def test_new_tells_what_cannot_be(command, arguments, said):
    code, out, err = command("new", *arguments)
    assert (code, out) == (4, "")
    assert re.search(said, err) and len(err.splitlines()) == 1
    assert not list(Path().iterdir())


def test_demo_is_the_comparison_that_it_says_it_is(command, monkeypatch):
    import wom_sim.cli.compare

    asked = []
    monkeypatch.setattr(wom_sim.cli.compare, "compare", lambda *given, **named: asked.append((given, named)))
    assert command("demo")[0] == command("demo", "--out", "here")[0] == 0
    same = {"fit_memory": True, "overwrite": True}
    assert asked == [
        (("builtin:sprint_2007",), {"out": Path("results/sprint_2007"), **same}),
        (("builtin:sprint_2007",), {"out": Path("here"), **same}),
    ]


def test_messages_and_help_point_at_nothing_that_only_a_checkout_has():
    """Pages are named by the command that shows them; scenarios with builtin: in front."""
    told = re.compile(r"docs/[A-Z]+\.md|scenarios/\w+\.toml|\bmake [a-z]+\b(?=`)|README")
    for file in (ROOT / "wom_sim").rglob("*.py"):
        text = re.sub(r'"""[\s\S]*?"""', "", file.read_text())
        lines = [line.partition("  #")[0] for line in text.splitlines() if not line.lstrip().startswith("#")]
        said = "\n".join(lines).replace('"README.md"', "")  # a replication package has one of its own
        assert not told.search(said), file
    pages = re.findall(r"wom-sim show docs (?:\" ?f?\"? ?)?(\w+)", "".join(
        re.sub(r'"\n\s*f?"', "", file.read_text()) for file in (ROOT / "wom_sim").rglob("*.py")
    ))  # fmt: skip
    assert len(pages) >= 5
    assert set(pages) <= set(_builtin.files("docs"))
