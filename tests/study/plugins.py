"""Policies of another package that misbehave: one raises, one kills its process, one takes its time, one talks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SOURCE = """
import os, signal, time
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

def slow(setting):
    time.sleep(float(os.environ.get("SLOW_POLICY", "0.05")))
    return LETTER.plan(setting)

def talks(setting):
    print("a policy may print")
    return LETTER.plan(setting)

RAISES, DIES, SLOW, TALKS = (
    replace(LETTER, name=plan.__name__, plan=plan) for plan in (raises, dies, slow, talks)
)
"""
POINTS = "[wom_sim.policies]\n" + "".join(
    f"{name} = misbehaving:{name.upper()}\n" for name in ("raises", "dies", "slow", "talks")
)


def install(folder: Path) -> None:
    """Put the package into a folder, with what an installer would write beside it."""
    (folder / "misbehaving.py").write_text(SOURCE)
    info = folder / "misbehaving-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: misbehaving\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(POINTS)


@contextmanager
def known(tmp_path: Path, monkeypatch) -> Iterator[Path]:
    """Make the policies that misbehave known to this process; yields the folder that others need on their path."""
    site = tmp_path / "site"
    site.mkdir()
    install(site)
    monkeypatch.syspath_prepend(str(site))
    yield site
    sys.modules.pop("misbehaving", None)
