"""docs/ODD.md is what the code says: not stale, and nothing that the code has is missing from it."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

from wom_sim import policies
from wom_sim.engines.compiled.state import STATE_TYPE
from wom_sim.engines.reference import Market
from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.policies.setting import Levers
from wom_sim.scenario.listing import parameters
from wom_sim.world import trace
from wom_sim.world.day import PHASES
from wom_sim.world.luck import Purpose
from wom_sim.world.network import CLASS_NAMES
from wom_sim.world.outlets import OUTLET_TYPE
from wom_sim.world.people import PERSON_TYPE
from wom_sim.world.treatments import TREATMENT_TYPE

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "ODD.md").read_text(encoding="utf-8")
RULES = Path(trace.__file__).parents[1] / "rules"

CONCEPTS = (
    "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing", "Interaction",
    "Stochasticity", "Collectives", "Observation",
)  # fmt: skip
ELEMENTS = (
    "Purpose and patterns", "Entities, state variables and scales", "Process overview and scheduling",
    "Design concepts", "Initialisation", "Input data", "Submodels",
)  # fmt: skip


@pytest.fixture(scope="module")
def generate():
    """Return the module that writes the page."""
    spec = importlib.util.spec_from_file_location("odd_generate", DOCS / "odd" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    kept = list(sys.path)
    spec.loader.exec_module(module)
    sys.path[:] = kept
    return module


def test_the_page_is_not_stale(generate):
    assert generate.page() == PAGE, "docs/ODD.md is out of date: make docs"


def rule_names() -> list[str]:
    """Return the names of rules as they stand in the sources: a function under the decorator of a rule."""
    found = [re.findall(r"^@rule\ndef (\w+)\(", file.read_text(), re.MULTILINE) for file in sorted(RULES.glob("*.py"))]
    return [name for names in found for name in names]


def table_below(heading: str) -> str:
    """Return the text from a line that holds ``heading`` to the next heading."""
    return PAGE.partition(heading)[2].partition("\n#")[0]


NAMED = {
    "rules": rule_names(),
    "columns of a person": PERSON_TYPE.names,
    "state of a person": STATE_TYPE.names,
    "columns of an outlet": OUTLET_TYPE.names,
    "columns of a treatment": TREATMENT_TYPE.names,
    "classes of tie": CLASS_NAMES,
    "channels": trace.CHANNEL_NAMES,
    "events": trace.EVENT_NAMES[1:],
    "causes": trace.CAUSE_NAMES,
    "labels": trace.LABEL_NAMES[1:],
    "daily columns": trace.DAILY_NAMES,
    "ledger": trace.LEDGER_NAMES,
    "phases": [phase.name for phase in PHASES],
    "purposes of luck": list(Purpose.__members__),
    "indicators": [indicator.name for indicator in INDICATORS],
    "policies": list(policies.POLICIES),
    "levers": [name for name in Levers.__dataclass_fields__ if name != "choose"],
    "keys": [
        p.key
        for p in parameters()
        if p.key.startswith(("behaviour.", "media.", "money.", "population.", "network.", "run.", "policies[]."))
    ],
}


@pytest.mark.parametrize("what", NAMED)
def test_nothing_is_missing(what):
    assert NAMED[what]
    missing = [
        name for name in NAMED[what] if not re.search(rf"^(\|.*)?(#### )?`{re.escape(name)}`", PAGE, re.MULTILINE)
    ]
    assert missing == []


@pytest.mark.parametrize("name", rule_names())
def test_a_rule_shows_its_source_and_its_formula(name):
    said = table_below(f"#### `{name}`")
    assert "Called by `" in said
    assert f"def {name}(" in said
    assert ">>>" in said
    text = " ".join(file.read_text() for file in RULES.glob("*.py"))
    docstring = text.partition(f"def {name}(")[2].partition('"""')[2].partition('"""')[0]
    for word in ("Source:", "Assumption:"):
        assert (word in docstring) == (word in said)


def test_defaults_are_those_of_the_scenario_language():
    for parameter in parameters():
        row = re.search(rf"^\| `{re.escape(parameter.key)}` \| ([^|]*) \|", PAGE, re.MULTILINE)
        if row and isinstance(parameter.default, float):
            assert float(row.group(1).replace(",", "")) == parameter.default, parameter.key


def test_the_phases_are_told_in_their_order():
    told = re.findall(r"^### Phase (\d), (.+)$", PAGE, re.MULTILINE)
    assert [int(number) for number, _ in told] == list(range(1, len(PHASES) + 1))
    assert [name.replace(" ", "_") for _, name in told] == [phase.name for phase in PHASES]
    assert all(callable(getattr(Market, phase.name)) for phase in PHASES)


def test_the_protocol_is_complete():
    elements = re.findall(r"^## \d\. (.+)$", PAGE, re.MULTILINE)
    assert tuple(elements[: len(ELEMENTS)]) == ELEMENTS
    concepts = re.findall(r"^\*\*([A-Z][a-z ]+)\.\*\*", table_below("## 4. Design concepts"), re.MULTILINE)
    assert tuple(concepts) == CONCEPTS


def test_what_has_no_words_is_an_error(generate):
    tables = sys.modules["tables"]
    with pytest.raises(ValueError, match=r"missing \['new'\], too many \['old'\]"):
        tables.complete({"old": "", "same": ""}, ["new", "same"], "NAMES")


def test_a_table_that_nobody_asks_for_is_an_error(generate, tmp_path, monkeypatch):
    short = tmp_path / "ODD.md.in"
    short.write_text(generate.PROSE.read_text().replace("{{phases}}", ""))
    monkeypatch.setattr(generate, "PROSE", short)
    with pytest.raises(ValueError, match="phases"):
        generate.page()
