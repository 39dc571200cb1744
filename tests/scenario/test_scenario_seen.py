"""What was seen: which words say it, and what is refused; what was learned takes the place of plausible ranges."""

import numpy as np
import pandas as pd
import pytest
from small import FIRST, first_look

from wom_sim.scenario import ScenarioError, fingerprint, load_scenario, to_toml
from wom_sim.scenario.uncertain import LEARNED, doubts
from wom_sim.study.worlds import design

BETA, CHI = "behaviour.leaving.beta", "behaviour.leaving.chi"


def given(tmp_path, *tables):
    """Write a scenario that was carried out, with tables of what was seen."""
    file = tmp_path / "past.toml"
    text = "".join(f"[[seen]]\n{table}\n" for table in tables)
    file.write_text(f'extends = "{(load_path())}"\n{text}')
    return file


def load_path():
    from pathlib import Path

    return Path(FIRST).resolve().as_posix()


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('what = "gossip"\nvalue = 1', "gossip"),
        ('what = "posts"', "value: missing"),
        ('what = "posts"\nvalue = -1', "0 or more"),
        ('what = "posts"\nvalue = 3\nerror = -1', "0"),
        ('what = "national"\nvalue = 0.5', "1 (it came) or 0 (it did not)"),
        ('what = "national"\nvalue = 1\nerror = 0.6', "below 0.5"),
        ('what = "share_let_go"\nvalue = 1.5', "0 to 1"),
        ('what = "posts"\nvalue = 3\nfrom_day = 9\nto_day = 9', "after from_day = 9"),
        ('what = "national_day"\nvalue = 3\nfrom_day = 9', "allowed: with what is counted"),
        ('what = "posts"\nvalue = 3\nsegment = "customers"', "with extra_left and left"),
        ('what = "left"\nvalue = 3\nsegment = "nobody"', "'nobody' is not one of"),
        ('what = "posts"\nvalue = 3\npolicy = "shout"', "'shout' is not one of"),
        ('what = "posts"\nvalue = 3\nfrom_day = 100000', "below run.days"),
        ('what = "posts"\nvalue = 3\nto_day = 100000', "to_day: given 100000, allowed: at most run.days = "),
        ('what = "national_day"\nvalue = 100000', "allowed for national_day: below run.days = "),
        ('what = "posts"\nvalue = {low = 1, high = 3}', "a number"),
    ],
)
def test_what_cannot_have_been_seen_is_refused_with_file_and_line(tmp_path, table, words):
    file = given(tmp_path, table)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    told = str(caught.value)
    assert words in told and str(file) in told and "seen" in told


def test_the_same_may_not_be_seen_twice(tmp_path):
    with pytest.raises(ScenarioError, match="posts is given twice"):
        load_scenario(given(tmp_path, 'what = "posts"\nvalue = 3', 'what = "posts"\nvalue = 4'))


def test_what_was_seen_is_no_number_to_draw_and_no_other_run(tmp_path):
    """A corrected count asks for no new runs; another window does."""
    first, other, window = (
        load_scenario(given(tmp_path, table))
        for table in (
            'what = "posts"\nvalue = 3', 'what = "posts"\nvalue = 4\nerror = 1', 'what = "posts"\nvalue = 3\nto_day = 9'
        )
    )  # fmt: skip
    assert not [d.key for d in doubts(first) if d.key.startswith("seen")]
    assert fingerprint(first) == fingerprint(other) != fingerprint(window)
    assert fingerprint(load_scenario(load_path())) != fingerprint(first)
    again = tmp_path / "again.toml"
    again.write_text(to_toml(other))
    assert load_scenario(again, resolved=True).seen == other.seen


# -- what was learned ----------------------------------------------------------------------------------------


@pytest.fixture
def learned(tmp_path):
    place = tmp_path / "fit"
    place.mkdir()
    beta = np.linspace(0.1, 0.6, 500)
    pd.DataFrame({BETA: beta, CHI: 1.0 - beta, "no.such.key": beta}).to_parquet(place / "posterior.parquet")
    return place


