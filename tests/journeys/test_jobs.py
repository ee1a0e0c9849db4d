"""Ada looks at what the worker did, reads why something failed, and starts it again."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.hands import button, come_back_until, command, enter, pick, queue
from tests.site import Site

Visit = Callable[..., Page]


def test_a_job_that_failed_is_seen_with_its_trace_and_started_again(visit: Visit, site: Site) -> None:
    queue(site, "vertebra.org.jobs.refresh_findings")
    queue(site, "vertebra.org.importing.jobs.look_at_import", 0)  # there is no import number 0

    ada = visit("Ada")
    pick(ada, "Français")
    expect(ada.locator("h1")).to_have_text("Accueil")
    command(ada, "Tâches", "Tâches")
    expect(ada.locator("h1")).to_contain_text("Tâches")
    expect(ada.locator("#pulse")).to_contain_text("1 exécuteur")
    come_back_until(ada.locator("#pulse"), "1 a échoué")
    done = ada.locator("tbody tr[data-row]").filter(has_text="Chercher les espaces vides").first
    expect(done).to_contain_text("terminée")

    enter(ada.locator("#pulse").get_by_role("link"))
    ada.wait_for_url("**state=failed**")
    failed = ada.locator("tbody tr[data-row]")
    expect(failed).to_have_count(1)
    ada.keyboard.press("j")
    ada.keyboard.press("Enter")
    expect(ada.locator(".page-state")).to_contain_text("échec")
    expect(ada.locator("pre")).to_contain_text("The import or whoever asked for it is gone.")
    address = ada.url
    finished = ada.locator(".facts time").last
    first = finished.get_attribute("datetime")

    enter(button(ada, "Relancer"))
    expect(ada.locator("#toasts")).to_contain_text("dès qu’un exécuteur est libre")
    ada.goto(address)
    come_back_until(ada.locator(".page-state"), "échec")
    assert finished.get_attribute("datetime") != first

    ada.goto("/administration/audit/")
    expect(ada.locator("tbody tr").first).to_contain_text("Ada Lind")
    expect(ada.locator("tbody tr").first).to_contain_text("a relancé")
