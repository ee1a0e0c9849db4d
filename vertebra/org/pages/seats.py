"""Who works where, who answers for what, which unit owns what: the forms and buttons that change it."""

from collections.abc import Iterable
from typing import Any, cast

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vertebra.accounts.models import AuditEntry
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.kit.numbers import whole_number
from vertebra.org.actions import care, mandates, people
from vertebra.org.forms.areas import OwnershipForm
from vertebra.org.forms.fields import FromDay
from vertebra.org.forms.people import MandateChangeForm, MandateForm, MembershipForm
from vertebra.org.forms.together import remember_shown
from vertebra.org.models import Area, Mandate, Market, Membership, Ownership, Person, Unit
from vertebra.org.pages.frame import Ask, answer, do
from vertebra.org.queries.people import sees_hours
from vertebra.org.queries.structure import Structure

TARGETS: dict[str, type[Unit] | type[Area] | type[Market]] = {"unit": Unit, "area": Area, "market": Market}


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def membership_create(request: PageRequest) -> HttpResponseBase:
    """Let somebody work in a unit: `?unit=` and `?person=` say what is known, the form asks the rest."""
    now = clock.now()
    today = clock.today(now)
    unit = _named(request, Unit, "unit")
    person = _named(request, Person, "person")
    structure = Structure.as_of(today, with_members=False)
    form = MembershipForm(
        request.POST or None,
        today=today,
        asks_person=person is None,
        structure=structure if unit is None else None,
        initial={"function": request.GET.get("function", "")},
    )
    node = structure.get(unit.pk) if unit else None
    heading = _("Add %(name)s to a unit") % {"name": person} if person else _("Add somebody to a unit")
    back = _place(unit) or _place(person) or reverse("org:person-list")
    ask = Ask(
        form=form,
        act=lambda given: people.join_unit(
            actor=request.user,
            now=now,
            **{"person": person, "unit": unit} | given,
        ),
        heading=_("Add somebody to %(name)s") % {"name": node.name} if node else heading,
        submit=_("Add"),
        done=_("Added: %(name)s."),
        cancel_url=back,
        back=lambda entry: back,
    )
    return answer(request, ask)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def membership_edit(request: PageRequest, membership_id: int) -> HttpResponseBase:
    """Change how somebody works in a unit from a day on."""
    now = clock.now()
    membership = _row(Membership, membership_id, "person")
    names = ("function", "title", "share")
    initial = {name: getattr(membership, name) for name in names}
    form = MembershipForm(request.POST or None, today=clock.today(now), initial=initial)
    remember_shown(form)
    back = reverse("org:person-show", args=(membership.person_id,))
    ask = Ask(
        form=form,
        act=lambda given: people.change_membership(
            actor=request.user,
            membership=membership,
            changes=cast(people.MembershipChanges, _of(names, given)),
            on=given["on"],
            now=now,
        ),
        heading=_("How %(name)s works there") % {"name": membership.person.name},
        submit=_("Save"),
        done=_("Changed: %(name)s."),
        cancel_url=back,
        back=lambda entry: back,
        template="org/membership.html",
    )
    return answer(request, ask, end_url=reverse("org:membership-end", args=(membership_id,)))


@require_POST
@requires(Right.EDIT_ORGANISATION)
def membership_end(request: PageRequest, membership_id: int) -> HttpResponseBase:
    """Let somebody no longer work in a unit, from today or from the day given."""
    now = clock.now()
    membership = _row(Membership, membership_id, "person")
    on = _given_day(request)
    return do(
        request,
        lambda: people.leave_unit(actor=request.user, membership=membership, on=on, now=now),
        _("No longer there: %(name)s."),
        _back(request, reverse("org:person-show", args=(membership.person_id,))),
    )


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def mandate_create(request: PageRequest) -> HttpResponseBase:
    """Give somebody a mandate: `?unit=`, `?area=`, `?market=` or `?person=` says what is known."""
    now = clock.now()
    person = _named(request, Person, "person")
    target = next((found for key, model in TARGETS.items() if (found := _named(request, model, key))), None)
    form = MandateForm(
        request.POST or None,
        today=clock.today(now),
        person=person,
        target=target,
        initial={"role": request.GET.get("role", ""), "function": request.GET.get("function", "")},
    )
    back = _place(target) or _place(person) or reverse("org:map")

    def act(given: dict[str, Any]) -> AuditEntry:
        told = {name: value for name, value in given.items() if name not in TARGETS}
        return mandates.give_mandate(actor=request.user, now=now, **{"person": person} | told)

    ask = Ask(
        form=form,
        act=act,
        heading=_("Give %(name)s a mandate") % {"name": person} if person else _("Give a mandate"),
        submit=_("Give the mandate"),
        done=_("Mandate given: %(name)s."),
        cancel_url=back,
        back=lambda entry: back,
    )
    return answer(request, ask)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def mandate_edit(request: PageRequest, mandate_id: int) -> HttpResponseBase:
    """Change a mandate from a day on."""
    now = clock.now()
    mandate = _row(Mandate, mandate_id, "person")
    sees = sees_hours(request.user, mandate.person_id)
    names = ("title", "is_acting", *(("hours_per_month",) if sees else ()))
    form = MandateChangeForm(
        request.POST or None,
        today=clock.today(now),
        asks_hours=sees,
        initial={name: getattr(mandate, name) for name in names},
    )
    remember_shown(form)
    back = _mandate_place(mandate)
    ask = Ask(
        form=form,
        act=lambda given: mandates.change_mandate(
            actor=request.user,
            mandate=mandate,
            changes=cast(mandates.MandateChanges, _of(names, given)),
            on=given["on"],
            now=now,
        ),
        heading=_("The mandate of %(name)s") % {"name": mandate.person or mandate.reference},
        submit=_("Save"),
        done=_("Mandate changed: %(name)s."),
        cancel_url=back,
        back=lambda entry: back,
    )
    return answer(request, ask)


