"""A mail gateway opens every link of every mail, by GET and HEAD, again and again: nothing is said, read or stopped by it."""

import datetime as dt
import re
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from tests import world
from tests.architecture.walking import written
from tests.org.company import area, person, unit
from tests.releases.announced import announce, audience, carry, outsider, release_of, someone
from tests.releases.made import champion
from tests.releases.test_consultations import asked, days
from vertebra.accounts import outbox
from vertebra.accounts.models import MailStop, Message, User
from vertebra.releases.actions.awareness import remind_release, send_reminders
from vertebra.releases.actions.consultation_rounds import remind_champions
from vertebra.releases.actions.telling import send_heads_up
from vertebra.releases.models import ConsultationAnswer, Receipt

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
LINK = re.compile(r"https?://[^\s\"'<>)]+")


def links() -> set[str]:
    """Every address of every mail that was sent: of its text, its HTML and its headers."""
    found: set[str] = set()
    for one in mail.outbox:
        message: EmailMessage = one.message()
        parts = [part for part in message.walk() if part.get_content_maintype() == "text"]
        said = [part.get_payload(decode=True).decode() for part in parts]  # type: ignore[union-attr]
        found |= {
            link.rstrip(".,>") for text in (*said, *map(str, message.values())) for link in LINK.findall(text)
        }
    return found


def opened(link: str) -> int:
    """Open a link as a gateway does: HEAD and GET, following where it leads, three times, without cookies."""
    path = urlsplit(link)
    status = 0
    for _time in range(3):
        cache.clear()  # a gateway comes from many addresses
        for method in ("head", "get"):
            client = Client(headers={"user-agent": "Mozilla/5.0 (safe links scanner)"})
            status = getattr(client, method)(f"{path.path}?{path.query}", follow=True).status_code
    return status


def all_mails(karim: User, settings: Any) -> None:
    """A mail of each kind that champions and readers are sent, with and without an account."""
    person("By Stander", unit("Kitchen"), "operations")
    for name, who in (("Sal Roy", someone), ("Out Side", outsider)):
        who(name, "sales")
    row = release_of(karim)
    announce(karim, row, audience(karim))
    carry()
    bo = champion("Bo Chen", "sales", area=area("Bateaux"), email="bo@field.example", language="en")
    asked(world.ines(), bo)
    send_heads_up(actor=karim, words="It leaks.", people={bo.pk: ["area"]}, language="en", now=world.NOW)
    outbox.deliver(world.NOW + dt.timedelta(minutes=1))
    settings.FIXED_NOW = days(5)
    remind_champions(actor=None, now=days(5))
    remind_release(actor=karim, release=row, now=days(5))
    send_reminders(actor=None, now=days(5))
    outbox.deliver(days(5) + dt.timedelta(minutes=1))


def test_opening_every_link_of_every_mail_changes_nothing(karim: User, settings: Any) -> None:
    all_mails(karim, settings)
    told = set(Message.objects.values_list("template", flat=True))
    assert {"consultation_ask", "consultation_reminder", "heads_up", "release_reminder", ""} <= told
    found = links()
    kinds = {"/releases/r/", "/releases/consulted/", "/stop/"}
    missing = [kind for kind in kinds if not any(kind in link for link in found)]
    assert len(found) > 6 and not missing, (missing, sorted(found))
    unread = list(Message.objects.order_by("pk").values_list("pk", "read_at"))
    with written() as tables:
        answers = {link: opened(link) for link in sorted(found) if "127.0.0.1" in link}
    assert tables == set(), tables
    assert set(answers.values()) == {200}, answers
    assert not ConsultationAnswer.objects.exists() and not Receipt.objects.exists()
    assert not MailStop.objects.exists()
    assert list(Message.objects.order_by("pk").values_list("pk", "read_at")) == unread


def test_what_a_gateway_opened_still_works_for_its_reader(karim: User, settings: Any) -> None:
    all_mails(karim, settings)
    [consulted] = {link for link in links() if "/releases/consulted/" in link}
    opened(consulted)
    path = urlsplit(consulted).path
    assert Client().post(path, {"impact": "high"}).status_code == 302
    assert ConsultationAnswer.objects.get().impact == "high"
