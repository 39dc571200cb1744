"""The known limits: scenarios with rules switched off, compared with exact answers.

A *limit* is a scenario file, what is seen in a run of it, and checks of what many runs show. The compiled
engine does the runs; the reference engine repeats some of them and must write the same event log.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import answers as exact
import networkx as nx
import numpy as np
from answers import Floats, Moments
from numpy.typing import NDArray
from scipy.stats import binomtest, chi2, norm

from wom_sim import build_world, load_scenario
from wom_sim.engines.compiled import Engine
from wom_sim.scenario import Scenario
from wom_sim.simulation import luck_seed, numbers_of, policy_of, run_policy, treatments_of
from wom_sim.world import trace as tr
from wom_sim.world.trace import Trace

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "scenarios" / "limits"
MOST_Z = 4.0
_CHANCE = 2.0 * float(norm.sf(MOST_Z))


class Row(NamedTuple):
    """What a check found. ``score`` is z, or for tests of a whole distribution the p value."""

    limit: str
    what: str
    target: str
    obtained: str
    score: str
    runs: int
    engine: str
    holds: bool
    command: str


class Verdict(NamedTuple):
    """Target, what was obtained, the score in words, and whether it holds."""

    target: str
    obtained: str
    score: str
    holds: bool


@dataclass(frozen=True)
class Mean:
    """The mean of a column is the exact one: |z| at most 4, or as unlikely among ``of`` such checks."""

    what: str
    column: int
    answer: Moments
    of: int = 1

    def judge(self, seen: Floats) -> Verdict:
        """Return the verdict on runs x columns."""
        mean = float(seen[:, self.column].mean())
        z = exact.z_score(mean, self.answer, len(seen))
        return Verdict(f"{self.answer.mean:.5g}", f"{mean:.5g}", f"z {z:+.2f}", abs(z) <= most_z(self.of))


@dataclass(frozen=True)
class Spread:
    """The standard deviation of a column is the exact one, within 4 standard errors of a variance."""

    what: str
    column: int
    answer: Moments

    def judge(self, seen: Floats) -> Verdict:
        """Return the verdict on runs x columns; the error follows from the kurtosis seen, and the exact variance."""
        gap = seen[:, self.column] - self.answer.mean
        variance, target = float((gap**2).mean()), self.answer.sd**2
        kurtosis = float((gap**4).mean()) / variance**2 if variance > 0.0 else 1.0
        error = max(1e-15, target * math.sqrt(max(0.0, kurtosis - 1.0) / len(gap)))
        z = (variance - target) / error
        return Verdict(f"{self.answer.sd:.5g}", f"{math.sqrt(variance):.5g}", f"z {z:+.2f}", abs(z) <= MOST_Z)


@dataclass(frozen=True)
class Shares:
    """Each of several columns of noughts and ones has its exact chance: exact binomial tests, Bonferroni."""

    what: str
    first: int
    answers: Floats

    def judge(self, seen: Floats) -> Verdict:
        """Return the verdict; the worst of all columns is told."""
        hits = seen[:, self.first : self.first + len(self.answers)].sum(axis=0).astype(int)
        chances = np.clip(self.answers, 0.0, 1.0)
        p = [binomtest(int(h), len(seen), float(c)).pvalue for h, c in zip(hits, chances, strict=True)]
        worst = int(np.argmin(p))
        least = min(1.0, p[worst] * len(p))
        return Verdict(
            f"{len(p)} probabilities",
            f"worst: {hits[worst] / len(seen):.5g} for {chances[worst]:.5g}",
            f"p {least:.3g} after Bonferroni",
            least >= _CHANCE,
        )


@dataclass(frozen=True)
class Whole:
    """A column of whole numbers has the exact distribution: chi-square, cells pooled to expect at least 5."""

    what: str
    column: int
    answer: Floats

    def judge(self, seen: Floats) -> Verdict:
        """Return the verdict."""
        counts = np.bincount(seen[:, self.column].astype(int), minlength=len(self.answer))
        observed, expected = exact.pooled(counts, self.answer)
        score = float(((observed - expected) ** 2 / expected).sum())
        p = float(chi2.sf(score, len(observed) - 1))
        words = f"chi-square {score:.1f}"
        return Verdict(f"{len(observed)} cells", words, f"p {p:.3g}", p >= _CHANCE and len(observed) > 1)


@dataclass(frozen=True)
class TwoMeans:
    """The mean of a column is that of an independent simulation of the definition: |z| at most 4."""

    what: str
    column: int
    other: Floats

    def judge(self, seen: Floats) -> Verdict:
        """Return the verdict."""
        mine = seen[:, self.column]
        error = math.sqrt(mine.var(ddof=1) / len(mine) + self.other.var(ddof=1) / len(self.other))
        z = exact.z_score(float(mine.mean()), Moments(float(self.other.mean()), error), 1)
        words = f"{self.other.mean():.2f} ({len(self.other)} runs of the definition)"
        return Verdict(words, f"{mine.mean():.2f}", f"z {z:+.2f}", abs(z) <= MOST_Z)


Check = Mean | Spread | Shares | Whole | TwoMeans


def most_z(of: int) -> float:
    """Return the |z| that is as unlikely, among ``of`` checks, as 4 in one."""
    return float(norm.isf(_CHANCE / 2.0 / of))


@dataclass(frozen=True)
class Limit:
    """A scenario file with overrides, a policy, what is seen in a run, and checks of many runs.

    ``runs`` are those of the compiled engine; ``slow`` those of the reference engine that are also judged,
    ``same`` those whose event logs are compared.
    """

    id: str
    section: str
    file: str
    observe: Callable[[Trace], Floats]
    checks: Callable[[], tuple[Check, ...]]
    runs: int
    slow: int = 0
    same: int = 3
    sets: tuple[str, ...] = ()
    policy: str = "told"
    events: bool = False

    @property
    def overrides(self) -> list[str]:
        """Return the overrides, and a seed of the limit's own: with the same luck all limits would err alike."""
        return [*self.sets, f"run.seed={crc32(self.id.encode())}"]

    @property
    def command(self) -> str:
        """Return the command line that runs the scenario."""
        sets = "".join(f" --set {s!r}" if " " in s or "[" in s else f" --set {s}" for s in self.overrides)
        return f"wom-sim compare scenarios/limits/{self.file}.toml{sets} --replications {self.runs} --out results/limit"

    def scenario(self) -> Scenario:
        """Return the scenario, overrides applied."""
        return load_scenario(FOLDER / f"{self.file}.toml", self.overrides)


