"""``wom-sim compare --add-replications`` and ``--replications-in-all``: more runs for a result that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wom_sim.cli.ending import endings

if TYPE_CHECKING:
    from wom_sim.cli.compare import More
    from wom_sim.cli.words import Talk
    from wom_sim.scenario import Scenario
    from wom_sim.study.compare import Comparison
    from wom_sim.study.extend import Earlier, Pictures
    from wom_sim.words import Words

_TOLD = 5
"""So many of the keys in which two scenarios differ are named."""


def add(
    scenario: Scenario, asked: More, workers: int | None, talk: Talk, pictures: Pictures
) -> tuple[Comparison, list[str]] | None:
    """Add replications to the result in a folder; return it and the files written, None if there is nothing to add.

    ``pictures`` draws its charts. Ends with a clear word where that cannot be.
    """
    from wom_sim.study.cost import plan
    from wom_sim.study.extend import add_replications, earlier

    out, option = asked.out, "--add-replications" if asked.more is not None else "--replications-in-all"
    assert out is not None
    words = talk.words
    kept = words.say("compare.add.kept", folder=out)
    with endings(option, out, kept, words):
        before = earlier(out)
        _the_same(scenario, before)
        first = before.replications
        more = asked.more if asked.more is not None else (asked.in_all or 0) - first
        if more <= 0:
            talk.say(words.say("compare.add.nothing", folder=out, runs=words.counted("replication", first)))
            return None
        longer = before.longer(more)
        cost = plan(longer, before.manifest["engine"], workers, first=first, days=True).text(words)
        counts = {"there": words.exact(first), "will": words.exact(first + more)}
        again = _may_repeat(asked, first + more, words)
        talk.say(words.say("compare.add.plan", name=longer.name, again=again, cost=cost, **counts))
        with talk.progress() as progress:
            return add_replications(before, more, pictures, workers=workers, progress=progress)


def _may_repeat(asked: More, in_all: int, words: Words) -> str:
    """Return whether the command may be given again without a thought."""
    if asked.more is None:
        return words.say("compare.add.again_nothing")
    return words.say("compare.add.again_more", n=in_all)


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
