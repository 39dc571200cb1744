"""English that is left in what should be Dutch."""

from __future__ import annotations

import re

ENGLISH = re.compile(
    r"\b(the|and|with|which|from|that|not|nobody|everyone|drawn|learned|within|each|this|they|would|worlds|policies|"
    r"month|fit|trusted|behind|number|unknown|policy|replications?|runs|people|lost|loses|mean|keeping|about|memory|"
    r"days|customers?|value|points?|takes?|done|failed|written|share|by|to|no|its|are|were|has|have|it|more|than|"
    r"first|range|level|least|between|before|after|against|there|what|where|chance)\b(?!\.)",
    re.IGNORECASE,
)
"""Words that stand in no Dutch sentence; before a full stop without a space they begin a key."""
_KEY = re.compile(r"(?:--\w[\w-]*|\S*[/\\]\S*|\b[a-z_]+(?:\.[\w\"]+)+|wom-sim(?: [a-z-]+)*|\w+_\w+)")
"""Options, paths, keys and commands, which are the same in every language."""


def english_in(text: str, *known: str) -> list[str]:
    """Return the English words in a text but for options, paths, keys, commands, and names that are ``known``."""
    for name in known:
        text = text.replace(name, " ")
    return [found.group() for found in ENGLISH.finditer(_KEY.sub(" ", text))]
