"""The kinds of hostile input: how a case of each is made from a seed. What is well formed comes from ``stock``."""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import spoil
import stock
from crew import Kind, Make, Run
from judge import AsProcess, Case, InProcess

REFUSALS = frozenset({0, 1, 2, 4})
MILD = (
    "0", "1", "2", "0.5", "1e-9", "1e-300", "0.999999", "1.0", "3", "10", "1e6", "1e9", "-1", "-0.0", "true", "inf",
    "[]",
    "{low = 0.1, high = 0.9}", "{low=0,mode=1,high=2}", '"letter"', '"public"', '"level"', '"story"', '"taste"', "30",
    "1e15", "1e30", "365", "0.1", "7", "31", "100",
)  # fmt: skip
"""Values of which many are allowed: what is odd only in the run."""
_SMALL = frozenset({"population.customers", "population.prospects", "run.days", "run.days_after", "run.replications"})
_NAMES = (
    "NA", "nan", "=1+1", "<b>x</b>", "[/bold]", "a/b", "..", "\u202eletter", "客户", "a,b", 'say "no"', "x" * 80,
    "line\u2028two", "$x_{1}$", "😀", "'", "keep ", "-1", "@SUM(A1)", "a\tb", "con", "TRUE",
)  # fmt: skip


class Maker:
    """Makes cases from what is in the folder of ``stock``."""

    def __init__(self, folder: Path) -> None:
        self.stock, self.results = folder, folder / "results"
        self.scenarios = [
            file.read_text(encoding="utf-8") for file in sorted((stock.ROOT / "scenarios").rglob("*.toml"))
        ]
        self.scenarios += [file.read_text(encoding="utf-8", errors="replace") for file in
                           sorted((stock.ROOT / "tests/scenario/broken").glob("*.toml"))]  # fmt: skip
        self.studies = [stock.STUDY, stock.SAMPLED, *(file.read_text(encoding="utf-8") for file in
                        sorted((stock.ROOT / "experiments").glob("*/study.toml")))]  # fmt: skip
        self._fitting: dict[str, tuple[str, ...]] = {}

    @property
    def keys(self) -> list[str]:
        """Return every key that a scenario may state, with a number in place of an open place in a list."""
        if not self._fitting:
            from wom_sim.scenario.listing import parameters

            self._fitting = {row.key.replace("[]", "[0]"): _fitting(row) for row in parameters()}
        return list(self._fitting)

    def setting(self, luck: random.Random, odd: float, keys: list[str] | None = None) -> str:
        """Return a key with a value: at the ends of what it may have, or with a chance ``odd`` anything."""
        key = luck.choice(keys or self.keys)
        if key in _SMALL and odd < 0.5:
            return f"--set={key}={luck.choice(('0', '1', '2', '7', '50'))}"
        fits = self._fitting[key]
        return f"--set={key}={luck.choice(fits if fits and luck.random() >= odd else (*MILD, *spoil.VALUES))}"

    @property
    def stated(self) -> list[str]:
        """Return the keys that a small scenario may state one by one."""
        return [
            key
            for key in self.keys
            if not any(part in key for part in (".then.", "].when", "note[", "seen[", "search"))
        ]

    def scenario(self, luck: random.Random, place: Path) -> Case:
        """Check a spoilt scenario, and some values given on the command line."""
        text = luck.choice(self.scenarios) if luck.random() < 0.8 else stock.TINY
        if luck.random() < 0.25:
            text += f"\n[extra]\n{luck.choice(self.keys).rpartition('.')[2]} = {luck.choice(spoil.VALUES)}\n"
        (place / "case.toml").write_bytes(spoil.toml(text, luck))
        (place / "first_look.toml").write_bytes(stock.TINY.encode())
        sets = [f"--set={luck.choice(self.keys)}={luck.choice(spoil.VALUES)}" for _ in range(luck.choice((0, 0, 1, 2)))]
        more = luck.choice(([], [], ["--json"], ["first_look.toml"]))
        return Case(["validate", "case.toml", *sets, *more], must=frozenset({0, 2, 4}), keeps=place)

    def key(self, luck: random.Random, place: Path) -> Case:
        """Check a small scenario with values at keys that exist."""
        (place / "tiny.toml").write_bytes(stock.TINY.encode())
        sets = [self.setting(luck, 0.5) for _ in range(luck.randint(1, 3))]
        return Case(["validate", "tiny.toml", *sets], must=frozenset({0, 4}), keeps=place)

    def ran(self, luck: random.Random, place: Path) -> Case:
        """Run a small scenario with odd but mostly possible values and names."""
        name = json.dumps(luck.choice(_NAMES)) if luck.random() < 0.3 else '"letter"'
        (place / "tiny.toml").write_bytes(stock.TINY.replace('"letter"', name).encode())
        sets = [self.setting(luck, 0.02, self.stated) for _ in range(luck.randint(1, 6))]
        use = luck.choice(POLICIES)
        sets += [f"--set=policies[0].use={use}"] if use else []
        command = luck.choice(("run", "run", "run", "compare"))
        more = ["--events"] if luck.random() < 0.3 else []
        return Case([command, "tiny.toml", *sets, "--out", "out", *more], must=REFUSALS, out=place / "out")

    def study(self, luck: random.Random, place: Path) -> Case:
        """Plan a spoilt study; a part of them is run."""
        (place / "tiny.toml").write_bytes(stock.TINY.encode())
        (place / "scenario.toml").write_bytes(stock.TINY.encode())
        (place / "points.csv").write_bytes(spoil.table("choose.limit,run.days\n2,30\n3,20\n", luck))
        text = luck.choice(self.studies) if luck.random() < 0.6 else stock.STUDY
        if luck.random() < 0.2:
            text = stock.STUDY.partition("[[factors]]")[0].replace(
                'kind = "grid"', 'kind = "table"\nfile = "points.csv"'
            )
        (place / "study.toml").write_bytes(spoil.toml(text, luck))
        if text is stock.STUDY and luck.random() < 0.02:
            return Case(["sweep", "run", "study.toml", "--threads", "--workers", "1", "--out", "out"])
        return Case(
            ["sweep", "plan", "study.toml", "--no-probe", "--dry-run", "--out", "out"], must=REFUSALS, keeps=place
        )

    def ties(self, luck: random.Random, place: Path) -> Case:
        """Read a spoilt file of ties."""
        name = luck.choice(sorted(stock.TIES))
        spoilt = spoil.table(stock.TIES[name], luck)
        if luck.random() < 0.1:
            name, spoilt = f"{name}.gz", spoil.zipped(spoilt, luck)
        if luck.random() < 0.1:
            ends = ("csv", "txt", "gml", "graphml", "net", "bin", "gz", "parquet")
            name = f"{name.partition('.')[0]}.{luck.choice(ends)}"
        (place / name).write_bytes(spoilt)
        (place / "tied.toml").write_text(stock.TIED.format(path=name), encoding="utf-8")
        sets = [f"--set=population.customers={luck.choice((1, 3, 10**6))}"] if luck.random() < 0.1 else []
        command = ["show", "ties"] if luck.random() < 0.3 else ["validate"]
        return Case([*command, "tied.toml", *sets], must=frozenset({0, 4}), keeps=place)

    def customers(self, luck: random.Random, place: Path) -> Case:
        """Read a spoilt customer table, mapping, or imported base."""
        way = luck.random()
        if way < 0.6:
            name = luck.choice(sorted(stock.CUSTOMERS))
            (place / name).write_bytes(spoil.table(stock.CUSTOMERS[name], luck))
        elif way < 0.75:
            name = luck.choice(("plain.xlsx", "plain.parquet"))
            whole = (self.stock / name).read_bytes()
            (place / name).write_bytes(spoil.packed(whole, luck) if name.endswith("x") else spoil.content(whole, luck))
        elif way < 0.9:
            name = "plain.csv"
            (place / name).write_bytes(stock.CUSTOMERS[name].encode())
            mapping = (self.results / "base" / "mapping.toml").read_text(encoding="utf-8")
            (place / "mapping.toml").write_bytes(spoil.toml(mapping, luck))
            return Case(["import", name, "--mapping", "mapping.toml", "--out", "out"], must=REFUSALS)
        else:
            shutil.copytree(self.results / "base", place / "base")
            file = luck.choice(sorted((place / "base").iterdir()))
            file.write_bytes(spoil.content(file.read_bytes(), luck))
            text = stock.TINY.replace("customers = 300", 'file = "base"').replace("prospects = 30", "")
            (place / "based.toml").write_text(text, encoding="utf-8")
            return Case(["validate", "based.toml"], must=frozenset({0, 4}), keeps=place)
        more = luck.choice(([], [], ["--churn"], ["--hash-ids"], ["--lang", "nl"], ["--encoding", "latin-1"]))
        return Case(["import", name, *more, "--out", "out"], must=REFUSALS)

    def folder(self, luck: random.Random, place: Path) -> Case:
        """Read a damaged folder of results."""
        kind = luck.choice(tuple(READERS))
        shutil.copytree(self.results / kind, place / "result")
        damage(place / "result", self.results, luck)
        return Case(read(kind, luck), must=REFUSALS)

    def template(self, luck: random.Random, place: Path) -> Case:
        """Make a deck with a spoilt template, or none at all."""
        shutil.copytree(self.results / "comparison", place / "result")
        (place / "brand.pptx").write_bytes(spoil.packed(template(), luck))
        return Case(["deck", "result", "--template", "brand.pptx", "--out", "deck.pptx"], must=REFUSALS)

    def asked(self, luck: random.Random, place: Path) -> Case:
        """Answer the questions of a new scenario oddly; or copy what is not there."""
        if luck.random() < 0.2:
            name = luck.choice((*spoil.FIELDS, "bank", "first_look", "../x", "scenarios/..", "a\0b", "docs"))
            target = luck.choice(([], ["x.toml"], ["no/where/x.toml"], ["."], ["/dev/full"], ["a" * 400]))
            return Case(["new", f"--from={name}", *target], must=REFUSALS)
        answers = (
            *spoil.FIELDS[:44],
            "?",
            "?",
            "?",
            "",
            "",
            "",
            "1",
            "2",
            "0.5",
            "10",
            "1000",
            "bank",
            "mobile",
            "letter",
        )
        told = "\n".join(str(luck.choice(answers)).replace("\n", " ") for _ in range(luck.randint(0, 120)))
        return Case(["new", "x.toml"], told=told, must=REFUSALS)


