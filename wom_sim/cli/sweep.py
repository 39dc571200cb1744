"""``wom-sim sweep``: studies: many runs over many points, that can be ended, resumed, extended, merged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wom_sim.cli.ending import BAD_SCENARIO, INTERRUPTED, give_up, guarded
from wom_sim.cli.language import Language, spoken

if TYPE_CHECKING:
    from wom_sim.cli.words import Talk
    from wom_sim.study.loading import Study
    from wom_sim.study.sweep import How, Sweep
    from wom_sim.words import Words

RUNS_FAILED = 3

sweep = typer.Typer(
    help="Studies: plan, run, resume, extend and merge many runs over many points.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

StudyArgument = Annotated[str, typer.Argument(metavar="STUDY", help="Study file (TOML).")]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a study.")]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder of the study.")]
Workers = Annotated[int | None, typer.Option("--workers", min=1, help="Runs at a time. Changes no result.")]
InThreads = Annotated[bool, typer.Option("--threads", help="Run in threads, which share people and ties.")]
InProcesses = Annotated[bool, typer.Option("--processes", help="Run in processes.")]
OnDask = Annotated[str | None, typer.Option("--dask", metavar="tcp://HOST:PORT", help="Run on a Dask cluster.")]
Shard = Annotated[str | None, typer.Option("--shard", metavar="I/N", help="Only the I-th of N parts of the study.")]


@sweep.command()
@guarded
def plan(
    study: StudyArgument,
    out: Out,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing; say what there is to do.")] = False,
    no_probe: Annotated[bool, typer.Option("--no-probe", help="Do without the few real runs that time it.")] = False,
    workers: Workers = None,
    threads: InThreads = False,
    processes: InProcesses = False,
    shard: Shard = None,
    lang: Language = "en",
) -> None:
    """Make the design and say how many runs it takes, how many are done, and the time, memory and disk for the rest."""
    from wom_sim.cli.words import Talk
    from wom_sim.study.cost_of_study import estimate, probe
    from wom_sim.study.loading import load_study
    from wom_sim.study.sweep import counts_ahead, plan_study, settle
    from wom_sim.words.said import in_words

    words = spoken(lang)
    talk = Talk(words=words)
    part = _shard(shard)
    with _told(str(out)):
        loaded = load_study(study).checked()
        _note(loaded, talk)
        left = counts_ahead(loaded, out, part) if dry_run else plan_study(loaded, out, part)
        how = settle(loaded, left.worlds, workers, _where(threads, processes, None))
        found = (
            None if no_probe or not left.counts.pending else probe(loaded, lambda step: talk.say(in_words(step, words)))
        )
        size = (
            words.counted("point", len(loaded.points)), words.counted("policy", len(loaded.policies)),
            words.counted("replication", loaded.said.replications),
        )  # fmt: skip
        typer.echo(f"{loaded.name}: {', '.join(size)}")
        typer.echo(estimate(loaded, left, how, found, out).text(words))
    if not dry_run:
        typer.echo(words.say("sweep.planned", design=out / "design.csv", study=study, folder=out))


@sweep.command()
@guarded
def run(
    study: StudyArgument,
    out: Out,
    workers: Workers = None,
    threads: InThreads = False,
    processes: InProcesses = False,
    dask: OnDask = None,
    shard: Shard = None,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Try failed runs again.")] = False,
    lang: Language = "en",
) -> None:
    """Run what is not done yet. The same command again goes on where this one was ended, in whatever way.

    Exit code 0: all done; 3: some runs failed, see failures.csv; 130: ended before, goes on with the same command.
    """
    from wom_sim.cli.words import Talk
    from wom_sim.study import sweep as studies
    from wom_sim.study.loading import load_study

    words = spoken(lang)
    talk = Talk(words=words)
    part = _shard(shard)
    with _told(str(out)):
        loaded = load_study(study).checked()
        _note(loaded, talk)
        if retry_failed:
            talk.say(words.say("sweep.retried", failed=words.counted("failed", studies.retry_failed(out))))

        def began(how: How, pending: int, aside: int) -> None:
            talk.say(_beginning(how, pending, aside, words))

        with talk.progress() as progress:
            found = studies.sweep(
                loaded, out=out, workers=workers, where=_where(threads, processes, dask), shard=part,
                progress=studies.Telling(progress, began),
            )  # fmt: skip
    _end(found, talk)


def _note(loaded: Study, talk: Talk) -> None:
    """Say on the side what is to be known of the study's scenario, how far its points go, what does not vary."""
    from wom_sim.study.caveats import of_study
    from wom_sim.study.points_beyond import points_beyond

    talk.notes(loaded.scenario)
    for text in (*points_beyond(loaded, talk.words), *of_study(loaded, talk.words)):
        talk.say(text)


