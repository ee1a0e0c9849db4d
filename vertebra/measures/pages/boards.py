"""Boards of charts: looking at any metrics, keeping charts together, sharing them."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.accounts.together import discussion
from vertebra.kit import clock
from vertebra.measures.actions import boards as actions
from vertebra.measures.forms.metrics import BoardForm, metric_choices
from vertebra.measures.labels.charts import ChartKind
from vertebra.measures.models import Board, Chart, Dashboard, Metric
from vertebra.measures.pages.frame import asked_in_form, asked_of, did, handed_over, query_of
from vertebra.measures.queries.catalogue import boards_open_to
from vertebra.measures.queries.figures import change_between, said
from vertebra.measures.queries.pictures import Asked, Loaded, Picture, load, pictures_of
from vertebra.org.empty_spaces import language_now

MOST_BOARDS = 200
# The numbers beside a picture of a board; all of them stand where the picture is looked at alone.
BOARD_ROWS = 13
MOST_PICTURES = 14


@require_GET
@requires(Right.READ)
def board_list(request: PageRequest) -> HttpResponse:
    """One's own boards, those that others share, and the dashboards of other tools first."""
    rows = boards_open_to(request.user).select_related("owner").annotate(chart_count=Count("charts"))
    text = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(description__icontains=text))
    boards = list(rows.order_by("-changed_at", "-pk")[:MOST_BOARDS])
    dashboards = Dashboard.objects.filter(archived_at__isnull=True)
    if text:
        dashboards = dashboards.filter(Q(name__icontains=text) | Q(description__icontains=text))
    context = {
        "mine": [row for row in boards if row.owner_id == request.user.pk],
        "shared": [row for row in boards if row.owner_id != request.user.pk],
        "dashboards": list(dashboards.order_by("name")[:12]),
        "text": text,
    }
    return render(request, "measures/board_list.html", context)


def _own(request: PageRequest, board_id: int) -> Board:
    return get_object_or_404(Board, pk=board_id, owner=request.user, archived_at__isnull=True)


def _back(row: Board) -> str:
    return reverse("measures:board-show", args=(row.pk,))


@require_GET
@requires(Right.READ)
def board_page(request: PageRequest, board_id: int) -> HttpResponse:
    """A board: its charts, as they are today."""
    row = get_object_or_404(boards_open_to(request.user).select_related("owner"), pk=board_id)
    charts = list(row.charts.prefetch_related("metrics"))
    now = clock.now()
    drawn = [(list(one.metrics.all()), _asked(one)) for one in charts if one.kind != ChartKind.FIGURE]
    loaded = load(drawn, clock.today(now), request.user)
    is_mine = row.owner_id == request.user.pk
    context = {
        "board": row,
        "is_mine": is_mine,
        "shown": _few([_shown(request, chart, loaded) for chart in charts]),
        "discussion": discussion(request.user, Kind.BOARD, row.pk, now) if row.is_shared else None,
    }
    return render(request, "measures/board.html", context)


