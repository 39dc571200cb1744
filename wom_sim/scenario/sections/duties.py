"""``country`` and ``[duties]``: which authorities there are, and what the law asks."""

from __future__ import annotations

from typing import Literal

from wom_sim.scenario.fields import Section, key

Country = Literal["uk", "us", "nl", "de"]


class Duties(Section):
    """What the law asks of a firm that ends a contract: a policy that does otherwise is told so, and nothing else."""

    notice_days: int = key(0, "Days of notice, at least", unit="days", ge=0, le=3650)
    reasons: bool = key(False, "That reasons are given to the customer")
    written: bool = key(False, "That it is done in writing: by letter or e-mail")
    complaint_route: bool = key(False, "That there is a way to appeal")
    source: str = key("", "Which law", max_length=300)
