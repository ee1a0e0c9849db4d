"""Whose work is where, on screen, by file and for tools."""

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import world
from tests.evidence.flow_world import unit
from vertebra.accounts.audit import undo
from vertebra.accounts.models import AuditEntry, User
from vertebra.evidence.models import WorkPlace
from vertebra.org.models import Area, AreaVersion
from vertebra.sources.models import Source

pytestmark = pytest.mark.django_db
LIST = "/evidence/trail/places/"


@pytest.fixture
def ines(client: Client, settings: LazySettings) -> User:
    settings.FIXED_NOW = world.NOW
    user = world.english(world.ines())
    client.force_login(user)
    return user


@pytest.fixture
def shop() -> WorkPlace:
    source = Source.objects.create(name="Tracker", made_at=world.NOW)
    WorkPlace.objects.create(source=source, way="label", value="rare", count=None)
    WorkPlace.objects.create(source=source, way="component", value="Check-out", count=50, weight=50)
    return WorkPlace.objects.create(source=source, way="project", value="Paiement", count=20, weight=20)


def area(name: str) -> Area:
    row = Area.objects.create(created_at=world.NOW)
    AreaVersion.objects.create(area=row, name=name, starts_on=world.TODAY)
    return row


def test_what_nobody_spoke_of_comes_first_the_largest_before_the_others(
    client: Client, ines: User, shop: WorkPlace
) -> None:
    WorkPlace.objects.filter(value="Check-out").update(is_mapped=True, unit=unit("Till"))
    shown = client.get(LIST)
    assert [row.value for row in shown.context["listing"].rows] == ["Paiement", "rare", "Check-out"]
    assert "kept back" in shown.content.decode()
    assert [row.value for row in client.get(f"{LIST}?state=mapped").context["listing"].rows] == ["Check-out"]


def test_a_unit_called_alike_is_suggested_and_taken(client: Client, ines: User, shop: WorkPlace) -> None:
    payments = unit("Paiements")
    shown = client.get(LIST).content.decode()
    assert "It is Paiements" in shown
    client.post(f"{LIST}belong/", {"take": f"unit:{payments.pk}:{shop.pk}"})
    shop.refresh_from_db()
    assert (shop.unit_id, shop.is_mapped) == (payments.pk, True)
    undo(actor=ines, entry=AuditEntry.objects.latest("pk"), now=world.NOW)
    shop.refresh_from_db()
    assert (shop.unit_id, shop.is_mapped) == (None, False)


def test_several_places_are_said_at_once_and_taken_back(client: Client, ines: User, shop: WorkPlace) -> None:
    till, cash = unit("Till"), area("Cash desk")
    chosen = list(WorkPlace.objects.values_list("pk", flat=True))
    given = {"selected": chosen, "unit": till.pk, "area": cash.pk, "verb": "belong"}
    client.post(f"{LIST}belong/", given)
    assert set(WorkPlace.objects.values_list("unit", "area", "is_mapped")) == {(till.pk, cash.pk, True)}
    client.post(f"{LIST}belong/", {"selected": chosen[:2], "verb": "clear"})
    assert WorkPlace.objects.filter(is_mapped=False, unit=None, area=None).count() == 2
    refused = client.post(f"{LIST}belong/", {"verb": "belong"}, follow=True)
    assert "Tick places first" in refused.content.decode()


@pytest.mark.parametrize("number", ["9" * 30, "-1", "٣", "1e3", ""])
def test_a_number_of_no_place_changes_nothing(
    client: Client, ines: User, shop: WorkPlace, number: str
) -> None:
    for given in ({"take": f"unit:1:{number}"}, {"take": f"unit:{number}:{shop.pk}"}, {"selected": [number]}):
        answer = client.post(f"{LIST}belong/", {**given, "verb": "belong"})
        assert answer.status_code == 302
    assert not WorkPlace.objects.filter(is_mapped=True).exists()


def test_the_list_goes_out_and_comes_back_as_a_file(client: Client, ines: User, shop: WorkPlace) -> None:
    till = unit("Till")
    out = b"".join(client.get(f"{LIST}?format=csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert out.splitlines()[0].lstrip("\ufeff") == "Called in the tool,What it is,Source,Work items,Unit,Area"
    changed = out.replace("Paiement,project,Tracker,20,,", "Paiement,project,Tracker,20,till,")
    file = SimpleUploadedFile("places.csv", changed.encode())
    assert "1 place is said" in client.post(f"{LIST}file/", {"file": file}, follow=True).content.decode()
    shop.refresh_from_db()
    assert shop.unit_id == till.pk


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Paiement,project,Tracker,1,Nowhere,", "Line 2: “Nowhere” names no unit"),
        ("Nothing,project,Tracker,1,Till,", "Line 2: No source tells of “Nothing”"),
    ],
)
def test_a_wrong_file_is_told_by_line_and_nothing_of_it_is_taken(
    client: Client, ines: User, shop: WorkPlace, line: str, told: str
) -> None:
    unit("Till")
    head = "Called in the tool,What it is,Source,Work items,Unit,Area\n"
    file = SimpleUploadedFile("a.csv", f"{head}{line}\nCheck-out,component,Tracker,50,Till,\n".encode())
    shown = client.post(f"{LIST}file/", {"file": file}, follow=True).content.decode()
    assert told in shown
    assert not WorkPlace.objects.filter(is_mapped=True).exists()


@pytest.mark.parametrize("held", [b"x\n1\n", "Unité".encode("utf-16")])
def test_a_file_of_something_else_is_refused(
    client: Client, ines: User, shop: WorkPlace, held: bytes
) -> None:
    shown = client.post(f"{LIST}file/", {"file": SimpleUploadedFile("a.csv", held)}, follow=True)
    assert "Nothing was taken from the file." in shown.content.decode()


def test_others_do_not_open_it(client: Client, shop: WorkPlace) -> None:
    client.force_login(world.lea())
    assert client.get(LIST).status_code == 403
    assert client.post(f"{LIST}belong/", {"selected": [shop.pk]}).status_code == 403


def test_it_speaks_french(client: Client, shop: WorkPlace, settings: LazySettings) -> None:
    user = world.ines()
    user.language = "fr"
    user.save(update_fields=["language"])
    client.force_login(user)
    shown = client.get(LIST).content.decode()
    assert "À qui est le travail" in shown and "composant" in shown
