"""Who may ask: the host that was named, the page itself, with the token in the address; and what a browser may do.

The server listens on this computer only. A page of somebody else in the same browser can send requests here all the
same; it knows no token, its Origin is another one, and a name of its own that it points here (DNS rebinding) is no
host of ours.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BODY = 1_200_000
"""Bytes of a request: a scenario as text, and what goes around it."""
_METHODS = ("GET", "HEAD", "POST")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "x-frame-options": "DENY",
}


@dataclass(frozen=True)
class Access:
    """Who may ask. ``users``: name by token; ``hosts``: as a browser names them; ``origins``: of the page itself."""

    users: Mapping[str, str]
    hosts: frozenset[str]
    origins: frozenset[str]
    _checked: tuple[tuple[bytes, str], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_checked", tuple((token.encode(), name) for token, name in self.users.items()))

    def user(self, token: str) -> str | None:
        """Return whose token it is, None if nobody's. Takes as long for each that is wrong."""
        given, found = token.encode("utf-8", "surrogatepass"), None
        for known, name in self._checked:
            if hmac.compare_digest(given, known):
                found = name
        return found


def refused(headers: Headers, method: str, access: Access) -> tuple[int, str] | None:
    """Return the status and the word with which a request is refused by its headers, None where it is not."""
    hosts, origins = headers.getlist("host"), headers.getlist("origin")
    read = method != "POST"
    opened = read and headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    length = headers.get("content-length", "0")
    kind = headers.get("content-type", "").partition(";")[0].strip()
    wrong = (
        (method not in _METHODS, 405, "method not allowed"),
        (len(hosts) != 1 or hosts[0].lower() not in access.hosts, 421, "host not allowed"),
        (any(origin.lower() not in access.origins for origin in origins), 403, "origin not allowed"),
        (
            headers.get("sec-fetch-site", "none") not in ("same-origin", "none") and not opened,
            403,
            "asked from elsewhere",
        ),
        (not _is_short(length), 413, "too long"),
        (not read and kind != "application/json", 415, "allowed: application/json"),
    )
    return next(((status, word) for is_so, status, word in wrong if is_so), None)


def _is_short(length: str) -> bool:
    return length.isascii() and length.isdigit() and len(length) < 10 and int(length) <= MOST_BODY


class TooLongError(Exception):
    """A body is longer than allowed."""


class Safety:
    """Refuses what may not be asked before anything looks at it, and says on every answer what a browser may do."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app, self._access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = False

        async def answer(message: Message) -> None:
            nonlocal began
            if message["type"] == "http.response.start":
                began = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        no = refused(Headers(scope=scope), scope["method"], self._access)
        if no is not None:
            await PlainTextResponse(no[1], no[0])(scope, receive, answer)
            return
        try:
            await self._app(scope, _bounded(receive), answer)
        except TooLongError:
            if not began:
                await PlainTextResponse("too long", 413)(scope, receive, answer)


def _bounded(receive: Receive) -> Receive:
    """Return a reader of the body that gives up where it is longer than allowed, whatever its length was said to be."""
    read = 0

    async def bounded() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > MOST_BODY:
            raise TooLongError
        return message

    return bounded
