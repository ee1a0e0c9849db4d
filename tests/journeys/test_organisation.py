"""The organisation walked without a mouse: found, read, changed, taken back, compared between two days."""

import csv
import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, Route, expect

from tests.journeys.hands import (
    button,
    choose,
    come_back_until,
    command,
    enter,
    link,
    pick_day,
    queue,
    reach,
    undo,
    write,
)
from tests.site import Site

Visit = Callable[..., Page]
TODAY = dt.date(2026, 11, 2)
MOVED_ON = dt.date(2026, 11, 1)


def unit_page(page: Page, name: str) -> None:
    """Open the page of a unit from wherever one is."""
    command(page, name, name)
    expect(page.locator("h1")).to_contain_text(name)


def test_a_team_is_found_read_and_its_purpose_rewritten_then_put_back(visit: Visit) -> None:
    ines = visit("Inès")
    unit_page(ines, "Terminaux")
    purpose = ines.locator(".split-lead .org-editable-text")
    expect(purpose).to_contain_text("Un terminal qui répond toujours")
    expect(ines.locator("main")).to_contain_text("Chloé Tran")
    expect(ines.locator("aside .facts")).to_contain_text("équipe")

    enter(ines.locator(".split-lead .edit-in-place summary"))
    write(ines.locator(".split-lead textarea"), "Que chaque paiement passe, même un samedi midi.")
    ines.keyboard.press("Control+Enter")
    expect(purpose).to_have_text("Que chaque paiement passe, même un samedi midi.")
    expect(ines.locator("aside .facts")).to_contain_text("2 novembre 2026")

    undo(ines, "Terminaux")
    expect(purpose).to_contain_text("Un terminal qui répond toujours")
    expect(ines.locator("aside .facts")).not_to_contain_text("2 novembre 2026")


def test_the_map_and_its_outline_are_walked_with_the_arrows(visit: Visit) -> None:
    lea = visit("Léa")
    lea.keyboard.press("g")
    lea.keyboard.press("o")
    diagram, said = lea.locator("#map"), lea.locator("[data-map-said]")
    expect(lea.locator("#org-map")).to_have_attribute("data-ready", "true")

    reach(diagram)
    lea.keyboard.press("ArrowRight")
    expect(said).to_contain_text("Mercelune, entreprise")
    lea.keyboard.press("ArrowRight")
    expect(said).not_to_contain_text("Mercelune")
    lea.keyboard.press("ArrowLeft")
    lea.keyboard.press("Enter")
    expect(said).to_contain_text("Mercelune")

    lea.keyboard.press("Shift+Tab")
    write(lea.locator("[data-map-find] input"), "vitr")
    lea.keyboard.press("Enter")
    expect(said).to_contain_text("Vitrine")
    lea.keyboard.press("o")
    expect(lea.locator("h1")).to_contain_text("Vitrine")

    lea.go_back()
    enter(lea.locator('a[data-view="outline"]'))
    lea.wait_for_url("**view=outline**")
    stops = lea.locator(".outline-row > a:visible")
    first = stops.first
    reach(first)
    shown = stops.count()
    lea.keyboard.press("ArrowLeft")
    expect(stops).to_have_count(1)
    lea.keyboard.press("ArrowRight")
    expect(stops).to_have_count(shown)
    lea.keyboard.press("ArrowDown")
    lea.keyboard.press("ArrowDown")
    second = stops.nth(2)
    name = second.inner_text()
    assert second.evaluate("element => element === document.activeElement")
    lea.keyboard.press("Enter")
    expect(lea.locator("h1")).to_contain_text(name)


