"""``wom-sim app``: the page, in a browser on this computer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wom_sim.cli.ending import BAD_SCENARIO, give_up
from wom_sim.cli.language import Language, spoken


def app(
    scenario: Annotated[
        str | None,
        typer.Argument(metavar="[SCENARIO]", help="Scenario file (TOML), or builtin:NAME; left out, the page asks."),
    ] = None,
    folder: Annotated[
        Path, typer.Option("--folder", metavar="DIR", help="Where scenarios, results and trails of the page are kept.")
    ] = Path("results/app"),
    port: Annotated[int | None, typer.Option("--port", min=1, max=65_535, help="Left out, one that is free.")] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")] = True,
    team: Annotated[
        Path | None, typer.Option("--team", metavar="FILE", help="Several users behind a proxy: wom-sim show docs app.")
    ] = None,
    lang: Language = "en",
) -> None:
    """Open the page: move levers, and see within seconds what each policy does. Nothing leaves this computer."""
    spoken(lang)
    from wom_sim._extras import need

    for package in ("starlette", "uvicorn"):
        need(package)
    if scenario is not None:
        from wom_sim.scenario import load_scenario
        from wom_sim.scenario.presets import PREFIX

        load_scenario(scenario)
        scenario = scenario if scenario.startswith(PREFIX) else str(Path(scenario).resolve())
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        give_up(f"--folder: {folder} cannot be made: {error.strerror or error}", BAD_SCENARIO)
    from wom_sim.app.serving import serve

    serve(folder.resolve(), scenario, port=port, team_file=team, lang=lang, browser=browser, tell=typer.echo)
