"""``[texts]``: the scenario's own texts in further languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import create_model, model_validator

from wom_sim.scenario.fields import Section, key
from wom_sim.words.languages import EVERY


class PolicyCalled(Section):
    """What a policy is called in a language."""

    name: str = key(..., "The policy's name, as under policies", min_length=1, max_length=60)
    called: str = key(..., "What it is called in this language", min_length=1, max_length=60)


class InLanguage(Section):
    """The scenario's texts in one language; what is left out is told as the scenario itself has it."""

    name: str | None = key(None, "Its name", min_length=1, max_length=80)
    question: str | None = key(None, "Its question", min_length=1)
    story: str | None = key(None, "Its story", min_length=1)
    sources: tuple[str, ...] | None = key(None, "Its sources", min_length=1)
    policies: tuple[PolicyCalled, ...] = key((), "What its policies are called", max_length=50)

    @model_validator(mode="after")
    def _called_once(self) -> InLanguage:
        names, called = [p.name for p in self.policies], [p.called.casefold() for p in self.policies]
        if len(set(names)) < len(names):
            raise ValueError("policies: one is given twice")
        if len(set(called)) < len(called):
            raise ValueError("policies: two are called the same, so nobody could tell them apart")
        return self


if TYPE_CHECKING:

    class Texts(Section):
        """The scenario's own texts, by language."""

else:
    # A key for each language that there is a catalogue of: a further catalogue is a further key.
    Texts = create_model(
        "Texts",
        __base__=Section,
        __doc__="The scenario's own texts, by language.",
        **{lang: (InLanguage | None, key(None, f"In the language {lang}")) for lang in EVERY},
    )
