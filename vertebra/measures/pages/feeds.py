"""The page of a feed: where the values come from, what it would read, its last runs; and the connections behind."""

from typing import Any

from django.forms import BaseForm
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.kit import clock
from vertebra.measures.actions import connections as connection_actions
from vertebra.measures.actions import feeds as actions
from vertebra.measures.forms.feeds import ConnectionForm, FileForm, ProviderForm, QueryForm, WebForm
from vertebra.measures.jobs.feeds import preview_feed, refresh_metrics
from vertebra.measures.labels.feeds import FeedKind, FeedState
from vertebra.measures.models import Feed, FeedRun, Metric
from vertebra.measures.pages.frame import asked_in_form, did, metric_of
from vertebra.measures.queries.figures import said
from vertebra.measures.queries.periods import period_words
from vertebra.measures.queries.problems import all_said
from vertebra.measures.readers.feeds import providers
from vertebra.measures.readers.rows import read_day
from vertebra.sources.labels import SourceKind
from vertebra.sources.models import Source

SHOWN_RUNS = 12
SHOWN_PROBLEMS = 50
FORMS: dict[str, type[Any]] = {
    FeedKind.FILE: FileForm,
    FeedKind.HTTP: WebForm,
    FeedKind.SQL: QueryForm,
    FeedKind.PROVIDER: ProviderForm,
}
RUN_TONES = {FeedState.RUNNING: "accent", FeedState.DONE: "good", FeedState.FAILED: "attention"}


def _feed_of(row: Metric) -> Feed | None:
    return Feed.objects.filter(metric=row).select_related("source").first()


def _back(row: Metric) -> str:
    return reverse("measures:feed-show", args=(row.pk,))


@require_GET
@requires(Right.IMPORT)
def feed_page(request: PageRequest, metric_id: int) -> HttpResponse:
    """Where the values of a metric come from, and how reading them went."""
    row = metric_of(metric_id)
    feed = _feed_of(row)
    runs = list(FeedRun.objects.filter(feed=feed)[:SHOWN_RUNS]) if feed else []
    for run in runs:
        run.tone = RUN_TONES[FeedState(run.state)]  # type: ignore[attr-defined]
        run.said = all_said(run.problems[:SHOWN_PROBLEMS])  # type: ignore[attr-defined]
    preview = next((run for run in runs if run.is_preview), None)
    context = {
        "metric": row,
        "feed": feed,
        "kinds": [(kind.value, kind.label) for kind in FeedKind if kind in FORMS],
        "runs": [run for run in runs if not run.is_preview],
        "preview": preview if feed and preview and not feed.started_at else None,
        "is_waiting": feed is not None and feed.started_at is None and preview is None,
        "sample": _sample(row, preview) if preview else [],
        "what": _what(feed) if feed else "",
    }
    return render(request, "measures/feed.html", context)


def _sample(row: Metric, run: FeedRun) -> list[dict[str, Any]]:
    found = []
    for on, value, part, behind in reversed(run.sample):
        day = read_day(on, clock.now().tzinfo)  # type: ignore[arg-type]
        period = period_words(day, row.grain) if day else on
        found.append({"period": period, "value": said(row, value), "part": part, "behind": behind})
    return found


def _what(feed: Feed) -> str:
    """What a feed reads, in a line; never what opens it."""
    settings = feed.settings
    if feed.kind == FeedKind.PROVIDER:
        name = str(settings.get("provider", ""))
        return str(providers()[name][1]) if name in providers() else name
    return str(settings.get("address") or settings.get("query") or settings.get("name") or "")


@require_http_methods(["GET", "POST"])
@requires(Right.IMPORT)
def feed_edit(request: PageRequest, metric_id: int, kind: str) -> HttpResponseBase:
    """Say where the values come from; what would be read is shown before anything is recorded."""
    row = metric_of(metric_id)
    if kind not in FORMS:
        raise Http404
    feed = _feed_of(row)
    initial: dict[str, Any] = {}
    if feed and feed.kind == kind:
        initial = {**feed.settings, "source": feed.source, "every_hours": feed.every_hours}
    form = FORMS[kind](request.POST or None, request.FILES or None, initial=initial)
    said_of = {
        "heading": _("Where the values come from"),
        "metric": row,
        "intro": _("You will see what would be read before anything is recorded."),
        "submit_label": _("Look at what it reads"),
        "cancel_url": _back(row),
        "done": _back(row),
        "can_connect": may(request.user, Right.ADMINISTER) and kind in {FeedKind.SQL, FeedKind.HTTP},
        "template": "measures/feed_form.html",
    }
    return asked_in_form(request, form, lambda: _set(request, row, kind, form), said_of)


