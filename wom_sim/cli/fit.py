"""``wom-sim fit``: learn from what was seen when customers were let go."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wom_sim.cli.compare import Overrides
from wom_sim.cli.ending import endings
from wom_sim.cli.kept_worlds import Asked, Kept, kept, kept_until, run_kept
from wom_sim.cli.language import Language, spoken
from wom_sim.cli.typed_table import typed_table

if TYPE_CHECKING:
    import pandas as pd

    from wom_sim.cli.words import Talk
    from wom_sim.scenario import Scenario
    from wom_sim.study.fit import Fit

PRIOR, SEEN = "prior", "seen.json"
"""The folder within that holds the worlds, which are run once; and the file that says what was seen."""
FEWEST = 200
APART = 300_000
"""Worlds from this number on try what was learned: no world of the prior has their luck."""


def fit(
    scenario: Annotated[str, typer.Argument(metavar="PAST", help="Scenario file of what was done, with [[seen]].")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder; worlds are kept as they are made.")],
    worlds: Annotated[int, typer.Option("--worlds", min=FEWEST, help="Worlds to draw.")] = 500,
    check: Annotated[int, typer.Option("--check", min=0, max=10_000, help="Worlds to try what was learned.")] = 50,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Runs at a time. Changes no result.")] = None,
    overrides: Overrides = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Begin anew in a folder that holds a fit.")] = False,
    lang: Language = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Learn from what was seen ([[seen]]) about what nobody knows; the same command goes on where it was left."""
    from wom_sim._extras import need
    from wom_sim.cli.loading import load
    from wom_sim.cli.words import Talk
    from wom_sim.study.fit import as_done

    said_in = spoken(lang)
    loaded, talk = load(scenario, overrides or []), Talk(as_json, said_in)
    need("sklearn")
    talk.notes(loaded)
    with endings(scenario, out, kept_until(out, said_in), said_in):
        found, checked = _fitted(as_done(loaded), out, (Asked(worlds, workers, overwrite), check), talk)
    _tell((found, checked), out, talk, as_json)


def _fitted(past: Scenario, out: Path, how: tuple[Asked, int], talk: Talk) -> tuple[Fit, pd.DataFrame]:
    from wom_sim._files import write_text_atomically
    from wom_sim.study.fit import Fit, of_policy

    asked, check = how
    with kept(past, out, "fit", PRIOR, asked) as folder:
        seen = [each.model_dump() for each in past.seen]
        write_text_atomically(folder.place / SEEN, json.dumps(seen, indent=2) + "\n")  # whose folder it is
        design, runs = run_kept(past, folder, asked, talk)
        talk.say(talk.words.say("fit.learning"))
        found = Fit(past, design, of_policy(runs, past))
        files = _write(found, folder.place)
        drawn = check > 0 and len(found.draws.columns) > 0
        after = _after(past, folder.place, (check, asked.workers), talk) if drawn else None
        checked = found.check(None if after is None else of_policy(after, past))
        _finish(found, checked, folder, files)
    return found, checked


def _after(past: Scenario, place: Path, asked: tuple[int, int | None], talk: Talk) -> pd.DataFrame:
    """Return the runs of worlds that are drawn from what was learned."""
    import pandas as pd

    from wom_sim.scenario.posterior import DRAWS
    from wom_sim.study.compare_worlds import run_all
    from wom_sim.study.cost_of_worlds import plan_worlds
    from wom_sim.study.worlds import renumbered

    check, workers = asked
    settings = past.worlds.model_copy(update={"posterior": str((place / DRAWS).resolve())})
    taught = past.model_copy(update={"worlds": settings})
    found = renumbered(taught, check, APART)
    parts: dict[int, pd.DataFrame] = {}
    talk.say(talk.words.say("fit.trying", worlds=talk.words.counted("world", check)))
    planned, numbers = plan_worlds(taught, found, check, workers), found.worlds["world"].tolist()
    with talk.progress() as progress:
        run_all(taught, found, numbers, planned, (parts.__setitem__, progress))
    return pd.concat([parts[world] for world in sorted(parts)], ignore_index=True)


def _write(found: Fit, place: Path) -> list[str]:
    """Write what was learned, and return the names of the files."""
    from wom_sim._files import write_text_atomically
    from wom_sim._tables import csv_text
    from wom_sim.scenario import to_toml
    from wom_sim.scenario.posterior import DRAWS, JUDGED
    from wom_sim.study.store import write_parquet

    write_text_atomically(place / "scenario.toml", to_toml(found.scenario))
    files = ["scenario.toml", SEEN, "learned.csv", "taught.csv", "calibration.csv"]
    for name in ("learned", "taught", "calibration"):
        write_text_atomically(place / f"{name}.csv", csv_text(getattr(found, name)))
    (place / DRAWS).unlink(missing_ok=True)
    if len(found.draws.columns):
        write_parquet(place / DRAWS, found.draws, {JUDGED: found.judged.text()})
        files.append(DRAWS)
    return files


def _finish(found: Fit, checked: pd.DataFrame, folder: Kept, files: list[str]) -> None:
    """Write what was seen beside what worlds show and, last, ``run.json``."""
    from wom_sim._files import write_text_atomically
    from wom_sim._tables import csv_text
    from wom_sim.results.provenance import provenance
    from wom_sim.study.fit import in_words
    from wom_sim.study.worlds_drawn import posterior_as_data

    write_text_atomically(folder.place / "check.csv", csv_text(checked))
    run = provenance(found.scenario) | {
        "kind": "fit", "worlds": len(found.runs), "learned": list(found.draws.columns), "covered": found.coverage,
        "strange": list(found.judged.strange), "posterior": posterior_as_data(found.scenario),
        "verdict": " ".join(in_words(found, checked)), "files": sorted([*files, "check.csv"]),
    }  # fmt: skip
    if found.coverage != found.coverage:
        run["covered"] = None
    folder.finish(run)


def _tell(came: tuple[Fit, pd.DataFrame], out: Path, talk: Talk, as_json: bool) -> None:
    """Print what came out: the fit, and what was seen beside what worlds show."""
    from wom_sim.scenario.posterior import DRAWS
    from wom_sim.study.fit import in_words

    found, checked = came
    if as_json:
        told = {
            "verdict": in_words(found, checked), "learned": json.loads(found.learned.to_json(orient="records")),
            "check": json.loads(checked.to_json(orient="records")), "folder": str(out),
        }  # fmt: skip
        typer.echo(json.dumps(told, indent=2))
        return
    words, shown = talk.words, found.learned[found.learned["learned"]].head(12)
    if len(shown):
        columns = ["key", "before_low", "before_median", "before_high", "low", "median", "high", "narrower", "covered"]
        typer.echo(typed_table(shown[columns], words, "z.3g"))
        typer.echo("")
    typer.echo(typed_table(checked, words, "z.4g"))
    typer.echo("")
    for sentence in in_words(found, checked, words.lang):
        typer.echo(sentence)
    if len(found.draws.columns):
        typer.echo(words.say("fit.draw", folder=out))
    typer.echo(words.say("fit.folder", folder=out, more=f", {DRAWS}" if len(found.draws.columns) else ""))
