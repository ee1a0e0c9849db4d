"""What the database holds, read once per import: every row that records may be compared with."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Q

from vertebra.org.importing.plan import CLOSED, Entity, Version
from vertebra.org.models import (
    Area,
    AreaStep,
    AreaVersion,
    Mandate,
    Market,
    Membership,
    Ownership,
    Person,
    Unit,
    UnitKind,
    UnitVersion,
)

UNIT_FIELDS = ("name", "kind_id", "parent_id", "purpose", "how_to_work", "language")
AREA_FIELDS = ("name", "parent_id", "description", "language")
PERSON_FIELDS = (
    "name", "email", "handle", "title", "language", "country", "joined_on", "left_on", "manager_id",
    "manager_reference", "archived_at",
)  # fmt: skip
MARKET_FIELDS = ("name", "code", "archived_at")
MEMBERSHIP_FIELDS = ("person_id", "unit_id", "function", "title", "share", "starts_on", "ends_on")
MANDATE_FIELDS = (
    "role", "title", "function", "person_id", "reference", "is_acting", "unit_id", "area_id", "market_id",
    "hours_per_month", "starts_on", "ends_on",
)  # fmt: skip
OWNERSHIP_FIELDS = ("unit_id", "area_id", "market_id", "starts_on", "ends_on")

RELATIONS: Mapping[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "membership": (Membership, MEMBERSHIP_FIELDS),
    "mandate": (Mandate, MANDATE_FIELDS),
    "ownership": (Ownership, OWNERSHIP_FIELDS),
}
MODELS: Mapping[str, type[models.Model]] = {
    "unit": Unit,
    "person": Person,
    "area": Area,
    "market": Market,
    "membership": Membership,
    "mandate": Mandate,
    "ownership": Ownership,
}
_OUTSIDE = ("pk", "source_id", "external_id", "imported")


class Current:
    """The organisation as it is known, as of the day on which the import takes effect."""

    def __init__(self, source_id: int | None, on: dt.date) -> None:
        self.source_id, self.on = source_id, on
        self.entities: dict[str, list[Entity]] = {
            "market": self._plain("market", Market, MARKET_FIELDS),
            "unit": self._versioned("unit", Unit, UnitVersion, UNIT_FIELDS, ()),
            "person": self._plain("person", Person, PERSON_FIELDS),
            "area": self._versioned("area", Area, AreaVersion, AREA_FIELDS, ("kind",)),
        }
        self.unit_kinds: dict[str, Entity] = {
            slug: Entity("unit_kind", pk) for pk, slug in UnitKind.objects.values_list("pk", "slug")
        }
        self.kind_slugs = {entity.pk: slug for slug, entity in self.unit_kinds.items()}
        for kind, (model, fields) in RELATIONS.items():
            self.entities[kind] = self._relations(kind, model, fields)
        self._steps()
        self._names: dict[str, dict[int, str]] = {}

    def _entity(self, kind: str, head: tuple[Any, ...], values: dict[str, Any]) -> Entity:
        pk, source_id, external_id, imported = head
        is_own = source_id is not None and source_id == self.source_id
        return Entity(kind, pk, source_id, external_id, imported, values, is_own=is_own)

    def _plain(self, kind: str, model: type[models.Model], fields: tuple[str, ...]) -> list[Entity]:
        found = []
        for row in model._default_manager.order_by("pk").values_list(*_OUTSIDE, *fields).iterator(5000):
            entity = self._entity(kind, row[:4], dict(zip(fields, row[4:], strict=True)))
            left_on = entity.values.get("left_on")
            entity.is_open = entity.values["archived_at"] is None and (left_on is None or left_on > self.on)
            found.append(entity)
        return found

    def _versioned(
        self,
        kind: str,
        model: type[models.Model],
        version_model: type[models.Model],
        fields: tuple[str, ...],
        own_fields: tuple[str, ...],
    ) -> list[Entity]:
        """Each thing with its version of the day (or the nearest one), and when the next one starts."""
        found: dict[int, Entity] = {}
        for row in model._default_manager.order_by("pk").values_list(*_OUTSIDE, *own_fields):
            base = dict(zip(own_fields, row[4:], strict=True))
            entity = self._entity(kind, row[:4], {})
            entity.base, entity.is_open = base, False
            found[row[0]] = entity
        versions = version_model._default_manager.order_by("starts_on", "pk")
        for row in versions.values_list(f"{kind}_id", "pk", "starts_on", "ends_on", *fields).iterator(5000):
            owner, pk, starts_on, ends_on = row[:4]
            entity = found[owner]
            version = Version(pk, starts_on, ends_on, dict(zip(fields, row[4:], strict=True)))
            if starts_on > self.on:
                entity.next_start = entity.next_start or starts_on
                entity.values = entity.values or version.values
            else:
                entity.values = version.values
                entity.is_open = ends_on is None or ends_on > self.on
                entity.version = version
        for entity in found.values():
            entity.is_open = entity.is_open or entity.next_start is not None
            entity.values = {**dict.fromkeys(fields), **entity.values, **(entity.base or {})}
        return list(found.values())

    def _relations(self, kind: str, model: type[models.Model], fields: tuple[str, ...]) -> list[Entity]:
        """What holds on the day or later, and of this source also what ended: the latest of each id."""
        wanted = Q(ends_on__isnull=True) | Q(ends_on__gt=self.on)
        if self.source_id is not None:
            wanted |= Q(source_id=self.source_id)
        found = []
        rows = model._default_manager.filter(wanted).order_by("starts_on", "pk")
        for row in rows.values_list(*_OUTSIDE, *fields).iterator(5000):
            entity = self._entity(kind, row[:4], dict(zip(fields, row[4:], strict=True)))
            ends_on = entity.values["ends_on"]
            entity.is_open = ends_on is None or ends_on > self.on
            found.append(entity)
        return found

    def _steps(self) -> None:
        areas = {entity.pk: entity for entity in self.entities["area"]}
        steps = AreaStep.objects.order_by("position", "pk")
        self.steps: dict[int, list[dict[str, Any]]] = {}
        for row in steps.values("id", "journey_id", "area_id", "position"):
            self.steps.setdefault(row["journey_id"], []).append(dict(row))
        for entity in areas.values():
            entity.values["steps"] = tuple(row["area_id"] for row in self.steps.get(entity.pk or 0, ()))

    def name_of(self, kind: str, pk: int) -> str:
        """What a row is called, for previews."""
        if kind == "unit_kind":
            return self.kind_slugs.get(pk, "")
        if kind not in self._names:
            self._names[kind] = {
                entity.pk or 0: str(entity.values.get("name") or "") for entity in self.entities[kind]
            }
        return self._names[kind].get(pk, "")


def was_closed_by_import(entity: Entity) -> bool:
    """Whether an import closed it, rather than somebody by hand."""
    return CLOSED in (entity.imported or {})
