"""What the package brings along beside its code: scenarios, notebooks and pages, as files to read and to copy.

In an installed package they are in ``wom_sim/builtin/``; in a checkout they are the folders of the same names beside
the package, from which a wheel takes them (setup.py). Nothing else of the program knows where they are.
"""

from __future__ import annotations

from pathlib import Path

PATTERNS = {"scenarios": "**/*.toml", "examples": "*.ipynb", "docs": "*.md"}
"""What is brought along of each folder; pyproject.toml says the same for the wheel, and a test compares them."""
_PACKAGE = Path(__file__).resolve().parent


def files(kind: str) -> dict[str, Path]:
    """Return the files of a kind by name: the path in their folder without suffix, in small letters; outer ones first.

    >>> files("scenarios")["cases/best_buy_2003"].name
    'best_buy_2003.toml'
    """
    inside = _PACKAGE / "builtin" / kind
    folder = inside if inside.is_dir() else _PACKAGE.parent / kind
    found = {file.relative_to(folder).with_suffix("").as_posix().lower(): file for file in folder.glob(PATTERNS[kind])}
    return dict(sorted(found.items(), key=lambda item: (item[0].count("/"), item[0])))


def first_line(text: str) -> str:
    """Return the heading of a page of Markdown, without its marks.

    >>> first_line("# Studies: many runs")
    'Studies: many runs'
    """
    return next((line.strip("# ").strip() for line in text.splitlines() if line.startswith("#")), "")
