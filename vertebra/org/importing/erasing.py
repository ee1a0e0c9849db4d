"""Removing a whole source: what only it brought goes, what others rest on stays without it."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import CharField, Count, Q, Value

from vertebra.accounts import search
from vertebra.accounts.models import AuditRow, User
from vertebra.org.importing.current import MODELS
from vertebra.org.models import Area, AreaVersion, Mandate, Membership, Ownership, Person, Unit, UnitVersion
from vertebra.sources.models import Source

_FACTS = ("ownership", "mandate", "membership")
_THINGS = ("area", "person", "unit", "market")
Ids = set[int]


def brought(source: Source) -> dict[str, int]:
    """How many rows of each kind the source brought."""
    first, *others = (
        model._default_manager.filter(source=source)
        .order_by()
        .values(told=Value(kind, CharField()))
        .annotate(count=Count("pk"))
        .values_list("told", "count")
        for kind, model in MODELS.items()
    )
    found = dict(first.union(*others, all=True))
    return {kind: found[kind] for kind in MODELS if found.get(kind)}


def erase(actor: User, source: Source, now: dt.datetime) -> None:
    """Remove what only this source brought, with what the audit kept of it; the caller audits the removal."""
    for kind in _FACTS:
        _remove(MODELS[kind], _ids(MODELS[kind].objects.filter(source=source)))  # type: ignore[attr-defined]
    kept = _resting(source)
    for kind in _THINGS:
        model = MODELS[kind]
        mine = model._default_manager.filter(source=source)
        mine.filter(pk__in=kept[kind]).update(source=None, external_id="", imported=None)
        gone = _ids(mine)
        for version in {"unit": (UnitVersion,), "area": (AreaVersion,)}.get(kind, ()):
            _remove(
                version, _ids(version.objects.all_time().filter(**{f"{kind}_id__in": _sub(model, source)}))
            )
        search.unindex(kind, gone)
        _remove(model, gone)


def _sub(model: type[models.Model], source: Source) -> Any:
    return model._default_manager.filter(source=source).values("pk")


def _ids(rows: Any) -> Ids:
    return set(rows.values_list("pk", flat=True))


def _resting(source: Source) -> dict[str, Ids]:
    """The things of the source that facts or versions of others rest on, and what those belong to in turn."""
    others = ~Q(source=source) | Q(source=None)
    kept: dict[str, Ids] = {"unit": set(), "area": set(), "person": set(), "market": set()}
    for model, names in (
        (Membership, ("person", "unit")),
        (Mandate, ("person", "unit", "area", "market")),
        (Ownership, ("unit", "area", "market")),
    ):
        facts = model.objects.all_time().filter(others)
        for name in names:
            kept[name] |= set(facts.exclude(**{f"{name}_id": None}).values_list(f"{name}_id", flat=True))
    kept["person"] |= set(
        Person.objects.filter(source=source).exclude(user=None).values_list("pk", flat=True)
    )
    for name, owner, version in (("unit", Unit, UnitVersion), ("area", Area, AreaVersion)):
        parents = list(version.objects.all_time().exclude(parent=None).values_list(f"{name}_id", "parent_id"))
        others_own = _ids(owner._default_manager.filter(others))
        standing = kept[name] | others_own
        while more := {parent for child, parent in parents if child in standing} - standing:
            standing |= more
        kept[name] = standing - others_own
    return kept


def _remove(model: type[models.Model], ids: Ids) -> None:
    """Delete the rows and what the audit kept of them."""
    wanted = sorted(ids)
    for start in range(0, len(wanted), 500):
        batch = wanted[start : start + 500]
        AuditRow.objects.filter(model=model._meta.label_lower, row_id__in=batch).delete()
        model._base_manager.filter(pk__in=batch).delete()
