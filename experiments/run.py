"""Run the experiments: ``python experiments/run.py [--full | --pictures] [NAME...]``; ``make experiments`` does so.

Reduced, each study has a fifth of its replications and a smaller sample, and its answers go to ``results/experiments``.
With ``--full`` (``make experiments FULL=1``) studies run as they are, and the answers beside them are written anew.
Either can be ended and goes on with the same command. ``--pictures`` runs nothing: it draws the committed answers anew.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from pathlib import Path

import tomli_w

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

LEAST_REPLICATIONS = 4
LEAST_SAMPLES = 64


def reduced(study: Path, folder: Path) -> Path:
    """Write a smaller version of a study into a folder, and return it."""
    said = tomllib.loads(study.read_text(encoding="utf-8"))
    said["scenario"] = str((study.parent / said["scenario"]).resolve())
    said["replications"] = min(said["replications"], max(LEAST_REPLICATIONS, said["replications"] // 5))
    design = said["design"]
    if "file" in design:
        design["file"] = str((study.parent / design["file"]).resolve())
    if "samples" in design:
        design["samples"] = min(design["samples"], LEAST_SAMPLES)
    folder.mkdir(parents=True, exist_ok=True)
    smaller = folder / "reduced.toml"
    smaller.write_text(tomli_w.dumps(said), encoding="utf-8")
    return smaller


def run(name: str, full: bool, results: Path) -> None:
    """Run one experiment and write its answer."""
    from findings import write_answer

    from wom_sim.study.analysis import analyse
    from wom_sim.study.sweep import sweep

    place = results / ("full" if full else "reduced") / name
    study = HERE / name / "study.toml"
    print(f"{name}: {'full' if full else 'reduced'}", file=sys.stderr, flush=True)
    said = [-1]

    def tell(done: int, total: int, words: str) -> None:
        if 10 * done // max(1, total) > said[0]:
            said[0] = 10 * done // max(1, total)
            print(f"  {done}/{total} {words}", file=sys.stderr, flush=True)

    found = sweep(study if full else reduced(study, place), out=place / "study", progress=tell)
    if not found.complete or found.counts.failed:
        raise SystemExit(
            f"{name}: {found.counts.pending} runs pending, {found.counts.failed} failed; the same command goes on"
        )
    analyse(place / "study")
    answer = HERE / name if full else place
    write_answer(name, place / "study" / "analysis", answer)
    print(f"{answer / 'result.csv'}\n{answer / 'picture.png'}")


def main() -> None:
    """Read the command line."""
    import pandas as pd
    from findings import EXPERIMENTS, draw_picture

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help=f"which: {', '.join(EXPERIMENTS)}; all if absent")
    parser.add_argument("--full", action="store_true", help="as the study files say; writes the committed answers")
    parser.add_argument("--pictures", action="store_true", help="draw the committed answers anew, without any run")
    parser.add_argument("--out", type=Path, default=Path("results/experiments"), help="folder of the runs")
    asked = parser.parse_args()
    unknown = [name for name in asked.names if name not in EXPERIMENTS]
    if unknown:
        print(f"experiments: given {unknown[0]!r}, allowed: {', '.join(EXPERIMENTS)}", file=sys.stderr)
        raise SystemExit(4)
    for name in asked.names or EXPERIMENTS:
        if asked.pictures:
            draw_picture(name, pd.read_csv(HERE / name / "result.csv"), HERE / name)
            print(HERE / name / "picture.png")
            continue
        run(name, asked.full, asked.out)


if __name__ == "__main__":
    main()
