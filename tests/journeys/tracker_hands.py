"""A Jira on this machine whose work changes, and what two hands do to read it and to say whose work it is."""

import datetime as dt
import re
from collections.abc import Sequence

from playwright.sync_api import Page, expect

from benchmarks import fake_jira
from benchmarks.fake_jira import FakeJira
from tests.connectors.trackers import Work, jira_issue
from tests.journeys.hands import choose, come_back_until, enter, write
from tests.journeys.telling_hands import send, tick, until_there
from tests.site import Site

NAME = "Jira du siège"
CHECKOUT, CATALOGUE = "TACTIL", "ARTICL"
# More people than the fewest of whom figures are told.
PEOPLE = 7
ITEMS = 21


def a_living_jira() -> FakeJira:
    """Two projects in progress: one never says a priority, the other always does."""
    jira = FakeJira()
    jira.put(_issue(number, CHECKOUT) for number in range(1, ITEMS + 1))
    jira.put(_issue(100 + number, CATALOGUE, priority={"name": "High"}) for number in range(1, ITEMS + 1))
    return jira


def _issue(number: int, project: str, **fields: object) -> dict[str, object]:
    who = {"accountId": f"person-{number % PEOPLE}", "displayName": f"Personne {number % PEOPLE}"}
    return jira_issue(Work(number, steps=1, project=project), assignee=who, **fields)


def say_priorities(jira: FakeJira, at: dt.datetime) -> None:
    """The team of the checkout says the priority of everything, in its tool."""
    for number, issue in list(jira.issues.items()):
        if issue["fields"]["project"]["key"] == CHECKOUT:
            issue["fields"]["priority"] = {"name": "High"}
            jira.change(number, "priority", "", "High", at)


def connect(page: Page, address: str) -> str:
    """Connect the Jira, choose its projects, wait until they are read; gives the number of the source."""
    page.goto("/imports/connect/")
    enter(page.locator("main a[href='/imports/connect/jira/']"))
    write(page.locator("#id_name"), NAME)
    write(page.locator("#id_address"), address)
    write(page.locator("#id_email"), fake_jira.EMAIL)
    write(page.locator("#id_token"), fake_jira.TOKEN)
    send(page)
    page.wait_for_url("**/choice/")
    for project in (CHECKOUT, CATALOGUE):
        tick(page.locator(f"input[name=listed][value={project}]"))
    send(page)
    page.wait_for_url(re.compile(r"/imports/sources/\d+/$"))
    until_there(page, "#readings tbody tr .is-good")
    expect(page.locator("#readings tbody")).to_contain_text(str(2 * ITEMS))
    return page.url.rstrip("/").rsplit("/", 1)[1]


def belongs(page: Page, search: str, values: Sequence[str], unit: str = "") -> None:
    """Say, in the list of places, that the work of projects is done by a team, or by nobody any more."""
    page.goto(f"/evidence/trail/places/?q={search}&way=project")
    until_there(page, "tr[data-row]")
    for value in values:
        tick(page.locator("tr[data-row]").filter(has_text=value).locator("input[name=selected]"))
    if unit:
        choose(page.locator("[data-bulk] select[name=unit]"), unit)
    enter(page.locator(f"[data-bulk] button[value={'belong' if unit else 'clear'}]"))
    page.wait_for_url("**/evidence/trail/places/")
    expect(page.locator("#toasts")).to_contain_text("attribué")


def count(site: Site) -> None:
    """What runs at night: counts what checks point at, then says where teams stand."""
    site.inside(
        "from vertebra.practices.jobs.checks import count_checks; count_checks.func();"
        "from vertebra.practices.jobs.adoption import look_after_adoption; look_after_adoption.func()"
    )


def try_on_the_past(page: Page, address: str, code: str) -> str:
    """Take a check of the library, and read what it would have found; gives the address of the check."""
    page.goto(f"{address}checks/")
    enter(page.locator(f"#library form[action$='/library/{code}/'] button"))
    page.wait_for_url("**/checks/")
    enter(page.locator("#checks a[href*='/practices/checks/']").first)
    page.wait_for_url(re.compile(r"/practices/checks/\d+/$"))
    come_back_until(page.locator("main"), "Sur le passé")
    return page.url
