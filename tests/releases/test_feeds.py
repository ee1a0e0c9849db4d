"""Releases as feeds and calendars: in the reader's words, the same thing under one key, nothing for who may not read."""

import datetime as dt
from typing import Any

import feedparser
import icalendar
import pytest
import vobject
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from lxml import etree  # type: ignore[import-untyped]
from pytest_django import DjangoAssertNumQueries

from tests import world
from tests.org.company import area, person, unit
from tests.releases.made import planned, tier
from tests.roadmap.undertaken import browser
from vertebra.accounts.audit.undoing import undo
from vertebra.accounts.models import AuditEntry, SharedLink, User
from vertebra.releases.actions import gates, states
from vertebra.releases.actions.audiences import archive_audience, create_audience
from vertebra.releases.actions.briefs import move_brief, write_brief
from vertebra.releases.actions.releases import archive_release, choose_audiences
from vertebra.releases.models import Audience, Brief, FreezeWindow, Release

pytestmark = pytest.mark.django_db
NOW, TODAY = world.NOW, world.TODAY
ATOM = "{http://www.w3.org/2005/Atom}"
SOON = TODAY + dt.timedelta(days=7)


@pytest.fixture
def karim() -> User:
    return world.english(world.karim())


@pytest.fixture
def sellers(karim: User) -> Audience:
    return create_audience(
        actor=karim, name="Sellers", rules={"any": [{"functions": ["sales"]}], "except": []}, now=NOW
    )


def take(user: User, page: str, number: int) -> dict[str, str]:
    """The addresses of a feed that somebody takes, as paths."""
    answer = browser(user).post(reverse("accounts:feed-create", args=[page, number]))
    assert answer.status_code == 200
    return {form: f"/feeds/{told.split('/feeds/')[1]}" for form, told in answer.context["addresses"].items()}


def entries(address: str) -> list[Any]:
    answer = Client().get(address)
    assert answer.status_code == 200, answer.content
    return list(etree.fromstring(answer.content).findall(f"{ATOM}entry"))


def titles(address: str) -> set[str]:
    return {str(one.findtext(f"{ATOM}title")) for one in entries(address)}


def events(address: str) -> dict[str, Any]:
    found = icalendar.Calendar.from_ical(Client().get(address).content)
    return {str(one["uid"]): one for one in found.walk("VEVENT")}


def only(address: str) -> Any:
    return next(iter(events(address).values()))


def ready(user: User, release: Release, trade: str, line: str, language: str = "en") -> Brief:
    brief = release.briefs.get(trade=trade, language=language)
    write_brief(
        actor=user, brief=brief, line=line, body=f"[Read]({reverse('releases:telling')}) <b>", now=NOW
    )
    brief.refresh_from_db()
    move_brief(actor=user, brief=brief, state="ready", person=None, now=NOW)
    return brief


def test_an_audience_reads_the_words_of_its_trade_in_the_language_of_whoever_takes_it(
    karim: User, sellers: Audience
) -> None:
    row = planned(karim, "Refunds", tier=tier("major"), planned_on=SOON, audiences=[sellers])
    planned(karim, "For others", planned_on=SOON)
    addresses = take(karim, "releases_for_audience", sellers.pk)
    assert titles(addresses["atom"]) == {"Refunds"}, "what nobody said is ready is not told"
    ready(karim, row, "everyone", "For all")
    ready(karim, row, "sales", "Sell it so")
    ready(karim, row, "sales", "Vendez-le ainsi", "fr")
    [entry] = entries(addresses["atom"])
    assert entry.findtext(f"{ATOM}title") == "Sell it so"
    html = entry.findtext(f"{ATOM}content")
    assert 'href="http://127.0.0.1:8000/releases/whom-to-tell/"' in html and "&lt;b&gt;" in html
    assert "It comes out on" in html
    karim.language = "fr"
    karim.save()
    assert titles(addresses["atom"]) == {"Vendez-le ainsi"}


def test_an_audience_of_several_trades_reads_as_its_reader_does(karim: User) -> None:
    field = create_audience(
        actor=karim, name="The field", rules={"any": [{"customer_facing": True}]}, now=NOW
    )
    row = planned(karim, "Refunds", tier=tier("major"), planned_on=SOON, audiences=[field])
    ready(karim, row, "everyone", "For all")
    ready(karim, row, "support", "They will ask")
    address = take(karim, "releases_for_audience", field.pk)["rss"]
    assert "For all" in Client().get(address).content.decode()
    person("Karim", unit("Support"), "support", user=karim)
    assert "They will ask" in Client().get(address).content.decode()


