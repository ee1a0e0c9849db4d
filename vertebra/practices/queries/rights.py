"""Who may do what with a practice: try it, write it, validate it; whether somebody is of Product Ops."""

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from vertebra.accounts.labels import Role
from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.org.empty_spaces import held_by, number_of_person, person_of
from vertebra.org.labels import MandateRole
from vertebra.org.models import Mandate, Membership, Person
from vertebra.org.queries.structure import Node, Structure
from vertebra.practices.models import Practice


def is_of_product_ops(person: str = "") -> Exists:
    """Whether the person to whom this leads in a query works with Vertebra as Product Ops, by account or by address."""
    by_address = Q(folded=Lower(OuterRef(f"{person}email"))) & ~Q(folded="")
    theirs = Q(pk=OuterRef(f"{person}user")) | by_address
    users = User.objects.alias(folded=Lower("email"))
    return Exists(users.filter(theirs, role=Role.PRODUCT_OPS, is_active=True))


def is_product_ops(person: Person) -> bool:
    """Whether somebody works with Vertebra as Product Ops: the practice would rest on them."""
    return Person.objects.filter(is_of_product_ops(), pk=person.pk).exists()


def builds(user: User, person_id: int | None, practice: Practice) -> bool:
    """Whether somebody, of that number in the directory, builds a practice: its carrier, a co-author, whoever had the idea."""
    if practice.made_by_id == user.pk:
        return True
    if person_id is None or practice.carrier_id == person_id:
        return person_id is not None
    return any(one.person_id == person_id for one in practice.co_authors.all())


def is_builder(user: User, practice: Practice) -> bool:
    """Whether somebody builds a practice under their own name."""
    if not may(user, Right.TAKE_PART):
        return False
    if practice.made_by_id == user.pk:
        return True
    person = person_of(user)
    return builds(user, person.pk if person else None, practice)


def as_read_by(rows: "QuerySet[Any]", user: User, day: dt.date) -> "QuerySet[Any]":
    """These practices, with the number of somebody in the directory, and whether they direct something on a day."""
    directed = Mandate.objects.as_of(day).filter(person=OuterRef("reader"), role=MandateRole.DIRECTOR)
    told: QuerySet[Any] = rows.annotate(reader=number_of_person(user)).annotate(
        reader_directs=Exists(directed)
    )
    return told


def may_change(user: User, practice: Practice) -> bool:
    """Whether somebody may write a practice: those who build it, Product Ops."""
    return may(user, Right.PRODUCT_OPS) or is_builder(user, practice)


def is_director(person: Person, day: dt.date) -> bool:
    """Whether somebody directs something on a day."""
    return any(one.role == MandateRole.DIRECTOR for one in held_by(person, day))


def validator_of(user: User, practice: Practice, day: dt.date) -> Person | None:
    """Under whose name this user may validate a practice: a director or its carrier, outside Product Ops."""
    if not may(user, Right.TAKE_PART) or may(user, Right.PRODUCT_OPS):
        return None
    person = person_of(user)
    if person is None or not (practice.carrier_id == person.pk or is_director(person, day)):
        return None
    return None if is_product_ops(person) else person


def own_units(user: User, structure: Structure) -> set[int]:
    """The units of somebody on the day: where they work, what is around it, where they hold a mandate."""
    person = person_of(user)
    if person is None:
        return set()
    works = Membership.objects.as_of(structure.day).filter(person=person).values_list("unit", flat=True)
    around = {above for unit in works if (node := structure.get(unit)) for above in (*node.path, unit)}
    return around | {one.unit_id for one in held_by(person, structure.day) if one.unit_id}


def is_of_team(user: User, unit_id: int, structure: Structure) -> bool:
    """Whether somebody works in a unit, in one under it, or holds a mandate in it."""
    return unit_id in own_units(user, structure)


def teams_of(user: User, practice: Practice, structure: Structure) -> list[Node]:
    """The units in whose name somebody may speak of a practice: all for those who build it, otherwise their own."""
    if may_change(user, practice):
        return structure.all()
    own = own_units(user, structure) if may(user, Right.TAKE_PART) else set[int]()
    return [node for node in structure.all() if node.id in own]


def may_announce(user: User, row: Any) -> bool:
    """Whether somebody may say for whom a practice that was read for them (`as_read_by`) is what: those who build it,
    directors, Product Ops."""
    if may(user, Right.PRODUCT_OPS):
        return True
    return may(user, Right.TAKE_PART) and (row.reader_directs or builds(user, row.reader, row))
