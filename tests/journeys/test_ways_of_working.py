"""A way of working from one line to a standard for one tribe: by keyboard, in French."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.journeys.hands import choose, enter, reach, write

Visit = Callable[..., Page]
INDENT = "\u00a0" * 4
DEMO = "Démo chaque jeudi"
ONE = re.compile(r"/practices/\d+/(#\w+)?$")


def test_what_is_lived_already_is_registered_in_one_line(visit: Visit) -> None:
    page = visit("Inès Barbier")
    page.goto("/practices/")
    enter(page.get_by_role("main").get_by_role("link", name="Enregistrer ce que vous vivez déjà").last)
    page.wait_for_url("**/practices/registration/")
    write(page.locator("#id_name"), "Point produit du lundi")
    write(page.locator("#id_carrier"), "Hélène Vasseur")
    _send(page)
    page.wait_for_url(ONE)
    expect(page.locator(".lead")).to_contain_text("se vivait avant d’être écrite ici")
    expect(page.locator("aside")).to_contain_text("toute l’entreprise")
    # What ships is begun in one press, in both languages.
    page.goto("/practices/library/")
    expect(page.locator("main .lines .line")).to_have_count(11)
    enter(page.locator("main form[action*='/discovery-method/'] button"))
    page.wait_for_url(ONE)
    expect(page.locator("#templates .line")).to_have_count(6)


def test_an_idea_becomes_a_standard_for_one_tribe_and_is_free_for_another(visit: Visit) -> None:
    nadia = visit("Nadia Benhaddou")
    address = _idea(nadia)
    _try(nadia, address, "Caisse tactile")
    # Another team tries it too: nobody is asked.
    youssef = visit("Youssef Mansouri")
    _try(youssef, address, "Catalogue")
    expect(youssef.locator(".lead")).to_contain_text("2 équipes")
    nadia.goto(address)
    enter(nadia.locator("form[action$='/proposal/'] button.is-primary"))
    expect(nadia.locator(".lead")).to_contain_text("proposée")
    _object(visit("Léa Roux", width=390, height=844), address)
    helene = visit("Hélène Vasseur")
    helene.goto(f"{address}validation/")
    write(helene.locator("#id_words"), "On voit plus tôt.")
    _send(helene)
    expect(helene.locator("main [role=alert], main .problems").first).to_contain_text("objection")
    _answer(nadia, address)
    helene.goto(address)
    enter(helene.locator(".page-verbs a[href$='/validation/']"))
    write(helene.locator("#id_words"), "Trois clients de plus nous ont entendus à temps.")
    _send(helene)
    helene.wait_for_url(ONE)
    expect(helene.locator(".lead")).to_contain_text("Hélène Vasseur l’a validée")
    tribes = _tribes(helene, address)
    _reach(helene, address, tribes[0], "standard")
    _reach(helene, address, tribes[1], "free")
    facts = helene.locator("aside")
    expect(facts).to_contain_text(tribes[0])
    expect(facts).to_contain_text("annoncée pour le")
    expect(facts).to_contain_text("libre")
    helene.goto("/practices/changes/")
    expect(helene.locator("#coming")).to_contain_text(DEMO)
    expect(helene.locator("#coming")).to_contain_text(tribes[0])


def _send(page: Page) -> None:
    enter(page.locator("form.form button.is-primary"))


def _idea(page: Page) -> str:
    """An idea with its why, its steps, its cost and who carries it; gives its address."""
    page.goto("/practices/new/")
    write(page.locator("#id_name"), DEMO)
    write(page.locator("#id_why"), "Personne ne voyait ce qui était fait.")
    _send(page)
    page.wait_for_url(ONE)
    address = page.url.partition("#")[0]
    expect(page.locator(".lead")).to_contain_text("toute équipe peut l’essayer")
    page.goto(f"{address}texts/fr/")
    write(page.locator("#id_steps"), "1. Montrer")
    _send(page)
    page.wait_for_url(ONE)
    page.goto(f"{address}costs/")
    write(page.locator("#id_product"), "60")
    _send(page)
    page.wait_for_url(ONE)
    page.goto(f"{address}edit/")
    write(page.locator("#id_carrier"), "Nadia Benhaddou")
    _send(page)
    page.wait_for_url(ONE)
    expect(page.locator("aside")).to_contain_text("60 minutes")
    return address


def _try(page: Page, address: str, team: str) -> None:
    """One's own team tries it."""
    page.goto(f"{address}trials/")
    choose(page.locator("#id_unit"), team)
    _send(page)
    page.wait_for_url(ONE)
    expect(page.locator("#trials .line").first).to_be_visible()


def _object(page: Page, address: str) -> None:
    """From a phone, one choice and one sentence."""
    page.goto(f"{address}contributions/?kind=objection")
    expect(page.locator("input[name=kind][value=objection]")).to_be_checked()
    write(page.locator("#id_words"), "Le jeudi, la région ferme ses comptes.")
    _send(page)
    page.wait_for_url(ONE)
    expect(page.locator("#contributions")).to_contain_text("Le jeudi, la région ferme ses comptes.")


def _answer(page: Page, address: str) -> None:
    """The objection is answered, and somebody else builds it too."""
    page.goto(address)
    expect(page.locator(".lead")).to_contain_text("1 objection")
    enter(page.locator("#contributions a.is-primary"))
    write(page.locator("#id_answer"), "À dix heures, avant la clôture.")
    _press(page.locator("input[name=is_taken_up][value=yes]"))
    _send(page)
    page.wait_for_url(ONE)
    expect(page.locator("#contributions")).to_contain_text("Retenu.")
    page.goto(f"{address}co-authors/")
    write(page.locator("#id_person"), "Karim Diallo")
    _send(page)
    page.wait_for_url(ONE)
    expect(page.locator("aside")).to_contain_text("Karim Diallo")


def _press(target: Locator) -> None:
    """Reach a choice among radios and take it."""
    name = target.get_attribute("name")
    reach(target.page.locator(f"input[name={name}]").first)
    target.page.keyboard.press("Space")
    for _time in range(3):
        if target.is_checked():
            return
        target.page.keyboard.press("ArrowDown")
    expect(target).to_be_checked()


def _tribes(page: Page, address: str) -> list[str]:
    """Two units just under the company, as the form offers them."""
    page.goto(f"{address}reach/")
    options: list[str] = page.locator("#id_unit option").all_text_contents()
    under = [text for text in options if text.startswith(INDENT) and not text.startswith(INDENT * 2)]
    return [text.strip() for text in under][:2]


def _reach(page: Page, address: str, unit: str, what: str) -> None:
    """Say for one unit what it is there."""
    page.goto(f"{address}reach/")
    choose(page.locator("#id_unit"), unit)
    _press(page.locator(f"input[name=reach][value={what}]"))
    _send(page)
    page.wait_for_url(ONE)
