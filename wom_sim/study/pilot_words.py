"""What a pilot is worth, in sentences of the catalogue (``pilot.*``), and the scenario in which what is seen is put."""

from __future__ import annotations

import json

import pandas as pd

from wom_sim.study.pilot import Worth
from wom_sim.words import ENGLISH, Words


def in_words(found: Worth, words: Words = ENGLISH) -> list[str]:
    """Return what came out, in a few sentences."""
    say, best = words.say, found.table.iloc[0]
    said = [
        say(
            "pilot.without", policy=words.policy_typed(best["first"]), share=_per_cent(best["right_before"], words),
            worth=_amount(best["perfect"], found, words),
        )
    ]  # fmt: skip
    told = {
        "policy": words.policy_typed(best["policy"]), "customers": words.counted("customer", int(best["customers"])),
        "worth": _amount(best["worth"], found, words), "low": words.exact(round(best["low"])),
        "high": words.exact(round(best["high"])),
        "share": _per_cent(best["right"], words),
        "itself": say(f"pilot.{_does(best)}", amount=_amount(abs(best["brings"]), found, words)),
        "doubt": "" if best["low"] > 0.0 else say("pilot.doubt"),
    }  # fmt: skip
    said.append(say("pilot.best", **told))
    if best["low"] <= 0.0 or best["gain"] <= 0.0:
        said.append(say("pilot.none"))
    return said


def _does(best: pd.Series) -> str:
    return "brings" if best["brings"] >= 0.0 else "costs"


def _amount(value: float, found: Worth, words: Words) -> str:
    """Return an amount to the unit of the currency."""
    return f"{words.exact(round(value))} {found.scenario.currency}"


def _per_cent(share: float, words: Words) -> str:
    return words.exact(round(100.0 * share))


def to_fill_in(found: Worth) -> str:
    """Return a scenario for ``wom-sim fit``, in which what is seen of the best pilot is to be written."""
    best = found.table.iloc[0]
    named = json.dumps(best["policy"], ensure_ascii=False)
    own = next(policy for policy in found.scenario.policies if policy.name == best["policy"]).choose is not None
    limit = f"limit = {best['customers']}"
    lines = [
        "# Carry the pilot out, write what was seen below, take the signs # away, and learn from it:",
        "#   wom-sim fit past.toml --out results/learned",
        "# Then draw the next choice from it: --set 'worlds.posterior=\"results/learned\"'.",
        "# Where you go on in waves, each wave is the pilot of the next.",
        "",
        'extends = "scenario.toml"',
        "",
        *(["[[policies]]", f"name = {named}", f"choose = {{ {limit} }}"] if own else ["[choose]", limit]),
        "",
    ]
    for number, each in enumerate(found.seen):
        lines += ["# [[seen]]", f'# what = "{each.what}"', f"# to_day = {each.to_day}", "# value = "]
        lines += [f"# error = {each.error:.4g}"] if each.error else []
        lines += [f"# policy = {named}", ""] if not number else [""]
    return "\n".join(lines)
