"""The Sprint case over worlds, at full size: runs it (or goes on), and writes docs/SPRINT_WORLDS.md.

    python experiments/worlds/sprint.py [--worlds 200] [--replications 1] [--out results/sprint_worlds] [--page-only]

Takes 7 GiB of memory. With --page-only the page is written from the worlds that are done, however many.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd

from wom_sim import load_scenario
from wom_sim._tables import ALL_POLICIES
from wom_sim.study.compare_worlds import WorldsComparison
from wom_sim.study.worlds_folder import STARTED, WorldsFolder
from wom_sim.words.figures import Figures

TELL = Figures.plain("USD")
ROOT = Path(__file__).resolve().parents[2]
SCENARIO = ROOT / "scenarios" / "sprint_2007.toml"
PAGE = ROOT / "docs" / "SPRINT_WORLDS.md"
SIZES = Path(__file__).with_name("sizes.csv")


def main() -> None:
    """Run what is missing, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--replications", type=int, default=1)
    parser.add_argument("--out", type=Path, default=ROOT / "results" / "sprint_worlds")
    parser.add_argument("--page-only", action="store_true")
    asked = parser.parse_args()
    if not asked.page_only:
        how = ["--resume"] if (asked.out / STARTED).exists() else ["--worlds", str(asked.worlds)]
        options = [*how, "--replications", str(asked.replications), "--out", str(asked.out)]
        subprocess.run([sys.executable, "-m", "wom_sim", "compare", str(SCENARIO), *options], check=True)
    PAGE.write_text(page(asked.out, asked.replications), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")


def page(out: Path, replications: int) -> str:
    """Return the page: what was run, verdicts, what decides, the verdict."""
    scenario = load_scenario(SCENARIO, [f"run.replications={replications}"])
    with WorldsFolder.opened(out, scenario) as folder:
        found = WorldsComparison(scenario, folder.design, folder.runs())
    parts = [
        "# Sprint 2007 over worlds\n",
        "Written by `python experiments/worlds/sprint.py`; what the columns mean: [WORLDS.md](WORLDS.md).\n",
        _what(found, folder, replications),
        "## Verdicts\n",
        verdicts(found),
        "## What the choice depends on\n",
        deciding(found.drivers, ALL_POLICIES),
        f"To know all of these numbers at once: {_range(*found.judgement.evpi)}.\n",
        "## What the bulk letter's own result depends on\n",
        deciding(found.drivers, "bulk letter"),
        "## In words\n",
        found.verdict,
        *sizes(),
    ]
    return "\n".join(parts) + "\n"


def _what(found: WorldsComparison, folder: WorldsFolder, replications: int) -> str:
    done = found.replications["world"].nunique()
    people = found.scenario.population.customers + found.scenario.population.prospects
    text = (
        f"{done} worlds of {len(found.design.worlds)} that were drawn, each policy {replications} time(s) "
        f"in each, {people:,} people; {len(found.design.drawn)} numbers were drawn. Net value is relative to keeping "
        f"everyone{_over(found)}, with 95 % intervals."
    )
    file = folder.path / "run.json"
    if file.exists():
        told = json.loads(file.read_text(encoding="utf-8"))
        spent = ", ".join(f"{name} {seconds / 60:.0f} min" for name, seconds in told["seconds"].items())
        text += f" Time of the last part of the run: {spent}; at most {told['peak_memory_bytes'] / 2**30:.1f} GiB."
    return text + "\n"


def _over(found: WorldsComparison) -> str:
    return Figures.plain("USD", found.scenario.money.counted_months).over


def verdicts(found: WorldsComparison) -> str:
    """Return the table of verdicts as Markdown."""
    lines = [
        "| policy | expected net value | best in | mean regret | worst regret | loss in | dominated by |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in found.verdicts.to_dict("records"):
        share, loss = _share(row, "share_best"), _share(row, "chance_loss")
        cells = (
            row["policy"], _range(row["expected_net_value"], row["low"], row["high"]), share,
            _range(row["regret_mean"], row["regret_mean_low"], row["regret_mean_high"]),
            TELL.money(row["regret_worst"], brief=True), "" if row["policy"] == "keep" else loss, row["dominated_by"],
        )  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def deciding(drivers: pd.DataFrame, policy: str, most: int = 8) -> str:
    """Return the numbers that matter most, as Markdown."""
    rows = drivers[drivers["policy"] == policy]
    rows = rows[(rows["evppi"] > 0.0) | (rows["share_of_variance"] > 0.0)].head(most)
    lines = [
        "| number | grade | range | rank correlation | share of variance | worth of knowing it | flips in | near |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows.to_dict("records"):
        near = "" if pd.isna(row["flip_at"]) else f"{row['flip_at']:.3g}"
        sure = "" if row["beyond_chance"] else " (not beyond chance)"
        cells = (
            f"`{row['parameter']}`", row["grade"], f"{row['low']:g} to {row['high']:g}",
            f"{row['rank_correlation']:.2f}",
            f"{100 * row['share_of_variance']:.0f} %", TELL.money(row["evppi"], brief=True) + sure,
            f"{100 * row['flips']:.0f} %", near,
        )  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def sizes() -> list[str]:
    """Return at which size of firm the ranking turns, from the table of ``sizes.py``, if there is one."""
    if not SIZES.exists():
        return []
    table = pd.read_csv(SIZES)
    lines = [
        "\n## At which size of firm the ranking turns\n",
        "The same letter to the 1,000 who cost most, from firms of four sizes (`python experiments/worlds/sizes.py`): "
        "expected net value with its 95 % interval, and in brackets in how many worlds the policy is the best.\n",
    ]
    policies = list(dict.fromkeys(table["policy"].astype(str)))
    lines += [
        f"| customers | a year without the 1,000 saves | {' | '.join(policies)} |",
        f"|---|---|{'---|' * len(policies)}",
    ]
    for customers, rows in table.groupby("customers"):
        of = rows.set_index("policy")
        cells = [
            f"{_range(*(of.loc[p, name] for name in ('expected_net_value', 'low', 'high')))} "
            f"[{100 * of.loc[p, 'share_best']:.0f} %]"
            for p in policies
        ]
        saved = TELL.money(float(of["first_year_saving"].iloc[0]), brief=True)
        lines.append(f"| {customers:,} | {saved} | {' | '.join(cells)} |")
    return ["\n".join(lines)]


def _share(row: dict[str, Any], name: str) -> str:
    low, high = (100 * row[f"{name}_{end}"] for end in ("low", "high"))
    return f"{100 * row[name]:.0f} % ({low:.0f}-{high:.0f})"


def _range(value: float, low: float, high: float) -> str:
    return TELL.estimate(value, low, high).replace("\n", " ")


if __name__ == "__main__":
    main()
