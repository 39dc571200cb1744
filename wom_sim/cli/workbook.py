"""``wom-sim workbook``: a comparison as an Excel file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wom_sim.cli.ending import BAD_SCENARIO, give_up
from wom_sim.cli.report import BrandFile, Folder, Language, branded, checked


def workbook(
    folder: Folder,
    brand: BrandFile = None,
    lang: Language = "en",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="The file; DIR/workbook.xlsx.")] = None,
) -> None:
    """Write a comparison as a workbook: every figure, and a ledger whose formulas add up."""
    target = checked(folder, lang, out, "workbook", ".xlsx")
    from wom_sim._extras import need
    from wom_sim._files import write_bytes_atomically
    from wom_sim.present.result_folder import read
    from wom_sim.results.files import note_shown

    need("xlsxwriter")
    from wom_sim.present.workbook import workbook as written

    content = written(read(folder), lang, branded(brand))
    try:
        write_bytes_atomically(target, content)
        note_shown(folder, [target])
    except OSError as error:
        give_up(f"--out: {target} cannot be written: {error.strerror}", BAD_SCENARIO)
    typer.echo(f"Workbook: {target}")
