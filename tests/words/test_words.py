"""The catalogue of words: whole in every language, used, and numbers as people say them."""

from __future__ import annotations

import ast
import doctest
import string
from pathlib import Path

import pytest

import wom_sim
import wom_sim.words
from wom_sim.words import LANGUAGES, Words, catalogue

PACKAGE = Path(wom_sim.__file__).parent
SAYERS = ("intake", "words", "scenario", "results", "study", "charts", "present", "app", "cli")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def spoken() -> tuple[set[str], tuple[str, ...]]:
    """Every text in the source that may be a key, and the heads of those that are put together."""
    whole, heads = set(), set()
    for area in ("", *SAYERS):
        for file in (PACKAGE / area).rglob("*.*") if area else PACKAGE.glob("*.py"):
            if file.suffix == ".py":
                for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                    if isinstance(node, ast.Constant) and isinstance(node.value, str):
                        whole.add(node.value)
                    elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                        heads.add(str(node.values[0].value))
            elif file.suffix in (".j2", ".html"):
                whole.update(file.read_text(encoding="utf-8").replace("'", '"').split('"'))
    return whole, tuple(head for head in heads if head.count(".") >= 1 and " " not in head)


@pytest.mark.parametrize("lang", LANGUAGES[1:])
def test_no_key_is_missing_in_a_language(lang):
    assert set(catalogue(lang)) == set(catalogue("en"))


@pytest.mark.parametrize("lang", LANGUAGES[1:])
def test_placeholders_agree(lang):
    english, other = catalogue("en"), catalogue(lang)
    differing = {k: (english[k], other[k]) for k in english if placeholders(english[k]) != placeholders(other[k])}
    assert not differing


def test_no_key_is_unused():
    whole, heads = spoken()
    keys = {key.removesuffix(".one").removesuffix(".many") for key in catalogue("en")}
    unused = [key for key in keys if key not in whole and not key.startswith(heads) and not key.startswith("name.")]
    assert unused == []


def test_a_name_belongs_to_something_of_the_model():
    from wom_sim.outcomes.indicators import INDICATORS
    from wom_sim.policies import names
    from wom_sim.scenario.sections.media import Media
    from wom_sim.scenario.sections.seen import COUNTS, DAYS, SHARES, YES_OR_NO
    from wom_sim.world import trace as tr

    known = {
        "policy": names(),
        "indicator": [indicator.name for indicator in INDICATORS],
        "channel": [*tr.CHANNEL_NAMES, "talk"],
        "cause": tr.CAUSE_NAMES,
        "outlet": [outlet.name for outlet in Media().outlets],
        "seen": [*YES_OR_NO, *DAYS, *COUNTS, *SHARES],
        "unit": {indicator.unit for indicator in INDICATORS} - {"currency", "chance"},
    }
    for kind, things in known.items():
        given = {key.split(".")[2] for key in catalogue("en") if key.startswith(f"name.{kind}.")}
        assert given == {thing.replace(" ", "_") for thing in things}, kind


def test_every_key_that_is_said_is_there():
    keys = catalogue("en")
    for area in SAYERS:
        for file in (PACKAGE / area).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
                    continue
                key = node.args[0]
                if node.func.attr not in ("say", "count") or not isinstance(key, ast.Constant):
                    continue
                if not str(key.value).startswith(("chart.", "report.", "deck.", "number.", "animate.")):
                    continue
                wanted = [key.value] if node.func.attr == "say" else [f"{key.value}.one", f"{key.value}.many"]
                assert set(wanted) <= set(keys), (file.name, wanted)


def test_examples_in_the_documentation():
    import wom_sim.words.levers
    import wom_sim.words.numbers
    import wom_sim.words.said

    for module in (wom_sim.words, wom_sim.words.levers, wom_sim.words.numbers, wom_sim.words.said):
        assert doctest.testmod(module).failed == 0


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="given 'fr', allowed: en, nl, de"):
        Words("fr")


