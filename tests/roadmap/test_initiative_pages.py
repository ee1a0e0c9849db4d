"""Pages of initiatives: the list, boards, the timeline, what changed, each one; what one does on them."""

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests import world
from tests.org.company import person, unit
from tests.roadmap.undertaken import WHY, browser, later, started, undertaken
from vertebra.accounts.labels import Role
from vertebra.accounts.models import User
from vertebra.roadmap.actions import initiatives as actions
from vertebra.roadmap.actions.placing import place_initiative
from vertebra.roadmap.actions.states import start_initiative
from vertebra.roadmap.models import Initiative

pytestmark = pytest.mark.django_db
VIEWS = (
    "roadmap:initiative-list", "roadmap:board", "roadmap:state-board", "roadmap:timeline", "roadmap:change-list",
    "roadmap:slip-list",
)  # fmt: skip


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = world.NOW
    cache.clear()


@pytest.fixture
def ines() -> User:
    return world.ines()


@pytest.fixture
def client(ines: User) -> Client:
    return browser(ines)


def shown(client: Client, name: str, *args: object, query: str = "") -> str:
    response = client.get(reverse(name, args=args) + query)
    assert response.status_code == 200, response.status_code
    return response.getvalue().decode()


@pytest.mark.parametrize("name", VIEWS)
def test_an_empty_roadmap_says_what_comes_next_and_counts_nothing(client: Client, name: str) -> None:
    page = shown(client, name)
    assert 'class="empty' in page
    assert "<b>0</b>" not in page


def test_a_quick_win_is_noted_with_one_sentence(client: Client) -> None:
    response = client.post(
        reverse("roadmap:quick-win-create"),
        {"title": "Post it the day before", "effort_days": "2", "lead": ""},
    )
    row = Initiative.objects.get()
    assert response["Location"] == reverse("roadmap:initiative-show", args=(row.pk,))
    assert (row.kind, row.effort_days, row.language) == ("quick_win", 2, "en")
    page = shown(client, "roadmap:initiative-show", row.pk)
    assert "Post it the day before" in page
    refused = client.post(reverse("roadmap:quick-win-create"), {"title": "Too long", "effort_days": "6"})
    assert refused.status_code == 422


def test_starting_without_a_baseline_asks_for_a_reason_that_stays_visible(client: Client, ines: User) -> None:
    row = undertaken(ines)
    start = reverse("roadmap:initiative-start", args=(row.pk,))
    assert "Note what we look at" in client.post(start, {"reason": ""}, follow=True).content.decode()
    client.post(start, {"reason": WHY})
    page = shown(client, "roadmap:initiative-show", row.pk)
    assert "without a baseline" in page and WHY in page and "Ines Barbier signed why" in page


def test_one_walks_an_initiative_to_its_end(client: Client, ines: User) -> None:
    row = started(ines)
    for name, state in (("pause", "paused"), ("resumption", "started"), ("delivery", "delivered")):
        client.post(reverse(f"roadmap:initiative-{name}", args=(row.pk,)))
        row.refresh_from_db()
        assert row.state == state
    closing = reverse("roadmap:initiative-closing", args=(row.pk,))
    assert "one sentence says why" in client.get(closing).content.decode()
    assert client.post(closing, {"outcome": "achieved", "reason": "", "lesson": ""}).status_code == 422
    client.post(closing, {"outcome": "cannot_tell", "reason": "Nobody counted.", "lesson": "Count first."})
    page = shown(client, "roadmap:initiative-show", row.pk)
    assert "cannot tell" in page and "Count first." in page


def test_what_is_edited_in_place_changes_one_thing(client: Client, ines: User) -> None:
    row = undertaken(ines, due_on=dt.date(2026, 12, 1))
    edit = reverse("roadmap:initiative-edit", args=(row.pk,))
    client.post(edit, {"title": "Say it two weeks before", "initial-title": row.title})
    lead = person("Lea Roux")
    client.post(edit, {"lead": f"Lea Roux #{lead.pk}"})
    row.refresh_from_db()
    assert (row.title, row.lead, row.due_on) == ("Say it two weeks before", lead, dt.date(2026, 12, 1))
    assert 'name="title"' in client.get(edit).content.decode()