def test_a_team_moves_to_another_tribe_and_the_days_before_keep_where_it_was(visit: Visit) -> None:
    ines = visit("Inès")
    ines.goto("/organisation/units/")
    enter(link(ines, "Créer une unité"))
    write(ines.locator("#id_name"), "Tribu Paiements")
    choose(ines.locator("#id_kind"), "tribu")
    choose(ines.locator("#id_parent"), "Mercelune")
    pick_day(ines.locator("#id_on"), MOVED_ON)
    enter(button(ines, "Créer l’unité"))
    expect(ines.locator("h1")).to_contain_text("Tribu Paiements")

    unit_page(ines, "Terminaux")
    enter(link(ines, "Modifier").first)
    choose(ines.locator("#id_parent"), "Tribu Paiements")
    pick_day(ines.locator("#id_on"), MOVED_ON)
    enter(button(ines, "Enregistrer"))
    facts = ines.locator("aside .facts")
    expect(facts).to_contain_text("Tribu Paiements")
    address = ines.url

    command(ines, "changé", "Ce qui a changé entre deux dates")
    pick_day(ines.locator("#from"), dt.date(2026, 10, 30))
    pick_day(ines.locator("#to"), TODAY)
    enter(button(ines, "Comparer"))
    ines.wait_for_url("**from=2026-10-30**")
    moved = ines.locator("#unit_moved tbody tr").filter(has_text="Terminaux")
    expect(moved).to_contain_text("Mercelune")
    expect(moved).to_contain_text("Tribu Paiements")

    enter(moved.get_by_role("link"))
    expect(ines).to_have_url(re.compile(re.escape(address.removesuffix("/"))))
    enter(ines.locator(".org-day summary"))
    pick_day(ines.locator("#as-of"), dt.date(2026, 10, 30))
    ines.keyboard.press("Enter")
    banner = ines.locator(".as-of")
    expect(banner).to_contain_text("30 octobre 2026")
    expect(facts).not_to_contain_text("Tribu Paiements")
    expect(facts).to_contain_text("Mercelune")
    enter(banner.get_by_role("link"))
    expect(banner).to_have_count(0)
    expect(facts).to_contain_text("Tribu Paiements")


def chip(page: Page, words: str) -> Locator:
    """The chip above a list that opens a menu."""
    return page.locator("details.menu > summary.chip").filter(has_text=words)


def narrow(page: Page, group: str, choice: str) -> None:
    """Add a filter to a list."""
    enter(chip(page, "Filtrer"))
    named = page.locator("summary").filter(has_text=re.compile(rf"^\s*{group}\s*$"))
    part = page.locator("details.filter-choice").filter(has=named)
    enter(part.locator("summary"))
    enter(part.locator("a.menu-item").filter(has_text=choice))
    expect(page.locator(".chip.is-on").filter(has_text=group)).to_be_visible()


def test_the_directory_forgives_a_typing_error_sorts_and_turns_its_page(visit: Visit) -> None:
    nadia = visit("Nadia")
    command(nadia, "annuaire", "Annuaire")
    rows = nadia.locator("tbody tr[data-row]")
    nadia.keyboard.press("/")
    nadia.keyboard.type("Kermarec Soléne")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Solène Kermarrec")
    enter(link(nadia, "Tout afficher"))
    expect(rows).to_have_count(50)

    enter(nadia.get_by_role("columnheader", name="Intitulé du poste").get_by_role("link"))
    nadia.wait_for_url("**sort=title**")
    link(nadia, "Suivant").focus()  # fifty rows of three links further
    nadia.keyboard.press("Enter")
    nadia.wait_for_url("**after=**")
    expect(nadia.locator(".pager [rel=prev]")).to_be_visible()
    nadia.keyboard.press("j")
    name = rows.first.locator("a.row-title").inner_text()
    nadia.keyboard.press("Enter")
    expect(nadia.locator("h1")).to_contain_text(name)


def test_what_is_typed_while_an_answer_is_on_its_way_stays(visit: Visit) -> None:
    nadia = visit("Nadia")
    nadia.goto("/organisation/people/")
    late: list[Route] = []
    nadia.route("**/people/?*q=*", lambda route: route.continue_() if late else late.append(route))
    nadia.keyboard.press("/")
    with nadia.expect_request("**/people/?*q=Kerm*"):
        nadia.keyboard.type("Kerm")
    while not late:
        nadia.wait_for_timeout(20)
    late[0].continue_()
    nadia.keyboard.type("arrec", delay=100)  # nothing is asked anew before a pause
    expect(nadia.locator("tbody tr[data-row]")).to_have_count(1)
    expect(nadia.locator("#search-within")).to_have_value("Kermarrec")
    with nadia.expect_response("**/people/?*q=Kermarrec*"):
        nadia.keyboard.type(" ")
    nadia.wait_for_timeout(500)
    nadia.keyboard.type("S")
    expect(nadia.locator("#search-within")).to_have_value("Kermarrec S")


