"""``wom-sim animate``: the story spreading, two policies side by side."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from wom_sim.cli.ending import BAD_SCENARIO, give_up
from wom_sim.cli.language import Language, spoken


class Film(StrEnum):
    """Formats of an animation."""

    gif = "gif"
    mp4 = "mp4"
    html = "html"


def animate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder written by compare.")],
    policies: Annotated[
        list[str] | None,
        typer.Option("--policies", metavar="NAME", help="One or two; repeat the option for the second."),
    ] = None,
    second: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="More names after --policies.")
    ] = None,
    form: Annotated[
        Film | None, typer.Option("--format", help="gif, mp4 (with imageio-ffmpeg) or html; as --out ends, else gif.")
    ] = None,
    lang: Language = "en",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="DIR/charts/animation if left out.")] = None,
    replay: Annotated[bool, typer.Option("--replay", help="Repeat single runs of any size for their events.")] = False,
) -> None:
    """Show the story spread over the map of communities under two policies with the same luck, day by day."""
    from wom_sim.present.animation import animate as draw
    from wom_sim.present.animation import beside, choose
    from wom_sim.present.material import MissingError, material
    from wom_sim.present.pictures import setting_for
    from wom_sim.results.files import note_shown
    from wom_sim.results.folder import check_file

    spoken(lang)
    target = out if out is not None else folder / "charts" / f"animation.{(form or Film.gif).value}"
    allowed = [f".{each.value}" for each in Film if form in (None, each)]
    if target.suffix not in allowed:
        give_up(f"--out: given {target}, allowed: a name that ends in {' or '.join(allowed)}", BAD_SCENARIO)
    if target.is_dir():
        give_up(f"--out: given {target}, which is a folder; allowed: a file", BAD_SCENARIO)
    for file in (target, *beside(target)):
        check_file(file, folder)
    try:
        found = material(folder)
        found.allow_replay(replay, lambda words: print(f"wom-sim: {words}", file=sys.stderr, flush=True))
        chosen = choose(found, [*(policies or []), *(second or [])])
        made = draw(found, chosen, setting_for(found, lang), target)
        note_shown(folder, [target, *beside(target)])
    except (MissingError, ValueError) as error:
        give_up(str(error), BAD_SCENARIO)
    except OSError as error:
        give_up(f"--out: {target} cannot be written: {error.strerror}", BAD_SCENARIO)
    typer.echo(
        f"{target}: {' and '.join(chosen)}, replication {made['replication']:.0f}, {made['frames']:.0f} "
        f"pictures to day {made['last_day']:.0f}, {made['bytes'] / 1e6:.1f} MB"
    )
