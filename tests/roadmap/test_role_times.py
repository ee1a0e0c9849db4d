"""Time asked of each role and given back to it: counted, added up, read by everybody and by link."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from tests.roadmap import moved
from vertebra.accounts.actions.shared_links import revoke_link, share_page
from vertebra.accounts.models import SharedLink, User
from vertebra.roadmap.actions import role_times as actions
from vertebra.roadmap.actions.role_times import Spent
from vertebra.roadmap.actions.states import close_initiative, deliver_initiative, start_initiative
from vertebra.roadmap.models import Initiative, RoleTime
from vertebra.roadmap.queries.role_times import LINK_PAGE, balance_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines() -> User:
    return world.ines()


def spent(**values: object) -> Spent:
    given: dict[str, object] = {
        "kind": "asked", "function": "product", "minutes": 30, "people": 20, "how": "one meeting",
        "from_on": world.TODAY,
    }  # fmt: skip
    return Spent(**(given | values))  # type: ignore[arg-type]


def started(ines: User, *times: Spent) -> Initiative:
    row = moved.initiative(ines)
    for each in times:
        actions.add_role_time(actor=ines, initiative=row, spent=each, now=world.NOW)
    start_initiative(actor=ines, initiative=row, reason="No figure yet.", now=world.NOW)
    return row


def test_hours_are_counted_per_role_and_given_back_once_delivered(ines: User) -> None:
    row = started(
        ines, spent(), spent(kind="given_back", minutes=120), spent(function="support", minutes=60, people=5)
    )
    balance = balance_on(world.TODAY)
    assert (balance.asked, balance.given_back, balance.expected) == (15.0, 0.0, 40.0)
    assert [(role.function, role.asked) for role in balance.roles] == [("product", 10.0), ("support", 5.0)]
    deliver_initiative(actor=ines, initiative=row, now=world.NOW)
    balance = balance_on(world.TODAY)
    assert (balance.given_back, balance.expected, balance.balance) == (40.0, 0.0, 25.0)
    close_initiative(actor=ines, initiative=row, outcome="missed", reason="Nobody used it.", now=world.NOW)
    assert balance_on(world.TODAY).given_back == 0.0


def test_only_what_holds_on_the_day_of_what_has_started_counts(ines: User) -> None:
    started(ines, spent(from_on=world.TODAY - dt.timedelta(days=40), until_on=world.TODAY))
    actions.add_role_time(actor=ines, initiative=moved.initiative(ines), spent=spent(), now=world.NOW)
    assert balance_on(world.TODAY).asked == 0
    assert balance_on(world.TODAY - dt.timedelta(days=1)).asked == 10.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": 0}, {"people": 0}, {"how": "  "}, {"function": "wizards"}, {"kind": "lost"},
        {"minutes": 10**9}, {"until_on": world.TODAY}, {"is_measured": True, "people": 4},
    ],
)  # fmt: skip
def test_what_cannot_be_counted_is_refused(ines: User, wrong: dict[str, object]) -> None:
    with pytest.raises((actions.NoTime, actions.TooFewMeasured)):
        actions.add_role_time(
            actor=ines, initiative=moved.initiative(ines), spent=spent(**wrong), now=world.NOW
        )
    assert not RoleTime.objects.exists()


def test_the_time_of_a_role_is_said_once_from_a_day_on(ines: User) -> None:
    row = started(ines, spent())
    with pytest.raises(actions.SaidAlready):
        actions.add_role_time(actor=ines, initiative=row, spent=spent(minutes=9), now=world.NOW)
    actions.remove_role_time(actor=ines, role_time=row.role_times.get(), now=world.NOW)
    assert not row.role_times.exists()


def signed_in(user: User) -> Client:
    user.language = "en"
    user.save()
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_everybody_reads_it_and_whoever_has_the_link(ines: User) -> None:
    started(ines, spent(), spent(kind="given_back", minutes=120))
    reader = signed_in(world.lea())
    page = reader.get(reverse("roadmap:time-given-back")).content.decode()
    assert "asks for <b>10 hours</b>" in page and "Share" not in page
    assert reader.get(reverse("roadmap:time-link-list")).status_code == 403
    _entry, secret = share_page(actor=ines, page=LINK_PAGE, name="Works council", days=30, now=world.NOW)
    address = reverse("roadmap:time-by-link", args=(secret,))
    visitor = Client()
    # The machine's own moment is before the link ends.
    opened = visitor.get(address)
    assert opened.status_code in {200, 410}
    assert "no-store" in opened["Cache-Control"]
    [link] = SharedLink.objects.all()
    revoke_link(actor=ines, link=link, now=world.NOW)
    assert visitor.get(address).status_code == 410
    assert visitor.get(reverse("roadmap:time-by-link", args=("no",))).status_code == 404


def test_a_line_is_added_and_taken_away_on_the_page(ines: User) -> None:
    row = started(ines)
    client = signed_in(ines)
    address = reverse("roadmap:role-time-list", args=(row.pk,))
    form = {
        "kind": "asked",
        "function": "product",
        "minutes": 30,
        "people": 8,
        "how": "a meeting",
        "from_on": "2026-11-02",
    }
    assert client.post(address, form).status_code == 302
    assert client.post(address, form | {"minutes": ""}).status_code == 422
    line = RoleTime.objects.get()
    assert "a meeting" in client.get(address).content.decode()
    assert signed_in(world.lea()).post(address, form).status_code == 403
    client.post(reverse("roadmap:role-time-removal", args=(line.pk,)))
    assert not RoleTime.objects.exists()
