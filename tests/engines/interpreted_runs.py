"""Both engines without the compiler on cases from a file; prints in JSON what differs. See test_interpreted.py."""

from __future__ import annotations

import json
import pickle
import sys
from pathlib import Path

import numba
from random_runs import difference, fingerprint

from wom_sim.engines.compiled import Engine
from wom_sim.engines.reference import Market


def main(file: str) -> None:
    """Run every case and compare the engines with each other and with the compiled run's fingerprint."""
    if not numba.config.DISABLE_JIT:
        raise SystemExit("the compiler is on: set NUMBA_DISABLE_JIT=1")
    differences = {}
    cases = pickle.loads(Path(file).read_bytes())
    for number, (case, expected) in enumerate(cases):
        reference = Market(case.world, case.numbers, case.treatments, seed=case.seed, **case.more).run().result()
        arrays = Engine(case.world).run(case.numbers, case.treatments, case.seed, **case.more, events=True)
        found = [difference(reference, arrays)]
        found += [f"{name}: not as compiled" for name, each in fingerprint(arrays).items() if each != expected[name]]
        if any(found):
            differences[number] = [text for text in found if text]
    print(json.dumps({"runs": len(cases), "differences": differences}))


if __name__ == "__main__":
    main(sys.argv[1])
