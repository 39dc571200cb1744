"""Garbage collection held back while something short is made of very many small objects that all live to its end."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Hold back the search for cycles of objects; also a decorator. What nothing refers to is freed as always.

    A report is half a million objects beside the two million of the libraries that draw it: to walk them all again and
    again took a seventh of its time, and freed next to nothing.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
