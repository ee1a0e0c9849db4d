"""A campaign begins, chooses whom to hear, and ends; guides ship and are made one's own."""

import datetime as dt

import pytest
from django.conf import LazySettings
from django.test import Client

from tests import world
from tests.discovery.listening import browser, campaign_of, rows_of, two_of
from tests.org import company
from vertebra.accounts.audit import undo
from vertebra.accounts.labels import Kind, Role
from vertebra.accounts.models import AuditEntry, User
from vertebra.accounts.together import card_of
from vertebra.discovery.actions import campaigns as actions
from vertebra.discovery.actions import guides, plans
from vertebra.discovery.labels import CampaignState, InterviewState, InviteState
from vertebra.discovery.models import Campaign, Guide, Interview, ToHear
from vertebra.discovery.queries.agenda import interviews_of_this_week
from vertebra.discovery.queries.hearing import progress_of, with_stands
from vertebra.discovery.shipped.guides import shipped_guides
from vertebra.org.labels import Function
from vertebra.org.models import Person

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
NOW = world.NOW


@pytest.fixture(autouse=True)
def a_day_that_stands(settings: LazySettings) -> None:
    settings.FIXED_NOW = NOW


@pytest.fixture
def ines() -> User:
    return world.account("Ines Barbier", Role.PRODUCT_OPS, language="en")


@pytest.fixture
def client(ines: User) -> Client:
    return browser(ines)


def hold(talk: Interview) -> None:
    Interview.objects.filter(pk=talk.pk).update(state=InterviewState.HELD, held_on=NOW.date())


def test_guides_ship_in_both_languages_with_seven_to_ten_questions_and_hints() -> None:
    found: dict[str, list[str]] = {}
    for guide in shipped_guides():
        assert 7 <= len(guide.questions) <= 10, guide.code
        assert all(text.endswith("?") or "." in text for text, _hint in guide.questions)
        assert all(hint for _text, hint in guide.questions)
        assert guide.function in {"", *Function.values}
        found.setdefault(guide.code, []).append(guide.language)
    assert len(found) == 8
    assert all(sorted(languages) == ["en", "fr"] for languages in found.values())


def test_shipped_guides_come_once_and_follow_what_ships(ines: User) -> None:
    assert guides.ensure_shipped_guides(actor=None, now=NOW) is not None
    assert guides.ensure_shipped_guides(actor=None, now=NOW) is None
    assert Guide.objects.count() == 16
    guide = Guide.objects.get(code="sales", language="en")
    Guide.objects.filter(pk=guide.pk).update(title="Old words")
    guides.ensure_shipped_guides(actor=None, now=NOW)
    guide.refresh_from_db()
    assert guide.title == "Sales"
    with pytest.raises(guides.ShippedAsIs):
        guides.change_guide(actor=ines, guide=guide, changes={"title": "Ours"}, now=NOW)


def test_a_guide_is_copied_changed_archived_and_brought_back(client: Client) -> None:
    client.get("/discovery/guides/")
    shipped = Guide.objects.get(code="designers", language="en")
    answer = client.post(f"/discovery/guides/{shipped.pk}/copy/")
    copy = Guide.objects.get(is_shipped=False)
    assert answer["Location"] == f"/discovery/guides/{copy.pk}/edit/"
    text = "What hurts?\n> Let it come.\n\nWhat helps?\n"
    form = {"title": "Ours", "function": "design", "language": "en", "questions": text}
    client.post(f"/discovery/guides/{copy.pk}/edit/", form)
    copy.refresh_from_db()
    assert copy.questions == [
        {"text": "What hurts?", "hint": "Let it come."},
        {"text": "What helps?", "hint": ""},
    ]
    page = client.get(f"/discovery/guides/{copy.pk}/").content.decode()
    assert "Let it come." in page
    client.post(f"/discovery/guides/{copy.pk}/archival/")
    client.get("/discovery/guides/")  # what was just done is told once
    assert "Ours" not in client.get("/discovery/guides/").content.decode()
    assert "Ours" in client.get("/discovery/guides/?state=archived").content.decode()
    client.post(f"/discovery/guides/{copy.pk}/archival/")
    copy.refresh_from_db()
    assert copy.archived_at is None


