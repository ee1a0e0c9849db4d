"""What two hands do while Product Ops listens: a campaign, the room of a conversation, marks, an audit."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, Request, expect

from tests.journeys.hands import PATIENCE, choose, enter, reach, write
from tests.site import Site

SENTENCE = "une longue marche au bord de l’eau"
Mark = tuple[str, str]


def opened_window(site: Site, chromium: Browser, width: int, errors: list[str]) -> Page:
    """A window of a browser of its own, in French; notes what goes wrong in the page."""
    context = chromium.new_context(
        base_url=site.url,
        locale="fr-FR",
        viewport={"width": width, "height": 844},
        has_touch=width < 800,
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    return page


def sends(page: Page, address: str, value: str = "") -> Locator:
    """The button that sends something to this address, whatever it is called today."""
    chosen = f'[value="{value}"]' if value else ""
    return page.locator(f'main form[action$="{address}"] button{chosen}:visible').first


def leads(page: Page, address: str) -> Locator:
    """The link of the page's content to this address."""
    return page.locator(f'main a[href^="{address}"]:visible').first


def press(target: Locator) -> None:
    """Reach a button that sends its form, press it, and wait for the page that follows."""
    reach(target)
    with target.page.expect_navigation():
        target.page.keyboard.press("Enter")


def hand_over(owner: Page, newcomer: Page, name: str, email: str) -> None:
    """The administrator invites the person of Product Ops, who opens an account from the link."""
    owner.goto("/administration/invitations/new/")
    write(owner.locator("#id_email"), email)
    write(owner.locator("#id_name"), name)
    choose(owner.locator("#id_role"), "Product Ops")
    press(owner.locator("main .button.is-primary").last)
    newcomer.goto(urlsplit(owner.locator("#secret").input_value()).path)
    write(newcomer.locator("#id_password"), SENTENCE)
    newcomer.keyboard.press("Enter")
    expect(newcomer).to_have_url(re.compile(r":\d+/$"))


def publish_charter(page: Page, own: Mapping[str, str]) -> None:
    """Start the charter from its example, rewrite in place what only we can say, publish it."""
    page.goto("/discovery/charter/")
    press(sends(page, "/charter/new/"))
    for part, words in own.items():
        enter(page.locator(f"#{part} details summary"))
        write(page.locator(f"#{part} textarea"), words)
        press(page.locator(f"#{part} details button"))
        expect(page.locator(f"#{part} .prose")).to_contain_text(words)
    press(sends(page, "/publication/"))
    expect(sends(page, "/publication/")).to_have_count(0)


def begin_campaign(page: Page, title: str, purpose: str) -> str:
    """Begin a campaign, take the sample that is suggested, and give the address of its page."""
    page.goto("/discovery/campaigns/new/")
    write(page.locator("#id_title"), title)
    write(page.locator("#id_purpose"), purpose)
    press(page.locator("main .form-foot .button.is-primary"))
    page.wait_for_url("**/choice/")
    press(page.locator("#choice .form-foot .button.is-primary"))
    page.wait_for_url(re.compile(r"/discovery/campaigns/\d+/$"))
    return urlsplit(page.url).path


def open_room(page: Page, campaign: str, at: int) -> None:
    """From the page of the campaign down its list to one of its people, and into the room."""
    page.goto(campaign)
    for _press in range(at + 1):
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/campaigns/people/\d+/$"))
    press(sends(page, "/interviews/new/"))
    page.wait_for_url(re.compile(r"/discovery/interviews/\d+/$"))


def agree(page: Page, consent: str = "given") -> None:
    """Note in one press what they agree to."""
    press(sends(page, "/consent/", consent))
    expect(page.locator(".room-consent")).to_have_count(0)


def is_saving_of_notes(request: Request) -> bool:
    """Whether the page sends the notes by itself."""
    return request.method == "POST" and request.url.endswith("/notes/")


