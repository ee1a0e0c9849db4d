"""A company that tells people: a mail server and a chat tool of its own, and what two hands do to be told."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from playwright.sync_api import Locator, Page, expect

from tests.connectors.chats import Chat, chat_server
from tests.journeys.hands import PATIENCE, enter, reach, write
from tests.ports import free_port
from tests.site import Site, demo_site


@dataclass
class Mailbox:
    """A mail server that keeps what it receives."""

    received: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.received.append(mail)
        return "250 OK"

    def wait_for(self, to: str, words: str) -> EmailMessage:
        """The mail to this address that says these words, once the worker has sent it."""
        until = time.monotonic() + 3 * PATIENCE / 1000
        while True:
            for mail in list(self.received):
                if mail["To"] == to and words in f"{mail['Subject']}\n{text_of(mail)}":
                    return mail
            told = [(mail["To"], mail["Subject"]) for mail in self.received if mail["To"] == to]
            assert time.monotonic() < until, f"nothing of {words!r} for {to}: {told}"
            time.sleep(0.2)

    def wait_for_many(self, words: str, fewest: int) -> list[EmailMessage]:
        """The mails that say these words, or are headed by them, once there are so many and no more come."""
        until = time.monotonic() + 3 * PATIENCE / 1000
        found: list[EmailMessage] = []
        while True:
            before = len(found)
            found = [mail for mail in list(self.received) if words in said_by(mail)]
            if len(found) >= fewest and len(found) == before:
                return found
            assert time.monotonic() < until, f"{len(found)} of {fewest} say {words!r}"
            time.sleep(1)


def text_of(mail: EmailMessage, form: str = "plain") -> str:
    """What a mail says, as text or as HTML."""
    part = mail.get_body((form,))
    return "" if part is None else str(part.get_content())


def said_by(mail: EmailMessage) -> str:
    """The subject and the text of a mail, without its line breaks."""
    return " ".join(f"{mail['Subject']} {text_of(mail)}".split())


def link_in(mail: EmailMessage, path: str) -> str:
    """The address in a mail that begins with this path, without the site's own."""
    found = re.search(rf"https?://[^/\s]+({re.escape(path)}\S+)", text_of(mail))
    assert found, text_of(mail)
    return found[1]


@dataclass
class Telling(Site):
    """An instance that sends mail, and may write to a chat tool of this machine."""

    mail: Mailbox = field(default_factory=Mailbox)
    mail_port: int = 0
    chat: Chat = field(default_factory=Chat)
    now: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """What its commands are given."""
        told = {
            "VERTEBRA_SMTP_HOST": "127.0.0.1",
            "VERTEBRA_SMTP_PORT": str(self.mail_port),
            "VERTEBRA_PRIVATE_HOSTS": "127.0.0.1",
        }
        return super().environment | told | ({"VERTEBRA_NOW": self.now} if self.now else {})

    def wake(self, now: str) -> None:
        """Serve again at another moment."""
        assert self.stop() == 0
        self.now = now
        self.start()


@contextmanager
def telling_company(profile: str, kept: Path) -> Iterator[Telling]:
    """A demo company served with a mail server and a chat tool."""
    made, mail = demo_site(profile, kept), Mailbox()
    port = free_port()
    controller = Controller(mail, hostname="127.0.0.1", port=port)
    controller.start()
    with chat_server() as chat:
        site = Telling(made.folder, made.port, made.database, mail=mail, mail_port=port, chat=chat)
        site.start()
        yield site
        assert site.stop() == 0
    controller.stop()


def new_area(page: Page, name: str) -> str:
    """Put an area on the map; gives its number."""
    page.goto("/organisation/areas/new/")
    write(page.locator("#id_name"), name)
    enter(page.locator("main form.form button.is-primary"))
    page.wait_for_url("**/organisation/areas/*/")
    page.wait_for_url(lambda url: not url.endswith("/new/"))
    return page.url.rstrip("/").rsplit("/", 1)[1]


def new_person(page: Page, name: str, email: str) -> None:
    """Write somebody into the directory."""
    page.goto("/organisation/people/new/")
    write(page.locator("#id_name"), name)
    write(page.locator("#id_email"), email)
    send(page)
    page.wait_for_url(re.compile(r"/organisation/people/\d+/"))


def mandate(page: Page, area: str, person: str, function: str) -> None:
    """Make somebody the champion of an area for their trade."""
    page.goto(f"/organisation/mandates/new/?area={area}&role=champion&function={function}")
    field_of = page.locator("#id_person")
    write(field_of, person)
    page.locator("#id_hours_per_month").fill("4")
    enter(page.locator("main form.form button.is-primary"))
    page.wait_for_url(f"**/organisation/areas/{area}/")


def until_there(page: Page, selector: str) -> None:
    """Load the page again until the worker has done what brings this about."""
    until = time.monotonic() + 3 * PATIENCE / 1000
    while not page.locator(selector).count():
        assert time.monotonic() < until, f"still no {selector}"
        # The worker has to do it with the processor that loading the page takes.
        page.wait_for_timeout(500)
        page.reload()


def tick(box: Locator) -> None:
    """Reach a box, and tick it unless it is ticked already."""
    reach(box)
    if not box.is_checked():
        box.page.keyboard.press("Space")
    expect(box).to_be_checked()


def pick_one(boxes: Locator, value: str) -> None:
    """Reach the first of several choices, and go down to the one that is wanted."""
    reach(boxes.first)
    boxes.page.keyboard.press("Space")
    for _press in range(boxes.count()):
        if boxes.and_(boxes.page.locator(f"[value='{value}']")).is_checked():
            return
        boxes.page.keyboard.press("ArrowDown")
    raise AssertionError(f"{value!r} is not among the choices")


def send(page: Page, selector: str = "main form.form button.is-primary") -> None:
    """Reach the button that sends a form, press it, and wait for the page that follows."""
    reach(page.locator(selector).first)
    with page.expect_navigation():
        page.keyboard.press("Enter")
