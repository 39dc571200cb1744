"""``wom-sim sweep``: studies: many runs over many points, that can be ended, resumed, extended, merged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wom_sim.cli.ending import BAD_SCENARIO, INTERRUPTED, give_up, guarded
from wom_sim.cli.language import Language, spoken

if TYPE_CHECKING:
    from wom_sim.cli.words import Talk
    from wom_sim.study.loading import Study
    from wom_sim.study.sweep import How, Sweep

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
) -> None:
    """Make the design and say how many runs it takes, how many are done, and the time, memory and disk for the rest."""
    from wom_sim.cli.words import Talk
    from wom_sim.study.cost import counted
    from wom_sim.study.cost_of_study import estimate, probe
    from wom_sim.study.loading import load_study
    from wom_sim.study.sweep import counts_ahead, plan_study, settle

    talk = Talk()
    part = _shard(shard)
    with _told(str(out)):
        loaded = load_study(study).checked()
        _note(loaded, talk)
        left = counts_ahead(loaded, out, part) if dry_run else plan_study(loaded, out, part)
        how = settle(loaded, left.worlds, workers, _where(threads, processes, None))
        found = None if no_probe or not left.counts.pending else probe(loaded, talk.say)
        size = (
            counted(len(loaded.points), "point"), counted(len(loaded.policies), "policy", "policies"),
            counted(loaded.said.replications, "replication"),
        )  # fmt: skip
        typer.echo(f"{loaded.name}: {', '.join(size)}")
        typer.echo(estimate(loaded, left, how, found, out).text())
    if not dry_run:
        typer.echo(f"The design is in {out / 'design.csv'}; next: wom-sim sweep run {study} --out {out}")


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
) -> None:
    """Run what is not done yet. The same command again goes on where this one was ended, in whatever way.

    Exit code 0: all done; 3: some runs failed, see failures.csv; 130: ended before, goes on with the same command.
    """
    from wom_sim.cli.words import Talk
    from wom_sim.study import sweep as studies
    from wom_sim.study.loading import load_study

    talk = Talk()
    part = _shard(shard)
    with _told(str(out)):
        loaded = load_study(study).checked()
        _note(loaded, talk)
        if retry_failed:
            talk.say(f"{studies.retry_failed(out):,} failed runs are tried again")

        def began(how: How, pending: int, aside: int) -> None:
            talk.say(_beginning(how, pending, aside))

        with talk.progress() as progress:
            found = studies.sweep(
                loaded, out=out, workers=workers, where=_where(threads, processes, dask), shard=part,
                progress=studies.Telling(progress, began),
            )  # fmt: skip
    _end(found, talk.say)


def _note(loaded: Study, talk: Talk) -> None:
    """Say on the side what is to be known of the study's scenario, how far its points go, what does not vary."""
    from wom_sim.study.caveats import of_study
    from wom_sim.study.points_beyond import points_beyond

    talk.notes(loaded.scenario)
    for text in (*points_beyond(loaded), *of_study(loaded)):
        talk.say(text)


def _beginning(how: How, pending: int, aside: int) -> str:
    """Return what is about to be done."""
    from wom_sim.study.cost import counted

    size = f", about {how.bytes / 2**30:.1f} GiB of memory" if how.bytes else ""
    one = "process" if how.where == "processes" else "thread"
    where = f"at {how.where}" if "://" in how.where else f"in {counted(how.workers, one, how.where)}"
    former = f"; {aside:,} runs of former plans or models are kept aside" if aside else ""
    return f"{counted(pending, 'run')} to do {where}{size}{former}. Ctrl-C ends in order; the same command goes on."


def _end(found: Sweep, say: Any) -> None:
    """Say how a run ended, and end with the code for it."""
    counts = found.counts
    if counts.pending:
        say(f"ended: {counts.done:,} of {counts.runs:,} runs are done; the same command goes on with the others")
        raise typer.Exit(INTERRUPTED)
    if counts.failed:
        say(
            f"{counts.failed:,} of {counts.runs:,} runs failed: {found.folder / 'failures.csv'}; whole tracebacks: "
            f"wom-sim sweep status {found.folder} --failures; --retry-failed tries them again"
        )
        say(f"the table without them: {found.folder / 'table.parquet'}, .csv")
        raise typer.Exit(RUNS_FAILED)
    say(f"{counts.runs:,} runs done; the table: {found.folder / 'table.parquet'}, .csv")


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
) -> None:
    """Join folders of one study, and write its table if no run is missing."""
    from wom_sim.cli.words import Talk
    from wom_sim.study import sweep as studies

    talk = Talk()
    with _told(str(out)), talk.progress() as progress:
        found = studies.merge(folders, out, progress)
    if found.counts.pending:
        talk.say(
            f"{found.counts.pending:,} of {found.counts.runs:,} runs are missing; this does them: "
            f"wom-sim sweep run {out / 'study.toml'} --out {out}"
        )
        return
    _end(found, talk.say)


@sweep.command()
@guarded
def analyse(
    folder: Folder,
    reference: Annotated[
        str | None,
        typer.Option("--reference", metavar="POLICY", help="Hold all against it; keep, or what the study says."),
    ] = None,
    no_charts: Annotated[bool, typer.Option("--no-charts", help="Tables only; wom-sim chart DIR draws them.")] = False,
) -> None:
    """Write what follows from a study's table into DIR/analysis, and its charts into DIR/charts."""
    if not (folder / "table.parquet").is_file():
        give_up(f"{folder} has no table.parquet; wom-sim sweep run writes it when all runs are done", BAD_SCENARIO)
    try:
        from wom_sim.cli.words import Talk
        from wom_sim.study.analysis import analyse as analyse_folder
        from wom_sim.study.status import shard_of
    except ImportError:
        give_up("analyse: this installation has no analysis of studies")
    talk = Talk()
    with _told(str(folder)):
        if (shard := shard_of(folder)) != "1/1":
            talk.say(f"{folder} is shard {shard}: the other runs are missing, and pairs with them; merge joins them")
        notes: list[str] = []
        with talk.progress() as progress:
            written = analyse_folder(folder, reference, progress, talk.say, notes.append)
        for name in written:
            typer.echo(str(name))
        for words in notes:
            talk.say(words)
        if not no_charts:
            from wom_sim.present.pictures import write_charts

            for path in write_charts(folder):
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
) -> None:
    """Repeat one run alone, with its event log, and check that it gives what is stored."""
    from wom_sim.cli.words import Talk
    from wom_sim.study.replay import replay as repeat

    with _told(run_key):
        found = repeat(folder, run_key)
        place = folder / "replay" / found.key[:12] if out is None else out
        from wom_sim.study.store import write_run

        write_run(found.result, place, events=True)
    Talk().run(found.result)
    typer.echo(f"run {found.key}, point {found.point}: {len(found.result.events):,} events are in {place}")
    if found.same is None:
        typer.echo("there is no stored result to compare with")
    elif found.same:
        typer.echo("every indicator equals what is stored")
    else:
        give_up("the indicators differ from what is stored: this machine or its packages do not give the same result")


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
