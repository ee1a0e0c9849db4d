"""Taking what a reader says of a draft: counted once, tied to the audit only, written down nowhere else."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts.audit import Refusal
from vertebra.accounts.tokens import digest_of
from vertebra.discovery.labels import Verdict
from vertebra.discovery.models import Audit, AuditOpinion, AuditReading
from vertebra.discovery.queries.audit_readings import is_readable
from vertebra.kit import clock


class ReadingOver(Refusal):
    """The draft is no longer read: it was frozen, or the last day has passed."""


class NoVerdict(Refusal):
    """A reader says that it is what they said, or that something is missing."""


class AnsweredElsewhere(Refusal):
    """What was answered by another link stays: nobody knows any more which answer it was."""


def take_opinion(*, token: str, verdict: str, comment: str = "", now: dt.datetime) -> None:
    """Keep what came through a link apart from who holds it; said again by the same link, the later answer holds."""
    if verdict not in Verdict.values:
        raise NoVerdict(_("Choose one of the two answers."))
    # Only the link itself leads to the answer: its digest, which the reading keeps, does not.
    key = digest_of(f"opinion:{token}")
    said = {"verdict": verdict, "comment": comment.strip()[:2000]}
    with transaction.atomic():
        reading = AuditReading.objects.select_for_update().filter(digest=digest_of(token)).first()
        audit = (
            Audit.objects.select_for_update(no_key=True).filter(pk=reading.audit_id).first()
            if reading
            else None
        )
        if reading is None or audit is None or not is_readable(audit, clock.today(now)):
            raise ReadingOver(_("The draft is no longer read. Thank you for opening it."))
        if reading.has_answered:
            if not AuditOpinion.objects.filter(key=key).update(**said):
                raise AnsweredElsewhere(_("You have answered already, by another link."))
            return
        AuditOpinion.objects.create(audit=audit, key=key, **said)
        reading.has_answered = True
        reading.save(update_fields=["has_answered"])
