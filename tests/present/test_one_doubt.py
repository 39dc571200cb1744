"""One deck names one number as the first to doubt, and holds a trial against its own size, not against that of all."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from daily import few
from pptx import Presentation

from wom_sim.present.deck import deck
from wom_sim.present.next_steps import next_steps, weakest
from wom_sim.present.result_folder import read
from wom_sim.present.story import Story
from wom_sim.scenario.evidence import unmeasured
from wom_sim.study.verdict import _CAUSES, _LINES, _STORY, first_to_doubt
from wom_sim.words import LANGUAGES, Words


def story(folder, lang="en"):
    found = read(folder)
    return Story(found, Words(lang), unmeasured(found.scenario))


def texts(folder, lang):
    slides = Presentation(io.BytesIO(deck(read(folder), lang))).slides
    return [
        " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame).replace("\xa0", " ")
        for slide in slides
    ]


@pytest.mark.parametrize("lang", few(LANGUAGES))
@pytest.mark.parametrize("cause", ["lost_to_story", "lost_to_contagion", "lost_with_household"])
def test_the_number_to_doubt_first_is_one_whatever_carries_the_loss(folder, lang, cause):
    runs = pd.read_parquet(folder / "replications.parquet")
    lost = runs["policy"] != "keep"
    for name in _CAUSES:
        runs.loc[lost, name] = 900.0 if name == cause else 1.0
    runs.loc[lost, "lost_profitable"] = 902.0
    runs.loc[lost, [name for name in runs if name.startswith("profit_lost")]] = -9e6
    runs.to_parquet(folder / "replications.parquet", index=False)
    told = story(folder, lang)
    key = first_to_doubt(told.found.replications, told.figures, told.assumed)
    assert key == _CAUSES[cause]
    assert weakest(told)[0].key == key
    name = told.parameter(key)
    slides = texts(folder, lang)
    said = Words(lang).say(f"verdict.number.{key}")
    assert any(said in text for text in slides), "the verdict names it"
    assert not any(key in text for text in slides), "in words, not by its key"
    assert sum(name in text for text in slides) >= 2, "what decides, and what to do next, name it as well"
    others = {number.key for number in told.assumed} - {key}
    step = {"en": "the number to doubt first: ", "nl": "de onzekerste aanname: "}[lang]
    after = next(text.split(step)[1] for text in slides if step in text)
    assert after.startswith(name) and not any(after.startswith(told.parameter(other)) for other in others)


def test_whatever_a_verdict_may_doubt_has_a_range_to_show(finished):
    ranges = {number.key: number.plausible for number in unmeasured(read(finished).scenario)}
    for key in {_STORY, *_CAUSES.values(), *_LINES.values()} & set(ranges):
        assert ranges[key] is not None, key


def made_best(folder):
    """Let the policy of the highest net value be so beyond doubt, and return its name."""
    runs = pd.read_parquet(folder / "replications.parquet")
    best = read(folder).summary.query("indicator == 'net_value'").set_index("policy")["mean"].idxmax()
    runs.loc[runs["policy"] != "keep", "net_value"] = 1e6
    runs.loc[runs["policy"] == best, "net_value"] = 1e9
    runs.to_parquet(folder / "replications.parquet", index=False)
    return best


def test_where_luck_may_explain_the_lead_the_step_is_to_keep_everyone(finished):
    told = story(finished)
    assert told.choice.chosen == "keep" and told.choice.leader != "keep"
    assert next_steps(told)[0].startswith("Keep everyone for now: what another way brings")


@pytest.mark.parametrize("lang", few(LANGUAGES))
def test_a_trial_says_for_how_many_its_figures_are(folder, lang):
    best = made_best(folder)
    told = story(folder, lang)
    step = next_steps(told)[0]
    size = {
        "en": "For all {} who are told it says", "nl": "Voor alle {} klanten die bericht krijgen, voorspelt het",
    }[lang]  # fmt: skip
    size = size.format(told.mean(best, "told"))
    assert size in step.replace("\xa0", " ")
    assert told.mean(best, "lost_profitable") in step and "choose.limit" not in step


def test_a_policy_for_everyone_has_no_figures_for_a_small_group(folder):
    made_best(folder)
    path = folder / "summary.csv"
    table = pd.read_csv(path)
    table.loc[(table["indicator"] == "told") & (table["policy"] != "keep"), "mean"] = 1e9
    table.to_csv(path, index=False)
    step = next_steps(story(folder))[0]
    assert "not for everyone" in step and not any(digit in step for digit in "0123456789")
