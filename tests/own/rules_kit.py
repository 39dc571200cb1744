"""A package outside the repository with rules in place of ours: those that say the same as ours, and rivals."""

from __future__ import annotations

from pathlib import Path

SOURCE = '''
import math
from wom_sim.simulation.own_rules import OwnRule


def level(buzz, post, intensity, threshold, own_threshold, rate, coherence):
    """Say what our rule "level" says."""
    if threshold <= 0.0:
        return 1.0
    ratio = buzz / threshold
    return 1.0 - math.exp(-ratio * ratio)


def eager(buzz, post, intensity, threshold, own_threshold, rate, coherence, share):
    """Report on the first day on which buzz is a share of the threshold."""
    return 1.0 if buzz >= share * threshold else 0.0


def same_reach(reach, half_life, days, usual, heard):
    """Say what ours says."""
    return usual


def talked_about(reach, half_life, days, usual, heard, pull):
    """Show the story to the more people the more have heard of it, for a week."""
    return min(1.0, reach + pull * heard) if days < 7.0 else 0.0


def same_harm(bad, good, per_dose, buffered, days, half_life):
    """Say what ours says."""
    felt = (1.0 - math.exp(-per_dose * bad)) - (1.0 - math.exp(-per_dose * good))
    return felt * (1.0 - buffered) * 2.0 ** (-days / half_life)


def lasting(bad, good, per_dose, buffered, days, half_life):
    """Harm that never fades, and that commitment does not buffer."""
    return (1.0 - math.exp(-per_dose * bad)) - (1.0 - math.exp(-per_dose * good))


def same_hazard(base, beta, harm, contagion):
    """Say what ours says: proportional hazards."""
    raised = base * contagion
    if harm != 0.0:
        raised *= math.exp(beta * harm)
    return min(1.0, raised)


def added(base, beta, harm, contagion, points):
    """An added hazard in place of a factor: so many points at full harm."""
    return max(0.0, min(1.0, base * contagion + points * harm))


LEVEL = OwnRule("their_level", "pick_up", "Assumption: ours", level)
EAGER = OwnRule("eager", "pick_up", "Assumption: for a test", eager, ("share",))
SAME_REACH = OwnRule("same_reach", "coverage", "Assumption: ours", same_reach)
TALKED_ABOUT = OwnRule("talked_about", "coverage", "Assumption: for a test", talked_about, ("pull",))
WIDE = OwnRule("wide", "coverage", "Assumption", lambda reach, half_life, days, usual, heard: reach + heard + 1.0)
SAME = OwnRule("same_harm", "harm", "Assumption: ours", same_harm)
LASTING = OwnRule("lasting", "harm", "Assumption: for a test", lasting)
SAME_HAZARD = OwnRule("same_hazard", "hazard", "Assumption: ours", same_hazard)
ADDED = OwnRule("added", "hazard", "Rival form: Aalen's additive hazard", added, ("points",))

# -- those that misbehave

ENDLESS = OwnRule("endless", "hazard", "Assumption", lambda base, beta, harm, contagion: math.log(0.0 * base))
HIGH = OwnRule("high", "hazard", "Assumption", lambda base, beta, harm, contagion: 2.0)
TEXT = OwnRule("text", "hazard", "Assumption", lambda base, beta, harm, contagion: str(open("/etc/passwd")))
FEW = OwnRule("few", "hazard", "Assumption", lambda base: base)


def never(base, beta, harm, contagion):
    while base >= 0.0:
        base += 0.0
    return 0.0


NEVER = OwnRule("never", "hazard", "Assumption", never)
'''
NAMES = {
    "their_level": "LEVEL", "eager": "EAGER", "same_reach": "SAME_REACH", "talked_about": "TALKED_ABOUT",
    "wide": "WIDE", "same_harm": "SAME", "lasting": "LASTING", "same_hazard": "SAME_HAZARD",
    "added": "ADDED", "endless": "ENDLESS", "high": "HIGH", "text": "TEXT", "few": "FEW", "never": "NEVER",
}  # fmt: skip


def install(folder: Path) -> None:
    """Put the package into a folder, with what an installer would write beside it."""
    (folder / "their_rules.py").write_text(SOURCE)
    info = folder / "their_rules-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: their_rules\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[wom_sim.rules]\n" + "".join(f"{name} = their_rules:{value}\n" for name, value in NAMES.items())
    )
