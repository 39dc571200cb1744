"""How a result shows itself in a notebook: a small table, every text escaped, no script, nothing fetched."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch
from html import escape
from importlib import import_module
from typing import ClassVar, NamedTuple

_STYLE = "text-align:{side};padding:.2em .8em .2em 0;vertical-align:top"
MOST_ROWS = 40


class Shown(NamedTuple):
    """What is shown: a title, sentences below it, and a table whose first column names the rows."""

    title: str
    texts: Sequence[str] = ()
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


@singledispatch
def shown(found: object) -> Shown:
    """Return what something shows of itself; a module above registers what results show (``shown.register``)."""
    return Shown(type(found).__name__)


class ShowsItself:
    """Gives a class a view for notebooks: by ``_shown``, or registered in the module ``_shown_in``."""

    _shown_in: ClassVar[str] = ""
    """The module that registers the view with ``shown``: one above the class, imported when the view is asked for."""

    def _shown(self) -> Shown:
        """Return what is shown."""
        if self._shown_in:
            import_module(self._shown_in)
        return shown(self)

    def _repr_html_(self) -> str:
        """Return the view as HTML."""
        return html(self._shown())

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """Return the view as HTML and as a short text, in place of a text of everything within."""
        shown = self._shown()
        return {"text/html": html(shown), "text/plain": "\n".join([shown.title, *shown.texts])}


def html(shown: Shown) -> str:
    """Return what is shown as HTML; at most ``MOST_ROWS`` rows.

    >>> html(Shown("a < b", ["so & so"]))
    '<div><p><strong>a &lt; b</strong></p><p>so &amp; so</p></div>'
    """
    parts = [f"<p><strong>{escape(shown.title)}</strong></p>", *(f"<p>{escape(text)}</p>" for text in shown.texts)]
    if shown.rows:
        heads = "".join(_cell("th", head, n) for n, head in enumerate(shown.heads))
        kept = list(shown.rows[:MOST_ROWS])
        body = "".join("<tr>" + "".join(_cell("td", c, n) for n, c in enumerate(row)) + "</tr>" for row in kept)
        top = f"<thead><tr>{heads}</tr></thead>" if shown.heads else ""
        parts.append(f"<table>{top}<tbody>{body}</tbody></table>")
        if len(shown.rows) > MOST_ROWS:
            parts.append(f"<p>and {len(shown.rows) - MOST_ROWS:,} more</p>")
    return f"<div>{''.join(parts)}</div>"


def _cell(tag: str, text: object, column: int) -> str:
    first = column == 0
    tag, scope = ("th", ' scope="row"') if first and tag == "td" else (tag, ' scope="col"' if tag == "th" else "")
    return f'<{tag}{scope} style="{_STYLE.format(side="left" if first else "right")}">{escape(str(text))}</{tag}>'
