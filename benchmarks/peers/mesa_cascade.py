"""The independent cascade in Mesa, as lean as it goes: an agent a person, and only those who heard yesterday act."""

from __future__ import annotations

import random
from collections.abc import Sequence

import mesa

from benchmarks.graph import Graph, rows_of


class Person(mesa.Agent):
    """A person who may know, and who tells others once."""

    def __init__(self, model: Cascade) -> None:
        super().__init__(model)
        self.knows = False
        self.ties: list[Person] = []

    def tells(self) -> list[Person]:
        """Tell each tie with the same chance; return those who did not know."""
        draw, p = self.model.luck.random, self.model.p
        told = [other for other in self.ties if draw() < p and not other.knows]
        for other in told:
            other.knows = True
        return told


class Cascade(mesa.Model):
    """People on a graph; ``run`` may be called again and again."""

    def __init__(self, graph: Graph) -> None:
        super().__init__()
        start, ties = (part.tolist() for part in rows_of(graph))
        self.people = [Person(self) for _ in range(graph.people)]
        for i, person in enumerate(self.people):
            person.ties = [self.people[j] for j in ties[start[i] : start[i + 1]]]
        self.luck, self.p = random.Random(0), 0.0
        self.frontier: list[Person] = []

    def step(self) -> None:
        """Let those who heard yesterday tell."""
        self.frontier = [other for person in self.frontier for other in person.tells()]

    def run(self, seeds: Sequence[int], p: float, seed: int) -> int:
        """Return how many know in the end."""
        for person in self.people:
            person.knows = False
        self.luck, self.p = random.Random(seed), p
        self.frontier = [self.people[int(i)] for i in seeds]
        for person in self.frontier:
            person.knows = True
        known = len(self.frontier)
        while self.frontier:
            self.step()
            known += len(self.frontier)
        return known
