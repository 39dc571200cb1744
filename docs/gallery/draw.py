"""Draw the whole gallery, and the pictures of README.md, from result folders.

    python docs/gallery/draw.py RESULT [--worlds DIR] [--study DIR]... [--crowd DIR] [--replay]
    python docs/gallery/draw.py NOW --only-told [--told DIR]... [--before DIR]

RESULT is the folder of a comparison; ``--worlds`` that of one with ``--worlds N``; each ``--study`` one that was run
and analysed; ``--crowd`` that of a comparison of ten policies, shown on a template of 4:3. Each ``--told`` is a search,
a break-even or a fit, and ``--before`` an earlier comparison, against which NOW is held; both are of a town, and
drawn alone with ``--only-told``. Pages of reports and decks are made by chromium, LibreOffice (soffice) and pdftoppm,
which must be there. ``--replay`` repeats single runs of any size for who told whom and for the animation. What is not
given stays as it was.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn

HERE = Path(__file__).resolve().parent
IMAGES = HERE.parent / "images"
README = ("ledger", "departures")
CHART, PAGE, SLIDE, SHEET, README_WIDTH, PHONE = 1400, 595, 720, 1080, 1650, (390, 1300)
"""Widths of pictures, pixels; of a telephone also the height that is shown."""
NEEDED = ("chromium", "soffice", "pdftoppm")
ANALYST, DUTCH = ("--for", "analyst"), ("--lang", "nl")
COLOURS = 128
"""Colours of a picture, taken in each of two ways."""


def tool(*command: str | Path) -> None:
    """Run a program; end with what it said where it fails."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"gallery: {command[0]} failed:\n{done.stderr or done.stdout}")


def wom_sim(*arguments: str | Path) -> None:
    """Run a command of the package in this environment."""
    tool(sys.executable, "-m", "wom_sim", *arguments)


