"""Give the commands what no one should give them, and count how they take it.

Scenario files, command lines and folders of results are spoilt at random, from a seed; writers are killed. A command
must end within ten seconds of computing, with a code that it documents, without a traceback; a folder must hold a whole
result, old or new; every bit that is flipped must be found. It ends with a table and code 1 if anything was not so.

python experiments/torture/hostile.py [--scenarios 2000] [--lines 500] [--flips 2000] [--kills 10] [--seed 1]
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SLOW = 10.0
"""Seconds of computing after which a command counts as hanging."""
CODES = {0, 1, 2, 3, 4, 130}
VALUES = (
    "-1", "0", "1e308", "-1e308", "nan", "inf", "-inf", "9223372036854775808", "1" * 5000, "true", '""', "[]", "{}",
    "[[1]]", '"NA"', '"=1+1"', '"<b>x</b>"', '"\\u0000"', '"\\u001b[2J"', '"\\U0001F600"', "1979-05-27", "0x10", "'",
    "{low=1}", "{low=2,high=1}", '"' + "a" * 3000 + '"', "[" * 50 + "]" * 50, "1_000", "+1", "1e-320",
    '"../../etc/passwd"', '"/dev/zero"',
)  # fmt: skip
WORDS = (
    "validate", "show", "schema", "report", "deck", "chart", "explain", "sweep", "--set", "--out", "--lang", "--json",
    "-h", "--replications", "--seed", "policies", "parameters", "FILE", "DIR", "run.days=0", "=", "a.b.c=1",
    "policies[9].name=x", "population.customers=1e9", "", "\u202e", "x" * 2000, "/dev/null", "/dev/full", "..", "-1",
    "nl", "xx",
)  # fmt: skip
WRITER = """
import sys
from pathlib import Path
from wom_sim.results.files import Stage
for turn in range(1, 10_000):
    with Stage(Path(sys.argv[1])) as stage:
        names = [f"t{k}.csv" for k in range(turn % 7 + 1)]
        for name in names:
            (stage.place / name).write_text(f"turn\\n{turn}\\n" * 200)
        stage.finish({"kind": "run", "turn": turn, "files": names})
    print(turn, flush=True)
