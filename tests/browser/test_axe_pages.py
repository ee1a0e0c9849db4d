"""Pages in French, wide and light, narrow and dark: within reach of everyone, nothing refused, nothing cut."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.architecture.code import ROOT
from tests.browsing import is_trouble, leave
from tests.reach import Walked, bring_axe
from tests.site import Site, demo_site

pytestmark = pytest.mark.browser
LISTEN = """document.addEventListener("securitypolicyviolation",
  (e) => console.error("CSP " + e.violatedDirective + " " + e.blockedURI + " " + e.sourceFile));"""
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
LOOKS = {"wide and light": (1440, "light"), "narrow and dark": (390, "dark")}


@dataclass(frozen=True)
class Served:
    """The demo company, served, and what there is to see as whom."""

    site: Site
    cookie: str
    sessions: dict[str, str]
    pages: list[tuple[str, str]]


@pytest.fixture(scope="module", params=["usual"])
def served(request: pytest.FixtureRequest, kept: Path) -> Iterator[Served]:
    """The company with its usual pages, unless the test asks for every one."""
    site = demo_site("small", kept)
    command = [sys.executable, "-m", "tests.browser.pages_of_the_site", request.param]
    done = subprocess.run(
        command, env=site.environment, cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    site.start()
    yield Served(site, **json.loads(done.stdout))
    assert site.stop() == 0


class Watched:
    """A window whose page tells what goes wrong in it."""

    def __init__(self, context: BrowserContext) -> None:
        context.add_init_script(LISTEN)
        bring_axe(context)
        self.page: Page = context.new_page()
        self.errors: list[str] = []
        self.walked = Walked()
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        # A page that is meant to be not found is told by its status alone.
        if is_trouble(message) and "status of 4" not in message.text:
            self.errors.append(message.text)

    def faults(self, path: str) -> list[str]:
        """What is wrong with the page at this address."""
        self.errors.clear()
        self.page.goto(path)
        found = []
        if not self.page.evaluate(FITS):
            found.append(f"{path} is wider than the window")
        if self.page.evaluate("document.documentElement.lang") != "fr":
            found.append(f"{path} is not in French")
        found += [f"{path} {one}" for one in self.walked.faults(self.page)]
        return found + [f"{path} says {error}" for error in self.errors]


@pytest.mark.deep
@pytest.mark.timeout(2700)
@pytest.mark.parametrize("served", ["every"], indirect=True)
@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_within_reach(served: Served, chromium: Browser, look: str) -> None:
    assert len(served.pages) > 250
    assert not (found := walk(served, chromium, look, served.pages)), "\n".join(found)


def test_the_usual_pages_are_within_reach_on_a_phone_at_night(served: Served, chromium: Browser) -> None:
    assert len(served.pages) > 70
    # Every second one at each change; all of them, in both looks, in the deep tests.
    found = walk(served, chromium, "narrow and dark", served.pages)
    assert not found, "\n".join(found)


def walk(served: Served, chromium: Browser, look: str, pages: list[tuple[str, str]]) -> list[str]:
    """What is wrong with these pages, each seen as whoever may see it."""
    width, theme = LOOKS[look]
    found: list[str] = []
    for who in dict.fromkeys(who for who, _path in pages):
        context = chromium.new_context(
            base_url=served.site.url,
            locale="fr-FR",
            viewport={"width": width, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
        )
        if session := served.sessions.get(who):
            context.add_cookies([{"name": served.cookie, "value": session, "url": served.site.url}])
        window = Watched(context)
        for of, path in pages:
            if of == who:
                found += window.faults(path)
        leave(context)
    return found


def test_a_page_out_of_reach_is_seen(chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 900})
    window = Watched(context)
    page = "<html lang=en><title>x</title><main><h1>A</h1><img src='data:,'><p style='width:900px'>a</p>"
    found = window.faults(f"data:text/html,{page}")
    leave(context)
    assert any("image-alt" in each for each in found)
    assert any("wider" in each for each in found)
    assert any("French" in each for each in found)
