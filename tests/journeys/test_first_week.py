"""The first week of a new product manager: arrived by an import, the camp begins by itself, and stays theirs."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import BOTH_COMPANIES
from tests.journeys.hands import choose, come_back_until, enter, queue, write
from tests.journeys.listening_hands import SENTENCE
from tests.journeys.telling_hands import (
    Telling,
    link_in,
    pick_one,
    send,
    telling_company,
    text_of,
    until_there,
)
from tests.site import DAY

Visit = Callable[..., Page]
NEWCOMER, EMAIL = "Ondine Farradèche", "ondine.farradeche@mercelune.example"
CAMP = "Product Camp"


@pytest.fixture(params=["small"])
def site(request: pytest.FixtureRequest, kept: Path) -> Iterator[Telling]:
    """A demo company with a mail server."""
    with telling_company(request.param, kept) as made:
        yield made


def arrives(page: Page, folder: Path) -> None:
    """HR's file names somebody who joins today, in the team of a product manager who is there."""
    page.goto("/organisation/people/?q=Nadia Benhaddou")
    enter(page.locator("#listing a.row-title").first)
    page.wait_for_url(re.compile(r"/organisation/people/\d+/$"))
    team = page.locator("main a[href*='/organisation/units/']").first.inner_text()
    file = folder / "arrivees.csv"
    words = f"Nom;Courriel;Poste;Unité;Fonction;Arrivée\n{NEWCOMER};{EMAIL};Product manager;{team};Produit;{DAY}\n"
    file.write_text(words, encoding="utf-8")
    page.goto("/imports/new/")
    page.locator("#id_uploads").set_input_files(file)
    write(page.locator("#id_source"), "RH")
    page.keyboard.press("Enter")
    page.wait_for_url("**/format/")
    expect(page.locator("input[value='table:person']")).to_be_checked()
    for step in ("columns", "preview"):
        enter(page.locator("main .button.is-primary").last)
        page.wait_for_url(f"**/{step}/")
    expect(page.locator("main")).to_contain_text(NEWCOMER)
    enter(page.locator("main .button.is-primary").last)
    page.wait_for_url(re.compile(r"/imports/\d+/$"))
    until_there(page, "main dl.facts .state.is-good")


def comes_in(owner: Page, newcomer: Page, site: Telling) -> None:
    """The administrator invites the newcomer, who opens an account from the mail."""
    owner.goto("/administration/invitations/new/")
    write(owner.locator("#id_email"), EMAIL)
    write(owner.locator("#id_name"), NEWCOMER)
    choose(owner.locator("#id_role"), "Contribu")
    send(owner, "main .button.is-primary")
    newcomer.goto(link_in(site.mail.wait_for(EMAIL, "/accounts/invitation/"), "/accounts/invitation/"))
    write(newcomer.locator("#id_password"), SENTENCE)
    newcomer.keyboard.press("Enter")
    newcomer.wait_for_url("**/")


@pytest.mark.deep
@BOTH_COMPANIES
def test_the_first_week_of_a_new_product_manager(visit: Visit, site: Telling, tmp_path: Path) -> None:
    # The demo's door closes with the first real row: whoever is needed comes in before.
    ines, ada, newcomer = visit("Inès Barbier"), visit("Ada Lind"), visit("")
    ines.goto("/learning/paths/?begins=yes")
    enter(ines.locator("#listing a.row-title").first)
    ines.wait_for_url(re.compile(r"/learning/paths/\d+/$"))
    camp, steps = ines.url, ines.locator("li.path-step").count()
    assert steps > 3
    arrives(ines, tmp_path)
    comes_in(ada, newcomer, site)
    queue(site, "vertebra.learning.jobs.look_after_lessons")
    queue(site, "vertebra.learning.jobs.tell_lessons")

    # Nobody typed anything more: it is in a mail and on the newcomer's Home, with what comes next.
    mail = site.mail.wait_for(EMAIL, CAMP)
    assert "Bienvenue" in str(mail["Subject"])
    assert urlsplit(camp).path in text_of(mail)
    newcomer.goto("/")
    come_back_until(newcomer.locator("main"), CAMP)
    enter(newcomer.locator("main a[href*='/learning/paths/'][href*='#step-']").first)
    newcomer.wait_for_url(re.compile(r"/learning/paths/\d+/#step-\d+$"))
    expect(newcomer.locator("#people ul.path-people li a").first).to_be_visible()
    expect(newcomer.locator("#people")).to_contain_text("Product Ops")
    expect(newcomer.locator("#people ul.path-people li .is-faint").first).not_to_be_empty()
    walks(newcomer)

    # How far somebody is, nobody else reads: not even whoever made the camp.
    ines.goto(camp)
    expect(ines.locator("li.path-step")).to_have_count(steps)
    expect(ines.locator("li.path-step.is-done")).to_have_count(0)
    expect(ines.locator("#people .path-people li a").last).to_be_visible()
    expect(ines.locator("main")).not_to_contain_text(NEWCOMER)


def walks(page: Page) -> None:
    """A step ticked, taken back, ticked again; then the lesson of another step, which ticks it by itself."""
    done, tick = re.compile("is-done"), "form[action$='/done/'] button"
    first = page.locator("li.path-step").first
    for is_done in (True, False, True):
        enter(first.locator(tick))
        expectation = expect(first)
        (expectation.to_have_class if is_done else expectation.not_to_have_class)(done)
    path = page.url
    lesson = page.locator("li.path-step:has(a[href*='/learning/lessons/'])").first
    step = str(lesson.get_attribute("id"))
    enter(lesson.locator("a[href*='/learning/lessons/']"))
    page.wait_for_url(re.compile(r"/learning/lessons/\d+/$"))
    choices = [str(one.get_attribute("value")) for one in page.locator("#check input[name=choice]").all()]
    for choice in choices:
        pick_one(page.locator("#check input[name=choice]"), choice)
        send(page, "#check form button.is-primary")
        if not page.locator("#check form").count():
            break
        # One that is wrong is explained, and may be tried once more.
        expect(page.locator("#check [role=alert]")).to_be_visible()
    expect(page.locator("#check form")).to_have_count(0)
    page.goto(path.split("#")[0])
    expect(page.locator(f"#{step}")).to_have_class(done)
