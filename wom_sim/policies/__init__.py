"""What the firm does; one policy a file, each called as ``policy(people, network, luck) -> treatments``.

A policy is a file here with a ``POLICY``, named as the file, which is found by itself; or an entry point of another
package in the group ``wom_sim.policies``. Importing this package imports none of them.
"""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

from wom_sim import plugins

_FIRST = (
    "keep", "bulk_letter", "case_by_case", "paid_exit", "reprice", "nudge", "downgrade", "transfer", "cap_credits",
    "fix_root_cause", "guarantee", "warn_then_end", "suspend", "at_renewal", "enforce",
)  # fmt: skip
"""The order in which policies are listed, as far as it matters; those that are not named here follow by their name."""
_HAS_ONE = re.compile(r"^POLICY\b", re.MULTILINE)


def _found(folder: Path) -> dict[str, str]:
    """Return the module of each policy of a folder, in order: files with a ``POLICY``. None is imported for it."""
    here = {file.stem for file in folder.glob("*.py") if _HAS_ONE.search(file.read_text(encoding="utf-8"))}
    gone = [name for name in _FIRST if name not in here]
    if gone:
        raise ImportError(f"policies: no file has a POLICY for {', '.join(gone)}, which the order names")
    return {name: f"{__name__}.{name}" for name in (*_FIRST, *sorted(here - set(_FIRST)))}


POLICIES: dict[str, str] = _found(Path(__file__).parent)
"""The module of each policy of this folder, by its name, in the order in which they are listed."""


def names() -> tuple[str, ...]:
    """Return the name of every policy: ours in the order of ``POLICIES``, then those of other packages."""
    return (*POLICIES, *plugins.names(plugins.POLICY, POLICIES))


def policy(name: str) -> Any:
    """Import the policy ``name`` and return its attribute ``POLICY``.

    An entry point may name the module or the policy itself. It is loaded here, and nowhere else.

    Raises
    ------
    ValueError
        For a name that nobody has, and (PluginError) for a policy of another package that cannot be loaded.
    """
    if name in POLICIES:
        return import_module(POLICIES[name]).POLICY
    try:
        loaded = plugins.load(plugins.POLICY, name)
    except plugins.NoSuchError:
        raise ValueError(f"no policy is named {name!r}; there are {', '.join(names())}") from None
    return getattr(loaded, "POLICY", loaded)


def heeds(use: str, lever: str) -> bool:
    """Return whether a policy takes notice of a lever: it does something, and the lever is not the own one of others.

    Of a policy that does not say what it does, it is taken to be so but for levers that others call their own.
    """
    mine = policy(use)
    own = {own for name in POLICIES for own in policy(name).own_levers}
    return mine.actions != () and (lever not in own or lever in mine.own_levers)
