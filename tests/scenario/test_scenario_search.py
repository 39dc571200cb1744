"""A lever that recommend may vary is a key of a policy, of a choice or of a response, of the same unit and type."""

from __future__ import annotations

from typing import get_args

import pytest

from wom_sim.scenario.sections.choose import Choose
from wom_sim.scenario.sections.policies import Policy
from wom_sim.scenario.sections.response import Response
from wom_sim.scenario.sections.search import Search, SearchChoose, SearchResponse

LEVERS = [
    (listed, declared, name)
    for listed, declared in ((Search, Policy), (SearchChoose, Choose), (SearchResponse, Response))
    for name in listed.model_fields
    if name not in ("policies", "choose", "response")
]


def scalars(annotation) -> set[object]:
    """The types, or the words, that an annotation allows, but for None and for how many."""
    inner = get_args(annotation)
    return {annotation} if not inner else {each for part in inner for each in scalars(part)} - {type(None), ...}


@pytest.mark.parametrize(("listed", "declared", "name"), LEVERS, ids=[name for *_, name in LEVERS])
def test_a_lever_to_search_is_declared_alike(listed, declared, name):
    tried, lever = listed.model_fields[name], declared.model_fields[name]
    assert tried.json_schema_extra["unit"] == lever.json_schema_extra["unit"]
    assert scalars(tried.annotation) <= scalars(lever.annotation)
