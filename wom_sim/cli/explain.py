"""``wom-sim explain``: why a policy lost profitable customers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wom_sim.cli.compare import Overrides
from wom_sim.cli.ending import BAD_SCENARIO, give_up, writing
from wom_sim.cli.language import Language, spoken

if TYPE_CHECKING:
    from wom_sim.cli.words import Talk
    from wom_sim.study.explain import Chosen, Explanation
    from wom_sim.words import Words


def explain(
    what: Annotated[str, typer.Argument(metavar="DIR|SCENARIO", help="Result folder, or scenario file (TOML).")],
    policy: Annotated[str | None, typer.Option("--policy", help="Which; the one that loses most if left out.")] = None,
    replication: Annotated[int | None, typer.Option("--replication", min=0, help="Which run; a typical one.")] = None,
    overrides: Overrides = None,
    branches: Annotated[int, typer.Option("--branches", min=1, max=50, help="Branches shown at a fork.")] = 5,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for explain.json and .csv.")] = None,
    lang: Language = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print the explanation as JSON.")] = False,
) -> None:
    """Tell why a policy lost profitable customers: in words, as a table, and as a tree of who told whom."""
    from wom_sim.cli.words import Talk

    words = spoken(lang)
    if out is not None:
        _check(out, Path(what))
    talk = Talk(as_json, words)
    try:
        found = _found(what, policy, replication, overrides or [], (talk, words))
    except (ValueError, OSError) as error:
        give_up(str(error), BAD_SCENARIO)
    if out is not None:
        _write(found, out)
    if as_json:
        typer.echo(json.dumps(found.plain(branches), indent=2))
    else:
        from wom_sim.cli.explain_words import show

        show(found, branches)


def _found(
    what: str, policy: str | None, replication: int | None, overrides: list[str], tell: tuple[Talk, Words]
) -> Explanation:
    """Return the explanation: from the event log of a folder, else by replaying a run."""
    from wom_sim.study.explain import choose_in_folder, cost, from_events, replayed

    folder, (talk, words) = Path(what), tell
    if not folder.is_dir():
        chosen = _of_scenario(what, policy, replication, overrides, words)
        talk.say(words.say("explain.this_is", cost=cost(chosen.scenario, chosen.policy, words)))
        return replayed(chosen, talk.say)
    if overrides:
        give_up("--set: given with a result folder; allowed: with a scenario file", BAD_SCENARIO)
    chosen = choose_in_folder(folder, policy, replication, words.lang)
    if (logged := from_events(chosen)) is not None:
        return logged
    talk.say(words.say("explain.no_log", folder=folder, cost=cost(chosen.scenario, chosen.policy, words)))
    return replayed(chosen, talk.say)


def _of_scenario(file: str, policy: str | None, replication: int | None, overrides: list[str], words: Words) -> Chosen:
    """Return what to explain of a scenario."""
    from wom_sim.cli.loading import load
    from wom_sim.simulation import policy_of
    from wom_sim.study.explain import Chosen

    scenario = load(file, overrides)
    because = words.say("explain.as_asked" if policy is not None else "explain.first_policy")
    chosen = policy_of(scenario, scenario.policies[0].name if policy is None else policy)
    return Chosen(scenario, chosen, replication or 0, because, lang=words.lang)


def _check(out: Path, explained: Path) -> None:
    """Raise FolderError where an explanation may not be written into a folder: it may beside the result it is of."""
    from wom_sim.results.folder import check_owner

    if not (explained.is_dir() and out.is_dir() and out.samefile(explained)):
        check_owner(out, "explanation", again=True)


def _write(found: Explanation, out: Path) -> None:
    """Write explain.csv and, last, explain.json."""
    from wom_sim._files import write_text_atomically
    from wom_sim._tables import csv_text
    from wom_sim.results.files import beginning, note_shown

    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        with beginning(out, ["explain.csv", "explain.json"]):
            write_text_atomically(out / "explain.csv", csv_text(found.attribution))
            write_text_atomically(out / "explain.json", json.dumps(found.plain(), indent=2) + "\n")
        if (out / "run.json").is_file():
            note_shown(out, [out / "explain.csv", out / "explain.json"])
