"""A table of a result as plain text: its columns as in the file, its numbers in the marks of a language."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from wom_sim.words import Words


def typed_table(table: pd.DataFrame, words: Words, form: str) -> str:
    """Return a table as text; ``form`` is how its fractions are written, as ``format`` takes it.

    A figure has as many digits in every language.
    """
    marks = {",": words.say("number.group"), ".": words.say("number.decimal")}

    def told(value: float) -> str:
        return "".join(marks.get(sign, sign) for sign in format(value, form))

    return str(table.to_string(index=False, float_format=told))
