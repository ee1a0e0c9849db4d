"""Ranking on a page: gestures, two devices, the link, the room; and nothing of it to be seen before the reveal."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests import world
from tests.roadmap import table as t
from vertebra.accounts.labels import Role
from vertebra.accounts.models import AuditEntry, User
from vertebra.org.models import Person
from vertebra.roadmap.actions.cycles import reveal_rankings
from vertebra.roadmap.models import Cycle, Ranking, Seat
from vertebra.roadmap.queries.seats import counted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.FIXED_NOW = world.NOW
    cache.clear()


@pytest.fixture
def ines() -> User:
    return world.english(world.ines())


@pytest.fixture
def cycle(ines: User) -> Cycle:
    t.directors()
    return t.ranking(ines)


@pytest.fixture
def seat(cycle: Cycle) -> Seat:
    return t.seats(cycle)[0]


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def saved(client: Client, address: str, given: dict[str, Any]) -> Any:
    """What the page is told when it saves a gesture by itself."""
    return client.post(address, given, headers={"Accept": "application/json"}).json()


def revision(page: bytes) -> str:
    found = re.search(rb'name="revision" value="(\d+)"', page)
    assert found is not None
    return found[1].decode()


def test_a_director_picks_and_orders_without_javascript_nor_account(cycle: Cycle, seat: Seat) -> None:
    phone, address = Client(), t.link_of(seat)
    a, b, c, d = t.on(cycle)
    page = phone.get(address)
    assert page.status_code == 200 and not Ranking.objects.exists(), "opening changes nothing"
    order: list[int] = []
    for move in (f"add:{b.pk}", f"add:{a.pk}", f"up:{a.pk}", f"add:{c.pk}"):
        page = phone.get(address)
        phone.post(address, {"order": order, "revision": revision(page.content), "move": move})
        order = Ranking.objects.get().order
    assert order == [a.pk, b.pk, c.pk]
    assert Ranking.objects.get().done_at is not None, "all are picked: it counts"
    full = phone.post(address, {"order": order, "revision": "9", "move": f"add:{d.pk}"}, follow=True)
    assert "Pick 3 at most" in full.content.decode()
    phone.post(
        address, {"order": order, "revision": revision(phone.get(address).content), "move": f"out:{a.pk}"}
    )
    assert Ranking.objects.get().order == [b.pk, c.pk]
    assert AuditEntry.objects.filter(verb="rank").count() == 1


def test_hostile_gestures_change_nothing(cycle: Cycle, seat: Seat) -> None:
    address = t.link_of(seat)
    for hostile in (
        {"order": ["x", "9" * 30, "-1"], "move": "add:zz"}, {"move": "jump:1"}, {"order": ["999999"], "revision": "x"},
        {"score-1-reach": "inf", "score-x-y": "3", "score-": ""},
    ):  # fmt: skip
        assert Client().post(address, hostile).status_code == 302
    assert not Ranking.objects.exclude(order=[]).exists()
    assert Client().get(reverse("roadmap:rank-by-link", args=("0" * 64,))).status_code == 404


def test_the_later_of_two_devices_says_so_and_nothing_is_lost(cycle: Cycle, seat: Seat) -> None:
    desk, phone, address = Client(), Client(), t.link_of(seat)
    a, b, c, _d = t.on(cycle)
    first = {"order": [a.pk, b.pk], "revision": revision(desk.get(address).content)}
    other = {"order": [c.pk], "revision": revision(phone.get(address).content)}
    assert saved(desk, address, first)["revision"] == 1
    assert saved(phone, address, other) == {"conflict": True}
    row = Ranking.objects.get()
    assert row.order == [a.pk, b.pk] and row.aside["order"] == [c.pk]
    page = phone.get(address).content.decode()
    assert "Two devices, two rankings" in page and c.title in page
    phone.post(address, {"choose": "aside"})
    row.refresh_from_db()
    assert row.order == [c.pk] and row.aside == {}
    late = saved(desk, address, {**first, "revision": "1", "order": [a.pk, b.pk, c.pk]})
    assert late == {"conflict": True}, "the desk is now the later one"
    desk.post(address, {"choose": "kept"})
    row.refresh_from_db()
    assert row.order == [c.pk] and row.aside == {}


def test_an_empty_ranking_chosen_of_two_counts_no_more(cycle: Cycle, seat: Seat) -> None:
    desk, phone, address = Client(), Client(), t.link_of(seat)
    a, *_rest = t.on(cycle)
    old = revision(phone.get(address).content)
    desk.post(address, {"order": [a.pk], "revision": revision(desk.get(address).content), "done": "yes"})
    assert counted(cycle).count() == 1
    assert saved(phone, address, {"order": [], "revision": old}) == {"conflict": True}
    phone.post(address, {"choose": "aside"})
    assert not counted(cycle).exists()


def test_the_same_gesture_sent_twice_is_no_conflict(cycle: Cycle, seat: Seat) -> None:
    address = t.link_of(seat)
    sent = {"order": [t.on(cycle)[0].pk], "revision": "0"}
    saved(Client(), address, sent)
    assert "conflict" not in saved(Client(), address, sent)


def test_signed_in_the_delegate_ranks_and_others_do_not(cycle: Cycle, seat: Seat) -> None:
    nora = world.english(world.account("Nora Next"))
    url = reverse("roadmap:cycle-rank", args=(cycle.pk,))
    assert browser(nora).get(url).status_code == 404
    person = Person.objects.create(name="Nora Next", name_folded="nora next", user=nora, created_at=world.NOW)
    Seat.objects.filter(pk=seat.pk).update(delegate=person)
    assert browser(nora).get(url).status_code == 200
    owner = world.english(world.account("Paul Product"))
    assert browser(owner).get(url).status_code == 404, "whoever named a delegate ranks no more"


@pytest.mark.parametrize("role", list(Role))
def test_nobody_sees_a_ranking_before_all_are_shown(cycle: Cycle, ines: User, role: Role) -> None:
    a, b, c, _d = t.on(cycle)
    t.ranks(t.seats(cycle)[0], c, b, a)
    reader = browser(world.english(world.account(f"{role.value} X", role)))
    assert reader.get(reverse("roadmap:cycle-result", args=(cycle.pk,))).status_code == 404
    for name in ("cycle-show", "seat-list"):
        answer = reader.get(reverse(f"roadmap:{name}", args=(cycle.pk,)))
        if answer.status_code == 200:
            # The table itself names the topics, in its own order; nothing before it does.
            before = answer.content.decode().split("On the table")[0]
            assert not [one.title for one in (a, b, c) if one.title in before]
    if role == Role.ADMINISTRATOR:
        assert reader.get(reverse("roadmap:arbitration", args=(cycle.pk,))).status_code in {403, 404}


def test_a_link_is_handed_over_only_where_no_message_arrives(cycle: Cycle, seat: Seat, ines: User) -> None:
    url = reverse("roadmap:seat-link", args=(cycle.pk, seat.pk))
    before = seat.digest
    assert browser(ines).post(url, follow=True).status_code == 200
    seat.refresh_from_db()
    assert seat.digest == before, "Product Ops holds no link of somebody whom a message reaches"
    Person.objects.filter(pk=seat.person_id).update(email="")
    assert "/roadmap/ranking/" in browser(ines).post(url).content.decode()


def test_the_room_shows_how_many_have_ranked_then_the_result(cycle: Cycle, ines: User) -> None:
    presenter = browser(ines)
    room = presenter.post(reverse("roadmap:cycle-room-opening", args=(cycle.pk,)))["Location"]
    phone = Client()
    page = phone.get(room).content.decode()
    assert "0 of 6 have ranked" in page and "Show the rankings" not in page
    stamp = re.search(r"stamp=(\w+)", page)[1]  # type: ignore[index]
    assert phone.get(f"{room}state/?stamp={stamp}").status_code == 204
    a, b, c, _d = t.on(cycle)
    for seat in t.seats(cycle)[:3]:
        t.ranks(seat, b, a, c)
    assert "3 of 6 have ranked" in phone.get(f"{room}state/?stamp={stamp}").content.decode()
    phone.post(f"{room}act/", {"reveal": "yes"})
    cycle.refresh_from_db()
    assert cycle.revealed_at is None, "only Product Ops shows them"
    phone.post(f"{room}act/", {"timer": "10"})
    presenter.post(f"{room}act/", {"reveal": "yes"})
    shown = phone.get(f"{room}state/?stamp={stamp}").content.decode()
    assert "Together" in shown and shown.index(b.title) < shown.index(a.title)
    presenter.post(reverse("roadmap:cycle-room-closing", args=(cycle.pk,)), {"present": "All six"})
    assert phone.get(room).status_code == 410


def test_thirty_phones_are_followed_with_few_questions_each(
    cycle: Cycle, ines: User, django_assert_max_num_queries: Any
) -> None:
    room = browser(ines).post(reverse("roadmap:cycle-room-opening", args=(cycle.pk,)))["Location"]
    phones = [Client() for _ in range(30)]
    stamp = re.search(r"stamp=(\w+)", phones[0].get(room).content.decode())[1]  # type: ignore[index]
    t.ranks(t.seats(cycle)[0], *t.on(cycle)[:3])
    # All thirty at once after a change: one process has the time for all of them.
    with django_assert_max_num_queries(5 * len(phones)):
        assert all(phone.get(f"{room}state/?stamp={stamp}").status_code == 200 for phone in phones)


def test_the_result_tells_splits_the_line_and_each_ranking(cycle: Cycle, ines: User) -> None:
    a, b, c, d = t.on(cycle)
    for seat, order in zip(
        t.seats(cycle), [(a, b, c), (a, c, b), (d, c, b), (a, b, d), (b, a, c), (a, b, c)], strict=True
    ):
        t.ranks(seat, *order)
    reveal_rankings(actor=ines, cycle=cycle, now=world.NOW)
    lea = browser(world.english(world.lea()))
    url = reverse("roadmap:cycle-result", args=(cycle.pk,))
    page = lea.get(url).content.decode()
    assert "Where the functions split" in page and "Design puts it high" in page
    assert page.index("Where the functions split") < page.index("Together")
    assert "Here ends what Product Ops can give: 35 days" in page
    assert "Dora Design" in page
    again = lea.get(f"{url}?rule=schulze").content.decode()
    assert "Counted again by another rule" in again
    csv = b"".join(lea.get(f"{url}?format=csv")).decode("utf-8-sig")
    assert csv.splitlines()[1].startswith("1") and a.title in csv.splitlines()[1]


def test_scores_stand_beside_the_ranking(ines: User) -> None:
    t.directors()
    cycle = t.ranking(ines, lens="rice", quorum=1)
    seat, topic = t.seats(cycle)[0], t.on(cycle)[0]
    given = {f"score-{topic.pk}-{part}": value for part, value in
             (("reach", "400"), ("impact", "2"), ("confidence", "50"), ("effort", "4"), ("hack", "9"))}  # fmt: skip
    Client().post(t.link_of(seat), {"order": [topic.pk], "revision": "0", "done": "yes", **given})
    assert Ranking.objects.get().scores[str(topic.pk)] == {
        "reach": 400,
        "impact": 2,
        "confidence": 50,
        "effort": 4,
    }
    reveal_rankings(actor=ines, cycle=cycle, now=world.NOW)
    cycle.refresh_from_db()
    assert cycle.count["scores"][str(topic.pk)] == [100, 100, 100, 1]
