"""Audiences: made of rules, changed, put away."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.releases.models import Audience
from vertebra.releases.queries.rules import (
    MOST_DEEP,
    MOST_INSIDE,
    BadRules,
    Rules,
    checked,
    goes_in_circles,
    goes_too_far,
)


class NoName(Refusal):
    """An audience has a name that no other in use has."""


class WrongRules(Refusal):
    """Rules name what exists, and an audience is no part of itself."""


@transaction.atomic
def create_audience(
    *, actor: User | None, name: str, rules: Mapping[str, Any], description: str = "", now: dt.datetime
) -> Audience:
    """Name a part of the organisation by rules."""
    row = Audience(
        name=_named(name, None), description=description.strip()[:300], rules=_checked(rules, None),
        made_by=actor, created_at=now, changed_at=now,
    )  # fmt: skip
    tracker = audit.Tracker()
    tracker.create(row)
    _recorded("create", row, actor, tracker, now)
    return row


@transaction.atomic
def change_audience(
    *, actor: User, audience: Audience, changes: Mapping[str, Any], now: dt.datetime
) -> AuditEntry:
    """Say better who an audience is; what was told before stays told to whom it was."""
    row = Audience.objects.select_for_update().get(pk=audience.pk)
    values = {name: value for name, value in changes.items() if name in {"name", "description", "rules"}}
    if "name" in values:
        values["name"] = _named(values["name"], row.pk)
    if "rules" in values:
        values["rules"] = _checked(values["rules"], row.pk)
    tracker = audit.Tracker()
    touched = tracker.change(row, **values)
    if not touched:
        raise NothingChanges(_("It is written like this already."))
    tracker.change(row, changed_at=now)
    return _recorded("change", row, actor, tracker, now, fields=touched)


@transaction.atomic
def archive_audience(*, actor: User, audience: Audience, now: dt.datetime) -> AuditEntry:
    """Offer an audience no more; what it was told stays."""
    row = Audience.objects.select_for_update().get(pk=audience.pk)
    if row.archived_at:
        raise NothingChanges(_("It is archived already."))
    tracker = audit.Tracker()
    tracker.change(row, archived_at=now)
    return _recorded("archive", row, actor, tracker, now)


def _named(name: str, number: int | None) -> str:
    name = " ".join(name.split())[:120]
    taken = Audience.objects.filter(name=name, archived_at=None).exclude(pk=number or 0)
    if not name or taken.exists():
        raise NoName(_("Give the audience a name that no other has."))
    return name


def _checked(rules: Mapping[str, Any], number: int | None) -> Rules:
    try:
        found = checked(rules)
    except BadRules as wrong:
        raise WrongRules(str(wrong)) from wrong
    if goes_in_circles(number, found):
        raise WrongRules(_("An audience cannot be part of itself, nor of one that it is part of."))
    if goes_too_far(number, found):
        raise WrongRules(
            _(
                "An audience has %(count)d conditions at most, with those of audiences inside it, %(deep)d deep."
            )
            % {"count": MOST_INSIDE, "deep": MOST_DEEP}
        )
    return found


def _recorded(
    verb: str, row: Audience, actor: User | None, tracker: audit.Tracker, now: dt.datetime, **told: Any
) -> AuditEntry:
    return audit.record(
        actor=actor, verb=verb, kind=Kind.AUDIENCE, object_id=row.pk, object_name=row.name, particulars=told, now=now,
        rows=tracker.changes,
    )  # fmt: skip
