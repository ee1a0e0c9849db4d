"""One chooses one's language and theme from the menu, and finds them again the next day."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.hands import pick, reach

Visit = Callable[..., Page]


def test_english_and_dark_are_chosen_in_the_menu_and_kept(visit: Visit) -> None:
    pauline = visit("Pauline")
    root = pauline.locator("html")
    expect(root).to_have_attribute("lang", "fr")
    pick(pauline, "English")
    expect(root).to_have_attribute("lang", "en")
    expect(pauline.locator("nav.nav")).to_contain_text("Organisation")
    expect(pauline.locator("h1")).to_have_text("Home")
    pick(pauline, "Dark")
    expect(root).to_have_attribute("data-theme", "dark")
    assert pauline.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    pauline.keyboard.press("Escape")
    pick(pauline, "Sign out")
    pauline.wait_for_url("**/accounts/**")

    again = visit("Pauline")
    root = again.locator("html")
    expect(root).to_have_attribute("lang", "en")
    expect(root).to_have_attribute("data-theme", "dark")
    expect(again.locator("h1")).to_have_text("Home")
    pick(again, "As the system")
    expect(root).to_have_attribute("data-theme", "system")
    again.keyboard.press("Escape")
    pick(again, "Français")
    expect(root).to_have_attribute("lang", "fr")
    reach(again.locator("details.me summary"))