def _fitting(row: Any) -> tuple[str, ...]:
    """Return values that a key may have: its choices, the ends of what is allowed or plausible, and those near."""
    if row.choices:
        return tuple(json.dumps(choice) for choice in row.choices)
    numbers = [float(n) for n in re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e-?\d+)?", row.allowed)]
    numbers += [float(n) for n in row.plausible or () if isinstance(n, int | float)]
    numbers += [row.default] if isinstance(row.default, int | float) and not isinstance(row.default, bool) else []
    if "number" not in row.allowed:
        return ("true", "false") if "true or false" in row.allowed else ()
    whole = "whole number" in row.allowed
    near = {n * f for n in (*numbers, 1.0) for f in (1.0, 0.5, 2.0)} | {n + d for n in numbers for d in (1e-9, -1e-9)}
    return tuple(f"{round(n)}" if whole else repr(n) for n in sorted(near))


POLICIES = ("", "", "keep", "bulk_letter", "case_by_case", "paid_exit", "reprice", "nudge", "downgrade", "transfer",
            "cap_credits", "fix_root_cause", "guarantee", "warn_then_end", "suspend", "at_renewal",
            "enforce")  # fmt: skip
READERS = {
    "comparison": ("report", "deck", "chart --list", "chart result ledger", "explain", "animate", "grow"),
    "run": ("report", "chart --list", "explain", "deck"),
    "worlds": ("report", "deck", "chart --list", "resume", "explain"),
    "study": ("verify", "verify", "status", "report", "deck", "chart --list", "analyse", "replay"),
    "search": ("report", "chart --list", "deck"),
    "pilot": ("report", "chart --list", "again"),
    "fit": ("report", "chart --list", "posterior"),
    "break-even": ("report", "chart --list"),
    "explanation": ("report", "explain", "chart --list"),
}
"""How a result of each kind is read."""


