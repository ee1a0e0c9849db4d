"""The links of a brief to our own pages: what is gone is said, what is private is not told, and no number stops a page."""

import pytest
from django.urls import reverse

from tests import world
from tests.discovery.hurt import heard, hurting
from tests.releases.made import major
from tests.roadmap.undertaken import browser
from vertebra.accounts.models import User
from vertebra.discovery.actions.pain_states import confirm_pain_points
from vertebra.discovery.models import Interview
from vertebra.org.actions.empty_spaces import Said, report_space
from vertebra.org.empty_spaces import Neighbour
from vertebra.releases.queries.brief_links import links_to_look_at

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
LARGE = f"/releases/{10**20}/"


def gone(*addresses: str) -> list[str]:
    """Those of the addresses that are said to lead nowhere."""
    found = links_to_look_at("\n".join(f"[x]({one})" for one in addresses))
    return [one.address for one in found if one.trouble == "nowhere"]


def test_a_link_with_a_number_that_nothing_has_is_said_and_is_taken_out_again(karim: User) -> None:
    brief = major(karim).briefs.get(trade="sales", language="en")
    url, client = reverse("releases:brief-edit", args=(brief.pk,)), browser(karim)
    sent = {"line": "First.", "body": f"[x]({LARGE})", "version": str(brief.version)}
    assert LARGE in client.post(url, sent, follow=True).content.decode()
    assert gone(LARGE, f"/releases/{2**63 - 1}/") == [LARGE, f"/releases/{2**63 - 1}/"]
    brief.refresh_from_db()
    assert client.get(url).status_code == 200
    left = client.post(url, {**sent, "body": "Text.", "version": str(brief.version)}, follow=True)
    assert left.status_code == 200 and LARGE not in left.content.decode()


def test_what_is_called_by_two_words_is_looked_for(karim: User) -> None:
    told = Said("Refunds", [Neighbour("word", 0, "Billing"), Neighbour("word", 0, "Cash")], "en")
    space = report_space(actor=karim, said=told, now=world.NOW).object_id
    assert gone(f"/organisation/empty-spaces/{space}/") == []
    missing = [
        "/organisation/empty-spaces/987654/",
        "/discovery/quick-wins/987654/",
        "/discovery/help/987654/",
    ]
    assert gone(*missing) == missing


def test_both_addresses_of_what_is_gone_are_said(karim: User) -> None:
    assert gone("/releases/987654/", "/releases/987654/briefs/") == [
        "/releases/987654/",
        "/releases/987654/briefs/",
    ]


def test_a_pain_point_leads_somewhere_once_readers_may_open_it_and_until_it_is_gone() -> None:
    ines = world.ines()
    row = hurting(ines, heard(None, None, "sales"))
    address = f"/discovery/pain-points/{row.pk}/"
    assert gone(address) == [address]
    confirm_pain_points(actor=ines, pain_points=[row], now=world.NOW)
    assert gone(address) == []
    row.archived_at = world.NOW
    row.save(update_fields=["archived_at"])
    assert gone(address) == [address]


def test_nobody_learns_from_a_brief_which_conversations_there_are() -> None:
    heard(None, None, "sales")
    there = f"/discovery/interviews/{Interview.objects.get().pk}/"
    assert gone(there, "/discovery/interviews/987654/") == [there, "/discovery/interviews/987654/"]


def trouble(address: str) -> str:
    """What is said of a link to an address; nothing where it is fine."""
    found = links_to_look_at(f"[x]({address})")
    return found[0].trouble if found else ""


def test_pages_of_which_nothing_is_known_are_told_apart_from_those_that_are_there(karim: User) -> None:
    row = major(karim)
    assert trouble(f"/releases/{row.pk}/") == ""
    assert trouble(f"/thread/release/{row.pk}/") == ""
    assert trouble("/thread/release/987654/") == "nowhere"
    assert trouble("/releases/") == trouble("/releases/#new") == ""
    for address in (
        "/releases/r/an-address-of-one-person/",  # opened by a secret
        "/roadmap/results/1/",  # of no kind of object
        "/thread/token/7/",  # of a kind that has none
    ):
        assert trouble(address) == "not_known", address


def test_what_readers_may_not_open_is_said_whether_it_is_there_or_not(karim: User) -> None:
    world.ada()
    for address in ("/administration/accounts/", "/administration/accounts/987654/", "/imports/1/"):
        assert trouble(address) == "not_open", address


def test_whoever_writes_reads_which_links_nothing_is_known_of(karim: User) -> None:
    row = major(karim)
    brief = row.briefs.get(trade="sales", language="en")
    brief.body = "[one](/roadmap/results/1/) [two](/imports/1/)"
    brief.save()
    page = reverse("releases:brief-list", args=(row.pk,)) + "?trade=sales"
    shown = browser(world.english(karim)).get(page).content.decode()
    assert "nothing here tells what they lead to: <code>/roadmap/results/1/</code>" in shown
    assert "<code>/imports/1/</code> is not open to every reader" in shown
