"""NSGA-II (Optuna's) for several objectives: net value up, measures of risk down, asked one candidate at a time.

All policies share one set of genes: which policy, and for each lever a share of the way through its values, in their
order. So parents of different policies can be crossed, and a lever that a policy does not have rests in its genes.

Source: Deb, Pratap, Agarwal & Meyarivan 2002, "A fast and elitist multiobjective genetic algorithm: NSGA-II".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wom_sim.study.levers import Candidate, Space
from wom_sim.study.sampler import EXCESS, POLICY, Answers, Sampler, ranked
from wom_sim.study.standings import Question, Standing

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.samplers import BaseSampler
    from optuna.trial import FrozenTrial, Trial

_SMALLEST, _GENERATIONS = 8, 5


class SamplerOfMany(Sampler):
    """Asks NSGA-II for candidates."""

    def directions(self, question: Question) -> list[str]:
        """Return whether each objective is to be more or less."""
        return ["maximize", *("minimize" for _ in question.objectives)]

    def values(self, found: Standing, question: Question) -> list[float]:
        """Return how a candidate does on each objective."""
        return [found.value, *(found.risks[name] for name in question.objectives)]

    def estimator(self, number: int, question: Question) -> BaseSampler:
        """Return the sampler of a question; generations are kept in the answers, so that it may be made anew."""
        from optuna.samplers import NSGAIISampler

        size = max(_SMALLEST, question.trials // _GENERATIONS)
        return NSGAIISampler(
            seed=(self.seed + number) % 2**32,
            population_size=size,
            constraints_func=lambda trial: [trial.user_attrs[EXCESS]],
        )

    def own_idea(self, number: int, first: list[Candidate], so_far: Answers) -> Candidate | None:
        """Return the policies as they are given, first of all; a frontier has no best whose levers could be turned."""
        return first[number] if number < len(first) else None

    def suggested(self, trial: Trial, space: Space) -> Candidate:
        """Return what NSGA-II suggests."""
        bases = list(space.levers)
        params: dict[str, Any] = {POLICY: trial.suggest_categorical(POLICY, bases) if len(bases) > 1 else bases[0]}
        params |= {path: trial.suggest_float(path, 0.0, 1.0) for path in _paths(space)}
        return self.candidate(params, space)

    def candidate(self, params: Mapping[str, Any], space: Space) -> Candidate:
        """Return the candidate that genes stand for."""
        base = str(params.get(POLICY, next(iter(space.levers))))
        chosen = []
        for path, values in space.levers[base].items():
            place = min(int(float(params.get(path, 0.0)) * len(values)), len(values) - 1)
            chosen.append((path, ranked(values)[place]))
        return Candidate(base, tuple(chosen))

    def answer(self, candidate: Candidate, found: Standing, question: Question) -> FrozenTrial:
        """Return a candidate and how it does as a complete trial."""
        import optuna
        from optuna.distributions import CategoricalDistribution, FloatDistribution

        space, own = question.space, dict(candidate.levers)
        params: dict[str, Any] = {path: 0.5 for path in _paths(space)}
        distributions: dict[str, BaseDistribution] = {path: FloatDistribution(0.0, 1.0) for path in params}
        for path, value in own.items():
            values = ranked(space.levers[candidate.base][path])
            params[path] = (values.index(value) + 0.5) / len(values)
        if len(space.levers) > 1:
            distributions[POLICY] = CategoricalDistribution(list(space.levers))
            params[POLICY] = candidate.base
        return optuna.trial.create_trial(
            params=params, distributions=distributions, values=self.values(found, question),
            user_attrs={EXCESS: found.excess}, system_attrs={"constraints": [found.excess]},
        )  # fmt: skip


def _paths(space: Space) -> list[str]:
    """Return the levers of all policies that have more than one value in one of them."""
    return sorted({path for levers in space.levers.values() for path, values in levers.items() if len(values) > 1})
