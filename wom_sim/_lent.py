"""Named tuples of arrays that kernels read where they lie, instead of taking them apart at each call.

Numba hands over an array as seven words and a named tuple as the words of all its arrays: two hundred for a run. Each
step of a kernel takes them all, counts the arrays, and hands them on; most of the code that is made, and of the time
that making it takes, was this. A lent tuple is one address. There lie, field after field, where the data of each array
are and how long it is; a field is read when it is used. What lies there does not change while it is lent, and the
compiler is told so (``invariant.load``): loops keep what they have read.

Arrays are lent uncounted: whoever lends them keeps them alive, and the ``Lent`` that stands for them does. Fields that
are ``growing`` may be replaced by larger arrays while they are lent (``replacing``); those belong to the kernels until
somebody takes them (``taking``).
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, TypeVar

import wom_sim._compile  # noqa: F401 - says how Numba compiles, which it reads when it is imported

# isort: split

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.core import config as numba_config
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    lower_builtin,
    lower_getattr_generic,
    models,
    register_model,
    type_callable,
    unbox,
)

T = TypeVar("T")
_WORD = 8
_SCALARS = {int: types.int64, np.int64: types.int64, np.uint64: types.uint64, float: types.float64}


_GROWING: dict[type, tuple[str, ...]] = {}


def growing(*fields: str) -> Callable[[type[T]], type[T]]:
    """Say of a named tuple which of its arrays may be replaced while it is lent."""

    def known(kind: type[T]) -> type[T]:
        _GROWING[kind] = fields
        return kind

    return known


class LentType(types.Type):  # type: ignore[misc]
    """What Numba knows of a lent tuple: ``fields`` (name, type, first word), which of them grow, how many ``words``."""

    def __init__(self, name: str, fields: tuple[tuple[str, Any, int], ...], grows: tuple[str, ...], words: int) -> None:
        self.fields, self.grows, self.words = fields, grows, words
        said = repr(([(field, str(kind), at) for field, kind, at in fields], grows))
        digest = hashlib.sha256(said.encode()).hexdigest()
        super().__init__(f"Lent.{name}.{digest[:12]}")

    def field(self, name: str) -> tuple[Any, int] | None:
        """Return the type of a field and the word at which it begins, None if there is no such field."""
        return next(((kind, at) for field, kind, at in self.fields if field == name), None)


class Lent:
    """A named tuple of arrays, numbers and other named tuples, written down for kernels to read.

    It keeps the arrays alive, and must itself be kept as long as a kernel uses it.

    Raises
    ------
    TypeError
        If a field is none of these.
    ValueError
        If the data of an array do not lie one after the other.
    """

    def __init__(self, values: Any) -> None:
        self.values = values
        self._numba_type_ = _lent_type(_kind_of(values))
        self._words = np.empty(self._numba_type_.words, dtype=np.int64)
        self.address = int(self._words.ctypes.data)
        _write(values, self._words, 0)


def lent(values: Any) -> Any:
    """Return a named tuple as kernels take it; where the compiler is switched off it has its fields, in Python."""
    return SimpleNamespace(**values._asdict()) if vars(numba_config)["DISABLE_JIT"] else Lent(values)


def _kind_of(value: Any) -> tuple[Any, ...]:
    """Return what the type of a lent value follows from."""
    if isinstance(value, np.ndarray):
        return (value.dtype, value.ndim)
    if isinstance(value, tuple):
        return (type(value), *map(_kind_of, value))
    if type(value) in _SCALARS:
        return (type(value),)
    raise TypeError(
        f"{type(value).__name__} cannot be lent to a kernel: arrays, int, float and named tuples of them can"
    )


@functools.cache
def _lent_type(kind: tuple[Any, ...]) -> Any:
    """Return the type of what ``_kind_of`` says."""
    if isinstance(kind[0], np.dtype):
        return types.Array(numba.from_dtype(kind[0]), kind[1], "C")
    if kind[0] in _SCALARS:
        return _SCALARS[kind[0]]
    fields, grows, at = [], _GROWING.get(kind[0], ()), 0
    for name, each in zip(kind[0]._fields, map(_lent_type, kind[1:]), strict=True):
        fields.append((name, each, at))
        at += _words_of(each) + (name in grows)
    return LentType(kind[0].__name__, tuple(fields), grows, at)


def _words_of(kind: Any) -> int:
    """Return how many words a field takes: of an array its address and its shape."""
    if isinstance(kind, LentType):
        return kind.words
    return 1 + kind.ndim if isinstance(kind, types.Array) else 1


def _write(value: Any, words: Any, at: int) -> int:
    """Write a value down from word ``at`` on; return the first word after it. Python owns what is written here."""
    if isinstance(value, tuple):
        grows = _GROWING.get(type(value), ())
        for name, each in zip(value._fields, value, strict=True):  # type: ignore[attr-defined]
            at = _write(each, words, at)
            if name in grows:
                words[at] = 0
                at += 1
        return at
    if isinstance(value, np.ndarray):
        if not value.flags.c_contiguous:
            raise ValueError("an array that is lent must lie in one piece")
        words[at] = value.ctypes.data
        words[at + 1 : at + 1 + value.ndim] = value.shape
        return at + 1 + value.ndim
    words[at : at + 1].view(type(value))[0] = value
    return at + 1


@register_model(LentType)
class _Address(models.OpaqueModel):  # type: ignore[misc]
    """In compiled code a lent tuple is a pointer."""


@unbox(LentType)
def _taken(kind: Any, value: Any, c: Any) -> Any:
    """Take the address from a ``Lent``."""
    number = c.pyapi.object_getattr_string(value, "address")
    address = c.pyapi.long_as_voidptr(number)
    c.pyapi.decref(number)
    return NativeValue(address, is_error=c.pyapi.c_api_error())


@infer_getattr
class _Fields(AttributeTemplate):  # type: ignore[misc]
    key = LentType

    def generic_resolve(self, lent: Any, name: str) -> Any:  # type: ignore[override]
        found = lent.field(name)
        return None if found is None else found[0]


@lower_getattr_generic(LentType)
def _field(context: Any, builder: Any, lent: Any, address: Any, name: str) -> Any:
    """Return a field: of an array its address and shape are read, all else is known."""
    kind, at = lent.field(name)
    if isinstance(kind, LentType):
        return _word(builder, address, at)
    if isinstance(kind, types.Array):
        return _array(context, builder, kind, _Words(builder, address, at, name in lent.grows))
    return _Words(builder, address, at, False).load(0, context.get_value_type(kind))


class _Words:
    """The words of a field, from ``at`` on; ``changes`` says whether another array may come in its place."""

    def __init__(self, builder: Any, address: Any, at: int, changes: bool) -> None:
        self.builder, self.address, self.at, self.changes = builder, address, at, changes

    def place(self, k: int, kind: Any) -> Any:
        """Return the address of word ``k``, which holds a value of a type of LLVM."""
        return self.builder.bitcast(_word(self.builder, self.address, self.at + k), kind.as_pointer())

    def load(self, k: int, kind: Any) -> Any:
        """Return what word ``k`` holds."""
        found = self.builder.load(self.place(k, kind))
        if not self.changes:
            found.set_metadata("invariant.load", self.builder.module.add_metadata([]))
        return found


def _array(context: Any, builder: Any, kind: Any, words: _Words, owner: Any = None) -> Any:
    """Return the array whose address and shape are in some words, uncounted unless its ``owner`` is given."""
    model, size = context.data_model_manager.lookup(kind), ir.IntType(64)
    step = ir.Constant(size, context.get_abi_sizeof(context.get_data_type(kind.dtype)))
    items = ir.Constant(size, 1)
    shape = strides = ir.Constant(ir.ArrayType(size, kind.ndim), ir.Undefined)
    data = context.get_value_type(types.CPointer(kind.dtype))
    known = {"itemsize": step, "data": words.load(0, data)}
    for axis in reversed(range(kind.ndim)):
        length = words.load(1 + axis, size)
        shape = builder.insert_value(shape, length, axis)
        strides = builder.insert_value(strides, step, axis)
        items, step = builder.mul(items, length), builder.mul(step, length)
    if owner is not None:
        known["meminfo"] = owner
    known |= {"nitems": items, "shape": shape, "strides": strides}
    array = ir.Constant(context.get_value_type(kind), None)  # meminfo and parent are none: nobody counts
    for field, value in known.items():
        array = builder.insert_value(array, value, model.get_field_position(field))
    return array


def _word(builder: Any, address: Any, at: int) -> Any:
    """Return the address of a word."""
    return builder.gep(address, [ir.Constant(ir.IntType(64), at * _WORD)])


def replacing(field: str) -> Callable[[Any, Any], None]:
    """Return a function for kernels that puts an array in the place of one that grows."""

    def replace(lent: Any, array: Any) -> None:
        setattr(lent, field, array)

    @type_callable(replace)
    def typed(context: Any) -> Any:
        return lambda lent, array: types.none if _grows(lent, field) else None

    @lower_builtin(replace, LentType, types.Array)
    def lowered(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        (lent, given), (address, array) = signature.args, arguments
        kind, at = lent.field(field)
        words = _Words(builder, address, at, True)
        old = _array(context, builder, kind, words, _owner(context, words, kind))
        array = context.cast(builder, array, given, kind)
        _count(context, builder, kind, array, 1)
        parts = context.make_array(kind)(context, builder, array)
        builder.store(parts.data, words.place(0, parts.data.type))
        for axis, length in enumerate(cgutils.unpack_tuple(builder, parts.shape)):
            builder.store(length, words.place(1 + axis, length.type))
        builder.store(parts.meminfo, words.place(1 + kind.ndim, parts.meminfo.type))
        _count(context, builder, kind, old, -1)
        return context.get_dummy_value()

    return replace


def taking(field: str) -> Callable[[Any], Any]:
    """Return a function for kernels that takes an array that grows: whoever has it owns it, if a kernel made it."""

    def take(lent: Any) -> Any:
        return getattr(lent, field)

    @type_callable(take)
    def typed(context: Any) -> Any:
        return lambda lent: lent.field(field)[0] if _grows(lent, field) else None

    @lower_builtin(take, LentType)
    def lowered(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind, at = signature.args[0].field(field)
        words = _Words(builder, arguments[0], at, True)
        owner = _owner(context, words, kind)
        taken = _array(context, builder, kind, words, owner)
        builder.store(ir.Constant(owner.type, None), words.place(1 + kind.ndim, owner.type))
        return taken

    return take


def _grows(lent: Any, field: str) -> bool:
    return isinstance(lent, LentType) and field in lent.grows


def _owner(context: Any, words: _Words, kind: Any) -> Any:
    """Return who owns the array of a field that grows, null if it is as Python lent it."""
    return words.load(1 + kind.ndim, context.get_value_type(types.MemInfoPointer(kind.dtype)))


def _count(context: Any, builder: Any, kind: Any, array: Any, change: int) -> None:
    """Count one owner more or fewer, if memory is counted."""
    if context.enable_nrt:
        (context.nrt.incref if change > 0 else context.nrt.decref)(builder, kind, array)
