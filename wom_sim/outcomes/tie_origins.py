"""Origins of departures that the departures of ties tipped: those of the ties, each by its weight."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wom_sim.outcomes.acts import OTHER_DEPARTURE, Acts
from wom_sim.outcomes.origins import NOBODY, Origins
from wom_sim.world import trace as tr


def with_ties(log: NDArray[np.void], acts: Acts, direct: Origins) -> Origins:
    """Return all origins; departures by contagion have those of the ties that had left, by their weights."""
    by_tie = (acts.cause == tr.CONTAGION) & (acts.effect <= OTHER_DEPARTURE)
    if not by_tie.any():
        return direct
    links = log[log["event"] == tr.TIE]
    links = links[np.argsort(links["person"], kind="stable")]
    left = (acts.effect <= OTHER_DEPARTURE) & ~by_tie
    known = {int(acts.person[k]): _picked(direct, slice(k, k + 1)) for k in np.flatnonzero(left).tolist()}
    parts = [_picked(direct, ~by_tie)]
    for k in np.flatnonzero(by_tie):  # by day, so that the ties of an act come before it
        first, last = np.searchsorted(links["person"], [acts.person[k], acts.person[k] + 1])
        origins = _through(links[first:last], known, int(k))
        known[int(acts.person[k])] = origins
        parts.append(origins)
    whole = _joined(parts)
    order = np.argsort(whole.act, kind="stable")
    return _picked(whole, order)


def _joined(parts: list[Origins]) -> Origins:
    return Origins(
        np.concatenate([p.act for p in parts]), np.concatenate([p.share for p in parts]),
        np.concatenate([p.root for p in parts]), np.concatenate([p.outlet for p in parts]),
        np.concatenate([p.steps for p in parts]), np.concatenate([p.path for p in parts]),
    )  # fmt: skip


def _picked(origins: Origins, which: NDArray[Any] | slice) -> Origins:
    o = origins
    return Origins(o.act[which], o.share[which], o.root[which], o.outlet[which], o.steps[which], o.path[which])


def _through(links: NDArray[np.void], known: dict[int, Origins], act: int) -> Origins:
    """Return the origins of a departure through the ties that had left; a tie not known was one the firm acted on."""
    parts = []
    total = float(links["amount"].sum())
    for link in links:
        other = int(link["source"]) & tr.SOURCE_ID
        of_tie = known.get(other)
        if of_tie is None:
            one = np.array([other])
            of_tie = Origins(one, np.ones(1), one, np.array([NOBODY]), np.array([0]), np.array([0]))
        share = of_tie.share * float(link["amount"]) / total
        parts.append(of_tie._replace(share=share, steps=of_tie.steps + 1))
    whole = _joined(parts)
    return whole._replace(act=np.full(len(whole.act), act))
