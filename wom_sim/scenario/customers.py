"""The firm's own customers in a scenario: ``population.file``, what follows from it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wom_sim.scenario.errors import Fault, ScenarioError, visible
from wom_sim.scenario.merging import FILE
from wom_sim.scenario.models import Scenario, choices_of
from wom_sim.scenario.tree import KeyPath, Node, find, name_of, origin_at, put, written

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from wom_sim.world.listed import CustomerTable

CUSTOMERS: KeyPath = ("population", "customers")
TABLE = "customers.parquet"
"""The table in the folder of an import; here as well, so that a scenario without one is read without Parquet."""
_FIT: KeyPath = ("population", "fit")
_SEGMENTS: KeyPath = ("population", "segments")
_MOST_SEGMENTS = 250
_NAMED = 5


def with_table(root: Node) -> tuple[Node, dict[KeyPath, Fault]]:
    """Return a scenario with what follows from its customer table, and the fault of a table that cannot be used.

    The number of customers is that of the table where none is stated; where ``population.fit`` asks for it, segments
    have the numbers of the table, but for those that ``--set`` or a study sets.
    """
    node = find(root, FILE)
    if node is None or not isinstance(node.value, str) or not node.value:
        return root, {}
    from wom_sim._text import FileError
    from wom_sim.populations.customer_file import read

    try:
        table = read(node.value)
    except (FileError, OSError, ValueError) as error:
        words = f"{visible(Path(node.value).name)}: {error.words}" if isinstance(error, FileError) else str(error)
        return root, {FILE: _fault(root, FILE, words)}
    if find(root, CUSTOMERS) is None:
        root = put(root, CUSTOMERS, Node(len(table), node.origin))
    fit = find(root, _FIT)
    if fit is None or fit.value is not True:
        return root, {}
    try:
        return _fitted(root, table, fit), {}
    except ValueError as error:
        return root, {_FIT: _fault(root, _FIT, str(error))}


def _fault(root: Node, path: KeyPath, words: str) -> Fault:
    origin = origin_at(root, path)
    return Fault(origin.file, origin.line, written(root, path), message=words)


def _fitted(root: Node, table: CustomerTable, fit: Node) -> Node:
    """Return the scenario with the numbers of the table in its segments; made of its names where none is listed."""
    import numpy as np

    from wom_sim.populations.fit import fitted

    told = table.columns["segment"]
    listed = find(root, _SEGMENTS)
    if listed is None:
        names = sorted({name for name in told if name is not None})
        if len(names) > _MOST_SEGMENTS:
            raise ValueError(f"the table has {len(names):,} segments, allowed: {_MOST_SEGMENTS}, or name them yourself")
        items = [Node({"name": Node(name, fit.origin)}, fit.origin) for name in names or ["customers"]]
        root = put(root, _SEGMENTS, Node(items, fit.origin))
    elif listed.is_list and all(item.is_table and name_of(item) for item in listed.value):
        names = [str(name_of(item)) for item in listed.value]
    else:
        return root  # not a scenario: whoever validates it says so
    single = len(names) < 2
    of = [np.ones(len(told), dtype=np.bool_) if single else told == name for name in (names or ["customers"])]
    known = sum(int(each.sum()) for each in of)
    shares = _whole([int(each.sum()) / known if known else 1.0 / len(of) for each in of])
    for k, (each, share) in enumerate(zip(of, shares, strict=True)):
        if not each.any():
            raise ValueError(f"no customer of the table is of the segment {names[k]!r}, to which it could be fitted")
        numbers: dict[str, Any] = {"share": share} | fitted(table, each)
        for name, value in numbers.items():
            path = (*_SEGMENTS, k, name)
            before = find(root, path)
            if before is None or before.origin.line is not None:
                root = put(root, path, Node(value, fit.origin))
    return root


def _whole(shares: list[float]) -> list[float]:
    """Return shares that add up to 1 to the last bit that a check may ask for."""
    return [*shares[:-1], 1.0 - sum(shares[:-1])]


def check_table(scenario: Scenario, root: Node) -> list[Fault]:
    """Return the faults of what a scenario asks of its customer table: ids and segments that it does not have."""
    table = table_of(scenario)
    if table is None:
        return []
    faults = [*_strange_segments(scenario, root, table), *_ties_of_others(scenario, root, table)]
    ids: set[str] | None = None
    for key, choose in choices_of(scenario):
        if not choose.ids:
            continue
        path = (*(int(part) if part.isdecimal() else part for part in key.split(".")), "ids")
        ids = set(table.ids.to_pylist()) if ids is None else ids
        wrong = _wrong_ids(scenario, choose.ids, ids, len(table))
        if wrong:
            faults.append(_fault(root, path, wrong))
    return faults


def _wrong_ids(scenario: Scenario, asked: tuple[int | str, ...], ids: set[str], customers: int) -> str:
    """Return what is wrong with the ids of a choice, "" if nothing is."""
    if scenario.population.customers != customers:
        return (
            f"names customers, and population.customers = {scenario.population.customers:,} of the {customers:,} in "
            "population.file; allowed: with population.customers left out, so that each is simulated once"
        )
    names = [str(each) for each in asked]
    if len(names) > customers:
        return f"names {len(names):,} customers, and population.file has {customers:,}"
    if len(set(names)) < len(names):
        twice = next(name for k, name in enumerate(names) if name in names[:k])
        return f"names the customer {twice!r} twice"
    lacking = [name for name in names if name not in ids]
    if not lacking:
        return ""
    more = f" and {len(lacking) - _NAMED:,} more" if len(lacking) > _NAMED else ""
    zeros = next((known for known in ids if known.lstrip("0") == lacking[0].lstrip("0")), None)
    hint = f"did you mean '{visible(zeros)}', with its zeros and in quotes?" if zeros is not None else None
    # no other hint: the nearest id is a stranger's, whom the firm would let go
    named = ", ".join(f"'{visible(name)}'" for name in lacking[:_NAMED])
    return f"{named}{more}: no customer of population.file, or one who has left already{f'; {hint}' if hint else ''}"


def _ties_of_others(scenario: Scenario, root: Node, table: CustomerTable) -> Iterator[Fault]:
    """Yield the fault of a file of ties between customers of whom not each is simulated once."""
    if getattr(scenario.network, "path", None) is not None and scenario.population.customers != len(table):
        words = (
            f"is of the {len(table):,} customers of population.file, and population.customers = "
            f"{scenario.population.customers:,}; allowed: with population.customers left out"
        )
        yield _fault(root, ("network", "path"), words)


def _strange_segments(scenario: Scenario, root: Node, table: CustomerTable) -> Iterator[Fault]:
    import numpy as np

    from wom_sim.populations.from_table import segments_of

    names = tuple(segment.name for segment in scenario.population.segments)
    try:
        segments_of(table, names, np.ones(len(names)), np.zeros(len(table)))
    except ValueError as error:
        yield _fault(root, FILE, str(error).removeprefix("population.file: "))


def table_of(scenario: Scenario) -> CustomerTable | None:
    """Return the customer table of a scenario, None if it has none.

    Raises
    ------
    ScenarioError
        If the file cannot be used.
    """
    file = scenario.population.file
    if file is None:
        return None
    from wom_sim._text import FileError
    from wom_sim.populations.customer_file import read

    try:
        return read(file)
    except FileError as error:
        raise ScenarioError([Fault(str(error.file), error.line, message=error.words)]) from None


def segment_of_each(scenario: Scenario, table: CustomerTable) -> NDArray[np.int64]:
    """Return the place of each customer's segment where the table knows it; -1 of the others."""
    import numpy as np

    names = [segment.name for segment in scenario.population.segments]
    if len(names) == 1:
        return np.zeros(len(table), dtype=np.int64)
    places = {name: k for k, name in enumerate(names)}
    told = table.columns["segment"]
    return np.fromiter((places.get(name, -1) for name in told), dtype=np.int64, count=len(told))


DRAWN = ("talkativeness", "commitment", "switching_cost", "surplus", "credit_seekers", "bill_day")
"""What no table knows of a customer, and is drawn for each."""


def known_columns(scenario: Scenario, table: CustomerTable) -> dict[str, float]:
    """Return of which share of its customers the table knows what is used of it, by name."""
    import numpy as np

    from wom_sim.populations.from_table import months_left

    known = {name: table.known(name) for name in ("revenue", "cost", "calls")}
    known["contract"] = ~np.isnan(months_left(table, np.full(len(table), 0.5)))
    known["tenure"] = table.known("tenure_months")
    known["advocate"] = table.known("advocate")
    if len(scenario.population.segments) > 1:
        known["segment"] = segment_of_each(scenario, table) >= 0
    if scenario.network.kind == "market":
        known["household"] = table.known("household")
    known["churn"] = table.known("churn")
    return {name: float(np.mean(each)) for name, each in known.items()}
