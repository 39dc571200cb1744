"""Whatever goes wrong, a command ends in one sentence, with a code, and without a traceback."""

from __future__ import annotations

import errno
import os
import re
import signal
import sqlite3
import subprocess
import sys
import warnings
import zlib
from pathlib import Path

import pytest
import typer
from patience import PATIENCE

from wom_sim.cli import ending, main
from wom_sim.cli.ending import MOST_FAULTS, guarded, tell_faults
from wom_sim.cli.mishaps import in_words
from wom_sim.results.errors import DamagedError
from wom_sim.scenario.errors import Fault, ScenarioError

ROOT = Path(__file__).parents[2]
FIRST = str(ROOT / "scenarios" / "first_look.toml")


def raised(error: BaseException) -> BaseException:
    """Return an error as it is when it has been raised."""
    try:
        raise error
    except BaseException as found:
        return found


def arrow() -> Exception:
    import pyarrow

    return pyarrow.ArrowInvalid("not a Parquet file")


KINDS = {
    "full": (OSError(errno.ENOSPC, "No space left on device", "out/daily.csv"), "out/daily.csv: the disk is full"),
    "full without a name": (OSError(errno.ENOSPC, "No space left"), "a file, or the output: the disk is full"),
    "permission": (PermissionError(errno.EACCES, "Permission denied", "x"), "x: permission is missing; give a file"),
    "read-only": (OSError(errno.EROFS, "Read-only", "x"), "x: the disk can only be read"),
    "files": (OSError(errno.EMFILE, "Too many open files", "x"), "ulimit -n"),
    "an error of no name": (OSError("odd"), "a file, or the output: odd; see whether"),
    "memory": (MemoryError("Unable to allocate 8. GiB"), "memory does not suffice; .*--fit-memory.*: Unable to"),
    "sqlite": (sqlite3.DatabaseError("disk image is malformed"), "a database of the result .*--overwrite.*malformed"),
    "zlib": (zlib.error("Error -3"), "a packed file is damaged; run it again"),
    "folder": (DamagedError("x is damaged"), "^x is damaged$"),
    "import": (ImportError("No module named 'optuna'"), "a package that is needed here .*optuna.*; install"),
    "depth": (RecursionError("maximum recursion depth"), "nested too deeply"),
    "threads": (RuntimeError("can't start new thread"), "use fewer --workers"),
    "a fault of ours": (KeyError("x"), r"KeyError in .*: 'x'; this is a fault of wom_sim.*WOM_SIM_TRACEBACK=1"),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_mishap_is_one_sentence(kind, capsys):
    error, said = KINDS[kind]

    @guarded
    def command() -> None:
        raise error

    with pytest.raises(typer.Exit) as ended:
        command()
    err = capsys.readouterr().err
    assert ended.value.exit_code == 4
    assert err.startswith("wom-sim: ") and len(err.splitlines()) == 1
    assert re.search(said, err.removeprefix("wom-sim: ").strip()), err


def test_a_table_that_arrow_cannot_read_is_said():
    assert "a table of the result cannot be read" in in_words(raised(arrow()))


def test_long_messages_of_libraries_and_control_characters_are_cut():
    said = in_words(raised(ValueError("a\n\x1b[2J" + "b" * 5000)))
    assert "\x1b" not in said and "\n" not in said and len(said) < 600


def test_what_ended_in_words_already_is_left_alone(capsys):
    @guarded
    def command() -> None:
        raise typer.Exit(3)

    with pytest.raises(typer.Exit) as ended:
        command()
    assert (ended.value.exit_code, capsys.readouterr().err) == (3, "")


def test_a_package_that_ends_the_program_is_named(capsys):
    @guarded
    def command() -> None:
        sys.exit(0)

    with pytest.raises(typer.Exit) as ended:
        command()
    assert ended.value.exit_code == 4
    assert "ended the program" in capsys.readouterr().err


def test_the_traceback_is_shown_where_it_is_asked_for(monkeypatch):
    monkeypatch.setenv("WOM_SIM_TRACEBACK", "1")

    @guarded
    def command() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        command()


def test_of_very_many_faults_the_first_are_shown(capsys):
    tell_faults([Fault("f.toml", n, "k", message="wrong") for n in range(300_000)] + [Fault("f.toml", 0, "k" * 10**6)])
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == MOST_FAULTS + 1
    assert lines[-1] == f"and {300_001 - MOST_FAULTS:,} more faults"


def test_a_fault_of_a_million_characters_is_cut(capsys):
    tell_faults(ScenarioError([Fault("f.toml", 1, "k" * 10**6, message="unknown key")]).faults)
    assert len(capsys.readouterr().err) < 3000


def test_a_policy_that_cannot_be_imported_is_named(monkeypatch, tmp_path):
    from wom_sim import plugins, policies

    class Point:
        name = "theirs"

        def load(self) -> None:
            raise ModuleNotFoundError("No module named 'torch'")

    monkeypatch.setattr(plugins, "_points", lambda kind: {"theirs": Point()})
    assert "theirs" in policies.names(), "names are known without loading"
    try:
        policies.policy("theirs")
    except ValueError as error:
        said = in_words(error)
    assert said.startswith("the policy 'theirs' of another package cannot be loaded: ModuleNotFoundError: No module")
    assert said.endswith("mend or remove that package, or use another policy")


def test_a_plugin_that_gives_garbage_is_refused(monkeypatch):
    import numpy as np

    from wom_sim.simulation import plugins
    from wom_sim.world.treatments import table

    class People:
        people = np.zeros(5)

    for given, said in (
        (None, "returned NoneType, allowed: what"),
        (np.zeros(3), "returned ndarray"),
        (table(person=np.array([1, 7])), "acts on person 7; there are 5 people"),
    ):
        with pytest.raises(ValueError, match=said):
            plugins._checked("theirs", given, People())  # type: ignore[arg-type]
    monkeypatch.setattr(plugins, "policy_named", lambda name: object())
    with pytest.raises(ValueError, match="'theirs' of another package is of type object"):
        plugins.usable("theirs")


# -- as a process --------------------------------------------------------------------------------------------


def run(*arguments: str, out: str = os.devnull) -> tuple[int, str]:
    """Run a command with its output going to a file; return exit code and errors."""
    with open(out, "w") as stream:  # noqa: PTH123 - a device
        done = subprocess.run(
            [sys.executable, "-m", "wom_sim", *arguments], stdout=stream, stderr=subprocess.PIPE, text=True, cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)}, timeout=PATIENCE, check=False,
        )  # fmt: skip
    return done.returncode, done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_an_output_that_takes_nothing_is_said():
    code, err = run("validate", FIRST, out="/dev/full")
    assert code == 4
    assert "No space left" in err or "disk is full" in err
    assert len(err.splitlines()) == 1


