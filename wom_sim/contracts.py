"""What every plug-in promises, as tests to inherit: ``class TestMine(IndicatorContract): name = "my_indicator"``.

The classes need no test runner of their own; pytest finds the methods that begin with ``test_``. Policies have their
own contract (docs/ADD_A_POLICY.md). ``numbers`` are the ``[[plugins.numbers]]`` with which the plug-in is tried.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

if TYPE_CHECKING:
    from wom_sim.scenario import Scenario
    from wom_sim.study.compare import Comparison
    from wom_sim.world.world import World

_SMALL = """
name = "contract"
[population]
customers = {customers}
prospects = {prospects}
[run]
days = 90
replications = 2
[choose]
limit = 20
[[policies]]
name = "letter"
use = "bulk_letter"
"""


class Contract:
    """What the contracts share: a small market in which the plug-in ``name`` is used."""

    name: ClassVar[str]
    numbers: ClassVar[Mapping[str, float]] = {}
    key: ClassVar[str] = ""
    several: ClassVar[bool] = False

    def scenario(self, *overrides: str, customers: int = 400) -> Scenario:
        """Return the small market with the plug-in in use."""
        from wom_sim.scenario import load_scenario

        given = f'["{self.name}"]' if self.several else f'"{self.name}"'
        numbers = "".join(f'[[plugins.numbers]]\nname = "{k}"\nvalue = {float(v)}\n' for k, v in self.numbers.items())
        text = _SMALL.format(customers=customers, prospects=customers // 10)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "contract.toml"
            file.write_text(f"{text}[plugins]\n{self.key} = {given}\n{numbers}", encoding="utf-8")
            return load_scenario(file, list(overrides))


class IndicatorContract(Contract):
    """Of an indicator: a number of every run, alike in both engines, and nothing where nothing is done."""

    key = "indicators"
    several = True

    def test_both_engines_and_any_executor_give_the_same(self) -> None:
        """It depends on the run alone: not on the engine, nor on whether the event log is kept for others."""
        from wom_sim.simulation import simulate

        said = self.scenario()
        found = [simulate(said, "letter").own, simulate(said, "letter", engine="reference").own]
        found.append(simulate(said, "letter", events=False).own)
        values = [each[self.name] for each in found]
        assert np.array_equal(values, [values[0]] * 3, equal_nan=True), values

    def test_it_is_nothing_where_everyone_is_kept(self) -> None:
        """All is relative to keeping everyone: 0 there, or NaN for a day that never comes."""
        from wom_sim.simulation import simulate

        value = simulate(self.scenario(), "keep").own[self.name]
        assert value == 0.0 or np.isnan(value), value

    def test_it_changes_nothing_that_it_is_given(self) -> None:
        """Other indicators read the same tables after it."""
        from wom_sim.outcomes.own import Run, own
        from wom_sim.simulation import simulate

        result = simulate(self.scenario(), "letter")
        daily, events = result.daily, result.events
        run = Run("letter", 0, 400, 40, "USD", daily.copy(), events.copy(), dict(self.numbers))
        own(self.name).read(run)
        assert run.daily.equals(daily)
        assert run.events.equals(events)


class _OfTheWorld(Contract):
    """What populations and networks share."""

    sizes: ClassVar[Sequence[int]] = (60, 400, 1_000)

    def world(self, *overrides: str, customers: int = 400) -> World:
        """Return people and ties of a small market."""
        from wom_sim.simulation import build_world

        return build_world(self.scenario(*overrides, customers=customers))

    def told_apart(self, world: World) -> list[Any]:
        """Return what the plug-in has made of a world, as plain bytes."""
        raise NotImplementedError

    def test_it_holds_at_any_size(self) -> None:
        """What it gives is checked whenever it is built; here for several sizes."""
        for size in self.sizes:
            assert len(self.world(customers=size).people) == size + size // 10

    def test_the_same_seed_gives_the_same(self) -> None:
        """Luck comes from what it is given, never from a generator of its own."""
        first, again = (self.told_apart(self.world()) for _ in range(2))
        assert first == again

    def test_both_engines_agree(self) -> None:
        """On these people and ties the story is the same in both engines, event by event."""
        from wom_sim.simulation import simulate

        said = self.scenario()
        fast, slow = (simulate(said, "letter", engine=engine) for engine in ("compiled", "reference"))
        assert fast.events.equals(slow.events)
        assert fast.daily.equals(slow.daily)


class PopulationContract(_OfTheWorld):
    """Of a population."""

    key = "population"

    def told_apart(self, world: World) -> list[Any]:
        """Return the people as bytes."""
        return [world.people.tobytes()]


class NetworkContract(_OfTheWorld):
    """Of a network."""

    key = "network"

    def told_apart(self, world: World) -> list[Any]:
        """Return the ties as bytes."""
        return [world.network.start.tobytes(), world.network.listed().tobytes(), world.network.pool]

    def test_it_leaves_people_as_they_are(self) -> None:
        """Ties are drawn among people, whom they do not change."""
        from wom_sim.simulation import build_people

        assert build_people(self.scenario()).people.tobytes() == self.world().people.tobytes()


class RuleContract(Contract):
    """Of a rule; ``key`` says of which kind: "pick_up", "coverage", "harm" or "hazard"."""

    def test_both_engines_agree(self) -> None:
        """By this rule the story is the same in both engines, event by event, in several years."""
        from wom_sim.simulation import simulate

        said = self.scenario()
        for replication in range(3):
            fast, slow = (
                simulate(said, "letter", replication=replication, engine=engine) for engine in ("compiled", "reference")
            )
            assert fast.events.equals(slow.events)
            assert fast.daily.equals(slow.daily)

    def test_it_decides_nothing_where_nothing_is_done(self) -> None:
        """Without a policy there is no story, so no rule about it has a say."""
        from wom_sim.simulation import simulate

        result = simulate(self.scenario(), "keep")
        assert not result.events.shape[0]
        assert not result.daily["lost_profitable"].any()


class _Shown(Contract):
    """What charts and sections share."""

    several = True

    def comparison(self) -> Comparison:
        """Return a small comparison."""
        from wom_sim.study.compare import compare

        return compare(self.scenario(), workers=1)


class ChartContract(_Shown):
    """Of a chart: the same picture of the same table, in every language, with a text for who cannot see it."""

    key = "charts"

    def test_it_is_drawn_in_every_language_and_says_what_it_shows(self) -> None:
        """A picture of the size of a page, with a text; the same twice."""
        from wom_sim.charts import Setting, alt_text
        from wom_sim.charts.own import draw, own, table_of
        from wom_sim.charts.save import png_bytes

        chart, found = own(self.name), self.comparison()
        given = getattr(found, chart.reads.partition(".")[0])
        table = table_of(chart, given)
        for lang in ("en", "nl"):
            setting = Setting(note="contract", order=tuple(found.policies), lang=lang)
            before = table.copy()
            one, two = (draw(chart, table, setting) for _ in range(2))
            assert alt_text(one)
            assert bytes(png_bytes(one, 60)) == bytes(png_bytes(two, 60))
            assert table.equals(before)


class SectionContract(_Shown):
    """Of a section: a heading and something to read, in every language."""

    key = "sections"

    def test_it_is_written_in_every_language(self) -> None:
        """It stands in the report, and says something."""
        from wom_sim.present.own import own, sections
        from wom_sim.present.publish import read_results
        from wom_sim.words import Words

        found = read_results(self.comparison())
        for lang in ("en", "nl"):
            (placed,) = sections(found, Words(lang))
            assert placed["title"] == own(self.name).title.get(lang, own(self.name).title["en"])
            assert placed["paragraphs"] or placed["tables"]
