"""What two hands do with a way of working: note it, try it, object, answer, say for whom it is what."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.hands import choose, enter, reach, write

INDENT = "\u00a0" * 4
DEMO = "Démo chaque jeudi"
ONE = re.compile(r"/practices/\d+/(#\w+)?$")


def send_form(page: Page) -> None:
    """Reach the button of a form, and press it."""
    enter(page.locator("form.form button.is-primary"))


def note_idea(page: Page, name: str = DEMO, begins_at: str = "/practices/new/") -> str:
    """An idea with its why, its steps, its cost and who carries it; gives its address."""
    page.goto(begins_at)
    write(page.locator("#id_name"), name)
    write(page.locator("#id_why"), "Personne ne voyait ce qui était fait.")
    send_form(page)
    page.wait_for_url(ONE)
    address = page.url.partition("#")[0]
    expect(page.locator(".lead")).to_contain_text("toute équipe peut l’essayer")
    page.goto(f"{address}texts/fr/")
    write(page.locator("#id_steps"), "1. Montrer")
    send_form(page)
    page.wait_for_url(ONE)
    page.goto(f"{address}costs/")
    write(page.locator("#id_product"), "60")
    send_form(page)
    page.wait_for_url(ONE)
    page.goto(f"{address}edit/")
    write(page.locator("#id_carrier"), "Nadia Benhaddou")
    send_form(page)
    page.wait_for_url(ONE)
    expect(page.locator("aside")).to_contain_text("60 minutes")
    return address


def try_it(page: Page, address: str, team: str) -> None:
    """One's own team tries it."""
    page.goto(f"{address}trials/")
    choose(page.locator("#id_unit"), team)
    send_form(page)
    page.wait_for_url(ONE)
    expect(page.locator("#trials .line").first).to_be_visible()


def object_to(page: Page, address: str) -> None:
    """From a phone, one choice and one sentence."""
    page.goto(f"{address}contributions/?kind=objection")
    expect(page.locator("input[name=kind][value=objection]")).to_be_checked()
    write(page.locator("#id_words"), "Le jeudi, la région ferme ses comptes.")
    send_form(page)
    page.wait_for_url(ONE)
    expect(page.locator("#contributions")).to_contain_text("Le jeudi, la région ferme ses comptes.")


def answer_objection(page: Page, address: str) -> None:
    """The objection is answered, and somebody else builds it too."""
    page.goto(address)
    expect(page.locator(".lead")).to_contain_text("1 objection")
    enter(page.locator("#contributions a.is-primary"))
    write(page.locator("#id_answer"), "À dix heures, avant la clôture.")
    press_one(page.locator("input[name=is_taken_up][value=yes]"))
    send_form(page)
    page.wait_for_url(ONE)
    expect(page.locator("#contributions")).to_contain_text("Retenu.")
    page.goto(f"{address}co-authors/")
    write(page.locator("#id_person"), "Karim Diallo")
    send_form(page)
    page.wait_for_url(ONE)
    expect(page.locator("aside")).to_contain_text("Karim Diallo")


def press_one(target: Locator) -> None:
    """Reach a choice among radios and take it."""
    name = target.get_attribute("name")
    reach(target.page.locator(f"input[name={name}]").first)
    target.page.keyboard.press("Space")
    for _time in range(3):
        if target.is_checked():
            return
        target.page.keyboard.press("ArrowDown")
    expect(target).to_be_checked()


def tribes_of(page: Page, address: str) -> list[str]:
    """Two units just under the company, as the form offers them."""
    page.goto(f"{address}reach/")
    options: list[str] = page.locator("#id_unit option").all_text_contents()
    under = [text for text in options if text.startswith(INDENT) and not text.startswith(INDENT * 2)]
    return [text.strip() for text in under][:2]


def say_reach(page: Page, address: str, unit: str, what: str) -> None:
    """Say for one unit what it is there."""
    page.goto(f"{address}reach/")
    choose(page.locator("#id_unit"), unit)
    press_one(page.locator(f"input[name=reach][value={what}]"))
    send_form(page)
    page.wait_for_url(ONE)
