"""The first thirty days of Product Ops: from a file of sixty people to an audit in which they recognise themselves."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import leave
from tests.journeys.conftest import sign_in
from tests.journeys.hands import enter
from tests.journeys.listening_hands import (
    agree,
    ask_readers,
    assemble_audit,
    begin_campaign,
    draft_address,
    hand_over,
    hear,
    is_saving_of_notes,
    propose_quick_win,
    publish_audit,
    publish_charter,
    put_to_directors,
)
from tests.journeys.test_first_run import bare_site, become_administrator, bring_in, kit, owner_links, page
from tests.site import DAY, Site, new_site

__all__ = ["bare_site", "kit", "page"]
PAINS = (
    "Le terrain apprend les sorties par les clients",
    "Personne ne sait qui décide",
    "La même étude est refaite trois fois",
    "Les maquettes arrivent après le code",
    "Les chiffres se demandent et s’attendent",
    "Les retours du support se perdent",
    "Chaque équipe réinvente sa feuille de route",
)
# What each says, and what it shows to hurt: seven pain points, the first of them heard from five people.
HEARD = (
    (
        ("On découvre les nouveautés dans les courriels des clients.", PAINS[0]),
        ("On attend trois avis.", PAINS[1]),
    ),
    (
        ("Le planning change sans qu’on le sache.", PAINS[0]),
        ("J’ai refait une étude qui existait.", PAINS[2]),
    ),
    (("C’est un client qui m’a montré l’écran.", PAINS[0]), ("Je dessine ce qui est déjà codé.", PAINS[3])),
    (("Personne ne nous prévient avant la sortie.", PAINS[0]), ("Un chiffre prend deux semaines.", PAINS[4])),
    (
        ("On l’apprend au téléphone.", PAINS[0]),
        ("Ce que le support nous écrit n’est lu par personne.", PAINS[5]),
    ),
    (("Chacun a son format de feuille de route.", PAINS[6]),),
)
CHARTER = {
    "who_we_are": "Inès Barbier, seule pour commencer.",
    "how_to_ask": "Une phrase suffit : réponse sous deux jours.",
}
WINS = {
    PAINS[0]: "Annoncer chaque sortie la veille",
    PAINS[1]: "Une page qui dit qui décide",
    PAINS[2]: "Ranger les études au même endroit",
}


def opened_window(site: Site, chromium: Browser, width: int) -> Page:
    """A window of somebody else's browser, in French."""
    context = chromium.new_context(
        base_url=site.url,
        locale="fr-FR",
        viewport={"width": width, "height": 844},
        has_touch=width < 800,
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    return context.new_page()


def answer_on_a_phone(phone: Page, address: str) -> None:
    """Read the draft through the signed link, and answer it in two taps."""
    phone.goto(address)
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    expect(phone.locator("main")).to_contain_text(PAINS[0])
    phone.locator('a[href="#answer"]').tap()
    phone.locator('button[value="thats_it"]').tap()
    expect(phone).to_have_url(re.compile(r"\?thanks"))


def come_in(site: Site, page: Page, ines: Page, kit: list[Path]) -> None:
    """The instance is opened, the file of sixty people brought in, Inès let in."""
    (address,) = owner_links(site)
    become_administrator(page, urlsplit(address).path)
    enter(page.locator("#needs").get_by_role("link", name="Importer des fichiers"))
    bring_in(page, kit)
    hand_over(page, ines, "Inès Barbier", "p01@orme.example")


def write_audit(ines: Page) -> str:
    """Everything heard becomes an audit with three quick wins; gives its address."""
    audit = assemble_audit(ines, "Ce que vous nous avez dit")
    items = ines.locator("#items .desk-item")
    expect(items).to_have_count(len(PAINS))
    expect(items.first).to_contain_text(PAINS[0])
    for hurts, title in WINS.items():
        propose_quick_win(ines, hurts, title)
    return audit


def test_from_a_file_of_sixty_people_to_an_audit_that_they_have_read(
    bare_site: Site, page: Page, kit: list[Path], chromium: Browser
) -> None:
    bare_site.start()
    ines, phone = (opened_window(bare_site, chromium, width) for width in (1440, 390))
    come_in(bare_site, page, ines, kit)
    publish_charter(ines, CHARTER)
    campaign = begin_campaign(ines, "Trente jours pour écouter", "Ce qui vous coûte du temps.")
    expect(ines.locator("tr[data-row]")).to_have_count(20)
    known: set[str] = set()
    for at, marks in enumerate(HEARD):
        hear(ines, campaign, at, marks, known)

    audit = write_audit(ines)
    ask_readers(ines, audit)
    for at in range(2):
        answer_on_a_phone(phone, draft_address(ines, audit, at))
    publish_audit(ines, audit)
    for title in (*PAINS, *WINS.values()):
        expect(ines.locator("main")).to_contain_text(title)

    put_to_directors(ines)
    ines.goto("/discovery/pain-points/directors/")
    expect(ines.locator("main tbody tr")).to_have_count(len(PAINS))
    enter(ines.locator("main tbody a").filter(has_text=PAINS[0]))
    sides = ines.locator(".pain-side")
    expect(sides).to_have_count(2)
    expect(sides.filter(has_text="Design")).to_contain_text("Personne ne nous prévient avant la sortie.")
    ines.goto(ines.url.replace("/discovery/pain-points/", "/thread/pain_point/"))
    steps = ines.locator(".thread-steps")
    expect(steps).to_have_count(3)
    expect(steps.first).to_contain_text("Trente jours pour écouter")
    expect(steps.last).to_contain_text(WINS[PAINS[0]])
    expect(steps.last).to_contain_text("Ce que vous nous avez dit")
    for window in (ines, phone):
        leave(window.context)
    assert bare_site.stop() == 0


@pytest.fixture(scope="module")
def large_site() -> Iterator[Site]:
    """The demo company of several hundred people, with its three years."""
    made = new_site()
    made.run("demo", "--profile", "scale-up", "--until", DAY)
    made.start()
    yield made
    assert made.stop() == 0


@pytest.fixture
def seen_as(large_site: Site, chromium: Browser) -> Iterator[Callable[[str, int], Page]]:
    """A window on it as somebody of the cast, on a desk or a phone; what goes wrong in the page fails the test."""
    windows: list[Page] = []
    errors: list[str] = []

    def opened(who: str, width: int) -> Page:
        window = opened_window(large_site, chromium, width)
        window.on("pageerror", lambda error: errors.append(str(error)))
        windows.append(window)
        sign_in(window, who)
        return window

    yield opened
    for window in windows:
        leave(window.context)
    assert errors == []


def fits(page: Page) -> bool:
    """Whether nothing sticks out of the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_listening_and_understanding_open_on_three_years(seen_as: Callable[[str, int], Page]) -> None:
    ines = seen_as("Inès", 1440)
    for start in ("/discovery/interviews/", "/discovery/pain-points/"):
        ines.goto(start)
        pages = (
            ines.locator("nav.sections a, main nav")
            .first.locator("xpath=self::a/.. | self::nav")
            .locator("a")
        )
        addresses = [str(link.get_attribute("href")) for link in pages.all()]
        assert len(addresses) > 4
        for address in addresses:
            answer = ines.goto(address)
            assert answer is not None
            assert answer.status == 200
            expect(ines.locator("main h1")).to_have_count(1)

    ines.goto("/discovery/audits/")
    enter(ines.locator("a.row-title").first)
    moved = ines.locator("#compared tbody tr")
    expect(moved.first).to_be_visible()
    assert moved.count() >= len(PAINS)

    ines.goto("/discovery/pain-points/")
    enter(ines.locator("a.row-title").first)
    sides = ines.locator(".pain-side")
    expect(sides).to_have_count(2)
    for side in sides.all():
        expect(side.locator("blockquote").first).not_to_be_empty()


def test_a_pulse_is_answered_from_home_on_a_phone_and_a_closed_one_is_read(
    seen_as: Callable[[str, int], Page],
) -> None:
    nadia = seen_as("Nadia", 390)
    nadia.locator('main a[href$="/answer/"]').tap()
    questions = nadia.locator("fieldset.ask")
    expect(questions.first).to_be_visible()
    assert fits(nadia)
    for question in questions.filter(has=nadia.locator("input")).all():
        question.locator("label").nth(2).tap()
    nadia.locator("main .form-foot button").tap()
    expect(nadia.locator("fieldset.ask")).to_have_count(0)
    nadia.goto("/")
    expect(nadia.locator('main a[href$="/answer/"]')).to_have_count(0)

    nadia.goto("/evidence/surveys/?state=closed")
    nadia.locator("a.row-title").first.tap()
    expect(nadia.locator("#groups tbody tr").first).to_be_visible()
    assert fits(nadia)


def test_a_conversation_begins_on_a_phone(seen_as: Callable[[str, int], Page]) -> None:
    ines = seen_as("Inès", 390)
    ines.goto("/discovery/interviews/")
    ines.locator('main a[href="/discovery/interviews/new/"]:visible').first.tap()
    ines.locator("#id_person").tap()
    ines.keyboard.type("Nadia Benhaddou")
    ines.keyboard.press("Enter")
    agree(ines)
    assert fits(ines)
    ines.locator("#notes").tap()
    with ines.expect_request_finished(is_saving_of_notes):
        ines.keyboard.type("Debout, entre deux réunions.")
    expect(ines.locator("#notes-state")).not_to_be_empty()
    ines.reload()
    expect(ines.locator("#notes")).to_have_value("Debout, entre deux réunions.")
