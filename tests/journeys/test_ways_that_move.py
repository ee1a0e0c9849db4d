"""A practice raised from what was heard, tried on the past of a Jira, lived by teams, and lightened six months later."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from benchmarks.fake_jira import FakeJira, serving
from tests.journeys.hands import come_back_until, enter, queue, write
from tests.journeys.practice_hands import (
    answer_objection,
    note_idea,
    object_to,
    press_one,
    say_reach,
    send_form,
    try_it,
)
from tests.journeys.telling_hands import Telling, pick_one, telling_company, until_there
from tests.journeys.tracker_hands import (
    CATALOGUE,
    CHECKOUT,
    NAME,
    a_living_jira,
    belongs,
    connect,
    count,
    say_priorities,
    try_on_the_past,
)

Visit = Callable[..., Page]
PAIN = "Des dépendances que l’on découvre au milieu du trimestre"
INITIATIVE = "Une page des attentes entre équipes"
PRACTICE = "La priorité se dit avant de commencer"
TEAMS = ("Caisse tactile", "Catalogue")
REASON = "En clôture de mois, la priorité se dit à l’oral."
LIGHTER = "Une priorité par semaine suffit : on la dit moins souvent."
THREE_WEEKS, SIX_MONTHS = "2026-11-24T09:00:00+01:00", "2027-06-02T09:00:00+02:00"
CHANGED = dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)
pytestmark = pytest.mark.deep


@pytest.fixture
def site(kept: Path) -> Iterator[Telling]:
    """The small demo company with a mail server; it may ask a Jira of this machine."""
    with telling_company("small", kept) as made:
        yield made


@pytest.fixture
def jira() -> FakeJira:
    """What the company's Jira holds."""
    return a_living_jira()


@pytest.fixture
def address(jira: FakeJira) -> Iterator[str]:
    """Where that Jira is served."""
    with serving(jira) as made:
        yield made


def test_from_the_first_verbatim_to_the_retro_that_lightens(
    visit: Visit, site: Telling, jira: FakeJira, address: str
) -> None:
    # Everybody comes in before something real does: then the demo's door closes.
    names = ("Ada Lind", "Nadia Benhaddou", "Youssef Mansouri", "Léa Roux", "Hélène Vasseur", "Inès Barbier")
    ada, nadia, youssef, lea, helene, ines = (visit(name) for name in names)
    connect(ada, address)
    queue(site, "vertebra.evidence.jobs.figure_flow")
    for value, unit in zip((CHECKOUT, CATALOGUE), TEAMS, strict=True):
        belongs(ines, value, [value], unit)
    # The tracker that they leave is theirs no more.
    belongs(ines, "CA", ["CAISSE", "CATALO"])
    practice = raised(nadia)
    looked_at(nadia, youssef, practice)
    validated(nadia, lea, helene, practice)
    count(site)
    team = team_of(nadia, practice)
    expect(mine(nadia)).to_contain_text("pas encore")
    moved(nadia, site, jira, team)
    adapted(nadia, practice, team)
    review = looked_back_at(site, ines)
    decided(nadia, review)
    lighter(nadia, practice)
    followed(ines, practice, review)


def raised(page: Page) -> str:
    """From the pain point that was heard to the initiative that answers it, and from there to an idea."""
    page.goto("/discovery/pain-points/?q=dépendances")
    enter(page.locator("#listing a.row-title").filter(has_text=PAIN))
    page.wait_for_url(re.compile(r"/discovery/pain-points/\d+/"))
    page.goto(re.sub(r"/discovery/pain-points/(\d+)/.*", r"/thread/pain_point/\1/", page.url))
    enter(page.locator(".thread-steps a").filter(has_text=INITIATIVE).first)
    page.wait_for_url(re.compile(r"/roadmap/initiatives/\d+/"))
    begins = page.locator("#practices a[href*='/practices/new/']")
    expect(begins).to_be_visible()
    return note_idea(page, PRACTICE, begins.get_attribute("href") or "")


def looked_at(nadia: Page, youssef: Page, practice: str) -> None:
    """Two teams try it, somebody builds it too, and its check is tried on the past before it looks."""
    try_it(nadia, practice, TEAMS[0])
    try_it(youssef, practice, TEAMS[1])
    nadia.goto(f"{practice}co-authors/")
    write(nadia.locator("#id_person"), "Youssef Mansouri")
    send_form(nadia)
    nadia.wait_for_url(re.compile(r"/practices/\d+/(#\w+)?$"))
    try_on_the_past(nadia, practice, "no_priority")
    expect(nadia.locator(".lead")).to_contain_text("Désactivé")
    expect(nadia.locator("#past")).to_contain_text(f"{CHECKOUT}-")
    enter(nadia.locator("form[action$='/switching/'] button"))
    expect(nadia.locator(".lead")).to_contain_text("Activé")


