"""A replication package: whole, the same bytes for the same content, equal when run again; what differs is refused."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small import two_policies

from wom_sim import __version__, sweep
from wom_sim.cli import main
from wom_sim.present.citation import cite
from wom_sim.present.crate import METADATA
from wom_sim.present.packing import pack
from wom_sim.results.archive import PackError, read_archive, write_archive
from wom_sim.results.folder import FolderError
from wom_sim.results.seal import seal_of
from wom_sim.study.verify import PACK, NotEqualError, verify

ROOT = Path(__file__).parents[2]
DOUBT = """
[media]
rule = "level"
[worlds]
draw_from = "ranges"
doubt = ["behaviour.talking.p_retell"]
"""
STUDY = """
name = "packed"
scenario = "scenario.toml"
replications = 2
outputs = ["net_value", "reached"]
[[factors]]
key = "choose.limit"
values = [5, 15]
"""


def asked(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    return int(ended.value.code or 0)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with a comparison, one over worlds, a study, and the pack of each."""
    place = tmp_path_factory.mktemp("packed")
    (place / "scenario.toml").write_text(two_policies(400, 60, 15))
    (place / "study.toml").write_text(STUDY)
    out = str(place / "cmp")
    assert asked("compare", str(place / "scenario.toml"), "--replications", "2", "--workers", "1", "--out", out) == 0
    (place / "doubt.toml").write_text(two_policies(400, 60, 15) + DOUBT)
    over = ["--worlds", "4", "--replications", "2", "--workers", "1", "--out", str(place / "over")]
    assert asked("compare", str(place / "doubt.toml"), *over) == 0
    sweep(place / "study.toml", out=place / "swept", workers=1, where="threads")
    pack(place / "cmp", place / "cmp.zip")
    pack(place / "over", place / "over.zip")
    pack(place / "swept", place / "swept.zip")
    return place


@pytest.mark.science
@pytest.mark.parametrize(("name", "runs"), [("cmp", 6), ("over", 24), ("swept", 8)])
def test_a_sample_is_made_again_and_is_equal(made, name, runs):
    found = verify(made / f"{name}.zip", runs=3)
    assert (found.runs, len(found.again), found.apart) == (runs, 3, 0.0)
    assert found.sha256 == hashlib.sha256((made / f"{name}.zip").read_bytes()).hexdigest()


@pytest.mark.science
def test_a_run_over_worlds_is_made_again_in_its_world(made, tmp_path):
    said = []
    assert verify(made / "over.zip", runs=24, tell=said.append).again[-1] == "world 3, exit, replication 1"
    worlds = pd.read_parquet(made / "over" / "worlds.parquet")
    assert len(worlds) == 4
    assert not np.allclose(worlds["behaviour.talking.p_retell"], worlds["behaviour.talking.p_retell"][0])

    def other(members):
        file = io.BytesIO()
        worlds.assign(**{"behaviour.talking.p_retell": 0.9}).to_parquet(file)
        members["result/worlds.parquet"] = file.getvalue()

    with pytest.raises(NotEqualError, match=r"world 0, .*when run again"):
        verify(changed(made, tmp_path / "other.zip", other, of="over"), runs=24)

    def gone(members):
        file = io.BytesIO()
        worlds.iloc[:1].to_parquet(file)
        members["result/worlds.parquet"] = file.getvalue()

    with pytest.raises(PackError, match=r"has no world [123]"):
        verify(changed(made, tmp_path / "gone.zip", gone, of="over"), runs=24)


@pytest.mark.science
def test_the_same_result_gives_the_same_bytes(made, drawn_anew):
    assert pack(made / "cmp", made / "again.zip").sha256 == verify(made / "cmp.zip", runs=0).sha256


