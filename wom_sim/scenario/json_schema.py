"""The JSON Schema of scenario files, for editors."""

from __future__ import annotations

import sys
from typing import Any

from wom_sim.scenario.models import Scenario

_KEPT = {"name", "kind"}  # what names an item, and what tells networks apart
_PLAIN = {"Run", "Distribution", "Worlds"}  # tables whose numbers are never distributions
_ABOUT = {"default", "description", "unit", "source", "grade", "plausible", "plausible_times", "zero", "rare"}
_ENDLESS = [{"type": "number", "exclusiveMinimum": sys.float_info.max}, {"const": "inf"}]
"""What else a number takes that may be infinite. JSON has no such number; it alone lies above the greatest there is."""
_EXTENDS = {
    "type": "string",
    "minLength": 1,
    "description": "The file that this one builds on, relative to it. Tables are merged, lists replaced; "
    "items of policies, population.segments and media.outlets are merged by name.",
}


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a scenario file.

    A file that ``extends`` another may leave out what that one says. Nothing is therefore required but
    ``name`` of an item and ``kind`` of a network; ``wom-sim validate`` knows what is missing.
    """
    document = _tidy(Scenario.model_json_schema())
    document["properties"] = {"extends": _EXTENDS, **document["properties"]}
    document.pop("required", None)
    del document["properties"]["uncertain"], document["$defs"]["Uncertain"]
    for name, table in document["$defs"].items():
        if name not in _PLAIN:
            table["properties"] = {key: _or_distribution(inner) for key, inner in table["properties"].items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "wom_sim scenario",
        "description": document.pop("description"),
        **{key: value for key, value in document.items() if key != "title"},
    }


def _or_distribution(node: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a key that, if it takes a number, takes a distribution as well."""
    choices = node.get("anyOf", [node])
    if not any(choice.get("type") in ("number", "integer") for choice in choices):
        return node
    about = {word: inner for word, inner in node.items() if word in _ABOUT}
    plain = {word: inner for word, inner in node.items() if word not in _ABOUT}
    endless = _ENDLESS if "endless" in node else []
    return {**about, "anyOf": [*(plain.get("anyOf") or [plain]), *endless, {"$ref": "#/$defs/Distribution"}]}


def _tidy(node: Any, of_keys: bool = False) -> Any:
    """Return the schema without empty notes, made-up titles, required keys. ``of_keys``: a dict by key."""
    if isinstance(node, list):
        return [_tidy(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    if of_keys:
        return {key: _tidy(inner) for key, inner in node.items()}
    kept = {}
    for word, inner in node.items():
        if word == "title" or (word in ("unit", "source", "grade") and not inner):
            continue
        if word == "required":
            inner = [key for key in inner if key in _KEPT]
            if not inner:
                continue
        if word in ("default", "const", "enum", "examples"):
            kept[word] = inner
        else:
            kept[word] = _tidy(inner, of_keys=word in ("properties", "$defs"))
    return kept
