"""What belongs to an initiative: what may go wrong in it, and addresses outside."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.models import AuditEntry, User
from vertebra.org.models import Person
from vertebra.roadmap.actions.standing import locked, written
from vertebra.roadmap.labels.initiatives import RiskLevel, RiskState
from vertebra.roadmap.models import Initiative, Risk, WebLink


class NothingSaid(Refusal):
    """A risk says in one sentence what may go wrong."""


class NoAddress(Refusal):
    """A link leads to an address of the web."""


@transaction.atomic
def add_risk(
    *,
    actor: User | None,
    initiative: Initiative,
    title: str,
    language: str,
    level: int = RiskLevel.MEDIUM,
    remedy: str = "",
    owner: Person | None = None,
    now: dt.datetime,
) -> AuditEntry:
    """Say what may go wrong, how bad it would be, and what is done about it."""
    row = locked(initiative)
    title = " ".join(title.split())
    if not title:
        raise NothingSaid(_("Say in one sentence what may go wrong."))
    tracker = audit.Tracker()
    risk = Risk(
        initiative=row, title=title[:200], remedy=remedy.strip(), language=language, level=level,
        owner=owner, created_at=now,
    )  # fmt: skip
    tracker.create(risk)
    return written("change", row, tracker, now, actor=actor, risk=risk.title)


@transaction.atomic
def change_risk(*, actor: User | None, risk: Risk, changes: dict[str, Any], now: dt.datetime) -> AuditEntry:
    """Say how a risk stands: open, under control, happened, gone."""
    row = locked(risk.initiative)
    risk = Risk.objects.select_for_update(of=("self",)).get(pk=risk.pk)
    values: dict[str, Any] = {
        name: changes[name] for name in ("title", "remedy", "level", "state", "owner") if name in changes
    }
    if "state" in values:
        is_over = values["state"] in {RiskState.GONE, RiskState.HAPPENED}
        values["ended_at"] = (risk.ended_at or now) if is_over else None
    tracker = audit.Tracker()
    if not tracker.change(risk, **values):
        raise NothingChanges(_("It is written like this already."))
    return written("change", row, tracker, now, actor=actor, risk=risk.title)


@transaction.atomic
def add_web_link(
    *, actor: User | None, initiative: Initiative, url: str, title: str = "", now: dt.datetime
) -> AuditEntry:
    """Keep an address outside with the initiative it belongs to."""
    row = locked(initiative)
    url = url.strip()
    try:
        URLValidator(schemes=["http", "https"])(url)
    except ValidationError as wrong:
        raise NoAddress(_("Write an address that begins with https://.")) from wrong
    if WebLink.objects.filter(initiative=row, url=url).exists():
        raise NothingChanges(_("This address is here already."))
    tracker = audit.Tracker()
    tracker.create(WebLink(initiative=row, url=url, title=" ".join(title.split())[:200] or url[:200]))
    return written("change", row, tracker, now, actor=actor, web_link=url)


@transaction.atomic
def remove_web_link(*, actor: User | None, web_link: WebLink, now: dt.datetime) -> AuditEntry:
    """Forget an address outside."""
    row = locked(web_link.initiative)
    if not row.web_links.filter(pk=web_link.pk).exists():
        raise NothingChanges(_("Somebody took this away meanwhile."))
    tracker = audit.Tracker()
    url = web_link.url
    tracker.delete(web_link)
    return written("change", row, tracker, now, actor=actor, web_link=url)
