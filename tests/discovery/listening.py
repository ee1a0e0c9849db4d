"""What the tests of campaigns share: a campaign with people, a real mail server, browsers."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from django.conf import LazySettings
from django.test import Client
from icalendar import Calendar

from tests import world
from tests.org.company import Company
from tests.ports import free_port
from vertebra.accounts.models import User
from vertebra.discovery.actions.campaigns import add_people, create_campaign
from vertebra.discovery.models import Campaign, ToHear
from vertebra.org.models import Person


class Server:
    """A mail server that keeps what it receives."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.received.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """What was sent to one address."""
        return [mail for mail in self.received if mail["To"] == address]


@contextmanager
def mail_server(settings: LazySettings) -> Iterator[Server]:
    """A real SMTP server on this machine, that the instance sends through."""
    server = Server()
    port = free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    try:
        yield server
    finally:
        controller.stop()


def text_of(mail: EmailMessage) -> str:
    """The words of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def event_in(mail: EmailMessage) -> tuple[str, Any]:
    """The method and the event of the calendar file that a mail carries."""
    (part,) = [each for each in mail.walk() if each.get_content_type() == "text/calendar"]
    content = part.get_content()
    calendar = Calendar.from_ical(content if isinstance(content, str) else content.decode())
    assert part.get_param("method") == str(calendar["METHOD"])
    (event,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), event


def link_in(mail: EmailMessage) -> str:
    """The path of the link that a mail carries."""
    (line,) = [line for line in text_of(mail).splitlines() if "/discovery/hearing/" in line]
    return "/discovery/hearing/" + line.partition("/discovery/hearing/")[2].strip()


def browser(user: User | None = None) -> Client:
    """A browser, signed in as somebody or as nobody."""
    client = Client()
    if user is not None:
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def campaign_of(actor: User, people: list[Person], title: str = "First listening") -> Campaign:
    """A campaign that wants to hear these people."""
    entry = create_campaign(
        actor=actor, values={"title": title, "purpose": "How we work", "language": "en"}, now=world.NOW
    )
    campaign = Campaign.objects.get(pk=entry.object_id or 0)
    if people:
        add_people(actor=actor, campaign=campaign, people=people, now=world.NOW)
    return campaign


def rows_of(campaign: Campaign) -> list[ToHear]:
    """Whom the campaign wants to hear, by name."""
    return list(
        ToHear.objects.filter(campaign=campaign)
        .select_related("person", "campaign", "interviewer")
        .order_by("person__name_folded")
    )


def two_of(company: Company) -> list[Person]:
    """Karim, who has an account's address, and Léa, who speaks for the field."""
    return [company.karim, company.lea]
