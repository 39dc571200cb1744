"""Small scenarios that several tests share: runs take milliseconds."""

from __future__ import annotations

FIRST = "scenarios/first_look.toml"
TWO_POLICIES = """
name = "Small"
[population]
customers = {customers}
prospects = {prospects}
[run]
days = {days}
[choose]
limit = {limit}
[[policies]]
name = "letter"
use = "bulk_letter"
[[policies]]
name = "exit"
use = "paid_exit"
payment = 200.0
"""
WHOLE = (
    "money.contact_avoidable=1", "money.contact_lag_months=0", "money.horizon_months=inf",
    'population.segments=[{name="customers",account_avoidable=1,settles_like="nothing"}]',
)  # fmt: skip
"""What makes all that is charged to a customer go with them, at once and for good: letting go then pays, in tests that
are about something else."""


def first_look(replications: int) -> list[str]:
    """Return what makes the first scenario small."""
    changes = {"population.customers": 3000, "population.prospects": 300, "run.days": 90, "choose.limit": 20}
    return [f"{key}={value}" for key, value in (changes | {"run.replications": replications}).items()]


def two_policies(customers: int, days: int, limit: int) -> str:
    """Return a scenario file with a letter and a paid exit."""
    return TWO_POLICIES.format(customers=customers, prospects=customers // 10, days=days, limit=limit)
