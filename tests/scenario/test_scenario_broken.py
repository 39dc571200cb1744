"""Every file in broken/ says in its first lines what must be said of it, and marks the lines with ``<--``."""

import subprocess
import sys
from pathlib import Path

import pytest

from wom_sim.cli import main
from wom_sim.scenario import ScenarioError, load_scenario

FOLDER = Path(__file__).parent / "broken"
FILES = sorted(FOLDER.glob("*.toml"))


def expected(file):
    """The messages that the file's first lines announce."""
    lines = file.read_bytes().decode("latin-1").splitlines()
    said = [line.removeprefix("# expect: ") for line in lines if line.startswith("# expect: ")]
    return sorted(s.replace("<--", "").rstrip().replace("FOLDER", str(FOLDER)) for s in said)


def marked(file):
    """The numbers of the lines that are marked as wrong."""
    lines = file.read_bytes().decode("latin-1").splitlines()
    return [n for n, line in enumerate(lines, 1) if line.endswith("<--")]


def test_there_are_many():
    assert len(FILES) >= 20


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_says_everything_at_once_and_where(file):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    faults = caught.value.faults
    assert sorted(str(f).removeprefix(f.file).lstrip(":0123456789").lstrip() for f in faults) == expected(file)
    if marks := marked(file):
        assert sorted({f.line for f in faults if f.file == str(file)}) == marks


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_command_ends_with_4_and_prints_the_same(file, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["validate", str(file)])
    assert ended.value.code == 4
    printed = capsys.readouterr()
    assert printed.out == ""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    assert printed.err.splitlines() == str(caught.value).splitlines()


def test_no_message_speaks_the_language_of_a_library():
    said = "\n".join(message for file in FILES for message in expected(file)).lower()
    for jargon in (
        "input should",
        "valid integer",
        "pydantic",
        "http",
        "union",
        "discriminator",
        "tuple",
        "none",
    ):
        assert jargon not in said


def test_all_of_them_through_the_real_command_without_a_traceback():
    ran = subprocess.run(
        [sys.executable, "-m", "wom_sim", "validate", *map(str, FILES)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 4
    assert "Traceback" not in ran.stderr
    for file in FILES:
        for message in expected(file):
            assert message in ran.stderr
