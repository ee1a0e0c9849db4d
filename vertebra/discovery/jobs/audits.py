"""Jobs of audits: making their files, taking out withdrawn words, sending links to read, telling what became."""

from django.utils.translation import gettext_lazy as _

from vertebra.discovery.actions import audit_publishing, audit_readings, follow_ups
from vertebra.discovery.exports import files
from vertebra.discovery.models import Audit
from vertebra.discovery.queries.audit_readings import waiting_drafts
from vertebra.discovery.queries.audits import quotes_withdrawn
from vertebra.kit import clock
from vertebra.kit.jobs import job, progress


@job(words=_("Make the PDF and the slides of an audit"), apart=True)
def make_audit_files(audit_id: int, version: int | None = None) -> list[str]:
    """Write the forms of a version that take a while to make."""
    audit = Audit.objects.filter(pk=audit_id).first()
    written = []
    for at, form in enumerate(files.HEAVY if audit else ()):
        progress.report(at, len(files.HEAVY), "audit_files")
        if audit and files.make(audit, version, form):
            written.append(form)
    return written


@job(words=_("Take words withdrawn since out of published audits"))
def withdraw_quotes() -> int:
    """Publish a new version of every frozen audit that still holds words that were taken back."""
    due = quotes_withdrawn()
    audits = Audit.objects.in_bulk([pk for pk, _ids in due])
    for pk, ids in due:
        audit_publishing.withdraw_quotes(actor=None, audit=audits[pk], verbatims=ids, now=clock.now())
    return len(due)


def is_quote_withdrawn() -> bool:
    """Whether a frozen audit holds words that may no longer be shown."""
    return bool(quotes_withdrawn())


@job(words=_("Send links to read drafts of audits that had to wait"))
def send_readings() -> int:
    """Ask those heard to read a draft, as soon as they were not asked twice that week."""
    drafts = waiting_drafts()
    sent = [audit_readings.send_readings(actor=None, audit=audit, now=clock.now()) for audit in drafts]
    return sum(1 for entry in sent if entry)


def is_reading_waiting() -> bool:
    """Whether a link to read a draft still has to go out."""
    return bool(waiting_drafts())


@job(words=_("Tell those who were heard what became of it"))
def tell_what_became() -> int:
    """Write to everyone heard who has news, once a week at most."""
    entry = follow_ups.tell_what_became(actor=None, now=clock.now())
    return int(entry.particulars["count"]) if entry else 0
