"""The quarter's table goes to the directors, and everybody is answered: by keyboard, and ranked on a phone."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Page, Response, expect

from tests.journeys.conftest import BOTH_COMPANIES
from tests.journeys.hands import enter, reach, write

Visit = Callable[..., Page]
NEWS = "Les commerçants apprennent les nouveautés avant nous"
PRICES = "Personne ne sait qui décide des prix"
WHY = "Plus de place ce trimestre : nous y revenons en avril."


@BOTH_COMPANIES
def test_the_quarters_table_goes_to_the_directors_and_everybody_is_answered(visit: Visit) -> None:
    # The field raises two topics, in two lines each.
    lea = visit("Léa Roux")
    for title in (NEWS, PRICES):
        lea.goto("/roadmap/topics/new/")
        write(lea.locator("#id_title"), title)
        enter(lea.locator("form.form button.is-primary"))
        lea.wait_for_url(re.compile(r"/roadmap/topics/\d+/$"))
    # Product Ops gathers what was put to the directors, opens a table, puts everything on it.
    ines = visit("Inès Barbier")
    ines.goto("/roadmap/topics/gathering/")
    enter(ines.locator("form.form button.is-primary"))
    ines.wait_for_url(re.compile(r"/roadmap/topics/$"))
    ines.goto("/roadmap/tables/new/")
    write(ines.locator("#id_quorum"), "1")
    write(ines.locator("#id_capacity_days"), "40")
    enter(ines.locator("form.form button.is-primary"))
    ines.wait_for_url(re.compile(r"/roadmap/tables/\d+/$"))
    table = ines.url
    for box in ines.locator("#waiting input[type=checkbox]").all():
        reach(box)
        ines.keyboard.press("Space")
    enter(ines.locator("#waiting button"))
    expect(ines.locator("#table .row-title").filter(has_text=NEWS)).to_be_visible()
    # Hélène and Karim sit at it, whoever the directors are.
    ines.goto(f"{table}seats/")
    for name in ("Hélène Vasseur", "Karim Diallo"):
        if ines.locator(".table .row-title").filter(has_text=name).count() == 0:
            write(ines.locator("#id_person"), name)
            enter(ines.locator("form.form .button"))
            expect(ines.locator(".table .row-title").filter(has_text=name)).to_be_visible()
    ines.goto(table)
    for step in ("freezing", "opening"):
        enter(ines.locator(f"form[action$='/{step}/'] button"))
    expect(ines.locator("#turnout")).to_be_visible()

    _ranks_on_a_phone(visit, table)

    # The rankings are shown together; the first is chosen, the rest waits, with a reason.
    ines.goto(table)
    enter(ines.locator(".page-verbs form[action$='/reveal/'] button"))
    ines.wait_for_url(re.compile("/result/$"))
    expect(ines.locator(".result-table .row-title").first).to_have_text(NEWS)
    enter(ines.locator(".page-verbs a.is-primary"))
    enter(ines.locator("tbody a.button").first)
    reach(ines.locator("input[name=verdict]").first)
    ines.keyboard.press("Space")
    write(ines.locator("#id_what"), "Une note le jour même, par équipe.")
    write(ines.locator("#id_why"), "C’est ce qui touche le plus de monde.")
    enter(ines.locator("form.form button.is-primary"))
    ines.wait_for_url(re.compile(r"/decisions/$"))
    write(ines.locator("#id_reason"), WHY)
    enter(ines.locator("#rest button"))
    enter(ines.locator("form[action$='/publishing/'] button"))
    expect(ines.locator("#chosen")).to_contain_text(NEWS)
    expect(ines.locator("#not-now")).to_contain_text(PRICES)

    # Whoever raised them is told, once, with the reason.
    told = lea.get_by_role("main").locator(f"a[href='{urlsplit(table).path}']")
    for _look in range(60):
        lea.goto("/messages/")
        if told.count():
            break
        lea.wait_for_timeout(500)
    expect(told).to_have_count(1)
    enter(told)
    expect(lea.locator("#chosen")).to_contain_text("C’est ce qui touche le plus de monde.")
    expect(lea.locator("#not-now")).to_contain_text(WHY)


def _of_three(answer: Response) -> bool:
    """Whether it answers to the order of three topics: each gesture is saved by itself."""
    return "/ranking/" in answer.url and (answer.request.post_data or "").count("order=") == 3


def _ranks_on_a_phone(visit: Visit, table: str) -> None:
    """A director picks and orders with a thumb; the keys work too, and a second device is told."""
    phone = visit("Hélène Vasseur", width=390, height=844)
    phone.goto(f"{table}ranking/")
    for title in (PRICES, NEWS):
        phone.locator("[data-list=left] [data-topic]").filter(has_text=title).locator("[data-add]").click()
    picked = phone.locator("[data-list=picked] [data-topic]")
    expect(picked).to_have_count(2)
    picked.nth(1).locator("[data-up]").focus()
    phone.keyboard.press("Alt+ArrowUp")
    expect(picked.first).to_contain_text(NEWS)
    with phone.expect_response(_of_three):
        phone.locator("[data-left], [data-list=left] [data-add]").first.click()
    expect(phone.locator("[name=revision]")).not_to_have_value("0")
    phone.reload()
    expect(picked.first).to_contain_text(NEWS)
    expect(picked).to_have_count(3)
    phone.locator("[data-done]").click()
    expect(phone.locator(".toasts")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
