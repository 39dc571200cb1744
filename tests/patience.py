"""Waiting for what other processes do, without a guess at how long it takes on a slow or busy machine."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 600.0
"""Seconds after which a test says that what it waits for does not come. Nothing else depends on it."""


def wait_for(what: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Wait until something is true; return whether it came true."""
    ends = time.monotonic() + seconds
    while not what():
        if time.monotonic() > ends:
            return False
        time.sleep(0.02)
    return True
