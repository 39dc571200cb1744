"""Which headers are taken for personal data: what names or reaches somebody, not what they have."""

from __future__ import annotations

import pytest

from wom_sim.intake.meanings import PERSONAL, bare_header


@pytest.mark.parametrize("header", ["Phone", "MobileNumber", "contact phone", "telefoon", "Email", "Surname", "zip"])
def test_what_reaches_somebody_is_personal(header):
    assert PERSONAL.fullmatch(bare_header(header))


@pytest.mark.parametrize("header", ["PhoneService", "phone lines", "mobile plan", "MultipleLines", "PaymentMethod"])
def test_what_somebody_has_is_not(header):
    assert not PERSONAL.fullmatch(bare_header(header))