def traces(limit: Limit, runs: int) -> Iterator[Trace]:
    """Yield the compiled engine's runs. What the firm does is settled once where it does not depend on luck."""
    scenario = limit.scenario()
    policy = policy_of(scenario, limit.policy)
    if not scenario.run.same_world:
        for r in range(runs):
            world = build_world(scenario, r, workers=1)
            yield run_policy(scenario, policy, world, Engine(world), r, events=limit.events).trace
        return
    world = build_world(scenario)
    engine = Engine(world)
    numbers = numbers_of(scenario, policy, world.newcomer)
    table = treatments_of(scenario, policy, world, luck_seed(scenario, 0))
    fixed = all(_same_deeds(table, treatments_of(scenario, policy, world, luck_seed(scenario, r))) for r in range(20))
    for r in range(runs):
        seed = luck_seed(scenario, r)
        deeds = table if fixed else treatments_of(scenario, policy, world, seed)
        yield engine.run(numbers, deeds, seed, events=limit.events)


def _same_deeds(one: Any, other: Any) -> bool:
    """Return whether two tables are alike but for who agrees, which has no effect where grievance is given."""
    return all(np.array_equal(one[name], other[name]) for name in one.dtype.names if name != "agreed")


def seen_in(limit: Limit, runs: int) -> Floats:
    """Return what is seen in the compiled engine's runs: runs x columns."""
    return np.array([limit.observe(t) for t in traces(limit, runs)], dtype=float)


def seen_slowly(limit: Limit, runs: int) -> tuple[Floats, str]:
    """Return what is seen in the reference engine's runs, and the first difference to the compiled engine's log."""
    scenario = limit.scenario()
    policy = policy_of(scenario, limit.policy)
    found, differs = [], ""
    for r in range(runs):
        world = build_world(scenario, r, workers=1)
        slow = run_policy(scenario, policy, world, "reference", r, events=True).trace
        found.append(limit.observe(slow))
        if r < limit.same and not differs:
            fast = run_policy(scenario, policy, world, Engine(world), r, events=True).trace
            differs = difference(slow, fast, r)
    return np.array(found, dtype=float), differs


