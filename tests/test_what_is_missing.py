"""What has to be touched to add something: each list names the file and what is missing there, and is held to be whole.

docs/DESIGN.md tells it to newcomers. Whoever adds one half of something reads here, by name, what the other half is.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from wom_sim import charts, policies
from wom_sim.charts import CHARTS
from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.present.sources import SOURCES
from wom_sim.words import LANGUAGES, catalogue
from wom_sim.world.people import COLUMNS

ROOT = Path(__file__).parents[1]
GENERATED = "docs/ODD.md"
TABLES = "tests/charts/chart_tables.py"
DRAWN = {chart.name for chart in CHARTS}


def _holds(file: str, text: str) -> bool:
    path = ROOT / file
    return path.is_file() and text in path.read_text(encoding="utf-8")


def _words(*keys: str) -> list[tuple[bool, str]]:
    """Return of each key of the catalogue, and each language, whether it is there."""
    return [(key in catalogue(lang), f"wom_sim/words/{lang}.toml: {key}") for lang in LANGUAGES for key in keys]


def _in_odd(name: str) -> tuple[bool, str]:
    return _holds(GENERATED, f"`{name}`"), f"{GENERATED}: made anew by make docs"


def of_policy(name: str) -> list[tuple[bool, str]]:
    return [
        (_holds(f"wom_sim/policies/{name}.py", f'    name="{name}",'), f"wom_sim/policies/{name}.py: POLICY"),
        *_words(f"name.policy.{name}", f"report.policy.{name}", f"report.does.{name}"),
        _in_odd(name),
    ]


def of_indicator(name: str) -> list[tuple[bool, str]]:
    known = name in {indicator.name for indicator in INDICATORS}
    return [
        (known, "wom_sim/outcomes/indicators.py: a line in INDICATORS"),
        *_words(f"name.indicator.{name}"),
        _in_odd(name),
    ]


def of_chart(name: str) -> list[tuple[bool, str]]:
    return [
        (_holds(f"wom_sim/charts/{name}.py", "def draw("), f"wom_sim/charts/{name}.py: draw"),
        (name in SOURCES, f"wom_sim/charts/{name}.py: READS, or its table in SOURCES of wom_sim/present/sources.py"),
        *_words(f"chart.kind.{name}"),
        (_holds(TABLES, f'"{name}": '), f"{TABLES}: a table to draw it from"),
    ]


def of_column(name: str) -> list[tuple[bool, str]]:
    return [
        (name in {column.name for column in COLUMNS}, "wom_sim/world/people.py: a line in COLUMNS"),
        _in_odd(name),
    ]


EVERY = [
    *((of_policy, name) for name in policies.POLICIES if name != "keep"),
    *((of_indicator, indicator.name) for indicator in INDICATORS if not indicator.meaning.startswith("ledger: ")),
    *((of_chart, chart.name) for chart in CHARTS),
    *((of_column, column.name) for column in COLUMNS),
]


@pytest.mark.parametrize(("parts", "name"), EVERY, ids=[f"{parts.__name__}-{name}" for parts, name in EVERY])
def test_nothing_is_missing(parts, name):
    missing = [what for there, what in parts(name) if not there]
    assert not missing, f"{name}: missing are {'; '.join(missing)}"


@pytest.mark.parametrize(
    ("parts", "by_hand"),
    [
        (of_policy, ["wom_sim/policies/applause.py"]),
        (of_indicator, ["wom_sim/outcomes/indicators.py"]),
        (of_chart, ["wom_sim/charts/applause.py"]),
        (of_column, ["wom_sim/world/people.py"]),
    ],
)
def test_what_is_new_is_named_whole(parts, by_hand):
    """So many files of the package, beside words, tests and what is made from the code, as docs/DESIGN.md says."""
    named = list(dict.fromkeys(what.partition(":")[0] for there, what in parts("applause") if not there))
    others = {GENERATED, TABLES, *(f"wom_sim/words/{lang}.toml" for lang in LANGUAGES)}
    assert [file for file in named if file not in others] == by_hand


def test_what_looks_like_one_and_is_not_found_is_named():
    """A policy is found by its POLICY, a chart by draw(table, setting), a line that begins so."""
    drawn = {"own", *charts._APART, *DRAWN}
    looks = {"policies": ("def plan(", set(policies.POLICIES)), "charts": ("def draw(", drawn)}
    for folder, (begin, known) in looks.items():
        for file in (ROOT / "wom_sim" / folder).glob("*.py"):
            lines = file.read_text(encoding="utf-8").splitlines()
            seems = any(line.startswith(begin) for line in lines)
            found = not seems or file.stem in known
            assert found, f"{file} has {begin}...), and is not found: see {folder}/__init__.py"


def test_a_new_file_is_found_and_stands_after_those_that_have_an_order(tmp_path):
    for name in policies._FIRST:
        (tmp_path / f"{name}.py").write_text("POLICY = Policy()\n")
    (tmp_path / "applause.py").write_text("POLICY: Policy = Policy()\n")
    (tmp_path / "rows.py").write_text("# no POLICY\n")
    found = policies._found(tmp_path)
    assert tuple(found) == (*policies._FIRST, "applause")
    assert found["applause"] == "wom_sim.policies.applause"


def test_a_file_that_the_order_names_and_that_is_gone_is_named(tmp_path):
    for find, folder in ((policies._found, "policies"), (charts._found, "charts")):
        with pytest.raises(ImportError, match=f"{folder}: no file has .* for .*, which the order names"):
            find(tmp_path)
