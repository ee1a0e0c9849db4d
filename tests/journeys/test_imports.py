"""Inès brings the file that HR sent her: by keyboard, in French, with and without JavaScript."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import world
from tests.browser.conftest import OpenPage, open_page
from tests.reach import out_of_reach
from vertebra.org.models import Person

__all__ = ["open_page"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PEOPLE = "Nom complet;Courriel;Poste;Arrivée\nAda Lind;ada@example.org;PM;01/02/2020\nBo Chen;bo@example.org;Dev;\n"
BROKEN = "Nom complet;Courriel\nAda Lind;pas une adresse\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "export-rh.csv"
    path.write_text(PEOPLE, encoding="cp1252")
    return path


def go_on(page: Page) -> None:
    """Press the main button of the step from the keyboard."""
    page.locator("main .button.is-primary").last.focus()
    page.keyboard.press("Enter")


def upload(page: Page, file: Path) -> None:
    page.locator("#id_uploads").set_input_files(file)
    page.locator("#id_source").focus()
    page.keyboard.type("RH")
    page.keyboard.press("Enter")
    page.wait_for_url("**/format/")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_file_from_upload_to_result_and_back(open_page: OpenPage, file: Path, scripts: bool) -> None:
    page = open_page("/imports/new/", world.ines(), scripts=scripts)
    upload(page, file)
    expect(page.locator('input[value="table:person"]')).to_be_checked()
    go_on(page)
    page.wait_for_url("**/columns/")
    expect(page.locator("#id_name")).to_have_value("Nom complet")
    expect(page.locator("#id_joined_on")).to_have_value("Arrivée")
    page.locator("#id_email").focus()
    go_on(page)
    page.wait_for_url("**/preview/")
    expect(page.locator("#changes tbody tr")).to_have_count(2)
    assert not Person.objects.exists()
    go_on(page)
    page.wait_for_url("**/imports/*/")
    assert Person.objects.count() == 2
    undo = page.locator('main form[action*="/undo/"] button')
    undo.focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    expect(page.locator('main form[action*="/undo/"] button')).to_have_count(0)
    assert not Person.objects.exists()


def test_what_is_wrong_is_said_with_its_place(open_page: OpenPage, tmp_path: Path) -> None:
    path = tmp_path / "gens.csv"
    path.write_text(BROKEN, encoding="utf-8")
    page = open_page("/imports/new/", world.ines())
    upload(page, path)
    go_on(page)
    page.wait_for_url("**/columns/")
    go_on(page)
    page.wait_for_url("**/preview/")
    expect(page.locator(".problem-where")).to_contain_text("gens.csv:2")
    expect(page.locator(".problem-remedy")).not_to_be_empty()
    expect(page.locator('form[action$="/apply/"]')).to_have_count(0)


def test_every_step_is_fit_for_all_and_for_a_phone(open_page: OpenPage, file: Path) -> None:
    page = open_page("/imports/new/", world.ines(), width=390, theme="dark")
    found = {"new": _serious(page)}
    upload(page, file)
    found["format"] = _serious(page)
    go_on(page)
    page.wait_for_url("**/columns/")
    found["columns"] = _serious(page)
    go_on(page)
    page.wait_for_url("**/preview/")
    found["preview"] = _serious(page)
    go_on(page)
    page.wait_for_url("**/imports/*/")
    found["result"] = _serious(page)
    for address in ("/imports/", "/imports/sources/"):
        page.goto(page.url.split("/imports/")[0] + address)
        found[address] = _serious(page)
    page.locator("a.row-title").first.focus()
    assert not any(found.values()), found


def _serious(page: Page) -> list[str]:
    """What axe finds serious, and whether the page is wider than the window."""
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return [one.name for one in out_of_reach(page) if one.is_grave] + ["wide"] * bool(wide)
