"""Ties from a file, and what is said where the file is wrong."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from wom_sim.networks import graph_file
from wom_sim.networks.graph_file import TieFileError, build, read
from wom_sim.world.network import ACQUAINTANCE, CLOSE, HOUSEHOLD, check, edges

DEEZER = Path(os.environ.get("WOM_SIM_TRIAL_DATA", "trial_data")) / "deezer_ro_edges.csv"
"""A real graph of 41,773 people, if it is there: set the variable to its folder."""


def ties_of(network) -> list[tuple[int, int, int]]:
    return list(zip(*(part.tolist() for part in edges(network)), strict=True))


@pytest.fixture
def written(tmp_path):
    def write(text: str | bytes) -> Path:
        file = tmp_path / "ties.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    return write


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\n0,1\n3,2\n", [(0, 1, CLOSE), (2, 3, CLOSE)]),
        ("a,b\r\n0,1\r\n", [(0, 1, CLOSE)]),
        ("a,b\n0,1", [(0, 1, CLOSE)]),
        ("\ufeffa,b\n0,1\n", [(0, 1, CLOSE)]),
        ('"a","b"\n"0","1"\n', [(0, 1, CLOSE)]),
        ("a, b\n 0 , 1 \n\n\n1,2\n\n", [(0, 1, CLOSE), (1, 2, CLOSE)]),
        (
            "a,b,tie\n0,1,household\n1,2,\n2,3,acquaintance\n",
            [(0, 1, HOUSEHOLD), (1, 2, CLOSE), (2, 3, ACQUAINTANCE)],
        ),
        ("a,b,tie\n0,1\n1,2, close\n", [(0, 1, CLOSE), (1, 2, CLOSE)]),
        ("a,b\n0,1\n1,0\n1,1\n", [(0, 1, CLOSE)]),
        ("a,b,tie\n0,1,acquaintance\n1,0,household\n", [(0, 1, HOUSEHOLD)]),
    ],
)
def test_reads(written, text, expected):
    network = build(written(text), 5, CLOSE)
    check(network)
    assert network.size == network.pool == 5
    assert ties_of(network) == expected


def test_reads_the_strength_of_ties(written):
    network = build(written("a,b,tie,p\n2,1,,0.25\n0,1,household,\n1,2,,0.5\n1,1,,0.1\n"), 4, CLOSE)
    check(network)
    assert ties_of(network) == [(0, 1, HOUSEHOLD), (1, 2, CLOSE)]
    assert [network.strengths(person).tolist() for person in range(4)] == [[1.0], [1.0, 0.25], [0.25], []]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", ", line 1: is empty"),
        ("\na,b\n0,1\n", ", line 1: is empty"),
        ("a,b\n", ": has no ties below its header"),
        ("a,b\n\n,\n", ": has no ties below its header"),
        ("0,1\n1,2\n", ", line 1: expected a header, found the tie '0,1'"),
        ("a\n0\n", ", line 1: expected 2 to 4 columns separated by commas, found 1: 'a'"),
        ("a;b\n0;1\n", ", line 1: expected 2 to 4 columns separated by commas, found 1: 'a;b'"),
        ("a,b,c,d,e\n0,1,close,1,x\n", ", line 1: expected 2 to 4 columns separated by commas, found 5"),
        ("a,b,c,d\n0,1,close,x\n", ", line 2: 'x' is not a strength: a number from 0 to 1"),
        ("a,b,c,d\n0,1,close,1\n0,2,,1.5\n", ", line 3: '1.5' is not a strength"),
        ("a,b,c,d\n0,1,close,nan\n", ", line 2: 'nan' is not a strength"),
        ("a,b\n0,1\n0,1,2\n", "line 3"),
        ("a,b\n0,1\n\n2,x\n", ", line 4: 'x' is not a person: people are whole numbers from 0 to 4"),
        ("a,b\n0,1\nanna,2\n", ", line 3: 'anna' is not a person"),
        ("a,b\n0,1.0\n", ", line 2: '1.0' is not a person"),
        ("a,b\n0,1e0\n", ", line 2: '1e0' is not a person"),
        ("a,b\n-1,0\n", ", line 2: '-1' is not a person"),
        ("a,b\n0,\n", ", line 2: '' is not a person"),
        ("a,b\n0\n", ", line 2: '' is not a person"),
        ("a,b\n0,NA\n", ", line 2: 'NA' is not a person"),
        ("a,b\n0,4\n0,5\n", ", line 3: '5' is not a person: people are whole numbers from 0 to 4"),
        ("a,b\n0,99999999999999999999999\n", ", line 2: '99999999999999999999999' is not a person"),
        (
            "a,b,tie\n0,1,close\n1,2,friend\n",
            ", line 3: 'friend' is not a class of tie: household, close, acq",
        ),
        ("a,b,tie\n0,1,Close\n", ", line 2: 'Close' is not a class of tie"),
        (b"a,b\n0,\xff\xfe\n", ": is not text in UTF-8"),
    ],
)
def test_faults_are_named_with_file_and_line(written, text, message):
    file = written(text)
    with pytest.raises(ValueError, match=re.escape(message)) as raised:
        build(file, 5, CLOSE)
    assert str(raised.value).startswith(str(file))


def test_lines_are_ties_loops_and_repeats(written):
    """Parts add up to the lines, whatever the order of the two people and the class."""
    file = written("a,b,tie\n0,1,close\n1,0,household\n2,2,\n1,2,\n\n3,3,\n2,1,close\n")
    network, found = read(file, 6, ACQUAINTANCE)
    assert (found.lines, found.ties, found.loops, found.repeats) == (6, 2, 2, 2)
    assert found.lonely == 3 == (network.degrees() == 0).sum()
    assert found.households == 1


def test_a_file_is_read_once_while_it_stays_the_same(written, monkeypatch):
    file = written("a,b\n0,1\n")
    first = build(file, 5, CLOSE)
    monkeypatch.setattr(graph_file, "_lines", None)  # cannot be read a second time
    assert build(file, 5, CLOSE) is first
    with pytest.raises(TypeError):
        build(file, 6, CLOSE)


def test_a_fault_is_found_each_time(written):
    file = written("a,b\n1,1\n")
    for _ in range(2):
        with pytest.raises(TieFileError, match="has no ties: every line ties") as caught:
            build(file, 5, CLOSE)
        assert (caught.value.file, caught.value.line) == (file, None)


def test_a_missing_file_and_a_folder(tmp_path):
    with pytest.raises(ValueError, match=r"nowhere\.csv: cannot be read: No such file"):
        build(tmp_path / "nowhere.csv", 5, CLOSE)
    with pytest.raises(ValueError, match="cannot be read"):
        build(str(tmp_path), 5, CLOSE)


def test_an_address_is_not_fetched():
    with pytest.raises(ValueError, match="cannot be read: No such file"):
        build("http://localhost:9/ties.csv", 5, CLOSE)


@pytest.mark.skipif(not DEEZER.exists(), reason=f"needs {DEEZER}, which is not part of the project")
def test_friendships_of_a_music_service():
    network = build(DEEZER, 41_773, CLOSE)
    check(network)
    assert network.size == 41_773
    assert int(network.degrees().sum()) == 2 * 125_826, "as its authors state (GEMSEC, Rozemberczki et al. 2019)"
    with pytest.raises(ValueError, match="'41772' is not a person"):
        build(DEEZER, 41_772, CLOSE)
