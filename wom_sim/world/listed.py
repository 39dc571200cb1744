"""The firm's own table of customers: its columns, and which row each person is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa


_NOT_ONCE = (
    "{key}: names customers of population.file, and not each of them is simulated once; allowed: with "
    "population.customers left out"
)
ID = "customer"
"""The name of the column that holds the firm's own ids."""


class CustomerTable(NamedTuple):
    """A table of customers, a row a customer of the firm; those who have left already are not in it.

    ``ids``: the firm's own id of each, text. ``columns``: numbers as float64 (NaN unknown), days as datetime64[D] (NaT
    unknown), yes or no as int8 (1, 0, -1 unknown), text as objects (None unknown), households as int64 (-1 unknown).
    ``left``: customers of the file who have left already. A column that the file does not know takes no memory, and
    cannot be written to.
    """

    ids: pa.StringArray
    columns: dict[str, NDArray[Any]]
    left: int

    def __len__(self) -> int:
        """Return the number of customers."""
        return len(self.ids)

    def whole(self, name: str) -> NDArray[Any]:
        """Return a column, ids too (as objects)."""
        return self.ids.to_numpy(zero_copy_only=False) if name == ID else self.columns[name]

    def known(self, name: str) -> NDArray[np.bool_]:
        """Return of whom the table knows a column."""
        return is_known(self.columns[name])


def is_known(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which cells of a column are known."""
    if values.dtype.kind == "f":
        return ~np.isnan(values)
    if values.dtype.kind == "M":
        return ~np.isnat(values)
    known: NDArray[np.bool_] = values >= 0 if values.dtype.kind == "i" else values != None  # noqa: E711
    return known


class Listed(NamedTuple):
    """The customers of a table as people: ``row`` of the table by person (-1: a prospect).

    ``beyond``: by how much the cost of a person's account is above the segment's (currency a month; empty: the table
    knows no costs). Of several people of one row each stands for the same customer.
    """

    table: CustomerTable
    row: NDArray[np.int32]
    beyond: NDArray[np.float32]

    def beyond_of(self, who: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return by how much the costs of the accounts of ``who`` are above their segments', currency a month."""
        if not len(self.beyond):
            return np.zeros(len(who))
        return self.beyond[who].astype(np.float64)

    def values(self, name: str, who: NDArray[np.int64]) -> NDArray[Any]:
        """Return a column of the table for customers ``who``."""
        if name == ID:
            return self.ids(who)
        cells: NDArray[Any] = self.table.columns[name][self.row[who]]
        return cells

    def ids(self, who: NDArray[np.int64]) -> NDArray[np.object_]:
        """Return the firm's own ids of ``who``; "" of prospects."""
        import pyarrow as pa

        rows = self.row[who]
        of_each = self.table.ids.take(pa.array(np.maximum(rows, 0))).to_numpy(zero_copy_only=False)
        return np.where(rows >= 0, of_each, "")

    def people_of(self, ids: tuple[int | str, ...]) -> NDArray[np.int64]:
        """Return the person of each id of the firm.

        Raises
        ------
        ValueError
            If an id is not in the table, or its customer is not simulated, or several times.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        asked = [str(each) for each in ids]
        places = pc.index_in(pa.array(asked, type=pa.string()), value_set=self.table.ids)
        lacking = [name for name, known in zip(asked, places.is_valid().to_pylist(), strict=True) if not known]
        if lacking:
            raise ValueError(f"choose.ids: {', '.join(map(repr, lacking[:5]))} is no customer of population.file")
        person = self.person_of_row("choose.ids")
        rows = places.to_numpy(zero_copy_only=False).astype(np.int64)
        if len(rows) and bool((person[rows] < 0).any()):
            raise ValueError(_NOT_ONCE.format(key="choose.ids"))
        return person[rows]

    def person_of_row(self, key: str) -> NDArray[np.int64]:
        """Return the person of each row of the table; -1 of whom is not simulated.

        Raises ValueError, about ``key``, where several people are of one row.
        """
        person = np.full(len(self.table), -1, dtype=np.int64)
        customers = np.flatnonzero(self.row >= 0)
        if len(customers) and int(np.bincount(self.row[customers]).max()) > 1:
            raise ValueError(_NOT_ONCE.format(key=key))
        person[self.row[customers]] = customers
        return person
