"""``wom-sim import``: a firm's own customer table to a base, with every row accepted or refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wom_sim.cli.ending import BAD_SCENARIO, give_up
from wom_sim.cli.language import Language, spoken

if TYPE_CHECKING:
    from wom_sim.intake.base import Base
    from wom_sim.intake.churn_history import Learnt
    from wom_sim.words import Words


def import_(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="CSV, TSV, Excel (.xlsx) or Parquet files with the same columns, or the address of a database.",
            show_default=False,
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where the base goes.")] = Path("base"),
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", metavar="FILE", help="Which column means what (TOML); left out, it is guessed."),
    ] = None,
    hash_ids: Annotated[bool, typer.Option("--hash-ids", help="Keep a hash in place of each id.")] = False,
    hash_key: Annotated[
        Path | None,
        typer.Option("--hash-key", metavar="FILE", help="A secret, so that ids get the same hashes next time."),
    ] = None,
    query: Annotated[str | None, typer.Option("--query", metavar="SQL", help="What to read of a database.")] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", metavar="NAME", help="Sheet of an Excel file.")] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="NAME", help="Encoding of a text file, as in cp1252.")
    ] = None,
    churn: Annotated[
        bool, typer.Option("--churn", help="Learn each customer's chance to leave from who has left already.")
    ] = False,
    history: Annotated[
        str | None,
        typer.Option(
            "--history", metavar="FILE", help="Who came and left when, if the table does not say; has --churn."
        ),
    ] = None,
    history_mapping: Annotated[
        Path | None, typer.Option("--history-mapping", metavar="FILE", help="Which column of --history means what.")
    ] = None,
    history_from: Annotated[
        str | None,
        typer.Option(
            "--history-from",
            metavar="DAY",
            help="First day from which all who left are listed. Default: first departure.",
        ),
    ] = None,
    churn_window: Annotated[
        str | None,
        typer.Option(
            "--churn-window",
            metavar="MONTHS|all",
            help="Without dates of leaving: within how many months they left; all: when their time with you ended.",
        ),
    ] = None,
    check_months: Annotated[
        float, typer.Option("--check-months", metavar="MONTHS", help="The last months that churn is checked on.")
    ] = 6.0,
    lang: Language = "en",
) -> None:
    """Read a customer table; guess which column means what, show it, and write the customers with a report.


    What may be read in two ways is asked and never guessed: the mapping is then written beside the folder, to be
    completed and given back with --mapping. Only needed columns are kept, and nothing leaves this machine.
    """
    from wom_sim._text import FileError
    from wom_sim.intake import base as bases
    from wom_sim.intake.churn_history import history_base, learnt, told
    from wom_sim.intake.sheets import Asked

    words = spoken(lang)
    try:
        bases.check_place(out)
        secret = bases.read_secret(hash_key) if hash_key is not None else b"" if hash_ids else None
        found = bases.find(files, Asked(encoding, sheet, query), mapping, secret, timed=churn or history is not None)
        said = told(history, history_mapping, history_from, churn_window, check_months)
        if churn or history is not None:
            _check_lifelines()
        of_history = history_base(said, Asked(encoding, sheet if history is None else None, None))
        _show(found, words)
        if of_history is not None:
            typer.echo(words.say("import.churn.history", file=Path(str(history)).name))
            _show(of_history, words)
        if found.taken is None:
            _ask(found, words, out.with_name(f"{out.name}.mapping.toml"), mapping)
        if of_history is not None and of_history.taken is None:
            _ask(of_history, words, out.with_name(f"{out.name}.history.toml"), history_mapping, "--history-mapping")
        of_churn = learnt(found, of_history, said) if churn or history is not None else None
        _write(found, words, out, of_churn)
    except FileError as fault:
        give_up(str(fault), BAD_SCENARIO)
    except OSError as error:
        give_up(f"{out}: cannot be written: {error.strerror or error}", BAD_SCENARIO)


def _show(found: Base, words: Words) -> None:
    from wom_sim.intake.import_report import mapping_lines

    typer.echo(words.say("import.guessed" if found.guessed else "import.given"))
    for line in mapping_lines(found.mapping, words):
        typer.echo(f"  {line}")


def _check_lifelines() -> None:
    """End with a clear word where no churn can be learnt on this machine, before anything is read."""
    from wom_sim.intake.hazard import ChurnError, check_installed

    try:
        check_installed()
    except ChurnError as error:
        give_up(str(error), BAD_SCENARIO)


def _ask(found: Base, words: Words, beside: Path, mapping: Path | None, option: str = "--mapping") -> None:
    """Say what must be answered, and end; a mapping that was guessed is written beside the folder."""
    from wom_sim._files import write_text_atomically
    from wom_sim.intake.import_report import question_lines
    from wom_sim.intake.mapping import to_toml

    file = mapping
    if file is None:
        file = beside
        if file.exists():
            give_up(f"{file} is there already; give it with {option}, or remove it", BAD_SCENARIO)
        file.parent.mkdir(parents=True, exist_ok=True)
        write_text_atomically(file, to_toml(found.mapping))
    asked = "\n".join(f"  {line}" for line in question_lines(found.mapping, words))
    give_up(f"{words.say('import.asked', file=file, option=option)}\n{asked}", BAD_SCENARIO)


@contextmanager
def _held(out: Path) -> Iterator[None]:
    """Hold the place of a base, so that a second import is refused; nothing is left beside it in the end."""
    import shutil

    from wom_sim.intake.base import beside, put_back
    from wom_sim.results.errors import InUseError
    from wom_sim.results.lock import Writing

    place = beside(out)
    place.mkdir(parents=True, exist_ok=True)
    try:
        held = Writing(place)
    except InUseError as error:
        give_up(str(error).replace(str(place), str(out)), BAD_SCENARIO)
    try:
        yield
    finally:
        put_back(out)
        shutil.rmtree(place / "new", ignore_errors=True)
        held.release()
        with suppress(OSError):  # another one waits in it
            place.rmdir()


def _write(found: Base, words: Words, out: Path, learnt: Learnt | None) -> None:
    from wom_sim.intake import base as bases
    from wom_sim.intake.import_report import report_text, summary
    from wom_sim.intake.mapping import to_toml

    report = bases.report(found)
    texts = {
        bases.MAPPING: to_toml(found.mapping),
        bases.READABLE: report_text(report, found.mapping, words),
        bases.REPORT: bases.as_json(report),
    }
    tables, said = {}, []
    if learnt is not None:
        from wom_sim.intake.churn import rows_of, with_churn
        from wom_sim.intake.churn_words import sentences
        from wom_sim.populations import churn_file
        from wom_sim.populations.customer_file import CUSTOMERS

        rows = rows_of(learnt.churn)
        said = sentences(rows, words)
        texts[churn_file.CHURN_MODEL] = churn_file.text_of(rows)
        if found.taken is not None:
            tables = {CUSTOMERS: with_churn(found.taken.table, learnt.churn), bases.HISTORY: learnt.rows}
        lines = "\n".join(f"- {line}" for line in said)
        texts[bases.READABLE] += f"\n## {words.say('import.churn.head')}\n\n{lines}\n"
    with _held(out):
        bases.write(found, out, texts, tables)
    for line in (*summary(report, words), *said):
        typer.echo(line)
    files = [
        bases.CUSTOMERS,
        bases.MAPPING,
        bases.REPORT,
        bases.READABLE,
        *sorted({*texts, *tables} - set(bases.FILES[:4])),
    ]
    typer.echo(words.say("import.written", folder=out, files=", ".join(files)))
