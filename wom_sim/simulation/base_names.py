"""The sections of the table of the base, by which whatever is shown of it finds its figures."""

from __future__ import annotations

COLUMNS = ("section", "name", "group", "unit", "built", "stated", "share_off")
"""Of the table: where a figure belongs, what it is, whose it is (a segment, a tenth, a policy; "" all customers), its
unit, its value in the world that was built, what the scenario file states (NaN: nothing), and by which share of that
what was built is more."""
BASE, BY_BOOKS, BY_CONTRIBUTION, CHOICE = "base", "deciles_by_books", "deciles_by_contribution", "chosen"
KNOWN, FIT = "known", "fit"
"""Sections of the table."""
