"""A scenario tells its own texts in several languages; what it lacks in one, it tells as it stands."""

from pathlib import Path

import pytest

from wom_sim.scenario import ScenarioError, fingerprint, load_scenario, to_toml
from wom_sim.scenario.sections.texts import Texts
from wom_sim.scenario.translation import TOLD, told_in, words_for
from wom_sim.words import EVERY

SHIPPED = sorted(
    file for folder in ("", "cases") for file in (Path(__file__).parents[2] / "scenarios" / folder).glob("*.toml")
)
PLAIN = """\
name = "Town"
question = "What now?"
story = "Once."
sources = ["A paper"]
[population]
customers = 1000
[[policies]]
name = "our plan"
use = "bulk_letter"
[[policies]]
name = "exit"
use = "paid_exit"
"""
DUTCH = """\
[texts.nl]
name = "Stad"
question = "Wat nu?"
story = "Ooit."
sources = ["Een krant"]
policies = [{ name = "our plan", called = "ons plan" }]
"""


@pytest.fixture
def told(write):
    return write("told.toml", PLAIN + DUTCH)


def test_each_text_is_told_in_its_language_and_as_it_stands_in_the_others(told):
    scenario = load_scenario(told)
    dutch, english, german = (told_in(scenario, lang) for lang in ("nl", "en", "de"))
    assert [getattr(dutch, name) for name in TOLD] == ["Stad", "Wat nu?", "Ooit.", ("Een krant",)]
    assert english == german == scenario


def test_one_text_alone_may_be_there(write):
    told = told_in(load_scenario(write("one.toml", PLAIN + '[texts.nl]\nquestion = "Wat nu?"\n')), "nl")
    assert (told.name, told.question, told.story) == ("Town", "Wat nu?", "Once.")


def test_policies_are_called_in_their_language(told):
    scenario = load_scenario(told)
    dutch, english = words_for(scenario, "nl"), words_for(scenario, "en")
    assert [dutch.policy(name) for name in ("our plan", "exit", "keep")] == ["ons plan", "exit", "iedereen behouden"]
    assert (dutch.policy_typed("our plan"), dutch.policy_said("our plan")) == ("ons plan", "‘ons plan’")
    assert (english.policy("our plan"), english.policy_typed("our plan")) == ("our plan", "our plan")


def test_a_scenario_comes_back_with_its_texts_and_without_them_has_no_such_table(told, write):
    scenario = load_scenario(told)
    assert load_scenario(write("copy.toml", to_toml(scenario))) == scenario
    assert "texts" not in to_toml(load_scenario(write("plain.toml", PLAIN)))


def test_texts_in_languages_change_no_fingerprint(told, write):
    assert fingerprint(load_scenario(told)) == fingerprint(load_scenario(write("plain.toml", PLAIN)))


@pytest.mark.parametrize("name", TOLD)
def test_who_says_a_text_anew_drops_its_translations_and_no_other(name, told, write):
    anew = '["Another"]' if name == "sources" else '"Another"'
    child = load_scenario(write("child.toml", f'extends = "{told.name}"\n{name} = {anew}\n'))
    dutch, base = told_in(child, "nl"), told_in(load_scenario(told), "nl")
    for each in TOLD:
        assert getattr(dutch, each) == getattr(child if each == name else base, each)
    assert words_for(child, "nl").policy("our plan") == "ons plan"


def test_who_says_a_text_anew_in_both_languages_is_told_in_both(told, write):
    texts = 'question = "And now?"\n[texts.nl]\nquestion = "En nu?"\n'
    child = load_scenario(write("child.toml", f'extends = "{told.name}"\n{texts}'))
    assert (child.question, told_in(child, "nl").question) == ("And now?", "En nu?")


def test_a_text_set_from_outside_drops_its_translations(told):
    scenario = load_scenario(told, ["question=Why?"])
    assert told_in(scenario, "nl").question == "Why?"
    assert told_in(load_scenario(told, ["question=Why?", "texts.nl.question=Waarom?"]), "nl").question == "Waarom?"
    assert told_in(load_scenario(told, ["run.days=30"]), "nl").question == "Wat nu?"


def test_two_policies_are_not_called_the_same(write):
    twice = DUTCH.replace(" }]", ' }, { name = "exit", called = "Ons plan" }]')
    with pytest.raises(ScenarioError, match="two are called the same"):
        load_scenario(write("twice.toml", PLAIN + twice))


def test_there_is_a_table_for_every_language_with_words():
    assert set(Texts.model_fields) == set(EVERY)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_shipped_scenario_is_told_in_dutch(file):
    scenario = load_scenario(file)
    dutch, words = told_in(scenario, "nl"), words_for(scenario, "nl")
    assert dutch.question != scenario.question
    assert bool(dutch.story) == bool(scenario.story)
    assert dutch.story != scenario.story or not scenario.story
    assert len(dutch.sources) == len(scenario.sources)
    assert all(words.policy(policy.name) != policy.name for policy in scenario.policies)
