"""Making and changing a routine, from a practice or from nothing; putting it away and taking it out again."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import BaseFormSet, formset_factory
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.kit.numbers import whole_number
from vertebra.org.empty_spaces import person_of
from vertebra.org.pages.frame import do, done
from vertebra.org.queries.structure import Structure
from vertebra.practices.actions import routines as actions
from vertebra.practices.actions.routines import Guest
from vertebra.practices.forms.routines import GuestForm, RoutineForm
from vertebra.practices.labels.routines import MOST_PARTICIPANTS
from vertebra.practices.models import Practice, Routine, Template
from vertebra.practices.queries.routines import may_change

SPARE = 2


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def routine_create(request: PageRequest) -> HttpResponseBase:
    """Have a moment come back."""
    return _form(request, None, _begun(request))


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def routine_edit(request: PageRequest, routine_id: int) -> HttpResponseBase:
    """Change a routine."""
    row = changeable(request, routine_id)
    names = (
        "title",
        "rhythm",
        "starts_on",
        "ends_on",
        "at",
        "minutes",
        "zone",
        "place",
        "agenda",
        "language",
    )
    said = {name: getattr(row, name) for name in names}
    return _form(request, row, said | {"lead": row.lead, "practice": row.practice_id})


def changeable(request: PageRequest, routine_id: int) -> Routine:
    """The routine, if this person may change it."""
    row = get_object_or_404(Routine.objects.select_related("lead", "practice"), pk=routine_id)
    if not may_change(request.user, row):
        raise PermissionDenied
    return row


def page_of(row: Routine) -> str:
    """The address of a routine."""
    return reverse("practices:routine-show", args=(row.pk,))


def _begun(request: PageRequest) -> dict[str, Any]:
    """What a new routine begins with: its practice, with the agenda that one of the practice's templates is."""
    language = (get_language() or "fr")[:2]
    asked = whole_number(request.GET.get("practice", "")) or 0
    practice = Practice.objects.filter(pk=asked, archived_at=None).first()
    said = {
        "starts_on": clock.today() + dt.timedelta(days=1),
        "at": dt.time(10),
        "zone": timezone.get_current_timezone_name(),
        "lead": person_of(request.user),
        "language": language,
        "agenda": _("## Since the last time\n\n## What we decide today\n\n## Who does what, by when\n"),
    }
    if practice is not None:
        said |= {"title": practice.name, "practice": practice.pk}
        if found := _template(practice, whole_number(request.GET.get("template", "")), language):
            said["agenda"] = found.body
    return said


def _template(practice: Practice, number: int | None, language: str) -> Template | None:
    """The template that is asked for, else the first text of the practice in the reader's language."""
    rows = list(practice.templates.filter(archived_at=None).exclude(body=""))
    if number is not None:
        return next((row for row in rows if row.pk == number), None)
    return next((row for row in rows if row.language == language), rows[0] if rows else None)


def _form(request: PageRequest, row: Routine | None, initial: dict[str, Any]) -> HttpResponseBase:
    form = RoutineForm(request.POST or None, initial=initial)
    guests = _guests(request, row)
    if request.method == "POST" and form.is_valid() and guests.is_valid():
        meant = [guest for one in guests.forms if (guest := one.guest()) is not None]
        try:
            return _saved(request, row, form.cleaned_data, meant)
        except NothingChanges:
            return redirect(page_of(row) if row else reverse("practices:routine-list"))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    context = {
        "row": row,
        "form": form,
        "guests": guests,
        "cancel_url": page_of(row) if row else reverse("practices:routine-list"),
    }
    return render(request, "practices/routine_form.html", context, status=422 if form.is_bound else 200)


def _guests(request: PageRequest, row: Routine | None) -> BaseFormSet[GuestForm]:
    held = row.participants.select_related("person", "unit") if row else []
    initial = [
        {"person": one.person, "unit": one.unit_id, "function": one.function, "role": one.role}
        for one in held
    ]
    made = formset_factory(GuestForm, extra=SPARE, max_num=MOST_PARTICIPANTS, absolute_max=MOST_PARTICIPANTS)
    structure = Structure.as_of(clock.today(), with_members=False)
    return made(request.POST or None, initial=initial, prefix="guests", form_kwargs={"structure": structure})


def _saved(
    request: PageRequest, row: Routine | None, said: dict[str, Any], guests: list[Guest]
) -> HttpResponseBase:
    now = clock.now()
    if row is None:
        row = actions.create_routine(actor=request.user, guests=guests, now=now, **said)
        return redirect(page_of(row))
    entry = actions.change_routine(actor=request.user, routine=row, changes=said, guests=guests, now=now)
    return done(request, _("%(name)s is changed.") % {"name": row.title}, entry, page_of(row))


@require_POST
@requires(Right.TAKE_PART)
def routine_archiving(request: PageRequest, routine_id: int) -> HttpResponseBase:
    """Hold a routine no more."""
    row = changeable(request, routine_id)
    return do(
        request,
        lambda: actions.archive_routine(actor=request.user, routine=row, now=clock.now()),
        _("%(name)s is archived: calendars take it out."),
        reverse("practices:routine-list"),
    )


@require_POST
@requires(Right.TAKE_PART)
def routine_restoration(request: PageRequest, routine_id: int) -> HttpResponseBase:
    """Hold a routine again."""
    row = changeable(request, routine_id)
    return do(
        request,
        lambda: actions.restore_routine(actor=request.user, routine=row, now=clock.now()),
        _("%(name)s is held again."),
        page_of(row),
    )