def mark_line(page: Page, said: str, hurts: str, *, is_known: bool = False) -> None:
    """Write what is said, select it as it stands, press Alt M, say what hurts, press Enter."""
    page.keyboard.type(said)
    # Letter by letter: where lines are narrow, Home would go no further than the line on the screen.
    for _letter in said:
        page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Alt+m")
    expect(page.locator("#mark-title")).to_be_focused()
    page.keyboard.type(hurts)
    if is_known:
        choice = page.locator("#mark-suggestions .mark-choice").first
        expect(choice).to_contain_text(hurts)
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#marks li").filter(has_text=said)).to_contain_text(hurts)
    expect(page.locator("#notes")).to_be_focused()
    page.keyboard.press("Enter")


def hear(page: Page, campaign: str, at: int, marks: Sequence[Mark], known: set[str]) -> None:
    """One whole conversation: the room, the agreement, notes saved as one types, marks, the end of it."""
    open_room(page, campaign, at)
    agree(page)
    reach(page.locator("#notes"))
    with page.expect_request_finished(is_saving_of_notes):
        page.keyboard.type("Une heure au calme, la porte fermée.\n")
    for said, hurts in marks:
        mark_line(page, said, hurts, is_known=hurts in known)
        known.add(hurts)
    enter(page.locator("#close summary"))
    write(page.locator("#close-form [name=most_painful]"), marks[0][0])
    press(page.locator("#close-form button"))
    page.wait_for_url("**/reading/")
    expect(page.locator("[data-reading] mark")).to_have_count(len(marks))


def assemble_audit(page: Page, title: str) -> str:
    """Make an audit of everything heard, and give its address."""
    page.goto("/discovery/audits/")
    enter(leads(page, "/discovery/audits/create/"))
    page.wait_for_url("**/create/")
    write(page.locator("#id_title"), title)
    press(page.locator("main .form-foot .button.is-primary"))
    page.wait_for_url("**/desk/")
    return urlsplit(page.url).path.removesuffix("desk/")


def propose_quick_win(page: Page, hurts: str, title: str) -> None:
    """On the desk of an audit: what it relieves, what one would do."""
    part = page.locator("#quick-wins")
    expect(part).to_be_visible()
    if not part.locator("#id_win-title").is_visible():
        enter(part.locator("details summary"))
    choose(part.locator("#id_win-pain_point"), hurts)
    write(part.locator("#id_win-title"), title)
    press(part.locator("form button"))
    expect(part.locator(".lines")).to_contain_text(title)


def ask_readers(page: Page, audit: str) -> None:
    """From the desk, ask those heard to read the draft."""
    press(leads(page, f"{audit}readings/"))
    press(page.locator("main form.row button"))
    expect(page.locator('main form[action$="/link/"]').first).to_be_visible()


def publish_audit(page: Page, audit: str) -> None:
    """Freeze the draft, then show it to everybody."""
    page.goto(f"{audit}desk/")
    press(sends(page, "/freeze/"))
    if page.locator("button[name=anyway]").count():
        press(page.locator("button[name=anyway]"))
    press(sends(page, "/publication/"))
    expect(sends(page, "/publication/")).to_have_count(0)


def draft_address(page: Page, audit: str, at: int) -> str:
    """Make the link by which one of those heard reads the draft, where no mail goes out."""
    page.goto(f"{audit}readings/")
    press(page.locator('main form[action$="/link/"] button').nth(at))
    return urlsplit(page.locator(".banner code").inner_text()).path


def put_to_directors(page: Page) -> None:
    """Choose every pain point of the list and say in two presses that they are true and for the directors."""
    for verb, state in (("confirm", "raised"), ("put", "confirmed")):
        page.goto(f"/discovery/pain-points/?state={state}")
        reach(page.locator("[data-select-all]"))
        page.keyboard.press("Space")
        press(page.locator(f'main button[name="verb"][value="{verb}"]'))
