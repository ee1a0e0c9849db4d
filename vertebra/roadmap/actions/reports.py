"""Reports: templates set up, drafts assembled, three sentences written, frozen, published, shared by a link."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from vertebra.accounts import audit, search
from vertebra.accounts.actions.shared_links import About, share_page
from vertebra.accounts.audit import NothingChanges, Refusal, Tracker
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User, Watch
from vertebra.accounts.outbox import queue_message
from vertebra.accounts.tokens import digest_of
from vertebra.kit import clock
from vertebra.org.models import Membership, Person, Unit
from vertebra.org.queries.structure import Structure
from vertebra.roadmap.actions.index import report_entry
from vertebra.roadmap.labels.reports import ReportState, Section
from vertebra.roadmap.models import Report, ReportTemplate
from vertebra.roadmap.queries.report_content import content_of, period_words
from vertebra.roadmap.queries.reports import KEYS, PAGE, months_before

LONGEST_SENTENCE = 400
EDITABLE = frozenset({"name", "sections", "every_months", "of_unit", "author", "next_on", "language"})


class NoSections(Refusal):
    """A report is made of something."""


class AlreadyThere(Refusal):
    """There is one report for each period."""


class NotADraft(Refusal):
    """What is frozen no longer changes."""


class NotFrozen(Refusal):
    """Only what is frozen is published."""


class TooLong(Refusal):
    """A sentence is one sentence; a link ends within a year."""


@transaction.atomic
def set_template(
    *, actor: User, values: Mapping[str, Any], template: ReportTemplate | None = None, now: dt.datetime
) -> ReportTemplate:
    """Set up a report that comes again, or change what it is made of from the next issue on."""
    wanted = {name: value for name, value in values.items() if name in EDITABLE}
    if not [code for code in wanted.get("sections", ()) if code in Section.values]:
        raise NoSections(_("Choose at least one section."))
    tracker = Tracker()
    if template is None:
        row = ReportTemplate(
            kind=values.get("kind", "own"),
            made_by=actor,
            created_at=now,
            **{"language": actor.language, **wanted},
        )
        tracker.create(row)
    else:
        row = ReportTemplate.objects.select_for_update().get(pk=template.pk)
        tracker.change(row, **wanted)
    _record(actor, "change" if template else "create", row.name, tracker, now, template=row.pk)
    return row


@transaction.atomic
def archive_template(*, actor: User, template: ReportTemplate, now: dt.datetime) -> AuditEntry:
    """Write no more issues of a report; those written stay."""
    row = ReportTemplate.objects.select_for_update().get(pk=template.pk)
    tracker = Tracker()
    tracker.change(row, archived_at=now, next_on=None)
    return _record(actor, "archive", row.name, tracker, now, template=row.pk)


@transaction.atomic
def begin_report(
    *,
    actor: User | None,
    template: ReportTemplate,
    until_on: dt.date | None = None,
    now: dt.datetime,
) -> Report:
    """Let the report of the period that just ended write itself; its author is asked once for three sentences."""
    row = ReportTemplate.objects.select_for_update().get(pk=template.pk)
    until = until_on or clock.today(now).replace(day=1)
    first = months_before(until, row.every_months)
    if Report.objects.filter(template=row, from_on=first).exists():
        raise AlreadyThere(_("The report of this period was begun before: it is in the list."))
    title = f"{row.name} · {_in(row.language, first, until)}"
    report = Report(
        template=row, title=title[:200], language=row.language, from_on=first, until_on=until, made_by=actor,
        content=content_of(row, first, until, title=title[:200], now=now), assembled_at=now, created_at=now,
    )  # fmt: skip
    tracker = Tracker()
    tracker.create(report)
    if row.next_on is not None and row.next_on <= clock.today(now):
        tracker.change(row, next_on=months_before(row.next_on, -row.every_months))
    _ask_author(report, row.author, actor, now)
    _record(actor, "generate", report.title, tracker, now, report=report)
    return report


@transaction.atomic
def skip_period(*, actor: User | None, template: ReportTemplate, now: dt.datetime) -> AuditEntry:
    """Wait for the next period of a report whose issue somebody began by hand."""
    row = ReportTemplate.objects.select_for_update().get(pk=template.pk)
    if row.next_on is None:
        raise NothingChanges(_("This report does not come by itself."))
    tracker = Tracker()
    tracker.change(row, next_on=months_before(row.next_on, -row.every_months))
    return _record(actor, "skip", row.name, tracker, now, template=row.pk)


def _in(language: str, first: dt.date, until: dt.date) -> str:
    with override(language):
        return period_words(first, until)


def _ask_author(report: Report, author: Person | None, actor: User | None, now: dt.datetime) -> None:
    user = author.user if author is not None else None
    if author is None or (user is not None and user == actor) or not (user or author.email):
        return
    queue_message(
        key=f"report-draft:{report.pk}",
        template="report_draft",
        particulars={"title": report.title},
        address=_address(report),
        language=user.language if user else report.language,
        to_user=user,
        to_email="" if user else author.email,
        now=now,
    )


def _address(report: Report) -> str:
    return reverse("roadmap:report-show", args=(report.pk,))


@transaction.atomic
def assemble_report(*, actor: User, report: Report, now: dt.datetime) -> AuditEntry:
    """Read everything again: what was typed stays."""
    row = _draft(report)
    tracker = Tracker()
    content = content_of(row.template, row.from_on, row.until_on, title=row.title, now=now)
    tracker.change(row, content=content, assembled_at=now)
    return _record(actor, "refresh", row.title, tracker, now, report=row)


@transaction.atomic
def write_sentences(
    *, actor: User, report: Report, sentences: Mapping[str, str], now: dt.datetime
) -> AuditEntry:
    """Write the three sentences that are the author's; everything else is read."""
    row = _draft(report)
    kept = {key: " ".join(sentences.get(key, "").split()) for key in KEYS}
    if any(len(text) > LONGEST_SENTENCE for text in kept.values()):
        raise TooLong(_("A sentence has %(count)d characters at most.") % {"count": LONGEST_SENTENCE})
    kept = {key: text for key, text in kept.items() if text}
    if kept == row.sentences:
        raise NothingChanges(_("Nothing has changed."))
    tracker = Tracker()
    tracker.change(row, sentences=kept)
    return _record(actor, "change", row.title, tracker, now, report=row)