def read(kind: str, luck: random.Random) -> list[str]:
    """Return a command that reads the folder ``result``, which holds a result of a kind."""
    way = luck.choice(READERS[kind])
    special = {
        "grow": ["compare", "result/scenario.toml", "--add-replications", "1", "--out", "result"],
        "resume": ["compare", "result/scenario.toml", "--resume", "--out", "result"],
        "verify": ["sweep", "verify", "result"], "status": ["sweep", "status", "result"],
        "analyse": ["sweep", "analyse", "result", "--no-charts"], "again": ["sweep", "status", "result"],
        "replay": ["sweep", "replay", "0/letter/0", "--in", "result", "--out", "again"],
        "chart --list": ["chart", "result", "--list"], "chart result ledger": ["chart", "result", "ledger"],
        "posterior": ["validate", "result/scenario.toml", "--set=worlds.posterior=\"result\""],
    }  # fmt: skip
    return special.get(way, [way, "result"])


def damage(folder: Path, others: Path, luck: random.Random) -> None:
    """Damage a folder of results: bits, ends, files gone, exchanged, of another result, or folders in their place."""
    for _ in range(luck.choice((1, 1, 2))):
        files = sorted(path for path in folder.rglob("*") if path.is_file() and "charts" not in path.parts)
        if not files:
            return
        file, other, way = luck.choice(files), luck.choice(files), luck.randrange(9)
        if way <= 2:
            file.write_bytes(spoil.content(file.read_bytes(), luck))
        elif way == 3:
            file.unlink()
        elif way == 4:
            kept = file.read_bytes()
            file.write_bytes(other.read_bytes())
            other.write_bytes(kept)
        elif way == 5:
            strange = sorted(path for path in others.rglob(file.name) if path.is_file())
            file.write_bytes(luck.choice(strange).read_bytes())
        elif way == 6:
            file.unlink()
            file.mkdir()
        elif way == 7:
            file.unlink()
            file.symlink_to(luck.choice((file.name, "/dev/null", "nowhere", "..")))
        else:
            file.write_bytes(
                luck.choice((b"", b"{}", b"[]", b"null", b"\x00" * 100, b'{"kind": "study"}', b"[" * 10**5))
            )


