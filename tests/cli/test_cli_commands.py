"""The commands as a user types them."""

import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import wom_sim.cli.assembly
import wom_sim.scenario.loading
from wom_sim import __version__
from wom_sim.cli import main

ROOT = Path(__file__).parents[2]
FIRST = "scenarios/first_look.toml"


@pytest.fixture
def run(capsys, monkeypatch):
    """Run a command in the repository's folder; return exit code, output, errors."""
    monkeypatch.chdir(ROOT)

    def command(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        printed = capsys.readouterr()
        return ended.value.code or 0, printed.out, printed.err

    return command


def test_validate_says_name_people_policies(run):
    code, out, err = run("validate", FIRST)
    assert (code, err) == (0, "")
    assert out == "scenarios/first_look.toml: First look: 52,000 people; bulk letter, case by case, paid exit\n"


def test_validate_checks_each_file_once(run):
    code, out, _ = run("validate", FIRST, "./scenarios/../scenarios/first_look.toml", "scenarios/first*.toml")
    assert code == 0
    assert len(out.splitlines()) == 1


def test_validate_fills_in_patterns_that_the_shell_left_alone(run):
    code, out, _ = run("validate", "scenarios/*.toml")
    assert code == 0
    files = [line for line in out.splitlines() if not line.startswith("  ")]  # below it what is to be known of it
    assert len(files) == len(list((ROOT / "scenarios").glob("*.toml")))


def test_validate_goes_on_after_a_bad_file(run):
    code, out, err = run("validate", "nosuch.toml", "sc*/none-*.toml", "tests", FIRST)
    assert code == 4
    assert out.startswith(f"{FIRST}: First look")
    assert err.splitlines() == [
        "nosuch.toml: no such file",
        "sc*/none-*.toml: no file matches this pattern",
        "tests: is a folder, not a scenario file",
    ]


def test_validate_takes_overrides(run):
    code, _, err = run("validate", FIRST, "--set", "run.days=0", "--set", "policies.paid exit.payment=many")
    assert code == 4
    assert err.splitlines() == [
        '--set policies.paid exit.payment=many: policies."paid exit".payment: '
        "given 'many', allowed: a number, "
        "at least 0 (currency)",
        "--set run.days=0: run.days: given 0, allowed: at least 1 and at most 3650 (days)",
    ]


def test_validate_names_what_is_uncertain(run):
    code, out, _ = run("validate", FIRST, "--set", "behaviour.leaving.beta={low=0.1,high=0.8}")
    assert code == 0
    assert out.endswith("paid exit; uncertain: behaviour.leaving.beta\n")


def test_validate_does_not_call_uncertain_what_is_held_and_not_drawn(run):
    given = [f"behaviour.leaving.{key}={{low=0.1,high=0.8}}" for key in ("beta", "chi")]
    sets = [part for each in (*given, 'worlds.fixed=["behaviour.leaving.chi"]') for part in ("--set", each)]
    code, out, _ = run("validate", FIRST, *sets)
    assert code == 0
    held = "; held by worlds.fixed and not drawn: behaviour.leaving.chi"
    assert out.endswith(f"paid exit; uncertain: behaviour.leaving.beta{held}\n")
    (report,) = json.loads(run("validate", "--json", FIRST, *sets)[1])
    assert report["fixed"] == ["behaviour.leaving.chi"]


def test_validate_as_json(run):
    code, out, err = run("validate", "--json", FIRST, "tests/scenario/broken/misspelt_key.toml")
    good, bad = json.loads(out)
    assert (code, err) == (4, "")
    assert good["ok"]
    assert good["policies"] == ["bulk letter", "case by case", "paid exit"]
    assert not bad["ok"]
    assert {f["key"] for f in bad["faults"]} == {"population.custmers", "population.customers"}
    assert bad["faults"][1]["suggestion"] == "did you mean 'customers'?"
    assert bad["faults"][1]["text"].startswith(
        "tests/scenario/broken/misspelt_key.toml:6: population.custmers: unknown key"
    )


def test_a_fault_of_a_shared_base_is_printed_once(run, tmp_path):
    (tmp_path / "base.toml").write_text("[run]\ndays = 0\n")
    for name in "ab":
        (tmp_path / f"{name}.toml").write_text(
            'extends = "base.toml"\nname = "x"\npopulation.customers = 5\npolicies = [{name = "p", use = "keep"}]\n'
        )
    code, _, err = run("validate", str(tmp_path / "a.toml"), str(tmp_path / "b.toml"))
    assert code == 4
    assert len(err.splitlines()) == 1


def test_schema_to_the_screen_and_to_a_file(run, tmp_path):
    _, out, _ = run("schema")
    code, nothing, _ = run("schema", "--out", str(tmp_path / "s.json"))
    assert (code, nothing) == (0, "")
    assert (tmp_path / "s.json").read_text(encoding="utf-8") == out
    assert [f.name for f in tmp_path.iterdir()] == ["s.json"]


def test_schema_to_where_nothing_can_be_written(run, tmp_path):
    code, _, err = run("schema", "--out", str(tmp_path / "none" / "s.json"))
    assert code == 1
    assert err.startswith("wom-sim: cannot write")
    assert "No such file or directory" in err


def test_show_parameters(run):
    code, out, _ = run("show", "parameters", "--match", "p_retell")
    assert code == 0
    assert "[behaviour.talking]" in out
    assert "0.12" in out
    assert "0.02 to 0.3" in out
    code, out, _ = run("show", "parameters")
    assert "[.1-.4]" in out  # no markup is obeyed


def test_show_parameters_as_json(run):
    _, out, _ = run("show", "parameters", "--json")
    listed = {p["key"]: p for p in json.loads(out)}
    assert listed["run.days"]["default"] == 365
    assert listed["behaviour.leaving.chi"]["plausible"] == [0.25, 0.8]
    assert listed["behaviour.talking.victim_tells.close"]["default"] == 0.8
    assert "9-16 people told" in listed["behaviour.talking.victim_tells.close"]["source"]
    assert listed["population.customers"]["required"]


def test_show_policies(run):
    code, out, _ = run("show", "policies", "--match", "letter")
    assert code == 0
    assert out.startswith(("keep:", "bulk_letter:"))
    _, out, _ = run("show", "policies", "--json")
    listed = json.loads(out)
    assert [p["name"] for p in listed][:4] == ["keep", "bulk_letter", "case_by_case", "paid_exit"]
    assert all(p["summary"] and p["evidence"] and p["defaults"] for p in listed)


def test_show_nothing_that_matches(run):
    code, out, err = run("show", "parameters", "--match", "qwertz")
    assert (code, out) == (1, "")
    assert err == "wom-sim: no parameters with 'qwertz' in them\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("compare", FIRST, "--worlds", "abc"), "'abc'|integer"),
        (("compare", FIRST, "--replications", "0"), "greater|range"),
        (("run", FIRST, "--engine", "fast"), "reference"), (("chart", "results", "--size", "huge"), "slide"),
        (("show", "nonsense"), "nonsense"),
    ],
)  # fmt: skip
def test_a_value_that_an_option_cannot_take_ends_with_4_as_one_in_a_file_does(run, arguments, said):
    code, _, err = run(*arguments)
    assert code == 4
    assert re.search(said, err) and "Traceback" not in err


