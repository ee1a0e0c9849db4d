"""Opening the system behind a source with what is kept of it, to ask it something or to read it."""

import contextlib
import json
from collections.abc import Container, Iterator
from dataclasses import replace

from django.conf import settings

from vertebra.connectors.contract import Choice, Session, WorkSession
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.systems import CONNECTORS, TRACKERS
from vertebra.connectors.web_json import Reach
from vertebra.kit.seals import BrokenSeal, unseal
from vertebra.sources.models import Connection, Secret, Source

SECRET = "connection"  # noqa: S105 (the name of a secret, not one)
# Trackers give more at once than systems that releases are read from.
WORK_BYTES, WORK_SECONDS = 64 * 1024 * 1024, 60


def has_both(kind: str) -> bool:
    """Whether both releases and work items can be taken of a kind of system."""
    return kind in CONNECTORS and kind in TRACKERS


def reach_of(seconds: float = 30) -> Reach:
    """How far reading may go here."""
    return Reach(private=settings.PRIVATE_HOSTS, seconds=seconds)


def _values(source: Source, systems: Container[str]) -> dict[str, str]:
    """What opens the system behind a source; raises Trouble where that is gone."""
    secret = Secret.objects.filter(source=source, name=SECRET).first()
    if secret is None or source.kind not in systems:
        raise Trouble(Fault.CONNECTION_GONE)
    try:
        values: dict[str, str] = json.loads(unseal(bytes(secret.ciphertext).decode()))
    except (BrokenSeal, ValueError) as error:
        raise Trouble(Fault.CONNECTION_GONE) from error
    return values


@contextlib.contextmanager
def opened(source: Source, *, is_waited_for: bool = False) -> Iterator[Session]:
    """The system behind a source; raises Trouble where its secret is gone."""
    values = _values(source, CONNECTORS)
    session = CONNECTORS[source.kind].open(values, reach_of(10 if is_waited_for else 30))
    if is_waited_for:
        session.hurry()
    try:
        yield session
    finally:
        session.close()


@contextlib.contextmanager
def opened_tracker(source: Source, *, is_waited_for: bool = False) -> Iterator[WorkSession]:
    """The tracker behind a source, asked for its work items; raises Trouble where its secret is gone."""
    values = _values(source, TRACKERS)
    reach = reach_of(10) if is_waited_for else replace(reach_of(WORK_SECONDS), bytes=WORK_BYTES)
    session = TRACKERS[source.kind].open(values, reach)
    if is_waited_for:
        session.hurry()
    try:
        yield session
    finally:
        session.close()


def check(source: Source) -> str:
    """Ask a system who we are for it, and remember what it answers; raises Trouble where it does not."""
    with _asked(source) as session:
        account = session.check()
    Connection.objects.filter(source=source).update(account=account[:200])
    return account


def choices(source: Source) -> list[Choice]:
    """What there is to take of a system; raises Trouble where it does not say."""
    with _asked(source) as session:
        return session.choices()


def _asked(source: Source) -> contextlib.AbstractContextManager[Session | WorkSession]:
    """The system behind a source for somebody who waits for the answer."""
    if source.kind in CONNECTORS:
        return opened(source, is_waited_for=True)
    return opened_tracker(source, is_waited_for=True)
