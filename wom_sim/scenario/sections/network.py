"""``[network]``: who knows whom."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wom_sim.scenario.fields import Section, fraction, key


class MarketNetwork(Section):
    """Households, close ties in communities, acquaintances with uneven degrees; with ``path``, around known ties."""

    kind: Literal["market"] = "market"
    path: str | None = key(
        None, "A file of ties that are known, relative to the scenario; the others are drawn around them", min_length=1
    )
    tie: Literal["household", "close", "acquaintance"] = key(
        "acquaintance", "Class of known ties of which neither a column nor a weight tells it"
    )
    close: int = key(
        6, "Close ties of a person (even number)", unit="ties", source="strong 5 with the household", grade="C", ge=0,
        le=40, multiple_of=2,
    )  # fmt: skip
    close_rewired: float = fraction(
        0.1, "Share of close ties that leave the immediate circle, within the community",
        source="clustering .2 [.1-.4]", grade="C",
    )  # fmt: skip
    community: int = key(150, "People in a community", unit="people", source="Dunbar layers", grade="C", ge=4, le=5000)
    acquaintances: float = key(
        4.0, "Mean acquaintances of a person", unit="ties", source="medium 10", grade="C", plausible=(3.0, 15.0),
        ge=0.0, le=200.0,
    )  # fmt: skip
    acquaintances_spread: float = key(
        0.8, "Spread of the number of acquaintances (log)", source="degree ~ (k+10.9)^-8.4 (Onnela 2007)", grade="B/C",
        ge=0.0, le=2.0,
    )  # fmt: skip
    far: float = fraction(0.25, "Share of acquaintances outside the town", grade="Assumption")
    town: int = key(9000, "People in a town", unit="people", grade="Assumption", ge=8, le=60_000)


class RandomGraph(Section):
    """A standard generator of networkx."""

    kind: Literal[
        "erdos_renyi",
        "watts_strogatz",
        "barabasi_albert",
        "powerlaw_cluster",
        "random_regular",
        "complete",
        "star",
        "path",
        "cycle",
        "empty",
        "karate",
        "florentine",
        "cliques",
    ]
    ties: float = key(
        8.0,
        "Mean ties of a person (erdos_renyi, watts_strogatz, random_regular, cliques; others: twice the attachment)",
        ge=0.0,
    )
    p: float = fraction(0.1, "Chance to rewire (watts_strogatz) or to close a triangle (powerlaw_cluster)")
    tie: Literal["household", "close", "acquaintance"] = key("acquaintance", "Class of every tie")


class GraphFile(Section):
    """Ties from a file: a table of two people a line with any sign between columns, Pajek, GML, GraphML or Excel.

    People are whole numbers from 0, or names and ids that are given such numbers. A column may name the class of a
    tie, one give a factor (0 to 1) on the chance that it is used, or a weight from which that factor follows.
    """

    kind: Literal["file"]
    path: str = key(..., "The file, relative to the scenario", min_length=1)
    tie: Literal["household", "close", "acquaintance"] = key("acquaintance", "Class of ties without one of their own")


Network = Annotated[MarketNetwork | RandomGraph | GraphFile, Field(discriminator="kind")]
