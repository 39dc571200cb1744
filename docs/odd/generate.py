"""``make docs``: write docs/ODD.md from its prose (ODD.md.in) and the tables that the code gives.

python docs/odd/generate.py
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from tables import TABLES  # noqa: E402

PROSE = HERE / "ODD.md.in"
PAGE = HERE.parent / "ODD.md"
_PLACE = re.compile(r"^\{\{(\w+)\}\}$", re.MULTILINE)


def page() -> str:
    """Return docs/ODD.md as the code has it now.

    Raises
    ------
    ValueError
        If the prose asks for a table that there is not, or leaves one out.
    """
    prose = PROSE.read_text(encoding="utf-8")
    asked = _PLACE.findall(prose)
    if sorted(asked) != sorted(TABLES):
        odd = sorted(set(asked) ^ set(TABLES)) or sorted(name for name in asked if asked.count(name) > 1)
        raise ValueError(f"{PROSE.name}: these tables are missing, unknown or asked for twice: {', '.join(odd)}")
    return _PLACE.sub(lambda place: TABLES[place.group(1)](), prose)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(HERE.parents[1])}")
