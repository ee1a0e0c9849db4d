"""The sections of a report: each reads what it tells of from one or two questions, and tells it in a line each."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from vertebra.evidence.models import Incident
from vertebra.evidence.queries.spans import said as hours_said
from vertebra.kit import clock
from vertebra.measures.models import Metric
from vertebra.measures.queries.figures import change_between, reaches
from vertebra.measures.queries.figures import said as value_said
from vertebra.measures.queries.pictures import targets_of
from vertebra.measures.queries.series import standing_at
from vertebra.roadmap.labels.initiatives import INITIATIVE_TONES, PACE_TONES, InitiativeState, RiskState
from vertebra.roadmap.labels.reports import Section
from vertebra.roadmap.labels.results import VERDICT_TONES
from vertebra.roadmap.labels.topics import VERDICT_WORDS
from vertebra.roadmap.models import Gate, MonthlyWord, Result, Revision, Risk
from vertebra.roadmap.queries.decisions import held_at_table
from vertebra.roadmap.queries.standing import UNDONE, revisions_on

MOST = 15
Row = dict[str, Any]
Words = str | Promise


@dataclass(frozen=True, slots=True)
class Scope:
    """What a report is about: these initiatives, these units (None: all of them), this time."""

    initiatives: QuerySet[Any, Any]
    units: set[int] | None
    unit_name: str
    from_on: dt.date
    until_on: dt.date
    now: dt.datetime

    @property
    def within(self) -> tuple[dt.datetime, dt.datetime]:
        """The moments between which something belongs to the period."""
        return clock.midnight(self.from_on), clock.midnight(self.until_on)

    @property
    def last_on(self) -> dt.date:
        """The last day of the period."""
        return self.until_on - dt.timedelta(days=1)

    @property
    def stood(self) -> QuerySet[Revision]:
        """How every initiative stood when the period was over: what came after is told by the next report."""
        return revisions_on(self.last_on)

    @property
    def under_way(self) -> Exists:
        """Whether an initiative was under way when the period was over."""
        return Exists(self.stood.filter(initiative=OuterRef("pk"), state=InitiativeState.STARTED))


def line(
    title: str, text: str = "", *, url: str = "", state: str = "", tone: str = "neutral", language: str = ""
) -> Row:
    """One line of a section: what it is about, what is told of it, how it stands."""
    return {"title": title, "text": text, "url": url, "state": state, "tone": tone, "language": language}


def lead(scope: Scope) -> str:
    """The report in one sentence: what is under way, how it goes, what was finished."""
    first, last = scope.within
    words = MonthlyWord.objects.filter(initiative=OuterRef("pk"), month__gte=scope.from_on)
    latest = words.filter(month__lt=scope.until_on).order_by("-month").values("pace")[:1]
    found = scope.initiatives.annotate(said=Subquery(latest), is_going=scope.under_way).aggregate(
        under_way=Count("pk", filter=Q(is_going=True)),
        late=Count("pk", filter=Q(is_going=True, said__in=("at_risk", "off_track"))),
        done=Count("pk", filter=Q(delivered_at__gte=first, delivered_at__lt=last)),
    )
    said = [
        ngettext("%(count)d initiative under way", "%(count)d initiatives under way", found["under_way"])
        % {"count": found["under_way"]},
    ]
    if found["late"]:
        late = ngettext("%(count)d at risk or off track", "%(count)d at risk or off track", found["late"])
        said.append(late % {"count": found["late"]})
    if found["done"]:
        done = ngettext(
            "%(count)d delivered in the period", "%(count)d delivered in the period", found["done"]
        )
        said.append(done % {"count": found["done"]})
    return f"{', '.join(said)}."


def _initiative(pk: int) -> str:
    return reverse("roadmap:initiative-show", args=(pk,))


def _headline(scope: Scope) -> list[Row]:
    first, last = scope.within
    rows = scope.initiatives
    counted = rows.aggregate(
        started=Count("pk", filter=Q(started_at__gte=first, started_at__lt=last)),
        delivered=Count("pk", filter=Q(delivered_at__gte=first, delivered_at__lt=last)),
        closed=Count("pk", filter=Q(closed_at__gte=first, closed_at__lt=last)),
        achieved=Count("pk", filter=Q(closed_at__gte=first, closed_at__lt=last, outcome="achieved")),
    )
    slips = Revision.objects.filter(initiative__in=rows, is_slip=True, at__gte=first, at__lt=last).count()
    closed = str(counted["closed"])
    if counted["achieved"]:
        told = ngettext(
            "%(closed)d, of which %(achieved)d reached what was aimed at",
            "%(closed)d, of which %(achieved)d reached what was aimed at",
            counted["achieved"],
        )
        closed = told % counted
    return [
        line(_("Initiatives started"), str(counted["started"])),
        line(_("Initiatives delivered"), str(counted["delivered"])),
        line(_("Initiatives closed"), closed),
        line(_("Moves to a later date"), str(slips), tone="attention" if slips else "neutral"),
    ]


def _roadmap(scope: Scope) -> list[Row]:
    """What started, was delivered, closed or slipped, and what is new; one line for each initiative."""
    first, last = scope.within
    moved = Q(created_at__gte=first, created_at__lt=last)
    for name in ("started_at", "delivered_at", "closed_at"):
        moved |= Q(**{f"{name}__gte": first, f"{name}__lt": last})
    slips = Revision.objects.filter(is_slip=True, at__gte=first, at__lt=last)
    stands = scope.stood.filter(initiative=OuterRef("pk")).values("at")[:1]
    rows = scope.initiatives.filter(moved | Q(pk__in=slips.values("initiative")))
    found = rows.annotate(stood_at=Subquery(stands)).order_by("-stood_at", "-pk")[:MOST]
    ids = [row.pk for row in found]
    slipped = set(slips.filter(initiative__in=ids).values_list("initiative", flat=True))
    stood = {one.initiative_id: one for one in scope.stood.filter(initiative__in=ids)}
    return [_moved(row, stood.get(row.pk) or row, scope, row.pk in slipped) for row in found]


def _moved(row: Any, stood: Any, scope: Scope, is_late: bool) -> Row:
    first, last = scope.within
    happened = [
        (row.created_at, pgettext("initiative", "new")),
        (row.started_at, pgettext("initiative", "started")),
        (row.delivered_at, pgettext("initiative", "delivered")),
        (row.closed_at, pgettext("initiative", "closed")),
    ]
    told = [word for at, word in happened if at and first <= at < last]
    if is_late:
        due = date_format(stood.due_on, "DATE_FORMAT") if stood.due_on else stood.target
        told.append(_("now due on %(day)s") % {"day": due} if due else _("moved to a later date"))
    if row.outcome_reason and row.closed_at and first <= row.closed_at < last:
        told.append(Truncator(row.outcome_reason).chars(160))
    return line(
        row.title, ", ".join(told), url=_initiative(row.pk), state=str(stood.get_state_display()),
        tone=INITIATIVE_TONES[stood.state], language=row.language,
    )  # fmt: skip


def _updates(scope: Scope) -> list[Row]:
    """The latest word of the period on each initiative under way; those nobody spoke of are told too."""
    rows = list(scope.initiatives.filter(scope.under_way, source=None).order_by("due_on", "pk")[: 2 * MOST])
    words = MonthlyWord.objects.filter(
        initiative__in=[row.pk for row in rows],
        month__gte=scope.from_on.replace(day=1),
        month__lt=scope.until_on,
    )
    latest = {word.initiative_id: word for word in words.order_by("month")}
    found = []
    for row in rows:
        word = latest.get(row.pk)
        state = str(word.get_pace_display()) if word else _("no word this time")
        found.append(
            line(
                row.title, word.line if word else "", url=_initiative(row.pk), state=state,
                tone=PACE_TONES[word.pace] if word else "neutral", language=word.language if word else "",
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: ("harm", "attention", "good", "neutral").index(one["tone"]))


def _metrics(scope: Scope) -> list[Row]:
    """Metrics with a target, and where they were against it at the end; those that miss it first."""
    rows = Metric.objects.filter(archived_at=None, latest_value__isnull=False)
    rows = rows.filter(of_unit__in=scope.units) if scope.units is not None else rows
    metrics = list(rows.filter(targets__isnull=False).distinct().order_by("name")[: 4 * MOST])
    targets, values = targets_of(metrics, scope.last_on), standing_at(metrics, scope.until_on)
    found = []
    for metric in metrics:
        if metric.pk not in targets or metric.pk not in values:
            continue
        target, (value, before) = targets[metric.pk], values[metric.pk]
        is_there = reaches(metric, value, target)
        change = change_between(metric, before, value)
        told = [
            _("aim: %(aim)s by %(day)s")
            % {"aim": value_said(metric, target.value), "day": date_format(target.by_on, "DATE_FORMAT")}
        ]
        told += [change.text] if change and change.text else []
        found.append(
            line(
                f"{metric.name} : {value_said(metric, value)}", ", ".join(told), url=reverse("measures:metric-show", args=(metric.pk,)),
                state=_("reached") if is_there else _("not reached yet"), tone="good" if is_there else "attention",
                language=metric.language,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: one["tone"] == "good")[:MOST]


def _risks(scope: Scope) -> list[Row]:
    _first, last = scope.within
    is_there = Q(state__in=(RiskState.OPEN, RiskState.HAPPENED)) | Q(ended_at__gte=last)
    rows = Risk.objects.filter(is_there, initiative__in=scope.initiatives, created_at__lt=last)
    open_then = rows.exclude(initiative__closed_at__lt=last).select_related("initiative")
    return [
        line(
            row.title, " — ".join(one for one in (row.initiative.title, row.remedy) if one), url=_initiative(row.initiative_id),
            state=str(row.get_level_display()), tone="harm" if row.level == 3 else "attention", language=row.language,
        )
        for row in open_then.order_by("-level", "-created_at", "-pk")[:MOST]
    ]  # fmt: skip


def _decisions(scope: Scope) -> list[Row]:
    first, last = scope.within
    rows = held_at_table().filter(published_at__gte=first, published_at__lt=last)
    return [
        line(
            row.topic.title, f"{row.what} — {row.why}", url=reverse("roadmap:decision-show", args=(row.pk,)),
            state=str(row.get_verdict_display()), tone=VERDICT_WORDS[row.verdict], language=row.language,
        )
        for row in rows.select_related("topic").order_by("verdict", "published_at", "pk")[: 2 * MOST]
    ]  # fmt: skip


def _results(scope: Scope) -> list[Row]:
    first, last = scope.within
    rows = Result.objects.filter(
        Q(superseded_at=None) | Q(superseded_at__gte=last),
        computed_at__gte=first,
        computed_at__lt=last,
        key_result__initiative__in=scope.initiatives,
    ).select_related("key_result__initiative")
    return [
        line(
            row.key_result.initiative.title, row.key_result.name, url=reverse("roadmap:result-show", args=(row.key_result_id,)),
            state=str(row.get_verdict_display()), tone=VERDICT_TONES[row.verdict], language=row.key_result.initiative.language,
        )
        for row in rows.defer("series", "checks").order_by("-computed_at", "-pk")[:MOST]
    ]  # fmt: skip


def _incidents(scope: Scope) -> list[Row]:
    first, last = scope.within
    rows = Incident.objects.filter(archived_at=None, started_at__gte=first, started_at__lt=last)
    rows = rows.filter(of_unit__in=scope.units) if scope.units is not None else rows
    undone = Q(follow_ups__done_on=None) | Q(follow_ups__done_on__gte=scope.until_on)
    kept = Q(follow_ups__dropped_on=None) | Q(follow_ups__dropped_on__gte=scope.until_on)
    left = Count("follow_ups", filter=undone & kept)
    return [_incident(row, last) for row in rows.annotate(left=left).order_by("-started_at", "-pk")[:MOST]]


def _incident(row: Any, last: dt.datetime) -> Row:
    told = [date_format(clock.today(row.started_at), "DATE_FORMAT")]
    is_over = row.resolved_at is not None and row.resolved_at < last
    if is_over:
        hours = (row.resolved_at - row.started_at).total_seconds() / 3600
        told.append(_("restored in %(time)s") % {"time": hours_said(hours)})
    else:
        told.append(_("not over yet"))
    if row.left:
        told.append(
            ngettext("%(count)d follow-up left", "%(count)d follow-ups left", row.left) % {"count": row.left}
        )
    url = reverse("evidence:incident-show", args=(row.pk,))
    tone = "attention" if row.left or not is_over else "neutral"
    return line(
        row.title,
        ", ".join(told),
        url=url,
        state=str(row.get_severity_display()),
        tone=tone,
        language=row.language,
    )


def _next(scope: Scope) -> list[Row]:
    """What is due in the time after, as long as the period itself."""
    until = scope.until_on + (scope.until_on - scope.from_on)
    due = scope.stood.filter(
        initiative__in=scope.initiatives, state__in=UNDONE, due_on__gte=scope.until_on, due_on__lt=until
    ).select_related("initiative")
    gates = Gate.objects.filter(
        initiative__in=scope.initiatives, state="waiting", due_on__gte=scope.until_on, due_on__lt=until
    ).select_related("initiative")
    found: list[tuple[Any, Row]] = [
        (row.due_on, line(row.initiative.title, _due(row.due_on), url=_initiative(row.initiative_id), state=str(row.get_state_display()), tone=INITIATIVE_TONES[row.state], language=row.initiative.language))
        for row in due.order_by("due_on", "initiative_id")[:MOST]
    ]  # fmt: skip
    found += [
        (gate.due_on, line(f"{gate.initiative.title} : {gate.title}", _due(gate.due_on), url=_initiative(gate.initiative_id), state=_("gate"), language=gate.initiative.language))
        for gate in gates.order_by("due_on", "pk")[:MOST]
    ]  # fmt: skip
    return [told for _day, told in sorted(found, key=lambda one: one[0])]


def _due(day: dt.date | None) -> str:
    return _("due on %(day)s") % {"day": date_format(day, "DATE_FORMAT")} if day else ""


# Of each section: what it is called, its columns, what it reads, what is said when there is nothing.
_TOLD: Sequence[Words] = (gettext_lazy("Initiative"), gettext_lazy("What happened"), gettext_lazy("State"))
SECTIONS: dict[str, tuple[Words, Sequence[Words], Callable[[Scope], list[Row]], Words]] = {
    Section.HEADLINE: (gettext_lazy("The figures that matter"), (gettext_lazy("What"), gettext_lazy("How many"), ""), _headline, ""),
    Section.ROADMAP: (gettext_lazy("What moved on the roadmap"), _TOLD, _roadmap, gettext_lazy("Nothing moved.")),
    Section.UPDATES: (gettext_lazy("Where initiatives stand"), (gettext_lazy("Initiative"), gettext_lazy("In one line"), gettext_lazy("Pace")), _updates, gettext_lazy("No initiative is under way.")),
    Section.METRICS: (gettext_lazy("Metrics against their targets"), (gettext_lazy("Metric"), gettext_lazy("Target"), gettext_lazy("State")), _metrics, gettext_lazy("No metric has a target.")),
    Section.RISKS: (gettext_lazy("Risks and what is asked"), (gettext_lazy("Risk"), gettext_lazy("Initiative and remedy"), gettext_lazy("Level")), _risks, gettext_lazy("No risk is open.")),
    Section.DECISIONS: (gettext_lazy("What was decided"), (gettext_lazy("Topic"), gettext_lazy("What and why"), gettext_lazy("Decision")), _decisions, gettext_lazy("Nothing was decided in this time.")),
    Section.RESULTS: (gettext_lazy("What was measured"), (gettext_lazy("Initiative"), gettext_lazy("What we looked at"), gettext_lazy("What it says")), _results, gettext_lazy("No result came in.")),
    Section.INCIDENTS: (gettext_lazy("Incidents"), (gettext_lazy("Incident"), gettext_lazy("What happened"), gettext_lazy("Severity")), _incidents, gettext_lazy("No incident in this time.")),
    Section.NEXT: (gettext_lazy("What comes next"), (gettext_lazy("What"), gettext_lazy("When"), gettext_lazy("State")), _next, gettext_lazy("Nothing is due in the time that follows.")),
}  # fmt: skip
