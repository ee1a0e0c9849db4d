"""Forms of initiatives: a quick win in a minute, any other, changing one, who has a part in it, its end."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.discovery.queries.quick_wins import open_to as proposals_open_to
from vertebra.kit import clock
from vertebra.kit.numbers import whole_number
from vertebra.org.empty_spaces import person_of
from vertebra.org.forms.together import remember_shown
from vertebra.org.pages.frame import Ask, answer
from vertebra.org.queries.care import Areas
from vertebra.org.queries.structure import Structure
from vertebra.roadmap.actions import initiatives as actions
from vertebra.roadmap.actions.proposals import undertake_quick_win
from vertebra.roadmap.actions.states import close_initiative
from vertebra.roadmap.forms.initiatives import CloseForm, InitiativeForm, InvolveForm, QuickWinForm
from vertebra.roadmap.labels.initiatives import InitiativeKind
from vertebra.roadmap.models import Initiative
from vertebra.roadmap.pages.frame import written_in
from vertebra.roadmap.pages.initiative import found
from vertebra.roadmap.queries.initiatives import has_result
from vertebra.roadmap.queries.rights import may_change
from vertebra.roadmap.queries.standing import Names

FORM_PAGE = "roadmap/form.html"


def changeable(request: PageRequest, initiative_id: int) -> Initiative:
    """The initiative, if this person may change it."""
    row = found(initiative_id)
    if not may_change(request.user, row):
        raise PermissionDenied
    return row


def page_of(row: Initiative) -> str:
    """The address of an initiative."""
    return reverse("roadmap:initiative-show", args=(row.pk,))


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def quick_win_create(request: PageRequest) -> HttpResponseBase:
    """Note a quick win in a minute."""
    now = clock.now()
    form = QuickWinForm(request.POST or None, initial={"lead": person_of(request.user)})
    return _creation(
        request,
        form,
        lambda given: actions.create_initiative(
            actor=request.user, kind=InitiativeKind.QUICK_WIN, language=written_in(), now=now, **given
        ),
        heading=_("A quick win, in a minute"),
        submit=_("Note it"),
        intro=_("Something small that relieves people within days. Everything else can be added later."),
    )


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def initiative_create(request: PageRequest) -> HttpResponseBase:
    """Write down something to undertake."""
    now = clock.now()
    structure = Structure.as_of(clock.today(now), with_members=False)
    initial = {
        "language": written_in(),
        **{
            name: request.GET.get(name, "")[:200]
            for name in ("title", "kind", "objective", "field", "parent")
        },
    }
    initial = {name: value for name, value in initial.items() if value}
    form = InitiativeForm(request.POST or None, structure=structure, initial=initial)
    return _creation(
        request,
        form,
        lambda given: actions.create_initiative(actor=request.user, now=now, **given),
        heading=_("Something to undertake"),
        submit=_("Write it down"),
        intro=_("A title and a kind are enough: what it should move is noted before it starts."),
        draft="initiative",
    )


def _creation(
    request: PageRequest, form: Any, create: Callable[[dict[str, Any]], Initiative], **words: str
) -> HttpResponseBase:
    if request.method == "POST" and form.is_valid():
        try:
            row = create(form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(page_of(row))
    context = {
        "form": form,
        "heading": words["heading"],
        "intro": words["intro"],
        "submit_label": words["submit"],
        "draft": words.get("draft", ""),
        "cancel_url": reverse("roadmap:initiative-list"),
    }
    return render(request, FORM_PAGE, context, status=422 if form.is_bound else 200)


@require_POST
@requires(Right.TAKE_PART)
def undertaking(request: PageRequest, quick_win_id: int) -> HttpResponseBase:
    """Undertake a quick win that an audit proposed."""
    win = get_object_or_404(
        proposals_open_to(request.user).select_related("pain_point", "owner"), pk=quick_win_id
    )
    person = person_of(request.user)
    is_own = person is not None and win.owner_id == person.pk
    if not (is_own or may(request.user, Right.EDIT_ORGANISATION)):
        raise PermissionDenied
    row = undertake_quick_win(actor=request.user, quick_win=win, now=clock.now())
    return HttpResponseRedirect(page_of(row))


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def initiative_edit(request: PageRequest, initiative_id: int) -> HttpResponseBase:
    """Change an initiative: everything in a form, or the one thing that was edited in place."""
    now = clock.now()
    row = changeable(request, initiative_id)
    structure = Structure.as_of(clock.today(now), with_members=False)
    names = ("title", "kind", "description", "lead", "effort_days", "starts_on", "due_on", "language")
    initial = {name: getattr(row, name) for name in names}
    initial |= {
        "owner_unit": row.owner_unit_id,
        "objective": row.objective_id,
        "field": row.field_id,
        "parent": row.parent_id,
    }
    form = InitiativeForm(request.POST or None, structure=structure, initial=initial)
    remember_shown(form)
    if form.is_bound:
        form.keep_given()
    ask = Ask(
        form=form,
        act=lambda given: actions.change_initiative(
            actor=request.user, initiative=row, changes=given, now=now
        ),
        heading=_("Change the initiative"),
        submit=_("Save"),
        done=_("%(name)s is changed."),
        cancel_url=page_of(row),
        back=lambda _entry: page_of(row),
        template=FORM_PAGE,
    )
    return answer(request, ask, row=row)


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def involvement_create(request: PageRequest, initiative_id: int) -> HttpResponseBase:
    """Give a unit, an area, a market or a person a part in an initiative."""
    now = clock.now()
    row = changeable(request, initiative_id)
    today = clock.today(now)
    form = InvolveForm(request.POST or None, names=Names(today), areas=Areas.as_of(today))

    ask = Ask(
        form=form,
        act=lambda given: actions.involve(
            actor=request.user, initiative=row, who=form.who(), part=given["part"], now=now
        ),
        heading=_("Who else has a part in it?"),
        submit=_("Add"),
        done=_("%(name)s is changed."),
        cancel_url=page_of(row),
        back=lambda _entry: page_of(row),
        intro=_("One of the four is enough."),
        template=FORM_PAGE,
    )
    return answer(request, ask, row=row)


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def closing(request: PageRequest, initiative_id: int) -> HttpResponseBase:
    """End an initiative with its outcome."""
    now = clock.now()
    row = changeable(request, initiative_id)
    outcome = request.GET.get("outcome", "")
    form = CloseForm(
        request.POST or None, is_measured=has_result(row), initial={"outcome": outcome, "lesson": row.lesson}
    )
    ask = Ask(
        form=form,
        act=lambda given: close_initiative(actor=request.user, initiative=row, now=now, **given),
        heading=_("What came of it?"),
        submit=_("Close the initiative"),
        done=_("%(name)s is closed."),
        cancel_url=page_of(row),
        back=lambda _entry: page_of(row),
        template=FORM_PAGE,
    )
    return answer(request, ask, row=row)


def number_in(request: PageRequest, name: str) -> int:
    """The number that a form sent under a name."""
    return whole_number(str(request.POST.get(name, ""))) or 0
