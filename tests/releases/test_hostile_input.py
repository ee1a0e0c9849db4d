"""What nobody should send: days that are over, ten megabytes, script in Markdown, changelogs without days, webhooks that lead inside."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

import lxml.html  # type: ignore[import-untyped]
import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from lxml import etree

from tests import world
from tests.connectors.chats import Chat, chat_server
from tests.org.company import person, unit
from tests.releases.announced import announce, audience, carry, ready, release_of, someone
from tests.releases.made import major, planned
from tests.releases.test_feeds import take
from tests.releases.test_importing import brought, later, told
from tests.roadmap.undertaken import browser
from tests.web.test_api import caller, post
from vertebra.accounts import outbox
from vertebra.accounts.actions.chats import Given, connect_chat
from vertebra.accounts.labels import DeliveryState
from vertebra.accounts.models import ChatConnection, Delivery, User
from vertebra.connectors.changelogs import read_changelog
from vertebra.learning.actions.lessons import create_lesson
from vertebra.releases.importing.target import take as bring
from vertebra.releases.models import Announcement, Brief, Release
from vertebra.sources.models import Source

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
NOW, TODAY = world.NOW, world.TODAY
SCRIPT = """<script>alert(1)</script> <img src=x onerror=alert(2)> [a](javascript:alert(3)) <a href="JaVaScRiPt:alert(4)">b</a>

![i](javascript:alert(5)) [c]: data:text/html;base64,PHNjcmlwdD4= <iframe src="https://evil.example"></iframe>

[d](vbscript:x) <svg onload=alert(6)> <style>*{display:none}</style> &lt;script&gt;alert(7)&lt;/script&gt;
"""
LEADS = re.compile(r"\s*(javascript|vbscript|data:text)", re.I)


def active(text: str) -> list[str]:
    """What of a page would do something by itself, but for what ships with every page."""
    found = []
    for one in lxml.html.document_fromstring(text).iter("*"):
        is_ours = one.tag == "script" and str(one.get("src", "")).startswith("/static/")
        is_ours |= one.tag == "script" and one.get("type") == "application/json"
        if one.tag in {"script", "iframe", "object", "embed"} and not is_ours:
            found.append(etree.tostring(one, encoding="unicode")[:90])
        if one.tag == "style" and "display:none" in (one.text or ""):
            found.append("style")
        for name, value in one.attrib.items():
            if str(name).lower().startswith("on") or (name in {"href", "src"} and LEADS.match(str(value))):
                found.append(f"{one.tag} {name}={value}")
    return found


@pytest.fixture
def karim() -> User:
    return world.english(world.karim())


@pytest.fixture
def client(karim: User) -> Client:
    return browser(karim)


class TestADayThatIsOver:
    def test_a_release_is_moved_there_neither_by_its_page_nor_by_hand(
        self, client: Client, karim: User
    ) -> None:
        row = planned(karim, planned_on=later(9))
        for day in (later(-1), dt.date(1, 1, 1), dt.date(1970, 1, 1)):
            given = {"planned_on": day.isoformat(), "why": "Earlier"}
            assert client.post(reverse("releases:release-move", args=(row.pk,)), given).status_code == 422
        row.refresh_from_db()
        assert row.planned_on == later(9) and not row.moves.exists()

    def test_a_tracker_that_moves_it_there_is_believed_and_nothing_breaks(
        self, client: Client, karim: User
    ) -> None:
        brought(told(on=later(10)))
        row = Release.objects.get()
        someone("Sal Roy", "sales")
        person("By Stander", unit("Kitchen"), "operations")
        announce(karim, row, audience(karim), on=later(5))
        brought(told(on=later(-30)))
        row.refresh_from_db()
        assert row.state == "planned"
        for name in (
            "release-show",
            "release-checks",
            "release-move",
            "announcement-list",
        ):
            assert client.get(reverse(f"releases:{name}", args=(row.pk,))).status_code == 200, name
        for name in ("release-list", "calendar", "in-design-list"):
            assert client.get(reverse(f"releases:{name}")).status_code == 200, name
        carry()
        assert Announcement.objects.get().state == "planned", "not told before its own day"


class TestTenMegabytes:
    BOOK = "x" * 10_000_000

    def test_a_page_refuses_it_before_reading_it(self, client: Client, karim: User) -> None:
        brief = major(karim).briefs.get(trade="sales", language="en")
        answer = client.post(
            reverse("releases:brief-edit", args=(brief.pk,)), {"line": "x", "body": self.BOOK, "version": 0}
        )
        assert answer.status_code == 413
        brief.refresh_from_db()
        assert len(brief.body) < 1000

    def test_what_is_just_over_is_told_in_words(self, client: Client, karim: User) -> None:
        brief = major(karim).briefs.get(trade="sales", language="en")
        answer = client.post(
            reverse("releases:brief-edit", args=(brief.pk,)),
            {"line": "x", "body": "x" * 50_001, "version": 1},
        )
        assert answer.status_code == 422 and b"50000" in answer.content.replace(b",", b"").replace(
            b"\xc2\xa0", b""
        )

    def test_a_tool_is_refused_it_and_nothing_is_written(self) -> None:
        tool = caller(world.english(world.ines()), "read", "write", "import")
        row = {"external_id": "R", "version": "1", "body": self.BOOK}
        assert post(tool, "/bulk/releases", {"source": "T", "releases": [row]}).status_code == 413
        row["body"] = "x" * 3_000_000
        assert post(tool, "/bulk/releases", {"source": "T", "releases": [row]}).status_code in {200, 422}
        assert all(len(body) <= 50_000 for body in Brief.objects.values_list("body", flat=True))


class TestScriptInMarkdown:
    @pytest.fixture
    def row(self, karim: User) -> Release:
        row = planned(
            karim, f"Refunds {SCRIPT[:60]}", planned_on=later(10), summary=SCRIPT[:200], body=SCRIPT
        )
        for trade in ("everyone", "sales"):
            ready(karim, row, trade, "en", SCRIPT)
        return row

    def test_it_stays_text_on_every_page_that_shows_it(
        self, client: Client, karim: User, row: Release
    ) -> None:
        brief = row.briefs.get(trade="sales")
        pages = [
            reverse(f"releases:{name}", args=(row.pk,))
            for name in (
                "release-show",
                "release-read",
                "brief-list",
                "announcement-preview",
                "announcement-mail",
            )
        ]
        for page in (*pages, reverse("releases:brief-preview", args=(brief.pk,))):
            answer = client.get(page)
            assert answer.status_code == 200, page
            assert active(answer.content.decode()) == [], page

    def test_it_stays_text_in_a_mail_a_feed_a_widget_and_a_lesson(
        self, client: Client, karim: User, row: Release
    ) -> None:
        someone("Sal Roy", "sales")
        person("By Stander", unit("Kitchen"), "operations")
        field = audience(karim)
        announce(karim, row, field)
        carry()
        outbox.deliver(NOW + dt.timedelta(minutes=1))
        [sent] = mail.outbox
        assert active(str(sent.alternatives[0][0])) == []  # type: ignore[union-attr]
        for form, address in take(karim, "releases_for_audience", field.pk).items():
            answer = Client().get(address)
            assert answer.status_code == 200
            said = answer.content.decode()
            if form in {"atom", "rss"}:
                shown = ("content", "encoded", "description", "summary")  # what readers of feeds show as HTML
                parts = etree.fromstring(answer.content).iter("{*}*")
                said = "".join(one.text or "" for one in parts if etree.QName(one).localname in shown)
                assert "alert(1)" in said, form
            assert form == "calendar" or active(said) == [], form
        lesson = create_lesson(actor=karim, title="Refunds", language="en", release=row, now=NOW)
        page = client.get(reverse("learning:lesson-show", args=(lesson.pk,)))
        assert page.status_code == 200 and active(page.content.decode()) == []


UNDATED = b"""# Changelog

