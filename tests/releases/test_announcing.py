"""Announcing: whom it reaches, in whose words, once each; what is refused; stopped, corrected, taken back, mid-send."""

import datetime as dt
from typing import Any
from unittest.mock import patch

import pytest
from django.core import mail

from tests.org.company import person, unit
from tests.releases.announced import (
    NOW,
    SOON,
    TODAY,
    announce,
    audience,
    carry,
    outsider,
    ready,
    release_of,
    someone,
)
from tests.releases.made import major, planned
from vertebra.accounts import outbox
from vertebra.accounts.audit import NothingChanges
from vertebra.accounts.labels import Channel, DeliveryState
from vertebra.accounts.models import AuditEntry, ChannelChoice, Delivery, Message, Rhythm, User
from vertebra.accounts.tokens import digest_of
from vertebra.kit.seals import unseal
from vertebra.releases.actions import announcing, announcing_filling, states
from vertebra.releases.actions.announcing import stop_announcement
from vertebra.releases.labels.awareness import AnnouncementKind, AnnouncementState
from vertebra.releases.models import Announcement, Audience, GoDecision, Recipient, Release

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


class TestWords:
    def test_each_gets_the_text_of_their_trade_in_their_language(
        self, karim: User, field: Audience, row: Release
    ) -> None:
        sales, french = someone("Sal Roy", "sales"), someone("Fran Petit", "sales", "fr")
        support, other = someone("Sup Hart", "support"), someone("Eng Lund", "engineering")
        announce(karim, row, field)
        assert carry()["queued"] == 3
        outbox.deliver(NOW)
        assert subjects("sal@example.org") == ["One click (sales, en)"]
        assert subjects("fran@example.org") == ["One click (everyone, fr)"], (
            "nobody wrote it for sales in French"
        )
        assert subjects("sup@example.org") == ["One click (everyone, en)"]
        assert other.email not in told()
        kept = {one.person_id: (one.trade, one.language) for one in Recipient.objects.all()}
        assert kept == {
            sales.pk: ("sales", "en"), french.pk: ("sales", "fr"), support.pk: ("everyone", "en"),
        }  # fmt: skip
        assert set(Announcement.objects.get().versions) == {"sales/en", "everyone/en", "everyone/fr"}

    def test_a_text_in_another_language_says_so(self, karim: User, field: Audience) -> None:
        someone("Fran Petit", "sales", "fr")
        row = planned(karim, "Refunds", summary="One click.", planned_on=SOON)
        announce(karim, row, field)
        carry()
        outbox.deliver(NOW)
        (sent,) = mail.outbox
        assert sent.subject == "Refunds"
        assert "One click." in str(sent.body) and "en anglais" in str(sent.body)

    def test_a_brief_that_is_not_ready_is_told_to_nobody(
        self, karim: User, field: Audience, row: Release
    ) -> None:
        someone("Sal Roy", "sales")
        row.briefs.filter(trade="sales").update(state="to_check")
        announce(karim, row, field)
        carry()
        outbox.deliver(NOW)
        assert subjects("sal@example.org") == ["One click (everyone, en)"]

    def test_it_says_when_it_comes_out_and_leads_to_the_readers_own_page(
        self, karim: User, field: Audience, row: Release
    ) -> None:
        reader = someone("Sal Roy", "sales")
        announce(karim, row, field)
        carry()
        message = Message.objects.get(to_user=reader.user)
        path = unseal(message.address)
        secret = path.rstrip("/").rsplit("/", 1)[1]
        assert message.address.startswith("sealed:") and path.startswith("/releases/r/")
        assert Recipient.objects.get().digest == digest_of(secret)
        outbox.deliver(NOW)
        (sent,) = mail.outbox
        html = str(sent.alternatives[0][0])  # type: ignore[union-attr]
        for text in (str(sent.body), html):
            assert path in text and "12 November 2026" in text
        assert "List-Unsubscribe-Post" in sent.message().as_string()

    def test_script_in_a_brief_stays_text(self, karim: User, field: Audience) -> None:
        someone("Sal Roy", "sales")
        row = planned(karim, "Refunds <script>alert(1)</script>", planned_on=SOON)
        ready(karim, row, "sales", "en", "<script>alert(2)</script> [x](javascript:alert(3))")
        announce(karim, row, field)
        carry()
        outbox.deliver(NOW)
        html = str(mail.outbox[0].alternatives[0][0])  # type: ignore[union-attr]
        assert "<script" not in html and 'href="javascript' not in html


