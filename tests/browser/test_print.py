"""Pages on paper: what there is to read, and nothing to press."""

import pytest
from playwright.sync_api import expect

from tests import world
from tests.browser.conftest import OpenPage
from tests.org.company import small

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_printed_unit_has_no_verbs(open_page: OpenPage) -> None:
    made = small()
    page = open_page(f"/organisation/units/{made.billing.pk}/", world.karim())
    pressed = page.locator(".main :is(button, .button, .link-button, input[type=submit]):visible")
    assert pressed.count() > 0
    page.emulate_media(media="print")
    assert pressed.all_inner_texts() == []
    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_text("Sofia Marín").first).to_be_visible()
