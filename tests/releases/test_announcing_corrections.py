"""Corrections of what was announced: to exactly those who got the first text; to who has nothing, the new one alone."""

import datetime as dt

import pytest
from django.core import mail

from tests.org.company import person, unit
from tests.releases.announced import (
    NOW,
    SOON,
    announce,
    audience,
    carry,
    outsider,
    release_of,
)
from vertebra.accounts import outbox
from vertebra.accounts.audit import NothingChanges
from vertebra.accounts.models import Delivery, User
from vertebra.releases.actions import announcing, states
from vertebra.releases.actions.announcing import correct_announcements
from vertebra.releases.models import Audience, Release
from vertebra.releases.queries.announcement_states import no_longer_true
from vertebra.releases.queries.announcing import Texts

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
LATER = NOW + dt.timedelta(minutes=10)


@pytest.fixture
def field(karim: User) -> Audience:
    """Sales and support; somebody else works there too, so that it is never everybody."""
    person("By Stander", unit("Kitchen"), "operations")
    return audience(karim)


@pytest.fixture
def row(karim: User) -> Release:
    return release_of(karim)


def subjects(email: str) -> list[str]:
    return [str(one.subject) for one in mail.outbox if one.to == [email]]


def told() -> set[str]:
    return {one.to[0] for one in mail.outbox}


class TestCorrection:
    def test_it_goes_to_exactly_those_who_got_the_first_text(
        self, karim: User, field: Audience, row: Release
    ) -> None:
        first, waits = outsider("First Roy", "sales"), outsider("Waits Hart", "support")
        announce(karim, row, field)
        carry()
        Delivery.objects.filter(message__to_email=waits.email).update(due_at=NOW + dt.timedelta(minutes=5))
        outbox.deliver(NOW)
        outsider("Came Later", "sales")
        states.move_release(actor=karim, release=row, planned_on=SOON + dt.timedelta(days=3), now=NOW)
        correct_announcements(actor=karim, release=row, words="", now=NOW)
        with pytest.raises(NothingChanges):
            correct_announcements(actor=karim, release=row, words="Again.", now=NOW)
        assert carry()["corrected"] == 1
        outbox.deliver(LATER)
        assert subjects(first.email) == ["One click (sales, en)", "Correction: One click (sales, en)"]
        assert subjects(waits.email) == ["One click (everyone, en)"], "they get the new text alone"
        texts = {one.to[0]: str(one.body) for one in mail.outbox}
        assert "It comes out on 15 November 2026, not on 12 November 2026." in texts[first.email]
        assert "15 November 2026" in texts[waits.email] and "12 November" not in texts[waits.email]
        assert "came@example.org" not in told()

    def test_one_says_what_changed_and_each_reads_the_day_in_their_language(
        self, karim: User, field: Audience, row: Release
    ) -> None:
        french = outsider("Fran Petit", "support", "fr")
        announce(karim, row, field)
        carry()
        outbox.deliver(NOW)
        with pytest.raises(announcing.NoWords):
            correct_announcements(actor=karim, release=row, words=" ", now=NOW)
        states.move_release(actor=karim, release=row, planned_on=SOON + dt.timedelta(days=3), now=NOW)
        correct_announcements(actor=karim, release=row, words="Deux clics.", now=NOW)
        carry()
        outbox.deliver(LATER)
        body = str(mail.outbox[-1].body)
        assert mail.outbox[-1].to == [french.email]
        assert "Deux clics." in body and "15 novembre 2026" in body

    def test_a_correction_of_a_correction_and_the_end(
        self, karim: User, field: Audience, row: Release
    ) -> None:
        reader = outsider("First Roy", "sales")
        announce(karim, row, field)
        carry()
        outbox.deliver(NOW)
        for words in ("Two clicks.", "Three clicks."):
            correct_announcements(actor=karim, release=row, words=words, now=NOW)
            carry()
            with pytest.raises(NothingChanges):
                correct_announcements(actor=karim, release=row, words="At once.", now=NOW)
            outbox.deliver(LATER)
            carry()
        states.withdraw_release(actor=karim, release=row, reason="Too many clicks.", now=NOW)
        carry()
        outbox.deliver(LATER)
        assert len(subjects(reader.email)) == 4
        assert "Too many clicks." in str(mail.outbox[-1].body)

    def test_who_has_the_first_text_and_not_its_correction_hears_that_it_is_withdrawn(
        self, karim: User, field: Audience, row: Release
    ) -> None:
        reader = outsider("First Roy", "sales")
        announce(karim, row, field)
        carry()
        outbox.deliver(NOW)
        correct_announcements(actor=karim, release=row, words="Two clicks.", now=NOW)
        carry()
        states.withdraw_release(actor=karim, release=row, reason="It breaks.", now=NOW)
        carry()
        outbox.deliver(LATER)
        assert subjects(reader.email) == ["One click (sales, en)", "Withdrawn: Refunds in one click"]

    def test_of_two_corrections_pressed_at_once_one_leaves_and_a_stopped_one_makes_room(
        self, karim: User, field: Audience, row: Release
    ) -> None:
        reader = outsider("First Roy", "sales")
        announce(karim, row, field)
        carry()
        outbox.deliver(NOW)
        correct_announcements(actor=karim, release=row, words="Two clicks.", now=NOW)
        for _state in ("planned", "sending"):
            with pytest.raises(NothingChanges):
                correct_announcements(actor=karim, release=row, words="Two clicks.", now=NOW)
            carry()
        sending = row.announcements.get(kind="correction")
        assert sending.state == "sending"
        announcing.stop_announcement(actor=karim, announcement=sending, now=NOW)
        correct_announcements(actor=karim, release=row, words="Three clicks.", now=NOW)
        carry()
        outbox.deliver(LATER)
        assert len(subjects(reader.email)) == 2
        assert "Three clicks." in str(mail.outbox[-1].body)

    def test_nobody_told_has_nothing_to_be_put_right(self, karim: User, row: Release) -> None:
        with pytest.raises(announcing.NobodyTold):
            correct_announcements(actor=karim, release=row, words="Two.", now=NOW)

    def test_an_audience_of_whom_all_were_told_by_another_is_left_in_peace(
        self, karim: User, field: Audience, row: Release
    ) -> None:
        outsider("First Roy", "sales")
        announce(karim, row, field, audience(karim, "Sales", {"any": [{"functions": ["sales"]}]}))
        carry()
        states.move_release(actor=karim, release=row, planned_on=SOON + dt.timedelta(days=3), now=NOW)
        correct_announcements(actor=karim, release=row, words="", now=NOW)
        carry()
        row.refresh_from_db()
        rows = row.announcements.filter(kind="correction")
        assert [one.correction_of.audience for one in rows if one.correction_of] == [field]
        assert no_longer_true(row, row.announcements.all(), Texts.of(row)) is None
