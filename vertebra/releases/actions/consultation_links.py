"""Links that are handed over to champions whom no mail reaches: made by Product Ops, told once."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.urls import reverse

from vertebra.accounts import audit
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.accounts.tokens import digest_of, new_secret
from vertebra.evidence.asks import note_asks
from vertebra.releases.actions.consultation_letters import leave_in_peace
from vertebra.releases.labels.consultations import AskState
from vertebra.releases.models import ConsultationAsk
from vertebra.releases.queries.consultation_links import why_no_link


class LinkNotMade(Refusal):
    """A link is handed over to whom no mail reaches, while their answer is waited for."""


@transaction.atomic
def make_consultation_link(*, actor: User, ask: ConsultationAsk, now: dt.datetime) -> tuple[AuditEntry, str]:
    """Make a link to hand over to a champion whom no mail reaches; the one before opens no more."""
    rows = ConsultationAsk.objects.select_for_update(of=("self",))
    row = rows.select_related("consultation__release", "person__user").get(pk=ask.pk)
    if why_not := why_no_link(row, now):
        raise LinkNotMade(why_not)
    secret = new_secret()
    row.digest = digest_of(secret)
    row.save(update_fields=["digest"])
    # Whatever still waits to be sent holds the link before.
    leave_in_peace([row])
    values: dict[str, Any] = {"asked_at": now}
    if row.state == AskState.HELD:
        values["state"] = AskState.WAITING
        note_asks([row.person_id], Kind.CONSULTATION, row.consultation_id, now)
    tracker = audit.Tracker()
    tracker.change(row, **values)
    entry = audit.record(
        actor=actor,
        verb="ask",
        kind=Kind.CONSULTATION,
        object_id=row.consultation_id,
        object_name=row.consultation.title,
        # Handed out as a mail is: it is not taken back by an undo.
        particulars={"count": 1, "by_hand": 1, "mailed": True},
        now=now,
        rows=tracker.changes,
    )
    return entry, reverse("releases:consultation-by-link", args=(secret,))
