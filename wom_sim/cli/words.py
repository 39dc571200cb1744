"""What the commands say in the terminal."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from wom_sim.words import ENGLISH, Words
from wom_sim.words.said import in_words

if TYPE_CHECKING:
    from wom_sim.outcomes.indicators import Indicator
    from wom_sim.scenario import Scenario
    from wom_sim.simulation import Result
    from wom_sim.study.compare import Comparison

SHOWN = ("net_value", "lost_profitable", "joins_lost", "reached", "national_coverage", "extra_calls")


class Terminal(Console):
    """A console of rich that lets a reader go, as ``head`` does: rich itself would end the program as if by a fault."""

    def on_broken_pipe(self) -> None:
        """Say so, for the command to end without a word."""
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


def plain_console(stderr: bool = False) -> Console:
    """Return a terminal that shows text as it is: a name may look like markup or like a smiley."""
    return Terminal(stderr=stderr, highlight=False, markup=False, emoji=False)


class Talk:
    """Says things: to the terminal what a person reads, nothing if ``quiet``."""

    def __init__(self, quiet: bool = False, words: Words = ENGLISH) -> None:
        self._quiet = quiet
        self.words = words
        self._out = plain_console()
        self._aside = plain_console(stderr=True)

    def say(self, text: str) -> None:
        """Say something on the side."""
        if not self._quiet:
            self._aside.print(text, soft_wrap=True)  # so that commands and paths in it stay in one piece

    def notes(self, scenario: Scenario) -> None:
        """Say on the side what is to be known of a scenario before it is run.

        Raises ScenarioError, also where nothing is said, if its file of ties cannot be used.
        """
        from wom_sim.scenario.notes import notes

        for text in notes(scenario, self.words):
            self.say(text)

    @contextmanager
    def progress(self) -> Iterator[Callable[[int, int, str], None]]:
        """Show a bar while runs are under way; plain lines where there is no terminal."""
        if self._quiet:
            yield lambda done, total, step: None
        elif not self._aside.is_terminal:
            yield self._plain_progress()
        else:
            columns = (
                TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
                TextColumn(self.words.say("step.left")), TimeRemainingColumn(),
            )  # fmt: skip
            with Progress(*columns, console=self._aside, transient=True) as bar:
                task = bar.add_task(self.words.say("step.start"), total=None)
                yield lambda done, total, step: bar.update(
                    task, completed=done, total=total, description=in_words(step, self.words)
                )

    def _plain_progress(self) -> Callable[[int, int, str], None]:
        said = [-1]
        of = [0]
        last = [""]

        def tell(done: int, total: int, step: str) -> None:
            tenth = 10 * done // max(1, total)
            if tenth > said[0] or total != of[0] or (done == 0 and step != last[0]):  # compiling takes a while
                of[0], last[0] = total, step
                said[0] = tenth
                print(f"{done}/{total} {in_words(step, self.words)}", file=sys.stderr, flush=True)

        return tell

    def comparison(self, found: Comparison, out: Path | None) -> None:
        """Print the table of a comparison and its verdict."""
        from wom_sim.cli.months_table import months_table
        from wom_sim.cli.risk_table import risk_table, warnings
        from wom_sim.outcomes.indicators import INDICATORS
        from wom_sim.scenario.figures import figures_on_terminal

        words, say = self.words, self.words.say
        figures = figures_on_terminal(found.scenario, words)
        runs = found.scenario.run.replications
        title = say("compare.title", name=found.scenario.name, over=figures.over, n=runs)
        table = Table(title=title, padding=(0, 0))
        table.add_column(say("compare.policy"))
        labels = {each.name: self._label(each) for each in INDICATORS}
        units = {indicator.name: indicator.unit for indicator in INDICATORS}
        for name in SHOWN:
            table.add_column(labels[name], justify="right")
        indexed = found.summary.set_index(["policy", "indicator"])
        for policy in found.policies:
            cells = []
            for name in SHOWN:
                row = indexed.loc[(policy, name)]
                if name == "national_coverage":
                    cells.append(figures.in_runs(row["mean"], runs))
                else:
                    cells.append(figures.estimate(row["mean"], row["p05"], row["p95"], units[name]))
            table.add_row(words.policy_typed(policy), *cells)
        self._out.print(table)
        if len(found.policies) > 1:
            self._out.print(months_table(found, words))
            self._out.print(risk_table(found, words))
        for line in [*standing(found.scenario, words), *warnings(found, words)]:
            self._out.print(line)
        self._out.print(found.verdict_in(words), style="bold")
        self.caveat()
        if out is not None:
            self._out.print(say("compare.out", folder=out), soft_wrap=True)
        self.spent(found.seconds)

    def _three_decimals(self, value: float) -> str:
        """Return a value with at most three decimals, none where they are zero."""
        text = self.words.fixed(round(value, 3) + 0.0, 3)
        return text.rstrip("0").rstrip(self.words.say("number.decimal"))

    def _unit(self, unit: str) -> str:
        """Return a unit; in English as the indicator's own file says."""
        if unit == "chance":
            return self.words.say("run.chance")
        return unit if self.words.lang == "en" else self.words.name("unit", unit, unit)

    def _label(self, indicator: Indicator) -> str:
        """Return what an indicator is called; in English as its own file says."""
        words = self.words
        return indicator.label if words.lang == "en" else words.name("indicator", indicator.name, indicator.label)

    def spent(self, seconds: Mapping[str, float]) -> None:
        """Say on the side how long each part took."""
        say = self.words.say
        parts = [
            say("compare.seconds", name=say(f"compare.time.{k}"), n=f"{value:.0f}") for k, value in seconds.items()
        ]
        self._aside.print(", ".join(parts), style="dim")

    def show(self, what: Any, soft_wrap: bool = False, style: str | None = None) -> None:
        """Print a table or a text; ``soft_wrap`` leaves long lines, such as paths, in one piece."""
        self._out.print(what, soft_wrap=soft_wrap, style=style)

    def caveat(self) -> None:
        """Say what nobody knows."""
        self._out.print(self.words.say("compare.caveat"))

    def run(self, found: Result) -> None:
        """Print the indicators of a run."""
        from wom_sim.outcomes.own import every_in

        words, say = self.words, self.words.say
        about = {"policy": words.policy_typed(found.policy), "replication": found.replication}
        table = Table(title=say("explain.title", scenario=found.scenario.name, **about))
        for heading in ("indicator", "value", "unit", "meaning"):
            table.add_column(say(f"run.{heading}"), justify="right" if heading == "value" else "left")
        for indicator in every_in(found.measured):
            value = found.indicators[indicator.name]
            text = say("run.never") if value != value else self._three_decimals(value)
            unit = found.scenario.currency if indicator.unit == "currency" else self._unit(indicator.unit)
            meaning = indicator.meaning if words.lang == "en" else self._label(indicator)
            table.add_row(indicator.name, text, unit, meaning)
        self._out.print(table)
        for line in standing(found.scenario, self.words):
            self._out.print(line)


def standing(scenario: Scenario, words: Words = ENGLISH) -> list[str]:
    """Return for how many each simulated person stands; nothing where that is one."""
    if scenario.run.represents == 1:
        return []
    return [words.say("compare.stands", n=words.exact(scenario.run.represents))]