## [2.1.0]

### Added

- Refunds in one click.

## [2.0.0]

### Fixed

- The total is right.
"""


def test_a_changelog_without_dates_is_out_on_no_day_and_every_page_says_so(
    client: Client, karim: User
) -> None:
    source = Source.objects.create(name="Undated", made_at=NOW)
    found = read_changelog(UNDATED, "CHANGELOG.md")
    assert [one.on for one in found.releases] == [None, None]
    bring(karim, source, found.releases, NOW)
    rows = list(Release.objects.order_by("pk"))
    assert len(rows) == 2 and all(row.state == "released" and row.released_on is None for row in rows)
    assert (
        b"nobody told on which day"
        in client.get(reverse("releases:release-show", args=(rows[0].pk,))).content
    )
    for name in ("release-awareness", "announcement-list", "release-read", "release-checks"):
        assert client.get(reverse(f"releases:{name}", args=(rows[0].pk,))).status_code == 200, name
    for name in ("release-list", "calendar"):
        assert client.get(reverse(f"releases:{name}")).status_code == 200, name
    for address in take(karim, "releases_calendar", 0).values():
        assert Client().get(address).status_code == 200


class TestWebhookThatLeadsInside:
    @pytest.fixture
    def chat(self, settings: Any) -> Iterator[Chat]:
        with chat_server() as server:
            settings.PRIVATE_HOSTS = ["127.0.0.1"]
            yield server

    @pytest.mark.parametrize("tool", ["slack", "teams", "mattermost"])
    @pytest.mark.parametrize("status", [302, 307, 308])
    def test_a_release_is_not_posted_there_and_the_room_says_why(
        self, chat: Chat, karim: User, tool: str, status: int
    ) -> None:
        someone("Sal Roy", "sales")
        person("By Stander", unit("Kitchen"), "operations")
        given = Given(name="Room", tool=tool, way="webhook", secret=f"{chat.address}/hooks/x", language="en")
        room = connect_chat(actor=world.ada(), given=given, now=NOW)[0]
        chat.answers = [(status, {"Location": "http://169.254.169.254/latest/meta-data/"}, "")] * 3
        announce(karim, release_of(karim), audience(karim), channels=["mail", f"chat:{room.pk}"])
        carry()
        outbox.deliver(NOW + dt.timedelta(minutes=1))
        assert len(chat.received) == 1, "tried once, for good"
        row = Delivery.objects.get(message__to_chat=room)
        assert row.state == DeliveryState.FAILED and row.error in {"moved", "address_private"}
        assert ChatConnection.objects.get().error in {"moved", "address_private"}
        assert len(mail.outbox) == 1, "the mails go all the same"
        assert json.dumps(chat.received[0].value)