@pytest.mark.parametrize(
    "arguments",
    [("nonsense",), ("validate",), ("validate", "--nonsense", FIRST), ("show",)],
)
def test_what_is_no_command_or_option_ends_with_2(run, arguments):
    code, _, err = run(*arguments)
    assert code == 2
    assert "Usage" in err
    assert "Traceback" not in err


def test_version_and_help(run):
    assert run("--version") == (0, f"wom-sim {__version__}\n", "")
    for option in ("--help", "-h"):
        code, out, _ = run(option)
        assert code == 0
        for command in ("validate", "show", "schema"):
            assert command in out


def test_an_interrupt_ends_with_130_and_one_line(run, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(wom_sim.scenario.loading, "load_scenario", interrupted)
    code, _, err = run("validate", FIRST)
    assert code == 130
    assert err.strip() == "wom-sim: interrupted"


def modules_after(*arguments):
    """The modules that a fresh interpreter has imported once a command is done."""
    code = (
        "import sys\nfrom wom_sim.cli import main\n"
        f"try:\n    main({list(arguments)!r})\n"
        "except SystemExit as e:\n    print(e.code or 0, *sys.modules, file=sys.stderr)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    code, *modules = ran.stderr.split()
    assert code == "0"
    return {module.partition(".")[0] for module in modules}


def test_an_interrupt_while_starting_ends_with_130_too(run, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(wom_sim.cli.assembly, "app", interrupted)
    assert run("--help") == (130, "", "\nwom-sim: interrupted\n")


def test_a_command_is_assembled_alone_and_all_where_there_is_none():
    import wom_sim.cli.assembly as assembly

    assert [command.name for command in assembly.app("validate").registered_commands] == ["validate"]
    for first in (None, "--version", "validat"):
        assembled = assembly.app(first)
        names = [each.name for each in (*assembled.registered_commands, *assembled.registered_groups)]
        assert sorted(names) == sorted(assembly.COMMANDS)


HEAVY = {"numpy", "numba", "pandas", "mesa", "matplotlib", "networkx", "pyarrow"}


def test_help_imports_nothing_heavy():
    assert not modules_after("--help") & (HEAVY | {"pydantic"})


def test_validate_imports_nothing_heavy():
    assert not modules_after("validate", FIRST) & HEAVY
    assert not modules_after("schema") & HEAVY


def test_show_indicators(run, monkeypatch):
    """The columns are those that every indicator has, whatever indicators there are."""
    indicator = SimpleNamespace(name="loss", unit="currency", direction="down", meaning="What it costs")
    fake = SimpleNamespace(INDICATORS=(indicator,))
    monkeypatch.setitem(sys.modules, "wom_sim.outcomes.indicators", fake)
    code, out, _ = run("show", "indicators")
    assert code == 0
    assert all(word in out for word in ("loss", "currency", "down", "What it costs"))
    _, out, _ = run("show", "indicators", "--json")
    assert json.loads(out) == [vars(indicator)]
