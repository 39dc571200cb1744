"""Ledger lines that are known only when a run is over."""

from __future__ import annotations

from wom_sim.rules.leaving import MONTH
from wom_sim.rules.money import cents, months_value
from wom_sim.world import trace as tr
from wom_sim.world.treatments import Treatments


def book_price_paid(trace: tr.Trace, treatments: Treatments, days: int, discount: float) -> None:
    """Book what those who stay pay more (or cost less) a month, from being told until they leave or the run ends."""
    for row in (treatments["profit_change"] != 0.0).nonzero()[0]:
        told = int(trace.told[row])
        if told < 0:
            continue
        last = int(trace.left[row]) if trace.left[row] >= 0 else days
        amount = months_value(float(treatments["profit_change"][row]), told // MONTH, -(-last // MONTH), discount)
        tr.pay(trace.book, told, tr.L_PRICE, cents(amount))