def few_colours(picture: Image.Image) -> Image.Image:
    """Return a picture with few colours: half from a median cut, which keeps faint lines apart from the ground.

    The other half is from an octree, which keeps the colours of small marks, that a median cut mixes with others.
    """
    halves = (Image.Quantize.MEDIANCUT, Image.Quantize.FASTOCTREE)
    both = [(picture.quantize(COLOURS, method=each).getpalette() or [])[: 3 * COLOURS] for each in halves]
    palette = np.array([level for half in both for level in half], dtype=np.int32).reshape(-1, 3)
    pixels = np.asarray(picture, dtype=np.int32)
    seen, place = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True)
    nearest = np.concatenate([_nearest(part, palette) for part in np.array_split(seen, 1 + len(seen) // 10_000)])
    reduced = Image.fromarray(nearest[place].reshape(pixels.shape[:2]).astype(np.uint8), mode="P")
    reduced.putpalette(palette.astype(np.uint8).ravel().tolist())
    return reduced


def _nearest(colours: np.ndarray, palette: np.ndarray) -> np.ndarray:
    """Return the place in the palette of the colour nearest to each."""
    return ((colours[:, None, :] - palette[None, :, :]) ** 2).sum(axis=2).argmin(axis=1)


def shrink(source: Path, target: Path, width: int) -> None:
    """Write a picture at a width, with as many colours as a chart needs; tell it."""
    with Image.open(source) as picture:
        size = (width, round(picture.height * width / picture.width))
        small = picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    few_colours(small).save(target, optimize=True)
    print(target.relative_to(HERE.parents[1]))


def charts(folder: Path, place: Path, head: str, options: Sequence[str] = ()) -> None:
    """Draw every chart that a folder allows into the gallery; ``head`` begins the names."""
    wom_sim("chart", folder, "--out", place, *options)
    for picture in sorted(place.glob("*.png")):
        shrink(picture, HERE / f"{head}{picture.name}", CHART)


def pages(pdf: Path, head: str, width: int, wanted: Sequence[int] = ()) -> None:
    """Write the pages of a PDF file into the gallery, all or those wanted; former ones of that name go."""
    for old in HERE.glob(f"{head}_[0-9][0-9].png"):
        old.unlink()
    tool("pdftoppm", "-r", "110", "-png", pdf, pdf.with_suffix(""))
    for picture in sorted(pdf.parent.glob(f"{pdf.stem}-*.png")):
        number = int(picture.stem.rpartition("-")[2])
        if not wanted or number in wanted:
            shrink(picture, HERE / f"{head}_{number:02d}.png", width)


def deck(folder: Path, place: Path, head: str, options: Sequence[str] = (), wanted: Sequence[int] = ()) -> None:
    """Write slides of a folder's deck, as LibreOffice shows them."""
    file = place / f"{head}.pptx"
    wom_sim("deck", folder, *options, "--out", file)
    profile = f"-env:UserInstallation=file://{place / 'office'}"
    tool("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", place, file)
    pages(file.with_suffix(".pdf"), head, SLIDE, wanted)


def report(folder: Path, place: Path, head: str, wanted: Sequence[int] = ()) -> Path:
    """Write the printed pages of a folder's report; return the page."""
    file = place / f"{head}.html"
    wom_sim("report", folder, "--out", file)
    pdf = file.with_suffix(".pdf")
    browser = ("chromium", "--headless", "--no-sandbox", "--disable-gpu")
    tool(*browser, "--no-pdf-header-footer", f"--print-to-pdf={pdf}", f"file://{file}")
    pages(pdf, head, PAGE, wanted)
    return file


def phone(page: Path) -> None:
    """Write the top of a report as a telephone shows it: a frame, since a browser's window is never so narrow."""
    width, height = PHONE
    frame = page.with_name("phone.html")
    style = f"width:{width}px;height:{height}px;border:0"
    frame.write_text(f'<body style="margin:0"><iframe src="{page.name}" style="{style}"></iframe>', encoding="utf-8")
    picture = page.with_name("phone.png")
    browser = ("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
    tool(*browser, f"--window-size={width},{height}", f"--screenshot={picture}", f"file://{frame}")
    shrink(picture, HERE / "report_phone.png", width)


def comparison(folder: Path, place: Path, replay: bool) -> None:
    """Draw everything of a comparison: charts, README's pictures, animation, report, deck."""
    repeat = ["--replay"] if replay else []
    charts(folder, place / "charts", "", repeat)
    for name in README:
        shrink(place / "charts" / f"{name}.png", IMAGES / f"{name}.png", README_WIDTH)
    dutch = ["--lang", "nl", "--size", "paper", "--out", place / "dutch"]
    wom_sim("chart", folder, "exceedance", *dutch)
    shrink(place / "dutch" / "exceedance.png", HERE / "exceedance_nl_paper.png", CHART)
    if replay:
        wom_sim("animate", folder, "--out", place / "animation.gif", *repeat)
        shutil.copyfile(place / "animation.gif", HERE / "animation.gif")
    phone(report(folder, place, "report"))
    deck(folder, place, "deck")
    deck(folder, place, "deck_nl", ("--lang", "nl"))
    deck(folder, place, "deck_de", ("--lang", "de"), (1, 3))
    deck(folder, place, "deck_analyst", ANALYST)


def told(folders: Sequence[Path], since: Sequence[Path], place: Path) -> None:
    """Draw the decks of searches, break-evens and fits, and of a comparison held against an earlier one."""
    for folder in folders:
        sheet(folder, place, f"sheet_{folder.name}")
        sheet(folder, place, f"sheet_{folder.name}_nl", DUTCH)
    if since:
        against = ("--against", str(since[1]))
        sheet(since[0], place, "sheet_since", against)
        sheet(since[0], place, "sheet_since_nl", (*against, *DUTCH))
        sheet(since[0], place, "sheet_town")


def sheet(folder: Path, place: Path, head: str, options: Sequence[str] = (), width: int = SHEET) -> None:
    """Write all slides of a deck on one picture, three beside each other."""
    deck(folder, place, head, options)
    slides = sorted(HERE.glob(f"{head}_[0-9][0-9].png"))
    pictures = [Image.open(slide).convert("RGB") for slide in slides]
    across, down = pictures[0].size
    whole = Image.new("RGB", (3 * across, -(-len(pictures) // 3) * down), "grey")
    for n, picture in enumerate(pictures):
        whole.paste(picture, (n % 3 * across, n // 3 * down))
    file = place / f"{head}.png"
    whole.save(file)
    shrink(file, HERE / f"{head}.png", width)
    for slide in slides:
        slide.unlink()


def templates(folder: Path, place: Path) -> None:
    """Draw the first slides on a template of 4:3, and on a dark one with a bright first colour."""
    for name, made in (("square", Presentation()), ("dark", dark())):
        file = place / f"{name}.pptx"
        made.save(file)
        deck(folder, place, f"deck_{name}", ("--template", str(file)), (1, 3, 4, 5))


def dark() -> Any:
    """Return a template as a firm in dark blue keeps it."""
    presentation = Presentation()
    master = presentation.slide_master
    page, theme = master.element.find(qn("p:cSld")), next(r for r in master.part.rels.values() if "theme" in r.reltype)
    for old in page.findall(qn("p:bg")):
        page.remove(old)
    fill = '<a:solidFill><a:srgbClr val="10233F"/></a:solidFill><a:effectLst/>'
    page.insert(0, parse_xml(f"<p:bg {nsdecls('p', 'a')}><p:bgPr>{fill}</p:bgPr></p:bg>"))
    for name, colour in (("bg1", "dk1"), ("tx1", "lt1")):
        master.element.find(qn("p:clrMap")).set(name, colour)
    text = theme.target_part.blob.decode()
    for name, colour in (("dk1", "10233F"), ("accent1", "F2A900")):
        value = f'<a:{name}><a:srgbClr val="{colour}"/></a:{name}>'
        text = re.sub(f"<a:{name}>.*?</a:{name}>", value, text, flags=re.DOTALL)
    theme.target_part._blob = text.encode()
    return presentation


def main() -> None:
    """Read the command line and draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("result", type=Path, help="folder of a comparison")
    parser.add_argument("--worlds", type=Path, help="folder of a comparison over drawn worlds")
    parser.add_argument("--study", type=Path, action="append", default=[], help="folder of a study; may be repeated")
    parser.add_argument("--crowd", type=Path, help="folder of a comparison of ten policies")
    parser.add_argument("--told", type=Path, action="append", default=[], help="a search, break-even or fit; repeat")
    parser.add_argument("--before", type=Path, help="an earlier comparison, with --only-told")
    parser.add_argument("--only-told", action="store_true", help="draw nothing but --told and --before")
    parser.add_argument("--replay", action="store_true", help="repeat single runs of any size for their events")
    asked = parser.parse_args()
    gone = [name for name in NEEDED if shutil.which(name) is None]
    if gone:
        sys.exit(f"gallery: {', '.join(gone)} is not installed; needed: {', '.join(NEEDED)}")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        told(asked.told, [asked.result, asked.before] if asked.before else [], place)
        if asked.only_told:
            return
        templates(asked.result, place)
        comparison(asked.result, place, asked.replay)
        if asked.worlds is not None:
            charts(asked.worlds, place / "worlds", "worlds_")
            deck(asked.worlds, place, "deck_worlds", ANALYST, (7, 8, 9))
            sheet(asked.worlds, place, "sheet_worlds")
            sheet(asked.worlds, place, "sheet_worlds_nl", DUTCH)
        if asked.crowd is not None:
            square = ("--template", str(place / "square.pptx"))
            sheet(asked.crowd, place, "sheet_crowd", square, SLIDE)
        for study in asked.study:
            charts(study, place / "studies" / study.name, f"study_{study.name}_")
        for study in asked.study[:1]:
            sheet(study, place, "sheet_study")
            sheet(study, place, "sheet_study_nl", DUTCH)


if __name__ == "__main__":
    main()
