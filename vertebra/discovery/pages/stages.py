"""Pages of the stage of the function: fire-fighter, task force or centre of excellence, field by field."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.models import AuditEntry
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.discovery.actions.stages import Effort, note_stage, withdraw_stage
from vertebra.discovery.forms.diagnoses import StageForm
from vertebra.discovery.labels import Skill, Stage
from vertebra.discovery.models import StageOfFunction
from vertebra.discovery.queries.stages import stages
from vertebra.kit import clock
from vertebra.org.models import Field
from vertebra.org.pages.frame import Ask, answer, do


@require_GET
@requires(Right.PRODUCT_OPS)
def stage_list(request: PageRequest) -> HttpResponse:
    """Where the function stands in each field of action, and how it got there."""
    found = stages(clock.today())
    noted = [one for one in found if one.now]
    counts = {stage: sum(one.now.stage == stage for one in noted if one.now) for stage in Stage}
    context = {
        "stages": found,
        "noted": noted,
        "counts": [(Stage(stage).label, count) for stage, count in counts.items() if count],
        "due": sum(one.is_due for one in found),
        "may_name_fields": may(request.user, Right.EDIT_ORGANISATION),
    }
    return render(request, "discovery/stage_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def stage_create(request: PageRequest, field_id: int) -> HttpResponseBase:
    """Note how the effort in one field is shared today, from what was said last time."""
    field = get_object_or_404(Field, pk=field_id, archived_at=None)
    form = StageForm(request.POST or None, initial=_last(field))
    now = clock.now()

    def act(given: dict[str, Any]) -> AuditEntry:
        effort = Effort(
            given["urgencies"],
            given["projects"],
            given["standards"],
            form.trades("skills", "own_skills"),
            form.trades("skills_missing", "own_missing"),
        )
        return note_stage(actor=request.user, field=field, effort=effort, now=now)

    url = reverse("discovery:stage-list")
    ask = Ask(
        form=form,
        act=act,
        heading=_("How the effort in “%(name)s” is shared") % {"name": field.name},
        submit=_("Note it"),
        done=_("Noted for %(name)s."),
        cancel_url=url,
        back=lambda _entry: url,
        template="discovery/stage_form.html",
    )
    return answer(request, ask)


def _last(field: Field) -> dict[str, Any]:
    """What was said of the field last time."""
    row = StageOfFunction.objects.filter(field=field).order_by("-on").first()
    if row is None:
        return {}

    def cut(skills: list[str]) -> tuple[list[str], str]:
        known = [one for one in skills if one in Skill.values]
        return known, ", ".join(one for one in skills if one not in Skill.values)

    (skills, own), (missing, own_missing) = cut(row.skills), cut(row.skills_missing)
    shares = {name: getattr(row, name) for name in ("urgencies", "projects", "standards")}
    return {
        **shares,
        "skills": skills,
        "own_skills": own,
        "skills_missing": missing,
        "own_missing": own_missing,
    }


@require_POST
@requires(Right.PRODUCT_OPS)
def stage_removal(request: PageRequest, stage_id: int) -> HttpResponseBase:
    """Take back what was noted of a field on a day."""
    row = get_object_or_404(StageOfFunction.objects.select_related("field"), pk=stage_id)
    return do(
        request,
        lambda: withdraw_stage(actor=request.user, row=row, now=clock.now()),
        _("Taken back for %(name)s."),
        reverse("discovery:stage-list"),
    )
