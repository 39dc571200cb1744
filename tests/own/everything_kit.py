"""Packages outside the repository with a plug-in of every kind, a policy among them, and a scenario that names all."""

from __future__ import annotations

from pathlib import Path

import kit
import rules_kit
from small import two_policies

POLICY = '''
"""The letter comes with the bill."""

from wom_sim.policies import rows
from wom_sim.policies.choosing import choose
from wom_sim.policies.setting import Levers, Policy
from wom_sim.world.treatments import DISMISS


def plan(setting):
    who = choose(setting)
    told = rows.arrives(setting, who, rows.days_of_work(setting, len(who)) + setting.people["bill_day"][who])
    agreed = rows.agrees_unasked(setting.people, who, rows.chance_to_agree(setting), setting.seed)
    return rows.rows(setting, who, told, agreed, DISMISS)


POLICY = Policy(
    name="with_their_bill", summary="The letter comes with the bill.", evidence="Assumption: for a test",
    defaults=Levers(channel="letter", framing="neutral", notice_days=10), plan=plan, actions=(DISMISS,),
)
'''
RULES = {"pick_up": "eager", "coverage": "talked_about", "harm": "lasting", "hazard": "added"}
SCENARIO = (
    two_policies(400, 75, 30)
    + """
[[policies]]
name = "with the bill"
use = "with_their_bill"
[media]
rule = "level"
[[media.outlets]]
name = "press"
threshold = 0.5
reach = 0.1
national = true
[behaviour.leaving]
beta = 1.5
[behaviour.hearing]
affected = 0.9
"""
    + kit.PLUGGED.replace("[plugins]\n", "[plugins]\n" + "".join(f'{k} = "{v}"\n' for k, v in RULES.items()))
    + "".join(
        f'[[plugins.numbers]]\nname = "{name}"\nvalue = {value}\n'
        for name, value in (("points", 0.05), ("share", 0.1), ("pull", 0.3))
    )
)
"""A scenario that uses one of each kind. What is seen rests on what it states, not on our defaults for news."""
STUDY = """
name = "everything"
scenario = "scenario.toml"
replications = 2
outputs = ["net_value", "lost_profitable", "busy_days", "ways_heard"]
[[factors]]
key = "plugins.numbers.reach.value"
values = [1, 3]
[[factors]]
key = "plugins.numbers.points.value"
values = [0.0, 0.2]
[[factors]]
key = "plugins.numbers.pull.value"
values = [0.0, 0.5]
"""


def install(folder: Path) -> None:
    """Put the packages of rules and of a policy beside that of ``kit``, which is there."""
    rules_kit.install(folder)
    (folder / "their_policy.py").write_text(POLICY)
    info = folder / "their_policy-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: their_policy\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[wom_sim.policies]\nwith_their_bill = their_policy:POLICY\n")
