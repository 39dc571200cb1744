"""Code of strangers is not run: compiled code is taken only from a folder that nobody else can write."""

from __future__ import annotations

import os
import pickle
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from wom_sim import _cache
from wom_sim._cache import NotOursError, compiled_code_folder, named_folder, remembered

ROOT = Path(__file__).parents[1]
FP = "0123456789abcdef"
NOBODY = 65534
pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="folders have owners")
as_root = pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root gives files away")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def places(tmp_path, monkeypatch):
    """The user's cache and the temporary files within the folder of the test."""
    (tmp_path / "tmp").mkdir(mode=0o1777)
    (tmp_path / "tmp").chmod(0o1777)
    monkeypatch.delenv("WOM_SIM_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    return tmp_path


def test_a_folder_is_made_for_this_user_alone(places):
    folder = compiled_code_folder(FP)
    assert folder == places / "caches" / "wom_sim" / FP
    assert (mode(folder), mode(folder.parent)) == (0o700, 0o700)
    assert compiled_code_folder(FP) == folder


def test_a_folder_that_others_could_write_is_emptied(places):
    folder = compiled_code_folder(FP)
    (folder / "rules").mkdir()
    (folder / "rules" / "poison.nbi").write_bytes(b"x")
    folder.chmod(0o777)
    assert compiled_code_folder(FP) == folder
    assert (mode(folder), list(folder.iterdir())) == (0o700, [])


def test_one_that_others_could_only_read_is_kept_and_closed(places):
    folder = compiled_code_folder(FP)
    (folder / "index.nbi").write_bytes(b"x")
    folder.chmod(0o755)
    assert (compiled_code_folder(FP), mode(folder), (folder / "index.nbi").exists()) == (folder, 0o700, True)


@as_root
def test_a_folder_of_another_user_is_left_alone_and_said(places, capsys, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/no")
    theirs = places / "tmp" / f"wom_sim-{os.getuid()}"
    (theirs / FP).mkdir(parents=True)
    (theirs / FP / "poison.nbi").write_bytes(b"x")
    os.chown(theirs, NOBODY, NOBODY)
    folder = compiled_code_folder(FP)
    assert theirs not in folder.parents and mode(folder) == 0o700
    assert "belongs to another user (number 65534)" in capsys.readouterr().err
    assert (theirs / FP / "poison.nbi").exists()


@as_root
def test_a_folder_for_a_fingerprint_of_another_user_is_not_used(places, capsys):
    folder = compiled_code_folder(FP)
    os.chown(folder, NOBODY, NOBODY)
    assert compiled_code_folder(FP) == places / "tmp" / f"wom_sim-{os.getuid()}" / FP
    assert "is not a folder of this user" in capsys.readouterr().err


def test_a_link_in_the_place_of_a_folder_is_not_followed(places, capsys):
    (places / "elsewhere").mkdir()
    parent = compiled_code_folder(FP).parent
    (parent / FP).rmdir()
    (parent / FP).symlink_to(places / "elsewhere")
    assert compiled_code_folder(FP).parent.parent == places / "tmp"
    assert mode(places / "elsewhere") != 0o700


@as_root
def test_a_link_of_another_user_among_temporary_files_is_not_followed(places, capsys, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/no")
    (places / "mine").mkdir(mode=0o755)
    link = places / "tmp" / f"wom_sim-{os.getuid()}"
    link.symlink_to(places / "mine")
    os.chown(link, NOBODY, NOBODY, follow_symlinks=False)
    assert compiled_code_folder(FP).parent == places / "tmp"
    assert (mode(places / "mine"), list((places / "mine").iterdir())) == (0o755, [])


def test_a_folder_that_somebody_named_keeps_what_is_in_it_and_its_mode(places, monkeypatch):
    (places / "named").mkdir(mode=0o755)
    (places / "named" / "thesis.txt").write_text("mine")
    monkeypatch.setenv("WOM_SIM_CACHE", str(places / "named"))
    folder = compiled_code_folder(FP)
    for number in range(_cache.KEEP + 3):
        compiled_code_folder(f"{number:016x}")
    assert folder.parent == places / "named" and mode(places / "named") == 0o755
    assert (places / "named" / "thesis.txt").read_text() == "mine"
    assert len(list((places / "named").iterdir())) == _cache.KEEP + 1, "and the thesis"


def test_a_named_folder_that_is_open_to_all_is_refused_with_words(places, capsys, monkeypatch):
    (places / "open").mkdir()
    (places / "open").chmod(0o777)
    monkeypatch.setenv("WOM_SIM_CACHE", str(places / "open"))
    assert compiled_code_folder(FP).parent == places / "caches" / "wom_sim"
    assert "open is open to other users" in capsys.readouterr().err
    with pytest.raises(NotOursError):
        _cache.check_above(places / "open" / "any")
    assert named_folder(str(places / "open"), FP).parent == places / "caches" / "wom_sim"
    assert named_folder(str(places / "caches"), FP) == places / "caches"


@pytest.mark.parametrize("name", ["/proc/y", "a\0b", "x" * 5000])
def test_a_named_folder_that_cannot_be_is_said(places, capsys, monkeypatch, name):
    monkeypatch.setattr(os, "environ", {**os.environ, "WOM_SIM_CACHE": name})
    assert compiled_code_folder(FP).parent == places / "caches" / "wom_sim"
    assert "WOM_SIM_CACHE: " in capsys.readouterr().err


class Poison:
    """A pickle that makes a file when it is read."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.mark),)


def test_a_poisoned_pickle_is_not_read(tmp_path):
    """The attack of docs/RELIABILITY.md: another user has prepared the folder among the temporary files."""
    where = os.environ | {
        "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": "/proc/x", "WOM_SIM_CACHE": "/proc/y", "TMPDIR": str(tmp_path),
        "NUMBA_CACHE_DIR": "",
    }  # fmt: skip
    ask = "from wom_sim.rules.talking import chance_to_talk as rule; print(rule(0.5, 0.5))"

    def answer() -> str:
        return subprocess.run(
            [sys.executable, "-c", ask], env=where, capture_output=True, text=True, check=True
        ).stdout.strip()

    tmp_path.chmod(0o1777)
    assert answer() == "0.25"
    folder = tmp_path / f"wom_sim-{os.getuid()}"
    indexes = list(folder.rglob("*.nbi"))
    assert indexes
    for index in indexes:
        index.write_bytes(pickle.dumps(Poison(tmp_path / "ran")))
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o777)
    if os.getuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    assert answer() == "0.25"
    assert not (tmp_path / "ran").exists()


def test_a_text_is_found_once_for_each_state_and_anew_where_it_is_damaged(tmp_path):
    asked = []

    def find():
        asked.append(1)
        return f"found {len(asked)}"

    assert remembered(tmp_path, "said", b"state", find) == "found 1"
    assert remembered(tmp_path, "said", b"state", find) == "found 1"
    assert remembered(tmp_path, "said", b"another state", find) == "found 2"
    kept = (tmp_path / "said").read_bytes()
    (tmp_path / "said").write_bytes(kept.replace(b"found 2", b"found 3"))
    assert remembered(tmp_path, "said", b"another state", find) == "found 3", "which was made anew, not read"
    assert len(asked) == 3
    (tmp_path / "said").write_bytes(b"\xff\xfe")
    assert remembered(tmp_path, "said", b"another state", find) == "found 4"
    assert remembered(tmp_path / "not there", "said", b"state", find) == "found 5"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["said"]
