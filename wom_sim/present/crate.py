"""RO-Crate metadata of a pack (version 1.1): what each file is, what made it, under which licence.

Written by hand: it is one JSON document with a dozen kinds of entries, the same for the same content, where the library
``rocrate`` brings an HTTP client and writes the time of the day into it. A test reads it with that library.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from wom_sim.present.citation import AUTHORS, KEYWORDS, LICENSE, TITLE

METADATA = "ro-crate-metadata.json"
_CONTEXT = "https://w3id.org/ro/crate/1.1/context"
_CONFORMS = "https://w3id.org/ro/crate/1.1"
_LICENSE = f"https://spdx.org/licenses/{LICENSE}"
_FORMATS = {
    ".csv": "text/csv", ".parquet": "application/vnd.apache.parquet", ".json": "application/json",
    ".toml": "application/toml", ".md": "text/markdown", ".png": "image/png", ".svg": "image/svg+xml",
    ".txt": "text/plain", ".cff": "text/yaml", ".npz": "application/octet-stream", ".html": "text/html",
}  # fmt: skip


def crate_text(run: Mapping[str, Any], files: Sequence[str], meanings: Mapping[str, str]) -> str:
    """Return the metadata of a pack.

    ``run``: what made the result (``scenario``, ``question``, ``wom_sim``, ``model``, ``python``, ``written``);
    ``files``: names in the pack; ``meanings``: what some of them are.
    """
    authors = [{"@id": f"#author-{n}", "@type": "Organization", "name": name} for n, name in enumerate(AUTHORS)]
    graph: list[dict[str, Any]] = [
        {
            "@id": METADATA, "@type": "CreativeWork", "conformsTo": {"@id": _CONFORMS}, "about": {"@id": "./"},
        },
        {
            "@id": "./", "@type": "Dataset", "name": f"{run['scenario']}: a simulation with wom_sim",
            "description": run.get("question") or f"Scenario, study, tables and versions of \"{run['scenario']}\".",
            "datePublished": str(run.get("written", "")), "license": {"@id": _LICENSE}, "keywords": ", ".join(KEYWORDS),
            "hasPart": [{"@id": name} for name in files], "mentions": {"@id": "#run"},
        },
        *(_file(name, meanings.get(name, "")) for name in files),
        {
            "@id": "#run", "@type": "CreateAction", "name": "the runs", "instrument": {"@id": "#wom_sim"},
            "object": [{"@id": name} for name in files if name.endswith(".toml")],
            "result": [{"@id": name} for name in files if name.endswith((".csv", ".parquet"))],
            "endTime": str(run.get("written", "")),
        },
        {
            "@id": "#wom_sim", "@type": "SoftwareApplication", "name": TITLE, "version": str(run.get("wom_sim", "")),
            "softwareVersion": f"model {run.get('model', '')}", "license": {"@id": _LICENSE},
            "softwareRequirements": {"@id": "environment.txt"}, "author": [{"@id": a["@id"]} for a in authors],
        },
        *authors,
        {"@id": _LICENSE, "@type": "CreativeWork", "name": LICENSE},
    ]  # fmt: skip
    return json.dumps({"@context": _CONTEXT, "@graph": graph}, indent=2, ensure_ascii=False) + "\n"


def _file(name: str, meaning: str) -> dict[str, Any]:
    kind = _FORMATS.get(PurePosixPath(name).suffix, "application/octet-stream")
    found: dict[str, Any] = {"@id": name, "@type": "File", "name": PurePosixPath(name).name, "encodingFormat": kind}
    return found | ({"description": meaning} if meaning else {})
