"""Print, as constraints for pip, the oldest version that pyproject.toml admits of everything it names.

Not left to a resolver that takes "the lowest that fits together" (``uv pip compile --resolution lowest-direct``): it
would pass over a bound that cannot be had, or that another one excludes, in silence. pip refuses it in words.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

_BOUND = re.compile(r"([A-Za-z0-9._-]+)\s*>=\s*([0-9][^,;\s]*)")


def constraints(requirements: Iterable[str]) -> Iterator[str]:
    """Yield ``name==oldest`` for each requirement; extras of this package itself have no version."""
    for requirement in requirements:
        if requirement.startswith("wom_sim["):
            continue
        found = _BOUND.match(requirement)
        if found is None:
            raise SystemExit(f"pyproject.toml: {requirement!r} has no lower bound; write name>=version")
        yield f"{found[1]}=={found[2]}"


def main() -> None:
    """Read pyproject.toml."""
    about = tomllib.loads(Path(__file__).parents[1].joinpath("pyproject.toml").read_text(encoding="utf-8"))["project"]
    parts = [about["dependencies"], *about["optional-dependencies"].values()]
    print("\n".join(line for part in parts for line in constraints(part)))


if __name__ == "__main__":
    main()
