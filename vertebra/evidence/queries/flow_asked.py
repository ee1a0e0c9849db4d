"""What flow is computed of: which trails, what their statuses mean, whose work is where, for whom it is looked at."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec

from django.db.models import QuerySet

from vertebra.analysis.flow import NAME, VERSION
from vertebra.evidence.labels import PlaceWay
from vertebra.evidence.models import (
    FlowOpening,
    FlowRun,
    HandOverQuestion,
    StatusMeaning,
    TrailVersion,
    WorkPlace,
)
from vertebra.kit import clock
from vertebra.org.queries.structure import Structure


@dataclass(frozen=True)
class Asked:
    """All that the figures depend on; groups are called `u` and the number of the unit."""

    versions: tuple[TrailVersion, ...]
    meanings: tuple[tuple[int, str, str], ...]
    places: tuple[tuple[int, str, str, int, int, int], ...]
    parents: dict[str, str]
    groups: frozenset[str]
    questions: tuple[HandOverQuestion, ...]

    @property
    def ways(self) -> tuple[str, ...]:
        """What of the tools tells whose work something is."""
        return tuple(sorted({way for _source, way, *_rest in self.places}))

    @property
    def stamp(self) -> str:
        """What differs as soon as any of it does."""
        trails = [(one.source_id, one.number) for one in self.versions]
        asked = [(one.pk, one.field, one.steps) for one in self.questions]
        parents = sorted((group, self.parents[group]) for group in self.groups)
        said = repr((NAME, VERSION, trails, self.meanings, self.places, parents, asked))
        return hashlib.sha256(said.encode()).hexdigest()


def asked_now(now: dt.datetime) -> Asked:
    """What is asked today."""
    versions = tuple(
        TrailVersion.objects.filter(superseded_at=None).select_related("source").order_by("source")
    )
    structure = Structure.as_of(clock.today(now), with_members=False)
    openings = set(open_flow_rows().values_list("unit", flat=True))
    units: set[int] = set()
    for unit in openings:
        units |= set(structure.nodes) if unit is None else structure.under(unit)
    return Asked(
        versions,
        meanings_of(versions),
        _places(),
        {f"u{one.id}": f"u{one.parent_id}" if one.parent_id in structure.nodes else "" for one in structure.nodes.values()},
        frozenset(f"u{unit}" for unit in units),
        tuple(HandOverQuestion.objects.order_by("pk")),
    )  # fmt: skip


def open_flow_rows() -> QuerySet[FlowOpening]:
    """For whom flow is looked at now."""
    return FlowOpening.objects.filter(closed_at=None)


def meanings_of(versions: Iterable[TrailVersion]) -> tuple[tuple[int, str, str], ...]:
    """What each status means: what somebody said, otherwise what its tool says."""
    found: dict[tuple[int, str], str] = {}
    for version in versions:
        for part in version.parts.get("statuses", []):
            found[version.source_id, part["name"]] = part["category"]
    for source, status, category in StatusMeaning.objects.values_list("source", "status", "category"):
        found[source, status] = category
    return tuple(
        sorted((source, status, category) for (source, status), category in found.items() if category)
    )


def _places() -> tuple[tuple[int, str, str, int, int, int], ...]:
    """The mapped places; of several places of one item the more exact one counts, then the first by name."""
    exact = {way: place for place, way in enumerate(reversed(PlaceWay.values))}
    rows = WorkPlace.objects.filter(is_mapped=True).values_list("source", "way", "value", "unit", "area")
    ordered = sorted(rows, key=lambda row: (exact[row[1]], row[2], row[0]))
    return tuple(
        (source, way, value, unit or 0, area or 0, rank)
        for rank, (source, way, value, unit, area) in enumerate(ordered)
    )


def is_due(now: dt.datetime) -> bool:
    """Whether anything changed since figures were computed; never where nothing can compute them."""
    if not (find_spec("ibis") and find_spec("duckdb")):
        return False
    latest = FlowRun.objects.order_by("pk").last()
    if latest is None and not TrailVersion.objects.filter(superseded_at=None).exists():
        return False
    return latest is None or latest.stamp != asked_now(now).stamp
