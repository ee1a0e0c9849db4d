"""After the spring's incidents the process is reworked and it shows."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.conftest import BOTH_COMPANIES
from tests.site import DAY

Open = Callable[..., Page]
TODAY = dt.datetime.fromisoformat(DAY)
REWORK = TODAY - dt.timedelta(days=120)


def spring() -> str:
    """Slow until the process is reworked, quick since; one still owes a follow-up."""
    rows = ["id;titre;gravite;debut;annonce;fin;follow_up;responsable;echeance;done_on"]
    for number in range(20):
        began = REWORK - dt.timedelta(days=6 * number + 5)
        ended = began + dt.timedelta(hours=9 + number)
        told, done = ended - dt.timedelta(hours=1), began + dt.timedelta(days=40)
        rows.append(
            f"s{number};Le retrait échoue {number};majeur;{began};{told};{ended};Réparer {number};;;{done:%Y-%m-%d}"
        )
    for number in range(12):
        began = REWORK + dt.timedelta(days=8 * number + 5)
        ended, told = began + dt.timedelta(minutes=50 + number), began + dt.timedelta(minutes=9)
        rows.append(f"q{number};Le retrait échoue encore {number};majeur;{began};{told};{ended};;;;")
    return "\n".join(rows)


def bring_in(page: Page, file: Path) -> None:
    page.goto("/evidence/incidents/files/")
    page.locator("input[type=file]").set_input_files(file)
    page.locator("input[name=source]").fill("Page d’état")
    page.locator("form button.is-primary").click()


@BOTH_COMPANIES
def test_after_the_springs_incidents_the_process_is_reworked_and_it_shows(
    visit: Open, tmp_path: Path
) -> None:
    file = tmp_path / "incidents.csv"
    file.write_text(spring(), encoding="utf-8")
    page = visit("Inès")
    bring_in(page, file)
    expect(page.locator(".banner b").first).to_have_text("32")
    bring_in(page, file)
    expect(page.locator(".banner b").nth(2)).to_have_text("32")

    # What follows from one has an owner and a day, and is tracked to its end.
    page.goto("/evidence/incidents/?q=encore 11")
    page.get_by_role("link", name="Le retrait échoue encore 11").click()
    page.locator("#follow-up-title").fill("Prévenir les magasins d’abord")
    page.locator("#follow-up-owner").fill("Inès")
    page.locator("#follow-up-owner").press("End")
    suggestion = page.locator("#people option").first
    expect(suggestion).to_be_attached()
    page.locator("#follow-up-owner").fill(str(suggestion.get_attribute("value")))
    page.locator("#follow-up-due_on").fill(f"{TODAY + dt.timedelta(days=9):%Y-%m-%d}")
    page.locator("form[action$='/follow-ups/'] button").click()
    row = page.locator("#follow-ups tr", has_text="Prévenir les magasins d’abord")
    expect(row).to_be_visible()
    row.locator("form[action$='/completion/'] button").click()
    expect(page.locator("#follow-ups tr", has_text="Prévenir").locator(".state.is-good")).to_be_visible()

    # The process is reworked: what came before stands beside what came after, with how sure it is.
    page.goto("/evidence/incidents/process/")
    page.locator("a[href$='/process/changes/']").click()
    page.locator("input[name=title]").fill("Une personne de garde prévient d’abord le terrain")
    page.locator("input[name=starts_on]").fill(f"{REWORK:%Y-%m-%d}")
    page.locator("main form button.is-primary").click()
    expect(page).to_have_url(re.compile(rf"/evidence/incidents/process/\?since={REWORK:%Y-%m-%d}$"))
    expect(page.locator(".lead")).to_contain_text("Une personne de garde prévient d’abord le terrain")
    lines = page.locator("#before-after tbody tr")
    expect(lines.nth(0).locator(".state.is-good")).to_be_visible()
    expect(lines.nth(1).locator(".state.is-good")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
