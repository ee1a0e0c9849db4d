"""Audits: the list, a new one, each as readers see it, and what is done to it as a whole."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import saved_views
from vertebra.discovery.actions import audit_publishing as publishing
from vertebra.discovery.actions import audits as actions
from vertebra.discovery.forms.audits import AuditForm, NoteForm, default_period
from vertebra.discovery.labels import AUDIT_TONES, AuditState
from vertebra.discovery.models import Audit
from vertebra.discovery.pages.audit_frame import did, draft_document, frozen_document, of_audit
from vertebra.discovery.queries.audit_readings import silent_readers
from vertebra.discovery.queries.audits import (
    earlier_versions,
    edition_of,
    latest_edition,
    matching,
    open_to,
    published,
)
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.org.pages.frame import base

Rows = QuerySet[Any, Any]
LIST = ListOf(
    page="audits",
    file_name="audits",
    sort="-number",
    columns=(
        Column("title", pgettext_lazy("of discovery", "Audit"), lambda row: row.title, sort="title"),
        Column("number", gettext_lazy("Number"), lambda row: row.number, sort="number", is_numeric=True),
        Column("state", gettext_lazy("State"), lambda row: row.get_state_display(), sort="state"),
        Column("people", gettext_lazy("Heard"), lambda row: row.figures.get("people", 0), is_numeric=True),
        Column("version", gettext_lazy("Version"), lambda row: row.version, is_numeric=True),
        Column("published", gettext_lazy("Published"), lambda row: row.published_at),
    ),
    filters=(
        Filter(
            "state",
            gettext_lazy("State"),
            lambda rows, value: rows.filter(state=value),
            lambda: AuditState.choices,
        ),
    ),
    search=matching,
)


@require_GET
@requires(Right.READ)
def audit_list(request: PageRequest) -> HttpResponseBase:
    """List the audits that the reader may open, the latest first."""
    rows = open_to(request.user).defer("content", "introduction", "method", "not_heard")
    views = saved_views(request.user, "audits", request.get_full_path())
    listing = LIST.read(request, rows, saved_views=views)
    if listing.export:
        return listing.export
    for row in listing.rows:
        row.tone = AUDIT_TONES[row.state]
    context = {
        "listing": listing,
        "audit_base": base("discovery:audit-show"),
        "latest": published().first(),
        "is_ops": may(request.user, Right.PRODUCT_OPS),
    }
    return render(request, "discovery/audit_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def audit_create(request: PageRequest) -> HttpResponseBase:
    """Assemble an audit in one step from campaigns and a period."""
    now = clock.now()
    since, until = default_period(clock.today(now))
    initial = {
        "title": _("What we heard"),
        "language": get_language() or "fr",
        "campaigns": request.GET.getlist("campaign")[:20],
        "heard_from": "" if request.GET.get("campaign") else since,
        "heard_until": until,
    }
    form = AuditForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            audit = actions.create_audit(actor=request.user, now=now, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("discovery:audit-desk", audit.pk)
    return render(
        request,
        "discovery/audit_create.html",
        {"form": form, "cancel_url": reverse("discovery:audit-list")},
        status=422 if form.is_bound else 200,
    )


@require_GET
@requires(Right.READ)
def audit_page(request: PageRequest, audit_id: int) -> HttpResponse:
    """Read an audit: what was published, or for Product Ops the draft as readers would see it."""
    audit = get_object_or_404(open_to(request.user), pk=audit_id)
    is_ops = may(request.user, Right.PRODUCT_OPS)
    edition = latest_edition(audit)
    told = frozen_document(edition) if edition else draft_document(audit)
    context = {
        **told,
        "audit": audit,
        "edition": edition,
        "is_ops": is_ops,
        "tone": AUDIT_TONES[audit.state],
        "versions": earlier_versions(audit) if audit.version > 1 else [],
        "pain_base": base("discovery:pain-point-show"),
    }
    return render(request, "discovery/audit.html", context)


@require_GET
@requires(Right.READ)
def version_page(request: PageRequest, audit_id: int, version: int) -> HttpResponse:
    """Read an earlier version of an audit."""
    audit = get_object_or_404(open_to(request.user), pk=audit_id)
    edition = edition_of(audit, version)
    if edition is None:
        raise Http404
    if edition.is_latest:
        return redirect("discovery:audit-show", audit.pk)
    context = {
        **frozen_document(edition),
        "audit": audit,
        "edition": edition,
        "is_old": True,
        "tone": AUDIT_TONES[audit.state],
    }
    return render(request, "discovery/audit.html", context)


@require_http_methods(["GET", "POST"])
@of_audit
def freeze(request: PageRequest, audit: Audit) -> HttpResponse:
    """Freeze the draft; while readers may still answer, ask first whether that is meant."""
    here = reverse("discovery:audit-freeze", args=(audit.pk,))
    silent = silent_readers(audit, clock.today())
    if request.method == "GET":
        if silent is None:
            return redirect("discovery:audit-desk", audit.pk)
        context = {"audit": audit, "silent": silent, "until": audit.reading_until}
        return render(request, "discovery/audit_freeze.html", context)
    if silent is not None and not request.POST.get("anyway"):
        return redirect(here)
    return did(
        request,
        lambda: publishing.freeze_audit(actor=request.user, audit=audit, now=clock.now()),
        _("Frozen: read it once more as others will, then publish it."),
        reverse("discovery:audit-show", args=(audit.pk,)),
        can_undo=False,
    )


@require_POST
@of_audit
def thaw(request: PageRequest, audit: Audit) -> HttpResponse:
    """Go on writing what was frozen and not published."""
    return did(
        request,
        lambda: publishing.thaw_audit(actor=request.user, audit=audit, now=clock.now()),
        _("It is a draft again."),
        reverse("discovery:audit-desk", args=(audit.pk,)),
        can_undo=False,
    )


@require_POST
@of_audit
def publication(request: PageRequest, audit: Audit) -> HttpResponse:
    """Publish what was frozen."""
    return did(
        request,
        lambda: publishing.publish_audit(actor=request.user, audit=audit, now=clock.now()),
        _("Published. Those who were heard are told within a day."),
        reverse("discovery:audit-show", args=(audit.pk,)),
        can_undo=False,
    )


@require_http_methods(["POST"])
@of_audit
def correction(request: PageRequest, audit: Audit) -> HttpResponse:
    """Begin a correction, leave it, or publish it as the next version."""
    desk = reverse("discovery:audit-desk", args=(audit.pk,))
    shown = reverse("discovery:audit-show", args=(audit.pk,))
    now = clock.now()
    if audit.correcting_at is None:
        text = _("Correct it here; readers see what was published until you publish the correction.")
        return did(
            request,
            lambda: publishing.correct_audit(actor=request.user, audit=audit, now=now),
            text,
            desk,
            can_undo=False,
        )
    if "leave" in request.POST:
        return did(
            request,
            lambda: publishing.leave_correction(actor=request.user, audit=audit, now=now),
            _("The correction is left; what was published holds."),
            shown,
            can_undo=False,
        )
    form = NoteForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    return did(
        request,
        lambda: publishing.publish_correction(actor=request.user, audit=audit, note=note, now=now),
        _("The correction is published as a new version."),
        shown if note else desk,
        can_undo=False,
    )


@require_POST
@of_audit
def archiving(request: PageRequest, audit: Audit) -> HttpResponse:
    """Put an audit away."""
    return did(
        request,
        lambda: actions.archive_audit(actor=request.user, audit=audit, now=clock.now()),
        _("Put away."),
        reverse("discovery:audit-list"),
    )