def test_a_guide_without_a_question_is_refused(client: Client) -> None:
    form = {"title": "Empty", "language": "en", "questions": "> only a hint\n>"}
    assert client.post("/discovery/guides/new/", {**form, "questions": ">"}).status_code == 422
    assert not Guide.objects.filter(title="Empty").exists()


def test_a_campaign_is_set_up_in_four_presses(client: Client) -> None:
    made = company.small()
    form = {"title": "First listening", "purpose": "How we work", "language": "fr"}
    answer = client.post("/discovery/campaigns/new/", form)
    campaign = Campaign.objects.get()
    assert answer["Location"] == f"/discovery/campaigns/{campaign.pk}/choice/"
    choice = client.get(answer["Location"])
    suggested = [one.person for one in choice.context["choice"].suggested]
    assert {made.karim, made.lea} <= set(suggested)
    client.post(answer["Location"], {"selected": [one.pk for one in suggested]})
    assert len(rows_of(campaign)) == len(suggested)
    row = ToHear.objects.get(person=made.lea)
    assert (row.function, row.unit) == (Function.SALES, made.cash)
    again = client.get(answer["Location"])
    assert again.context["choice"].suggested == []
    assert again.context["choice"].listed == len(suggested)


def test_wishes_narrow_whom_is_suggested(client: Client, ines: User) -> None:
    made = company.small()
    campaign = campaign_of(ines, [])

    def names(asked: str) -> set[str]:
        page = client.get(f"/discovery/campaigns/{campaign.pk}/choice/?{asked}")
        return {one.person.name for one in page.context["choice"].suggested}

    assert names("functions=sales") == {"Léa Roux"}
    assert names(f"market={made.germany.pk}") == {"Léa Roux", "Ana <b>Lima</b>"}
    assert "Léa Roux" not in names(f"unit={made.billing.pk}")
    assert len(names("most=2")) == 2
    assert "Noor Haddad" not in names("most=50")  # works in no unit
    talk, _entry = plans.plan_interview(
        actor=ines, campaign=None, person=made.lea, guide=None, starts_at=None, now=NOW
    )
    hold(talk)
    assert names("functions=sales&unheard=3") == set()
    assert names("functions=sales&unheard=never") == set()
    assert names("functions=sales") == {"Léa Roux"}
    assert client.get(f"/discovery/campaigns/{campaign.pk}/choice/?unit=x&most=0&market=z").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_choice_is_made_anew_when_the_list_has_grown(client: Client, ines: User) -> None:
    made = company.small()
    campaign = campaign_of(ines, [made.karim])
    address = f"/discovery/campaigns/{campaign.pk}/choice/"
    first = client.get(address).context["choice"]
    assert client.get(address).context["choice"] is first
    actions.add_people(actor=ines, campaign=campaign, people=[made.lea], now=NOW)
    then = client.get(address).context["choice"]
    assert (first.listed, then.listed) == (1, 2)
    assert made.lea in [one.person for one in first.suggested]
    assert made.lea not in [one.person for one in then.suggested]


def test_product_ops_does_not_hear_itself(client: Client, ines: User) -> None:
    made = company.small()
    Person.objects.filter(pk=made.lea.pk).update(email="INES@example.org")
    campaign = campaign_of(ines, [])
    page = client.get(f"/discovery/campaigns/{campaign.pk}/choice/?most=50")
    assert made.lea not in [one.person for one in page.context["choice"].suggested]


def test_the_sentence_says_who_was_heard_and_from_whom_nobody_was(client: Client, ines: User) -> None:
    made = company.small()
    campaign = campaign_of(ines, two_of(made))
    talk, _entry = plans.plan_interview(
        actor=ines, campaign=campaign, person=made.karim, guide=None, starts_at=NOW, now=NOW
    )
    assert progress_of(campaign).agreed == 1
    hold(talk)
    found = progress_of(campaign)
    assert (found.heard, found.total, found.silent) == (1, 2, [Function.SALES])
    page = client.get(f"/discovery/campaigns/{campaign.pk}/").content.decode()
    assert "<b>1 of 2</b> heard; nobody yet from" in page
    csv = b"".join(client.get(f"/discovery/campaigns/{campaign.pk}/?format=csv")).decode()
    assert "Karim Diallo" in csv


