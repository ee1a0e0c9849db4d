"""What reports are made of: the shipped ones to take as they are or to change, and the company's own."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.roadmap.actions import reports as actions
from vertebra.roadmap.forms.reports import TemplateForm
from vertebra.roadmap.labels.reports import ReportKind
from vertebra.roadmap.models import ReportTemplate
from vertebra.roadmap.pages.table_frame import act, ask
from vertebra.roadmap.queries.reports import months_before, shipped, templates


@require_GET
@requires(Right.PRODUCT_OPS)
def report_template_list(request: PageRequest) -> HttpResponse:
    """The reports that come again, and those that ship and were not taken yet."""
    rows = list(templates())
    taken = {row.kind for row in rows}
    offered = [one for one in shipped(request.user.language) if one.kind not in taken]
    context = {"templates": rows, "offered": [(one, ReportKind(one.kind).label) for one in offered]}
    return render(request, "roadmap/report_template_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def report_template_create(request: PageRequest) -> HttpResponse:
    """Set up a report that comes again, from a shipped one or from nothing."""
    today = clock.today()
    kind = request.GET.get("kind", "")
    one = next((one for one in shipped(request.user.language) if one.kind == kind), None)
    initial: dict[str, Any] = {
        "language": get_language(),
        "every_months": 1,
        "next_on": months_before(today, -1),
    }
    if one is not None:
        initial |= {"name": one.name, "every_months": one.every_months, "sections": list(one.sections)}
    form = TemplateForm(request.POST or None, initial=initial, today=today)

    def create(given: dict[str, Any]) -> str:
        values = {**given, "kind": one.kind if one else ReportKind.OWN}
        actions.set_template(actor=request.user, values=values, now=clock.now())
        return reverse("roadmap:report-template-list")

    return _ask(request, form, create, _("Set up a report"), _("The report will write itself."))


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def report_template_edit(request: PageRequest, template_id: int) -> HttpResponse:
    """Change what a report is made of, from the next issue on."""
    row = get_object_or_404(templates(), pk=template_id)
    form = TemplateForm(
        request.POST or None, instance=row, initial={"of_unit": row.of_unit_id}, today=clock.today()
    )

    def change(given: dict[str, Any]) -> str:
        actions.set_template(actor=request.user, values=given, template=row, now=clock.now())
        return reverse("roadmap:report-template-list")

    return _ask(request, form, change, row.name, _("The next issue will be made so."))


def _ask(request: PageRequest, form: TemplateForm, do: Any, heading: str, done: str) -> HttpResponse:
    url = reverse("roadmap:report-template-list")
    section = {"title": _("Reports"), "url": reverse("roadmap:report-list")}
    return ask(
        request, cast(forms.Form, form), do, heading=heading, submit=_("Save"), done=done, cancel_url=url, section=section
    )  # fmt: skip


@require_POST
@requires(Right.PRODUCT_OPS)
def report_template_archiving(request: PageRequest, template_id: int) -> HttpResponse:
    """Write no more issues of a report."""
    row = get_object_or_404(templates(), pk=template_id)
    return act(
        request, lambda: actions.archive_template(actor=request.user, template=row, now=clock.now()),
        _("No more issues will be written."), reverse("roadmap:report-template-list"), can_undo=True,
    )  # fmt: skip


@require_POST
@requires(Right.PRODUCT_OPS)
def report_begin(request: PageRequest, template_id: int) -> HttpResponse:
    """Let the report of the period that just ended write itself now."""
    row = get_object_or_404(ReportTemplate.objects.filter(archived_at=None), pk=template_id)
    try:
        report = actions.begin_report(actor=request.user, template=row, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("roadmap:report-list")
    messages.success(request, _("The report wrote itself. Three sentences are yours."))
    return redirect("roadmap:report-show", report.pk)
