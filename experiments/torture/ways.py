"""Every command that writes, in small: what is there before, what is asked, and how one goes on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Command = list[str]


def split(text: str) -> Command:
    """Return the words of a command."""
    return text.split()


@dataclass(frozen=True)
class Way:
    """A command that writes.

    ``asked``: the command; ``before``: commands that make what is there before; ``prepare``: what else is done then;
    ``again``: the commands with which one goes on, of which the first that ends well is enough; ``former``: whether
    a result is there before, which must stay until the new one is complete; ``out``: what it writes.
    """

    name: str
    asked: Command
    before: tuple[Command, ...] = ()
    again: tuple[Command, ...] = ()
    former: bool = False
    out: str = "out"
    prepare: Callable[[Path], None] | None = None

    @property
    def on(self) -> tuple[Command, ...]:
        """Return the commands with which one goes on: the same one, if nothing else is said."""
        return self.again or (self.asked,)


def _spoil_part(place: Path) -> None:
    part = sorted((place / "out" / "parts").rglob("*.parquet"))[0]
    part.write_bytes(part.read_bytes()[:-7])


def _result(kind: str, *, into: str = "out") -> Callable[[Path], None]:
    """Return what copies a result of the stock."""

    def prepare(place: Path) -> None:
        shutil.copytree(place / "results" / kind, place / into)

    return prepare


def ways() -> list[Way]:
    """Return every command that writes."""
    tiny, other = "tiny.toml", "--set run.seed=77"
    compare = f"compare {tiny} --out out"
    worlds = f"compare {tiny} --worlds 12 --replications 2 --out out"
    search = f"recommend {tiny} --trials 4 --fresh 4 --finalists 2 --replications 2 --out out"
    line = f"break-even {tiny} --policy exit --parameter payment --points 3 --replications 2 --out out"
    fit = "fit seen.toml --worlds 200 --check 4 --workers 1 --out out"
    pilot = f"pilot {tiny} --worlds 100 --customers 2 --by letter --workers 1 --out out"
    study = "sweep run study.toml --threads --workers 2 --out out"
    analyse = "sweep analyse out"

    def go(text: str) -> Command:
        return split(text)

    def had(text: str, more: str = other) -> tuple[Command, ...]:
        return (go(f"{text} {more}"),)

    return [
        Way("run", go(f"run {tiny} --events --out out")),
        Way("run again", go(f"run {tiny} --events --out out"), had(f"run {tiny} --out out"), former=True),
        Way("compare", go(f"{compare} --events"), again=(go(f"{compare} --events"),
            go(f"{compare} --events --overwrite"))),
        Way("compare --overwrite", go(f"{compare} --overwrite"), had(f"{compare} --events"), former=True),
        Way("compare --replications-in-all", go(f"{compare} --replications-in-all 4"), (go(compare),), former=True),
        Way("compare --worlds", go(worlds), again=(go(f"{compare} --replications 2 --resume"), go(worlds))),
        Way("compare --worlds --overwrite", go(f"{worlds} --overwrite"), had(worlds),
            (go(f"{compare} --replications 2 --resume"), go(f"{worlds} --overwrite")), former=True),
        Way("compare --resume", go(f"{compare} --replications 2 --resume"), (go(worlds),), former=True),
        Way("break-even", go(line), again=(go(line), go(f"{line} --overwrite"))),
        Way("break-even --overwrite", go(f"{line} --overwrite"), had(line), former=True),
        Way("recommend", go(search), again=(go(f"{search} --resume"), go(search))),
        Way("recommend --overwrite", go(f"{search} --overwrite"), had(search),
            (go(f"{search} --resume"), go(f"{search} --overwrite")), former=True),
        Way("fit", go(fit)), Way("pilot", go(pilot)),
        Way("fit --overwrite", go(f"{fit} --overwrite"), had(fit), (go(fit), go(f"{fit} --overwrite")), former=True),
        Way("pilot --overwrite", go(f"{pilot} --overwrite"), had(pilot), (go(pilot), go(f"{pilot} --overwrite")),
            former=True),
        Way("sweep plan", go("sweep plan study.toml --no-probe --out out")),
        Way("sweep run", go(study)),
        Way("sweep run --processes", go("sweep run study.toml --processes --workers 2 --out out")),
        Way("sweep repair", go("sweep repair out"), again=(go("sweep repair out"), go(study)),
            prepare=lambda p: (_result("study")(p), _spoil_part(p))[0]),
        Way("sweep merge", go("sweep merge one two --out out"),
            (go("sweep run study.toml --threads --workers 1 --shard 1/2 --out one"),
             go("sweep run study.toml --threads --workers 1 --shard 2/2 --out two"))),
        Way("sweep analyse", go(analyse), prepare=_result("study"), out="out/analysis"),
        Way("sweep replay", go("sweep replay 0/letter/0 --in results/study --out out")),
        Way("explain", go("explain results/comparison --out out")),
        Way("import", go("import plain.csv --out out")),
        Way("import again", go("import plain.csv --out out"), (go("import dutch.csv --out out"),)),
        Way("report", go("report out"), prepare=_result("comparison"), out="out/report.html"),
        Way("deck", go("deck out"), prepare=_result("comparison"), out="out/deck.pptx"),
        Way("chart", go("chart out ledger"), prepare=_result("comparison"), out="out/charts"),
        Way("workbook", go("workbook out"), prepare=_result("comparison"), out="out/workbook.xlsx"),
        Way("odd", go(f"odd {tiny} --out odd.md"), out="odd.md"),
        Way("pack", go("pack results/comparison --out pack.zip"), out="pack.zip"),
        Way("animate", go("animate out --policies letter --out film.gif"), prepare=_result("comparison"),
            out="film.gif"),
        Way("new", go("new --from bank out.toml"), out="out.toml"),
        Way("show base", go(f"show base {tiny} --out base.csv"), out="base.csv"),
        Way("schema", go("schema --out schema.json"), out="schema.json"),
    ]  # fmt: skip
