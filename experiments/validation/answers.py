"""Exact answers of the textbook models that the simulator becomes when rules are switched off.

Nothing here knows the simulator: only numpy, scipy's distributions, and the definitions of the models. Each
answer is an enumeration, a Markov chain or a closed form; where two ways are easy, the tests compare them.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.stats import binom

Floats = NDArray[np.float64]
Edges = list[tuple[int, int]]
_TINY = 1e-17


class Moments(NamedTuple):
    """Mean and standard deviation of a number."""

    mean: float
    sd: float


def moments(dist: Floats, values: Floats | None = None) -> Moments:
    """Return mean and standard deviation of a distribution over ``values`` (0, 1, 2, ... if left out)."""
    at = np.arange(len(dist), dtype=float) if values is None else values
    mean = float(dist @ at)
    return Moments(mean, math.sqrt(max(0.0, float(dist @ (at - mean) ** 2))))


def proportion(p: float) -> Moments:
    """Return mean and standard deviation of an event of probability ``p``."""
    return Moments(p, math.sqrt(p * (1.0 - p)))


# -- cascades: bond percolation --------------------------------------------------------------------------------


class Cascade(NamedTuple):
    """Whom a cascade from one person activates: ``reached[t]`` is the mean number by step t, the first included."""

    node: Floats
    size: Moments
    dist: Floats
    reached: Floats
    reached_sd: Floats


def cascade_by_enumeration(n: int, edges: Edges, seed: int, p: float) -> Cascade:
    """Return the independent cascade on a small graph from all 2^edges outcomes of the ties (at most 22 ties)."""
    outcomes = np.arange(1 << len(edges), dtype=np.int32)
    opened = np.zeros(len(outcomes), dtype=np.int32)
    for k in range(len(edges)):
        opened += (outcomes >> k) & 1
    weight = p**opened * (1.0 - p) ** (len(edges) - opened)
    active = np.full(len(outcomes), 1 << seed, dtype=np.int32)
    before = np.zeros_like(active)
    means, sds = [1.0], [0.0]
    for _ in range(n):
        if np.array_equal(before, active):
            means.append(means[-1])
            sds.append(sds[-1])
            continue
        before, after = active, active.copy()
        for k, (a, b) in enumerate(edges):
            open_tie = (outcomes >> k) & 1
            after |= (((active >> a) & open_tie) << b) | (((active >> b) & open_tie) << a)
        active = after
        now = moments(np.bincount(_bits(active, n), weight, n + 1))
        means.append(now.mean)
        sds.append(now.sd)
    node = np.array([float(weight[(active >> v) & 1 == 1].sum()) for v in range(n)])
    dist = np.bincount(_bits(active, n), weight, n + 1)
    return Cascade(node, moments(dist), dist, np.array(means), np.array(sds))


def _bits(masks: NDArray[np.int32], n: int) -> NDArray[np.int32]:
    """Return how many of the ``n`` low bits of each mask are set."""
    count = np.zeros(len(masks), dtype=np.int32)
    for v in range(n):
        count += (masks >> v) & 1
    return count


class _Weights(NamedTuple):
    """What is known of all outcomes that leave the frontier in one partition, weighted by their probability.

    ``total`` is their probability; ``inside[b, v]`` the probability that v is in block b; ``pairs[b, c]`` the
    expectation of the product of the sizes of blocks b and c.
    """

    total: float
    inside: Floats
    pairs: Floats


def cascade_by_frontier(n: int, edges: Edges, seed: int, p: float) -> tuple[Floats, Moments]:
    """Return each node's probability and the moments of the size of the cascade, for graphs of narrow frontier.

    Ties are decided one by one. Of the nodes that still have undecided ties (the frontier) only the partition
    into joined blocks is remembered, the seed's block first; with each partition go first and second moments
    of the blocks' sizes, which add when blocks are joined.
    """
    order = _narrow_order(n, edges, seed)
    last = {v: k for k, edge in enumerate(order) for v in edge}
    states: dict[tuple[tuple[int, ...], ...], _Weights] = {((seed,),): _alone(n, seed)}
    known = {seed}
    for k, (a, b) in enumerate(order):
        for v in (a, b):
            if v not in known:
                known.add(v)
                states = {(*s, (v,)): _with(w, n, v) for s, w in states.items()}
        after: dict[tuple[tuple[int, ...], ...], _Weights] = {}
        for blocks, w in states.items():
            _add(after, blocks, _scaled(w, 1.0 - p))
            _add(after, *_joined(blocks, _scaled(w, p), a, b))
        for v in (a, b):
            if last[v] == k and v != seed:
                after = _retired(after, v)
        states = after
    done = next(iter(states.values()))
    mean = float(done.inside[0].sum())
    return done.inside[0], Moments(mean, math.sqrt(done.pairs[0, 0] - mean**2))


def _narrow_order(n: int, edges: Edges, seed: int) -> Edges:
    """Return the ties, ordered greedily so that nodes retire early."""
    left: list[set[int]] = [set() for _ in range(n)]
    for a, b in edges:
        left[a].add(b)
        left[b].add(a)
    frontier, order = {seed}, []
    while any(left):
        near = frontier | {w for v in frontier for w in left[v]}
        v = min((v for v in near if left[v] and v != seed), key=lambda v: (len(left[v] - frontier), len(left[v]), v))
        for w in sorted(left[v]):
            order.append((v, w))
            left[w].discard(v)
            frontier.add(w)
        left[v] = set()
        frontier.discard(v)
    return order


def _alone(n: int, seed: int) -> _Weights:
    inside = np.zeros((1, n))
    inside[0, seed] = 1.0
    return _Weights(1.0, inside, np.ones((1, 1)))


def _with(w: _Weights, n: int, v: int) -> _Weights:
    """Return the weights with a new block of one node."""
    blocks = len(w.pairs)
    inside, pairs = np.zeros((blocks + 1, n)), np.zeros((blocks + 1, blocks + 1))
    inside[:blocks], inside[blocks, v] = w.inside, w.total
    pairs[:blocks, :blocks], pairs[blocks, blocks] = w.pairs, w.total
    pairs[blocks, :blocks] = pairs[:blocks, blocks] = w.inside.sum(axis=1)
    return _Weights(w.total, inside, pairs)


def _scaled(w: _Weights, by: float) -> _Weights:
    return _Weights(w.total * by, w.inside * by, w.pairs * by)


def _joined(
    blocks: tuple[tuple[int, ...], ...], w: _Weights, a: int, b: int
) -> tuple[tuple[tuple[int, ...], ...], _Weights]:
    """Return the partition in which the blocks of ``a`` and ``b`` are one."""
    i, j = sorted(next(k for k, block in enumerate(blocks) if v in block) for v in (a, b))
    if i == j:
        return blocks, w
    kept = [k for k in range(len(blocks)) if k != j]
    sums = np.eye(len(blocks))
    sums[i, j] = 1.0
    sums = sums[kept]
    merged = [tuple(sorted(blocks[i] + blocks[j])) if k == i else blocks[k] for k in kept]
    return _canonical(merged, _Weights(w.total, sums @ w.inside, sums @ w.pairs @ sums.T))


def _canonical(blocks: list[tuple[int, ...]], w: _Weights) -> tuple[tuple[tuple[int, ...], ...], _Weights]:
    """Return the partition with the seed's block first and the others in order."""
    order = [0, *sorted(range(1, len(blocks)), key=lambda k: blocks[k])]
    return tuple(blocks[k] for k in order), _Weights(w.total, w.inside[order], w.pairs[np.ix_(order, order)])


