"""A page from a template: one look, escaped text, no other file."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from wom_sim import __version__
from wom_sim.words import Words


def render(template: str, words: Words, content: Mapping[str, Any]) -> str:
    """Return a page with its content placed; every text is escaped, a missing value is an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    style = files("wom_sim.present").joinpath("templates/report.css").read_text(encoding="utf-8")
    loader = PackageLoader("wom_sim.present", "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    head = {"lang": words.lang, "say": words.say, "version": __version__, "style": Markup(style)}  # our own file
    return environment.get_template(template).render({**head, **content}) + "\n"
