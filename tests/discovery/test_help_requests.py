"""Help: asked in one line, taken, planned, taken over until a day, handed back; whoever asked hears each step."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from tests import world
from tests.org.company import person, small
from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges
from vertebra.accounts.models import AuditEntry, Message, SearchEntry, User, Watch
from vertebra.accounts.outbox import words_of
from vertebra.discovery.actions import help_requests as actions
from vertebra.discovery.actions.help_requests import Outcome
from vertebra.discovery.labels import HelpForm, HelpState
from vertebra.discovery.models import HelpRequest
from vertebra.discovery.queries.help_requests import load, overdue, unit_of
from vertebra.kit.calendars import calendar_file

pytestmark = pytest.mark.django_db
SOON = world.TODAY + dt.timedelta(days=20)


def asked(actor: User | None = None, sentence: str = "Prepare our review", days: int = 0) -> HelpRequest:
    entry = actions.ask_for_help(
        actor=actor or world.lea(), sentence=sentence, language="en", unit=None, now=at(days)
    )
    return HelpRequest.objects.get(pk=entry.object_id or 0)


def at(days: int) -> dt.datetime:
    return world.NOW + dt.timedelta(days=days)


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def test_a_request_is_one_line_that_whoever_asked_follows_and_search_finds() -> None:
    lea = world.lea()
    request = asked(lea, "  Prepare   our review ")
    assert (request.sentence, request.state) == ("Prepare our review", HelpState.ASKED)
    assert Watch.objects.filter(user=lea, kind="help_request", object_id=request.pk).exists()
    assert SearchEntry.objects.filter(kind="help_request", object_id=request.pk).exists()
    with pytest.raises(actions.NothingAsked):
        asked(lea, "   ")


def test_the_team_is_guessed_from_where_most_of_the_time_goes() -> None:
    company = small()
    assert unit_of(world.lea(), world.TODAY) == company.cash.pk
    assert unit_of(world.ada(), world.TODAY) is None


def test_whoever_asked_hears_of_each_step_in_their_language() -> None:
    lea, ines = world.lea(), world.ines()
    request = asked(lea)
    me, them = person("Ines Barbier", user=ines), person("Noor Haddad")
    actions.take_request(actor=ines, request=request, now=at(1))
    actions.plan_help(actor=ines, request=request, form=HelpForm.WORKSHOP, held_on=SOON, now=at(2))
    outcome = Outcome("A template and two dates", SOON, Decimal("6.5"), them)
    actions.record_outcome(actor=ines, request=request, outcome=outcome, now=at(20))
    request.refresh_from_db()
    assert (request.state, request.helper, request.hours) == (HelpState.DONE, me, Decimal("6.5"))
    assert (request.carried_on_by, request.closed_at) == (them, at(20))
    told = list(Message.objects.filter(to_user=lea).order_by("id"))
    assert [message.particulars["step"] for message in told] == ["taken", "planned", "done"]
    words = [words_of(message, "en") for message in told]
    assert "Ines Barbier takes your request" in words[0].subject
    assert "workshop" in words[1].body
    assert "A template and two dates" in words[2].body
    assert "Noor Haddad carries on" in words[2].body
    assert told[0].address == f"/discovery/help/{request.pk}/"


def test_what_one_does_oneself_is_not_told_to_oneself() -> None:
    ines = world.ines()
    request = asked(ines)
    actions.take_request(actor=ines, request=request, now=at(1))
    assert not Message.objects.exists()


def test_what_is_taken_over_has_a_day_of_return_and_goes_back_to_somebody() -> None:
    ines = world.ines()
    request = asked()
    for day in (None, world.TODAY):
        with pytest.raises(actions.NoHandBackDate):
            actions.take_over(actor=ines, request=request, hand_back_on=day, now=world.NOW)
    actions.take_over(actor=ines, request=request, hand_back_on=SOON, now=world.NOW)
    request.refresh_from_db()
    assert (request.form, request.state, request.hand_back_on) == ("taken_over", "accepted", SOON)
    outcome = Outcome("It runs by itself")
    with pytest.raises(actions.NobodyCarriesOn):
        actions.record_outcome(actor=ines, request=request, outcome=outcome, now=at(30))
    with pytest.raises(actions.NobodyCarriesOn):
        actions.hand_back(actor=ines, request=request, outcome=outcome, now=at(30))
    karim = world.karim()
    them = person("Karim Diallo", user=karim)
    actions.hand_back(actor=ines, request=request, outcome=Outcome("It runs", None, None, them), now=at(30))
    request.refresh_from_db()
    assert (request.state, request.handed_back_on) == ("done", (at(30)).date())
    carried = Message.objects.get(to_user=karim)
    assert carried.particulars["step"] == "carries_on"


def test_the_day_of_return_can_move_and_whoever_asked_is_told_that_it_did() -> None:
    ines = world.ines()
    request = asked()
    actions.take_over(actor=ines, request=request, hand_back_on=SOON, now=world.NOW)
    later = SOON + dt.timedelta(days=10)
    actions.take_over(actor=ines, request=request, hand_back_on=later, now=at(1))
    assert [m.particulars["step"] for m in Message.objects.order_by("id")] == ["taken_over", "postponed"]


def test_past_its_day_it_is_overdue_until_it_is_handed_back() -> None:
    ines = world.ines()
    request = asked()
    actions.take_over(actor=ines, request=request, hand_back_on=SOON, now=world.NOW)
    assert not overdue(SOON).exists()
    assert list(overdue(SOON + dt.timedelta(days=1))) == [request]
    them = person("Noor Haddad")
    actions.hand_back(actor=ines, request=request, outcome=Outcome("Done", None, None, them), now=at(40))
    assert not overdue(SOON + dt.timedelta(days=99)).exists()


def test_the_database_itself_refuses_to_take_over_without_a_day() -> None:
    request = asked()
    with pytest.raises(IntegrityError), transaction.atomic():
        HelpRequest.objects.filter(pk=request.pk).update(form=HelpForm.TAKEN_OVER)


def test_declining_needs_a_reason_and_closes_it_until_it_is_opened_again() -> None:
    ines = world.ines()
    request = asked()
    with pytest.raises(actions.NoReason):
        actions.decline_request(actor=ines, request=request, reason=" ", now=world.NOW)
    actions.decline_request(actor=ines, request=request, reason="Ask the data team", now=world.NOW)
    with pytest.raises(actions.NotOpen):
        actions.take_request(actor=ines, request=request, now=world.NOW)
    actions.reopen_request(actor=ines, request=request, now=at(1))
    request.refresh_from_db()
    assert (request.state, request.reason, request.closed_at) == (HelpState.ASKED, "", None)
    with pytest.raises(NothingChanges):
        actions.reopen_request(actor=ines, request=request, now=at(2))


def test_undoing_an_outcome_leaves_it_under_way_with_nothing_said_of_it() -> None:
    ines = world.ines()
    request = asked()
    actions.take_request(actor=ines, request=request, now=world.NOW)
    entry = actions.record_outcome(actor=ines, request=request, outcome=Outcome("Done"), now=world.NOW)
    audit.undo(actor=ines, entry=entry, now=world.NOW)
    request.refresh_from_db()
    assert (request.state, request.outcome, request.closed_at) == (HelpState.ACCEPTED, "", None)


def test_the_load_counts_what_was_done_its_hours_and_how_long_half_of_it_took() -> None:
    ines, lea = world.ines(), world.lea()
    for lasted, hours in ((2, 3), (4, 5), (30, None)):
        request = asked(lea, f"Number {lasted}", days=-lasted)
        outcome = Outcome("Done", None, Decimal(hours) if hours else None)
        actions.record_outcome(actor=ines, request=request, outcome=outcome, now=world.NOW)
    asked(lea, "Waits")
    found = load(world.NOW)
    assert (found.closed, found.hours, found.lead_days, found.without_hours) == (3, Decimal(8), 4, 1)
    assert (found.open, found.waiting) == (1, 1)
    assert len(found.months) == 12
    assert found.months[-1].starts_on == world.TODAY.replace(day=1)
    assert (found.months[-1].closed, found.months[-1].hours) == (3, Decimal(8))


def test_of_two_requests_nothing_is_said_of_how_long_help_takes() -> None:
    ines = world.ines()
    for _ in range(2):
        lea = User.objects.filter(email="lea@example.org").first() or world.lea()
        actions.record_outcome(actor=ines, request=asked(lea), outcome=Outcome("Done"), now=world.NOW)
    assert load(world.NOW).lead_days is None


def test_a_reader_asks_and_says_it_more_clearly_but_takes_nothing_on() -> None:
    lea = world.lea()
    client = signed_in(lea)
    answer = client.post(reverse("discovery:help-request-create"), {"sentence": "Help us", "unit": ""})
    request = HelpRequest.objects.get()
    assert answer["Location"] == reverse("discovery:help-request-show", args=(request.pk,))
    client.post(reverse("discovery:help-request-sentence", args=(request.pk,)), {"sentence": "Help us plan"})
    request.refresh_from_db()
    assert request.sentence == "Help us plan"
    assert client.post(reverse("discovery:help-request-taking", args=(request.pk,))).status_code == 403
    assert (
        signed_in(world.karim())
        .post(reverse("discovery:help-request-sentence", args=(request.pk,)), {"sentence": "Mine"})
        .status_code
        == 403
    )


def test_a_form_with_an_error_keeps_what_was_typed() -> None:
    ines = world.ines()
    request = asked(ines)
    actions.take_over(actor=ines, request=request, hand_back_on=SOON, now=world.NOW)
    url = reverse("discovery:help-request-hand-back", args=(request.pk,))
    answer = signed_in(ines).post(
        url, {"outcome": "It runs by itself now", "carried_on_by": "", "hours": "3"}
    )
    assert answer.status_code == 422
    assert "It runs by itself now" in answer.content.decode()
    assert AuditEntry.objects.filter(verb="hand_back").count() == 0


def events() -> list[dict[str, Any]]:
    """What calendars were told, in the order in which it was queued."""
    kept = [message.particulars.get("event") for message in Message.objects.order_by("id")]
    return [dict(Calendar.from_ical(calendar_file(one)).walk("VEVENT")[0]) | one for one in kept if one]


def test_a_session_comes_as_a_file_for_the_calendar_that_follows_it_until_it_is_dropped() -> None:
    lea, ines = world.lea(), world.ines()
    request = asked(lea)
    plan: dict[str, Any] = {"actor": ines, "request": request, "form": HelpForm.SESSION, "held_on": SOON}
    actions.plan_help(**plan, at=dt.time(14, 30), minutes=90, place="Room 2", now=at(1))
    actions.plan_help(**plan, now=at(2))
    actions.decline_request(actor=ines, request=request, reason="No room", now=at(3))
    first, moved, dropped = events()
    assert len({str(one["UID"]) for one in (first, moved, dropped)}) == 1, "one and the same in calendars"
    assert [one["SEQUENCE"] for one in (first, moved, dropped)] == [1, 2, 3]
    assert [one["method"] for one in (first, moved, dropped)] == ["REQUEST", "REQUEST", "CANCEL"]
    local = first["DTSTART"].dt.astimezone(timezone.get_default_timezone())
    assert (local.date(), local.time()) == (SOON, dt.time(14, 30))
    assert first["DTEND"].dt - first["DTSTART"].dt == dt.timedelta(minutes=90)
    assert str(first["LOCATION"]) == "Room 2"
    assert (moved["DTSTART"].dt, moved["DTEND"].dt) == (SOON, SOON + dt.timedelta(days=1)), "the whole day"
    assert str(first["ATTENDEE"]) == f"mailto:{lea.email}"
    bodies = [words_of(message, "en").body for message in Message.objects.order_by("id")]
    assert "puts it in your calendar" in bodies[0]
    assert "Room 2" in bodies[0]
    assert "out of your calendar" in bodies[2]


def test_what_was_never_planned_takes_nothing_out_of_a_calendar() -> None:
    ines, request = world.ines(), asked()
    actions.take_over(actor=ines, request=request, hand_back_on=SOON, now=world.NOW)
    actions.decline_request(actor=ines, request=request, reason="After all", now=at(1))
    assert events() == []


def test_a_plan_typed_with_its_hour_is_shown_and_downloaded() -> None:
    ines = world.ines()
    request = asked()
    client = signed_in(ines)
    url = reverse("discovery:help-request-plan", args=(request.pk,))
    typed = {"form": "workshop", "held_on": SOON.isoformat(), "at": "09:15", "minutes": "", "place": "Lyon"}
    assert client.post(url, typed).status_code == 302
    request.refresh_from_db()
    assert (request.minutes, request.place, request.sequence) == (60, "Lyon", 1)
    assert "09:15" in client.get(url).content.decode()
    page = client.get(reverse("discovery:help-request-show", args=(request.pk,))).content.decode()
    calendar = reverse("discovery:help-request-calendar", args=(request.pk,))
    assert calendar in page
    assert "Lyon" in page
    assert b"METHOD:PUBLISH" in client.get(calendar).content
    actions.take_over(actor=ines, request=request, hand_back_on=SOON, now=at(1))
    assert client.get(calendar).status_code == 404


@pytest.mark.parametrize("page", ["help-request-list", "help-request-load"])
def test_pages_take_few_queries_however_many_requests(
    page: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    small()
    ines, lea = world.ines(), world.lea()
    for at_ in range(30):
        request = asked(lea, f"Request {at_}")
        if at_ % 2:
            actions.take_request(actor=ines, request=request, now=world.NOW)
    client = signed_in(ines)
    with django_assert_max_num_queries(12):
        assert client.get(reverse(f"discovery:{page}")).status_code == 200
    request = HelpRequest.objects.order_by("pk")[0]
    with django_assert_max_num_queries(12):
        client.get(reverse("discovery:help-request-show", args=(request.pk,)))


def test_the_command_bar_offers_to_ask_from_any_page() -> None:
    found = signed_in(world.lea()).get(reverse("web:commands"), {"q": ""}).content.decode()
    assert reverse("discovery:help-request-create") in found
