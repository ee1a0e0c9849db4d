"""What the objects of the roadmap are called, for comments, watches, search and the thread."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.together import Found, Names
from vertebra.kit.cards import Titled
from vertebra.roadmap.models import Cycle, Initiative, Launch, Objective, Playbook, Report, Result, Topic
from vertebra.roadmap.queries.decisions import open_to
from vertebra.roadmap.queries.reports import open_to as reports_open_to


def _decisions(user: User, ids: Sequence[int]) -> Found:
    rows = open_to(user).filter(pk__in=ids)
    return {
        row.pk: (
            f"{row.get_verdict_display()} · {row.topic.title}",
            reverse("roadmap:decision-show", args=(row.pk,)),
        )
        for row in rows
    }


def _results(user: User, ids: Sequence[int]) -> Found:
    rows = Result.objects.filter(pk__in=ids).select_related("key_result").defer("series", "checks")
    return {
        row.pk: (_said_of(row), reverse("roadmap:result-show", args=(row.key_result_id,))) for row in rows
    }


def _said_of(row: Result) -> str:
    said = f"{row.key_result.name} · {row.get_verdict_display()}"
    return _("%(result)s (replaced since)") % {"result": said} if row.superseded_at else said


resolve = Names(
    {
        Kind.OBJECTIVE: Titled(Objective, "roadmap:objective-show"),
        Kind.TOPIC: Titled(Topic, "roadmap:topic-show"),
        Kind.CYCLE: Titled(Cycle, "roadmap:cycle-show"),
        Kind.DECISION: _decisions,
        Kind.INITIATIVE: Titled(Initiative, "roadmap:initiative-show"),
        Kind.RESULT: _results,
        Kind.LAUNCH: Titled(Launch, "roadmap:launch-show", "initiative__title"),
        Kind.PLAYBOOK: Titled(Playbook, "roadmap:playbook-show"),
        Kind.REPORT: Titled(Report, "roadmap:report-show", open_to=reports_open_to),
    }
)