def _beginning(how: How, pending: int, aside: int, words: Words) -> str:
    """Return what is about to be done."""
    from wom_sim.study.cost import gib

    say = words.say
    if "://" in how.where:
        where = say("sweep.at", address=how.where)
    else:
        where = say("sweep.in", workers=words.counted("process" if how.where == "processes" else "thread", how.workers))
    return say(
        "sweep.begins", runs=words.counted("run", pending), where=where,
        size=say("sweep.memory", gib=gib(how.bytes, words)) if how.bytes else "",
        former=say("sweep.aside", n=words.exact(aside)) if aside else "",
    )  # fmt: skip


def _end(found: Sweep, talk: Talk) -> None:
    """Say how a run ended, and end with the code for it."""
    counts, say, number = found.counts, talk.words.say, talk.words.exact
    of = {"runs": number(counts.runs), "folder": found.folder, "table": found.folder / "table.parquet"}
    if counts.pending:
        talk.say(say("sweep.ended", done=number(counts.done), **of))
        raise typer.Exit(INTERRUPTED)
    if counts.failed:
        talk.say(say("sweep.failed", n=number(counts.failed), file=found.folder / "failures.csv", **of))
        talk.say(say("sweep.without", **of))
        raise typer.Exit(RUNS_FAILED)
    talk.say(say("sweep.done", **of))


