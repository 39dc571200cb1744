"""``wom-sim show scenarios``, ``examples`` and ``docs``: what comes with the program, and the text of one of it."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import typer

from wom_sim.cli.ending import BAD_SCENARIO, give_up

HOW = {
    "scenarios": "To run one: wom-sim compare builtin:first_look. To read one: wom-sim show scenarios first_look. "
    "To change one: wom-sim new --from first_look",
    "examples": "To have one in this folder: wom-sim new --from 01_compare_and_decide",
    "docs": "To read one: wom-sim show docs studies. A section that a source cites, as in EVIDENCE 12: "
    'wom-sim show docs "evidence 12"',
}
"""What can be done with each kind, below its list."""
_HEADING = re.compile(r"(#+) (?:(\d+(?:\.\d+)*)\.? )?")


def brought(kind: str) -> list[dict[str, Any]]:
    """Return each file of a kind: name, a line on it, where it is."""
    from wom_sim._builtin import files

    line = {"scenarios": _of_scenario, "examples": _of_notebook, "docs": _of_page}[kind]
    found = []
    for name, file in files(kind).items():
        title, summary = line(file.read_text(encoding="utf-8"))
        found.append({"name": name, "title": title, "summary": summary, "file": str(file)})
    return found


def text_of(kind: str, name: str) -> list[dict[str, Any]]:
    """Return the text of one file; ends with a clear word where there is none of that name."""
    from wom_sim._builtin import files
    from wom_sim.scenario.errors import did_you_mean, visible
    from wom_sim.scenario.presets import PREFIX

    there = files(kind)
    bare = name.removeprefix(PREFIX).lower()
    page, _, section = bare.partition(" ")
    if kind == "docs" and section and page in there:
        text = _section(there[page].read_text(encoding="utf-8"), page, section)
        return [{"name": bare, "file": str(there[page]), "text": text}]
    if bare not in there:
        hint = did_you_mean(bare, there)
        words = f"show {kind}: given '{visible(name)}', allowed: what wom-sim show {kind} lists"
        give_up(f"{words}; {hint}" if hint else words, BAD_SCENARIO)
    return [{"name": bare, "file": str(there[bare]), "text": there[bare].read_text(encoding="utf-8")}]


def _section(text: str, page: str, number: str) -> str:
    """Return the section whose heading begins with a number, as in "evidence 12"; ends where there is none."""
    from wom_sim.scenario.errors import visible

    lines, heads, fenced = text.splitlines(keepends=True), [], False
    for place, line in enumerate(lines):
        fenced ^= line.startswith("```")
        found = None if fenced else _HEADING.match(line)
        if found:
            heads.append((place, len(found[1]), found[2]))
    numbered = [head for head in heads if head[2]]
    begins = next((head for head in numbered if head[2] == number), None)
    if begins is None:
        allowed = ", ".join(head[2] for head in numbered) or f"none, as those of {page} have no numbers"
        give_up(f"show docs: given section '{visible(number)}' of {page}, allowed: {allowed}", BAD_SCENARIO)
    ends = next((place for place, level, _ in heads if place > begins[0] and level <= begins[1]), len(lines))
    return "".join(lines[begins[0] : ends])


def draw_text(entries: Any) -> None:
    """Print a text as it is."""
    for entry in entries:
        typer.echo(entry["text"], nl=False)


def _of_scenario(text: str) -> tuple[str, str]:
    said = tomllib.loads(text)
    return said["name"], said.get("question", "")


def _of_notebook(text: str) -> tuple[str, str]:
    from wom_sim._builtin import first_line

    return first_line("".join(json.loads(text)["cells"][0]["source"])), ""


def _of_page(text: str) -> tuple[str, str]:
    from wom_sim._builtin import first_line

    return first_line(text), ""
