"""Policies of another package that misbehave: one raises, one kills its process, one does not end, one talks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SOURCE = """
import itertools, os, signal, time
from dataclasses import replace
from wom_sim.policies.bulk_letter import POLICY as LETTER

def raises(setting):
    if int(setting.seed) % 2 == 0 and "REPAIRED" not in os.environ:
        raise ValueError("this one cannot be carried out")
    return LETTER.plan(setting)

def dies(setting):
    if int(setting.seed) % 2 == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return LETTER.plan(setting)

CALLS = itertools.count()

def held(setting):
    gate = os.environ.get("GATE")
    if gate and next(CALLS) >= 3:
        while not os.path.exists(gate):
            time.sleep(0.02)
    return LETTER.plan(setting)

def talks(setting):
    print("a policy may print")
    return LETTER.plan(setting)

RAISES, DIES, HELD, TALKS = (
    replace(LETTER, name=plan.__name__, plan=plan) for plan in (raises, dies, held, talks)
)
"""
POINTS = "[wom_sim.policies]\n" + "".join(
    f"{name} = misbehaving:{name.upper()}\n" for name in ("raises", "dies", "held", "talks")
)


def install(folder: Path) -> None:
    """Put the package into a folder, with what an installer would write beside it."""
    (folder / "misbehaving.py").write_text(SOURCE)
    info = folder / "misbehaving-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: misbehaving\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(POINTS)


class Gate:
    """Before it, each process waits in its fourth run of the policy ``held``, until it is opened.

    So a study cannot end before the test has done to it what it is to do, however slow or busy the machine is.
    """

    def __init__(self, path: Path, monkeypatch) -> None:
        self._path = path
        monkeypatch.setenv("GATE", str(path))

    def open(self) -> None:
        """Let all of them go on."""
        self._path.touch()

    def close(self) -> None:
        """Hold those that come from now on."""
        self._path.unlink()


@contextmanager
def known(tmp_path: Path, monkeypatch) -> Iterator[Path]:
    """Make the policies that misbehave known to this process; yields the folder that others need on their path."""
    site = tmp_path / "site"
    site.mkdir()
    install(site)
    monkeypatch.syspath_prepend(str(site))
    yield site
    sys.modules.pop("misbehaving", None)
