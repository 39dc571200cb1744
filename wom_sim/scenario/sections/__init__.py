"""The tables of a scenario file, each in the file of its name.

``[money]`` is in ``money.py``, ``[behaviour.talking]`` in ``talking.py``.
``wom_sim.scenario.models`` puts them together.
"""
