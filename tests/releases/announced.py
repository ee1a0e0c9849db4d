"""Announcements of the tests: people of several trades and languages, a release with its briefs, pressed and carried."""

import datetime as dt
from typing import Any

from tests import world
from tests.org.company import person, unit
from tests.releases.made import planned
from vertebra.accounts.models import User
from vertebra.org.models import Person
from vertebra.releases.actions.announcing import announce_release
from vertebra.releases.actions.audiences import create_audience
from vertebra.releases.actions.briefs import add_brief, move_brief, write_brief
from vertebra.releases.jobs.announcing import announce_releases
from vertebra.releases.models import Announcement, Audience, Brief, Release

NOW, TODAY = world.NOW, world.TODAY
SOON = TODAY + dt.timedelta(days=10)
FIELD = {"any": [{"functions": ["sales", "support"]}]}


def someone(name: str, function: str, language: str = "en", **given: Any) -> Person:
    """Somebody of a function, with an account."""
    user = world.account(name, language=language)
    return person(
        name, unit("Team of " + name), function, user=user, email=user.email, language=language, **given
    )


def outsider(name: str, function: str, language: str = "en") -> Person:
    """Somebody with an e-mail address and no account."""
    return person(
        name,
        unit("Team of " + name),
        function,
        email=f"{name.split()[0].lower()}@example.org",
        language=language,
    )


def audience(actor: User, name: str = "The field", rules: Any = None) -> Audience:
    """A named audience: sales and support, unless told otherwise."""
    return create_audience(actor=actor, name=name, rules=FIELD if rules is None else rules, now=NOW)


def ready(actor: User, release: Release, trade: str, language: str, body: str = "") -> Brief:
    """A brief that is ready."""
    add_brief(actor=actor, release=release, trade=trade, language=language, now=NOW)
    row = release.briefs.get(trade=trade, language=language)
    said = body or f"**For {trade}**, in {language}."
    write_brief(actor=actor, brief=row, line=f"One click ({trade}, {language})", body=said, now=NOW)
    move_brief(actor=actor, brief=row, state="ready", person=None, now=NOW)
    row.refresh_from_db()
    return row


def release_of(actor: User, **given: Any) -> Release:
    """A minor release that comes out in ten days, with briefs for everyone in both languages and for sales in English."""
    row = planned(actor, planned_on=SOON, **given)
    for trade, language in (("everyone", "en"), ("everyone", "fr"), ("sales", "en")):
        ready(actor, row, trade, language)
    return row


def announce(actor: User, release: Release, *audiences: Audience, **given: Any) -> list[Announcement]:
    """Press the button."""
    given = {"now": NOW, **given}
    announce_release(actor=actor, release=release, audiences=audiences, **given)
    return list(release.announcements.order_by("pk"))


def carry() -> dict[str, int]:
    """Let the job run once."""
    done: dict[str, int] = announce_releases.call()
    return done