def test_a_question_to_the_directory_is_kept_and_goes_along_as_a_file(visit: Visit, tmp_path: Path) -> None:
    nadia = visit("Nadia")
    nadia.goto("/organisation/people/")
    rows = nadia.locator("tbody tr[data-row]")
    narrow(nadia, "Fonction", "Ingénierie")
    narrow(nadia, "Unité", "Caisse tactile")
    expect(rows.filter(has_not_text="Caisse tactile")).to_have_count(0)
    number = rows.count()
    assert 0 < number < 20

    enter(chip(nadia, "Vues"))
    write(nadia.locator("#view-name"), "Ingénieurs de la caisse")
    nadia.keyboard.press("Enter")
    expect(nadia.locator("#toasts")).to_contain_text("Ingénieurs de la caisse")
    nadia.goto("/organisation/people/")
    enter(chip(nadia, "Vues"))
    nadia.keyboard.press("ArrowDown")
    enter(nadia.locator("a.menu-item").filter(has_text="Ingénieurs de la caisse"))
    expect(rows).to_have_count(number)

    enter(nadia.locator('summary[aria-label="Emporter cette liste"]'))
    with nadia.expect_download() as waiting:
        enter(nadia.locator("a.menu-item").filter(has_text="CSV"))
    waiting.value.save_as(tmp_path / "people.csv")
    text = (tmp_path / "people.csv").read_text(encoding="utf-8-sig")
    lines = list(csv.reader(text.splitlines(), delimiter=";"))
    assert len(lines) == number + 1
    assert all("Caisse tactile" in " ".join(line) for line in lines[1:])


def test_somebody_arrives_joins_a_team_answers_for_it_and_hands_it_back(visit: Visit) -> None:
    ines = visit("Inès")
    command(ines, "annuaire", "Annuaire")
    enter(link(ines, "Ajouter quelqu’un"))
    write(ines.locator("#id_name"), "Ysé Morvan")
    write(ines.locator("#id_email"), "yse.morvan@mercelune.example")
    write(ines.locator("#id_title"), "Product Manager")
    ines.keyboard.press("Enter")
    expect(ines.locator("h1")).to_contain_text("Ysé Morvan")

    enter(link(ines, "Ajouter à une unité").locator("visible=true").first)
    choose(ines.locator("#id_unit"), "Vitrine")
    choose(ines.locator("#id_function"), "Produit")
    write(ines.locator("#id_share"), "60")
    ines.keyboard.press("Enter")
    expect(ines.locator(".lead").first).to_contain_text("Vitrine")
    expect(ines.locator(".lead").first).to_contain_text("60")

    enter(link(ines, "Vitrine").first)
    expect(ines.locator("h1")).to_contain_text("Vitrine")
    enter(link(ines, "Donner un mandat").locator("visible=true").first)
    choose(ines.locator("#id_role"), "Product manager")
    write(ines.locator("#id_person"), "Ysé Morvan")
    ines.keyboard.press("Enter")
    held = ines.locator(".todo li").filter(has_text="Ysé Morvan")
    expect(held).to_have_count(1)
    enter(held.get_by_role("button", name="Terminer"))
    expect(held).to_have_count(0)
    undo(ines, "Ysé Morvan")
    expect(held).to_have_count(1)


def test_the_matrix_leads_to_an_area_nobody_owns_and_giving_it_settles_the_empty_space(
    visit: Visit, site: Site
) -> None:
    ines = visit("Inès")
    command(ines, "espaces vides", "Espaces vides")
    ines.keyboard.press("/")
    ines.keyboard.type("paiement contesté")
    row = ines.locator("tbody tr[data-row]")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("ouvert")
    space = row.get_attribute("data-href") or ""

    command(ines, "Périmètres", "Périmètres")
    enter(link(ines, "Périmètres par unités"))
    matrix = ines.locator("table.matrix")
    before = matrix.locator("tbody tr").filter(has_text="Un paiement contesté").locator("td").last
    expect(before).to_have_text("1")
    enter(matrix.get_by_role("link", name="Un paiement contesté"))
    expect(ines.locator("h1")).to_contain_text("Un paiement contesté")
    expect(ines.locator(".lead").first).to_contain_text("Personne ne s’en occupe")

    enter(link(ines, "Ajouter une unité"))
    choose(ines.locator("#id_unit"), "Terminaux")
    enter(button(ines, "Enregistrer"))
    expect(ines.locator(".lead").first).to_contain_text("Terminaux")

    queue(site, "vertebra.org.jobs.refresh_findings")
    ines.goto(space)
    come_back_until(ines.locator(".page-state"), "comblé")
