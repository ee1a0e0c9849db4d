"""Pages of one person: where they are, what they answer for; and what one does to it."""

from typing import Any, cast

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.queries import feed
from vertebra.kit import clock
from vertebra.kit.text import fold
from vertebra.org.actions import people as actions
from vertebra.org.forms.fields import written
from vertebra.org.forms.people import DepartureForm, PersonForm
from vertebra.org.forms.together import remember_shown
from vertebra.org.models import Person
from vertebra.org.pages.frame import Ask, answer, base, day_of, frame
from vertebra.org.queries.people import called, mandates_held, memberships_of, reports_of, sees_hours
from vertebra.org.queries.structure import Structure


@require_GET
@requires(Right.READ)
def person_page(request: PageRequest, person_id: int) -> HttpResponseBase:
    """Show somebody: where they work, since when, what they answer for, whom they report to. No scores."""
    day = day_of(request)
    person = get_object_or_404(Person.objects.select_related("manager"), pk=person_id)
    structure = Structure.as_of(day.date, with_members=False)
    memberships = memberships_of(person_id)
    held = mandates_held(person_id, day.date)
    for row in memberships:
        row.above = structure.above(row.unit_id)
        row.now_called = (
            structure.nodes[row.unit_id].name if row.unit_id in structure.nodes else row.unit_name
        )
    context = {
        **frame(request, day, "people"),
        "person": person,
        "is_present": person.is_present(day.date) and person.archived_at is None,
        "current": [row for row in memberships if row.holds(day.date)],
        "former": [row for row in memberships if row.ends_on and row.ends_on <= day.date],
        "coming": [row for row in memberships if row.starts_on > day.date],
        "held": [one for one in held if one.mandate.holds(day.date)],
        "held_before": [one for one in held if one.mandate.ends_on and one.mandate.ends_on <= day.date],
        "reports": reports_of(person, day.date),
        "sees_hours": sees_hours(request.user, person_id),
        "may_hand_over": may(request.user, Right.PRODUCT_OPS),
        "may_erase": may(request.user, Right.ADMINISTER),
        "membership_base": base("org:membership-edit"),
        "history": feed(Kind.PERSON, person_id, user=request.user, now=clock.now()),
    }
    return render(request, "org/person.html", context)


@require_GET
@requires(Right.READ)
def person_suggest(request: PageRequest) -> HttpResponseBase:
    """Suggest people while one types their name."""
    text = str(next(iter(request.GET.values()), ""))[:200]
    people = Person.objects.filter(archived_at__isnull=True)
    found = list(called(people, text).order_by("name_folded", "pk")[:12]) if len(fold(text)) > 1 else []
    return render(request, "org/options.html", {"options": [written(person) for person in found]})


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def person_create(request: PageRequest) -> HttpResponseBase:
    """Add somebody to the directory."""
    now = clock.now()
    ask = Ask(
        form=PersonForm(request.POST or None, initial={"joined_on": clock.today(now)}),
        act=lambda given: actions.create_person(actor=request.user, values=_changes(given), now=now),
        heading=_("Add somebody"),
        submit=_("Add to the directory"),
        done=_("%(name)s is in the directory. Now say where they work."),
        cancel_url=reverse("org:person-list"),
        back=lambda entry: reverse("org:person-show", args=(entry.object_id,)),
    )
    return answer(request, ask, draft="person")


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def person_edit(request: PageRequest, person_id: int) -> HttpResponseBase:
    """Correct what is known of somebody: everything in a form, or the one field edited in place."""
    now = clock.now()
    person = get_object_or_404(Person.objects.select_related("manager"), pk=person_id)
    initial = {name: getattr(person, name) for name in actions.PersonChanges.__annotations__}
    form = PersonForm(request.POST or None, initial=initial)
    remember_shown(form)
    if form.is_bound:
        form.keep_given()
    back = reverse("org:person-show", args=(person_id,))
    ask = Ask(
        form=form,
        act=lambda given: actions.change_person(
            actor=request.user, person=person, changes=_changes(given), now=now
        ),
        heading=_("Change %(name)s") % {"name": person.name},
        submit=_("Save"),
        done=_("%(name)s is changed."),
        cancel_url=back,
        back=lambda entry: back,
    )
    return answer(request, ask)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def person_departure(request: PageRequest, person_id: int) -> HttpResponseBase:
    """Note that somebody leaves the company."""
    now = clock.now()
    person = get_object_or_404(Person, pk=person_id)
    back = reverse("org:person-show", args=(person_id,))
    ask = Ask(
        form=DepartureForm(request.POST or None, today=clock.today(now)),
        act=lambda given: actions.record_departure(
            actor=request.user, person=person, on=given["on"], now=now
        ),
        heading=_("%(name)s leaves the company") % {"name": person.name},
        submit=_("Note the departure"),
        done=_("The departure of %(name)s is noted."),
        cancel_url=back,
        back=lambda entry: back,
    )
    return answer(request, ask)


def _changes(given: dict[str, Any]) -> actions.PersonChanges:
    """The fields that were sent, as the action takes them."""
    known = actions.PersonChanges.__annotations__
    return cast(actions.PersonChanges, {name: value for name, value in given.items() if name in known})