def _few(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As many pictures as a page can hold; those of later charts stand on a page of their own."""
    room = MOST_PICTURES
    for one in shown:
        room -= len(one["pictures"])
        if room < 0:
            one["pictures"], one["is_apart"] = [], True
    return shown


def _asked(chart: Chart) -> Asked:
    return Asked(chart.months, chart.kind, chart.comparison, chart.is_split)


def _shown(request: PageRequest, chart: Chart, loaded: Loaded) -> dict[str, Any]:
    """A chart with its pictures, or its figures."""
    metrics = sorted(chart.metrics.all(), key=lambda one: one.name)
    address = _address(chart, metrics)
    said = {
        "chart": chart,
        "address": address,
        "change_url": f"{address}&board={chart.board_id}&chart={chart.pk}",
    }
    if chart.kind == ChartKind.FIGURE:
        return {**said, "pictures": [], "figures": [_figure(one) for one in metrics]}
    pictures = pictures_of(
        metrics, _asked(chart), clock.today(), request.user, title=chart.title, loaded=loaded
    )
    for picture in pictures:
        picture.most_rows = BOARD_ROWS
    return {**said, "pictures": pictures, "figures": []}


def _address(chart: Chart, metrics: list[Metric]) -> str:
    """Where the same picture is looked at, changed and taken as a file."""
    asked: list[tuple[str, object]] = [("metric", one.pk) for one in metrics]
    asked += [("months", chart.months), ("kind", chart.kind), ("comparison", chart.comparison)]
    asked += [("is_split", "on")] if chart.is_split else []
    asked += [("title", chart.title)] if chart.title else []
    return f"{reverse('measures:chart-explore')}?{urlencode(asked)}"


def _figure(row: Metric) -> dict[str, Any]:
    return {
        "metric": row,
        "said": said(row, row.latest_value) if row.latest_value is not None else "–",
        "moved": change_between(row, row.before_value, row.latest_value),
    }


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def board_create(request: PageRequest) -> HttpResponseBase:
    """Begin a board."""
    form = BoardForm(request.POST or None)
    return asked_in_form(
        request, form,
        lambda: actions.create_board(actor=request.user, language=language_now(), now=clock.now(), **form.cleaned_data),
        {
            "heading": _("New board"),
            "intro": _("Only you see it until you share it."),
            "submit_label": _("Begin"),
            "cancel_url": reverse("measures:board-list"),
            "done": _back,
        },
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def board_edit(request: PageRequest, board_id: int) -> HttpResponseBase:
    """Name a board otherwise, or say what it is for."""
    row = _own(request, board_id)
    form = BoardForm(request.POST or None, initial={"title": row.title, "description": row.description})
    return asked_in_form(
        request, form,
        lambda: actions.change_board(actor=request.user, board=row, now=clock.now(), **form.cleaned_data),
        {"heading": _("Change the board"), "cancel_url": _back(row), "done": _back(row)},
    )  # fmt: skip


@require_POST
@requires(Right.TAKE_PART)
def board_sharing(request: PageRequest, board_id: int) -> HttpResponse:
    """Show a board to everybody, or keep it to oneself again."""
    row = _own(request, board_id)
    is_shared = request.POST.get("shared") == "yes"
    text = _("Everybody may see it now.") if is_shared else _("Only you see it now.")
    return did(
        request,
        lambda: actions.change_board(actor=request.user, board=row, is_shared=is_shared, now=clock.now()),
        text,
        _back(row),
    )


@require_POST
@requires(Right.TAKE_PART)
def board_archiving(request: PageRequest, board_id: int) -> HttpResponse:
    """Take a board out of the lists."""
    row = _own(request, board_id)
    return did(
        request,
        lambda: actions.archive_board(actor=request.user, board=row, now=clock.now()),
        _("Archived."),
        reverse("measures:board-list"),
    )


@require_GET
@requires(Right.READ)
def explore(request: PageRequest) -> HttpResponseBase:
    """Look at any metrics: over which time, compared with what, split or side by side; the address keeps it."""
    asked, form = asked_of(request)
    ids = [int(text) for text in request.GET.getlist("metric") if text.isdecimal() and len(text) < 18]
    wanted = ids[: actions.MOST_METRICS]
    rows = list(Metric.objects.filter(pk__in=wanted, archived_at__isnull=True).order_by("name"))
    pictures: list[Picture] = []
    if rows and asked.kind != ChartKind.FIGURE:
        pictures = pictures_of(rows, asked, clock.today(), request.user, title=form.cleaned_data["title"])
    if (handed := handed_over(request, pictures, "chart")) is not None:
        return handed
    chart = request.GET.get("chart", "")
    boards = Board.objects.filter(owner=request.user, archived_at__isnull=True).order_by("-changed_at")
    context = {
        "form": form,
        "choices": metric_choices(),
        "chosen": {str(row.pk) for row in rows},
        "rows": rows,
        "pictures": pictures,
        "figures": [_figure(row) for row in rows] if asked.kind == ChartKind.FIGURE else [],
        "boards": list(boards[:50]),
        "board": request.GET.get("board", ""),
        "chart": chart,
        "here": f"?{urlencode([('metric', row.pk) for row in rows])}&{query_of(form)}",
        "keep_url": _keep_url(request, chart),
    }
    return render(request, "measures/explore.html", context)


def _keep_url(request: PageRequest, chart: str) -> str:
    """Where what is shown is kept: a new chart, or the one that is being changed."""
    number = int(chart) if chart.isdecimal() and len(chart) < 18 else 0
    row = Chart.objects.filter(pk=number, board__owner=request.user).first() if number else None
    if row is None:
        return reverse("measures:chart-create")
    return reverse("measures:chart-edit", args=(row.board_id, row.pk))


def _chart_values(request: PageRequest) -> tuple[list[Metric], dict[str, Any]]:
    form = asked_of_post(request)
    ids = [int(text) for text in request.POST.getlist("metric") if text.isdecimal() and len(text) < 18]
    return list(Metric.objects.filter(pk__in=ids, archived_at__isnull=True)), form


def asked_of_post(request: PageRequest) -> dict[str, Any]:
    """What a chart is to show, as its form says it; wrong words are refused by the model."""
    given = request.POST
    months = given.get("months", "12")
    return {
        "title": " ".join(given.get("title", "").split())[:200],
        "kind": given.get("kind", ChartKind.LINE),
        "months": min(int(months), actions.LONGEST_MONTHS) if months.isdecimal() and len(months) < 5 else 12,
        "comparison": given.get("comparison", ""),
        "is_split": given.get("is_split") in {"on", "True"},
    }


@require_POST
@requires(Right.TAKE_PART)
def chart_create(request: PageRequest) -> HttpResponse:
    """Keep a chart on one of one's boards, a new one if none is named."""
    metrics, values = _chart_values(request)
    number = request.POST.get("board", "")
    board = Board.objects.filter(
        pk=int(number) if number.isdecimal() and len(number) < 18 else 0, owner=request.user, archived_at__isnull=True
    ).first()  # fmt: skip

    def act() -> object:
        nonlocal board
        if board is None:
            title = values["title"] or _("My board")
            board = actions.create_board(
                actor=request.user, title=title, language=language_now(), now=clock.now()
            )
        return actions.set_chart(
            actor=request.user, board=board, chart=None, metrics=metrics, now=clock.now(), **values
        )

    answer = did(request, act, _("The chart is on the board."), reverse("measures:board-list"))
    if board is not None:
        answer["Location"] = _back(board)
    return answer


@require_POST
@requires(Right.TAKE_PART)
def chart_edit(request: PageRequest, board_id: int, chart_id: int) -> HttpResponse:
    """Change a chart of one's board."""
    row = _own(request, board_id)
    chart = get_object_or_404(Chart, pk=chart_id, board=row)
    metrics, values = _chart_values(request)
    return did(
        request,
        lambda: actions.set_chart(
            actor=request.user, board=row, chart=chart, metrics=metrics, now=clock.now(), **values
        ),
        _("The chart is changed."),
        _back(row),
    )


@require_POST
@requires(Right.TAKE_PART)
def chart_removal(request: PageRequest, board_id: int, chart_id: int) -> HttpResponse:
    """Take a chart off one's board."""
    row = _own(request, board_id)
    chart = get_object_or_404(Chart.objects.select_related("board"), pk=chart_id, board=row)
    return did(
        request,
        lambda: actions.remove_chart(actor=request.user, chart=chart, now=clock.now()),
        _("The chart is taken off the board."),
        _back(row),
    )


@require_POST
@requires(Right.TAKE_PART)
def chart_move(request: PageRequest, board_id: int, chart_id: int) -> HttpResponse:
    """Move a chart before or after its neighbour."""
    row = _own(request, board_id)
    chart = get_object_or_404(Chart.objects.select_related("board"), pk=chart_id, board=row)
    by = -1 if request.POST.get("to") == "before" else 1
    return did(
        request,
        lambda: actions.move_chart(actor=request.user, chart=chart, by=by, now=clock.now()),
        _("Moved."),
        _back(row),
    )
