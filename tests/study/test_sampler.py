"""What the sampler asks by itself, and how candidates are told to Optuna and read back."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from run_tables import table

from wom_sim.study import sampler
from wom_sim.study.levers import Candidate, Space
from wom_sim.study.standings import Standing

SPACE = Space({"letter": {"payment": (100, 0, 50), "framing": ("warm", "cold"), "days": (7,)}, "exit": {}})
FIRST = Candidate("letter", (("payment", 0), ("framing", "cold"), ("days", 7)))


def stands(candidate, value, excess=0.0):
    return Standing(candidate, table(x={"net_value": np.full(2, value)}), value, {}, excess)


@pytest.mark.parametrize(
    ("own", "values", "nearest"),
    [
        (50, (0, 50, 100), 50), (60, (0, 50, 100), 50), (80, (0, 50, 100), 100), (-5, (10, 0), 0), (None, (3, 1), 3),
        ("cold", ("warm", "cold"), "cold"), ("else", ("warm", "cold"), "warm"), (True, (False, True), True),
        (0.3, (False, True), False),
    ],
)  # fmt: skip
def test_the_value_nearest_to_what_is_given(own, values, nearest):
    assert sampler._nearest(own, values) == nearest


def test_numbers_are_ranked_and_words_are_not():
    assert sampler.ranked((100, 0, 50)) == (0, 50, 100)
    assert sampler.ranked(("warm", "cold")) == ("warm", "cold")
    assert sampler.ranked((True, False)) == (True, False)


def test_every_candidate_is_told_to_optuna_and_read_back():
    for k, candidate in enumerate(SPACE.candidates()):
        trial = sampler._answer(candidate, stands(candidate, 10.0 + k, 0.5), SPACE)
        assert sampler._candidate(trial.params, SPACE) == candidate
        assert trial.value == 10.0 + k
        assert trial.user_attrs == {"excess": 0.5}
        assert trial.system_attrs == {"constraints": [0.5]}
    trial = sampler._answer(FIRST, stands(FIRST, 1.0), SPACE)
    assert trial.params == {"letter/payment": 0, "letter/framing": 1, "policy": "letter"}
    ranks = trial.distributions["letter/payment"]
    assert (ranks.low, ranks.high) == (0, 2)
    assert trial.distributions["letter/framing"].choices == (0, 1)
    assert trial.distributions["policy"].choices == ("letter", "exit")
    alone = Space({"letter": SPACE.levers["letter"]})
    trial = sampler._answer(FIRST, stands(FIRST, 1.0), alone)
    assert "policy" not in trial.params
    assert sampler._candidate(trial.params, alone) == FIRST


def test_neighbours_turn_one_lever_each():
    found = [c.levers for c in sampler.neighbours(FIRST, SPACE)]
    assert found == [
        (("payment", 100), ("framing", "cold"), ("days", 7)), (("payment", 50), ("framing", "cold"), ("days", 7)),
        (("payment", 0), ("framing", "warm"), ("days", 7)),
    ]  # fmt: skip


def test_what_is_given_comes_first_and_neighbours_of_the_best_come_late():
    first, question = [FIRST, Candidate("exit")], SimpleNamespace(trials=6, space=SPACE)
    every = list(SPACE.candidates())
    seen = {c.key: stands(c, float(k)) for k, c in enumerate(every[:3])}
    assert sampler._own_idea(0, first, ({}, question)) == FIRST
    assert sampler._own_idea(1, first, ({}, question)) == Candidate("exit")
    assert sampler._own_idea(2, first, (seen, question)) is None, "half of the trials: Optuna is asked"
    seen[FIRST.key] = stands(FIRST, 99.0)
    untried = [c for c in sampler.neighbours(FIRST, SPACE) if c.key not in seen]
    assert sampler._own_idea(4, first, (seen, question)) == untried[0]
    poor = seen | {FIRST.key: stands(FIRST, 99.0, excess=1.0)}
    best = every[2]
    assert sampler._own_idea(4, first, (poor, question)) in list(sampler.neighbours(best, SPACE))
    all_seen = seen | {c.key: stands(c, 0.0) for c in untried}
    assert sampler._own_idea(7, first, (all_seen, question)) is None


def test_answers_that_are_known_are_not_asked_again(tmp_path):
    """Every candidate comes once; a search that goes on over the same file asks nothing that was answered."""
    asked: list[str] = []
    policies = [SimpleNamespace(name="letter"), SimpleNamespace(name="exit")]
    question = SimpleNamespace(trials=5, space=SPACE, scenario=SimpleNamespace(policies=policies))

    def evaluate(candidate):
        asked.append(candidate.key)
        return stands(candidate, float(len(candidate.levers)))

    told = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sampler, "as_given", lambda scenario, base, levers: FIRST if levers else Candidate(base))
        run = [
            s.candidate for s in sampler.Sampler(tmp_path / "s.db", 3)(question, evaluate, lambda *a: told.append(a))
        ]
        again = [s.candidate for s in sampler.Sampler(tmp_path / "s.db", 3)(question, evaluate, lambda *a: None)]
    assert run[:2] == [FIRST, Candidate("exit")]
    assert len(run) == len({c.key for c in run}) == 5
    assert again == run
    assert told[0] == (0, 5, "searching")
    assert told[-1] == (5, 5, "searching")
