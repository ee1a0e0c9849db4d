"""What hurts in the tests: verbatims, and pain points raised from them."""

import datetime as dt

from tests import world
from vertebra.accounts.models import User
from vertebra.discovery.actions.pain_points import EvidenceDraft, raise_pain_point
from vertebra.discovery.labels import InterviewState
from vertebra.discovery.models import Interview, PainPoint, Verbatim
from vertebra.org.models import Person, Unit


def heard(
    person: Person | None,
    unit: Unit | None,
    function: str,
    *,
    said_on: dt.date = world.TODAY,
    text: str = "I learn of it from customers.",
) -> Verbatim:
    """A verbatim of an interview of its own."""
    interview = Interview.objects.create(
        person=person, unit=unit, function=function, state=InterviewState.HELD, held_on=said_on, language="en",
        created_at=world.NOW, changed_at=world.NOW,
    )  # fmt: skip
    return Verbatim.objects.create(
        interview=interview, text=text, language="en", person=person, unit=unit, function=function,
        said_on=said_on, created_at=world.NOW, shown_function=function,
    )  # fmt: skip


def hurting(
    user: User, *verbatims: Verbatim, title: str = "The field learns of releases from customers"
) -> PainPoint:
    """A pain point raised from what was heard."""
    return raise_pain_point(
        actor=user, title=title, language="en", evidence=[EvidenceDraft(verbatim=one) for one in verbatims],
        now=world.NOW,
    )  # fmt: skip
