"""Which languages there are: those that are whole, and further ones, each a file, that fall back on English."""

from __future__ import annotations

from pathlib import Path

WHOLE = ("en", "nl")
"""Every key is said in these; tests see to it."""
FURTHER = tuple(sorted(file.stem for file in Path(__file__).parent.glob("*.toml") if file.stem not in WHOLE))
"""Languages of which a file is there that need not be whole: a key that it lacks is said in English."""
EVERY = (*WHOLE, *FURTHER)
