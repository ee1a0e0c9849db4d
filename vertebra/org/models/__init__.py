"""Nouns of the organisation, over time."""

from vertebra.org.models.areas import Area, AreaStep, AreaVersion, Field, Market, Ownership
from vertebra.org.models.findings import EmptySpace, EmptySpaceNeighbour, EmptySpaceReport, Gap, Look
from vertebra.org.models.people import Mandate, Membership, Person
from vertebra.org.models.units import Unit, UnitKind, UnitVersion

__all__ = [
    "Area",
    "AreaStep",
    "AreaVersion",
    "EmptySpace",
    "EmptySpaceNeighbour",
    "EmptySpaceReport",
    "Field",
    "Gap",
    "Look",
    "Mandate",
    "Market",
    "Membership",
    "Ownership",
    "Person",
    "Unit",
    "UnitKind",
    "UnitVersion",
]
