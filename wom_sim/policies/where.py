"""A choice as an expression over the columns of a customer table: ``calls >= 10 and segment == 'gold'``.

A small language of its own: Python's parser reads it, and only what is listed here is understood. No name is looked up
but those of columns, nothing is called, and no code runs. What is not known meets no comparison.
"""

from __future__ import annotations

import ast
import operator
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from wom_sim.world.listed import is_known

NUMBER, TEXT, DAY, YES_NO = "a number", "text", "a day", "yes or no"
COLUMNS = {
    "customer": TEXT, "revenue": NUMBER, "cost": NUMBER, "calls": NUMBER, "since": DAY, "tenure_months": NUMBER,
    "contract_end": DAY, "contract_months": NUMBER, "contract_months_left": NUMBER, "segment": TEXT,
    "household": NUMBER, "advocate": YES_NO, "let_go": YES_NO, "churn": NUMBER,
}  # fmt: skip
"""The columns that an expression may name, and what stands in them; those that ``wom-sim import`` writes."""
LONGEST = 1000
"""Characters of an expression."""
_DEEPEST = 50
_COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}  # fmt: skip
_COUNTED: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip

Columns = Mapping[str, NDArray[Any]]
Test = Callable[[Columns, int], NDArray[np.bool_]]
"""From columns and the number of rows to the rows that meet it."""


class ExpressionError(ValueError):
    """An expression cannot be understood. ``place``: the character at which, from 1."""

    def __init__(self, text: str, place: int, words: str) -> None:
        self.place, self.words = place, words
        pointed = f"{text[: place - 1]}>>>{text[place - 1 :]}"
        super().__init__(f"character {place}: {words} (at >>> in: {pointed})")


class _Part(NamedTuple):
    """A part of an expression: what it is, its values by columns and number of rows, and its constant if it is one."""

    kind: str
    values: Callable[[Columns, int], Any]
    constant: Any = None


@lru_cache(maxsize=256)
def compiled(text: str) -> Test:
    """Return the test of rows that an expression is.

    Raises
    ------
    ExpressionError
        If it is not understood: with the place, and what is allowed.

    >>> columns = {"calls": np.array([12.0, 3.0, np.nan]), "advocate": np.array([0, 1, -1], dtype=np.int8)}
    >>> compiled("calls >= 10 and not advocate")(columns, 3).tolist()
    [True, False, False]
    """
    part = _Reader(text).read()

    def test(columns: Columns, rows: int) -> NDArray[np.bool_]:
        with np.errstate(all="ignore"):
            return np.broadcast_to(np.asarray(part.values(columns, rows), dtype=np.bool_), (rows,))

    return test


def names_in(text: str) -> list[str]:
    """Return the columns that an expression names. Raises ExpressionError as ``compiled`` does."""
    reader = _Reader(text)
    reader.read()
    return sorted(reader.names)


