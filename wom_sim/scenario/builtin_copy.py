"""A scenario that comes with the program as the text of a file of one's own, which works in any folder."""

from __future__ import annotations

import os
import re
from pathlib import Path

from wom_sim import __version__, _builtin
from wom_sim.scenario.errors import Fault, ScenarioError, did_you_mean, visible
from wom_sim.scenario.presets import PREFIX, own_copy_of_example, preset_names

_HEAD = """\
# Yours to change. From {called}, which came with wom_sim {version}.
# Every key that may stand here, with its meaning, source and plausible range: wom-sim show parameters
# To have an editor complete and check keys: wom-sim schema --out scenario.schema.json, and as the first line here
#   #:schema scenario.schema.json

"""


def own_copy(called: str, file: Path | None = None) -> tuple[Path, str]:
    """Return where a copy goes, and its text; ``called`` may have the prefix, ``file`` is where the user wants it.

    In a scenario the comments stay; what they and ``extends`` name is named so that it is found from anywhere.

    Raises
    ------
    ScenarioError
        If nothing that can be copied is called so.
    """
    name = called.removeprefix(PREFIX)
    scenarios, books, trades = _builtin.files("scenarios"), _builtin.files("examples"), preset_names()
    target = file or Path(f"{name.rpartition('/')[2]}{'.ipynb' if name in books else '.toml'}")
    if name in books:
        return target, books[name].read_text(encoding="utf-8")
    head = _HEAD.format(called=PREFIX + name, version=__version__)
    if name in trades:
        return target, head + own_copy_of_example(PREFIX + name)
    if name in scenarios:
        lines = scenarios[name].read_text(encoding="utf-8").splitlines(keepends=True)
        said = "".join(_line(line, name, target) for line in lines if not line.startswith("#:schema"))
        return target, head + said
    known = [*scenarios, *trades, *books]
    message = f"given '{visible(called)}', allowed: what wom-sim show scenarios, trades and examples list"
    raise ScenarioError([Fault("--from", message=message, suggestion=did_you_mean(name, known))])


def _line(line: str, name: str, target: Path) -> str:
    """Return a line of the scenario ``name`` as it stands in the copy."""
    if line.startswith("#"):
        line = line.replace(f"scenarios/{name}.toml", os.fspath(target))
        return re.sub(r"docs/(\w+)\.md", lambda found: f"wom-sim show docs {found[1].lower()}", line)
    extends = re.match(r'(extends = ")(.+)\.toml"', line)
    if extends is None:
        return line
    base = os.path.normpath(Path(name).parent / extends[2])
    return f'{extends[1]}{PREFIX}{Path(base).as_posix()}"{line[extends.end() :]}'
