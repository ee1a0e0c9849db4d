"""Audiences: made of conditions, with whom they reach and whom they miss before anything is sent."""

from typing import Any

from django.forms import BaseFormSet, formset_factory
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.org.labels import Function
from vertebra.org.pages.frame import base, do
from vertebra.org.queries.care import Areas
from vertebra.org.queries.people import called
from vertebra.org.queries.structure import Structure
from vertebra.releases.actions import audiences as actions
from vertebra.releases.forms.audiences import MOST, SPARE, AudienceForm, ConditionForm, shown
from vertebra.releases.models import Audience
from vertebra.releases.pages.frame import found
from vertebra.releases.queries.audiences import Reach, people_on, reach, reached_by
from vertebra.releases.queries.champions import champions_for
from vertebra.releases.queries.rule_words import Words
from vertebra.releases.queries.rules import BadRules, checked


@require_GET
@requires(Right.READ)
def audience_list(request: PageRequest) -> HttpResponseBase:
    """List the audiences in use, each with its conditions in words."""
    rows = list(Audience.objects.filter(archived_at=None).order_by("name")[:300])
    words = Words(clock.today(), {row.pk: row.name for row in rows})
    context = {
        "audiences": [{"row": row, "words": words.said(row.rules)} for row in rows],
        "may_write": may(request.user, Right.EDIT_ORGANISATION),
    }
    return render(request, "releases/audience_list.html", context)


@require_GET
@requires(Right.READ)
def audience_page(request: PageRequest, audience_id: int) -> HttpResponseBase:
    """Show whom an audience reaches today, and whom it misses."""
    row = get_object_or_404(Audience, pk=audience_id)
    day = clock.today()
    told = reach(reached_by([row.rules], day), day)
    context = {
        "row": row,
        "words": Words(day).said(row.rules),
        "reach": told,
        "groups": groups_of(told),
        "people_url": reverse("releases:audience-people", args=(row.pk,)),
        "releases": row.releases.filter(release__archived_at=None)
        .select_related("release")
        .order_by("-pk")[:20],
        "may_write": may(request.user, Right.EDIT_ORGANISATION) and row.archived_at is None,
    }
    return render(request, "releases/audience.html", context)


@require_GET
@requires(Right.READ)
def audience_people(request: PageRequest, audience_id: int) -> HttpResponseBase:
    """List the people whom an audience reaches, or misses."""
    row = get_object_or_404(Audience, pk=audience_id)
    day = clock.today()
    condition, people = reached_by([row.rules], day), people_on(day)
    is_missed = request.GET.get("side") == "missed"
    listing = ListOf(
        page="audience_people",
        file_name="audience",
        columns=[
            Column("name", gettext_lazy("Name"), lambda one: one.name, sort="name_folded"),
            Column("title", gettext_lazy("Job title"), lambda one: one.title),
            Column("country", gettext_lazy("Country"), lambda one: one.country, is_optional=True),
        ],
        filters=[
            Filter(
                "side",
                gettext_lazy("People"),
                lambda rows, _value: rows,
                lambda: [("missed", gettext_lazy("not reached"))],
            )
        ],
        search=called,
        sort="name",
    ).read(request, people.exclude(condition) if is_missed else people.filter(condition))
    if listing.export:
        return listing.export
    context = {"row": row, "listing": listing, "is_missed": is_missed, "person_base": base("org:person-show")}
    return render(request, "releases/audience_people.html", context)


@require_GET
@requires(Right.READ)
def release_reach(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Show whom a release reaches through its audiences, and which champions it misses."""
    row = found(release_id)
    day = clock.today()
    markets = list(row.markets.values_list("market_id", flat=True))
    concerned = list({one.person.pk: one.person for one in champions_for(row.area_id, markets, day)}.values())
    audiences = list(row.audiences.select_related("audience").order_by("audience__name"))
    rules = [one.audience.rules for one in audiences if one.audience.archived_at is None]
    told = reach(reached_by(rules, day), day, concerned)
    context = {
        "row": row,
        "audiences": audiences,
        "reach": told,
        "groups": groups_of(told),
        "concerned": len(concerned),
    }
    return render(request, "releases/release_reach.html", context)


def groups_of(told: Reach) -> list[dict[str, Any]]:
    """Each function with how many of it are reached, as a table shows it."""
    labels = dict(Function.choices)
    return [
        {"label": labels.get(one.code, one.code), "reached": one.reached, "all": one.all, "missed": one.all - one.reached}
        for one in told.groups
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def audience_create(request: PageRequest) -> HttpResponseBase:
    """Name a part of the organisation by conditions."""
    return _form(request, None)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def audience_edit(request: PageRequest, audience_id: int) -> HttpResponseBase:
    """Say better who an audience is."""
    return _form(request, get_object_or_404(Audience, pk=audience_id, archived_at=None))


@require_POST
@requires(Right.EDIT_ORGANISATION)
def audience_archiving(request: PageRequest, audience_id: int) -> HttpResponseBase:
    """Offer an audience no more."""
    row = get_object_or_404(Audience, pk=audience_id)
    return do(
        request,
        lambda: actions.archive_audience(actor=request.user, audience=row, now=clock.now()),
        _("%(name)s is archived."),
        reverse("releases:audience-list"),
    )


def _form(request: PageRequest, row: Audience | None) -> HttpResponseBase:
    """The form of an audience: looked at first, or saved."""
    now = clock.now()
    day = clock.today(now)
    form = AudienceForm(
        request.POST or None,
        initial={"name": row.name, "description": row.description} if row else {},
    )
    conditions = _conditions(
        request, row, {"structure": Structure.as_of(day, with_members=False), "areas": Areas.as_of(day)}
    )
    told, words = None, list[str]()
    if request.method == "POST" and form.is_valid() and conditions.is_valid():
        try:
            rules = checked(_rules(conditions))
            if "look" not in request.POST:
                return _saved(request, row, {**form.cleaned_data, "rules": rules})
            told, words = reach(reached_by([rules], day), day), Words(day).said(rules)
        except (Refusal, BadRules) as refusal:
            form.add_error(None, str(refusal))
    context = {
        "row": row,
        "form": form,
        "conditions": conditions,
        "reach": told,
        "groups": groups_of(told) if told else [],
        "words": words,
    }
    is_wrong = form.is_bound and told is None
    return render(request, "releases/audience_form.html", context, status=422 if is_wrong else 200)


def _conditions(
    request: PageRequest, row: Audience | None, given: dict[str, Any]
) -> BaseFormSet[ConditionForm]:
    rules = row.rules if row else {}
    initial = [
        one
        for part in ("any", "except")
        for held in rules.get(part, [])
        for one in shown(held, part == "except")
    ]
    made = formset_factory(ConditionForm, extra=SPARE, max_num=MOST, absolute_max=MOST)
    return made(
        request.POST or None,
        initial=initial,
        prefix="conditions",
        form_kwargs={**given, "but": row.pk if row else None},
    )


def _rules(conditions: BaseFormSet[ConditionForm]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {"any": [], "except": []}
    for one in conditions.forms:
        condition = one.condition() if one.has_changed() or one.initial else None
        if condition is not None:
            found["except" if one.cleaned_data.get("is_left_out") else "any"].append(condition)
    return found


def _saved(request: PageRequest, row: Audience | None, given: dict[str, Any]) -> HttpResponseBase:
    now = clock.now()
    if row is None:
        row = actions.create_audience(actor=request.user, now=now, **given)
    else:
        actions.change_audience(actor=request.user, audience=row, changes=given, now=now)
    return redirect(reverse("releases:audience-show", args=(row.pk,)))
