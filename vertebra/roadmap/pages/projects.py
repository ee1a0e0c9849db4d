"""A transverse project on one page: workstreams by function, what is counted and when it will be done, gates."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.kit.tables import csv_lines
from vertebra.org.empty_spaces import person_of
from vertebra.org.pages.frame import Ask, answer, do, refused
from vertebra.roadmap.actions import counters
from vertebra.roadmap.actions import workstreams as actions
from vertebra.roadmap.forms.projects import CounterForm, CountForm, GateForm, PasteForm, WorkstreamForm
from vertebra.roadmap.labels.projects import GATE_TONES, GateState
from vertebra.roadmap.models import Counter, Gate, Initiative, Workstream
from vertebra.roadmap.pages.initiative import found
from vertebra.roadmap.pages.initiative_forms import FORM_PAGE, changeable
from vertebra.roadmap.pages.table_frame import act
from vertebra.roadmap.queries.count_files import CountRow, read_counts
from vertebra.roadmap.queries.projects import countings
from vertebra.roadmap.queries.rights import may_change


def page_of(initiative_id: int) -> str:
    """The address of a project."""
    return reverse("roadmap:project-show", args=(initiative_id,))


@require_GET
@requires(Right.READ)
def project_page(request: PageRequest, initiative_id: int) -> HttpResponseBase:
    """Show what each function does, how far the counts are, which gates were passed."""
    row = found(initiative_id)
    day = clock.today()
    streams = list(row.workstreams.select_related("lead"))
    gates = list(row.gates.select_related("decided_by"))
    shown = countings(row, day)
    context = {
        "row": row,
        "today": day,
        "can_change": may_change(request.user, row) and row.archived_at is None,
        "workstreams": [
            {"row": one, "is_late": not one.ended_on and one.due_on is not None and one.due_on < day}
            for one in streams
        ],
        "late": sum(1 for one in streams if not one.ended_on and one.due_on and one.due_on < day),
        "open": sum(1 for one in streams if not one.ended_on),
        "countings": shown,
        "gates": [{"row": one, "tone": GATE_TONES[one.state]} for one in gates],
        "next_gate": next((one for one in gates if one.state != GateState.PASSED), None),
        "workstream_form": WorkstreamForm(),
        "counter_form": CounterForm(initiative=row),
        "gate_form": GateForm(),
    }
    return render(request, "roadmap/project.html", context)


@require_POST
@requires(Right.TAKE_PART)
def workstream_create(request: PageRequest, initiative_id: int) -> HttpResponseBase:
    """Say what one function does."""
    row = changeable(request, initiative_id)
    form = WorkstreamForm(request.POST)
    if not form.is_valid():
        return refused(request, form, page_of(row.pk))
    return do(
        request,
        lambda: actions.add_workstream(
            actor=request.user, initiative=row, now=clock.now(), **form.cleaned_data
        ),
        _("Added."),
        f"{page_of(row.pk)}#workstreams",
    )


def _mine(request: PageRequest, model: Any, pk: int) -> Any:
    """The part of a project of that number, if its project may be changed."""
    one = get_object_or_404(model.objects.select_related("initiative"), pk=pk)
    changeable(request, one.initiative_id)
    return one


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def workstream_edit(request: PageRequest, workstream_id: int) -> HttpResponseBase:
    """Change what a function does."""
    one: Workstream = _mine(request, Workstream, workstream_id)
    initial = {name: getattr(one, name) for name in ("title", "function", "lead", "due_on")}
    return _edit(
        request,
        one.initiative,
        WorkstreamForm(request.POST or None, initial=initial),
        lambda given: actions.change_workstream(
            actor=request.user, workstream=one, changes=given, now=clock.now()
        ),
        _("Change the workstream"),
    )


def _edit(request: PageRequest, row: Initiative, form: Any, change: Any, heading: str) -> HttpResponseBase:
    ask = Ask(
        form=form,
        act=change,
        heading=heading,
        submit=_("Save"),
        done=_("%(name)s is changed."),
        cancel_url=page_of(row.pk),
        back=lambda _entry: page_of(row.pk),
        template=FORM_PAGE,
    )
    return answer(request, ask, row=row)


@require_POST
@requires(Right.TAKE_PART)
def workstream_ending(request: PageRequest, workstream_id: int) -> HttpResponseBase:
    """Say that a function has done its part, or not after all."""
    one: Workstream = _mine(request, Workstream, workstream_id)
    return do(
        request,
        lambda: actions.end_workstream(
            actor=request.user, workstream=one, is_over=one.ended_on is None, now=clock.now()
        ),
        _("Noted."),
        f"{page_of(one.initiative_id)}#workstreams",
    )


@require_POST
@requires(Right.TAKE_PART)
def workstream_removal(request: PageRequest, workstream_id: int) -> HttpResponseBase:
    """Take a workstream out."""
    one: Workstream = _mine(request, Workstream, workstream_id)
    return do(
        request,
        lambda: actions.remove_workstream(actor=request.user, workstream=one, now=clock.now()),
        _("It is taken out."),
        f"{page_of(one.initiative_id)}#workstreams",
    )


@require_POST
@requires(Right.TAKE_PART)
def counter_create(request: PageRequest, initiative_id: int) -> HttpResponseBase:
    """Say what is counted."""
    row = changeable(request, initiative_id)
    form = CounterForm(request.POST, initiative=row)
    if not form.is_valid():
        return refused(request, form, page_of(row.pk))

    def add() -> None:
        counters.add_counter(actor=request.user, initiative=row, now=clock.now(), **form.cleaned_data)

    return act(request, add, _("Added: note how many are done."), f"{page_of(row.pk)}#counters")


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def counter_edit(request: PageRequest, counter_id: int) -> HttpResponseBase:
    """Call what is counted something else, or move its day."""
    one: Counter = _mine(request, Counter, counter_id)
    initial = {"name": one.name, "workstream": one.workstream_id, "due_on": one.due_on}
    form = CounterForm(request.POST or None, initiative=one.initiative, initial=initial)
    del form.fields["total"]
    return _edit(
        request,
        one.initiative,
        form,
        lambda given: counters.change_counter(
            actor=request.user, counter=one, changes=given, now=clock.now()
        ),
        _("Change what is counted"),
    )


@require_POST
@requires(Right.TAKE_PART)
def counter_removal(request: PageRequest, counter_id: int) -> HttpResponseBase:
    """Stop counting something that nobody has counted yet."""
    one: Counter = _mine(request, Counter, counter_id)
    return do(
        request,
        lambda: counters.remove_counter(actor=request.user, counter=one, now=clock.now()),
        _("It is taken out."),
        f"{page_of(one.initiative_id)}#counters",
    )


@require_POST
@requires(Right.TAKE_PART)
def count_create(request: PageRequest, counter_id: int) -> HttpResponseBase:
    """Note by hand how many are done today, or on another day."""
    one: Counter = _mine(request, Counter, counter_id)
    form = CountForm(request.POST)
    if not form.is_valid():
        return refused(request, form, page_of(one.initiative_id))
    given = form.cleaned_data
    row = CountRow(given["on"] or clock.today(), given["done"], given["total"])
    return do(
        request,
        lambda: counters.record_counts(actor=request.user, counter=one, rows=[row], now=clock.now()),
        _("Counted."),
        f"{page_of(one.initiative_id)}#counter-{one.pk}",
    )


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def count_paste(request: PageRequest, counter_id: int) -> HttpResponseBase:
    """Paste many counts at once."""
    one: Counter = _mine(request, Counter, counter_id)
    ask = Ask(
        form=PasteForm(request.POST or None),
        act=lambda given: counters.record_counts(
            actor=request.user, counter=one, rows=read_counts(given["rows"]), now=clock.now()
        ),
        heading=_("Paste counts of “%(name)s”") % {"name": one.name},
        submit=_("Note them all"),
        done=_("Counted."),
        cancel_url=page_of(one.initiative_id),
        back=lambda _entry: f"{page_of(one.initiative_id)}#counter-{one.pk}",
        template=FORM_PAGE,
    )
    return answer(request, ask, row=one.initiative)


@require_GET
@requires(Right.READ)
def count_file(request: PageRequest, counter_id: int) -> HttpResponse:
    """Every count of a counter, as a file that can be pasted back."""
    one = get_object_or_404(Counter, pk=counter_id)
    rows = one.counts.filter(superseded_at__isnull=True).values_list("on", "done", "total")
    lines = csv_lines([_("day"), _("done"), _("in all")], rows)
    headers = {"Content-Disposition": f'attachment; filename="counts-{one.pk}.csv"'}
    return HttpResponse("".join(lines), content_type="text/csv; charset=utf-8", headers=headers)


@require_POST
@requires(Right.TAKE_PART)
def gate_create(request: PageRequest, initiative_id: int) -> HttpResponseBase:
    """Name a point that the project passes by a decision."""
    row = changeable(request, initiative_id)
    form = GateForm(request.POST)
    if not form.is_valid():
        return refused(request, form, page_of(row.pk))
    return do(
        request,
        lambda: actions.add_gate(actor=request.user, initiative=row, now=clock.now(), **form.cleaned_data),
        _("Added."),
        f"{page_of(row.pk)}#gates",
    )


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def gate_edit(request: PageRequest, gate_id: int) -> HttpResponseBase:
    """Say better what a gate is."""
    one: Gate = _mine(request, Gate, gate_id)
    initial = {name: getattr(one, name) for name in ("title", "criteria", "due_on")}
    return _edit(
        request,
        one.initiative,
        GateForm(request.POST or None, initial=initial),
        lambda given: actions.change_gate(actor=request.user, gate=one, changes=given, now=clock.now()),
        _("Change the gate"),
    )


@require_POST
@requires(Right.TAKE_PART)
def gate_decision(request: PageRequest, gate_id: int) -> HttpResponseBase:
    """Decide whether a gate is passed."""
    one: Gate = _mine(request, Gate, gate_id)
    return do(
        request,
        lambda: actions.decide_gate(
            actor=request.user, gate=one, state=str(request.POST.get("state", "")),
            by=person_of(request.user), note=str(request.POST.get("note", ""))[:2000], now=clock.now(),
        ),
        _("Decided."),
        f"{page_of(one.initiative_id)}#gates",
    )  # fmt: skip


@require_POST
@requires(Right.TAKE_PART)
def gate_removal(request: PageRequest, gate_id: int) -> HttpResponseBase:
    """Take a gate out."""
    one: Gate = _mine(request, Gate, gate_id)
    return do(
        request,
        lambda: actions.remove_gate(actor=request.user, gate=one, now=clock.now()),
        _("It is taken out."),
        f"{page_of(one.initiative_id)}#gates",
    )
