"""Why a policy lost profitable customers: one run of it, traced through who told whom to its origins."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim._notebook import Shown, ShowsItself
from wom_sim.outcomes.attribution import DEPARTURE, Media, Traced, traced
from wom_sim.outcomes.attribution_tables import attribution_of_run, attribution_over_runs
from wom_sim.outcomes.branches import Branch, tree_of
from wom_sim.scenario import Scenario, load_scenario
from wom_sim.scenario.models import Policy
from wom_sim.simulation import acts_at_full_size, build_world, numbers_of, policy_of, run_policy
from wom_sim.study.explain_words import caution, sentences
from wom_sim.study.plan import plan
from wom_sim.world import trace as tr


class Chosen(NamedTuple):
    """What is to be explained: scenario, policy, replication, why that one, and what the other runs lost, if known."""

    scenario: Scenario
    policy: Policy
    replication: int
    because: str
    losses: tuple[float, ...] = ()


@dataclass(frozen=True)
class Explanation(ShowsItself):
    """Why a policy lost profitable customers, in one run.

    ``attribution`` is a table as of a comparison; ``tree`` the branches of who told whom; ``sentences`` the words.
    """

    scenario: Scenario
    policy: str
    replication: int
    because: str
    attribution: pd.DataFrame
    tree: Branch
    sentences: list[str]
    seconds: float

    def plain(self, most: int = 5) -> dict[str, Any]:
        """Return the explanation as plain data."""
        return {
            "scenario": self.scenario.name,
            "policy": self.policy,
            "replication": self.replication,
            "because": self.because,
            "currency": self.scenario.currency,
            "sentences": self.sentences,
            "tree": self.tree.plain(most, 0.01 * self.tree.number),
            "attribution": json.loads(self.attribution.to_json(orient="records", double_precision=10)),
        }

    def _shown(self) -> Shown:
        """Return what it shows of itself in a notebook."""
        from wom_sim.study.shown import explained

        return explained(self)


# -- which run -----------------------------------------------------------------------------------------------


def choose_in_folder(folder: Path, policy: str | None, replication: int | None) -> Chosen:
    """Return what to explain of a result folder: the policy that loses most, and its median replication.

    Raises
    ------
    ValueError
        If the folder holds no complete result, or no such policy or replication.
    """
    if not (folder / "run.json").exists():
        raise ValueError(f"{folder}: holds no complete result (run.json is missing)")
    scenario = load_scenario(folder / "scenario.toml")
    runs = pd.read_parquet(folder / "replications.parquet")
    because = "as asked"
    if policy is None:
        policy = str(runs.groupby("policy", sort=False)["extra_profitable"].mean().idxmax())
        because = "the policy that loses most profitable customers on average"
    chosen = policy_of(scenario, policy)
    mine = runs[runs["policy"] == policy].sort_values(["extra_profitable", "replication"])
    if mine.empty:
        raise ValueError(f"{folder}: holds no run of {policy!r}")
    if replication is None:
        replication = int(mine["replication"].iloc[(len(mine) - 1) // 2])
        because += f"; of its {len(mine)} runs the one with the median loss"
    elif replication not in set(mine["replication"]):
        raise ValueError(f"replication: given {replication}, allowed: {_few(mine['replication'])}")
    if "world" in runs.columns:
        because += "; with the scenario's own values, not those of one of its worlds"
    return Chosen(scenario, chosen, replication, because, tuple(mine["extra_profitable"]))


def _few(numbers: pd.Series) -> str:
    found = sorted(set(numbers.tolist()))
    return ", ".join(map(str, found)) if len(found) <= 5 else f"{found[0]} to {found[-1]}"


def cost(scenario: Scenario, policy: Policy) -> str:
    """Return what replaying one run with its event log costs, in words.

    Raises
    ------
    ValueError
        If memory does not suffice.
    """
    one = scenario.model_copy(
        update={"policies": (policy,), "run": scenario.run.model_copy(update={"replications": 1})}
    )
    settled = plan(one, "compiled", 1, events=True)
    return (
        f"one run of {policy.name} with its event log: {settled.who()}, up to "
        f"{max(2, round(settled.seconds[1]))} s, up to {settled.bytes / 2**30:.1f} GiB of memory"
    )


# -- explaining ----------------------------------------------------------------------------------------------


def replayed(chosen: Chosen, tell: Callable[[str], None] = lambda words: None) -> Explanation:
    """Run the policy once with its event log, and explain it."""
    from wom_sim.engines.compiled import Engine

    began = time.perf_counter()
    tell("building people and ties")
    world = build_world(chosen.scenario, chosen.replication)
    tell("running the policy")
    result = run_policy(chosen.scenario, chosen.policy, world, Engine(world), chosen.replication, events=True)
    tell("tracing who told whom")
    log = result.trace.book.log[: int(result.trace.book.used[0])]
    return explained(chosen, log, time.perf_counter() - began)


def from_events(chosen: Chosen, file: Path) -> Explanation | None:
    """Explain a run from the event log of a result folder; None where it is not there, or of an older kind."""
    import pyarrow.parquet as pq

    if not file.exists() or "line" not in pq.read_schema(file).names:
        return None
    began = time.perf_counter()
    wanted = [("policy", "=", chosen.policy.name), ("replication", "=", chosen.replication)]
    events = pd.read_parquet(file, filters=wanted)
    return explained(chosen, log_of_events(events), time.perf_counter() - began)


def log_of_events(events: pd.DataFrame) -> NDArray[np.void]:
    """Return the event log that a table of events stands for."""
    log = np.zeros(len(events), dtype=tr.LOG_TYPE)
    for column, names in (
        ("event", tr.EVENT_NAMES), ("cause", tr.CAUSE_NAMES), ("label", tr.LABEL_NAMES),
    ):  # fmt: skip
        log[column] = pd.Index(names).get_indexer(events[column].astype(str))
    line = pd.Index(tr.LEDGER_NAMES).get_indexer(events["line"].astype(str))
    log["line"] = np.where(line < 0, tr.NO_LINE, line)
    channel = pd.Index(tr.CHANNEL_NAMES).get_indexer(events["channel"].astype(str)).astype(np.int64)
    who = events["source"].to_numpy(dtype=np.int64)
    log["source"] = (channel << tr.SOURCE_SHIFT) | np.where(who < 0, tr.SOURCE_ID, who)
    flags = events["profitable"].to_numpy(dtype=np.int64) * tr.G_PROFITABLE
    flags |= events["treated"].to_numpy(dtype=np.int64) * tr.G_TREATED
    segment = events["segment"].to_numpy(dtype=np.int64)
    log["group"] = flags | np.where(segment < 0, 0, segment + tr.S_FIRST) << tr.SEGMENT_SHIFT
    for column in ("day", "person", "amount"):
        log[column] = events[column].to_numpy()
    return log


def explained(chosen: Chosen, log: NDArray[np.void], seconds: float) -> Explanation:
    """Return the explanation of a run from its event log."""
    began = time.perf_counter()
    scenario, policy = chosen.scenario, chosen.policy
    numbers = numbers_of(scenario, policy, 0.0)
    media = Media(numbers.buzz_half_life, numbers.response_news if numbers.response_after > 0 else 1.0)
    found = acts_at_full_size(traced(log, media), scenario.run.represents)
    outlets = [outlet.name for outlet in scenario.media.outlets]
    table = attribution_over_runs({policy.name: [attribution_of_run(found, outlets)]})
    tree = tree_of(found, DEPARTURE, outlets, f"{policy.name}: profitable customers lost")
    reports = _reports(log, found, outlets, scenario.run.represents)
    words = sentences(policy.name, table, reports, scenario.currency, scenario.run.represents)
    words.append(caution(chosen.replication, chosen.losses))
    spent = seconds + time.perf_counter() - began
    return Explanation(scenario, policy.name, chosen.replication, chosen.because, table, tree, words, spent)


def _reports(log: NDArray[np.void], found: Traced, outlets: list[str], represents: int) -> dict[str, tuple[int, int]]:
    """Return for each outlet that reported the day of its pick-up, and how many people acted on made it, by posts.

    Where people stand for several, the log does not tell the authors apart: then it is how many posts there were.
    """
    picked, posted = log[log["event"] == tr.PICKED_UP], log["day"][log["event"] == tr.NEWS]
    made = {
        int(event["person"]): int((found.coverage[int(event["person"])].root >= 0).sum())
        if represents == 1
        else int((posted <= event["day"]).sum())
        for event in picked
    }
    return {outlets[int(event["person"])]: (int(event["day"]), made[int(event["person"])]) for event in picked}
