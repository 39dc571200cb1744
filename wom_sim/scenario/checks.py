"""What a scenario names must exist: policies, segments, files.

pydantic looks at rules that bind several keys only once every single key is right. These checks look at the
data as it stands, so that a misspelt policy is reported together with everything else.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from wom_sim import plugins, policies
from wom_sim.scenario.errors import Fault, did_you_mean, visible
from wom_sim.scenario.faults import Complaints
from wom_sim.scenario.reading import is_file
from wom_sim.scenario.sections.population import Population
from wom_sim.scenario.translation import TEXTS
from wom_sim.scenario.tree import KeyPath, Node, find, name_of
from wom_sim.scenario.wording import given

_SEGMENTS: KeyPath = ("population", "segments")
_OUTLETS: KeyPath = ("media", "outlets")
_UNSEEN = ("Cc", "Zl", "Zp")
"""Categories of Unicode: control characters, and those that end a line or a paragraph."""
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Characters that turn the direction of what follows, so a name would be shown as another; and the byte order mark."""
CHOSEN_SEGMENTS: KeyPath = ("choose", "segments")
GRAPH_FILE: KeyPath = ("network", "path")
POSTERIOR: KeyPath = ("worlds", "posterior")


def named_things(complaints: Complaints, files: bool = True) -> dict[KeyPath, Fault]:
    """Return the faults of names that nothing bears, by path; ``files``: those of files as well."""
    faults = {}
    for path, node in _used_policies(complaints.root):
        # names() asks every installed package, which takes a while; rarely needed
        if node.value not in policies.POLICIES and node.value not in policies.names():
            faults[path] = _unknown_name(complaints, path, node, policies.names())
    faults |= _plugins(complaints)
    segments = _segment_names(complaints.root)
    for path, node in _chosen_segments(complaints.root):
        if segments and node.value not in segments:
            faults[path] = _unknown_name(complaints, path, node, segments)
    faults |= _called(complaints)
    for path, node in _names(complaints.root):
        if _is_text(node) and (words := _hidden_in(node.value)):
            faults[path] = complaints.fault(path, message=f"{given(node.value)} {words}")
    graph = find(complaints.root, GRAPH_FILE)
    is_path = files and graph is not None and complaints.kind in ("file", "market") and _is_text(graph)
    if graph is not None and is_path and not is_file(graph.value):
        faults[GRAPH_FILE] = complaints.fault(GRAPH_FILE, message=f"no such file: '{visible(graph.value)}'")
    posterior = find(complaints.root, POSTERIOR)
    if files and posterior is not None and _is_text(posterior) and not is_file(posterior.value):
        words = (
            f"no such file: '{visible(posterior.value)}'; allowed: the folder of wom-sim fit, or its posterior.parquet"
        )
        faults[POSTERIOR] = complaints.fault(POSTERIOR, message=words)
    return faults


_PLUGGED = {
    "population": plugins.POPULATION, "network": plugins.NETWORK, "indicators": plugins.INDICATOR,
    "pick_up": plugins.RULE, "coverage": plugins.RULE, "harm": plugins.RULE, "hazard": plugins.RULE,
    "charts": plugins.CHART, "sections": plugins.SECTION,
}  # fmt: skip
"""Keys of ``[plugins]``, and the kind of what they name."""


def _plugins(complaints: Complaints) -> dict[KeyPath, Fault]:
    """Return the faults of names in ``[plugins]`` that no installed package has."""
    faults: dict[KeyPath, Fault] = {}
    for name, kind in _PLUGGED.items():
        for path, node in _texts_at(complaints.root, ("plugins", name)):
            if node.value not in plugins.names(kind):
                faults[path] = _unknown_plugin(complaints, path, node, kind)
    return faults


def _texts_at(root: Node, path: KeyPath) -> Iterator[tuple[KeyPath, Node]]:
    """Yield the text at a path, or those of the list there."""
    node = find(root, path)
    if node is not None and node.is_list:
        yield from (((*path, n), item) for n, item in enumerate(node.value) if _is_text(item))
    elif node is not None and _is_text(node):
        yield path, node


