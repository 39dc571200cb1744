"""A scenario as it is told in a language: its own texts, and the names of its policies, where it has them."""

from __future__ import annotations

from collections.abc import Mapping

from wom_sim.scenario.models import Scenario
from wom_sim.scenario.sections.texts import InLanguage
from wom_sim.scenario.tree import KeyPath, Node, find
from wom_sim.words import Words

TEXTS = "texts"
TOLD = ("name", "question", "story", "sources")
"""Texts of a scenario that it may have in several languages."""


def texts_in(scenario: Scenario, lang: str) -> InLanguage:
    """Return the scenario's own texts in a language; nothing in them where it has none."""
    return getattr(scenario.texts, lang, None) or InLanguage()


def told_in(scenario: Scenario, lang: str) -> Scenario:
    """Return the scenario with name, question, story and sources in a language; what it lacks, as it stands.

    For what is shown only: neither what is simulated nor the fingerprint of a result comes from it.
    """
    own = texts_in(scenario, lang)
    return scenario.model_copy(update={name: text for name in TOLD if (text := getattr(own, name)) is not None})


def policies_in(scenario: Scenario, lang: str) -> Mapping[str, str]:
    """Return what the scenario calls its policies in a language, by their names; those alone that it names there."""
    return {policy.name: policy.called for policy in texts_in(scenario, lang).policies}


def words_for(scenario: Scenario, lang: str) -> Words:
    """Return the words of a language, in which policies are called as the scenario has it.

    Raises
    ------
    ValueError
        For a language that there is not.
    """
    return Words(lang, policies_in(scenario, lang))


def without_stale_texts(base: Node, over: Node) -> Node:
    """Return the inherited scenario without the translations of those texts that ``over`` says anew."""
    for name in TOLD:
        if find(over, (name,)) is not None:
            base = without_translations(base, (name,))
    return base


def without_translations(root: Node, path: KeyPath) -> Node:
    """Return the scenario without what it says in further languages of the text at ``path``; else as it is."""
    texts = find(root, (TEXTS,))
    if len(path) != 1 or path[0] not in TOLD or texts is None or not texts.is_table:
        return root
    kept = {
        lang: Node({k: v for k, v in told.value.items() if k != path[0]}, told.origin) if told.is_table else told
        for lang, told in texts.value.items()
    }
    return Node({**root.value, TEXTS: Node(kept, texts.origin)}, root.origin)
