"""Those for whom one person stands, numbered from 0: when each is told, and who reads the posts of each."""

from __future__ import annotations

from wom_sim._compile import near_rule as rule


@rule
def days_later(member: int, apart: float) -> int:
    """Return how many days after the first of those for whom a person stands the firm tells ``member`` of them.

    They are told one after another, ``apart`` days between two; 0 is the first.

    >>> days_later(0, 0.25), days_later(7, 0.25), days_later(7, 0.0)
    (0, 1, 0)
    """
    return int(member * apart)


@rule
def most_readers(audience: int, represents: int) -> int:
    """Return how many people, at most, read a post where each reader stands for ``represents``; see ``reads_it``.

    >>> most_readers(25, 1), most_readers(25, 10), most_readers(0, 10)
    (25, 3, 0)
    """
    return (audience + represents - 1) // represents


@rule
def reads_it(v: float, reader: int, audience: int, represents: int) -> bool:
    """Return whether the ``reader``-th (from 0) of ``most_readers`` reads a post: the last one by chance.

    ``v`` in (0, 1). So the readers stand for ``audience`` people on average, and exactly where they stand for one each.

    >>> reads_it(0.4, 1, 25, 10), reads_it(0.4, 2, 25, 10), reads_it(0.6, 2, 25, 10), reads_it(0.99, 24, 25, 1)
    (True, True, False, True)
    """
    if (reader + 1) * represents <= audience:
        return True
    return (reader + v) * represents < audience


MEMBERS = 11
"""Bits of the code of what is told; what is above them says which of those for whom a person stands is meant."""


@rule
def code_of_member(code: int, member: int) -> int:
    """Return the code of a post of ``member`` of those for whom a person stands: each has readers of its own.

    >>> code_of_member(3, 0), code_of_member(3, 2)
    (3, 4099)
    """
    return code + (member << MEMBERS)
