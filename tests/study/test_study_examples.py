"""The examples in the docstrings of studies and outcomes are true."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize("name", ["outcomes.risk", "study.budget", "study.levers"])
def test_examples(name):
    found = doctest.testmod(import_module(f"wom_sim.{name}"))
    assert found.attempted > 0
    assert found.failed == 0