@sweep.command()
@guarded
def status(
    folder: Folder,
    failures: Annotated[bool, typer.Option("--failures", help="Print failed runs with their tracebacks.")] = False,
    lang: Language = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Say what has become of a study's runs. Can be asked while they run."""
    words = spoken(lang)
    from wom_sim.study.status import status_of

    with _told(str(folder)):
        found = status_of(folder, tracebacks=failures)
    if as_json:
        typer.echo(json.dumps(found.plain(), indent=2))
    else:
        typer.echo(found.text(words))


@sweep.command()
@guarded
def verify(folder: Folder, lang: Language = "en") -> None:
    """Say whether anything of a study is lost or damaged; nothing is changed. Exit code 4 if something is."""
    words = spoken(lang)
    from wom_sim.study.damage import verify as look_at

    with _told(str(folder)):
        found = look_at(folder)
    if not found.damage:
        typer.echo(found.text(words))
        return
    give_up(f"{found.text(words)}\n{words.say('damage.repair', folder=folder)}", BAD_SCENARIO)


@sweep.command()
@guarded
def repair(folder: Folder, lang: Language = "en") -> None:
    """Make the runs in lost or damaged parts pending again; sweep run then does them, and writes the table anew."""
    words = spoken(lang)
    from wom_sim.study.damage import repair as mend

    with _told(str(folder)):
        found = mend(folder)
    typer.echo(found.health.text(words))
    if not found.health.damage:
        return
    counts = {"done": words.exact(found.counts.done), "runs": words.exact(found.counts.runs)}
    again = words.counted("run", found.again)
    typer.echo(words.say("damage.again", again=again, study=folder / "study.toml", folder=folder, **counts))


@sweep.command()
@guarded
def merge(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Folders of one study, such as its shards.")],
    out: Out,
    lang: Language = "en",
) -> None:
    """Join folders of one study, and write its table if no run is missing."""
    from wom_sim.cli.words import Talk
    from wom_sim.study import sweep as studies

    words = spoken(lang)
    talk = Talk(words=words)
    with _told(str(out)), talk.progress() as progress:
        found = studies.merge(folders, out, progress)
    if found.counts.pending:
        gone, runs = words.exact(found.counts.pending), words.exact(found.counts.runs)
        talk.say(words.say("sweep.missing", n=gone, runs=runs, study=out / "study.toml", folder=out))
        return
    _end(found, talk)


@sweep.command()
@guarded
def analyse(
    folder: Folder,
    reference: Annotated[
        str | None,
        typer.Option("--reference", metavar="POLICY", help="Hold all against it; keep, or what the study says."),
    ] = None,
    no_charts: Annotated[bool, typer.Option("--no-charts", help="Tables only; wom-sim chart DIR draws them.")] = False,
    lang: Language = "en",
) -> None:
    """Write what follows from a study's table into DIR/analysis, and its charts into DIR/charts."""
    words = spoken(lang)
    if not (folder / "table.parquet").is_file():
        give_up(words.say("analysis.table", folder=folder), BAD_SCENARIO)
    try:
        from wom_sim.cli.words import Talk
        from wom_sim.study.analysis import analyse as analyse_folder
        from wom_sim.study.status import shard_of
    except ImportError:
        give_up("analyse: this installation has no analysis of studies")
    talk = Talk(words=words)
    with _told(str(folder)):
        if (shard := shard_of(folder)) != "1/1":
            talk.say(words.say("analysis.shard", folder=folder, shard=shard))
        notes: list[str] = []
        with talk.progress() as progress:
            written = analyse_folder(folder, reference, progress, talk.say, notes.append, words)
        for name in written:
            typer.echo(str(name))
        for text in notes:
            talk.say(text)
        if not no_charts:
            from wom_sim.present.pictures import write_charts

            for path in write_charts(folder, lang=words.lang):
                typer.echo(str(path))


@sweep.command()
@guarded
def replay(
    run_key: Annotated[
        str, typer.Argument(metavar="RUN_KEY", help="Key of a run, its first digits, or point/policy/replication.")
    ],
    folder: Annotated[Path, typer.Option("--in", metavar="DIR", help="Folder of the study.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR2", help="Where to write event log and daily table.")
    ] = None,
    lang: Language = "en",
) -> None:
    """Repeat one run alone, with its event log, and check that it gives what is stored."""
    from wom_sim.cli.words import Talk
    from wom_sim.study.replay import replay as repeat

    words = spoken(lang)
    with _told(run_key):
        found = repeat(folder, run_key)
        place = folder / "replay" / found.key[:12] if out is None else out
        from wom_sim.study.store import write_run

        write_run(found.result, place, events=True)
    Talk(words=words).run(found.result)
    events = words.exact(len(found.result.events))
    typer.echo(words.say("sweep.replayed", key=found.key, point=found.point, events=events, folder=place))
    if found.same is False:
        give_up(words.say("sweep.differs"))
    typer.echo(words.say("sweep.nothing_stored" if found.same is None else "sweep.equal"))


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Turn what can go wrong into a plain word and an exit code."""
    import sqlite3

    from wom_sim.scenario.errors import ScenarioError
    from wom_sim.study.execute_here import ExecutionError

    try:
        yield
    except ScenarioError:
        raise
    except ValueError as error:
        give_up(str(error), BAD_SCENARIO)
    except ExecutionError as error:
        give_up(f"{error}\nWhat was done is kept; the same command goes on.")
    except sqlite3.DatabaseError as error:
        give_up(f"{what}: the manifest cannot be read: {error}; wom-sim sweep repair DIR makes it anew", BAD_SCENARIO)
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        give_up(f"{what}:{where} {error.strerror or error}. What was acknowledged is kept; the same command goes on.")


def _where(threads: bool, processes: bool, dask: str | None) -> str | None:
    """Return where to run, from options of which one at most may be given."""
    given = [name for name, is_given in (("threads", threads), ("processes", processes)) if is_given]
    if dask is not None:
        given.append(dask)
        if "://" not in dask:
            give_up(f"--dask: given {dask}, allowed: a scheduler's address such as tcp://127.0.0.1:8786", BAD_SCENARIO)
    if len(given) > 1:
        give_up("--threads, --processes and --dask: given together, allowed: one of them", BAD_SCENARIO)
    return given[0] if given else None


def _shard(text: str | None) -> tuple[int, int]:
    """Return (i, n) of "i/n"."""
    first, slash, second = (text or "1/1").partition("/")
    if not (slash and first.isdecimal() and second.isdecimal() and 1 <= int(first) <= int(second)):
        give_up(f"--shard: given {text}, allowed: I/N with I from 1 to N, such as 2/4", BAD_SCENARIO)
    return int(first), int(second)
