"""The field did not know; now it knows before: from the tracker to the seller who had raised it, and back by a link."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from tests.connectors.systems import TOKEN, Fake, jira, serving, version
from tests.journeys.conftest import BOTH_COMPANIES
from tests.journeys.hands import choose, enter, queue, reach, write
from tests.journeys.telling_hands import (
    Telling,
    link_in,
    mandate,
    new_area,
    new_person,
    pick_one,
    send,
    telling_company,
    text_of,
    tick,
    until_there,
)

Visit = Callable[..., Page]
AREA, TITLE = "Justificatifs sans papier", "Le reçu de la borne part par SMS"
RAISED = "Les clients des bornes repartent sans reçu et nous l’apprenons par eux"
ASKED = "De quoi avez-vous besoin pour répondre aux premiers appels ?"
NEEDED = "Une réponse toute prête pour les clients sans téléphone."
BECAME = "La réponse toute prête est dans le texte des ventes."
FOR_EVERYONE = "Dès le 20 novembre, la borne murale envoie le reçu par SMS."
FOR_SALES = "Plus de rouleau à changer : dites-le au prochain rendez-vous."
HOW = "Le client tape son numéro, le reçu arrive dans la minute."
TO_SAY = "**Objection** : « et sans téléphone ? » Le guichet imprime toujours."
LEA, PAULINE = "lea.roux@mercelune.example", "pauline.lescure@mercelune.example"
CHAMPION, ONDINE = "Ondine Farradèche", "ondine.farradeche@mercelune.example"
ROOM = "Ventes, France"
TIER, AUDIENCE = "Terrain d’abord", "Tout le terrain"
A_WEEK_BEFORE, THE_DAY = "2026-11-13T09:00:00+01:00", "2026-11-20T09:00:00+01:00"
FIRST_TO_SAY = 6


@pytest.fixture(params=["small"])
def site(request: pytest.FixtureRequest, kept: Path) -> Iterator[Telling]:
    """A demo company with a mail server and a chat tool."""
    with telling_company(request.param, kept) as made:
        yield made


@pytest.fixture
def tracker() -> Iterator[Fake]:
    """A tracker with one version that is to come."""
    coming = version(
        61, name=TITLE, released=False, releaseDate="2026-11-20", description="Le client tape son numéro."
    )
    what = {"summary": "Envoyer le reçu par SMS", "issuetype": {"name": "Story"}, "components": [],
            "fixVersions": [{"id": "61"}]}  # fmt: skip
    with serving(jira({"BORNE": [coming]}, [{"id": "1", "key": "BORNE-1", "fields": what}])) as fake:
        yield fake


@BOTH_COMPANIES
def test_the_field_did_not_know_and_now_it_knows_before(visit: Visit, site: Telling, tracker: Fake) -> None:
    # The demo's door closes once a tracker brought something real: everybody comes in before.
    ines, ada, lea = visit("Inès Barbier"), visit("Ada Lind"), visit("Léa Roux")
    nadia, pauline = visit("Nadia Benhaddou"), visit("Pauline Lescure")
    area = new_area(ines, AREA)
    mandate(ines, area, PAULINE, "customer_success")
    # One whom nobody asked anything this week.
    new_person(ines, CHAMPION, ONDINE)
    mandate(ines, area, ONDINE, "support")
    make_tier(ines)
    connect_room(ada, site)
    topic = raise_topic(lea)

    release = from_the_tracker(ada, nadia, tracker)
    complete(nadia, release, topic)
    consult(nadia, visit(""), site, release)
    write_briefs(nadia, release)
    decide(nadia, pauline, release)

    feeds = take_feeds(lea)
    announce(nadia, release)
    # Not today: seven days before, as its tier says.
    wake(site, A_WEEK_BEFORE, nadia, lea, pauline)
    queue(site, "vertebra.releases.jobs.announcing.announce_releases")
    mails = arrives(site, feeds)
    understand(visit(""), mails)
    lea.goto(f"{release}read/")
    expect(lea.locator("button[value=understood]")).to_have_attribute("aria-pressed", "true")
    queue(site, "vertebra.releases.jobs.awareness.count_who_knows")
    nadia.goto(f"{release}who-knows/")
    until_there(nadia, "#groups")
    expect(nadia.locator("main .lead")).to_contain_text("5")

    # Its day comes: it is out, and the seller who had raised it is told once, in her own words.
    wake(site, THE_DAY, nadia, lea)
    nadia.goto(release)
    send(nadia, "main form[action$='/released/'] button")
    expect(nadia.locator(".page-state .state").first).to_have_class(re.compile("is-good"))
    queue(site, "vertebra.releases.jobs.announcing.tell_those_who_raised")
    told = site.mail.wait_for(LEA, RAISED)
    assert f"C’est sorti : {TITLE}" in str(told["Subject"]).replace("\N{NO-BREAK SPACE}", " ")
    assert "Vous avez soulevé ou relayé" in text_of(told)
    lea.goto("/messages/")
    expect(lea.locator("main")).to_contain_text(TITLE)


def wake(site: Telling, now: str, *pages: Page) -> None:
    """Serve at another moment; nobody looks on meanwhile."""
    for page in pages:
        page.goto("about:blank")
    site.wake(now)


def make_tier(page: Page) -> None:
    """Product Ops says what such a release requires: two briefs, the word of champions, a recorded go."""
    page.goto("/releases/tiers/new/")
    write(page.locator("#id_name"), TIER)
    tick(page.locator("input[name=trades][value=everyone]"))
    tick(page.locator("input[name=trades][value=sales]"))
    tick(page.locator("input[name=validations][value=champions]"))
    tick(page.locator("#id_has_go"))
    write(page.locator("#id_days_before"), "7")
    send(page)
    expect(page.locator("main table")).to_contain_text(TIER)


def connect_room(page: Page, site: Telling) -> None:
    """The administrator connects a room of the chat tool, and sees that it arrives."""
    page.goto("/administration/chats/new/")
    write(page.locator("#id_name"), ROOM)
    reach(page.locator("#id_tool")).select_option("slack")
    pick_one(page.locator("input[name=way]"), "webhook")
    write(page.locator("#id_secret"), f"{site.chat.address}/services/T0/B0/key")
    send(page)
    expect(page.locator("main")).to_contain_text(ROOM)


def raise_topic(page: Page) -> str:
    """A seller says what hurts; gives the number of the topic."""
    page.goto("/roadmap/topics/new/")
    write(page.locator("#id_title"), RAISED)
    send(page)
    page.wait_for_url(re.compile(r"/roadmap/topics/\d+/"))
    found = re.search(r"/topics/(\d+)/", page.url)
    assert found
    return found[1]


def from_the_tracker(ada: Page, nadia: Page, tracker: Fake) -> str:
    """The tracker is connected once; what is to come becomes a release by itself. Gives its address."""
    ada.goto("/imports/connect/")
    enter(ada.locator("main a[href$='/connect/jira/']").first)
    write(ada.locator("#id_address"), tracker.address)
    write(ada.locator("#id_email"), "lecture@mercelune.example")
    write(ada.locator("#id_token"), TOKEN)
    send(ada)
    ada.wait_for_url("**/choice/")
    tick(ada.locator("input[name=listed][value=BORNE]"))
    reach(ada.locator("input[name=takes][value=work]"))  # this tracker tells of what is to come only
    ada.keyboard.press("Space")
    send(ada)
    until_there(ada, "#readings .state.is-good")
    nadia.goto(f"/releases/?q={TITLE}")
    enter(nadia.locator("#listing a.row-title").filter(has_text=TITLE).first)
    nadia.wait_for_url(re.compile(r"/releases/\d+/$"))
    expect(nadia.locator("dl.facts").first).to_contain_text("2026")
    return urlsplit(nadia.url).path


def complete(page: Page, release: str, topic: str) -> None:
    """Its product manager says what the tracker does not know: tier, area, whose it is, for whom, what it answers."""
    page.goto(f"{release}edit/")
    choose(page.locator("#id_tier"), TIER.split()[0])
    place = page.locator("#id_area")
    (choose if place.evaluate("field => field.tagName") == "SELECT" else write)(place, AREA.split()[0])
    write(page.locator("#id_lead"), "nadia.benhaddou@mercelune.example")
    send(page)
    page.goto(f"{release}audiences/")
    tick(page.get_by_label(AUDIENCE))
    send(page)
    page.goto(release)
    reach(page.locator("#ties select[name=kind]")).select_option("topic")
    write(page.locator("#ties input[name=number]"), topic)
    send(page, "#ties form.row button")
    expect(page.locator("#ties")).to_contain_text(RAISED)


def consult(nadia: Page, somebody: Page, site: Telling, release: str) -> None:
    """Champions are asked before anything is settled; one answers from a mail, and reads what became of it."""
    nadia.goto(f"/releases/consultations/new/?release={release.strip('/').rsplit('/', 1)[1]}")
    write(nadia.locator("#id_questions"), ASKED)
    send(nadia, "button[name=look]")
    tick(nadia.locator("#who tr").filter(has_text=CHAMPION).locator("input"))
    for other in nadia.locator(f"#who tr:not(:has-text('{CHAMPION}')) input:checked").all():
        reach(other)
        nadia.keyboard.press("Space")
    send(nadia, "button[name=ask]")
    nadia.wait_for_url(re.compile(r"/consultations/\d+/$"))
    asked = nadia.url
    mail = site.mail.wait_for(ONDINE, "/releases/consulted/")
    assert "pour votre métier" in str(mail["Subject"])
    # A mail gateway that opens every link answers nothing.
    somebody.goto(link_in(mail, "/releases/consulted/"))
    expect(somebody.locator("main")).to_contain_text(ASKED)
    nadia.reload()
    expect(nadia.locator("#answers .is-good, #answers .is-harm")).to_have_count(0)
    pick_one(somebody.locator("input[name=impact]"), "high")
    write(somebody.locator("#id_readiness"), NEEDED)
    send(somebody, "form.answer-form button.is-primary")
    nadia.reload()
    expect(nadia.locator("#answers")).to_contain_text(NEEDED)
    nadia.goto(f"{asked}closing/")
    write(nadia.locator("#id_outcome"), BECAME)
    send(nadia)
    site.mail.wait_for(ONDINE, BECAME)


def write_briefs(page: Page, release: str) -> None:
    """The same thing in the words of everyone, and in those of the sellers."""
    for trade, line, body in (("everyone", FOR_EVERYONE, HOW), ("sales", FOR_SALES, TO_SAY)):
        page.goto(f"{release}briefs/?trade={trade}")
        enter(page.locator(".brief a[href$='/edit/']"))
        write(page.locator("#id_line"), line)
        write(page.locator("#id_body"), body)
        send(page, "main form button.is-primary")
        page.goto(f"{release}briefs/?trade={trade}")
        send(page, ".brief button[name=state][value=ready]")
        expect(page.locator(".brief .state.is-good")).to_be_visible()


def decide(nadia: Page, pauline: Page, release: str) -> None:
    """A champion agrees, the product manager records the go: nothing that the tier requires is missing."""
    pauline.goto(f"{release}checks/")
    send(pauline, "#agree button[value=yes]")
    nadia.goto(f"{release}checks/")
    send(nadia, "#go button[value=go]")
    expect(nadia.locator("#decisions .is-good")).to_be_visible()
    expect(nadia.locator("#checks")).not_to_contain_text("pas encore")


def take_feeds(page: Page) -> dict[str, str]:
    """A seller takes what is told to the field as a feed and as a calendar."""
    page.goto("/releases/audiences/")
    enter(page.locator("main a").filter(has_text=AUDIENCE).first)
    send(page, "form[action*='/feeds/'] button")
    return {name: page.locator(f"#{name}").input_value() for name in ("rss", "calendar")}


def announce(page: Page, release: str) -> None:
    """It will be told to the field before its day, by mail, in Vertebra and in the room."""
    page.goto(f"{release}announcing/")
    tick(page.locator("form.announce").get_by_label(AUDIENCE))
    for way in ("in_app", "mail"):
        tick(page.locator(f"input[name=channels][value={way}]"))
    tick(page.locator("form.announce").get_by_label(ROOM))
    expect(page.locator("#plan .lead b").first).to_be_visible()
    expect(page.locator("#id_on")).to_have_value(A_WEEK_BEFORE[:10])
    send(page, "form.announce button.is-primary")
    until_there(page, "#progress .announcement")


def arrives(site: Telling, feeds: dict[str, str]) -> list[EmailMessage]:
    """Everybody has it in the words of their trade: text and HTML, the room, the feed, the calendar."""
    mails = site.mail.wait_for_many("/releases/r/", FIRST_TO_SAY)
    mine = site.mail.wait_for(LEA, "/releases/r/")
    assert FOR_SALES in str(mine["Subject"])
    # Once, though the tracker calls the version by its title.
    assert text_of(mine).count(TITLE) == 1
    for form in ("plain", "html"):
        assert "Le guichet imprime toujours." in " ".join(text_of(mine, form).split())
    assert "<strong>Objection</strong>" in text_of(mine, "html")
    assert link_in(mine, "/releases/r/") in text_of(mine, "html")
    others = [mail for mail in mails if mail["To"] == PAULINE]
    assert FOR_EVERYONE in str(others[0]["Subject"]) and HOW in " ".join(text_of(others[0]).split())
    posted = [one.value for one in site.chat.received if one.path == "/services/T0/B0/key"]
    assert FOR_EVERYONE in json.dumps(posted[-1], ensure_ascii=False)
    with urlopen(feeds["rss"]) as answer:
        titles = [str(one.findtext("title")) for one in ET.fromstring(answer.read()).iter("item")]
    assert FOR_SALES in titles or TITLE in titles
    with urlopen(feeds["calendar"]) as answer:
        assert "DTSTART;VALUE=DATE:20261120" in answer.read().decode()
    return [mine, *[mail for mail in mails if mail["To"] != LEA]]


def understand(page: Page, mails: list[EmailMessage]) -> None:
    """The first of them say by their link, without an account, that they understood it; opening it says nothing."""
    for mail in mails[:FIRST_TO_SAY]:
        page.goto(link_in(mail, "/releases/r/"))
        understood = page.locator("button[name=state][value=understood]")
        expect(understood).not_to_have_attribute("aria-pressed", "true")
        send(page, "button[name=state][value=understood]")
        expect(understood).to_have_attribute("aria-pressed", "true")