def test_a_reader_sees_everything_and_changes_only_what_they_lead(ines: User) -> None:
    lea = world.lea()
    lead = person("Lea Roux", user=lea)
    theirs, other = started(ines, lead=lead), started(ines, "Somebody else’s")
    client = browser(lea)
    for name in VIEWS:
        shown(client, name)
    assert "It is done" in shown(client, "roadmap:initiative-show", theirs.pk)
    assert "It is done" not in shown(client, "roadmap:initiative-show", other.pk)
    assert client.post(reverse("roadmap:initiative-delivery", args=(theirs.pk,))).status_code == 302
    assert client.post(reverse("roadmap:initiative-delivery", args=(other.pk,))).status_code == 403
    assert client.get(reverse("roadmap:quick-win-create")).status_code == 403
    client.post(reverse("roadmap:board-place"), {"move": f"{other.pk} later"})
    other.refresh_from_db()
    assert other.horizon == "now"


def test_risks_links_and_parts_are_added_on_the_page(client: Client, ines: User) -> None:
    row = started(ines)
    here = row.pk
    client.post(
        reverse("roadmap:initiative-risk", args=(here,)), {"title": "No time", "level": "3", "remedy": ""}
    )
    risk = row.risks.get()
    client.post(
        reverse("roadmap:initiative-risk-edit", args=(here,)), {"risk": risk.pk, "state": "mitigated"}
    )
    client.post(
        reverse("roadmap:initiative-link", args=(here,)), {"url": "https://example.org/a", "title": "Plan"}
    )
    client.post(reverse("roadmap:initiative-link", args=(here,)), {"url": "javascript:alert(1)"})
    team = unit("Payments")
    client.post(
        reverse("roadmap:initiative-part", args=(here,)), {"part": "builder", "of_unit": str(team.pk)}
    )
    page = shown(client, "roadmap:initiative-show", here) + shown(client, "roadmap:initiative-around", here)
    for text in ("No time", "under control", "Plan", "Payments"):
        assert text in page
    assert row.web_links.count() == 1
    nothing = client.post(reverse("roadmap:initiative-part", args=(here,)), {"part": "builder"})
    assert nothing.status_code == 422
    client.post(reverse("roadmap:initiative-link-removal", args=(here,)), {"link": row.web_links.get().pk})
    client.post(
        reverse("roadmap:initiative-part-removal", args=(here,)), {"involvement": row.involvements.get().pk}
    )
    assert not row.web_links.exists() and not row.involvements.exists()


def test_cards_move_by_a_button_to_a_column_above_another_and_off_the_board(
    client: Client, ines: User
) -> None:
    one, two = undertaken(ines, "One"), undertaken(ines, "Two")
    place = reverse("roadmap:board-place")
    client.post(place, {"move": f"{one.pk} next"})
    client.post(place, {"move": f"{two.pk} next {one.pk}"})
    page = shown(client, "roadmap:board")
    assert page.index(">Two<") < page.index(">One<")
    client.post(place, {"move": f"{one.pk} up"})
    page = shown(client, "roadmap:board")
    assert page.index(">One<") < page.index(">Two<")
    away = client.post(place, {"move": f"{one.pk} off", "next": "https://evil.example/"})
    assert away["Location"] == reverse("roadmap:board")
    one.refresh_from_db()
    assert one.horizon == ""
    for broken in ("", "x", f"{two.pk}", f"{two.pk} sideways", "99999999 next"):
        assert client.post(place, {"move": broken}).status_code in {302, 404}
    two.refresh_from_db()
    assert two.horizon in {"next", ""}


def test_columns_are_cut_and_say_how_many_there_are(client: Client, ines: User) -> None:
    for number in range(28):
        row = undertaken(ines, f"Card {number}")
        place_initiative(actor=ines, initiative=row, horizon="later", now=world.NOW)
    page = shown(client, "roadmap:board")
    assert page.count('class="roadmap-card"') == 20
    assert "All 28 of them" in page


