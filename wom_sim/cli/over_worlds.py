"""``wom-sim compare --worlds``: all policies in many worlds, in which what nobody knows is drawn."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import typer

from wom_sim.cli.ending import BAD_SCENARIO, endings, give_up

if TYPE_CHECKING:
    import pandas as pd

    from wom_sim.cli.words import Talk
    from wom_sim.scenario import Scenario
    from wom_sim.study.compare_worlds import WorldsComparison
    from wom_sim.study.cost import Plan
    from wom_sim.study.worlds import Design
    from wom_sim.study.worlds_folder import WorldsFolder
    from wom_sim.words import Words
    from wom_sim.words.figures import Figures

REPLICATIONS = 2
"""Of each policy in each world, where ``--replications`` does not say otherwise: the fewest that tell luck apart."""
MOST = 300_000
"""Each world has luck of its own; there is no more of it."""


@dataclass(frozen=True)
class Asked:
    """What was asked for on the command line."""

    scenario: str
    worlds: int | None
    more: int | None
    resume: bool
    out: Path | None
    workers: int | None
    overwrite: bool


def check(asked: Asked, engine: str, events: bool) -> None:
    """End with a clear word on options that do not go together, before anything is computed."""
    ways = [
        name
        for name, on in (("--worlds", asked.worlds), ("--add-worlds", asked.more), ("--resume", asked.resume))
        if on
    ]
    if len(ways) > 1:
        give_up(f"{' and '.join(ways)}: only one of them can be given", BAD_SCENARIO)
    if engine != "compiled":
        give_up(f"--engine: given {engine!r}, allowed with {ways[0]}: compiled", BAD_SCENARIO)
    if events:
        give_up(f"--events: not possible with {ways[0]}; compare a single world instead", BAD_SCENARIO)
    if asked.out is None and asked.worlds is None:
        give_up(f"{ways[0]}: given without --out DIR, the folder of the run that is to go on", BAD_SCENARIO)
    if max(asked.worlds or 0, asked.more or 0) > MOST:
        give_up(f"{ways[0]}: given {max(asked.worlds or 0, asked.more or 0)}, allowed: at most {MOST}", BAD_SCENARIO)


def over_worlds(scenario: Scenario, asked: Asked, as_json: bool, words: Words) -> None:
    """Run what was asked for, write it, and tell it."""
    from wom_sim.cli.words import Talk

    talk = Talk(as_json, words)
    talk.notes(scenario)
    with endings(asked.scenario, asked.out, _if_interrupted(asked, talk.words), talk.words):
        found, planned = _in_memory(scenario, asked, talk) if asked.out is None else _in_folder(scenario, asked, talk)
    if as_json:
        typer.echo(json.dumps(_plain(found, planned), indent=2))
    else:
        tell(found, asked.out, talk)


def _if_interrupted(asked: Asked, words: Words) -> str:
    """Return what is kept where the command is interrupted, and how to go on."""
    if asked.out is None:
        return words.say("compare.worlds.not_kept")
    return words.say("compare.worlds.kept", folder=asked.out)


def _in_memory(scenario: Scenario, asked: Asked, talk: Talk) -> tuple[WorldsComparison, Plan]:
    from wom_sim.study.compare_worlds import compare_worlds
    from wom_sim.study.worlds import design

    worlds = asked.worlds or 0
    planned = _announced(scenario, design(scenario, worlds), worlds, asked, talk)
    _base(scenario, asked, talk)
    with talk.progress() as progress:
        found = compare_worlds(scenario, worlds, workers=asked.workers, progress=progress)
    return found, planned


def _in_folder(scenario: Scenario, asked: Asked, talk: Talk) -> tuple[WorldsComparison, Plan]:
    from wom_sim.study.base_words import warnings_as_data
    from wom_sim.study.compare_worlds import WorldsComparison, manifest, run_all

    with _opened(scenario, asked) as folder:
        missing = folder.missing()
        planned = _announced(scenario, folder.design, len(missing), asked, talk)
        base = _base(scenario, asked, talk)
        seconds = {"build": 0.0, "runs": 0.0}
        if missing:
            with talk.progress() as progress:
                seconds = run_all(scenario, folder.design, missing, planned, (folder.keep, progress))
        began = time.perf_counter()
        talk.say(talk.words.say("compare.worlds.judging"))
        found = WorldsComparison(scenario, folder.design, folder.gather(), seconds)
        files = [*write_tables(found, folder.place), _write_base(base, folder.place)]
        seconds["judging"] = time.perf_counter() - began
        folder.finish(manifest(found, planned) | {"warnings": warnings_as_data(base, scenario)}, files)
    return found, planned


def _opened(scenario: Scenario, asked: Asked) -> WorldsFolder:
    """Return the folder, begun or opened as asked."""
    from wom_sim.results.folder import check_owner, claim
    from wom_sim.study.worlds_folder import WorldsFolder

    out = asked.out
    assert out is not None
    if asked.worlds is None:
        folder = WorldsFolder.opened(out, scenario)
        if asked.more is not None:
            try:
                if folder.missing():
                    give_up(f"--add-worlds: {out} is not complete; finish it first with --resume", BAD_SCENARIO)
                folder.add(asked.more)
            except BaseException:
                folder.close()
                raise
        return folder
    from wom_sim.study.cost_of_worlds import plan_worlds
    from wom_sim.study.worlds import design

    otherwise = "give another folder, --resume, --add-worlds or --overwrite"
    check_owner(out, "worlds", asked.overwrite, otherwise)
    plan_worlds(scenario, design(scenario, asked.worlds), asked.worlds, asked.workers)  # before anything is written
    claim(out, "worlds", asked.overwrite, otherwise)
    return WorldsFolder.new(out, scenario, asked.worlds)


def _announced(scenario: Scenario, found: Design, worlds: int, asked: Asked, talk: Talk) -> Plan:
    """Say what will be done and what it takes, and return the plan."""
    from wom_sim.scenario.evidence import unmeasured
    from wom_sim.study.cost_of_worlds import plan_in_words, plan_worlds
    from wom_sim.study.worlds_drawn import listed

    planned = plan_worlds(scenario, found, max(1, worlds), asked.workers)
    if not worlds:
        talk.say(talk.words.say("compare.worlds.all_done", name=scenario.name))
        return planned
    talk.say(f"{scenario.name}: {plan_in_words(scenario, found, planned, worlds, talk.words)}")
    for line in listed(scenario, found, talk.words):
        talk.say(line)
    rest = sum(number.plausible is None for number in unmeasured(scenario))  # as the report counts them
    talk.say(talk.words.say("compare.worlds.rest", n=rest))
    return planned


def _base(scenario: Scenario, asked: Asked, talk: Talk) -> pd.DataFrame:
    """Say who the customers are, at the central numbers, and return the table."""
    from wom_sim.cli.show_base import say_base, table_of

    table = table_of(scenario, asked.scenario)
    say_base(table, scenario, talk)
    return table


def _write_base(table: pd.DataFrame, folder: Path) -> str:
    """Write the base, and return its name."""
    from wom_sim._files import write_text_atomically
    from wom_sim._tables import csv_text

    write_text_atomically(folder / "base.csv", csv_text(table))
    return "base.csv"


def write_tables(found: WorldsComparison, folder: Path) -> list[str]:
    """Write verdicts and drivers, and rules of news where they were drawn; return their names."""
    from wom_sim._files import write_text_atomically
    from wom_sim._tables import csv_text

    tables = ["verdicts", "drivers"] if found.rules.empty else ["verdicts", "drivers", "rules"]
    for name in tables:
        write_text_atomically(folder / f"{name}.csv", csv_text(getattr(found, name)))
    return [f"{name}.csv" for name in tables]


def _plain(found: WorldsComparison, planned: Plan) -> dict[str, Any]:
    from wom_sim.study.compare_worlds import manifest

    def rows(table: Any) -> Any:
        return json.loads(table.to_json(orient="records", double_precision=10))

    return manifest(found, planned) | {"verdicts": rows(found.verdicts), "drivers": rows(found.drivers)}


# -- in words ------------------------------------------------------------------------------------------------


def tell(found: WorldsComparison, out: Path | None, talk: Talk) -> None:
    """Print the table of verdicts, what decides, and the verdict."""
    from wom_sim.scenario.figures import figures_on_terminal
    from wom_sim.study.worlds_drawn import posterior_as_data, said_of_posterior

    say, tell = talk.words.say, figures_on_terminal(found.scenario, talk.words)
    talk.show(_verdicts(found, tell))
    deciding = _drivers(found, tell)
    if deciding is not None:
        talk.show(deciding)
    worth = found.judgement.evpi
    interval = tell.interval(worth.low, worth.high, "currency")
    told = say("compare.worlds.amount", worth=tell.money(worth.value), interval=interval)
    told = told if worth.high > 0.0 else say("compare.worlds.nothing")
    talk.show(say("compare.worlds.knowing", worth=told))
    talk.show(found.verdict_in(talk.words), style="bold")
    for sentence in said_of_posterior(posterior_as_data(found.scenario), talk.words):
        talk.show(sentence)
    if out is not None:
        talk.show(say("compare.worlds.out", folder=out), soft_wrap=True)
    talk.spent(found.seconds)


def _verdicts(found: WorldsComparison, tell: Figures) -> Any:
    from rich.table import Table

    words, say = tell.words, tell.words.say
    runs = words.counted("replication", int(found.replications["replication"].nunique()))
    told = {"name": found.scenario.name, "n": found.judgement.worlds, "runs": runs, "over": tell.over}
    table = Table(title=say("compare.worlds.title", **told), padding=(0, 0))
    for head in ("policy", "value", "best", "regret", "worst", "loss", "luck", "dominated"):
        justify: Literal["left", "right"] = "left" if head in ("policy", "dominated") else "right"
        table.add_column(say(f"compare.worlds.head.{head}"), justify=justify)
    for row in found.verdicts.to_dict("records"):
        luck = "" if row["share_luck"] != row["share_luck"] else f"{100 * row['share_luck']:.0f} %"
        table.add_row(
            words.policy_typed(row["policy"]),
            tell.estimate(row["expected_net_value"], row["low"], row["high"]),
            _share(row, "share_best", words),
            tell.estimate(row["regret_mean"], row["regret_mean_low"], row["regret_mean_high"]),
            tell.money(row["regret_worst"], brief=True),
            "" if row["policy"] == "keep" else _share(row, "chance_loss", words),
            "" if row["policy"] == "keep" else luck,
            _dominated(row, words),
        )
    if found.verdicts["dominated_by"].astype(bool).any():
        table.caption = say("compare.worlds.dominated")
    return table


def _dominated(row: dict[str, Any], words: Words) -> str:
    """Return by which policies one is dominated, each with the share of resamples in which that holds."""
    if not row["dominated_by"]:
        return ""
    names, support = row["dominated_by"].split(", "), row["dominance_support"].split(", ")
    if len(names) != len(support):  # a name with a comma in it
        return f"{row['dominated_by']} ({', '.join(f'{100 * float(each):.0f} %' for each in support)})"
    parts = zip(names, support, strict=True)
    return "\n".join(f"{words.policy_typed(name)} ({100 * float(each):.0f} %)" for name, each in parts)


def _share(row: dict[str, Any], name: str, words: Words) -> str:
    value, low, high = (words.fixed(100 * row[key]) for key in (name, f"{name}_low", f"{name}_high"))
    return f"{value} %\n{words.say('compare.worlds.span', low=low, high=high)}"


def _drivers(found: WorldsComparison, tell: Figures, most: int = 8) -> Any:
    """Return a table of the numbers that matter most to the choice, or None if it cannot be told which."""
    from rich.table import Table

    from wom_sim.outcomes.drivers import of_the_choice

    say, rows = tell.words.say, of_the_choice(found.drivers)
    rows = rows[rows["beyond_chance"] | rows["share_beyond_chance"]]
    if rows.empty:
        return None
    shown = rows.sort_values(["evppi", "share_of_variance"], ascending=False, kind="stable").head(most)
    together = f"{(100 * rows['share_of_variance']).round().sum():.0f} %"
    title = say("compare.drivers.choice" if rows["beyond_chance"].any() else "compare.drivers.apart")
    table = Table(title=title, caption=say("compare.drivers.together", share=together), padding=(0, 0))
    for head in ("number", "grade", "range", "worth", "flips", "near", "share"):
        justify: Literal["left", "right"] = "left" if head in ("number", "grade") else "right"
        table.add_column(say(f"compare.drivers.{head}"), justify=justify)
    for row in shown.to_dict("records"):
        table.add_row(*_driver(row, tell))
    return table


def _driver(row: dict[str, Any], tell: Figures) -> list[str]:
    """Return the cells of one number."""
    words, typed = tell.words, tell.words.number_typed
    worth = tell.estimate(row["evppi"], row["evppi_low"], row["evppi_high"])
    near = "" if row["flip_at"] != row["flip_at"] else typed(row["flip_at"], "z.3g")
    knowing = (worth, f"{100 * row['flips']:.0f} %", near) if row["beyond_chance"] else ("", "", "")
    share = f"{100 * row['share_of_variance']:.0f} %" if row["share_beyond_chance"] else ""
    ends = words.say("compare.drivers.ends", low=typed(row["low"], "zg"), high=typed(row["high"], "zg"))
    return [row["parameter"], words.grade(row["grade"]), ends, *knowing, share]
