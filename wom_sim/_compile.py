"""Compilation of the rules and kernels.

``rule`` compiles a small pure function with Numba. No fast-math: it changes last bits, and the two engines
must agree to the last bit. The cache folder is named by a hash of every source that is compiled and of
Numba's version, because Numba itself does not notice when a function in *another* file changes and would
return old results.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("NUMBA_OPT", "2")  # level 3 doubles the time to compile and runs no faster (docs/DESIGN.md)
os.environ.setdefault("NUMBA_DISABLE_INTEL_SVML", "1")  # its exp may differ in the last bit

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils
from numba.core import config as numba_config
from numba.extending import intrinsic, overload

from wom_sim._cache import compiled_code_folder, named_folder

_HERE = Path(__file__).parent
_COMPILED_FOLDERS = ("rules", "world", "networks", "populations", "policies", "engines")
_COMPILED_FILES = ("_compile.py", "outcomes/ledger.py")
_NOT_COMPILED = (
    "reference.py", "customer.py", "convert.py", "standard.py", "graph_file.py", "read_ties.py", "tie_lines.py",
    "tie_table.py", "tie_graph.py", "tie_people.py", "tie_strength.py", "listed.py", "customer_file.py", "fit.py",
    "where.py",
)  # fmt: skip


def source_fingerprint(root: Path = _HERE) -> str:
    """Return 16 hex digits that change when any compiled source, or Numba, changes."""
    digest = hashlib.sha256(numba.__version__.encode())
    for name in _COMPILED_FILES:
        digest.update((root / name).read_bytes())
    for folder in _COMPILED_FOLDERS:
        for file in sorted((root / folder).rglob("*.py")):
            if file.name in _NOT_COMPILED:
                continue
            digest.update(str(file.relative_to(root)).encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Return the folder for code compiled from these sources, which is this user's alone (see ``_cache``)."""
    return compiled_code_folder(source_fingerprint())


# Whoever names a folder for Numba itself answers for what is in it, unless it is open to others.
if os.environ.get("NUMBA_CACHE_DIR"):
    numba_config.CACHE_DIR = str(named_folder(os.environ["NUMBA_CACHE_DIR"], source_fingerprint()))
else:
    numba_config.CACHE_DIR = str(cache_folder())
COMPILED_CODE = Path(vars(numba_config)["CACHE_DIR"])
"""The folder that holds it."""


def _plain(kind: Any) -> Any:
    """Return the type of an argument without the value that Numba knows of a number written out (a literal)."""
    if isinstance(kind, numba.types.BaseAnonymousTuple):
        return numba.types.BaseTuple.from_types([_plain(part) for part in kind])
    return numba.types.unliteral(kind)


def _compiled_once(function: Any) -> Any:
    """Return a compiled function that callers share, whichever numbers they write out.

    Numba compiles a function anew for each literal that it is called with (39 times one that takes the number of a
    block of luck), which doubles the time to compile and gains nothing.
    """
    if hasattr(function, "get_call_template"):  # not where the compiler is switched off
        found = function.get_call_template
        function.get_call_template = lambda args, kws: found(
            tuple(map(_plain, args)), {name: _plain(kind) for name, kind in kws.items()}
        )
    return function


def _njit(function: Callable[..., Any], **options: Any) -> Any:
    return _compiled_once(
        numba.njit(
            cache=True, nogil=True, fastmath=False, error_model="numpy", no_cfunc_wrapper=True, **options
        )(function)
    )  # fmt: skip


def rule(function: Callable[..., Any]) -> Any:
    """Compile a pure function of plain numbers; both engines call the result.

    ``function.py_func`` is the Python original.
    """
    return _njit(function)


def small_rule(function: Callable[..., Any]) -> Any:
    """Compile a rule as ``rule`` does; in kernels its text takes the place of the call, which compiles faster.

    Not for one that calls others: their texts add up in each caller, which takes longer.
    """
    return _njit(function, inline="always")


def near_rule(function: Callable[..., Any]) -> Any:
    """Compile a rule as ``rule`` does, and into its callers as ``inlined`` does: for what a kernel does to everyone."""
    return _njit(function, forceinline=True)


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a loop over arrays. It releases the interpreter's lock, so that runs go side by side in threads."""
    return _njit(function, boundscheck=False)


def part(function: Callable[..., Any]) -> Any:
    """Compile a step of a kernel that only other kernels call: no wrapper for Python is made."""
    return _njit(function, no_cpython_wrapper=True)


def inlined(function: Callable[..., Any]) -> Any:
    """Compile a step of a kernel's inner loop into its caller, which saves handing over (and counting) its arrays."""
    return _njit(function, forceinline=True, no_cpython_wrapper=True)


@intrinsic
def _pointer(typing_context: Any, address: Any) -> Any:
    """Return an address as a pointer that ``numba.carray`` takes."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], context.get_value_type(numba.types.voidptr))

    return numba.types.voidptr(address), build


@intrinsic
def _fetch(typing_context: Any, address: Any) -> Any:
    """Ask the processor to bring the cache line at an address; changes nothing."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        number = ir.IntType(32)
        byte = ir.IntType(8).as_pointer()
        fetch = builder.module.declare_intrinsic(
            "llvm.prefetch", [byte], ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        )
        builder.call(fetch, [builder.inttoptr(arguments[0], byte), number(0), number(3), number(1)])
        return context.get_dummy_value()

    return numba.types.void(address), build


def fetch(array: Any, i: Any) -> None:
    """Ask for row ``i`` of an array, which is needed soon: a large run spends its time on waiting for memory."""


@overload(fetch, inline="always")
def _fetch_row(array: Any, i: Any) -> Any:
    def ask(array: Any, i: Any) -> None:
        _fetch(array.ctypes.data + np.int64(i) * array.strides[0])

    return ask


@intrinsic
def _call(typing_context: Any, address: Any, values: Any) -> Any:
    """Call the compiled function at an address with a tuple of floats; returns a float."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        double = ir.DoubleType()
        kind = ir.FunctionType(double, [double] * signature.args[1].count)
        function = builder.inttoptr(arguments[0], kind.as_pointer())
        return builder.call(function, cgutils.unpack_tuple(builder, arguments[1]))

    return numba.float64(address, values), build


def call_own(address: int, values: tuple[float, ...]) -> float:
    """Call a rule of another package, which was compiled and lies at an address, with floats; returns a float."""
    kind = ctypes.CFUNCTYPE(ctypes.c_double, *[ctypes.c_double] * len(values))
    return float(kind(int(address))(*map(float, values)))


@overload(call_own)
def _call_own(address: Any, values: Any) -> Any:
    def call(address: Any, values: Any) -> Any:
        return _call(address, values)

    return call


def borrowed(array: Any) -> Any:
    """Return a view of an array that is not counted; the caller keeps the array alive.

    Numba counts the arrays that a function takes, atomically and at each call. Where arrays are shared by
    threads and calls are short, that costs more than the work. Outside compiled code it is the array itself.
    """
    return array


@overload(borrowed)
def _borrowed(array: Any) -> Any:
    def view(array: Any) -> Any:
        return numba.carray(_pointer(array.ctypes.data), array.shape, array.dtype)

    return view