def _retired(states: dict[tuple[tuple[int, ...], ...], _Weights], v: int) -> dict:
    """Return the states without node ``v``; a block that has no node left can no longer join the seed's."""
    after: dict[tuple[tuple[int, ...], ...], _Weights] = {}
    for blocks, w in states.items():
        rest = [tuple(u for u in block if u != v) for block in blocks]
        kept = [k for k, block in enumerate(rest) if block]
        smaller = _Weights(w.total, w.inside[kept], w.pairs[np.ix_(kept, kept)])
        _add(after, *_canonical([rest[k] for k in kept], smaller))
    return after


def _add(states: dict, blocks: tuple[tuple[int, ...], ...], w: _Weights) -> None:
    there = states.get(blocks)
    if there is not None:
        w = _Weights(there.total + w.total, there.inside + w.inside, there.pairs + w.pairs)
    states[blocks] = w


# -- everyone knows everyone -----------------------------------------------------------------------------------


def reed_frost(n: int, m: int, p: float) -> Floats:
    """Return the distribution of the final size of Reed and Frost's chain binomial, the ``m`` first left out."""
    alive = np.zeros((n + 1, n + m + 1))  # [susceptible, infectious]
    alive[n, m] = 1.0
    final = np.zeros(n + 1)
    for s in range(n, -1, -1):
        for total in range(n + m, 0, -1):  # nobody new: the chain ends; others are pushed to fewer susceptible
            weight = alive[s, total]
            if weight < _TINY:
                continue
            risk = 1.0 - (1.0 - p) ** total
            new = np.arange(s + 1)
            chances = weight * binom.pmf(new, s, risk)
            final[n - s] += chances[0]
            alive[s - new[1:], new[1:]] += chances[1:]
    return final


