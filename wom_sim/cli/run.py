"""``wom-sim run``: one policy, once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from wom_sim.cli.compare import Overrides
from wom_sim.cli.ending import BAD_SCENARIO, give_up, writing
from wom_sim.cli.language import Language, spoken


def run(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Scenario file (TOML), or builtin:NAME.")],
    policy: Annotated[str | None, typer.Option("--policy", help="Which policy; the first if left out.")] = None,
    replication: Annotated[int, typer.Option("--replication", min=0, help="Which luck; 0 is the first.")] = 0,
    engine: Annotated[str, typer.Option("--engine", help="compiled or reference.")] = "compiled",
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Seed of what happens.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for the daily table.")] = None,
    events: Annotated[bool, typer.Option("--events", help="Write the event log as well (needs --out).")] = False,
    overrides: Overrides = None,
    lang: Language = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print the indicators as JSON.")] = False,
) -> None:
    """Run one policy of a scenario once and print its indicators."""
    from wom_sim.cli.loading import load

    words = spoken(lang)
    loaded = load(scenario, [*(overrides or []), *([] if seed is None else [f"run.seed={seed}"])])
    if events and out is None:
        give_up("--events: given without --out DIR, where the event log would be written", BAD_SCENARIO)
    from wom_sim.cli.words import Talk
    from wom_sim.simulation import simulate

    talk = Talk(as_json, words)
    talk.notes(loaded)
    if out is not None:
        from wom_sim.results.folder import claim

        claim(out, "run", again=True)
    name = policy or loaded.policies[0].name
    try:
        found = simulate(loaded, name, replication=replication, engine=engine, events=events)
    except ValueError as error:
        give_up(f"{scenario}: {error}", BAD_SCENARIO)
    if out is not None:
        from wom_sim.study.store import write_run

        with writing(out):
            write_run(found, out, events)
    if as_json:
        values = {k: (None if v != v else v) for k, v in found.indicators.items()}
        typer.echo(
            json.dumps(
                {"scenario": loaded.name, "policy": name, "replication": replication, "indicators": values}, indent=2
            )
        )
    else:
        talk.run(found)
