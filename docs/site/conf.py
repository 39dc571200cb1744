"""How Sphinx makes a site of docs/: `make site`. Works offline, and so does what it makes.

Why Sphinx with MyST and Furo: docs/DESIGN.md, "The house on one page".
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from pages import CITED, DOCS, kinds, outside, with_links  # noqa: E402

from wom_sim import __version__  # noqa: E402

project = "wom_sim"
version = release = __version__
html_title = f"wom_sim {__version__}"
language = "en"
root_doc = "index"
source_suffix = {".md": "markdown"}
exclude_patterns = ["site", "odd", "trades", "parameters"]

extensions = ["myst_parser"]
myst_heading_anchors = 6
myst_links_external_new_tab = False
smartquotes = False  # what is in quotes is often typed as it stands
highlight_language = "none"
nitpicky = True

html_theme = "furo"
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_static_path = ["static"]
html_css_files = ["wide.css"]
html_theme_options = {"sidebar_hide_name": False}


def _prepare(_app: Sphinx, page: str, source: list[str]) -> None:
    """Put the kinds into the bar at the side, make links of citations, and leave out what is no part of the site."""
    inside = outside(source[0], (DOCS / page).parent)
    source[0] = re.sub(r"\[[\w/]+\.md\]\(", "[](", inside)  # the title of a page says more than its file
    if page == root_doc:
        for kind, names in kinds().items():
            source[0] += f"\n```{{toctree}}\n:hidden:\n:caption: {kind}\n\n" + "\n".join(names) + "\n```\n"
    elif page not in CITED:
        source[0] = with_links(source[0])


def setup(app: Sphinx) -> None:
    """Say to Sphinx what is done to each page before it is read."""
    app.connect("source-read", _prepare)
    app.add_lexer("csv", TextLexer)