"""


class Tally:
    """What came of the cases of one kind."""

    def __init__(self, kind: str) -> None:
        self.kind, self.counts, self.said = kind, Counter[str](), list[str]()

    def bad(self, what: str, how: str) -> None:
        """Count what must not be, and keep the first few."""
        self.counts[what] += 1
        if len(self.said) < 5:
            self.said.append(f"{self.kind}: {what}: {how}")

    def row(self) -> str:
        """Return a row of the table."""
        names = ("cases", "ran", "refused", "tracebacks", "hangs", "lost")
        return "| " + " | ".join([self.kind, *(f"{self.counts[name]:,}" for name in names)]) + " |"


HEAD = "| kind | cases | ran | refused | tracebacks | hangs | lost or unseen |\n|---|---|---|---|---|---|---|"


def tried(tally: Tally, arguments: list[str], about: str) -> None:
    """Run a command in this process and count how it ends."""
    from wom_sim.cli import main

    tally.counts["cases"] += 1
    out, err, began = io.StringIO(), io.StringIO(), time.process_time()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main(arguments)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        tally.counts["ran" if code == 0 else "refused"] += 1
        told = out.getvalue() + err.getvalue()
        fault = "Traceback" in told or "this is a fault of wom_sim" in told
        if code not in CODES or fault or (code and not told.strip()):
            tally.bad("tracebacks", f"code {code}: {about}: {err.getvalue()[-300:]}")
    except BaseException:
        tally.bad("tracebacks", f"{about}: {traceback.format_exc()[-600:]}")
    if time.process_time() - began > SLOW:
        tally.bad("hangs", about)


def spoilt(text: str, luck: random.Random) -> bytes:
    """Return a scenario file with one to four things wrong with it, or not."""
    lines = text.splitlines()
    for _ in range(luck.randint(1, 4)):
        at = luck.randrange(len(lines))
        way = luck.randrange(9)
        if way == 0 and "=" in lines[at]:
            lines[at] = f"{lines[at].partition('=')[0]}= {luck.choice(VALUES)}"
        elif way == 1:
            lines.insert(at, luck.choice(lines))
        elif way == 2 and len(lines) > 1:
            del lines[at]
        elif way == 3:
            lines[at] = lines[at][: luck.randrange(len(lines[at]) + 1)]
        elif way == 4:
            lines.insert(at, f"{luck.choice(('days', 'k' * 999, 'payment', 'a.b', ''))} = {luck.choice(VALUES)}")
        elif way == 5:
            lines.insert(at, f"[{luck.choice(('run', 'money', 'policies', 'population.segments', 'x'))}]")
        elif way == 6:
            lines[at] = lines[at].replace('"', luck.choice(("'", "", '""')))
        elif way == 7:
            lines[at] = "".join(luck.sample(lines[at], len(lines[at])))
        else:
            lines.insert(0, f"extends = {luck.choice(VALUES)}")
    whole = bytearray("\n".join(lines).encode("utf-8", "surrogatepass"))
    if luck.random() < 0.2 and whole:
        whole[luck.randrange(len(whole))] = luck.randrange(256)
    return bytes(whole)


def scenarios(folder: Path, number: int, luck: random.Random) -> Tally:
    """Validate spoilt scenarios, and some values given on the command line."""
    tally, files = Tally("scenario files"), sorted((ROOT / "scenarios").glob("*.toml"))
    texts = [file.read_text(encoding="utf-8") for file in files]
    keys = [line.partition("=")[0].strip() for text in texts for line in text.splitlines() if "=" in line]
    for _ in range(number):
        place = folder / "case.toml"
        place.write_bytes(spoilt(luck.choice(texts), luck))
        sets = ["--set", f"{luck.choice(keys)}={luck.choice(VALUES)}"] if luck.random() < 0.3 else []
        tried(tally, ["validate", str(place), *sets], place.read_bytes().decode("utf-8", "replace")[:400])
    return tally


def lines(folder: Path, number: int, luck: random.Random) -> Tally:
    """Run random command lines of commands that compute nothing."""
    tally, good = Tally("command lines"), str(ROOT / "scenarios" / "first_look.toml")
    for _ in range(number):
        first = luck.choice(("validate", "show", "schema", "report", "chart", "explain", "deck", "sweep"))
        words = [first, *(luck.choice(WORDS) for _ in range(luck.randint(0, 5)))]
        words = [good if word == "FILE" else str(folder) if word == "DIR" else word for word in words]
        if first == "explain" and good in words:
            continue  # that would run
        tried(tally, words, repr(words)[:300])
    return tally


def flips(folder: Path, number: int, luck: random.Random) -> Tally:
    """Flip single bits of a result; each must be found when the result is opened."""
    from wom_sim.results.errors import FolderError
    from wom_sim.results.files import Stage
    from wom_sim.results.folder import opened

    tally, place = Tally("bits flipped in results"), folder / "flipped"
    with Stage(place) as stage:
        (stage.place / "daily.csv").write_text("day,reached\n" + "".join(f"{d},{d * d}\n" for d in range(300)))
        (stage.place / "scenario.toml").write_text('name = "x"\n')
        run = {"kind": "run", "scenario": "Müller", "share": 0.1, "seeds": {"0": "18446744073709551615"}}
        stage.finish(run | {"files": ["daily.csv", "scenario.toml"]})
    kept = {path.name: path.read_bytes() for path in place.iterdir()}
    for _ in range(number):
        name = luck.choice(sorted(kept))
        content = bytearray(kept[name])
        content[luck.randrange(len(content))] ^= 1 << luck.randrange(8)
        (place / name).write_bytes(content)
        tally.counts["cases"] += 1
        try:
            opened(place)
            tally.bad("lost", f"{name}: not seen")
        except FolderError:
            tally.counts["refused"] += 1
        except Exception:
            tally.bad("tracebacks", traceback.format_exc()[-400:])
        (place / name).write_bytes(kept[name])
    return tally


def kills(folder: Path, number: int, luck: random.Random) -> Tally:
    """Kill a writer again and again; what is there must be a whole result each time, of the last turn or the next."""
    from wom_sim.results.folder import opened

    tally, place = Tally("writers killed"), folder / "killed"
    for _ in range(number):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(place)], stdout=subprocess.PIPE, text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(luck.uniform(0.0, 0.3))
        process.kill()
        process.communicate()
        tally.counts["cases"] += 1
        try:
            found = opened(place)
            turn = found.run["turn"]
            texts = {(place / name).read_text(encoding="utf-8") for name in found.files or ()}
            left = {path.name for path in place.iterdir() if path.is_file()} - {"run.json", *(found.files or ())}
            if texts != {f"turn\n{turn}\n" * 200} or left - {".writing"}:
                tally.bad("lost", f"turn {turn}: {left}")
            else:
                tally.counts["ran"] += 1
        except Exception:
            tally.bad("lost", traceback.format_exc()[-400:])
    return tally


@contextlib.contextmanager
def quiet_folder() -> Iterator[Path]:
    """Give a folder to work in, and make it the present one."""
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        yield Path(name)


def main() -> int:
    """Try everything, print the table, and return 1 where something was not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    for name, number in (("scenarios", 2000), ("lines", 500), ("flips", 2000), ("kills", 10), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=number)
    asked = parser.parse_args()
    luck = random.Random(asked.seed)
    with quiet_folder() as folder:
        tallies = [
            scenarios(folder, asked.scenarios, luck), lines(folder, asked.lines, luck),
            flips(folder, asked.flips, luck), kills(folder, asked.kills, luck),
        ]  # fmt: skip
    print(HEAD)
    for tally in tallies:
        print(tally.row())
    said = [each for tally in tallies for each in tally.said]
    print(json.dumps(said, indent=1) if said else "nothing that must not be")
    return int(bool(said))


if __name__ == "__main__":
    sys.exit(main())
