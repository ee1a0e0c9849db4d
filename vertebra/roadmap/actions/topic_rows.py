"""Writing a topic down in the entry of an action: its words, what it is raised from, who raised that."""

import datetime as dt

from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.actions.thread import tie
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import User
from vertebra.discovery.models import HelpRequest, PainPoint
from vertebra.org.models import EmptySpaceReport, Field
from vertebra.roadmap.actions.voices import speak
from vertebra.roadmap.models import Objective, Topic
from vertebra.roadmap.queries.topics import counts_of


class NoTitle(Refusal):
    """A topic says in one sentence what the directors should look at."""


def write_topic(
    tracker: audit.Tracker,
    *,
    actor: User | None,
    title: str,
    description: str,
    language: str,
    origin: tuple[str, int] | None,
    field: Field | None,
    objective: Objective | None,
    effort_days: int | None,
    is_quick_win: bool,
    now: dt.datetime,
) -> Topic:
    """Write a topic down in the entry of another action, tied to what it is raised from and what it serves."""
    kind, object_id = origin or ("", None)
    topic = Topic(
        title=said(title), description=description.strip(), language=language, origin_kind=kind,
        origin_id=object_id, field=field or _field_of(kind, object_id), objective=objective, effort_days=effort_days,
        is_quick_win=is_quick_win, made_by=actor, created_at=now, changed_at=now,
        **counts_of(kind, object_id),
    )  # fmt: skip
    tracker.create(topic)
    _tie_new(tracker, topic, actor, now)
    return topic


def said(title: str) -> str:
    """The title as it is kept."""
    words = " ".join(title.split())
    if not words:
        raise NoTitle(_("Say in one sentence what the directors should look at."))
    return words[:200]


def _field_of(kind: str, object_id: int | None) -> Field | None:
    """The field of action of the pain point that a topic is raised from."""
    if kind != Kind.PAIN_POINT or object_id is None:
        return None
    found = PainPoint.objects.filter(pk=object_id).select_related("field").first()
    return found.field if found else None


def _tie_new(tracker: audit.Tracker, topic: Topic, actor: User | None, now: dt.datetime) -> None:
    """Tie a new topic to what it is raised from and what it serves, and let speak those who raised that."""
    me = (Kind.TOPIC, topic.pk)
    if topic.objective_id:
        tie(tracker, me, Relation.SERVES, (Kind.OBJECTIVE, topic.objective_id), by=actor, now=now)
    if not topic.origin_kind or topic.origin_id is None:
        return
    origin = (topic.origin_kind, topic.origin_id)
    tie(tracker, me, Relation.RAISED_FROM, origin, by=actor, now=now)
    for user, language in _raised_by(*origin):
        speak(tracker, topic, actor=user, language=language, now=now)


def _raised_by(kind: str, object_id: int) -> list[tuple[User, str]]:
    """Who asked for help or reported the empty space: they raised what becomes a topic, and are answered."""
    if kind == Kind.HELP_REQUEST:
        asked = HelpRequest.objects.select_related("asked_by").filter(pk=object_id).first()
        return [(asked.asked_by, asked.language)] if asked and asked.asked_by else []
    if kind == Kind.EMPTY_SPACE:
        rows = EmptySpaceReport.objects.select_related("reported_by").filter(space=object_id)
        return [(row.reported_by, row.language) for row in rows if row.reported_by]
    return []
