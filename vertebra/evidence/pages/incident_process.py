"""How incidents are handled: the answer first, the picture, before and after the process changed, month by month."""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import cards_of
from vertebra.analysis.incidents import Comparison, Figure, Verdict
from vertebra.evidence.actions import incidents as actions
from vertebra.evidence.forms.incidents import ReworkForm
from vertebra.evidence.labels import VERDICT_TONES, VERDICTS, IncidentSeverity, Weight
from vertebra.evidence.models import ProcessRework
from vertebra.evidence.queries import spans
from vertebra.evidence.queries.incidents import Compared, Month, Phase, Process
from vertebra.kit import clock
from vertebra.kit.pictures import Line, Marked, TimeChart
from vertebra.kit.tables import table_response
from vertebra.measures.pages.frame import asked_in_form, did
from vertebra.org.empty_spaces import language_now
from vertebra.org.forms.fields import read_day

SHOWN_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table before and after: what it counts, both sides, the change, how sure it is."""

    label: str
    before: str
    after: str
    change: str
    verdict: str
    tone: str
    before_range: str = ""
    after_range: str = ""


@require_GET
@requires(Right.READ)
def process(request: PageRequest) -> HttpResponseBase:
    """How incidents are handled, and whether that became better since the process changed."""
    asked = request.GET.get("weight", "")
    weight = asked if asked in Weight.values else str(Weight.SERIOUS)
    now = clock.now()
    read = Process.read(weight, now)
    months = read.months()
    if request.GET.get("format") in {"csv", "xlsx"}:
        return _export(months, request.GET["format"])
    reworks = _with_cards(request.user, list(ProcessRework.objects.all()[:20]))
    day = read_day(request.GET.get("since", "")) or (reworks[0].starts_on if reworks else None)
    today = clock.today(now)
    is_inside = day is not None and bool(read.times) and read.times[0].day < day <= today
    compared = read.compared(day) if day is not None and is_inside else None
    year = read.phase(today - dt.timedelta(days=365), today + dt.timedelta(days=1))
    context = {
        "weight": weight,
        "weights": Weight.choices,
        "months": [_row(one) for one in reversed(months[-SHOWN_MONTHS:])],
        "lines": _lines(compared) if compared else [],
        "compared": compared,
        "answer": _answer(compared) if compared else "",
        "day": day,
        "rework": next((one for one in reworks if one.starts_on == day), None),
        "reworks": reworks,
        "oldest_first": reworks[::-1],
        "severities": [one.label for one in reversed(IncidentSeverity)],
        "year": year,
        "year_restore": spans.said(year.restore.value),
        "year_range": spans.interval(year.restore),
        "year_tell": spans.said(year.tell.value),
        "year_closed": spans.share_said(year.closed),
        "charts": _charts(months[-SHOWN_MONTHS:], reworks, today),
        "may_edit": may(request.user, Right.EDIT_ORGANISATION),
        "query": f"weight={weight}" + (f"&since={day.isoformat()}" if day else ""),
    }
    return render(request, "evidence/incident_process.html", context)


def _row(month: Month) -> dict[str, object]:
    counts = [(one.label, month.counts.get(one, 0)) for one in reversed(IncidentSeverity)]
    return {
        "label": formats.date_format(month.starts_on, "YEAR_MONTH_FORMAT"),
        "counts": counts,
        "restore": spans.said(month.restore),
        "tell": spans.said(month.tell),
        "opened": month.opened,
        "closed": month.closed,
    }


def _export(months: list[Month], form: str) -> HttpResponseBase:
    severities = [IncidentSeverity.MINOR, IncidentSeverity.MAJOR, IncidentSeverity.CRITICAL]
    header = [
        _("Month"), *(str(one.label) for one in severities), _("Hours until users were served (median)"),
        _("Hours until the field was told (median)"), _("Follow-ups added"), _("Follow-ups done"),
    ]  # fmt: skip
    rows = [
        [
            one.starts_on.isoformat(), *(one.counts.get(severity, 0) for severity in severities),
            "" if one.restore is None else round(one.restore, 2), "" if one.tell is None else round(one.tell, 2),
            one.opened, one.closed,
        ]
        for one in months
    ]  # fmt: skip
    return table_response("incident-process", form, header, rows)


def _lines(found: Compared) -> list[Row]:
    """The table before and after."""
    before, after = found.before, found.after
    return [
        _times(_("Until users are served again (half within)"), before.restore, after.restore, found.restore),
        _times(_("Until the field is told (half within)"), before.tell, after.tell, found.tell),
        _row_of(
            _("Follow-ups done"), spans.share_said(before.closed), spans.share_said(after.closed),
            spans.points_said(found.closed), found.closed,
        ),
        _days(before, after),
        _row_of(
            _("Incidents per month"), _per_month(before), _per_month(after), spans.ratio_said(found.count),
            found.count,
        ),
    ]  # fmt: skip


def _row_of(label: str, before: str, after: str, change: str, found: Comparison, *ranges: str) -> Row:
    verdict = str(found.verdict)
    return Row(label, before, after, change, str(VERDICTS[verdict]), VERDICT_TONES[verdict], *ranges)


def _times(label: str, before: Figure, after: Figure, found: Comparison) -> Row:
    return _row_of(
        label, spans.said(before.value), spans.said(after.value), spans.ratio_said(found), found,
        spans.interval(before), spans.interval(after),
    )  # fmt: skip


def _days(before: Phase, after: Phase) -> Row:
    """How long follow-ups take: only shown, since those of today have had less time."""
    return Row(
        _("Days until a follow-up is done (half within)"), spans.days_said(before.close_days.value),
        spans.days_said(after.close_days.value), "", "", "neutral",
        spans.interval(before.close_days, is_days=True), spans.interval(after.close_days, is_days=True),
    )  # fmt: skip


def _per_month(phase: Phase) -> str:
    return "" if phase.per_month is None else spans.two(phase.per_month)


def _answer(found: Compared) -> str:
    """The first sentences: what moved before what did not, the time that users wait first where both did."""
    moved = {Verdict.BETTER, Verdict.WORSE}
    first = _told(found) if found.tell.verdict in moved and found.restore.verdict not in moved else ""
    return f"{first} {_restored(found)}".strip()


def _told(found: Compared) -> str:
    """What the change did to the time that the field waits; nothing where half were never told."""
    said, change = found.tell, found.tell.change
    after, before = (spans.said(one.tell.value) for one in (found.after, found.before))
    if not (after and before and change and said.low and said.high):
        return ""
    figures = {"after": after, "before": before}
    if said.verdict == Verdict.BETTER:
        return _(
            "The field is told after %(after)s instead of %(before)s: %(times)s times as fast (between %(low)s "
            "and %(high)s times, 95 %% sure)."
        ) % (figures | _as_fast(said, change))
    return _(
        "The field is told later: after %(after)s instead of %(before)s, %(times)s times as long (between "
        "%(low)s and %(high)s times, 95 %% sure)."
    ) % (figures | _as_long(said, change))


def _as_fast(said: Comparison, change: float) -> dict[str, str]:
    return {
        "times": _times_said(1 / change),
        "low": _times_said(1 / (said.high or 1)),
        "high": _times_said(1 / (said.low or 1)),
    }


def _as_long(said: Comparison, change: float) -> dict[str, str]:
    return {
        "times": _times_said(change), "low": _times_said(said.low or 0), "high": _times_said(said.high or 0),
    }  # fmt: skip


def _restored(found: Compared) -> str:
    """What the change did to the time that users wait."""
    said, change = found.restore, found.restore.change
    if said.verdict == Verdict.TOO_FEW or change is None or said.low is None or said.high is None:
        return ngettext(
            "Too few to tell: %(after)s incident since, %(before)s before.",
            "Too few to tell: %(after)s incidents since, %(before)s before.",
            found.after.count,
        ) % {"after": found.after.count, "before": found.before.count}
    figures = {
        "after": spans.said(found.after.restore.value),
        "before": spans.said(found.before.restore.value),
    }
    if said.verdict == Verdict.UNCLEAR:
        return (
            _("Users are served again after %(after)s instead of %(before)s: the difference may be chance.")
            % figures
        )
    if said.verdict == Verdict.BETTER:
        return _(
            "Users are served again after %(after)s instead of %(before)s: %(times)s times as fast (between "
            "%(low)s and %(high)s times, 95 %% sure)."
        ) % (figures | _as_fast(said, change))
    return _(
        "Users wait longer: %(after)s instead of %(before)s, %(times)s times as long (between %(low)s and "
        "%(high)s times, 95 %% sure)."
    ) % (figures | _as_long(said, change))


def _times_said(value: float) -> str:
    return formats.number_format(round(value, 1), decimal_pos=1)


def _charts(months: list[Month], reworks: list[ProcessRework], today: dt.date) -> list[TimeChart]:
    """The time users wait, month by month, and how many incidents there were, marked by what changed."""
    marks = [Marked(one.starts_on, one.title) for one in reworks]
    restore = [(one.starts_on, one.restore) for one in months if one.restore is not None]
    tell = [(one.starts_on, one.tell) for one in months if one.tell is not None]
    lines = [Line(_("users served"), restore)]
    if tell:
        lines.append(Line(_("field told"), tell, "3"))
    found = [
        TimeChart(_("Hours, median of the month"), lines, step=32, marks=marks, said=spans.number),
        TimeChart(
            _("Incidents per month"), [Line("", [(one.starts_on, float(one.total)) for one in months])],
            step=31, marks=marks, is_bars=True, said=spans.number,
        ),
    ]  # fmt: skip
    return [one for one in found if not one.is_empty and len(months) > 1]


def _with_cards(user: User, reworks: list[ProcessRework]) -> list[ProcessRework]:
    """The changes, each with the initiative behind it as far as whoever reads may see it."""
    wanted = sorted({one.object_id for one in reworks if one.object_kind and one.object_id})
    cards = cards_of(user, Kind.INITIATIVE, wanted) if wanted else {}
    for one in reworks:
        one.card = cards.get(one.object_id or 0)  # type: ignore[attr-defined]
    return reworks


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def rework_create(request: PageRequest) -> HttpResponseBase:
    """Say from when incidents are handled in another way."""
    form = ReworkForm(request.POST or None, user=request.user, initial={"starts_on": clock.today()})
    back = reverse("evidence:incident-process")

    def act() -> object:
        given = form.cleaned_data
        return actions.note_rework(
            actor=request.user, title=given["title"], language=language_now(), starts_on=given["starts_on"],
            initiative_id=given["initiative"], now=clock.now(),
        )  # fmt: skip

    return asked_in_form(
        request, form, act,
        {
            "template": "evidence/incident_form.html",
            "heading": _("The process of incidents changed"),
            "intro": _("What came before is then compared with what came after, with how sure the difference is."),
            "submit_label": _("Compare before and after"),
            "cancel_url": back,
            "done": lambda _made: f"{back}?since={form.cleaned_data['starts_on'].isoformat()}",
        },
    )  # fmt: skip


@require_POST
@requires(Right.EDIT_ORGANISATION)
def rework_removal(request: PageRequest, rework_id: int) -> HttpResponse:
    """Take back that the process changed on a day."""
    row = get_object_or_404(ProcessRework, pk=rework_id)
    return did(
        request,
        lambda: actions.remove_rework(actor=request.user, rework=row, now=clock.now()),
        _("Taken back."),
        reverse("evidence:incident-process"),
    )