def test_worlds_are_drawn_jointly_from_what_was_learned(learned):
    scenario = load_scenario(FIRST, [*first_look(2), f'worlds.posterior="{learned.as_posix()}"'])
    assert scenario.worlds.posterior == str((learned / "posterior.parquet").resolve())
    found = design(scenario, 100)
    np.testing.assert_allclose(found.worlds[BETA] + found.worlds[CHI], 1.0)
    assert sorted(d.key for d in found.drawn if d.origin == LEARNED) == [BETA, CHI]
    bands = np.sort(found.worlds[BETA])
    np.testing.assert_allclose(bands, np.linspace(0.1, 0.6, 100), atol=0.006)
    others = design(load_scenario(FIRST, first_look(2)), 100)
    both = [d.key for d in others.drawn if d.key not in (BETA, CHI)]
    pd.testing.assert_frame_equal(found.worlds[both], others.worlds[both])


def test_what_the_scenario_states_is_known_whatever_was_learned(learned):
    sets = [*first_look(2), f'worlds.posterior="{learned.as_posix()}"', f"{CHI}=0.3"]
    assert CHI not in {d.key for d in doubts(load_scenario(FIRST, sets))}
    doubted = {d.key: d for d in doubts(load_scenario(FIRST, [*sets, f'worlds.doubt=["{CHI}"]']))}
    assert doubted[CHI].origin == LEARNED
    own = {d.key: d for d in doubts(load_scenario(FIRST, [*sets, f"{BETA}={{low=0.2,high=0.3}}"]))}
    assert own[BETA].origin == "scenario"


def test_what_was_learned_is_part_of_a_scenario_by_its_content(learned, tmp_path):
    sets = [f'worlds.posterior="{learned.as_posix()}"']
    moved = tmp_path / "moved.parquet"
    moved.write_bytes((learned / "posterior.parquet").read_bytes())
    here, there = load_scenario(FIRST, sets), load_scenario(FIRST, [f'worlds.posterior="{moved.as_posix()}"'])
    assert fingerprint(here) == fingerprint(there) != fingerprint(load_scenario(FIRST))
    pd.DataFrame({BETA: [0.5, 0.6]}).to_parquet(moved)
    assert fingerprint(load_scenario(FIRST, [f'worlds.posterior="{moved.as_posix()}"'])) != fingerprint(here)


@pytest.mark.parametrize("content", [b"", b"PAR1 and no more", b"a,b\n1,2\n"])
def test_a_file_that_holds_no_draws_is_refused_in_words(tmp_path, content):
    file = tmp_path / "posterior.parquet"
    file.write_bytes(content)
    scenario = load_scenario(FIRST, [*first_look(2), f'worlds.posterior="{file.as_posix()}"'])
    with pytest.raises(ScenarioError, match=r"worlds\.posterior"):
        doubts(scenario)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ScenarioError, match="no such file"):
        load_scenario(FIRST, [f'worlds.posterior="{(tmp_path / "nothing").as_posix()}"'])


@pytest.mark.parametrize("values", [["a", "b"], [np.nan, 1.0]])
def test_draws_must_be_numbers(tmp_path, values):
    file = tmp_path / "posterior.parquet"
    pd.DataFrame({BETA: values}).to_parquet(file)
    with pytest.raises(ScenarioError, match="column"):
        doubts(load_scenario(FIRST, [f'worlds.posterior="{file.as_posix()}"']))


def test_draws_beyond_what_a_key_takes_are_refused(tmp_path):
    file = tmp_path / "posterior.parquet"
    pd.DataFrame({BETA: [-50.0, 0.5]}).to_parquet(file)
    with pytest.raises(ScenarioError, match=r"draws behaviour.leaving.beta from -50 to 0.5, allowed"):
        doubts(load_scenario(FIRST, [f'worlds.posterior="{file.as_posix()}"']))
