"""Why a policy lost profitable customers: one run of it, traced through who told whom to its origins."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim._notebook import ShowsItself
from wom_sim.outcomes.acts import DEPARTURE
from wom_sim.outcomes.attribution import Traced, traced
from wom_sim.outcomes.attribution_tables import attribution_of_run, attribution_over_runs
from wom_sim.outcomes.branches import Branch, tree_of
from wom_sim.outcomes.origins import Media
from wom_sim.results.folder import opened
from wom_sim.results.replay import check_same, run_again
from wom_sim.results.typical import LOST, SHOWS, typical_run, which_run
from wom_sim.scenario import Scenario
from wom_sim.scenario.sections.policies import Policy
from wom_sim.scenario.translation import words_for
from wom_sim.simulation import acts_at_full_size, events_log, has_ledger_lines, numbers_of, policy_of
from wom_sim.study.cost import plan
from wom_sim.study.explain_words import caution, in_language, sentences
from wom_sim.words import ENGLISH, Words
from wom_sim.world import trace as tr

EVENTS = "events.parquet"


class Chosen(NamedTuple):
    """What is to be explained: scenario, policy, replication, why that one, and what the other runs lost, if known.

    ``runs``: the runs as they are kept in the folder, which a run that is repeated must equal; ``events``: the file of
    their event log, where it was kept; ``lang``: the language of the words.
    """

    scenario: Scenario
    policy: Policy
    replication: int
    because: str
    losses: tuple[float, ...] = ()
    runs: pd.DataFrame | None = None
    events: Path | None = None
    lang: str = "en"


@dataclass(frozen=True)
class Explanation(ShowsItself):
    """Why a policy lost profitable customers, in one run.

    ``attribution`` is a table as of a comparison; ``tree`` the branches of who told whom; ``sentences`` the words.
    """

    _shown_in: ClassVar[str] = "wom_sim.study.notebook"

    scenario: Scenario
    policy: str
    replication: int
    because: str
    attribution: pd.DataFrame
    tree: Branch
    sentences: list[str]
    seconds: float
    lang: str = "en"

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


# -- which run -----------------------------------------------------------------------------------------------


def choose_in_folder(folder: Path, policy: str | None, replication: int | None, lang: str = "en") -> Chosen:
    """Return what to explain of a result folder: the policy that loses most, and its typical replication.

    Raises
    ------
    FolderError
        If the folder holds no complete result, or a run would have to be repeated and would be another one now.
    ValueError
        If it holds no such policy or replication.
    """
    found = opened(folder, ("comparison", "worlds"))
    runs = pd.read_parquet(folder / "replications.parquet")
    because, words = [], words_for(found.scenario, lang)
    if policy is None:
        policy = str(runs.groupby("policy", sort=False)[LOST.indicator].mean().idxmax())
        because.append(words.say("explain.loses_most"))
    chosen = policy_of(found.scenario, policy)
    mine = runs[runs["policy"] == policy]
    if mine.empty:
        raise ValueError(f"{folder}: holds no run of {policy!r}")
    if "world" in runs:
        because.append(words.say("explain.central"))
        check_same(found)
        return Chosen(found.scenario, chosen, replication or 0, "; ".join(because), lang=lang)
    if replication is None:
        replication = typical_run(runs, policy, SHOWS["explain"])
        because.append(which_run(runs, policy, SHOWS["explain"], words))
    elif replication not in set(mine["replication"]):
        raise ValueError(f"replication: given {replication}, allowed: {_few(mine['replication'])}")
    losses = tuple(sorted(mine[LOST.indicator]))
    events = folder / EVENTS if found.has(EVENTS) and has_ledger_lines(folder / EVENTS) else None
    if events is None:
        check_same(found)
    why = "; ".join(because) or words.say("explain.as_asked")
    return Chosen(found.scenario, chosen, replication, why, losses, runs, events, lang)


def _few(numbers: pd.Series) -> str:
    found = sorted(set(numbers.tolist()))
    return ", ".join(map(str, found)) if len(found) <= 5 else f"{found[0]} to {found[-1]}"


def cost(scenario: Scenario, policy: Policy, words: Words = ENGLISH) -> str:
    """Return what replaying one run with its event log costs, in words.

    Raises
    ------
    ValueError
        If memory does not suffice.
    """
    one = scenario.model_copy(
        update={"policies": (policy,), "run": scenario.run.model_copy(update={"replications": 1})}
    )
    planned = plan(one, "compiled", 1, events=True)
    return words.say(
        "explain.cost", policy=words.policy_typed(policy.name), who=planned.who(words),
        seconds=max(2, round(planned.seconds[1])), gib=words.fixed(planned.bytes / 2**30, grouped=False),
    )  # fmt: skip


# -- explaining ----------------------------------------------------------------------------------------------


def replayed(chosen: Chosen, tell: Callable[[str], None] = lambda words: None) -> Explanation:
    """Run the policy once with its event log, and explain it."""
    began = time.perf_counter()
    words = Words(chosen.lang)
    tell(words.say("explain.running"))
    result = next(run_again(chosen.scenario, [(chosen.policy.name, chosen.replication)], chosen.runs))
    tell(words.say("explain.tracing"))
    log = result.trace.book.log[: int(result.trace.book.used[0])]
    return explained(chosen, log, time.perf_counter() - began)


def from_events(chosen: Chosen) -> Explanation | None:
    """Explain a run from the event log of its folder; None where that was not kept."""
    if chosen.events is None:
        return None
    began = time.perf_counter()
    wanted = [("policy", "=", chosen.policy.name), ("replication", "=", chosen.replication)]
    events = pd.read_parquet(chosen.events, filters=wanted)
    return explained(chosen, events_log(events), time.perf_counter() - began)


def explained(chosen: Chosen, log: NDArray[np.void], seconds: float) -> Explanation:
    """Return the explanation of a run from its event log."""
    began = time.perf_counter()
    scenario, policy, words = chosen.scenario, chosen.policy, words_for(chosen.scenario, chosen.lang)
    numbers = numbers_of(scenario, policy, (0.0, 1.0))
    media = Media(numbers.buzz_half_life, numbers.response_news if numbers.response_after > 0 else 1.0)
    found = acts_at_full_size(traced(log, media), scenario.run.represents)
    outlets = [outlet.name for outlet in scenario.media.outlets]
    table = attribution_over_runs({policy.name: [attribution_of_run(found, outlets)]})
    tree = tree_of(found, DEPARTURE, outlets, words.say("explain.tree", policy=words.policy_typed(policy.name)))
    reports = _reports(log, found, outlets, scenario.run.represents)
    firm = scenario.run.represents, _lost_to_firm(log)
    said = sentences(policy.name, table, reports, scenario.currency, firm, words)
    said.append(caution(chosen.replication, chosen.losses, words))
    tree = in_language(tree, words)
    spent = seconds + time.perf_counter() - began
    why = chosen.because
    return Explanation(scenario, policy.name, chosen.replication, why, table, tree, said, spent, chosen.lang)


def _lost_to_firm(log: NDArray[np.void]) -> int:
    """Return how many simulated profitable customers on whom the firm acted left and would have stayed."""
    mine = (log["event"] == tr.LEFT) & (log["label"] == tr.BECAUSE)
    flags = tr.G_PROFITABLE | tr.G_TREATED
    return int((mine & ((log["group"] & flags) == flags)).sum())


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
