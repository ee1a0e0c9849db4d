"""Whom do I tell? A ticket pasted where one looks things up gives names with reasons; one message, and they have it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import BOTH_COMPANIES
from tests.journeys.hands import button, enter, reach, write
from tests.journeys.telling_hands import Telling, mandate, new_area, telling_company, text_of

Visit = Callable[..., Page]
AREA = "Bornes de commande murales"
TICKET = (
    "Ticket 4812, urgent : la borne de commande murale n’imprime plus le reçu, deux clients sont déjà partis"
)
WORDS = (
    "Les bornes murales n’impriment plus depuis ce matin : dites-le à vos clients avant qu’ils n’appellent."
)
MORE = "https://support.mercelune.example/tickets/4812"


@pytest.fixture(scope="module", params=["small"])
def site(request: pytest.FixtureRequest, kept: Path) -> Iterator[Telling]:
    """A demo company with a mail server."""
    with telling_company(request.param, kept) as made:
        yield made


@BOTH_COMPANIES
def test_a_pasted_ticket_gives_names_with_reasons_and_one_message_reaches_them(
    visit: Visit, site: Telling
) -> None:
    # The map knows what the ticket speaks of, and who is its champion in customer success.
    ines = visit("Inès Barbier")
    mandate(ines, new_area(ines, AREA), "pauline.lescure@mercelune.example", "customer_success")

    # Somebody of support looks nothing up: the ticket is pasted where one looks everything up.
    page = visit("Youssef Mansouri")
    page.goto("/organisation/")
    page.keyboard.press("Control+K")
    page.keyboard.insert_text(TICKET)
    asks = page.locator("#command-results [role=option][data-href*='whom-to-tell']")
    expect(asks).to_contain_text("Qui prévenir de")
    for _press in range(20):
        if asks.get_attribute("aria-selected") == "true":
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/releases/whom-to-tell/$"))

    # Names with reasons, those to write to first already ticked; nothing is kept yet.
    expect(page.locator(".lead")).to_contain_text(AREA)
    row = page.locator("#who tbody tr").filter(has_text="Pauline Lescure")
    expect(row).to_contain_text(f"répond de {AREA}")
    expect(row.locator("input[type=checkbox]")).to_be_checked()
    pauline = visit("Pauline Lescure")
    pauline.goto("/messages/")
    expect(pauline.locator("main")).not_to_contain_text("Youssef Mansouri")

    # One message, to her alone.
    others = page.locator("#who tbody tr:not(:has-text('Pauline Lescure')) input:checked")
    while others.count():
        reach(others.first)
        page.keyboard.press("Space")
    expect(page.locator("#id_words")).to_have_value(TICKET)
    write(page.locator("#id_words"), WORDS)
    write(page.locator("#id_web_address"), MORE)
    enter(button(page, "Prévenir les personnes cochées"))
    page.wait_for_url(re.compile(r"/releases/whom-to-tell/$"))
    expect(page.locator("#toasts")).to_contain_text("1 personne est mise au courant")

    # She has it, by mail and in Vertebra, with who says so and where to read more.
    mail = site.mail.wait_for("pauline.lescure@mercelune.example", "bornes murales")
    assert "Youssef Mansouri pense que vous devriez le savoir" in str(mail["Subject"])
    assert WORDS in " ".join(text_of(mail).split())
    assert MORE in text_of(mail)
    pauline.reload()
    expect(pauline.locator("main")).to_contain_text("Youssef Mansouri")
    assert [str(one["To"]) for one in site.mail.received if "Youssef" in str(one["Subject"])] == [mail["To"]]
