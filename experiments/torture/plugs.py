"""Policies of other packages that give garbage, raise, end the program, or say of themselves what is not so."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import stock
from judge import Case

SAID = "what others say, TypeError: 'NoneType' object"


class StrangeError(Exception):
    """An error that cannot even be printed."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


def _raises(error: BaseException) -> Callable[[Any], Any]:
    def plan(setting: Any) -> Any:
        raise error

    return plan


def _deep(setting: Any) -> Any:
    return _deep(setting)


def _table(luck: random.Random) -> Callable[[Any], Any]:
    """Return a plan whose table has random contents in some columns."""
    import numpy as np

    from wom_sim.policies.bulk_letter import POLICY as LETTER

    rows, column = luck.choice((0, 1, 5, 300)), luck.random()
    seed = luck.randrange(2**32)

    def plan(setting: Any) -> Any:
        made = LETTER.plan(setting)
        noise = np.random.default_rng(seed)
        if rows:
            made = np.resize(made, rows)
        names = list(made.dtype.names)
        for name in names if column < 0.2 else [names[int(column * 1000) % len(names)]]:
            width = made.dtype[name].itemsize * len(made)
            if made.dtype[name].subdtype is None:
                made[name] = np.frombuffer(noise.bytes(width), dtype=made.dtype[name])
        if luck_sorts:
            made = made[np.argsort(made["person"], kind="stable")]
        return made

    luck_sorts = luck.random() < 0.5
    return plan


def _nonsense(luck: random.Random) -> Callable[[Any], Any]:
    """Return a plan that gives what is no table."""
    import numpy as np

    given = luck.choice(
        (None, 0, "table", [], {}, np.zeros(3), np.zeros((2, 2)), object(), iter(()), np.array(["a"]), b"")
    )
    return lambda setting: given


def _harms(luck: random.Random) -> Callable[[Any], Any]:
    """Return a plan that writes into what it is given."""
    name = luck.choice(("people", "network", "levers", "scores", "seed"))

    def plan(setting: Any) -> Any:
        thing = getattr(setting, name)
        for held in vars(thing).values() if hasattr(thing, "__dict__") else ():
            held[:] = 0
        thing[:] = 0

    return plan


def policy(luck: random.Random) -> Any:
    """Return a policy as another package might offer it."""
    from wom_sim.policies.bulk_letter import POLICY as LETTER

    errors = (ValueError(SAID), KeyError("x"), SystemExit(0), SystemExit("bye"), KeyboardInterrupt(), StrangeError(),
        OSError(28, "x"),
              GeneratorExit(), StopIteration(), MemoryError(), UnicodeDecodeError("utf-8", b"x", 0, 1,
                  SAID))  # fmt: skip
    way = luck.randrange(8)
    if way <= 2:
        return replace(LETTER, name="theirs", plan=_table(luck))
    if way == 3:
        return replace(LETTER, name="theirs", plan=_nonsense(luck))
    if way == 4:
        return replace(LETTER, name="theirs", plan=_raises(luck.choice(errors)))
    if way == 5:
        return replace(LETTER, name="theirs", plan=luck.choice((_deep, _harms(luck))))
    if way == 6:
        field = luck.choice(
            ("name", "summary", "evidence", "defaults", "plan", "actions", "numbers", "own_levers", "searched")
        )
        return replace(LETTER, **{field: luck.choice((None, 1, "x", (), ("x",), (999,), [], object(), {"a": 1}))})
    return luck.choice((None, 1, "x", object(), dict, lambda: None))


def plugged(luck: random.Random, place: Path) -> Case:
    """Use a policy of another package in a small scenario."""
    (place / "tiny.toml").write_bytes(stock.TINY.encode())
    offered = policy(luck)

    class Point:
        name = "theirs"
        value = "others:POLICY"

        def load(self) -> Any:
            return offered

    @contextlib.contextmanager
    def beside() -> Iterator[None]:
        from wom_sim import plugins

        kept = plugins._points
        plugins._points = lambda kind: {"theirs": Point()} if kind == plugins.POLICY else {}
        try:
            yield
        finally:
            plugins._points = kept

    command = luck.choice((["validate", "tiny.toml"], ["run", "tiny.toml", "--out", "out"], ["run", "tiny.toml"]))
    said = (SAID, "TypeError", "AttributeError", "KeyError", "NoneType", "has no attribute", "object is not",
        "not subscriptable",
            "IndexError", "unsupported operand")  # fmt: skip
    return Case([*command, "--set=policies[0].use=theirs"], setting=beside, out=place / "out", said=said,
                must=frozenset({0, 4, 130}))  # fmt: skip