class _Reader:
    """Reads one expression."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.names: set[str] = set()

    def read(self) -> _Part:
        if len(self.text) > LONGEST:
            self.fail(LONGEST, f"has {len(self.text):,} characters, allowed: {LONGEST:,}")
        wrong = next((k for k, sign in enumerate(self.text) if not sign.isprintable()), None)
        if wrong is not None:
            self.fail(wrong + 1, "a sign that cannot be printed; write the expression in one line")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of signs that Python would read otherwise one day
                tree = ast.parse(self.text.strip(), mode="eval").body if self.text.strip() else None
        except SyntaxError as error:
            place = min((error.offset or 1) + self._indent, len(self.text) + 1)
            self.fail(place, self._why(error, self.text[place - 1 : place]))
        except (ValueError, RecursionError, MemoryError):
            self.fail(1, "is nested too deeply")
        if tree is None:
            self.fail(1, "is empty; allowed: such as calls >= 10 and segment == 'gold'")
        part = self.part(tree, 0)
        if part.kind != YES_NO or part.constant is not None:
            self.fail(self.place(tree), f"is {self._kind(part)}, not a condition; compare it, as in calls >= 10")
        return part

    @property
    def _indent(self) -> int:
        return len(self.text) - len(self.text.lstrip())

    def _why(self, error: SyntaxError, sign: str) -> str:
        """Return what is wrong where Python's parser stops, at a sign; its own words would speak of Python."""
        others = {"&&": "and", "||": "or", "<>": "!=", "=<": "<=", "=>": ">="}
        found = next((f"for {other} write {word}" for other, word in others.items() if other in self.text), "")
        if not found and (sign == "=" or "==" in (error.msg or "")):
            found = "to compare, write == and not ="
        if not found and "string" in (error.msg or ""):
            found = "a quotation mark is opened and never closed"
        if not found and ("never closed" in (error.msg or "") or "parenthes" in (error.msg or "")):
            found = "a bracket has no partner"
        return found or "is not understood here"

    def place(self, node: ast.AST) -> int:
        """Return the character at which a part begins, from 1; Python counts bytes."""
        before = self.text.strip().encode()[: getattr(node, "col_offset", 0)]
        return len(before.decode(errors="ignore")) + 1 + self._indent

    def fail(self, place: int, words: str) -> NoReturn:
        raise ExpressionError(self.text, place, words)

    def _kind(self, part: _Part) -> str:
        return f"{part.kind} ({part.constant!r})" if part.constant is not None else part.kind

    def part(self, node: ast.AST, depth: int) -> _Part:
        """Return what a node of the tree means, or fail at its place."""
        if depth > _DEEPEST:
            self.fail(self.place(node), "is nested too deeply")
        readers: dict[type[ast.AST], Callable[[Any, int], _Part]] = {
            ast.Name: self._name, ast.Constant: self._constant, ast.BoolOp: self._joined, ast.Compare: self._compared,
            ast.UnaryOp: self._signed, ast.BinOp: self._counted,
        }  # fmt: skip
        if type(node) not in readers or (isinstance(node, ast.BinOp) and type(node.op) not in _COUNTED):
            self.fail(
                self.place(node),
                "is not allowed; allowed: columns, numbers, 'text', true, false, == != < <= > >=, in [...], + - * /, "
                "and, or, not, and brackets",
            )
        return readers[type(node)](node, depth + 1)

    def _name(self, node: ast.Name, _: int) -> _Part:
        name = node.id
        if name in ("true", "false", "True", "False"):
            return self._yes(name.lower() == "true")
        if name == "churned":
            self.fail(self.place(node), "churned is not asked: who has left already is not simulated")
        if name not in COLUMNS:
            close = get_close_matches(name, COLUMNS, n=1)
            hint = f"; did you mean {close[0]}?" if close else f"; allowed: {', '.join(COLUMNS)}"
            self.fail(self.place(node), f"{name} is no column{hint}")
        self.names.add(name)
        kind = COLUMNS[name]
        if kind == YES_NO:
            return _Part(kind, _YesNo(name))
        if name == "household":
            return _Part(kind, lambda columns, rows: np.where(columns[name] < 0, np.nan, columns[name]))
        return _Part(kind, lambda columns, rows: columns[name])

    @staticmethod
    def _yes(value: bool) -> _Part:
        return _Part(YES_NO, lambda columns, rows: np.bool_(value), value)

    def _constant(self, node: ast.Constant, _: int) -> _Part:
        value = node.value
        if isinstance(value, bool):
            return self._yes(value)
        if isinstance(value, int | float):
            if isinstance(value, int) and value.bit_length() > 1000:
                self.fail(self.place(node), "is too large a number")
            number = float(value)
            return _Part(NUMBER, lambda columns, rows: number, number)
        if isinstance(value, str):
            return _Part(TEXT, lambda columns, rows: value, value)
        return self.fail(self.place(node), "is not allowed; allowed: a number, 'text', true or false")

    def _joined(self, node: ast.BoolOp, depth: int) -> _Part:
        parts = [self._condition(each, depth) for each in node.values]
        join = np.logical_and if isinstance(node.op, ast.And) else np.logical_or

        def values(columns: Columns, rows: int) -> Any:
            out = parts[0].values(columns, rows)
            for each in parts[1:]:
                out = join(out, each.values(columns, rows))
            return out

        return _Part(YES_NO, values)

    def _condition(self, node: ast.AST, depth: int) -> _Part:
        part = self.part(node, depth)
        if part.kind != YES_NO:
            self.fail(self.place(node), f"is {self._kind(part)}, not a condition; compare it, as in calls >= 10")
        return part

    def _signed(self, node: ast.UnaryOp, depth: int) -> _Part:
        if isinstance(node.op, ast.Not):
            inner = self._condition(node.operand, depth)
            return _Part(YES_NO, lambda columns, rows: np.logical_not(inner.values(columns, rows)))
        inner = self.part(node.operand, depth)
        if inner.kind != NUMBER or not isinstance(node.op, ast.USub | ast.UAdd):
            self.fail(self.place(node), "a sign stands before numbers alone; for the opposite of a condition write not")
        factor = -1.0 if isinstance(node.op, ast.USub) else 1.0
        constant = None if inner.constant is None else factor * inner.constant
        return _Part(NUMBER, lambda columns, rows: factor * inner.values(columns, rows), constant)

    def _counted(self, node: ast.BinOp, depth: int) -> _Part:
        sides = [self.part(side, depth) for side in (node.left, node.right)]
        for side, part in zip((node.left, node.right), sides, strict=True):
            if part.kind != NUMBER:
                self.fail(self.place(side), f"is {self._kind(part)}; allowed with + - * /: numbers")
        count = _COUNTED[type(node.op)]
        left, right = sides
        return _Part(
            NUMBER,
            lambda columns, rows: count(
                np.asarray(left.values(columns, rows), dtype=np.float64),
                np.asarray(right.values(columns, rows), dtype=np.float64),
            ),
        )

    def _compared(self, node: ast.Compare, depth: int) -> _Part:
        """Return a comparison, or a chain of them (1 <= calls < 3)."""
        tests: list[Callable[[Columns, int], Any]] = []
        left_node: ast.expr = node.left
        for sign, right_node in zip(node.ops, node.comparators, strict=True):
            if isinstance(sign, ast.In | ast.NotIn):
                tests.append(self._among(left_node, right_node, isinstance(sign, ast.NotIn), depth))
            elif type(sign) in _COMPARED:
                tests.append(self._pair((left_node, right_node), sign, depth))
            else:
                self.fail(
                    self.place(right_node), "is compared in a way that is not allowed; allowed: == != < <= > >= in"
                )
            left_node = right_node

        def values(columns: Columns, rows: int) -> Any:
            out = tests[0](columns, rows)
            for each in tests[1:]:
                out = np.logical_and(out, each(columns, rows))
            return out

        return _Part(YES_NO, values)

    def _pair(
        self, nodes: tuple[ast.expr, ast.expr], sign: ast.cmpop, depth: int
    ) -> Callable[[Columns, int], NDArray[np.bool_]]:
        sides = [self.part(node, depth) for node in nodes]
        sides = [self._as_day(node, side, other) for node, side, other in zip(nodes, sides, sides[::-1], strict=True)]
        if sides[0].kind != sides[1].kind:
            kinds = f"{self._kind(sides[0])} is compared with {self._kind(sides[1])}"
            self.fail(self.place(nodes[1]), f"{kinds}; allowed: like with like")
        if sides[0].kind in (TEXT, YES_NO) and not isinstance(sign, ast.Eq | ast.NotEq):
            self.fail(self.place(nodes[1]), f"{sides[0].kind} has no order; allowed: == and !=")
        return _comparison(sides[0], sides[1], _COMPARED[type(sign)])

    def _as_day(self, node: ast.expr, side: _Part, other: _Part) -> _Part:
        """Return a text that is compared with a day as a day."""
        if other.kind != DAY or side.kind != TEXT or side.constant is None:
            return side
        try:
            day = np.datetime64(date.fromisoformat(side.constant), "D")
        except ValueError:
            self.fail(self.place(node), f"{side.constant!r} is no day; allowed: such as '2024-12-31'")
        return _Part(DAY, lambda columns, rows: day)

    def _among(self, left: ast.expr, right: ast.expr, without: bool, depth: int) -> Callable[[Columns, int], Any]:
        if not isinstance(right, ast.List | ast.Tuple | ast.Set) or not right.elts:
            self.fail(self.place(right), "in is followed by a list, as in segment in ['gold', 'silver']")
        each = [self._pair((left, item), ast.Eq(), depth) for item in right.elts]
        known = self.part(left, depth)

        def values(columns: Columns, rows: int) -> Any:
            out = each[0](columns, rows)
            for test in each[1:]:
                out = np.logical_or(out, test(columns, rows))
            return np.logical_and(~out, _known(known, columns, rows)) if without else out

        return values


@dataclass(frozen=True)
class _YesNo:
    """The values of a column of yes and no: what is not known is not yes."""

    name: str

    def __call__(self, columns: Columns, rows: int) -> Any:
        """Return who is known to be it."""
        return columns[self.name] == 1


def _known(part: _Part, columns: Columns, rows: int) -> Any:
    """Return of which rows a part is known."""
    if isinstance(part.values, _YesNo):
        return is_known(columns[part.values.name])
    values = np.asarray(part.values(columns, rows))
    return True if values.dtype.kind in "Ub" else is_known(values)


def _comparison(left: _Part, right: _Part, compare: Callable[[Any, Any], Any]) -> Callable[[Columns, int], Any]:
    def values(columns: Columns, rows: int) -> Any:
        found = compare(left.values(columns, rows), right.values(columns, rows))
        return np.logical_and(found, np.logical_and(_known(left, columns, rows), _known(right, columns, rows)))

    return values
