"""Connections: the database or the web address behind feeds, with its secret, which is never shown again."""

import datetime as dt
import json
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.connectors.databases import FILES, POSTGRES, WAREHOUSES
from vertebra.kit.seals import seal
from vertebra.measures.readers.feeds import CONNECTION
from vertebra.sources.labels import SourceKind
from vertebra.sources.models import Secret, Source


class NameTaken(Refusal):
    """Another source has this name."""


class NoAddress(Refusal):
    """A connection has an address that is one."""


@transaction.atomic
def create_connection(
    *,
    actor: User,
    name: str,
    kind: str,
    address: str,
    header: str = "",
    token: str = "",
    now: dt.datetime,
) -> AuditEntry:
    """Keep what opens a database or a web address, sealed with the instance's key."""
    name = " ".join(name.split())[:100]
    if not name or Source.objects.filter(name=name).exists():
        raise NameTaken(_("Give the connection a name that no other source has."))
    opened = _opened(kind, address.strip(), header.strip() or "Authorization", token.strip())
    tracker = audit.Tracker()
    row = Source(name=name, kind=kind, made_by=actor, made_at=now)
    tracker.create(row)
    # The audit keeps no secret: the row of it is not noted.
    Secret.objects.create(source=row, name=CONNECTION, ciphertext=seal(json.dumps(opened)).encode())
    return _record(actor, "create", row, now)


@transaction.atomic
def replace_secret(
    *, actor: User, source: Source, address: str, header: str = "", token: str = "", now: dt.datetime
) -> AuditEntry:
    """Put another address, password or token in place of the one that is kept."""
    opened = _opened(source.kind, address.strip(), header.strip() or "Authorization", token.strip())
    sealed = seal(json.dumps(opened)).encode()
    Secret.objects.update_or_create(source=source, name=CONNECTION, defaults={"ciphertext": sealed})
    return _record(actor, "change", source, now)


def _opened(kind: str, address: str, header: str, token: str) -> dict[str, str]:
    try:
        parts = urlsplit(address)
        _port = parts.port
    except ValueError as error:
        raise NoAddress(_("This is not an address.")) from error
    scheme = parts.scheme.removeprefix("ibis+")
    if kind == SourceKind.WEB:
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            raise NoAddress(_("Give an address that begins with https:// and carries no password."))
        if not header.replace("-", "").isalnum() or any(ord(char) < 32 for char in token):
            raise NoAddress(_("The name of the heading or the token holds characters that it cannot."))
    elif scheme not in (*FILES, *POSTGRES, *WAREHOUSES):
        raise NoAddress(
            _("Give the address of a database, for example postgresql://reader:password@host/name.")
        )
    return {"address": address, "header": header, "token": token}


def _record(actor: User, verb: str, row: Source, now: dt.datetime) -> AuditEntry:
    return audit.record(
        actor=actor, verb=verb, kind=Kind.SOURCE, object_id=row.pk, object_name=row.name, now=now
    )
