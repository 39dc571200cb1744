"""``wom-sim compare --add-replications`` and ``--replications-in-all``: more runs for a result that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wom_sim.cli.ending import endings

if TYPE_CHECKING:
    from wom_sim.cli.compare import More
    from wom_sim.cli.words import Talk
    from wom_sim.scenario import Scenario
    from wom_sim.study import Comparison
    from wom_sim.study.extend import Earlier

_TOLD = 5
"""So many of the keys in which two scenarios differ are named."""


def add(scenario: Scenario, asked: More, workers: int | None, talk: Talk) -> tuple[Comparison, list[str]] | None:
    """Add replications to the result in a folder; return it and the files written, None if there is nothing to add.

    Ends with a clear word where that cannot be.
    """
    from wom_sim.present.pictures import write_pictures
    from wom_sim.study.cost import counted, plan
    from wom_sim.study.extend import add_replications, earlier

    out, option = asked.out, "--add-replications" if asked.more is not None else "--replications-in-all"
    assert out is not None
    kept = f"; the result in {out} is as it was. The same command starts again."
    with endings(option, out, kept):
        before = earlier(out)
        _the_same(scenario, before)
        first = before.replications
        more = asked.more if asked.more is not None else (asked.in_all or 0) - first
        if more <= 0:
            talk.say(f"{out} holds {counted(first, 'replication')} already; nothing is added")
            return None
        longer = before.longer(more)
        cost = plan(longer, before.manifest["engine"], workers, first=first, days=True).text()
        talk.say(
            f"{longer.name}: {first:,} replications are there, {first + more:,} there will be "
            f"({_may_repeat(asked, first + more)}); to be added: {cost}"
        )
        with talk.progress() as progress:
            return add_replications(before, more, write_pictures, workers=workers, progress=progress)


def _may_repeat(asked: More, in_all: int) -> str:
    """Return whether the command may be given again without a thought."""
    if asked.more is None:
        return "given again, this adds nothing more"
    return f"given again, this adds as many again; --replications-in-all {in_all} does not"


def _the_same(scenario: Scenario, before: Earlier) -> None:
    """Raise ValueError if the scenario is not that of the result; the number of replications does not count."""
    from wom_sim.scenario import fingerprint
    from wom_sim.study.extend import differing_keys, with_replications

    given = with_replications(scenario, before.replications)
    if fingerprint(given) == fingerprint(before.scenario):
        return
    keys = differing_keys(given, before.scenario)
    named = ", ".join(keys[:_TOLD]) + (f" and {len(keys) - _TOLD} more" if len(keys) > _TOLD else "")
    raise ValueError(
        f"the scenario given is not that of {before.folder}: {named or 'network.path'} differ{'s' * (len(keys) < 2)}; "
        f"{before.folder / 'scenario.toml'} is the one that was used"
    )