def test_where_somebody_stands_follows_the_conversations(ines: User) -> None:
    made = company.small()
    campaign = campaign_of(ines, [made.karim])
    talk, _entry = plans.plan_interview(
        actor=ines, campaign=campaign, person=made.karim, guide=None, starts_at=NOW, now=NOW
    )

    def stands() -> str:
        return str(with_stands(ToHear.objects.filter(campaign=campaign)).get().stands)

    assert stands() == InviteState.AGREED
    hold(talk)
    assert stands() == InviteState.HEARD
    Interview.objects.filter(pk=talk.pk).update(state=InterviewState.CANCELLED, held_on=None)
    assert stands() == InviteState.PLANNED


def test_one_date_at_a_time(ines: User) -> None:
    made = company.small()
    campaign = campaign_of(ines, [made.karim])
    when = NOW + dt.timedelta(days=1)
    talk, _entry = plans.plan_interview(
        actor=ines, campaign=campaign, person=made.karim, guide=None, starts_at=when, now=NOW
    )
    with pytest.raises(plans.PlannedBefore):
        plans.plan_interview(
            actor=ines, campaign=campaign, person=made.karim, guide=None, starts_at=when, now=NOW
        )
    assert interviews_of_this_week(ines, NOW) == [talk]
    assert interviews_of_this_week(world.lea(), NOW) == []


def test_adding_and_removing_are_taken_back(client: Client, ines: User) -> None:
    made = company.small()
    campaign = campaign_of(ines, [])
    client.post(f"/discovery/campaigns/{campaign.pk}/person/", {"person": "karim@example.org"})
    (row,) = rows_of(campaign)
    assert row.person == made.karim
    client.post(f"/discovery/campaigns/{campaign.pk}/person/", {"person": "Nobody of that name"})
    client.post(f"/discovery/campaigns/{campaign.pk}/removal/", {"selected": [row.pk, "x", "9" * 30]})
    assert rows_of(campaign) == []
    undo(actor=ines, entry=AuditEntry.objects.latest("pk"), now=NOW)
    assert [one.person for one in rows_of(campaign)] == [made.karim]


def test_whoever_has_a_date_is_not_dropped_in_silence(ines: User) -> None:
    made = company.small()
    campaign = campaign_of(ines, [made.karim])
    when = NOW + dt.timedelta(days=1)
    plans.plan_interview(
        actor=ines, campaign=campaign, person=made.karim, guide=None, starts_at=when, now=NOW
    )
    with pytest.raises(actions.HasADate):
        actions.remove_people(actor=ines, campaign=campaign, rows=rows_of(campaign), now=NOW)
    with pytest.raises(actions.ConversationsToCome):
        actions.close_campaign(actor=ines, campaign=campaign, now=NOW)


def test_a_campaign_is_closed_taken_up_archived_and_brought_back(client: Client, ines: User) -> None:
    campaign = campaign_of(ines, [])
    address = f"/discovery/campaigns/{campaign.pk}/state/"
    states = []
    for to in ("closed", "open", "archived", "restored"):
        client.post(address, {"to": to})
        campaign.refresh_from_db()
        states.append((campaign.state, campaign.archived_at is not None))
    assert states == [
        (CampaignState.CLOSED, False),
        (CampaignState.OPEN, False),
        (CampaignState.OPEN, True),
        (CampaignState.OPEN, False),
    ]


def test_the_title_is_changed_in_place(client: Client, ines: User) -> None:
    campaign = campaign_of(ines, [])
    client.post(f"/discovery/campaigns/{campaign.pk}/edit/", {"title": "Second listening"})
    campaign.refresh_from_db()
    assert (campaign.title, campaign.purpose) == ("Second listening", "How we work")


