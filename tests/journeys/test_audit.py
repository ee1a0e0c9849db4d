"""Product Ops reads who changed what, takes one change back, and is told why another cannot be."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.journeys.hands import button, command, enter, write

Visit = Callable[..., Page]


def rename_purpose(page: Page, words: str) -> None:
    """Rewrite in place what a team is for."""
    enter(page.locator(".split-lead .edit-in-place summary"))
    write(page.locator(".split-lead textarea"), words)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".split-lead .org-editable-text")).to_have_text(words)


def of_karim(page: Page) -> Locator:
    """Filter the audit by person, and give its rows."""
    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_url("**/administration/audit/")
    enter(page.locator("details.menu > summary.chip").filter(has_text="Filtrer"))
    who = page.locator("details.filter-choice").filter(has=page.locator("#filter-who"))
    enter(who.locator("summary"))
    write(page.locator("#filter-who"), "Karim")
    page.keyboard.press("Enter")
    page.wait_for_url("**who=Karim**")
    return page.locator("tbody tr[data-row]")


def open_entry(row: Locator) -> None:
    """Go down the rows with j until this one, and open it."""
    for _press in range(5):
        row.page.keyboard.press("j")
        if row.locator("a").first.evaluate("element => element === document.activeElement"):
            break
    row.page.keyboard.press("Enter")
    expect(row.page.locator(".diff")).to_be_visible()


def take_back(page: Page) -> None:
    """Undo the entry that is open."""
    enter(button(page, "Annuler"))
    expect(page.locator("#toasts")).to_contain_text("tout est comme avant")
    expect(page.locator(".page-state")).to_contain_text("Inès Barbier")
    expect(button(page, "Annuler")).to_have_count(0)


def test_an_entry_is_found_read_before_and_after_and_taken_back(visit: Visit) -> None:
    karim = visit("Karim")
    command(karim, "Fiche client", "Fiche client")
    purpose = karim.locator(".split-lead .org-editable-text")
    was = purpose.inner_text()
    rename_purpose(karim, "Un premier essai.")
    rename_purpose(karim, "Un second essai.")

    ines = visit("Inès")
    rows = of_karim(ines)
    listed = ines.url
    expect(rows.first).to_contain_text("Fiche client")
    expect(rows.filter(has_not_text="Karim Diallo")).to_have_count(0)
    open_entry(rows.nth(1))
    difference = ines.locator(".diff")
    expect(difference.locator("ins")).to_contain_text("Un premier essai.")
    expect(ines.locator(".page-state")).to_contain_text("Karim Diallo a modifié la même chose depuis")
    expect(button(ines, "Annuler")).to_have_count(0)

    ines.goto(listed)
    open_entry(rows.first)
    expect(difference.locator("del")).to_contain_text("Un premier essai.")
    expect(difference.locator("ins")).to_contain_text("Un second essai.")
    take_back(ines)
    karim.reload()
    expect(purpose).to_have_text("Un premier essai.")

    ines.goto(listed)
    open_entry(rows.nth(1))  # nothing stands upon it any more
    take_back(ines)
    karim.reload()
    expect(purpose).to_have_text(was)
