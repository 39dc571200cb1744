"""What a user has tried: a line for each state, kept in the folder, so that it is there after a restart."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wom_sim._files import write_text_atomically

MOST = 200


class Trail:
    """The trail of one user."""

    def __init__(self, place: Path, user: str) -> None:
        self._file = place / "trail" / f"{re.sub('[^a-z0-9_-]', '_', user.lower())}.json"

    def entries(self) -> list[dict[str, Any]]:
        """Return what was tried, the latest first; nothing where the file is not there or was spoilt."""
        try:
            held = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        return (
            [entry for entry in held if isinstance(entry, dict) and "query" in entry] if isinstance(held, list) else []
        )

    def of(self, file: str | None) -> list[dict[str, Any]]:
        """Return what can be gone back to where the command named ``file``: not what was tried on another one."""
        return [entry for entry in self.entries() if entry.get("file") in (None, file)]

    def add(self, query: str, key: str, title: str, headline: str, file: str | None = None) -> None:
        """Note a state that was run; one that is there already moves to the front.

        ``file``: the scenario that the command named, where the state begins with it.
        """
        now = (_state(query), file)
        kept = [entry for entry in self.entries() if (_state(str(entry["query"])), entry.get("file")) != now]
        entry = {
            "query": query, "key": key, "title": title, "headline": headline, "file": file,
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
        }  # fmt: skip
        self._file.parent.mkdir(parents=True, exist_ok=True)
        write_text_atomically(self._file, json.dumps([entry, *kept][:MOST], ensure_ascii=False, indent=1))


def _state(query: str) -> str:
    """Return what an address says but for its language, which stands last."""
    return re.sub("&lang=..$", "", query)