def test_what_is_in_it(made):
    with zipfile.ZipFile(made / "swept.zip") as archive:
        names = set(archive.namelist())
        index = json.loads(archive.read(PACK))
        lock = archive.read("environment.txt").decode()
        odd = archive.read("ODD.md").decode()
        crate = json.loads(archive.read(METADATA))
    results = {f"result/{name}" for name in ("scenario.toml", "study.toml", "design.csv", "table.parquet", "table.csv")}
    assert names == results | {
        PACK, METADATA, "ODD.md", "README.md", "environment.txt", "citation.bib", "CITATION.cff",
    }  # fmt: skip
    assert set(index["sha256"]) == names - {PACK}
    assert f"wom-sim=={__version__}\n" in lock
    assert "numba==" in lock
    assert [line for line in odd.splitlines() if line.startswith("## ")] == [
        "## 1. Purpose and patterns", "## 2. Entities, state variables and scales",
        "## 3. Process overview and scheduling", "## 4. Design concepts", "## 5. Initialization", "## 6. Input data",
        "## 7. Submodels",
    ]  # fmt: skip
    assert "| customers | 400 |" in odd
    assert "| exit | paid_exit | payment = 200 |" in odd
    by_id = {entry["@id"]: entry for entry in crate["@graph"]}
    assert by_id[METADATA]["about"] == {"@id": "./"}
    assert {part["@id"] for part in by_id["./"]["hasPart"]} == names - {PACK, METADATA}
    assert all(part["@id"] in by_id for part in by_id["./"]["hasPart"])


def test_the_metadata_are_read_by_the_library_of_ro_crate(made, tmp_path):
    rocrate = pytest.importorskip("rocrate.rocrate")
    read_archive(made / "cmp.zip", tmp_path)
    crate = rocrate.ROCrate(tmp_path)
    assert "Small" in crate.name
    assert {entity.id for entity in crate.data_entities} >= {"result/summary.csv", "ODD.md"}


def changed(made: Path, target: Path, change, seal: bool = True, of: str = "cmp") -> Path:
    """Write a pack in which ``change(members)`` changed the content by name; its index is made anew if ``seal``."""
    with zipfile.ZipFile(made / f"{of}.zip") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    if seal:
        index = json.loads(members.pop(PACK))
        index["sha256"] = {name: hashlib.sha256(members[name]).hexdigest() for name in sorted(members)}
        said = {key: value for key, value in index.items() if key != "sealed"}
        members[PACK] = (json.dumps(said | {"sealed": seal_of(said)}, indent=2) + "\n").encode()
    write_archive(target, members)
    return target


def test_what_was_changed_is_refused(made, tmp_path):
    def spoil(members):
        members["result/summary.csv"] += b" "

    def add(members):
        members["result/more.csv"] = b"1"

    def lose(members):
        del members["ODD.md"]

    def turn(members):
        members[PACK] = members[PACK].replace(b'"kind": "comparison"', b'"kind": "study"')

    for n, (change, said) in enumerate((
        (spoil, "result/summary.csv is not as it was packed"), (add, "'result/more.csv' is not on its list"),
        (lose, "ODD.md is missing"), (turn, "pack.json is not as it was written"),
    )):  # fmt: skip
        with pytest.raises(PackError, match=said):
            verify(changed(made, tmp_path / f"{n}.zip", change, seal=False), runs=0)


def test_runs_that_are_not_those_of_the_table_are_told(made, tmp_path, capsys):
    import io

    import pandas as pd

    def lie(members):
        table = pd.read_parquet(io.BytesIO(members["result/replications.parquet"]))
        table.loc[table["policy"] == "letter", "reached"] += 1.0
        buffer = io.BytesIO()
        table.to_parquet(buffer)
        members["result/replications.parquet"] = buffer.getvalue()

    lying = changed(made, tmp_path / "lying.zip", lie)
    with pytest.raises(NotEqualError, match=r"letter, replication \d: reached is .* in the pack, and .* again"):
        verify(lying, runs=6)
    assert asked("verify", str(lying), "--runs", "6") == 1
    assert "Traceback" not in capsys.readouterr().err


