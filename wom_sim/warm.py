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


_ENGINE = "from wom_sim.warm import compile_engine; compile_engine()"


def compile_engine() -> None:
    """Compile the engine by running it on nobody, and say how far it is."""
    from wom_sim._compiling import compilation_told
    from wom_sim.engines.compiled import warm

    with compilation_told(lambda words: _say(f"engine: {words}")):
        warm()


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def main() -> None:
    """Run a tiny scenario under every policy with both engines."""
    began = time.perf_counter()
    engine = subprocess.Popen([sys.executable, "-c", _ENGINE])
    try:
        _warm(engine)
    finally:
        engine.kill()
        engine.wait()
    print(f"compiled in {time.perf_counter() - began:.0f} s")


def _warm(engine: subprocess.Popen[bytes]) -> None:
    """Compile what the reference engine takes while ``engine`` compiles the other, then what is left."""
    from wom_sim._compiling import compilation_told
    from wom_sim.scenario import Scenario
    from wom_sim.study import compare

    scenario = Scenario.model_validate_json(json.dumps(_SCENARIO))
    with compilation_told(lambda words: _say(f"all else: {words}")):
        compare(scenario, engine="reference")
        engine.wait()  # if it failed, what it left is compiled here
        compare(scenario, engine="compiled")


if __name__ == "__main__":
    main()
