"""Code of other packages, called so that it can neither hang the program nor end it without a word.

It runs in a thread of its own. Where it takes longer than the limit, the caller goes on with an error; the thread is
left behind and ends with the program. Code that never lets Python go on (a loop in C that holds its lock) is not
stopped by this.
"""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Callable
from typing import Any

LIMIT = "WOM_SIM_POLICY_SECONDS"
"""The environment variable that says how many seconds code of another package may take at a time."""
SECONDS = 600.0
"""So many, if it does not say. Assumption: ten minutes are more than a choice among tens of millions takes."""
_REMEDY = "mend or remove that package, or use another"
_SAID = 300
"""So many characters of an error of another package are passed on."""


class PluginError(ValueError):
    """Something of another package cannot be used; the message says which, why, and what can be done."""


def called(name: str, what: str, call: Callable[[], Any], kind: str = "policy") -> Any:
    """Return what ``call``, code of another package, returns.

    ``name`` and ``kind`` say whose it is (one of ``wom_sim.plugins.KINDS``), ``what``: what is done to it.

    Raises
    ------
    PluginError
        If it raises, ends the program, or takes longer than the limit.
    MemoryError
        If it raises that.
    """
    seconds, found = limit(), _Found()
    thread = threading.Thread(target=found.run, args=(call,), name=f"{kind} {name}", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise PluginError(
            f"the {kind} {name!r} of another package was not {what} within {seconds:g} s, the limit; {_REMEDY} {kind}, "
            f"or raise the limit: {LIMIT}={2 * seconds:g}"
        )
    if found.error is None:
        return found.value
    if isinstance(found.error, MemoryError):
        raise found.error
    said = "".join(sign if sign.isprintable() else " " for sign in " ".join(_words(found.error).split()))
    said = said if len(said) <= _SAID else f"{said[:_SAID]} ..."
    error = f"{type(found.error).__name__}: {said}" if said else type(found.error).__name__
    raise PluginError(
        f"the {kind} {name!r} of another package cannot be {what}: {error}; {_REMEDY} {kind}"
    ) from found.error


def _words(error: BaseException) -> str:
    """Return what an error of another package says; nothing where even that goes wrong."""
    try:
        return str(error)
    except Exception:
        return ""


def limit() -> float:
    """Return how many seconds code of another package may take at a time. Raises PluginError on nonsense."""
    given = os.environ.get(LIMIT, "")
    if not given:
        return SECONDS
    try:
        seconds = float(given)
    except ValueError:
        seconds = math.nan
    if not 0.0 < seconds <= threading.TIMEOUT_MAX:
        raise PluginError(f"{LIMIT}: given {given[:40]!r}, allowed: seconds, more than 0, such as {SECONDS:g}")
    return seconds


class _Found:
    """What a call has come to."""

    value: Any = None
    error: BaseException | None = None

    def run(self, call: Callable[[], Any]) -> None:
        try:
            self.value = call()
        except BaseException as error:  # also SystemExit, which would end the thread without a word
            self.error = error
