"""Hostile command lines: every command with its own options, and values that they cannot or hardly take."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

from judge import Case

WORDS = (
    "", " ", "-1", "0", "1", "2", "nan", "inf", "x", "x" * 2000, "=", "a.b.c=1", "run.days=0", "policies[9].name=x",
    "\u202e", "\x1b[2J", "\ud800", "a\0b", "/dev/null", "/dev/full", "/dev/stdout", "..", ".", "~", "nl", "xx",
    "no/such/file",
    "*.toml", "[", "tiny.toml", "study.toml", "plain.csv", "comparison", "study", "worlds", "run", "letter", "exit",
    "keep",
    "builtin:nothing", "builtin:", "tcp://127.0.0.1:1", "1/0", "2/1", "http://x", "sqlite:///x", "payment",
    "money.discount",
    "--", "-", "-x", "--x", "--help", "=1+1", "9" * 30, "1e3", "\u0660", "taken", "out",
)  # fmt: skip
_LEFT_OUT = {"demo", "doctor", "app", "--dask"}
"""Commands and options that are honest work for long, whatever is given, or end only when told to: they have tests of
their own."""
_FEW = {"worlds": "3", "trials": "3", "fresh": "3", "finalists": "2", "points": "3", "replications": "2", "check": "2"}
_LONG = {"worlds", "trials", "fresh", "finalists", "points", "replications", "check", "add_worlds", "add_replications",
         "replications_in_all", "workers", "customers", "branches"}  # fmt: skip
"""Options that ask for more work: of these only few, or what cannot be."""


class Lines:
    """Makes command lines of every command there is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._commands: list[tuple[list[str], Any]] = []

    def commands(self) -> list[tuple[list[str], Any]]:
        """Return every command with its names, as the parser knows it."""
        if not self._commands:
            import typer

            from wom_sim.cli.assembly import app

            made: Any = app()
            root: Any = typer.main.get_command(made) if isinstance(made, typer.Typer) else made
            for name, command in root.commands.items():
                inner = getattr(command, "commands", None)
                if inner is not None:
                    self._commands += [([name, each], deeper) for each, deeper in inner.items()]
                elif name not in _LEFT_OUT:
                    self._commands.append(([name], command))
        return self._commands

    def line(self, luck: random.Random, place: Path) -> Case:
        """Return a command with options of its own, some of them given what they cannot take."""
        for name in ("tiny.toml", "study.toml", "plain.csv", "seen.toml"):
            shutil.copyfile(self.folder / name, place / name)
        (place / "taken").write_bytes(b"mine")
        names, command = luck.choice(self.commands())
        for kind in ("comparison", "study", "worlds", "run"):
            if luck.random() < 0.15:
                shutil.copytree(self.folder / "results" / kind, place / kind)
        given: list[str] = []
        for option in command.params:
            if option.param_type_name == "argument":
                if luck.random() < 0.85:
                    given.append(self._argument(option, luck))
            elif option.opts[0] not in _LEFT_OUT and luck.random() < 0.22:
                given += self._option(option, luck)
        if luck.random() < 0.15:
            given.insert(luck.randint(0, len(given)), luck.choice(WORDS))
        if names[0] in ("fit", "pilot"):  # hundreds of worlds: only what is refused before them
            given += ["--set", luck.choice(("run.days=0", "x=1", "=", "choose.limit=-1"))]
        if names[0] == "recommend" and "--trials" not in given:
            given += ["--trials", "3"]
        return Case([*names, *given])

    @staticmethod
    def _argument(option: Any, luck: random.Random) -> str:
        usual = {"scenario": "tiny.toml", "study": "study.toml", "files": "plain.csv", "what": "policies",
                 "result": "comparison", "folder": "comparison", "folders": "study"}  # fmt: skip
        if luck.random() < 0.5:
            return usual.get(str(option.name), "tiny.toml")
        return str(luck.choice(WORDS))

    @staticmethod
    def _option(option: Any, luck: random.Random) -> list[str]:
        name = str(luck.choice(option.opts))
        if option.is_flag:
            return [name]
        if option.name in _LONG or any(opt.lstrip("-").replace("-", "_") in _LONG for opt in option.opts):
            few = _FEW.get(str(option.name), "1")
            return [name, luck.choice((few, few, "0", "-1", "x", "", "nan", "1.5", "9" * 30, "\u0660"))]
        return [name, str(luck.choice(WORDS))]


def environment(luck: random.Random) -> dict[str, str]:
    """Return environment variables, most of them as nobody should set them."""
    if luck.random() < 0.4:
        return {}
    name = luck.choice((
        "COLUMNS", "LINES", "TERM", "LANG", "LC_ALL", "HOME", "TMPDIR", "XDG_CACHE_HOME", "WOM_SIM_CACHE", "MPLBACKEND",
        "WOM_SIM_POLICY_SECONDS", "NUMBA_NUM_THREADS", "NUMBA_DISABLE_JIT", "OMP_NUM_THREADS", "MPLCONFIGDIR",
        "PYTHONUTF8",
        "PYTHONIOENCODING", "NO_COLOR", "FORCE_COLOR", "TZ", "NUMBA_CPU_NAME", "WOM_SIM_TRACEBACK", "TERMINAL_WIDTH",
    ))  # fmt: skip
    sound = {"PYTHONIOENCODING": ("ascii", "latin-1", "utf-16"), "WOM_SIM_TRACEBACK": ("0", ""), "PYTHONUTF8": ("0",
        "1"),
             "NUMBA_DISABLE_JIT": ("x", "0"), "WOM_SIM_CACHE": ("", "/dev/null", "relative")}  # fmt: skip
    return {
        name: luck.choice(
            sound.get(name, ("", "x", "-1", "0", "99999999999999999999", "/dev/null", "/proc/x", "ü", "C"))
        )
    }
