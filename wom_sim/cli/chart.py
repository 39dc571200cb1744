"""``wom-sim chart``: pictures of a result folder."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wom_sim.cli.ending import BAD_SCENARIO, give_up
from wom_sim.cli.language import Language, spoken
from wom_sim.cli.report import BrandFile, branded

if TYPE_CHECKING:
    from wom_sim.present.material import Material


class Format(StrEnum):
    """In which formats a chart is written."""

    png = "png"
    svg = "svg"
    pdf = "pdf"
    every = "all"


class Size(StrEnum):
    """For what a chart is laid out."""

    slide = "slide"
    paper = "paper"
    wide = "wide"
    narrow = "narrow"


def chart(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder written by compare, sweep run or fit.")],
    kinds: Annotated[list[str] | None, typer.Argument(metavar="[KIND]...", help="Which; all that DIR allows.")] = None,
    form: Annotated[
        Format, typer.Option("--format", help="Of the picture; data and text come beside it.")
    ] = Format.png,
    size: Annotated[Size, typer.Option("--size", help="16:9, 4:3 for a column, wide, or narrow.")] = Size.slide,
    lang: Language = "en",
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR2", help="Where to; DIR/charts if left out.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the kinds, and whether DIR allows each.")] = False,
    output: Annotated[
        str, typer.Option("--output", metavar="NAME", help="Of a study: which output; net value if left out.")
    ] = "",
    brand: BrandFile = None,
    replay: Annotated[bool, typer.Option("--replay", help="Repeat single runs of any size for their events.")] = False,
) -> None:
    """Draw the charts that a result folder allows, each with its data (CSV) and its text for who cannot see it."""
    from wom_sim.charts.house import house_colours
    from wom_sim.present.material import MissingError, material

    spoken(lang)
    try:
        found = material(folder)
        found.output = _output(folder, output)
        found.allow_replay(replay, lambda words: print(f"wom-sim: {words}", file=sys.stderr, flush=True))
        if listed:
            _list(found, kinds or [], lang)
        else:
            with house_colours(branded(brand).colours):
                _draw(found, kinds or [], (form.value, size.value, lang), out or folder / "charts")
    except MissingError as error:
        give_up(str(error), BAD_SCENARIO)


def _output(folder: Path, name: str) -> str:
    """Return the output asked for; end on one that the study in the folder does not have."""
    from wom_sim.present.studied import outputs_of

    if name and name not in (known := outputs_of(folder)):
        allowed = ", ".join(known) if known else f"nothing, for {folder} holds no analysed study"
        give_up(f"--output: given {name!r}, allowed: {allowed}", BAD_SCENARIO)
    return name


def _list(found: Material, kinds: list[str], lang: str) -> None:
    """Print each kind of chart, what it shows, and why this folder does not allow it if so."""
    from wom_sim.present.pictures import allowed, title_of
    from wom_sim.words import Words

    words = Words(lang)
    for name in _known(kinds, found):
        reason = allowed(found, name)
        typer.echo(f"{'no ' if reason else 'yes'}  {name:<12} {title_of(name, found, words)}")
        if reason:
            typer.echo(f"                  {reason}")


def _draw(found: Material, kinds: list[str], how: tuple[str, str, str], out: Path) -> None:
    """Draw the charts into a folder; say which are left out and why."""
    from wom_sim.charts import save
    from wom_sim.present.pictures import FORMATS, drawn, setting_for
    from wom_sim.results.files import note_shown
    from wom_sim.results.folder import check_file

    form, size, lang = how
    names = _known(kinds, found)
    formats = FORMATS if form == "all" else (form,)
    _check(out)
    for name in names:
        check_file(out / f"{name}.csv", found.folder)
    written: list[Path] = []
    for each in drawn(found, setting_for(found, lang, size), names):
        if each.figure is None:
            print(f"{each.name}: left out; {each.reason}", file=sys.stderr, flush=True)
            continue
        try:
            paths = save(each.figure, each.table, out, each.name, formats)
        except OSError as error:
            give_up(f"--out: {out} cannot be written: {error.strerror}", BAD_SCENARIO)
        written += paths
        typer.echo(" ".join(str(path) for path in paths))
    note_shown(found.folder, written)
    if not written:
        give_up("nothing could be drawn; wom-sim chart DIR --list says what each chart needs", BAD_SCENARIO)


def _check(out: Path) -> None:
    """End with a clear word on a folder into which charts cannot go: the data beside one may have a table's name."""
    from wom_sim.results.folder import kind_of

    if out.exists() and not out.is_dir():
        give_up(f"--out: given {out}, which is a file; allowed: a folder", BAD_SCENARIO)
    if (found := kind_of(out)) is not None:
        give_up(f"--out: {out} holds {found.words}; give another folder, such as {out / 'charts'}", BAD_SCENARIO)


def _known(kinds: list[str], found: Material) -> list[str]:
    """Return the kinds asked for, each once, or all; end on one that there is not."""
    from difflib import get_close_matches

    from wom_sim.present.pictures import names_in

    names = names_in(found)
    for kind in kinds:
        if kind not in names:
            near = get_close_matches(kind, names, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            give_up(f"KIND: given {kind!r}, allowed: {', '.join(names)}{hint}", BAD_SCENARIO)
    return list(dict.fromkeys(kinds)) or names
