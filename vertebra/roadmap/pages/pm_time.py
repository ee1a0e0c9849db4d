"""The time that product managers spend off product, by cause, with the initiatives that reduce each."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.kit import clock
from vertebra.roadmap.actions.pm_time import tie_to_cause, untie_from_causes
from vertebra.roadmap.labels.initiatives import InitiativeState
from vertebra.roadmap.models import Initiative
from vertebra.roadmap.queries.pm_time import PmTime, pm_time, tie_initiatives


class CauseForm(forms.Form):
    """Which initiative reduces which cause."""

    cause = forms.ChoiceField(label=gettext_lazy("what takes the time"))
    initiative = forms.ModelChoiceField(Initiative.objects.none(), label=gettext_lazy("reduced by"))

    def __init__(self, *args: object, pulse: PmTime) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.fields["cause"].choices = [(one.code, one.label) for one in pulse.causes]  # type: ignore[attr-defined]
        rows = Initiative.objects.filter(archived_at=None, source=None).exclude(state=InitiativeState.CLOSED)
        self.fields["initiative"].queryset = rows.order_by("title")  # type: ignore[attr-defined]


@require_GET
@requires(Right.READ)
def pm_time_page(request: PageRequest) -> HttpResponse:
    """How much of their time, what takes it, how that moved since a quarter before, and what is done about it."""
    found = pm_time(request.user.language)
    form = None
    if found is not None:
        tie_initiatives(found)
        form = CauseForm(pulse=found) if found.causes and may(request.user, Right.PRODUCT_OPS) else None
    alone = [one.label for one in found.causes[:3] if not one.initiatives] if found else []
    context = {"found": found, "form": form, "alone": alone, "is_ops": form is not None}
    return render(request, "roadmap/pm_time.html", context)


@require_POST
@requires(Right.PRODUCT_OPS)
def pm_time_tie(request: PageRequest) -> HttpResponse:
    """Tie an initiative to a cause."""
    found = pm_time(request.user.language)
    form = CauseForm(request.POST, pulse=found) if found else None
    if form is None or found is None or not form.is_valid():
        messages.error(request, _("Choose a cause and an initiative."))
        return redirect("roadmap:pm-time")
    given = form.cleaned_data
    try:
        tie_to_cause(
            actor=request.user, initiative=given["initiative"], pulse=found, cause=given["cause"], now=clock.now()
        )  # fmt: skip
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("“%(title)s” is tied to this cause.") % {"title": given["initiative"]})
    return redirect("roadmap:pm-time")


@require_POST
@requires(Right.PRODUCT_OPS)
def pm_time_untie(request: PageRequest, initiative_id: int) -> HttpResponse:
    """Take an initiative from the causes."""
    found, row = pm_time(request.user.language), get_object_or_404(Initiative, pk=initiative_id)
    try:
        if found is not None:
            untie_from_causes(actor=request.user, initiative=row, pulse=found, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("“%(title)s” is tied to no cause any more.") % {"title": row.title})
    return redirect("roadmap:pm-time")
