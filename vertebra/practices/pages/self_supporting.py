"""Which practices and routines would stop if Product Ops were away, and handing them over."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.kit import clock
from vertebra.kit.numbers import whole_number
from vertebra.kit.tables import table_response
from vertebra.org.empty_spaces import person_of
from vertebra.org.pages.frame import Ask, answer, do
from vertebra.practices.actions import hand_overs as actions
from vertebra.practices.forms.routines import HandOverForm
from vertebra.practices.labels.routines import RUN_BY_TONES, RunBy
from vertebra.practices.models import HandOver, Practice, Routine
from vertebra.practices.queries.self_supporting import Run, all_run

MODELS: dict[str, type[Practice] | type[Routine]] = {Kind.PRACTICE: Practice, Kind.ROUTINE: Routine}


@require_GET
@requires(Right.READ)
def self_supporting(request: PageRequest) -> HttpResponseBase:
    """Show who runs each practice and routine, what would stop first."""
    rows = all_run()
    labels = dict(RunBy.choices)
    if request.GET.get("format") in {"csv", "xlsx"}:
        return _file(rows, request.GET["format"])
    person, is_ops = person_of(request.user), may(request.user, Right.PRODUCT_OPS)
    mine = person.pk if person and may(request.user, Right.TAKE_PART) else 0
    wanted = request.GET.get("run_by", "")
    shown = [one for one in rows if wanted not in RunBy.values or one.run_by == wanted]
    context = {
        "rows": [
            {
                "one": one,
                "label": labels[RunBy(one.run_by)],
                "kind": Kind(one.kind).label,
                "tone": RUN_BY_TONES[one.run_by],
                "can_give": one.hand_over is None and (is_ops or _is(one.person, mine)),
                "can_take": one.hand_over is not None and (is_ops or _is(one.hand_over.to_person, mine)),
                "can_stop": one.hand_over is not None and may_stop(request.user, one.hand_over, mine),
            }
            for one in shown
        ],
        "all": len(rows),
        "stop": sum(one.run_by == RunBy.PRODUCT_OPS for one in rows),
        "nobody": sum(one.run_by == RunBy.NOBODY for one in rows),
        "choices": [("", _("All")), *RunBy.choices],
        "wanted": wanted,
        "today": clock.today(),
    }
    return render(request, "practices/self_supporting.html", context)


def _is(person: object, number: int) -> bool:
    return bool(number) and getattr(person, "pk", None) == number


def may_stop(user: User, row: HandOver, mine: int) -> bool:
    """Whether somebody may let a thing stay where it is: who gives or is to take it, Product Ops."""
    return may(user, Right.PRODUCT_OPS) or (bool(mine) and mine in {row.from_person_id, row.to_person_id})


def _file(rows: list[Run], form: str) -> HttpResponseBase:
    header = [
        _("Kind"),
        _("Practice or routine"),
        _("Run by"),
        _("Without Product Ops"),
        _("Handed over to"),
        _("By"),
    ]
    labels = dict(RunBy.choices)
    lines = [
        (
            Kind(one.kind).label,
            one.title,
            one.person.name if one.person else "",
            labels[RunBy(one.run_by)],
            one.hand_over.to_person.name if one.hand_over and one.hand_over.to_person else "",
            one.hand_over.by_on if one.hand_over else None,
        )
        for one in rows
    ]
    return table_response("who-runs-what", form, header, lines)


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def hand_over_create(request: PageRequest) -> HttpResponseBase:
    """Hand a practice or a routine over to somebody."""
    url = reverse("practices:self-supporting")
    if "kind" not in request.GET:
        return redirect(url)
    model = MODELS.get(request.GET["kind"])
    if model is None:
        raise Http404
    number = whole_number(request.GET.get("number", "")) or 0
    thing: Any = get_object_or_404(model._default_manager.filter(archived_at=None), pk=number)
    holder = thing.carrier_id if isinstance(thing, Practice) else thing.lead_id
    person = person_of(request.user)
    if not may(request.user, Right.PRODUCT_OPS) and not (person and person.pk == holder):
        raise PermissionDenied
    ask = Ask(
        form=HandOverForm(request.POST or None),
        act=lambda given: actions.begin_hand_over(actor=request.user, thing=thing, now=clock.now(), **given),
        heading=_("Hand over “%(title)s”") % {"title": thing},
        submit=_("Hand it over"),
        done=_("%(name)s: they are told, and say when they have it."),
        cancel_url=url,
        back=lambda _entry: url,
        intro=_("It stays where it is until they say that they have taken it over. They are reminded once."),
        template="practices/routine_ask.html",
    )
    return answer(request, ask)


@require_POST
@requires(Right.TAKE_PART)
def hand_over_taking(request: PageRequest, hand_over_id: int) -> HttpResponse:
    """Say that it is taken over."""
    row, mine = _found(request, hand_over_id)
    if not may(request.user, Right.PRODUCT_OPS) and row.to_person_id != mine:
        raise PermissionDenied
    return do(
        request,
        lambda: actions.take_over(actor=request.user, hand_over=row, now=clock.now()),
        _("%(name)s is taken over."),
        reverse("practices:self-supporting"),
    )


@require_POST
@requires(Right.TAKE_PART)
def hand_over_stopping(request: PageRequest, hand_over_id: int) -> HttpResponse:
    """Let it stay where it is."""
    row, mine = _found(request, hand_over_id)
    if not may_stop(request.user, row, mine):
        raise PermissionDenied
    return do(
        request,
        lambda: actions.stop_hand_over(actor=request.user, hand_over=row, now=clock.now()),
        _("%(name)s stays where it is."),
        reverse("practices:self-supporting"),
    )


def _found(request: PageRequest, hand_over_id: int) -> tuple[HandOver, int]:
    row = get_object_or_404(HandOver.objects.select_related("practice", "routine"), pk=hand_over_id)
    person = person_of(request.user)
    return row, person.pk if person else 0
