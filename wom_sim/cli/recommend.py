"""``wom-sim recommend``: the policy and levers with the best expected net value within a risk budget."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wom_sim.cli.compare import Overrides
from wom_sim.cli.ending import BAD_SCENARIO, endings, give_up
from wom_sim.cli.language import Language, spoken

if TYPE_CHECKING:
    from wom_sim.cli.words import Talk
    from wom_sim.study.ranking_and_selection import Promise
    from wom_sim.study.recommendation import Recommendation
    from wom_sim.study.standings import Question
    from wom_sim.words import Words


def recommend(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Scenario file (TOML), or builtin:NAME.")],
    budget: Annotated[
        list[str] | None,
        typer.Option("--budget", metavar="MEASURE<=X", help="es95, var95 (a loss), national, loss, lost. Repeatable."),
    ] = None,
    trials: Annotated[int, typer.Option("--trials", min=1, help="Candidates to try; all, if there are no more.")] = 60,
    grid: Annotated[bool, typer.Option("--grid", help="Try every candidate, however many.")] = False,
    replications: Annotated[
        int | None, typer.Option("--replications", min=2, help="Runs of each in the search.")
    ] = None,
    fresh: Annotated[int, typer.Option("--fresh", min=2, max=100_000, help="Runs of each finalist.")] = 200,
    finalists: Annotated[int, typer.Option("--finalists", min=1, max=100, help="Finalists re-run.")] = 8,
    probability: Annotated[
        float | None,
        typer.Option("--probability", metavar="P", help="Run on until the best is picked with this probability."),
    ] = None,
    indifference: Annotated[
        float | None, typer.Option("--indifference", metavar="AMOUNT", help="A lead below it does not matter.")
    ] = None,
    width: Annotated[
        float | None, typer.Option("--width", metavar="AMOUNT", help="Run on until its interval is no wider.")
    ] = None,
    objective: Annotated[
        list[str] | None,
        typer.Option("--objective", metavar="MEASURE", help="Lower it too: es95, var95, national, loss, lost. Repeat."),
    ] = None,
    worlds: Annotated[bool, typer.Option("--worlds", help="Draw what nobody knows anew in each replication.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder; runs are kept as they are made.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the search in DIR.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Begin anew in a folder that holds a search.")] = False,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Runs at a time. Changes no result.")] = None,
    overrides: Overrides = None,
    lang: Language = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Search policies and levers for the best expected net value within a risk budget."""
    from wom_sim.cli.loading import load

    if resume and out is None:
        give_up("--resume: given without --out DIR, the folder of the search to go on with", BAD_SCENARIO)
    said_in = spoken(lang)
    loaded = load(scenario, overrides or [])
    from wom_sim.cli.words import Talk
    from wom_sim.study.budget import budgets
    from wom_sim.study.levers import space_of
    from wom_sim.study.standings import Question

    talk = Talk(as_json, said_in)
    talk.notes(loaded)
    try:
        limits = tuple(budgets(budget or []))
    except ValueError as error:
        give_up(f"--budget: {error}", BAD_SCENARIO)
    promise = _promised(probability, indifference, width)
    runs = loaded.run.replications if replications is None else replications
    with endings(scenario, out, _how_to_go_on(out, said_in), said_in):
        space = space_of(loaded)
        question = Question(loaded, space, limits, trials, grid, max(2, runs), fresh, finalists, promise, width)
        question = replace(question, objectives=_objectives(objective or []), over_worlds=worlds)
        found = _searched(question, (out, resume, overwrite), workers, talk)
    _tell(found, out, talk, as_json)


def _promised(probability: float | None, indifference: float | None, width: float | None) -> Promise | None:
    """Return what is promised of the pick, None if nothing is."""
    from wom_sim.study.ranking_and_selection import Promise

    if width is not None and not width > 0.0:
        give_up(f"--width: given {width:g}, allowed: more than 0", BAD_SCENARIO)
    if probability is None and indifference is None:
        return None
    if probability is None or indifference is None:
        give_up("--probability and --indifference go together: how sure, and which lead does not matter", BAD_SCENARIO)
    try:
        return Promise(probability, indifference)
    except ValueError as error:
        give_up(f"--{error}", BAD_SCENARIO)


def _objectives(names: list[str]) -> tuple[str, ...]:
    """Return the measures of risk that are to be lowered."""
    from wom_sim.study.budget import MEASURES

    for name in names:
        if name not in MEASURES:
            give_up(f"--objective: given {name}, allowed: {', '.join(MEASURES)}", BAD_SCENARIO)
    return tuple(dict.fromkeys(names))


def _how_to_go_on(out: Path | None, words: Words) -> str:
    return words.say("recommend.not_kept") if out is None else words.say("recommend.kept", folder=out)


def _searched(
    question: Question, folder: tuple[Path | None, bool, bool], workers: int | None, talk: Talk
) -> Recommendation:
    from wom_sim._extras import need
    from wom_sim.scenario.uncertain import central_values
    from wom_sim.study.caveats import of_central
    from wom_sim.study.recommend import cost, recommend
    from wom_sim.study.recommend_folder import Folder

    if not question.full:
        need("optuna")
    out, resume, overwrite = folder
    kept = Folder(out)
    planned, text = cost(question, workers, talk.words)
    talk.say(text)
    if question.over_worlds:
        from wom_sim.study.drawn_runner import DrawnRunner
        from wom_sim.study.worlds_drawn import listed

        drawn = DrawnRunner(question.scenario, question.replications).design
        for line in listed(question.scenario, drawn, talk.words):
            talk.say(line)
    else:
        for line in of_central(central_values(question.scenario), talk.words.say("caveat.search"), talk.words):
            talk.say(line)
    with kept.alone():
        kept.begin(question, resume=resume, overwrite=overwrite)
        for line in kept.mend(talk.words):
            talk.say(line)
        with talk.progress() as progress:
            return recommend(question, kept, planned.workers, progress)


def _tell(found: Recommendation, out: Path | None, talk: Talk, as_json: bool) -> None:
    """Say what was found."""
    from wom_sim.cli.recommend_table import frontier_table
    from wom_sim.study.recommend_folder import result
    from wom_sim.study.recommend_words import words

    if as_json:
        typer.echo(json.dumps(result(found), indent=2))
        return
    talk.show(frontier_table(found, talk.words))
    talk.show(words(found, talk.words.lang), style="bold")
    talk.caveat()
    if out is not None:
        talk.show(talk.words.say("recommend.folder", folder=out), soft_wrap=True)
