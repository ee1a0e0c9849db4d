"""What something was used for and what it cost, counted on the day of its review and kept with it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import Link, Watch
from vertebra.analysis.champions import Lack, Question, gaps
from vertebra.analysis.learning import at_least
from vertebra.analysis.privacy import FEWEST, in_steps
from vertebra.kit import clock
from vertebra.learning.models import Path
from vertebra.learning.queries.completion import walked
from vertebra.org.labels import MandateRole
from vertebra.org.models import Mandate
from vertebra.releases import frames
from vertebra.releases.labels.briefs import BriefState
from vertebra.releases.models import Brief, ConsultationAnswer, ConsultationAsk, HeadsUp, Relay, Validation
from vertebra.reviews.models import Cadence
from vertebra.reviews.queries.practice_usage import practice_figures

Figures = dict[str, int | None]


def figures_of(cadence: Cadence, since: dt.date, until: dt.date) -> Figures:
    """What is known of the thing that a cadence looks back at; nothing stands for fewer than five people."""
    if cadence.role == MandateRole.CHAMPION:
        return _holders(cadence.role, until) | _champions(since, until, cadence.every_months)
    if cadence.role:
        return _holders(cadence.role, until)
    if cadence.kind == Kind.PRACTICE:
        return practice_figures(cadence.object_id or 0, since, until)
    return _object(cadence.kind, cadence.object_id or 0, until)


def _holders(role: str, day: dt.date) -> Figures:
    held = Mandate.objects.as_of(day).filter(role=role, person__isnull=False)
    hours = held.filter(hours_per_month__isnull=False)
    told = hours.aggregate(people=Count("person", distinct=True), hours=Sum("hours_per_month"))
    people = held.aggregate(people=Count("person", distinct=True))["people"]
    return {"holders": people, "hours": told["hours"] if told["people"] >= FEWEST else None}


def _champions(since: dt.date, until: dt.date, months: int) -> Figures:
    """What champions were asked and told, what they gave: of what fewer than five gave nothing, nor that all answered."""
    asks = _between(ConsultationAsk.objects.all(), "asked_at", since, until)
    answers = _between(ConsultationAnswer.objects.all(), "answered_at", since, until)
    relays = _between(Relay.objects.all(), "passed_at", since, until)
    who_answered = set(answers.values_list("ask__person", flat=True))
    who_passed = set(relays.values_list("person", flat=True))
    minutes: int | None = None
    if len(who_answered | who_passed) >= FEWEST:
        taken = [rows.aggregate(sum=Sum("minutes"))["sum"] or 0 for rows in (answers, relays)]
        minutes = sum(taken)
    asked, replied = asks.count(), answers.count()
    told = HeadsUp.objects.filter(told__mandate__role=MandateRole.CHAMPION)
    holders = Mandate.objects.as_of(until).filter(role=MandateRole.CHAMPION, person__isnull=False)
    briefs = Brief.objects.filter(owner__in=holders.values("person"), state=BriefState.READY)
    agreed = Validation.objects.filter(part="champions", is_agreed=True)
    return {
        "asked": asked,
        "answered": at_least(replied, max(asked, replied)) if len(who_answered) >= FEWEST else None,
        "minutes": None if minutes is None else in_steps(minutes),
        "minutes_a_month": None if minutes is None else in_steps(minutes // max(1, months)),
        "relays": in_steps(relays.count()) if len(who_passed) >= FEWEST else None,
        "heads_ups": _between(told, "sent_at", since, until).distinct().count(),
        "briefs": _between(briefs, "ready_at", since, until).count(),
        "validations": _between(agreed, "said_at", since, until).count(),
        "gaps": _gaps(until),
    }


def _between(rows: "QuerySet[Any]", name: str, since: dt.date, until: dt.date) -> "QuerySet[Any]":
    """Those of the days from one to the other, the last included."""
    first, after = clock.midnight(since), clock.midnight(until + dt.timedelta(days=1))
    return rows.filter(**{f"{name}__gte": first, f"{name}__lt": after})


def _gaps(day: dt.date) -> int:
    """The smallest areas of the day for which there is no champion, nor one for what they are part of."""
    tree = frames.tree_on(day)
    smallest = [area for area, count in tree.below().items() if count == 1]
    question = Question(dict.fromkeys(smallest, 1.0))
    found = gaps(question, frames.champions_on(day, clock.midnight(day)), tree)
    return sum(one.lack is Lack.NOBODY for one in found)


def _object(kind: str, number: int, day: dt.date) -> Figures:
    """What hangs on an object, who follows it, and how many are on a path."""
    to, of = Q(to_kind=kind, to_id=number), Q(from_kind=kind, from_id=number)
    held = Link.objects.filter(ended_at=None)
    found: Figures = {
        "initiatives": held.filter(to, from_kind=Kind.INITIATIVE).count(),
        "ties": held.filter(to | of).count(),
        "followers": Watch.objects.filter(kind=kind, object_id=number, user__is_active=True).count(),
    }
    if kind == Kind.PATH and (path := Path.objects.filter(pk=number).first()):
        found["on_it"] = walked(path, (), day).on_it
    return found


def compared(
    now: Mapping[str, int | None], before: Mapping[str, int | None]
) -> list[tuple[str, int | None, int | None]]:
    """Each figure with the one of the review before."""
    return [(code, value, before.get(code)) for code, value in now.items()]