def difference(slow: Trace, fast: Trace, replication: int) -> str:
    """Return where two runs differ first, or nothing."""
    a, b = slow.events(), fast.events()
    if not np.array_equal(a, b):
        short = min(len(a), len(b))
        unlike = np.flatnonzero(a[:short] != b[:short])
        at = int(unlike[0]) if len(unlike) else short
        return f"replication {replication}: event {at} of {len(a)} and {len(b)}"
    same = np.array_equal(slow.book.daily, fast.book.daily) and np.array_equal(slow.book.ledger, fast.book.ledger)
    return "" if same else f"replication {replication}: daily table or ledger"


def judged(limit: Limit, runs: int | None = None, slow: int | None = None) -> list[Row]:
    """Return the rows of a limit, from both engines."""
    fast_runs = limit.runs if runs is None else runs
    slow_runs = limit.slow if slow is None else slow
    checks = limit.checks()
    rows = _rows(limit, checks, seen_in(limit, fast_runs), "compiled")
    if slow_runs:
        seen, differs = seen_slowly(limit, slow_runs)
        if slow_runs >= 20:
            rows += _rows(limit, checks, seen, "reference")
        same = min(limit.same, slow_runs)
        words = "identical" if not differs else f"differ: {differs}"
        rows.append(
            Row(limit.id, "event logs", "identical", words, "", same, "both", not differs, limit.command)
        )  # fmt: skip
    return rows


def _rows(limit: Limit, checks: tuple[Check, ...], seen: Floats, engine: str) -> list[Row]:
    found = []
    for check in checks:
        if engine == "reference" and not isinstance(check, Mean):
            continue
        target, obtained, score, holds = check.judge(seen)
        found.append(Row(limit.id, check.what, target, obtained, score, len(seen), engine, holds, limit.command))
    return found


def runs_to_see(answer: Moments, share: float = 0.01) -> int:
    """Return how many runs notice a relative bias of ``share`` of a mean (95 % power at |z| of 4)."""
    return math.ceil((5.645 * answer.sd / (share * answer.mean)) ** 2)


# -- what is seen in a run -------------------------------------------------------------------------------------


def size(trace: Trace) -> int:
    """Return how many know in the end: told by the firm or by others."""
    return int(trace.book.daily[:, tr.D_TOLD].sum() + trace.book.daily[:, tr.D_REACHED].sum())


def knowing(trace: Trace) -> NDArray[np.int64]:
    """Return how many know at the end of each day."""
    return np.cumsum(trace.book.daily[:, tr.D_TOLD] + trace.book.daily[:, tr.D_REACHED])


def sizes_only(trace: Trace) -> Floats:
    """Return the number who know."""
    return np.array([size(trace)], dtype=float)


def who_never_hear(people: int) -> Callable[[Trace], Floats]:
    """Return a reader of the number who never hear."""
    return lambda trace: people - sizes_only(trace)


def size_and_nodes(people: int) -> Callable[[Trace], Floats]:
    """Return a reader of the number who know, then each person's own nought or one."""

    def read(trace: Trace) -> Floats:
        log = trace.book.log[: int(trace.book.used[0])]
        found = np.zeros(people + 1)
        who = log["person"][(log["event"] == tr.HEARD) | (log["event"] == tr.TOLD)].astype(int)
        found[1 + who] = 1.0
        found[0] = size(trace)
        return found

    return read


def on_days(days: tuple[int, ...], less: int = 0) -> Callable[[Trace], Floats]:
    """Return a reader of how many know on some days, not counting ``less`` of them."""
    return lambda trace: knowing(trace)[list(days)] - float(less)


def burst_of(window: int, posts: int) -> Callable[[Trace], Floats]:
    """Return a reader of whether so many posts fall into some window of days."""

    def read(trace: Trace) -> Floats:
        by_day = trace.book.daily[:, tr.D_POSTS]
        return np.array([float(exact.in_a_window(by_day, window) >= posts), by_day.sum()])

    return read


def told(trace: Trace) -> Floats:
    """Return how many the firm told."""
    return np.array([trace.book.daily[:, tr.D_TOLD].sum()], dtype=float)


