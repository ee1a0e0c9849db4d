"""Product Ops reads who changed what, takes one change back, and is told why another cannot be."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.hands import button, command, enter, reach, write

Visit = Callable[..., Page]


def rename_purpose(page: Page, words: str) -> None:
    """Rewrite in place what a team is for."""
    enter(page.locator(".split-lead .edit-in-place summary"))
    write(page.locator(".split-lead textarea"), words)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".split-lead .org-editable-text")).to_have_text(words)


def test_an_entry_is_found_read_before_and_after_and_taken_back(visit: Visit) -> None:
    karim = visit("Karim")
    command(karim, "Fiche client", "Fiche client")
    purpose = karim.locator(".split-lead .org-editable-text")
    was = purpose.inner_text()
    rename_purpose(karim, "Un premier essai.")
    rename_purpose(karim, "Un second essai.")

    ines = visit("Inès")
    ines.keyboard.press("g")
    ines.keyboard.press("a")
    ines.wait_for_url("**/administration/audit/")
    enter(ines.locator("details.menu > summary.chip").filter(has_text="Filtrer"))
    who = ines.locator("details.filter-choice").filter(has=ines.locator("#filter-who"))
    enter(who.locator("summary"))
    write(ines.locator("#filter-who"), "Karim")
    ines.keyboard.press("Enter")
    ines.wait_for_url("**who=Karim**")
    rows = ines.locator("tbody tr[data-row]")
    expect(rows.nth(0)).to_contain_text("Fiche client")
    expect(rows.filter(has_not_text="Karim Diallo")).to_have_count(0)

    ines.keyboard.press("j")
    ines.keyboard.press("j")
    reach(rows.nth(1).locator("a").first)
    ines.keyboard.press("Enter")
    expect(ines.locator("h1")).to_contain_text("Fiche client")
    first = ines.locator(".diff")
    expect(first.locator("ins")).to_contain_text("Un premier essai.")
    expect(ines.locator(".page-state")).to_contain_text(re.compile("Karim|plus tard|depuis"))
    expect(button(ines, "Annuler")).to_have_count(0)

    ines.go_back()
    ines.keyboard.press("j")
    reach(rows.nth(0).locator("a").first)
    ines.keyboard.press("Enter")
    expect(first.locator("del")).to_contain_text("Un premier essai.")
    expect(first.locator("ins")).to_contain_text("Un second essai.")
    enter(button(ines, "Annuler"))
    expect(ines.locator("#toasts")).to_contain_text("tout est comme avant")
    expect(ines.locator(".page-state")).to_contain_text("Inès Barbier")
    expect(button(ines, "Annuler")).to_have_count(0)
    karim.reload()
    expect(purpose).to_have_text("Un premier essai.")

    ines.go_back()
    ines.goto("/administration/audit/?who=Karim")
    reach(rows.nth(1).locator("a").first)
    ines.keyboard.press("Enter")
    enter(button(ines, "Annuler"))
    expect(ines.locator("#toasts")).to_contain_text("tout est comme avant")
    karim.reload()
    expect(purpose).to_have_text(was)
