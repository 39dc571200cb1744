"""Optuna's constrained tree-structured Parzen estimator, asked one candidate at a time, so that a search can go on.

The sampler of each question is made anew from the seed and the number of answers so far: a search that was
interrupted and resumed asks what an uninterrupted one would have asked.
"""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wom_sim.scenario import Scenario
from wom_sim.simulation import levers_of
from wom_sim.study.levers import Candidate, Space
from wom_sim.study.standings import Progress, Question, Standing
from wom_sim.words.said import Said

if TYPE_CHECKING:
    from optuna import Study, Trial
    from optuna.distributions import BaseDistribution
    from optuna.samplers import BaseSampler, TPESampler
    from optuna.storages import RDBStorage
    from optuna.trial import FrozenTrial

_NAME = "recommend"
POLICY, EXCESS = "policy", "excess"
"""The parameter that names the policy; the attribute that says how far a candidate exceeds the budget."""
_PATIENCE = 20
"""After so many questions in a row that had been asked before, nothing new is expected."""
_RANDOM = 10
"""So many candidates are drawn at random before the estimator begins."""
_SHARE_ASKED = 2 / 3
"""Share of the trials after which the neighbours of the best are tried first."""
Evaluate = Callable[[Candidate], Standing]
Answers = tuple[Mapping[str, Standing], Question]
"""What was found so far, by key of the candidate, and what is asked."""


class Sampler:
    """Asks Optuna for candidates; questions and answers are kept in ``path`` (SQLite), or in memory."""

    def __init__(self, path: Path | None, seed: int) -> None:
        self._path, self.seed = path, seed
        self._storage: RDBStorage | None = None

    def close(self) -> None:
        """Close the file of questions, if one is open."""
        if self._storage is not None:
            self._storage.scoped_session.remove()
            self._storage.engine.dispose()
            self._storage = None

    def __call__(self, question: Question, evaluate: Evaluate, progress: Progress) -> Iterator[Standing]:
        """Yield each candidate once with its score; the scenario's own settings of each policy come first."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Optuna calls the constraints experimental
            yield from self._asked(question, evaluate, progress)

    def _asked(self, question: Question, evaluate: Evaluate, progress: Progress) -> Iterator[Standing]:
        study = self._study(question)
        space, known = question.space, _complete(study)
        first = [as_given(question.scenario, base, levers) for base, levers in space.levers.items()]
        seen: dict[str, Standing] = {}
        number = repeats = 0
        while len(seen) < min(question.trials, space.size) and repeats < _PATIENCE:
            progress(len(seen), question.trials, Said("step.searching"))
            if number < len(known):
                candidate = self.candidate(known[number].params, space)
                found = seen.get(candidate.key) or evaluate(candidate)
            elif (own := self.own_idea(number, first, (seen, question))) is not None:
                candidate, found = own, evaluate(own)
                study.add_trial(self.answer(candidate, found, question))
            else:
                candidate, found = self._ask(study, number, question, (seen, evaluate))
            number, repeats = number + 1, repeats + 1
            if candidate.key not in seen:
                seen[candidate.key], repeats = found, 0
                yield found
        progress(question.trials, question.trials, Said("step.searching"))

    def _ask(
        self, study: Study, number: int, question: Question, answers: tuple[Mapping[str, Standing], Evaluate]
    ) -> tuple[Candidate, Standing]:
        """Let Optuna suggest a candidate, and tell it the answer."""
        from optuna.trial import TrialState

        study.sampler = self.estimator(number, question)
        trial = study.ask()
        try:
            candidate = self.suggested(trial, question.space)
            found = answers[0].get(candidate.key) or answers[1](candidate)
            trial.set_user_attr(EXCESS, found.excess)
            study.tell(trial, self.values(found, question))
        except BaseException:
            study.tell(trial, state=TrialState.FAIL)
            raise
        return candidate, found

    def _study(self, question: Question) -> Study:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self.close()
        self._storage = None if self._path is None else _storage(self._path)
        directions = self.directions(question)
        return optuna.create_study(storage=self._storage, study_name=_NAME, directions=directions, load_if_exists=True)

    # -- what another way of asking does otherwise -------------------------------------------------------------

    def directions(self, question: Question) -> list[str]:
        """Return whether each objective is to be more or less."""
        return ["maximize"]

    def values(self, found: Standing, question: Question) -> list[float]:
        """Return how a candidate does on each objective."""
        return [found.value]

    def estimator(self, number: int, question: Question) -> BaseSampler:
        """Return the sampler of a question."""
        return _estimator(self.seed + number)

    def own_idea(self, number: int, first: list[Candidate], so_far: Answers) -> Candidate | None:
        """Return a candidate that need not be asked for, None if there is none."""
        return _own_idea(number, first, so_far)

    def suggested(self, trial: Trial, space: Space) -> Candidate:
        """Return what Optuna suggests."""
        return _suggested(trial, space)

    def candidate(self, params: Mapping[str, Any], space: Space) -> Candidate:
        """Return the candidate that Optuna's parameters stand for."""
        return _candidate(params, space)

    def answer(self, candidate: Candidate, found: Standing, question: Question) -> FrozenTrial:
        """Return a candidate and how it does as a complete trial."""
        return _answer(candidate, found, question.space)