def worth_of(people: int) -> Callable[[Trace], Floats]:
    """Return a reader of the losses avoided a person let go, in currency, and of how many were let go."""
    return lambda trace: np.array([trace.book.ledger[..., tr.L_LOSSES_AVOIDED].sum() / 100.0 / people, told(trace)[0]])


def size_if_large(people: int, least: float) -> Callable[[Trace], Floats]:
    """Return a reader of the size, whether it is large (above ``least`` x people), and the size again if so."""

    def read(trace: Trace) -> Floats:
        found = float(size(trace))
        large = found > least * people
        return np.array([found, float(large), found if large else math.nan])

    return read


def days_to(people: int, shares: tuple[float, ...], less: int) -> Callable[[Trace], Floats]:
    """Return a reader of the days on which these shares know."""
    marks = [math.ceil(share * people - 1e-9) for share in shares]
    return lambda trace: np.searchsorted(knowing(trace) - less, marks).astype(float)


# -- the limits ------------------------------------------------------------------------------------------------

KARATE = [(int(a), int(b)) for a, b in nx.karate_club_graph().edges()]
_FAMILIES = list(nx.florentine_families_graph())
FLORENTINE = [(_FAMILIES.index(a), _FAMILIES.index(b)) for a, b in nx.florentine_families_graph().edges()]
RING = [(k, (k + 1) % 10) for k in range(10)]


def _tells(p: float) -> tuple[str, ...]:
    """Return the overrides that give every tie the same chance ``p``."""
    return tuple(f"behaviour.talking.{who}_tells.acquaintance={p}" for who in ("victim", "hearer"))


def _karate(p: float) -> Limit:
    def checks() -> tuple[Check, ...]:
        node, answer = exact.cascade_by_frontier(34, KARATE, 0, p)
        return (
            Mean("people who know", 0, answer),
            Spread("standard deviation", 0, answer),
            Shares("who knows", 1, node),
        )

    seen = size_and_nodes(34)
    return Limit(f"cascade.karate.p{p}", "Independent cascade", "cascade_karate", seen, checks, 141_000, 200,
                 sets=_tells(p), events=True)  # fmt: skip


def _enumerated(name: str, file: str, edges: exact.Edges, people: int, seed: int, p: float) -> Limit:
    days = tuple(range(1, min(8, people + 1)))

    def observe(trace: Trace) -> Floats:
        return np.concatenate([size_and_nodes(people)(trace), knowing(trace)[list(days)]])

    def checks() -> tuple[Check, ...]:
        answer = _cascade(people, tuple(edges), seed, p)
        by_day = tuple(
            Mean(f"people who know on day {t}", people + k, Moments(answer.reached[t], answer.reached_sd[t]), len(days))
            for k, t in enumerate(days, start=1)
        )
        return (
            Mean("people who know", 0, answer.size),
            Spread("standard deviation", 0, answer.size),
            Shares("who knows", 1, answer.node),
            Whole("distribution of the number who know", 0, answer.dist),
            *by_day,
        )

    sets = (f"population.customers={people}", *_tells(p))
    return Limit(f"cascade.{name}.p{p}", "Independent cascade", file, observe, checks, 135_000, 200, sets=sets,
                 events=True)  # fmt: skip


@cache
def _cascade(people: int, edges: tuple[tuple[int, int], ...], seed: int, p: float) -> exact.Cascade:
    return exact.cascade_by_enumeration(people, list(edges), seed, p)


def _reed_frost(n: int, m: int, p: float) -> Limit:
    def checks() -> tuple[Check, ...]:
        dist = np.concatenate([np.zeros(m), exact.reed_frost(n, m, p)])
        answer = exact.moments(dist)
        return (
            Mean("people who know", 0, answer),
            Spread("standard deviation", 0, answer),
            Whole("distribution of final sizes", 0, dist),
        )

    sets = (f"population.customers={n + m}", f"choose.ids={list(range(m))}", *_tells(p))
    return Limit(f"reed_frost.{n}+{m}.p{p}", "Reed-Frost", "reed_frost", sizes_only, checks, 140_000, 200, sets=sets)


