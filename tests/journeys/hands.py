"""What two hands on a keyboard do: Tab until one is there, type, press, look something up with Ctrl-K."""

import datetime as dt
import re
import subprocess
import sys
import time

from playwright.sync_api import Locator, Page, expect

from tests.site import Site

PATIENCE = 45_000
MOST_TABS = 120
IS_FOCUSED = "element => element === document.activeElement"
# The key that brings the focus nearer: none where it is there, Enter on the link that skips to the content. That link
# adds a mark to the address, which journeys compare: it is taken off.
NEARER = """element => {
  if (location.hash === "#main") history.replaceState(history.state, "", location.pathname + location.search);
  if (element === document.activeElement) return "";
  return document.activeElement.matches(".skip-link") && element.closest("main") ? "Enter" : "Tab";
}"""
HOME = re.compile(r":\d+/$")
expect.set_options(timeout=PATIENCE)


def reach(target: Locator) -> Locator:
    """Press Tab until the target has the focus: what cannot be reached so cannot be used without a mouse.

    The first Tab on a page is at the link that skips the navigation, which is taken as whoever types takes it.
    """
    expect(target).to_be_visible()
    for _press in range(MOST_TABS):
        key = target.evaluate(NEARER)
        if not key:
            return target
        target.page.keyboard.press(key)
    raise AssertionError(f"{MOST_TABS} times Tab do not reach {target}")


def enter(target: Locator) -> None:
    """Reach a link or a button, and press Enter."""
    reach(target)
    target.page.keyboard.press("Enter")


def button(page: Page, words: str) -> Locator:
    """The button of the page's content that bears these words."""
    return page.get_by_role("main").get_by_role("button", name=words, exact=True)


def link(page: Page, words: str) -> Locator:
    """The link of the page's content that bears these words."""
    return page.get_by_role("main").get_by_role("link", name=words, exact=True)


def write(target: Locator, text: str) -> None:
    """Reach a field and type, in place of what stood there."""
    reach(target)
    target.page.keyboard.press("Control+A")
    target.page.keyboard.type(text)
    expect(target).to_have_value(text)


def choose(target: Locator, words: str) -> None:
    """Reach a select and type the beginning of a choice, as one does to find it among many."""
    reach(target)
    target.page.keyboard.type(words)
    expect(target.locator("option:checked")).to_contain_text(words)


def pick_day(target: Locator, day: dt.date) -> None:
    """Type a day into a date field, in the order that this browser's language asks."""
    reach(target)
    for order in ("%d%m%Y", "%m%d%Y", "%Y%m%d"):
        target.page.keyboard.press("ArrowLeft")
        target.page.keyboard.press("ArrowLeft")
        target.page.keyboard.type(day.strftime(order))
        if target.input_value() == day.isoformat():
            return
    raise AssertionError(f"no order of typing gives {day}: {target.input_value()}")


def command(page: Page, text: str, found: str) -> None:
    """Press Ctrl-K, type, go down to what is wanted, press Enter."""
    page.keyboard.press("Control+K")
    page.keyboard.type(text)
    wanted = page.locator("#command-results [role=option]").filter(has_text=found).first
    expect(wanted).to_be_visible()
    for _press in range(20):
        if wanted.get_attribute("aria-selected") == "true":
            break
        page.keyboard.press("ArrowDown")
    address = wanted.get_attribute("data-href") or ""
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")


def pick(page: Page, words: str) -> None:
    """Open the menu of one's settings, go down to a choice with the arrows, press Enter."""
    enter(page.locator("details.me summary"))
    choice = page.locator("details.me .menu-item").filter(has_text=words)
    for _press in range(20):
        page.keyboard.press("ArrowDown")
        if choice.evaluate(IS_FOCUSED):
            break
    page.keyboard.press("Enter")


def undo(page: Page, said: str = "") -> None:
    """See the message that says what was done, and take it back with z."""
    expect(page.locator("#toasts")).to_contain_text(said)
    expect(page.locator("#toasts [data-undo]")).to_be_visible()
    page.keyboard.press("z")
    expect(page.locator("#toasts")).to_contain_text("tout est comme avant")


def come_back_until(shown: Locator, words: str) -> None:
    """Load the page again until the worker has done what it says."""
    until = time.monotonic() + 3 * PATIENCE / 1000
    while words not in shown.inner_text():
        assert time.monotonic() < until, f"still not {words!r}: {shown.inner_text()}"
        # The worker has to do it with the processor that loading the page takes.
        shown.page.wait_for_timeout(500)
        shown.page.reload()


def queue(site: Site, path: str, *arguments: int) -> None:
    """Put a job of the product into the queue of a running instance; its worker does the rest."""
    code = (
        "import django, sys; django.setup(); from django.utils.module_loading import import_string;"
        "import_string(sys.argv[1]).enqueue(*map(int, sys.argv[2:]))"
    )
    asked = [path, *map(str, arguments)]
    done = subprocess.run(
        [sys.executable, "-c", code, *asked],
        env=site.environment,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
