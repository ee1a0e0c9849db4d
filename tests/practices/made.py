"""Practices for the tests: an idea written in both languages, proposed, built together, validated."""

import datetime as dt
from typing import Any

from tests import world
from tests.org.company import person, unit
from vertebra.accounts.labels import Role
from vertebra.accounts.models import User
from vertebra.org.labels import MandateRole
from vertebra.org.models import Mandate, Person, Unit
from vertebra.practices.actions.contributions import add_co_author
from vertebra.practices.actions.life import propose_practice, start_trial, validate_practice
from vertebra.practices.actions.practices import create_practice
from vertebra.practices.actions.versions import set_costs, write_text
from vertebra.practices.models import Practice

NOW, TODAY = world.NOW, world.TODAY
TEXT = {"why": "Nobody saw what was done.", "steps": "1. Show it\n2. Ask what is missing"}


def somebody(name: str, role: Role = Role.READER) -> tuple[User, Person]:
    """Somebody with an account who is in the directory."""
    user = world.account(name, role)
    return user, person(name, user=user, email=user.email)


def director(name: str = "Diane") -> tuple[User, Person]:
    """A director, outside Product Ops."""
    user, one = somebody(name)
    Mandate.objects.create(
        person=one,
        unit=unit("Direction", None, "company"),
        role=MandateRole.DIRECTOR,
        starts_on=TODAY - dt.timedelta(days=90),
    )
    return user, one


def idea(actor: User, **more: Any) -> Practice:
    """An idea that says why and how."""
    row = create_practice(actor=actor, name="Demos on Fridays", language="en", now=NOW, **more)
    write_text(actor=actor, practice=row, language="en", changes=TEXT, now=NOW)
    return row


def built(actor: User, carrier: Person, team: Unit | None = None) -> Practice:
    """A practice that all the law asks of a standard, but its validation."""
    row = idea(actor, carrier=carrier)
    set_costs(actor=actor, practice=row, costs={"product": 60}, now=NOW)
    start_trial(actor=actor, practice=row, unit=team or unit("Team Alpha"), language="en", now=NOW)
    propose_practice(actor=actor, practice=row, now=NOW)
    add_co_author(actor=actor, practice=row, person=person("Colette"), now=NOW)
    row.refresh_from_db()
    return row


def validated(actor: User, by: User, carrier: Person, team: Unit | None = None) -> Practice:
    """A practice that somebody validated."""
    row = built(actor, carrier, team)
    validate_practice(actor=by, practice=row, words="Three teams see more.", now=NOW)
    row.refresh_from_db()
    return row
