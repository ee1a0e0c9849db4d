"""Takes the pictures of the README from the demo company: `python -m tools.screenshots`."""

import os
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.site import DAY, new_site
from tools.browser import CHROMIUM_OPTIONS, chromium_path

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "images"
STEPS = (
    ("home", "/", 0),
    ("map", "/organisation/", 1500),
    ("unit", "/organisation/units/{team}/", 0),
    ("empty-spaces", "/organisation/empty-spaces/", 0),
    ("changes", "/organisation/changes/?from=2026-02-01&to=2026-04-01", 0),
    ("import", "/imports/new/", 0),
    ("coverage", "/discovery/coverage/", 0),
    ("pain-point", "/discovery/pain-points/1/", 500),
    ("audit", "/discovery/audits/2/", 0),
    ("table", "/roadmap/tables/8/result/", 0),
    ("roadmap", "/roadmap/initiatives/timeline/", 500),
    ("result", "/roadmap/initiatives/13/", 500),
)


def take(page: Page, language: str) -> None:
    """Every step, in one language."""
    page.goto("/organisation/units/?kind=team")
    team = page.locator("tbody tr[data-href]").nth(3).get_attribute("data-href") or ""
    number = "".join(char for char in team if char.isdigit())
    for name, address, wait in STEPS:
        page.goto(address.format(team=number))
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(wait)
        page.screenshot(path=FOLDER / f"{name}-{language}.png")


def speak(page: Page, language: str) -> None:
    """Switch the person's language by the menu of the shell."""
    page.goto("/")
    page.locator("details.me summary").click()
    page.locator(f"details.me button[name=language][value={language}]").click()
    page.wait_for_load_state()


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    site = new_site()
    site.run("demo", "--until", DAY)
    site.start()
    try:
        with sync_playwright() as playwright:
            options = list(CHROMIUM_OPTIONS)
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=options)
            page = browser.new_page(base_url=site.url, viewport={"width": 1280, "height": 800})
            page.goto("/accounts/demo/?q=Barbier")
            page.locator("form[action*='/accounts/demo/'] button").last.click()
            for language in ("fr", "en"):
                speak(page, language)
                take(page, language)
            browser.close()
    finally:
        site.stop()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    main()
