"""Those for whom one person stands: told one after another, their posts read by as many as at full size."""

import doctest

import pytest

from wom_sim.world import members


def test_examples():
    assert doctest.testmod(members).failed == 0
    assert doctest.testmod(members).attempted >= 4


@pytest.mark.parametrize("audience", [0, 1, 7, 20, 999, 1_000_000])
@pytest.mark.parametrize("represents", [1, 3, 20, 999])
def test_readers_stand_for_the_audience_on_average(audience, represents):
    most = members.most_readers(audience, represents)
    steps = 4 * represents
    last = most - 1
    whole = sum(members.reads_it(0.999999, k, audience, represents) for k in (0, last - 1) if 0 <= k < last)
    assert whole == len({k for k in (0, last - 1) if 0 <= k < last}), "only the last is left to chance"
    chance = sum(members.reads_it((v + 0.5) / steps, last, audience, represents) for v in range(steps)) / steps
    readers = max(0, last) + (chance if most else 0.0)
    assert readers * represents == pytest.approx(audience, abs=0.01 * represents)


def test_luck_next_to_one_does_not_lose_the_last_reader_of_a_large_audience():
    """Added to a large number, such luck is rounded up to 1."""
    assert members.reads_it(1.0 - 2.0**-33, 2**20 - 1, 2**20, 1)


def test_posts_of_members_have_codes_of_their_own():
    codes = {members.code_of_member(code, member) for code in range(256) for member in (0, 1, 2, 99_999)}
    assert len(codes) == 256 * 4
    assert max(codes) < 2**32
    assert [members.code_of_member(code, 0) for code in (0, 1, 255)] == [0, 1, 255], "the first is the person"


def test_members_are_told_one_after_another():
    assert [members.days_later(k, 0.5) for k in range(5)] == [0, 0, 1, 1, 2]
    assert {members.days_later(k, 0.0) for k in range(50)} == {0}
