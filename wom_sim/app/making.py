"""What is made on the page: a scenario from answers or from a text, and policies with one more or one less."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from wom_sim.app.folder import MOST_BYTES, Folder, check_files_named
from wom_sim.app.levers import MOST_POLICIES, with_policies
from wom_sim.app.state import State
from wom_sim.policies import POLICIES
from wom_sim.scenario import ScenarioError, load_scenario
from wom_sim.scenario.errors import Fault, visible
from wom_sim.scenario.presets import preset_names
from wom_sim.scenario.questions import QUESTIONS, WAYS, Trade, fault_of, payment_fault, scenario_text, ways_fault

Plain = dict[str, Any]
_OF_PEOPLE = ("population.customers", "segment.")
"""Questions that an imported base has answered."""


def made_from_text(body: Plain, folder: Folder) -> str:
    """Keep a scenario that is given as text, and return its name. Raises ScenarioError in the words of ``validate``."""
    text = body.get("text")
    if not isinstance(text, str) or not text.strip():
        raise _fault("text", "nothing", f"a scenario as TOML, at most {MOST_BYTES:,} bytes")
    check_files_named(text, folder)
    return folder.keep(_checked(text, folder).name, text)


def _checked(text: str, folder: Folder) -> Any:
    """Return the scenario of a text, read from where it will lie. Raises ScenarioError without the place in it."""
    folder.scenarios.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.scenarios, prefix=".") as beside:
        made = Path(beside).parent / f".{Path(beside).name}.toml"
        try:
            made.write_text(text, encoding="utf-8", errors="strict")
            return load_scenario(made)
        except UnicodeEncodeError:
            raise _fault("text", "half a sign", "text that can be written as UTF-8") from None
        except ScenarioError as error:
            own = [replace(f, file="text" if f.file == str(made) else f.file) for f in error.faults]
            raise ScenarioError(own) from None
        finally:
            made.unlink(missing_ok=True)


def made_from_answers(body: Plain, folder: Folder) -> str:
    """Keep the scenario that follows from the questions of ``wom-sim new``, and return its name.

    Raises
    ------
    ScenarioError
        With a fault for each answer that cannot be taken, in the words of the command.
    """
    named, name = body.get("trade"), body.get("name")
    if named not in preset_names():
        raise _fault("trade", str(named)[:80], ", ".join(preset_names()))
    trade, given = Trade.named(str(named)), body.get("answers")
    given = given if isinstance(given, dict) else {}
    answers = {q.place: str(given.get(q.place, ""))[:40] for q in QUESTIONS}
    ways, payment = str(body.get("ways", ""))[:200], str(body.get("payment", ""))[:40]
    wrong = {q.place: fault_of(q, answers[q.place], trade) for q in QUESTIONS}
    base = body.get("customers") or ""
    if base and base not in folder.bases():
        raise _fault("customers", str(base)[:80], ", ".join(folder.bases()) or "no base was imported")
    if base:  # they are in the table
        answers = {place: "" if place.startswith(_OF_PEOPLE) else answer for place, answer in answers.items()}
        wrong = {place: "" if place.startswith(_OF_PEOPLE) else text for place, text in wrong.items()}
    wrong |= {"ways": ways_fault(ways), "payment": payment_fault(payment)}
    wrong["name"] = "" if isinstance(name, str) and 0 < len(name.strip()) <= 80 else "allowed: 1 to 80 signs"
    if any(wrong.values()):
        raise ScenarioError([Fault("new", key=key, message=text) for key, text in wrong.items() if text])
    chosen = [way.strip() for way in ways.split(",")] if ways else [way for way in WAYS if way != "repair"]
    text = scenario_text(str(name).strip(), trade, answers, chosen, float(payment or 200.0))
    if base:
        text = text.replace("[population]\n", f'[population]\nfile = "../bases/{base}"   # imported\n', 1)
    return folder.keep(_checked(text, folder).name, text)


def with_column(state: State, held: list[Plain], use: str) -> State:
    """Return the state with a policy more. Raises ScenarioError where there are enough, or none is called so."""
    if use not in POLICIES or use == "keep":
        raise _fault("policies", use[:80], ", ".join(name for name in POLICIES if name != "keep"))
    if len(held) >= MOST_POLICIES:
        raise _fault("policies", str(len(held) + 1), f"at most {MOST_POLICIES}")
    names, plain, number = {policy["name"] for policy in held}, use.replace("_", " "), 1
    while f"{plain}{'' if number == 1 else f' {number}'}" in names:
        number += 1
    return _with(state, [*held, {"name": f"{plain}{'' if number == 1 else f' {number}'}", "use": use}])


def without_column(state: State, held: list[Plain], name: str) -> State:
    """Return the state with a policy less. Raises ScenarioError where there is none of that name, or but one."""
    rest = [policy for policy in held if policy["name"] != name]
    if len(rest) == len(held) or not rest:
        raise _fault("policies", name[:80], "one of several policies")
    return _with(state, rest)


def _with(state: State, policies: list[Plain]) -> State:
    """Return the state with this list of policies, in which the levers that were moved stand already."""
    others = tuple(change for change in state.changes if not change.startswith(("policies=", "policies.")))
    return replace(state, changes=(f"policies={with_policies(policies)}", *others))


def _fault(key: str, given: str, allowed: str) -> ScenarioError:
    return ScenarioError([Fault("request", key=key, given=repr(visible(given)), allowed=allowed)])
