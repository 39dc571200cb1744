"""A comparison, a run over worlds and a study: made once, whoever asks first."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from drawn_once import drawn_anew, drawn_once  # noqa: F401
from small_town import MAKERS, Shown, shown


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Shown]:
    """Return a function that makes what is asked for, once."""
    known: dict[str, Shown] = {}

    def make(kind: str) -> Shown:
        if kind not in known:
            folder = tmp_path_factory.mktemp(kind) / kind
            known[kind] = shown(folder, MAKERS[kind](folder))
        return known[kind]

    return make


@pytest.fixture(scope="session")
def comparison(made: Callable[[str], Shown]) -> Shown:
    return made("comparison")


@pytest.fixture(scope="session")
def worlds(made: Callable[[str], Shown]) -> Shown:
    return made("worlds")


@pytest.fixture(scope="session")
def study(made: Callable[[str], Shown]) -> Shown:
    return made("study")
