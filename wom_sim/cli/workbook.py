"""``wom-sim workbook``: a comparison as an Excel file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wom_sim.cli.report import BrandFile, Folder, Language, branded, checked, put


def workbook(
    folder: Folder,
    brand: BrandFile = None,
    lang: Language = "en",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="The file; DIR/workbook.xlsx.")] = None,
) -> None:
    """Write a comparison as a workbook: every figure, and a ledger whose formulas add up."""
    target = checked(folder, lang, out, "workbook", ".xlsx")
    from wom_sim._extras import need
    from wom_sim.present.result_folder import read

    need("xlsxwriter")
    from wom_sim.present.workbook import workbook as written

    put(folder, target, written(read(folder), lang, branded(brand)))
    typer.echo(f"Workbook: {target}")
