"""A short part of the long torture: commands that are killed, on a full disk, and beside another writer."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "experiments" / "torture"))

import disk  # noqa: E402
import killing  # noqa: E402
import stock  # noqa: E402
from ways import Way, ways  # noqa: E402

pytestmark = [pytest.mark.science, pytest.mark.skipif(not hasattr(os, "fork"), reason="commands are forked")]
ALL = {way.name: way for way in ways()}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("killed") / "stock"
    stock.build(folder, ("comparison", "run", "explanation", "study", "base"))
    return folder


@pytest.mark.parametrize("name", ["run again", "import", "explain", "show base", "new"])
def test_a_kill_at_any_change_of_the_disk_loses_nothing(made, tmp_path, name):
    tally = killing.kill_often(ALL[name], 4, made, tmp_path / "place", seed=3)
    assert tally.kills >= 4 and not tally.said, "\n".join(tally.said)


def test_two_writers_leave_one_whole_result(made, tmp_path):
    tally = disk.two(ALL["run again"], 2, made, tmp_path / "place")
    assert not tally.said, "\n".join(tally.said)


def test_a_disk_that_is_full_on_the_way_loses_nothing(made):
    with disk.small_disk() as place:
        if place is None:
            pytest.skip("no small disk can be mounted here")
    tally = disk.full(ALL["run again"], 3, made, seed=3)
    assert tally.kills == 3 and not tally.said, "\n".join(tally.said)


def test_every_flipped_bit_is_seen(made, tmp_path):
    tally = disk.flipped(made / "results", 60, 3, tmp_path / "place")
    assert tally.counts["refused"] == 60 and not tally.said, "\n".join(tally.said)


# -- that it sees what it is there for -----------------------------------------------------------------------


def _careless(command):
    """Write in place, as no command should."""
    import time

    for part in range(6):
        with Path("out.txt").open("a" if part else "w") as file:
            file.write(f"{part}\n" * 1000)
        time.sleep(0.03)
    return 0


def test_a_command_that_writes_in_place_is_found_out(made, tmp_path, monkeypatch):
    monkeypatch.setattr(killing, "run_here", _careless)
    monkeypatch.setattr(killing.Undisturbed.__init__, "__defaults__", (_careless,))
    tally = killing.kill_often(Way("careless", ["x"], out="out.txt"), 6, made, tmp_path / "place")
    assert tally.counts[killing.LOST], "half a file is seen"


def test_what_a_command_says_on_a_full_disk_is_heard(made, tmp_path):
    """Its words are not kept on the disk that is full."""
    calm = killing.Undisturbed(ALL["new"], made, tmp_path / "place")
    child = killing.Child(["new", "--from", "no such"], calm.fresh("x"), killing.run_here)
    assert child.wait() == 4 and "no such" in child.said()
    assert not child.log.is_relative_to(tmp_path)


def test_every_command_that_writes_is_there():
    """A command with --out is killed in some way, or said here why not."""
    import typer

    from wom_sim.cli.assembly import app

    root = typer.main.get_command(app())
    named = set()
    for name, command in root.commands.items():
        for inner, each in {**{"": command}, **getattr(command, "commands", {})}.items():
            if any("--out" in option.opts for option in each.params):
                named.add(f"{name} {inner}".strip())
    killed = {" ".join(way.asked[: 2 if way.asked[0] in ("sweep",) else 1]) for way in ALL.values()}
    others = {"demo"}  # takes minutes and GiB; it is compare and chart on the way
    assert named - killed - others == set()
