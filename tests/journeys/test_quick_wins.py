"""Three quick wins: noted in a minute, started, delivered; and a card moved on the board, all by keyboard."""

import re
from collections.abc import Callable

import pytest
from django.utils.translation import gettext, override, pgettext
from playwright.sync_api import Page, expect

from tests.journeys.conftest import BOTH_COMPANIES
from tests.journeys.hands import button, enter, link, reach, write
from tests.journeys.listening_hands import press

Visit = Callable[..., Page]
WINS = (
    "Annoncer chaque livraison la veille dans le canal des magasins",
    "Ouvrir la liste des clients pilotes à la vente",
    "Écrire sur une page qui décide de quoi",
)
WHY = "Trop petit pour être mesuré avant."
ROADMAP = "/roadmap/initiatives/"


def said(words: str, context: str = "") -> str:
    """What the product says in French."""
    with override("fr"):
        return pgettext(context, words) if context else gettext(words)


def note(page: Page, title: str) -> str:
    """Note a quick win in one sentence; gives its address."""
    page.goto(ROADMAP)
    enter(page.locator("main a[href$='/roadmap/quick-wins/new/']:visible"))
    write(page.locator("input[name=title]"), title)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"{ROADMAP}\d+/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    return page.url


def start(page: Page) -> None:
    """Start it with the reason why nothing is measured before; without one, it does not start."""
    enter(button(page, said("Start it", "an initiative")))
    expect(page.locator("#toasts")).to_contain_text(
        said("Note what we look at, and where it stands today, before starting; or say why that cannot be.")
    )
    write(page.locator("#start-reason"), WHY)
    enter(button(page, said("Start it", "an initiative")))
    expect(page.locator(".page-state")).to_contain_text(said("under way", "initiative"))
    expect(page.locator("#baseline")).to_contain_text(WHY)


def tell(page: Page, line: str) -> None:
    """Say in a minute where it stands this month."""
    reach(page.locator("#words input[name=pace]").first)
    page.keyboard.press("ArrowRight")
    write(page.locator("#words input[name=line]"), line)
    page.keyboard.press("Enter")
    expect(page.locator(".split-lead")).to_contain_text(line)
    expect(page.locator(".page-state")).to_contain_text(said("at risk"))


@pytest.mark.deep
@BOTH_COMPANIES
def test_three_quick_wins_are_noted_started_and_delivered(visit: Visit) -> None:
    ines = visit("Inès")
    addresses = [note(ines, title) for title in WINS]
    for address in addresses:
        ines.goto(address)
        start(ines)
    ines.goto(addresses[0])
    tell(ines, "Un magasin sur trois a encore l’ancien canal.")

    karim = visit("Karim")
    karim.goto(f"{ROADMAP}?kind=quick_win&state=started")
    for title in WINS:
        expect(karim.locator("tbody")).to_contain_text(title)

    for address in addresses:
        ines.goto(address)
        enter(button(ines, said("It is done")))
        expect(ines.locator(".page-state")).to_contain_text(said("done, result awaited", "initiative"))
    ines.goto(f"{ROADMAP}?kind=quick_win&state=delivered")
    for title in WINS:
        expect(ines.locator("tbody tr[data-row]").filter(has_text=title)).to_have_count(1)


def test_a_card_moves_from_later_to_now_without_a_mouse(visit: Visit) -> None:
    ines = visit("Inès")
    note(ines, "Une carte qui avance")
    number = re.findall(r"\d+", ines.url)[-1]
    enter(ines.locator(".facts details:has(select[name=horizon]) summary"))
    reach(ines.locator("select[name=horizon]")).select_option("later")
    press(ines.locator(".facts details:has(select[name=horizon]) button"))
    ines.goto(f"{ROADMAP}board/")
    reach(ines.locator(f"[data-card='{number}']"))
    # Moved once, it can be moved on at once.
    for column in ("next", "now"):
        ines.keyboard.press("Alt+ArrowLeft")
        expect(ines.locator(f"[data-column={column}] [data-card='{number}']")).to_be_focused()
    # The page scrolls between the press and the drop: the card that was pressed is the one that moves.
    ines.locator(f"[data-card='{number}']").drag_to(ines.locator("[data-column=later]"))
    expect(ines.locator(f"[data-column=later] [data-card='{number}']")).to_be_visible()
    expect(link(ines, "Une carte qui avance")).to_be_visible()
