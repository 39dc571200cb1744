"""A page from a template: one look, escaped text, no other file."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from wom_sim import __version__
from wom_sim.present.brand import Brand
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
    house = content.get("house", Brand())
    head = {"house": house, "house_style": house_style(house), "foot_style": foot_style(house, words)}
    head |= {"lang": words.lang, "say": words.say, "date": words.date, "version": __version__}
    head |= {"partial": words.partial}
    head |= {"style": Markup(style)}  # our own file
    return environment.get_template(template).render({**head, **content}) + "\n"


def house_style(brand: Brand) -> Markup:
    """Return the accent and the font of a house as CSS; both are checked where they are read."""
    from markupsafe import Markup

    accent = f":root {{ --accent: {brand.accent}; }}" if brand.accent else ""
    font = f'body {{ font-family: "{brand.font}", system-ui, Arial, sans-serif; }}' if brand.font else ""
    return Markup(f"{accent}\n{font}".strip())  # nothing but a colour and the name of a font


def foot_style(brand: Brand, words: Words) -> Markup:
    """Return the foot of printed pages as CSS: what the house wants there, and the number of the page."""
    from markupsafe import Markup

    told = " · ".join(text for text in (brand.confidentiality, brand.footer) if text)
    left = "".join(sign if sign.isalnum() or sign in " ·" else f"\\{ord(sign):x} " for sign in told)
    page = words.say("report.page", n='" counter(page) "', of='" counter(pages) "')
    rule = f'@page {{ @bottom-left {{ content: "{left}"; }} @bottom-right {{ content: "{page}"; }} }}'
    return Markup(rule)  # every sign of the house's words that could end a text of CSS is a number


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
