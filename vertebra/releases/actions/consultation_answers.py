"""What champions answer: none, low or high, what they need, in two minutes that are counted."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.kit import clock
from vertebra.releases.actions.consultation_letters import leave_in_peace
from vertebra.releases.labels.consultations import MOST_MINUTES, USUAL_MINUTES, AskState, Impact
from vertebra.releases.models import ConsultationAnswer, ConsultationAsk
from vertebra.releases.queries.consultations import is_going_on, is_gone, stamp_of


class NoImpact(Refusal):
    """An answer says whether it changes nothing, a little or much."""


class TooLate(Refusal):
    """What is closed, or was asked of somebody who left, is answered no more."""


class Overtaken(Refusal):
    """The same was answered meanwhile from elsewhere."""


@transaction.atomic
def answer_consultation(
    *,
    actor: User | None,
    ask: ConsultationAsk,
    impact: str,
    readiness: str = "",
    words: str = "",
    minutes: int | None = None,
    seen: str | None = None,
    language: str,
    now: dt.datetime,
) -> AuditEntry:
    """Take what a champion answers, or answers better while the consultation is open; late is better than never.

    `seen` is the stamp of the answer that stood on the form, if there was a form. Whoever answers (`actor`, nobody by
    link), the entry names nobody: who did is read by those who read the answers.
    """
    row = _still_asked(ask, now)
    if impact not in Impact.values:
        raise NoImpact(_("Choose one of the three: nothing, a little, or much."))
    values = {"impact": impact, "readiness": readiness.strip()[:2000], "words": words.strip()[:4000]}
    held = ConsultationAnswer.objects.filter(ask=row).first()
    spent = min(max(0, minutes), MOST_MINUTES) if minutes is not None else None
    if held is None:
        first = USUAL_MINUTES if spent is None else spent
        ConsultationAnswer.objects.create(
            ask=row, minutes=first, language=language, answered_at=now, **values
        )
    else:
        given = values if spent is None else {**values, "minutes": spent}
        _answer_better(held, given, seen, language, now)
    row.state = AskState.ANSWERED
    row.save(update_fields=["state"])
    leave_in_peace([row])
    # No rows: the minutes are for the champion and Product Ops only, and an answer is changed where it was given.
    return audit.record(
        actor=None, verb="answer", kind=Kind.CONSULTATION, object_id=row.consultation_id,
        object_name=row.consultation.title, now=now,
    )  # fmt: skip


def _answer_better(
    held: ConsultationAnswer, values: dict[str, Any], seen: str | None, language: str, now: dt.datetime
) -> None:
    """Put other words in the place of those that were given, unless these are not the ones that were on the form."""
    if all(getattr(held, name) == value for name, value in values.items()):
        raise NothingChanges(_("This was noted already."))
    if seen is not None and seen != stamp_of(held):
        said = _("This was answered meanwhile: “%(answer)s”. Answer again to put yours in its place.")
        raise Overtaken(said % {"answer": held.get_impact_display()})
    for name, value in {**values, "language": language, "answered_at": now}.items():
        setattr(held, name, value)
    held.save(update_fields=[*values, "language", "answered_at"])


def _still_asked(ask: ConsultationAsk, now: dt.datetime) -> ConsultationAsk:
    """The ask as it is now, held until the end of the transaction, if it is still answered."""
    rows = ConsultationAsk.objects.select_for_update(of=("self",)).select_related(
        "consultation__release", "person"
    )
    row = rows.get(pk=ask.pk)
    if row.consultation.closed_at is not None:
        raise TooLate(_("This consultation is closed: what became of it is said on its page."))
    if not is_going_on(row.consultation):
        raise TooLate(_("It is withdrawn or archived: this is asked no more."))
    if row.expires_at <= now or is_gone(row.person, clock.today(now)):
        raise TooLate(_("This is asked no more."))
    return row
