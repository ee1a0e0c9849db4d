"""Reporting an empty space without an account, through a link."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import AuditEntry, SharedLink, User
from vertebra.org.actions.empty_spaces import Said, report_space
from vertebra.org.empty_spaces import SAME, look_alikes, place_of
from vertebra.org.models import EmptySpaceReport

PER_HOUR = 60
AGAIN_AFTER = dt.timedelta(hours=1)


class TooManyReports(Refusal):
    """More reports come through one link within the hour than people would write."""


@transaction.atomic
def report_through_link(
    *, actor: User | None, link: SharedLink, said: Said, now: dt.datetime
) -> AuditEntry | None:
    """Report without an account; the same words again within the hour are the same report (None).

    What is said almost like a known empty space beside one of the same neighbours adds to it: a visitor is shown
    nothing of what others reported.
    """
    link = SharedLink.objects.select_for_update().get(pk=link.pk)
    sentence = " ".join(said.sentence.split())
    recent = EmptySpaceReport.objects.filter(link=link, at__gt=now - AGAIN_AFTER)
    if recent.filter(sentence=sentence).exists():
        return None
    if recent.count() >= PER_HOUR:
        raise TooManyReports(_("Many reports came through this link just now. Try again in an hour."))
    near = {(one.kind, one.id) for one in said.neighbours if one.id}
    known = next(
        (
            alike.space
            for alike in look_alikes(sentence, near, limit=1)
            if alike.score >= SAME and near & {place_of(row) for row in alike.space.neighbours.all()}
        ),
        None,
    )
    return report_space(actor=actor, said=said, now=now, adds_to=known, link=link)
