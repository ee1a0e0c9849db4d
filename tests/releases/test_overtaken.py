"""Two people at once, or one with two tabs: whoever comes second reads what the first did before anything is replaced."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from tests.org.company import area, person, unit
from tests.releases.announced import NOW, announce, audience, carry, outsider, release_of
from tests.releases.made import champion
from tests.releases.test_consultation_pages import link
from tests.releases.test_consultations import asked
from tests.roadmap.undertaken import browser
from vertebra.accounts import outbox
from vertebra.accounts.models import User
from vertebra.releases.models import Announcement, ConsultationAnswer, Release

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def told(karim: User) -> Release:
    """A release that sales and support were told of."""
    person("By Stander", unit("Kitchen"), "operations")
    row = release_of(karim)
    outsider("First Roy", "sales")
    announce(karim, row, audience(karim))
    carry()
    outbox.deliver(NOW)
    carry()
    return row


def sent(row: Release) -> list[str]:
    return list(row.announcements.filter(kind="correction").order_by("pk").values_list("words", flat=True))


class TestCorrection:
    def test_of_two_tabs_the_second_reads_what_the_first_sent_and_keeps_its_words(
        self, karim: User, told: Release
    ) -> None:
        client, url = browser(karim), reverse("releases:announcement-correction", args=(told.pk,))
        last = client.get(url).context["last"]
        assert client.post(url, {"words": "Two clicks.", "last": last}).status_code == 302
        carry()
        outbox.deliver(NOW + dt.timedelta(minutes=10))
        carry()
        second = client.post(url, {"words": "Three clicks.", "last": last})
        page = second.content.decode()
        assert second.status_code == 422 and sent(told) == ["Two clicks."]
        assert "“Two clicks.”" in page and "Three clicks.</textarea>" in page
        again = {"words": "Three clicks.", "last": second.context["last"]}
        assert f'name="last" value="{again["last"]}"' in page
        assert client.post(url, again).status_code == 302, "known by now, it goes out if one still wants it"
        assert sent(told) == ["Two clicks.", "Three clicks."]

    def test_whoever_wrote_before_more_people_were_told_looks_again(self, karim: User, told: Release) -> None:
        client, url = browser(karim), reverse("releases:announcement-correction", args=(told.pk,))
        last = client.get(url).context["last"]
        outsider("Ops Hill", "finance")
        announce(karim, told, audience(karim, "Money", {"any": [{"functions": ["finance"]}]}))
        page = client.post(url, {"words": "Two clicks.", "last": last})
        assert page.status_code == 422 and "to more people meanwhile" in page.content.decode()
        assert not Announcement.objects.filter(kind="correction").exists()


class TestAnswer:
    def test_a_link_answered_from_a_form_opened_before_another_answer_keeps_both_in_sight(
        self, karim: User, settings: Any
    ) -> None:
        asked(
            karim, champion("Bo Chen", "sales", area=area("Bateaux"), email="bo@field.example", language="en")
        )
        client = Client()
        assert client.get(link()).context["seen"] == ""
        first = {"impact": "low", "words": "AAA", "seen": ""}
        assert client.post(link(), first).status_code == 302
        settings.FIXED_NOW = world.NOW + dt.timedelta(minutes=5)
        assert client.post(link(), first).status_code == 302, "the same pressed twice is noted once"
        stale = client.post(link(), {"impact": "high", "words": "BBB", "seen": ""})
        page = stale.content.decode()
        assert stale.status_code == 422 and "This was answered meanwhile" in page and "BBB" in page
        assert ConsultationAnswer.objects.get().words == "AAA"
        again = {"impact": "high", "words": "BBB", "seen": stale.context["seen"]}
        assert client.post(link(), again).status_code == 302
        assert ConsultationAnswer.objects.get().words == "BBB"

    def test_the_same_on_the_page_of_whoever_has_an_account(self, karim: User, settings: Any) -> None:
        lea = world.lea()
        row = asked(karim, champion("Lea Roux", "support", area=area("Bateaux"), user=lea))
        client, url = browser(lea), reverse("releases:consultation-answer", args=(row.pk,))
        client.post(url, {"impact": "low", "words": "AAA", "seen": ""})
        stale = client.post(url, {"impact": "high", "words": "BBB", "seen": ""})
        page = stale.content.decode()
        assert stale.status_code == 422 and "This was answered meanwhile" in page and "BBB" in page
        assert f'name="seen" value="{stale.context["seen"]}"' in page and stale.context["seen"]
        assert ConsultationAnswer.objects.get().words == "AAA"
