"""Incidents: the list, and the page of each."""

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_GET

from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import discussion, saved_views
from vertebra.evidence.forms.incidents import FollowUpForm, MomentForm, PostMortemForm, local_now
from vertebra.evidence.labels import SEVERITY_TONES, IncidentSeverity, MomentKind
from vertebra.evidence.models import FollowUpAction, Incident
from vertebra.evidence.queries import spans
from vertebra.evidence.queries.incidents import (
    in_state,
    incidents,
    may_change,
    with_follow_ups,
    year_in_short,
)
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.kit.markdown import render as render_markdown
from vertebra.measures.models import Mark
from vertebra.org.empty_spaces import Names, parent_units, person_of
from vertebra.org.pages.frame import base
from vertebra.org.queries.structure import Structure

Rows = QuerySet[Any]
MOST_CHOICES = 80


def hours_of(row: Incident) -> float | None:
    """How many hours users waited; None while it goes on."""
    return (row.resolved_at - row.started_at).total_seconds() / 3600 if row.resolved_at else None


def _silence(row: Incident) -> float | None:
    return (row.told_at - row.started_at).total_seconds() / 3600 if row.told_at else None


def _rounded(hours: float | None) -> object:
    return "" if hours is None else round(hours, 2)


def _midnight(value: str) -> dt.datetime:
    return clock.midnight(parse_date(value) or dt.date(1970, 1, 1))


_STATES = (
    ("going_on", pgettext_lazy("incidents", "going on")),
    ("ended", pgettext_lazy("incidents", "ended")),
    ("follow_ups", gettext_lazy("something is still to be done")),
    ("overdue", gettext_lazy("something is overdue")),
    ("post_mortem", gettext_lazy("post-mortem overdue")),
    ("untold", gettext_lazy("nobody noted when the field was told")),
)


def _list_of(today: dt.date) -> ListOf:
    units = parent_units(today, MOST_CHOICES)

    def inside(rows: Rows, value: str) -> Rows:
        return rows.filter(of_unit__in=Structure.as_of(today, with_members=False).under(int(value)))

    return ListOf(
        page="incidents",
        file_name="incidents",
        sort="-began",
        columns=(
            Column("title", gettext_lazy("Incident"), lambda row: row.title, sort="title"),
            Column("severity", gettext_lazy("How bad"), lambda row: row.get_severity_display(), sort="severity"),
            Column("began", pgettext_lazy("an incident", "Began"), lambda row: row.started_at, sort="started_at"),
            Column("ended", pgettext_lazy("an incident", "Ended"), lambda row: row.resolved_at, is_optional=True),
            Column("restore", gettext_lazy("Hours until users were served"), lambda row: _rounded(hours_of(row)), is_numeric=True),
            Column("tell", gettext_lazy("Hours until the field was told"), lambda row: _rounded(_silence(row)), is_numeric=True),
            Column("follow_ups", gettext_lazy("Still to be done"), lambda row: row.open_count, sort="open_count", is_numeric=True),
            Column("systems", gettext_lazy("Systems"), lambda row: ", ".join(row.systems)),
            Column("manager", gettext_lazy("Handled by"), lambda row: row.manager.name if row.manager else "", is_optional=True),
            Column("post_mortem", gettext_lazy("Post-mortem due on"), lambda row: row.post_mortem_due_on, is_optional=True),
        ),
        filters=(
            Filter("severity", gettext_lazy("How bad"), lambda rows, value: rows.filter(severity=value), lambda: IncidentSeverity.choices),
            Filter("state", gettext_lazy("State"), lambda rows, value: rows.filter(in_state(value, today)), lambda: _STATES),
            Filter("unit", gettext_lazy("Inside"), inside, lambda: units),
            Filter("since", gettext_lazy("Began from"), lambda rows, value: rows.filter(started_at__gte=_midnight(value)), kind="date"),
            Filter("until", gettext_lazy("Began before"), lambda rows, value: rows.filter(started_at__lt=_midnight(value)), kind="date"),
        ),
        search=lambda rows, text: rows.filter(Q(title__icontains=text) | Q(summary__icontains=text)),
    )  # fmt: skip


@require_GET
@requires(Right.READ)
def incident_list(request: PageRequest) -> HttpResponseBase:
    """Every incident, how long users waited, what is still to be done."""
    now = clock.now()
    today = clock.today(now)
    rows = with_follow_ups(incidents().select_related("manager"), today)
    rows = rows.defer("summary", "post_mortem", "imported")
    views = saved_views(request.user, "incidents", request.get_full_path())
    listing = _list_of(today).read(request, rows, saved_views=views)
    if listing.export:
        return listing.export
    for row in listing.rows:
        row.tone = SEVERITY_TONES[row.severity]
        row.restore, row.tell = spans.said(hours_of(row)), spans.said(_silence(row))
    year = year_in_short(now)
    context = {
        "listing": listing,
        "year": year,
        "year_restore": spans.said(year["restore"].value),
        "incident_base": base("evidence:incident-show"),
        "may_import": may(request.user, Right.IMPORT),
        "process_url": reverse("evidence:incident-process"),
    }
    return render(request, "evidence/incident_list.html", context)


