"""The page put on a port of this computer, until it is ended."""

from __future__ import annotations

import socket
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import uvicorn

from wom_sim.app.folder import GIVEN, Folder
from wom_sim.app.server import Server
from wom_sim.app.settings import ALONE, Settings, team
from wom_sim.scenario.errors import Fault, ScenarioError

LOOPBACK = "127.0.0.1"
_MOST_AT_ONCE = 200
"""Connections that are answered at a time; more are told to come back."""


class _Uvicorn(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, and say so."""
        await super().startup(sockets)
        if not self.should_exit:
            self._listening()


def serve(
    folder: Path, scenario: str | None, *, port: int | None, team_file: Path | None, lang: str, browser: bool,
    tell: Callable[[str], object],
) -> None:  # fmt: skip
    """Serve the page on this computer until it is ended.

    Raises
    ------
    ScenarioError
        If the file of the team cannot be used, or the port is taken.
    """
    settings = None if team_file is None else team(team_file, port)
    listener = _bound(port if settings is None else settings.port)
    own_port = int(listener.getsockname()[1])
    settings = Settings(own_port) if settings is None else settings
    page = Server(settings, Folder(folder, scenario))
    addresses = settings.addresses()

    def listening() -> None:
        for name, address in addresses.items():
            where = f"{address}whatif?base={GIVEN}&lang={lang}" if scenario is not None else f"{address}?lang={lang}"
            tell(f"The page{'' if name == ALONE else f' of {name}'}: {where}")
            if browser and team_file is None:
                webbrowser.open(where)
        tell("Ctrl-C ends it. Results are kept in the folder.")

    config = uvicorn.Config(
        page.app(), log_level="error", access_log=False, server_header=False, date_header=False, ws="none",
        limit_concurrency=_MOST_AT_ONCE, timeout_graceful_shutdown=1, timeout_keep_alive=30, proxy_headers=False,
        h11_max_incomplete_event_size=256 * 1024, http="h11",
    )  # fmt: skip
    with suppress(KeyboardInterrupt):  # told when all is closed: this is how the page is ended
        _Uvicorn(config, listening).run(sockets=[listener])


def _bound(port: int | None) -> socket.socket:
    """Return a socket on the loopback; on any free port where none is named."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port or 0))
    except OSError as error:
        listener.close()
        raise ScenarioError([Fault("--port", message=f"given {port}: {error.strerror or error}")]) from None
    return listener