def cluster_of_random_graph(n: int, p: float) -> Floats:
    """Return the distribution (index: size) of the component of a node in a random graph of ``n``, tie chance ``p``.

    One node of the component is looked at a time; of the untouched nodes each is found with chance ``p``. The
    search ends when as many were looked at as were found, the first included.
    """
    columns, rows, chances = [], [], []
    for untouched in range(n):
        most = min(untouched, int(untouched * p + 12.0 * math.sqrt(untouched * p) + 40))
        columns += [untouched] * (most + 1)
        rows += list(range(untouched, untouched - most - 1, -1))
        chances.append(binom.pmf(np.arange(most + 1), untouched, p))
    find = csr_array((np.concatenate(chances), (rows, columns)), shape=(n, n))
    size = np.zeros(n + 1)
    weight = np.zeros(n)
    weight[n - 1] = 1.0
    for looked in range(1, n + 1):
        weight = find @ weight
        size[looked] = weight[n - looked]
        weight[n - looked :] = 0.0
    return size


def contact_chain(n: int, p: float, b: float, steps: int, known: int = 0) -> list[Floats]:
    """Return the distribution of how many of ``n`` know after 0, 1, ... steps.

    Of those who do not know, each hears with chance 1 - (1 - p)(1 - b)^A, A of the ``n`` knowing before: Bass's
    chain (p from outside, b from each), or a contact process (p = 0).
    """
    now = np.zeros(n + 1)
    now[known] = 1.0
    found = [now]
    for _ in range(steps):
        after = np.zeros(n + 1)
        for a in np.flatnonzero(now > _TINY):
            hears = 1.0 - (1.0 - p) * (1.0 - b) ** a
            after[a:] += now[a] * binom.pmf(np.arange(n - a + 1), n - a, hears)
        now = after
        found.append(now)
    return found


def bass_recursion(p: float, q: float, steps: int) -> Floats:
    """Return Bass's discrete recursion with competing risks: F += (1 - F)(1 - (1 - p) exp(-q F))."""
    f = [0.0]
    for _ in range(steps):
        f.append(f[-1] + (1.0 - f[-1]) * (1.0 - (1.0 - p) * math.exp(-q * f[-1])))
    return np.array(f)


# -- rumours ---------------------------------------------------------------------------------------------------


