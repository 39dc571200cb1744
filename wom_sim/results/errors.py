"""What can be wrong with a folder of results."""

from __future__ import annotations


class FolderError(ValueError):
    """A folder cannot be used as asked; the message says which, why, and what can be done."""


class InUseError(FolderError):
    """Another process is writing into the folder."""


class DamagedError(FolderError):
    """A file of a result is not what was written."""