def validated(nadia: Page, lea: Page, helene: Page, practice: str) -> None:
    """Proposed, objected to, answered, validated by a director: standard for a team, free for another."""
    nadia.goto(practice)
    enter(nadia.locator("form[action$='/proposal/'] button.is-primary"))
    expect(nadia.locator(".lead")).to_contain_text("se construit ensemble")
    object_to(lea, practice)
    answer_objection(nadia, practice)
    helene.goto(practice)
    enter(helene.locator(".page-verbs a[href$='/validation/']"))
    write(helene.locator("#id_words"), "On sait ce qui passe d’abord.")
    send_form(helene)
    expect(helene.locator(".lead")).to_contain_text("l’a validée")
    say_reach(helene, practice, TEAMS[0], "standard")
    say_reach(helene, practice, TEAMS[1], "free")
    expect(helene.locator("aside")).to_contain_text("annoncée pour le")
    expect(helene.locator("aside")).to_contain_text("libre")


def team_of(page: Page, practice: str) -> str:
    """The page of the first team's ways of working, from the practice; gives its address."""
    page.goto(practice)
    link = page.locator("#adoption a[href*='/practices/teams/']").first
    enter(link)
    page.wait_for_url(re.compile(r"/practices/teams/\d+/$"))
    return page.url


def mine(page: Page) -> Locator:
    """The line of the practice on a team's page."""
    return page.locator("main tbody tr").filter(has_text=PRACTICE)


def moved(nadia: Page, site: Telling, jira: FakeJira, team: str) -> None:
    """The team says its priorities in its tool; read again, what is observed of it moves, for it first."""
    say_priorities(jira, CHANGED)
    site.wake(THREE_WEEKS)
    site.run("sync", NAME)
    count(site)
    nadia.goto(team)
    come_back_until(nadia.locator("main"), PRACTICE)
    expect(mine(nadia)).to_contain_text("adoptée")
    expect(mine(nadia)).to_contain_text("à vous seuls jusqu’au")


def adapted(nadia: Page, practice: str, team: str) -> None:
    """The team does it otherwise, with a reason and until a day."""
    number = practice.rstrip("/").rsplit("/", 1)[1]
    enter(nadia.locator(f"a[href$='/adaptations/{number}/']"))
    press_one(nadia.locator("input[name=kind][value=adapted]"))
    write(nadia.locator("#id_reason"), REASON)
    nadia.locator("#id_ends_on").fill("2027-01-31")
    enter(nadia.locator("main .form-foot button.is-primary"))
    nadia.wait_for_url(team)
    expect(mine(nadia)).to_contain_text(REASON)
    nadia.goto(practice)
    expect(nadia.locator("#otherwise")).to_contain_text(REASON)


def looked_back_at(site: Telling, ines: Page) -> str:
    """Six months later it is looked back at by itself; fewer than five live by it, so nobody is asked unsigned."""
    site.wake(SIX_MONTHS)
    queue(site, "vertebra.reviews.jobs.look_back")
    ines.goto("/reviews/?state=to_decide")
    until_there(ines, f"#listing a.row-title:has-text('{PRACTICE}')")
    enter(ines.locator("#listing a.row-title").filter(has_text=PRACTICE).first)
    ines.wait_for_url(re.compile(r"/reviews/\d+/$"))
    expect(ines.locator("#figures tbody tr").first).to_be_visible()
    return ines.url


def decided(nadia: Page, review: str) -> None:
    """Whoever carries it decides, from the figures that were frozen."""
    nadia.goto(review)
    enter(nadia.locator("main a[href$='/decision/']").first)
    pick_one(nadia.locator("input[name=verdict]"), "lighten")
    write(nadia.locator("#id_reason"), LIGHTER)
    enter(nadia.locator("main .form-foot button.is-primary"))
    nadia.wait_for_url(review)
    expect(nadia.locator(".lead")).to_contain_text(LIGHTER)


def lighter(nadia: Page, practice: str) -> None:
    """A lighter version is begun, and says why; what was validated holds until it is published."""
    nadia.goto(practice)
    expect(nadia.locator(".tag").filter(has_text="version 1").first).to_be_visible()
    enter(nadia.locator("#history a[href$='/versions/']"))
    expect(nadia.locator("main")).to_contain_text(LIGHTER)


def followed(ines: Page, practice: str, review: str) -> None:
    """The thread runs from what was said to that retro, whichever end one takes it by."""
    number = practice.rstrip("/").rsplit("/", 1)[1]
    ines.goto(f"/thread/practice/{number}/")
    steps = ines.locator(".thread-steps")
    for title in (PAIN, INITIATIVE):
        expect(steps.first).to_contain_text(title)
    expect(steps.last.locator("a[href*='/reviews/']")).to_contain_text(PRACTICE)
    # Taken by its other end: the first words that were heard.
    said = steps.first.locator("a[href*='#mark-']").first.get_attribute("href") or ""
    ines.goto(f"/thread/verbatim/{said.rpartition('-')[2]}/")
    expect(ines.locator(".thread-steps").last).to_contain_text(PAIN)
    expect(ines.locator(".thread-steps").last).to_contain_text(PRACTICE)
