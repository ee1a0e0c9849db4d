"""Lessons of the tests, made by the actions."""

from typing import Any

from tests import world
from tests.org.company import person
from vertebra.accounts.models import User
from vertebra.learning.actions.lessons import create_lesson, publish_lesson, write_text
from vertebra.learning.models import Lesson
from vertebra.org.models import Person, Unit

TEXT = {
    "title": "Refunds in one click",
    "body": "A button in the **order**.",
    "question": "Who may refund?",
    "choices": ["Everybody", "Support only", "Nobody"],
    "right": 1,
    "explanation": "Support holds the key.",
}


def written(actor: User, title: str = "Refunds", **given: Any) -> Lesson:
    """A lesson that can be published, in English."""
    row = create_lesson(actor=actor, title=title, language="en", now=world.NOW, **given)
    write_text(actor=actor, lesson=row, language="en", changes=TEXT, now=world.NOW)
    return row


def published(actor: User, title: str = "Refunds", **given: Any) -> Lesson:
    """A lesson that holds."""
    row = written(actor, title, **given)
    publish_lesson(actor=actor, lesson=row, now=world.NOW)
    return row


def crowd(team: Unit, count: int, function: str = "support") -> list[Person]:
    """So many people of a team."""
    return [
        person(f"Person {team.pk} {at}", team, function, email=f"p{team.pk}-{at}@example.org")
        for at in range(count)
    ]
