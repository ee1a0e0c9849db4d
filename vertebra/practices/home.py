"""What ways of working say on the home page: objections to answer, what waits for a validation, what owes its own."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.kit import clock
from vertebra.kit.home import Need, Part, Row, Rows, waits
from vertebra.org.empty_spaces import person_of
from vertebra.org.labels import MandateRole
from vertebra.org.models import Mandate, Person
from vertebra.practices.labels.practices import ContributionKind, PracticeState
from vertebra.practices.models import CoAuthor, Contribution, Practice

MOST_ALIKE = 3


def part(user: User, now: dt.datetime) -> Part:
    """What waits for those who build a practice, carry it, or may validate it."""
    return Part(waits=lambda: _waits(user, clock.today(now)), told=_needs)


def _waits(user: User, day: dt.date) -> list[Rows]:
    person = person_of(user)
    if person is None:
        return []
    owed = Practice.objects.filter(
        carrier=person, state=PracticeState.IN_FORCE, next_review_on__lte=day, archived_at=None
    )
    found = [
        waits(_objections(person), "objection", number="practice_id", title="practice__name"),
        waits(owed, "owed", title="name", day="next_review_on"),
    ]
    if not may(user, Right.PRODUCT_OPS):
        found.append(waits(_to_validate(person, day), "validate", title="name"))
    return found


def _objections(person: Person) -> Rows:
    """Objections to what this person builds that nobody has answered."""
    builds = Exists(CoAuthor.objects.filter(practice=OuterRef("practice"), person=person))
    rows = Contribution.objects.filter(kind=ContributionKind.OBJECTION, answered_at=None)
    return rows.filter(Q(practice__carrier=person) | Q(builds), practice__archived_at=None)


def _to_validate(person: Person, day: dt.date) -> Rows:
    """What is built together, with nothing in the way, and that this person carries or may validate as a director."""
    waiting = Contribution.objects.filter(
        practice=OuterRef("pk"), kind=ContributionKind.OBJECTION, answered_at=None
    )
    directs = Exists(Mandate.objects.as_of(day).filter(person=person, role=MandateRole.DIRECTOR))
    rows = Practice.objects.filter(~Exists(waiting), state=PracticeState.CO_BUILT, archived_at=None)
    return rows.filter(Q(carrier=person) | Q(directs))


def _needs(rows: list[Row]) -> list[Need]:
    told = {"objection": _to_answer, "owed": _owing, "validate": _waiting}
    return [
        told[code](row)
        for code in told
        for row in sorted((one for one in rows if one[0] == code), key=lambda one: one[1])[:MOST_ALIKE]
    ]


def _page(row: Row, part_of_page: str = "") -> str:
    return reverse("practices:practice-show", args=(row[1],)) + part_of_page


def _short(row: Row) -> str:
    return Truncator(row[2]).chars(90)


def _to_answer(row: Row) -> Need:
    said = _("Somebody objects to “%(name)s”") % {"name": _short(row)}
    return Need(said, _page(row, "#contributions"), _("Read and answer"))


def _owing(row: Row) -> Need:
    said = _("“%(name)s” owes its validation: it was lived before it was written here") % {
        "name": _short(row)
    }
    return Need(said, _page(row), _("Look at it"))


def _waiting(row: Row) -> Need:
    """A practice that waits for a validation: asked of a director, so two things a week at most with all the rest."""
    said = _("“%(name)s” was built together and waits for a validation") % {"name": _short(row)}
    return Need(said, _page(row), _("Read and validate"), ask=(str(Kind.PRACTICE), row[1]))
