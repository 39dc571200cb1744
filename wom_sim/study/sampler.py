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
from wom_sim.study.recommend import Progress, Question, Standing

if TYPE_CHECKING:
    from optuna import Study, Trial
    from optuna.distributions import BaseDistribution
    from optuna.samplers import TPESampler
    from optuna.storages import RDBStorage
    from optuna.trial import FrozenTrial

_NAME, _POLICY, _EXCESS = "recommend", "policy", "excess"
_PATIENCE = 20
"""After so many questions in a row that had been asked before, nothing new is expected."""
_RANDOM = 10
"""So many candidates are drawn at random before the estimator begins."""
_SHARE_ASKED = 2 / 3
"""Share of the trials after which the neighbours of the best are tried first."""
Evaluate = Callable[[Candidate], Standing]


class Sampler:
    """Asks Optuna for candidates; questions and answers are kept in ``path`` (SQLite), or in memory."""

    def __init__(self, path: Path | None, seed: int) -> None:
        self._path, self._seed = path, seed
        self._storage: RDBStorage | None = None

    def close(self) -> None:
        """Close the file of questions, if one is open."""
        if self._storage is not None:
            self._storage.scoped_session.remove()
            self._storage.engine.dispose()
            self._storage = None

    def __call__(self, question: Question, evaluate: Evaluate, progress: Progress) -> Iterator[Standing]:
        """Yield each candidate once, as it stands; each policy is tried about as it is given first."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Optuna calls the constraints experimental
            yield from self._asked(question, evaluate, progress)

    def _asked(self, question: Question, evaluate: Evaluate, progress: Progress) -> Iterator[Standing]:
        study = self._study()
        space, known = question.space, _complete(study)
        first = [as_given(question.scenario, base, levers) for base, levers in space.levers.items()]
        seen: dict[str, Standing] = {}
        number = repeats = 0
        while len(seen) < min(question.trials, space.size) and repeats < _PATIENCE:
            progress(len(seen), question.trials, "searching")
            if number < len(known):
                candidate = _candidate(known[number].params, space)
                found = seen.get(candidate.key) or evaluate(candidate)
            elif (own := _own_idea(number, first, (seen, question))) is not None:
                candidate, found = own, evaluate(own)
                study.add_trial(_answer(candidate, found, space))
            else:
                candidate, found = self._ask(study, number, space, (seen, evaluate))
            number, repeats = number + 1, repeats + 1
            if candidate.key not in seen:
                seen[candidate.key], repeats = found, 0
                yield found
        progress(question.trials, question.trials, "searching")

    def _ask(
        self, study: Study, number: int, space: Space, answers: tuple[Mapping[str, Standing], Evaluate]
    ) -> tuple[Candidate, Standing]:
        """Let Optuna suggest a candidate, and tell it the answer."""
        from optuna.trial import TrialState

        study.sampler = _estimator(self._seed + number)
        trial = study.ask()
        try:
            candidate = _suggested(trial, space)
            found = answers[0].get(candidate.key) or answers[1](candidate)
            trial.set_user_attr(_EXCESS, found.excess)
            study.tell(trial, found.value)
        except BaseException:
            study.tell(trial, state=TrialState.FAIL)
            raise
        return candidate, found

    def _study(self) -> Study:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self.close()
        self._storage = None if self._path is None else _storage(self._path)
        return optuna.create_study(storage=self._storage, study_name=_NAME, direction="maximize", load_if_exists=True)


def _own_idea(number: int, first: list[Candidate], so_far: tuple[Mapping[str, Standing], Question]) -> Candidate | None:
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
        constraints_func=lambda trial: [trial.user_attrs[_EXCESS]],
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


def _ranked(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(sorted(values)) if _is_ordered(values) else values


def _suggested(trial: Trial, space: Space) -> Candidate:
    bases = list(space.levers)
    base = trial.suggest_categorical(_POLICY, bases) if len(bases) > 1 else bases[0]
    params = {_POLICY: base} | {
        name: _suggest(trial, name, distribution) for name, distribution in _distributions(base, space).items()
    }
    return _candidate(params, space)


def _suggest(trial: Trial, name: str, distribution: Any) -> int:
    if hasattr(distribution, "choices"):
        return int(trial.suggest_categorical(name, distribution.choices))
    return trial.suggest_int(name, distribution.low, distribution.high)


def _candidate(params: Mapping[str, Any], space: Space) -> Candidate:
    """Return the candidate that Optuna's parameters stand for."""
    base = params.get(_POLICY, next(iter(space.levers)))
    levers = space.levers[base]
    return Candidate(base, tuple((path, _ranked(v)[params.get(f"{base}/{path}", 0)]) for path, v in levers.items()))


def _answer(candidate: Candidate, found: Standing, space: Space) -> FrozenTrial:
    """Return a candidate and its answer as a complete trial of Optuna's."""
    import optuna
    from optuna.distributions import CategoricalDistribution

    distributions = _distributions(candidate.base, space)
    levers = dict(candidate.levers)
    params: dict[str, Any] = {}
    for name in distributions:
        path = name.removeprefix(f"{candidate.base}/")
        params[name] = _ranked(space.levers[candidate.base][path]).index(levers[path])
    if len(space.levers) > 1:
        distributions[_POLICY] = CategoricalDistribution(list(space.levers))
        params[_POLICY] = candidate.base
    return optuna.trial.create_trial(
        params=params,
        distributions=distributions,
        value=found.value,
        user_attrs={_EXCESS: found.excess},
        system_attrs={"constraints": [found.excess]},
    )
