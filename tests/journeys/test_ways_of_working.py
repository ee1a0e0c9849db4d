"""A way of working from one line to a standard for one tribe: by keyboard, in French."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.hands import enter, write
from tests.journeys.practice_hands import (
    DEMO,
    ONE,
    answer_objection,
    note_idea,
    object_to,
    say_reach,
    send_form,
    tribes_of,
    try_it,
)

Visit = Callable[..., Page]


def test_what_is_lived_already_is_registered_in_one_line(visit: Visit) -> None:
    page = visit("Inès Barbier")
    page.goto("/practices/")
    enter(page.locator("main details.menu:has(a[href$='/practices/registration/']) > summary").first)
    enter(page.get_by_role("main").get_by_role("link", name="Enregistrer ce que vous vivez déjà").last)
    page.wait_for_url("**/practices/registration/")
    write(page.locator("#id_name"), "Point produit du lundi")
    write(page.locator("#id_carrier"), "Hélène Vasseur")
    send_form(page)
    page.wait_for_url(ONE)
    expect(page.locator(".lead")).to_contain_text("se vivait avant d’être écrite ici")
    expect(page.locator("aside")).to_contain_text("toute l’entreprise")
    # What ships is begun in one press, in both languages.
    page.goto("/practices/library/")
    expect(page.locator("main .lines .line")).to_have_count(11)
    enter(page.locator("main form[action$='/beginning/'] button").first)
    page.wait_for_url(ONE)
    expect(page.locator("#templates .line").first).to_be_visible()


def test_an_idea_becomes_a_standard_for_one_tribe_and_is_free_for_another(visit: Visit) -> None:
    nadia = visit("Nadia Benhaddou")
    address = note_idea(nadia)
    try_it(nadia, address, "Caisse tactile")
    # Another team tries it too: nobody is asked.
    youssef = visit("Youssef Mansouri")
    try_it(youssef, address, "Catalogue")
    expect(youssef.locator(".lead")).to_contain_text("2 équipes")
    nadia.goto(address)
    enter(nadia.locator("form[action$='/proposal/'] button.is-primary"))
    expect(nadia.locator(".lead")).to_contain_text("proposée")
    object_to(visit("Léa Roux", width=390, height=844), address)
    helene = visit("Hélène Vasseur")
    helene.goto(f"{address}validation/")
    write(helene.locator("#id_words"), "On voit plus tôt.")
    send_form(helene)
    expect(helene.locator("main [role=alert], main .problems").first).to_contain_text("objection")
    answer_objection(nadia, address)
    helene.goto(address)
    enter(helene.locator(".page-verbs a[href$='/validation/']"))
    write(helene.locator("#id_words"), "Trois clients de plus nous ont entendus à temps.")
    send_form(helene)
    helene.wait_for_url(ONE)
    expect(helene.locator(".lead")).to_contain_text("Hélène Vasseur l’a validée")
    tribes = tribes_of(helene, address)
    say_reach(helene, address, tribes[0], "standard")
    say_reach(helene, address, tribes[1], "free")
    facts = helene.locator("aside")
    expect(facts).to_contain_text(tribes[0])
    expect(facts).to_contain_text("annoncée pour le")
    expect(facts).to_contain_text("libre")
    helene.goto("/practices/changes/")
    expect(helene.locator("#coming")).to_contain_text(DEMO)
    expect(helene.locator("#coming")).to_contain_text(tribes[0])
