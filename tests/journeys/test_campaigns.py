"""One person sets up a campaign of twenty by keyboard; those invited answer on a phone in two taps."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.hands import reach, write

Visit = Callable[..., Page]
TITLE = "Écoute de rentrée"


def press(page: Page, selector: str) -> None:
    """Reach a link or a button of the page, and press Enter."""
    reach(page.locator(selector).first)
    page.keyboard.press("Enter")


def test_twenty_people_are_invited_and_answer_on_a_phone(visit: Visit) -> None:
    ines = visit("Inès")
    ines.goto("/discovery/campaigns/new/")
    write(ines.locator("#id_title"), TITLE)
    write(ines.locator("#id_purpose"), "Comprendre ce qui ralentit les équipes.")
    press(ines, "main .form-foot .is-primary")
    expect(ines.locator("#choice tbody .row-select")).not_to_have_count(0)
    chosen = ines.locator("#choice tbody .row-select").count()
    press(ines, "#choice .form-foot .is-primary")
    expect(ines.locator("main .campaign-title")).to_contain_text(TITLE)
    press(ines, ".page-verbs a.is-primary")
    expect(ines.locator("#moments")).to_contain_text(re.compile(r"\d+"))
    press(ines, "main .form-foot .is-primary")
    made = ines.locator(".links-made li")
    expect(made.first).to_be_visible()
    assert chosen >= 10
    # Whoever was asked for two things this week waits, and that is said.
    waiting = chosen - made.count()
    assert 0 <= waiting <= 2
    expect(ines.locator("#toasts")).to_contain_text(re.compile(rf"\b{waiting}\b" if waiting else r"\w"))
    links = [str(link.get_attribute("href")) for link in ines.locator(".links-made a").all()[:2]]

    phone = visit("", width=390, height=844, theme="dark")
    phone.goto(links[0])
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    moment = phone.locator(".moments button").first
    words = moment.inner_text()
    moment.click()
    expect(phone.locator(".lead b")).to_contain_text(words.split(",")[0])
    phone.goto(links[1])
    phone.locator("details summary").click()
    phone.locator("#id_words").fill("Plutôt jeudi après quinze heures")
    phone.locator("details button").click()
    expect(phone.locator("main")).to_contain_text("Plutôt jeudi après quinze heures")

    ines.reload()
    expect(ines.locator(".lead").first).to_contain_text("1")
    expect(ines.locator("table.table")).to_contain_text("Plutôt jeudi après quinze heures")
