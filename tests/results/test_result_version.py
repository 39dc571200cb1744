"""The version of the model is of what the sources say: a mended sentence leaves it, anything else does not."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from wom_sim import load_scenario
from wom_sim.results import version
from wom_sim.results.version import FOLDERS, model_version, sources_version, syntax_hash, version_of

ROOT = Path(__file__).parents[2]
SAID = '''
"""A module."""
import math

LIMIT = 3  # people
"""What is allowed."""

class Box:
    """A box."""
    size: float = 1e-9

    def hold(self, *things, deep: bool = False, **named):
        """Hold things."""
        text = f"{len(things)!r:>{self.size}} of {LIMIT}"
        return [t for t in things if t and not deep], {**named}, lambda x: -x ** 2, text, b"raw", 1j
'''


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""A module."""\n', ""),
        ('"""A box."""', '"""Something to put things into."""'),
        ('        """Hold things."""\n', ""),
        ('"""What is allowed."""', ""),
        ("# people", "# persons"),
        ("LIMIT = 3", "LIMIT = (\n    3\n)"),
        ("import math\n", "import math\n\n\n"),
        ('b"raw"', "b'raw'"),
    ],
)
def test_comments_docstrings_and_layout_do_not_count(old, new):
    assert old in SAID
    assert syntax_hash(SAID.replace(old, new)) == syntax_hash(SAID)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("LIMIT = 3", "LIMIT = 4"),
        ("LIMIT = 3", "LIMIT = 3.0"),
        ("import math", "import cmath"),
        ("not deep", "deep"),
        ("-x ** 2", "(-x) ** 2"),
        ("if t and", "if t or"),
        ("!r", "!s"),
        ("deep: bool = False", "deep: bool = True"),
        ("1e-9", "1e-8"),
        ('b"raw"', '"raw"'),
        ("of {LIMIT}", "for {LIMIT}"),
        ("*things, deep", "*things, more=0, deep"),
    ],
)
def test_what_is_said_counts(old, new):
    assert old in SAID
    assert syntax_hash(SAID.replace(old, new)) != syntax_hash(SAID)


def test_the_hash_is_the_same_under_every_version_of_python():
    """Taken under Python 3.11; a newer one has more fields in its trees, which must not count."""
    assert syntax_hash(SAID)[:16] == "621279b674bdcfa4"


@pytest.mark.science
def test_a_mended_sentence_leaves_the_version_and_a_changed_line_does_not(tmp_path):
    copy = tmp_path / "wom_sim"
    shutil.copytree(ROOT / "wom_sim", copy, ignore=shutil.ignore_patterns("__pycache__"))
    before = sources_version(copy)
    for folder in FOLDERS:
        file = max((copy / folder).rglob("*.py"), key=lambda f: f.stat().st_size)
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace('"""', '"""Mended: ', 1) + "\n# mended\n", encoding="utf-8")
    assert sources_version(copy) == before
    for folder in FOLDERS:
        file = max((copy / folder).rglob("*.py"), key=lambda f: f.stat().st_size)
        text = file.read_text(encoding="utf-8")
        file.write_text(text + "\n_ADDED = 1\n", encoding="utf-8")
        assert sources_version(copy) != before, folder
        file.write_text(text, encoding="utf-8")


def test_a_file_that_is_new_or_gone_counts(tmp_path):
    copy = tmp_path / "wom_sim"
    shutil.copytree(ROOT / "wom_sim", copy, ignore=shutil.ignore_patterns("__pycache__"))
    before = sources_version(copy)
    (copy / "rules" / "new.py").write_text("")
    assert sources_version(copy) != before


PLUGIN = """
from dataclasses import replace
from wom_sim.policies.bulk_letter import POLICY as LETTER

def plan(setting):  # a comment
    return LETTER.plan(setting)

OWN = replace(LETTER, name="own_letter", plan=plan)
"""


def test_a_policy_of_another_package_counts_where_it_is_used(tmp_path, monkeypatch):
    info = tmp_path / "own_policies-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: own_policies\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[wom_sim.policies]\nown_letter = own_policies:OWN\n")
    (tmp_path / "own_policies.py").write_text(PLUGIN)
    monkeypatch.syspath_prepend(str(tmp_path))
    first = ROOT / "scenarios" / "first_look.toml"
    assert version_of(load_scenario(first)) == model_version()
    used = load_scenario(first, ['policies=[{name="own", use="own_letter"}]'])

    def now(text: str) -> str:
        (tmp_path / "own_policies.py").write_text(text)
        version.plugin_version.cache_clear()
        return version_of(used)

    one = now(PLUGIN)
    assert one != model_version()
    assert now(PLUGIN.replace("# a comment", "# another")) == one
    assert now(PLUGIN.replace("return", "setting = setting\n    return")) not in (one, model_version())
    version.plugin_version.cache_clear()
    sys.modules.pop("own_policies", None)
