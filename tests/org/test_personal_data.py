"""Somebody's data are handed over whole, and erased from every table."""

import json

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.test import Client
from django.urls import reverse

from tests import world
from vertebra.accounts.actions.comments import add_comment
from vertebra.accounts.labels import Kind, Role
from vertebra.accounts.models import AuditEntry, User
from vertebra.accounts.outbox import queue_message
from vertebra.accounts.personal import holdings
from vertebra.accounts.search import search
from vertebra.discovery.labels import Consent, InterviewState
from vertebra.discovery.models import Interview, Stance, Verbatim
from vertebra.evidence.models import Ask
from vertebra.kit.cards import Card
from vertebra.org.actions import people
from vertebra.org.actions.erasure import WrongName, erase_person
from vertebra.org.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
NAME, EMAIL = "Zélie O'Connor-Ünal", "zelie.oconnor@example.org"


def people_fields(model: type[models.Model]) -> list[str]:
    return [
        field.name
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model in (User, Person)
    ]


def test_every_model_that_names_a_person_says_what_erasure_does_to_it() -> None:
    known: set[str] = set()
    for holding in holdings(settings.PERSONAL_DATA):
        known |= set(holding.models)
    named = {model._meta.label_lower for model in apps.get_models() if people_fields(model)}
    assert named - known == set()
    assert known - named == {"accounts.user"}


def hear(person: Person) -> None:
    """A conversation with somebody, words of theirs, and a stance noted about them."""
    interview = Interview.objects.create(
        person=person,
        state=InterviewState.HELD,
        held_on=world.TODAY,
        consent=Consent.GIVEN,
        notes=f"{NAME} is tired of hand-overs.",
        language="fr",
        created_at=world.NOW,
        changed_at=world.NOW,
    )
    Verbatim.objects.create(
        interview=interview,
        person=person,
        text="Nobody tells us.",
        language="fr",
        said_on=world.TODAY,
        created_at=world.NOW,
    )
    Stance.objects.create(
        kind=Kind.PAIN_POINT,
        object_id=1,
        person=person,
        level=-1,
        note="Wants figures first.",
        noted_on=world.TODAY,
        created_at=world.NOW,
    )


@pytest.fixture
def ada() -> User:
    return world.ada()


@pytest.fixture
def zelie(ada: User) -> Person:
    """Somebody with an account, words, a stance, comments, messages and a history."""
    user = world.account("Zelie Someone", Role.CONTRIBUTOR)
    User.objects.filter(pk=user.pk).update(name=NAME, email=EMAIL)
    user.refresh_from_db()
    people.create_person(actor=ada, values={"name": NAME, "email": EMAIL, "handle": EMAIL}, now=world.NOW)
    person = Person.objects.get(name=NAME)
    Person.objects.filter(pk=person.pk).update(user=user, imported={"name": NAME})
    person.refresh_from_db()
    people.change_person(actor=user, person=person, changes={"title": f"Deputy of {NAME}"}, now=world.NOW)
    about = Card(Kind.UNIT, 1, NAME, "/")
    add_comment(actor=user, card=about, body=f"I am {NAME}, write to {EMAIL}.", now=world.NOW)
    add_comment(actor=ada, card=about, body=f"{NAME} said so.", now=world.NOW)
    queue_message(
        key="zelie",
        template="comment",
        particulars={"object": NAME},
        language="fr",
        now=world.NOW,
        to_user=user,
    )
    hear(person)
    return person


def everything() -> str:
    """Every value of every table, as text."""
    with connection.cursor() as cursor:
        values = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            values += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(values)


def spellings(word: str) -> list[str]:
    return [word, word.lower(), json.dumps(word)[1:-1]]


def test_erasing_somebody_leaves_no_name_and_no_address_in_any_table(ada: User, zelie: Person) -> None:
    before = everything()
    assert NAME in before and EMAIL in before
    erase_person(actor=ada, person=zelie, typed_name=NAME, now=world.NOW)
    after = everything()
    for spelling in (*spellings(NAME), *spellings(EMAIL), "Nobody tells us.", "Wants figures first."):
        assert spelling not in after
    assert search(ada, "Zélie") == []


def test_what_counts_for_others_stays_under_a_pseudonym(ada: User, zelie: Person) -> None:
    erase_person(actor=ada, person=zelie, typed_name=NAME, now=world.NOW)
    zelie.refresh_from_db()
    assert zelie.name == f"Personne-effacée-{zelie.pk}"
    assert Interview.objects.get().held_on == world.TODAY
    assert AuditEntry.objects.filter(actor_name=zelie.name).exists()
    assert User.objects.filter(is_active=False, name=zelie.name).exists()


def test_somebody_is_erased_only_by_their_name(ada: User, zelie: Person) -> None:
    with pytest.raises(WrongName):
        erase_person(actor=ada, person=zelie, typed_name="Zélie", now=world.NOW)


def test_one_gets_all_that_is_held_of_oneself(client: Client, zelie: Person) -> None:
    assert zelie.user is not None
    client.force_login(zelie.user)
    given = json.loads(client.get(reverse("org:own-data")).content)
    assert given["account"][0]["email"] == EMAIL
    assert given["interviews"][0]["notes"].startswith(NAME)
    assert given["stances"][0]["note"] == "Wants figures first."
    assert given["verbatims"][0]["text"] == "Nobody tells us."


def test_only_product_ops_hand_over_the_data_of_others(client: Client, ada: User, zelie: Person) -> None:
    client.force_login(ada)  # an administrator reads no interviews
    assert client.post(reverse("org:person-data", args=[zelie.pk])).status_code == 403
    client.force_login(world.ines())
    Ask.objects.create(person=zelie, kind="survey", object_id=1, on=world.TODAY)
    given = client.post(reverse("org:person-data", args=[zelie.pk]))
    assert given.status_code == 200 and "is_answered" not in given.content.decode()
    assert AuditEntry.objects.filter(verb="share", kind=Kind.PERSON, object_id=zelie.pk).exists()


def test_the_page_erases_after_the_name_was_typed(client: Client, ada: User, zelie: Person) -> None:
    client.force_login(ada)
    address = reverse("org:person-erasure", args=[zelie.pk])
    assert client.post(address, {"name": "Somebody"}).status_code == 422
    assert client.post(address, {"name": NAME}).status_code == 302
    zelie.refresh_from_db()
    assert zelie.name != NAME