@require_POST
@requires(Right.EDIT_ORGANISATION)
def mandate_end(request: PageRequest, mandate_id: int) -> HttpResponseBase:
    """End a mandate, today or on the day given."""
    now = clock.now()
    mandate = _row(Mandate, mandate_id, "person", "market")
    on = _given_day(request)
    return do(
        request,
        lambda: mandates.end_mandate(actor=request.user, mandate=mandate, on=on, now=now),
        _("Mandate ended: %(name)s."),
        _back(request, _mandate_place(mandate)),
    )


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def ownership_create(request: PageRequest) -> HttpResponseBase:
    """Say which unit takes care of what: `?unit=`, `?area=` or `?market=` says what is known."""
    now = clock.now()
    unit = _named(request, Unit, "unit")
    target = _named(request, Area, "area") or _named(request, Market, "market")
    form = OwnershipForm(request.POST or None, today=clock.today(now), unit=unit, target=target)
    back = _place(unit) or _place(target) or reverse("org:area-list")
    ask = Ask(
        form=form,
        act=lambda given: care.give_ownership(
            actor=request.user, unit=unit or given["unit"], target=given["target"], on=given["on"], now=now
        ),
        heading=_("Who takes care of what"),
        submit=_("Save"),
        done=_("Taken care of: %(name)s."),
        cancel_url=back,
        back=lambda entry: back,
    )
    return answer(request, ask)


@require_POST
@requires(Right.EDIT_ORGANISATION)
def ownership_end(request: PageRequest, ownership_id: int) -> HttpResponseBase:
    """Let a unit no longer take care of something, from today or from the day given."""
    now = clock.now()
    ownership = _row(Ownership, ownership_id, "market")
    on = _given_day(request)
    return do(
        request,
        lambda: care.end_ownership(actor=request.user, ownership=ownership, on=on, now=now),
        _("No longer taken care of: %(name)s."),
        _back(request, reverse("org:unit-show", args=(ownership.unit_id,))),
    )


def _row(model: Any, pk: int, *related: str) -> Any:
    """A fact over time by its id, whenever it holds: what the action refuses, it says."""
    return get_object_or_404(model.objects.all_time().select_related(*related), pk=pk)


def _named(request: PageRequest, model: Any, key: str) -> Any:
    """The object that the address names, 404 if there is none by that number."""
    text = request.GET.get(key, "")
    if not text:
        return None
    if (number := whole_number(text)) is None:
        raise Http404
    return get_object_or_404(model, pk=number)


def _of(names: Iterable[str], given: dict[str, Any]) -> dict[str, Any]:
    """What the person changed, among these fields."""
    return {name: given[name] for name in names if name in given}


def _given_day(request: PageRequest) -> Any:
    """The day that a button sent, today if it sent none."""
    form = FromDay(request.POST, today=clock.today())
    form.keep_given()
    return form.cleaned_data["on"] if form.is_valid() else clock.today()


def _place(target: Unit | Area | Market | Person | None) -> str:
    return reverse(f"org:{target._meta.model_name}-show", args=(target.pk,)) if target is not None else ""


def _mandate_place(mandate: Mandate) -> str:
    for kind in TARGETS:
        if pk := getattr(mandate, f"{kind}_id"):
            return reverse(f"org:{kind}-show", args=(pk,))
    return reverse("org:map")


def _back(request: PageRequest, otherwise: str) -> str:
    """Where the button stood, if it said so and it is one of our pages."""
    asked = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()})
    return asked if asked.startswith("/") and is_ours else otherwise
