"""Initiatives of the tests, made by the actions."""

import datetime as dt
from typing import Any

from django.test import Client

from tests import world
from vertebra.accounts.models import User
from vertebra.roadmap.actions.initiatives import create_initiative
from vertebra.roadmap.actions.states import start_initiative
from vertebra.roadmap.models import Initiative

WHY = "There is nothing to count yet."


def undertaken(actor: User, title: str = "Say releases a week before", **given: Any) -> Initiative:
    """An initiative that has not started."""
    given = {"kind": "operating_model", "language": "en", "now": world.NOW, **given}
    return create_initiative(actor=actor, title=title, **given)


def started(actor: User, title: str = "Say releases a week before", **given: Any) -> Initiative:
    """An initiative under way, without a baseline and with the reason."""
    row = undertaken(actor, title, **given)
    start_initiative(actor=actor, initiative=row, reason=WHY, now=given.get("now", world.NOW))
    row.refresh_from_db()
    return row


def later(days: float) -> dt.datetime:
    """The moment of the tests, so many days later."""
    return world.NOW + dt.timedelta(days=days)


def browser(user: User) -> Client:
    """A browser of somebody who reads English."""
    user.language = "en"
    user.save(update_fields=["language"])
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client
