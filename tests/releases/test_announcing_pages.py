"""The pages of announcing: what one sees before anything is sent, what each reader will get, how far it has come."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from django.core import mail as sent_mails
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import world
from tests.accounts.test_outbox import Server, mail  # noqa: F401
from tests.connectors.chats import Chat, chat_server
from tests.connectors.test_publishing import described, schema_of  # noqa: F401
from tests.org.company import person, unit
from tests.releases.announced import (
    NOW,
    SOON,
    TODAY,
    announce,
    audience,
    carry,
    outsider,
    release_of,
    someone,
)
from tests.releases.made import major
from tests.roadmap.undertaken import browser
from tests.waiting import needs_of
from vertebra.accounts import outbox
from vertebra.accounts.actions.chats import Given, connect_chat
from vertebra.accounts.labels import Channel
from vertebra.accounts.models import ChannelChoice, User
from vertebra.releases.actions import states
from vertebra.releases.home import part
from vertebra.releases.models import Announcement, Audience, Release

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def client(karim: User) -> Client:
    return browser(karim)


@pytest.fixture
def field(karim: User) -> Audience:
    """Sales and support; somebody else works there too, so that it is never everybody."""
    person("By Stander", unit("Kitchen"), "operations")
    return audience(karim)


@pytest.fixture
def row(karim: User) -> Release:
    return release_of(karim)


def read(client: Client, name: str, *args: object, query: str = "") -> str:
    response = client.get(reverse(f"releases:announcement-{name}", args=args) + query)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def given(*audiences: Audience, **more: Any) -> dict[str, Any]:
    return {"audiences": [one.pk for one in audiences], "channels": ["in_app", "mail"], **more}


def test_before_anything_is_sent_one_sees_whom_it_reaches_and_in_whose_words(
    client: Client, row: Release, field: Audience
) -> None:
    someone("Sal Roy", "sales")
    someone("Fran Petit", "support", "fr")
    someone("Eng Lund", "engineering")
    mute = outsider("Mute Hart", "sales")
    type(mute).objects.filter(pk=mute.pk).update(email="")
    page = read(client, "plan", row.pk, query=f"?audiences={field.pk}")
    assert "<b>2 people</b> of 5 would be told" in page
    assert "1 has neither an account nor an e-mail address" in page
    assert "the text for Sales, English" in page and "the text for Everyone, French" in page
    assert re.search(r"Engineering</td><td[^>]*>0</td><td[^>]*>1</td>", page)
    assert not Announcement.objects.exists()


def test_a_plan_says_what_the_tier_still_requires_and_that_it_is_everybody(
    client: Client, karim: User
) -> None:
    someone("Sal Roy", "sales")
    everybody = audience(karim, "All", {"any": [{}]})
    page = read(client, "plan", major(karim).pk, query=f"?audiences={everybody.pk}")
    assert "things more" in page and "That is everybody: confirm it with 1." in page
    assert "would be told" not in read(client, "plan", major(karim, "Other").pk)


def test_one_presses_and_sees_how_far_it_comes(client: Client, row: Release, field: Audience) -> None:
    someone("Sal Roy", "sales")
    page = read(client, "list", row.pk)
    assert "<b>Nobody</b> was told" in page
    answer = client.post(reverse("releases:announcement-create", args=(row.pk,)), given(field))
    assert answer.status_code == 302 and answer["Location"] == reverse(
        "releases:announcement-list", args=(row.pk,)
    )
    assert "every 3s" in read(client, "progress", row.pk)
    carry()
    assert "1 waits" in read(client, "progress", row.pk)
    outbox.deliver(NOW)
    carry()
    page = read(client, "progress", row.pk)
    assert "1 has it" in page and "every 3s" not in page
    assert "has it" not in read(browser(world.lea()), "progress", row.pk), "who does not bring it out"
    assert "<b>1 person</b> was told" in read(client, "list", row.pk)


def test_only_ways_that_are_open_are_offered(
    client: Client, row: Release, field: Audience, settings: Any
) -> None:
    someone("Sal Roy", "sales")
    page = read(client, "list", row.pk)
    assert 'value="mail"' in page and 'value="slack"' not in page
    url = reverse("releases:announcement-create", args=(row.pk,))
    refused = client.post(url, given(field, channels=["in_app", "slack"]))
    assert refused.status_code == 422 and not Announcement.objects.exists()
    app = Given(name="Slack", tool="slack", way="app", secret="xoxb-secret", language="en", room="C1")
    connect_chat(actor=world.ada(), given=app, now=NOW)
    assert 'value="slack"' in read(client, "list", row.pk)
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert 'value="mail"' not in read(client, "list", row.pk)


def test_a_plan_of_an_audience_that_never_was_is_no_page(
    client: Client, row: Release, field: Audience
) -> None:
    url = reverse("releases:announcement-plan", args=(row.pk,))
    assert client.get(url, {"audiences": [field.pk, 99999]}).status_code == 404
    assert client.get(url, {"audiences": [str(field.pk), str(field.pk), "x"]}).status_code == 200


def test_what_is_refused_stands_in_the_form(client: Client, karim: User, row: Release) -> None:
    someone("Sal Roy", "sales")
    everybody = audience(karim, "All", {"any": [{}]})
    url = reverse("releases:announcement-create", args=(row.pk,))
    answer = client.post(url, given(everybody))
    assert answer.status_code == 422 and b"This goes to everybody: 1 person" in answer.content
    answer = client.post(url, given(audience(karim, "Nobody", {"any": []})))
    assert answer.status_code == 422 and b"Nobody is in this audience" in answer.content
    assert client.post(url, given(everybody, confirmed="1")).status_code == 302


def test_a_planned_one_is_taken_back(client: Client, row: Release, field: Audience) -> None:
    someone("Sal Roy", "sales")
    on = TODAY + dt.timedelta(days=3)
    client.post(reverse("releases:announcement-create", args=(row.pk,)), given(field, on=on.isoformat()))
    one = Announcement.objects.get()
    assert one.due_at > NOW
    assert "Take it back" in read(client, "progress", row.pk)
    client.post(reverse("releases:announcement-stopping", args=(one.pk,)))
    one.refresh_from_db()
    assert one.state == "stopped"


def test_each_reader_is_previewed_as_they_get_it(client: Client, row: Release) -> None:
    page = read(client, "preview", row.pk, query="?trade=sales&language=fr")
    assert (
        "One click (everyone, fr)" in page and "Il sort le 12 novembre 2026" in page
    ) or "12 novembre 2026" in page
    text = read(client, "preview", row.pk, query="?trade=sales&language=en&form=text")
    assert "One click (sales, en)" in text and reverse("releases:release-read", args=(row.pk,)) in text
    slack = read(client, "preview", row.pk, query="?trade=sales&language=en&form=slack")
    assert "<strong>For sales</strong>, in en." in slack
    answer = client.get(reverse("releases:announcement-mail", args=(row.pk,)) + "?trade=sales&language=en")
    assert b"<strong>For sales</strong>" in answer.content
    policy = answer["Content-Security-Policy"]
    assert "sha256-" in policy and "unsafe-inline" not in policy
    assert "List-Unsubscribe" not in answer.content.decode()


def test_only_whoever_may_change_it_announces_it(row: Release, field: Audience) -> None:
    reader = browser(world.lea())
    assert b"Announce it to" not in reader.get(reverse("releases:announcement-list", args=(row.pk,))).content
    for name in ("plan", "preview", "mail", "correction"):
        assert reader.get(reverse(f"releases:announcement-{name}", args=(row.pk,))).status_code == 403
    assert (
        reader.post(reverse("releases:announcement-create", args=(row.pk,)), given(field)).status_code == 403
    )


def test_a_day_that_moved_asks_to_be_put_right(
    client: Client, karim: User, row: Release, field: Audience
) -> None:
    lead = someone("Lead Roy", "product")
    Release.objects.update(lead=lead)
    reader = outsider("Sal Hart", "sales")
    announce(karim, row, field)
    carry()
    outbox.deliver(NOW)
    assert "do not know" not in _needs(lead.user)
    states.move_release(actor=karim, release=row, planned_on=SOON + dt.timedelta(days=3), now=NOW)
    assert "do not know" in _needs(lead.user)
    assert "It comes out on Nov. 15, 2026, not on Nov. 12, 2026." in read(
        client, "list", row.pk
    ) or "15" in read(client, "list", row.pk)
    client.post(reverse("releases:announcement-correction", args=(row.pk,)), {"words": ""})
    carry()
    outbox.deliver(NOW)
    assert [one.subject for one in sent_mails.outbox if one.to == [reader.email]][-1].startswith(
        "Correction: "
    )
    assert "do not know" not in _needs(lead.user)


def _needs(user: User | None) -> str:
    assert user is not None
    return " ".join(need.sentence for need in needs_of([part(user, NOW)]))


def test_the_lead_is_asked_to_tell_in_time(karim: User) -> None:
    lead = someone("Lead Roy", "product")
    row = major(karim, lead=lead, planned_on=TODAY + dt.timedelta(days=2))
    row.tier.days_before = 7
    row.tier.save()
    assert f"Nobody was told of “{row.title}” yet" in _needs(lead.user)


def test_a_page_asks_the_database_little(client: Client, karim: User, row: Release, field: Audience) -> None:
    for number in range(30):
        someone(f"S{number} Roy", ("sales", "support", "engineering")[number % 3], ("en", "fr")[number % 2])
    announce(karim, row, field)
    carry()
    for name, query in (
        ("list", ""), ("plan", f"?audiences={field.pk}"), ("progress", ""), ("preview", "?form=slack"), ("mail", ""),
        ("correction", ""),
    ):  # fmt: skip
        read(client, name, row.pk, query=query)
        with CaptureQueriesContext(connection) as found:
            page = read(client, name, row.pk, query=query)
        assert len(found) <= 12, (name, [one["sql"][:140] for one in found])
        assert len(page) <= 150_000


@pytest.fixture
def chat(settings: Any) -> Iterator[Chat]:
    with chat_server() as server:
        settings.PRIVATE_HOSTS = ["127.0.0.1"]
        settings.SLACK_API = f"{server.address}/api"
        yield server


def announced_everywhere(karim: User, row: Release, field: Audience) -> None:
    """Tell one person by mail and in Slack, and a room."""
    reader = someone("Lea Roux", "sales")
    ChannelChoice.objects.create(user=reader.user, kind="releases", channel=Channel.SLACK)
    app = Given(name="Slack", tool="slack", way="app", secret="xoxb-secret", language="en", room="C1")
    room = connect_chat(actor=world.ada(), given=app, now=NOW)[0]
    announce(karim, row, field, channels=["in_app", "mail", "slack", f"chat:{room.pk}"])
    carry()
    outbox.deliver(NOW)


def test_a_real_mail_server_and_slack_get_it(
    mail: Server,  # noqa: F811
    chat: Chat,
    karim: User,
    row: Release,
    field: Audience,
) -> None:
    announced_everywhere(karim, row, field)
    (received,) = mail.received
    assert received["To"] == "lea@example.org" and received["Subject"] == "One click (sales, en)"
    kinds = [one.get_content_type() for one in received.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]
    assert "One-Click" in received["List-Unsubscribe-Post"]
    posted = {
        one.value["channel"]: json.dumps(one.value) for one in chat.received if "postMessage" in one.path
    }
    assert set(posted) == {"U1LEA", "C1"}
    assert "/releases/r/" in posted["U1LEA"]
    assert (
        "/releases/r/" not in posted["C1"]
        and reverse("releases:release-read", args=(row.pk,)) in posted["C1"]
    )


def test_slack_describes_such_calls(
    chat: Chat,
    karim: User,
    row: Release,
    field: Audience,
    described: dict[str, Any],  # noqa: F811
) -> None:
    announced_everywhere(karim, row, field)
    operation = described["paths"]["/chat.postMessage"]["post"]
    posted = [one.value for one in chat.received if "postMessage" in one.path]
    assert len(posted) == 2
    for value in posted:
        jsonschema_rs.validate(schema_of(operation, "formData"), value)


def test_one_looks_whom_it_reaches_without_scripts_and_keeps_what_was_typed(
    client: Client, row: Release, field: Audience
) -> None:
    someone("Sal Roy", "sales")
    shown = read(client, "list", row.pk)
    assert 'name="look"' in shown and 'formmethod="get"' not in shown, (
        "nothing of the form goes into an address"
    )
    typed = {"on": "2027-01-99", "why": "The board <wants> it", "is_late_known": "on", "confirmed": "many"}
    url = reverse("releases:announcement-create", args=(row.pk,))
    answer = client.post(url, {"audiences": [field.pk, "x"], "channels": ["mail"], "look": "1", **typed})
    page = re.sub(r"\s+", " ", answer.content.decode())
    assert answer.status_code == 200 and not Announcement.objects.exists()
    assert "<b>1 person</b> of 2 would be told" in page and 'aria-invalid="true"' not in page
    assert "The board &lt;wants&gt; it" in page and 'value="2027-01-99"' in page and 'value="many"' in page
    ticked = re.findall(r'<input[^>]*name="(\w+)"[^>]*value="(\w+)"[^>]*checked', page)
    assert ticked == [("audiences", str(field.pk)), ("channels", "mail"), ("is_late_known", "on")]
    assert reverse("releases:announcement-create", args=(row.pk,)) in page
    none = client.post(url, {"look": "1"})
    assert none.status_code == 200 and "stands here before anything is sent" in none.content.decode()
    sent = client.post(url, given(field))
    assert sent.status_code == 302 and Announcement.objects.count() == 1
