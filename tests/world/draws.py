"""Watch every number of luck on its way: who draws it, with which key, and which line of code uses it.

Run with the compiler switched off (see test_luck_purposes.py): numbers are then Python objects that tell where they are
used. Prints in JSON, for each part of the program, a list of [site, block, lane, keys]. A *site* is the chain of our
functions down to the one that uses the number, and the name that the number has there.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from types import FrameType
from typing import Any

import numba
import numpy as np
import pyarrow.parquet as pq
from customer_tables import customer_table
from networkx import gnp_random_graph
from worlds import NUMBERS, outlets_of, some_network, some_outlets, some_people, world_of

from wom_sim import simulation
from wom_sim.engines.compiled import Engine, answer, state, talk
from wom_sim.engines.reference import Market
from wom_sim.networks import stubs, weave
from wom_sim.populations import synthetic
from wom_sim.rules.attention import STORY
from wom_sim.rules.spreading import BOTH, GEOMETRIC
from wom_sim.rules.steering import PEOPLE_TOLD, RESPOND
from wom_sim.rules.talking import LOGNORMAL
from wom_sim.scenario import Scenario
from wom_sim.simulation.running import voices_of
from wom_sim.world import luck, people, shuffle
from wom_sim.world.orders import ORDER_TYPE
from wom_sim.world.outlets import Outlets
from wom_sim.world.treatments import Treatments, arranged, table
from wom_sim.world.voices import VOICE_TYPE

Uses = dict[tuple[str, int, int], set[tuple[int, ...]]]
"""(site, block, lane) -> keys (seed, who, whom, day) with which it was used there."""
USES: Uses = defaultdict(set)
_OWN = ("/wom_sim/", "/luck.py")
_LOOPS = {"live", "run", "step", "_wrapped_step", "build", "build_world", "in_threads"}
"""Functions that only call the others: they say nothing about what a number is for."""


def _site(frame: FrameType | None, number: object) -> str:
    """Return the chain of our functions that leads to ``frame``, and the name of ``number`` in the innermost."""
    chain: list[str] = []
    name = ""
    while frame is not None:
        file = frame.f_code.co_filename
        if _OWN[0] in file and not file.endswith(_OWN[1]):
            if not chain:
                name = _name_in(frame.f_locals, number)
            if frame.f_code.co_name not in _LOOPS and not frame.f_code.co_name.startswith("<"):
                chain.append(frame.f_code.co_name)
        frame = frame.f_back
    return " > ".join(reversed(chain[:4])) + (f": {name}" if name else "")


def _name_in(names: dict[str, Any], number: object) -> str:
    for name, value in names.items():
        if value is number:
            return name
        if type(value) is tuple and any(each is number for each in value):
            return f"{name}[{next(k for k, each in enumerate(value) if each is number)}]"
    return ""


class Word(int):
    """A word of Philox that remembers its block, lane and key."""

    place: tuple[int, int]
    key: tuple[int, ...]


class Draw:
    """A uniform number that notes where it is used."""

    def __init__(self, word: Word, value: float) -> None:
        self.place, self.key, self.value = word.place, word.key, value

    def used(self) -> float:
        """Note the use; return the plain number."""
        USES[(_site(sys._getframe(2), self), *self.place)].add(self.key)
        return self.value


def _operator(name: str) -> Any:
    def apply(self: Draw, *others: Any) -> Any:
        plain = [other.used() if isinstance(other, Draw) else float(other) for other in others]
        return getattr(self.used(), name)(*plain)

    return apply


for _name in [
    "lt",
    "le",
    "gt",
    "ge",
    "add",
    "radd",
    "sub",
    "rsub",
    "mul",
    "rmul",
    "truediv",
    "rtruediv",
    "pow",
    "rpow",
    "float",
    "neg",
]:
    setattr(Draw, f"__{_name}__", _operator(f"__{_name}__"))


def _for_many(philox: Any) -> tuple[Any, Any, Any]:
    """Return what makes watched words for many at a time: ``first_words``, ``four_words`` and ``words_in_row``."""

    def columns(words: list[tuple[Word, ...]]) -> Any:
        out = np.empty((4, len(words)), dtype=object)
        for k, column in enumerate(words):
            for lane in range(4):
                out[lane, k] = column[lane]
        return out

    def first_words(seed: int, block: int, who: int, others: tuple[Any, int], day: int, out: Any) -> list[Word]:
        numbers, shift = others
        return [philox(who, int(number) >> shift, day, block, seed)[0] for number in numbers]

    def four_words(seed: int, block: int, people: Any, out: Any) -> Any:
        return columns([philox(int(person), 0, 0, block, seed) for person in people])

    def words_in_row(seed: int, block: int, who: Any, whom: Any, number: int, out: Any) -> Any:
        steps = range(int(number))
        return columns([philox(who[0] + k * who[1], whom[0] + k * whom[1], 0, block, seed) for k in steps])

    return first_words, four_words, words_in_row


def watch() -> None:
    """Put watched numbers in the place of plain ones."""
    plain_philox, plain_unit, plain_choice, plain_seed = luck.philox, luck.unit, luck.choice, luck._seed_words

    def philox(who: int, whom: int, day: int, block: int, seed: int) -> tuple[Word, ...]:
        words = []
        for lane, plain in enumerate(plain_philox(who, whom, day, block, seed)):
            word = Word(plain)
            word.place, word.key = (int(block), lane), (int(seed), int(who), int(whom), int(day))
            words.append(word)
        return tuple(words)

    def unit(word: Word) -> Draw:
        return Draw(word, float(plain_unit(int(word))))

    def choice(first: Word, second: Word, n: int) -> int:
        for word in (first, second):
            USES[(_site(sys._getframe(1), word) + ": who", *word.place)].add(word.key)
        return plain_choice(int(first), int(second), n)

    def seed_words(seed: int, number: int) -> Any:
        words = plain_seed(seed, number)
        for word in words:
            USES[("replication_seed", *word.place)].add(word.key)
        return words

    luck.philox = state.philox = philox
    luck.unit = state.unit = talk.unit = answer.unit = unit
    talk.first_words, answer.four_words, words_in_row = _for_many(philox)
    for builder in (synthetic, stubs, weave, shuffle):
        builder.unit, builder.words_in_row = unit, words_in_row
    luck.choice = choice
    luck._seed_words = seed_words


def _uses_of(work: Any) -> list[tuple[str, int, int, list[tuple[int, ...]]]]:
    USES.clear()
    work()
    return [(*place, sorted(keys)) for place, keys in sorted(USES.items())]


def _programme(customers: np.ndarray) -> Treatments:
    """Return two rounds for some, so that a person has told a story twice and has heard it, too."""
    first = table(
        person=customers[:25], day_told=np.arange(25) % 9, notice=np.where(np.arange(25) % 3, 10, -1), grievance=1.0,
        story=255, news=256, p_call=0.5, action=2, given=100.0, hazard_multiplier=1.6,
    )  # fmt: skip
    kind = table(person=customers[30:50], day_told=1, grievance=0.5, praise=True, action=10)
    again = table(person=customers[5:20], day_told=20, notice=8, grievance=0.9, story=250, news=200, p_call=0.5)
    return arranged(np.concatenate([first, again, kind]))


def _with_an_authority() -> Outlets:
    """Return the usual outlets, and one that acts after news."""
    own = outlets_of([(0.0, 0.1, 3.0, 1, False, 9.0)])
    own["acts_after_news"], own["acts_from"], own["acts_to"], own["acts_a_year"] = 0.5, 1, 4, 0.1
    return np.concatenate([some_outlets(), own])


def of_table(population: dict[str, Any]) -> dict[str, Any]:
    """Return a population whose customers come from a table that does not know everything of them."""
    folder = Path(tempfile.mkdtemp())
    known = {"revenue": [40.0, None, 80.0] * 20, "contract_months": [12.0, None] * 30, "household": [1, 1, None] * 20}
    pq.write_table(customer_table(known), folder / "customers.parquet")
    return population | {"customers": 100, "file": str(folder / "customers.parquet")}


def a_few_ties() -> str:
    """Return a file of ties that are known."""
    file = Path(tempfile.mkdtemp()) / "ties.csv"
    file.write_text("a,b\n" + "".join(f"{k},{k + 7}\n" for k in range(60)))
    return str(file)


def main() -> None:
    """Watch both engines on one small world, every policy, and the building of a world."""
    if not numba.config.DISABLE_JIT:
        raise SystemExit("the compiler is on: set NUMBA_DISABLE_JIT=1")
    crowd = some_people(90, 3)
    world = world_of(crowd, some_network(gnp_random_graph(90, 0.06, seed=3), 3), _with_an_authority())
    programme = _programme(np.flatnonzero(people.customers(crowd)))
    numbers = NUMBERS._replace(days=100, p_defend_siding=0.6, p_post_hearer=0.6, p_stop_when_known=0.2, represents=3)
    told = {
        "people_of_note": [{"name": "somebody", "audience": 9, "standing": 8}],
        "name": "watched", "population": {"customers": 200, "prospects": 40, "segments": [
            {"name": "all", "under_contract": 0.5, "calls": 6.0, "calls_spread": 1.2, "share": 1.0}]},
        "network": {"kind": "market", "community": 24, "town": 72, "far": 0.4},
        "choose": {"limit": 40, "error_rate": 0.3}, "rivals": {"refuse": 0.5},
        "policies": [{"name": name, "use": name, "channel": "letter", "individual_review": True,
                      "spared_by_review": 0.2, "appeal": True}
                     for name in ("bulk_letter", "case_by_case", "paid_exit", "downgrade", "warn_then_end", "enforce")]
        + [{"name": "not renewed", "use": "at_renewal", "term_months": 12, "choose": {"tenure_at_least": 6.0}}],
    }  # fmt: skip
    voices, orders = np.zeros(1, dtype=VOICE_TYPE), np.zeros(1, dtype=ORDER_TYPE)
    voices[0] = (programme["person"][3], 9, 8.0, 2, True, -1)
    orders[0] = (PEOPLE_TOLD, 5.0, 1, 0.5, RESPOND, 0.8, 0.8, 0.0, 1.0, 0)
    more = {"voices": voices, "orders": orders}
    story = numbers._replace(
        media_rule=STORY, story_spread=1.0, story_alone=0.2, coherence=0.5, report_median=2.0, report_spread=1.0,
        found_late=0.5, late_from=3, late_to=9, announced_on=2, announced_chance=0.5, announced_story=100,
        p_complain=0.5, complain_from=1, complain_to=9, complain_more=1.5, audience_rule=LOGNORMAL,
        followers_median=4.0, followers_spread=1.0, passed_on=0.4, duration=GEOMETRIC, talk_mean_days=3.0,
        stopping=BOTH,
    )  # fmt: skip
    both = (numbers, story)
    scenario = Scenario.model_validate_json(json.dumps(told))
    listed = Scenario.model_validate_json(json.dumps(told | {"population": of_table(told["population"])}))
    known = {"network": told["network"] | {"path": a_few_ties()}}
    known = Scenario.model_validate_json(json.dumps(told | known))
    watch()
    built: list[Any] = []
    parts = {
        "world": lambda: built.append(simulation.build_world(scenario, workers=1)),
        "known": lambda: simulation.build_world(known, workers=1),
        "table": lambda: simulation.build_world(listed, workers=1),
        "policies": lambda: [
            simulation.treatments_of(scenario, policy, built[0], simulation.luck_seed(scenario, 0))
            for policy in scenario.policies
        ],
        "of note": lambda: voices_of(scenario, 90, programme, simulation.luck_seed(scenario, 0)),
        "compiled": lambda: [Engine(world).run(each, programme, 7, **more, events=True) for each in both],
        "reference": lambda: [Market(world, each, programme, seed=7, **more).run() for each in both],
    }
    print(json.dumps({name: _uses_of(work) for name, work in parts.items()}))


if __name__ == "__main__":
    main()
