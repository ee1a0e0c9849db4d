"""A real Chromium, one for the whole run, and pages that refuse to break quietly."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from tests.browsing import is_trouble, leave
from vertebra.accounts.models import User

OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, live_server: LiveServer) -> Iterator[OpenPage]:
    """Open an address as somebody; at the end, no error and no breach of the security policy may have shown."""
    problems: list[str] = []
    contexts = []

    def note(message: ConsoleMessage) -> None:
        if is_trouble(message):
            problems.append(message.text)

    def opened(
        address: str, user: User, *, width: int = 1440, theme: str = "light", scripts: bool = True
    ) -> Page:
        client = Client()
        client.force_login(user)
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        contexts.append(context)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(live_server.url + address)
        return page

    yield opened
    for context in contexts:
        leave(context)
    assert problems == []
