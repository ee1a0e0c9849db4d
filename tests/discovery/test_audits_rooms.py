"""The room where an audit is presented: everybody's page follows, and the order is kept with a record."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests import world
from tests.discovery.audited import Heard, audited, heard
from vertebra.accounts.models import AuditEntry
from vertebra.discovery.models import Audit, AuditRoom
from vertebra.discovery.queries.audit_document import document

pytestmark = pytest.mark.django_db


@pytest.fixture
def found() -> Heard:
    cache.clear()
    return heard()


@pytest.fixture
def ines(found: Heard) -> Client:
    client = Client()
    client.force_login(found.ines, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def stamp_of(page: bytes) -> str:
    found = re.search(r"stamp=(\w+)", page.decode())
    assert found is not None
    return found[1]


def test_everybody_follows_the_place_and_the_order(found: Heard, ines: Client) -> None:
    audit = audited(found)
    room = ines.post(reverse("discovery:audit-room-opening", args=(audit.pk,)))["Location"]
    phone = Client()
    page = phone.get(room)
    assert page.status_code == 200
    stamp = stamp_of(page.content)
    assert phone.get(f"{room}state/?stamp={stamp}").status_code == 204, "nothing to draw again"

    phone.post(f"{room}act/", {"show": "2"})
    part = ines.get(f"{room}state/?stamp={stamp}")
    assert part.status_code == 200
    assert audit.items.all()[1].pain_point.title in part.content.decode()

    third = audit.items.all()[2]
    phone.post(f"{room}act/", {"item": str(third.pk), "move": "up"})
    assert audit.items.order_by("rank")[1] == third
    phone.post(f"{room}act/", {"timer": "10"})
    assert AuditRoom.objects.get().timer_until == world.NOW.__class__.fromtimestamp(
        world.NOW.timestamp() + 600, world.NOW.tzinfo
    )
    for hostile in ({"show": "-1"}, {"item": "9" * 30, "move": "up"}, {"timer": "x"}, {}, {"show": "99"}):
        assert phone.post(f"{room}act/", hostile).status_code == 302


def test_the_order_made_together_is_the_audits_with_who_was_there(found: Heard, ines: Client) -> None:
    audit = audited(found)
    room = ines.post(reverse("discovery:audit-room-opening", args=(audit.pk,)))["Location"]
    second = audit.items.all()[1]
    Client().post(f"{room}act/", {"item": str(second.pk), "move": "up"})
    ines.post(reverse("discovery:audit-room-closing", args=(audit.pk,)), {"present": "Inès, Karim"})
    held = AuditRoom.objects.get()
    assert held.order_before != held.order_after
    assert held.order_after[0] == second.pain_point_id
    content = document(Audit.objects.get(pk=audit.pk), world.TODAY)
    assert content["order"] == {"is_changed": True, "room_on": "2026-11-02", "present": "Inès, Karim"}
    assert AuditEntry.objects.filter(verb="close", object_id=audit.pk).exists()
    assert Client().get(room).status_code == 410
    assert Client().post(f"{room}act/", {"show": "1"}).status_code == 410
    assert "HX-Refresh" in Client().get(f"{room}state/")


def test_a_new_address_closes_the_one_before(found: Heard, ines: Client) -> None:
    audit = audited(found)
    opening = reverse("discovery:audit-room-opening", args=(audit.pk,))
    first = ines.post(opening)["Location"]
    second = ines.post(opening)["Location"]
    assert first != second
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    assert AuditRoom.objects.count() == 1
