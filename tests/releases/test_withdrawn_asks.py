"""What is withdrawn or archived asks nobody for anything more: champions, writers of briefs, whoever is reminded."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from tests.org.company import area, person
from tests.releases.made import champion, major, planned
from tests.releases.test_consultation_pages import link
from tests.releases.test_consultations import ask_of, asked, days, said
from tests.roadmap.undertaken import browser
from vertebra.accounts.models import Delivery, Message, User
from vertebra.org.models import Person
from vertebra.releases.actions.consultation_answers import TooLate
from vertebra.releases.actions.consultation_rounds import let_go, remind_champions
from vertebra.releases.actions.consultations import NotAsked, ask_more_champions, close_consultation
from vertebra.releases.actions.releases import archive_release, restore_release
from vertebra.releases.actions.states import withdraw_release
from vertebra.releases.jobs.consultations import is_consultation_due
from vertebra.releases.models import Consultation, Release
from vertebra.releases.queries.consultations import counts, due_asks, is_going_on, waiting, with_state
from vertebra.releases.queries.desk import champion_mandates, with_load
from vertebra.web.home import home_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def release(ines: User) -> Release:
    return planned(ines, "A new hull")


@pytest.fixture
def lea() -> Person:
    return champion("Lea Roux", "support", area=area("Bateaux"), user=world.lea())


@pytest.fixture
def row(ines: User, release: Release, lea: Person) -> Consultation:
    """What Léa was asked about the release."""
    return asked(ines, lea, release=release)


def withdraw(ines: User, release: Release) -> None:
    withdraw_release(actor=ines, release=release, reason="It leaks.", now=world.NOW)


def test_a_champion_is_asked_and_reminded_no_more_and_what_was_not_sent_yet_is_not(
    ines: User, release: Release, row: Consultation, lea: Person, settings: Any
) -> None:
    assert lea.user and [one for one in home_of(lea.user, world.NOW).needs if one.ask]
    withdraw(ines, release)
    assert not [one for one in home_of(lea.user, world.NOW).needs if one.ask]
    assert not due_asks(lea, world.NOW)
    load: Any = with_load(champion_mandates(world.TODAY).filter(person=lea), world.TODAY)
    assert load.get().waiting == 0
    asks = Message.objects.filter(template="consultation_ask")
    waited = Delivery.objects.filter(message__in=asks).exclude(state="sent")
    assert set(waited.values_list("state", flat=True)) == {"stopped"}, "the one in Vertebra was there at once"
    for later in (days(6), days(9)):
        settings.FIXED_NOW = later
        assert not is_consultation_due()
        assert remind_champions(actor=None, now=later) == [] and let_go(actor=None, now=later) is None
    with pytest.raises(TooLate, match="withdrawn"):
        said(lea)
    with pytest.raises(NotAsked, match="withdrawn"):
        other = champion("Bo Chen", "sales", area=area("Voiles"), email="bo@field.example")
        ask_more_champions(actor=ines, consultation=row, people={other.pk: ["area"]}, now=world.NOW)


def test_what_is_archived_asks_again_once_it_is_restored(
    ines: User, release: Release, row: Consultation, lea: Person
) -> None:
    archive_release(actor=ines, release=release, now=world.NOW)
    assert not due_asks(lea, world.NOW)
    restore_release(actor=ines, release=release, now=world.NOW)
    assert due_asks(lea, world.NOW).get() == ask_of(lea)
    said(lea)


def test_the_link_says_that_it_is_withdrawn_and_takes_no_answer(ines: User, release: Release) -> None:
    bo = champion("Bo Chen", "sales", area=area("Bateaux"), email="bo@field.example", language="en")
    asked(ines, bo, release=release)
    withdraw(ines, release)
    page = Client().get(link())
    assert page.status_code == 410 and "It leaks." in page.content.decode()
    assert "<form" not in page.content.decode()
    assert Client().post(link(), {"impact": "low"}).status_code == 410
    assert not hasattr(ask_of(bo), "answer")


def test_the_page_says_it_asks_nobody_else_and_is_still_closed_by_whoever_asked(
    ines: User, release: Release, row: Consultation, lea: Person
) -> None:
    said(lea)
    withdraw(ines, release)
    url = reverse("releases:consultation-show", args=(row.pk,))
    assert lea.user
    theirs = browser(lea.user).get(url)
    assert theirs.context["form"] is None and "this is asked no more" in theirs.content.decode()
    page = browser(ines).get(url).content.decode()
    assert "Ask others too" not in page and "Say what became of it" in page
    assert [rows for rows in waiting(ines, None, days(9)) if rows], "those who answered still wait to hear"
    close_consultation(actor=ines, consultation=row, outcome="We keep the old hull.", now=world.NOW)
    assert "this is asked no more" not in browser(ines).get(url).content.decode()


def test_its_briefs_are_due_from_nobody(ines: User) -> None:
    writer = person("Margaux Darrieux")
    row = major(ines, lead=writer)
    row.briefs.update(owner=writer, due_on=world.TODAY - dt.timedelta(days=1))
    client = browser(ines)
    show, briefs = (reverse(f"releases:{name}", args=(row.pk,)) for name in ("release-show", "brief-list"))
    assert "Due on" in client.get(briefs).content.decode()
    before = client.get(show).content.decode().count("Margaux Darrieux")
    withdraw(ines, row)
    assert "Due on" not in client.get(briefs).content.decode()
    assert (
        "is-attention" not in client.get(show).content.decode().split('id="briefs"')[1].split("</section>")[0]
    )
    assert client.get(show).content.decode().count("Margaux Darrieux") < before


@pytest.mark.parametrize("end", ["withdrawn", "archived"])
def test_list_counts_filters_panel_page_and_home_say_the_same_of_it(
    ines: User, release: Release, row: Consultation, end: str
) -> None:
    client, shown = browser(ines), reverse("releases:consultation-list")
    panel = reverse("releases:release-consultations", args=(release.pk,))
    page = reverse("releases:consultation-show", args=(row.pk,))

    def said() -> tuple[Any, ...]:
        with_page = [client.get(url).content.decode() for url in (shown, panel, page)]
        filtered = [
            row.title in client.get(shown, {"state": one}).content.decode() for one in ("open", "due")
        ]
        told = counts(ines, world.TODAY)
        owed = [one for rows in waiting(ines, None, world.NOW) for one in rows]
        words = [">outcome awaited</span>" in one for one in with_page]
        return words, filtered, (told.open, told.due, told.waiting), len(owed)

    assert said() == ([False] * 3, [True, False], (1, 0, 1), 0)
    if end == "withdrawn":
        withdraw(ines, release)
    else:
        archive_release(actor=ines, release=release, now=world.NOW)
    assert said() == ([True] * 3, [False, True], (0, 1, 0), 1)
    export = b"".join(client.get(shown, {"format": "csv"})).decode()
    assert "outcome awaited" in export
    assert with_state(Consultation.objects.all(), world.TODAY).get().state == "due"
    row.refresh_from_db()
    assert not is_going_on(Consultation.objects.select_related("release").get(pk=row.pk))
