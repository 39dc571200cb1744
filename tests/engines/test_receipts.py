"""What is booked is received in some month: nothing is lost or found on the way, whatever the horizon."""

from __future__ import annotations

import os

import numpy as np
from hypothesis import given, settings
from random_runs import Case, cases

from wom_sim.engines.compiled import Engine
from wom_sim.rules.money import FOREVER, Months, cents
from wom_sim.rules.worth import Worth, profit_value
from wom_sim.world import trace as tr
from wom_sim.world.books import NO_CHANGE, PROFIT, spread

BRINGS = Worth(
    margin=20.0, calls=5.0, usual=1.0, contact=2.0, credit=0.0, teach=0.0, complaint_value=0.0, churn=0.02, settles=9,
    fades=0.1, bill_day=0, discount=0.0, learning=0.0, lag=5, end=FOREVER,
)  # fmt: skip
EXAMPLES = int(os.environ.get("WOM_SIM_PARITY_EXAMPLES", "300"))


@settings(max_examples=max(40, EXAMPLES // 3), print_blob=True)
@given(cases())
def test_what_is_booked_is_received(case: Case):
    book = Engine(case.world).run(case.numbers, case.treatments, case.seed, **case.more).book
    counted = book.receipts[0] if case.numbers.end_month >= FOREVER else book.receipts[0, :-1]
    assert np.array_equal(counted.sum(axis=0), book.ledger.sum(axis=(0, 1)))


@settings(max_examples=max(40, EXAMPLES // 3), print_blob=True)
@given(cases())
def test_no_horizon_is_the_horizon_and_what_comes_after_it(case: Case):
    """Of flows; what is paid at once after a horizon is counted under both."""
    engine = Engine(case.world)
    near = engine.run(case.numbers._replace(end_month=20), case.treatments, case.seed, **case.more).book
    ever = engine.run(case.numbers._replace(end_month=FOREVER), case.treatments, case.seed, **case.more).book
    apart = near.receipts[0].sum(axis=0) - ever.receipts[0].sum(axis=0)
    assert np.abs(apart).max() <= 4 * (1 + near.tally.sum() + np.abs(near.daily[:, tr.D_EXTRA_JOINS]).sum())
    if case.numbers.contact_lag == 0:
        months = min(near.receipts.shape[1], ever.receipts.shape[1]) - 1
        cents = np.abs(near.receipts[0, :months] - ever.receipts[0, :months]).max()
        assert cents <= 40 * (1 + near.tally.sum() + np.abs(near.daily[:, tr.D_EXTRA_JOINS]).sum())


@settings(max_examples=max(40, EXAMPLES // 3), print_blob=True)
@given(cases())
def test_cash_is_worth_less_the_later_it_comes(case: Case):
    discount = case.numbers.discount
    trace = Engine(case.world).run(case.numbers, case.treatments, case.seed, **case.more)
    book = trace.book
    worth, cash = book.receipts[0, :-1].astype(float), book.receipts[1, :-1].astype(float)
    events = (
        2
        + book.tally.sum()
        + (trace.told >= 0).sum()
        + book.daily[:, tr.D_CALLS].sum()
        + np.abs(book.daily[:, tr.D_EXTRA_JOINS]).sum()
    )
    month = np.arange(len(worth))[:, np.newaxis]
    low, high = worth * (1.0 + discount) ** month, worth * (1.0 + discount) ** (month + 1)
    slack = 2.0 * events + np.abs(worth) * 0.0
    assert (cash >= np.minimum(low, high) - slack - 0.01 * np.abs(cash)).all()
    assert (cash <= np.maximum(low, high) + slack + 0.01 * np.abs(cash)).all()


def spread_of(brings: Worth, at_stake: Months, days: int, sign: int = 1) -> np.ndarray:
    """Return what of a customer's profit is counted in each month, in hundredths; last comes what is later."""
    book = tr.new_book(days, False, end=brings.end)
    amount = sign * cents(profit_value(brings, at_stake))
    spread(book, (PROFIT, tr.L_KEPT, sign), amount, brings, at_stake, NO_CHANGE)
    return book.receipts[0, :, tr.L_KEPT]


def test_calls_that_are_spared_after_the_months_that_are_kept_come_later():
    """A departure that came two months earlier, at the end of a run of three: five months later calls are spared."""
    found = spread_of(BRINGS, Months(1, 3, 3, 9, 0.02, 0.1), 90)
    assert found.tolist() == [0, 2000, 2000, 0, -2000], "months 6 and 7 are later than 0 to 3, which are kept"
    with_horizon = spread_of(BRINGS._replace(end=7), Months(1, 3, 3, 9, 0.02, 0.1), 90)
    assert with_horizon.tolist() == [0, 2000, 2000, 0, 0, 0, -1000, -1000], "the horizon is month 7"


def test_what_is_worth_nothing_in_all_comes_with_the_sign_that_it_has_each_month():
    """Half a cent less than nothing in all, lost: what was earned at first is lost, what was to be paid is spared."""
    brings = BRINGS._replace(calls=2.0, contact=10.001, lag=2)
    at_stake = Months(0, 2, 3, 9, 0.02, 0.1)
    assert cents(profit_value(brings, at_stake)) == 0 > profit_value(brings, at_stake)
    assert spread_of(brings, at_stake, 90, sign=-1).tolist() == [-2000, -2000, 2000, 2000, 0]
    assert spread_of(brings, at_stake, 90, sign=1).tolist() == [2000, 2000, -2000, -2000, 0]
