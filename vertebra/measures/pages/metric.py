"""The page of a metric: its line, what it means, what it should reach; and what one does to it."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import discussion
from vertebra.kit import clock
from vertebra.measures.actions import alerts as alert_actions
from vertebra.measures.actions import metrics as actions
from vertebra.measures.actions.values import Value, record_values
from vertebra.measures.forms.metrics import AlertForm, MarkForm, TargetForm, ValueForm
from vertebra.measures.labels.metrics import METRIC_TONES, MetricState
from vertebra.measures.models import Alert, Feed, Mark, Measurement, Metric, Target
from vertebra.measures.pages.frame import asked_of, did, handed_over, metric_of, metric_to_change, query_of
from vertebra.measures.queries.catalogue import may_change, may_verify, uses_of
from vertebra.measures.queries.figures import change_between, distance, is_wrong_way, reaches, said
from vertebra.measures.queries.periods import is_stale, missing, period_start, period_words
from vertebra.measures.queries.pictures import load, pictures_of
from vertebra.org.empty_spaces import Names

SHOWN_GAPS = 6


@require_GET
@requires(Right.READ)
def metric_page(request: PageRequest, metric_id: int) -> HttpResponseBase:
    """What a metric says, drawn with its target and what happened."""
    row = metric_of(metric_id, "owner", "verified_by", "market", "feed", "area")
    now = clock.now()
    today = clock.today(now)
    asked, form = asked_of(request)
    loaded = load([([row], asked)], today, request.user)
    pictures = pictures_of([row], asked, today, request.user, title=row.name, loaded=loaded)
    if (handed := handed_over(request, pictures, row.slug)) is not None:
        return handed
    target = loaded.targets.get(row.pk)
    days = [on for line in pictures[0].chart.lines for on, _value in line.points if not line.is_faint]
    gaps = missing(days, row.grain) if pictures[0].grain == row.grain else []
    context: dict[str, Any] = {
        "metric": row,
        "tone": METRIC_TONES[row.state],
        "picture": pictures[0],
        "show_form": form,
        "picture_query": query_of(form),
        "said": said(row, row.latest_value) if row.latest_value is not None else "",
        "period": period_words(row.latest_on, row.grain) if row.latest_on else "",
        "moved": change_between(row, row.before_value, row.latest_value),
        "is_stale": is_stale(row.latest_on, row.grain, today),
        "gaps": [period_words(day, row.grain) for day in gaps[:SHOWN_GAPS]],
        "gap_count": len(gaps),
        "feed": _feed_of(row),
        "unit_name": Names(today).only([row.of_unit_id]).units.get(row.of_unit_id or 0, ""),
        **_target_words(row, target),
        **_rights(request, row),
        "target_form": TargetForm(auto_id="target-%s"),
        "value_form": ValueForm(auto_id="value-%s", initial={"on": period_start(today, row.grain)}),
        "mark_form": MarkForm(auto_id="mark-%s"),
        "discussion": discussion(request.user, Kind.METRIC, row.pk, now),
    }
    return render(request, "measures/metric.html", context)


def _feed_of(row: Metric) -> Feed | None:
    return row.feed if hasattr(row, "feed") else None


def _rights(request: PageRequest, row: Metric) -> dict[str, bool]:
    return {
        "may_change": may_change(request.user, row),
        "may_verify": row.state == MetricState.DRAFT and may_verify(request.user, row),
        "may_import": may(request.user, Right.IMPORT),
    }


def _target_words(row: Metric, target: Target | None) -> dict[str, Any]:
    if target is None:
        return {"target": None}
    is_reached = reaches(row, row.latest_value, target) if row.latest_value is not None else None
    return {
        "target": target,
        "target_said": said(row, target.value),
        "is_reached": is_reached,
        "is_wrong_way": not is_reached and is_wrong_way(row, target.value),
        "missing_said": distance(row, target.value, row.latest_value) if row.latest_value is not None else "",
    }  # fmt: skip


@require_GET
@requires(Right.READ)
def metric_more(request: PageRequest, metric_id: int) -> HttpResponse:
    """What lies behind a metric: where it is used, what was corrected, its targets, the thresholds one watches."""
    row = metric_of(metric_id, "owner")
    corrected = Measurement.objects.filter(metric=row, superseded_at__isnull=False)
    marks = _marks_by_hand(row).order_by("-starts_on", "-pk")[:20]
    context: dict[str, Any] = {
        "metric": row,
        "uses": uses_of(request.user, row),
        "corrections": _corrections(row, list(corrected.order_by("-superseded_at", "-pk")[:20])),
        "alerts": list(Alert.objects.filter(metric=row, user=request.user)),
        "alert_form": AlertForm(auto_id="alert-%s"),
        "targets": list(row.targets.all()),
        "notes": list(marks),
        "may_change": may_change(request.user, row),
    }
    for alert in context["alerts"]:
        alert.said = said(row, alert.threshold)
    for target in context["targets"]:
        target.said = said(row, target.value)
    return render(request, "measures/metric_more.html", context)


def _marks_by_hand(row: Metric) -> QuerySet[Mark]:
    """What people marked on this line, and on every line."""
    return Mark.objects.filter(Q(metrics=row) | Q(metrics__isnull=True), object_kind="")


def _corrections(row: Metric, old: list[Measurement]) -> list[dict[str, Any]]:
    """What each corrected value was, and what it became."""
    days = {one.on for one in old}
    rows = Measurement.objects.filter(metric=row, on__in=days).order_by("recorded_at", "pk")
    following: dict[tuple[str, Any], list[Measurement]] = {}
    for one in rows:
        following.setdefault((one.part, one.on), []).append(one)
    found = []
    for one in old:
        after = [later for later in following[one.part, one.on] if later.pk > one.pk]
        found.append(
            {
                "period": period_words(one.on, row.grain),
                "part": one.part,
                "before": said(row, one.value),
                "after": said(row, after[0].value) if after else "",
                "at": one.superseded_at,
            }
        )
    return found


def _back(row: Metric) -> str:
    return reverse("measures:metric-show", args=(row.pk,))


@require_POST
@requires(Right.TAKE_PART)
def verification(request: PageRequest, metric_id: int) -> HttpResponse:
    """Vouch for a metric."""
    row = get_object_or_404(Metric, pk=metric_id)
    if not may_verify(request.user, row):
        raise Http404
    return did(
        request,
        lambda: actions.verify_metric(actor=request.user, metric=row, now=clock.now()),
        _("Verified: until its definition changes."),
        _back(row),
    )


@require_POST
@requires(Right.EDIT_ORGANISATION)
def archiving(request: PageRequest, metric_id: int) -> HttpResponse:
    """Take a metric out of the catalogue, or bring it back."""
    row = metric_of(metric_id)
    is_archived = row.archived_at is None
    return did(
        request,
        lambda: actions.archive_metric(
            actor=request.user, metric=row, is_archived=is_archived, now=clock.now()
        ),
        _("Taken out of the catalogue; its values stay.") if is_archived else _("Back in the catalogue."),
        reverse("measures:metric-list") if is_archived else _back(row),
    )


def _first_error(form: Any) -> str:
    return next((str(errors[0]) for errors in form.errors.values()), "")


@require_POST
@requires(Right.TAKE_PART)
def target_create(request: PageRequest, metric_id: int) -> HttpResponse:
    """Say what the metric should reach."""
    row = metric_to_change(request, metric_id)
    form = TargetForm(request.POST)

    def act() -> object:
        if not form.is_valid():
            raise actions.WrongDay(_first_error(form))
        return actions.set_target(actor=request.user, metric=row, now=clock.now(), **form.cleaned_data)

    text = _("The target is set.")
    if form.is_valid() and is_wrong_way(row, form.cleaned_data["value"]):
        text = _("The target is set. It asks for less than there is today: check which way is better.")
    return did(request, act, text, _back(row))


@require_POST
@requires(Right.TAKE_PART)
def target_removal(request: PageRequest, metric_id: int, target_id: int) -> HttpResponse:
    """Take a target away."""
    row = metric_to_change(request, metric_id)
    target = get_object_or_404(Target.objects.select_related("metric"), pk=target_id, metric=row)
    return did(
        request,
        lambda: actions.remove_target(actor=request.user, target=target, now=clock.now()),
        _("The target is taken away."),
        _back(row),
    )


@require_POST
@requires(Right.TAKE_PART)
def value_create(request: PageRequest, metric_id: int) -> HttpResponse:
    """Write a value by hand; what was there stays as what was known before."""
    row = metric_to_change(request, metric_id)
    form = ValueForm(request.POST)

    def act() -> object:
        if not form.is_valid():
            raise actions.WrongDay(_first_error(form))
        given = form.cleaned_data
        values = [Value(given["on"], given["value"], " ".join(given["part"].split()))]
        return record_values(actor=request.user, metric=row, rows=values, now=clock.now())

    return did(request, act, _("The value is recorded."), _back(row))


@require_POST
@requires(Right.TAKE_PART)
def alert_create(request: PageRequest, metric_id: int) -> HttpResponse:
    """Watch a threshold."""
    row = metric_of(metric_id)
    form = AlertForm(request.POST)

    def act() -> object:
        if not form.is_valid():
            raise alert_actions.NoThreshold(_first_error(form))
        return alert_actions.set_alert(actor=request.user, metric=row, now=clock.now(), **form.cleaned_data)

    return did(request, act, _("You will be told once each time it is crossed."), _back(row))


@require_POST
@requires(Right.TAKE_PART)
def alert_removal(request: PageRequest, metric_id: int, alert_id: int) -> HttpResponse:
    """Watch a threshold no longer."""
    alert = get_object_or_404(
        Alert.objects.select_related("metric"), pk=alert_id, metric=metric_id, user=request.user
    )
    return did(
        request,
        lambda: alert_actions.remove_alert(actor=request.user, alert=alert, now=clock.now()),
        _("You no longer watch it."),
        _back(alert.metric),
    )


@require_POST
@requires(Right.TAKE_PART)
def mark_create(request: PageRequest, metric_id: int) -> HttpResponse:
    """Note what happened on a day."""
    row = metric_to_change(request, metric_id)
    form = MarkForm(request.POST)

    def act() -> object:
        if not form.is_valid():
            raise alert_actions.NoTitle(_first_error(form))
        if form.cleaned_data["is_everywhere"] and not may(request.user, Right.EDIT_ORGANISATION):
            raise alert_actions.NoTitle(_("Only those who edit the organisation mark every line."))
        return alert_actions.mark_by_hand(
            actor=request.user, metric=row, now=clock.now(), **form.cleaned_data
        )

    return did(request, act, _("Marked on the line."), _back(row))


@require_POST
@requires(Right.TAKE_PART)
def mark_removal(request: PageRequest, metric_id: int, mark_id: int) -> HttpResponse:
    """Take a note off the line."""
    row = metric_to_change(request, metric_id)
    mark = get_object_or_404(_marks_by_hand(row), pk=mark_id)
    if not mark.metrics.exists() and not may(request.user, Right.EDIT_ORGANISATION):
        raise Http404
    return did(
        request,
        lambda: alert_actions.remove_mark(actor=request.user, metric=row, mark=mark, now=clock.now()),
        _("Taken off the line."),
        _back(row),
    )
