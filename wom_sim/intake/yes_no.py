"""Cells as yes or no: who has left, who is an advocate, and the words for it in the languages of exports."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from wom_sim.intake.cells import Read, each_once, plain
from wom_sim.intake.numbers import numbers

YES = frozenset(["yes", "y", "true", "t", "1", "ja", "j", "oui", "si", "waar", "wahr", "x"])
NO = frozenset(["no", "n", "false", "f", "0", "nee", "nein", "non", "onwaar", "falsch"])
LEFT = frozenset(
    [
        "churned", "churn", "left", "cancelled", "canceled", "opgezegd", "exited", "inactive", "inactief", "closed",
        "terminated", "ended", "beeindigd", "vertrokken", "gekundigt", "ehemalig", "former", "lost", "gestopt", "weg",
        "attrited",
    ]
) | {"attrited customer", "former customer", "ex klant"}  # fmt: skip
STAYS = frozenset(
    [
        "active", "actief", "stayed", "current", "joined", "open", "lopend", "aktiv", "live", "retained", "customer",
        "klant", "running", "existing",
    ]
) | {"existing customer", "current customer"}  # fmt: skip
"""Words for a customer who has left, and for one who is there; accents are dropped before they are looked up."""


def yes_no(column: pd.Series, yes: frozenset[str], no: frozenset[str]) -> Read:
    """Read yes and no by the words for each (plain: lower case, no accents)."""

    def read(cell: Any) -> tuple[bool | None, str]:
        if isinstance(cell, (bool, np.bool_)):
            text = "true" if cell else "false"
        elif isinstance(cell, (int, float, np.integer, np.floating)):
            text = f"{cell:g}"
        else:
            text = plain(cell).removesuffix(".0")
        return (True, "") if text in yes else (False, "") if text in no else (None, "no_yes_no")

    return each_once(column, read)


PROMOTER = 9.0
"""A score from which somebody is a promoter. Source: Reichheld (2003), scores of 0 to 10."""


def promoters(column: pd.Series, yes: frozenset[str], no: frozenset[str]) -> Read:
    """Read advocates: yes and no, or scores of 0 to 10, of which 9 and 10 are promoters."""
    scores = numbers(column, ".")
    known = scores.result[~np.isnan(scores.result)]
    if len(known) and known.max() > 1.0:
        found = np.array([None if math.isnan(v) or not 0 <= v <= 10 else v >= PROMOTER for v in scores.result], object)
        beyond = ~np.isnan(scores.result) & (found == None)  # noqa: E711 - elementwise
        return Read(found, np.where(beyond, "no_score", scores.said))
    return yes_no(column, yes | {"promoter", "advocate", "ambassadeur"}, no | {"passive", "detractor", "passief"})
