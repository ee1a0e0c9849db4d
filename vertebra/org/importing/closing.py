"""What the same source brought before and is absent now: closed from the day on, never deleted."""

import datetime as dt
from typing import Any

from django.utils import formats
from django.utils.translation import ngettext

from vertebra.org.importing.current import Current, was_closed_by_import
from vertebra.org.importing.plan import CLOSED, Entity, Plan
from vertebra.org.importing.things import AREA_VERSION, TABLES, UNIT_VERSION

# Above this share of a source's open rows, somebody must say the number.
UNASKED_SHARE = 0.20
_VERSIONS = {"unit": UNIT_VERSION, "area": AREA_VERSION}


class TooMuchToClose(Exception):
    """More would be closed than an import does without being told the exact number."""

    def __init__(self, closing: int, open_rows: int, source: str) -> None:
        self.closing, self.open_rows = closing, open_rows
        text = ngettext(
            "This would close %(closing)s of the %(open)s open row that “%(source)s” brought. If that is meant, "
            "confirm the number: %(closing)s.",
            "This would close %(closing)s of the %(open)s open rows that “%(source)s” brought. If that is meant, "
            "confirm the number: %(closing)s.",
            open_rows,
        )
        shown = {"closing": closing, "open": formats.localize(open_rows), "source": source}
        super().__init__(text % shown)


def close_absent(plan: Plan, current: Current) -> None:
    """Plan the end of every open row of the source that its files do not tell."""
    for kind, entities in current.entities.items():
        for entity in entities:
            is_absent = entity.is_own and entity.is_open and entity.record is None
            # Reopened by hand after an import closed it: hands win until the source speaks again.
            if is_absent and not was_closed_by_import(entity):
                _close(plan, entity, kind)


def needs_confirmation(plan: Plan) -> bool:
    """Whether more would be closed than an import does unasked."""
    return plan.closing > plan.open_rows * UNASKED_SHARE


def refuse_unless_confirmed(plan: Plan, confirmed: int | None) -> None:
    """Raise TooMuchToClose when a fifth of the source would be closed and nobody said that number."""
    closing = plan.closing
    if needs_confirmation(plan) and confirmed != closing:
        raise TooMuchToClose(closing, plan.open_rows, plan.source)


def _close(plan: Plan, entity: Entity, kind: str) -> None:
    on = plan.on
    memory = {**(entity.imported or {}), CLOSED: on.isoformat()}
    after: dict[str, Any] = {"imported": memory}
    before: dict[str, Any] = {**entity.values, "imported": entity.imported}
    told: tuple[Any, Any] = (None, on)
    if kind in _VERSIONS:
        _end_version(plan, entity, kind, on)
    elif kind == "person":
        after["left_on"] = max(on, entity.values["joined_on"] or on)
        told = (entity.values["left_on"], after["left_on"])
    elif kind == "market":
        after["archived_at"] = dt.datetime.combine(on, dt.time(12), dt.UTC)
    else:
        after["ends_on"] = max(on, entity.values["starts_on"])
        told = (entity.values["ends_on"], after["ends_on"])
    plan.writes.update(TABLES[kind], entity.pk, before, after)
    plan.note(kind, "closed", entity, {"left_on" if kind == "person" else "ends_on": told})


def _end_version(plan: Plan, entity: Entity, kind: str, on: dt.date) -> None:
    held = entity.version
    if held is not None and held.pk is not None:
        plan.writes.update(
            _VERSIONS[kind], held.pk, {"ends_on": held.ends_on}, {"ends_on": max(on, held.starts_on)}
        )
