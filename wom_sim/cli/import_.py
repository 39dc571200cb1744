"""``wom-sim import``: a firm's own customer table to a base, with every row accepted or refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wom_sim.cli.ending import BAD_SCENARIO, give_up

if TYPE_CHECKING:
    from wom_sim.intake.base import Base
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
    lang: Annotated[str, typer.Option("--lang", metavar="en|nl", help="Language of the report.")] = "en",
) -> None:
    """Read a customer table; guess which column means what, show it, and write the customers with a report.


    What may be read in two ways is asked and never guessed: the mapping is then written beside the folder, to be
    completed and given back with --mapping. Only needed columns are kept, and nothing leaves this machine.
    """
    from wom_sim._text import FileError
    from wom_sim.intake import base as bases
    from wom_sim.intake.sheets import Asked
    from wom_sim.words import LANGUAGES, Words

    if lang not in LANGUAGES:
        give_up(f"--lang: given {lang!r}, allowed: {', '.join(LANGUAGES)}", BAD_SCENARIO)
    words = Words(lang)
    try:
        bases.check_place(out)
        secret = bases.read_secret(hash_key) if hash_key is not None else b"" if hash_ids else None
        found = bases.find(files, Asked(encoding, sheet, query), mapping, secret)
        _show(found, words)
        if found.taken is None:
            _ask(found, words, out, mapping)
        _write(found, words, out)
    except FileError as fault:
        give_up(str(fault), BAD_SCENARIO)
    except OSError as error:
        give_up(f"{out}: cannot be written: {error.strerror or error}", BAD_SCENARIO)


def _show(found: Base, words: Words) -> None:
    from wom_sim.intake.telling import mapping_lines

    typer.echo(words.say("import.guessed" if found.guessed else "import.given"))
    for line in mapping_lines(found.mapping, words):
        typer.echo(f"  {line}")


def _ask(found: Base, words: Words, out: Path, mapping: Path | None) -> None:
    """Say what must be answered, and end; a mapping that was guessed is written beside the folder."""
    from wom_sim._files import write_text_atomically
    from wom_sim.intake.mapping import to_toml
    from wom_sim.intake.telling import question_lines

    file = mapping
    if file is None:
        file = out.with_name(f"{out.name}.mapping.toml")
        if file.exists():
            give_up(f"{file} is there already; give it with --mapping, or remove it", BAD_SCENARIO)
        file.parent.mkdir(parents=True, exist_ok=True)
        write_text_atomically(file, to_toml(found.mapping))
    asked = "\n".join(f"  {line}" for line in question_lines(found.mapping, words))
    give_up(f"{words.say('import.asked', file=file)}\n{asked}", BAD_SCENARIO)


def _write(found: Base, words: Words, out: Path) -> None:
    from wom_sim.intake import base as bases
    from wom_sim.intake.mapping import to_toml
    from wom_sim.intake.telling import report_text, summary

    report = bases.report(found)
    texts = {
        bases.MAPPING: to_toml(found.mapping),
        bases.READABLE: report_text(report, found.mapping, words),
        bases.REPORT: bases.as_json(report),
    }
    bases.write(found, out, texts)
    for line in summary(report, words):
        typer.echo(line)
    typer.echo(words.say("import.written", folder=out))
