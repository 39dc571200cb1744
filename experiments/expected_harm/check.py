"""Hold the expected harm of a candidate against simulation: what it foretells, what it leaves out, how it ranks.

    python experiments/expected_harm/check.py [--lucks 200] [--write]

Candidates are put into five groups by what it is expected to cost, through others, to let each go
(``choose.harm_at_most``, ``wom-sim show chosen``). Each group is let go alone, on the same world and the same lucks, in
four steps: as the closed form has it (nobody passes it on, no outlet), with hearers who pass it on, with outlets, and
with prospects who do not join. ``--write`` writes docs/EXPECTED_HARM.md.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim import build_world
from wom_sim.engines.compiled import Engine
from wom_sim.outcomes.statistics import mean_interval
from wom_sim.policies.choosing import choose
from wom_sim.policies.harm import Harm, expected_harm
from wom_sim.scenario import Scenario, load_scenario
from wom_sim.simulation import run_policy
from wom_sim.simulation.treatments import setting_of
from wom_sim.world import trace as tr

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "EXPECTED_HARM.md"
GROUPS, EACH = 5, 60
ALONE = ["behaviour.talking.p_retell=0", "media.outlets=[]", "behaviour.hearing.corroboration_boost=0"]
STEPS = {
    "as the closed form has it": ALONE,
    "and hearers pass it on": ["media.outlets=[]"],
    "and outlets report": [],
}
LINES = {"told and read": tr.L_LOST_STORY, "household": tr.L_LOST_HOUSEHOLD, "departures of ties": tr.L_LOST_CONTAGION}


class Group(NamedTuple):
    """Candidates of one group, and what letting one of them go is expected to cost by each way (currency)."""

    who: NDArray[np.int64]
    expected: dict[str, float]

    @property
    def total(self) -> float:
        """Return all of it."""
        return sum(self.expected.values())


def groups(scenario: Scenario, seed: int) -> list[Group]:
    """Return candidates in groups, the least harmful first: ``EACH`` of a fifth, spread evenly over it."""
    world = build_world(scenario)
    setting = setting_of(scenario, scenario.policies[0], world, seed)
    who = np.sort(choose(setting))
    harm = expected_harm(setting, who)
    order = np.argsort(harm.total, kind="stable")
    parts = np.array_split(order, GROUPS)
    picked = [part[np.linspace(0, len(part) - 1, EACH).astype(int)] for part in parts]
    return [Group(who[some], _means(harm, some)) for some in picked]


def _means(harm: Harm, some: NDArray[np.int64]) -> dict[str, float]:
    return {
        "told and read": float((harm.told + harm.audience)[some].mean()),
        "household": float(harm.household[some].mean()),
        "departures of ties": float(harm.departures[some].mean()),
    }


def simulated(group: Group, sets: list[str], lucks: int) -> dict[str, NDArray[np.float64]]:
    """Return what one candidate costs in each luck, by line, and the joins lost (currency)."""
    ids = ", ".join(map(str, sorted(group.who.tolist())))
    scenario = load_scenario(HERE / "candidates.toml", [*sets, f"policies.letter.choose={{ids=[{ids}]}}"])
    world = build_world(scenario)
    engine, policy = Engine(world), scenario.policies[0]
    found: dict[str, list[float]] = {name: [] for name in (*LINES, "joins")}
    for luck in range(lucks):
        ledger = run_policy(scenario, policy, world, engine, luck).trace.book.ledger.sum(axis=(0, 1)) / 100.0
        for name, line in LINES.items():
            found[name].append(-float(ledger[line]) / EACH)
        found["joins"].append(-float(ledger[tr.L_JOINS]) / EACH)
    return {name: np.array(values) for name, values in found.items()}


def table(lucks: int) -> list[str]:
    """Return the lines of the table: a row for each group."""
    drawn = groups(load_scenario(HERE / "candidates.toml"), 1)
    head = ["| fifth | expected: told and read | household | departures of ties | all |"]
    head[0] += "".join(f" simulated, {name} |" for name in STEPS) + " and joins lost |"
    lines = [*head, "|" + "---|" * (head[0].count("|") - 1)]
    for number, group in enumerate(drawn, 1):
        cells = [f"{number}", *(f"{group.expected[name]:.2f}" for name in LINES), f"{group.total:.2f}"]
        for sets in STEPS.values():
            found = simulated(group, sets, lucks)
            cells.append(_told(np.sum([found[name] for name in LINES], axis=0)))
        cells.append(_told(np.sum(list(found.values()), axis=0)))
        lines.append("| " + " | ".join(cells) + " |")
        print(lines[-1], flush=True)
    return lines


def parts(lucks: int) -> list[str]:
    """Return a table of the closed form against the same in runs, way by way, over all groups."""
    drawn = groups(load_scenario(HERE / "candidates.toml"), 1)
    found = [simulated(group, ALONE, lucks) for group in drawn]
    lines = ["| way | expected | simulated |", "|---|---|---|"]
    for name in LINES:
        expected = float(np.mean([group.expected[name] for group in drawn]))
        lines.append(f"| {name} | {expected:.2f} | {_told(np.mean([each[name] for each in found], axis=0))} |")
    return lines


def _told(values: NDArray[np.float64]) -> str:
    mean, low, high = mean_interval(values)
    return f"{mean:.2f} ({low:.2f} to {high:.2f})"


def main() -> None:
    """Print both tables, and write the page if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lucks", type=int, default=200)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    by_way = parts(given.lucks)
    print("\n".join(by_way), flush=True)
    by_group = table(given.lucks)
    if given.write:
        text = (HERE / "page.md.in").read_text(encoding="utf-8")
        text = text.replace("{{parts}}", "\n".join(by_way)).replace("{{groups}}", "\n".join(by_group))
        PAGE.write_text(text.replace("{{lucks}}", str(given.lucks)), encoding="utf-8")


if __name__ == "__main__":
    main()