def test_the_end_comes_after_the_start(client: Client) -> None:
    form = {"title": "x", "language": "fr", "starts_on": "2026-12-01", "ends_on": "2026-11-01"}
    assert client.post("/discovery/campaigns/new/", form).status_code == 422


def test_campaigns_and_what_they_hold_are_named_to_product_ops_alone(ines: User) -> None:
    made = company.small()
    campaign = campaign_of(ines, two_of(made))
    talk, _entry = plans.plan_interview(
        actor=ines, campaign=campaign, person=made.lea, guide=None, starts_at=NOW, now=NOW
    )
    card = card_of(ines, Kind.INTERVIEW, talk.pk)
    assert card is not None
    assert "Léa Roux" in card.title
    for other in (world.ada(), world.karim(), world.lea()):
        assert card_of(other, Kind.CAMPAIGN, campaign.pk) is None
        assert card_of(other, Kind.INTERVIEW, talk.pk) is None


@pytest.mark.parametrize("role", [Role.READER, Role.CONTRIBUTOR, Role.ADMINISTRATOR])
def test_campaigns_are_closed_to_others(ines: User, role: Role) -> None:
    campaign = campaign_of(ines, two_of(company.small()))
    row = rows_of(campaign)[0]
    client = browser(world.account("Somebody Else", role))
    for path in ("", "choice/", "invitations/", "dates/", "edit/"):
        assert client.get(f"/discovery/campaigns/{campaign.pk}/{path}").status_code == 403
    assert client.get(f"/discovery/campaigns/people/{row.pk}/").status_code == 403
    assert client.post(f"/discovery/campaigns/people/{row.pk}/link/").status_code == 403


def test_dates_are_set_for_several_on_one_form(client: Client, ines: User) -> None:
    campaign = campaign_of(ines, two_of(company.small()))
    first, second = rows_of(campaign)
    address = f"/discovery/campaigns/{campaign.pk}/dates/"
    filled = client.get(f"{address}?fill=1").context["form"].initial
    assert len({filled[f"at_{first.pk}"], filled[f"at_{second.pk}"]}) == 2
    form = {"minutes": 45, "interviewer": ines.pk, "place": "Room 4"}
    same = {f"at_{row.pk}": "2026-11-04T14:00" for row in (first, second)}
    assert client.post(address, form | same).status_code == 422
    past = {f"at_{first.pk}": "2026-10-04T14:00"}
    assert client.post(address, form | past).status_code == 422
    assert client.post(address, form).status_code == 422
    good = {f"at_{first.pk}": "2026-11-04T14:00", f"at_{second.pk}": "2026-11-04T15:00"}
    assert client.post(address, form | good).status_code == 302
    assert Interview.objects.filter(place="Room 4", interviewer=ines).count() == 2
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.OPEN


def test_one_person_of_a_campaign_is_followed_on_a_page(client: Client, ines: User) -> None:
    campaign = campaign_of(ines, [company.small().karim])
    (row,) = rows_of(campaign)
    address = f"/discovery/campaigns/people/{row.pk}/"
    assert "Not invited yet" in client.get(address).content.decode()
    form = {"at": "2026-11-05T10:00", "minutes": 30, "place": "Room 2"}
    assert client.post(f"{address}date/", form | {"at": "soon"}).status_code == 422
    client.post(f"{address}date/", form)
    assert "Thursday 5 November, 10:00" in client.get(address).content.decode()
    client.post(f"{address}date/", form | {"at": "2026-11-06T10:00"})
    talk = Interview.objects.get()
    assert talk.sequence == 1
    assert b"BEGIN:VEVENT" in client.get(f"{address}calendar.ics").content
    client.post(f"{address}cancellation/")
    talk.refresh_from_db()
    assert talk.state == InterviewState.CANCELLED
    client.post(f"{address}link/")
    shown = client.get(address).content.decode()
    assert "/discovery/hearing/" in shown
    assert "/discovery/hearing/" not in client.get(address).content.decode()