def template() -> bytes:
    """Return a file of slides to be spoilt."""
    import io

    from pptx import Presentation

    made = io.BytesIO()
    Presentation().save(made)
    return made.getvalue()


def kinds(folder: Path) -> list[Kind]:
    """Return every kind, with what it takes to run it."""
    import lines
    import plugs

    maker, here, apart = Maker(folder), InProcess(), AsProcess(stock.ROOT)
    listed: tuple[tuple[str, Make, int, Run], ...] = (
        ("scenario files", maker.scenario, 25_000, here), ("values of keys", maker.key, 40_000, here),
        ("scenarios that are run", maker.ran, 2_000, here), ("study files", maker.study, 5_000, here),
        ("files of ties", maker.ties, 12_000, here), ("customer tables", maker.customers, 5_000, here),
        ("folders of results", maker.folder, 9_000, here), ("command lines", lines.Lines(folder).line, 4_000, here),
        ("questions and answers", maker.asked, 5_000, here), ("templates of decks", maker.template, 150, here),
        ("policies of others", plugs.plugged, 1_000, here),
        ("processes of their own", apart_of(maker, lines.Lines(folder)), 150, apart),
    )  # fmt: skip
    return [Kind(*each) for each in listed]


def apart_of(maker: Maker, given: object) -> Make:
    """Return what makes a case of any kind for a process of its own, with a strange environment now and then."""
    import lines

    makes: tuple[Callable[[random.Random, Path], Case], ...] = (
        maker.scenario, maker.study, maker.ties, maker.customers, maker.folder, given.line,
            # type: ignore[attr-defined]
    )  # fmt: skip

    def make(luck: random.Random, place: Path) -> Case:
        case = luck.choice(makes)(luck, place)
        case.environment = lines.environment(luck)
        return case

    return make
