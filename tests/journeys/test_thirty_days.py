"""The first thirty days of Product Ops: from a company's files to an audit in which people recognise themselves."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import leave
from tests.journeys.company_files import Kit, kit_of
from tests.journeys.hands import enter
from tests.journeys.listening_hands import (
    ask_readers,
    assemble_audit,
    begin_campaign,
    draft_address,
    hand_over,
    hear,
    opened_window,
    propose_quick_win,
    publish_audit,
    publish_charter,
    put_to_directors,
)
from tests.journeys.test_first_run import bare_site, become_administrator, bring_in, owner_links
from tests.site import Site

__all__ = ["bare_site"]
Step = Callable[[str], AbstractContextManager[None]]
PAINS = (
    "Le terrain apprend les sorties par les clients",
    "Personne ne sait qui décide",
    "La même étude est refaite trois fois",
    "Les maquettes arrivent après le code",
    "Les chiffres se demandent et s’attendent",
    "Les retours du support se perdent",
    "Chaque équipe réinvente sa feuille de route",
)
# What each of twenty people says, and which pain point it shows: seven in all, the first heard most.
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
    (("Je l’ai su par la facture d’un client.", PAINS[0]),),
    (("La décision était prise, personne ne l’avait dite.", PAINS[1]),),
    (("Trois entretiens pour la même question.", PAINS[2]),),
    (("La maquette corrige ce qui tourne déjà.", PAINS[3]),),
    (("Je demande un taux, j’attends onze jours.", PAINS[4]),),
    (("J’ai signalé ce défaut deux fois.", PAINS[5]),),
    (("Mon plan et le leur ne se lisent pas ensemble.", PAINS[6]),),
    (("Le nouvel écran était là un matin.", PAINS[0]),),
    (("On demande à trois personnes, on a trois réponses.", PAINS[1]),),
    (("Le terrain ne savait rien de la bêta.", PAINS[0]),),
    (("Deux tableaux, deux chiffres.", PAINS[4]),),
    (("Le formulaire de remontée ne répond jamais.", PAINS[5]),),
    (("Chaque équipe recommence son modèle.", PAINS[6]),),
    (("Je préviens mes clients après coup.", PAINS[0]),),
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
READERS = 3


@pytest.fixture
def step(request: pytest.FixtureRequest, capfd: pytest.CaptureFixture[str]) -> Iterator[Step]:
    """Times each step of the journey, and says at the end how long each took."""
    took: dict[str, float] = {}

    @contextmanager
    def timed(name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        took[name] = time.monotonic() - began

    yield timed
    with capfd.disabled():
        told = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in took.items())
        print(f"\n{request.node.callspec.id}: {told}; in all {sum(took.values()):.0f} s")


def come_in(site: Site, ada: Page, ines: Page, kit: Kit) -> None:
    """The instance is opened, the company's files brought in, Inès let in."""
    (address,) = owner_links(site)
    become_administrator(ada, urlsplit(address).path)
    enter(ada.locator("#needs").get_by_role("link", name="Importer des fichiers"))
    bring_in(ada, kit.files, kit.rows)
    hand_over(ada, ines, kit.name, kit.email)


def answer_on_a_phone(phone: Page, address: str) -> None:
    """Read the draft through the signed link, and answer it in two taps."""
    phone.goto(address)
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    expect(phone.locator("main")).to_contain_text(PAINS[0])
    phone.locator('a[href="#answer"]').tap()
    phone.locator('button[value="thats_it"]').tap()
    expect(phone).to_have_url(re.compile(r"\?thanks"))


def write_audit(ines: Page) -> str:
    """Everything heard becomes an audit of seven pain points; gives its address."""
    audit = assemble_audit(ines, "Ce que vous nous avez dit")
    items = ines.locator("#items .desk-item")
    expect(items).to_have_count(len(PAINS))
    expect(items.first).to_contain_text(PAINS[0])
    return audit


def look_back(ines: Page) -> None:
    """The topics ready for the directors, the sides of the first, and its thread from the campaign to the audit."""
    ines.goto("/discovery/pain-points/directors/")
    expect(ines.locator("main tbody tr")).to_have_count(len(PAINS))
    enter(ines.locator("main tbody a").filter(has_text=PAINS[0]))
    expect(ines.locator(".pain-side").first).to_be_visible()
    expect(ines.locator("main")).to_contain_text("Personne ne nous prévient avant la sortie.")
    ines.goto(ines.url.replace("/discovery/pain-points/", "/thread/pain_point/"))
    steps = ines.locator(".thread-steps")
    expect(steps.first).to_contain_text("Trente jours pour écouter")
    expect(steps.last).to_contain_text(WINS[PAINS[0]])
    expect(steps.last).to_contain_text("Ce que vous nous avez dit")


# Each of its steps has a journey of its own in `make test`.
@pytest.mark.deep
@pytest.mark.parametrize(
    ("company", "width"),
    [
        pytest.param("small", 390, id="small, phone"),
        pytest.param("scale-up", 1440, id="scale-up, desk"),
    ],
)
def test_from_the_files_of_a_company_to_topics_for_its_directors(
    bare_site: Site, chromium: Browser, tmp_path: Path, company: str, width: int, step: Step
) -> None:
    kit = kit_of(company, tmp_path)
    errors: list[str] = []
    ada, ines, phone = (opened_window(bare_site, chromium, size, errors) for size in (width, width, 390))
    bare_site.start()
    with step("import and accounts"):
        come_in(bare_site, ada, ines, kit)
    with step("charter"):
        publish_charter(ines, CHARTER)
    with step("campaign"):
        campaign = begin_campaign(ines, "Trente jours pour écouter", "Ce qui vous coûte du temps.")
        expect(ines.locator("tr[data-row]")).to_have_count(len(HEARD))
    known: set[str] = set()
    with step("20 conversations"):
        for at, marks in enumerate(HEARD):
            hear(ines, campaign, at, marks, known)
    with step("audit of 7 pain points"):
        audit = write_audit(ines)
    with step("3 quick wins"):
        for hurts, title in WINS.items():
            propose_quick_win(ines, hurts, title)
    with step("read by those heard"):
        ask_readers(ines, audit)
        for at in range(READERS):
            answer_on_a_phone(phone, draft_address(ines, audit, at))
    with step("audit published"):
        publish_audit(ines, audit)
        for title in (*PAINS, *WINS.values()):
            expect(ines.locator("main")).to_contain_text(title)
    with step("topics for the directors"):
        put_to_directors(ines)
        look_back(ines)
    for window in (ada, ines, phone):
        leave(window.context)
    assert bare_site.stop() == 0
    assert errors == []
