"""How the page is served: to whom, from where, and how much of the computer it may take."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from wom_sim.scenario.errors import Fault, ScenarioError, visible

ALONE = "me"
"""The one user of a page that is not for a team."""
LEAST_TOKEN = 20
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_KEYS = {"address", "port", "at_once", "seconds", "users"}


@dataclass(frozen=True)
class Settings:
    """``users``: name by token. ``address``: under which others see the page, behind a proxy; None: this computer only.

    ``at_once``: jobs at a time; ``seconds``: how long a job may take.
    """

    port: int
    users: dict[str, str] = field(default_factory=lambda: {token_urlsafe(24): ALONE})
    address: str | None = None
    at_once: int = 1
    seconds: float = 900.0

    @property
    def hosts(self) -> frozenset[str]:
        """Return the hosts by which the page may be asked for."""
        own = {f"{name}:{self.port}" for name in ("127.0.0.1", "localhost")}
        return frozenset(own | ({self.address.partition("://")[2]} if self.address else set()))

    @property
    def origins(self) -> frozenset[str]:
        """Return the origins of the page itself."""
        own = {f"http://{name}:{self.port}" for name in ("127.0.0.1", "localhost")}
        return frozenset(own | ({self.address} if self.address else set()))

    def addresses(self) -> dict[str, str]:
        """Return the address of each user."""
        root = self.address or f"http://127.0.0.1:{self.port}"
        return {name: f"{root}/t/{token}/" for token, name in self.users.items()}


def team(file: Path, port: int | None) -> Settings:
    """Read the settings of a team.

    Raises
    ------
    ScenarioError
        With everything that is wrong with the file.
    """
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ScenarioError([Fault(str(file), message=f"cannot be read: {error.strerror or error}")]) from None
    except ValueError as error:
        raise ScenarioError([Fault(str(file), message=f"not TOML: {visible(str(error))[:200]}")]) from None
    faults = list(_faults(given))
    if faults:
        raise ScenarioError([Fault(str(file), key=key, given=repr(value), allowed=allowed)
                             for key, value, allowed in faults])  # fmt: skip
    users = {str(each["token"]): str(each["name"]) for each in given["users"]}
    return Settings(
        given.get("port", 8765) if port is None else port, users, given.get("address"), given.get("at_once", 1),
        float(given.get("seconds", 900)),
    )  # fmt: skip


def _faults(given: dict[str, Any]) -> list[tuple[str, Any, str]]:
    """Return what is wrong: key, what was given, what is allowed."""
    found: list[tuple[str, Any, str]] = [
        (key, given[key], f"one of {', '.join(sorted(_KEYS))}") for key in given if key not in _KEYS
    ]
    address = given.get("address", "https://x")
    if not isinstance(address, str) or not re.fullmatch(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?", address):
        found.append(("address", address, "an address such as https://what-if.example.com, in small letters"))
    for key, low, high in (("port", 1, 65_535), ("at_once", 1, 64), ("seconds", 1, 86_400)):
        value = given.get(key, low)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            found.append((key, value, f"a whole number from {low} to {high:,}"))
    users = given.get("users")
    if not isinstance(users, list) or not users:
        return [*found, ("users", users, "a list of [[users]], each with a name and a token")]
    for number, each in enumerate(users):
        name, token = (each.get(key) if isinstance(each, dict) else None for key in ("name", "token"))
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            found.append((f"users[{number}].name", name, "small letters, digits, - and _"))
        if not isinstance(token, str) or not re.fullmatch(rf"[A-Za-z0-9_-]{{{LEAST_TOKEN},200}}", token):
            found.append((f"users[{number}].token", "a token", f"at least {LEAST_TOKEN} letters, digits, - and _"))
    for key in ("name", "token"):
        held = [each.get(key) for each in users if isinstance(each, dict)]
        if len(set(map(str, held))) < len(held):
            found.append(("users", f"a {key} twice", f"a {key} of one's own for each"))
    return found
