"""Run every case, and the probes of the patterns, once in each draw of the prior; the table serves all that follows.

    python experiments/posterior/simulate.py [--draws 512] [--workers 2] [--out results/posterior]

A row a draw and case is kept as soon as it is there: interrupted, the same command goes on.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from prior import RULE, RULES, in_draw, public, table

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "backtest"))

import questions as q  # noqa: E402
from measures import Runs, churn_change, total  # noqa: E402
from observed import read_cases  # noqa: E402

from wom_sim import load_scenario  # noqa: E402
from wom_sim.scenario import Scenario  # noqa: E402
from wom_sim.scenario.posterior_of_cases import OWN  # noqa: E402
from wom_sim.scenario.represents import fits  # noqa: E402
from wom_sim.scenario.uncertain import Doubt  # noqa: E402
from wom_sim.simulation import policy_of, run_policy  # noqa: E402
from wom_sim.study.keeper import Keeper  # noqa: E402
from wom_sim.study.runs import world_key  # noqa: E402
from wom_sim.world import trace as tr  # noqa: E402

CALIBRATION = HERE.parent / "calibration"
LETTERS, DRIP = CALIBRATION / "letters.toml", CALIBRATION / "one_by_one.toml"
FEWER = 4
"""How many times fewer people than a case has in the back-test; each stands for as many more."""
SEED = 2026
DEAR = {"netflix_2011": 4}
"""Cases that are not run in every draw: everybody is told, and talks."""
KNOWN = "people_of_note=[{name='somebody many know', audience=500000, standing=60}]"


class Played(NamedTuple):
    """What is run: a case, or a probe of a pattern; ``window`` is how many days are looked at.

    ``every``: in each draw, or only in each fourth, where a run costs as much as those of all other cases together.
    """

    name: str
    path: Path
    policy: str
    sets: tuple[str, ...]
    window: int
    every: int = 1


def played() -> list[Played]:
    """Return all cases and probes."""
    found = []
    for case in read_cases():
        fewer = case.represents * FEWER
        size = fewer if fits(case.stated, fewer) else case.represents
        every = DEAR.get(case.name, 1)
        found.append(Played(case.name, case.path, case.policy, (f"run.represents={size}",), case.window, every))
    for number in (10, 100, 1_000, 10_000):
        found.append(Played(f"wave {number}", LETTERS, "bulk letter", (f"choose.limit={number}",), 120))
    on_posting = ("choose.limit=1000", "policies.'bulk letter'.announce.shift=-2")
    found.append(Played("announced", LETTERS, "bulk letter", on_posting, 2))
    some = ("run.represents=20",)
    written = "policies.'case by case'.channel='letter'"
    found.append(Played("drip by telephone", DRIP, "case by case", some, 365))
    found.append(Played("drip in writing", DRIP, "case by case", (*some, written), 365))
    alone = ("population.customers=200000", "population.prospects=50000", "choose.limit=1", written, KNOWN)
    found.append(Played("one person of note", DRIP, "case by case", alone, 365))
    return found


@cache
def stated(name: str, rule: str) -> tuple[Scenario, tuple[Doubt, ...]]:
    """Return the scenario of what is played by a rule, and what of it is drawn."""
    one = next(each for each in played() if each.name == name)
    scenario = load_scenario(one.path, [*one.sets, f"{RULE}={rule}"])
    return scenario, tuple(public(scenario))


def keys() -> list[str]:
    """Return all numbers that are drawn anywhere, by name."""
    return sorted({doubt.key for one in played() for rule in RULES for doubt in stated(one.name, rule)[1]} | {*OWN})


@cache
def _keeper(name: str) -> Keeper:
    return Keeper(threads=None)


def run(one: Played, row: pd.Series, draw: int) -> dict[str, object]:
    """Return what one run of a case shows in a draw; infinity for a report that never came."""
    scenario, drawn = stated(one.name, str(row[RULE]))
    within = in_draw(scenario, drawn, row)
    key = world_key(within, within.model_dump(mode="json"), 0)
    with _keeper(one.name).engine(key, within, 0) as (engine, _):
        result = run_policy(within, policy_of(within, one.policy), engine.world, engine, draw)
        runs = Runs(engine.world, [result])
        days = {name: q.first_day(runs, of(runs))[0] for name, of in OUTLETS.items()}
        posts = float(result.trace.book.daily[: one.window, tr.D_POSTS].sum())
        more = {"posts": posts, "churn_change": churn_change(runs)[0], "reached": total(tr.D_REACHED)(runs)[0]}
    return {"draw": draw, "case": one.name} | days | more


OUTLETS = {"national": q.national, "press": q.press, "authority": q.authority}


def of_draw(draw: int, row: dict[str, object]) -> list[dict[str, object]]:
    """Return the rows of one draw, of every case and probe."""
    return [run(one, pd.Series(row), draw) for one in played() if draw % one.every == 0]


def simulate(draws: pd.DataFrame, numbers: Sequence[int], workers: int) -> Iterator[list[dict[str, object]]]:
    """Yield the rows of each draw."""
    if workers == 1:
        yield from (of_draw(n, draws.iloc[n].to_dict()) for n in numbers)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(of_draw, numbers, [draws.iloc[n].to_dict() for n in numbers])


def main() -> None:
    """Draw, run what is missing and keep it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--draws", type=int, default=512)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--out", type=Path, default=Path("results/posterior"))
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    names = keys()
    draws = table(names, given.draws, SEED)
    (given.out / "prior.json").write_text(json.dumps({"keys": names, "seed": SEED}), encoding="utf-8")
    path = given.out / "runs.csv"
    done = set(pd.read_csv(path)["draw"]) if path.exists() else set()
    missing = [n for n in range(given.draws) if n not in done]
    print(f"{len(names)} numbers, {len(played())} cases and probes; {len(missing)} of {given.draws} draws to run")
    for count, rows in enumerate(simulate(draws, missing, given.workers), 1):
        pd.DataFrame(rows).to_csv(path, mode="a", header=not path.exists(), index=False, float_format="%.8g")
        if count % 16 == 0 or count == len(missing):
            print(f"{count} of {len(missing)}", flush=True)


if __name__ == "__main__":
    main()
