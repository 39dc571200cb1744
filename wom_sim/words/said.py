"""A text that is said in English and knows how it is said in another language.

What a function tells while it works, or gives as the reason why something is left out, is told before anybody knows
who reads it. It is an English text like any other, in a file or to a caller from Python; a command says it in the
language that was asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wom_sim.words import ENGLISH, Words

__all__ = ["OfPolicy", "Said", "in_words"]


class Said(str):
    """The text of a key in English, which is also there in other languages.

    Parameters
    ----------
    key : str
        Of the catalogue.
    **values : object
        What its placeholders are filled with. A whole number gets the marks between thousands that its language has; a
        text that is ``Said`` is said in that language too; anything else is the same in all.

    Raises
    ------
    KeyError
        When the catalogue has no such key, or a placeholder is not given.

    >>> Said("count.run", n=2_000), Said("count.run", n=2_000).in_words(Words("nl"))
    ('2,000 runs', '2.000 doorrekeningen')
    """

    __slots__ = ("key", "values")
    key: str
    values: dict[str, Any]

    def __new__(cls, key: str, /, **values: object) -> Said:
        """Return the text in English."""
        made = super().__new__(cls, _say(key, values, ENGLISH))
        made.key, made.values = key, values
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how it is made again in another process."""
        return _again, (self.key, self.values)

    def in_words(self, words: Words) -> str:
        """Return the text in a language."""
        return _say(self.key, self.values, words)

    @classmethod
    def several(cls, texts: Sequence[str]) -> str:
        """Return several texts with semicolons between them.

        >>> Said.several([Said("count.run", n=1), "a note"])
        '1 run; a note'
        """
        if len(texts) < 2:
            return texts[0] if texts else ""
        return cls("step.and_then", first=texts[0], rest=cls.several(texts[1:]))


def _again(key: str, values: dict[str, Any]) -> Said:
    return Said(key, **values)


def _say(key: str, values: dict[str, Any], words: Words) -> str:
    def told(value: Any) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            return words.exact(value)
        return in_words(value, words) if isinstance(value, str) else value

    return words.say(key, **{name: told(value) for name, value in values.items()})


class OfPolicy(str):
    """The name of a policy, which one of the package has in every language."""

    __slots__ = ()

    def in_words(self, words: Words) -> str:
        """Return the name in a language."""
        return words.policy_typed(self)


def in_words(text: str, words: Words) -> str:
    """Return a text in a language, if it is known how to say it there; as it is otherwise.

    >>> in_words("a note of somebody else", Words("nl"))
    'a note of somebody else'
    """
    return text.in_words(words) if isinstance(text, Said | OfPolicy) else text
