"""Machine code for what is called, and not for each step of it.

Numba optimises every function that it compiles, with all that this calls set into it, and makes machine code of it. A
step of a kernel is never called from Python: the kernel takes it in as LLVM's intermediate code, and there it is
optimised and made machine code of again. In a chain of kernels and steps each statement is thus translated once for
each level above it. Here a step is kept as intermediate code, and is optimised and translated as part of the kernel.

Only our own functions are compiled so (``steps_wait``); what else runs on Numba in the same process is left alone. This
leans on how Numba's libraries of code are built, which is not promised to stay. Where what is needed is not there
(``supported``), all is compiled as Numba does it, with the same results.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from numba.core import codegen
from numba.core.environment import lookup_environment
from numba.core.registry import cpu_target

_OURS = threading.local()
_ENVIRONMENT, _WRAPPER = "_ZN08NumbaEnv", "_ZN7cpython"
_LIBRARY: Any = getattr(codegen, "JITCodeLibrary", object)
_NEEDED = (
    "_optimize_final_module", "_finalize_final_module", "_finalize_dynamic_globals", "_verify_declare_only_symbols",
    "_ensure_finalized", "get_pointer_to_function", "get_defined_functions", "serialize_using_bitcode",
    "serialize_using_object_code",
)  # fmt: skip


@contextmanager
def steps_wait() -> Iterator[None]:
    """While this lasts, what this thread compiles has machine code made of it only where its address is asked for."""
    install()
    before = _ours()
    _OURS.now = True
    try:
        yield
    finally:
        _OURS.now = before


def _ours() -> bool:
    return getattr(_OURS, "now", False)


class Library(_LIBRARY):  # type: ignore[misc]
    """What is compiled of one function, which may wait as intermediate code until it is called from Python."""

    _waits = _raw = False

    def _optimize_final_module(self) -> None:
        if _ours() and not self._is_called():
            self._raw = True
        else:
            super()._optimize_final_module()

    def _is_called(self) -> bool:
        """Whether Python calls it: then it has a wrapper."""
        return any(f.name.startswith(_WRAPPER) and f.linkage.name == "external" for f in self.get_defined_functions())

    def _finalize_final_module(self) -> None:
        from_cache = self._shared_module is not None  # it has machine code
        if from_cache or not _ours():
            super()._finalize_final_module()
            return
        self._finalize_dynamic_globals()
        self._verify_declare_only_symbols()
        self._waits = self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """Return the address of a function, 0 where there is none of this name; makes machine code if it must."""
        self._ensure_finalized()
        if self._waits and any(f.name == name for f in self.get_defined_functions()):
            self._make()
        return int(super().get_pointer_to_function(name))

    def _make(self) -> None:
        """Make machine code, and let it find the environments of the functions that were set into it."""
        if self._raw:
            super()._optimize_final_module()
        self._waits = self._raw = False
        self._dynamic_globals: list[str] = []
        super()._finalize_final_module()
        for value in self._final_module.global_variables:
            if value.name.startswith(_ENVIRONMENT) and (found := lookup_environment(value.name)) is not None:
                self._codegen.set_env(value.name, found)

    def serialize_using_object_code(self) -> Any:
        """Return what goes into the cache: machine code if there is any, else intermediate code."""
        return self.serialize_using_bitcode() if self._waits else super().serialize_using_object_code()


def supported() -> bool:
    """Whether this version of Numba builds its libraries of code as ``Library`` expects."""
    made_by = getattr(codegen, "JITCPUCodegen", None)
    if made_by is None or getattr(made_by, "_library_class", None) is not getattr(codegen, "JITCodeLibrary", 0):
        return False
    return all(hasattr(_LIBRARY, name) for name in _NEEDED) and hasattr(made_by, "set_env")


@functools.cache
def install() -> None:
    """Let Numba build its libraries of code so that they can wait, if it can."""
    if not supported():
        return
    maker = cpu_target.target_context.codegen()
    set_environment = maker.set_env

    def set_if_made(name: str, environment: Any) -> None:
        """Set the environment of a function; of one that waits it is set when its machine code is made."""
        if maker._engine.get_global_value_address(name):
            set_environment(name, environment)

    maker._library_class, maker.set_env = Library, set_if_made
