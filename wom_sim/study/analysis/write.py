"""The analysis of a study's folder: every table that applies, as CSV and Parquet, and why the others do not."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from wom_sim import __version__
from wom_sim._files import write_text_atomically
from wom_sim._tables import csv_text
from wom_sim.study import caveats
from wom_sim.study.analysis.answers import Telling, together
from wom_sim.study.analysis.boxes import boxes
from wom_sim.study.analysis.distributions import delta, pawn
from wom_sim.study.analysis.effects import effects, levels
from wom_sim.study.analysis.interactions import interactions
from wom_sim.study.analysis.luck import luck
from wom_sim.study.analysis.maps import response_map, zero_line
from wom_sim.study.analysis.morris import morris
from wom_sim.study.analysis.points import points
from wom_sim.study.analysis.prcc import prcc
from wom_sim.study.analysis.regression import regression
from wom_sim.study.analysis.robust import robust, worth
from wom_sim.study.analysis.sobol import sobol, sobol_pairs
from wom_sim.study.analysis.study import NotApplicableError, NothingFoundError, OtherDesignError, Study, read
from wom_sim.study.analysis.trees import features, tree
from wom_sim.study.cost import duration
from wom_sim.study.store import write_parquet
from wom_sim.words import ENGLISH, Words
from wom_sim.words.said import Said, in_words

FOLDER = "analysis"
_PACKAGES = {"SALib": "SALib", "numpy": "numpy", "pandas": "pandas", "scipy": "scipy", "scikit-learn": "sklearn"}
INDEX = "analysis.json"
"""What was made and what was left out; written last, so its presence says that the analysis is complete."""


class Analysis(NamedTuple):
    """An analysis: the name of its files, how it is made."""

    name: str
    make: Callable[[Study], pd.DataFrame]

    @property
    def shows(self) -> Said:
        """Return what it shows."""
        return Said(f"analysis.shows.{self.name}")


ANALYSES = (
    Analysis("points", points),
    Analysis("levels", levels),
    Analysis("effects", effects),
    Analysis("interactions", interactions),
    Analysis("regression", regression),
    Analysis("luck", luck),
    Analysis("sobol", sobol),
    Analysis("sobol_pairs", sobol_pairs),
    Analysis("morris", morris),
    Analysis("prcc", prcc),
    Analysis("delta", delta),
    Analysis("pawn", pawn),
    Analysis("features", features),
    Analysis("boxes", boxes),
    Analysis("tree", tree),
    Analysis("robust", robust),
    Analysis("worth", worth),
    Analysis("map", response_map),
    Analysis("zero", zero_line),
)

Progress = Callable[[int, int, str], None]
_LONG = 10.0
"""Seconds above which it is said what takes longest."""
_TIMED = 4
"""Responses (outputs of policies) from which on the first is analysed ahead, to tell how long all will take."""


def analyse(
    folder: str | Path,
    reference: str | None = None,
    tell: Progress = lambda done, total, words: None,
    begin: Callable[[str], None] | None = None,
    say: Callable[[str], None] = lambda text: None,
    words: Words = ENGLISH,
) -> list[Path]:
    """Write every table that applies into ``folder/analysis`` and return the files written.

    ``analysis.json`` says what each file shows, and why what is not there was left out. The same study gives the
    same bytes.

    Parameters
    ----------
    folder
        Of a study that has run: study.toml, design.csv, table.parquet.
    reference
        The policy to which all values are relative; if None what the study says, else ``keep``.
    tell
        Called with (steps done, steps in all, what happens now): a step is an analysis of an output of a policy.
    begin
        Called once, with what will be done and how long it takes, about.
    say
        Called in the end with each thing that a reader of the tables must know: what is left out, why, and what helps.
    words
        Of the language in which ``begin`` and ``say`` are told; what is written is the same in all.

    Raises
    ------
    StudyError
        If the folder does not hold such a study.
    """
    study = read(folder, reference)
    if begin is not None:
        begin(ahead(study, words))
    place = Path(folder) / FOLDER
    place.mkdir(exist_ok=True)
    (place / INDEX).unlink(missing_ok=True)
    told = Told({}, {}, {}, {})
    written: list[Path] = []
    for number, analysis in enumerate(ANALYSES):
        notes: list[str] = []
        watched = replace(study, watch=_watch(tell, number, analysis.shows), leave_out=notes.append)
        watched.watch(0, len(study.policies) * len(study.outputs))
        paths = [place / f"{analysis.name}.{ending}" for ending in ("csv", "parquet")]
        try:
            table = analysis.make(watched)
        except NotApplicableError as reason:
            told.left_out[analysis.name] = reason
            for path in paths:
                path.unlink(missing_ok=True)
            continue
        write_text_atomically(paths[0], csv_text(table, lineterminator="\n"))
        write_parquet(paths[1], _plain(table))
        told.made[analysis.name] = analysis.shows
        if analysis.name in ("interactions", "regression"):
            told.pairs[analysis.name] = table
        if notes:
            told.partly[analysis.name] = list(dict.fromkeys(notes))
        written += paths
    write_text_atomically(place / INDEX, json.dumps(_index(study, told), indent=2) + "\n")
    for text in on_the_screen(study, told, words):
        say(text)
    return [*written, place / INDEX]


class Told(NamedTuple):
    """What became of each analysis: what it shows, why it was left out, what is missing in its table; by name.

    ``pairs``: the tables that say which factors work together.
    """

    made: dict[str, str]
    left_out: dict[str, NotApplicableError]
    partly: dict[str, list[str]]
    pairs: dict[str, pd.DataFrame]

    def answers(self, study: Study, words: Words) -> list[str]:
        """Return sentences on which factors work together, of the first table that has any."""
        telling = Telling(words, study.currency, str)
        return next(filter(None, (together(table, leading(study), telling) for table in self.pairs.values())), [])


def leading(study: Study) -> str:
    """Return the output of which sentences are told: net value, or the first that was measured."""
    return "net_value" if "net_value" in study.outputs else study.outputs[0]


def on_the_screen(study: Study, told: Told, words: Words = ENGLISH) -> Iterator[str]:
    """Yield what a reader of the tables must know: which factors work together, what is unused, missing, left out."""
    say, number = words.say, words.exact
    yield from told.answers(study, words)
    yield from caveats.of_idle(study.idle, words)
    yield from caveats.of_central(study.central, words=words)
    for policy, gone in study.missing.items():
        yield say(
            "analysis.missing", gone=number(gone), points=number(len(study.design)), policy=words.policy_typed(policy)
        )
    for name, reasons in told.partly.items():
        yield say("analysis.not_whole", name=name, why="; ".join(in_words(reason, words) for reason in reasons))
    why = {name: in_words(reason.why, words) for name, reason in told.left_out.items()}
    for name, reason in told.left_out.items():
        if not isinstance(reason, OtherDesignError | NothingFoundError):
            yield say("analysis.left_out", name=name, why=why[name])
    found = [name for name, reason in told.left_out.items() if isinstance(reason, NothingFoundError)]
    if found:
        reasons = [say("analysis.because", name=name, why=why[name]) for name in found]
        yield say("analysis.nothing", what="; ".join(reasons))
    others = [name for name, reason in told.left_out.items() if isinstance(reason, OtherDesignError)]
    if others:
        yield say("analysis.other_designs", kind=study.kind, names=", ".join(others))


def _watch(tell: Progress, number: int, shows: str) -> Callable[[int, int], None]:
    """Return what tells how far it is, from how far the analysis of this number is."""
    return lambda done, total: tell(number * total + done, len(ANALYSES) * total, shows)


def ahead(study: Study, words: Words = ENGLISH) -> str:
    """Return what an analysis will do and how long it takes, about; from what it takes for the first response.

    Nothing is said of the time where there are so few responses that to try one would take as long.
    """
    policies, outputs, say = study.policies, study.outputs, words.say
    responses = len(policies) * len(outputs)
    said = say(
        "analysis.ahead", points=words.counted("point", len(study.design)),
        policies=words.counted("policy", len(policies)), outputs=words.counted("output", len(outputs)),
        reference=words.policy_typed(study.reference),
    )  # fmt: skip
    if responses < _TIMED:
        return said
    first = study.table["policy"].isin([policies[0], study.reference])
    alone = replace(study, table=study.table[first], outputs=outputs[:1])
    seconds = {analysis.shows: _seconds(analysis, alone) for analysis in ANALYSES}
    longest = max(seconds, key=lambda shows: seconds[shows])
    all_of_it = responses * sum(seconds.values())
    about = duration(all_of_it, words)
    if all_of_it <= _LONG:
        return say("analysis.takes", what=said, time=about)
    return say("analysis.longest", what=said, time=about, longest=longest.in_words(words))


def _seconds(analysis: Analysis, study: Study) -> float:
    """Return how long an analysis takes."""
    began = time.perf_counter()
    with suppress(NotApplicableError):
        analysis.make(study)
    return time.perf_counter() - began


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose columns hold one type each, as Parquet needs: numbers and words together become words."""
    mixed = [name for name in table if table[name].dtype == object and len(set(table[name].map(type))) > 1]
    return table.assign(**{name: table[name].map(str) for name in mixed})


def _index(study: Study, told: Told) -> dict[str, object]:
    """Return what the analysis was made of."""
    return {
        "design": study.kind,
        "points": len(study.design),
        "runs": len(study.table),
        "policies": study.policies,
        "reference": study.reference,
        "outputs": list(study.outputs),
        "factors": [factor.key for factor in study.factors],
        "seed": study.seed,
        "wom_sim": __version__,
        "packages": {name: version(name) for name in _PACKAGES if find_spec(_PACKAGES[name])},
        "made": told.made,
        "left_out": {name: str(reason) for name, reason in told.left_out.items()},
        "partly": told.partly,
        "answers": told.answers(study, ENGLISH),
        "unused": {f.key: [p for p in study.policies if not study.uses(p, f.key)] for f in study.factors},
        "idle": study.idle,
        "central": dict(study.central),
        "missing": study.missing,
    }