class TestOnce:
    def test_a_person_in_two_audiences_gets_it_once(self, karim: User, field: Audience, row: Release) -> None:
        someone("Sal Roy", "sales")
        other = audience(karim, "Sales", {"any": [{"functions": ["sales"]}]})
        announce(karim, row, field, other)
        carry()
        outbox.deliver(NOW)
        assert subjects("sal@example.org") == ["One click (sales, en)"]
        assert Recipient.objects.count() == 1
        assert dict(Announcement.objects.values_list("audience__name", "people")) == {
            "The field": 1,
            "Sales": 0,
        }
        carry()
        assert set(Announcement.objects.values_list("state", flat=True)) == {AnnouncementState.SENT}

    def test_pressed_twice_it_is_one_announcement(self, karim: User, field: Audience, row: Release) -> None:
        someone("Sal Roy", "sales")
        announce(karim, row, field)
        with pytest.raises(NothingChanges):
            announce(karim, row, field)
        carry()
        with pytest.raises(NothingChanges):
            announce(karim, row, field)
        outbox.deliver(NOW)
        carry()
        with pytest.raises(NothingChanges, match="already"):
            announce(karim, row, field)
        assert Announcement.objects.count() == 1 and len(mail.outbox) == 1

    def test_who_joined_since_is_told_and_nobody_else_again(
        self, karim: User, field: Audience, row: Release
    ) -> None:
        someone("Sal Roy", "sales")
        announce(karim, row, field)
        carry()
        outbox.deliver(NOW)
        carry()
        someone("New Lind", "sales")
        announce(karim, row, field)
        carry()
        outbox.deliver(NOW)
        assert len(subjects("sal@example.org")) == 1 and len(subjects("new@example.org")) == 1

    def test_a_worker_killed_between_two_batches_goes_on_where_it_stopped(
        self, karim: User, field: Audience, row: Release
    ) -> None:
        for number in range(7):
            someone(f"S{number} Roy", "sales")
        announce(karim, row, field)
        real, count = outbox.letters.send_letter, 0

        class Killed(BaseException):
            """What SIGKILL leaves behind."""

        def dying(*args: Any, **options: Any) -> int:
            nonlocal count
            count += 1
            if count == 3:
                raise Killed
            return real(*args, **options)

        place = "vertebra.releases.actions.announcing_filling"
        with patch(f"{place}.BATCH", 2), patch(f"{place}.send_letter", dying), pytest.raises(Killed):
            carry()
        assert Recipient.objects.count() == 4 == Message.objects.count(), (
            "a batch is there whole, or not at all"
        )
        carry()
        carry()
        outbox.deliver(NOW)
        assert sorted(told()) == [f"s{number}@example.org" for number in range(7)]
        assert len(mail.outbox) == 7 and Recipient.objects.count() == 7
        assert Announcement.objects.get().people == 7


class TestRefused:
    def test_nobody_everybody_and_nobody_new(self, karim: User, row: Release) -> None:
        someone("Sal Roy", "sales")
        with pytest.raises(announcing.NoAudience):
            announce(karim, row)
        with pytest.raises(announcing.ReachesNobody, match="mend its rules"):
            announce(karim, row, audience(karim, "Nobody", {"any": []}))
        everybody = audience(karim, "All", {"any": [{}]})
        with pytest.raises(announcing.IsEverybody, match="1 person"):
            announce(karim, row, everybody)
        with pytest.raises(announcing.IsEverybody):
            announce(karim, row, everybody, confirmed=2)
        assert not Announcement.objects.exists() and not row.audiences.exists()
        announce(karim, row, everybody, confirmed=1)
        assert row.audiences.get().audience == everybody

    def test_people_without_any_address_are_said(self, karim: User, field: Audience, row: Release) -> None:
        mute = outsider("Mute Hart", "sales")
        mute.email = ""
        mute.save()
        with pytest.raises(announcing.ReachesNobody, match="e-mail address"):
            announce(karim, row, field)

    def test_after_its_day_only_if_one_says_so(self, karim: User, field: Audience, row: Release) -> None:
        someone("Sal Roy", "sales")
        with pytest.raises(announcing.TooLate, match="12 November"):
            announce(karim, row, field, on=SOON + dt.timedelta(days=1))
        with pytest.raises(announcing.DayIsOver):
            announce(karim, row, field, on=TODAY - dt.timedelta(days=1))
        announce(karim, row, field, on=SOON + dt.timedelta(days=1), is_late_known=True)

    def test_without_any_way_to_reach_people(self, karim: User, field: Audience, row: Release) -> None:
        someone("Sal Roy", "sales")
        with pytest.raises(announcing.NoChannel):
            announce(karim, row, field, channels=["chat:1"])

    def test_what_the_tier_requires_comes_first_or_has_a_recorded_reason(
        self, karim: User, field: Audience
    ) -> None:
        someone("Sal Roy", "sales")
        row = major(karim)
        with pytest.raises(states.NotReady, match="things more"):
            announce(karim, row, field)
        announce(karim, row, field, why="The fair opens tomorrow.")
        decision = GoDecision.objects.get()
        assert decision.why == "The fair opens tomorrow." and "brief:sales/en" in decision.known["missing"]
        assert carry()["queued"] == 1, "what was excused does not hold it back on the day"

    def test_what_is_planned_waits_when_something_is_missing_by_then(
        self, karim: User, field: Audience, row: Release, settings: Any
    ) -> None:
        someone("Sal Roy", "sales")
        announce(karim, row, field, on=TODAY + dt.timedelta(days=2))
        assert carry()["queued"] == 0
        Release.objects.update(tier=major(karim).tier)
        settings.FIXED_NOW = NOW + dt.timedelta(days=2)
        assert carry()["queued"] == 0 and Announcement.objects.get().state == AnnouncementState.PLANNED

    def test_what_is_withdrawn_is_not_announced(self, karim: User, field: Audience, row: Release) -> None:
        someone("Sal Roy", "sales")
        states.withdraw_release(actor=karim, release=row, reason="It breaks.", now=NOW)
        with pytest.raises(announcing.NotThatState):
            announce(karim, row, field)


