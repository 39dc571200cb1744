"""How a comparison, a run over worlds and a study, small and loud, are made; what each shows is read back."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest
from artefacts import Book, Drawn, Seen, Slides, read_book, read_charts, read_deck, read_page, read_terminal

from wom_sim.cli import main

HERE = Path(__file__).parent
SCENARIO = HERE / "loud_town.toml"


class Shown(NamedTuple):
    """All that a folder shows: on the page, on slides, in the terminal and charts; of two kinds also on one page."""

    folder: Path
    page: Seen
    deck: Slides
    board: Slides
    terminal: Seen
    charts: dict[str, Drawn]
    one_page: Seen | None = None
    workbook: Book | None = None


def told(*arguments: object) -> str:
    """Run a command as a user does; return what it prints, in lines long enough for its tables."""
    out, before = io.StringIO(), dict(os.environ)
    os.environ["COLUMNS"] = "400"
    try:
        with redirect_stdout(out), pytest.raises(SystemExit) as ended:
            main([str(each) for each in arguments])
        assert not ended.value.code, out.getvalue()
    finally:
        os.environ.clear()
        os.environ.update(before)
    return out.getvalue()


def shown(folder: Path, said: str) -> Shown:
    told("report", folder)
    told("deck", folder, "--for", "analyst")
    told("deck", folder, "--out", folder / "board.pptx")
    pictures = read_charts(folder) if (folder / "charts").exists() else {}
    terminal = read_terminal(said)
    decks = [read_deck(folder / name) for name in ("deck.pptx", "board.pptx")]
    more: tuple[Seen | None, Book | None] = (None, None)
    if not (folder / "design.csv").exists():  # not a study
        told("report", folder, "--one-page")
        told("workbook", folder)
        more = read_page(folder / "one_page.html"), read_book(folder / "workbook.xlsx")
    return Shown(folder, read_page(folder / "report.html"), *decks, terminal, pictures, *more)


def _make_comparison(folder: Path) -> str:
    return told("compare", SCENARIO, "--events", "--attribution", "--out", folder)


def _make_worlds(folder: Path) -> str:
    return told("compare", SCENARIO, "--worlds", 12, "--replications", 2, "--out", folder)


def _make_study(folder: Path) -> str:
    asked = folder.parent / "asked.toml"
    asked.write_text((HERE / "loud_study.toml").read_text().replace("SCENARIO", str(SCENARIO)))
    return told("sweep", "run", asked, "--out", folder, "--workers", 1) + told("sweep", "analyse", folder)


MAKERS: dict[str, Callable[[Path], str]] = {
    "comparison": _make_comparison, "worlds": _make_worlds, "study": _make_study,
}  # fmt: skip
