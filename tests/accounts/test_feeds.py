"""Feeds and calendars: opened by their address, closed for good, and read by programs that are not ours."""

import datetime as dt
from collections.abc import Sequence

import icalendar
import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from lxml import etree  # type: ignore[import-untyped]

from tests.world import NOW, karim, lea
from vertebra.accounts.feeds import FeedKind
from vertebra.accounts.models import SharedLink, User
from vertebra.kit import feeds
from vertebra.kit.feeds import Entry

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def entry(number: int, title: str, **more: object) -> Entry:
    return Entry(
        key=f"urn:vertebra:test:{number}",
        title=title,
        address=f"https://example.org/releases/{number}/",
        html="<p>a &amp; b</p>",
        published_at=NOW,
        updated_at=NOW + dt.timedelta(hours=number),
        **more,  # type: ignore[arg-type]
    )


def entries(user: User, object_id: int, now: dt.datetime) -> Sequence[Entry]:
    return [
        entry(2, "Refunds & <returns>\x00 €", on=dt.date(2026, 11, 9), version=3),
        entry(1, f"In {user.language}", on=dt.date(2026, 11, 2), is_cancelled=True),
        entry(0, "No day"),
    ]


def name(user: User, object_id: int) -> str | None:
    return "Sales, France" if object_id == 7 else None


KIND = FeedKind("test_feed", name, entries, lambda object_id: f"/audiences/{object_id}/")


@pytest.fixture(autouse=True)
def registered(settings: LazySettings) -> None:
    settings.FEEDS = ["tests.accounts.test_feeds.KIND"]


def take(client: Client) -> dict[str, str]:
    page = client.post(reverse("accounts:feed-create", args=["test_feed", 7]))
    assert page["Cache-Control"] == "no-store"
    return {form: address.split("8000", 1)[-1] for form, address in page.context["addresses"].items()}


def test_a_reader_reads_atom_and_rss(client: Client) -> None:
    client.force_login(karim())
    addresses, nobody = take(client), Client()
    answer = nobody.get(addresses["atom"])
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = etree.fromstring(answer.content)
    assert feed.findtext(f"{ATOM}title") == "Sales, France"
    found = feed.findall(f"{ATOM}entry")
    assert [one.findtext(f"{ATOM}title") for one in found] == ["Refunds & <returns> €", "In fr", "No day"]
    for one in (feed, *found):  # what RFC 4287 asks of each
        assert (
            one.findtext(f"{ATOM}id")
            and one.findtext(f"{ATOM}updated")
            and one.find(f"{ATOM}link") is not None
        )
    assert found[0].findtext(f"{ATOM}content") == "<p>a &amp; b</p>"
    assert feed.findtext(f"{ATOM}updated") == "2026-11-02T10:00:00Z"
    channel = etree.fromstring(nobody.get(addresses["rss"]).content).find("channel")
    assert channel.findtext("link").endswith("/audiences/7/")
    assert channel.findtext("item/guid") == "urn:vertebra:test:2"
    assert channel.findtext("item/pubDate") == "Mon, 02 Nov 2026 08:00:00 GMT"


def test_a_calendar_holds_what_has_a_day(client: Client) -> None:
    client.force_login(karim())
    answer = Client().get(take(client)["calendar"])
    assert answer["Content-Type"].startswith("text/calendar")
    calendar = icalendar.Calendar.from_ical(answer.content)
    events = calendar.walk("VEVENT")
    assert [str(event["status"]) for event in events] == ["CONFIRMED", "CANCELLED"]
    assert events[0].decoded("dtstart") == dt.date(2026, 11, 9)
    assert events[0].decoded("dtend") == dt.date(2026, 11, 10)
    assert events[0].decoded("sequence") == 3
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    assert answer.content == Client().get(answer.request["PATH_INFO"]).content


def test_a_feed_that_was_ended_says_so(client: Client) -> None:
    user = karim()
    client.force_login(user)
    addresses = take(client)
    link = SharedLink.objects.get()
    assert "Sales, France" in client.get(reverse("accounts:telling")).content.decode()
    other = Client()
    other.force_login(lea())
    assert other.post(reverse("accounts:feed-end", args=[link.pk])).status_code == 404
    assert client.post(reverse("accounts:feed-end", args=[link.pk])).status_code == 302
    assert Client().get(addresses["atom"]).status_code == 410
    assert Client().get("/feeds/nonsense/atom.xml").status_code == 404


def test_a_feed_ends_with_the_account_of_who_takes_it_and_after_a_year(client: Client) -> None:
    user = karim()
    client.force_login(user)
    address = take(client)["rss"]
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert Client().get(address).status_code == 410
    User.objects.filter(pk=user.pk).update(is_active=True)
    SharedLink.objects.update(expires_at=NOW - dt.timedelta(days=3650))
    assert Client().get(address).status_code == 410


def test_what_one_may_not_open_gives_no_feed(client: Client) -> None:
    client.force_login(karim())
    assert client.post(reverse("accounts:feed-create", args=["test_feed", 8])).status_code == 404
    assert client.post(reverse("accounts:feed-create", args=["nothing", 7])).status_code == 404
    assert client.get(reverse("accounts:feed-create", args=["test_feed", 7])).status_code == 405


def test_an_empty_feed_is_a_feed() -> None:
    empty = feeds.Feed("urn:x", "T", "https://example.org/", "https://example.org/atom.xml", "en", NOW, ())
    assert etree.fromstring(feeds.atom(empty)).findtext(f"{ATOM}updated") == "2026-11-02T08:00:00Z"
    assert etree.fromstring(feeds.rss(empty)).find("channel/item") is None
    assert icalendar.Calendar.from_ical(feeds.calendar(empty)).walk("VEVENT") == []


def test_what_is_new_is_shown_inside_the_sites_that_are_named(client: Client, settings: LazySettings) -> None:
    client.force_login(karim())
    address = take(client)["embedded"]
    alone = Client().get(address)
    assert "Refunds &amp; &lt;returns&gt;" in alone.content.decode()
    assert "frame-ancestors 'none'" in alone["Content-Security-Policy"]
    settings.WIDGET_ORIGINS = ["https://intranet.example.org"]
    shown = Client().get(address)
    policy = next(one for one in shown["Content-Security-Policy"].split(";") if "frame-ancestors" in one)
    assert "https://intranet.example.org" in policy and "'none'" not in policy
    assert "X-Frame-Options" not in shown
    SharedLink.objects.update(revoked_at=NOW)
    assert Client().get(address).status_code == 410


def test_whoever_guesses_addresses_is_slowed_down_and_a_reader_is_not() -> None:
    cache.clear()
    user = Client()
    user.force_login(karim())
    address, guesser = take(user)["atom"], Client()
    told = [guesser.get(f"/feeds/guess{at}/atom.xml").status_code for at in range(12)]
    assert told[0] == 404 and told[-1] == 429
    assert guesser.get(address).status_code == 200


def test_a_feed_that_did_not_change_is_not_sent_again(client: Client) -> None:
    client.force_login(karim())
    address = take(client)["atom"]
    tag = Client().get(address)["ETag"]
    again = Client().get(address, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
