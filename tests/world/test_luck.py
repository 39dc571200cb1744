"""Luck is Philox4x32-10, keyed by identity; purposes never share a number."""

from __future__ import annotations

import numpy as np
import pytest

from wom_sim.networks import stubs, weave
from wom_sim.populations import synthetic
from wom_sim.world import luck
from wom_sim.world.luck import (
    Purpose,
    four,
    four_words,
    monthly,
    philox,
    replication_seed,
    stranger,
    uniform,
    unit,
    words_in_row,
)

MOST = 2**32 - 1
SEEDS = tuple(np.uint64(seed) for seed in (0, 1, 2007, 2**32, 2**63 - 1, 2**63, 2**64 - 1))

BLOCKS = {
    "BLOCK_HEARER": Purpose.REACTION,
    "BLOCK_VICTIM": Purpose.VICTIM_TALK,
    "BLOCK_TALKER": Purpose.HEARER_POST,
    "BLOCK_TELL": Purpose.TELL,
    "BLOCK_STRANGER": Purpose.STRANGER,
    "BLOCK_READER": Purpose.READER,
    "BLOCK_LEAVE": Purpose.LEAVE,
    "BLOCK_JOIN": Purpose.JOIN,
    "BLOCK_FOLLOW": Purpose.FOLLOW,
    "BLOCK_PICKUP": Purpose.PICKUP,
    "BLOCK_BROADCAST": Purpose.BROADCAST,
    "BLOCK_POLICY": Purpose.AGREE,
    "BLOCK_SETTLES": Purpose.CHRONIC,
    "BLOCK_STORY": Purpose.STORY,
    "BLOCK_TASTE": Purpose.TASTE,
    "BLOCK_ANECDOTE": Purpose.ANECDOTE,
    "BLOCK_REPORTED": Purpose.REPORTED,
    "BLOCK_AUTHORITY": Purpose.AUTHORITY,
    "BLOCK_OBEYED": Purpose.OBEYED,
    "BLOCK_COMPLAINS": Purpose.COMPLAINS,
    "BLOCK_AUDIENCE": Purpose.FOLLOWERS,
    "BLOCK_MEETS": Purpose.MEETS,
}
BUILDERS = (
    (synthetic, "BLOCK_COMMUNITY", Purpose.COMMUNITY),
    (synthetic, "BLOCK_HOUSEHOLD", Purpose.HOUSEHOLD),
    (synthetic, "_PERSON", Purpose.PERSON),
    (synthetic, "_EXTRA", Purpose.PERSON_EXTRA),
    (synthetic, "_SHAPE", Purpose.PERSON_SHAPE),
    (weave, "_PLACE", Purpose.PLACE),
    (weave, "_CLOSE", Purpose.CLOSE),
    (stubs, "_ACQUAINTANCES", Purpose.ACQUAINTANCES),
    (weave, "_TOWN", Purpose.TOWN),
    (stubs, "_FAR", Purpose.FAR),
    (stubs, "_FAR_PARTNER", Purpose.FAR_PARTNER),
)
WHOLE_BLOCK = {Purpose.LEAVE, Purpose.JOIN, Purpose.BROADCAST}
"""Purposes that use every lane of their block: months, people reached."""