def test_a_day_that_moves_is_the_same_event_revised(karim: User, sellers: Audience) -> None:
    row = planned(karim, "Refunds", planned_on=SOON, audiences=[sellers])
    address = take(karim, "releases_for_audience", sellers.pk)["calendar"]
    first = only(address)
    assert (first.decoded("dtstart"), str(first["status"])) == (SOON, "TENTATIVE")
    later, after = SOON + dt.timedelta(days=3), NOW + dt.timedelta(hours=1)
    entry = states.move_release(actor=karim, release=row, planned_on=later, why="Late", now=after)
    moved = only(address)
    assert moved["uid"] == first["uid"]
    assert moved.decoded("dtstart") == later
    assert moved.decoded("sequence") > first.decoded("sequence")
    assert moved.decoded("last-modified") == after
    undo(actor=karim, entry=entry, now=after + dt.timedelta(hours=1))
    back = only(address)
    assert back.decoded("dtstart") == SOON
    assert back.decoded("sequence") > moved.decoded("sequence")
    assert back.decoded("last-modified") > moved.decoded("last-modified")


def test_what_is_out_is_certain_and_what_is_withdrawn_is_cancelled(karim: User, sellers: Audience) -> None:
    row = planned(karim, "Refunds", planned_on=SOON, audiences=[sellers])
    addresses = take(karim, "releases_for_audience", sellers.pk)
    states.release_it(actor=karim, release=row, now=NOW)
    out = only(addresses["calendar"])
    assert (str(out["status"]), out.decoded("dtstart")) == ("CONFIRMED", TODAY)
    states.withdraw_release(actor=karim, release=row, reason="It broke carts.", now=NOW)
    gone = only(addresses["calendar"])
    assert (str(gone["status"]), gone["uid"]) == ("CANCELLED", out["uid"])
    assert gone.decoded("sequence") > out.decoded("sequence")
    [entry] = entries(addresses["atom"])
    assert entry.findtext(f"{ATOM}title") == "Withdrawn: Refunds"
    assert "It broke carts." in entry.findtext(f"{ATOM}content")
    archive_release(actor=karim, release=row, now=NOW)
    assert events(addresses["calendar"]) == {}


def test_an_area_holds_what_comes_out_inside_it(karim: User) -> None:
    shop = area("Shop")
    planned(karim, "Carts", area=area("Carts", shop), planned_on=SOON)
    planned(karim, "Boats", area=area("Boats"), planned_on=SOON)
    address = take(karim, "releases_of_area", shop.pk)["atom"]
    assert titles(address) == {"Carts"}
    assert browser(karim).post("/feeds/releases_of_area/999999/new/").status_code == 404


def test_the_launch_calendar_holds_everything_and_the_days_kept_free(karim: User) -> None:
    planned(karim, "Refunds; fast, and sure", planned_on=SOON)
    planned(karim, "No day yet")
    planned(karim, "Years away", planned_on=TODAY + dt.timedelta(days=900))
    gates.add_freeze(actor=karim, title="Sales", from_on=SOON, until_on=SOON + dt.timedelta(days=2), now=NOW)
    addresses = take(karim, "releases_calendar", 0)
    found = {str(one["summary"]): one for one in events(addresses["calendar"]).values()}
    assert set(found) == {"Refunds; fast, and sure", "Nothing comes out: Sales"}
    freeze = found["Nothing comes out: Sales"]
    assert freeze.decoded("dtend") - freeze.decoded("dtstart") == dt.timedelta(days=3)
    gates.lift_freeze(actor=karim, freeze=FreezeWindow.objects.get(), now=NOW)
    lifted = events(addresses["calendar"])[str(freeze["uid"])]
    assert str(lifted["status"]) == "CANCELLED"
    assert lifted.decoded("sequence") > freeze.decoded("sequence")
    assert "No day yet" in titles(addresses["atom"])
    assert browser(karim).post("/feeds/releases_calendar/7/new/").status_code == 404


def test_the_file_and_the_feed_tell_of_the_same_events(karim: User) -> None:
    planned(karim, "Refunds", planned_on=SOON)
    address = take(karim, "releases_calendar", 0)["calendar"]
    file = icalendar.Calendar.from_ical(browser(karim).get(reverse("releases:calendar-file")).content)
    assert {str(one["uid"]) for one in file.walk("VEVENT")} == set(events(address))


