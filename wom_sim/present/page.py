"""A page from a template: one look, escaped text, no other file."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from wom_sim import __version__
from wom_sim.words import Words
from wom_sim.words.figures import unparted
from wom_sim.words.numbers import MINUS

if TYPE_CHECKING:
    from markupsafe import Markup


def render(template: str, words: Words, content: Mapping[str, Any], package: str = "wom_sim.present") -> str:
    """Return a page with its content placed; every text is escaped, a missing value is an error.

    ``package``: where the template lies, in a folder ``templates``; those of this package can be extended by it.
    """
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup, escape

    style = files("wom_sim.present").joinpath("templates/report.css").read_text(encoding="utf-8")
    loader = ChoiceLoader([PackageLoader(name, "templates") for name in dict.fromkeys((package, "wom_sim.present"))])
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.finalize = _joined
    environment.filters["unbroken"] = unbroken
    environment.filters["verbatim"] = lambda text: Markup(escape(text))  # escaped: what one copies stays as it is
    head = {"lang": words.lang, "say": words.say, "version": __version__, "style": Markup(style)}  # our own file
    return environment.get_template(template).render({**head, **content}) + "\n"


def _joined(said: Any) -> Any:
    """Return a text in which numbers stay with their per cent; what is no plain text as it is."""
    return unparted(said) if type(said) is str else said


def unbroken(text: str) -> Markup:
    """Return a text in which amounts below zero stay whole: a browser would part a minus from its amount.

    >>> unbroken("−$ 52 < 0")
    Markup('<span>−$</span> 52 &lt; 0')
    """
    from markupsafe import Markup, escape

    parts = (Markup("<span>{}</span>").format(part) if MINUS in part else escape(part) for part in text.split(" "))
    return Markup(" ").join(parts)
