"""The draft read by those heard: asking them, what they say, and the page that a phone opens."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.outbox import mail_is_on
from vertebra.accounts.pages.limits import too_often, who_asks
from vertebra.accounts.permissions import PageRequest, open_by_secret
from vertebra.accounts.rate_limits import is_allowed
from vertebra.discovery.actions import audit_readings as actions
from vertebra.discovery.actions.audit_answering import take_opinion
from vertebra.discovery.forms.audits import AnswerForm, InviteForm, MissingForm
from vertebra.discovery.labels import Verdict
from vertebra.discovery.models import Audit, AuditOpinion, AuditReading
from vertebra.discovery.pages.audit_frame import did, draft_document, of_audit
from vertebra.discovery.queries.audit_document import reading_counts
from vertebra.discovery.queries.audit_readings import is_readable, said_missing, without_link
from vertebra.discovery.queries.audits import reading_of
from vertebra.kit import clock
from vertebra.kit.headers import private
from vertebra.kit.tables import table_response

READ_FOR = dt.timedelta(days=10)
# As many as a page shows without becoming long to load; those left are made next.
MOST_LINKS = 400


@require_http_methods(["GET", "POST"])
@of_audit
def readings(request: PageRequest, audit: Audit) -> HttpResponse:
    """Ask those heard to read the draft, and see what they say of it, without names."""
    now = clock.now()
    initial = {"until": audit.reading_until or clock.today(now) + READ_FOR}
    form = InviteForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        return did(
            request,
            lambda: actions.invite_readers(
                actor=request.user, audit=audit, until=form.cleaned_data["until"], now=now
            ),
            _("They are asked. Whoever was asked twice this week gets the link later."),
            reverse("discovery:audit-readings", args=(audit.pk,)),
            can_undo=False,
        )
    return render(request, "discovery/audit_readings.html", _context(audit, form))


def _context(audit: Audit, form: InviteForm, **more: Any) -> dict[str, Any]:
    return {
        "audit": audit,
        "form": form,
        "counts": reading_counts(audit),
        "missing": said_missing(audit),
        "missing_form": MissingForm(),
        "waiting": AuditReading.objects.filter(audit=audit, has_answered=False, invited_at=None).count(),
        "unreached": without_link(audit),
        "mail_is_on": mail_is_on(),
        "is_over": not is_readable(audit, clock.today()),
        **more,
    }


@require_POST
@of_audit
def reading_link(request: PageRequest, audit: Audit, reader_id: int) -> HttpResponse:
    """Make a link to hand over to somebody whom no mail reaches; it is told once, in the answer itself."""
    # Never by the number of the reading: what is said to be missing is shown beside it, without a name.
    reading = get_object_or_404(AuditReading, person=reader_id, audit=audit)
    try:
        _entry, address = actions.make_reading_link(actor=request.user, reading=reading, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("discovery:audit-readings", audit.pk)
    form = InviteForm(initial={"until": audit.reading_until})
    context = _context(
        audit, form, made_url=request.build_absolute_uri(address), made_for=reading.person.name
    )
    return private(render(request, "discovery/audit_readings.html", context))


@require_POST
@of_audit
def handover(request: PageRequest, audit: Audit) -> HttpResponseBase:
    """All links still to be handed over, on one page to print or copy, or as CSV; each is told once, here."""
    form = request.POST.get("form", "")
    most = None if form == "csv" else MOST_LINKS
    try:
        _entry, made = actions.make_reading_links(actor=request.user, audit=audit, most=most, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("discovery:audit-readings", audit.pk)
    links = [(name, request.build_absolute_uri(address)) for name, address in made]
    if form == "csv":
        return private(table_response("audit-links", "csv", [_("Name"), _("Link")], links))
    context = {"audit": audit, "links": links, "left": len(without_link(audit))}
    return private(render(request, "discovery/audit_handover.html", context))


@require_POST
@of_audit
def reading_item(request: PageRequest, audit: Audit, opinion_id: int) -> HttpResponse:
    """Make an item of what a reader says is missing."""
    opinion = get_object_or_404(AuditOpinion, pk=opinion_id, audit=audit)
    form = MissingForm(request.POST)
    back = reverse("discovery:audit-readings", args=(audit.pk,))
    if not form.is_valid():
        messages.error(request, _("Choose a pain point, or write a new one in a sentence."))
        return redirect(back)
    return did(
        request,
        lambda: actions.add_missing(
            actor=request.user,
            opinion=opinion,
            pain_point=form.cleaned_data["pain_point"],
            title=form.cleaned_data["title"],
            now=clock.now(),
        ),
        _("It stands in the audit now."),
        back,
        can_undo=False,
    )


@require_http_methods(["GET", "POST"])
@open_by_secret(reason="those who were heard read the draft by a signed link that expires")
def read(request: HttpRequest, token: str) -> HttpResponse:
    """The draft on somebody's phone, with two answers; opening it changes nothing."""
    reading = reading_of(token)
    # Whoever tries addresses, or answers again and again, is slowed down; reading is free.
    is_tried = reading is None or request.method == "POST"
    if is_tried and not is_allowed("audit_reading", f"draft:{who_asks(request)}"):
        return too_often(request)
    if reading is None:
        return _page(request, None, {"is_unknown": True}, 404)
    if not is_readable(reading.audit, clock.today()):
        return _page(request, reading, {"is_over": True}, 410)
    if request.method == "POST":
        form = AnswerForm(request.POST)
        given = form.cleaned_data if form.is_valid() else {"verdict": "", "comment": ""}
        try:
            take_opinion(token=token, now=clock.now(), **given)
        except Refusal as refusal:
            return _page(request, reading, {"problem": str(refusal)}, 422)
        return redirect(f"{request.path}?thanks")
    return _page(request, reading, {"is_thanks": "thanks" in request.GET and reading.has_answered}, 200)


def _page(
    request: HttpRequest, reading: AuditReading | None, context: dict[str, Any], status: int
) -> HttpResponse:
    audit = reading.audit if reading else None
    language = audit.language if audit else translation.get_language() or "fr"
    if reading is not None and status != 410 and not context.get("is_thanks"):
        context |= draft_document(reading.audit)
    with translation.override(language):
        shown = {"reading": reading, "audit": audit, "language": language, "verdicts": Verdict, **context}
        return render(request, "discovery/audit_read.html", shown, status=status)
