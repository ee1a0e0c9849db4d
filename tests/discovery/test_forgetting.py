"""What was taken back or erased stays gone: no undo, no entry of the audit brings it back or tells it."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from tests.discovery.hurt import heard, hurting
from tests.org import company
from vertebra.accounts import audit
from vertebra.accounts.labels import Kind, Role
from vertebra.accounts.models import AuditEntry, AuditRow, Message, User
from vertebra.discovery.actions.answers import propose_another
from vertebra.discovery.actions.campaigns import add_people, create_campaign, remove_people
from vertebra.discovery.actions.interviews import (
    Close,
    hold_interview,
    record_consent,
    start_interview,
    withdraw_consent,
)
from vertebra.discovery.actions.stances import note_stance
from vertebra.discovery.actions.verbatims import mark_verbatim, unmark_verbatim
from vertebra.discovery.labels import Consent
from vertebra.discovery.models import (
    Audit,
    AuditReading,
    Campaign,
    Evidence,
    Interview,
    Stance,
    ToHear,
    Verbatim,
)
from vertebra.kit.cards import Card
from vertebra.org.actions.erasure import erase_person
from vertebra.org.labels import Function
from vertebra.org.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
NAME, WORDS = "Zoe Martin", "Nobody told us."


@pytest.fixture
def ines() -> User:
    return world.ines()


@pytest.fixture
def zoe() -> Person:
    return company.person(NAME, company.unit("Cash desk"), "support")


@pytest.fixture
def talk(ines: User, zoe: Person) -> Interview:
    made = start_interview(actor=ines, person=zoe, now=world.NOW)
    record_consent(actor=ines, interview=made, consent=Consent.GIVEN, now=world.NOW)
    return made


def mark(ines: User, talk: Interview) -> Verbatim:
    return mark_verbatim(
        actor=ines, interview=talk, text=WORDS, new_pain_point_title="Late notes", now=world.NOW
    )


def undo_all(actor: User) -> None:
    """Try to take back every entry but the beginning of the conversation, the latest first."""
    for entry in AuditEntry.objects.exclude(kind=Kind.INTERVIEW, verb="create").order_by("-pk"):
        try:
            audit.undo(actor=actor, entry=entry, now=world.NOW)
        except audit.CannotUndo:
            continue


def kept_by_the_audit() -> str:
    return str(list(AuditRow.objects.values_list("before", "after")))


def test_words_whose_agreement_was_taken_back_come_back_by_no_undo(ines: User, talk: Interview) -> None:
    unmark_verbatim(actor=ines, verbatim=mark(ines, talk), now=world.NOW)
    mark(ines, talk)
    withdraw_consent(actor=None, interview=talk, now=world.NOW)
    undo_all(ines)
    assert Interview.objects.get().consent == Consent.WITHDRAWN
    assert not Verbatim.objects.filter(withdrawn_at=None).exists()
    assert not Evidence.objects.filter(ended_at=None).exists()


def test_the_audit_keeps_no_words_of_a_mark_or_a_note_that_is_undone(
    ines: User, zoe: Person, talk: Interview
) -> None:
    mark_verbatim(actor=ines, interview=talk, text=WORDS, now=world.NOW)
    pain = hurting(ines, heard(None, None, Function.SALES))
    card = Card(Kind.PAIN_POINT, pain.pk, pain.title, "/")
    note_stance(actor=ines, subject=card, person=zoe, level=-1, note="Wants figures.", now=world.NOW)
    for kind in (Kind.VERBATIM, Kind.STANCE):
        audit.undo(actor=ines, entry=AuditEntry.objects.filter(kind=kind).latest("pk"), now=world.NOW)
    assert not Verbatim.objects.filter(text=WORDS).exists() and not Stance.objects.exists()
    assert WORDS not in kept_by_the_audit() and "Wants figures." not in kept_by_the_audit()


def test_erasing_somebody_leaves_nothing_of_a_conversation_that_an_undo_brings_back(
    ines: User, zoe: Person, talk: Interview
) -> None:
    Interview.objects.update(notes="Tired.", place="Room by her desk")
    close = Close("Surprise releases.", "Ask her again.", thanks=False)
    hold_interview(actor=ines, interview=talk, close=close, now=world.NOW)
    create_campaign(actor=ines, values={"title": "Autumn", "language": "en"}, now=world.NOW)
    campaign = Campaign.objects.get()
    add_people(actor=ines, campaign=campaign, people=[zoe], now=world.NOW)
    ToHear.objects.update(proposal="I am away on Mondays.")
    remove_people(actor=ines, campaign=campaign, rows=campaign.people.all(), now=world.NOW)
    erase_person(actor=ines, person=zoe, typed_name=NAME, now=world.NOW)
    row = Interview.objects.get()
    assert (row.notes, row.most_painful, row.next_step, row.place) == ("", "", "", "")
    assert "Mondays" not in kept_by_the_audit()
    undo_all(ines)
    assert not ToHear.objects.exists()


def test_who_runs_the_instance_reads_no_name_and_no_change_of_what_is_private(
    client: Client, ines: User
) -> None:
    create_campaign(actor=ines, values={"title": "Why Zoe leaves", "language": "en"}, now=world.NOW)
    entry = AuditEntry.objects.get(kind=Kind.CAMPAIGN)
    entry.particulars = {"changes": {"title": ["Autumn", "Why Zoe leaves"]}, "to_name": NAME}
    entry.save()
    pages = [
        reverse("accounts:audit-list"),
        reverse("accounts:audit-list") + "?format=csv",
        reverse("accounts:entry-page", args=(entry.pk,)),
    ]
    for user, is_told in ((world.account("Ada Lind", Role.ADMINISTRATOR), False), (ines, True)):
        client.force_login(user)
        for page in pages:
            answer = client.get(page)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
            assert ("Zoe" in body.decode()) is is_told, page
        found = client.get(pages[0], {"q": "leaves"}).context["listing"].rows
        assert bool(found) is is_told
        assert audit.may_undo(user, entry) is is_told


@pytest.mark.parametrize("kind", [Kind.VERBATIM, Kind.DIAGNOSIS, Kind.STAGE, Kind.CHARTER])
def test_what_product_ops_did_is_not_taken_back_by_who_runs_the_instance(ines: User, kind: str) -> None:
    entry = audit.record(actor=ines, verb="change", kind=kind, now=world.NOW)
    assert audit.may_undo(ines, entry)
    assert not audit.may_undo(world.ada(), entry)


def test_undoing_the_beginning_of_a_conversation_takes_no_notes_away(ines: User) -> None:
    Interview.objects.all().delete()
    interview = Interview(language="fr", created_at=world.NOW, changed_at=world.NOW)
    tracker = audit.Tracker()
    tracker.create(interview)
    entry = audit.record(
        actor=ines,
        verb="create",
        kind=Kind.INTERVIEW,
        object_id=interview.pk,
        now=world.NOW,
        rows=tracker.changes,
    )
    Interview.objects.filter(pk=interview.pk).update(notes=WORDS)
    with pytest.raises(audit.CannotUndo):
        audit.undo(actor=ines, entry=entry, now=world.NOW)
    assert Interview.objects.get().notes == WORDS


def test_undoing_the_beginning_of_an_audit_takes_no_reading_away(ines: User, zoe: Person) -> None:
    made = Audit(title="Draft", language="fr", number=1, created_at=world.NOW, changed_at=world.NOW)
    tracker = audit.Tracker()
    tracker.create(made)
    entry = audit.record(
        actor=ines, verb="create", kind=Kind.AUDIT, object_id=made.pk, now=world.NOW, rows=tracker.changes
    )
    AuditReading.objects.create(audit=made, person=zoe)
    with pytest.raises(audit.CannotUndo):
        audit.undo(actor=ines, entry=entry, now=world.NOW)
    assert AuditReading.objects.exists()


def test_erasing_somebody_leaves_no_word_of_theirs_in_what_others_were_told(ines: User, zoe: Person) -> None:
    Person.objects.filter(pk=zoe.pk).update(name="Zoe", name_folded="zoe")
    zoe.refresh_from_db()
    for title in ("Autumn", "Winter"):
        create_campaign(actor=ines, values={"title": title, "language": "en"}, now=world.NOW)
    for campaign in Campaign.objects.all():
        add_people(actor=ines, campaign=campaign, people=[zoe], now=world.NOW)
        row = ToHear.objects.get(campaign=campaign)
        row.interviewer = ines
        row.save()
        propose_another(actor=None, row=row, words="Never on Mondays: the clinic.", now=world.NOW)
    # What was told of a row that is gone since is forgotten all the same.
    first = Campaign.objects.get(title="Autumn")
    remove_people(actor=ines, campaign=first, rows=first.people.all(), now=world.NOW)
    told = Message.objects.filter(template="hearing_answer")
    assert "clinic" in str(list(told.values_list("particulars", flat=True)))
    assert told.count() == 2
    other = Message.objects.create(key="to-hear-answer:999999:other:1", language="en", created_at=world.NOW)
    erase_person(actor=ines, person=zoe, typed_name="Zoe", now=world.NOW)
    assert list(Message.objects.filter(key__startswith="to-hear")) == [other]
