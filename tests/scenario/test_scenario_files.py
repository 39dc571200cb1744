"""Files that are no scenarios at all, and scenarios in unusual files."""

import os
import pickle

import pytest

from wom_sim.scenario import ScenarioError, load_scenario


def said_of(file):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    return str(caught.value)


def test_no_such_file_offers_the_closest(small):
    assert said_of(small.with_name("smal.toml")).endswith("no such file; did you mean 'small.toml'?")


def test_no_such_folder(tmp_path):
    assert said_of(tmp_path / "none" / "x.toml").endswith("x.toml: no such file")


def test_a_folder(tmp_path):
    assert said_of(tmp_path) == f"{tmp_path}: is a folder, not a scenario file"


def test_a_name_that_no_file_can_have():
    assert "cannot be read" in said_of("a\0b.toml")


def test_a_picture(tmp_path):
    file = tmp_path / "x.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    assert said_of(file) == f"{file}:1: is not UTF-8 text (byte 0x89); save it as UTF-8"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(small):
    small.chmod(0)
    assert "cannot be read: Permission denied" in said_of(small)


def test_windows_line_ends_and_mark(small):
    text = small.read_text(encoding="utf-8").replace("\n", "\r\n")
    small.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load_scenario(small).population.customers == 100
    small.write_bytes(b"\xef\xbb\xbf" + text.replace("customers = 100", "customers = -1").encode())
    assert said_of(small).startswith(f"{small}:3: population.customers: given -1")


@pytest.mark.parametrize("text", ["a = " + "[" * 20_000, "a." * 3_000 + "a = 1", "a = " + "9" * 20_000, "[" * 20_000])
def test_monsters(write, text):
    assert "x.toml" in said_of(write("x.toml", text))


def test_errors_travel_between_processes(write):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(write("x.toml", "a = 1\n"))
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_path_may_be_text_or_path(small):
    assert load_scenario(str(small)) == load_scenario(small)


@pytest.mark.parametrize("name", ["a" * 5000, "a\\u0000b"])
@pytest.mark.parametrize("key", ["extends", "network.path"])
def test_a_name_that_no_file_can_have_is_no_such_file(tmp_path, key, name):
    file = tmp_path / "x.toml"
    head = 'name = "x"\npopulation.customers = 10\n' if key != "extends" else ""
    file.write_text(f'{head}network.kind = "file"\nnetwork.path = "{name}"\n' if head else f'extends = "{name}"\n')
    assert f"{key}: no such file: '" in said_of(file)