def _curve(
    name: str, section: str, file: str, days: tuple[int, ...], chain: Callable[[], list[Moments]], less: int, runs: int
) -> Limit:
    def checks() -> tuple[Check, ...]:
        answers = chain()
        means = tuple(Mean(f"people who know on day {t}", k, answers[t], len(days)) for k, t in enumerate(days))
        middle = len(days) // 2
        return (*means, Spread(f"standard deviation on day {days[middle]}", middle, answers[days[middle]]))

    return Limit(name, section, file, on_days(days, less), checks, runs, 40)


def _contact() -> list[Moments]:
    return [exact.moments(d) for d in exact.contact_chain(20, 0.0, 0.02, 40, 1)]


def _bass() -> list[Moments]:
    return [exact.moments(d) for d in exact.contact_chain(100, 0.03, 0.0038, 30)]


def _broadcast(a: float) -> Limit:
    days = (1, 10, 52, 100)

    def checks() -> tuple[Check, ...]:
        means = tuple(Mean(f"people who know after {t} days", k, exact.broadcast(1000, a, t), len(days))
                      for k, t in enumerate(days))  # fmt: skip
        return (*means, Spread("standard deviation after 10 days", 1, exact.broadcast(1000, a, 10)))

    return Limit(f"broadcast.a{a}", "Broadcast", "broadcast", on_days(days, 1), checks, 32_000, 2,
                 sets=(f"media.outlets.outlet.reach={a}",))  # fmt: skip


def _rumour(n: int, c: float, days: int, runs: int, slow: int) -> Limit:
    def checks() -> tuple[Check, ...]:
        never = _never_hear(n, c)
        return (Mean("people who never hear", 0, never), Spread("standard deviation", 0, never))

    contacts = c * days
    sets = (
        f"population.customers={n}", f"run.days={days}", f"behaviour.talking.talk_days={days}",
        f"behaviour.talking.victim_strangers={contacts:g}", f"behaviour.talking.hearer_strangers={contacts:g}",
    )  # fmt: skip
    return Limit(f"rumour.{n}.c{c}", "Maki-Thompson rumour", "rumour", who_never_hear(n), checks, runs, slow, 2, sets)


@cache
def _never_hear(n: int, c: float) -> Moments:
    return exact.rumour_by_the_day(n, c)


def _random_graph(r0: float, people: int, runs: int) -> Limit:
    share = exact.giant_share_poisson(r0)
    least = share / 2.0

    def checks() -> tuple[Check, ...]:
        dist = _cluster(people, r0 / (people - 1))
        whole = (Mean("people who know", 0, exact.moments(dist)), Spread("standard deviation", 0, exact.moments(dist)))
        if r0 <= 1.0:
            return whole
        many = dist * (np.arange(len(dist)) > least * people)
        return (
            *whole,
            Mean("share of large outbreaks", 1, exact.proportion(float(many.sum()))),
            Large("people who know in a large outbreak", 2, exact.moments(many / many.sum())),
        )

    sets = (f"population.customers={people}", f"network.ties={2.0 * r0:g}", *_tells(0.5))
    return Limit(f"newman.random.R{r0}", "Percolation of random graphs", "random_graph",
                 size_if_large(people, least), checks, runs, 2, 2, sets)  # fmt: skip


@cache
def _cluster(people: int, p: float) -> Floats:
    return exact.cluster_of_random_graph(people, p)


@dataclass(frozen=True)
class Large(Mean):
    """The mean over large outbreaks only; runs that stay small are left out."""

    def judge(self, seen: Floats) -> Verdict:
        """Return the verdict."""
        return Mean(self.what, 0, self.answer).judge(seen[~np.isnan(seen[:, self.column])][:, [self.column]])


def _regular_graph(t: float, people: int, runs: int) -> Limit:
    share = exact.giant_share_regular3(t)
    small = t < 0.5
    least = share / 2.0

    def checks() -> tuple[Check, ...]:
        if small:
            answer = Moments(exact.mean_cluster_regular3(t), exact.sd_cluster_regular3(t))
            return (Mean("people who know", 0, answer), Spread("standard deviation", 0, answer))
        return (
            Mean("share of large outbreaks", 1, exact.proportion(share)),
            Asymptotic("share who know in a large outbreak", 2, share, people),
        )

    sets = (f"population.customers={people}", *_tells(t))
    return Limit(f"newman.three_ties.T{t}", "Percolation of random graphs", "regular_graph",
                 size_if_large(people, least), checks, runs, 2, 2, sets)  # fmt: skip


