"""Whom nothing can leave to: not told, not counted as told, and said before and after, with why."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from tests.org.company import person, unit
from tests.releases.announced import NOW, TODAY, announce, audience, carry, outsider, release_of, someone
from tests.roadmap.undertaken import browser
from vertebra.accounts import outbox
from vertebra.accounts.labels import Channel
from vertebra.accounts.models import User
from vertebra.releases.actions.announcing import ReachesNobody, correct_announcements
from vertebra.releases.labels.awareness import AnnouncementKind
from vertebra.releases.models import Announcement, Audience, Recipient, Release
from vertebra.releases.queries.announcement_plans import plan_of, put_right_now, unreached
from vertebra.releases.queries.announcing import Texts
from vertebra.releases.queries.audiences import can_be_reached, people_on, reachable
from vertebra.releases.queries.awareness import told_people

pytestmark = pytest.mark.django_db
DUMMY = "django.core.mail.backends.dummy.EmailBackend"
LOCMEM = "django.core.mail.backends.locmem.EmailBackend"
LATER = NOW + dt.timedelta(minutes=10)


@pytest.fixture(autouse=True)
def no_mail(settings: Any) -> None:
    settings.EMAIL_BACKEND = DUMMY


@pytest.fixture
def field(karim: User) -> Audience:
    """Sales and support; somebody else works there too, so that it is never everybody."""
    person("By Stander", unit("Kitchen"), "operations")
    return audience(karim)


@pytest.fixture
def row(karim: User) -> Release:
    return release_of(karim)


def read(client: Client, name: str, row: Release, query: str = "") -> str:
    response = client.get(reverse(f"releases:announcement-{name}", args=(row.pk,)) + query)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def of_three() -> None:
    """One with an account, one with an address alone, one with neither."""
    someone("Sal Roy", "sales")
    outsider("Otto Berg", "support")
    mute = outsider("Mute Hart", "sales")
    type(mute).objects.filter(pk=mute.pk).update(email="")


def test_where_no_mail_is_set_up_an_address_alone_is_missed_and_that_is_said(
    karim: User, row: Release, field: Audience
) -> None:
    of_three()
    client = browser(karim)
    page = read(client, "plan", row, f"?audiences={field.pk}")
    assert "<b>1 person</b> of 4 would be told" in page
    assert "1 has no account and gets no mail, and is missed" in page
    assert "1 has neither an account nor an e-mail address" in page
    assert "No mail server is configured" in page
    announce(karim, row, field)
    carry()
    assert Announcement.objects.get().people == 1
    assert [one.person.name for one in told_people(row).select_related("person")] == ["Sal Roy"]
    page = read(client, "list", row)
    assert "<b>1 person</b> was told" in page
    assert "1 has no account and gets no mail, and is missed" in page
    assert "1 has neither an account nor an e-mail address" in page
    assert "gets no mail" not in read(browser(world.lea()), "list", row), "who does not bring it out"


def test_with_mail_an_address_alone_is_told(
    karim: User, row: Release, field: Audience, settings: Any
) -> None:
    settings.EMAIL_BACKEND = LOCMEM
    of_three()
    page = read(browser(karim), "plan", row, f"?audiences={field.pk}")
    assert "<b>2 people</b> of 4 would be told" in page and "gets no mail" not in page
    announce(karim, row, field)
    carry()
    assert Announcement.objects.get().people == 2
    missed = unreached(list(Announcement.objects.all()), TODAY)
    assert (missed.mute, missed.unmailed) == (1, 0)


def test_without_mail_among_the_ways_an_address_alone_is_not_told(
    karim: User, row: Release, field: Audience, settings: Any
) -> None:
    settings.EMAIL_BACKEND = LOCMEM
    of_three()
    plan = plan_of(Texts.of(row), [field], TODAY, [Channel.IN_APP])
    assert (plan.new, plan.unmailed, plan.mute) == (1, 1, 1)
    announce(karim, row, field, channels=[Channel.IN_APP])
    carry()
    assert Recipient.objects.count() == 1
    assert unreached(list(Announcement.objects.all()), TODAY).unmailed == 1


@pytest.mark.parametrize("is_posted", [False, True])
def test_the_plan_is_by_the_ways_that_are_ticked(
    karim: User, row: Release, field: Audience, settings: Any, is_posted: bool
) -> None:
    settings.EMAIL_BACKEND = LOCMEM
    of_three()
    client = browser(karim)

    def page(*channels: str) -> str:
        given: dict[str, Any] = {"audiences": [field.pk], "channels": channels}
        if is_posted:
            url = reverse("releases:announcement-create", args=(row.pk,))
            answer = client.post(url, {**given, "look": "1"})
        else:
            url = reverse("releases:announcement-plan", args=(row.pk,))
            answer = client.get(url, given, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        return re.sub(r"\s+", " ", answer.content.decode())

    assert "<b>2 people</b> of 4 would be told" in page("in_app", "mail")
    without_mail = page("in_app")
    assert "<b>1 person</b> of 4 would be told" in without_mail
    assert "1 has no account and gets no mail, and is missed" in without_mail
    assert "by what is ticked, nobody would be told" in page()
    assert "by what is ticked, nobody would be told" in page("chat:1"), "a room alone tells nobody"
    assert "&amp;channels=in_app&amp;channels=mail" in page("in_app", "mail"), "as each of them gets it"


def test_what_goes_by_no_way_that_is_ticked_says_so_where_it_is_shown(
    karim: User, row: Release, settings: Any
) -> None:
    settings.EMAIL_BACKEND = LOCMEM
    client, said = browser(karim), "This way is not ticked"
    assert said not in read(client, "preview", row, "?form=mail")
    assert said not in read(client, "preview", row, "?form=mail&channels=mail&channels=in_app")
    page = read(client, "preview", row, "?form=mail&channels=in_app")
    assert said in page and "form=text&amp;channels=in_app" in page
    assert said in read(client, "preview", row, "?form=slack&channels=mail")


def test_an_audience_that_nothing_leaves_to_is_refused(karim: User, row: Release, field: Audience) -> None:
    outsider("Otto Berg", "support")
    with pytest.raises(ReachesNobody, match="they get no mail"):
        announce(karim, row, field)
    assert not Announcement.objects.exists()


def test_once_mail_is_set_up_those_who_were_missed_are_told(
    karim: User, row: Release, field: Audience, settings: Any
) -> None:
    of_three()
    announce(karim, row, field)
    carry()
    outbox.deliver(NOW)
    carry()
    settings.EMAIL_BACKEND = LOCMEM
    announce(karim, row, field, now=LATER)
    settings.FIXED_NOW = LATER
    carry()
    assert Recipient.objects.count() == 2
    assert unreached(list(Announcement.objects.all()), TODAY).unmailed == 0


def test_a_correction_promises_those_whom_it_leaves_to(
    karim: User, row: Release, field: Audience, settings: Any
) -> None:
    settings.EMAIL_BACKEND = LOCMEM
    of_three()
    announce(karim, row, field)
    carry()
    outbox.deliver(NOW)
    carry()
    client = browser(karim)
    assert "It goes to the 2 people who were told" in read(client, "correction", row)
    settings.EMAIL_BACKEND = DUMMY
    assert "It goes to the 1 person who was told" in read(client, "correction", row)
    settings.EMAIL_BACKEND = LOCMEM
    correct_announcements(actor=karim, release=row, words="It takes four clicks.", now=LATER)
    settings.FIXED_NOW = LATER
    carry()
    assert Announcement.objects.get(kind=AnnouncementKind.CORRECTION).people == 2
    assert put_right_now(row.announcements.all()) == 2, "the same people, once"


def test_what_went_out_elsewhere_promises_nobody_a_correction(
    karim: User, row: Release, field: Audience
) -> None:
    someone("Sal Roy", "sales")
    Announcement.objects.create(
        release=row, audience=field, kind=AnnouncementKind.FIRST, state="sent", channels=["mail"], people=7,
        due_at=NOW, started_at=NOW, filled_at=NOW, created_at=NOW,
    )  # fmt: skip
    assert "Nobody can be written to from here" in read(browser(karim), "correction", row)


def test_people_and_the_database_agree_on_whom_a_link_reaches(settings: Any) -> None:
    of_three()
    closed = someone("Cara Lost", "sales")
    User.objects.filter(pk=closed.user_id or 0).update(is_active=False)
    for backend in (DUMMY, LOCMEM):
        settings.EMAIL_BACKEND = backend
        found = set(people_on(TODAY).filter(reachable()).values_list("pk", flat=True))
        assert found == {one.pk for one in people_on(TODAY) if can_be_reached(one)}
