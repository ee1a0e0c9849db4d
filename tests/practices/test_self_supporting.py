"""Who runs each practice and routine, and handing it over."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from tests import world
from tests.org.company import person
from tests.practices.routine_made import routine, standard
from tests.roadmap.undertaken import browser
from tests.waiting import needs_of
from vertebra.accounts import audit
from vertebra.accounts.models import Message, User
from vertebra.org.models import Person
from vertebra.practices.actions import hand_overs as actions
from vertebra.practices.jobs.routines import remind_who_takes_over, somebody_takes_over
from vertebra.practices.models import HandOver, Routine
from vertebra.practices.pages.routines_home import part
from vertebra.practices.queries.self_supporting import all_run

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
NOW, TODAY = world.NOW, world.TODAY
SOON = TODAY + dt.timedelta(days=2)


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = NOW


@pytest.fixture
def ines() -> User:
    return world.ines()


@pytest.fixture
def karim() -> Person:
    return person("Karim Diallo", user=world.karim(), email="karim@example.org")


@pytest.fixture
def of_ops(ines: User) -> Person:
    return person("Ines Barbier", user=ines)


def test_what_product_ops_runs_would_stop(ines: User, of_ops: Person, karim: Person) -> None:
    routine(ines, title="Ours", lead=of_ops)
    routine(ines, title="Theirs", lead=karim)
    routine(ines, title="Nobody's")
    standard("Discovery", {"product": 10}, carrier=karim)
    assert [(one.title, one.run_by) for one in all_run()] == [
        ("Ours", "product_ops"), ("Nobody's", "nobody"), ("Discovery", "outside"), ("Theirs", "outside"),
    ]  # fmt: skip


def test_somebody_of_product_ops_is_known_by_their_address_too(ines: User) -> None:
    routine(ines, lead=person("Ines Barbier", email="INES@example.org"))
    assert [one.run_by for one in all_run()] == ["product_ops"]


def test_a_hand_over_is_told_reminded_once_and_done(ines: User, of_ops: Person, karim: Person) -> None:
    row = routine(ines, lead=of_ops)
    actions.begin_hand_over(actor=ines, thing=row, to=karim, by_on=SOON, words="Two sessions", now=NOW)
    assert [one.run_by for one in all_run()] == ["handed_over"]
    assert somebody_takes_over()
    assert remind_who_takes_over.call()["reminded"] == 1
    assert remind_who_takes_over.call()["reminded"] == 0
    assert sorted(Message.objects.values_list("template", flat=True)) == ["hand_over", "hand_over_soon"]
    assert karim.user is not None
    needs = needs_of([part(karim.user, NOW)])
    assert [one.verb for one in needs] == ["Take it over"]
    entry = actions.take_over(actor=karim.user, hand_over=HandOver.objects.get(), now=NOW)
    row.refresh_from_db()
    assert row.lead == karim
    assert needs_of([part(karim.user, NOW)]) == []
    audit.undo(actor=karim.user, entry=entry, now=NOW)
    row.refresh_from_db()
    assert row.lead == of_ops


def test_it_goes_to_somebody_else_once_at_a_time_by_a_day_to_come(
    ines: User, of_ops: Person, karim: Person
) -> None:
    row = standard("Discovery", {}, carrier=of_ops).practice
    said: dict[str, Any] = {"actor": ines, "thing": row, "now": NOW}
    with pytest.raises(actions.ToNobody):
        actions.begin_hand_over(to=of_ops, by_on=SOON, **said)
    with pytest.raises(actions.ToNobody):
        actions.begin_hand_over(to=karim, by_on=TODAY - dt.timedelta(days=1), **said)
    actions.begin_hand_over(to=karim, by_on=SOON, **said)
    with pytest.raises(actions.UnderWay):
        actions.begin_hand_over(to=karim, by_on=SOON, **said)
    actions.stop_hand_over(actor=ines, hand_over=HandOver.objects.get(), now=NOW)
    actions.begin_hand_over(to=karim, by_on=SOON, **said)
    with pytest.raises(audit.NothingChanges):
        actions.take_over(actor=ines, hand_over=HandOver.objects.order_by("pk")[0], now=NOW)


def test_the_page_says_what_would_stop_and_lets_those_concerned_act(
    ines: User, of_ops: Person, karim: Person
) -> None:
    row = routine(ines, lead=of_ops)
    url, mine = reverse("practices:self-supporting"), browser(ines)
    page = mine.get(url).content.decode()
    assert "<b>1</b> of 1 would stop." in page
    give = f"{reverse('practices:hand-over-create')}?kind=routine&number={row.pk}"
    assert mine.get(give).status_code == 200
    assert mine.post(give, {"to": "karim@example.org", "by_on": SOON.isoformat()}).status_code == 302
    hand_over = HandOver.objects.get()
    assert browser(world.lea()).get(give).status_code == 403
    taking = reverse("practices:hand-over-taking", args=[hand_over.pk])
    assert browser(User.objects.get(email="lea@example.org")).post(taking).status_code == 403
    assert karim.user is not None
    theirs = browser(karim.user)
    assert "It is taken over" in theirs.get(url).content.decode()
    assert theirs.post(taking).status_code == 302
    assert Routine.objects.get().lead == karim
    assert "Karim" in mine.get(url, {"format": "csv"}).getvalue().decode()
    assert mine.get(f"{reverse('practices:hand-over-create')}?kind=person&number=1").status_code == 404
