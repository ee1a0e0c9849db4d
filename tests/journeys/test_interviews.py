"""A conversation held in French, by keyboard: notes that save themselves, the network that goes, two people, marks."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open
from tests.journeys.hands import PATIENCE

WHO = "Inès Barbier"


@pytest.fixture
def room(visit: Open) -> Page:
    """A room just opened with somebody who is not in the directory, and who agrees to be quoted."""
    page = visit(WHO)
    page.goto("/discovery/interviews/new/?function=sales")
    page.locator("[name=person]").press("Enter")
    page.wait_for_url(re.compile(r"/interviews/\d+/$"))
    page.locator("[name=consent][value=given]").first.press("Enter")
    expect(page.locator(".room-consent")).to_have_count(0)
    return page


def write(page: Page, text: str) -> None:
    notes = page.locator("#notes")
    notes.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def saved(page: Page) -> None:
    expect(page.locator("#notes-state")).to_have_class(re.compile("is-good"), timeout=PATIENCE)


def test_notes_save_themselves_under_the_questions_of_the_guide(room: Page) -> None:
    room.locator("#notes").focus()
    room.keyboard.press("Alt+q")
    write(room, "On l’apprend par les clients.")
    saved(room)
    room.reload()
    expect(room.locator("#notes")).to_have_value(re.compile(r"^## .+\nOn l’apprend par les clients\.$"))


def test_words_are_marked_by_keyboard_and_stand_marked_when_read_again(room: Page) -> None:
    write(room, "Rien.\nOn l’apprend par les clients.")
    room.keyboard.press("Shift+Home")
    room.keyboard.press("Alt+m")
    expect(room.locator("#mark-words")).to_have_text("On l’apprend par les clients.")
    room.keyboard.type("Les sorties surprennent le support")
    expect(room.locator("#mark-suggestions .mark-new")).to_be_visible()
    room.keyboard.press("Enter")
    expect(room.locator("#marks .mark-foot a[href*='/pain-points/']")).to_have_text(
        "Les sorties surprennent le support"
    )
    expect(room.locator("#notes")).to_be_focused()
    saved(room)
    room.goto(room.url + "reading/")
    expect(room.locator("article mark")).to_have_text("On l’apprend par les clients.")


def test_whoever_writes_on_at_once_after_a_mark_writes_where_they_were(room: Page) -> None:
    write(room, "On l’apprend par les clients.")
    room.keyboard.press("Shift+Home")
    room.keyboard.press("Alt+m")
    expect(room.locator("#mark-title")).to_be_focused()
    # The dialog tells that it is closed a moment after it is: what is typed in between stays where it was typed.
    ends = room.evaluate(
        """() => {
            const area = document.getElementById("notes");
            document.dispatchEvent(new Event("vertebra:marked"));
            area.setRangeText(" Encore.", area.selectionEnd, area.selectionEnd, "end");
            return new Promise((then) => setTimeout(() => then(area.selectionEnd === area.value.length), 300));
        }"""
    )
    assert ends
    expect(room.locator("#notes")).to_be_focused()


def test_what_is_typed_offline_waits_on_the_device_and_leaves_when_back(room: Page) -> None:
    write(room, "Avant.")
    saved(room)
    room.context.set_offline(True)
    write(room, "\nPendant la coupure.")
    expect(room.locator("#notes-state")).to_have_class(re.compile("is-attention"), timeout=PATIENCE)
    assert room.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('kept:')).length") == 1
    room.context.set_offline(False)
    saved(room)
    assert room.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('kept:')).length") == 0
    room.reload()
    expect(room.locator("#notes")).to_have_value("Avant.\nPendant la coupure.")


def test_two_people_in_the_same_notes_lose_nothing_on_a_phone_either(room: Page, visit: Open) -> None:
    write(room, "Première ligne.\nDeuxième ligne.")
    saved(room)
    other = visit(WHO, width=390, height=844, theme="dark")
    other.goto(room.url)
    expect(other.locator("#notes")).to_have_value("Première ligne.\nDeuxième ligne.")
    assert other.evaluate("document.documentElement.scrollWidth") <= 390
    other.context.set_offline(True)
    write(other, " Au téléphone.\nEt la fin.")
    write(room, " À la table.")
    saved(room)
    other.context.set_offline(False)
    look = other.locator("#notes-state a")
    expect(look).to_be_visible(timeout=PATIENCE)
    look.press("Enter")
    other.locator("button[name=whole][value=both]").press("Enter")
    expect(other.locator("#notes")).to_have_value(
        "Première ligne.\nDeuxième ligne. À la table.\nDeuxième ligne. Au téléphone.\nEt la fin."
    )


def test_signing_out_leaves_nothing_on_the_device(room: Page) -> None:
    write(room, "Secret.")
    room.evaluate(
        "localStorage.setItem('kept:notes:0:0:tab', JSON.stringify({text: 'x', key: 'k', base: {text: '', version: 0},"
        " url: location.href + 'notes/', at: 0}))"
    )
    saved(room)
    room.locator("form[action*=logout] button").evaluate("button => button.form.requestSubmit(button)")
    room.wait_for_url(re.compile("login"))
    assert room.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('kept:')).length") == 0
