"""What the firm does to whom, when: the table that every policy returns and both engines execute."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim.world.records import record_type

(
    DISMISS, OFFER, REPRICE, NUDGE, DOWNGRADE, TRANSFER, CAP_CREDITS, LEAK, FIX_ROOT_CAUSE, GUARANTEE, WARN, SUSPEND,
    ENFORCE,
) = range(1, 14)  # fmt: skip
"""Actions. ``LEAK`` is nothing that the firm does: a hidden practice comes out, and who was treated learns of it."""
ACTION_NAMES = {
    DISMISS: "dismiss", OFFER: "offer", REPRICE: "reprice", NUDGE: "nudge", DOWNGRADE: "downgrade",
    TRANSFER: "transfer", CAP_CREDITS: "cap_credits", LEAK: "leak",
    FIX_ROOT_CAUSE: "fix_root_cause", GUARANTEE: "guarantee", WARN: "warn", SUSPEND: "suspend", ENFORCE: "enforce",
}  # fmt: skip
HIDDEN = (NUDGE, DOWNGRADE)
"""Actions that the customer is not told of."""
STORY_UNIT = 255
"""The severity of a story is carried in 1/255."""
NEWS_UNIT = 256
"""Newsworthiness is carried in 1/256."""


TREATMENT_TYPE = record_type(
    [
        ("person", np.uint32), ("day_told", np.int32), ("grievance", np.float64), ("hazard_multiplier", np.float64),
        ("p_call", np.float64), ("profit_change", np.float64), ("call_change", np.float64),
        ("contact_change", np.float64),
        ("given", np.float64), ("cost", np.float64),
        ("notice", np.int32), ("lasts", np.int32), ("news", np.int16), ("story", np.uint8), ("turn", np.uint8),
        ("action", np.uint8), ("agreed", np.bool_), ("waived", np.bool_), ("praise", np.bool_), ("apart", np.float32),
    ]
)  # fmt: skip
"""One row for each time that the firm acts on a person.

``day_told`` and ``notice`` are in days; ``notice`` is -1 where service does not end. ``story`` is the severity for
observers in 1/255, ``news`` the newsworthiness of a post in 1/256. ``given`` is what is waived and paid, less what
comes back at once, ``cost`` what acting costs (currency); ``profit_change`` is what they bring more a month, whatever
they call; ``call_change`` what follows their calls (fees, credits), ``contact_change`` the contact cost that is spared,
both a month while they call as observed. ``lasts`` is after how many days these changes end, 0 if they do not; those
of a warning are about what is called beyond the usual, and end with it. ``turn`` counts the times that the firm acts on
the same person. ``waived``: the fee for ending early no longer holds the person. ``praise``: what the person tells is
good, and ``grievance`` is how much it moves them; good news is no story for an outlet. ``apart`` matters where a person
stands for several: the firm tells these one after another, so many days apart.
"""

Treatments = NDArray[np.void]
"""An array of ``TREATMENT_TYPE``, sorted by (day_told, person)."""

_DEFAULTS = {"action": DISMISS, "notice": -1, "hazard_multiplier": 1.0}


def table(**columns: object) -> Treatments:
    """Return a table from columns or scalars; what is left out is 0 (``notice`` -1, ``hazard_multiplier`` 1,
    ``action`` dismiss).

    Rows are sorted by (day_told, person); rounds are counted.

    Raises
    ------
    ValueError
        If a column is unknown, a value is out of range, or a person is told twice on one day.
    """
    unknown = set(columns) - set(TREATMENT_TYPE.names or ())
    if unknown:
        raise ValueError(f"treatments: unknown column {', '.join(sorted(unknown))}")
    result = np.zeros(len(np.atleast_1d(np.asarray(columns["person"]))), dtype=TREATMENT_TYPE)
    for name, value in (_DEFAULTS | columns).items():
        _check_column(name, np.asarray(value))  # before it is narrowed, which would hide what does not fit
        result[name] = value
    return _settled(result)


def people_of(treatments: Treatments) -> NDArray[np.int64]:
    """Return the person of each row."""
    return treatments["person"].astype(np.int64)


def arranged(treatments: Treatments) -> Treatments:
    """Return a table of the rows, sorted by (day_told, person), with rounds counted, after checking them."""
    return _settled(treatments.copy())


def _settled(treatments: Treatments) -> Treatments:
    """Return the rows as ``arranged`` does; they are not copied where they are in order: a table of all is large."""
    day, person = treatments["day_told"], treatments["person"]
    in_order = bool(((day[1:] > day[:-1]) | ((day[1:] == day[:-1]) & (person[1:] > person[:-1]))).all())
    result = treatments if in_order else treatments[np.lexsort((person, day))]
    result["turn"] = np.minimum(_rounds(result["person"]), _MOST_TURNS)
    check(result)
    return result


def _rounds(person: NDArray[np.uint32]) -> NDArray[np.int64]:
    rounds = np.zeros(len(person), dtype=np.int64)
    if len(person) < 2:
        return rounds
    order = np.argsort(person, kind="stable")
    grouped = person[order]
    again = grouped[1:] == grouped[:-1]
    if again.any():
        position = np.arange(len(person))
        first = np.concatenate([[True], ~again])
        rounds[order] = position - np.maximum.accumulate(np.where(first, position, 0))
    return rounds


def nothing() -> Treatments:
    """Return an empty table: keeping everyone."""
    return table(person=np.zeros(0, dtype=np.int64))


_FINITE = (
    "grievance",
    "hazard_multiplier",
    "profit_change",
    "call_change",
    "contact_change",
    "given",
    "cost",
    "p_call",
)
_MOST_TURNS = 255
_LIMITS = {
    "person": (0, 2**29 - 2),
    "grievance": (0.0, 1.0), "story": (0, STORY_UNIT), "news": (0, 256), "p_call": (0.0, 1.0),
    "day_told": (0, 1_000_000), "notice": (-1, 1_000_000), "lasts": (0, 1_000_000), "hazard_multiplier": (0.0, 1000.0),
    "turn": (0, _MOST_TURNS - 1), "apart": (0.0, 1e9),
}  # fmt: skip


def _check_column(name: str, values: NDArray[np.generic]) -> None:
    if not values.size:
        return
    if name in _FINITE and not np.isfinite(values).all():
        raise ValueError(f"treatments.{name}: must be finite")
    if name == "action" and not np.isin(values, list(ACTION_NAMES)).all():
        raise ValueError(f"treatments.action: must be one of {', '.join(map(str, ACTION_NAMES))}")
    if name in _LIMITS:
        low, high = _LIMITS[name]
        if not (values.min() >= low and values.max() <= high):
            raise ValueError(f"treatments.{name}: must be {low} to {high}")


def check(treatments: Treatments) -> None:
    """Raise ValueError, naming the column, where a value is out of range."""
    for name in (*_FINITE, "action", *(name for name in _LIMITS if name not in _FINITE)):
        _check_column(name, treatments[name])
    day, person = treatments["day_told"], treatments["person"]
    if ((day[1:] == day[:-1]) & (person[1:] == person[:-1])).any():
        raise ValueError("treatments: a person is told twice on one day")


def rows_by_person(treatments: Treatments) -> NDArray[np.uint32]:
    """Return row numbers sorted by (person, round); rows of the table are in the order of rounds."""
    return np.argsort(treatments["person"], kind="stable").astype(np.uint32)
