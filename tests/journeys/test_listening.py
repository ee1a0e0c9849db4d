"""Listening and understanding on the three years of the demo company, at a desk and on a phone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import leave
from tests.journeys.conftest import sign_in
from tests.journeys.hands import enter
from tests.journeys.listening_hands import agree, is_saving_of_notes, opened_window
from tests.site import Site, demo_site

pytestmark = pytest.mark.deep
MOST_PAINS = 7


@pytest.fixture(scope="module")
def large_site(kept: Path) -> Iterator[Site]:
    """The demo company of several hundred people, with its three years."""
    made = demo_site("scale-up", kept)
    made.start()
    yield made
    assert made.stop() == 0


@pytest.fixture
def seen_as(large_site: Site, chromium: Browser) -> Iterator[Callable[[str, int], Page]]:
    """A window on it as somebody of the cast, on a desk or a phone; what goes wrong in the page fails the test."""
    windows: list[Page] = []
    errors: list[str] = []

    def opened(who: str, width: int) -> Page:
        window = opened_window(large_site, chromium, width, errors)
        windows.append(window)
        sign_in(window, who)
        return window

    yield opened
    for window in windows:
        leave(window.context)
    assert errors == []


def fits(page: Page) -> bool:
    """Whether nothing sticks out of the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_listening_and_understanding_open_on_three_years(seen_as: Callable[[str, int], Page]) -> None:
    ines = seen_as("Inès", 1440)
    for start in ("/discovery/interviews/", "/discovery/pain-points/"):
        ines.goto(start)
        pages = (
            ines.locator("nav.sections a, main nav")
            .first.locator("xpath=self::a/.. | self::nav")
            .locator("a")
        )
        addresses = [str(link.get_attribute("href")) for link in pages.all()]
        assert len(addresses) > 4
        for address in addresses:
            answer = ines.goto(address)
            assert answer is not None
            assert answer.status == 200
            expect(ines.locator("main h1")).to_have_count(1)

    ines.goto("/discovery/audits/")
    enter(ines.locator("a.row-title").first)
    moved = ines.locator("#compared tbody tr")
    expect(moved.first).to_be_visible()
    assert moved.count() >= MOST_PAINS

    ines.goto("/discovery/pain-points/")
    enter(ines.locator("a.row-title").first)
    sides = ines.locator(".pain-side")
    expect(sides).to_have_count(2)
    for side in sides.all():
        expect(side.locator("blockquote").first).not_to_be_empty()


def test_a_pulse_is_answered_from_home_on_a_phone_and_a_closed_one_is_read(
    seen_as: Callable[[str, int], Page],
) -> None:
    nadia = seen_as("Nadia", 390)
    nadia.locator('main a[href$="/answer/"]').tap()
    questions = nadia.locator("fieldset.ask")
    expect(questions.first).to_be_visible()
    assert fits(nadia)
    for question in questions.filter(has=nadia.locator("input")).all():
        question.locator("label").nth(2).tap()
    nadia.locator("main .form-foot button").tap()
    expect(nadia.locator("fieldset.ask")).to_have_count(0)
    nadia.goto("/")
    expect(nadia.locator('main a[href$="/answer/"]')).to_have_count(0)

    nadia.goto("/evidence/surveys/?state=closed")
    nadia.locator("a.row-title").first.tap()
    expect(nadia.locator("#groups tbody tr").first).to_be_visible()
    assert fits(nadia)


def test_a_conversation_begins_on_a_phone(seen_as: Callable[[str, int], Page]) -> None:
    ines = seen_as("Inès", 390)
    ines.goto("/discovery/interviews/")
    ines.locator('main a[href="/discovery/interviews/new/"]:visible').first.tap()
    ines.locator("#id_person").tap()
    ines.keyboard.type("Nadia Benhaddou")
    ines.keyboard.press("Enter")
    agree(ines)
    assert fits(ines)
    ines.locator("#notes").tap()
    with ines.expect_request_finished(is_saving_of_notes):
        ines.keyboard.type("Debout, entre deux réunions.")
    expect(ines.locator("#notes-state")).not_to_be_empty()
    ines.reload()
    expect(ines.locator("#notes")).to_have_value("Debout, entre deux réunions.")
