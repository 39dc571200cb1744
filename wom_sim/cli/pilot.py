"""``wom-sim pilot``: what it is worth to try it on a few customers first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wom_sim.cli.compare import Overrides
from wom_sim.cli.ending import endings
from wom_sim.cli.kept_worlds import Asked, Extra, kept, kept_until, run_kept
from wom_sim.cli.language import Language, spoken
from wom_sim.cli.typed_table import typed_table

if TYPE_CHECKING:
    from wom_sim.cli.words import Talk
    from wom_sim.scenario import Scenario
    from wom_sim.scenario.sections.seen import Seen
    from wom_sim.study.pilot import Pilot, Worth
    from wom_sim.words import Words

WORLDS, ASKED, FEWEST = "worlds", "pilots.json", 100


def pilot(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Scenario file (TOML).")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder; worlds are kept as they are made.")],
    by: Annotated[
        list[str] | None,
        typer.Option("--by", metavar="POLICY", help="Try by this policy; all if absent. Repeatable."),
    ] = None,
    customers: Annotated[
        list[int] | None, typer.Option("--customers", metavar="N", min=1, help="Try on so many. Repeatable.")
    ] = None,
    days: Annotated[
        int | None, typer.Option("--days", min=1, help="Watch for so many days; 60, or the run if shorter.")
    ] = None,
    worlds: Annotated[int, typer.Option("--worlds", min=FEWEST, help="Worlds to draw.")] = 300,
    noise: Annotated[
        float, typer.Option("--noise", min=0.0, help="How much more than by chance usual calls and departures vary.")
    ] = 2.0,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Runs at a time. Changes no result.")] = None,
    overrides: Overrides = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Begin anew in a folder that holds a pilot.")] = False,
    lang: Language = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Say what it is worth to try it on a few customers first; the same command goes on where it was left."""
    from wom_sim._extras import need
    from wom_sim.cli.loading import load
    from wom_sim.cli.words import Talk
    from wom_sim.study.pilot import pilots_of, seen_of

    said_in = spoken(lang)
    loaded, talk = load(scenario, overrides or []), Talk(as_json, said_in)
    need("sklearn")
    talk.notes(loaded)
    once = loaded.model_copy(update={"run": loaded.run.model_copy(update={"replications": 1}), "seen": ()})
    with endings(scenario, out, kept_until(out, said_in), said_in):
        pilots = pilots_of(once, by or [], sorted(set(customers or [100])))
        found = _asked(once, (pilots, seen_of(once, days, noise)), out, Asked(worlds, workers, overwrite), talk)
    _tell(found, out, talk, as_json)


def _asked(scenario: Scenario, what: tuple[list[Pilot], tuple[Seen, ...]], out: Path, how: Asked, talk: Talk) -> Worth:
    """Run the worlds that are missing, write what came out, and return it."""
    from wom_sim._files import write_text_atomically
    from wom_sim._tables import csv_text
    from wom_sim.results.folder import FolderError, read_json
    from wom_sim.results.provenance import provenance
    from wom_sim.scenario import to_toml
    from wom_sim.study.pilot import Worth
    from wom_sim.study.pilot_words import in_words, to_fill_in
    from wom_sim.study.worlds_drawn import posterior_as_data

    pilots, seen = what
    asked = {"pilots": [list(p) for p in map(_plain, pilots)], "seen": [each.model_dump() for each in seen]}
    with kept(scenario, out, "pilot", WORLDS, how) as folder:
        before = folder.worlds.parent / ASKED
        if before.is_file() and not how.overwrite and read_json(before) != asked:
            raise FolderError(f"{out} holds other pilots, or others watched for; give another folder, or --overwrite")
        write_text_atomically(folder.place / ASKED, json.dumps(asked) + "\n")
        _, runs = run_kept(scenario, folder, how, talk, _beside(scenario, pilots, seen, talk.words))
        found = Worth(scenario, tuple(pilots), seen, runs)
        write_text_atomically(folder.place / "scenario.toml", to_toml(scenario))
        write_text_atomically(folder.place / "pilots.csv", csv_text(found.table))
        write_text_atomically(folder.place / "past.toml", to_fill_in(found))
        about = {"posterior": posterior_as_data(scenario), "verdict": " ".join(in_words(found))}
        files = ["pilots.csv", ASKED, "past.toml", "scenario.toml"]
        folder.finish(provenance(scenario) | {"kind": "pilot", "files": files, **about})
    return found


def _plain(pilot: Pilot) -> tuple[str, int]:
    return pilot.policy, pilot.customers


def _beside(scenario: Scenario, pilots: list[Pilot], seen: tuple[Seen, ...], words: Words) -> Extra:
    """Return what is run beside the policies: every pilot once in each world."""
    from wom_sim.study.pilot import PilotRunner

    names = "; ".join(
        f"{words.policy_typed(each.policy)}, {words.counted('customer', each.customers)}" for each in pilots
    )
    return Extra(
        lambda found: PilotRunner(scenario, found, pilots, seen),
        1.0 + len(pilots) / max(1, len(scenario.policies)),
        [words.say("pilot.beside", pilots=words.counted("pilot", len(pilots)), names=names)],
    )


def _tell(found: Worth, out: Path, talk: Talk, as_json: bool) -> None:
    from wom_sim.study.pilot_words import in_words

    if as_json:
        told = {
            "verdict": in_words(found),
            "pilots": json.loads(found.table.to_json(orient="records")),
            "folder": str(out),
        }
        typer.echo(json.dumps(told, indent=2))
        return
    typer.echo(typed_table(found.table.drop(columns=["first"]), talk.words, "z,.4g"))
    typer.echo("")
    for sentence in in_words(found, talk.words):
        typer.echo(sentence)
    typer.echo(talk.words.say("pilot.folder", folder=out))
