"""``python -m wom_sim`` is the command ``wom-sim``."""

from wom_sim.cli import main

if __name__ == "__main__":
    main()
