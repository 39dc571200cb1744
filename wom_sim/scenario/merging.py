"""How one file builds on another.

* A table is merged, key by key.
* A list is replaced as a whole,
* but for a list of tables that carry ``name`` (policies, population.segments, media.outlets): an item is
  merged into the inherited one of the same name, and a new name is appended. Items without a name are
  appended too: the missing name is then the only fault that is reported of them.
* A distribution in place of a number is replaced as a whole.
* Where ``network.kind`` changes, inherited keys that the new kind does not know are dropped.
* Where ``population.file`` is given, inherited ``population.customers`` are dropped: they were another firm's.
* Where ``name``, ``question``, ``story`` or ``sources`` is given anew, inherited translations of it are dropped.
* Where ``currency`` changes, inherited amounts are still in the former one, and remember it.
"""

from __future__ import annotations

from wom_sim.scenario.distributions import WORDS
from wom_sim.scenario.former_currency import CURRENCY, keep_currency
from wom_sim.scenario.model_keys import DEFAULT_KIND, NETWORK, Slot, keys_of, slot_at, table_for
from wom_sim.scenario.translation import without_stale_texts
from wom_sim.scenario.tree import KeyPath, Node, find, name_of

FILE: KeyPath = ("population", "file")


def inherit(base: Node, over: Node) -> Node:
    """Return the scenario ``base`` with everything in ``over`` laid on top."""
    currency = find(over, CURRENCY)
    if currency is not None:
        base = keep_currency(base, currency.value)
    if find(over, FILE) is not None:
        base = without_customers(base)
    base = without_stale_texts(base, over)
    network = find(over, NETWORK)
    kind = None if network is None else find(network, ("kind",))
    return merge(base if kind is None else without_strange_keys(base, kind.value), over)


def without_customers(root: Node) -> Node:
    """Return the scenario without the number of its customers."""
    population = find(root, FILE[:1])
    if population is None or not population.is_table or "customers" not in population.value:
        return root
    kept = {key: value for key, value in population.value.items() if key != "customers"}
    return Node({**root.value, FILE[0]: Node(kept, population.origin)}, root.origin)


def without_strange_keys(root: Node, kind: object) -> Node:
    """Return the scenario without those keys of its network that a network of ``kind`` does not know.

    Nothing is dropped for a kind that does not exist, nor where the kind stays the same.
    """
    network = find(root, NETWORK)
    if network is None or not network.is_table:
        return root
    old = find(network, ("kind",))
    table = table_for(slot_at(NETWORK) or Slot(None), kind)
    if table is None or kind == (DEFAULT_KIND if old is None else old.value):
        return root
    kept = {k: v for k, v in network.value.items() if k in keys_of(table)}
    return Node({**root.value, "network": Node(kept, network.origin)}, root.origin)


def merge(base: Node, over: Node) -> Node:
    """Return ``base`` with ``over`` on top."""
    if base.is_table and over.is_table and not is_distribution(over):
        merged = {k: merge(base.value[k], v) if k in base.value else v for k, v in over.value.items()}
        return Node({**base.value, **merged}, over.origin)
    if _is_named(base) and _is_named(over):
        return Node(_merge_items(base.value, over.value), over.origin)
    return over


def is_distribution(node: Node) -> bool:
    """Whether this is a table of nothing but the words of a distribution."""
    return node.is_table and bool(node.value) and node.value.keys() <= WORDS


def _is_named(node: Node) -> bool:
    """Whether this is a list of tables of which at least one carries a name."""
    if not node.is_list or not all(item.is_table for item in node.value):
        return False
    return any(name_of(item) is not None for item in node.value)


def _merge_items(base: list[Node], over: list[Node]) -> list[Node]:
    """Merge items by name, in the order of ``base``. A name given twice is kept twice, to be reported."""
    items = list(base)
    places = {name_of(item): n for n, item in reversed(list(enumerate(base))) if name_of(item) is not None}
    for item in over:
        place = places.pop(name_of(item), None)
        if place is None:
            items.append(item)
        else:
            items[place] = merge(items[place], item)
    return items