@pytest.mark.parametrize(
    ("counter", "seed", "words"),
    [  # known answers of Random123 (Salmon et al. 2011), file kat_vectors
        ((0, 0, 0, 0), 0, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((MOST,) * 4, 2**64 - 1, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0x299F31D0 << 32) | 0xA4093822,
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
    ids=["zeros", "ones", "pi"],
)
def test_known_answers(counter, seed, words):
    assert tuple(int(word) for word in philox(*counter, np.uint64(seed))) == words


def test_unit_is_open_and_exact():
    assert unit(0) == 2.0**-33
    assert unit(MOST) == 1.0 - 2.0**-33
    assert unit(2**31) == 0.5 + 2.0**-33


@pytest.mark.parametrize("seed", SEEDS)
def test_uniform_four_and_words_agree(seed):
    for block, who, whom, day in ((1, 0, 0, 0), (4, 53_000_000, MOST, 364), (12, MOST, 7, 3650)):
        words = philox(who, whom, day, block, seed)
        numbers = four(seed, block, who, whom, day)
        assert numbers == tuple((int(word) + 0.5) / 2**32 for word in words)
        assert numbers == tuple(uniform(seed, 4 * block + lane, who, whom, day) for lane in range(4))
        assert all(0.0 < u < 1.0 for u in numbers)


@pytest.mark.parametrize("seed", SEEDS)
def test_monthly_is_four_months_an_evaluation(seed):
    found = [monthly(seed, luck.BLOCK_LEAVE, 41, month) for month in range(13)]
    by_lane = [uniform(seed, Purpose.LEAVE + month % 4, 41, 0, month // 4) for month in range(13)]
    assert found == by_lane
    assert len(set(found)) == 13


def test_a_stranger_comes_from_the_words_of_the_block():
    for occasion in range(50):
        who, u = stranger(2007, luck.BLOCK_STRANGER, 9, occasion, 1, 53_000_000)
        first, _, third, _ = four(2007, luck.BLOCK_STRANGER, 9, occasion, 1)
        assert who in (int(first * 53_000_000), int(first * 53_000_000) + 1, int(first * 53_000_000) - 1)
        assert u == third


@pytest.mark.parametrize("pool", [1, 2, 3, 7, 2**29])
def test_a_stranger_is_of_the_pool(pool):
    assert luck.choice(0, 0, pool) == 0
    assert luck.choice(MOST, MOST, pool) == pool - 1
    assert {luck.choice(word << 29, 0, pool) for word in range(8)} == {word * pool // 8 for word in range(8)}


def test_every_argument_matters():
    base = (2007, Purpose.TELL, 5, 6, 7)
    numbers = {uniform(*base)}
    for place in range(5):
        changed = list(base)
        changed[place] += 1
        numbers.add(uniform(*changed))
    assert len(numbers) == 6
    assert uniform(2007, Purpose.TELL, 6, 5, 7) != uniform(*base), "who and whom are not the same"


def test_high_and_low_half_of_the_seed_matter():
    assert len({uniform(seed, Purpose.LEAVE, 1, 0, 0) for seed in SEEDS}) == len(SEEDS)


def test_large_seeds():
    draws = {uniform(np.uint64(seed), Purpose.LEAVE, 1, 0, 0) for seed in (0, 2**63 - 1, 2**63, 2**64 - 1)}
    assert len(draws) == 4


def test_purposes_are_unique():
    values = [member.value for member in Purpose.__members__.values()]
    assert len(set(values)) == len(values), "two names for one purpose share their luck"
    blocks = [purpose >> 2 for purpose in Purpose]
    for purpose in WHOLE_BLOCK:
        assert purpose % 4 == 0
        assert blocks.count(purpose >> 2) == 1, f"{purpose.name} needs its block for itself"


@pytest.mark.parametrize("name", BLOCKS)
def test_blocks_are_those_of_their_purposes(name):
    assert getattr(luck, name) == BLOCKS[name] >> 2
    assert BLOCKS[name] % 4 == 0


def test_every_block_constant_is_in_the_table():
    assert {name for name in vars(luck) if name.startswith("BLOCK_")} == set(BLOCKS)


@pytest.mark.parametrize(("module", "name", "purpose"), BUILDERS, ids=[name for _, name, _ in BUILDERS])
def test_builders_use_the_blocks_of_their_purposes(module, name, purpose):
    assert getattr(module, name) == purpose >> 2


def test_lanes_with_names_are_purposes():
    assert (luck.REACTION, luck.RETELL, luck.CALL, luck.DEFEND) == (
        Purpose.REACTION,
        Purpose.RETELL,
        Purpose.CALL,
        Purpose.DEFEND,
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_replications_have_seeds_of_their_own(seed):
    seeds = [replication_seed(int(seed), replication) for replication in range(1000)]
    assert seeds == [replication_seed(int(seed), replication) for replication in range(1000)]
    assert len({int(seed), *seeds}) == 1001
    assert all(0 <= each < 2**64 for each in seeds)
    first, second, _, _ = philox(3, 0, 0, Purpose.REPLICATION >> 2, seed)
    assert seeds[3] == (int(first) << 32) | int(second)


def test_seed_zero_is_a_seed_like_any_other():
    assert replication_seed(0, 0) != replication_seed(1, 0)
    assert uniform(0, Purpose.LEAVE, 1, 0, 0) != uniform(1, Purpose.LEAVE, 1, 0, 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_words_of_many_are_those_of_each(seed):
    """Words made for many at a time are what they are one by one: people in a row, occasions, any people."""
    for who, whom in (((0, 1), (0, 0)), ((MOST - 30, 1), (7, 0)), ((5, 0), (MOST - 30, 1)), ((9, 2), (4, 3))):
        found = words_in_row(seed, 22, who, whom, 21, np.zeros((4, 30), dtype=np.uint32))
        expected = [philox(who[0] + k * who[1], whom[0] + k * whom[1], 0, 22, seed) for k in range(21)]
        assert np.array_equal(found[:, :21].T, np.array(expected))
        assert not found[:, 21:].any(), "no more than was asked for"
    people = np.array([3, MOST, 0, 77, 3] * 5, dtype=np.uint32)
    found = four_words(seed, 1, people, np.zeros((4, 25), dtype=np.uint32))
    assert np.array_equal(found.T, np.array([philox(who, 0, 0, 1, seed) for who in people.tolist()]))
