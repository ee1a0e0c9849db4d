"""Somebody sees that nobody takes care of something and says so in a sentence; others add to it and settle it."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

Visit = Callable[..., Page]
WORRY = "le ruban des caisses de secours"


def write(page: Page, field: str, text: str) -> None:
    """Go to a field and type, as one does without a mouse."""
    page.locator(f"#{field}").focus()
    page.keyboard.type(text)


def report(page: Page, first: str, second: str, sentence: str) -> None:
    """Fill the one sentence: between whom, and what."""
    page.goto("/organisation/empty-spaces/report/")
    write(page, "id_between_1", first)
    page.keyboard.press("Tab")
    page.keyboard.type(second)
    write(page, "id_sentence", sentence)


def test_a_space_is_reported_in_one_sentence_added_to_and_settled(visit: Visit) -> None:
    lea = visit("Léa")
    report(lea, "Le magasin", "La boutique en ligne", WORRY)
    lea.keyboard.press("Enter")
    expect(lea.locator("h1")).to_contain_text(WORRY)
    address = lea.url
    expect(lea.locator(".lead")).to_contain_text("La boutique en ligne")

    karim = visit("Karim")
    report(karim, "Le magasin", "La logistique", "ruban de la caisse de secours")
    offered = karim.locator("#alike input[type=radio]").first
    offered.focus()
    karim.keyboard.press("Space")
    karim.locator("#id_sentence").press("Enter")
    expect(karim).to_have_url(re.compile(re.escape(address.removeprefix("http:"))))
    expect(karim.locator("#reports .count, #reports .feed-item")).not_to_have_count(0)
    expect(karim.locator(".lead")).to_contain_text("2")

    ines = visit("Inès")
    ines.goto(address)
    ines.locator("#who summary").focus()
    ines.keyboard.press("Enter")
    write(ines, "id_reason", "Les magasins le commandent eux-mêmes.")
    ines.keyboard.press("Tab")
    ines.keyboard.press("Enter")
    expect(ines.locator(".lead")).to_contain_text("Les magasins le commandent eux-mêmes.")

    lea.goto("/messages/")
    expect(lea.locator("main")).to_contain_text(WORRY)


def test_a_link_lets_somebody_without_an_account_report_and_is_revoked(visit: Visit) -> None:
    ines = visit("Inès")
    ines.goto("/organisation/empty-spaces/links/")
    write(ines, "id_name", "Terrain")
    ines.keyboard.press("Enter")
    address = ines.locator("#secret").input_value()
    assert "/r/" in address

    nobody = visit(width=390, height=844)
    nobody.goto(address)
    write(nobody, "id_between_1", "Le standard")
    nobody.keyboard.press("Tab")
    nobody.keyboard.type("Le magasin")
    write(nobody, "id_sentence", "les appels du samedi")
    nobody.keyboard.press("Enter")
    expect(nobody.locator("form")).to_have_count(0)

    ines.goto("/organisation/empty-spaces/?q=appels%20du%20samedi")
    expect(ines.locator("[data-row]")).to_have_count(1)
    ines.goto("/organisation/empty-spaces/links/")
    ines.locator("td form button").first.focus()
    ines.keyboard.press("Enter")
    expect(ines.locator("td form button")).to_have_count(0)
    assert (answer := nobody.goto(address)) is not None
    assert answer.status == 410


def test_the_list_of_gaps_leads_to_the_page_that_mends_one(visit: Visit) -> None:
    karim = visit("Karim")
    karim.goto("/organisation/gaps/")
    row = karim.locator(".row-title").first
    name = row.inner_text()
    row.focus()
    karim.keyboard.press("Enter")
    expect(karim.locator("h1")).to_contain_text(name)
