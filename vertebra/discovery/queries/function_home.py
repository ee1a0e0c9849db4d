"""What Home says of the function: the charter, help asked and taken over, the diagnosis and the stage to look at again."""

import datetime as dt

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.discovery.labels import HELP_TONES, AuditState, DiagnosisState, HelpState
from vertebra.discovery.models import Audit, Charter, Diagnosis, HelpRequest, StageOfFunction
from vertebra.discovery.queries.help_requests import asked_by, is_overdue
from vertebra.discovery.queries.stages import AGAIN_AFTER
from vertebra.kit import clock
from vertebra.kit.home import Block, Line, Need

SHOWN = 3


def needs_of_function(user: User, now: dt.datetime) -> list[Need]:
    """What waits for Product Ops: its charter, help nobody took, what should have gone back, what to look at again."""
    if not may(user, Right.PRODUCT_OPS):
        return []
    day = clock.today(now)
    return [*_charter(), *_help(day), *_look_again(day)]


def _charter() -> list[Need]:
    url = reverse("discovery:charter-show")
    published = Charter.objects.aggregate(at=Max("published_at"))["at"]
    if published is None:
        why = _(
            "On one page: what you do, what you do not, who you are, how to ask. It starts from an example."
        )
        return [Need(_("Nobody knows yet what Product Ops is for"), url, _("Write the charter"), why)]
    since = Audit.objects.filter(
        state=AuditState.PUBLISHED, archived_at=None, published_at__gt=published
    ).first()
    if since is None:
        return []
    why = _("“%(title)s” was published since: its readers want to know what came of it.") % {
        "title": since.title
    }
    return [Need(_("Say in the charter what changed after listening"), url, _("Say it"), why)]


def _help(day: dt.date) -> list[Need]:
    counts = HelpRequest.objects.filter(archived_at=None).aggregate(
        late=Count("pk", filter=is_overdue(day)), asked=Count("pk", filter=Q(state=HelpState.ASKED))
    )
    url, found = reverse("discovery:help-request-list"), []
    if late := counts["late"]:
        text = ngettext(
            "%(count)d thing you took over should have gone back to its team",
            "%(count)d things you took over should have gone back to their teams",
            late,
        )
        why = _("Hand it back, or say a later day.")
        found.append(Need(text % {"count": late}, f"{url}?state=overdue", _("See"), why))
    if asked := counts["asked"]:
        text = ngettext(
            "%(count)d request for help has nobody yet",
            "%(count)d requests for help have nobody yet",
            asked,
        )
        why = _("Whoever asked waits for an answer, be it a no.")
        found.append(Need(text % {"count": asked}, f"{url}?state=asked", _("Answer them"), why))
    return found


def _look_again(day: dt.date) -> list[Need]:
    """The diagnosis and the stage of the function, every six months once they were begun."""
    found = []
    rows = Diagnosis.objects.filter(archived_at=None)
    latest = rows.order_by("-started_on", "-pk").values_list("state", "next_on").first()
    if latest and latest[0] == DiagnosisState.DONE and latest[1] and latest[1] <= day:
        why = _("Six months have passed: compare with what it said then.")
        url = reverse("discovery:diagnosis-create")
        found.append(Need(_("Repeat the diagnosis"), url, _("Take the test"), why))
    noted = StageOfFunction.objects.filter(field__archived_at=None).aggregate(on=Max("on"))["on"]
    if noted and noted + AGAIN_AFTER <= day:
        why = _("Six months have passed: how is the effort of Product Ops shared now?")
        url = reverse("discovery:stage-list")
        found.append(Need(_("Note the stage of the function again"), url, _("Note it"), why))
    return found


def block_of_function(user: User) -> Block:
    """Where anybody asks Product Ops for help, with what became of what they asked."""
    lines = []
    number = Charter.objects.filter(published_at__isnull=False).aggregate(number=Max("number"))["number"]
    if number:
        title = _("Charter of Product Ops")
        lines.append(
            Line(title, reverse("discovery:charter-show"), _("what we do, what we do not, how to ask"))
        )
    lines += [
        Line(
            row.sentence,
            reverse("discovery:help-request-show", args=(row.pk,)),
            "",
            row.get_state_display(),
            HELP_TONES[row.state],
        )
        for row in asked_by(user)[:SHOWN]
    ]
    empty = _("When your team needs a hand with how it works, one line is enough.")
    url = reverse("discovery:help-request-create")
    return Block(_("Product Ops, with you"), lines, url, empty, _("Ask for help"))
