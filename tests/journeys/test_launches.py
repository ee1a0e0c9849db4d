"""The third country launches faster than the second; all cards are renewed: by keyboard, in French."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import BOTH_COMPANIES
from tests.journeys.hands import choose, enter, pick_day, reach, write

Visit = Callable[..., Page]
LESSON = "Voir la banque avant le contrat."
OURS = "Ouvrir un pays avec des partenaires"
STAGES = ("Décider", "Adapter le produit", "Ouvrir")
Day = dt.date


# Long, and alike wherever it is told: at each change the cards below go the same ways.
@pytest.mark.deep
@BOTH_COMPANIES
def test_the_third_country_launches_faster_than_the_second(visit: Visit) -> None:
    page = visit("Inès Barbier")
    # What this company knows of opening a country is written once, beside what it opened before.
    book = _playbook(page)
    markets = _markets(page)
    # Two countries of the past: each took its time, one stage above all.
    _open(page, book, markets[0], Day(2025, 1, 10), Day(2025, 7, 10))
    _stage_over(page, 2, Day(2025, 2, 20), Day(2025, 8, 30))
    _launched(page, Day(2025, 9, 30))
    _open(page, book, markets[1], Day(2025, 10, 1), Day(2026, 3, 30))
    _stage_over(page, 2, Day(2025, 11, 10), Day(2026, 4, 30))
    # What it taught stands with the step.
    enter(page.locator("#stages a[href*='/launch-steps/']").first)
    write(page.locator("#id_lesson"), LESSON)
    enter(page.locator("form.form button.is-primary"))
    page.wait_for_url(re.compile(r"/launches/\d+/#step-"))
    _launched(page, Day(2026, 5, 15))
    expect(page.locator(".lead")).to_contain_text("226")
    # The lesson makes a new version of the playbook.
    page.goto(book)
    expect(page.locator("#lessons")).to_contain_text(LESSON)
    enter(page.locator("form[action$='/draft/'] button"))
    page.wait_for_url(re.compile(r"version=\d+"))
    enter(page.locator("#lessons form button"))
    expect(page.locator("#publish textarea")).to_have_value(re.compile(re.escape(LESSON)))
    enter(page.locator("#publish button"))
    expect(page.locator("#what-changed")).to_contain_text(LESSON)
    # The third follows it, and is faster than the second.
    _open(page, book, markets[2], Day(2026, 5, 20), Day(2026, 10, 30))
    _launched(page, Day(2026, 10, 30))
    expect(page.locator(".lead")).to_contain_text("63")
    expect(page.locator(".lead")).to_contain_text(markets[1])
    # Which stage costs most is said, and one gesture makes an initiative of it.
    page.goto("/roadmap/launches/")
    expect(page.locator(".lead")).to_contain_text("63")
    enter(page.locator(".switch a").filter(has_text=OURS))
    expect(page.locator("#launches tbody tr")).to_have_count(3)
    expect(page.locator("#stages p b").first).to_have_text(STAGES[1])
    enter(page.locator("#stages form button"))
    page.wait_for_url(re.compile(r"/roadmap/initiatives/\d+/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(STAGES[1])


@BOTH_COMPANIES
def test_all_cards_are_renewed(visit: Visit) -> None:
    page = visit("Inès Barbier")
    page.goto("/roadmap/initiatives/new/?kind=transverse")
    write(page.locator("#id_title"), "Renouveler toutes les cartes")
    enter(page.locator("form.form button.is-primary"))
    page.wait_for_url(re.compile(r"/roadmap/initiatives/\d+/$"))
    enter(page.locator("a[href$='/project/']").first)
    page.wait_for_url(re.compile(r"/project/$"))
    # Two functions, a gate, and what is counted.
    for title in ("Fabriquer et poster les cartes", "Prévenir les clients"):
        _unfold(page, "#workstreams")
        write(page.locator("#workstreams #id_title"), title)
        enter(page.locator("#workstreams form.form button"))
        expect(page.locator("#workstreams .row-title").filter(has_text=title)).to_be_visible()
    _unfold(page, "#counters")
    write(page.locator("#counters #id_name"), "Cartes")
    enter(page.locator("#counters form.form button"))
    # Weeks of counts are pasted from a table, the last one is noted by hand.
    enter(page.locator("a[href$='/paste/']"))
    weeks = ["2026-09-21;0;4000", "2026-09-28;500;4000", "2026-10-05;1150;4000", "2026-10-12;1600;4000"]
    reach(page.locator("#id_rows"))
    for week in [*weeks, "2026-10-19;2300;4000", "2026-10-26;2850;4000"]:
        page.keyboard.type(week)
        page.keyboard.press("Enter")
    enter(page.locator("form.form button.is-primary"))
    counter = page.locator(".project-counter")
    expect(counter.locator("svg").first).to_be_visible()
    expect(counter).to_contain_text("2026")
    write(counter.locator("input[name=done]"), "3900")
    enter(counter.locator(".project-count button"))
    expect(counter).to_contain_text("900")
    before = counter.locator("p").first.inner_text()
    # A count that was wrong is counted again; then all are done.
    write(counter.locator("input[name=done]"), "3500")
    enter(counter.locator(".project-count button"))
    expect(counter.locator("p").first).not_to_have_text(before)
    write(counter.locator("input[name=done]"), "4000")
    enter(counter.locator(".project-count button"))
    expect(counter.locator(".is-good").first).to_be_visible()
    # The gate is passed by a decision.
    _unfold(page, "#gates")
    write(page.locator("#gates #id_title"), "Toutes les cartes sont chez les clients")
    enter(page.locator("#gates form.form button"))
    enter(page.locator("#gates button[value=passed]"))
    expect(page.locator("#gates .is-good").first).to_be_visible()


def _markets(page: Page) -> list[str]:
    """Three countries that the company has never sold to."""
    names = ["Belgique", "Irlande", "Portugal"]
    for name in names:
        page.goto("/organisation/markets/new/")
        write(page.locator("#id_name"), name)
        enter(page.locator("form.form button.is-primary"))
        page.wait_for_url(re.compile(r"/markets/\d+/$"))
    return names


def _playbook(page: Page) -> str:
    """A playbook of three stages, published; gives its address."""
    page.goto("/roadmap/playbooks/new/")
    write(page.locator("#id_title"), OURS)
    enter(page.locator("form.form button.is-primary"))
    page.wait_for_url(re.compile(r"/roadmap/playbooks/\d+/"))
    book = page.url.split("?")[0]
    for stage, first, last in zip(STAGES, (-150, -120, -30), (-120, -30, 0), strict=True):
        enter(page.locator("main a[href$='/steps/new/']").first)
        write(page.locator("#id_title"), f"{stage} : le pas qui compte")
        write(page.locator("#id_domain"), "Produit")
        write(page.locator("#id_stage"), stage)
        write(page.locator("#id_starts_day"), str(first))
        write(page.locator("#id_ends_day"), str(last))
        enter(page.locator("form.form button.is-primary"))
        expect(page.locator("main h2").filter(has_text=stage)).to_be_visible()
    enter(page.locator("#publish button"))
    expect(page.locator(".page-state .is-good")).to_be_visible()
    return book


def _open(page: Page, book: str, market: str, decided: Day, target: Day) -> None:
    page.goto(book)
    enter(page.locator(".page-verbs a.is-primary"))
    choose(page.locator("#id_market"), market)
    pick_day(page.locator("#id_target_on"), target)
    pick_day(page.locator("#id_decided_on"), decided)
    enter(page.locator("form.form button.is-primary"))
    page.wait_for_url(re.compile(r"/roadmap/launches/\d+/$"))


def _stage_over(page: Page, number: int, began: Day, over: Day) -> None:
    stage = page.locator(f"#stage-{number}")
    enter(stage.locator("summary").first)
    pick_day(stage.locator("input[name=started_on]"), began)
    pick_day(stage.locator("input[name=ended_on]"), over)
    enter(stage.locator("form[action$='/stages/'] button"))
    expect(page.locator(f"#stage-{number} summary")).to_have_count(0)
    page.wait_for_load_state()


def _launched(page: Page, day: Day) -> None:
    page.reload()
    enter(page.locator(".page-verbs summary.is-primary"))
    pick_day(page.locator("#launched-on"), day)
    page.keyboard.press("Enter")
    expect(page.locator(".page-verbs summary.is-primary")).to_have_count(0)


def _unfold(page: Page, section: str) -> None:
    enter(page.locator(f"{section} > details > summary").last)
