"""Histories with known hazards, simulated month by month."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

AS_OF = date(2026, 1, 1)
DAYS = 30.4375
TENURE = {3.0: 0.10, 12.0: 0.05, np.inf: 0.02}
"""Hazard a month by months as a customer, up to and with."""
SEGMENTS = {"gold": 0.5, "silver": 1.0}
SEASON = np.array([1.6, 1.0, 0.8, 0.8, 1.0, 1.0, 0.7, 0.7, 1.0, 1.0, 1.0, 1.4])
SEASON = SEASON / SEASON.mean()


def simulated(size, seed=1, months=96, season=False, drift=1.0, drift_from=-6.0, by_tenure=True):
    """Return customers who came evenly over ``months``, with since, left_on (None: still there) and segment.

    The hazard is followed in steps of a tenth of a month, by luck of its own for each.
    """
    rng = np.random.default_rng(seed)
    since = -months * rng.random(size)
    segment = rng.choice(list(SEGMENTS), size)
    factor = np.array([SEGMENTS[name] for name in segment])
    end, step = np.zeros(size), 0.1
    there = np.ones(size, dtype=bool)
    for now in np.arange(-months, 0.0, step):
        day = AS_OF + timedelta(days=(now + step / 2) * DAYS)
        tenure = now + step / 2 - since
        hazard = np.full(size, 0.03)
        if by_tenure:
            hazard = np.select([tenure <= limit for limit in TENURE], list(TENURE.values()))
        hazard = hazard * factor * (SEASON[day.month - 1] if season else 1.0) * (drift if now >= drift_from else 1.0)
        at_risk = np.clip((now + step - since) / step, 0.0, 1.0)
        leaves = there & (tenure > -step / 2) & (rng.random(size) < 1.0 - np.exp(-hazard * step * at_risk))
        end[leaves], there[leaves] = np.maximum(since[leaves] + 0.03, now + step * rng.random(leaves.sum())), False
    to_day = [AS_OF + timedelta(days=round(value * DAYS)) for value in since]
    left_on = [
        None if here else AS_OF + timedelta(days=round(value * DAYS)) for here, value in zip(there, end, strict=True)
    ]
    return pd.DataFrame({"since": to_day, "left_on": left_on, "churned": ~there, "segment": segment, "end": end})


def as_csv(frame, file, columns=("since", "left_on", "segment")):
    """Write a history as a firm would."""
    told = frame.rename(columns={"left_on": "churn date"})[[{"left_on": "churn date"}.get(c, c) for c in columns]]
    told.insert(0, "customer id", [f"{k:05d}" for k in range(len(told))])
    told.to_csv(file, index=False)
    return file
