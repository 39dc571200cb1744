"""Attribution as tables: by channel, dose, steps, outlet, tie and root, of a run and over replications."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.outcomes.acts import EFFECTS, Acts
from wom_sim.outcomes.attribution import Traced
from wom_sim.outcomes.doses import HOUSEHOLD_LEFT, TIE_LEFT, WAYS, first_way, main_way
from wom_sim.outcomes.origins import NOBODY

COUNTS = ("number", "lasting", "amount")
COLUMNS = ("policy", "effect", "dimension", "value", "share", *COUNTS)
DIMENSIONS = ("first_channel", "main_channel", "dose", "outlet", "steps", "tie_departure", "root")
"""First told by; largest share of the dose; shares of the dose; outlet on the way; tellings from someone acted on;
whether a departure of a tie, or of the household, tipped it; the person acted on with whom it began."""
NO_OUTLET, NO_ONE, OTHERS = "none", "nobody in particular", "all others"
MOST_ROOTS = 20


def attribution_of_run(traced: Traced, outlets: Sequence[str]) -> pd.DataFrame:
    """Return effect, dimension, value, number, lasting and amount (currency) of a run; see ``DIMENSIONS``."""
    acts, origins, doses = traced.acts, traced.origins, traced.doses
    everyone = np.arange(len(acts.person))
    whole = np.ones(len(everyone))
    first = first_way(acts)
    ties = np.where(np.isin(first, (TIE_LEFT, HOUSEHOLD_LEFT)), first, len(WAYS))
    counted = {
        "first_channel": _counted(acts, everyone, whole, WAYS, first),
        "main_channel": _counted(acts, everyone, whole, WAYS, main_way(doses, len(everyone))),
        "dose": _counted(acts, doses.act, doses.share, WAYS, doses.channel),
        "outlet": _counted(acts, origins.act, origins.share, (*outlets, NO_OUTLET), origins.outlet),
        "tie_departure": _counted(acts, everyone, whole, (*WAYS, "no"), ties),
    }
    ends = ends_of(traced)
    for name in ("steps", "root"):
        sums = ends.groupby(["effect", name], as_index=False)[list(COUNTS)].sum()
        text = sums[name].map(lambda v: NO_ONE if v == NOBODY else str(v))
        counted[name] = sums.drop(columns=name).assign(value=text)
    table = pd.concat([part.assign(dimension=name) for name, part in counted.items()], ignore_index=True)
    table["effect"] = np.array(EFFECTS, dtype=object)[table["effect"].to_numpy(dtype=np.int64)]
    return table[["effect", "dimension", "value", *COUNTS]]


def _counted(
    acts: Acts, act: NDArray[np.int64], share: NDArray[np.float64], names: Sequence[str], value: NDArray[np.int64]
) -> pd.DataFrame:
    """Return effect, value and counts, summed."""
    sums = _rows(acts, act, share, value=value).groupby(["effect", "value"], as_index=False).sum()
    return sums.assign(value=np.array(names, dtype=object)[sums["value"].to_numpy(dtype=np.int64)])


def _rows(acts: Acts, act: NDArray[np.int64], share: NDArray[np.float64], **columns: NDArray[np.int64]) -> pd.DataFrame:
    """Return the effect of acts, further columns, and what a share of each act counts."""
    counts = {
        "number": share * acts.number[act], "lasting": share * acts.lasting[act],
        "amount": share * acts.amount[act] / 100.0,
    }  # fmt: skip
    return pd.DataFrame({"effect": acts.effect[act], **columns, **counts})


def ends_of(traced: Traced) -> pd.DataFrame:
    """Return effect, root, steps, outlet and counts: where acts begin, by way of outlets too.

    Acts that lead to one outlet in as many steps are followed together to those whose posts made it report.
    """
    acts, origins = traced.acts, traced.origins
    keys = ["effect", "root", "steps", "outlet"]
    rows = _rows(acts, origins.act, origins.share, root=origins.root, steps=origins.steps, outlet=origins.outlet)
    grouped = rows.groupby(keys, as_index=False)[list(COUNTS)].sum()
    parts = [grouped[grouped["outlet"] == NOBODY]]
    for outlet, coverage in traced.coverage.items():
        through = grouped[grouped["outlet"] == outlet]
        ends = pd.DataFrame({"begins": coverage.root, "before": coverage.steps, "share": coverage.share})
        crossed = through.merge(ends, how="cross")
        crossed["root"] = crossed["begins"]
        crossed["steps"] += crossed["before"]
        crossed[list(COUNTS)] = crossed[list(COUNTS)].mul(crossed["share"], axis=0)
        parts.append(crossed[[*keys, *COUNTS]])
    return pd.concat(parts, ignore_index=True)


def attribution_over_runs(runs: dict[str, list[pd.DataFrame]]) -> pd.DataFrame:
    """Return policy, effect, dimension, value, share of those for good (``lasting``), and means over replications.

    ``number`` counts acts, those that only came earlier too; ``lasting`` leaves these out; ``amount`` is in currency.
    Of roots, the twenty with the largest numbers are named, the others are one row.
    """
    tables = []
    for policy, parts in runs.items():
        keys = ["effect", "dimension", "value"]
        means = pd.concat(parts).groupby(keys, as_index=False)[list(COUNTS)].sum()
        means[list(COUNTS)] /= len(parts)
        tables.append(_few_roots(means).assign(policy=policy))
    if not tables:
        return pd.DataFrame(columns=list(COLUMNS))
    table = pd.concat(tables, ignore_index=True)
    total = table.groupby(["policy", "effect", "dimension"])["lasting"].transform("sum")
    table["share"] = (table["lasting"] / total).where(total != 0.0)
    return _ordered(table)[list(COLUMNS)].reset_index(drop=True)


def _few_roots(means: pd.DataFrame) -> pd.DataFrame:
    """Return the table with all but the largest roots of each effect in one row."""
    roots = means["dimension"] == "root"
    rank = means[roots].groupby("effect")["number"].rank(method="first", ascending=False)
    small = rank[rank > MOST_ROOTS].index
    means.loc[small, "value"] = OTHERS
    return means.groupby(["effect", "dimension", "value"], as_index=False)[list(COUNTS)].sum()


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows by policy, effect and dimension in their own order, then the largest first; steps count up."""
    places = pd.DataFrame(
        {
            "policy": table["policy"].map({name: k for k, name in enumerate(dict.fromkeys(table["policy"]))}),
            "effect": table["effect"].map({name: k for k, name in enumerate(EFFECTS)}),
            "dimension": table["dimension"].map({name: k for k, name in enumerate(DIMENSIONS)}),
            "last": table["value"] == OTHERS,
            "steps": pd.to_numeric(table["value"].where(table["dimension"] == "steps"), errors="coerce").fillna(0),
            "number": -table["number"],
            "value": table["value"],
        }
    )
    return table.loc[places.sort_values(list(places.columns)).index]