@require_GET
@requires(Right.READ)
def incident_page(request: PageRequest, incident_id: int) -> HttpResponse:
    """One incident: its times, who was told when, what is to be done until it is done, what was learnt."""
    related = ("manager", "of_unit", "source", "made_by")
    row = get_object_or_404(Incident.objects.select_related(*related), pk=incident_id)
    now = clock.now()
    today = clock.today(now)
    changes, may_edit = may_change(request.user, row), may(request.user, Right.EDIT_ORGANISATION)
    person = None if changes else person_of(request.user)
    follow_ups = list(row.follow_ups.select_related("owner"))
    for one in follow_ups:
        _placed(one, today, changes or (person is not None and person.pk == one.owner_id))
    overdue = [one for one in follow_ups if one.is_overdue]  # type: ignore[attr-defined]
    still = [one for one in follow_ups if not one.done_on and not one.dropped_on]
    context = {
        "row": row,
        "tone": SEVERITY_TONES[row.severity],
        "restore": spans.said(hours_of(row)),
        "since": spans.said((now - row.started_at).total_seconds() / 3600),
        "tell": spans.said(_silence(row)),
        "timeline": timeline(row),
        "summary_html": render_markdown(row.summary),
        "follow_ups": follow_ups,
        "still_count": len(still),
        "overdue_count": len(overdue),
        "is_owed": row.post_mortem_on is None and row.post_mortem_due_on is not None,
        "is_late": row.post_mortem_on is None and (row.post_mortem_due_on or today) < today,
        **_places(row, today),
        "unit_name": Names(today).only([row.of_unit_id]).units.get(row.of_unit_id, "")
        if row.of_unit_id
        else "",
        "may_change": changes,
        "may_edit": may_edit,
        "may_raise": may(request.user, Right.PRODUCT_OPS),
        "any_to_close": any(one.may_close for one in follow_ups),  # type: ignore[attr-defined]
        "is_marked": may_edit and Mark.objects.filter(object_kind=Kind.INCIDENT, object_id=row.pk).exists(),
        "discussion": discussion(request.user, Kind.INCIDENT, row.pk, now),
        **(_forms(row, now) if changes else {}),
    }
    return render(request, "evidence/incident.html", context)


def timeline(row: Incident) -> list[dict[str, Any]]:
    """What happened when: the lines that people wrote, and the times of the incident that no line tells."""
    lines = [
        {
            "at": one.at,
            "label": one.get_kind_display(),
            "told_whom": one.told_whom,
            "text": one.text,
            "kind": one.kind,
        }
        for one in row.moments.all()
    ]
    told = {(line["kind"], line["at"]) for line in lines}
    own = (
        ("", row.started_at, pgettext("an incident", "Began")),
        (MomentKind.NOTICED, row.detected_at, MomentKind.NOTICED.label),
        (MomentKind.TOLD, row.told_at, MomentKind.TOLD.label),
        (MomentKind.RESOLVED, row.resolved_at, MomentKind.RESOLVED.label),
    )
    lines += [
        {"at": at, "label": label, "told_whom": "", "text": "", "kind": kind}
        for kind, at, label in own
        if at and (kind, at) not in told
    ]
    return sorted(lines, key=lambda line: line["at"])


def _forms(row: Incident, now: dt.datetime) -> dict[str, object]:
    held = {
        "held_on": row.post_mortem_on or clock.today(now),
        "text": row.post_mortem,
        "url": row.post_mortem_url,
    }
    return {
        "moment_form": MomentForm(initial={"at": local_now(now)}, auto_id="moment-%s"),
        "follow_up_form": FollowUpForm(auto_id="follow-up-%s"),
        "post_mortem_form": PostMortemForm(initial=held, auto_id="post-mortem-%s"),
    }


def _places(row: Incident, today: dt.date) -> dict[str, list[tuple[int, str]]]:
    """The areas and markets that it touched, asked for together."""
    areas, markets = Incident.areas.through.objects, Incident.markets.through.objects
    found = areas.filter(incident=row).values_list("area_id", Value(0)).union(
        markets.filter(incident=row).values_list("market_id", Value(1)), all=True
    )  # fmt: skip
    ids: tuple[list[int], list[int]] = ([], [])
    for pk, which in found:
        ids[which].append(pk)
    names = Names(today)
    return {
        "areas": [(pk, names.areas.get(pk, "")) for pk in ids[0]],
        "markets": [(pk, names.markets.get(pk, "")) for pk in ids[1]],
    }


def _placed(one: FollowUpAction, today: dt.date, may_close: bool) -> None:
    """How a follow-up stands, for the page."""
    is_open = not one.done_on and not one.dropped_on
    one.is_open = is_open  # type: ignore[attr-defined]
    one.is_overdue = is_open and one.due_on is not None and one.due_on < today  # type: ignore[attr-defined]
    one.may_close = is_open and may_close  # type: ignore[attr-defined]
