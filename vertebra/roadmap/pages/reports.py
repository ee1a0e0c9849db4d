"""Reports: all of them, each as a document, the sentences of its author, its steps, its files, its links."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.actions.shared_links import About, revoke_link
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import SharedLink
from vertebra.accounts.pages.limits import too_often, who_asks
from vertebra.accounts.permissions import PageRequest, Right, may, open_by_secret, requires
from vertebra.accounts.rate_limits import is_allowed
from vertebra.accounts.together import saved_views
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.org.models import Unit
from vertebra.org.pages.frame import base
from vertebra.roadmap.actions import reports as actions
from vertebra.roadmap.exports import files
from vertebra.roadmap.forms.reports import PublishForm, ReportLinkForm, SentencesForm
from vertebra.roadmap.labels.reports import REPORT_TONES, ReportKind, ReportState
from vertebra.roadmap.models import Report
from vertebra.roadmap.pages.table_frame import act
from vertebra.roadmap.queries.reports import issues_of, link_of, links_of, may_write, open_to

LIST = ListOf(
    page="reports",
    file_name="reports",
    sort="-period",
    columns=(
        Column("title", pgettext_lazy("a document", "Report"), lambda row: row.title, sort="title"),
        Column("state", gettext_lazy("State"), lambda row: row.get_state_display(), sort="state"),
        Column("kind", gettext_lazy("Kind"), lambda row: row.template.get_kind_display()),
        Column("period", gettext_lazy("Period"), lambda row: row.content.get("period", ""), sort="from_on"),
        Column(
            "author", gettext_lazy("Written by"), lambda row: row.template.author.name if row.template.author else ""
        ),
    ),
    filters=(
        Filter("state", gettext_lazy("State"), lambda rows, value: rows.filter(state=value), lambda: ReportState.choices),
        Filter("kind", gettext_lazy("Kind"), lambda rows, value: rows.filter(template__kind=value), lambda: ReportKind.choices),
    ),
    search=lambda rows, text: rows.filter(title__icontains=text),
)  # fmt: skip


@require_GET
@requires(Right.READ)
def report_list(request: PageRequest) -> HttpResponseBase:
    """List reports, the latest period first."""
    rows = open_to(request.user)
    listing = LIST.read(
        request, rows, saved_views=saved_views(request.user, "reports", request.get_full_path())
    )
    if listing.export:
        return listing.export
    for row in listing.rows:
        row.tone = REPORT_TONES[row.state]
    context = {
        "listing": listing,
        "latest": rows.filter(state=ReportState.PUBLISHED).order_by("-published_at").first(),
        "drafts": rows.filter(state=ReportState.DRAFT).count(),
        "is_ops": may(request.user, Right.PRODUCT_OPS),
        "report_base": base("roadmap:report-show"),
    }
    return render(request, "roadmap/report_list.html", context)


def _report(request: PageRequest, report_id: int) -> Report:
    return get_object_or_404(open_to(request.user), pk=report_id)


def _own(request: PageRequest, report_id: int) -> Report:
    report = _report(request, report_id)
    if not may_write(request.user, report):
        raise Http404
    return report


@require_http_methods(["GET", "POST"])
@requires(Right.READ)
def report_page(request: PageRequest, report_id: int) -> HttpResponse:
    """A report as a document; while it is a draft, its author writes three sentences beside it."""
    report = _report(request, report_id)
    writes = may_write(request.user, report)
    form = None
    if writes and report.state == ReportState.DRAFT:
        form = SentencesForm(request.POST or None, initial=report.sentences)
        if request.method == "POST" and form.is_valid():
            try:
                actions.write_sentences(
                    actor=request.user, report=report, sentences=form.cleaned_data, now=clock.now()
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Your sentences are in the report."))
                return redirect("roadmap:report-show", report.pk)
    context = {
        **_document(report),
        "writes": writes,
        "shares": may(request.user, Right.PRODUCT_OPS),
        "form": form,
    }
    context["issues"] = list(issues_of(report).filter(pk__in=open_to(request.user).values("pk"))[:12])
    if writes and report.state == ReportState.FROZEN:
        context["publish_form"] = PublishForm(today=clock.today())
    return render(request, "roadmap/report.html", context, status=422 if form and form.errors else 200)


def _document(report: Report) -> dict[str, Any]:
    with translation.override(report.language):
        said = files.sayings(report.sentences)
    return {
        "report": report,
        "doc": report.content,
        "top": report.sentences.get("top", ""),
        "said": said,
        "tone": REPORT_TONES[report.state],
    }


@require_POST
@requires(Right.READ)
def report_assembling(request: PageRequest, report_id: int) -> HttpResponse:
    """Read everything again."""
    report = _own(request, report_id)
    url = reverse("roadmap:report-show", args=(report.pk,))
    return act(
        request, lambda: actions.assemble_report(actor=request.user, report=report, now=clock.now()),
        _("Everything was read again."), url,
    )  # fmt: skip


@require_POST
@requires(Right.READ)
def report_freezing(request: PageRequest, report_id: int) -> HttpResponse:
    """Keep the report as it is, and have its files made."""
    report = _own(request, report_id)
    try:
        actions.freeze_report(actor=request.user, report=report, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        files.ask_for(report)
        messages.success(request, _("The report is frozen: it no longer changes. Publish it when you want."))
    return redirect("roadmap:report-show", report.pk)


@require_POST
@requires(Right.READ)
def report_publishing(request: PageRequest, report_id: int) -> HttpResponse:
    """Open the report to all readers and tell those who follow it."""
    report = _own(request, report_id)
    form = PublishForm(request.POST, today=clock.today())
    units = list(Unit.objects.filter(pk__in=form.cleaned_data["units"])) if form.is_valid() else []
    url = reverse("roadmap:report-show", args=(report.pk,))
    return act(
        request, lambda: actions.publish_report(actor=request.user, report=report, units=units, now=clock.now()),
        _("The report is published."), url,
    )  # fmt: skip


@require_POST
@requires(Right.READ)
def report_archiving(request: PageRequest, report_id: int) -> HttpResponse:
    """Put a report away."""
    report = _own(request, report_id)
    return act(
        request, lambda: actions.archive_report(actor=request.user, report=report, now=clock.now()),
        _("The report was put away."), reverse("roadmap:report-list"), can_undo=True,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(Right.READ)
def report_file(request: PageRequest, report_id: int, form: str) -> HttpResponseBase:
    """One form of a frozen report; a POST has it made where it is missing."""
    report = _report(request, report_id)
    if form not in files.FORMS or report.frozen_at is None:
        raise Http404
    url = reverse("roadmap:report-file", args=(report.pk, form))
    if request.method == "POST":
        files.ask_for(report)
        return redirect(url)
    found = _file(report, form)
    if found is not None and not request.htmx:
        return found
    context = {"report": report, "url": url, "is_there": found is not None}
    context["is_asked"] = found is not None or files.is_asked_for(report)
    template = "roadmap/report_file.html#waiting" if request.htmx else "roadmap/report_file.html"
    return render(request, template, context)


def _file(report: Report, form: str) -> HttpResponseBase | None:
    kind, name = files.FORMS[form][0], files.name_of(report, form)
    if form not in files.HEAVY:
        response = HttpResponse(files.made(report, form), content_type=kind)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    path = files.path_of(report, form)
    if not path.is_file():
        return None
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=kind)


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def report_link_list(request: PageRequest, report_id: int) -> HttpResponse:
    """The addresses that open a published report without an account: those made, and a new one."""
    report, now, made = _report(request, report_id), clock.now(), ""
    form = ReportLinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _entry, secret = actions.share_report(
                actor=request.user, report=report, now=now, **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            # The address is told once, in the answer itself: only its digest is kept.
            made = request.build_absolute_uri(reverse("roadmap:report-by-link", args=(secret,)))
            form = ReportLinkForm()
    links = [
        {"link": link, "is_open": link.is_usable(now)}
        for link in links_of(report).select_related("made_by")[:200]
    ]
    context = {"report": report, "form": form, "made_url": made, "links": links}
    response = render(request, "roadmap/report_links.html", context, status=422 if form.errors else 200)
    add_never_cache_headers(response)
    return response


@require_POST
@requires(Right.PRODUCT_OPS)
def report_link_revocation(request: PageRequest, report_id: int, link_id: int) -> HttpResponse:
    """Close an address for good."""
    report = _report(request, report_id)
    link = get_object_or_404(links_of(report), pk=link_id)
    about = About(Kind.REPORT, report.pk, report.title)
    return act(
        request,
        lambda: revoke_link(actor=request.user, link=link, now=clock.now(), about=about),
        _("The link no longer opens."), reverse("roadmap:report-link-list", args=(report.pk,)),
    )  # fmt: skip


@require_GET
@open_by_secret(reason="a published report is shared by a revocable link that expires")
def report_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """A published report, for somebody without an account."""
    link: SharedLink | None = link_of(token)
    if link is None and not is_allowed("one_time_link", f"report:{who_asks(request)}"):
        return too_often(request)
    is_open = link is not None and link.is_usable(clock.now())
    published = Report.objects.filter(state=ReportState.PUBLISHED, archived_at=None)
    report = published.filter(pk=link.object_id or 0).first() if link and is_open else None
    if report is None:
        return render(request, "roadmap/report_visitor.html", {}, status=410 if link else 404)
    with translation.override(report.language):
        context = {**_document(report), "language": report.language, "is_visitor": True}
        return render(request, "roadmap/report_visitor.html", context)
