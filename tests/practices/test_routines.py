"""Routines: who takes part, when they are held, what is noted and decided, what calendars take."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from tests.org.company import LONG_AGO, person, unit
from tests.practices.routine_made import routine
from tests.roadmap.undertaken import browser
from vertebra.accounts import audit
from vertebra.accounts.models import AuditEntry, SearchEntry, User
from vertebra.org.labels import MandateRole
from vertebra.org.models import Mandate, Person, Unit
from vertebra.practices.actions import meetings
from vertebra.practices.actions import routines as actions
from vertebra.practices.actions.meetings import Decided
from vertebra.practices.actions.routines import Guest
from vertebra.practices.models import Meeting, MeetingDecision, Participant, Practice, Routine
from vertebra.practices.queries.routine_feeds import entries_of
from vertebra.practices.queries.routines import Circle, load, may_note, occurrences, routines

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
NOW, TODAY = world.NOW, world.TODAY
TUESDAY = dt.date(2026, 10, 27)


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = NOW


@pytest.fixture
def ines() -> User:
    return world.ines()


@pytest.fixture
def team() -> Unit:
    return unit("Billing")


@pytest.fixture
def people(team: Unit) -> list[Person]:
    return [person(f"Person {at}", team, "product", email=f"p{at}@example.org") for at in range(6)]


class TestMaking:
    @pytest.mark.parametrize(
        ("said", "wrong"),
        [
            ({"title": "  "}, actions.NoTitle),
            ({"zone": "Mars/Olympus"}, actions.WrongTime),
            ({"zone": "../etc/passwd"}, actions.WrongTime),
            ({"minutes": 0}, actions.WrongTime),
            ({"rhythm": "sometimes"}, actions.WrongTime),
            ({"ends_on": dt.date(2026, 8, 1)}, actions.WrongTime),
        ],
    )
    def test_what_makes_no_routine_is_refused(
        self, ines: User, said: dict[str, Any], wrong: type[Exception]
    ) -> None:
        with pytest.raises(wrong):
            routine(ines, **said)
        assert not Routine.objects.exists()

    def test_a_line_of_participants_is_a_person_or_a_rule(self, ines: User, people: list[Person]) -> None:
        for guest in (Guest(), Guest(person=people[0], function="product"), Guest(function="wizardry")):
            with pytest.raises(actions.NobodyMeant):
                routine(ines, guest)

    def test_a_change_is_taken_back_with_its_participants(self, ines: User, people: list[Person]) -> None:
        row = routine(ines, Guest(person=people[0]))
        entry = actions.change_routine(
            actor=ines, routine=row, changes={"minutes": 45}, guests=[Guest(person=people[1])], now=NOW
        )
        row.refresh_from_db()
        assert (row.minutes, row.sequence) == (45, 1)
        audit.undo(actor=ines, entry=entry, now=NOW)
        row.refresh_from_db()
        assert row.minutes == 30
        assert list(row.participants.values_list("person", flat=True)) == [people[0].pk]

    def test_search_finds_it_by_its_agenda_until_it_is_put_away(self, ines: User) -> None:
        row = routine(ines, agenda="Giraffes")
        assert SearchEntry.objects.filter(kind="routine", lemmas__contains="giraf").exists()
        actions.archive_routine(actor=ines, routine=row, now=NOW)
        assert not SearchEntry.objects.filter(kind="routine").exists()
        actions.restore_routine(actor=ines, routine=row, now=NOW)
        assert SearchEntry.objects.filter(kind="routine").exists()


class TestWhoTakesPart:
    def test_a_line_means_all_that_it_says_at_once(
        self, ines: User, team: Unit, people: list[Person]
    ) -> None:
        inside, designer = unit("Inside", team), None
        designer = person("Designer", inside, "design")
        person("Elsewhere", unit("Other"), "design")
        Mandate.objects.create(person=designer, role=MandateRole.LEAD, unit=inside, starts_on=LONG_AGO)
        circle = Circle.on(TODAY)

        def meant(*guests: Guest) -> set[int]:
            row = routine(ines, *guests)
            return circle.people_of(routines().get(pk=row.pk))

        assert meant(Guest(unit=team)) == {*(one.pk for one in people), designer.pk}
        assert meant(Guest(unit=team, function="design")) == {designer.pk}
        assert meant(Guest(role="lead")) == {designer.pk}
        assert meant(Guest(role="lead", function="product")) == set()
        assert meant(Guest(person=people[0]), Guest(unit=inside)) == {people[0].pk, designer.pk}

    def test_who_left_takes_no_part_and_who_leads_does(self, ines: User, people: list[Person]) -> None:
        Person.objects.filter(pk=people[0].pk).update(left_on=TODAY)
        row = routine(ines, Guest(person=people[0]), lead=people[1])
        assert Circle.on(TODAY).people_of(routines().get(pk=row.pk)) == {people[1].pk}


class TestMeetings:
    def test_it_is_held_at_the_same_hour_when_the_clocks_change(self, ines: User) -> None:
        row = routine(ines)
        found = occurrences([row], dt.date(2026, 10, 20), dt.date(2026, 10, 27))
        assert [(one.due_on, one.at.hour) for one in found] == [(dt.date(2026, 10, 20), 8), (TUESDAY, 9)]

    def test_notes_are_kept_as_typed_with_decisions_and_a_count(
        self, ines: User, people: list[Person]
    ) -> None:
        row = routine(ines)
        notes = "  * two\n\n\n* spaces  \n"
        meetings.hold_meeting(
            actor=ines, routine=row, due_on=TUESDAY, notes=notes, language="en", people_count=4,
            decisions=[Decided("We stop the weekly report", people[0], TODAY)], now=NOW,
        )  # fmt: skip
        meeting = Meeting.objects.get()
        assert (meeting.noted, meeting.people_count, meeting.state) == (notes, 4, "held")
        decision = MeetingDecision.objects.get()
        meetings.settle_decision(actor=ines, decision=decision, is_done=True, now=NOW)
        decision.refresh_from_db()
        assert decision.done_at == NOW
        assert SearchEntry.objects.filter(kind="routine", lemmas__contains="weekly").exists()

    def test_what_is_to_come_or_never_comes_has_no_notes(self, ines: User) -> None:
        row = routine(ines)
        said: dict[str, Any] = {"actor": ines, "routine": row, "notes": "x", "language": "en", "now": NOW}
        with pytest.raises(meetings.NotYet):
            meetings.hold_meeting(due_on=dt.date(2026, 11, 10), **said)
        with pytest.raises(meetings.NoSuchDay):
            meetings.hold_meeting(due_on=dt.date(2026, 10, 28), **said)

    def test_one_is_moved_and_cancelled_and_what_was_held_is_not(self, ines: User) -> None:
        row = routine(ines)
        due = dt.date(2026, 11, 10)
        to = dt.datetime(2026, 11, 12, 14, 0, tzinfo=ZoneInfo("Europe/Paris"))
        meetings.move_meeting(actor=ines, routine=row, due_on=due, to=to, now=NOW)
        (one,) = occurrences([row], due, dt.date(2026, 11, 14))
        assert (one.at, one.due_on, one.state) == (to, due, "moved")
        with pytest.raises(meetings.NoReason):
            meetings.cancel_meeting(actor=ines, routine=row, due_on=due, reason=" ", now=NOW)
        meetings.cancel_meeting(actor=ines, routine=row, due_on=due, reason="Holiday", now=NOW)
        assert Meeting.objects.get().sequence == 2
        meetings.hold_meeting(actor=ines, routine=row, due_on=TUESDAY, notes="x", language="en", now=NOW)
        with pytest.raises(meetings.WasHeld):
            meetings.cancel_meeting(actor=ines, routine=row, due_on=TUESDAY, reason="No", now=NOW)

    def test_notes_are_taken_back(self, ines: User) -> None:
        row = routine(ines)
        entry = meetings.hold_meeting(
            actor=ines, routine=row, due_on=TUESDAY, notes="x", language="en", now=NOW
        )
        audit.undo(actor=ines, entry=entry, now=NOW)
        assert not Meeting.objects.exists()

    def test_who_takes_part_may_note_and_others_may_not(self, ines: User, people: list[Person]) -> None:
        lea = world.lea()
        row = routine(ines, Guest(person=people[0]))
        assert not may_note(lea, row, TODAY)
        Person.objects.filter(pk=people[0].pk).update(user=lea)
        assert may_note(User.objects.get(pk=lea.pk), Routine.objects.get(pk=row.pk), TODAY)


class TestHours:
    def test_hours_are_of_five_people_or_more_and_one_s_own(
        self, ines: User, team: Unit, people: list[Person]
    ) -> None:
        designer = person("Designer", team, "design")
        row = routine(ines, Guest(unit=team))
        held = occurrences([routines().get(pk=row.pk)], dt.date(2026, 10, 1), dt.date(2026, 10, 31))
        assert len(held) == 4
        told = load(held, [(dt.date(2026, 10, 5), dt.date(2026, 10, 11))], Circle.on(TODAY), designer.pk)
        by_code = {one.code: one for one in told.functions}
        assert (by_code["product"].people, by_code["product"].hours) == (6, 12.0)
        assert by_code["product"].parts == (3.0,)
        assert (by_code["design"].people, by_code["design"].hours) == (None, None)
        assert (told.own_hours, told.own_count) == (2.0, 4)

    def test_what_is_cancelled_costs_nothing(self, ines: User, team: Unit, people: list[Person]) -> None:
        row = routine(ines, Guest(unit=team))
        due = dt.date(2026, 11, 10)
        meetings.cancel_meeting(actor=ines, routine=row, due_on=due, reason="Holiday", now=NOW)
        told = load(occurrences([routines().get(pk=row.pk)], due, due), [], Circle.on(TODAY), None)
        assert told.functions == []


class TestCalendars:
    def test_a_calendar_holds_each_meeting_at_its_hour(self, ines: User, client: Client) -> None:
        row = routine(ines, place="Room 4")
        due = dt.date(2026, 11, 10)
        meetings.cancel_meeting(actor=ines, routine=row, due_on=due, reason="Holiday", now=NOW)
        client = browser(ines)
        answer = client.post(reverse("accounts:feed-create", args=["routine", row.pk]), follow=True)
        address = next(
            one for one in answer.content.decode().split('"') if one.endswith("/calendar.ics")
        ).replace("http://testserver", "")
        file = icalendar.Calendar.from_ical(Client().get(address[address.index("/feeds/") :]).content)
        events = {event.decoded("dtstart"): event for event in file.walk("VEVENT")}
        plain = events[dt.datetime(2026, 11, 3, 9, 0, tzinfo=dt.UTC)]
        assert plain.decoded("dtend") - plain.decoded("dtstart") == dt.timedelta(minutes=30)
        assert (str(plain["location"]), str(plain["transp"]), str(plain["status"])) == (
            "Room 4", "OPAQUE", "CONFIRMED",
        )  # fmt: skip
        gone = events[dt.datetime(2026, 11, 10, 9, 0, tzinfo=dt.UTC)]
        assert (str(gone["status"]), gone.decoded("sequence")) == ("CANCELLED", 1)
        assert len({str(event["uid"]) for event in events.values()}) == len(events)

    def test_a_meeting_keeps_its_key_when_the_hour_changes(self, ines: User) -> None:
        row = routine(ines)
        before = {one.key: one.version for one in entries_of([row], TODAY)}
        actions.change_routine(actor=ines, routine=row, changes={"at": dt.time(15)}, now=NOW)
        after = {one.key: one.version for one in entries_of(Routine.objects.all(), TODAY)}
        assert after.keys() == before.keys()
        assert set(after.values()) == {1}

    def test_what_is_put_away_goes_from_calendars_from_then_on(self, ines: User) -> None:
        row = routine(ines)
        actions.archive_routine(actor=ines, routine=row, now=NOW)
        told = entries_of(Routine.objects.all(), TODAY)
        assert {one.is_cancelled for one in told if one.at and one.at >= NOW} == {True}
        assert {one.is_cancelled for one in told if one.at and one.at < NOW} == {False}


class TestPages:
    def test_a_routine_is_made_of_a_practice_held_noted_and_found(self, people: list[Person]) -> None:
        karim = world.karim()
        practice = Practice.objects.create(
            name="Demos", language="en", created_at=NOW, changed_at=NOW, state="trial"
        )
        practice.templates.create(title="Agenda", language="en", body="1. Show it", changed_at=NOW)
        client = browser(karim)
        url = reverse("practices:routine-create")
        assert "1. Show it" in client.get(f"{url}?practice={practice.pk}").content.decode()
        sent = {
            "title": "Demo", "rhythm": "weekly", "starts_on": "2026-10-27", "at": "10:00", "minutes": "30",
            "zone": "Europe/Paris", "language": "en", "practice": practice.pk, "agenda": "1. Show it",
            "guests-TOTAL_FORMS": "2", "guests-INITIAL_FORMS": "0", "guests-0-function": "product",
        }  # fmt: skip
        assert client.post(url, sent).status_code == 302
        row = Routine.objects.get()
        assert Participant.objects.get().function == "product"
        page = client.get(reverse("practices:routine-show", args=[row.pk])).content.decode()
        assert "Held lately, nothing noted" in page
        notes = reverse("practices:meeting-notes", args=[row.pk, "2026-10-27"])
        assert client.get(notes).status_code == 200
        said = {
            "notes": "**Shown**", "language": "en", "people_count": "5", "decisions-TOTAL_FORMS": "1",
            "decisions-INITIAL_FORMS": "0", "decisions-0-line": "We ship it", "decisions-0-due_on": "2026-11-30",
        }  # fmt: skip
        assert client.post(notes, said).status_code == 302
        page = client.get(reverse("practices:routine-show", args=[row.pk])).content.decode()
        assert "<strong>Shown</strong>" in page and "We ship it" in page
        listed = client.get(reverse("practices:meeting-decisions"), {"q": "ship"}).content.decode()
        assert "We ship it" in listed
        decision = MeetingDecision.objects.get()
        client.post(reverse("practices:meeting-decision-settling", args=[decision.pk]))
        decision.refresh_from_db()
        assert decision.done_at

    def test_wrong_forms_say_what_is_wrong(self, ines: User, people: list[Person]) -> None:
        client = browser(ines)
        sent = {
            "title": "Demo", "rhythm": "weekly", "starts_on": "2026-10-27", "at": "10:00", "minutes": "30",
            "zone": "Nowhere", "language": "en", "guests-TOTAL_FORMS": "1", "guests-INITIAL_FORMS": "0",
        }  # fmt: skip
        answer = client.post(reverse("practices:routine-create"), sent)
        assert answer.status_code == 422
        assert "Europe/Paris" in answer.content.decode()

    def test_nobody_else_changes_a_routine(self, ines: User) -> None:
        row, client = routine(ines), browser(world.lea())
        for name in ("routine-edit",):
            assert client.get(reverse(f"practices:{name}", args=[row.pk])).status_code == 403
        assert client.post(reverse("practices:routine-archiving", args=[row.pk])).status_code == 403
        address = reverse("practices:meeting-cancelling", args=[row.pk, "2026-11-10"])
        assert client.get(address).status_code == 403
        assert browser(ines).get(address).status_code == 200
        for day in ("2026-11-11", "never", "2026-02-30"):
            address = reverse("practices:meeting-notes", args=[row.pk, day])
            assert browser(ines).get(address).status_code == 404

    def test_the_calendar_shows_the_month_and_its_hours(
        self, ines: User, team: Unit, people: list[Person]
    ) -> None:
        routine(ines, Guest(unit=team))
        client = browser(ines)
        page = client.get(reverse("practices:routine-calendar")).content.decode()
        assert "Product sync" in page and "<b>12</b>" in page
        page = client.get(reverse("practices:routine-calendar"), {"function": "design"}).content.decode()
        assert "Product sync" not in page
        told = client.get(reverse("practices:routine-calendar"), {"format": "csv"}).getvalue().decode()
        assert "Product,6,12" in told
        file = client.get(reverse("practices:routine-calendar-file"))
        assert icalendar.Calendar.from_ical(file.content).walk("VEVENT")

    def test_the_list_says_when_each_comes_next(self, ines: User, team: Unit, people: list[Person]) -> None:
        routine(ines, Guest(unit=team))
        client = browser(ines)
        for asked in ({}, {"unit": team.pk}, {"who": "me"}, {"function": "sales"}, {"format": "csv"}):
            assert client.get(reverse("practices:routine-list"), asked).status_code == 200
        assert "Product sync" in client.get(reverse("practices:routine-list")).content.decode()

    def test_every_change_has_its_entry(self, ines: User) -> None:
        row = routine(ines)
        meetings.hold_meeting(actor=ines, routine=row, due_on=TUESDAY, notes="x", language="en", now=NOW)
        verbs = AuditEntry.objects.filter(kind="routine").order_by("pk").values_list("verb", flat=True)
        assert list(verbs) == ["create", "hold"]