class TestMidSend:
    def test_whoever_leaves_gets_nothing_more(
        self, karim: User, field: Audience, row: Release, settings: Any
    ) -> None:
        stays, leaves = someone("Stay Roy", "sales"), someone("Leave Hart", "sales")
        for one in (stays, leaves):
            Rhythm.objects.create(user=one.user, quiet_from=dt.time(8), quiet_until=dt.time(20))
        gone = outsider("Gone Lind", "support")
        announce(karim, row, field)
        carry()
        outbox.deliver(NOW, (Channel.SLACK,))
        type(leaves).objects.filter(pk__in=(leaves.pk, gone.pk)).update(left_on=TODAY)
        carry()
        settings.FIXED_NOW = NOW + dt.timedelta(hours=12)
        outbox.deliver(settings.FIXED_NOW)
        assert told() == {"stay@example.org"}
        states_of = Delivery.objects.filter(message__to_user=leaves.user, channel=Channel.MAIL)
        assert states_of.get().state == DeliveryState.STOPPED

    def test_a_withdrawal_stops_the_rest_and_tells_those_who_were_told(
        self, karim: User, field: Audience, row: Release
    ) -> None:
        first, second = outsider("First Roy", "sales"), outsider("Second Hart", "support")
        announce(karim, row, field)
        carry()
        Delivery.objects.filter(message__to_email=second.email).update(due_at=NOW + dt.timedelta(days=1))
        outbox.deliver(NOW)
        assert told() == {first.email}
        states.withdraw_release(actor=karim, release=row, reason="It loses orders.", now=NOW)
        assert Delivery.objects.filter(state=DeliveryState.QUEUED).count() == 0, (
            "at once, before any job runs"
        )
        carry()
        carry()
        outbox.deliver(NOW + dt.timedelta(days=2))
        assert subjects(second.email) == []
        assert subjects(first.email) == ["One click (sales, en)", "Withdrawn: Refunds in one click"]
        assert "It loses orders." in str(mail.outbox[-1].body)
        kinds = dict(Announcement.objects.values_list("kind", "people"))
        assert kinds == {AnnouncementKind.FIRST: 2, AnnouncementKind.WITHDRAWAL: 1}

    def test_a_withdrawal_while_the_outbox_fills_ends_the_filling(
        self, karim: User, field: Audience, row: Release
    ) -> None:
        for number in range(5):
            outsider(f"S{number} Roy", "sales")
        announce(karim, row, field)
        place = "vertebra.releases.actions.announcing_filling"
        queue, count = announcing_filling._queue, 0

        def withdrawing(*args: Any) -> int:
            nonlocal count
            made = queue(*args)
            count += 1
            if count == 1:
                states.withdraw_release(actor=karim, release=row, reason="It breaks.", now=NOW)
            return made

        with patch(f"{place}.BATCH", 2), patch(f"{place}._queue", withdrawing):
            carry()
        assert Recipient.objects.count() == 2
        carry()
        outbox.deliver(LATER)
        assert mail.outbox == [], "nobody had it: nobody hears that it is taken back"

    def test_one_stops_it_by_hand(self, karim: User, field: Audience, row: Release) -> None:
        outsider("First Roy", "sales")
        (one,) = announce(karim, row, field, on=SOON)
        stop_announcement(actor=karim, announcement=one, now=NOW)
        with pytest.raises(NothingChanges):
            stop_announcement(actor=karim, announcement=one, now=NOW)
        (_planned, two) = announce(karim, row, field)
        carry()
        stop_announcement(actor=karim, announcement=two, now=NOW)
        outbox.deliver(LATER)
        assert mail.outbox == []


def test_what_people_chose_holds(karim: User, field: Audience, row: Release) -> None:
    silent, daily = someone("Silent Roy", "sales"), someone("Daily Hart", "support")
    ChannelChoice.objects.create(user=silent.user, kind="releases", channel=Channel.MAIL, is_on=False)
    ChannelChoice.objects.create(user=daily.user, kind="releases", channel=Channel.MAIL, pace="daily")
    announce(karim, row, field)
    carry()
    outbox.deliver(NOW)
    assert mail.outbox == []
    found = set(Delivery.objects.values_list("message__to_user__email", "channel", "state"))
    assert ("daily@example.org", Channel.MAIL, DeliveryState.HELD) in found
    assert ("silent@example.org", Channel.IN_APP, DeliveryState.SENT) in found


def test_the_audit_says_who_and_what(karim: User, field: Audience, row: Release) -> None:
    someone("Sal Roy", "sales")
    announce(karim, row, field)
    carry()
    verbs = list(AuditEntry.objects.filter(verb="announce").order_by("pk").values_list("actor", "kind"))
    assert verbs == [(karim.pk, "release"), (None, "release")]
