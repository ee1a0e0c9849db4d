"""Templates of a practice: texts to copy in one step, or where they stand elsewhere."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.models import AuditEntry, User
from vertebra.practices.actions.standing import open_one, written
from vertebra.practices.models import Practice, Template

EDITABLE = ("title", "language", "body", "web_address")


class NothingToCopy(Refusal):
    """A template is a text, or the address where it stands."""


@transaction.atomic
def add_template(
    *,
    actor: User | None,
    practice: Practice,
    title: str,
    language: str,
    body: str = "",
    web_address: str = "",
    now: dt.datetime,
) -> Template:
    """Add something ready to use to a practice."""
    row = open_one(practice)
    _refuse_empty(title, body, web_address)
    position = (row.templates.aggregate(last=Max("position"))["last"] or 0) + 1
    template = Template(
        practice=row, title=" ".join(title.split())[:200], language=language, body=body.strip(),
        web_address=web_address.strip(), position=position, made_by=actor, changed_at=now,
    )  # fmt: skip
    tracker = audit.Tracker()
    tracker.create(template)
    written("add_template", row, tracker, now, actor=actor, template=template.title)
    return template


@transaction.atomic
def change_template(
    *, actor: User | None, template: Template, changes: Mapping[str, Any], now: dt.datetime
) -> AuditEntry:
    """Change a template; what was copied before stays where it was copied."""
    row = open_one(template.practice)
    values = {name: changes[name] for name in EDITABLE if name in changes}
    said = {name: values.get(name, getattr(template, name)) for name in ("title", "body", "web_address")}
    _refuse_empty(**said)
    tracker = audit.Tracker()
    if not tracker.change(template, **values):
        raise NothingChanges(_("It is written like this already."))
    tracker.change(template, changed_at=now)
    return written("change", row, tracker, now, actor=actor, template=template.title)


@transaction.atomic
def archive_template(*, actor: User | None, template: Template, now: dt.datetime) -> AuditEntry:
    """Take a template away from its practice."""
    row = open_one(template.practice)
    if template.archived_at:
        raise NothingChanges(_("It is archived already."))
    tracker = audit.Tracker()
    tracker.change(template, archived_at=now)
    return written("archive_template", row, tracker, now, actor=actor, template=template.title)


def _refuse_empty(title: str, body: str, web_address: str) -> None:
    if not title.strip() or not (body.strip() or web_address.strip()):
        raise NothingToCopy(_("Give it a title, and either a text to copy or the address where it stands."))
