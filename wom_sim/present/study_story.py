"""What a study found, in the words of a language: sentences and tables that its report and its deck share."""

from __future__ import annotations

import math
from typing import Any, cast

import pandas as pd

from wom_sim.charts.names import factor_name, factor_said
from wom_sim.outcomes.own import named
from wom_sim.present.drawn import Drawing, draw_from
from wom_sim.present.result_folder import Findings
from wom_sim.present.story import Story
from wom_sim.present.study_factors import DECIDES, at_the_edge, deciding_factors
from wom_sim.present.study_folder import StudyFindings
from wom_sim.present.study_measures import robust_said
from wom_sim.present.tables import Cell, Table, assumed
from wom_sim.scenario.evidence import unmeasured
from wom_sim.scenario.grades import is_bare
from wom_sim.scenario.used import is_choice
from wom_sim.study.analysis.answers import Telling, together
from wom_sim.words import Words, sentence
from wom_sim.words.levers import level_said

PLACES = {
    "decides": ("tornado", "sobol", "morris"), "response": ("response",),
    "together": ("interaction", "heatmap"), "where": ("breakeven", "boxes"),
}  # fmt: skip
"""In which section each chart of a study stands."""
MOST_FACTORS = 12


def _unit(output: str) -> str:
    """Return the unit of an output, "" of one that nobody knows here."""
    known = named(output)
    return "" if known is None else known.unit


