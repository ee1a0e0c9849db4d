"""What somebody pastes or types stays out of addresses, with scripts and without."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests import world
from tests.browser.conftest import OpenPage
from tests.org.company import area
from tests.releases.announced import audience, release_of, someone
from tests.releases.made import champion
from tests.releases.test_telling import _known

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TICKET = "Ticket 4812: the bateau of a customer takes water & she waits"


def test_a_ticket_pasted_into_the_command_bar_is_posted(open_page: OpenPage) -> None:
    champion("Bo Chen", "sales", area=_known(area("Bateaux"), "Bateaux"), email="bo@example.org")
    page = open_page(reverse("org:map"), world.english(world.lea()))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.press("Control+K")
    page.keyboard.insert_text(TICKET)
    option = page.locator("#command-results [role=option]").filter(has_text="Whom do I tell about")
    option.click()
    page.wait_for_url("**/releases/whom-to-tell/")
    expect(page.locator("#who")).to_contain_text("Bo Chen")
    expect(page.locator("#id_text")).to_have_value(TICKET)
    assert not [url for url in asked if "4812" in url]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_ticket_that_nobody_is_known_for_is_reported_by_what_is_posted(
    open_page: OpenPage, scripts: bool
) -> None:
    page = open_page(reverse("releases:telling"), world.english(world.lea()), scripts=scripts)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#id_text").fill(TICKET)
    page.get_by_role("button", name="Find them").click()
    page.get_by_role("button", name="Report it as an empty space").click()
    expect(page.locator("#id_sentence")).to_have_value(f"Nobody is known for: {TICKET}")
    page.get_by_role("link", name="Cancel").click()
    assert not [url for url in asked if "4812" in url or "Ticket" in url]


@pytest.mark.parametrize("scripts", [True, False])
def test_one_looks_whom_an_announcement_reaches_and_goes_on_typing(
    open_page: OpenPage, scripts: bool
) -> None:
    karim = world.english(world.karim())
    someone("Sal Roy", "sales")
    row = release_of(karim)
    field = audience(karim)
    page = open_page(reverse("releases:announcement-list", args=(row.pk,)), karim, scripts=scripts)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator(f"input[name=audiences][value='{field.pk}']").check()
    page.locator("details summary").filter(has_text="Late, with something missing").click()
    page.locator("[name=why]").fill("The board wants it")
    for box in page.locator("input[name=channels]").all():
        box.uncheck()
    page.get_by_role("button", name="See whom it reaches").click()
    expect(page.locator("#plan")).to_contain_text("by what is ticked, nobody would be told")
    page.locator("input[name=channels][value=in_app]").check()
    page.get_by_role("button", name="See whom it reaches").click()
    expect(page.locator("#plan")).to_contain_text("would be told")
    expect(page.locator("[name=why]")).to_have_value("The board wants it")
    expect(page.locator(f"input[name=audiences][value='{field.pk}']")).to_be_checked()
    address = "announcement-list" if scripts else "announcement-create"
    assert urlsplit(page.url).path == reverse(f"releases:{address}", args=(row.pk,))
    assert not [url for url in asked if "csrf" in url or "once" in urlsplit(url).query or "board" in url]
