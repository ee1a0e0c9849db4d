"""Keys to the API: made, shown once, taken back."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit, tokens
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import ApiToken, AuditEntry, User
from vertebra.accounts.permissions import scopes_to_give

LASTS = dt.timedelta(days=90)
LASTS_AT_MOST = dt.timedelta(days=365)


class TokenRefused(Exception):
    """A token opens no more than its owner may, and for a year at most."""


@transaction.atomic
def make_token(
    *, actor: User, name: str, scopes: list[str], expires_at: dt.datetime, now: dt.datetime
) -> tuple[ApiToken, str]:
    """Make a key to the API for oneself; gives the token and the key, which is never shown again."""
    if not scopes or not set(scopes) <= set(scopes_to_give(actor)):
        raise TokenRefused(_("Choose at least one scope, within your own rights."))
    if not now < expires_at <= now + LASTS_AT_MOST + dt.timedelta(days=1):
        raise TokenRefused(_("A token ends within a year."))
    raw = tokens.PREFIX + tokens.new_secret()
    token = ApiToken(
        user=actor,
        name=name,
        digest=tokens.digest_of(raw),
        hint=raw[-4:],
        scopes=sorted(scopes),
        created_at=now,
        expires_at=expires_at,
    )
    tracker = audit.Tracker()
    tracker.create(token)
    _record(actor, "create", token, now, tracker)
    return token, raw


@transaction.atomic
def revoke_token(*, actor: User, token: ApiToken, now: dt.datetime) -> AuditEntry:
    """Take a key back: it opens nothing any more."""
    tracker = audit.Tracker()
    tracker.change(token, revoked_at=token.revoked_at or now)
    return _record(actor, "revoke", token, now, tracker)


def _record(actor: User, verb: str, token: ApiToken, now: dt.datetime, tracker: audit.Tracker) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.TOKEN,
        object_id=token.pk,
        object_name=token.name,
        particulars={"scopes": token.scopes},
        now=now,
        rows=tracker.changes,
    )
