"""How good the evidence behind a number is, by its grade: seen, known, estimated, assumed."""

from __future__ import annotations

MARKS = ("A", "A-", "B", "C", "S", "Assumption", "by its definition")
"""What a grade is made of: one mark, or several with a slash for the parts of a number."""


def is_grade(text: str) -> bool:
    """Return whether a text is a grade and nothing more.

    >>> is_grade("A/C"), is_grade("Assumption"), is_grade("A, roughly"), is_grade("")
    (True, True, False, False)
    """
    return all(mark in MARKS for mark in text.split("/"))


def is_estimate(grade: str) -> bool:
    """Return whether a grade marks an estimate: C, alone or beside a better one.

    >>> is_estimate("A/C"), is_estimate("C, calibrated"), is_estimate("Assumption: it is Certain"), is_estimate("A")
    (True, True, False, False)
    """
    return "C" in marks(grade)


def is_unmeasured(grade: str) -> bool:
    """Return whether a grade marks an estimate or an assumption."""
    return is_estimate(grade) or "Assumption" in marks(grade)


def is_bare(grade: str) -> bool:
    """Return whether nothing better than an estimate stands behind a grade: no source that was seen or known.

    >>> is_bare("C, never measured"), is_bare("A/C"), is_bare("S/C")
    (True, False, True)
    """
    return is_unmeasured(grade) and not {"A", "A-", "B"} & set(marks(grade))


def marks(grade: str) -> list[str]:
    """Return the marks that a grade is made of.

    >>> marks("A/C, calibrated"), marks("Assumption: as an apology")
    (['A', 'C', 'calibrated'], ['Assumption'])
    """
    return grade.partition(":")[0].replace(",", " ").replace("/", " ").split()
