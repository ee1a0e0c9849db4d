"""Those of whom nothing was heard of a release are reminded once, as their week allows; nobody reads how many."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from tests.org.company import person
from tests.releases.made import planned
from tests.releases.told import say, tell, who_knows
from tests.roadmap.undertaken import browser
from vertebra.accounts.audit import NothingChanges
from vertebra.accounts.models import AuditEntry, Message, User
from vertebra.evidence.asks import note_asks
from vertebra.evidence.models import Ask
from vertebra.kit.seals import unseal
from vertebra.org.models import Person
from vertebra.releases.actions.awareness import TooEarly, remind_release, send_reminders
from vertebra.releases.actions.reading import say_word
from vertebra.releases.actions.states import withdraw_release
from vertebra.releases.models import Release
from vertebra.releases.queries.awareness_due import is_somebody_to_remind

pytestmark = pytest.mark.django_db
NOW, TODAY = world.NOW, world.TODAY


class TestReminding:
    def given(self, karim: User) -> tuple[Release, list[Person]]:
        row = planned(karim)
        people = [person(f"P{at}", email=f"p{at}@example.org") for at in range(8)]
        tell(row, people)
        say(row, people[:3])
        return row, people

    def sent(self) -> set[str]:
        return set(Message.objects.filter(template="release_reminder").values_list("to_email", flat=True))

    def test_those_of_whom_nothing_was_heard_are_reminded_once(self, karim: User) -> None:
        row, people = self.given(karim)
        assert not is_somebody_to_remind(NOW)
        remind_release(actor=karim, release=row, now=NOW)
        assert is_somebody_to_remind(NOW)
        send_reminders(actor=None, now=NOW)
        assert self.sent() == {one.email for one in people[3:]}
        for days in (0, 3):
            assert send_reminders(actor=None, now=NOW + dt.timedelta(days=days)) is None
        assert Message.objects.count() == 5 and not is_somebody_to_remind(NOW)
        with pytest.raises(NothingChanges):
            remind_release(actor=karim, release=row, now=NOW)
        address = unseal(Message.objects.order_by("pk")[0].address)
        assert Client().get(address).status_code == 200
        assert Ask.objects.filter(kind="release", object_id=row.pk).count() == 5

    def test_whoever_was_asked_twice_this_week_waits_for_the_next(self, karim: User) -> None:
        row, people = self.given(karim)
        for number in (1, 2):
            note_asks([people[7].pk], "survey", number, NOW)
        remind_release(actor=karim, release=row, now=NOW)
        send_reminders(actor=None, now=NOW)
        assert people[7].email not in self.sent()
        send_reminders(actor=None, now=NOW + dt.timedelta(days=8))
        assert people[7].email in self.sent()

    def test_whoever_has_room_is_found_behind_any_crowd_that_has_none(
        self, karim: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        row, people = planned(karim), [person(f"P{at:02}", email=f"p{at}@example.org") for at in range(15)]
        tell(row, people)
        for number in (1, 2):
            note_asks([one.pk for one in people[:-1]], "survey", number, NOW)
        note_asks([people[-1].pk], "survey", 1, NOW)
        remind_release(actor=karim, release=row, now=NOW)
        monkeypatch.setattr("vertebra.releases.actions.awareness.AT_ONCE", 1)
        send_reminders(actor=None, now=NOW)
        assert self.sent() == {people[-1].email}

    def test_how_many_are_reminded_is_told_nowhere(self, karim: User) -> None:
        row, _people = self.given(karim)
        client = browser(karim)
        client.post(reverse("releases:release-reminder", args=(row.pk,)))
        send_reminders(actor=None, now=NOW)
        for entry in AuditEntry.objects.filter(verb="remind"):
            assert not entry.particulars and not entry.rows.filter(model="releases.recipient").exists()
        assert "Reminded since" in who_knows(client, row)

    def test_nobody_is_reminded_on_the_same_day_nor_of_what_is_withdrawn(self, karim: User) -> None:
        row = planned(karim)
        tell(row, [person("P", email="p@example.org")], days_ago=0)
        with pytest.raises(TooEarly):
            remind_release(actor=karim, release=row, now=NOW)
        other, _people = self.given(karim)
        remind_release(actor=karim, release=other, now=NOW)
        withdraw_release(actor=karim, release=other, reason="No.", now=NOW)
        assert send_reminders(actor=None, now=NOW) is None and not self.sent()

    def test_who_left_or_answered_meanwhile_is_not_reminded(self, karim: User) -> None:
        row, people = self.given(karim)
        remind_release(actor=karim, release=row, now=NOW)
        Person.objects.filter(pk=people[3].pk).update(left_on=TODAY)
        say_word(person=people[4], release=row, state="understood", now=NOW)
        send_reminders(actor=None, now=NOW)
        assert self.sent() == {one.email for one in people[5:]}
