"""Attribution tables and the tree of who told whom, of a handful of acts whose origins are written down."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from wom_sim.outcomes.acts import CALL, DEPARTURE, Acts
from wom_sim.outcomes.attribution import Traced
from wom_sim.outcomes.attribution_tables import (
    MOST_ROOTS,
    OTHERS,
    attribution_of_run,
    attribution_over_runs,
    ends_of,
)
from wom_sim.outcomes.branches import AT_ONCE, tree_of
from wom_sim.outcomes.doses import HOUSEHOLD_LEFT, Doses
from wom_sim.outcomes.origins import Coverage, Origins
from wom_sim.world import trace as tr

OUTLETS = ["forum", "paper"]
FIRM = tr.FIRM << tr.SOURCE_SHIFT


def source(channel: int, who: int = 0) -> int:
    return channel << tr.SOURCE_SHIFT | who


def acts(*rows: tuple) -> Acts:
    """Return acts from (effect, cause, source, number, lasting, amount)."""
    columns = [np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)]
    effect, cause, sources, number, lasting, amount = columns
    n = np.arange(len(rows))
    return Acts(effect, 100 + n, n, cause, sources, number, lasting, amount, np.zeros(len(rows), dtype=bool))


def origins(*rows: tuple) -> Origins:
    """Return origins from (act, share, root, outlet, steps, path)."""
    return Origins(*(np.array(column) for column in zip(*rows, strict=True)))


def doses(*rows: tuple) -> Doses:
    return Doses(*(np.array(column) for column in zip(*rows, strict=True)))


def path(*channels: int) -> int:
    """Return the code of tellings from the first to the last."""
    code = 0
    for channel in channels:
        code = code << 3 | channel
    return code


CLOSE, POST, PAPER = tr.BY_CLOSE, tr.BY_POST, tr.BY_OUTLET
TRACED = Traced(
    acts(
        (DEPARTURE, tr.STORY, source(CLOSE, 7), 1, 1, -1000),
        (DEPARTURE, tr.STORY, source(PAPER, 1), 1, 0, -300),
        (DEPARTURE, tr.CONTAGION, source(POST, 9), 1, 1, -500),
        (DEPARTURE, tr.WITH_HOUSEHOLD, source(tr.BY_HOUSEHOLD, 3), 1, 1, -700),
        (CALL, 0, FIRM, 1, 1, -8),
    ),
    origins(
        (0, 1.0, 7, -1, 2, path(POST, CLOSE)),
        (1, 1.0, -1, 1, 1, path(PAPER)),
        (2, 0.75, 9, -1, 1, path(POST)),
        (2, 0.25, -1, 1, 2, path(PAPER, CLOSE)),
        (3, 1.0, 3, -1, 1, path(tr.BY_HOUSEHOLD)),
        (4, 1.0, 104, -1, 0, 0),
    ),
    {1: Coverage(np.array([7, 9]), np.array([1, 3]), np.array([0.5, 0.5]))},
    doses(
        (0, POST, 0.25), (0, CLOSE, 0.75), (1, PAPER, 1.0), (2, POST, 0.5), (2, CLOSE, 0.5),
        (3, HOUSEHOLD_LEFT, 1.0), (4, tr.FIRM, 1.0),
    ),
)  # fmt: skip


def column(table: pd.DataFrame, effect: str, dimension: str, what: str = "number") -> dict[str, float]:
    rows = table[(table["effect"] == effect) & (table["dimension"] == dimension)]
    return dict(zip(rows["value"], rows[what], strict=True))


TABLE = attribution_of_run(TRACED, OUTLETS)


@pytest.mark.parametrize(
    ("dimension", "expected"),
    [
        ("first_channel", {"close": 1, "outlet": 1, "departure of a tie": 1, "left with household": 1}),
        ("main_channel", {"close": 2, "outlet": 1, "left with household": 1}),  # the first of equals
        ("dose", {"post": 0.75, "close": 1.25, "outlet": 1, "left with household": 1}),
        ("outlet", {"none": 2.75, "paper": 1.25}),
        ("tie_departure", {"no": 2, "departure of a tie": 1, "left with household": 1}),
        ("steps", {"2": 1 + 0.5, "1": 0.75 + 1, "4": 0.5, "3": 0.125, "5": 0.125}),
        ("root", {"7": 1 + 0.5 + 0.125, "9": 0.75 + 0.5 + 0.125, "3": 1}),
    ],
)
def test_departures_by_dimension(dimension, expected):
    assert column(TABLE, "departure", dimension) == pytest.approx(expected)


def test_what_only_came_earlier_is_no_lasting_departure_and_money_is_in_currency():
    assert column(TABLE, "departure", "first_channel", "lasting")["outlet"] == 0
    assert column(TABLE, "departure", "first_channel", "amount") == pytest.approx(
        {"close": -10.0, "outlet": -3.0, "departure of a tie": -5.0, "left with household": -7.0}
    )
    assert column(TABLE, "departure", "root", "amount") == pytest.approx(
        {"7": -10.0 - 1.5 - 0.625, "9": -3.75 - 1.5 - 0.625, "3": -7.0}
    )
    assert column(TABLE, "call", "first_channel", "amount") == pytest.approx({"firm": -0.08})


def test_ends_go_on_from_an_outlet_to_those_whose_posts_made_it_report():
    ends = ends_of(TRACED)
    found = ends[ends["effect"] == DEPARTURE].groupby(["root", "steps", "outlet"])["number"].sum().to_dict()
    assert found == pytest.approx(
        {(7, 2, -1): 1.0, (9, 1, -1): 0.75, (3, 1, -1): 1.0,
         (7, 2, 1): 0.5, (9, 4, 1): 0.5, (7, 3, 1): 0.125, (9, 5, 1): 0.125}
    )  # fmt: skip


def test_means_over_runs_count_a_run_without_the_act_as_none():
    empty = TABLE[TABLE["effect"] == "none such"]
    found = attribution_over_runs({"letter": [TABLE, empty], "offer": [TABLE]})
    letter = found[found["policy"] == "letter"]
    assert column(letter, "departure", "outlet") == pytest.approx({"none": 2.75 / 2, "paper": 1.25 / 2})
    assert column(letter, "departure", "outlet", "share") == pytest.approx({"none": 2.75 / 3, "paper": 0.25 / 3})
    assert column(letter, "departure", "outlet", "lasting") == pytest.approx({"none": 2.75 / 2, "paper": 0.25 / 2})
    assert column(found[found["policy"] == "offer"], "departure", "outlet")["none"] == 2.75
    assert list(dict.fromkeys(found["policy"])) == ["letter", "offer"]


def test_rows_are_in_order_the_largest_first_and_steps_count_up():
    found = attribution_over_runs({"letter": [TABLE]})
    assert list(dict.fromkeys(found["effect"])) == ["departure", "call"]
    of = {name: list(column(found, "departure", name)) for name in ("steps", "outlet", "dose", "root")}
    assert of["steps"] == ["1", "2", "3", "4", "5"]
    assert of["outlet"] == ["none", "paper"]
    assert of["dose"][0] == "close"
    assert of["root"] == ["7", "9", "3"]


def test_only_the_largest_roots_are_named():
    rows = [("departure", "root", str(k), 1.0 + k, 1.0, -2.0) for k in range(MOST_ROOTS + 5)]
    rows += [("call", "root", str(k), 1.0, 1.0, -2.0) for k in range(MOST_ROOTS)]
    table = pd.DataFrame(rows, columns=["effect", "dimension", "value", "number", "lasting", "amount"])
    found = attribution_over_runs({"a": [table]})
    named = column(found, "departure", "root")
    assert len(named) == MOST_ROOTS + 1
    assert named[OTHERS] == sum(1.0 + k for k in range(5))
    assert list(named)[-1] == OTHERS, "last, however many they are"
    assert next(iter(named)) == str(MOST_ROOTS + 4)
    assert len(column(found, "call", "root")) == MOST_ROOTS, "no more than are named"


def test_nothing_was_traced():
    assert len(attribution_over_runs({})) == 0


# -- the tree ------------------------------------------------------------------------------------------------


def labels(branch) -> dict:
    return {name: (inner.number, labels(inner)) for name, inner in branch.branches.items()}


def test_the_tree_has_a_branch_for_every_way():
    tree = tree_of(TRACED, DEPARTURE, OUTLETS, "all")
    assert (tree.label, tree.number, tree.amount) == ("all", 3.0, -25.0)
    assert labels(tree) == {
        "from people whom the firm told, without media": (
            1.0, {"read a post": (1.0, {"told by a close tie": (1.0, {})})},
        ),
        "through paper": (0.0, {AT_ONCE: (0.0, {})}),  # it only came earlier
        "because ties had left": (
            1.0, {"read a post": (0.75, {}), "through paper": (0.25, {"told by a close tie": (0.25, {})})},
        ),
        "left with someone of the household who was let go": (1.0, {}),
    }  # fmt: skip


def test_a_tie_that_was_let_go_is_told_as_such():
    alone = TRACED._replace(origins=origins((2, 1.0, 55, -1, 0, 0)))
    tree = tree_of(alone, DEPARTURE, OUTLETS, "all")
    assert labels(tree) == {"because ties had left": (1.0, {"who were let go": (1.0, {})})}


def test_the_busiest_branches_come_first_and_the_least_are_left_out():
    tree = tree_of(TRACED, DEPARTURE, OUTLETS, "all").branches["because ties had left"]
    tree.add(["told by a stranger"], 0.25, -1.0)
    assert [b.label for b in tree.busiest(5, 0.0)] == ["read a post", "through paper", "told by a stranger"]
    assert [b.label for b in tree.busiest(5, 0.3)] == ["read a post"]
    assert [b.label for b in tree.busiest(5, 0.25)] == ["read a post", "through paper", "told by a stranger"]
    assert len(tree.busiest(2, 0.0)) == 2
    assert tree.plain(1, 0.0) == {
        "label": "because ties had left", "number": 1.25, "amount": -6.0,
        "branches": [{"label": "read a post", "number": 0.75, "amount": -3.75, "branches": []}],
    }  # fmt: skip
