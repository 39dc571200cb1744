"""Which policies are equal, and what decides among them: one rule, on tables made by hand."""

import numpy as np
import pandas as pd
import pytest

from wom_sim.outcomes.materiality import NEWS, NOTHING, STEPS, TOLD, VALUE, Choice, Rule, choose

RUNS = 20
WOBBLE = np.tile([-1.0, 1.0], RUNS // 2)


def runs(worlds=False, **policies):
    """A table of runs: each policy has net value, the share of runs with national news, and customers told."""
    rows = []
    for name, (net, news, told) in policies.items():
        values = np.full(RUNS, 0.0 if name == "keep" else net) + (0.0 if name == "keep" else WOBBLE)
        for k in range(RUNS):
            where = {"world": k // 2, "replication": k % 2} if worlds else {"replication": k}
            covered = float(k < round(news * RUNS))
            rows.append({"policy": name, **where, "net_value": values[k], "national_coverage": covered, "told": told})
    return pd.DataFrame(rows)


KEEP = (0.0, 0.0, 0)


def found(rule=None, **policies) -> Choice:
    return choose(runs(keep=KEEP, **policies), Rule(0.05) if rule is None else rule)


@pytest.mark.parametrize(("second", "by"), [(9_499.0, VALUE), (9_501.0, NEWS)])
def test_a_twentieth_of_the_best_is_where_equal_begins(second, by):
    """The same luck moves both alike, so that the interval tells apart what the share does not."""
    choice = found(letter=(10_000.0, 0.9, 100), phone=(second, 0.0, 100))
    assert choice.by == by
    assert choice.equals == (("letter",) if by == VALUE else ("letter", "phone"))
    assert choice.chosen == ("letter" if by == VALUE else "phone")
    assert choice.small == (by == NEWS)


def test_the_share_is_what_the_scenario_says():
    far = {"letter": (10_000.0, 0.9, 100), "phone": (9_000.0, 0.0, 100)}
    assert found(**far).by == VALUE
    assert found(Rule(0.2), **far).chosen == "phone"
    near = {"letter": (10_000.0, 0.9, 100), "phone": (9_999.0, 0.0, 100)}
    assert found(Rule(0.0), **near).by == VALUE


def test_what_the_interval_does_not_tell_apart_is_equal_however_large():
    table = runs(keep=KEEP, letter=(10_000.0, 0.9, 100))
    letter = table["policy"] == "letter"
    table.loc[letter, "net_value"] = 10_000.0 + 90_000.0 * WOBBLE
    choice = choose(table, Rule(0.05))
    assert (choice.equals, choice.chosen, choice.by, choice.small) == (("letter", "keep"), "keep", NEWS, False)


def test_news_decides_only_where_its_difference_is_sure():
    """One run in twenty more or less may be luck: then simplicity decides."""
    near = {"letter": (10_000.0, 0.05, 100), "phone": (9_900.0, 0.0, 100)}
    two = found(Rule(0.05, {"letter": 1, "phone": 2}), **near)
    assert (two.chosen, two.by) == ("letter", STEPS)


@pytest.mark.parametrize(
    ("steps", "told", "chosen", "by"),
    [
        ({"letter": 2}, (100, 300), "phone", STEPS),
        ({}, (300, 100), "phone", TOLD),
        ({}, (100.4, 100.0), "letter", NOTHING),
        ({}, (104.9, 100.0), "letter", NOTHING),
        ({}, (106.0, 100.0), "phone", TOLD),
    ],
)
def test_simplicity_is_fewer_steps_then_fewer_told(steps, told, chosen, by):
    choice = found(Rule(0.05, steps), letter=(10_000.0, 0.5, told[0]), phone=(9_900.0, 0.5, told[1]))
    assert (choice.chosen, choice.by) == (chosen, by)


def test_keeping_everyone_is_the_simplest_of_equals():
    choice = found(letter=(0.0, 0.0, 100))
    assert choice.equals[0] in ("keep", "letter") and set(choice.equals) == {"keep", "letter"}
    assert (choice.chosen, choice.by) == ("keep", STEPS)


def test_the_loudest_of_three_is_out_before_simplicity_is_asked():
    choice = found(
        Rule(0.05, {"talk": 3}), letter=(10_000.0, 0.9, 10), talk=(9_990.0, 0.0, 10), phone=(9_980.0, 0.0, 10)
    )
    assert (choice.equals, choice.chosen, choice.by) == (("letter", "talk", "phone"), "phone", STEPS)


def test_it_is_the_same_rule_over_worlds():
    table = runs(worlds=True, keep=KEEP, letter=(10_000.0, 0.9, 100), phone=(9_900.0, 0.0, 100))
    choice = choose(table, Rule(0.05))
    assert (choice.chosen, choice.by, choice.covered) == ("phone", NEWS, {"letter": 0.9, "phone": 0.0})
