"""An audit is presented in its room: the order is changed by keyboard on the screen, and a phone follows and turns pages."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.hands import enter, reach

Visit = Callable[..., Page]


def names(page: Page) -> list[str]:
    return page.locator(".room-name").all_inner_texts()


def test_the_team_reorders_together_by_keyboard_and_a_phone_is_the_remote(visit: Visit) -> None:
    ines = visit("Inès")
    ines.goto("/discovery/audits/create/")
    enter(ines.locator("form.form button.is-primary"))
    ines.wait_for_url(re.compile(r"/discovery/audits/\d+/desk/"))
    first = ines.locator("[data-item]").first
    title = first.locator("h3").inner_text()
    reach(first.locator("[data-down]"))
    ines.keyboard.press("Alt+ArrowDown")
    expect(ines.locator("[data-item]").nth(1).locator("h3")).to_have_text(title)

    enter(ines.locator(".page-verbs a[href$='/room/']"))
    enter(ines.get_by_role("main").locator("button.is-primary"))
    ines.wait_for_url(re.compile(r"/discovery/rooms/\w+/"))
    phone = visit(width=390, height=844)
    phone.goto(ines.url)
    before = names(ines)
    assert names(phone) == before

    # On the screen: the second item goes up; the focus stays on it, so that it can go on.
    row = ines.locator(".room-row").nth(1)
    row.locator(".room-name").focus()
    ines.keyboard.press("Alt+ArrowUp")
    expect(ines.locator(".room-name").first).to_have_text(before[1])
    expect(phone.locator(".room-name").first).to_have_text(before[1])

    # On the phone: the next page; the screen follows.
    phone.locator("[data-next]").click()
    expect(phone.locator(".room-item h1")).to_contain_text(before[1])
    expect(ines.locator(".room-item h1")).to_contain_text(before[1])
    ines.locator("body").press("ArrowRight")
    expect(phone.locator(".room-item h1")).to_contain_text(before[0])
    ines.locator("body").press("t")
    expect(phone.locator("#timer")).to_contain_text(re.compile(r"^[45]:\d\d$"))

    ines.goto(ines.url)
    enter(ines.locator("details.room-invite summary"))
    enter(ines.locator("details.room-invite a.button"))
    ines.locator("#id_present").fill("Inès, Karim")
    enter(ines.locator("form[action$='/closing/'] button"))
    expect(ines.get_by_role("main")).to_contain_text("Inès, Karim")
    expect(phone.locator("h1")).not_to_contain_text(before[0])