def test_an_environment_variable_that_a_library_cannot_take_is_named():
    program = (
        "import typer; from wom_sim.cli.ending import guarded\n"
        "@guarded\n"
        "def command():\n"
        "    import matplotlib\n"
        "try: command()\n"
        "except typer.Exit as end: print(end.exit_code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE, check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT), "MPLBACKEND": "nonsense"},
    )  # fmt: skip
    assert done.stdout == "4\n"
    assert done.stderr.startswith("wom-sim: matplotlib cannot be loaded: ")
    assert "MPLBACKEND='nonsense'" in done.stderr and len(done.stderr.splitlines()) == 1


def test_a_request_to_end_is_taken_as_an_interrupt(tmp_path):
    program = (
        "import sys, time; from pathlib import Path\n"
        "from wom_sim.cli import ending; from wom_sim.results.files import Stage\n"
        "@ending.guarded\n"
        "def command():\n"
        "    with Stage(Path(sys.argv[1])):\n"
        "        print('ready', flush=True); time.sleep(60)\n"
        "import typer\n"
        "with ending.ending_in_order():\n"
        "    try: command()\n"
        "    except typer.Exit as end: sys.exit(end.exit_code)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "out")], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err.strip()) == (130, "wom-sim: interrupted")
    assert not (tmp_path / "out").exists(), "nothing is left behind"


def test_the_handler_is_as_it_was_afterwards():
    before = signal.getsignal(signal.SIGTERM)
    with ending.ending_in_order():
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_fault_before_a_command_begins_is_told_too(monkeypatch, capsys):
    import wom_sim.cli.assembly

    def broken(first: str) -> None:
        raise zlib.error("Error -3")

    monkeypatch.setattr(wom_sim.cli.assembly, "app", broken)
    with pytest.raises(SystemExit) as ended:
        main(["validate", FIRST])
    assert (ended.value.code, capsys.readouterr().err.startswith("wom-sim: a packed file is damaged")) == (4, True)


@pytest.mark.science
@pytest.mark.parametrize("what", [("show", "base"), ("show", "chosen")])
def test_who_stops_reading_a_table_is_told_nothing(what):
    """As with ``| head``: rich would end the program, and that was told as a fault of another package."""
    command = [sys.executable, "-m", "wom_sim", *what, "scenarios/first_look.toml"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        process.stdout.close()
        said = process.stderr.read()
    assert "package" not in said and "Traceback" not in said and "disk" not in said
    assert process.returncode in (0, 1)


def test_signs_that_no_font_has_are_one_sentence(capsys):
    import warnings

    from wom_sim.cli.ending import warnings_in_words

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = lambda *given: print("another", given[0])
        with warnings_in_words():
            for sign in range(3):
                warnings.warn(f"Glyph {sign} (X) missing from font(s) DejaVu Sans.", UserWarning, stacklevel=1)
            warnings.warn("of another kind", UserWarning, stacklevel=1)
    said = capsys.readouterr()
    assert said.err.count("\n") == 1 and "Noto Sans CJK" in said.err and "Glyph" not in said.err
    assert said.out == "another of another kind\n"


def test_a_variable_that_numba_cannot_read_is_one_sentence_without_a_traceback(capsys):
    from wom_sim.cli.ending import warnings_in_words

    told = "Environment variable 'NUMBA_X' is defined but its associated value 'x' could not be parsed.\nTraceback: ..."
    with warnings.catch_warnings(), warnings_in_words():
        warnings.simplefilter("always")
        warnings.warn(told, RuntimeWarning, stacklevel=1)
    said = capsys.readouterr().err
    assert said == f"wom-sim: {told.splitlines()[0]} It is passed over.\n"
