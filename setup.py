"""Where the folders lie that the package brings along; everything else is said in pyproject.toml.

`scenarios/`, `examples/` and `docs/` stay where their readers look for them. In a wheel they are below
`wom_sim/builtin/`, where `wom_sim/_builtin.py` finds them; in a checkout it finds the folders themselves.
Why so: docs/DESIGN.md, "Installed anywhere".
"""

from setuptools import find_packages, setup

BROUGHT = {f"wom_sim.builtin.{folder}": folder for folder in ("scenarios", "examples", "docs")}

setup(packages=[*find_packages(include=["wom_sim*"]), *BROUGHT], package_dir=BROUGHT)