class StudyStory:
    """Tells what a study found."""

    def __init__(self, found: StudyFindings, words: Words) -> None:
        self.found = found
        self.words = words
        self._drawn: dict[tuple[str, str], list[Drawing]] = {}
        # Names, amounts and assumptions are told as those of a comparison; they need its scenario and run only.
        self.story = Story(cast(Findings, found), words, unmeasured(found.scenario))

    # -- names and numbers ----------------------------------------------------------------------------------

    def label(self, output: str) -> str:
        """Return what an output is called."""
        return self.words.name("indicator", output, output if (known := named(output)) is None else known.label)

    def value(self, output: str, value: float) -> str:
        """Return a value of an output in the words of its unit."""
        unit = _unit(output)
        return self.words.quantity(value, unit, self.found.scenario.currency)

    def span(self, output: str, low: float, high: float) -> str:
        """Return "low to high"."""
        return self.words.say("number.span", low=self.value(output, low), high=self.value(output, high))

    # -- charts ---------------------------------------------------------------------------------------------

    def drawings(self, place: str, output: str = "") -> list[Drawing]:
        """Return the charts of a section, for an output (the charts' own choice if left out); each is drawn once."""
        if (place, output) not in self._drawn:
            self._drawn[place, output] = draw_from(self.found.material(output), self.words, PLACES[place])
        return self._drawn[place, output]

    def headline(self) -> str:
        """Return the finding of the first chart that says what decides; the question where there is none."""
        drawn = self.drawings("decides") or self.drawings("response")
        return drawn[0].finding if drawn else str(self.found.asked.get("name", self.found.folder.name))

    # -- sentences ------------------------------------------------------------------------------------------

    def about(self) -> str:
        """Return what was run: design, points, policies, replications."""
        say, number = self.words.say, self.words.number
        kind = str(self.found.index["design"])
        people = self.found.scenario.population.customers + self.found.scenario.population.prospects
        about = say(
            "report.study.about",
            design=self.story.text(f"report.study.design.{kind}", kind),
            points=number(len(self.found.design)), runs=number(float(self.found.index["runs"])),
            replications=self.words.count("report.study.replications", int(self.found.asked["replications"])),
            policies=self.words.listed([self.story.policy(p) for p in self.found.policies]), people=number(people),
        )  # fmt: skip
        return " ".join([about, *self.story.standing()])

    def found_out(self) -> list[str]:
        """Return what was found: what decides, where each policy ends, how much is luck, what it rests on."""
        said = [each.finding for each in self.drawings("decides")]
        said += self.together()
        said += [each.finding for each in self.drawings("where")]
        said += robust_said(self)
        luck = self.luck()
        said += [luck] if luck else []
        said += self.caveats()
        bare = sum(is_bare(a.grade) for a in self.story.assumed)
        number = self.words.number
        said.append(self.words.say("report.study.assumed", n=number(len(self.story.assumed)), bare=number(bare)))
        return [text if text.endswith((".", "!", "?")) else f"{text}." for text in map(sentence, said)]

    def _said(self, key: str) -> str:
        return factor_said(key, self.words)

    def together(self) -> list[str]:
        """Return whether one factor does more where another is so, a sentence for each pair that is worth telling."""
        known = self.found.tables.get("interactions", self.found.tables.get("regression", pd.DataFrame()))
        if known.empty:
            return []
        telling = Telling(self.words, self.found.scenario.currency, self._said, plain=True)
        return together(known, self.found.outputs[0], telling)

    def luck(self) -> str:
        """Return how much of what varies between runs is luck, for the policy with most of it."""
        known = self.found.tables.get("luck", pd.DataFrame())
        mine = known[known["output"] == self.found.outputs[0]] if len(known) else known
        if mine.empty:
            return ""
        row = mine.loc[mine["luck"].idxmax()]
        low, high = (self.words.share(float(row[end])) for end in ("luck_low", "luck_high"))
        share = self.words.share(float(row["luck"]))
        return self.words.say(
            "report.study.luck", policy=self.story.policy(str(row["policy"])), share=share,
            low=low, high=high, label=self.label(self.found.outputs[0]),
        )  # fmt: skip

    def caveats(self) -> list[str]:
        """Return what was not varied though it may seem so, and what is missing in the tables."""
        say, number, index = self.words.say, self.words.number, self.found.index
        said = []
        if idle := list(index.get("idle", ())):
            said.append(say("report.study.idle", factors=self.words.listed([self._said(key) for key in idle])))
        if central := dict(index.get("central", {})):
            told = [f"{factor_said(key, self.words)} {number(value)}" for key, value in central.items()]
            said.append(say("report.study.central", numbers=self.words.listed(told)))
        for policy, gone in dict(index.get("missing", {})).items():
            values = {"n": number(gone), "of": number(len(self.found.design)), "policy": self.story.policy(policy)}
            said.append(say("report.study.missing", **values))
        wanted = DECIDES.get(str(index["design"]))
        if wanted is not None and wanted[0] in index.get("left_out", {}):
            said.append(say(f"report.study.left_out.{wanted[0]}"))
        return said

    def steps(self) -> list[str]:
        """Return what to do next: what to find out and to choose, what to run again, and to try."""
        say, number = self.words.say, self.words.number
        ranked = deciding_factors(self.found)
        said = []
        for key, kind in (("first", False), ("choice", True)):
            mine = [factor for factor in ranked if is_choice(factor) == kind]
            if mine and (kind is False or mine[0] == ranked[0]):
                said.append(say(f"report.study.next.{key}", parameter=factor_said(mine[0], self.words)))
        for key, value in at_the_edge(self.found, ranked):
            said.append(say("report.study.next.edge", parameter=factor_said(key, self.words), value=number(value)))
        said.append(say("report.study.next.runs"))
        said.append(say("report.study.next.worlds", n=number(len(self.story.assumed))))
        said.append(say("report.study.next.trial"))
        return [sentence(text) for text in said]

    # -- tables ---------------------------------------------------------------------------------------------

    def varied(self) -> Table:
        """Return the factors: from where to where, how many values."""
        say = self.words.say
        heads = [say(f"report.study.{k}") for k in ("factor", "levels", "count")]
        rows = []
        for key in [column for column in self.found.design.columns if column != "point"]:
            values = list(dict.fromkeys(self.found.design[key]))
            cells = [Cell(factor_name(key, self.words), key), Cell(self._levels(key, values)), Cell(str(len(values)))]
            rows.append(cells)
        return Table(say("report.study.varied_table"), heads, rows, numbers=2)

    def _levels(self, key: str, values: list[Any]) -> str:
        """Return the values of a factor: its ends, or its words."""
        numbers = [float(v) for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
        if len(numbers) == len(values) and all(map(math.isfinite, numbers)):
            currency = self.found.scenario.currency
            low, high = (level_said(key, end, self.words, currency) for end in (min(numbers), max(numbers)))
            return low if len(values) == 1 else self.words.say("number.span", low=low, high=high)
        return self.words.listed([str(value).replace("_", " ") for value in values])

    def ranges(self) -> Table:
        """Return the lowest and the highest mean of each output over the points, for each policy."""
        say, points = self.words.say, self.found.tables["points"]
        own = points[points["against"] == self.found.index.get("reference", "keep")]
        heads = [say("report.varied.policy"), *(sentence(self.label(name)) for name in self.found.outputs)]
        rows = []
        for policy in self.found.policies:
            cells = [Cell(self.story.heading(policy))]
            for name in self.found.outputs:
                means = own.loc[(own["policy"] == policy) & (own["output"] == name), "mean"]
                cells.append(Cell(self.span(name, float(means.min()), float(means.max())) if len(means) else ""))
            rows.append(cells)
        return Table(say("report.study.ranges"), heads, rows)

    def effects(self) -> Table | None:
        """Return how far each factor swings the first output, with its interval; None where no table says that."""
        known = self.found.tables.get("effects")
        if known is None:
            return None
        say, output = self.words.say, self.found.outputs[0]
        mine = known[known["output"] == output]
        size = mine.assign(size=mine["swing"].abs()).groupby("factor", sort=False)["size"].max()
        ranked = size.sort_values(ascending=False, kind="stable").index[:MOST_FACTORS]
        of = mine.set_index(["factor", "policy"])
        heads = [say("report.study.factor"), *(self.story.heading(p) for p in self.found.policies)]
        rows = []
        for key in ranked:
            cells = [Cell(factor_name(key, self.words), key)]
            for policy in self.found.policies:
                cells.append(self._swing(of.loc[(key, policy)], output) if (key, policy) in of.index else Cell(""))
            rows.append(cells)
        return Table(say("report.study.effects", label=self.label(output)), heads, rows)

    def _swing(self, row: pd.Series, output: str) -> Cell:
        currency, unit = self.found.scenario.currency, _unit(output)
        told = [self.words.signed_quantity(float(row[name]), unit, currency) for name in ("swing", "low", "high")]
        known = all(math.isfinite(float(row[name])) for name in ("low", "high"))
        if not row.get("used", True):
            return Cell(told[0], self.words.say("report.study.not_used"))
        flat = float(row["low"]) == float(row["high"])
        return Cell(told[0], self.words.say("number.span", low=told[1], high=told[2]) if known and not flat else "")

    def assumed(self) -> Table:
        """Return the assumptions that have a plausible range."""
        return assumed(self.story, [a for a in self.story.assumed if a.plausible])
