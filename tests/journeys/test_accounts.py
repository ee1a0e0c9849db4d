"""From the link in the terminal to a team that signs in, changes its mind and keeps its keys: in French, by keyboard."""

import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import leave
from tests.site import Site, new_site

GOOD = "une longue marche au bord de l’eau"
BETTER = "une autre marche dans la forêt"
Window = Callable[[], Page]


@pytest.fixture(scope="module")
def empty_site() -> Iterator[Site]:
    """An instance where nothing is real yet, nor a demo."""
    made = new_site()
    made.start()
    yield made
    assert made.stop() == 0


@pytest.fixture
def window(empty_site: Site, chromium: Browser) -> Iterator[Window]:
    """Open a window of somebody else's browser; what the page's rules refuse fails the test."""
    contexts, errors = [], []

    def opened() -> Page:
        context = chromium.new_context(base_url=empty_site.url, locale="fr-FR", reduced_motion="reduce")
        context.set_default_timeout(45_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield opened
    for context in contexts:
        leave(context)
    assert errors == []


def write(page: Page, field: str, text: str) -> None:
    """Go to a field and type, as one does without a mouse."""
    page.locator(f"#id_{field}").focus()
    page.keyboard.type(text)


def press(page: Page, words: str) -> None:
    """Press a button or follow a link with the keyboard."""
    found = page.get_by_role("button", name=words).or_(page.get_by_role("link", name=words)).first
    found.focus()
    page.keyboard.press("Enter")


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/accounts/login/")
    write(page, "login", email)
    write(page, "password", password)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r":\d+/$"))


def owner_path(site: Site) -> str:
    told = json.loads(site.run("user", "owner-link", "--json").stdout)
    return str(urlsplit(next(value for value in told.values() if "/accounts/owner/" in str(value))).path)


def test_the_first_administrator_invites_somebody_gives_a_role_and_closes_the_account(
    empty_site: Site, window: Window
) -> None:
    path = owner_path(empty_site)
    owner = window()
    owner.goto(path)
    write(owner, "name", "Ada Lind")
    write(owner, "email_address", "ada@example.org")
    write(owner, "password", "court")
    owner.keyboard.press("Enter")
    expect(owner.get_by_role("alert")).to_be_visible()
    write(owner, "password", GOOD)
    owner.keyboard.press("Enter")
    expect(owner).to_have_url(re.compile(r":\d+/$"))

    again = window()
    again.goto(path)
    expect(again.locator("main")).to_contain_text("vertebra user owner-link")

    owner.goto("/administration/invitations/new/")
    write(owner, "email", "noor@example.org")
    write(owner, "name", "Noor Haddad")
    owner.keyboard.press("Enter")
    link = owner.locator("#secret").input_value()

    noor = window()
    noor.goto(urlsplit(link).path)
    expect(noor.locator("#id_name")).to_have_value("Noor Haddad")
    write(noor, "password", GOOD)
    noor.keyboard.press("Enter")
    expect(noor).to_have_url(re.compile(r":\d+/$"))

    owner.goto("/administration/accounts/?q=noor")
    owner.locator("a.row-title").focus()
    owner.keyboard.press("Enter")
    owner.locator("#id_role").select_option("contributor")
    press(owner, "Donner ce rôle")
    expect(owner.locator(".feed")).to_contain_text("Ada Lind")
    press(owner, "Fermer le compte")
    expect(owner.get_by_role("button", name="Rouvrir")).to_be_visible()
    noor.goto("/account/")
    expect(noor).to_have_url(re.compile("/accounts/login/"))


def test_one_changes_password_language_and_keys_of_ones_account(empty_site: Site, window: Window) -> None:
    owner = window()
    sign_in(owner, "ada@example.org", GOOD)
    other = window()
    sign_in(other, "ada@example.org", GOOD)

    owner.goto("/account/sessions/")
    expect(owner.locator("tbody tr")).not_to_have_count(1)
    press(owner, "Fermer toutes les autres")
    expect(owner.locator("tbody tr")).to_have_count(1)
    other.goto("/account/")
    expect(other).to_have_url(re.compile("/accounts/login/"))

    owner.goto("/account/tokens/new/")
    write(owner, "name", "Entrepôt")
    owner.keyboard.press("Enter")
    key = owner.locator("#secret").input_value()
    assert key.startswith("vtb_")
    owner.goto("/account/tokens/")
    expect(owner.locator("main")).not_to_contain_text(key)
    press(owner, "Retirer")
    expect(owner.locator("tbody")).to_contain_text("révoqué")

    owner.goto("/accounts/password/change/")
    write(owner, "oldpassword", GOOD)
    write(owner, "password1", BETTER)
    write(owner, "password2", BETTER)
    owner.keyboard.press("Enter")
    expect(owner.locator("#toasts")).to_contain_text("mot de passe")

    owner.goto("/account/")
    owner.locator("#id_language").select_option("en")
    owner.locator("#id_name").press("Enter")
    expect(owner.locator("h1")).to_have_text("My account")


def test_a_kept_view_is_removed_and_brought_back_from_the_message(empty_site: Site, window: Window) -> None:
    owner = window()
    sign_in(owner, "ada@example.org", BETTER)
    owner.goto("/administration/accounts/?role=administrator")
    owner.locator(".bar details summary").first.focus()
    owner.keyboard.press("Enter")
    owner.locator("#view-name").focus()
    owner.keyboard.type("Admins")
    owner.keyboard.press("Enter")
    expect(owner.locator("#toasts")).to_contain_text("Admins")
    owner.goto("/account/views/")
    press(owner, "Remove")
    expect(owner.locator("main")).not_to_contain_text("Admins")
    press(owner, "Undo")
    expect(owner.locator("main")).to_contain_text("Admins")
    owner.goto("/administration/audit/")
    expect(owner.locator("tbody tr").first).to_contain_text("undid")
