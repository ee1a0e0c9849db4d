"""Who may do what with a practice: try it, write it, validate it; whether somebody is of Product Ops."""

import datetime as dt

from django.db.models import Q

from vertebra.accounts.labels import Role
from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.org.empty_spaces import person_of
from vertebra.org.labels import MandateRole
from vertebra.org.models import Mandate, Membership, Person
from vertebra.org.queries.structure import Node, Structure
from vertebra.practices.models import Practice


def is_product_ops(person: Person) -> bool:
    """Whether somebody works with Vertebra as Product Ops: the practice would rest on them."""
    theirs = Q(pk=person.user_id or 0)
    if person.email:
        theirs |= Q(email__iexact=person.email)
    return User.objects.filter(theirs, role=Role.PRODUCT_OPS, is_active=True).exists()


def is_builder(user: User, practice: Practice) -> bool:
    """Whether somebody builds a practice under their own name: its carrier, a co-author, whoever had the idea."""
    if not may(user, Right.TAKE_PART):
        return False
    if practice.made_by_id == user.pk:
        return True
    person = person_of(user)
    if person is None:
        return False
    return practice.carrier_id == person.pk or practice.co_authors.filter(person=person).exists()


def may_change(user: User, practice: Practice) -> bool:
    """Whether somebody may write a practice: those who build it, Product Ops."""
    return may(user, Right.PRODUCT_OPS) or is_builder(user, practice)


def is_director(person: Person, day: dt.date) -> bool:
    """Whether somebody directs something on a day."""
    return Mandate.objects.as_of(day).filter(person=person, role=MandateRole.DIRECTOR).exists()


def validator_of(user: User, practice: Practice, day: dt.date) -> Person | None:
    """Under whose name this user may validate a practice: a director or its carrier, outside Product Ops."""
    if not may(user, Right.TAKE_PART) or may(user, Right.PRODUCT_OPS):
        return None
    person = person_of(user)
    if person is None or is_product_ops(person):
        return None
    return person if practice.carrier_id == person.pk or is_director(person, day) else None


def is_of_team(user: User, unit_id: int, day: dt.date) -> bool:
    """Whether somebody works in a unit, in one under it, or holds a mandate in it."""
    person = person_of(user)
    if person is None:
        return False
    units = Structure.as_of(day, with_members=False).under(unit_id)
    return (
        Membership.objects.as_of(day).filter(person=person, unit__in=units).exists()
        or Mandate.objects.as_of(day).filter(person=person, unit=unit_id).exists()
    )


def may_hand_over(user: User, practice: Practice) -> bool:
    """Whether somebody may hand a practice over: who carries it, Product Ops."""
    if may(user, Right.PRODUCT_OPS):
        return True
    person = person_of(user)
    return person is not None and may(user, Right.TAKE_PART) and practice.carrier_id == person.pk


def teams_of(user: User, practice: Practice, day: dt.date) -> list[Node]:
    """The units in whose name somebody may speak of a practice: all for those who build it, otherwise their own."""
    structure = Structure.as_of(day, with_members=False)
    if may_change(user, practice):
        return structure.all()
    person = person_of(user)
    if person is None or not may(user, Right.TAKE_PART):
        return []
    works = set(Membership.objects.as_of(day).filter(person=person).values_list("unit", flat=True))
    leads = set(Mandate.objects.as_of(day).filter(person=person).values_list("unit", flat=True))
    around = {above for unit in works if (node := structure.get(unit)) for above in (*node.path, unit)}
    return [node for node in structure.all() if node.id in around | leads]


def may_announce(user: User, practice: Practice, day: dt.date) -> bool:
    """Whether somebody may say for whom a practice is what: those who build it, directors, Product Ops."""
    if may_change(user, practice):
        return True
    person = person_of(user)
    return person is not None and may(user, Right.TAKE_PART) and is_director(person, day)
