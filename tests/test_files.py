"""Files are written whole or not at all."""

import os

import pytest

from wom_sim._files import write_bytes_atomically, write_text_atomically


def test_writes_and_replaces(tmp_path):
    file = tmp_path / "x.txt"
    write_text_atomically(file, "one\r\n")
    write_text_atomically(str(file), "zwölf\n")
    assert file.read_bytes() == "zwölf\n".encode()
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.txt"]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    file = tmp_path / "x.txt"
    write_text_atomically(file, "old")

    def fails(_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="disk full"):
        write_bytes_atomically(file, b"new")
    assert file.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.txt"]


def test_a_link_is_followed(tmp_path):
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to("real.txt")
    write_text_atomically(tmp_path / "link.txt", "new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"


def test_permissions_are_those_of_any_new_file(tmp_path):
    write_text_atomically(tmp_path / "a", "x")
    (tmp_path / "b").write_text("x")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode


def test_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_text_atomically(tmp_path / "none" / "x", "x")


def test_a_device_is_written_to(tmp_path):
    write_text_atomically("/dev/null", "x")


def test_what_a_killed_writer_has_left_is_used_again(tmp_path):
    (tmp_path / ".x.txt.part").write_text("half of what was to be written, and longer than the new content")
    write_text_atomically(tmp_path / "x.txt", "new")
    assert (tmp_path / "x.txt").read_text() == "new"
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.txt"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs locks of Unix")
def test_what_another_writer_is_at_work_on_is_left_alone(tmp_path):
    import fcntl

    with (tmp_path / ".x.txt.part").open("w") as theirs:
        theirs.write("theirs")
        theirs.flush()
        fcntl.flock(theirs, fcntl.LOCK_EX)
        write_text_atomically(tmp_path / "x.txt", "mine")
        assert (tmp_path / "x.txt").read_text() == "mine"
        assert (tmp_path / ".x.txt.part").read_text() == "theirs"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs Unix")
@pytest.mark.parametrize("kind", ["link", "hard link", "pipe", "folder"])
def test_what_a_stranger_has_put_in_the_place_of_a_temporary_file_is_not_written_to(tmp_path, kind):
    (tmp_path / "precious").write_text("precious")
    trap = tmp_path / ".x.txt.part"
    if kind == "link":
        trap.symlink_to("precious")
    elif kind == "hard link":
        trap.hardlink_to(tmp_path / "precious")
    elif kind == "pipe":
        os.mkfifo(trap)
    else:
        trap.mkdir()
    write_text_atomically(tmp_path / "x.txt", "new")
    assert (tmp_path / "x.txt").read_text() == "new" and (tmp_path / "precious").read_text() == "precious"


def test_many_writers_at_once_leave_one_whole_file(tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    texts = [f"{k}\n" * 2000 for k in range(24)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda text: write_text_atomically(tmp_path / "x.txt", text), texts * 4))
    assert (tmp_path / "x.txt").read_text() in texts
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.txt"]
