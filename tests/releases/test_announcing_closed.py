"""What is archived, or withdrawn in its own tool, is told to nobody else; those who were told hear why."""

import datetime as dt
from typing import Any
from unittest.mock import patch

import pytest
from django.core import mail

from tests.org.company import person, unit
from tests.releases.announced import NOW, SOON, announce, audience, carry, outsider, release_of
from tests.releases.test_importing import brought
from tests.releases.test_importing import told as tracked
from vertebra.accounts import outbox
from vertebra.accounts.audit import CannotUndo, undo
from vertebra.accounts.models import AuditEntry, Delivery, User
from vertebra.releases.actions import announcing_filling
from vertebra.releases.actions.announcing import begin_announcement
from vertebra.releases.actions.releases import archive_release
from vertebra.releases.labels.awareness import AnnouncementKind, AnnouncementState
from vertebra.releases.models import Announcement, Audience, Recipient, Release

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
WITHDRAWN = {"state": "withdrawn", "withdrawn_at": NOW, "withdrawn_reason": "It breaks."}


@pytest.fixture
def field(karim: User) -> Audience:
    """Sales and support; somebody else works there too, so that it is never everybody."""
    person("By Stander", unit("Kitchen"), "operations")
    return audience(karim)


@pytest.fixture
def row(karim: User, field: Audience) -> Release:
    """A release of a tracker."""
    brought(tracked(on=SOON))
    made = release_of(karim)
    known = Release.objects.get(external_id="2.0")
    made.briefs.update(release=known)
    made.delete()
    return known


def subjects() -> list[tuple[str, str]]:
    return [(one.to[0], str(one.subject)) for one in mail.outbox]


def test_what_is_archived_with_an_announcement_planned_is_told_to_nobody(
    karim: User, field: Audience, row: Release, settings: Any
) -> None:
    outsider("First Roy", "sales")
    announce(karim, row, field, on=SOON)
    entry = archive_release(actor=karim, release=row, now=NOW)
    assert Announcement.objects.get().state == AnnouncementState.STOPPED
    settings.FIXED_NOW = NOW + dt.timedelta(days=11)
    assert carry()["queued"] == 0
    settings.FIXED_NOW = NOW
    undo(actor=karim, entry=entry, now=NOW)
    assert Announcement.objects.get().state == AnnouncementState.PLANNED, "nobody had it: it is as it was"


def test_what_is_archived_while_it_is_being_sent_goes_to_nobody_else(
    karim: User, field: Audience, row: Release
) -> None:
    outsider("First Roy", "sales")
    announce(karim, row, field)
    carry()
    entry = archive_release(actor=karim, release=row, now=NOW)
    outbox.deliver(NOW)
    assert mail.outbox == []
    with pytest.raises(CannotUndo):
        undo(actor=karim, entry=entry, now=NOW)


@pytest.mark.parametrize("given", [{"archived_at": NOW}, WITHDRAWN])
def test_what_is_closed_by_whatever_way_is_not_begun(
    karim: User, field: Audience, row: Release, given: dict[str, Any]
) -> None:
    outsider("First Roy", "sales")
    [one] = announce(karim, row, field)
    Release.objects.filter(pk=row.pk).update(**given)
    assert begin_announcement(actor=None, announcement=one, now=NOW) is None
    assert carry()["queued"] == 0


def test_what_is_closed_while_the_outbox_fills_ends_the_filling(
    karim: User, field: Audience, row: Release
) -> None:
    for number in range(5):
        outsider(f"S{number} Roy", "sales")
    announce(karim, row, field)
    queue = announcing_filling._queue

    def archiving(*args: Any) -> int:
        made = queue(*args)
        Release.objects.filter(pk=row.pk).update(archived_at=NOW)
        return made

    place = "vertebra.releases.actions.announcing_filling"
    with patch(f"{place}.BATCH", 2), patch(f"{place}._queue", archiving):
        carry()
    assert Recipient.objects.count() == 2
    carry()
    assert Recipient.objects.count() == 2


def test_a_tracker_that_withdraws_in_mid_send_stops_the_rest_and_tells_those_who_were_told(
    karim: User, field: Audience, row: Release
) -> None:
    first, second = outsider("First Roy", "sales"), outsider("Second Hart", "support")
    announce(karim, row, field)
    carry()
    waits = NOW + dt.timedelta(days=1)
    Delivery.objects.filter(message__to_email=second.email).update(due_at=waits)
    outbox.deliver(NOW)
    brought(tracked(state="withdrawn"))
    carry()
    carry()
    outbox.deliver(NOW + dt.timedelta(days=2))
    assert [to for to, _subject in subjects()] == [first.email, first.email]
    assert subjects()[-1][1].startswith("Withdrawn")
    kinds = list(Announcement.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == [AnnouncementKind.FIRST, AnnouncementKind.WITHDRAWAL]
    entry = AuditEntry.objects.filter(verb="import").latest("pk")
    with pytest.raises(CannotUndo):
        undo(actor=karim, entry=entry, now=NOW)


def test_a_tracker_that_withdraws_what_is_planned_stops_it(
    karim: User, field: Audience, row: Release
) -> None:
    outsider("First Roy", "sales")
    announce(karim, row, field, on=SOON)
    brought(tracked(state="withdrawn"))
    assert Announcement.objects.get().state == AnnouncementState.STOPPED