def test_a_feed_follows_its_audience_and_ends_with_it_and_with_its_reader(
    karim: User, sellers: Audience
) -> None:
    row = planned(karim, "Refunds", planned_on=SOON, audiences=[sellers])
    address = take(karim, "releases_for_audience", sellers.pk)["atom"]
    Audience.objects.update(name="Those who sell")
    assert b"<title>Those who sell</title>" in Client().get(address).content
    others = create_audience(actor=karim, name="Others", rules={"any": [{}]}, now=NOW)
    choose_audiences(actor=karim, release=row, audiences=[others], now=NOW)
    assert titles(address) == set()
    User.objects.filter(pk=karim.pk).update(is_active=False)
    assert Client().get(address).status_code == 410
    User.objects.filter(pk=karim.pk).update(is_active=True)
    assert Client().get(address).status_code == 200
    archive_audience(actor=karim, audience=sellers, now=NOW)
    assert Client().get(address).status_code == 410
    assert browser(karim).post(f"/feeds/releases_for_audience/{sellers.pk}/new/").status_code == 404


def test_the_widget_asks_for_nothing_and_leaves_nothing(
    karim: User, sellers: Audience, settings: LazySettings
) -> None:
    planned(karim, "Refunds <script>", summary="In one click", planned_on=SOON, audiences=[sellers])
    address = take(karim, "releases_for_audience", sellers.pk)["embedded"]
    answer = Client().get(address)
    page = answer.content.decode()
    assert "Refunds &lt;script&gt;" in page and "In one click" in page and "<script" not in page
    assert not answer.cookies
    policy = answer["Content-Security-Policy"]
    assert "script-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert answer["X-Frame-Options"] == "DENY"
    settings.WIDGET_ORIGINS = ["https://intranet.example.org"]
    framed = Client().get(address)
    assert "frame-ancestors https://intranet.example.org" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    assert Client().get("/accounts/login/")["X-Frame-Options"] == "DENY"


def test_pages_offer_what_one_can_take(karim: User, sellers: Audience) -> None:
    shop = area("Shop")
    planned(karim, "Refunds", planned_on=SOON, area=shop)
    client = browser(karim)
    for page, action in (
        (reverse("releases:calendar"), "/feeds/releases_calendar/0/new/"),
        (reverse("releases:release-list"), "/feeds/releases_calendar/0/new/"),
        (f"{reverse('releases:release-list')}?area={shop.pk}", f"/feeds/releases_of_area/{shop.pk}/new/"),
        (
            reverse("releases:audience-show", args=[sellers.pk]),
            f"/feeds/releases_for_audience/{sellers.pk}/new/",
        ),
    ):
        assert f'action="{action}"' in client.get(page).content.decode(), page


def test_a_large_feed_costs_few_questions_and_is_short(
    karim: User, sellers: Audience, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for at in range(60):
        planned(karim, f"Release {at}", planned_on=SOON, audiences=[sellers], body="word " * 5000)
    addresses = take(karim, "releases_for_audience", sellers.pk)
    for form, count in (("atom", 50), ("rss", 50), ("calendar", 60)):
        with django_assert_max_num_queries(12):
            answer = Client().get(addresses[form])
        mark = {"atom": b"<entry>", "rss": b"<item>", "calendar": b"BEGIN:VEVENT"}[form]
        assert answer.content.count(mark) == count
        assert len(answer.content) < 700_000


def test_readers_that_are_not_ours_understand_it(karim: User, sellers: Audience) -> None:
    row = planned(karim, "Réglages & “retours”", planned_on=SOON, audiences=[sellers])
    addresses = take(karim, "releases_for_audience", sellers.pk)
    for form, version in (("atom", "atom10"), ("rss", "rss20")):
        found = feedparser.parse(Client().get(addresses[form]).content)
        assert (found.bozo, found.version) == (False, version)
        [entry] = found.entries
        assert entry.title == "Réglages & “retours”"
        assert entry.link.endswith(reverse("releases:release-read", args=[row.pk]))
        assert entry.id.startswith("urn:uuid:") and entry.published_parsed


def test_calendars_that_are_not_ours_understand_it(karim: User, sellers: Audience) -> None:
    planned(karim, "Réglages; vite, " + "é" * 120, planned_on=SOON, audiences=[sellers])
    content = Client().get(take(karim, "releases_for_audience", sellers.pk)["calendar"]).content
    found = vobject.readOne(content.decode())
    found.validate(raiseException=True)
    assert found.vevent.summary.value == "Réglages; vite, " + "é" * 120
    assert found.vevent.dtstart.value == SOON
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


def test_taking_a_feed_is_known_and_its_secret_is_not(karim: User) -> None:
    address = take(karim, "releases_calendar", 0)["atom"]
    secret = address.split("/")[2]
    link = SharedLink.objects.get()
    assert secret not in str(list(SharedLink.objects.values())) + str(list(AuditEntry.objects.values()))
    assert link.made_by == karim