def _unknown_plugin(complaints: Complaints, path: KeyPath, node: Node, kind: str) -> Fault:
    """Return the fault of a plug-in that is not installed."""
    known = plugins.names(kind)
    there = f"installed: {', '.join(map(given, known))}" if known else f"no installed package has a {kind}"
    words = f"no {kind} of another package is named {given(node.value)}; {there}"
    return complaints.fault(path, message=words, suggestion=did_you_mean(node.value, known))


def _called(complaints: Complaints) -> dict[KeyPath, Fault]:
    """Return the faults of policies that are called something in a language, and are not there."""
    root, faults = complaints.root, dict[KeyPath, Fault]()
    listed = find(root, ("policies",))
    known = tuple(name for item in listed.value if (name := name_of(item))) if listed and listed.is_list else ()
    texts = find(root, (TEXTS,))
    for lang in texts.value if texts is not None and texts.is_table else ():
        called = find(root, (TEXTS, lang, "policies"))
        for number in range(len(called.value)) if called is not None and called.is_list else ():
            path: KeyPath = (TEXTS, lang, "policies", number, "name")
            node = find(root, path)
            if known and node is not None and _is_text(node) and node.value not in known:
                faults[path] = _unknown_name(complaints, path, node, known)
    return faults


def _hidden_in(name: str) -> str:
    """Return what a name has that nobody sees: two names could else look the same; empty if nothing."""
    if any(unicodedata.category(c) in _UNSEEN or c in _TURNS for c in name):
        return "has a character that steers the screen instead of being shown"
    if name and not name.strip():
        return "is blank, allowed: a name that can be seen"
    if name != name.strip():
        return "begins or ends with a space, which nobody sees"
    return ""


def _names(root: Node) -> Iterator[tuple[KeyPath, Node]]:
    """Yield the name of the scenario, and of each policy, segment and outlet; in every language that it says them."""
    lists: tuple[KeyPath, ...] = (("policies",), _SEGMENTS, _OUTLETS)
    places: list[KeyPath] = [("name",)]
    for path in lists:
        listed = find(root, path)
        number = len(listed.value) if listed is not None and listed.is_list else 0
        places += [(*path, n, "name") for n in range(number)]
    texts = find(root, (TEXTS,))
    for lang in texts.value if texts is not None and texts.is_table else ():
        called = find(root, (TEXTS, lang, "policies"))
        number = len(called.value) if called is not None and called.is_list else 0
        places += [(TEXTS, lang, "name"), *((TEXTS, lang, "policies", n, "called") for n in range(number))]
    for place in places:
        node = find(root, place)
        if node is not None:
            yield place, node


def _is_text(node: Node | None) -> bool:
    """Whether this is a text with something in it."""
    return node is not None and isinstance(node.value, str) and bool(node.value)


def _unknown_name(complaints: Complaints, path: KeyPath, node: Node, known: tuple[str, ...]) -> Fault:
    """Return the fault of a name that is not one of ``known``."""
    words = "one of " + ", ".join(given(name) for name in known)
    hint = did_you_mean(node.value, known)
    return complaints.fault(path, given=given(node.value), allowed=words, suggestion=hint)


def _policy_paths(root: Node) -> list[KeyPath]:
    """Return the paths of the policies."""
    listed = find(root, ("policies",))
    return [("policies", number) for number in range(len(listed.value))] if listed and listed.is_list else []


def _used_policies(root: Node) -> Iterator[tuple[KeyPath, Node]]:
    """Yield the text under ``use`` of each policy, and of what follows it."""
    for path in _policy_paths(root):
        for place in ((*path, "use"), (*path, "then", "use")):
            node = find(root, place)
            if node is not None and _is_text(node):
                yield place, node


def _chosen_segments(root: Node) -> Iterator[tuple[KeyPath, Node]]:
    """Yield every segment that a ``choose`` names, the scenario's and each policy's."""
    for path in ((), *_policy_paths(root)):
        names = find(root, (*path, *CHOSEN_SEGMENTS))
        for number, node in enumerate(names.value if names is not None and names.is_list else ()):
            if isinstance(node.value, str):
                yield (*path, *CHOSEN_SEGMENTS, number), node


def _segment_names(root: Node) -> tuple[str, ...]:
    """Return the names of the segments; the default's if the file has none."""
    listed = find(root, _SEGMENTS)
    if listed is None:
        return tuple(segment.name for segment in Population.model_fields["segments"].default)
    return tuple(name for item in listed.value if (name := name_of(item))) if listed.is_list else ()