def test_the_roadmap_of_a_day_is_how_it_stood(client: Client, ines: User) -> None:
    row = undertaken(ines, "Early", due_on=dt.date(2026, 12, 1), now=later(-60))
    start_initiative(actor=ines, initiative=row, reason=WHY, now=later(-20))
    undertaken(ines, "Later on", due_on=dt.date(2026, 12, 2), now=later(-5))
    actions.change_initiative(actor=ines, initiative=row, changes={"title": "Renamed"}, now=later(-2))
    day = later(-30).date().isoformat()
    for name in ("roadmap:initiative-list", "roadmap:state-board", "roadmap:timeline"):
        page = shown(client, name, query=f"?as_of={day}")
        assert "Early" in page and "Renamed" not in page and "Later on" not in page, name
    assert "idea" in shown(client, "roadmap:initiative-list", query=f"?as_of={day}&format=csv")
    changed = shown(client, "roadmap:change-list", query=f"?since={day}")
    assert "Renamed" in changed and "Early" in changed and "under way" in changed
    assert "1</b> new" in changed and "1</b> started" in changed
    User.objects.update(language="fr")
    changed = shown(client, "roadmap:change-list", query=f"?since={day}")
    assert "1</b> nouvelle," in changed and "1</b> démarrée," in changed, "one of each is said as one"


def test_filters_narrow_every_view(client: Client, ines: User) -> None:
    tribe = unit("Payments", slug="tribe")
    team = unit("Cards", tribe)
    undertaken(ines, "Ours", owner_unit=team, due_on=dt.date(2026, 12, 1))
    undertaken(ines, "Theirs", due_on=dt.date(2026, 12, 1))
    for name in ("roadmap:initiative-list", "roadmap:state-board", "roadmap:timeline"):
        page = shown(client, name, query=f"?unit={tribe.pk}")
        assert "Ours" in page and "Theirs" not in page, name
        assert "Theirs" not in shown(client, name, query="?q=our")
    grouped = shown(client, "roadmap:timeline", query="?by=unit")
    assert "Payments" in grouped and "None of them" in grouped
    for query in ("?by=kind", "?by=objective", "?from=2026-Q1", "?from=banana", "?state=started"):
        shown(client, "roadmap:timeline", query=query)
    earlier = shown(client, "roadmap:timeline", query="?from=2020-Q1")
    assert "Ours" not in earlier


def test_what_slipped_says_how_often_and_by_how_much(client: Client, ines: User) -> None:
    row = undertaken(ines, due_on=dt.date(2026, 12, 1), now=later(-3))
    actions.change_initiative(
        actor=ines, initiative=row, changes={"due_on": dt.date(2026, 12, 15)}, now=later(-1)
    )
    page = shown(client, "roadmap:slip-list")
    assert row.title in page and ">14<" in page
    around = shown(client, "roadmap:initiative-around", row.pk)
    assert "14 days" in around and "by <b>14 days</b> in all" in around


def test_a_view_is_shared_by_a_link_that_ends(client: Client, ines: User) -> None:
    row = started(ines, "Seen by all", lead=person("Lea Roux"), due_on=dt.date(2026, 12, 1))
    undertaken(ines, "Kept out", kind="launch")
    here = reverse("roadmap:roadmap-link-list") + "?view=board&kind=operating_model"
    client.post(here, {"name": "Partners", "days": "9"})
    page = client.get(here).content.decode()
    address = page.split("<code>")[1].split("</code>")[0].replace("http://testserver", "")
    visitor = Client()
    seen = visitor.get(address)
    assert seen.status_code == 200
    text = seen.content.decode()
    assert "Seen by all" in text and "Kept out" not in text and "Lea Roux" not in text
    assert f"/roadmap/initiatives/{row.pk}/" not in text
    assert "Seen by all" in visitor.get(address + "?kind=launch").content.decode()
    link = page.split("/revocation/")[0].rsplit("/", 1)[-1]
    client.post(reverse("roadmap:roadmap-link-revocation", args=(link,)))
    assert visitor.get(address).status_code == 410
    assert visitor.get(reverse("roadmap:roadmap-by-link", args=("0" * 64,))).status_code == 404
    client.post(reverse("roadmap:roadmap-link-list") + "?view=timeline", {"name": "Board", "days": "9"})
    page = client.get(reverse("roadmap:roadmap-link-list") + "?view=timeline").content.decode()
    address = page.split("<code>")[1].split("</code>")[0].replace("http://testserver", "")
    assert "<svg" in visitor.get(address).content.decode()
    assert browser(world.account("Rita Reader", Role.READER)).get(here).status_code == 403


def test_what_an_initiative_is_tied_to_stands_before_how(client: Client, ines: User) -> None:
    one = undertaken(ines, "Answer within two days")
    row = undertaken(ines, "One channel", carries_out=("initiative", one.pk))
    page = shown(client, "roadmap:initiative-around", row.pk)
    assert page.index("Answer within two days") < page.index("carries out")