def _own_idea(number: int, first: list[Candidate], so_far: Answers) -> Candidate | None:
    """Return a candidate that need not be asked for: the policies as given at first, later a neighbour of the best.

    After two thirds of the trials each lever of the best candidate is turned alone, until no turn that was not tried
    is left: the end is an optimum that no single lever improves, as far as these replications show.
    """
    seen, question = so_far
    if number < len(first):
        return first[number]
    if len(seen) < _SHARE_ASKED * question.trials:
        return None
    best = min(seen.values(), key=lambda s: s.rank).candidate
    return next((c for c in neighbours(best, question.space) if c.key not in seen), None)


def neighbours(candidate: Candidate, space: Space) -> Iterator[Candidate]:
    """Yield the candidates that differ in one lever."""
    for place, (path, own) in enumerate(candidate.levers):
        for value in space.levers[candidate.base][path]:
            if value != own:
                levers = list(candidate.levers)
                levers[place] = (path, value)
                yield Candidate(candidate.base, tuple(levers))


def _storage(path: Path) -> RDBStorage:
    """Return Optuna's storage in SQLite, not waiting for the disk: the runs behind an answer are kept anyway."""
    from optuna.storages import RDBStorage

    def connect() -> sqlite3.Connection:
        base = sqlite3.connect(path, check_same_thread=False)
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = NORMAL")
        return base

    return RDBStorage(f"sqlite:///{path}", engine_kwargs={"creator": connect})


def _estimator(seed: int) -> TPESampler:
    from optuna.samplers import TPESampler

    return TPESampler(
        seed=seed % 2**32,
        n_startup_trials=_RANDOM,
        multivariate=True,
        group=True,
        constraints_func=lambda trial: [trial.user_attrs[EXCESS]],
    )


def _complete(study: Study) -> list[FrozenTrial]:
    from optuna.trial import TrialState

    return study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))


def as_given(scenario: Scenario, base: str, levers: Mapping[str, tuple[Any, ...]]) -> Candidate:
    """Return the candidate of a policy that is nearest to how the scenario gives it."""
    policy = next(p for p in scenario.policies if p.name == base)
    held = levers_of(scenario, policy)
    chosen = []
    for path, values in levers.items():
        table, _, name = path.rpartition(".")
        own = getattr({"": held, "choose": held.choose, "response": policy.response}[table], name)
        chosen.append((path, _nearest(own, values)))
    return Candidate(base, tuple(chosen))


def _nearest(own: Any, values: tuple[Any, ...]) -> Any:
    if own in values or own is None or not _is_ordered(values):
        return own if own in values else values[0]
    return min(values, key=lambda value: abs(value - own))


def _is_ordered(values: tuple[Any, ...]) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def _distributions(base: str, space: Space) -> dict[str, BaseDistribution]:
    """Return what Optuna may choose once it has chosen a policy: numbers by rank, the others by name."""
    from optuna.distributions import CategoricalDistribution, IntDistribution

    found: dict[str, BaseDistribution] = {}
    for path, values in space.levers[base].items():
        last = len(values) - 1
        if last:
            ranks = IntDistribution(0, last) if _is_ordered(values) else CategoricalDistribution(range(last + 1))
            found[f"{base}/{path}"] = ranks
    return found


def ranked(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return values in their order, as they are listed where they have none."""
    return tuple(sorted(values)) if _is_ordered(values) else values


def _suggested(trial: Trial, space: Space) -> Candidate:
    bases = list(space.levers)
    base = trial.suggest_categorical(POLICY, bases) if len(bases) > 1 else bases[0]
    params = {POLICY: base} | {
        name: _suggest(trial, name, distribution) for name, distribution in _distributions(base, space).items()
    }
    return _candidate(params, space)


def _suggest(trial: Trial, name: str, distribution: Any) -> int:
    if hasattr(distribution, "choices"):
        return int(trial.suggest_categorical(name, distribution.choices))
    return trial.suggest_int(name, distribution.low, distribution.high)


def _candidate(params: Mapping[str, Any], space: Space) -> Candidate:
    """Return the candidate that Optuna's parameters stand for."""
    base = params.get(POLICY, next(iter(space.levers)))
    levers = space.levers[base]
    return Candidate(base, tuple((path, ranked(v)[params.get(f"{base}/{path}", 0)]) for path, v in levers.items()))


def _answer(candidate: Candidate, found: Standing, space: Space) -> FrozenTrial:
    """Return a candidate and its answer as a complete trial of Optuna's."""
    import optuna
    from optuna.distributions import CategoricalDistribution

    distributions = _distributions(candidate.base, space)
    levers = dict(candidate.levers)
    params: dict[str, Any] = {}
    for name in distributions:
        path = name.removeprefix(f"{candidate.base}/")
        params[name] = ranked(space.levers[candidate.base][path]).index(levers[path])
    if len(space.levers) > 1:
        distributions[POLICY] = CategoricalDistribution(list(space.levers))
        params[POLICY] = candidate.base
    return optuna.trial.create_trial(
        params=params,
        distributions=distributions,
        value=found.value,
        user_attrs={EXCESS: found.excess},
        system_attrs={"constraints": [found.excess]},
    )