def test_another_model_is_refused_in_words(made, tmp_path):
    def older(members):
        members[PACK] = members[PACK].replace(json.loads(members[PACK])["model"].encode(), b"0123456789abcdef")

    other = changed(made, tmp_path / "other.zip", older)
    with pytest.raises(PackError, match=r"was made with wom_sim .*, model 0123456789abcdef; here is"):
        verify(other, runs=1)
    assert verify(other, runs=0).again == [], "its files can be checked anywhere"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../out.txt", "leads out"), ("/etc/out.txt", "leads out"), ("a/../../out.txt", "leads out"),
        ("C:/out.txt", "leads out"), ("a\\..\\out.txt", "leads out"), ("nul.txt", "no file may have"),
        ("a/b\x07", "no file may have"), ("trailing.", "no file may have"), ("x" * 300, "too long"),
    ],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_not_unpacked(tmp_path, name, said):
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        archive.writestr("good.txt", "good")
        info = zipfile.ZipInfo("x")
        info.filename = name
        archive.writestr(info, "bad")
    inside = tmp_path / "inside"
    inside.mkdir()
    with pytest.raises(PackError, match=said):
        read_archive(tmp_path / "bad.zip", inside)
    assert not list(inside.iterdir()), "nothing at all"
    assert not (tmp_path / "out.txt").exists()


def test_links_bombs_and_doubles_are_not_unpacked(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(40 * 2**20))
    with zipfile.ZipFile(tmp_path / "large.zip", "w") as archive:
        archive.writestr("large", bytes(2000))
    with zipfile.ZipFile(tmp_path / "twice.zip", "w") as archive:
        archive.writestr("a", "1")
        archive.writestr("A", "2")
    (tmp_path / "none.zip").write_text("no zip")
    for name, said in (
        ("link", "is a link"), ("bomb", "would grow 400 times"), ("large", "allowed"), ("twice", "is there twice"),
        ("none", "is no pack, or damaged"), ("gone", "no such file"),
    ):  # fmt: skip
        with pytest.raises(PackError, match=said):
            read_archive(tmp_path / f"{name}.zip", inside, most_bytes=1000 if name == "large" else 2**30)
    assert not list(inside.iterdir())


def test_a_member_that_is_larger_than_it_says_is_stopped(tmp_path):
    with zipfile.ZipFile(tmp_path / "liar.zip", "w") as archive:
        archive.writestr("liar", b"x" * 5000)
    content = (tmp_path / "liar.zip").read_bytes()
    at = content.rindex(b"PK\x01\x02") + 24  # the stated size, in the central directory
    (tmp_path / "liar.zip").write_bytes(content[:at] + (100).to_bytes(4, "little") + content[at + 4 :])
    inside = tmp_path / "inside"
    inside.mkdir()
    with pytest.raises(PackError):
        read_archive(tmp_path / "liar.zip", inside)
    assert sum(file.stat().st_size for file in inside.iterdir()) <= 101


def test_commands_say_what_is_wrong(made, tmp_path, capsys):
    for words, said in (
        (("pack", str(tmp_path)), "holds no"),
        (("pack", str(made / "cmp"), "--out", str(tmp_path / "x.tar")), "a file ending in .zip"),
        (("verify", str(tmp_path / "gone.zip")), "no such file"),
        (("verify", str(made / "cmp.zip"), "--runs", "-1"), "--runs: given -1"),
        (("verify", str(made / "cmp.zip"), "--most", "0"), "--most: given 0"),
        (("cite", "--format", "ris"), "--format: given 'ris', allowed: text, bibtex, cff"),
    ):
        assert asked(*words) == 4
        assert said in capsys.readouterr().err
    with pytest.raises(FolderError):
        pack(made, tmp_path / "x.zip")


def test_the_citation_is_that_of_the_repository(made, capsys):
    said = (ROOT / "CITATION.cff").read_text()
    for line in cite("cff").splitlines():
        assert line in said, line
    assert asked("cite", str(made / "cmp")) == 0
    run = json.loads((made / "cmp" / "run.json").read_text())
    assert run["fingerprint"] in capsys.readouterr().out
    assert cite("bibtex").startswith("@software{wom_sim,")
