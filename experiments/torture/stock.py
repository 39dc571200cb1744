"""What is well formed, to be spoilt: small scenarios, ties, customers, a study, and a result of every kind."""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TINY = """name = "Tiny"
question = "What does it take?"
[population]
customers = 300
prospects = 30
[choose]
limit = 4
[run]
days = 40
replications = 2
[[policies]]
name = "letter"
use = "bulk_letter"
[[policies]]
name = "exit"
use = "paid_exit"
payment = 200.0
"""
SEEN = """extends = "tiny.toml"
[[seen]]
what = "extra_calls"
policy = "letter"
value = 3
error = 2
to_day = 30
"""
STUDY = """name = "tiny study"
question = "What does it depend on?"
scenario = "tiny.toml"
seed = 3
replications = 2
[design]
kind = "grid"
[[factors]]
key = "choose.limit"
values = [2, 5]
[[factors]]
key = "money.cost_per_call"
low = 4.0
high = 16.0
steps = 2
"""
SAMPLED = STUDY.replace('kind = "grid"', 'kind = "latin_hypercube"\nsamples = 4').replace("values = [2, 5]",
    "low = 1\nhigh = 9\ninteger = true").replace("steps = 2\n", "")  # fmt: skip
TIED = (
    TINY.replace("customers = 300\nprospects = 30", "customers = 60\nprospects = 0")
    + """
[network]
kind = "file"
path = "{path}"
"""
)
TIES = {
    "plain.csv": "a,b\n0,1\n1,2\n2,7\n7,40\n",
    "names.csv": "Source,Target,Weight\nAda Lind,Bo Berg,5\nBo Berg,Cem Ay,3\n",
    "gephi.csv": "Source,Target,Type,Id,Label,Weight\nu7,u9,Undirected,0,,2.0\nu9,u12,Undirected,1,,1.0\n",
    "excel.csv": "\ufeffbron;doel;gewicht\n10452;10877;0,8\n10877;10999;0,25\n",
    "snap.txt": "# Graph: mail\n# Nodes: 5 Edges: 4\n# FromNodeId\tToNodeId\n0\t1\n1\t2\n2\t40\n40\t0\n",
    "konect.tsv": "%sym weighted\n% 4 5 5\n1 2 1\n2 3 2\n3 5 1\n5 1 1\n",
    "pajek.net": '*Vertices 4\n1 "Anna"\n2 "Bo"\n3 "Cem"\n4 "Dee"\n*Edges\n1 2 3\n2 3 1\n3 4 1\n',
    "labels.gml": 'graph [\n directed 0\n node [ id 0 label "Kim" ]\n node [ id 1 label "Noor" ]\n'
    " edge [ source 0 target 1 value 2 ]\n]\n",
    "big.csv": "from,to\n9007199254740993,9007199254740995\n9007199254740995,9007199254740997\n",
    "graph.graphml": '<?xml version="1.0"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault='
    '"undirected"><node id="a"/><node id="b"/><edge source="a" target="b"/></graph></graphml>',
    "adjacency.csv": "id,friend,since\nK1,K2,2020\nK2,K3,2021\n",
}  # fmt: skip
"""Ties in the forms of which other programs write them."""
CUSTOMERS = {
    "dutch.csv": "klantnr;naam;sinds;omzet p/m;belletjes 12m;postcode;status\n"
    + "".join(f"{k:06d};A. Vries {k};03-{1 + k % 12:02d}-2019;€ 1.2{k % 10}4,50;{k % 9};10{k % 90:02d}AB;actief\n"
              for k in range(1, 30)),
    "telco.csv": "account,plan,monthly,total,months,left\n"
    + "".join(f"A{k},{('Monthly', 'Yearly')[k % 2]},{20 + k}.85,{20 * k},{k},{('No', 'Yes')[k % 5 == 0]}\n"
              for k in range(1, 40)),
    "plain.csv": "customer,revenue,cost,calls,segment,household,tenure_months\n"
    + "".join(f"{k},{30 + k % 7},{10 + 3 * (k % 11)},{k % 5},{('gold', 'silver')[k % 2]},H{k // 2},{k}\n"
              for k in range(1, 60)),
    "tabs.tsv": "id\trevenue per month\tcalls per year\n" + "".join(f"{k}\t{20 + k}\t{k % 4}\n" for k in range(1, 25)),
}  # fmt: skip
"""Customer tables as firms keep them."""
COMMANDS = {
    "comparison": "compare tiny.toml --out {out}",
    "run": "run tiny.toml --events --out {out}",
    "worlds": "compare tiny.toml --worlds 12 --replications 2 --out {out}",
    "study": "sweep run study.toml --threads --workers 1 --out {out}",
    "search": "recommend tiny.toml --trials 4 --fresh 4 --finalists 2 --replications 2 --out {out}",
    "pilot": "pilot tiny.toml --worlds 100 --customers 2 --by letter --workers 1 --out {out}",
    "fit": "fit seen.toml --worlds 200 --check 0 --workers 1 --out {out}",
    "break-even": "break-even tiny.toml --policy exit --parameter payment --points 3 --replications 2 --out {out}",
    "explanation": "explain tiny.toml --out {out}",
    "base": "import plain.csv --out {out}",
}
"""How a result of each kind is made."""


def write_inputs(folder: Path) -> None:
    """Write every input into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "tiny.toml": TINY, "seen.toml": SEEN, "study.toml": STUDY, "sampled.toml": SAMPLED, **TIES, **CUSTOMERS,
        "tied.toml": TIED.format(path="plain_ties.csv"), "plain_ties.csv": TIES["plain.csv"],
        "based.toml": TINY.replace("customers = 300", 'file = "results/base"').replace("prospects = 30", ""),
        "plain.csv": CUSTOMERS["plain.csv"],
    }  # fmt: skip
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode())
    import pandas as pd

    table = pd.read_csv(io.StringIO(CUSTOMERS["plain.csv"]))
    table.to_parquet(folder / "plain.parquet", index=False)
    table.to_excel(folder / "plain.xlsx", index=False)


def command(kind: str, out: Path | str) -> list[str]:
    """Return the command that makes a result of a kind, to be run in the folder of the inputs."""
    return COMMANDS[kind].format(out="{out}").replace("{out}", str(out)).split()


def build(folder: Path, kinds: tuple[str, ...] = tuple(COMMANDS)) -> None:
    """Write the inputs and make a result of each kind below ``results``, in a process of its own.

    Raises RuntimeError with what a command said if it does not end well.
    """
    write_inputs(folder)
    missing = [kind for kind in kinds if not (folder / "results" / kind).is_dir()]
    if not missing:
        return
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.chdir(folder)
            code = _made(missing)
        finally:
            os._exit(code)
    if os.waitpid(child, 0)[1]:
        raise RuntimeError(f"a result could not be made; see {folder / 'made.log'}")


def _made(kinds: list[str]) -> int:
    from wom_sim.cli import main

    for kind in kinds:
        said = io.StringIO()
        try:
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                main(command(kind, Path("results") / kind))
        except SystemExit as end:
            if end.code:
                Path("made.log").write_text(f"{command(kind, kind)}\n{said.getvalue()}")
                return 1
    return 0