@dataclass(frozen=True)
class Asymptotic:
    """The mean share in large outbreaks is that of an infinite graph, within 4 errors as seen and 1/people."""

    what: str
    column: int
    share: float
    people: int

    def judge(self, seen: Floats) -> Verdict:
        """Return the verdict."""
        large = seen[~np.isnan(seen[:, self.column]), self.column] / self.people
        error = float(large.std(ddof=1)) / math.sqrt(len(large))
        gap = float(large.mean()) - self.share
        score = f"z {gap / error:+.2f}"
        return Verdict(
            f"{self.share:.5g}", f"{large.mean():.5g}", score, abs(gap) <= MOST_Z * error + 1.0 / self.people
        )


def _burst(per_day: int, p: float, posts: int, runs: int) -> tuple[Limit, Limit]:
    sets = (f"behaviour.talking.p_post={p}", f"policies.a few a day.per_day={per_day}")

    def at_once() -> tuple[Check, ...]:
        answer = exact.proportion(exact.burst_at_once(200, p, posts))
        return (
            Mean(f"chance of {posts} posts within a week", 0, answer),
            Mean("posts", 1, Moments(200 * p, math.sqrt(200 * p * (1 - p)))),
            Whole("distribution of posts", 1, exact.binom.pmf(np.arange(201), 200, p)),
        )

    def few() -> tuple[Check, ...]:
        answer = exact.proportion(exact.burst_a_few_a_day(200, per_day, p, 7, posts))
        return (Mean(f"chance of {posts} posts within a week", 0, answer),)

    name = f"burst.{per_day}_a_day.p{p}.{posts}_posts"
    seen = burst_of(7, posts)
    return (
        Limit(f"{name}.at_once", "Bursts", "burst", seen, at_once, runs, 2, sets=sets),
        Limit(name, "Bursts", "burst", seen, few, runs, 2, sets=sets, policy="a few a day"),
    )


def _slow_burst() -> Limit:
    def checks() -> tuple[Check, ...]:
        answer = exact.proportion(exact.burst_slow(200, 2, 0.05, 0.2, (7, 4, 240)))
        return (Mean("chance of 4 posts within a week", 0, answer),)

    return Limit("burst.slow_posts", "Bursts", "burst_slow", burst_of(7, 4), checks, 12_000, 2, policy="a few a day")


def _survival(months: int) -> Limit:
    def checks() -> tuple[Check, ...]:
        answer = exact.survivors(2000, 0.02, months)
        return (Mean(f"customers after {months} months", 0, answer), Spread("standard deviation", 0, answer))

    sets = (f"policies.told.start_day={30 * months}",)
    return Limit(f"survival.{months}_months", "No story", "survival", told, checks, 1_000, 2, 2, sets)


def _value(after: int) -> Limit:
    """``after`` 0: let go on day 0, the textbook's case (the end of the period); 1: a month later."""
    people, months = 100, 80 - after

    def checks() -> tuple[Check, ...]:
        one = exact.customer_worth(100.0, 0.2, 0.1, 1 + after, months)
        answer = Moments(one.mean, one.sd / math.sqrt(people))
        return (
            Mean("losses avoided a customer", 0, answer),
            Spread("standard deviation", 0, answer),
            Mean("customers let go", 1, Moments(people, 0.0)),
        )

    sets = ("policies.told.start_day=30", "population.segments.customers.under_contract=1.0") if after else ()
    name = "value.a_month_later" if after else "value.end_of_period"
    return Limit(name, "No story", "value", worth_of(people), checks, 3_000, 2, 2, sets)


_SHARES = (0.16, 0.5, 0.95)


def _talk_of_the_network(town: exact.Town, days: int, runs: int, slow: int = 0) -> Limit:
    def checks() -> tuple[Check, ...]:
        other = exact.talk_of_the_network(town, 400, 1)
        return tuple(
            TwoMeans(f"days until {share:.0%} know", k, other[:, k].astype(float)) for k, share in enumerate(_SHARES)
        )

    return Limit(
        f"talk_of_the_network.{town.people}.{town.clique - 1}+{town.strangers}.{town.weak}.{town.strong}",
        "Talk of the Network", "talk_of_the_network", days_to(town.people, _SHARES, 1), checks, runs, slow, 2,
        _town_sets(town, days),
    )  # fmt: skip


