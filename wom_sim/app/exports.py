"""What can be taken out of the page: scenario file, report, deck, workbook, picture, and the page as it stands."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import tomli_w

from wom_sim._extras import need
from wom_sim._files import write_bytes_atomically
from wom_sim.app.files import FILES
from wom_sim.app.folder import NAMES_FILES
from wom_sim.app.messages import Child
from wom_sim.app.state import State, key_of, loaded
from wom_sim.present.drawn import Drawing, drawings
from wom_sim.present.page import render
from wom_sim.present.publish import page_of, slides_of
from wom_sim.present.result_folder import Findings, read
from wom_sim.present.story import story_of
from wom_sim.scenario import ScenarioError, load_scenario, to_toml
from wom_sim.scenario.builtin_copy import own_copy
from wom_sim.scenario.overrides import apply_overrides
from wom_sim.scenario.presets import PREFIX
from wom_sim.scenario.tree import grow, plain
from wom_sim.words import Words

Plain = dict[str, Any]


def export(job: Plain, child: Child) -> None:
    """Make a file of a result that is kept, and say where it lies."""
    state = State(job["base"], tuple(job["set"]), job["runs"], job["lang"])
    place, kind = Path(job["place"]), job["kind"]
    key = job["key"]
    folder = place / "results" / key
    child.tell("progress", done=0, total=0, text=Words(state.lang).say("app.exporting"))
    makers = {
        "report": lambda: page_of(read(folder), state.lang).encode(), "deck": lambda: _deck(folder, state.lang),
        "workbook": lambda: _workbook(folder, state.lang), "picture": lambda: _picture(read(folder), state.lang),
        "scenario": lambda: scenario_text(state, job["file"]).encode(),
        "frozen": lambda: frozen(place, key, state, job["file"]).encode(),
    }  # fmt: skip
    content = makers[kind]()
    child.check()
    target = place / "exports" / f"{key}-{state.lang}" / FILES[kind][0]
    target.parent.mkdir(parents=True, exist_ok=True)
    write_bytes_atomically(target, content)
    child.end("exported", kind=kind, key=key)


def _deck(folder: Path, lang: str) -> bytes:
    need("pptx")
    return slides_of(read(folder), lang)


def _picture(found: Findings, lang: str) -> bytes:
    """Return the chart of net value with a dot a run, else the one of extra departures, as PNG."""
    for name in ("paired", "departures"):
        for each in drawings(story_of(found, lang), [name]):
            if isinstance(each, Drawing):
                return each.png()
    raise ValueError("this result allows no chart")


def _workbook(folder: Path, lang: str) -> bytes:
    need("xlsxwriter")
    from wom_sim.present.workbook import workbook

    return workbook(read(folder), lang)


def scenario_text(state: State, file: str) -> str:
    """Return a scenario file that says what the state says: what was stated and what was changed, and no defaults.

    Where changes reach into what the file extends, what it extends is written out; where that would say something else,
    every key is.
    """
    wanted = loaded(state, file)
    head = f"# {state.command(file)}\n\n"
    for make in (_short, _inherited):
        try:
            text = head + make(state, file)
            made = _read(text)
            if key_of(made) == key_of(wanted) and made.worlds.known == wanted.worlds.known:
                return text
        except ScenarioError:
            continue
    return head + to_toml(wanted)


def _short(state: State, file: str) -> str:
    """Return the file itself with the changes in it."""
    text = own_copy(file)[1] if file.startswith(PREFIX) else Path(file).read_text(encoding="utf-8-sig")
    table = tomllib.loads(text)
    above = table.get("extends")
    if isinstance(above, str) and not above.startswith(PREFIX):
        table["extends"] = str((Path(file).parent / above).resolve())
    for head, key in NAMES_FILES:
        if isinstance(table.get(head), dict) and isinstance(table[head].get(key), str):
            table[head][key] = str((Path(file).parent / table[head][key]).resolve())
    return _with_changes(grow(table, file), state)


def _inherited(state: State, file: str) -> str:
    """Return the file with all that it extends and the changes in it."""
    from wom_sim.scenario.reading import read as read_tree

    return _with_changes(read_tree(file), state)


def _with_changes(root: Any, state: State) -> str:
    changed, faults = apply_overrides(root, [*state.changes, f"run.replications={state.runs}"])
    if faults:
        raise ScenarioError(faults)
    return tomli_w.dumps(plain(changed))


def _read(text: str) -> Any:
    """Return the scenario of a text."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        made = Path(folder) / "scenario.toml"
        made.write_text(text, encoding="utf-8")
        return load_scenario(made)


def frozen(place: Path, key: str, state: State, file: str) -> str:
    """Return the page as it stands: one file without script that needs no other and no network."""
    words = Words(state.lang)
    events = json.loads((place / "pages" / f"{key}-{state.lang}.json").read_text(encoding="utf-8"))
    found = events[0]
    return render("frozen.html.j2", words, {
        "title": words.say("app.frozen_title"), "headline": found["headline"], "found": found,
        "printed": words.say("app.frozen_note"), "changes": list(state.changes), "command": state.command(file),
        "charts": [each for each in events if each["event"] == "chart"],
        "sections": [(n, words.say(f"app.frozen.{n}")) for n in ("verdict", "pictures", "changed")],
    }, "wom_sim.app")  # fmt: skip