def rumour_one_at_a_time(n: int) -> Moments:
    """Return moments of how many of ``n`` never hear Maki and Thompson's rumour, one meeting at a time."""
    never = np.zeros(n)
    weight = np.zeros((n + 1, n + 2))  # [ignorant, spreaders]
    weight[n - 1, 1] = 1.0
    for i in range(n - 1, -1, -1):
        tells = i / (n - 1)
        for s in range(n - i, 0, -1):
            w = weight[i, s]
            if w == 0.0:
                continue
            if i:
                weight[i - 1, s + 1] += w * tells
            weight[i, s - 1] += w * (1.0 - tells)
        never[i] = weight[i, 0]
    return moments(never)


def rumour_by_the_day(n: int, c: float) -> Moments:
    """Return the same where each spreader meets Poisson(c) random people a day and all is judged in the evening.

    Thinning makes all independent: each ignorant hears with chance 1 - exp(-c s/n), each spreader stops with
    chance 1 - exp(-c k/n), k others knowing in the morning. Probabilities below 1e-13 are cut off.
    """
    never = np.zeros(n)
    weight = np.zeros((2 * n + 1, n))  # [2 ignorants + spreaders, which falls whenever anything changes; ignorants]
    weight[2 * (n - 1) + 1, n - 1] = 1.0
    for level in range(2 * n, -1, -1):
        for i in np.flatnonzero(weight[level] > 1e-13).tolist():
            s, w = level - 2 * i, float(weight[level, i])
            if s == 0:
                never[i] += w
                continue
            hear = _binomial(i, 1.0 - math.exp(-c * s / n))
            stop = _binomial(s, 1.0 - math.exp(-c * (n - 1 - i) / n))
            change = np.outer(hear, stop)
            change *= w / (1.0 - change[0, 0])
            change[0, 0] = 0.0
            a, b = np.ogrid[: len(hear), : len(stop)]
            weight[level - a - b, i - a] += change
    return moments(never / never.sum())


def _binomial(n: int, p: float) -> Floats:
    """Return the probabilities of 0, 1, ... successes, as far as they count."""
    found = [(1.0 - p) ** n]
    k = 0
    while k < n and (found[-1] > 1e-15 or k < n * p):
        k += 1
        found.append(found[-1] * (n - k + 1) / k * p / (1.0 - p))
    return np.array(found)


def rumour_of_many(c: float, bernoulli: bool = False) -> float:
    """Return the share that never hears in a very large group, day by day.

    Each spreader meets Poisson(c) people a day, or one with chance c (``bernoulli``).
    """
    x, y = 1.0 - 1e-9, 1e-9
    while y > 1e-15:
        heard = x * (1.0 - math.exp(-c * y))
        keep = 1.0 - c * (1.0 - x) if bernoulli else math.exp(-c * (1.0 - x))
        x, y = x - heard, y * keep + heard
    return x


def rumour_limit() -> float:
    """Return the share that never hears, x = exp(-2 (1 - x)): .2032."""
    x = 0.2
    for _ in range(200):
        x = math.exp(-2.0 * (1.0 - x))
    return x


# -- percolation of large graphs -------------------------------------------------------------------------------


def giant_share_poisson(r0: float) -> float:
    """Return the share of the giant cluster of a Poisson random graph with ``r0`` = mean degree x T."""
    s = 1.0 if r0 > 1.0 else 0.0
    for _ in range(100_000):
        s = 1.0 - math.exp(-r0 * s)
    return s


def giant_share_regular3(t: float) -> float:
    """Return the same where all have three ties: 1 - v^3, v = 1 - t + t v^2 the chance that a tie leads nowhere."""
    v = 0.0
    for _ in range(100_000):
        v = 1.0 - t + t * v * v
    return 1.0 - (1.0 - t + t * v * v) ** 3


