"""What the two pages place: the start, and the page of a state with its levers, empty until the first runs come."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from wom_sim import _builtin
from wom_sim.app.files import FILES
from wom_sim.app.folder import GIVEN, Folder
from wom_sim.app.levers import MOST_IN_SIGHT, MOST_POLICIES, Control, Controls, controls
from wom_sim.app.state import State, loaded
from wom_sim.policies import POLICIES
from wom_sim.present.page import render
from wom_sim.scenario.presets import PREFIX, preset_names
from wom_sim.scenario.questions import QUESTIONS, WAYS, Trade
from wom_sim.scenario.translation import told_in, words_for
from wom_sim.words import EVERY, Words, sentence

Plain = dict[str, Any]
_SCRIPT = (
    "failed", "cancelled", "died", "go_on", "pale", "final", "waiting", "no_map", "pinned", "pin", "unpin", "too_long",
    "saved", "play", "pause", "trail_none", "too_many", "exporting",
)  # fmt: skip
"""Texts that the script of the page says."""


@cache
def shipped(lang: str) -> list[tuple[str, str, str, str]]:
    """Return base, name and question of each scenario that comes with the program, and in which language it tells them.

    Limits of the model have no page.
    """
    found = []
    for name, file in _builtin.files("scenarios").items():
        said = tomllib.loads(file.read_text(encoding="utf-8"))
        if "policies" in said and not name.startswith("limits/"):
            own = said.get("texts", {}).get(lang, {})
            texts = [str(own.get(text, said.get(text, ""))) for text in ("name", "question")]
            found.append((f"{PREFIX}{name}", texts[0] or name, texts[1], lang if own else "en"))
    return found


def start_page(folder: Folder, lang: str, user: str) -> str:
    """Return the page on which one begins: a question each, a shipped case, or a scenario of one's own."""
    words = Words(lang)
    say = words.say
    questions = [{"place": q.place, "words": say(f"app.question.{q.place}")} for q in QUESTIONS]
    own = [(name, name) for name in folder.own()]
    if folder.given is not None:
        own.insert(0, (GIVEN, say("app.given")))
    usual = {
        name: {q.place: f"{value:.4g}" for q in QUESTIONS if (value := Trade.named(name).typical(q)) is not None}
        for name in preset_names()
    }
    return render("start.html.j2", words, {
        "usual": json.dumps(usual),
        "shipped": shipped(lang), "own": own, "trades": preset_names(), "questions": questions,
        "ways": [(way, say(f"app.way.{way}")) for way in WAYS],
        "bases": folder.bases(), "user": user, "texts": _texts(words),
        "others": _others(lang, lambda other: f"./?lang={other}"),
    }, "wom_sim.app")  # fmt: skip


def _others(lang: str, address: Callable[[str], str]) -> list[dict[str, str]]:
    """Return for each other language what it calls itself, and where the same page is in it."""
    return [
        {"lang": other, "name": Words(other).say("app.language"), "address": address(other)}
        for other in EVERY if other != lang
    ]  # fmt: skip


def _texts(words: Words) -> dict[str, str]:
    return {name: words.say(f"app.script.{name}", n="{n}") for name in _SCRIPT}


def state_page(state: State, folder: Folder, user: str) -> str:
    """Return the page of a state. Raises ScenarioError where the address says what cannot be."""
    file = folder.file_of(state.base)
    before, scenario = loaded(State(state.base), file), loaded(state, file)
    words, told = words_for(scenario, state.lang), told_in(scenario, state.lang)
    found = controls(scenario, before, words)
    policies = [_column(scenario, policy, found, words) for policy in scenario.policies]
    people = scenario.population.customers + scenario.population.prospects
    return render("page_of_state.html.j2", words, {
        "name": told.name, "question": told.question, "state": state, "policies": policies,
        "of_all": found.of_all, "unknown": found.unknown, "money": found.money, "user": user,
        "most": MOST_POLICIES, "uses": [(use, sentence(words.policy(use))) for use in POLICIES if use != "keep"],
        "people": words.say("app.people", people=words.number(people)),
        "others": _others(state.lang, lambda other: f"whatif?{replace(state, lang=other).query()}"),
        "told": state.lang if told.question != scenario.question else "en",
        "data": json.dumps({
            "state": {"base": state.base, "set": list(state.changes), "runs": state.runs, "lang": state.lang},
            "texts": _texts(words),
        }),
        "texts": _texts(words), "command": state.command(file),
        "exports": [(kind, words.say(f"app.export.{kind}")) for kind in FILES],
    }, "wom_sim.app")  # fmt: skip


def _column(scenario: Any, policy: Any, found: Controls, words: Words) -> Plain:
    """Return a column: the policy, what it does, its levers in sight and the others."""
    levers: list[Control] = found.policies[policy.name]
    return {
        "name": policy.name, "title": sentence(words.policy(policy.name)),
        "does": words.say(f"report.does.{policy.use}") if policy.use in POLICIES else policy.use,
        "first": levers[:MOST_IN_SIGHT], "rest": levers[MOST_IN_SIGHT:],
    }  # fmt: skip