@pytest.mark.parametrize(
    ("value", "english", "dutch"),
    [
        (22_100_000, "22.1 million", "22,1 miljoen"), (999_999, "1 million", "1 miljoen"),
        (2.5e9, "2.5 billion", "2,5 miljard"), (9_800, "9,800", "9.800"), (12_345, "12,300", "12.300"),
        (999.6, "1,000", "1.000"), (0.5, "0.5", "0,5"), (0, "0", "0"), (-0.0, "0", "0"), (-3, "−3", "−3"),
        (5e12, "5,000 billion", "5.000 miljard"), (0.00012, "0.00012", "0,00012"), (float("nan"), "n/a", "n.b."),
    ],
)  # fmt: skip
def test_number(value, english, dutch):
    assert (Words("en").number(value), Words("nl").number(value)) == (english, dutch)


@pytest.mark.parametrize(
    ("value", "currency", "long", "brief", "dutch"),
    [
        (3_120_000, "USD", "$3.1 million", "$3.1 M", "$ 3,1 miljoen"),
        (3_120_000, "CHF", "CHF 3.1 million", "CHF 3.1 M", "CHF 3,1 miljoen"),
        (-240_000, "USD", "−$240,000", "−$240 k", "−$ 240.000"), (999_960, "USD", "$1 million", "$1 M", "$ 1 miljoen"),
        (999.7, "EUR", "€1,000", "€1 k", "€ 1.000"), (850, "EUR", "€850", "€850", "€ 850"),
        (0.25, "USD", "$0.25", "$0.25", "$ 0,25"), (-0.001, "USD", "$0", "$0", "$ 0"), (0, "", "0", "0", "0"),
        (123.4e6, "USD", "$123 million", "$123 M", "$ 123 miljoen"), (5e12, "USD", "$5,000 billion", "$5,000 bn",
         "$ 5.000 miljard"), (float("nan"), "USD", "n/a", "n/a", "n.b."),
    ],
)  # fmt: skip
def test_money(value, currency, long, brief, dutch):
    english = Words("en")
    said = (english.money(value, currency), english.money(value, currency, brief=True))
    assert (*said, Words("nl").money(value, currency)) == (long, brief, dutch)


def test_only_a_gain_has_a_plus():
    said = [Words().signed_money(value, "USD", brief=True) for value in (3.1e6, 0, 0.001, -240e3, float("nan"))]
    assert said == ["+$3.1 M", "$0", "$0", "−$240 k", "n/a"]


@pytest.mark.parametrize(
    ("key", "told", "english", "dutch"),
    [
        ("verdict.happened_lost", {"lost": "1"}, "loses 1 profitable customer,", "kost it 1 winstgevende klant,"),
        ("verdict.happened_lost", {"lost": "1.4"}, "loses 1.4 profitable customers,", "1.4 winstgevende klanten,"),
        ("verdict.happened_kept", {"kept": "1"}, "keeps 1 profitable customer who",
         "1 winstgevende klant die anders was"),
        ("verdict.assumed_only", {"estimates": 1, "assumptions": 1},
         "1 number that is an estimate and 1 that",
         "1 schatting en 1 aanname;"),
        ("verdict.assumed_only", {"estimates": 2, "assumptions": 3},
         "2 numbers that are estimates and 3 that",
         "2 schattingen en 3 aannames;"),
    ],
)  # fmt: skip
def test_one_of_a_thing_has_the_word_for_one(key, told, english, dutch):
    told = {"policy": "it", "covered": "none"} | told
    assert english in Words("en").say(key, **told)
    assert dutch in Words("nl").say(key, **told)


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_words_for_one_and_many_go_with_a_number_that_is_told(lang):
    for key, text in catalogue(lang).items():
        fields = [(name, form) for _, name, form, _ in string.Formatter().parse(text) if name is not None]
        plain = {name for name, form in fields if not form}
        for name, form in fields:
            assert not form or (form.count("|") == 1 and name in plain), key