def _town_sets(town: exact.Town, days: int) -> tuple[str, ...]:
    """Return the overrides that make a town; where there are cliques, ties are told after geometric delays."""
    strong = () if town.strong == 0.0 else (
        f"behaviour.talking.talk_half_life={-1.0 / math.log2(1.0 - town.strong)!r}",
        f"behaviour.talking.hearer_tells.acquaintance={1.0 - (1.0 - town.strong) ** days!r}",
    )  # fmt: skip
    return (
        f"population.customers={town.people + 1}", f"choose.ids=[{town.people}]", f"network.ties={town.clique - 1}",
        f"run.days={days}", f"behaviour.talking.talk_days={days}",
        f"behaviour.talking.hearer_strangers={town.strangers * town.weak * days:g}",
        f"media.outlets.outlet.reach={town.outlet}", *strong,
    )  # fmt: skip


def _strangers_only() -> Limit:
    """Talk of the Network without cliques: a chain that can be solved."""
    town, days = exact.Town(300, 1, 17, 0.01, 0.015, 0.0), (5, 10, 15, 20, 30)
    hears = 1.0 - math.exp(-town.strangers * town.weak / (town.people + 1))

    def checks() -> tuple[Check, ...]:
        chain = [exact.moments(d) for d in exact.contact_chain(town.people, town.outlet, hears, days[-1])]
        return tuple(Mean(f"people who know on day {t}", k, chain[t], len(days)) for k, t in enumerate(days))

    return Limit("talk_of_the_network.strangers_only", "Talk of the Network", "talk_of_the_network", on_days(days, 1),
                 checks, 3_000, 2, 2, _town_sets(town, 60))  # fmt: skip


LIMITS: tuple[Limit, ...] = (
    *(_karate(p) for p in (0.05, 0.1, 0.2, 0.3)),
    *(_enumerated("florentine", "cascade_florentine", FLORENTINE, 15, 1, p) for p in (0.1, 0.3, 0.5)),
    _enumerated("ring", "cascade_cycle", RING, 10, 0, 0.5),
    _enumerated("five", "reed_frost", [(a, b) for a in range(5) for b in range(a)], 5, 0, 0.3),
    *(_reed_frost(n, m, p) for n, m, p in ((10, 1, 0.1), (10, 1, 0.2), (20, 1, 0.1), (10, 2, 0.1))),
    _curve("contact", "Contact process", "contact_complete", (1, 5, 8, 10, 15, 20, 30, 40), _contact, 0, 63_000),
    _curve("bass", "Bass", "bass", (1, 2, 5, 8, 10, 15, 20, 30), _bass, 1, 60_000),
    _broadcast(0.05),
    _broadcast(0.01),
    _rumour(100, 0.05, 800, 23_000, 2),
    _rumour(1000, 0.05, 1200, 2_200, 0),
    _rumour(1000, 0.01, 3650, 2_200, 0),
    *(_random_graph(r0, 2000, 1_000) for r0 in (0.5, 0.8, 1.5, 2.0, 3.0)),
    *(_regular_graph(t, 2000, 1_000) for t in (0.2, 0.4, 0.6, 0.8)),
    *_burst(1, 0.05, 3, 12_000),
    *_burst(1, 0.1, 4, 12_000),
    *_burst(2, 0.05, 4, 12_000),
    *_burst(5, 0.05, 6, 12_000),
    _slow_burst(),
    *(_survival(m) for m in (1, 6, 12)),
    _value(0),
    _value(1),
    _strangers_only(),
    _talk_of_the_network(exact.Town(3000, 6, 5, 0.0005, 0.005, 0.01), 300, 400),
    _talk_of_the_network(exact.Town(3000, 6, 5, 0.0005, 0.01, 0.07), 200, 400),
    _talk_of_the_network(exact.Town(3000, 18, 17, 0.00525, 0.01, 0.04), 60, 400),
    _talk_of_the_network(exact.Town(3000, 30, 29, 0.01, 0.015, 0.07), 40, 400),
    _talk_of_the_network(exact.Town(300, 6, 5, 0.0005, 0.01, 0.07), 150, 400, 2),
)
