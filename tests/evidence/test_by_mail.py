"""A pulse goes out through a real mail server, and comes back through the links in its mails."""

import datetime as dt
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message as Mail
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from tests import world
from tests.evidence.world import pulse, team
from tests.ports import free_port
from vertebra.accounts import outbox
from vertebra.accounts.models import Message
from vertebra.evidence.actions.surveys import close_survey, open_survey, remind_once
from vertebra.evidence.models import Invitation, Response, Survey
from vertebra.evidence.queries.results import results_of
from vertebra.evidence.sending import send_due
from vertebra.kit import clock
from vertebra.org.models import Person

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
LINK = re.compile(r"https?://[^/\s]+(/evidence/answers/[0-9a-f]{64}/)")


class Server:
    """A mail server that keeps what it receives."""

    def __init__(self) -> None:
        self.received: list[Mail] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.received.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def mail(settings: LazySettings) -> Iterator[Server]:
    cache.clear()
    server = Server()
    port = free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    yield server
    controller.stop()


def delivered(server: Server) -> dict[str, str]:
    """The path of the link in each mail, by whom it went to."""
    outbox.deliver(clock.machine())
    found = {}
    for one in server.received:
        link = LINK.search(one.get_payload(decode=True).decode())  # type: ignore[union-attr]
        assert link
        found[str(one["To"])] = link[1]
    return found


def test_a_pulse_goes_out_by_mail_and_comes_back(mail: Server) -> None:
    ines = world.ines()
    team("Pay", 7)
    Person.objects.filter(name="Pay 0").update(language="fr")
    survey = pulse(actor=ines)
    open_survey(actor=ines, survey=survey, now=world.NOW)
    assert send_due(world.NOW) == {"sent": 7, "reminded": 0}
    links = delivered(mail)
    assert sorted(links) == [f"pay{number}@example.org" for number in range(7)]
    assert len(set(links.values())) == 7
    for number, link in enumerate(list(links.values())[:6]):
        Client().get(link)  # a gateway scans it first
        assert Client().post(link, {"q-cost": str(number)}).status_code == 302
    assert Response.objects.count() == 6
    assert not Message.objects.filter(address__contains="answers/").exists()  # kept sealed

    mail.received.clear()
    remind_once(actor=ines, survey=survey, now=world.NOW + dt.timedelta(days=4))
    send_due(world.NOW + dt.timedelta(days=4))
    (left,) = set(links) - {row.person.email for row in Invitation.objects.filter(is_answered=True)}
    assert delivered(mail) == {left: links[left]}

    close_survey(actor=None, survey=survey, now=world.NOW)
    whole = results_of(Survey.objects.get(pk=survey.pk)).whole
    assert (whole.answered, whole.figure("cost").mean) == (6, 2.5)


def test_each_is_asked_in_their_language_and_mails_hold_no_name_of_others(mail: Server) -> None:
    ines = world.ines()
    team("Pay", 6)
    Person.objects.filter(name="Pay 0").update(language="fr")
    survey = pulse(actor=ines, title="How are we doing?")
    open_survey(actor=ines, survey=survey, now=world.NOW)
    send_due(world.NOW)
    delivered(mail)
    subjects = {str(one["To"]): str(one["Subject"]) for one in mail.received}
    assert "How are we doing?" in subjects["pay1@example.org"]
    assert "Comment allons-nous" in subjects["pay0@example.org"]
    assert all(one["Auto-Submitted"] == "auto-generated" for one in mail.received)


def test_sending_twice_sends_once(mail: Server) -> None:
    team("Pay", 6)
    survey = pulse()
    open_survey(actor=None, survey=survey, now=world.NOW)
    send_due(world.NOW)
    send_due(world.NOW)
    delivered(mail)
    delivered(mail)
    assert len(mail.received) == 6
