"""A replication package: all that a reader needs to see what was done and to make a sample of it again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from wom_sim.present.citation import cite
from wom_sim.present.crate import METADATA, crate_text
from wom_sim.present.odd import odd_page
from wom_sim.results.archive import write_archive
from wom_sim.results.environment import lock_text
from wom_sim.results.folder import SCENARIO, FolderError, ResultFolder, opened
from wom_sim.results.provenance import provenance
from wom_sim.results.seal import content_hash, seal_of
from wom_sim.scenario import Scenario
from wom_sim.scenario.inputs import KEYS as KEYS_OF_FILES
from wom_sim.scenario.inputs import inputs_of
from wom_sim.study.verify import FORMAT, LOCK, PACK, RESULT, check_made_here

KINDS = ("comparison", "worlds", "study")
"""Kinds of results that can be packed: those whose runs can be made again one by one."""
_STUDY = ("study.toml", SCENARIO, "design.csv", "table.parquet", "table.csv")
_ALSO = ("failures.csv",)
_LEFT_OUT = ("events.parquet",)
"""Large, and made again from the seeds."""
_MEANINGS = {
    f"{RESULT}/{SCENARIO}": "the scenario, every key written out", f"{RESULT}/study.toml": "what was varied, and how",
    f"{RESULT}/table.parquet": "a row for each run: point, policy, replication, factors, indicators",
    f"{RESULT}/worlds.parquet": "a row for each world: the numbers that were drawn for it",
    f"{RESULT}/verdicts.csv": "for each policy the share of worlds in which it is best, and regret",
    f"{RESULT}/replications.parquet": "a row for each run: policy, replication, seed, indicators",
    f"{RESULT}/summary.csv": "mean, 95 % interval and quantiles by policy and indicator",
    "ODD.md": "the ODD protocol of this scenario", LOCK: "the packages with which the runs were made",
    "README.md": "what is here, and how to make it again", "citation.bib": "how to cite the software and this result",
}  # fmt: skip


class Packed(NamedTuple):
    """What was written: the file, its SHA-256, the names in it, and the files that it does not hold (key: path)."""

    path: Path
    sha256: str
    names: list[str]
    left_out: dict[str, Path]


def pack(folder: Path, out: Path, *, with_inputs: bool = False) -> Packed:
    """Write the replication package of a comparison, also over worlds, or of a study.

    Parameters
    ----------
    folder : path
        What ``wom-sim compare --out`` or ``wom-sim sweep run --out`` wrote.
    out : path
        The zip; an existing file is replaced.
    with_inputs : bool
        Whether the files that the scenario reads (customers, ties) go in as well. They may be about real people.

    Raises
    ------
    FolderError
        If the folder holds no such result, or one that this version would not make again.
    """
    found = opened(folder, KINDS)
    scenario = found.scenario
    members: dict[str, bytes | Path] = {f"{RESULT}/{name}": folder / name for name in _names(found)}
    inputs = inputs_of(scenario)
    check_made_here(found, scenario)
    if with_inputs:
        members |= {f"inputs/{path.name}": path for path in inputs.values()}
    run = _run(found, scenario)
    texts = {
        "ODD.md": odd_page(scenario), LOCK: lock_text(scenario), "citation.bib": cite("bibtex", run),
        "CITATION.cff": cite("cff", run), "README.md": _readme(run, {} if with_inputs else inputs),
    }  # fmt: skip
    members |= {name: text.encode() for name, text in texts.items()}
    members[METADATA] = crate_text(run | {"question": scenario.question}, sorted(members), _MEANINGS).encode()
    members[PACK] = _index(run, members).encode()
    sha256 = write_archive(out, members)
    return Packed(out, sha256, sorted(members), {} if with_inputs else dict(inputs))


def _names(found: ResultFolder) -> list[str]:
    """Return the files of a result that go into its pack, by name within the folder."""
    if found.kind.name == "study":
        gone = [name for name in _STUDY if not (found.path / name).is_file()]
        if gone:
            raise FolderError(f"{found.path}: {gone[0]} is missing; run the study to its end first")
        varied = (found.path / "design.csv").read_text(encoding="utf-8").partition("\n")[0]
        if any(key in varied for key in KEYS_OF_FILES):
            raise FolderError(f"{found.path}: a study over several files of customers or ties cannot be packed")
        also = [name for name in _ALSO if (found.path / name).is_file()]
        analysis = sorted(p.relative_to(found.path).as_posix() for p in (found.path / "analysis").glob("*.*"))
        return [*_STUDY, *also, *(name for name in analysis if not name.rpartition("/")[2].startswith("."))]
    missing = found.missing()
    if missing:
        raise FolderError(f"{found.path}: {missing[0]} is missing; run it again")
    names = [name for name in found.files or [] if name not in _LEFT_OUT and (found.path / name).is_file()]
    return [*names, "run.json"]


def _run(found: ResultFolder, scenario: Scenario) -> dict[str, Any]:
    """Return what made a result, for its index; of a study, which has no run.json, as it is known here."""
    here = provenance(scenario, [])
    noted: Mapping[str, Any] = found.run or here | {"written": _moment(found.path / "table.parquet")}
    keys = ("scenario", "fingerprint", "wom_sim", "model", "commit", "python", "platform", "packages", "written")
    inputs = {key: {"file": path.name, "sha256": content_hash(path)} for key, path in inputs_of(scenario).items()}
    return {"kind": found.kind.name} | {key: noted.get(key, here.get(key)) for key in keys} | {"inputs": inputs}


def _moment(file: Path) -> str:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC).isoformat(timespec="seconds")


def _index(run: Mapping[str, Any], members: Mapping[str, bytes | Path]) -> str:
    """Return the index of a pack: what made it, and the SHA-256 of every other file, sealed by one of its own."""
    import hashlib

    def hash_of(given: bytes | Path) -> str | None:
        return hashlib.sha256(given).hexdigest() if isinstance(given, bytes) else content_hash(given)

    whole = {"format": FORMAT, **run, "sha256": {name: hash_of(members[name]) for name in sorted(members)}}
    return json.dumps(whole | {"sealed": seal_of(whole)}, indent=2) + "\n"


def _readme(run: Mapping[str, Any], left_out: Mapping[str, Path]) -> str:
    """Return the page that a reader opens first."""
    lines = [
        f"# Replication package: {run['scenario']}", "",
        f"Made with wom_sim {run['wom_sim']} (model {run['model']}), Python {run['python']}, {run['platform']}.", "",
        "* `result/`: the scenario, what was varied, and the tables.",
        "* `ODD.md`: the model as it is here. `citation.bib`, `CITATION.cff`: how to cite it.",
        "* `environment.txt`: the packages. `ro-crate-metadata.json`: what each file is, for machines.",
        "* `pack.json`: the SHA-256 of every file.", "",
        "To make a sample of the runs again and compare them with the tables:", "",
        "    pip install -r environment.txt", "    wom-sim verify PACK.zip", "",
    ]  # fmt: skip
    if left_out:
        lines += ["These files are not in it, and are needed to make the runs again:", ""]
        lines += [f"* `{path.name}` ({key})" for key, path in left_out.items()]
        lines += ["", "Give the folder in which they are: `wom-sim verify PACK.zip --inputs FOLDER`.", ""]
    return "\n".join(lines)
