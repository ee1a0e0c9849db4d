"""What Home says of the function: the charter, help asked and taken over, the diagnosis and the stage to look at again."""

import datetime as dt
from typing import Any

from django.db.models import Count, Q, Subquery, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vertebra.accounts.labels import Role
from vertebra.accounts.models import OneTimeLink, User
from vertebra.accounts.permissions import ROLE_RIGHTS, Right, may
from vertebra.discovery.labels import HELP_TONES, AuditState, DiagnosisState, HelpState
from vertebra.discovery.models import Audit, Charter, Diagnosis, HelpRequest, StageOfFunction
from vertebra.discovery.queries.help_requests import asked_by, is_overdue
from vertebra.discovery.queries.stages import AGAIN_AFTER
from vertebra.kit import clock
from vertebra.kit.home import Block, Line, Need

SHOWN = 3
LISTENERS = [role for role, rights in ROLE_RIGHTS.items() if Right.PRODUCT_OPS in rights]


def needs_of_function(user: User, now: dt.datetime) -> list[Need]:
    """What waits for Product Ops: its charter, help nobody took, what should have gone back, what to look at again.

    For an administrator, that somebody must be Product Ops at all.
    """
    if not may(user, Right.PRODUCT_OPS):
        return _nobody_yet(now) if may(user, Right.ADMINISTER) else []
    day = clock.today(now)
    facts = _facts(user, day)
    return [*_charter(facts), *_help(facts), *_look_again(facts, day)]


def _nobody_yet(now: dt.datetime) -> list[Need]:
    """That nobody holds the role by which people are heard, until somebody does."""
    active = User.objects.filter(is_active=True).order_by()
    if active.filter(role__in=LISTENERS).exists():
        return []
    why = _(
        "Interviews, campaigns and audits are kept to this role, even from administrators: without it nobody "
        "can be heard."
    )
    invited = OneTimeLink.objects.filter(role__in=LISTENERS, used_at=None, revoked_at=None)
    if invited.filter(expires_at__gt=now).exists():
        sentence = _("Nobody is Product Ops yet: an invitation waits for its answer")
        return [Need(sentence, reverse("accounts:invitation-list"), _("See it"), why)]
    url, verb = f"{reverse('accounts:invitation-create')}?role={Role.PRODUCT_OPS}", _("Invite somebody")
    if active.count() > 1:
        url, verb = reverse("accounts:user-list"), _("Give the role")
    return [Need(_("Nobody is Product Ops yet"), url, verb, why)]


def _facts(user: User, day: dt.date) -> dict[str, Any]:
    """The charter that holds, what was published since, help asked for, the latest diagnosis and stage: in one query."""
    charter = Charter.objects.filter(published_at__isnull=False).order_by("-published_at")
    published = charter.values("published_at")[:1]
    since = Audit.objects.filter(state=AuditState.PUBLISHED, archived_at=None)
    diagnosis = Diagnosis.objects.filter(archived_at=None).order_by("-started_on", "-pk")
    stage = StageOfFunction.objects.filter(field__archived_at=None).order_by("-on")
    rows = User.objects.filter(pk=user.pk).values(
        published=Subquery(published),
        since=Subquery(since.filter(published_at__gt=Subquery(published)).values("title")[:1]),
        diagnosis=Subquery(diagnosis.values("state")[:1]),
        next_diagnosis=Subquery(diagnosis.values("next_on")[:1]),
        stage=Subquery(stage.values("on")[:1]),
        late=_many(is_overdue(day)),
        asked=_many(Q(state=HelpState.ASKED)),
    )
    return dict(rows.get())


def _many(condition: Q) -> Subquery:
    """How many requests for help meet a condition."""
    rows = HelpRequest.objects.filter(condition, archived_at=None).order_by().values("archived_at")
    return Subquery(rows.annotate(many=Count("pk")).values("many"))


def _charter(facts: dict[str, Any]) -> list[Need]:
    url = reverse("discovery:charter-show")
    if facts["published"] is None:
        why = _(
            "On one page: what you do, what you do not, who you are, how to ask. It starts from an example."
        )
        return [Need(_("Nobody knows yet what Product Ops is for"), url, _("Write the charter"), why)]
    if facts["since"] is None:
        return []
    why = _("“%(title)s” was published since: its readers want to know what came of it.") % {
        "title": facts["since"]
    }
    return [Need(_("Say in the charter what changed after listening"), url, _("Say it"), why)]


def _help(facts: dict[str, Any]) -> list[Need]:
    url, found = reverse("discovery:help-request-list"), []
    if late := facts["late"]:
        text = ngettext(
            "%(count)d thing you took over should have gone back to its team",
            "%(count)d things you took over should have gone back to their teams",
            late,
        )
        why = _("Hand it back, or say a later day.")
        found.append(Need(text % {"count": late}, f"{url}?state=overdue", _("See"), why))
    if asked := facts["asked"]:
        text = ngettext(
            "%(count)d request for help has nobody yet",
            "%(count)d requests for help have nobody yet",
            asked,
        )
        why = _("Whoever asked waits for an answer, be it a no.")
        found.append(Need(text % {"count": asked}, f"{url}?state=asked", _("Answer them"), why))
    return found


def _look_again(facts: dict[str, Any], day: dt.date) -> list[Need]:
    """The diagnosis and the stage of the function, every six months once they were begun."""
    found, due = [], facts["next_diagnosis"]
    if facts["diagnosis"] == DiagnosisState.DONE and due and due <= day:
        why = _("Six months have passed: compare with what it said then.")
        url = reverse("discovery:diagnosis-create")
        found.append(Need(_("Repeat the diagnosis"), url, _("Take the test"), why))
    noted = facts["stage"]
    if noted and noted + AGAIN_AFTER <= day:
        why = _("Six months have passed: how is the effort of Product Ops shared now?")
        url = reverse("discovery:stage-list")
        found.append(Need(_("Note the stage of the function again"), url, _("Note it"), why))
    return found


def block_of_function(user: User) -> Block:
    """Where anybody asks Product Ops for help, with what became of what they asked."""
    lines = []
    held = Charter.objects.filter(published_at__isnull=False).order_by()
    mine = HelpRequest.objects.filter(pk__in=asked_by(user).values("pk")[:SHOWN]).order_by()
    rows = mine.values_list("asked_at", "pk", "sentence", "state").union(
        held.values_list("published_at", Value(0), Value(""), Value("")), all=True
    )
    found = sorted(rows, reverse=True)
    if any(not number for _at, number, *_rest in found):
        title = _("Charter of Product Ops")
        lines.append(
            Line(title, reverse("discovery:charter-show"), _("what we do, what we do not, how to ask"))
        )
    lines += [
        Line(
            sentence,
            reverse("discovery:help-request-show", args=(number,)),
            "",
            str(HelpState(state).label),
            HELP_TONES[state],
        )
        for _at, number, sentence, state in found
        if number
    ]
    empty = _("When your team needs a hand with how it works, one line is enough.")
    url = reverse("discovery:help-request-create")
    return Block(_("Product Ops, with you"), lines, url, empty, _("Ask for help"))