def _set(request: PageRequest, row: Metric, kind: str, form: BaseForm) -> None:
    now, given = clock.now(), dict(form.cleaned_data)
    if kind == FeedKind.FILE:
        feed = actions.set_file(
            actor=request.user, metric=row, upload=given["upload"], column=given["column"], now=now
        )
    else:
        source, hours = given.pop("source", None), given.pop("every_hours", 24)
        feed = actions.set_feed(
            actor=request.user,
            metric=row,
            kind=kind,
            settings=given,
            source=source,
            every_hours=hours,
            now=now,
        )
    if feed.started_at is None:
        _look_anew(feed)


def _look_anew(feed: Feed) -> None:
    """Forget what a feed would have read, and look again."""
    FeedRun.objects.filter(feed=feed, is_preview=True).delete()
    preview_feed.enqueue(feed.pk)


def _of_feed(request: PageRequest, metric_id: int) -> Feed:
    return get_object_or_404(Feed.objects.select_related("metric"), metric=metric_id)


@require_POST
@requires(Right.IMPORT)
def feed_preview(request: PageRequest, metric_id: int) -> HttpResponse:
    """Look again at what a feed would read."""
    feed = _of_feed(request, metric_id)
    _look_anew(feed)
    return redirect(_back(feed.metric))


@require_POST
@requires(Right.IMPORT)
def feed_start(request: PageRequest, metric_id: int) -> HttpResponse:
    """Record what was shown, and read on from now."""
    feed = _of_feed(request, metric_id)

    def act() -> object:
        entry = actions.start_feed(actor=request.user, feed=feed, now=clock.now())
        refresh_metrics.enqueue()
        return entry

    return did(request, act, _("Started: its values are being recorded."), _back(feed.metric))


@require_POST
@requires(Right.IMPORT)
def feed_pause(request: PageRequest, metric_id: int) -> HttpResponse:
    """Stop reading for a while."""
    feed = _of_feed(request, metric_id)
    return did(
        request,
        lambda: actions.pause_feed(actor=request.user, feed=feed, now=clock.now()),
        _("Paused: what was read stays."),
        _back(feed.metric),
    )


@require_POST
@requires(Right.IMPORT)
def feed_now(request: PageRequest, metric_id: int) -> HttpResponse:
    """Read now, paused or not."""
    feed = _of_feed(request, metric_id)

    def act() -> object:
        change = actions.resume_feed if feed.paused_at else actions.ask_feed_now
        entry = change(actor=request.user, feed=feed, now=clock.now())
        refresh_metrics.enqueue()
        return entry

    return did(request, act, _("It is being read."), _back(feed.metric))


@require_GET
@requires(Right.IMPORT)
def connection_list(request: PageRequest) -> HttpResponse:
    """The databases and web addresses that feeds may read."""
    kinds = (SourceKind.DATABASE, SourceKind.WEB)
    rows = list(Source.objects.filter(kind__in=kinds, archived_at__isnull=True).order_by("name")[:200])
    fed: dict[int, int] = {}
    for source in Feed.objects.filter(source__in=rows).values_list("source_id", flat=True):
        fed[source or 0] = fed.get(source or 0, 0) + 1
    for row in rows:
        row.feed_count = fed.get(row.pk, 0)  # type: ignore[attr-defined]
    context = {"rows": rows, "may_administer": may(request.user, Right.ADMINISTER)}
    return render(request, "measures/connection_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.ADMINISTER)
def connection_create(request: PageRequest) -> HttpResponseBase:
    """Keep what opens a database or a web address."""
    form = ConnectionForm(request.POST or None)
    back = reverse("measures:connection-list")
    return asked_in_form(
        request, form,
        lambda: connection_actions.create_connection(actor=request.user, now=clock.now(), **form.cleaned_data),
        {
            "heading": _("New connection"),
            "intro": _("Give an account that may only read."),
            "cancel_url": back,
            "done": back,
        },
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(Right.ADMINISTER)
def connection_secret(request: PageRequest, source_id: int) -> HttpResponseBase:
    """Put another address, password or token in place of what is kept."""
    row = get_object_or_404(Source, pk=source_id, kind__in=(SourceKind.DATABASE, SourceKind.WEB))
    form = ConnectionForm(request.POST or None)
    for name in ("name", "kind"):
        del form.fields[name]
    back = reverse("measures:connection-list")
    return asked_in_form(
        request, form,
        lambda: connection_actions.replace_secret(
            actor=request.user, source=row, now=clock.now(), **form.cleaned_data
        ),
        {"heading": _("Replace what opens “%(name)s”") % {"name": row.name}, "cancel_url": back, "done": back},
    )  # fmt: skip