def mean_cluster_poisson(r0: float) -> float:
    """Return the mean cluster size of a Poisson random graph below its threshold."""
    return 1.0 / (1.0 - r0)


def mean_cluster_regular3(t: float) -> float:
    """Return the mean cluster size where all have three ties, below the threshold: 1 + 3t / (1 - 2t)."""
    return 1.0 + 3.0 * t / (1.0 - 2.0 * t)


def sd_cluster_regular3(t: float) -> float:
    """Return the standard deviation of that size: total progeny of a branching process, Binomial(3, t) then (2, t)."""
    mean_one = 1.0 / (1.0 - 2.0 * t)
    variance_one = 2.0 * t * (1.0 - t) * mean_one**3
    return math.sqrt(3.0 * t * variance_one + 3.0 * t * (1.0 - t) * mean_one**2)


# -- bursts ----------------------------------------------------------------------------------------------------


def burst_at_once(n: int, p: float, k: int) -> float:
    """Return the chance of at least ``k`` posts if ``n`` may post on one day."""
    return float(binom.sf(k - 1, n, p))


def burst_a_few_a_day(n: int, per_day: int, p: float, window: int, k: int) -> float:
    """Return the chance of ``k`` posts in some ``window`` consecutive days if ``per_day`` may post each day."""
    return burst_slow(n, per_day, p, 1.0, (window, k, n // per_day + window))


def burst_slow(n: int, per_day: int, p: float, g: float, limits: tuple[int, int, int]) -> float:
    """Return the same if a post waits for a day that brings it, each with chance ``g``; the first day is tomorrow.

    ``limits`` is (window, posts, days). The chain remembers the posts of the last window - 1 days and how many
    posts are still to come.
    """
    window, k, days = limits
    states: dict[tuple[tuple[int, ...], int], float] = {((0,) * (window - 1), 0): 1.0}
    new = binom.pmf(np.arange(per_day + 1), per_day, p)
    come: dict[int, Floats] = {}
    burst = 0.0
    for day in range(days):
        after: dict[tuple[tuple[int, ...], int], float] = {}
        for (recent, waiting), w in states.items():
            if waiting not in come:
                come[waiting] = binom.pmf(np.arange(waiting + 1), waiting, g)
            for posts, chance in enumerate(come[waiting]):
                if sum(recent) + posts >= k:
                    burst += w * chance
                    continue
                for added, share in enumerate(new if day * per_day < n else new[:0]):
                    key = ((*recent[1:], posts), waiting - posts + added)
                    after[key] = after.get(key, 0.0) + w * chance * share
                if day * per_day >= n:
                    key = ((*recent[1:], posts), waiting - posts)
                    after[key] = after.get(key, 0.0) + w * chance
        states = {key: w for key, w in after.items() if w > 1e-15}
    return burst


# -- no story --------------------------------------------------------------------------------------------------


def broadcast(n: int, a: float, t: int) -> Moments:
    """Return moments of how many of ``n`` an outlet of reach ``a`` a day has reached in ``t`` days."""
    p = 1.0 - (1.0 - a) ** t
    return Moments(n * p, math.sqrt(n * p * (1.0 - p)))


def survivors(n: int, churn: float, months: int) -> Moments:
    """Return moments of how many of ``n`` are left after ``months``."""
    p = (1.0 - churn) ** months
    return Moments(n * p, math.sqrt(n * p * (1.0 - p)))


def customer_worth(profit: float, churn: float, discount: float, first: int, months: int = 5000) -> Moments:
    """Return moments of the present value of a customer who pays in each month that they stay.

    Each month begins with the decision to stay (chance 1 - churn). A payment after k + 1 decisions to stay is
    discounted (1 + discount)^-(k + ``first``): ``first`` 1 is the textbook's end of the period, 0 its start.
    Beyond ``months`` the expected value stands for what is left, as in a run of so many months.
    """
    stay, factor = 1.0 - churn, 1.0 / (1.0 + discount)
    paid = profit * np.cumsum(np.concatenate([[0.0], factor ** (np.arange(months) + first)]))
    paid[-1] += profit * factor ** (months - 1 + first) * stay * factor / (1.0 - stay * factor)
    chances = np.append(stay ** np.arange(months) * churn, stay**months)
    return moments(chances, paid)


# -- Goldenberg, Libai & Muller 2001 ---------------------------------------------------------------------------


class Town(NamedTuple):
    """The model of Talk of the Network: people in cliques, strangers met a day, chances a day."""

    people: int
    clique: int
    strangers: int
    outlet: float
    weak: float
    strong: float


def talk_of_the_network(town: Town, runs: int, seed: int, poisson: bool = True) -> NDArray[np.int64]:
    """Return, by simulation of the definition, the day on which 16, 50 and 95 % know (runs x 3).

    Each who does not know hears with 1 - (1 - outlet) W (1 - strong)^m, m of the clique knowing. W is (1 - weak)
    for each of ``strangers`` random others who know, or, if ``poisson``, exp(-strangers x weak x share knowing):
    meetings at the same rate, at random times.
    """
    rng = np.random.default_rng(seed)
    cliques = np.arange(town.people) // town.clique
    marks = [math.ceil(share * town.people - 1e-9) for share in (0.16, 0.5, 0.95)]
    found = np.zeros((runs, 3), dtype=np.int64)
    for run in range(runs):
        knows = np.zeros(town.people, dtype=bool)
        day = 0
        while (found[run] == 0).any():
            day += 1
            near = np.bincount(cliques, knows)[cliques]
            total = int(knows.sum())
            if poisson:
                spared = np.full(town.people, math.exp(-town.strangers * town.weak * total / town.people))
            else:
                met = rng.binomial(town.strangers, total / town.people, town.people)
                spared = (1.0 - town.weak) ** met
            hears = 1.0 - (1.0 - town.outlet) * spared * (1.0 - town.strong) ** near
            knows |= rng.random(town.people) < hears
            for k, mark in enumerate(marks):
                if found[run, k] == 0 and knows.sum() >= mark:
                    found[run, k] = day
    return found


def talk_without_cliques(town: Town, days: int) -> Floats:
    """Return the share that knows by day 1, 2, ... in a very large town without cliques (mean-field recursion)."""
    share, found = 0.0, []
    for _ in range(days):
        share += (1.0 - share) * (1.0 - (1.0 - town.outlet) * math.exp(-town.strangers * town.weak * share))
        found.append(share)
    return np.array(found)


# -- statistics ------------------------------------------------------------------------------------------------


def z_score(mean: float, exact: Moments, runs: int) -> float:
    """Return how many standard errors a mean of ``runs`` lies from the exact one."""
    if exact.sd == 0.0:
        return 0.0 if mean == exact.mean else math.inf
    return (mean - exact.mean) / (exact.sd / math.sqrt(runs))


def pooled(counts: NDArray[np.int64], dist: Floats, least: float = 5.0) -> tuple[Floats, Floats]:
    """Return observed and expected counts with neighbouring cells joined until each expects ``least``."""
    runs = counts.sum()
    observed, expected = [0.0], [0.0]
    for seen, chance in zip(counts, dist, strict=True):
        if expected[-1] >= least:
            observed.append(0.0)
            expected.append(0.0)
        observed[-1] += seen
        expected[-1] += runs * chance
    if len(expected) > 1 and expected[-1] < least:
        few, fewer = observed.pop(), expected.pop()
        observed[-1] += few
        expected[-1] += fewer
    return np.array(observed), np.array(expected)


def in_a_window(posts: NDArray[np.int64], window: int) -> int:
    """Return the most posts in any ``window`` consecutive days."""
    total = np.concatenate([[0], np.cumsum(posts), np.full(window, posts.sum())])
    return int(max(b - a for a, b in zip(total, total[window:], strict=False)))