@transaction.atomic
def freeze_report(*, actor: User, report: Report, now: dt.datetime) -> AuditEntry:
    """Assemble a last time, and keep the report as it is from now on."""
    row = _draft(report)
    tracker = Tracker()
    content = content_of(row.template, row.from_on, row.until_on, title=row.title, now=now)
    tracker.change(row, content=content, assembled_at=now, frozen_at=now, state=ReportState.FROZEN)
    return _record(actor, "freeze", row.title, tracker, now, report=row)


@transaction.atomic
def publish_report(
    *, actor: User, report: Report, units: Sequence[Unit] = (), now: dt.datetime
) -> AuditEntry:
    """Open a frozen report to all readers, and tell those who follow it and the units chosen, once each."""
    row = Report.objects.select_for_update().get(pk=report.pk)
    if row.state != ReportState.FROZEN:
        raise NotFrozen(_("Freeze the report first: readers see what no longer changes."))
    tracker = Tracker()
    tracker.change(row, state=ReportState.PUBLISHED, published_at=now)
    search.index(report_entry(row), now=now)
    told = _tell(row, units, actor, now)
    return _record(actor, "publish", row.title, tracker, now, report=row, count=told, mailed=bool(told))


def _tell(row: Report, units: Sequence[Unit], actor: User, now: dt.datetime) -> int:
    issues = Report.objects.filter(template=row.template_id).values("pk")
    followers = set(
        Watch.objects.filter(kind=Kind.REPORT, object_id__in=issues).values_list("user", flat=True)
    )
    people = _people_of(units, now)
    users = {user.pk: user for user in User.objects.filter(pk__in=followers, is_active=True)}
    users |= {one.user.pk: one.user for one in people if one.user is not None and one.user.is_active}
    mails = {one.email for one in people if one.user is None and one.email}
    users.pop(actor.pk, None)
    told = {"title": row.title, "lead": row.sentences.get("top") or row.content.get("lead", "")}
    for user in users.values():
        queue_message(
            key=f"report:{row.pk}:{user.pk}", template="report_published", particulars=told, address=_address(row),
            language=user.language, to_user=user, now=now,
        )  # fmt: skip
    for email in sorted(mails):
        queue_message(
            key=f"report:{row.pk}:{digest_of(email)[:16]}", template="report_published", particulars=told, address=_address(row),
            language=row.language, to_email=email, now=now,
        )  # fmt: skip
    return len(users) + len(mails)


def _people_of(units: Iterable[Unit], now: dt.datetime) -> list[Person]:
    day, ids = clock.today(now), [unit.pk for unit in units]
    if not ids:
        return []
    structure = Structure.as_of(day, with_members=False)
    inside = {below for pk in ids for below in structure.under(pk)}
    members = Membership.objects.as_of(day).filter(unit__in=inside).values("person")
    return list(Person.objects.filter(pk__in=members, archived_at=None).select_related("user"))


@transaction.atomic
def share_report(
    *, actor: User, report: Report, name: str, days: int, now: dt.datetime
) -> tuple[AuditEntry, str]:
    """Make an address that opens a published report without an account; it is told once."""
    if report.state != ReportState.PUBLISHED:
        raise NotFrozen(_("Only a published report is shared."))
    about = About(Kind.REPORT, report.pk, report.title)
    return share_page(actor=actor, page=PAGE, object_id=report.pk, name=name, days=days, now=now, about=about)


@transaction.atomic
def archive_report(*, actor: User, report: Report, now: dt.datetime) -> AuditEntry:
    """Put a report away: it leaves the list, its links and its files stay closed."""
    row = Report.objects.select_for_update().get(pk=report.pk)
    tracker = Tracker()
    tracker.change(row, archived_at=now)
    search.unindex(Kind.REPORT, [row.pk])
    return _record(actor, "archive", row.title, tracker, now, report=row)


def _draft(report: Report) -> Report:
    row = Report.objects.select_for_update(of=("self",)).select_related("template").get(pk=report.pk)
    if row.state != ReportState.DRAFT:
        raise NotADraft(_("This report is frozen: it stays as it is."))
    return row


def _record(
    actor: User | None,
    verb: str,
    name: str,
    tracker: Tracker,
    now: dt.datetime,
    *,
    report: Report | None = None,
    **told: Any,
) -> AuditEntry:
    return audit.record(
        actor=actor, verb=verb, kind=Kind.REPORT, object_id=report.pk if report else None, object_name=name,
        particulars=told, now=now, rows=tracker.changes,
    )  # fmt: skip
