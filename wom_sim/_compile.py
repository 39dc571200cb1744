"""Compilation of the rules and kernels.

``rule`` compiles a small pure function with Numba. No fast-math: it changes last bits, and the two engines
must agree to the last bit. The cache folder is named by a hash of every source that is compiled and of
Numba's version, because Numba itself does not notice when a function in *another* file changes and would
return old results.
"""

from __future__ import annotations

import ctypes
import functools
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any

os.environ.setdefault("NUMBA_OPT", "2")  # level 3 doubles the time to compile and runs no faster (docs/DESIGN.md)
os.environ.setdefault("NUMBA_DISABLE_INTEL_SVML", "1")  # its exp may differ in the last bit

import numba
import numpy
from llvmlite import ir
from numba.core import cgutils
from numba.core import config as numba_config
from numba.extending import lower_builtin, type_callable

from wom_sim._cache import compiled_code_folder, named_folder
from wom_sim._lazily import lazily
from wom_sim._steps import steps_wait

lazily(numpy, "f2py")  # Numba's first function loads scipy, and scipy all of numpy: a front end for Fortran too

_HERE = Path(__file__).parent
_COMPILED_FOLDERS = ("rules", "world", "networks", "populations", "policies", "engines")
_COMPILED_FILES = ("_compile.py", "_lent.py", "_steps.py", "outcomes/ledger.py")
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


def _compiled_once(function: Any, as_step: Callable[[], Any] | None = None) -> Any:
    """Return a compiled function that callers share, whichever numbers they write out.

    Numba compiles a function anew for each literal that it is called with (39 times one that takes the number of a
    block of luck), which doubles the time to compile and gains nothing. Where ``as_step`` is given, kernels call what
    it returns in the place of the function.
    """
    if hasattr(function, "get_call_template"):  # not where the compiler is switched off
        find, overload = function.get_call_template, function.get_overload
        function.get_call_template = lambda args, kws: (as_step().get_call_template if as_step else find)(
            tuple(map(_plain, args)), {name: _plain(kind) for name, kind in kws.items()}
        )
        function.get_overload = lambda signature: (as_step().get_overload if as_step else overload)(signature)
    return function


def _compiled(function: Callable[..., Any], **options: Any) -> Any:
    """Return a function that Numba compiles when it is first called, and keeps in the cache.

    Steps of it are made machine code only where they must (``_steps``). Its cache is looked for when it is first
    needed: most of three hundred functions never are, and each look takes calls to the system.
    """
    made = numba.njit(nogil=True, fastmath=False, error_model="numpy", no_cfunc_wrapper=True, **options)(function)
    if hasattr(made, "get_call_template"):
        compiled, cached = made.compile, False

        def compile_it(signature: Any) -> Any:
            nonlocal cached
            if not cached:
                numba_config.CACHE_DIR = str(COMPILED_CODE)  # which Numba forgets when it reads the environment again
                made.enable_caching()
                cached = True
            with steps_wait():
                return compiled(signature)

        made.compile = compile_it
    return made


def _as_step(function: Callable[..., Any]) -> Any:
    """Return a copy of a function under another name, under which what is compiled of it for kernels is cached."""
    copy = FunctionType(
        function.__code__, function.__globals__, function.__name__, function.__defaults__, function.__closure__
    )
    copy.__kwdefaults__, copy.__module__ = function.__kwdefaults__, function.__module__
    copy.__qualname__ = f"{function.__qualname__}_step"
    return copy


def _njit(function: Callable[..., Any], **options: Any) -> Any:
    """Return a function compiled for Python, and apart from that, without a wrapper, for the kernels that call it."""
    compiled = _compiled(function, **options)
    if "no_cpython_wrapper" in options:
        return _compiled_once(compiled)
    step = functools.cache(lambda: _compiled(_as_step(function), no_cpython_wrapper=True, **options))
    return _compiled_once(compiled, step)


def rule(function: Callable[..., Any]) -> Any:
    """Compile a pure function of plain numbers; both engines call the result.

    ``function.py_func`` is the Python original.
    """
    return _njit(function)


def near_rule(function: Callable[..., Any]) -> Any:
    """Compile a rule as ``rule`` does, and into its callers as ``inlined`` does: for what a kernel does to everyone.

    For one that is short; where long ones call each other their code adds up.
    """
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


def fetch(array: Any, i: Any) -> None:
    """Ask for row ``i`` of an array, which is needed soon: a large run spends its time on waiting for memory."""


@type_callable(fetch)
def _type_of_fetch(context: Any) -> Any:
    return lambda array, i: numba.types.none


@lower_builtin(fetch, numba.types.Array, numba.types.Integer)
def _fetch_row(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """Ask the processor to bring the cache line in which the middle of a row lies; changes nothing."""
    kind = signature.args[0]
    array = context.make_array(kind)(context, builder, arguments[0])
    row = context.cast(builder, arguments[1], signature.args[1], numba.types.intp)
    byte = ir.IntType(8).as_pointer()
    step = builder.extract_value(array.strides, 0)
    middle = builder.add(builder.mul(row, step), builder.lshr(step, step.type(1)))
    place = builder.gep(builder.bitcast(array.data, byte), [middle])
    number = ir.IntType(32)
    fetch = builder.module.declare_intrinsic(
        "llvm.prefetch", [byte], ir.FunctionType(ir.VoidType(), [byte, number, number, number])
    )
    builder.call(fetch, [place, number(0), number(3), number(1)])
    return context.get_dummy_value()


def call_own(address: int, values: tuple[float, ...]) -> float:
    """Call a rule of another package, which was compiled and lies at an address, with floats; returns a float."""
    kind = ctypes.CFUNCTYPE(ctypes.c_double, *[ctypes.c_double] * len(values))
    return float(kind(int(address))(*map(float, values)))


@type_callable(call_own)
def _type_of_call_own(context: Any) -> Any:
    return lambda address, values: numba.types.float64


@lower_builtin(call_own, numba.types.Integer, numba.types.UniTuple)
def _call_own(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """Call the compiled function at an address with a tuple of floats."""
    double = ir.DoubleType()
    kind = ir.FunctionType(double, [double] * signature.args[1].count)
    return builder.call(builder.inttoptr(arguments[0], kind.as_pointer()), cgutils.unpack_tuple(builder, arguments[1]))


def borrowed(array: Any) -> Any:
    """Return a view of an array that is not counted; the caller keeps the array alive.

    Numba counts the arrays that a function takes, atomically and at each call. Where arrays are shared by
    threads and calls are short, that costs more than the work. Outside compiled code it is the array itself.
    """
    return array


@type_callable(borrowed)
def _type_of_borrowed(context: Any) -> Any:
    return lambda array: array if isinstance(array, numba.types.Array) else None


@lower_builtin(borrowed, numba.types.Array)
def _borrowed(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """Return the same array without its owner."""
    at = context.data_model_manager.lookup(signature.args[0]).get_field_position("meminfo")
    nobody = ir.Constant(arguments[0].type.elements[at], None)
    return builder.insert_value(arguments[0], nobody, at)
