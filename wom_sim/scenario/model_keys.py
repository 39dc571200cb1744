"""Which keys the model knows: what may stand at a path, under which limits, and what it means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from wom_sim.scenario.models import Scenario
from wom_sim.scenario.sections.network import MarketNetwork
from wom_sim.scenario.tree import KeyPath

NETWORK: KeyPath = ("network",)
_LIMITS = ("ge", "gt", "le", "lt", "multiple_of", "min_length", "max_length")
DEFAULT_KIND: str = MarketNetwork.model_fields["kind"].default


@dataclass(frozen=True)
class Slot:
    """A place for a value: its type, and the declaration of its key (None for an item of a list)."""

    annotation: Any
    field: FieldInfo | None = None

    @cached_property
    def limits(self) -> dict[str, Any]:
        """Return the limits by pydantic's names: ge, gt, le, lt, multiple_of, min_length, max_length."""
        notes = self.field.metadata if self.field else ()
        return {n: getattr(note, n) for note in notes for n in _LIMITS if getattr(note, n, None) is not None}

    @cached_property
    def about(self) -> dict[str, Any]:
        """Return unit, source, grade and plausible range, as far as they are declared."""
        extra = self.field.json_schema_extra if self.field else None
        return {k: v for k, v in extra.items() if v} if isinstance(extra, dict) else {}

    @cached_property
    def meaning(self) -> str:
        """Return the first sentence of the description; of a table, that of its docstring."""
        text = self.field.description if self.field else None
        if text is None and (tables := self.tables):
            text = tables[0].__doc__
        return (text or "").partition(". ")[0].partition("\n")[0].rstrip(".")

    @cached_property
    def default(self) -> Any:
        """Return the default, ``...`` where the key is required."""
        return ... if self.field is None or self.field.is_required() else self.field.default

    @cached_property
    def kinds(self) -> tuple[Any, ...]:
        """Return the types that fit, without None."""
        union = get_origin(self.annotation) in (Union, UnionType)
        kinds = get_args(self.annotation) if union else (self.annotation,)
        return tuple(kind for kind in kinds if kind is not NoneType)

    @cached_property
    def tables(self) -> tuple[type[BaseModel], ...]:
        """Return the models that fit; empty if no table does."""
        return tuple(k for k in self.kinds if isinstance(k, type) and issubclass(k, BaseModel))

    @cached_property
    def item(self) -> Slot | None:
        """Return the slot of the items, None if this is not a list."""
        kind = self.kinds[0]
        return Slot(get_args(kind)[0]) if get_origin(kind) is tuple else None

    @cached_property
    def choices(self) -> tuple[str, ...]:
        """Return the values of a key that has but a few, else nothing."""
        return get_args(self.kinds[0]) if get_origin(self.kinds[0]) is Literal else ()

    @cached_property
    def is_number(self) -> bool:
        """Whether only a number fits."""
        return self.kinds[0] in (int, float) and len(self.kinds) == 1

    @cached_property
    def takes_text(self) -> bool:
        """Whether only text fits."""
        return self.kinds == (str,) or bool(self.choices)


ROOT = Slot(Scenario)


def table_for(slot: Slot, kind: Any = DEFAULT_KIND) -> type[BaseModel] | None:
    """Return the model of a table; of several, that whose ``kind`` can be ``kind``."""
    if len(slot.tables) < 2:
        return slot.tables[0] if slot.tables else None
    return next((table for table in slot.tables if kind in kinds_of(table)), None)


def kinds_of(table: type[BaseModel]) -> tuple[str, ...]:
    """Return the values that the ``kind`` of a table can have."""
    return Slot(table.model_fields["kind"].annotation).choices


@cache
def keys_of(table: type[BaseModel] | None) -> Mapping[str, Slot]:
    """Return the slots of a table by key, without what is not written in a file as such (``Scenario.uncertain``)."""
    fields = {} if table is None else table.model_fields
    slots = {key: Slot(field.annotation, field) for key, field in fields.items()}
    return MappingProxyType({key: slot for key, slot in slots.items() if "internal" not in slot.about})


def slot_at(path: KeyPath, kind: Any = DEFAULT_KIND, top: Slot = ROOT) -> Slot | None:
    """Return what may stand at ``path``, or None if nothing may. ``kind`` is that of the network."""
    slot: Slot | None = top
    for part in path:
        if slot is None:
            return None
        slot = slot.item if isinstance(part, int) else keys_of(table_for(slot, kind)).get(part)
    return slot


def network_kinds(key: str = "kind") -> list[str]:
    """Return the kinds of network that know ``key``."""
    tables = keys_of(Scenario)["network"].tables
    return [kind for table in tables if key in table.model_fields for kind in kinds_of(table)]


def every_key(slot: Slot = ROOT, path: str = "") -> Iterator[tuple[str, Slot]]:
    """Yield every key with its slot, in the model's order; items of a list are written ``policies[]``."""
    seen = set()
    for table in slot.tables:
        for key, inner in keys_of(table).items():
            here = f"{path}.{key}" if path else key
            if here in seen:  # kinds of networks share keys
                continue
            seen.add(here)
            yield here, inner
            if inner.item is not None and inner.item.tables:
                yield from every_key(inner.item, f"{here}[]")
            elif inner.tables:
                yield from every_key(inner, here)
