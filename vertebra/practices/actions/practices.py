"""Practices: an idea, from nothing or from what ships; registered when already lived; carried, put away."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit, search
from vertebra.accounts.actions.thread import tie
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import AuditEntry, User, Watch
from vertebra.evidence.actions.flow_endings import end_openings
from vertebra.kit import clock
from vertebra.org.models import Field, Person, Unit
from vertebra.practices.actions.registering import Lived, NoCarrier, register
from vertebra.practices.actions.standing import end_of, locked, open_one, written
from vertebra.practices.labels.practices import PracticeState, Reach
from vertebra.practices.models import (
    Practice,
    PracticeCost,
    PracticeText,
    PracticeVersion,
    Template,
)
from vertebra.practices.queries.flow import flow_openings
from vertebra.practices.queries.reach import is_standard
from vertebra.practices.queries.rights import is_product_ops
from vertebra.practices.shipped import LANGUAGES, Shipped, shipped_practices

EDITABLE = frozenset({"name", "carrier", "field", "next_review_on"})
# The same words as the fields of a text, so that what ships is taken over as it is.
SAID = ("why", "for_whom", "when", "inputs", "outputs", "steps", "tools")


class NoName(Refusal):
    """A practice is called something."""


class StillHolds(Refusal):
    """What holds somewhere is retired, not put away."""


class CarriedByProductOps(Refusal):
    """A standard is carried outside Product Ops."""


@transaction.atomic
def create_practice(
    *,
    actor: User | None,
    name: str,
    language: str,
    why: str = "",
    carrier: Person | None = None,
    field: Field | None = None,
    shipped: str = "",
    origin: tuple[str, int] | None = None,
    now: dt.datetime,
) -> Practice:
    """Begin a practice as an idea, from nothing or from one that ships: both its languages, cost and templates."""
    models = {code: found for code in LANGUAGES if (found := shipped_practices(code).get(shipped))}
    model = models.get(language)
    row = Practice(
        name=_said(name or (model.name if model else "")), language=language, carrier=carrier, field=field,
        shipped=shipped if models else "", made_by=actor, created_at=now, changed_at=now,
    )  # fmt: skip
    tracker = audit.Tracker()
    tracker.create(row)
    version = PracticeVersion(practice=row, number=1, made_by=actor, created_at=now, changed_at=now)
    tracker.create(version)
    tracker.create_all(_texts(version, row, why, models))
    tracker.create_all(
        [
            PracticeCost(version=version, function=one, minutes=minutes)
            for one, minutes in (model.costs if model else ())
        ]
    )
    tracker.create_all(_templates(row, models, actor, now))
    if origin:
        tie(tracker, end_of(row), Relation.RAISED_FROM, origin, by=actor, now=now)
    if actor:
        tracker.create(Watch(user=actor, kind=Kind.PRACTICE, object_id=row.pk, since_at=now))
    written("create", row, tracker, now, actor=actor)
    return row


@transaction.atomic
def register_practice(
    *,
    actor: User | None,
    name: str,
    language: str,
    units: Collection[Unit | None] = (),
    reach: str = Reach.STANDARD,
    carrier: Person | None = None,
    field: Field | None = None,
    why: str = "",
    lives_at: str = "",
    now: dt.datetime,
) -> Practice:
    """Register in one line what was already lived: in force at once where it was, its validation owed at its first review."""
    line = Lived(_said(name), language, list(units) or [None], carrier, reach, field, why, lives_at)
    tracker = audit.Tracker()
    row = register(tracker, line, actor, now)
    written("register", row, tracker, now, actor=actor)
    return row


@transaction.atomic
def change_practice(
    *, actor: User | None, practice: Practice, changes: Mapping[str, Any], now: dt.datetime
) -> AuditEntry:
    """Change who carries a practice, what it is called, its field, when it is looked back at."""
    row = open_one(practice)
    values = {name: value for name, value in changes.items() if name in EDITABLE}
    if "name" in values:
        values["name"] = _said(values["name"])
    if row.state in {PracticeState.VALIDATED, PracticeState.IN_FORCE}:
        if "next_review_on" in values and values["next_review_on"] is None:
            values.pop("next_review_on")
        if "carrier" in values and values["carrier"] is None:
            raise NoCarrier(_("It holds somewhere: say who carries it from now on."))
    if values.get("carrier") and is_standard(row, clock.today(now)) and is_product_ops(values["carrier"]):
        raise CarriedByProductOps(
            _("It is a standard: somebody outside Product Ops carries it, so that it goes on without them.")
        )
    tracker = audit.Tracker()
    touched = tracker.change(row, **values)
    if not touched:
        raise NothingChanges(_("It is written like this already."))
    return written("change", row, tracker, now, actor=actor, fields=touched)


@transaction.atomic
def archive_practice(*, actor: User | None, practice: Practice, now: dt.datetime) -> AuditEntry:
    """Take a practice out of the lists, such as an idea written twice; what holds somewhere is retired instead."""
    row = locked(practice)
    if row.archived_at:
        raise NothingChanges(_("It is archived already."))
    if row.reaches.exclude(ends_on__lte=clock.today(now)).exists():
        raise StillHolds(
            _("It still holds somewhere: retire it, with the reason, so that those concerned know.")
        )
    tracker = audit.Tracker()
    end_openings(tracker, flow_openings(row), now)
    tracker.change(row, archived_at=now)
    entry = written("archive", row, tracker, now, actor=actor)
    search.unindex(Kind.PRACTICE, [row.pk])
    return entry


@transaction.atomic
def restore_practice(*, actor: User | None, practice: Practice, now: dt.datetime) -> AuditEntry:
    """Bring a practice back that was put away."""
    row = locked(practice)
    if not row.archived_at:
        raise NothingChanges(_("It is not archived."))
    tracker = audit.Tracker()
    tracker.change(row, archived_at=None)
    return written("restore", row, tracker, now, actor=actor)


def _said(name: str) -> str:
    name = " ".join(name.split())[:200]
    if not name:
        raise NoName(_("Say in a few words what is done."))
    return name


def _texts(
    version: PracticeVersion, row: Practice, why: str, models: Mapping[str, Shipped]
) -> list[PracticeText]:
    """What the first version says: in each language of what ships, else what was written."""
    if not models:
        return [PracticeText(version=version, language=row.language, name=row.name, why=why.strip())]
    texts = [
        PracticeText(
            version=version, language=code, name=row.name if code == row.language else model.name,
            **{name: getattr(model, name) for name in SAID},
        )
        for code, model in models.items()
    ]  # fmt: skip
    for text in texts:
        if text.language == row.language and why.strip():
            text.why = why.strip()
    return texts


def _templates(
    row: Practice, models: Mapping[str, Shipped], actor: User | None, now: dt.datetime
) -> list[Template]:
    given = [(code, *one) for code, model in models.items() for one in model.templates]
    return [
        Template(
            practice=row, title=title, language=code, body=body, position=at, made_by=actor, changed_at=now
        )
        for at, (code, title, body) in enumerate(given)
    ]
