"""Six months later the role of champions is looked back at by itself: unsigned answers, a decision, and it is told."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import BOTH_COMPANIES
from tests.journeys.hands import come_back_until, enter, queue, write
from tests.journeys.telling_hands import Telling, link_in, pick_one, telling_company, text_of, until_there

Visit = Callable[..., Page]
SIX_MONTHS_LATER, ANSWERS_ARE_IN = "2027-05-03T09:00:00+02:00", "2027-05-18T09:00:00+02:00"
TITLE = "Le rôle de Product Champion"
REASON = "Deux heures par mois suffisent : on demande moins, et à ceux que cela concerne."
FINDING = "On demande deux fois la même chose aux champions en une semaine"
ANSWERS = 7


@pytest.fixture(params=["small"])
def site(request: pytest.FixtureRequest, kept: Path) -> Iterator[Telling]:
    """A demo company with a mail server, and a clock that can be set on."""
    with telling_company(request.param, kept) as made:
        yield made


def answer(page: Page, link: str) -> None:
    """Four questions by the link of a mail, without an account: of use, worth it, lighten it, nothing more to say."""
    page.goto(link)
    for wanted, asked in zip(("4", "3", "lighten"), page.locator("fieldset.ask").all(), strict=False):
        pick_one(asked.locator("input[type=radio]"), wanted)
    enter(page.locator("form.asks button.is-primary"))
    expect(page.locator("form.asks")).to_have_count(0)


@pytest.mark.deep
@BOTH_COMPANIES
def test_six_months_later_the_champions_role_is_looked_back_at(visit: Visit, site: Telling) -> None:
    # Nobody opens it: its day came, and those who hold the role and those they work with are asked.
    site.wake(SIX_MONTHS_LATER)
    queue(site, "vertebra.reviews.jobs.look_back")
    ines = visit("Inès Barbier")
    ines.goto("/reviews/?state=asking")
    # Other reviews may be asking the same day.
    until_there(ines, f"#listing a.row-title:has-text('{TITLE}')")
    queue(site, "vertebra.evidence.jobs.send_due_invitations")
    enter(ines.locator(f"#listing a.row-title:has-text('{TITLE}')"))
    ines.wait_for_url(re.compile(r"/reviews/\d+/$"))
    review = ines.url
    # Its figures are frozen; it cannot be decided while people answer.
    expect(ines.locator("#figures tbody tr").first).to_be_visible()
    expect(ines.locator("main a[href$='/decision/']")).to_have_count(0)

    # Answered by the link of a mail, without an account; what is said is told by nobody yet.
    invited = site.mail.wait_for_many(TITLE, ANSWERS)
    asked = [mail for mail in invited if "/evidence/answers/" in text_of(mail)]
    somebody = visit("")
    for mail in asked[:ANSWERS]:
        answer(somebody, link_in(mail, "/evidence/answers/"))
    somebody.goto(link_in(asked[0], "/evidence/answers/"))
    expect(somebody.locator("form.asks")).to_have_count(0)
    ines.reload()
    expect(ines.locator("#answers")).to_have_count(0)

    # Two weeks later the answers are in: it waits on the page of whoever decides.
    site.wake(ANSWERS_ARE_IN)
    queue(site, "vertebra.evidence.jobs.close_due_surveys")
    ines = visit("Inès Barbier")
    ines.goto(review)
    come_back_until(ines.locator("main"), f"{ANSWERS}")
    expect(ines.locator("#answers")).to_contain_text("4,0")
    queue(site, "vertebra.reviews.jobs.look_back")
    until_there(ines, "main a[href$='/decision/']")
    enter(ines.locator("main a[href$='/decision/']").first)
    pick_one(ines.locator("input[name=verdict]"), "lighten")
    write(ines.locator("#id_reason"), REASON)
    enter(ines.locator("main .form-foot button.is-primary"))
    ines.wait_for_url(review)
    expect(ines.locator(".lead")).to_contain_text(REASON)

    # What was found is evidence of a pain point from now on.
    enter(ines.locator("main a[href$='/findings/new/']").first)
    write(ines.locator("#id_line"), FINDING)
    enter(ines.locator("main .form-foot button.is-primary"))
    ines.wait_for_url(re.compile(r"/reviews/\d+/#findings$"))
    enter(ines.locator("#findings a[href*='/pain-points/']").first)
    expect(ines.get_by_role("heading", level=1)).to_contain_text(FINDING)

    # Everybody who was asked is told, whether they answered or not; the next one has its day.
    told = site.mail.wait_for_many(REASON[:40], len(asked))
    assert any("s’allège" in str(mail["Subject"]) for mail in told)
    assert {str(mail["To"]) for mail in told} == {str(mail["To"]) for mail in asked}
    ines.goto("/reviews/rhythms/")
    expect(ines.locator("#listing time[datetime^='2027-11-18']")).to_be_visible()
