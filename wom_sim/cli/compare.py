"""``wom-sim compare``: all policies of a scenario on the same people, ties and luck."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from wom_sim.cli.ending import BAD_SCENARIO, endings, give_up
from wom_sim.cli.language import Language, spoken

if TYPE_CHECKING:
    from wom_sim.cli.words import Talk
    from wom_sim.scenario import Scenario
    from wom_sim.study.compare import Comparison
    from wom_sim.study.extend import Pictures

Overrides = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Set a key, as in: --set run.days=30. Repeatable."),
]


def compare(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Scenario file (TOML), or builtin:NAME.")],
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for results and charts.")] = None,
    engine: Annotated[str, typer.Option("--engine", help="compiled or reference.")] = "compiled",
    replications: Annotated[int | None, typer.Option("--replications", min=1, help="Runs of each policy.")] = None,
    more: Annotated[
        int | None,
        typer.Option("--add-replications", metavar="N", min=1, help="Add N runs of each policy to the result in DIR."),
    ] = None,
    in_all: Annotated[
        int | None,
        typer.Option(
            "--replications-in-all",
            metavar="N",
            min=1,
            help="Add what DIR lacks of N runs of each policy; safe to repeat.",
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Seed of what happens.")] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Runs at a time. Changes no result.")] = None,
    events: Annotated[bool, typer.Option("--events", help="Write the event log as well (needs --out).")] = False,
    attribution: Annotated[
        bool, typer.Option("--attribution", help="Trace departures, joins and calls to their origin (needs --out).")
    ] = False,
    no_charts: Annotated[bool, typer.Option("--no-charts", help="Tables only; wom-sim chart DIR draws them.")] = False,
    overrides: Overrides = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the result of this kind in DIR.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    worlds: Annotated[
        int | None,
        typer.Option("--worlds", min=2, help="Draw what nobody knows so many times; see wom-sim show docs worlds."),
    ] = None,
    more_worlds: Annotated[
        int | None, typer.Option("--add-worlds", min=2, help="Add so many worlds to the run in --out DIR.")
    ] = None,
    worlds_from: Annotated[
        str | None,
        typer.Option(
            "--worlds-from",
            metavar="ranges|posterior",
            help="Where worlds are drawn from: plausible ranges, or what real cases taught of news (worlds.draw_from).",
        ),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run over worlds in --out DIR.")] = False,
    fit_memory: Annotated[
        bool,
        typer.Option("--fit-memory", help="Where memory is short: the same story with fewer people (run.represents)."),
    ] = False,
    lang: Language = "en",
) -> None:
    """Compare the policies of a scenario, with intervals, and write tables and charts."""
    from wom_sim.cli.loading import load

    words = spoken(lang)
    over_many = worlds is not None or more_worlds is not None or resume
    overrides = _with_draws(overrides or [], worlds_from, over_many)
    if over_many:
        from wom_sim.cli.over_worlds import REPLICATIONS, Asked, check, over_worlds

        asked = Asked(scenario, worlds, more_worlds, resume, out, workers, overwrite)
        check(asked, engine, events)
        More(out, replications, more, in_all).checked(worlds=True)
        each = REPLICATIONS if replications is None else replications
        central = load(scenario, [*overrides, *shortcuts(each, seed)])
        over_worlds(_fitted(central, scenario, engine, workers) if fit_memory else central, asked, as_json, words)
        return
    if attribution and out is None:
        give_up("--attribution: given without --out DIR, where the table would be written", BAD_SCENARIO)
    adding = More(out, replications, more, in_all).checked()
    loaded = load(scenario, [*overrides, *shortcuts(adding.first, seed)])
    if fit_memory:
        loaded = _fitted(loaded, scenario, engine, workers, events or attribution)
    from wom_sim.cli.words import Talk

    talk = Talk(as_json, words)
    talk.notes(loaded)
    if loaded.uncertain:
        from wom_sim.scenario.uncertain import central_values
        from wom_sim.study.caveats import of_central

        for text in of_central(central_values(loaded), words.say("caveat.compare"), words):
            talk.say(text)
    pictures = _pictures(no_charts or out is None)
    if adding.to_a_result:
        from wom_sim.cli.add_replications import add

        added = add(loaded, adding, workers, talk, pictures)
        if added is not None:
            _tell(*added, out, talk if not as_json else None)
        elif as_json and out is not None:
            typer.echo(json.dumps(_read(out), indent=2))
        return
    _check(out, engine, events, overwrite)
    with endings(scenario, out, words.say("compare.again"), words):
        found, files = _compared(loaded, (engine, workers, events, attribution), out, talk, pictures)
    _tell(found, files, out, talk if not as_json else None)


class More(NamedTuple):
    """How many runs of each policy are asked for: so many, so many more, or what is missing of so many in all."""

    out: Path | None
    replications: int | None
    more: int | None
    in_all: int | None

    def checked(self, worlds: bool = False) -> More:
        """Return it, or end with a word where options do not go together; ``worlds``: in a run over worlds."""
        named = {"--replications": self.replications, "--add-replications": self.more,
                 "--replications-in-all": self.in_all}  # fmt: skip
        given = [name for name, value in named.items() if value is not None]
        if len(given) > 1:
            give_up(f"{' and '.join(given)}: given both; allowed: one of them", BAD_SCENARIO)
        if worlds and given and given[0] != "--replications":
            give_up(f"{given[0]}: given for a run over worlds; allowed: --add-worlds", BAD_SCENARIO)
        if self.out is None and given and given[0] != "--replications":
            give_up(f"{given[0]}: given without --out DIR, the folder of the result to add to", BAD_SCENARIO)
        return self

    @property
    def to_a_result(self) -> bool:
        """Whether runs are added to a result that is there."""
        return self.more is not None or (self.in_all is not None and not self._anew)

    @property
    def first(self) -> int | None:
        """Return the replications of a result that is made from the beginning; None as the scenario says."""
        return self.in_all if self.in_all is not None and self._anew else self.replications

    @property
    def _anew(self) -> bool:
        from wom_sim.results.folder import holds_nothing

        return self.out is not None and holds_nothing(self.out)


def _with_draws(overrides: list[str], worlds_from: str | None, over_many: bool) -> list[str]:
    """Return the overrides with where worlds are drawn from, if that was said."""
    if worlds_from is None:
        return overrides
    if not over_many:
        give_up(f"--worlds-from: given {worlds_from}, without --worlds N, which draws", BAD_SCENARIO)
    return [*overrides, f"worlds.draw_from={worlds_from}"]


def _read(out: Path) -> dict[str, Any]:
    """Return the result that is in a folder as plain data."""
    from wom_sim._tables import read_csv
    from wom_sim.results.folder import opened

    def rows(name: str) -> Any:
        table = read_csv(out / name) if found.has(name) else None
        if table is None:
            return []
        words = [column for column in table.columns if column == "better" or table[column].dtype == object]
        table[words] = table[words].astype(object).fillna("")
        return json.loads(table.to_json(orient="records", double_precision=10))

    found = opened(out, ("comparison",))
    return {**found.run, "summary": rows("summary.csv"), "differences": rows("differences.csv")}


def _compared(
    loaded: Scenario, how: tuple[str, int | None, bool, bool], out: Path | None, talk: Talk, pictures: Pictures
) -> tuple[Comparison, list[str]]:
    """Compare, write what came out if there is a folder for it, and return it with the names of the files.

    ``how``: engine, workers, whether the event log is written, and whether origins are traced; ``pictures`` draws.
    """
    from wom_sim.cli.show_base import say_base
    from wom_sim.study.compare import compare as run_comparison
    from wom_sim.study.cost import plan

    engine, workers, events, attribution = how
    talk.say(
        f"{loaded.name}: {plan(loaded, engine, workers, events=events or attribution, days=True).text(talk.words)}"
    )

    def run(log: Path | None) -> Comparison:
        with talk.progress() as progress:
            return run_comparison(
                loaded, engine=engine, workers=workers, progress=progress, events=log, attribution=attribution,
                look=lambda base: say_base(base, loaded, talk),
            )  # fmt: skip

    if out is None:
        return run(None), []
    from wom_sim.results.files import RUN, Stage
    from wom_sim.study.store import manifest, write_tables

    with Stage(out) as stage:
        found = run(stage.place / "events.parquet" if events else None)
        files = write_tables(found, stage.place) + pictures(found, stage.place / "charts")
        files += ["events.parquet"] if events else []
        stage.finish(manifest(found, files))
    return found, [*files, RUN]


def _pictures(none: bool) -> Pictures:
    """Return what draws the charts of a comparison into a folder: nothing where none are wanted."""
    if none:
        return lambda _comparison, _folder: []
    from wom_sim.present.pictures import write_pictures

    return write_pictures


def _fitted(loaded: Scenario, file: str, engine: str, workers: int | None, events: bool = False) -> Scenario:
    """Return the scenario at the size that fits into memory; say so where that is not its own."""
    from wom_sim.study.cost import NotEnoughMemoryError, fitted

    try:
        found = fitted(loaded, engine, workers, events=events)
    except NotEnoughMemoryError as error:
        give_up(f"{file}: {error}", BAD_SCENARIO)
    if found is not loaded:
        print(
            f"wom-sim: memory does not suffice for {loaded.name} at full size, so each simulated person stands for "
            f"{found.run.represents:,}: --set run.represents={found.run.represents} (what that costs: wom-sim show "
            f"docs scaling)",
            file=sys.stderr,
        )
    return found


def _tell(found: Comparison, files: list[str], out: Path | None, talk: Talk | None) -> None:
    """Print a comparison: tables and words, or JSON if there is nobody to talk to."""
    if talk is None:
        typer.echo(json.dumps(_plain(found, files), indent=2))
    else:
        talk.comparison(found, out)


def shortcuts(replications: int | None, seed: int | None) -> list[str]:
    """Return the options that stand for keys of the scenario."""
    given = {"run.replications": replications, "run.seed": seed}
    return [f"{key}={value}" for key, value in given.items() if value is not None]


def _check(out: Path | None, engine: str, events: bool, overwrite: bool) -> None:
    """End with a clear word on options that cannot be followed, before anything is computed."""
    if engine not in ("compiled", "reference"):
        give_up(f"--engine: given {engine!r}, allowed: compiled, reference", BAD_SCENARIO)
    if events and out is None:
        give_up("--events: given without --out DIR, where the event log would be written", BAD_SCENARIO)
    if out is not None:
        from wom_sim.results.folder import check_owner

        check_owner(out, "comparison", overwrite, "give another folder, or --overwrite")


def _plain(found: Comparison, files: list[str]) -> dict[str, Any]:
    """Return the result as plain data; numbers that are not there are null."""
    from wom_sim.study.store import manifest

    def rows(table: Any) -> Any:
        return json.loads(table.to_json(orient="records", double_precision=10))

    return manifest(found, files) | {"summary": rows(found.summary), "differences": rows(found.differences)}
