"""How the software and a result made with it are cited: in words, as BibTeX, and as a citation file (CFF).

``CITATION.cff`` says the same of the software alone; a test holds them together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from wom_sim import __version__

TITLE = "wom_sim: word of mouth after letting customers go, simulated person by person"
AUTHORS = ("The wom_sim founders",)
RELEASED = "2026-11-21"
LICENSE = "MIT"
KEYWORDS = ("word of mouth", "customer divestment", "churn", "agent-based model")
FORMS = ("text", "bibtex", "cff")


def cite(form: str = "text", run: Mapping[str, Any] | None = None) -> str:
    """Return the citation of the software; with ``run`` (a ``run.json``) also which version made that result.

    Raises
    ------
    ValueError
        For a form that there is not.
    """
    if form not in FORMS:
        raise ValueError(f"--format: given {form!r}, allowed: {', '.join(FORMS)}")
    version = __version__ if run is None else str(run.get("wom_sim", __version__))
    return {"text": _text, "bibtex": _bibtex, "cff": _cff}[form](version, _about(run))


def _about(run: Mapping[str, Any] | None) -> str:
    """Return what identifies a result: model, scenario, commit; "" without one."""
    if run is None:
        return ""
    said = f'model {run.get("model", "?")}, scenario "{run.get("scenario", "?")}" ({run.get("fingerprint", "?")})'
    commit = run.get("commit")
    return said if commit in (None, "unknown") else f"{said}, commit {commit}"


def _text(version: str, about: str) -> str:
    head = f"{', '.join(AUTHORS)} ({RELEASED[:4]}). {TITLE} (version {version}) [Computer software]."
    return f"{head} Result: {about}.\n" if about else f"{head}\n"


def _bibtex(version: str, about: str) -> str:
    fields = {
        "author": "{" + "} and {".join(AUTHORS) + "}", "title": "{" + TITLE.replace("_", r"\_") + "}",
        "year": RELEASED[:4], "version": version,
    }  # fmt: skip
    if about:
        fields["note"] = about.replace("_", r"\_").replace("&", r"\&").replace("%", r"\%").replace("#", r"\#")
    inner = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@software{{wom_sim,\n{inner}}}\n"


def _cff(version: str, about: str) -> str:
    message = "If you use this software, please cite it as below."
    lines = [
        "cff-version: 1.2.0", f"message: {json.dumps(message)}", f"title: {json.dumps(TITLE)}", "type: software",
        f"version: {version}", f"date-released: {RELEASED}", f"license: {LICENSE}", "authors:",
        *(f"  - name: {json.dumps(name)}" for name in AUTHORS), "keywords:", *(f"  - {word}" for word in KEYWORDS),
    ]  # fmt: skip
    if about:
        lines.append(f"abstract: {json.dumps('Result: ' + about)}")
    return "\n".join(lines) + "\n"
