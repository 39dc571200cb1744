"""Tables of replications made by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wom_sim.outcomes.indicators import INDICATORS


def table(replications=None, world=None, **policies):
    """Return a table of replications; a policy is a dictionary of the indicators that are not 0."""
    frames = []
    for name, values in policies.items():
        n = len(next(iter(values.values())))
        frame = pd.DataFrame({"policy": name.replace("_", " "), "replication": range(n), "seed": 1}, index=range(n))
        if replications is not None:
            frame["replication"] = replications
        if world is not None:
            frame["world"] = world
        for indicator in INDICATORS:
            frame[indicator.name] = np.asarray(values.get(indicator.name, np.zeros(n)), dtype=float)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)
