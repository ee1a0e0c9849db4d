"""Those who raised or relayed what a release answers are told once that it is out, with what they said themselves."""

import datetime as dt

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import override

from vertebra.accounts import audit
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, Message, User
from vertebra.accounts.outbox import mail_is_on, queue_messages
from vertebra.releases.labels.briefs import Trade
from vertebra.releases.labels.releases import ReleaseState
from vertebra.releases.models import Release
from vertebra.releases.queries.announcing import Texts, reader_page
from vertebra.releases.queries.raisers import Raiser, raisers_of

MOST_SAID = 5


@transaction.atomic
def tell_raisers(*, actor: User | None, release: Release, now: dt.datetime) -> AuditEntry | None:
    """Tell whoever raised or relayed what a release answers that it is out; whoever was told before is left in peace."""
    row = Release.objects.select_for_update(of=("self",)).select_related("lead").get(pk=release.pk)
    if row.state != ReleaseState.RELEASED:
        return None
    waiting = {_key(row, one): one for one in raisers_of(row, now) if one.user or mail_is_on()}
    told = set(Message.objects.filter(key__in=waiting).values_list("key", flat=True))
    new = {key: one for key, one in waiting.items() if key not in told}
    if not new:
        return None
    texts = Texts.of(row)
    queue_messages([_message(key, one, texts) for key, one in new.items()], now)
    return audit.record(
        actor=actor, verb="tell", kind=Kind.RELEASE, object_id=row.pk, object_name=row.title, now=now,
        particulars={"people": len(new)},
    )  # fmt: skip


def _key(row: Release, one: Raiser) -> str:
    return f"release-raised:{row.pk}:{one.key}"


def _message(key: str, one: Raiser, texts: Texts) -> Message:
    """The message of one person: nothing in it is about anybody else."""
    row, text = texts.release, texts.best(str(Trade.EVERYONE), one.language)
    with override(one.language):
        day = date_format(row.released_on, "DATE_FORMAT") if row.released_on else ""
    return Message(
        key=key,
        to_user=one.user,
        to_email="" if one.user else one.email,
        language=one.language,
        template="raised_released",
        particulars={
            "name": one.name,
            "title": row.title,
            "version": row.version,
            "line": text.subject if text.subject != row.title else row.summary,
            "day": day,
            "lines": [{"words": " ".join(said.words.split())} for said in one.said[:MOST_SAID]],
        },
        address=reader_page(row) if one.user else "",
    )
