"""What measures say on the home page: thresholds crossed, figures to verify, questions that wait, what became of yours."""

import datetime as dt
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vertebra.accounts.models import User
from vertebra.kit.home import Block, Line, Need, Part
from vertebra.measures.labels.charts import RequestState
from vertebra.measures.labels.metrics import MetricState
from vertebra.measures.models import Alert, DataRequest, Metric
from vertebra.org.empty_spaces import person_of

SHOWN = 3
Rows = QuerySet[Any, Any]
LATELY = dt.timedelta(days=14)
TONES = {"asked": "attention", "answered": "good", "self_served": "good", "declined": "neutral"}


def part(user: User, now: dt.datetime) -> Part:
    """What waits for whoever owns metrics or watches them, and the questions that the person put to the data team."""
    return Part(needs=lambda: _needs(user, now), blocks=lambda: _asked(user))


def _needs(user: User, now: dt.datetime) -> list[Need]:
    """Everything in one question: thresholds crossed lately, my metrics nobody verified, questions on them."""
    person = person_of(user)
    crossed = Alert.objects.filter(
        user=user, is_crossed=True, told_at__gt=now - LATELY, metric__archived_at=None
    )
    asked = [_rows(crossed, "alert", "metric_id", "metric__name")]
    if person is not None:
        mine = Metric.objects.filter(owner=person, archived_at=None).exclude(state=MetricState.VERIFIED)
        about = Q(metric__owner=person) | Q(dashboard__owner=person)
        waiting = DataRequest.objects.filter(about, state=RequestState.ASKED).exclude(asked_by=person)
        asked += [
            _rows(mine.exclude(definition=""), "verify", "pk", "name"),
            _rows(waiting, "request", "pk", "question"),
        ]
    found: dict[str, list[tuple[int, str]]] = {"alert": [], "request": [], "verify": []}
    for code, number, name in asked[0].union(*asked[1:])[:200]:
        found[code].append((number, name))
    return [*_alerts(found["alert"]), *_requests(found["request"]), *_unverified(found["verify"])]


def _rows(rows: Rows, code: str, number: str, name: str) -> Rows:
    told = rows.order_by().annotate(
        _code=Value(code, CharField(max_length=10)), _number=F(number), _name=F(name)
    )
    return told.values_list("_code", "_number", "_name")


def _alerts(rows: list[tuple[int, str]]) -> list[Need]:
    why = _("You asked to be told.")
    return [
        Need(
            _("“%(name)s” crossed the threshold you watch") % {"name": name},
            reverse("measures:metric-show", args=(pk,)),
            _("Look at it"),
            why,
        )
        for pk, name in sorted(rows)[:SHOWN]
    ]


def _requests(rows: list[tuple[int, str]]) -> list[Need]:
    why = _("It is about a figure or a dashboard that is yours.")
    return [
        Need(
            _("Somebody asks: %(question)s") % {"question": Truncator(question).chars(90)},
            reverse("measures:request-show", args=(pk,)),
            _("Answer them"),
            why,
        )
        for pk, question in sorted(rows)[:SHOWN]
    ]


def _unverified(rows: list[tuple[int, str]]) -> list[Need]:
    if not rows:
        return []
    said = ngettext(
        "%(count)d metric of yours is not verified", "%(count)d metrics of yours are not verified", len(rows)
    ) % {"count": len(rows)}
    why = ", ".join(name for _pk, name in sorted(rows, key=lambda row: row[1])[:SHOWN])
    url = reverse("measures:metric-show", args=(sorted(rows)[0][0],))
    return [Need(said, url, _("Verify the first"), why)]


def _asked(user: User) -> list[Block]:
    """What became of the questions that the person put to the data team; nothing where they put none."""
    person = person_of(user)
    rows = DataRequest.objects.filter(asked_by=person).order_by("-asked_at", "-pk") if person else []
    lines = [
        Line(
            row.question,
            reverse("measures:request-show", args=(row.pk,)),
            Truncator(row.answer).chars(160),
            str(row.get_state_display()),
            TONES[row.state],
        )
        for row in rows[:SHOWN]
    ]
    return (
        [Block(_("Your questions to the data team"), lines, reverse("measures:request-list"))]
        if lines
        else []
    )
