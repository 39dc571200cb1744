"""``python -m wom_sim.warm``: compile everything once, as the last step of an installation.

Otherwise the first run does it, which takes a minute or so more, depending on the machine. The engine is compiled by a
process of its own, beside all that surrounds it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time

from wom_sim.policies import POLICIES

_SCENARIO = {
    "name": "warm",
    "population": {"customers": 60, "prospects": 20},
    "run": {"days": 40, "replications": 1},
    "choose": {"limit": 5, "calls_at_least": 0.0, "least_profitable_share": 0.9, "spare_profitable_households": True},
    "policies": [
        *({"name": name, "use": name} for name in POLICIES if name != "keep"),
        {"name": "a fee", "use": "reprice", "fee_per_call": 5.0},
        {"name": "a last resort", "use": "transfer", "last_resort": True},
        {"name": "by value", "use": "bulk_letter", "choose": {"limit": 5, "by": "value", "error_rate": 0.5}},
    ],
}


def compile_engine() -> None:
    """Compile the engine by running it on nobody, and say how far it is."""
    from wom_sim._compiling import compilation_told
    from wom_sim.engines.compiled import warm

    with compilation_told(lambda words: _say(f"engine: {words}")):
        warm()


def count_engine() -> None:
    """Compile the engine for a process that waits, and write on the output how many functions are compiled."""
    from wom_sim._compiling import compilation_told
    from wom_sim.engines.compiled import warm

    with compilation_told(lambda words: print(counter.number, flush=True)) as counter:
        warm()


def compile_rest() -> None:
    """Compile what the reference engine takes, and what surrounds both, and say how far it is."""
    _run("reference", "all else")


def main() -> None:
    """Run a tiny scenario under every policy with both engines, after two processes have compiled what that takes."""
    began = time.perf_counter()
    parts = [subprocess.Popen([sys.executable, "-c", f"from wom_sim import warm; warm.{name}()"]) for name in _PARTS]
    try:
        for part in parts:
            part.wait()
    finally:
        for part in parts:
            part.kill()
            part.wait()
    for engine in ("reference", "compiled"):  # what both wrote at the same time, or one could not, is made up for here
        _run(engine, "what is left")
    print(f"compiled in {time.perf_counter() - began:.0f} s")


_PARTS = (compile_engine.__name__, compile_rest.__name__)


def _run(engine: str, what: str) -> None:
    from wom_sim._compiling import compilation_told
    from wom_sim.scenario import Scenario
    from wom_sim.study.compare import compare

    scenario = Scenario.model_validate_json(json.dumps(_SCENARIO))
    with compilation_told(lambda words: _say(f"{what}: {words}")):
        compare(scenario, engine=engine)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
