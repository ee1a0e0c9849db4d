"""Pages of adoption: the card by link and from Home, a team's page, the map at size, the director's page."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import world
from tests.architecture.samples import browser
from tests.org.company import LONG_AGO, large, person
from tests.practices.adopted import TWO_WEEKS, Living, leads, lived, living, says, signed_in
from vertebra.accounts.models import Message, User
from vertebra.kit import clock
from vertebra.kit.seals import unseal
from vertebra.org.models import Unit, UnitVersion
from vertebra.practices.actions.adoption_cards import ask_teams
from vertebra.practices.models import (
    Adaptation,
    Adoption,
    ObservationDoubt,
    Practice,
    PracticeReach,
    PracticeText,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: world.NOW)


@pytest.fixture
def here() -> Living:
    return living()


@pytest.fixture
def karim(here: Living) -> User:
    return world.english(signed_in(here.karim, world.karim()))


def link_of_card() -> str:
    ask_teams(actor=None, now=world.NOW)
    return unseal(Message.objects.get(template="adoption_card").address)


def test_the_card_is_answered_by_link_without_an_account(here: Living, karim: User) -> None:
    link, client = link_of_card(), Client()
    page = client.get(link).content.decode()
    assert "Billing" in page and here.practice.name in page
    assert not Adoption.objects.exists()
    pk = here.practice.pk
    assert client.post(link, {}).status_code == 422
    response = client.post(link, {f"state_{pk}": "adopted", f"willing_{pk}": "on"})
    assert response.status_code == 302
    row = Adoption.objects.get()
    assert (row.state, row.is_willing, row.said_by_id) == ("adopted", True, here.karim.pk)
    assert "answered" in client.get(link).content.decode()
    assert client.get("/practices/card/" + "0" * 64 + "/").status_code == 404


def test_the_card_says_that_the_tool_is_wrong(here: Living, karim: User) -> None:
    lived("Retro")
    Adoption.objects.create(
        practice=here.practice, unit=here.billing, state="not_yet", source="observed", starts_on=LONG_AGO,
        visible_from=LONG_AGO, created_at=world.NOW,
    )  # fmt: skip
    link, pk = link_of_card(), here.practice.pk
    Client().post(link, {f"state_{pk}": "adopted", f"doubt_{pk}": "on", f"words_{pk}": "Wrong board."})
    assert ObservationDoubt.objects.get().words == "Wrong board."
    doubt = reverse("practices:doubt-answer", args=(ObservationDoubt.objects.get().pk,))
    assert doubt in browser(karim).get("/").content.decode()
    assert browser(karim).post(doubt, {"is_mended": "yes", "answer": "Mended."}).status_code == 302
    assert browser(world.lea()).get(doubt).status_code == 403


def test_home_asks_whoever_leads_and_a_card_passed_on_asks_no_more(here: Living, karim: User) -> None:
    link = link_of_card()
    page = browser(karim).get("/").content.decode()
    found = re.search(r"/practices/cards/\d+/", page)
    assert found
    assert browser(world.lea()).get(found[0]).status_code == 404
    assert browser(karim).post(found[0], {"decline": "1"}).status_code == 302
    assert Client().get(link).status_code == 410
    assert found[0] not in browser(karim).get("/").content.decode()


def test_who_leads_says_adapts_and_ends(here: Living, karim: User) -> None:
    client, pk = browser(karim), here.practice.pk
    team = reverse("practices:team-show", args=(here.billing.pk,))
    say = reverse("practices:team-adoption", args=(here.billing.pk,))
    assert say in client.get(team).content.decode()
    assert client.post(say, {f"state_{pk}": "trying"}).status_code == 302
    adapt = reverse("practices:adaptation-edit", args=(here.billing.pk, pk))
    assert client.post(adapt, {"kind": "adapted", "reason": "", "ends_on": ""}).status_code == 422
    day = (world.TODAY + dt.timedelta(days=40)).isoformat()
    assert (
        client.post(adapt, {"kind": "adapted", "reason": "We ship on Mondays.", "ends_on": day}).status_code
        == 302
    )
    row = Adaptation.objects.get()
    assert "We ship on Mondays." in client.get(team).content.decode()
    shown = browser(world.ines()).get(reverse("practices:practice-adoption", args=(pk,))).content.decode()
    assert "We ship on Mondays." in shown and "Billing" in shown
    stranger = browser(world.lea())
    end = reverse("practices:adaptation-end", args=(row.pk,))
    for path in (say, adapt, end):
        assert stranger.post(path, {}).status_code == 403
    assert client.post(end).status_code == 302


def test_a_small_team_is_not_named_with_its_reason(here: Living) -> None:
    Adaptation.objects.create(
        practice=here.practice, unit=here.fees, kind="opted_out", reason="Three of us sit together.", language="en",
        starts_on=world.TODAY, ends_on=world.TODAY + dt.timedelta(days=9), created_at=world.NOW,
    )  # fmt: skip
    path = reverse("practices:practice-adoption", args=(here.practice.pk,))
    page = browser(world.english(world.ines())).get(path).content.decode()
    assert "Three of us sit together." in page and "Fees" not in page


def test_who_could_help_whom(here: Living, karim: User, monkeypatch: pytest.MonkeyPatch) -> None:
    says(here.web, here.practice, "adopted", is_willing=True)
    monkeypatch.setattr(clock, "now", lambda: world.NOW + TWO_WEEKS)
    client = browser(karim)
    ask = reverse("practices:practice-help", args=(here.practice.pk,))
    assert (
        client.post(f"{ask}?team={here.billing.pk}", {"sentence": "How long does it take?"}).status_code
        == 302
    )
    page = client.get(reverse("practices:practice-adoption", args=(here.practice.pk,))).content.decode()
    part = page[page.index('id="help"') :]
    assert part.index("How long does it take?") < part.index("Web")
    assert client.get(f"{ask}?team={here.web.pk}").status_code == 403


def test_the_director_finds_what_is_carried_asked_and_due(here: Living, karim: User) -> None:
    boss = leads(person("Dora Klein", here.payments, email="dora@example.org"), here.payments, "director")
    user = world.english(signed_in(boss, world.account("Dora Klein")))
    Practice.objects.update(next_review_on=world.TODAY + dt.timedelta(days=5))
    Adaptation.objects.create(
        practice=here.practice, unit=here.billing, kind="adapted", reason="Mondays.", language="en",
        starts_on=world.TODAY, ends_on=world.TODAY + dt.timedelta(days=9), created_at=world.NOW,
    )  # fmt: skip
    ask = reverse("practices:practice-help", args=(here.practice.pk,))
    browser(karim).post(f"{ask}?team={here.billing.pk}", {"sentence": "Who shows us?"})
    page = browser(user).get(reverse("practices:direction")).content.decode()
    assert "Ways of working in Payments" in page and "Who shows us?" in page
    assert "The review of “Demos on Fridays” is due" in page and "Billing" in page
    around = browser(user).get(reverse("web:home-around")).content.decode()
    assert "Ways of working in Payments" in around
    assert (
        "Which unit?"
        in browser(world.english(world.lea())).get(reverse("practices:direction")).content.decode()
    )


def test_whoever_reads_another_language_finds_its_names_everywhere(here: Living, karim: User) -> None:
    PracticeText.objects.create(version=here.practice.versions.get(), language="fr", name="Démo du vendredi")
    for language, name in (("fr", "Démo du vendredi"), ("en", "Demos on Fridays")):
        karim.language = language
        karim.save()
        client, unit = browser(karim), here.payments.pk
        for address in (
            reverse("practices:practice-list"),
            reverse("practices:adoption-map") + f"?unit={unit}",
            reverse("practices:direction") + f"?unit={unit}",
            reverse("practices:team-show", args=(here.billing.pk,)),
            reverse("practices:practice-adoption", args=(here.practice.pk,)),
            reverse("practices:self-supporting"),
        ):
            assert f">{name}<" in client.get(address).content.decode(), (language, address)


def test_the_page_of_directors_leads_on_where_there_is_no_unit() -> None:
    page = browser(world.english(world.lea())).get(reverse("practices:direction")).content.decode()
    assert "There is no unit to look at yet" in page and "You direct none" not in page


def test_a_practice_that_nobody_builds_together_is_looked_at_by_nobody(here: Living) -> None:
    here.practice.co_authors.all().delete()
    client = browser(world.english(world.ines()))
    page = client.get(reverse("practices:practice-adoption", args=(here.practice.pk,))).content.decode()
    assert "nobody is watched before" in page
    assert "No practice asks for its adoption yet" in client.get("/practices/adoption/").content.decode()


def _company_at_size() -> tuple[Unit, list[Practice]]:
    company = large()
    rows = [lived(f"Practice number {at}") for at in range(30)]
    PracticeReach.objects.filter(practice__in=rows[::3]).update(reach="free")
    units = list(
        UnitVersion.objects.as_of(world.TODAY).filter(kind__is_team=True).values_list("unit", flat=True)
    )
    states = ("not_yet", "trying", "adopted", "lapsed")
    Adoption.objects.bulk_create(
        [
            Adoption(
                practice=row,
                unit_id=unit,
                state=states[(at + unit) % 4],
                source="confirmed",
                starts_on=LONG_AGO,
                visible_from=LONG_AGO,
                created_at=world.NOW,
            )
            for at, row in enumerate(rows)
            for unit in units
        ]
    )
    return company, rows


def test_pages_keep_to_their_budget_at_four_hundred_teams_and_thirty_practices() -> None:
    company, rows = _company_at_size()
    client = browser(world.ines())
    path = reverse("practices:adoption-map")
    team = UnitVersion.objects.as_of(world.TODAY).filter(kind__is_team=True).order_by("pk")[5].unit_id
    client.get(path)
    asked = [f"{path}{query}" for query in ("", "?show=teams", f"?practice={rows[0].pk}")]
    asked += [
        f"{path}?show=teams&page=3&unit={company.pk}",
        reverse("practices:practice-adoption", args=(rows[0].pk,)),
        reverse("practices:team-show", args=(team,)),
        f"{reverse('practices:direction')}?unit={company.pk}",
    ]
    found = []
    for one in asked:
        with CaptureQueriesContext(connection) as captured:
            response = client.get(one)
        assert response.status_code == 200
        found.append((one, len(captured), len(response.content)))
    assert [cost for cost in found if cost[1] > 12 or cost[2] > 150_000] == []
