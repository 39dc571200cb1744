"""The theory: small pure functions of plain numbers. Read this folder first.

Every rule is compiled once and called by both engines. A rule imports ``math`` and nothing else, takes its
luck (a uniform number in (0, 1)) as an argument, and names its source or says Assumption.
"""
