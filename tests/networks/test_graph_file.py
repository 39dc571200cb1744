"""Ties from a file, and what is said where the file is wrong."""

from __future__ import annotations

import bz2
import gzip
import os
import re
from pathlib import Path

import numpy as np
import pytest

from wom_sim.networks import graph_file
from wom_sim.networks.graph_file import TieFileError, build, people_of, read
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
        ("\n\n", ", line 1: is empty"),
        ("# nothing\n", ": has no ties: every line is a comment"),
        ("a,b\n", ": has no ties below its header"),
        ("a,b\n\n,\n", ": has no ties below its header"),
        ("a\n0\n", ", line 1: expected at least 2 columns, found 1: 'a'"),
        ("a,b,tie,p\n0,1,close,x\n", ", line 2: 'x' is not a strength: a number from 0 to 1"),
        ("a,b,c,d\n0,1,close,x\n", ", line 2: 'x' is not a strength: a number from 0 to 1"),
        ("a,b,c,d\n0,1,close,1\n0,2,,1.5\n", ", line 3: '1.5' is not a strength"),
        ("a,b,c,d\n0,1,close,nan\n", ", line 2: 'nan' is not a strength"),
        ("a,b,weight\n0,1,much\n", ", line 2: 'much' is not a weight: a number"),
        ("a;b;weight\n0;1;1,234\n1;2;2,000\n", ", line 2: '1,234' may be a decimal or thousands"),
        ("a,b\n0,1\n0,1,2\n", "line 3"),
        ("a,b\n0,1\n\n2,x\n", ", line 4: 'x' is not a person: the other people of this file are whole numbers"),
        ("a,b\n0,1\nanna,2\n", ", line 3: 'anna' is not a person"),
        ("a,b\n0,1.0\n", ", line 2: '1.0' is not a person"),
        ("a,b\n-1,0\n", ", line 2: '-1' is not a person"),
        ("a,b\n0,\n", ", line 2: '' is not a person: a name or a whole number"),
        ("a,b\n0\n", ", line 2: '' is not a person"),
        ("a,b\n0,NA\n", ", line 2: 'NA' is not a person"),
        ("a,b\n0,99999999999999999999999\n", ", line 2: '99999999999999999999999' is not a person"),
        ("a,b\n0,1\n2,3\n4,5\n", ": names 6 people, and the scenario has 5 (population.customers + .prospects)"),
        ("a,b\nk,l\nm,n\no,p\n", ": names 6 people, and the scenario has 5"),
        (
            "a,b,tie\n0,1,close\n1,2,friend\n",
            ", line 3: 'friend' is not a class of tie: household, close, acq",
        ),
        ("a,b,tie\n0,1,Close\n", ", line 2: 'Close' is not a class of tie"),
        (b"a,b\n0,1\n\x00\x01", ", line 3: is not text: it holds a zero byte"),
        ("a,b\né,1\n".encode() + b"\xe9,2\n", ", line 3: mixes encodings: line 2 is UTF-8, this line is not"),
        (b"a,b\n\x81,1\n", ", line 2: is not text in UTF-8 nor in Windows-1252"),
        (gzip.compress(b"a,b\n0,1\n", mtime=0)[:-9], ": is packed (gzip) and damaged or cut off"),
        ("% bip unweighted\n1 1\n", ", line 1: ties people to things (bipartite)"),
        ('{"nodes": []}', ", line 1: seems to be JSON, which is not read"),
        ("dl n=3\n1 2\n", ", line 1: seems to be of UCINET"),
        ("*Vertices 2\n*Matrix\n0 1\n", ", line 2: '*Matrix' is a part of Pajek that is not read"),
        ("graph [ node [ id 0 ", ": cannot be read as GML"),
        ("<graphml><graph", ": cannot be read as GraphML"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><graphml/>', ": cannot be read as GraphML: it defines entities"),
        (b"PK\x03\x04rest", ": is a packed file (zip), and no Excel file that can be read"),
        ("a,b,weight\n0,1,-2\n", ": has no ties: no line ties two people with a weight above 0 (lines: 1)"),
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
    monkeypatch.setattr(graph_file, "read_lines", None)  # cannot be read a second time
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


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(TieFileError, match="is a named pipe; expected a file"):
        build(tmp_path / "pipe", 5, CLOSE)


NAMED = [(0, 1, CLOSE), (1, 2, CLOSE)]
FORMS = {
    "comments and tabs": ("# mail\n# FromNodeId\tToNodeId\n0\t1\n1\t2\n", "a table with tabs", []),
    "spaces without header": ("0 1\n1 2\n", "a table with spaces", []),
    "commas without header": ("0,1\n1,2\n", "a table with commas", []),
    "bars": ("van|naar\n0|1\n1|2\n", "a table with bars", []),
    "KONECT": ("% sym unweighted\n% 2 3 3\n0 1\n1 2\n", "KONECT", []),
    "names": ("Source,Target\nAda,Bo\nBo,Cem\n", "a table with commas", ["Ada", "Bo", "Cem"]),
    "names in quotes": ('a;b\n"Lind; A";Bo\nBo;Cem\n', "a table with semicolons", ["Lind; A", "Bo", "Cem"]),
    "names without header": ("Ada,Bo\nBo,Ada\nBo,Cem\n", "a table with commas", ["Ada", "Bo", "Cem"]),
    "large numbers": (
        "a,b\n9007199254740993,9007199254740995\n9007199254740995,9007199254740997\n",
        "a table with commas",
        ["9007199254740993", "9007199254740995", "9007199254740997"],
    ),
    "beyond 64 bits": ("a,b\n" + "9" * 30 + ",x1\nx1,x2\n" * 1, "a table with commas", ["9" * 30, "x1", "x2"]),
    "Pajek": ('*Vertices 3\n1 "Ada"\n2 "Bo"\n3 "Cem"\n*Edges\n1 2\n2 3\n', "Pajek", ["Ada", "Bo", "Cem"]),
    "Pajek without names": ("*Vertices 3\n*Arcs\n1 2 1\n2 3 1\n", "Pajek", []),
    "GML": (
        'graph [ node [ id 7 label "Ada" ] node [ id 8 label "Bo" ] node [ id 9 label "Cem" ]'
        " edge [ source 7 target 8 ] edge [ source 8 target 9 ] ]",
        "GML",
        ["Ada", "Bo", "Cem"],
    ),
    "GraphML": (
        '<?xml version="1.0" encoding="UTF-8"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
        '<graph edgedefault="directed"><node id="Ada"/><node id="Bo"/><node id="Cem"/>'
        '<edge source="Ada" target="Bo"/><edge source="Bo" target="Cem"/></graph></graphml>',
        "GraphML",
        ["Ada", "Bo", "Cem"],
    ),
    "Matrix Market": (
        "%%MatrixMarket matrix coordinate pattern symmetric\n% c\n3 3 2\n0 1\n1 2\n", "Matrix Market", [],
    ),
    "UTF-16": ("a,b\n0,1\n1,2\n".encode("utf-16"), "a table with commas", []),
    "Windows-1252": ("a,b\nZoë,Bo\nBo,Cem\n".encode("cp1252"), "a table with commas", ["Zoë", "Bo", "Cem"]),
    "gzip": (gzip.compress(b"a,b\n0,1\n1,2\n", mtime=0), "a table with commas", []),
    "bzip2": (bz2.compress(b"a,b\n0,1\n1,2\n"), "a table with commas", []),
}  # fmt: skip


@pytest.mark.parametrize(("text", "form", "people"), FORMS.values(), ids=FORMS)
def test_reads_every_form(written, text, form, people):
    file = written(text)
    network, found = read(file, 9, CLOSE)
    check(network)
    shift = 1 if form == "Pajek" and not people else 0
    assert ties_of(network) == [(a + shift, b + shift, kind) for a, b, kind in NAMED]
    assert found.form == form
    assert people_of(file, 9, CLOSE) == people
    assert found.named == len(people)


def test_reads_excel(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    for row in (("van", "naar", "gewicht"), ("Ada", "Bo", 0.8), ("Bo", "Cem", 0.25)):
        book.active.append(row)
    book.save(tmp_path / "ties.xlsx")
    network, found = read(tmp_path / "ties.xlsx", 4, CLOSE)
    assert ties_of(network) == NAMED
    assert network.strengths(1).tolist() == [0.8, 0.25]
    assert (found.form, found.weights, found.named) == ("Excel", "shares", 3)


def test_weights_become_strengths(written):
    """Against the definition: sums of a pair, over the value that a tenth of the pairs exceed, at most 1."""
    file = written(
        "Source;Target;Type;Id;Weight\n0;1;Directed;0;2,5\n1;0;Directed;1;2,5\n1;2;Directed;2;20\n0;2;;3;1\n"
    )
    network, found = read(file, 4, CLOSE)
    strong = np.quantile([5.0, 20.0, 1.0], 0.9)
    assert network.strengths(0).tolist() == [5.0 / strong, 1.0 / strong]
    assert network.strengths(1).tolist() == [5.0 / strong, 1.0]
    assert (found.weights, found.directed, found.ignored, found.repeats) == ("relative", True, "Id", 1)
    assert found.columns == "first = Source, second = Target, weight = Weight"


@pytest.mark.parametrize("text", ["a,b,sign\n0,1,1\n1,2,-1\n2,3,1\n", "% asym signed\n0 1 1 99\n1 2 -1 99\n2 3 1 98\n"])
def test_ties_of_distrust_are_not_used(written, text):
    network, found = read(written(text), 5, CLOSE)
    assert ties_of(network) == [(0, 1, CLOSE), (2, 3, CLOSE)]
    assert (found.lines, found.ties, found.negative, len(network.strength)) == (3, 2, 1, 0)


def test_equal_weights_say_nothing(written):
    network, found = read(written("a,b,weight\n0,1,3\n1,2,3\n"), 5, CLOSE)
    assert (len(network.strength), found.weights) == (0, "")


def test_times_are_not_weights(written):
    network, found = read(written("caller,callee,timestamp\n0,1,1700000000\n0,1,1700000500\n"), 5, CLOSE)
    assert (len(network.strength), found.ties, found.repeats) == (0, 1, 1)


def test_an_address_is_not_fetched():
    with pytest.raises(ValueError, match="cannot be read: No such file"):
        build("http://localhost:9/ties.csv", 5, CLOSE)


@pytest.mark.skipif(not DEEZER.exists(), reason=f"needs {DEEZER}, which is not part of the project")
def test_friendships_of_a_music_service():
    network = build(DEEZER, 41_773, CLOSE)
    check(network)
    assert network.size == 41_773
    assert int(network.degrees().sum()) == 2 * 125_826, "as its authors state (GEMSEC, Rozemberczki et al. 2019)"
    with pytest.raises(ValueError, match="names 41,773 people, and the scenario has 41,772"):
        build(DEEZER, 41_772, CLOSE)
