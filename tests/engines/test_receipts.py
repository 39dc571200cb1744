"""What is booked is received in some month: nothing is lost or found on the way, whatever the horizon."""

from __future__ import annotations

import os

import numpy as np
from hypothesis import given, settings
from random_runs import Case, cases

from wom_sim.engines.compiled import Engine
from wom_sim.rules.money import FOREVER
from wom_sim.world import trace as tr

EXAMPLES = int(os.environ.get("WOM_SIM_PARITY_EXAMPLES", "300"))


@settings(max_examples=max(40, EXAMPLES // 3), print_blob=True)
@given(cases())
def test_what_is_booked_is_received(case: Case):
    book = Engine(case.world).run(case.numbers, case.treatments, case.seed).book
    counted = book.receipts[0] if case.numbers.end_month >= FOREVER else book.receipts[0, :-1]
    assert np.array_equal(counted.sum(axis=0), book.ledger.sum(axis=(0, 1)))


@settings(max_examples=max(40, EXAMPLES // 3), print_blob=True)
@given(cases())
def test_no_horizon_is_the_horizon_and_what_comes_after_it(case: Case):
    """Of flows; what is paid at once after a horizon is counted under both."""
    engine = Engine(case.world)
    near = engine.run(case.numbers._replace(end_month=20), case.treatments, case.seed).book
    ever = engine.run(case.numbers._replace(end_month=FOREVER), case.treatments, case.seed).book
    apart = near.receipts[0].sum(axis=0) - ever.receipts[0].sum(axis=0)
    assert np.abs(apart).max() <= 4 * (1 + near.tally.sum() + np.abs(near.daily[:, tr.D_EXTRA_JOINS]).sum())
    if case.numbers.contact_lag == 0:
        months = min(near.receipts.shape[1], ever.receipts.shape[1]) - 1
        cents = np.abs(near.receipts[0, :months] - ever.receipts[0, :months]).max()
        assert cents <= 40 * (1 + near.tally.sum() + np.abs(near.daily[:, tr.D_EXTRA_JOINS]).sum())


@settings(max_examples=max(40, EXAMPLES // 3), print_blob=True)
@given(cases())
def test_cash_is_worth_less_the_later_it_comes(case: Case):
    book, discount = Engine(case.world).run(case.numbers, case.treatments, case.seed).book, case.numbers.discount
    worth, cash = book.receipts[0, :-1].astype(float), book.receipts[1, :-1].astype(float)
    events = (
        2
        + book.tally.sum()
        + book.daily[:, [tr.D_TOLD, tr.D_CALLS]].sum()
        + np.abs(book.daily[:, tr.D_EXTRA_JOINS]).sum()
    )
    month = np.arange(len(worth))[:, np.newaxis]
    low, high = worth * (1.0 + discount) ** month, worth * (1.0 + discount) ** (month + 1)
    slack = 2.0 * events + np.abs(worth) * 0.0
    assert (cash >= np.minimum(low, high) - slack - 0.01 * np.abs(cash)).all()
    assert (cash <= np.maximum(low, high) + slack + 0.01 * np.abs(cash)).all()
