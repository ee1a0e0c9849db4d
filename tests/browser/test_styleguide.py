"""The components alive: read aloud, by keyboard alone, narrow and wide, with and without scripts."""

import pytest
from playwright.sync_api import expect

from tests import world
from tests.browser.conftest import OpenPage
from tests.reach import out_of_reach
from vertebra.accounts.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GUIDE = "/styleguide/"
KINDS = ["", "?page=list", "?page=empty", "?page=object", "?page=form"]
ON_ITS_WAY = ".htmx-request, .htmx-swapping, .htmx-settling"


@pytest.fixture
def lea(transactional_db: None) -> User:
    return world.account("Lea Roux", language="en")


@pytest.mark.parametrize("query", KINDS)
@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_nothing_is_out_of_reach_of_anyone(
    open_page: OpenPage, lea: User, query: str, width: int, theme: str
) -> None:
    page = open_page(GUIDE + query, lea, width=width, theme=theme)
    page.evaluate("document.querySelectorAll('.example details').forEach((item) => (item.open = true))")
    assert [str(one) for one in out_of_reach(page)] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_list_is_walked_with_the_keyboard_alone(open_page: OpenPage, lea: User) -> None:
    page = open_page(GUIDE + "?page=list", lea)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tr[data-row]:nth-child(2) a.row-title")).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-count]")).to_have_text("1 selected")
    page.keyboard.press("o")
    expect(page.locator("#panel h1")).to_contain_text("The field learns")
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator("tr[data-row]:nth-child(2) a.row-title")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/styleguide/?page=object")


def test_a_filter_is_put_and_taken_away_without_leaving(open_page: OpenPage, lea: User) -> None:
    page = open_page(GUIDE + "?page=list", lea)
    page.evaluate("window.stayed = true")
    page.locator("summary", has_text="Filter").press("Enter")
    page.locator("summary", has_text="Tribe").press("Enter")
    page.get_by_role("link", name="explained").press("Enter")
    page.wait_for_url("**state=explained")
    # A link that is followed before htmx has seen it works, but loads its page whole.
    expect(page.locator(ON_ITS_WAY)).to_have_count(0)
    page.get_by_role("link", name="Take the filter State away").press("Enter")
    page.wait_for_url("**?page=list")
    assert page.evaluate("window.stayed")


def test_going_back_shows_the_whole_page_again(open_page: OpenPage, lea: User) -> None:
    page = open_page(GUIDE + "?page=list", lea)
    page.get_by_role("link", name="Next").click()
    page.wait_for_url("**after=x")
    page.get_by_role("link", name="Refunds after a dispute").click()
    page.wait_for_url("**?page=object")
    page.go_back()
    page.wait_for_url("**after=x")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(5)
    page.go_back()
    page.wait_for_url("**?page=list")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def test_the_keys_are_listed_and_closed(open_page: OpenPage, lea: User) -> None:
    page = open_page(GUIDE, lea)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()


def test_a_menu_closes_with_escape_and_gives_the_focus_back(open_page: OpenPage, lea: User) -> None:
    page = open_page(GUIDE, lea)
    summary = page.locator(".me > summary")
    summary.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Your profile")).to_be_focused()
    page.keyboard.press("Escape")
    expect(summary).to_be_focused()
    expect(page.get_by_role("link", name="Your profile")).to_be_hidden()


def test_what_was_typed_survives_a_reload(open_page: OpenPage, lea: User) -> None:
    page = open_page(GUIDE, lea)
    page.get_by_label("Your comment").fill("A thought of ten minutes")
    page.reload()
    expect(page.get_by_label("Your comment")).to_have_value("A thought of ten minutes")


def test_an_outline_opens_and_closes_with_the_arrows(open_page: OpenPage, lea: User) -> None:
    page = open_page(GUIDE, lea)
    root = page.locator(".outline > li > .outline-row > a")
    root.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".outline > li > details")).not_to_have_attribute("open", "")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".outline ul > li:first-child > .outline-row > a").first).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(root).to_be_focused()


def test_a_list_works_without_scripts(open_page: OpenPage, lea: User) -> None:
    page = open_page(GUIDE + "?page=list", lea, scripts=False)
    expect(page.get_by_role("button", name="Give an owner")).to_be_visible()
    page.get_by_role("link", name="Take the filter State away").click()
    page.wait_for_url("**?page=list")
    page.get_by_role("link", name="Refunds after a dispute").click()
    page.wait_for_url("**?page=object")


def test_paper_has_no_navigation(open_page: OpenPage, lea: User) -> None:
    page = open_page(GUIDE + "?page=list", lea)
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.get_by_role("button", name="Report a space")).to_be_hidden()
    expect(page.locator("tbody tr").first).to_be_visible()
