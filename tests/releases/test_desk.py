"""The desk of a champion: what is asked, passed on and became of it, minutes for few; load and gaps for Product Ops."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import world
from tests.org.company import LONG_AGO, area, person, unit
from tests.releases.made import champion, major, planned
from tests.releases.test_consultations import asked, days, said
from tests.roadmap.undertaken import browser
from vertebra.accounts.audit import NothingChanges
from vertebra.accounts.models import AuditEntry, AuditRow, Message, User
from vertebra.org.empty_spaces import title_of
from vertebra.org.models import Area, EmptySpace, Mandate, Market, Membership, Ownership, Person
from vertebra.org.rules import Candidate, Company, all_candidates
from vertebra.releases.actions.consultation_answers import answer_consultation
from vertebra.releases.actions.consultations import close_consultation
from vertebra.releases.actions.relays import NotAChampion, NothingSaid, pass_on, say_what_became
from vertebra.releases.actions.states import check_release
from vertebra.releases.actions.telling import send_heads_up
from vertebra.releases.models import ConsultationAsk, HeadsUpTo, Relay
from vertebra.releases.queries.desk import champion_mandates, months_before, time_of, with_load
from vertebra.releases.queries.desk_gaps import candidates
from vertebra.roadmap.actions.topics import raise_topic

pytestmark = pytest.mark.django_db
DESK = "/releases/desk/"


@pytest.fixture
def lea() -> User:
    return world.lea()


@pytest.fixture
def boats() -> Area:
    return area("Bateaux")


@pytest.fixture
def leas(boats: Area, lea: User) -> Person:
    found = champion("Lea Roux", "support", area=boats, user=lea)
    Mandate.objects.update(hours_per_month=2)
    return found


def passed(actor: User, who: Person, line: str = "Moorings print twice", **given: Any) -> Relay:
    pass_on(actor=actor, person=who, line=line, language="en", **{"now": world.NOW, **given})
    return Relay.objects.latest("pk")


def test_the_desk_says_what_is_asked_and_what_became_of_what_was_answered(
    ines: User, lea: User, leas: Person
) -> None:
    asked(ines, leas, title="A hull is asked")
    over = asked(ines, leas, title="A mast is over")
    row = ConsultationAsk.objects.get(consultation=over, person=leas)
    answer_consultation(actor=lea, ask=row, impact="high", language="en", now=world.NOW)
    close_consultation(actor=ines, consultation=over, outcome="The mast is shorter.", now=world.NOW)
    page = browser(lea).get(DESK).content.decode()
    assert "1 thing</b> is asked" in page and "A hull is asked" in page
    assert "The mast is shorter." in page


def test_a_reader_without_a_mandate_learns_what_champions_are(lea: User) -> None:
    page = browser(lea).get(DESK).content.decode()
    assert "No mandate of Product Champion" in page


def test_minutes_are_added_up_by_month_against_the_hours_agreed(ines: User, lea: User, leas: Person) -> None:
    asked(ines, leas)
    said(leas, minutes=20)
    passed(lea, leas, minutes=30)
    passed(lea, leas, minutes=7, now=days(-20))
    send_heads_up(actor=ines, words="It leaks.", people={leas.pk: ["area"]}, language="en", now=world.NOW)
    assert HeadsUpTo.objects.get().mandate == Mandate.objects.get()
    mandates = list(champion_mandates(world.TODAY))
    time = time_of(leas, mandates, world.TODAY)
    assert (time.minutes, time.agreed, time.is_over) == (51, 120, False)
    assert [one.minutes for one in time.months[:2]] == [51, 7]
    [row] = with_load(champion_mandates(world.TODAY), world.TODAY)
    assert (row.minutes, row.agreed, row.waiting) == (51, 120, 0)  # type: ignore[attr-defined]
    page = browser(lea).get(DESK).content.decode()
    assert "<b>51 minutes</b> of the 120 agreed" in page


def test_six_months_are_counted_back_over_the_year(ines: User) -> None:
    found = months_before(dt.date(2027, 2, 28), 4)
    assert found == [dt.date(2027, 2, 1), dt.date(2027, 1, 1), dt.date(2026, 12, 1), dt.date(2026, 11, 1)]


def test_the_desk_of_others_and_the_load_are_for_product_ops_only(
    ines: User, lea: User, leas: Person
) -> None:
    other = reverse("releases:desk-of", args=(leas.pk,))
    load = reverse("releases:champion-list")
    for user in (world.karim(), world.ada()):
        client = browser(user)
        assert [client.get(url).status_code for url in (other, load)] == [403, 403]
    assert browser(lea).get(load).status_code == 403
    client = browser(ines)
    assert client.get(other).status_code == 200
    page = client.get(load).content.decode()
    assert "Lea Roux" in page and "Bateaux" in page


def test_the_load_filters_those_over_their_hours_and_exports(ines: User, lea: User, leas: Person) -> None:
    champion("Bo Chen", "sales", area=area("Voiles"))
    passed(lea, leas, minutes=121)
    client, url = browser(ines), reverse("releases:champion-list")
    page = client.get(url, {"load": "over"}).content.decode()
    assert "Lea Roux" in page and "Bo Chen" not in page
    assert "Lea Roux" not in client.get(url, {"load": "none"}).content.decode()
    export = b"".join(client.get(url, {"format": "csv"})).decode()
    assert "Lea Roux,Bateaux,Support,121,120,0" in export.replace(";", ",")


@pytest.mark.django_db(transaction=True)
def test_the_load_is_counted_anew_when_more_was_given(ines: User, lea: User, leas: Person) -> None:
    client, url = browser(ines), reverse("releases:champion-list")
    passed(lea, leas, minutes=1)
    before = client.get(url).context
    passed(lea, leas, line="Buoys print twice", minutes=120)
    after = client.get(url).context
    assert [(one["total"], one["over"]) for one in (before, after)] == [(1, 0), (1, 1)]


def test_something_passed_on_stands_on_the_desk_with_what_became_of_it(
    ines: User, lea: User, leas: Person, boats: Area
) -> None:
    topic = raise_topic(actor=ines, title="Moorings", language="en", now=world.NOW)
    client = browser(lea)
    sent = {"line": "Moorings print twice", "topic": topic.pk, "minutes": "4"}
    assert client.post(reverse("releases:relay-create"), sent).status_code == 302
    row = Relay.objects.get()
    assert (row.person, row.topic, row.minutes) == (leas, topic, 4)
    page = client.get(DESK).content.decode()
    assert "Moorings print twice" in page and "raised" in page
    ops = browser(ines)
    done = ops.post(reverse("releases:relay-outcome", args=(row.pk,)), {"became": "Mended in May."})
    assert done["Location"] == reverse("releases:desk-of", args=(leas.pk,))
    told = Message.objects.get(template="relay_outcome")
    assert told.to_user == lea and told.particulars["became"] == "Mended in May."
    assert "Mended in May." in client.get(DESK).content.decode()
    with pytest.raises(NothingChanges):
        say_what_became(actor=ines, relay=row, became="Mended in May.", now=world.NOW)


def test_what_is_passed_on_is_kept_from_the_audit_and_from_everybody_else(
    ines: User, lea: User, leas: Person
) -> None:
    row = passed(lea, leas, "A secret line", minutes=9)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, entry.object_id, entry.object_name) == ("pass_on", None, "")
    assert not AuditRow.objects.filter(entry=entry).exists()
    karim = browser(world.karim())
    for name in ("relay-outcome", "relay-removal"):
        assert karim.post(reverse(f"releases:{name}", args=(row.pk,)), {"became": "x"}).status_code == 403
    assert browser(ines).post(reverse("releases:relay-removal", args=(row.pk,))).status_code == 403
    assert browser(lea).post(reverse("releases:relay-removal", args=(row.pk,))).status_code == 302
    assert not Relay.objects.exists()


def test_only_champions_pass_on_and_say_something(ines: User, leas: Person) -> None:
    with pytest.raises(NotAChampion):
        passed(ines, person("Otto"))
    with pytest.raises(NothingSaid):
        passed(ines, leas, " ")
    assert browser(world.karim()).post(reverse("releases:relay-create"), {"line": "x"}).status_code == 403


def test_the_desk_shows_what_is_designed_and_checked_in_its_areas_alone(
    ines: User, lea: User, leas: Person, boats: Area
) -> None:
    here, elsewhere = major(ines, "A hull", area=boats), major(ines, "A wheel", area=area("Roues"))
    for row in (here, elsewhere):
        check_release(actor=ines, release=row, now=world.NOW)
    client = browser(lea)
    for url in (DESK, reverse("releases:desk-design")):
        page = client.get(url).content.decode()
        assert "A hull" in page and "A wheel" not in page
    other = client.get(reverse("releases:desk-design"), {"person": 0}).content.decode()
    assert "A hull" in other  # somebody else's desk is not asked for


@pytest.mark.parametrize(("language", "said"), [("en", "2 December 2026"), ("fr", "2 décembre 2026")])
def test_home_says_the_days_of_what_is_designed_as_the_reader_says_them(
    ines: User, lea: User, leas: Person, boats: Area, language: str, said: str
) -> None:
    major(ines, "A hull", area=boats)
    client = browser(lea)
    User.objects.update(language=language)
    for name in ("web:home-around", "web:home-blocks"):
        page = client.get(reverse(name)).content.decode()
        assert "A hull" in page and said in page and "2026-12-02" not in page


def test_a_champion_of_an_area_is_champion_of_what_it_holds_and_one_of_a_unit_of_what_it_owns(
    ines: User, lea: User, boats: Area
) -> None:
    inside = area("Coques", boats)
    tribe = unit("Voiles", None, "tribe")
    sails = area("Focs")
    Ownership.objects.create(unit=tribe, area=sails, starts_on=LONG_AGO)
    who = champion("Lea Roux", "support", area=boats, user=lea)
    Mandate.objects.create(person=who, role="champion", unit=tribe, starts_on=LONG_AGO)
    planned(ines, "Inside", area=inside)
    planned(ines, "Owned", area=sails)
    page = browser(lea).get(reverse("releases:desk-design")).content.decode()
    assert "Inside" in page and "Owned" in page


def gaps() -> list[Candidate]:
    return list(candidates(Company.as_of(world.TODAY)))


def test_a_function_without_champion_beside_others_becomes_a_candidate_empty_space(boats: Area) -> None:
    sails, inside = area("Voiles"), area("Coques", boats)
    champion("Ada Lind", "sales", area=boats)
    champion("Bo Chen", "support", area=sails)
    champion("Cy Roux", "support", area=inside)
    found = {(one.subject.name, *one.evidence["functions"]) for one in gaps()}  # type: ignore[misc]
    assert found == {("Bateaux", "support"), ("Voiles", "sales")}
    assert len({one.key for one in gaps()}) == 2
    assert {one.key for one in gaps()} <= {one.key for one in all_candidates(world.TODAY)}


def test_a_champion_of_every_function_and_a_function_that_nobody_has_leave_no_gap(boats: Area) -> None:
    champion("Ada Lind", "", area=boats)
    champion("Bo Chen", "sales", area=area("Voiles"))
    assert gaps() == []


def test_a_market_without_a_function_is_found_too() -> None:
    france, spain = (Market.objects.create(name=name, created_at=world.NOW) for name in ("France", "Espagne"))
    champion("Ada Lind", "sales", market=france)
    champion("Bo Chen", "support", market=spain)
    found = {(one.subject.name, *one.evidence["functions"]) for one in gaps()}  # type: ignore[misc]
    assert found == {("France", "support"), ("Espagne", "sales")}


@pytest.mark.parametrize(("many", "is_missed"), [(5, True), (4, False)])
def test_a_language_that_five_read_and_no_champion_does_is_a_gap(
    boats: Area, many: int, is_missed: bool
) -> None:
    company = unit("Tournesol", None, "company")
    desk = unit("Support", company)
    for number in range(many):
        person(f"P {number}", desk, "support", language="en")
    champion("Ada Lind", "support", area=boats, language="fr")
    found = [one for one in gaps() if one.evidence.get("language")]
    assert [(one.subject.name, one.evidence["language"]) for one in found] == [("Support", "en")][:is_missed]
    assert Membership.objects.count() == many
    for one in found:
        space = EmptySpace(rule=one.rule, evidence=one.proof())
        assert title_of(space) == "No Product Champion of Support reads English"


def test_a_gap_of_a_function_says_so_in_words(boats: Area) -> None:
    champion("Ada Lind", "sales", area=boats)
    champion("Bo Chen", "support", area=area("Voiles"))
    said_of = {title_of(EmptySpace(rule=one.rule, evidence=one.proof())) for one in gaps()}
    assert "No Product Champion of Support for “Bateaux”" in said_of


def test_the_desk_and_the_load_keep_to_their_budget(ines: User, lea: User, leas: Person, boats: Area) -> None:
    for number in range(8):
        asked(ines, leas, title=f"Hull {number}")
        passed(lea, leas, f"Line {number}", minutes=2)
        planned(ines, f"Release {number}", area=boats)
        champion(f"P {number}", "sales", area=boats)
    for user, url in (
        (lea, DESK),
        (lea, reverse("releases:desk-design")),
        (ines, reverse("releases:champion-list")),
    ):
        client = browser(user)
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        assert len(captured) <= 12, "\n".join(one["sql"][:150] for one in captured)
