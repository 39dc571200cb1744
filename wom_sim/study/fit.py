"""``wom-sim fit``: learn from what was seen when customers were let go, about what nobody knows.

The scenario says what was done and, in ``[[seen]]``, what came of it. Its worlds are drawn and run as those of
``compare --worlds``, with the policy that was carried out; ``posterior`` says which of them agree with what was seen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from wom_sim.scenario import Scenario
from wom_sim.scenario.amounts import is_money
from wom_sim.scenario.model_keys import slot_at
from wom_sim.scenario.overrides import path_of
from wom_sim.scenario.posterior import Judged
from wom_sim.scenario.ranges import tree_of
from wom_sim.scenario.sections.seen import DAYS, YES_OR_NO, Seen
from wom_sim.study import fit_words, posterior
from wom_sim.study.fit_words import SURE, inside
from wom_sim.study.seen import COLUMN, done
from wom_sim.study.worlds import Design
from wom_sim.study.worlds_drawn import keys_drawn

FIRMS = 200
"""So many worlds play the firm when the method is tried on itself."""
MIDDLE = (0.05, 0.5, 0.95)
_FAR = 0.005
_TREES_ALONE = 120


@dataclass(frozen=True)
class Fit:
    """What was learned. ``runs``: a row for each world of the prior, with what it shows of each thing that was seen."""

    scenario: Scenario
    design: Design
    runs: pd.DataFrame = field(repr=False)

    @property
    def seed(self) -> int:
        """Return the seed of the scenario, on which every draw here depends."""
        return self.scenario.run.seed

    @cached_property
    def known(self) -> posterior.Known:
        """Return the numbers that were drawn; amounts of money apart, of which what people do tells nothing."""
        keys = [key for key in keys_drawn(self.design.worlds) if not _is_money(self.scenario, key)]
        varied = [key for key in keys if np.ptp(self.design.worlds[key].to_numpy(dtype=np.float64)) > 0.0]
        if not varied:
            raise ValueError("nothing that people do is drawn in this scenario, so nothing can be learned of it")
        return posterior.Known.of(self.design.worlds, varied, self.seed)

    @cached_property
    def evidence(self) -> posterior.Evidence:
        """Return what the worlds show and what was seen."""
        return posterior.evidence_of(self.scenario.seen, self.runs, self.scenario.run.days, self.seed)

    @cached_property
    def foretold(self) -> posterior.Foretold:
        """Return what is foretold of each number."""
        return posterior.foretell(self.known, self.evidence, self.seed)

    @cached_property
    def draws(self) -> pd.DataFrame:
        """Return joint draws of the numbers that were learned of, a column each."""
        return posterior.draws_of(self.known, self.foretold, self.seed)

    @cached_property
    def calibration(self) -> pd.DataFrame:
        """Return where the true numbers lay when worlds played the firm (``posterior.calibration``)."""
        return posterior.calibration(self.known, self.foretold, FIRMS, self.seed)

    @cached_property
    def learned(self) -> pd.DataFrame:
        """Return a row for each number that was drawn: before and after, the most learned of first.

        ``foretold``: share of its variance that what is seen foretells, over all worlds; ``chance``: what chance
        foretells at most; ``narrower``: by which share the 90 % interval became narrower; ``covered``: how often the
        true number lay within it when worlds played the firm.
        """
        about = {doubt.key: doubt for doubt in self.design.drawn}
        covered = inside(self.calibration["place"]).groupby(self.calibration["key"]).mean()
        rows = []
        for k, key in enumerate(self.known.keys):
            before = np.quantile(self.known.drawn[:, k], MIDDLE)
            after = np.quantile(self.draws[key], MIDDLE) if key in self.draws else before
            width = before[2] - before[0]
            narrower = 1.0 - (after[2] - after[0]) / width if width > 0.0 else 0.0
            rows.append(
                {
                    "key": key, "meaning": about[key].meaning, "unit": about[key].unit, "learned": key in self.draws,
                    "before_low": before[0], "before_median": before[1], "before_high": before[2],
                    "low": after[0], "median": after[1], "high": after[2], "narrower": narrower,
                    "foretold": max(0.0, float(self.foretold.share[k])), "chance": self.foretold.chance,
                    "covered": float(covered.get(key, math.nan)),
                }
            )  # fmt: skip
        return pd.DataFrame(rows).sort_values(["learned", "foretold"], ascending=False, ignore_index=True)

    @cached_property
    def taught(self) -> pd.DataFrame:
        """Return which observation taught what: a row for each that was seen and number that was learned of.

        ``alone``: share of the number's variance that this observation foretells alone; ``lost``: what would be lost
        without it.
        """
        learned, rows = self.foretold.learned, []
        every = range(len(self.scenario.seen))
        for number in every if len(learned) else []:
            alone = self._share([number])
            without = self._share([n for n in every if n != number]) if len(every) > 1 else np.zeros_like(alone)
            for k in learned:
                rows.append(
                    {
                        "seen": self.scenario.seen[number].label, "key": self.known.keys[k],
                        "alone": max(0.0, float(alone[k])),
                        "lost": max(0.0, float(self.foretold.share[k] - max(0.0, without[k]))),
                    }
                )  # fmt: skip
        return pd.DataFrame(rows, columns=["seen", "key", "alone", "lost"])

    def _share(self, which: Sequence[int]) -> posterior.Floats:
        return posterior.share_foretold(self.known, self.evidence.only(which), self.seed, _TREES_ALONE)

    def check(self, after: pd.DataFrame | None) -> pd.DataFrame:
        """Return what was seen beside what worlds show, with such errors: before, and (``after``) as was learned.

        A row for each thing that was seen; ``strange``: it lies where fewer than 1 in 100 worlds do, so that the model
        cannot show it within its ranges. ``before_yes`` and ``yes``: of what came or did not, the share of worlds in
        which it came.
        """
        rows = []
        for each in self.scenario.seen:
            before = _shown(each, self.runs, self.scenario.run.days, self.seed)
            real = _as_number(each, self.scenario.run.days)
            upto, least = float((before <= real).mean()), float((before >= real).mean())
            row = {"seen": each.label, "value": each.value, "off_by": each.error}
            row |= dict(zip(("before_low", "before_median", "before_high"), np.quantile(before, MIDDLE), strict=True))
            row |= {"before_yes": float(before.mean())} if each.what in YES_OR_NO else {}
            if after is not None:
                now = _shown(each, after, self.scenario.run.days, self.seed + 1)
                row |= dict(zip(("low", "median", "high"), np.quantile(now, MIDDLE), strict=True))
                row |= {"yes": float(now.mean())} if each.what in YES_OR_NO else {}
            rows.append(row | {"strange": min(upto, least) < _FAR})
        return pd.DataFrame(rows)

    @cached_property
    def judged(self) -> Judged:
        """Return what the fit says of itself, which goes with the draws."""
        check = self.check(None)
        strange = tuple(str(name) for name in check.loc[check["strange"], "seen"])
        covered = None if math.isnan(self.coverage) else self.coverage
        tries = int(self.calibration["world"].nunique()) if len(self.calibration) else 0
        return Judged(self.scenario.name, strange, covered, tries, SURE)

    @property
    def coverage(self) -> float:
        """Return how often a true number lay within its 90 % interval when worlds played the firm; NaN if none."""
        return float(inside(self.calibration["place"]).mean()) if len(self.calibration) else math.nan


def _shown(seen: Seen, runs: pd.DataFrame, days: int, seed: int) -> posterior.Floats:
    values = posterior.with_error(seen, runs[COLUMN + seen.label].to_numpy(dtype=np.float64), seed)
    return np.where(np.isnan(values), float(days), values) if seen.what in DAYS else values


def _as_number(seen: Seen, days: int) -> float:
    """Return what was seen as a number; a day that never came counts as the end of the run."""
    return float(days) if seen.value is None else seen.value


def _is_money(scenario: Scenario, key: str) -> bool:
    path = path_of(tree_of(scenario), key)
    slot = None if path is None else slot_at(path, scenario.network.kind)
    return slot is not None and is_money(slot)


def as_done(scenario: Scenario) -> Scenario:
    """Return the scenario with no other policy than the one that was carried out, once in each world.

    Raises
    ------
    ValueError
        As ``wom_sim.study.seen.done``.
    """
    run = scenario.run.model_copy(update={"replications": 1})
    return scenario.model_copy(update={"policies": (done(scenario),), "run": run})


def of_policy(runs: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Return the runs of the policy that was carried out, in the order of their worlds."""
    policy = done(scenario).name
    return runs[runs["policy"] == policy].sort_values("world", ignore_index=True)


def in_words(found: Fit, check: pd.DataFrame, lang: str = "en") -> list[str]:
    """Return what came out, in a few sentences."""
    return fit_words.in_words(found.learned, check, found.calibration, lang)
