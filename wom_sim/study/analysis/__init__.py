"""What a study found: tables in, tables out. ``analyse`` reads a study's folder and writes them all."""

from __future__ import annotations

from wom_sim.study.analysis.boxes import boxes
from wom_sim.study.analysis.distributions import delta, pawn
from wom_sim.study.analysis.effects import effects, levels
from wom_sim.study.analysis.interactions import interactions
from wom_sim.study.analysis.luck import luck
from wom_sim.study.analysis.maps import response_map, zero_line
from wom_sim.study.analysis.morris import morris
from wom_sim.study.analysis.points import points
from wom_sim.study.analysis.prcc import prcc
from wom_sim.study.analysis.regression import regression
from wom_sim.study.analysis.robust import robust, worth
from wom_sim.study.analysis.sobol import sobol, sobol_pairs
from wom_sim.study.analysis.study import NotApplicableError, Study, StudyError, assemble, read
from wom_sim.study.analysis.trees import features, tree
from wom_sim.study.analysis.write import ANALYSES, analyse

__all__ = [
    "ANALYSES",
    "NotApplicableError",
    "Study",
    "StudyError",
    "analyse",
    "assemble",
    "boxes",
    "delta",
    "effects",
    "features",
    "interactions",
    "levels",
    "luck",
    "morris",
    "pawn",
    "points",
    "prcc",
    "read",
    "regression",
    "response_map",
    "robust",
    "sobol",
    "sobol_pairs",
    "tree",
    "worth",
    "zero_line",
]
