"""Journeys: real Chromium, a real server, the small demo company, in French and by keyboard."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.browsing import is_trouble, leave
from tests.site import Site, demo_site

LISTEN = """document.addEventListener("securitypolicyviolation",
  (e) => console.error("CSP " + e.violatedDirective + " " + e.blockedURI + " " + e.sourceFile));"""
Open = Callable[..., Page]


# A journey of both companies: the small one in `make test`, the large one in `make test-deep`.
BOTH_COMPANIES = pytest.mark.parametrize(
    "site", ["small", pytest.param("scale-up", marks=pytest.mark.deep)], indirect=True
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session", params=["small"])
def site(request: pytest.FixtureRequest, kept: Path) -> Iterator[Site]:
    """A demo company, served: the small one unless the test names the other."""
    made = demo_site(request.param, kept)
    made.start()
    yield made
    assert made.stop() == 0


@pytest.fixture
def visit(site: Site, chromium: Browser) -> Iterator[Open]:
    """Open a window as somebody of the cast (or nobody); errors and refused content fail the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if is_trouble(message) and "Failed to load resource" not in message.text:
            errors.append(f"{message.text} ({message.location.get('url', '')})")

    def open_as(
        who: str = "", *, width: int = 1440, height: int = 900, theme: str = "light", locale: str = "fr-FR"
    ) -> Page:
        context = chromium.new_context(
            base_url=site.url,
            locale=locale,
            viewport={"width": width, "height": height},
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.add_init_script(LISTEN)
        context.set_default_timeout(45_000)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: errors.append(str(error)))
        if who:
            sign_in(page, who)
        return page

    yield open_as
    for context in contexts:
        leave(context)
    assert errors == []


def sign_in(page: Page, who: str) -> None:
    """Come in as a member of the cast, through the demo's own door."""
    page.goto("/accounts/demo/?q=" + who.split()[0])
    page.get_by_role("button", name=who).first.press("Enter")
    page.wait_for_url("**/")
